"""The ways in which content comes when it is due, the most private first. Each is a module, imported when it is first used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Protocol, cast

from noillusion.connections.rows import ConnectionRow
from noillusion.core.errors import FieldError
from noillusion.core.records import record
from noillusion.core.sensitive import Secret
from noillusion.publishing.models import PostRequest
from noillusion.scheduling.models import ScheduleTargetInput, WayReason
from noillusion.scheduling.rows import OccurrenceRow, TargetRow
from noillusion.scheduling.states import WayName


@record(kw_only=True)
class Source:
    """What a target stores of where its content comes from. ``secret`` is sealed."""

    secret: Secret | None = None
    sha256: str | None = None
    template_id: str | None = None
    template_version: int | None = None


class Way(Protocol):
    """A module of this package."""

    NEEDS_NOTHING: bool
    """Whether a request needs to name nothing but the account."""

    def reason(self, connection: ConnectionRow) -> WayReason:
        """Return ``available``, or why the way cannot be used for an account."""
        ...

    def fits(self, given: ScheduleTargetInput) -> bool:
        """Return whether a target that names no way can be published in this one."""
        ...

    def source(self, given: ScheduleTargetInput) -> Source:
        """Return what is stored of a target."""
        ...

    async def verify(self, user_id: str, target: TargetRow, deadline: float, *, live: bool = False) -> list[FieldError]:
        """Check a target when it is scheduled and, asking the platform too (``live``), before it is due.

        Paths of errors are those within the target.
        """
        ...

    async def content(self, occurrence: OccurrenceRow, target: TargetRow, deadline: float) -> PostRequest | None:
        """Return what is to be published now; ``None`` if the user is only told, and publishes it.

        Raises :class:`noillusion.scheduling.faults.ScheduleFault` where it cannot be had.
        """
        ...


MODULES: Mapping[WayName, str] = {
    "native": "noillusion.scheduling.ways.native",
    "pull": "noillusion.scheduling.ways.pull",
    "notify": "noillusion.scheduling.ways.notify",
    "generate": "noillusion.scheduling.ways.generate",
}
"""The most private first: the default of an account is the first that fits without more being given."""


def get(name: WayName) -> Way:
    """Return a way."""
    return cast(Way, import_module(MODULES[name]))


def names() -> Sequence[WayName]:
    """Return the ways of this version, the most private first."""
    return tuple(MODULES)
