"""What we use of other services is in one table, and it is told in time before it ends (failure-classes.md G1, H1, H2)."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import Counter
from datetime import UTC, date, datetime
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from noillusion.ai.providers import anthropic, google, openai
from noillusion.catalog import lifetimes
from noillusion.catalog.lifetimes import LIFETIMES, Lifetime
from noillusion.catalog.platforms import NAMES as PLATFORMS
from noillusion.catalog.platforms import owned_by
from noillusion.catalog.providers import NAMES as PROVIDERS
from noillusion.flows.measures import AccountMetrics, PostMetrics
from noillusion.platforms.facebook import facts as facebook
from noillusion.platforms.instagram import facts as instagram
from noillusion.platforms.linkedin import facts as linkedin
from noillusion.platforms.meta import facts as meta
from noillusion.platforms.tiktok import facts as tiktok
from tests.unit.test_house import PRODUCT, ROOT, relative
from tools import sunsets

APIS = {*PROVIDERS, "linkedin", "tiktok", "meta"}
SUNSETS = [sys.executable, "-m", "tools.sunsets"]


def row(name: str, ends: date | None, *, used: bool = True) -> Lifetime:
    return Lifetime("linkedin", "version", name, None, ends, "platforms.md 3.1", used)


def test_H2_the_table_is_complete_and_names_everything_once() -> None:
    assert {row.service for row in LIFETIMES if row.sort == "version"} == APIS
    assert {row.service for row in LIFETIMES if row.sort == "metric" and row.used} == set(PLATFORMS)
    assert {row.service for row in LIFETIMES if row.sort == "model" and row.used} == set(PROVIDERS)
    assert set(owned_by("meta")) == {"facebook", "instagram"}
    counted = Counter((row.service, row.sort, row.group, row.name) for row in LIFETIMES)
    assert counted.most_common(1)[0][1] == 1
    assert [row.name for row in LIFETIMES if row.introduced and row.ends and row.introduced >= row.ends] == []


def test_H2_every_request_takes_its_version_from_the_table() -> None:
    of = {api: lifetimes.version(api) for api in APIS}
    assert of["meta"] in meta.GRAPH and of["meta"] in instagram.GRAPH and of["meta"] in facebook.UPLOADS
    assert linkedin.HEADERS["LinkedIn-Version"] == linkedin.FINDER["LinkedIn-Version"] == of["linkedin"]
    assert tiktok.API.endswith(f"/{of['tiktok']}")
    assert (of["openai"], of["anthropic"], of["google"]) == (openai.API_VERSION, anthropic.API_VERSION, google.API_VERSION)


def test_H2_no_version_metric_or_model_is_written_anywhere_else() -> None:
    ours = {row.name for row in LIFETIMES if row.sort == "version" and len(row.name) > 2}
    ours |= {row.name for row in LIFETIMES if row.sort == "model"}
    ours |= {row.name for row in LIFETIMES if row.sort == "metric" and re.search(r"[_A-Z]", row.name)}
    # Instagram has a field, and OpenAI a family of models, of the same name.
    ours -= {*PostMetrics.__annotations__, *AccountMetrics.__annotations__, "COMMENT", "REACTION", "like_count", "o3"}
    written = {
        (relative(path), node.value)
        for path in PRODUCT
        # The sizes of models stand beside their lifetimes, and a test of prices holds the two lists together.
        if path.name not in ("lifetimes.py", "models.py") or path.parent.name != "catalog"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in ours
    }
    assert written == set()


def test_G1_no_metric_that_is_gone_is_asked_for() -> None:
    metrics = [row for row in LIFETIMES if row.sort == "metric"]
    gone = [(row.service, row.name) for row in metrics if not row.used]
    assert len(gone) >= 16
    asked = [(row.service, row.name) for row in metrics if row.used]
    assert [(name, pattern) for of, name in asked for at, pattern in gone if of == at and fnmatchcase(name, pattern)] == []


def test_what_a_metric_fills_is_a_count_that_there_is() -> None:
    counts = {*PostMetrics.__annotations__, *AccountMetrics.__annotations__}
    assert {row.fills for row in LIFETIMES} - {""} <= counts


END = date(2027, 9, 15)


@pytest.mark.parametrize(("days", "said"), [(91, None), (90, 90), (31, 31), (30, 30), (1, 1), (0, 0), (-200, -200)])
def test_H1_an_end_is_told_ninety_days_before(days: int, said: int | None) -> None:
    today = date.fromordinal(END.toordinal() - days)
    assert list(sunsets.ending(today, [row("202609", END)]).values()) == ([] if said is None else [said])


def test_H1_only_what_is_in_use_is_told_and_what_lasts_longer_is_named() -> None:
    rows = [row("202609", END), row("202608", date(2027, 8, 17), used=False), row("202612", date(2027, 12, 15), used=False)]
    (line,) = sunsets.ending(END, rows)
    assert line == "linkedin version 202609 ended on 2027-09-15 (platforms.md 3.1); known to last longer: 202612"
    assert sunsets.ending(END, rows[1:]) == {}


@pytest.mark.parametrize(
    ("today", "code", "said"),
    [
        ("2026-11-27", 0, ""),
        ("2027-06-16", 0, ""),
        ("2027-06-17", 0, "warning: linkedin version 202609 ends on 2027-09-15, in 90 days (platforms.md 3.1)"),
        ("2027-08-15", 0, "warning: linkedin version 202609 ends on 2027-09-15, in 31 days (platforms.md 3.1)"),
        ("2027-08-16", 1, "error: linkedin version 202609 ends on 2027-09-15, in 30 days (platforms.md 3.1)"),
        ("2027-09-15", 1, "error: linkedin version 202609 ended on 2027-09-15 (platforms.md 3.1)"),
    ],
)
def test_H1_the_check_warns_and_then_fails(
    today: str, code: int, said: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # The table moves on; what is checked is what the check does.
    monkeypatch.setattr(sunsets.ending, "__defaults__", ([row("202609", END), row("202608", date(2027, 8, 17), used=False)],))
    assert sunsets.main(["--today", today]) == code
    lines = capsys.readouterr().out.splitlines()
    assert lines[:-1] == ([said] if said else []) and ("docs/operating.md" in lines[-1] if lines else not said)


def test_H1_make_check_runs_it_with_the_date_of_today() -> None:
    recipe = (ROOT / "Makefile").read_text().split("\ncheck:")[1].split("\n\n")[0]
    assert "$(BIN)/python -m tools.sunsets" in recipe
    run = subprocess.run([*SUNSETS, "--today", "2099-01-01"], cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 1 and run.stdout.startswith("error: ")
    today = subprocess.run([*SUNSETS, "--today", datetime.now(UTC).date().isoformat()], cwd=ROOT, capture_output=True, text=True)
    plain = subprocess.run(SUNSETS, cwd=ROOT, capture_output=True, text=True)
    assert (plain.stdout, plain.returncode) == (today.stdout, today.returncode)


def test_H1_the_guide_to_move_exists() -> None:
    assert "\n## Move to a new version\n" in (Path(ROOT) / "docs" / "operating.md").read_text()
