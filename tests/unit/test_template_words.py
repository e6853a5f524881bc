"""F14: a search folds case, accents and width by the application's own rules, so both databases compare the same words."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing

import pytest

from noillusion.templates.words import folded, pattern, search_text
from tools.migrate import SQLITE_SCHEMA, SUPABASE

SAME = [
    ("CAFÉ", "cafe"),
    ("Cafe\u0301", "café"),
    ("STRASSE", "Straße"),
    ("STRAẞE", "straße"),
    ("İSTANBUL", "ıstanbul"),
    ("Ødegård", "odegard"),
    ("ŁÓDŹ", "lodz"),
    ("Ærø", "aero"),
    ("Đorđe", "dorde"),
    ("ＦＵＬＬ\u3000Ｗｉｄｔｈ", "full width"),
    ("ПРИВЕТ", "привет"),
    ("Ёлка", "елка"),
    ("ΟΔΟΣ", "οδος"),
    ("Άνθρωπος", "ανθρωποσ"),
    ("ﬁnance", "FINANCE"),
    ("col·lecció", "COLLECCIO"),
    ("co\u00adoperate\u200b", "cooperate"),
    ("ｶﾞ", "ガ"),
    ("각", "\u1100\u1161\u11a8"),
    ("Sale!", "«sale»"),
    ("☀️", "☀"),
]
DIFFERENT = [("が", "か"), ("각", "가"), ("c++", "c"), ("投稿", "投"), ("один", "одна")]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_what_differs_in_case_accents_or_width_only_is_the_same(one: str, other: str) -> None:
    assert folded(one) == folded(other) != []


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_what_is_another_word_stays_another_word(one: str, other: str) -> None:
    assert folded(one) != folded(other)


def matches(sought: str, name: str, description: str = "") -> bool:
    like = pattern(sought)
    return like is not None and re.fullmatch(like.replace("%", ".*"), search_text(name, description), re.DOTALL) is not None


@pytest.mark.parametrize(
    ("sought", "found"),
    [
        ("spring sale", True),
        ("SPRING SAL", True),
        ("pring", True),
        ("sale spring", False),
        ("sp", True),
        ("pr", False),
        ("稿", True),
        ("投稿", True),
        ("稿投", False),
        ("🚀", True),
        ("50%", True),
        ("%", False),
        ("_", False),
        ("sale 50", False),
        ("", False),
    ],
)
def test_a_search_finds_words_in_their_order_and_beginnings_of_the_last(sought: str, found: bool) -> None:
    assert matches(sought, "Spring sale", "50 % off 私の投稿 🚀") is found


def test_the_migration_brings_the_words_of_the_products_templates() -> None:
    migrations = {path.name: path.read_text() for path in (SUPABASE / "migrations").glob("*_system_template*.sql")}
    named = re.findall(r"'(7e3a[^']+)', 'system', '([^']+)',\n\s+'([^']+)',\n", migrations["20261122090500_system_templates.sql"])
    brought = re.findall(
        r"search_text = '([^']+)'\nWHERE id = '([^']+)'", migrations["20261128060900_system_template_search.sql"]
    )
    assert {template: search_text(name, description) for template, name, description in named} == {
        template: words for words, template in brought
    }
    assert len(named) == 3


def test_a_new_file_lists_what_it_shares() -> None:
    with closing(sqlite3.connect(":memory:")) as database:
        database.executescript(SQLITE_SCHEMA.read_text())
        names = [row[1] for row in database.execute("PRAGMA table_info(template_library)")]
        both = ", ".join(name for name in names if name not in ("is_product", "rating_score", "created_at"))
        shared = database.execute(f"SELECT {both} FROM prompt_templates WHERE shared_at IS NOT NULL ORDER BY id").fetchall()
        # No trigger runs while migrations do: one that changes shared templates brings their entries as well.
        assert database.execute(f"SELECT {both} FROM template_library ORDER BY id").fetchall() == shared != []
