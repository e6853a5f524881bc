"""What the simulated platforms hold, kept in a file from one run to the next, as the real ones keep it on their servers.

Accounts, tokens, posts, uploads and simulated time are kept. What was set through the control API is not: faults, latency,
settings and consent. AI providers keep nothing. The file is outside the directory of the instance, where no content may be.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from starlette.types import ASGIApp, Receive, Scope, Send

from local.simulators.registry import PLATFORMS
from local.simulators.world import World

SAVE_EVERY_S = 1.0
NOT_KEPT = frozenset({"world", "settings", "consent", "tasks", "digests"})
"""Attributes of a platform's memory that belong to a run."""
TRUSTED = {
    "builtins": {"set", "frozenset", "bytearray"},
    "collections": {"Counter", "defaultdict", "deque"},
}
WORLD, TASK = "world", "task"


@runtime_checkable
class Remembers(Protocol):
    """A simulator that holds something. AI providers hold nothing worth keeping."""

    memory: object


class _Writer(pickle.Pickler):
    """Leaves out what belongs to the process."""

    def persistent_id(self, thing: Any) -> str | None:
        """Return a name for what is not written."""
        if isinstance(thing, World):
            return WORLD
        return TASK if isinstance(thing, asyncio.Task) else None


class _Reader(pickle.Unpickler):
    """Makes plain data and objects of the simulators, and nothing else: a file must not be able to run code."""

    def __init__(self, file: io.BytesIO, world: World) -> None:
        super().__init__(file)
        self._world = world

    def persistent_load(self, name: Any) -> Any:
        """Return this process's own for what was not written."""
        return self._world if name == WORLD else None

    def find_class(self, module: str, name: str) -> Any:
        """Return a class by its name. Raises UnpicklingError."""
        own = module.startswith("local.simulators.") and "." not in name
        if own or name in TRUSTED.get(module, ()):
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} has no place in this file")


def version() -> str:
    """Return a digest of the simulators' code: what other code has written may not fit."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def dump(world: World) -> bytes:
    """Return what the platforms of a world hold."""
    kept = {name: {k: v for k, v in memory.items() if k not in NOT_KEPT} for name, memory in _memories(world).items()}
    content = io.BytesIO()
    _Writer(content, protocol=5).dump({"offset_s": world.clock.offset, "platforms": kept})
    return content.getvalue()


def restore(world: World, content: bytes) -> None:
    """Let the platforms of a world hold what :func:`dump` returned. Raises ValueError, EOFError or UnpicklingError."""
    found = _Reader(io.BytesIO(content), world).load()
    world.clock.offset = found["offset_s"]
    memories = _memories(world)
    for name, memory in found["platforms"].items():
        memories[name].update(memory)
    for resume in world.resumed:
        resume()


def _memories(world: World) -> dict[str, dict[str, Any]]:
    """Return the attributes of each platform's memory."""
    simulators = {name: world.simulators[name] for name in PLATFORMS}
    return {name: vars(simulator.memory) for name, simulator in simulators.items() if isinstance(simulator, Remembers)}


class Kept:
    """The file of a world, as an application around the world's: read at the start, written after requests and at the end."""

    def __init__(self, world: World, path: Path, app: ASGIApp, say: Callable[[str], None]) -> None:
        self._world, self._path, self._app, self._say = world, path, app, say
        self._version = version()
        self._changed = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request, after which there may be something to write."""
        try:
            await self._app(scope, receive, send)
        finally:
            self._changed = True

    def load(self) -> None:
        """Restore what an earlier run left; a file that cannot be used is told of and ignored."""
        try:
            if self._path.stat().st_uid != os.geteuid():
                raise pickle.UnpicklingError("it belongs to another user")
            written_by, _, content = self._path.read_bytes().partition(b"\n")
            if written_by.decode() != self._version:
                self._say("the simulators have changed: their accounts and posts start afresh")
                return
            restore(self._world, content)
        except FileNotFoundError:
            return
        except (OSError, ValueError, EOFError, pickle.UnpicklingError) as problem:
            self._say(f"what the simulators held cannot be read ({problem}): their accounts and posts start afresh")

    def save(self) -> None:
        """Write everything now: all of it or nothing, for this user only. Where that is not possible, say so."""
        self._changed = False
        try:
            self._write()
        except OSError as problem:
            self._say(f"what the simulators hold cannot be kept for the next run: {problem}")

    def _write(self) -> None:
        content = dump(self._world)
        temporary = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(self._version.encode() + b"\n" + content)
        temporary.replace(self._path)

    async def run(self) -> None:
        """Write changes until cancelled, so that little is lost if this process is killed."""
        while True:
            await asyncio.sleep(SAVE_EVERY_S)
            if self._changed:
                self.save()
