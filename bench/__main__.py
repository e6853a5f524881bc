"""``python -m bench``: build for this machine, then S3, S1, S2, S6 and S12. Prints tables, writes bench/results/*.json.

``--document`` also puts the tables into docs/benchmarks.md. Names of benchmarks (``S1``) limit it to these.
``--mib 64`` is the short form of S12.
"""

from __future__ import annotations

import argparse
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TypeAlias

from bench import cold_start, fan_out, report, sizes, streaming
from bench.copying import CopyFailed
from bench.report import ROOT, Table
from local.options import StartFailed
from local.stopping import interrupt_on_signals
from tools.build.artifacts import Artifacts, BuildFailed, build

HERE = ROOT / ".aws-sam" / "bench" / "build"
ARCHITECTURES = {"x86_64": "x86_64", "amd64": "x86_64", "aarch64": "arm64", "arm64": "arm64"}
Benchmarks: TypeAlias = Mapping[str, Callable[[Artifacts, Path], Table]]
BENCHMARKS: Benchmarks = {
    "S3": lambda artifacts, _: sizes.measure(artifacts),
    "S1": cold_start.run_against_floors,
    "S2": cold_start.run_against_eager,
    "S6": fan_out.run,
    "S12": streaming.run,
}


def take(names: list[str], in_document: bool, mib: int) -> None:
    """Build for this machine and take the named benchmarks; each is printed and written as soon as it is done."""
    architecture = ARCHITECTURES[platform.machine().lower()]
    print(f"Building for {architecture}…", flush=True)
    artifacts = build(architecture, HERE, lambda step: print(f"  {step}", flush=True))
    benchmarks: Benchmarks = {**BENCHMARKS, "S12": partial(streaming.run, size_mib=mib)}
    machine = report.machine()
    for name in names:
        print(f"Measuring {name}…", flush=True)
        before = report.load()
        with tempfile.TemporaryDirectory(prefix="noillusion-bench-") as directory:
            table = benchmarks[name](artifacts, Path(directory))
        taken_on = {**machine, "load": f"{before:.2f} before, {report.load():.2f} after"}
        print(f"\n{table.markdown()}\n\nload: {taken_on['load']}", flush=True)
        print(f"wrote {report.save(table, taken_on).relative_to(ROOT)}\n", flush=True)
        if in_document:
            report.document(table, taken_on)


def main() -> int:
    """Exit code 0 if everything could be measured, whatever the figures are."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure, and say how far the bars are.")
    parser.add_argument("names", nargs="*", metavar="BENCHMARK", help=f"any of {', '.join(BENCHMARKS)}; default: all")
    parser.add_argument("--document", action="store_true", help="put the tables into docs/benchmarks.md")
    parser.add_argument("--mib", type=int, default=streaming.SIZE_MIB, help="size of the video of S12; default: %(default)s")
    given = parser.parse_args()
    if unknown := set(given.names) - set(BENCHMARKS):
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    started = time.monotonic()
    interrupt_on_signals()
    try:
        take(given.names or list(BENCHMARKS), given.document, given.mib)
    except (BuildFailed, CopyFailed, cold_start.Unusable, fan_out.Unexpected, StartFailed) as failed:
        print(f"Could not measure: {failed}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 1
    print(f"Took {time.monotonic() - started:.0f} s.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
