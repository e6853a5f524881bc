"""Where a run makes its progress durable."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class Checkpoint(Protocol):
    """Makes progress durable. Each method returns only once the record is."""

    async def committing(self, ahead: float | None) -> None:
        """The COMMIT is about to leave. ``ahead``: seconds by which the platform's clock is ahead of ours, where known."""
        ...

    async def not_committed(self) -> None:
        """The COMMIT was refused for certain, and the flow goes on from there."""
        ...

    async def keep(self, handles: Mapping[str, str]) -> None:
        """The platform gave these handles."""
        ...


class NoCheckpoint:
    """For flows with nothing to resume: reading, connecting, measuring."""

    async def committing(self, ahead: float | None) -> None:
        """Nothing is recorded."""

    async def not_committed(self) -> None:
        """Nothing is recorded."""

    async def keep(self, handles: Mapping[str, str]) -> None:
        """Nothing is recorded."""
