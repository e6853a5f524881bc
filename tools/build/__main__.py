"""``make build``: build all functions and the layer for ``sam deploy`` and print their sizes."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence

from bench import sizes
from local.stopping import interrupt_on_signals
from tools.build.artifacts import ARTIFACTS, MACHINES, ROOT, TEMPLATE, BuildFailed, build, default_architecture, run_sam


def main(arguments: Sequence[str] | None = None) -> int:
    """Return exit code 0 if everything was built and the template is valid."""
    parser = argparse.ArgumentParser(prog="python -m tools.build", description="Build every function and the layer with SAM.")
    parser.add_argument("--architecture", choices=sorted(MACHINES), default=default_architecture())
    architecture = parser.parse_args(arguments).architecture
    started = time.monotonic()
    interrupt_on_signals()
    try:
        print(f"Building for {architecture} with {run_sam('--version', architecture=architecture).strip()}…", flush=True)
        artifacts = build(architecture, say=lambda step: print(f"  {step}", flush=True))
        print(f"{len(artifacts.functions)} functions and the layer are in {ARTIFACTS.relative_to(ROOT)}.", flush=True)
        print("Validating the template…", flush=True)
        print(run_sam("validate", "--lint", "--template", str(TEMPLATE), architecture=architecture).strip(), flush=True)
    except BuildFailed as failed:
        print(f"The build failed: {failed}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 1
    print(f"\n{sizes.measure(artifacts).markdown()}\n\nDone in {time.monotonic() - started:.0f} s.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
