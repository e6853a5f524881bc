"""The ways that accounts can be used in, and why others cannot."""

from __future__ import annotations

from collections.abc import Sequence

from noillusion.connections import credentials
from noillusion.connections.rows import ConnectionRow
from noillusion.core.errors import Invalid, field_error
from noillusion.db import Actor, database
from noillusion.scheduling import messages, ways
from noillusion.scheduling.models import AccountWays, OptionsRequest, ScheduleOptions, WayOption


async def options(user_id: str, request: OptionsRequest) -> ScheduleOptions:
    """Return the ways of accounts. Raises :class:`Invalid` for ids of no connection of the user. One round trip."""
    connected = credentials.of_user(user_id)
    found = (await database().flight(Actor(user_id), connected))[connected]
    rows: Sequence[ConnectionRow] = found
    if request.connection_ids is not None:
        known = {row.id: row for row in rows}
        absent = [i for i, each in enumerate(request.connection_ids) if each not in known]
        if absent:
            raise Invalid([field_error(f"connection_ids.{i}", "connection") for i in absent])
        rows = [known[each] for each in request.connection_ids]
    return ScheduleOptions(accounts=[_of(row) for row in rows])


def _of(row: ConnectionRow) -> AccountWays:
    reasons = {name: ways.get(name).reason(row) for name in ways.names()}
    return AccountWays(
        connection_id=row.id,
        platform=row.platform,
        default_way=next(
            (name for name, reason in reasons.items() if reason == "available" and ways.get(name).NEEDS_NOTHING), None
        ),
        ways=[
            WayOption(way=name, available=reason == "available", reason=reason, message=messages.WAYS[reason])
            for name, reason in reasons.items()
        ],
    )
