"""The way ``native``: the platform holds the post and publishes it when it is due. Its content is in the request alone.

An occurrence has its post from the beginning (``scheduling/holding.py``), so there is nothing to publish when it is due.
"""

from __future__ import annotations

from noillusion.connections.rows import ConnectionRow
from noillusion.core.errors import Conflict, FieldError
from noillusion.platforms import catalog
from noillusion.publishing import held
from noillusion.publishing.models import PostRequest
from noillusion.scheduling.faults import ScheduleFault
from noillusion.scheduling.models import ScheduleTargetInput, WayReason
from noillusion.scheduling.rows import OccurrenceRow, TargetRow
from noillusion.scheduling.ways import Source

NEEDS_NOTHING = False


def reason(connection: ConnectionRow) -> WayReason:
    """Return ``available`` where the platform holds posts until they are due."""
    if not catalog.get(connection.platform, connection.registration).capabilities.holds:
        return "platform_cannot_hold"
    return "available" if connection.status == "active" else "reauth_required"


def fits(given: ScheduleTargetInput) -> bool:
    """Return whether the content is there to be handed over."""
    return given.content is not None


def source(_: ScheduleTargetInput) -> Source:
    """Return that nothing is stored."""
    return Source()


async def verify(user_id: str, target: TargetRow, deadline: float, *, live: bool = False) -> list[FieldError]:  # noqa: ARG001
    """Look at what the platform holds. Before it is handed over there is nothing to see: its checks are those of its content."""
    if target.post_id is None:
        return []
    try:
        post = await held.look(user_id, target.post_id, deadline)
    except Conflict:
        # It is over, or its outcome is being found out: the ledger tells the user.
        return []
    (seen,) = post.targets
    return [FieldError("way", seen.error.error_class.value, seen.error.message)] if seen.error is not None else []


async def content(_occurrence: OccurrenceRow, _target: TargetRow, _deadline: float) -> PostRequest | None:
    """Return nothing, ever: what was not handed over in time is not here, and what was must not be published twice."""
    raise ScheduleFault("content_refused", "not_handed_over")
