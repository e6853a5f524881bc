"""Each table is written by the feature that owns it. Where two features need one table, its owner offers the statement."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from tools.migrate import SQLITE_SCHEMA

PACKAGE = Path(SQLITE_SCHEMA).parents[1]
TABLES = set(re.findall(r"CREATE TABLE IF NOT EXISTS (\w+)", SQLITE_SCHEMA.read_text()))
WRITES = re.compile(r"\b(?:INSERT INTO|UPDATE|DELETE FROM) (\w+|\{)")

OWNERS = {
    "ai_operator_spending": {"ai"},
    "ai_provider_keys": {"profiles"},
    "ai_spending": {"ai"},
    "ai_usage_tracking": {"ai"},
    "calendar_tokens": {"scheduling"},
    "connection_attempts": {"connections"},
    "notifications": {"notices"},
    "post_analytics": {"analytics"},
    "post_figures": {"analytics"},
    "post_polls": {"publishing"},
    "platform_circuits": {"analytics"},
    "post_targets": {"publishing"},
    "profiles": {"profiles"},
    "request_counts": {"publishing"},
    "webhook_deliveries": {"webhooks"},
    "webhooks": {"webhooks"},
    "prompt_template_choices": {"templates"},
    "prompt_template_ratings": {"templates"},
    "prompt_template_versions": {"templates"},
    "prompt_templates": {"templates"},
    "schedule_occurrences": {"scheduling"},
    "schedule_targets": {"scheduling"},
    "schedule_requests": {"scheduling"},
    "schedules": {"scheduling"},
    "slot_plans": {"scheduling"},
}
"""Table → the features that write it by name."""

SHARED = {
    # A new key ends the cooldown of the one before. ``ai`` is built on profiles, which therefore cannot ask it.
    "ai_provider_state": {"ai", "profiles"},
    # Whose account a deleted connection was is written down in the transaction that deletes it; erasures work it off.
    "former_accounts": {"connections", "privacy"},
    # Grants that come while somebody leaves are named by connections, on which privacy is built.
    "deletion_receipts": {"privacy", "receipts"},
    "departures": {"privacy", "receipts"},
    # Erasing what came from an account marks its connection and takes its targets out of answers.
    "account_analytics": {"analytics", "privacy"},
    "platform_connections": {"connections", "privacy"},
    "posts": {"publishing", "privacy"},
}
"""Tables with more than one writer, or a writer that is not their owner, and why."""

BY_VARIABLE = {
    "ai/spending.py": "its two tables of spending",
    "analytics/store.py": "its two tables of figures",
    "idempotency.py": "the tables with idempotency keys, whose form it renews",
    "privacy/erasure_store.py": "windows of everything that came from an account",
    "privacy/store.py": "windows of everything that a user has",
    "rotation.py": "the sealed columns, under a new key",
}
"""Files whose statements name a table by a variable, and which tables these are."""


def texts(tree: ast.Module) -> Iterator[str]:
    """Every string of a module, with ``{`` where a value is put in."""
    parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts:
            yield node.value


def writers() -> tuple[dict[str, set[str]], set[str]]:
    """Table → the features that write it, and the files that write tables by a variable."""
    found, by_variable = defaultdict[str, set[str]](set), set()
    for path in PACKAGE.rglob("*.py"):
        file = path.relative_to(PACKAGE)
        for name in (name for text in texts(ast.parse(path.read_text())) for name in WRITES.findall(text)):
            if name == "{":
                by_variable.add(file.as_posix())
            elif name in TABLES:
                found[name].add(file.with_suffix("").parts[0])
    return dict(found), by_variable


def test_each_table_is_written_by_its_owner() -> None:
    assert writers()[0] == {**OWNERS, **SHARED}


def test_tables_are_named_by_a_variable_only_where_it_is_said_which() -> None:
    assert writers()[1] == BY_VARIABLE.keys()


def test_every_exception_is_one() -> None:
    assert OWNERS.keys().isdisjoint(SHARED)
    assert all(len(features) == 1 for features in OWNERS.values())
