"""Takes out of an artifact what nothing reads at run time. Code, data, metadata, licences and native libraries stay as they came.

Libraries keep their symbols: ``strip`` of another processor's is not on every machine, and would part them from their hashes.
"""

from __future__ import annotations

from fnmatch import fnmatch
from pathlib import Path

CLUTTER = (
    "*.pyc", "*.pyi", "*.c", "*.h", "*.pyx", "*.pxd", "*.md", "*.rst", "*.keep", "zip-safe",
    # The page that Powertools can serve to try an API out; nobody switches it on.
    "swagger-ui*.js", "swagger-ui*.css",
)  # fmt: skip
INSTALLERS = ("RECORD", "WHEEL", "INSTALLER", "REQUESTED", "direct_url.json", "top_level.txt", "sboms/*")
"""In ``*.dist-info``: what installers read. ``importlib.metadata`` reads METADATA and entry points; licences are owed."""
TESTS = ("test", "tests", "_tests")
TEST_MODULES = ("test_*.py", "conftest.py")
OWED = ("LICEN[CS]E*", "NOTICE*", "COPYING*", "AUTHORS*")
OWN = "noillusion"
"""The product's package, of which everything is meant: a name in it must not make it disappear."""
TOP_LEVEL = ("requirements.txt", "bin/*", "include/*", "*.data/scripts/*")
"""At the top of an artifact: what SAM copied or a wheel's scripts and headers."""


def slim(folder: Path) -> int:
    """Remove it from one artifact; how many bytes that were."""
    removed = 0
    for path in [path for path in folder.rglob("*") if path.is_file() or path.is_symlink()]:
        if needless(path.relative_to(folder)):
            removed += path.lstat().st_size
            path.unlink()
    remove_empty(folder)
    return removed


def needless(path: Path) -> bool:
    """Whether a file, by its path within the artifact, is never read at run time."""
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
    """Remove folders in which nothing is left."""
    for path in sorted((path for path in folder.rglob("*") if path.is_dir()), key=lambda path: len(path.parts), reverse=True):
        if not any(path.iterdir()):
            path.rmdir()
