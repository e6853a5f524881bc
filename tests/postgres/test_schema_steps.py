"""The steps for a new column in CONTRIBUTING.md, as they stand there, on databases with rows in them."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from tests.postgres.rows import ALICE, BOB, VALUES, insert
from tests.support.databases import PostgresStore
from tests.support.dumps import AT
from tools.migrate import ROOT, ensure

SECTION = re.compile(r"^## Change the schema$(.*?)^## ", re.MULTILINE | re.DOTALL)
BLOCKS = re.compile(r"^ *```sh\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
PARTS = ("CONTRIBUTING.md", "Makefile", "layers", "supabase", "tools", "requirements", "pyproject.toml")


def steps() -> list[str]:
    """The blocks of commands of the section, without their indentation."""
    (section,) = SECTION.findall((ROOT / "CONTRIBUTING.md").read_text())
    return [re.sub(r"^   ", "", block, flags=re.MULTILINE) for block in BLOCKS.findall(section)]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the source tree."""
    copy = tmp_path / "tree"
    copy.mkdir()
    for part in PARTS:
        take = shutil.copytree if (ROOT / part).is_dir() else shutil.copy2
        take(ROOT / part, copy / part)
    (copy / ".venv").symlink_to(ROOT / ".venv")
    (copy / ".local").mkdir()
    return copy


def run(tree: Path, command: str) -> str:
    """Run commands in the tree. The virtual environment counts as set up."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(tree), "MAKEFLAGS": "--old-file=.venv/.ready", "LC_ALL": "C.UTF-8"}
    made = subprocess.run(["bash", "-euc", command], cwd=tree, env=environment, capture_output=True, text=True, check=False)
    assert made.returncode == 0, f"{command}\n{made.stdout}{made.stderr}"
    return made.stdout


def test_a_new_column_appears_in_filled_databases_of_both_engines_by_the_documented_steps(tree: Path, own: PostgresStore) -> None:
    write, generate, migrate = steps()
    local = tree / ".local" / "noillusion.sqlite3"
    ensure(f"sqlite:///{local}")
    with closing(sqlite3.connect(local)) as database:
        for user in (ALICE, BOB):
            for table in VALUES:
                database.execute(insert(user, table).replace("now()", AT))
                own.execute(insert(user, table))
        database.commit()

    run(tree, write)
    run(tree, generate)
    said = run(tree, migrate.replace("postgresql://…", own.url))
    assert said.count("applied 20991231000000_pronouns") == 2
    assert run(tree, migrate.replace("postgresql://…", own.url)).count("Nothing to apply.") == 2

    rows = "SELECT user_id, content_mode, pronouns FROM profiles ORDER BY user_id"
    expected = [(ALICE, "personal", ""), (BOB, "personal", "")]
    with closing(sqlite3.connect(local)) as database:
        assert database.execute(rows).fetchall() == expected
        for table in VALUES:
            count = f"SELECT count(*) FROM {table} WHERE user_id <> 'system'"
            assert database.execute(count).fetchall() == own.fetch(count) == [(2,)]
        kinds = {row[1]: row[2:5] for row in database.execute("PRAGMA table_info(profiles)")}
    assert kinds["pronouns"] == ("TEXT", 1, "''")
    assert own.fetch(rows) == expected
    # What "make check" says about drift, before and after.
    run(tree, "PYTHONPATH=$PWD:$PWD/layers/shared .venv/bin/python -m tools.sqlite_schema --check")
    with (tree / "supabase" / "migrations" / "20991231000000_pronouns.sql").open("a") as migration:
        migration.write("ALTER TABLE profiles ADD COLUMN more text;\n")
    with pytest.raises(AssertionError, match="out of date"):
        run(tree, "PYTHONPATH=$PWD:$PWD/layers/shared .venv/bin/python -m tools.sqlite_schema --check")
