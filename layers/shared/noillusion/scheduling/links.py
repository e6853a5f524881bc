"""The link of the way ``notify``: whoever has it can send the content of one occurrence, once, until its grace is over.

Its token is computed from the occurrence whenever it is shown, and stored nowhere.
"""

from __future__ import annotations

from dataclasses import replace

from noillusion.core import clock
from noillusion.core.errors import Conflict, FieldError, Invalid, NotFound, Problem
from noillusion.core.fields import is_id
from noillusion.db import WORKER, Actor, database
from noillusion.publishing import leases
from noillusion.publishing import service as publishing
from noillusion.publishing.models import Answer, PostRequest, TargetInput
from noillusion.publishing.views import Post
from noillusion.scheduling import clock_store, outcomes, run_store, settling
from noillusion.scheduling.models import LinkRequest
from noillusion.scheduling.outcomes import Outcome
from noillusion.scheduling.settling import Job
from noillusion.vault.sealer import fingerprint, matches

PURPOSE = "schedule-link"
PATH = "/v1/schedules/links/{token}"


def path_of(occurrence_id: str) -> str:
    """Return the path of the link of an occurrence."""
    return PATH.format(token=f"{occurrence_id}.{fingerprint(PURPOSE, occurrence_id)}")


def _occurrence_of(token: str) -> str:
    """Return the id of the occurrence of a token. Raises :class:`NotFound` if it is none of ours."""
    occurrence_id, _, proof = token.partition(".")
    if not is_id(occurrence_id) or not matches(proof, PURPOSE, occurrence_id):
        raise NotFound
    return occurrence_id


async def publish(token: str, body: LinkRequest, deadline: float) -> Answer:
    """Publish what a user sends through a link. Content that is refused leaves the link as it is.

    Raises :class:`NotFound` for a link of nothing, and :class:`Conflict` for one that was used or is too old.
    """
    occurrence_id = _occurrence_of(token)
    found = clock_store.owner(occurrence_id)
    owner = (await database().flight(WORKER, found)).first(found)
    if owner is None:
        raise NotFound
    job = await _take(owner.user_id, occurrence_id, deadline)
    connection_id = job.occurrence.connection_id
    if connection_id is None:
        await settling.settle(job, Outcome(state="failed", code="disconnected"))
        raise Conflict("disconnected")
    target = TargetInput(connection_id=connection_id, kind=body.kind or job.target.kind, options=body.options)
    reference = job.schedule.client_reference
    request = PostRequest(content=body.content, targets=[target], client_reference=reference)
    try:
        answer = await publishing.create(owner.user_id, outcomes.key_of(occurrence_id), request, deadline)
    except Problem as problem:
        await settling.settle(job, Outcome(state="notified"))
        if isinstance(problem, Invalid):
            raise Invalid([_at_top(error) for error in problem.errors]) from None
        raise
    await settling.settle(job, outcomes.of_post(Post.model_validate(answer.body), clock.now(), clock.now()))
    return answer


async def _take(user_id: str, occurrence_id: str, deadline: float) -> Job:
    lease = leases.new(deadline)
    taken = run_store.take_told(user_id, occurrence_id, lease.owner, lease.since, lease.until)
    schedule, target = run_store.schedule_of(user_id, occurrence_id), run_store.target_of(user_id, occurrence_id)
    flight = await database().flight(Actor(user_id), taken, schedule, target)
    row = flight.first(taken)
    if row is None:
        raise Conflict("link_over")
    job = Job(row, flight.one(schedule), flight.one(target), lease.owner)
    if lease.since > job.ends:
        # The clock has not come to it yet.
        await settling.settle(job, Outcome(state="missed", code="not_sent"))
        raise Conflict("link_over")
    return job


def _at_top(error: FieldError) -> FieldError:
    """Return an error with its path in the request as sent, which has one target."""
    return replace(error, field=error.field.removeprefix("targets.0."), about={})
