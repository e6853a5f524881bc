"""Takes posts back: cancels what has not been sent, and deletes at the platforms what was published."""

from __future__ import annotations

import asyncio

from noillusion.connections import credentials
from noillusion.connections.rows import CredentialRow
from noillusion.core import clock
from noillusion.core.errors import Conflict, NotFound
from noillusion.db import Actor, database
from noillusion.flows.faults import ErrorClass, PlatformError
from noillusion.flows.runner import Runner
from noillusion.platforms.catalog import get
from noillusion.publishing import evidence, handover, held, status, store
from noillusion.publishing.listing import to_post
from noillusion.publishing.models import Removal, RemovalReason, TargetRemoval
from noillusion.publishing.reach import connection_of, deletes
from noillusion.publishing.rows import TargetRow
from noillusion.publishing.status import current
from noillusion.publishing.views import Post
from noillusion.vault.sealer import SealBroken


async def cancel(user_id: str, post_id: str) -> Post:
    """Cancel what has not been sent; :class:`Conflict` if there is nothing left to cancel."""
    canceled = store.cancel(user_id, post_id, clock.now())
    post, targets = store.post(user_id, post_id), store.targets(user_id, post_id)
    results = await database().flight(Actor(user_id), canceled, post, targets)
    row = results.first(post)
    if row is None:
        raise NotFound
    if not results.number_of(canceled):
        raise Conflict("nothing_to_cancel")
    await handover.withdraw_settled(target for target in results[targets] if target.status == "canceled")
    return to_post(row, results[targets])


async def delete(user_id: str, post_id: str, deadline: float) -> Removal:
    """Delete a post at every platform that allows it, and say for each target what happened."""
    post, targets, connected = store.post(user_id, post_id), store.targets(user_id, post_id), credentials.of_user(user_id)
    results = await database().flight(Actor(user_id), post, targets, connected)
    if results.first(post) is None:
        raise NotFound
    shown = current(results[targets])
    removals = await asyncio.gather(*(_delete(row, connection_of(row, results[connected]), deadline) for row in shown))
    gone = [row.id for removal, row in zip(removals, shown, strict=True) if removal.deleted and row.deleted_at is None]
    if gone:
        marks = (store.mark_deleted(user_id, target_id, clock.now()) for target_id in gone)
        await database().flight(Actor(user_id), *marks)
    return Removal(id=post_id, targets=list(removals))


async def _delete(row: TargetRow, connection: CredentialRow | None, deadline: float) -> TargetRemoval:
    def result(reason: RemovalReason | None) -> TargetRemoval:
        return TargetRemoval(target_id=row.id, platform=row.platform, deleted=reason is None, reason=reason)

    if row.deleted_at is not None:
        return result(None)
    if held.is_held(row) and connection is not None and evidence.certainly_owned(row.accepted_id, row.handles):
        refused = await held.removed(row, connection, deadline)
        return result(None if refused is None else refused.error_class)
    if row.status not in status.SUCCESS:
        return result("not_published")
    if not row.platform_post_id:
        # TikTok gives a post that is not public no id, and cannot delete it either.
        return result("not_published" if deletes(row, connection) else "platform_cannot_delete")
    if not evidence.certainly_owned(row.accepted_id, row.handles):
        return result("ownership_uncertain")
    if not deletes(row, connection):
        return result("platform_cannot_delete")
    if connection is None:
        return result("disconnected")
    platform = get(row.platform, connection.registration)
    try:
        session = await credentials.session(connection, deadline)
        account = credentials.account_of(connection)
        await Runner(platform, session, deadline=deadline).run(platform.delete(row.platform_post_id, account))
    except PlatformError as error:
        return result(error.fault.error_class)
    except SealBroken:
        return result(ErrorClass.REAUTH)
    return result(None)
