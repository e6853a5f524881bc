"""Runs one occurrence: publishes it in its way, exactly once, or says why not.

The post of an occurrence has its own idempotency key. A run that finds the post of an earlier one publishes nothing: it goes on
with that post, and makes a new attempt of it only where the ledger is certain that nothing was published.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from noillusion.connections import credentials, pauses
from noillusion.connections.rows import CredentialRow
from noillusion.core import clock
from noillusion.core.errors import AccountDeleted, Conflict, Invalid, NotFound, Problem
from noillusion.db import Actor, database
from noillusion.publishing import leases
from noillusion.publishing import service as publishing
from noillusion.publishing.models import PostRequest, RetryRequest
from noillusion.publishing.views import Post
from noillusion.scheduling import holding, outcomes, run_store, settling, ways
from noillusion.scheduling.faults import ScheduleFault
from noillusion.scheduling.outcomes import Outcome, key_of
from noillusion.scheduling.settling import Job

RETRY_S = 60.0
"""When an occurrence is tried again that could not be published for the moment."""


async def from_message(message: Mapping[str, object], deadline: float) -> None:
    """Run the occurrence whose ids a queue message holds."""
    user_id, occurrence_id = message.get("user_id"), message.get("occurrence_id")
    if isinstance(user_id, str) and isinstance(occurrence_id, str):
        await run(user_id, occurrence_id, deadline)


async def run(user_id: str, occurrence_id: str, deadline: float) -> None:
    """Run an occurrence if it is due and nobody else does. What comes too early or twice changes nothing."""
    lease = leases.new(deadline)
    before, taken = (
        run_store.occurrence(user_id, occurrence_id),
        run_store.take(user_id, occurrence_id, lease.owner, lease.since, lease.until),
    )
    schedule, target = run_store.schedule_of(user_id, occurrence_id), run_store.target_of(user_id, occurrence_id)
    connected = credentials.of_user(user_id)
    flight = await database().flight(Actor(user_id), before, taken, schedule, target, connected)
    earlier, row = flight.first(before), flight.first(taken)
    if earlier is None:
        return
    if row is not None:
        job = Job(row, flight.one(schedule), flight.one(target), lease.owner)
        connection = next((each for each in flight[connected] if each.id == row.connection_id), None)
        # What a platform holds was handed over by a request, which may have died before it noted its post.
        interrupted = earlier.state == "running" or row.post_id is not None or job.target.way == holding.WAY
        await settling.settle(job, await _outcome(job, connection, deadline, interrupted=interrupted))
    elif earlier.state in ("processing", "notified"):
        await _look(Job(earlier, flight.one(schedule), flight.one(target), None), lease.since)


async def _look(job: Job, now: datetime) -> None:
    """Look at an occurrence that waits: for the outcome of its post, or for what the user sends."""
    row = job.occurrence
    if row.state == "notified":
        if now > job.ends:
            await settling.settle(job, Outcome(state="missed", code="not_sent"))
        return
    post = await _post(row.user_id, row.post_id)
    if post is not None:
        job = await holding.follow(job, post)
    outcome = _after(job, post) if post else Outcome(state="unknown", code="outcome_unknown")
    await settling.settle(job, outcome)


def _after(job: Job, post: Post) -> Outcome:
    """Return the outcome that a post gives its occurrence; one that failed for the moment is tried again within the grace."""
    now = clock.now()
    at = outcomes.again_at(post, now)
    # What was handed over is not tried again: its content is not here any more.
    if at is not None and job.target.way != holding.WAY and at <= job.ends:
        return Outcome(state="pending", post_id=post.id, again_at=at)
    return outcomes.of_post(post, now, job.ends)


async def _outcome(job: Job, connection: CredentialRow | None, deadline: float, *, interrupted: bool) -> Outcome:
    """Publish, or go on with what an earlier run began. ``interrupted``: there was one."""
    row = job.occurrence
    post = await _begun(row.user_id, row.id, row.post_id) if interrupted else None
    if post is not None and outcomes.again_at(post, clock.now()) is None:
        return outcomes.of_post(post, clock.now(), job.ends)
    if clock.now() > job.ends:
        return outcomes.of_post(post, clock.now(), job.ends) if post else Outcome(state="missed", code="overdue")
    if connection is None:
        return Outcome(state="failed", code="disconnected", post_id=post.id if post else None)
    if rests := pauses.of_posts(connection):
        return _again(job, rests.retry_after, post)
    try:
        request = await ways.get(job.target.way).content(row, job.target, deadline)
        if request is None:
            # What a user sent through the link is not here any more.
            return outcomes.of_post(post, clock.now(), job.ends) if post else Outcome(state="notified")
        return await _publish(job, request, post, deadline)
    except ScheduleFault as fault:
        if fault.transient and clock.now() + timedelta(seconds=RETRY_S) <= job.ends:
            return _again(job, None, post)
        return Outcome(state="failed", code=fault.code, detail=fault.detail, post_id=post.id if post else None)


async def _publish(job: Job, request: PostRequest, post: Post | None, deadline: float) -> Outcome:
    row = job.occurrence
    try:
        if post is not None:
            again = RetryRequest(content=request.targets[0].content or request.content, options=request.targets[0].options)
            post = (await publishing.retry(row.user_id, post.id, again, None, deadline)).post
        else:
            named = request.model_copy(update={"client_reference": job.schedule.client_reference})
            post = Post.model_validate((await publishing.create(row.user_id, key_of(row.id), named, deadline)).body)
    except AccountDeleted:
        raise
    except Problem as problem:
        return _refused(job, problem, post)
    return _after(job, post)


def _refused(job: Job, problem: Problem, post: Post | None) -> Outcome:
    """Return the outcome of an occurrence for which no attempt was made."""
    post_id = post.id if post else None
    if isinstance(problem, Invalid):
        detail = problem.errors[0].code if problem.errors else ""
        return Outcome(state="failed", code="content_refused", detail=detail, post_id=post_id)
    if isinstance(problem, NotFound) or (isinstance(problem, Conflict) and problem.code == "disconnected"):
        return Outcome(state="failed", code="disconnected", post_id=post_id)
    return _again(job, problem.retry_after, post)


def _again(job: Job, seconds: float | None, post: Post | None) -> Outcome:
    """Return that an occurrence is tried again, at the latest when its grace is over."""
    now = clock.now()
    ends = job.ends + timedelta(seconds=1)
    at = min(now + timedelta(seconds=seconds or RETRY_S), max(ends, now + timedelta(seconds=1)))
    return Outcome(state="pending", post_id=post.id if post else None, again_at=at)


async def _begun(user_id: str, occurrence_id: str, post_id: str | None) -> Post | None:
    """Return the post that an earlier run made, ``None`` if it made none."""
    if post_id is not None and (post := await _post(user_id, post_id)) is not None:
        return post
    return await holding.begun(user_id, occurrence_id)


async def _post(user_id: str, post_id: str | None) -> Post | None:
    try:
        return await publishing.get_post(user_id, post_id) if post_id else None
    except NotFound:
        return None
