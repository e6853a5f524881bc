"""Finds out whether a commit without an answer happened. It is never sent again before the platform says that it did not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from noillusion.connections import credentials
from noillusion.connections.rows import CredentialRow
from noillusion.core import clock, logs
from noillusion.db import WORKER, database
from noillusion.flows.faults import ErrorClass, Fault, PlatformError
from noillusion.flows.protocol import Absent, ListedPost, Listing, Lookup, Published, Unreadable
from noillusion.flows.runner import Runner
from noillusion.platforms.catalog import get
from noillusion.platforms.contract import Platform, ReadBack
from noillusion.publishing import drafts, evidence, ledger_store
from noillusion.publishing.evidence import Commit, Missing, Ours, Undecided
from noillusion.publishing.ledger import NOT_PUBLISHED, TargetLedger
from noillusion.publishing.rows import CommitRow, LeasedTarget, TargetRow
from noillusion.vault.sealer import SealBroken, comparable

UNREADABLE_AFTER = timedelta(hours=6)
"""How long a platform that cannot be read is asked again."""
OTHERS_SINCE = timedelta(days=1)
"""How far back other commits without a post are asked for."""


class NotPublished:
    """The platform does not have the post, for certain."""


async def look(
    row: LeasedTarget, connection: CredentialRow, ledger: TargetLedger, deadline: float
) -> TargetRow | NotPublished | None:
    """Read the platform once. Returns the target as it was left, or :class:`NotPublished` for the caller to act on."""
    platform = get(connection.platform, connection.registration)
    facts = platform.capabilities.read_back
    lookup = Lookup(ledger.handles, evidence.committed_at(row) - evidence.LOOKS_BACK_S, row.kind, _held_until(row))
    try:
        session = await credentials.session(connection, deadline)
        runner = Runner(platform, session, deadline=deadline)
        found = await runner.run(platform.find(lookup, credentials.account_of(connection)))
    except (PlatformError, SealBroken) as error:
        fault = error.fault if isinstance(error, PlatformError) else Fault(ErrorClass.REAUTH, "seal_broken")
        return await ledger.unknown(fault, None if _since(row) > UNREADABLE_AFTER else facts)
    if isinstance(found, Published):
        return await ledger.published(found)
    if isinstance(found, Unreadable):
        ledger.seen = {"reason": found.reason}
        return await ledger.unknown(_last(row), None)
    if isinstance(found, Listing):
        return await _judged(found, row, platform, ledger, runner.ahead)
    return await _absent(found, row, ledger, facts)


async def _judged(
    listing: Listing, row: LeasedTarget, platform: Platform, ledger: TargetLedger, ahead: float | None
) -> TargetRow | NotPublished | None:
    facts = platform.capabilities.read_back
    commit = _commit(row, facts, ahead)
    known = await _known(evidence.of_interest(commit, listing), row, facts, ahead)
    verdict = evidence.judge(commit, listing, *known)
    if isinstance(verdict, Ours):
        post, sure = verdict.post, listing.published
        result = Published(sure.accepted_id if sure else post.post_id, post.post_id, post.permalink)
        if post.publish_at is not None:
            result = replace(result, state="held", permalink=None, publish_at=post.publish_at)
        return await ledger.published(result, certain=verdict.certain or sure is not None)
    if listing.published is not None:
        if isinstance(verdict, Missing) and _since(row) < timedelta(seconds=facts.settles_after_s):
            # It is published, and the list does not show its id yet.
            return await ledger.waiting(facts.first_look_s)
        return await ledger.published(listing.published)
    if isinstance(verdict, Missing):
        return await _absent(Absent(verdict.final), row, ledger, facts)
    return await _undecided(verdict, row, ledger, facts)


async def _undecided(verdict: Undecided, row: LeasedTarget, ledger: TargetLedger, facts: ReadBack) -> TargetRow | None:
    ledger.seen = {"reason": verdict.reason, **verdict.seen}
    logs.event("read_back_undecided", target_id=ledger.target_id, platform=row.platform, **ledger.seen)
    fault = Fault(ErrorClass.UNKNOWN, verdict.reason)
    return await ledger.unknown(fault, None if _over(row, facts) else facts)


async def _absent(found: Absent, row: LeasedTarget, ledger: TargetLedger, facts: ReadBack) -> TargetRow | NotPublished | None:
    if found.final and _since(row) >= timedelta(seconds=facts.settles_after_s):
        return NotPublished()
    ledger.seen = {"reason": "not_listed"}
    return await ledger.unknown(NOT_PUBLISHED, None if _over(row, facts) else facts)


async def _known(
    posts: Sequence[ListedPost], row: LeasedTarget, facts: ReadBack, ahead: float | None
) -> tuple[frozenset[str], list[Commit]]:
    """Return the posts among these that other targets hold, and the other commits that could have made them, across users."""
    if not posts:
        return frozenset(), []
    where = (row.platform, row.account_id, row.id)
    ids = [post.post_id for post in posts]
    chunks = [ids[at : at + ledger_store.IDS_AT_ONCE] for at in range(0, len(ids), ledger_store.IDS_AT_ONCE)]
    others = ledger_store.open_commits(*where, _sent_at(row) - OTHERS_SINCE)
    recorded = [ledger_store.recorded_posts(*where, chunk) for chunk in chunks]
    results = await database().flight(WORKER, others, *recorded)
    posts_of_others = [post for each in recorded for post in results[each]]
    taken = {post_id for post in posts_of_others for post_id in (post.platform_post_id, post.accepted_id) if post_id is not None}
    return frozenset(taken), [_commit(other, facts, ahead, settled=True) for other in results[others]]


def _commit(row: CommitRow | LeasedTarget, facts: ReadBack, ahead: float | None, *, settled: bool = False) -> Commit:
    stored = row.text_fingerprint
    # A fingerprint whose key is gone matches nothing, which must not pass for a text that differs.
    is_text = partial(drafts.is_text, stored, row.user_id, row.id) if stored and comparable(stored) else None
    return evidence.commit_of(row, facts, is_text, ahead, settled=settled)


def _held_until(row: LeasedTarget) -> int | None:
    return None if row.publish_at is None else int(row.publish_at.timestamp())


def _since(row: LeasedTarget) -> timedelta:
    return clock.now() - _sent_at(row)


def _sent_at(row: LeasedTarget) -> datetime:
    assert row.committing_at is not None, "only what was sent is read back"
    return row.committing_at


def _over(row: LeasedTarget, facts: ReadBack) -> bool:
    return _since(row) >= timedelta(seconds=facts.gives_up_after_s)


def _last(row: LeasedTarget) -> Fault:
    """Return why the outcome is unknown, as it was recorded."""
    return Fault(ErrorClass(row.error_class or "transient"), row.platform_code or "no_answer")
