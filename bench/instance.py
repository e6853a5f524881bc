"""How a benchmark runs the built artifacts: on a fresh database, and so that nothing is ever written into the artifacts."""

from __future__ import annotations

from pathlib import Path

from local.build.artifacts import Artifacts
from local.environments import Code
from local.runtime import Options
from noillusion.db import migrate

READ_ONLY = {"PYTHONDONTWRITEBYTECODE": "1"}
"""A function's file system is read-only at AWS, so bytecode that was not shipped is not there at the next start either."""


def options(artifacts: Artifacts, directory: Path, *, warm: bool) -> Options:
    """A runtime without schedules. Its own migration would run the layer's code, and so compile it: the database is made here."""
    migrate.ensure(f"sqlite:///{directory / 'noillusion.sqlite3'}")
    return Options(
        directory=directory,
        code=Code(artifacts.functions, [artifacts.layer], built=True),
        client="awslambdaric",
        variables=READ_ONLY,
        migrate=False,
        warm=warm,
        tick=False,
    )


def has_bytecode(artifacts: Artifacts) -> bool:
    """Whether any .pyc file is among the artifacts."""
    return any(True for folder in (artifacts.layer, *artifacts.functions.values()) for _ in folder.rglob("*.pyc"))
