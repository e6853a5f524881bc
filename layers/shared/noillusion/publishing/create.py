"""Creates a post once, however often its request is sent: under one idempotency key there is one post and one answer."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid4

from pydantic import BaseModel

from noillusion.connections import credentials
from noillusion.connections.rows import CredentialRow
from noillusion.core import clock
from noillusion.core.errors import Conflict, Invalid, field_error
from noillusion.db import Actor, database
from noillusion.idempotency import WINDOW, canonical, hashes, is_form_of
from noillusion.publishing import background, leases, planning, preflight, request_limits, store
from noillusion.publishing.background import Later
from noillusion.publishing.drafts import PublishPlan
from noillusion.publishing.listing import get_post, to_post
from noillusion.publishing.models import Answer, PostRequest
from noillusion.publishing.request_limits import RequestLimit
from noillusion.publishing.rows import NewPost, RequestRow
from noillusion.publishing.running import interrupted, run
from noillusion.publishing.views import Post
from noillusion.vault.sealer import fingerprint, matches


def _identity(user_id: str, key: str, request: BaseModel) -> tuple[str, ...]:
    """Return the parts of a request's fingerprint. With the key among them it tells whether two requests under one key are the
    same, and nothing beyond that."""
    return "request", user_id, key, canonical(request)


async def create(user_id: str, key: str, request: PostRequest, deadline: float, later: Later | None = None) -> Answer:
    """Publish. The same key with the same request gives the same answer; with another request it is a conflict.

    With ``later``, the response may come before anything is published: if the client prefers that, or if it takes long.
    """
    identity, keys = _identity(user_id, key, request), hashes(user_id, "posts", key)
    connected, under_key = credentials.of_user(user_id), store.by_key(user_id, keys)
    under_others = store.under_other_keys(user_id, clock.now() - WINDOW)
    reposted = [store.post(user_id, request.repost_of)] if request.repost_of is not None else []
    limit = request_limits.of_posts(user_id)
    used = limit.current()
    results = await database().flight(Actor(user_id), connected, under_key, under_others, *reposted, *used)
    limit.tell(results, used)
    # Compared here: the key itself is not sent to the database.
    earlier = results.first(under_key) or next(
        (row for row in results[under_others] if is_form_of(row.idempotency_key, user_id, "posts", key)), None
    )
    if earlier is not None:
        return await _repeated(user_id, earlier, identity, request, results[connected], deadline, later)
    # Asked before media are looked at; what counts is asked again when the key is claimed.
    limit.check_room(results, used, counted=False)
    if any(results.first(post) is None for post in reposted):
        raise Invalid([field_error("repost_of", "repost_of")])
    plans = await planning.valid(planning.plans(request, results[connected]))
    return await _claim_and_run(
        limit, keys[0], fingerprint(*identity), request, plans, deadline, background.handed_to(later, plans)
    )


async def _claim_and_run(
    limit: RequestLimit,
    key: str,
    request_fingerprint: str,
    request: PostRequest,
    plans: Sequence[PublishPlan],
    deadline: float,
    function: str | None,
) -> Answer:
    user_id, count = limit.user_id, limit.count(key)
    lease, post_id = background.lease() if function else leases.new(deadline), str(uuid4())
    claim = store.claim(
        NewPost(
            id=post_id,
            user_id=user_id,
            key=key,
            fingerprint=request_fingerprint,
            client_reference=request.client_reference,
            generation_id=request.generation_id,
            repost_of=request.repost_of,
            owner=lease.owner,
            lease_until=lease.until,
            now=lease.since,
        ),
        limit.most,
    )
    additions = [planning.add_target(user_id, post_id, lease, plan, position=i) for i, plan in enumerate(plans)]
    results = await database().flight(Actor(user_id), *count, claim, *additions)
    limit.tell(results, count)
    limit.check_room(results, count, counted=True)
    post = results.first(claim)
    if post is None:
        raise Conflict("idempotency_in_progress")
    work = [(results.one(addition), plan) for addition, plan in zip(additions, plans, strict=True)]
    if function and await background.hand_over(function, user_id, post_id, lease, request):
        # The invocation keeps the answer once it has one.
        return Answer(202, to_post(post, [row for row, _ in work]).model_dump(mode="json"), deferred=True)
    targets = await run(user_id, lease.owner, work, deadline)
    return await keep_answer(user_id, to_post(post, targets) if targets else await get_post(user_id, post_id))


async def keep_answer(user_id: str, post: Post) -> Answer:
    """Keep the answer of a request for its repeats, and return it."""
    code, body = 202 if post.status == "processing" else 201, post.model_dump(mode="json")
    await database().flight(Actor(user_id), store.answer(user_id, post.id, code, body, clock.now()))
    return Answer(code, body)


async def _repeated(
    user_id: str,
    earlier: RequestRow,
    identity: tuple[str, ...],
    request: PostRequest,
    connected: Sequence[CredentialRow],
    deadline: float,
    later: Later | None,
) -> Answer:
    """Answer a request whose key was used before."""
    if earlier.forgotten_at is not None:
        raise Conflict("post_forgotten")
    if earlier.request_fingerprint is None:
        raise Conflict("idempotency_key_expired")
    if not matches(earlier.request_fingerprint, *identity):
        raise Conflict("idempotency_key_reused")
    if earlier.answer is not None and earlier.answer_status is not None:
        return Answer(earlier.answer_status, earlier.answer, replayed=True)
    lease = leases.new(deadline)
    taken = store.take_over(user_id, earlier.id, lease.owner, lease.since, lease.until)
    if not (await database().flight(Actor(user_id), taken)).number_of(taken):
        raise Conflict("idempotency_in_progress")
    plans = await preflight.look(planning.plans(request, connected))
    function = background.handed_to(later, plans)
    if function:
        lease = background.lease(lease.owner)
        await database().flight(Actor(user_id), *store.renew(user_id, earlier.id, lease))
    work = await interrupted(user_id, lease, earlier.id, plans)
    if work and function and await background.hand_over(function, user_id, earlier.id, lease, request):
        return Answer(202, (await get_post(user_id, earlier.id)).model_dump(mode="json"), deferred=True)
    await run(user_id, lease.owner, work, deadline)
    return await keep_answer(user_id, await get_post(user_id, earlier.id))
