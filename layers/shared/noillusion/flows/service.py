"""The part of a service that the runner needs to drive its flows."""

from __future__ import annotations

from typing import Protocol, TypeVar

from noillusion.flows.faults import Fault
from noillusion.flows.pauses import Pause
from noillusion.flows.protocol import Call, Flow, OtherVersion, Reply
from noillusion.flows.shapes import Forms

T = TypeVar("T")


class Service(Protocol):
    """Where a service is reached, how its refusals read, and the forms of its values. Every platform is one."""

    @property
    def name(self) -> str:
        """The name it has in logs."""

    @property
    def hosts(self) -> tuple[str, ...]:
        """The hosts that its calls may name."""

    @property
    def upload_hosts(self) -> tuple[str, ...]:
        """Host suffixes, besides its own hosts, to which it may direct uploads."""

    @property
    def signed_hosts(self) -> tuple[str, ...]:
        """The hosts that know proofs of the app's secret."""

    @property
    def forms(self) -> Forms:
        """The forms of its ids and links: nothing of another form is stored."""

    def classify(self, reply: Reply) -> Fault | None:
        """Return the fault in a reply, ``None`` for success. Decides on parsed codes only (failure-classes.md F8)."""
        ...

    def versioned(self, flow: Flow[T]) -> Flow[T]:
        """Return a flow that asks for another API version where the service refuses the one it asks for."""
        ...

    def other_version(self, call: Call, reply: Reply) -> OtherVersion | None:
        """Return the API version that a reply is of where the call asked for another one, ``None`` where nothing says so."""
        ...

    def pause(self, reply: Reply, fault: Fault | None) -> Pause | None:
        """Return how long the account is to be left alone after a reply, ``None`` if it need not be."""
        ...
