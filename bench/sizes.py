"""S3: unpacked sizes of the artifacts. Bytecode is counted as if it were shipped, and shown apart while it is not."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bench.build import Artifacts
from bench.report import MIB, Table, verdict

LIMIT_MIB = 250  # Lambda quotas: deployment package unzipped, layers included
BARS_MIB = {"GenerateFunction": 130.0}
BAR_MIB = 60.0


@dataclass(frozen=True, slots=True)
class Size:
    """Bytes of a folder: files as they are, how many of them are bytecode, and bytecode that is not there yet."""

    files: int
    shipped_bytecode: int
    missing_bytecode: int

    @property
    def complete(self) -> int:
        """What it would be with all bytecode."""
        return self.files + self.missing_bytecode


def size_of(folder: Path) -> Size:
    """Measure one folder; the missing bytecode is compiled into a temporary one."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    shipped = sum(path.stat().st_size for path in files if path.suffix == ".pyc")
    missing = 0
    if not shipped:
        with tempfile.TemporaryDirectory(prefix="noillusion-bytecode-") as compiled:
            command = [sys.executable, "-m", "compileall", "-q", "-j", "0", str(folder)]
            environment = {**os.environ, "PYTHONPYCACHEPREFIX": compiled}
            subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
            missing = sum(path.stat().st_size for path in Path(compiled).rglob("*.pyc"))
    return Size(sum(path.stat().st_size for path in files), shipped, missing)


def measure(artifacts: Artifacts) -> Table:
    """Sizes of the layer, of each function, and of both together, against the bars of S3."""
    layer = size_of(artifacts.layer)
    functions = {name: size_of(folder) for name, folder in artifacts.functions.items()}
    rows = [["SharedLayer", _mib(layer.files), _mib(layer.complete), "", "", "", ""]]
    for name, size in functions.items():
        together, bar = (layer.complete + size.complete) / MIB, BARS_MIB.get(name, BAR_MIB)
        rows.append(
            [name, _mib(size.files), _mib(size.complete), _mib(layer.files + size.files), f"{together:.1f}", f"{bar:.0f}",
             verdict(together, bar)]
        )  # fmt: skip
    shipped = layer.shipped_bytecode > 0
    notes = [
        f"Built for {artifacts.architecture}. Sizes are bytes of all files, unpacked. Lambda allows {LIMIT_MIB} MiB.",
        "Bytecode is shipped, so it is part of both figures."
        if shipped
        else "Bytecode is not shipped: the artifacts are the figures “as built”; the bar is held against those with bytecode.",
    ]
    return Table(
        name="S3",
        title="S3: unpacked size in MiB",
        heads=["artifact", "as built", "with bytecode", "with layer", "with layer and bytecode", "bar", "kept"],
        rows=rows,
        notes=notes,
        data={"architecture": artifacts.architecture, "bytecode_shipped": shipped, "layer": layer, "functions": functions},
    )


def _mib(size: int) -> str:
    return f"{size / MIB:.2f}" if size < MIB else f"{size / MIB:.1f}"
