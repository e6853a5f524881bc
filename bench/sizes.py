"""S3: unpacked sizes of the artifacts as they are shipped, bytecode included."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bench.report import MIB, Table, verdict
from tools.build.artifacts import Artifacts

LIMIT_MIB = 250  # Lambda quotas: deployment package unzipped, layers included
BARS_MIB = {"GenerateFunction": 130.0}
BAR_MIB = 60.0


@dataclass(frozen=True, slots=True)
class Size:
    """Bytes of a folder, and how many of them are bytecode."""

    files: int
    bytecode: int


def size_of(folder: Path) -> Size:
    """Measure one folder."""
    sizes = [(path.suffix, path.stat().st_size) for path in folder.rglob("*") if path.is_file()]
    return Size(sum(size for _, size in sizes), sum(size for suffix, size in sizes if suffix == ".pyc"))


def measure(artifacts: Artifacts) -> Table:
    """Sizes of the layer, of each function, and of both together, against the bars of S3."""
    layer = size_of(artifacts.layer)
    functions = {name: size_of(folder) for name, folder in artifacts.functions.items()}
    rows = [["SharedLayer", _mib(layer.files), _mib(layer.bytecode), "", "", ""]]
    for name, size in functions.items():
        together, bar = (layer.files + size.files) / MIB, BARS_MIB.get(name, BAR_MIB)
        rows.append([name, _mib(size.files), _mib(size.bytecode), f"{together:.1f}", f"{bar:.0f}", verdict(together, bar)])
    return Table(
        name="S3",
        title="S3: unpacked size in MiB",
        heads=["artifact", "size", "of it bytecode", "with layer", "bar", "kept"],
        rows=rows,
        notes=[f"Built for {artifacts.architecture}. Sizes are bytes of all files, unpacked. Lambda allows {LIMIT_MIB} MiB."],
        data={"architecture": artifacts.architecture, "layer": layer, "functions": functions},
    )


def _mib(size: int) -> str:
    return f"{size / MIB:.2f}" if size < MIB else f"{size / MIB:.1f}"
