"""Posts that a platform holds until their time: another text, another time, publishing them now, withdrawing them.

All of it can be sent again without harm: the same text, the same time, a post that is public or gone already. Where an answer is
lost, the platform is looked at, and what it shows is recorded.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from noillusion.connections import credentials
from noillusion.connections.rows import CredentialRow
from noillusion.core import clock, logs
from noillusion.core.errors import Conflict, FieldError, Invalid, NotFound, Upstream
from noillusion.core.records import record
from noillusion.core.sensitive import Content
from noillusion.db import Actor, database
from noillusion.flows.draft import Draft
from noillusion.flows.faults import ErrorClass, Fault, OutcomeUnknown, PlatformError
from noillusion.flows.protocol import HELD, Flow, Published
from noillusion.flows.runner import Runner, Session
from noillusion.platforms.catalog import get
from noillusion.platforms.contract import Platform
from noillusion.platforms.holding import holding_issues
from noillusion.publishing import advance, editing, evidence, execute, leases, store
from noillusion.publishing.ledger import SAME_TIME, TargetLedger, Writer
from noillusion.publishing.listing import get_post
from noillusion.publishing.rows import LeasedTarget, TargetRow
from noillusion.publishing.status import OPEN, current
from noillusion.publishing.views import Post
from noillusion.vault.sealer import SealBroken

SEAL_BROKEN = Fault(ErrorClass.REAUTH, "seal_broken", certain=True)


@record()
class _Held:
    """A target whose post is held, in the hands of its lease's owner."""

    row: LeasedTarget
    connection: CredentialRow
    platform: Platform
    ledger: TargetLedger
    deadline: float


def is_held(row: TargetRow) -> bool:
    """Return whether a platform holds the post of a target, as far as is known."""
    return row.status == "processing" and row.publish_at is not None and HELD in row.handles


async def change(user_id: str, post_id: str, text: Content | None, publish_at: datetime | None, deadline: float) -> Post:
    """Give a held post another text, another time, or both; ``None`` stays as it is. Nothing is sent if one has a problem."""
    row, connection = await _found(user_id, post_id)
    _check(text, publish_at, row, connection)
    held = await _taken(row, deadline)
    at = None if publish_at is None else int(publish_at.timestamp())
    flow = held.platform.change_held(row.handles, text, at, credentials.account_of(held.connection))
    refused = await _sent(held, flow)
    if refused is None and at is not None:
        await _hold(held, datetime.fromtimestamp(at, UTC))
    elif refused is None:
        await _hold(held, row.publish_at or clock.now())
    else:
        left = await _look(held, publish_at)
        # Of a text nothing can be read back.
        if text is not None or left is None or not _is_until(left, publish_at):
            raise _problem(refused)
    return await get_post(user_id, post_id)


async def release(user_id: str, post_id: str, deadline: float) -> Post:
    """Have a held post published at once."""
    row, _ = await _found(user_id, post_id)
    held = await _taken(row, deadline)
    refused = await _sent(held, held.platform.release_held(row.handles, credentials.account_of(held.connection)))
    if refused is None:
        # From now on it is due. Media may still be processed.
        held.ledger.row = replace(held.row, publish_at=clock.now())
    left = await _look(held)
    if refused is not None and (left is None or left.status != "published"):
        raise _problem(refused)
    return await get_post(user_id, post_id)


async def withdraw(user_id: str, post_id: str, deadline: float) -> Post:
    """Have a held post removed, so that it never becomes public."""
    row, connection = await _found(user_id, post_id)
    refused = await removed(row, connection, deadline)
    if refused is not None:
        raise _problem(refused)
    return await get_post(user_id, post_id)


async def removed(row: TargetRow, connection: CredentialRow, deadline: float) -> Fault | None:
    """Have the post of one target removed that is held. Returns the refusal, ``None`` if it is gone."""
    held = await _taken(row, deadline)
    for _ in range(2):
        # A second time, where the answer was lost: one that is gone counts as removed.
        refused = await _sent(held, held.platform.withdraw_held(row.handles, credentials.account_of(connection)))
        if refused is None:
            await held.ledger.withdrawn()
            return None
        if refused.certain:
            break
    await _look(held)
    return refused


async def look(user_id: str, post_id: str, deadline: float) -> Post:
    """Look at what the platform shows of a post that it holds, and record it."""
    row, _ = await _found(user_id, post_id)
    await advance.advance(user_id, row.id, deadline)
    return await get_post(user_id, post_id)


async def _found(user_id: str, post_id: str) -> tuple[TargetRow, CredentialRow]:
    """Return the target of a post that a platform holds, and its connection."""
    post, targets, connected = store.post(user_id, post_id), store.targets(user_id, post_id), credentials.of_user(user_id)
    results = await database().flight(Actor(user_id), post, targets, connected)
    if results.first(post) is None:
        raise NotFound
    rows = current(results[targets])
    row = next((each for each in rows if is_held(each)), None)
    if row is None and any(each.status in OPEN for each in rows):
        # It is being handed over, or its outcome is being looked up.
        raise Conflict("post_busy")
    connection = next((each for each in results[connected] if row and each.id == row.connection_id), None)
    # A post that was found by its text may be one that a person scheduled by hand.
    if row is None or connection is None or not evidence.certainly_owned(row.accepted_id, row.handles):
        raise Conflict("not_held")
    return row, connection


def _check(text: Content | None, publish_at: datetime | None, row: TargetRow, connection: CredentialRow) -> None:
    """Raise :class:`Invalid` if the platform would not take the text or the time."""
    platform = get(connection.platform, connection.registration)
    errors = [] if text is None else editing.text_problems(text, row, connection)
    if publish_at is not None:
        draft = Draft(row.kind, Content(""), publish_at=int(publish_at.timestamp()))
        issues = holding_issues(draft, platform.capabilities.holds, clock.now().timestamp(), platform.title)
        errors += [FieldError("due_at", issue.code, issue.message, issue.params) for issue in issues]
    if errors:
        raise Invalid(errors)


async def _taken(row: TargetRow, deadline: float) -> _Held:
    lease = leases.new(deadline)
    taken = await leases.take(row.user_id, row.id, lease)
    if taken is None:
        raise Conflict("post_busy")
    leased, connection = taken
    if connection is None:
        # It was disconnected in this moment. The lease runs out, and the sweep records it.
        raise Conflict("not_held")
    platform = get(connection.platform, connection.registration)
    return _Held(leased, connection, platform, TargetLedger(leased, lease.owner, Writer(row.user_id)), deadline)


async def _sent(held: _Held, flow: Flow[None]) -> Fault | None:
    """Send a change. Returns the refusal, which is not certain if the answer was lost; ``None`` if it was made."""
    session, connection = Session(), held.connection
    try:
        session = await credentials.session(connection, held.deadline)
        await Runner(held.platform, session, deadline=held.deadline).run(flow)
    except PlatformError as refused:
        if refused.fault.error_class is ErrorClass.REAUTH:
            await credentials.refused(connection, session, refused.fault)
        lost = isinstance(refused, OutcomeUnknown)
        logs.event("held_post", target_id=held.row.id, platform=held.row.platform, status="lost" if lost else "refused")
        return replace(refused.fault, certain=not lost)
    except SealBroken:
        return SEAL_BROKEN
    return None


async def _hold(held: _Held, until: datetime) -> None:
    """Record that the platform holds the post until a time that it was given."""
    held.ledger.row = replace(held.row, publish_at=until)
    known = Published(held.row.accepted_id or "", held.row.platform_post_id, state="held", publish_at=int(until.timestamp()))
    left = await held.ledger.held(known)
    if left is not None:
        await advance.after(left, held.ledger)


async def _look(held: _Held, wanted: datetime | None = None) -> TargetRow | None:
    """Record what the platform shows of the post now. ``wanted``: the time that it was given, of which nobody has to be told."""
    flow = held.platform.resume(held.ledger.handles, credentials.account_of(held.connection))
    left = await execute.drive(held.connection, flow, held.ledger, held.deadline)
    if left is not None:
        held.ledger.moved = held.ledger.moved and not _is_until(left, wanted)
        await advance.after(left, held.ledger)
    return left


def _is_until(row: TargetRow, wanted: datetime | None) -> bool:
    return wanted is not None and row.publish_at is not None and abs(row.publish_at - wanted) < SAME_TIME


def _problem(refused: Fault) -> Upstream:
    if not refused.certain:
        return Upstream("change_unknown")
    return Upstream("change_refused", retry_after=refused.retry_after, error_class=refused.error_class.value)
