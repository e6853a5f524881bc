"""Reads the public ids and the links of published targets again. The status of a target never changes by it."""

from __future__ import annotations

import asyncio

from noillusion.connections import credentials
from noillusion.connections.rows import CredentialRow
from noillusion.core import clock, logs
from noillusion.core.errors import NotFound
from noillusion.db import Actor, Duplicate, database
from noillusion.flows.faults import ErrorClass, PlatformError
from noillusion.flows.measures import PostRef
from noillusion.flows.protocol import Published
from noillusion.flows.runner import Runner
from noillusion.platforms.catalog import get
from noillusion.publishing import metrics, published_store, status, store
from noillusion.publishing.reach import connection_of
from noillusion.publishing.rows import TargetRow
from noillusion.publishing.status import current
from noillusion.publishing.views import PostRefresh, RefreshReason, TargetRefresh
from noillusion.vault.sealer import SealBroken


async def refresh(user_id: str, post_id: str, deadline: float) -> PostRefresh:
    """Read the ids and links of a post again, and say for each target what was found."""
    post, targets, connected = store.post(user_id, post_id), store.targets(user_id, post_id), credentials.of_user(user_id)
    results = await database().flight(Actor(user_id), post, targets, connected)
    if results.first(post) is None:
        raise NotFound
    shown = current(results[targets])
    found = await asyncio.gather(*(_refresh(row, connection_of(row, results[connected]), deadline) for row in shown))
    return PostRefresh(id=post_id, targets=list(found))


def _result(row: TargetRow, reason: RefreshReason | None, *, changed: bool = False) -> TargetRefresh:
    return TargetRefresh.of(row, target_id=row.id, changed=changed, reason=reason)


async def _refresh(row: TargetRow, connection: CredentialRow | None, deadline: float) -> TargetRefresh:
    if row.status not in status.SUCCESS:
        return _result(row, "not_published")
    if row.deleted_at is not None:
        return _result(row, "deleted")
    if connection is None:
        return _result(row, "disconnected")
    try:
        found = await _located(row, connection, deadline)
    except PlatformError as error:
        return _result(row, error.fault.error_class)
    except SealBroken:
        return _result(row, ErrorClass.REAUTH)
    new_id = row.platform_post_id is None and found.post_id is not None
    new_link = found.permalink is not None and found.permalink != row.permalink
    if not (new_id or new_link):
        return _result(row, None)
    return await _written(row, found)


async def _located(row: TargetRow, connection: CredentialRow, deadline: float) -> Published:
    platform = get(connection.platform, connection.registration)
    session = await credentials.session(connection, deadline)
    # The id by which the platform accepted the post is the one that it still knows where the public one is not known.
    handles = {**row.handles, "accepted_id": row.accepted_id or ""}
    flow = platform.locate(PostRef(row.platform_post_id or "", row.kind, handles), credentials.account_of(connection))
    return await Runner(platform, session, deadline=deadline).run(flow)


async def _written(row: TargetRow, found: Published) -> TargetRefresh:
    now = clock.now()
    write = published_store.located(row.user_id, row.id, found.post_id, found.permalink, now)
    measured = [metrics.begin_with_id(row.user_id, row.id, now)] if found.post_id else []
    try:
        written = (await database().flight(Actor(row.user_id), *measured, write)).first(write)
    except Duplicate:
        # Another target took this post for its own by its text. Which one is right, the person can see.
        logs.event("post_held_by_another", target_id=row.id, platform=row.platform)
        return _result(row, "held_by_another")
    return _result(row, "not_published") if written is None else _result(written, None, changed=True)
