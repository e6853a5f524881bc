"""``python -m bench.versions COMMIT``: cold starts of another version and of this one in one run, in turns.

The other version is checked out beside this one and measured by its own benchmark, with this one's tools. Prints a table and
writes bench/results/S1-versions.json; ``--document`` also puts the table into docs/benchmarks.md.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any

from bench import report
from bench.report import ROOT, Spread, Table, ratio, verdict

ROUNDS = 21
BAR = 1.02
TURNS = Path(__file__).with_name("turns.py")
TOOLS = (".venv-e2e", ".venv-lambda")


class Version:
    """A version that starts its functions when it is told to."""

    def __init__(self, root: Path, rounds: int) -> None:
        environment = {**os.environ, "PYTHONPATH": f"{root}:{root / 'layers' / 'shared'}"}
        command = [sys.executable, "-P", str(TURNS), str(rounds)]
        self.process = subprocess.Popen(
            command, cwd=root, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._ask: IO[str] = _open(self.process.stdin)
        self._answers: IO[str] = _open(self.process.stdout)
        if self._read() != "ready":
            raise SystemExit(f"{root} could not be built")

    def start(self) -> tuple[str, float]:
        """Start the next function: its label, and the milliseconds to its first answer."""
        self._ask.write("next\n")
        self._ask.flush()
        label, taken = self._read()
        return label, taken

    def _read(self) -> Any:
        line = self._answers.readline()
        if not line:
            raise SystemExit("a version has stopped; what it printed is above")
        return json.loads(line)


def _open(stream: IO[str] | None) -> IO[str]:
    assert stream is not None
    return stream


@contextmanager
def checked_out(commit: str) -> Iterator[Path]:
    """Yield a working tree of another commit, with this one's tools."""
    with tempfile.TemporaryDirectory(prefix="noillusion-version-") as directory:
        root = Path(directory) / "version"
        subprocess.run(["git", "worktree", "add", "--quiet", "--detach", str(root), commit], cwd=ROOT, check=True)
        try:
            for tools in TOOLS:
                if (ROOT / tools).exists():
                    (root / tools).symlink_to((ROOT / tools).resolve())
            yield root
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", str(root)], cwd=ROOT, check=True)


def take_turns(versions: Sequence[Version], rounds: int, subjects: int) -> list[dict[str, list[float]]]:
    """Return the times of each version by subject. Who begins changes, and the first round is not counted."""
    times = [defaultdict[str, list[float]](list) for _ in versions]
    for turn in range((rounds + 1) * subjects):
        order = range(len(versions)) if turn % 2 else range(len(versions) - 1, -1, -1)
        for number in order:
            label, taken = versions[number].start()
            if turn >= subjects:
                times[number][label].append(taken)
    return [dict(taken) for taken in times]


def table(commit: str, before: dict[str, list[float]], now: dict[str, list[float]]) -> Table:
    """The times of both versions, and how they compare within each round."""
    rows, data = [], {}
    for label, taken in now.items():
        found = Spread.of([new / old for new, old in zip(taken, before[label], strict=True)])
        # The floors are the same in both versions: their ratio is the noise.
        floor = label[1] == ":"
        figures = [Spread.of(before[label]).show(), Spread.of(taken).show(), found.show(2)]
        rows.append([label, *figures, "" if floor else verdict(found.median, BAR)])
        data[label] = {"before_ms": before[label], "now_ms": taken, "ratio": found, "medians": ratio(taken, before[label])}
    heads = ["what", f"{commit} (ms)", "now (ms)", "ratio of a round", f"≤ {BAR}"]
    notes = [
        f"{len(next(iter(now.values())))} starts each, in turns. The ratio of a round is its median over all rounds.",
        "F and G are the same code in both versions: what their ratio is off 1 is the noise of this run.",
    ]
    return Table("S1-versions", "S1 and S2 of two versions in one run: cold starts in ms", heads, rows, notes, {"subjects": data})


def main() -> int:
    """Exit code 0 if both versions could be measured, whatever the figures are."""
    parser = argparse.ArgumentParser(prog="python -m bench.versions", description="Compare cold starts with another version.")
    parser.add_argument("commit", help="the version to compare with")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"default: {ROUNDS}")
    parser.add_argument("--document", action="store_true", help="put the table into docs/benchmarks.md")
    given = parser.parse_args()
    machine, load = report.machine(), report.load()
    with ExitStack() as stack:
        versions = [Version(root, given.rounds) for root in (stack.enter_context(checked_out(given.commit)), ROOT)]
        for version in versions:
            stack.callback(version.process.wait)
            stack.callback(_open(version.process.stdin).close)
        print("Both versions are built. Measuring…", flush=True)
        before, now = take_turns(versions, given.rounds, SUBJECTS)
    taken_on = {**machine, "load": f"{load:.2f} before, {report.load():.2f} after"}
    result = table(given.commit, before, now)
    print(f"\n{result.markdown()}\n\nwrote {report.save(result, taken_on).relative_to(ROOT)}")
    if given.document:
        report.document(result, taken_on)
    return 0


SUBJECTS = 12
"""The two floors, the reads of seven functions, generating, and two chores. Both versions must have all of them."""


if __name__ == "__main__":
    sys.exit(main())
