"""Removal of files that are not read at run time. Code, data, metadata, licenses and native libraries are left unchanged.

Libraries keep their symbols: ``strip`` for another processor is not available everywhere and would change their hashes.
"""

from __future__ import annotations

from fnmatch import fnmatch
from pathlib import Path

CLUTTER = (
    "*.pyc", "*.pyi", "*.c", "*.h", "*.pyx", "*.pxd", "*.md", "*.rst", "*.keep", "zip-safe",
    # The Swagger page of Powertools, which is not used.
    "swagger-ui*.js", "swagger-ui*.css",
)  # fmt: skip
INSTALLERS = ("RECORD", "WHEEL", "INSTALLER", "REQUESTED", "direct_url.json", "top_level.txt", "sboms/*")
"""Files for installers in ``*.dist-info``. ``importlib.metadata`` reads METADATA and entry points; licenses must be included."""
TESTS = ("test", "tests", "_tests")
TEST_MODULES = ("test_*.py", "conftest.py")
OWED = ("LICEN[CS]E*", "NOTICE*", "COPYING*", "AUTHORS*")
OWN = "noillusion"
"""The product's package, which is never reduced, whatever its files are called."""
TOP_LEVEL = ("requirements.txt", "bin/*", "include/*", "*.data/scripts/*")
"""Files at the top of an artifact that SAM copied, and scripts and headers of wheels."""


def slim(folder: Path) -> int:
    """Reduce one artifact. Return the number of bytes removed."""
    removed = 0
    for path in [path for path in folder.rglob("*") if path.is_file() or path.is_symlink()]:
        if needless(path.relative_to(folder)):
            removed += path.lstat().st_size
            path.unlink()
    remove_empty(folder)
    return removed


def needless(path: Path) -> bool:
    """Return whether a file, by its path in the artifact, is never read at run time."""
    info = next((part for part in path.parts[:-1] if part.endswith(".dist-info")), None)
    if info is not None:
        inside = "/".join(path.parts[path.parts.index(info) + 1 :])
        return _any(inside, INSTALLERS)
    if path.parts[0] == OWN:
        return path.suffix == ".pyc"
    if _any(path.name, OWED):
        return False
    in_tests = any(part in TESTS for part in path.parts[:-1])
    return in_tests or _any(path.name, (*CLUTTER, *TEST_MODULES)) or _any(path.as_posix(), TOP_LEVEL)


def _any(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatch(name, pattern) for pattern in patterns)


def remove_empty(folder: Path) -> None:
    """Remove empty folders."""
    for path in sorted((path for path in folder.rglob("*") if path.is_dir()), key=lambda path: len(path.parts), reverse=True):
        if not any(path.iterdir()):
            path.rmdir()
