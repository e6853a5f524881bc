"""The way ``notify``: nothing is stored or fetched. When it is due, the user is told and publishes through a link of one use."""

from __future__ import annotations

from noillusion.connections.rows import ConnectionRow
from noillusion.core.errors import FieldError
from noillusion.publishing.models import PostRequest
from noillusion.scheduling import checking
from noillusion.scheduling.models import ScheduleTargetInput, WayReason
from noillusion.scheduling.rows import OccurrenceRow, TargetRow
from noillusion.scheduling.ways import Source

NEEDS_NOTHING = True


def reason(_: ConnectionRow) -> WayReason:
    """Return that every account can be used: whether it works shows when the content is sent."""
    return "available"


def fits(_: ScheduleTargetInput) -> bool:
    """Return that every target can be published in this way."""
    return True


def source(_: ScheduleTargetInput) -> Source:
    """Return that nothing is stored."""
    return Source()


async def verify(user_id: str, target: TargetRow, deadline: float, *, live: bool = False) -> list[FieldError]:
    """Check the account before it is due (``live``). There is no content yet."""
    return await checking.account_errors(user_id, target.connection_id, deadline) if live else []


async def content(_occurrence: OccurrenceRow, _target: TargetRow, _deadline: float) -> PostRequest | None:
    """Return nothing to publish."""
    return None
