"""Changes the text of published posts where the platform allows it. The text is sent and not kept."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from noillusion.connections import credentials
from noillusion.connections.rows import CredentialRow
from noillusion.core import clock, logs
from noillusion.core.errors import AccountDeleted, Conflict, FieldError, Invalid, NotFound, field_error
from noillusion.core.preconditions import Condition
from noillusion.core.sensitive import Content
from noillusion.db import Actor, database
from noillusion.flows.draft import Draft, EditStatus, says_something
from noillusion.flows.faults import ErrorClass, Fault, OutcomeUnknown, PlatformError
from noillusion.flows.runner import Runner, Session
from noillusion.platforms.catalog import get
from noillusion.publishing import evidence, leases, progress, published_store, store
from noillusion.publishing.leases import Lease
from noillusion.publishing.listing import tag, to_post
from noillusion.publishing.reach import connection_of
from noillusion.publishing.rows import EditOutcome, TargetRow
from noillusion.publishing.status import current
from noillusion.publishing.views import EditReason, EditRequest, PostEdit, TargetEdit
from noillusion.vault.sealer import SealBroken

EDITED = EditOutcome("edited", None, None)
INTERNAL = EditOutcome("unknown", ErrorClass.UNKNOWN.value, "internal")


async def edit(user_id: str, post_id: str, request: EditRequest, condition: Condition, deadline: float) -> PostEdit:
    """Replace the text of a post's targets, and say for each what happened. Nothing is sent if one of them has a problem.

    :class:`Conflict` as long as a target is open: its post may have to be recognized by the text that was sent.
    """
    post, targets, connected = store.post(user_id, post_id), store.targets(user_id, post_id), credentials.of_user(user_id)
    results = await database().flight(Actor(user_id), post, targets, connected)
    row = results.first(post)
    if row is None:
        raise NotFound
    condition.check(tag(to_post(row, results[targets])))
    if any(progress.is_open(each) for each in current(results[targets])):
        raise Conflict("post_open")
    chosen = _chosen(request, current(results[targets]))
    pairs = [(each, connection_of(each, results[connected])) for each in chosen]
    _check(request.text, pairs)
    lease = leases.new(deadline)
    edits = (_edit(each, connection, request.text, lease, deadline) for each, connection in pairs)
    return PostEdit(id=post_id, targets=list(await asyncio.gather(*edits)))


def _chosen(request: EditRequest, rows: Sequence[TargetRow]) -> list[TargetRow]:
    if request.targets is None:
        return list(rows)
    by_id = {row.id: row for row in rows}
    missing = [field_error(f"targets.{i}", "target") for i, target in enumerate(request.targets) if target not in by_id]
    if missing:
        raise Invalid(missing)
    return [by_id[target] for target in request.targets]


def _check(text: Content, pairs: Sequence[tuple[TargetRow, CredentialRow | None]]) -> None:
    """Raise :class:`Invalid` if a platform would not take the text."""
    if not says_something(text.reveal()):
        raise Invalid([field_error("text", "edit_empty")])
    editable = [(row, connection) for row, connection in pairs if connection and _refusal(row) is None]
    errors = [error for row, connection in editable for error in text_problems(text, row, connection)]
    if errors:
        raise Invalid(errors)


def text_problems(text: Content, row: TargetRow, connection: CredentialRow) -> list[FieldError]:
    """Return what a platform has against a text. The other parts of the post stay as they are, and are not known any more."""
    about: dict[str, int | str] = {"target_id": row.id, "platform": row.platform}
    platform = get(connection.platform, connection.registration)
    found = platform.check(Draft(row.kind, text), credentials.account_of(connection))
    return [
        FieldError("text", issue.code, issue.message, issue.params, about)
        for issue in found
        if issue.field == "text" and issue.severity == "error"
    ]


def _refusal(row: TargetRow) -> EditReason | None:
    """Return why a target cannot be edited, ``None`` if it can."""
    if row.status != "published" or not row.platform_post_id:
        return "not_published"
    if row.deleted_at is not None:
        return "deleted"
    if not evidence.certainly_owned(row.accepted_id, row.handles):
        return "ownership_uncertain"
    return None if row.kind in get(row.platform).capabilities.edits else "platform_cannot_edit"


async def _edit(row: TargetRow, connection: CredentialRow | None, text: Content, lease: Lease, deadline: float) -> TargetEdit:
    def result(reason: EditReason | None) -> TargetEdit:
        return TargetEdit(target_id=row.id, platform=row.platform, edited=reason is None, reason=reason)

    refusal = _refusal(row)
    if refusal is not None:
        return result(refusal)
    if connection is None:
        return result("disconnected")
    begun = published_store.begin_edit(row.user_id, row.id, row.edited_at or row.created_at, lease)
    if not (await database().flight(Actor(row.user_id), begun)).number_of(begun):
        return result("edit_in_progress")
    outcome = await _outcome(row, connection, text, deadline)
    logs.event("edit", target_id=row.id, platform=row.platform, status=outcome.status, code=outcome.code)
    ended = published_store.end_edit(row.user_id, row.id, lease.owner, outcome, clock.now())
    await database().flight(Actor(row.user_id), ended)
    if outcome.status == "unknown":
        return result("outcome_unknown")
    return result(ErrorClass(outcome.error_class) if outcome.error_class else None)


async def _outcome(row: TargetRow, connection: CredentialRow, text: Content, deadline: float) -> EditOutcome:
    platform, session = get(connection.platform, connection.registration), Session()
    try:
        session = await credentials.session(connection, deadline)
        flow = platform.edit(row.platform_post_id or "", text, credentials.account_of(connection))
        await Runner(platform, session, deadline=deadline).run(flow)
    except OutcomeUnknown as unknown:
        return _recorded("unknown", unknown.fault)
    except PlatformError as refused:
        if refused.fault.error_class is ErrorClass.REAUTH:
            await credentials.refused(connection, session, refused.fault)
        return _recorded("failed", refused.fault)
    except SealBroken:
        return _recorded("failed", Fault(ErrorClass.REAUTH, "seal_broken"))
    except AccountDeleted:
        raise
    except Exception as error:  # noqa: BLE001 - recorded as an outcome; nothing of the text may reach a log
        logs.failure("edit_crashed", error, target_id=row.id)
        return INTERNAL
    return EDITED


def _recorded(status: EditStatus, fault: Fault) -> EditOutcome:
    return EditOutcome(status, fault.error_class.value, fault.code)
