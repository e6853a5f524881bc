"""Plans: what a request publishes on each account, checked before anything is written or sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from noillusion.connections import credentials
from noillusion.connections.rows import CredentialRow
from noillusion.core import clock
from noillusion.core.errors import Invalid, NotFound, field_error
from noillusion.db import Actor, Query, database
from noillusion.flows.draft import says_something, text_length
from noillusion.publishing import caps, drafts, origins, preflight, request_limits, store
from noillusion.publishing.content import EMPTY
from noillusion.publishing.drafts import PublishPlan
from noillusion.publishing.leases import Lease
from noillusion.publishing.limit_store import NO_LIMIT
from noillusion.publishing.models import CheckRequest, CheckResult, HeldPostRequest, PostRequest
from noillusion.publishing.request_limits import RequestLimit
from noillusion.publishing.rows import LeasedTarget, NewTarget

TARGET_DEADLINE = timedelta(hours=24)
SENT_AT_ONCE = 48_000_000
"""Bytes that are sent before the response. At 3 MB/s, as slow hosts have, they take 16 s; the platform's processing, the checks
and the other calls of a publication need the rest of the 29 s."""


class UnknownConnection(NotFound):
    """A target names a connection that is absent, or somebody else's."""

    def __init__(self, fields: Sequence[str]) -> None:
        super().__init__(errors=[field_error(name, "connection") for name in fields])


async def check(user_id: str, request: CheckRequest, deadline: float) -> CheckResult:
    """Check a post for all targets at once. Nothing is sent, and nothing written but the count of checks. ``live``: the
    platforms are asked about the accounts."""
    limit = request_limits.of_checks(user_id)
    targets = [drafts.to_check(plan) for plan in await inspect(user_id, request, deadline, live=request.live, limit=limit)]
    return CheckResult(ok=all(target.ok for target in targets), targets=targets)


async def inspect(
    user_id: str, request: PostRequest, deadline: float, *, live: bool = False, limit: RequestLimit | None = None
) -> list[PublishPlan]:
    """Return the plans of a post with all their problems. It counts towards ``limit``, if there is one."""
    connected = credentials.of_user(user_id)
    count = limit.count() if limit else ()
    recent = store.recent(user_id, [target.connection_id for target in request.targets], clock.now() - caps.DAY)
    results = await database().flight(Actor(user_id), connected, recent, *count)
    if limit:
        limit.tell(results, count)
        limit.check_room(results, count, counted=True)
    checked = caps.told(await preflight.look(plans(request, results[connected])), results[recent])
    if not live:
        return checked
    # The runner comes with it, which no other check needs.
    from noillusion.publishing import live as accounts

    return await accounts.look(checked, deadline)


def plans(request: PostRequest, rows: Sequence[CredentialRow]) -> list[PublishPlan]:
    """Return a plan for each target of a request, in its order."""
    known = {row.id: row for row in rows}
    unknown = [f"targets.{i}.connection_id" for i, target in enumerate(request.targets) if target.connection_id not in known]
    if unknown:
        raise UnknownConnection(unknown)
    contents = [drafts.content_of(target, request.content) for target in request.targets]
    empty = [field_error(f"targets.{i}.content", "content_missing") for i, content in enumerate(contents) if content is None]
    if empty:
        raise Invalid(empty)
    publish_at = request.publish_at if isinstance(request, HeldPostRequest) else None
    return [
        drafts.plan(
            known[target.connection_id], content or EMPTY, target.kind, target.options, origins.of_target(request, i), publish_at
        )
        for i, (target, content) in enumerate(zip(request.targets, contents, strict=True))
    ]


async def valid(unchecked: Sequence[PublishPlan]) -> list[PublishPlan]:
    """Return the plans with their media looked at. :class:`Invalid` if anything forbids publishing one of them."""
    checked = await preflight.look(unchecked)
    errors = drafts.field_errors(checked)
    if errors:
        raise Invalid(errors)
    return checked


def takes_long(plans: Sequence[PublishPlan]) -> bool:
    """Return whether more bytes have to be sent than a request has the time for. Targets share the function's network."""
    sent = (file for plan in plans for file in plan.platform.sent_bytes(plan.draft, credentials.account_of(plan.connection)))
    return sum(file.size or 0 for file in sent) > SENT_AT_ONCE


def add_target(
    user_id: str,
    post_id: str,
    lease: Lease,
    plan: PublishPlan,
    *,
    position: int,
    attempt: int = 1,
    retry_of: str | None = None,
    key: str | None = None,
    request_fingerprint: str | None = None,
    most_requests: int = NO_LIMIT,
) -> Query[LeasedTarget]:
    """Return the statement that adds a plan's target to its post, in the hands of the lease's owner. ``key`` is hashed."""
    target_id, text, held_until = str(uuid4()), plan.platform.stored_text(plan.draft), _held_until(plan)
    return store.add_target(
        NewTarget(
            id=target_id,
            user_id=user_id,
            post_id=post_id,
            connection_id=plan.connection.id,
            platform=plan.platform.name,
            account_id=plan.connection.account_id,
            position=position,
            kind=plan.draft.kind,
            attempt=attempt,
            retry_of=retry_of,
            text_length=text_length(text),
            text_fingerprint=_fingerprint(user_id, target_id, text),
            key=key,
            request_fingerprint=request_fingerprint,
            first_comment="pending" if plan.draft.first_comment else None,
            owner=lease.owner,
            lease_until=lease.until,
            publish_at=held_until,
            deadline_at=(held_until or lease.since) + TARGET_DEADLINE,
            now=lease.since,
        ),
        most_requests,
    )


def _fingerprint(user_id: str, target_id: str, text: str) -> str | None:
    """Return what a post is recognized by if the answer is lost. Posts without text have none: it would match them all."""
    return drafts.text_fingerprint(user_id, target_id, text) if says_something(text) else None


def is_of(row: LeasedTarget, plan: PublishPlan) -> bool:
    """Return whether a target was added for the text that a plan sends."""
    text = plan.platform.stored_text(plan.draft)
    if not says_something(text):
        return row.text_fingerprint is None
    return drafts.is_text(row.text_fingerprint, row.user_id, row.id, text)


def _held_until(plan: PublishPlan) -> datetime | None:
    """Return the time until which a plan's platform is to hold the post."""
    at = plan.draft.publish_at
    return None if at is None else datetime.fromtimestamp(at, UTC)
