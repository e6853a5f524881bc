"""Send requests made from the OpenAPI document to a local instance, on SQLite and on PostgreSQL, and judge every response.

Schemathesis has an environment of its own. It gets the document, ``schemathesis.toml`` with all checks, and ``hooks.py``.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from local.databases import postgres
from local.demo.accounts import connect, store_ai_keys
from local.demo.tour import Tour
from local.options import ROOT, Options
from local.testing import Running, running
from tools.migrate import ensure

HERE = Path(__file__).parent
PROGRAM = ROOT / ".venv-fuzz" / "bin" / "schemathesis"
ENGINES = ("sqlite", "postgresql")
SHORT = {
    "sqlite": ("--phases=fuzzing", "--max-examples=3", "--max-time=30"),
    "postgresql": ("--phases=stateful", "--max-examples=5", "--max-time=30"),
}
"""Engine → what the short form does on it: every operation alone on the one, chains along the links on the other."""
LONG = ("--max-examples=100", "--max-time=900")


@contextmanager
def instance(engine: str, directory: Path) -> Iterator[Running]:
    """A whole instance on one engine. Schedules run as in ``make run``."""
    options = Options(directory=directory, settings={"POSTS_PER_MINUTE": "0", "CHECKS_PER_MINUTE": "0"})
    if engine == "sqlite":
        with running(options) as started:
            yield started
        return
    with postgres.temporary() as server:
        ensure(server.url())
        postgres.create_logins(server)
        with running(replace(options, database_url=server.url(), variables=postgres.login_urls(server))) as started:
            yield started


def fuzz(engine: str, arguments: Sequence[str], *, live: bool) -> bool:
    """Tell whether nothing was found at an instance with one signed-in person who has accounts and AI keys.

    ``live``: show the output while it is written, and not at the end.
    """
    began = time.monotonic()
    with (
        tempfile.TemporaryDirectory(prefix="fuzz-") as folder,
        instance(engine, Path(folder) / "instance") as started,
        Tour(started.description) as tour,
    ):
        tour.sign_in()
        list(store_ai_keys(tour))
        list(connect(tour))
        run = Path(folder) / "run.json"
        ids = {platform: connection["id"] for platform, connection in tour.connections.items()}
        run.write_text(json.dumps({**started.description, "token": tour.token, "connections": ids}))
        document, config = ROOT / "docs" / "openapi.json", HERE / "schemathesis.toml"
        found = subprocess.run(
            [PROGRAM, "--config-file", config, "run", document, "--url", started.description["api"], *arguments],
            env={**os.environ, "FUZZ_RUN": str(run), "PYTHONPATH": str(HERE)},
            cwd=folder,
            check=False,
            stdout=None if live else subprocess.PIPE,
            stderr=None if live else subprocess.STDOUT,
        )
    seconds = f"{time.monotonic() - began:.0f} s"
    print(
        f"{(found.stdout or b'').decode()}== {engine}: {'failed' if found.returncode else 'nothing found'}, {seconds}", flush=True
    )
    return not found.returncode


def main() -> int:
    """Return 0 if nothing was found on any engine."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--short", action="store_true", help="a part, with a fixed seed, on both engines at the same time")
    parser.add_argument("--engine", choices=ENGINES, action="append", help="only this engine")
    given, more = parser.parse_known_args()
    seed = f"--seed={secrets.randbelow(10**9)}"

    def found_nothing(engine: str) -> bool:
        chosen = ("--seed=1", *SHORT[engine]) if given.short else (seed, *LONG)
        return fuzz(engine, (*chosen, *more), live=not given.short)

    with ThreadPoolExecutor(len(ENGINES) if given.short else 1) as pool:
        return int(not all(list(pool.map(found_nothing, given.engine or ENGINES))))


if __name__ == "__main__":
    sys.exit(main())
