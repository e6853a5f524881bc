"""Routes of schedules: what is published at a later time, in which way, and the link through which its content is sent."""

from __future__ import annotations

from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path, Query

from noillusion.api.paging import Page
from noillusion.api.resolver import (
    Api,
    Cursor,
    IdempotencyKey,
    IfMatch,
    IfNoneMatch,
    Limit,
    PathId,
    json_response,
    optional_key,
    replay,
    require_key,
    tagged,
    uuid_or_404,
)
from noillusion.core.fields import ClientReference, Id
from noillusion.core.preconditions import if_match, unless_known
from noillusion.publishing.content import MAX_INLINE_BYTES
from noillusion.publishing.views import Post
from noillusion.scheduling import service
from noillusion.scheduling.models import LinkRequest, OptionsRequest, Schedule, ScheduleInput, ScheduleOptions, SchedulePatch
from noillusion.scheduling.states import ScheduleStatus, WayName

BY_LINK = "POST /v1/schedules/links/{token}"
WITH_CONTENT = MAX_INLINE_BYTES * 4 // 3 + 256 * 1024
api = Api(body_limits=dict.fromkeys((BY_LINK, "POST /v1/schedules"), WITH_CONTENT))
app = api.resolver
handler = api.handler

Status = Annotated[ScheduleStatus | None, Query(description="Return only schedules with this status")]
Way = Annotated[WayName | None, Query(description="Return only schedules with a target in this way")]
ConnectionId = Annotated[Id | None, Query(description="Return only schedules with a target on this connection")]
Reference = Annotated[ClientReference | None, Query(description="Return only schedules with this `client_reference`")]
Token = Annotated[str, Path(description="Token of the link, from the occurrence or the notice")]


@app.post(
    "/v1/schedules",
    operation_id="createSchedule",
    summary="Schedule a post",
    description=(
        "No content is stored: each target names a way to get it when it is due, or has the platform hold it until then. "
        "Everything is checked first, and nothing is "
        "stored if a target has a problem. What is due is published within seconds of its time, and after an outage only within "
        "its grace."
    ),
    tags=["schedules"],
)
def create_schedule(given: ScheduleInput, idempotency_key: IdempotencyKey = None) -> Response[Schedule]:
    key = require_key(idempotency_key)
    schedule, replayed = api.run(service.create(api.user_id, key, given, api.deadline))
    headers = {"location": f"/v1/schedules/{schedule.id}", **replay(replayed)}
    return tagged(schedule, service.tag(schedule), 201, headers)


@app.get(
    "/v1/schedules",
    operation_id="listSchedules",
    summary="List schedules",
    description="Newest first, each target with its next occurrence or its last one.",
    tags=["schedules"],
)
def list_schedules(
    status: Status = None,
    way: Way = None,
    connection_id: ConnectionId = None,
    client_reference: Reference = None,
    cursor: Cursor = None,
    limit: Limit = 25,
) -> Page[Schedule]:
    filters = {"status": status, "way": way, "connection_id": connection_id, "client_reference": client_reference}
    return api.run(service.listing(api.user_id, filters, cursor, limit))


@app.post(
    "/v1/schedules/options",
    operation_id="getScheduleOptions",
    summary="List the ways of accounts",
    description="Returns the ways in which each account can be scheduled, the most private first, and why others cannot be used.",
    tags=["schedules"],
)
def schedule_options(request: OptionsRequest) -> ScheduleOptions:
    return api.run(service.options(api.user_id, request))


@app.post(
    "/v1/schedules/links/<token>",
    operation_id="publishByLink",
    summary="Send the content of a post that is due",
    description=(
        "For the way `notify`. The link is valid once, from the notice until the grace is over, and needs no access token. "
        "Content that is refused leaves it valid. The content is published and not stored."
    ),
    tags=["schedules"],
)
def publish_by_link(token: Token, request: LinkRequest) -> Response[Post]:
    answer = api.run(service.publish_by_link(token, request, api.deadline))
    return json_response(answer.status, answer.body, {})


@app.get(
    "/v1/schedules/<id>",
    operation_id="getSchedule",
    summary="Get a schedule",
    description="Returns times, ways and states. There is no content to return.",
    tags=["schedules"],
)
def get_schedule(id: PathId, known: IfNoneMatch = None) -> Response[Schedule]:
    schedule = api.run(service.get(api.user_id, uuid_or_404(id)))
    unless_known(known, service.tag(schedule))
    return tagged(schedule, service.tag(schedule))


@app.patch(
    "/v1/schedules/<id>",
    operation_id="updateSchedule",
    summary="Change a schedule",
    description=(
        "A merge patch. New times apply to what waits to be published; what is over stays as it is. `targets` replaces all "
        "targets, and forgets where their content was to come from."
    ),
    tags=["schedules"],
)
def update_schedule(id: PathId, patch: SchedulePatch, expected: IfMatch = None) -> Response[Schedule]:
    schedule = api.run(service.change(api.user_id, uuid_or_404(id), patch, if_match(expected), api.deadline))
    return tagged(schedule, service.tag(schedule))


@app.delete(
    "/v1/schedules/<id>",
    operation_id="deleteSchedule",
    summary="Delete a schedule",
    description=(
        "Deletes all its records. What waits is not published, and what a platform holds is removed there; posts that are public "
        "stay."
    ),
    tags=["schedules"],
)
def delete_schedule(id: PathId, expected: IfMatch = None) -> Response[None]:
    api.run(service.delete(api.user_id, uuid_or_404(id), api.deadline, if_match(expected)))
    return Response(status_code=204)


@app.post(
    "/v1/schedules/<id>/publish-now",
    operation_id="publishScheduleNow",
    summary="Publish what waits now",
    description=(
        "Publishes the next occurrence of each target now instead of at its time. With a recurrence, the one after it keeps its "
        "time. Send an `Idempotency-Key`, so that a repeat of the request does not publish that one too."
    ),
    tags=["schedules"],
)
def publish_now(id: PathId, idempotency_key: IdempotencyKey = None, expected: IfMatch = None) -> Response[Schedule]:
    key, condition = optional_key(idempotency_key), if_match(expected)
    schedule, replayed = api.run(service.publish_now(api.user_id, uuid_or_404(id), key, api.deadline, condition))
    return tagged(schedule, service.tag(schedule), 202, replay(replayed))


@app.post(
    "/v1/schedules/<id>/pause",
    operation_id="pauseSchedule",
    summary="Pause a schedule",
    description="Nothing of it is published until it is resumed. What a platform holds cannot be paused.",
    tags=["schedules"],
)
def pause_schedule(id: PathId, expected: IfMatch = None) -> Response[Schedule]:
    schedule = api.run(service.pause(api.user_id, uuid_or_404(id), if_match(expected)))
    return tagged(schedule, service.tag(schedule))


@app.post(
    "/v1/schedules/<id>/resume",
    operation_id="resumeSchedule",
    summary="Resume a schedule",
    description="What was due during the pause and is past its grace is skipped. The rest is published.",
    tags=["schedules"],
)
def resume_schedule(id: PathId, expected: IfMatch = None) -> Response[Schedule]:
    schedule = api.run(service.resume(api.user_id, uuid_or_404(id), if_match(expected)))
    return tagged(schedule, service.tag(schedule))
