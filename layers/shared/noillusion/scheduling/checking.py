"""Holds what would be published against the rules of its account, without publishing it."""

from __future__ import annotations

from noillusion.connections.rows import ConnectionRow
from noillusion.core.errors import FieldError, NotFound, Upstream, field_error
from noillusion.publishing import drafts, planning
from noillusion.publishing.models import PostRequest
from noillusion.scheduling.models import WayReason


def reason(connection: ConnectionRow) -> WayReason:
    """Return ``available`` for an account that works."""
    return "available" if connection.status == "active" else "reauth_required"


async def errors(user_id: str, request: PostRequest, deadline: float, *, path: str, live: bool) -> list[FieldError]:
    """Return what forbids publishing a post for one account. ``live``: its platform is asked about the account too.

    ``path``: where the content is in the target; errors of the account have ``connection_id``.
    """
    try:
        plans = await planning.inspect(user_id, request, deadline, live=live)
    except NotFound:
        return [field_error("connection_id", "connection")]
    return [_moved(error, path) for error in drafts.field_errors(plans)]


async def account_errors(user_id: str, connection_id: str | None, deadline: float) -> list[FieldError]:
    """Return what keeps an account from publishing at the moment, whatever the content. A platform may not tell."""
    # The runner comes with it, which only this needs.
    from noillusion.publishing import live

    try:
        found = await live.publishing_options(user_id, connection_id or "", deadline)
    except NotFound:
        return [field_error("connection_id", "connection")]
    except Upstream:
        return []
    if found.can_publish:
        return []
    return [FieldError("connection_id", each.code, each.message) for each in found.problems]


def _moved(error: FieldError, path: str) -> FieldError:
    """Return an error with its path in the target: that in the request is one of this service's own."""
    field = error.field.removeprefix("targets.0.")
    if field != "connection_id":
        field = f"{path}.{field}"
    return FieldError(field, error.code, error.message, error.params)
