"""``python -m local.demo``: run the whole flow over HTTP as a client would, and verify every step.

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
from local.stopping import interrupt_on_signals
from local.testing import running

ANSWER_S = 30.0
"""Whether an instance is there shows at once; a busy machine may take longer for the first answer."""


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
        raise Unsuitable("the running instance uses a real Auth0 tenant, so the demo cannot get a token. Stop it and try again.")
    real = [name for name, base in {**run["platforms"], **run["providers"]}.items() if base.startswith("https://")]
    if real:
        raise Unsuitable(f"the running instance uses the real {', '.join(real)}. The demo publishes only to simulators.")


@contextlib.contextmanager
def instance() -> Iterator[Mapping[str, Any]]:
    """Yield the running instance, or a new one that ends with the demo. Raises Unsuitable and the errors of the runtime."""
    found = running_instance(Path(os.environ.get("LOCAL_DIR") or ROOT / ".local"))
    if found is not None:
        require_simulators(found)
        print(f"Using the instance at {found['api']}.", flush=True)
        yield found
        return
    print("No instance is running. Starting one for this demo…", flush=True)
    with tempfile.TemporaryDirectory(prefix="noillusion-demo-") as name, running(Options(directory=Path(name))) as fresh:
        print(f"Started at {fresh.description['api']}.", flush=True)
        yield fresh.description


def drive(tour: Tour) -> bool:
    """Run and print every step. Return whether all of them succeeded."""
    for number, (title, step) in enumerate(STEPS, 1):
        print(f"\n{number}. {title}", flush=True)
        started = time.monotonic()
        try:
            for shown in step(tour):
                print("\n".join(f"   {line}".rstrip() for line in str(shown).splitlines()), flush=True)
        except Unexpected as surprise:
            print(f"   FAILED: {surprise.what}", f"     expected  {surprise.expected}", sep="\n")
            print(f"     actual    {surprise.actual}", flush=True)
            return False
        except httpx.HTTPError as broken:
            print(f"   FAILED: no response ({type(broken).__name__})", flush=True)
            return False
        print(f"   ({time.monotonic() - started:.1f} s)", flush=True)
    return True


def main() -> int:
    """Return exit code 0 if all steps succeeded, else 1."""
    interrupt_on_signals()
    try:
        with instance() as run, Tour(run) as tour:
            if not drive(tour):
                return 1
    except (Unsuitable, StartFailed, TemplateError) as problem:
        print(f"The demo cannot run: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 1
    print(f"\nAll {len(STEPS)} steps succeeded.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
