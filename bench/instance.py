"""How a benchmark runs the built artifacts: on a fresh database, and so that nothing is ever written into the artifacts."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from local.aws.functions import Code
from local.options import Options
from tools import migrate
from tools.build.artifacts import FUNCTION_ROOT, Artifacts, BuildFailed, run_bytecode

READ_ONLY = {"PYTHONDONTWRITEBYTECODE": "1"}
"""A function's file system is read-only at AWS, so bytecode that was not shipped is not there at the next start either."""


def options(artifacts: Artifacts, directory: Path, *, warm: bool, database_url: str | None = None) -> Options:
    """A runtime without schedules, on a database with the product's schema: the one that is given, else SQLite, made here.

    The runtime's own migration would run the layer's code, and so could compile it.
    """
    if database_url is None:
        migrate.ensure(f"sqlite:///{directory / 'noillusion.sqlite3'}")
    return Options(
        directory=directory,
        database_url=database_url,
        code=Code(artifacts.functions, [artifacts.layer], built=True),
        client="awslambdaric",
        variables=READ_ONLY,
        settings={"POSTS_PER_MINUTE": "0", "CHECKS_PER_MINUTE": "0"},
        migrate=False,
        warm=warm,
        tick=False,
    )


def without_bytecode(folder: Path, copy: Path) -> Path:
    """A copy of an artifact as a build without this project's steps leaves it: sources only."""
    shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("__pycache__"), copy_function=os.link)
    return copy


def with_bytecode(folder: Path, copy: Path) -> Path:
    """A copy of a benchmark's own function in the state in which the artifacts are. Raises BuildFailed."""
    shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("__pycache__"))
    if problem := run_bytecode(copy, FUNCTION_ROOT):
        raise BuildFailed(problem)
    return copy
