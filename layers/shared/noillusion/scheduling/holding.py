"""Schedules whose posts a platform holds: handed over at once, changed there, and followed until they are public."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from noillusion.connections.rows import CredentialRow
from noillusion.core import clock
from noillusion.core.errors import Conflict, FieldError, Invalid, field_error
from noillusion.core.sensitive import Content
from noillusion.db import Actor, database
from noillusion.publishing import held, planning
from noillusion.publishing.create import create
from noillusion.publishing.filters import Filters
from noillusion.publishing.listing import get_post, listing
from noillusion.publishing.models import HeldPostRequest, TargetInput
from noillusion.publishing.views import Post
from noillusion.scheduling import change_store, outcomes, run_store, settling, store, times
from noillusion.scheduling.models import ScheduleInput, ScheduleTargetInput
from noillusion.scheduling.outcomes import key_of
from noillusion.scheduling.rows import OccurrenceRow, ScheduleRow, TargetRow
from noillusion.scheduling.settling import Job

WAY = "native"
HANDED_OVER = frozenset({"due_at", "time_zone", "recurrence", "text"})
"""Fields of a change that have to reach what is handed over."""
_OWN = "targets.0"


async def check(
    schedule: ScheduleRow, body: ScheduleInput, rows: Sequence[TargetRow], connected: Sequence[CredentialRow]
) -> None:
    """Raise :class:`Invalid` with all that forbids a platform to hold the posts of a schedule. Nothing is sent."""
    errors = list(_unused(rows, body.targets))
    for row, given in _native(rows, body.targets):
        if schedule.rrule is not None:
            errors.append(field_error("recurrence", "native_recurrence"))
            break
        if given.content is None:
            errors.append(field_error(f"targets.{row.position}.content", "content_missing"))
            continue
        try:
            await planning.valid(planning.plans(_request(schedule, given), connected))
        except Invalid as refused:
            errors += [_within(error, row.position) for error in refused.errors]
    if errors:
        raise Invalid(errors)


def _unused(rows: Sequence[TargetRow], given: Sequence[ScheduleTargetInput]) -> Iterator[FieldError]:
    """Problems of content that would be dropped: another way has no use for it."""
    for row in rows:
        target = given[row.position]
        if row.way != WAY and (target.content is not None or target.options is not None):
            part = "options" if target.content is None else "content"
            yield field_error(f"targets.{row.position}.{part}", "native_only")


def _native(rows: Sequence[TargetRow], given: Sequence[ScheduleTargetInput]) -> list[tuple[TargetRow, ScheduleTargetInput]]:
    return [(row, given[row.position]) for row in rows if row.way == WAY and row.position < len(given)]


def _request(schedule: ScheduleRow, given: ScheduleTargetInput) -> HeldPostRequest:
    target = TargetInput(connection_id=given.connection_id, content=given.content, kind=given.kind, options=given.options)
    return HeldPostRequest(targets=[target], publish_at=schedule.due_at, client_reference=schedule.client_reference)


def _within(error: FieldError, position: int) -> FieldError:
    """Return an error with its path in the request of the schedule."""
    path = error.field
    if path == _OWN or path.startswith(f"{_OWN}."):
        path = f"targets.{position}{path.removeprefix(_OWN)}"
    about = {**error.about, **({"target": position} if "target" in error.about else {})}
    return FieldError(path, error.code, error.message, error.params, about)


async def hand_over(user_id: str, schedule_id: str, given: Sequence[ScheduleTargetInput], deadline: float) -> None:
    """Hand over what no platform holds yet. Each occurrence has a key of its own, so a repeat hands nothing over twice."""
    schedule, rows, occurrences = await _read(user_id, schedule_id)
    for row, target in _native(rows, given):
        occurrence = next((each for each in occurrences if each.target_id == row.id), None)
        if schedule is None or occurrence is None or occurrence.state != "pending" or occurrence.due_at <= clock.now():
            continue
        answer = await create(user_id, key_of(occurrence.id), _request(schedule, target), deadline)
        post = Post.model_validate(answer.body)
        job = Job(occurrence, schedule, row, None)
        await settling.settle(job, outcomes.of_post(post, clock.now(), job.ends))
        note, still_there = change_store.held(user_id, row.id, post.id, clock.now()), store.one(user_id, schedule_id)
        if (await database().flight(Actor(user_id), note, still_there)).first(still_there) is None:
            # It was deleted while its post was handed over.
            await _withdraw(user_id, post.id, deadline)


async def _read(user_id: str, schedule_id: str) -> tuple[ScheduleRow | None, Sequence[TargetRow], Sequence[OccurrenceRow]]:
    one, targets = store.one(user_id, schedule_id), store.targets(user_id, [schedule_id])
    occurrences = store.current_occurrences(user_id, [schedule_id])
    flight = await database().flight(Actor(user_id), one, targets, occurrences)
    return flight.first(one), flight[targets], flight[occurrences]


async def posts(user_id: str, schedule_id: str) -> Mapping[str, OccurrenceRow]:
    """Return the occurrences of a schedule whose posts a platform holds, by the ids of the posts.

    That of a request which died before it could note its post is found by its key.
    """
    return (await _kept(user_id, schedule_id))[0]


async def _kept(user_id: str, schedule_id: str) -> tuple[Mapping[str, OccurrenceRow], bool]:
    """Return the same, and whether there is a post that was not handed over yet: a request is about to do so, or died."""
    _, rows, occurrences = await _read(user_id, schedule_id)
    native, found, expected = {row.id for row in rows if row.way == WAY}, dict[str, OccurrenceRow](), False
    for each in occurrences:
        if each.target_id in native and each.state in ("processing", "pending"):
            post_id = each.post_id
            if post_id is None:
                post = await begun(user_id, each.id)
                expected = expected or post is None
                post_id = post.id if post is not None and _may_be_held(post) else None
            if post_id is not None:
                found[post_id] = each
    return found, expected


async def begun(user_id: str, occurrence_id: str) -> Post | None:
    """Return the post that was begun for an occurrence, ``None`` if there is none."""
    made = await listing(user_id, Filters(), None, 1, key_of(occurrence_id))
    return made.items[0] if made.items else None


def _may_be_held(post: Post) -> bool:
    """Return whether the platform holds the post, or may: a post that failed before is not there."""
    return post.targets[0].status not in ("failed", "canceled")


async def refuse(schedule: ScheduleRow, patch: Any) -> None:
    """Raise :class:`Invalid` for changes that are not possible where a platform holds a post: its content is not here."""
    given, errors = patch.model_fields_set, list[FieldError]()
    kept, expected = await _kept(schedule.user_id, schedule.id)
    if "targets" in given and (kept or expected or any(each.way == WAY for each in patch.targets)):
        errors.append(field_error("targets", "native_targets"))
    if "recurrence" in given and kept and schedule.rrule is not None:
        errors.append(field_error("recurrence", "native_recurrence"))
    if "text" in given and not kept and not expected:
        errors.append(field_error("text", "nothing_held"))
    if errors:
        raise Invalid(errors)
    if expected and given & HANDED_OVER:
        raise Conflict("post_busy")


async def refuse_pause(user_id: str, schedule_id: str) -> None:
    """Raise :class:`Conflict` if a platform holds a post of the schedule: nothing can pause there."""
    kept, expected = await _kept(user_id, schedule_id)
    if kept or expected:
        raise Conflict("held_not_pausable")


async def change(schedule: ScheduleRow, text: Content | None, due_at: datetime | None, deadline: float) -> None:
    """Give what platforms hold of a schedule another text, another time, or both."""
    for post_id, occurrence in (await posts(schedule.user_id, schedule.id)).items():
        await held.change(schedule.user_id, post_id, text, due_at, deadline)
        if due_at is not None:
            await _moved(occurrence, due_at, schedule)


async def publish_now(user_id: str, schedule_id: str, deadline: float) -> int:
    """Have platforms publish at once what they hold of a schedule. Returns the number of posts."""
    found, expected = await _kept(user_id, schedule_id)
    if expected:
        raise Conflict("post_busy")
    for post_id, occurrence in found.items():
        post = await held.release(user_id, post_id, deadline)
        await _settle(occurrence, post)
    return len(found)


async def cancel(user_id: str, schedule_id: str, deadline: float) -> None:
    """Have platforms remove what they hold of a schedule. What is public already stays."""
    for post_id in await posts(user_id, schedule_id):
        await _withdraw(user_id, post_id, deadline)


async def _withdraw(user_id: str, post_id: str, deadline: float) -> None:
    try:
        await held.withdraw(user_id, post_id, deadline)
    except Conflict as refused:
        if refused.code != "not_held":
            raise


async def removed(user_id: str, post_ids: Sequence[str]) -> None:
    """Settle the occurrences of posts that their platform removed."""
    found = run_store.of_posts(user_id, post_ids)
    for occurrence in (await database().flight(Actor(user_id), found))[found]:
        if occurrence.post_id is not None:
            await _settle(occurrence, await get_post(user_id, occurrence.post_id))


async def follow(job: Job, post: Post) -> Job:
    """Return an occurrence with the time of its post, which a person may have moved at the platform."""
    at = post.targets[0].publish_at
    if job.target.way != WAY or at is None or at == job.occurrence.due_at:
        return job
    moved = await _moved(job.occurrence, at, job.schedule)
    return job if moved is None else Job(moved, job.schedule, job.target, job.owner)


async def _moved(occurrence: OccurrenceRow, due_at: datetime, schedule: ScheduleRow) -> OccurrenceRow | None:
    local = times.local_text(due_at, schedule.time_zone)
    move = change_store.move_held(occurrence, due_at, local, clock.now())
    return (await database().flight(Actor(occurrence.user_id), move)).first(move)


async def _settle(occurrence: OccurrenceRow, post: Post) -> None:
    user_id = occurrence.user_id
    schedule, target = run_store.schedule_of(user_id, occurrence.id), run_store.target_of(user_id, occurrence.id)
    flight = await database().flight(Actor(occurrence.user_id), schedule, target)
    job = Job(occurrence, flight.one(schedule), flight.one(target), None)
    await settling.settle(job, outcomes.of_post(post, clock.now(), job.ends))
