"""The way ``pull``: the content document is fetched from its owner's host when it is due, compared, published and forgotten."""

from __future__ import annotations

from noillusion.connections.rows import ConnectionRow
from noillusion.core.errors import FieldError
from noillusion.core.sensitive import Content, Secret
from noillusion.publishing.models import PostRequest, TargetInput
from noillusion.scheduling import checking, messages, sources
from noillusion.scheduling.document import DocumentInvalid
from noillusion.scheduling.faults import ScheduleFault
from noillusion.scheduling.models import ScheduleTargetInput, WayReason
from noillusion.scheduling.rows import OccurrenceRow, TargetRow
from noillusion.scheduling.ways import Source

NEEDS_NOTHING = False
DOCUMENT = "pull.document"
"""Where errors say that a field of the document is."""


def reason(connection: ConnectionRow) -> WayReason:
    """Return whether an account can be used. Any can that works: the document says what is published."""
    return checking.reason(connection)


def fits(given: ScheduleTargetInput) -> bool:
    """Return whether a target says where its document is."""
    return given.pull is not None


def source(given: ScheduleTargetInput) -> Source:
    """Return what is sealed: the URL. The hash stands beside it."""
    return Source(secret=Secret(given.pull.url.reveal()), sha256=given.pull.sha256) if given.pull else Source()


async def verify(user_id: str, target: TargetRow, deadline: float, *, live: bool = False) -> list[FieldError]:
    """Fetch the document and check it for the account: what would happen if it were due now, without publishing."""
    try:
        request = await _request(user_id, target, deadline)
    except ScheduleFault as fault:
        inner = fault.__cause__.errors if isinstance(fault.__cause__, DocumentInvalid) else ()
        told = [FieldError(f"{DOCUMENT}.{error.field}", error.code, error.message, error.params) for error in inner]
        return told or [FieldError("pull.url", fault.code, messages.CODES[fault.code])]
    return await checking.errors(user_id, request, deadline, path=DOCUMENT, live=live)


async def content(occurrence: OccurrenceRow, target: TargetRow, deadline: float) -> PostRequest:
    """Return what the document says. Raises :class:`ScheduleFault` if it is not there or not the one that was scheduled."""
    return await _request(occurrence.user_id, target, deadline)


async def _request(user_id: str, target: TargetRow, deadline: float) -> PostRequest:
    # The HTTP client comes with it, which only fetching needs.
    from noillusion.scheduling.pulling import pull

    url = Content(sources.opened(user_id, target).reveal())
    document = await pull(url, target.source_hash or "", deadline)
    published = TargetInput(connection_id=target.connection_id or "", kind=document.kind or target.kind, options=document.options)
    return PostRequest(content=document.content, targets=[published])
