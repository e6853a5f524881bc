"""Retries failed targets as new attempts. Published ones are never touched."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from noillusion import idempotency
from noillusion.connections import credentials
from noillusion.connections.rows import CredentialRow
from noillusion.core import clock
from noillusion.core.errors import Conflict, Invalid, NotFound, field_error
from noillusion.db import Actor, Duplicate, Query, database
from noillusion.flows.draft import Kind
from noillusion.flows.faults import ErrorClass
from noillusion.publishing import background, drafts, leases, origins, planning, preflight, request_limits, status, store
from noillusion.publishing.background import Later
from noillusion.publishing.content import DERIVED, ContentInput
from noillusion.publishing.drafts import PublishPlan
from noillusion.publishing.leases import Lease
from noillusion.publishing.listing import get_post
from noillusion.publishing.models import OptionsInput, PostRequest, RetryRequest, RetryTarget, TargetInput
from noillusion.publishing.reach import connection_of
from noillusion.publishing.request_limits import RequestLimit
from noillusion.publishing.rows import KeyedAttempt, LeasedTarget, TargetRow
from noillusion.publishing.running import interrupted, run
from noillusion.publishing.status import current
from noillusion.publishing.views import Post


class Retried(NamedTuple):
    """A post with new attempts.

    ``replayed``: an earlier request with the same key made them. ``deferred``: they are made after the response.
    """

    post: Post
    replayed: bool = False
    deferred: bool = False


async def retry(
    user_id: str, post_id: str, request: RetryRequest, key: str | None, deadline: float, later: Later | None = None
) -> Retried:
    """Try failed targets again as new attempts; published ones are never touched.

    With ``later``, the response may come before anything is published: if the client prefers that, or if it takes long.
    """
    post, targets, connected = store.post(user_id, post_id), store.targets(user_id, post_id), credentials.of_user(user_id)
    keys = idempotency.hashes(user_id, "retries", key) if key else ()
    under_key = [store.retried_with(user_id, keys)] if keys else []
    limit = request_limits.of_posts(user_id)
    used = limit.current()
    results = await database().flight(Actor(user_id), post, targets, connected, *under_key, *used)
    limit.tell(results, used)
    if results.first(post) is None:
        raise NotFound
    if key and (earlier := results[under_key[0]]):
        _compare(user_id, post_id, request, key, earlier)
        made = _of(earlier, results[targets])
        return await _repeated(user_id, post_id, request, made, results[connected], deadline, later)
    limit.check_room(results, used, counted=False)
    chosen = _chosen(request, current(results[targets]))
    plans = await planning.valid([_plan(request, target, row, results[connected], i) for i, (target, row) in enumerate(chosen)])
    lease, function = _leased(later, plans, deadline)
    fingerprint = idempotency.fingerprint_of(user_id, "retries", key, request, post_id)
    additions = [
        # One attempt has the key, so that a unique index can guard it; all that the request makes have its fingerprint.
        _addition(limit, post_id, lease, plan, row, keys[0] if keys and i == 0 else None, fingerprint)
        for i, (plan, (_, row)) in enumerate(zip(plans, chosen, strict=True))
    ]
    try:
        added = await _add(limit, additions)
    except Duplicate:
        if key and (earlier := (await database().flight(Actor(user_id), *under_key))[under_key[0]]):
            _compare(user_id, post_id, request, key, earlier)
            raise Conflict("idempotency_in_progress") from None
        raise Conflict("retry_in_progress") from None
    work = list(zip(added, plans, strict=True))
    deferred = await _made(user_id, post_id, lease, work, deadline, function, _as_post(request, chosen, plans))
    return Retried(await get_post(user_id, post_id), deferred=deferred)


def _of(earlier: Sequence[KeyedAttempt], rows: Sequence[TargetRow]) -> list[TargetRow]:
    made = {attempt.id for attempt in earlier}
    return [row for row in rows if row.id in made]


def _leased(later: Later | None, plans: Sequence[PublishPlan], deadline: float) -> tuple[Lease, str | None]:
    """Return the lease of attempts, and the function that makes them if it is not this request."""
    function = background.handed_to(later, plans)
    return background.lease() if function else leases.new(deadline), function


async def _add(limit: RequestLimit, additions: Sequence[Query[LeasedTarget]]) -> list[LeasedTarget]:
    """Count the request and add its attempts, in one flight. It does not count if another request was faster.

    :class:`NotFound` if the post was forgotten while its media were looked at.
    """
    count = limit.count()
    added = await database().flight(Actor(limit.user_id), *count, *additions)
    limit.tell(added, count)
    limit.check_room(added, count, counted=True)
    rows = [row for addition in additions if (row := added.first(addition)) is not None]
    if len(rows) < len(additions):
        raise NotFound
    return rows


def _addition(
    limit: RequestLimit, post_id: str, lease: Lease, plan: PublishPlan, row: TargetRow, key: str | None, fingerprint: str | None
) -> Query[LeasedTarget]:
    """Return the statement that adds the attempt that replaces a target, with the key and fingerprint of the request."""
    return planning.add_target(
        limit.user_id,
        post_id,
        lease,
        plan,
        position=row.position,
        attempt=row.attempt + 1,
        retry_of=row.id,
        key=key,
        request_fingerprint=fingerprint,
        most_requests=limit.most,
    )


def _compare(user_id: str, post_id: str, request: RetryRequest, key: str, earlier: Sequence[KeyedAttempt]) -> None:
    """Raise :class:`Conflict` unless the request repeats the one that made these attempts."""
    first = earlier[0]
    idempotency.check_repeat(first.request_fingerprint, first.created_at, user_id, "retries", key, request, post_id)


async def _repeated(
    user_id: str,
    post_id: str,
    request: RetryRequest,
    earlier: Sequence[TargetRow],
    connected: Sequence[CredentialRow],
    deadline: float,
    later: Later | None,
) -> Retried:
    """Answer a request whose key was used before. Attempts of a run that died before anything was sent are made now."""
    working = store.worked_on(user_id, [row.id for row in earlier], clock.now())
    if (await database().flight(Actor(user_id), working)).number_of(working):
        raise Conflict("idempotency_in_progress")
    content = {target.target_id: target for target in request.targets or ()}
    waiting = [row for row in earlier if row.status in ("pending", "preparing")]
    chosen = [(content.get(row.retry_of or "", RetryTarget(target_id=row.id)), row) for row in waiting]
    if not chosen:
        return Retried(await get_post(user_id, post_id), replayed=True)
    plans = await preflight.look([_plan(request, target, row, connected, i) for i, (target, row) in enumerate(chosen)])
    lease, function = _leased(later, plans, deadline)
    work = await interrupted(user_id, lease, post_id, plans)
    deferred = await _made(user_id, post_id, lease, work, deadline, function, _as_post(request, chosen, plans))
    return Retried(await get_post(user_id, post_id), replayed=True, deferred=deferred)


async def _made(
    user_id: str,
    post_id: str,
    lease: Lease,
    work: Sequence[tuple[LeasedTarget, PublishPlan]],
    deadline: float,
    function: str | None,
    request: PostRequest,
) -> bool:
    """Make attempts, or hand them over to ``function``. Return whether they were handed over."""
    if work and function and await background.hand_over(function, user_id, post_id, lease, request):
        return True
    await run(user_id, lease.owner, work, deadline)
    return False


def _as_post(request: RetryRequest, chosen: Sequence[tuple[RetryTarget, TargetRow]], plans: Sequence[PublishPlan]) -> PostRequest:
    """Return what is handed over: the same contents for the same accounts, in the form of a post of its own.

    The connections are those of the plans: an account may have been connected again since the attempt that failed.
    """
    targets = []
    for (target, row), plan in zip(chosen, plans, strict=True):
        content, kind, options = _parts(request, target, row)
        targets.append(TargetInput(connection_id=plan.connection.id, content=content, kind=kind, options=options))
    return PostRequest(targets=targets)


def _chosen(request: RetryRequest, rows: Sequence[TargetRow]) -> list[tuple[RetryTarget, TargetRow]]:
    """Return the targets to try again with their rows; raise a problem for those that cannot be."""

    def may(row: TargetRow) -> bool:
        if row.status == "failed":
            return row.error_class is not None and ErrorClass(row.error_class) in status.RETRYABLE
        return row.status == "unknown" and row.next_check_at is None and request.accept_duplicate_risk

    by_id = {row.id: row for row in rows}
    if request.targets is None:
        chosen = [(RetryTarget(target_id=row.id), row) for row in rows if may(row)]
        if not chosen:
            raise Conflict("nothing_to_retry")
        return chosen
    missing = [
        field_error(f"targets.{i}.target_id", "target")
        for i, target in enumerate(request.targets)
        if target.target_id not in by_id
    ]
    if missing:
        raise Invalid(missing)
    refused = [
        field_error(f"targets.{i}.target_id", "target_not_retryable")
        for i, target in enumerate(request.targets)
        if not may(by_id[target.target_id])
    ]
    if refused:
        raise Conflict("not_retryable", errors=refused)
    return [(target, by_id[target.target_id]) for target in request.targets]


def _plan(
    request: RetryRequest, target: RetryTarget, row: TargetRow, connected: Sequence[CredentialRow], index: int
) -> PublishPlan:
    content, kind, options = _parts(request, target, row)
    if content is None:
        at = "content" if request.targets is None else f"targets.{index}.content"
        raise Invalid([field_error(at, "content_not_stored")])
    connection = connection_of(row, connected)
    if connection is None:
        raise Conflict("disconnected")
    # What its platform was to hold is handed over for the same time.
    publish_at = row.publish_at if row.publish_at is not None and row.publish_at > clock.now() else None
    return drafts.plan(connection, content, kind, options, origins.of_retry(request, target, index), publish_at)


def _parts(
    request: RetryRequest, target: RetryTarget, row: TargetRow
) -> tuple[ContentInput | None, Kind | None, OptionsInput | None]:
    """Return the content, kind and options of one new attempt."""
    options = target.options or request.options
    if options is not None and target.options is None:
        # Shared options may name several platforms; each target takes its own block.
        options = options.model_copy(update={n: None for n in type(options).model_fields if n != row.platform})
    # What was asked for stays: without it, a story would become a post like any other.
    kind = target.kind or (None if row.kind in DERIVED else row.kind)
    return target.content or request.content, kind, options
