"""``python -m local.demo``: the whole flow over HTTP as a client would drive it, with a verdict on every step.

It must never publish on a real account: an instance whose platforms or providers are not all simulated is refused.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx

from local.aws.specs import TemplateError
from local.demo.steps import STEPS
from local.demo.tour import Tour, Unexpected
from local.options import ROOT, Options, StartFailed
from local.testing import running

ANSWER_S = 2.0


class Unsuitable(Exception):
    """The demo cannot use this instance; the message says why."""


def running_instance(directory: Path) -> Mapping[str, Any] | None:
    """Return the run.json of an instance that answers, or None."""
    try:
        run: dict[str, Any] = json.loads((directory / "run.json").read_text("utf-8"))
        httpx.get(f"{run['api']}/v1/health", timeout=ANSWER_S, trust_env=False).raise_for_status()
    except (OSError, ValueError, KeyError, httpx.HTTPError):
        return None
    return run


def require_simulators(run: Mapping[str, Any]) -> None:
    """Raises Unsuitable if anything in ``run`` is real."""
    if not run.get("token_url"):
        raise Unsuitable("the running instance uses a real Auth0 tenant, which gives the demo no token. Stop it and try again.")
    real = [name for name, base in {**run["platforms"], **run["providers"]}.items() if base.startswith("https://")]
    if real:
        raise Unsuitable(f"the running instance uses the real {', '.join(real)}. The demo publishes on simulators only.")


@contextlib.contextmanager
def instance() -> Iterator[Mapping[str, Any]]:
    """The running instance, or a fresh one that ends with the demo. Raises Unsuitable and what the runtime raises."""
    found = running_instance(Path(os.environ.get("LOCAL_DIR") or ROOT / ".local"))
    if found is not None:
        require_simulators(found)
        print(f"Using the instance that runs at {found['api']}.", flush=True)
        yield found
        return
    print("No instance is running: starting one for this demo…", flush=True)
    with tempfile.TemporaryDirectory(prefix="noillusion-demo-") as name, running(Options(directory=Path(name))) as fresh:
        print(f"Started at {fresh.description['api']}.", flush=True)
        yield fresh.description


def drive(tour: Tour) -> bool:
    """Run every step and print what happened; whether all of them were as they should be."""
    for number, (title, step) in enumerate(STEPS, 1):
        print(f"\n{number}. {title}", flush=True)
        started = time.monotonic()
        try:
            for shown in step(tour):
                print("\n".join(f"   {line}".rstrip() for line in str(shown).splitlines()), flush=True)
        except Unexpected as surprise:
            print(f"   NOT AS IT SHOULD BE: {surprise.what}", f"     expected  {surprise.expected}", sep="\n")
            print(f"     actual    {surprise.actual}", flush=True)
            return False
        except httpx.HTTPError as broken:
            print(f"   NOT AS IT SHOULD BE: no answer ({type(broken).__name__})", flush=True)
            return False
        print(f"   ({time.monotonic() - started:.1f} s)", flush=True)
    return True


def main() -> int:
    """Exit code 0 if every step did what it should, else 1."""
    try:
        with instance() as run, Tour(run) as tour:
            if not drive(tour):
                return 1
    except (Unsuitable, StartFailed, TemplateError) as problem:
        print(f"The demo cannot run: {problem}", file=sys.stderr)
        return 1
    print(f"\n{len(STEPS)} steps, all as they should be.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
