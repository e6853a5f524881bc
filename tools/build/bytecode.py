"""Bytecode in a folder of sources, as deployed. Uses only the standard library, because it runs with the target interpreter.

``python3.13 -I bytecode.py FOLDER PREFIX`` writes it, ``python3.13 -I bytecode.py FOLDER`` reports what is missing or stale.
The files are ``unchecked-hash`` (PEP 552): the interpreter uses them whatever the modification time of the source, because it
cannot write to ``/opt`` and ``/var/task``. A stale file would therefore run, and only this check finds it.
"""

from __future__ import annotations

import importlib.util
import os
import py_compile
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

SHARDS = 4
"""Number of processes, the same on every machine: what a process has compiled before affects the bytes of the next file."""
HEADER = 16  # magic number, flags, hash of the source (PEP 552)
UNCHECKED_HASH = 0b01


def sources(folder: Path) -> list[Path]:
    """Return all modules in an order that is the same everywhere."""
    return sorted(folder.rglob("*.py"))


def write(folder: Path, prefix: str) -> None:
    """Compile a folder that becomes ``prefix`` when deployed. Raises RuntimeError with what does not compile."""
    command = [sys.executable, "-I", __file__, str(folder), prefix]
    environment = {**os.environ, "PYTHONHASHSEED": "0"}
    running = [
        subprocess.Popen([*command, str(shard)], env=environment, stderr=subprocess.PIPE, text=True) for shard in range(SHARDS)
    ]
    said = [process.communicate()[1] for process in running]
    if any(process.returncode for process in running):
        raise RuntimeError("".join(said).strip())


def _write_shard(folder: Path, prefix: str, shard: int) -> None:
    for path in sources(folder)[shard::SHARDS]:
        name = f"{prefix}/{path.relative_to(folder).as_posix()}"
        py_compile.compile(
            str(path), dfile=name, doraise=True, optimize=0, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH
        )


def problems(folder: Path) -> Iterator[str]:
    """Return the problems: sources without bytecode, bytecode of another source, bytecode without a source."""
    expected = {Path(importlib.util.cache_from_source(str(path), optimization="")): path for path in sources(folder)}
    for compiled, source in expected.items():
        if not compiled.is_file():
            yield f"{source} has no bytecode"
        elif not _is_of(compiled, source):
            yield f"{compiled} is not the bytecode of its source"
    for stray in sorted(set(folder.rglob("*.pyc")) - expected.keys()):
        yield f"{stray} belongs to no source and interpreter here"


def _is_of(compiled: Path, source: Path) -> bool:
    with compiled.open("rb") as file:
        header = file.read(HEADER)
    flags = UNCHECKED_HASH.to_bytes(4, "little")
    return header == importlib.util.MAGIC_NUMBER + flags + importlib.util.source_hash(source.read_bytes())


def _report(lines: Iterable[str]) -> int:
    found = list(lines)
    print("\n".join(found), file=sys.stderr)
    return 1 if found else 0


def main(arguments: list[str]) -> int:
    """Return exit code 0 if the bytecode was written or is valid; otherwise print the problems to standard error."""
    folder, *more = arguments
    try:
        if len(more) == 2:
            _write_shard(Path(folder), more[0], int(more[1]))
        elif more:
            write(Path(folder), more[0])
        else:
            return _report(problems(Path(folder)))
    except (py_compile.PyCompileError, RuntimeError) as failed:
        return _report([str(failed)])
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
