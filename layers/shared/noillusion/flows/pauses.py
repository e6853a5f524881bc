"""Pauses: how long an account is left alone after a reply that told of a limit."""

from __future__ import annotations

from noillusion.core.records import record
from noillusion.flows.faults import ErrorClass, Fault


@record(eq=True)
class Pause:
    """A rest of an account, in seconds: of publishing, or of every call with its token."""

    seconds: float
    every_call: bool = False


def of_refusal(fault: Fault | None) -> Pause | None:
    """Return the pause of publishing that a throttle asks for; ``None`` for any other reply."""
    if fault is None or fault.error_class is not ErrorClass.RATE_LIMIT or not fault.retry_after:
        return None
    return Pause(fault.retry_after)
