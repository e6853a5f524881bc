"""Routes of the calendar: previews of recurrences, queue slots, what is due and was published, and the feed of a calendar."""

from __future__ import annotations

from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from noillusion.api.resolver import Api, Cursor, IfMatch, IfNoneMatch, Limit, PathId, json_response, tagged, uuid_or_404
from noillusion.catalog.platforms import PlatformName
from noillusion.core.fields import Id, TimeZone
from noillusion.core.instants import Instant
from noillusion.core.preconditions import if_match, unless_known
from noillusion.scheduling import calendar, calendar_feed, preview, slot_plans
from noillusion.scheduling.calendar_models import (
    Calendar,
    CalendarToken,
    EntryState,
    PreviewInput,
    SchedulePreview,
    SlotPlan,
    SlotPlanInput,
)
from noillusion.scheduling.feed import MEDIA_TYPE

# Calendar programs may add parameters of their own.
api = Api(open_queries=(calendar_feed.PATH,))
app = api.resolver
handler = api.handler

From = Annotated[Instant, Query(alias="from", description="Begin of the period, with a UTC offset")]
To = Annotated[Instant, Query(alias="to", description=f"End of the period (exclusive), at most {calendar.MAX_DAYS} days later")]
Zone = Annotated[TimeZone | None, Query(description="IANA time zone of local times. Default: that of the profile")]
Platform = Annotated[PlatformName | None, Query(description="Entries of this platform")]
Connection = Annotated[Id | None, Query(description="Entries of this account")]
State = Annotated[EntryState | None, Query(description="Entries in this state")]
Token = Annotated[str | None, Query(description="Token from `POST /v1/calendar/token`")]
FEED: dict[int, Any] = {
    200: {"description": "The calendar (RFC 5545)", "content": {"text/calendar": {"schema": {"type": "string"}}}}
}
FEED_CACHE = "private, max-age=300"


@app.post(
    "/v1/schedules/preview",
    operation_id="previewSchedule",
    summary="Preview the times of a schedule",
    description=(
        "Returns the next 20 times, each in UTC and as clocks show it. A rule is applied to the wall clock of the time zone: a "
        "time that clocks skip is moved forward by what they skip, and one that they repeat means the first. Nothing is stored."
    ),
    tags=["calendar"],
)
def preview_schedule(given: PreviewInput) -> SchedulePreview:
    return preview.preview(given)


@app.get(
    "/v1/connections/<connection_id>/slots",
    operation_id="getSlots",
    summary="Get the weekly plan of an account",
    description="Returns the times of the week at which the account publishes, and the next one that is free.",
    tags=["calendar"],
)
def get_slots(connection_id: PathId, known: IfNoneMatch = None) -> Response[SlotPlan]:
    plan = api.run(slot_plans.get(api.user_id, uuid_or_404(connection_id)))
    unless_known(known, slot_plans.tag(plan))
    return tagged(plan, slot_plans.tag(plan))


@app.put(
    "/v1/connections/<connection_id>/slots",
    operation_id="updateSlots",
    summary="Replace the weekly plan of an account",
    description="What is already scheduled keeps its time.",
    tags=["calendar"],
)
def put_slots(connection_id: PathId, given: SlotPlanInput, expected: IfMatch = None) -> Response[SlotPlan]:
    plan = api.run(slot_plans.put(api.user_id, uuid_or_404(connection_id), given, if_match(expected)))
    return tagged(plan, slot_plans.tag(plan))


@app.get(
    "/v1/calendar",
    operation_id="getCalendar",
    summary="Get the calendar of a period",
    description=(
        "Lists what is due, done and missed, later times of schedules that recur, free slots, and posts published without a "
        "schedule, in the order of time."
    ),
    tags=["calendar"],
)
def get_calendar(
    start: From,
    end: To,
    time_zone: Zone = None,
    platform: Platform = None,
    connection_id: Connection = None,
    state: State = None,
    cursor: Cursor = None,
    limit: Limit = 100,
    known: IfNoneMatch = None,
) -> Response[Calendar]:
    filters = {"platform": platform, "connection_id": connection_id, "state": state}
    page = api.run(calendar.listing(api.user_id, calendar.Asked(start, end, time_zone, filters), cursor, limit))
    unless_known(known, calendar.tag(page))
    return tagged(page, calendar.tag(page))


@app.post(
    "/v1/calendar/token",
    operation_id="createCalendarToken",
    summary="Create the token of the calendar feed",
    description="Returns the URL of the feed, for a calendar program. It is shown once. An earlier token is no longer valid.",
    tags=["calendar"],
)
def create_token() -> Response[CalendarToken]:
    return json_response(201, api.run(calendar_feed.create_token(api.user_id)))


@app.delete(
    "/v1/calendar/token",
    operation_id="deleteCalendarToken",
    summary="Revoke the token of the calendar feed",
    description="The feed is no longer available.",
    tags=["calendar"],
)
def delete_token() -> Response[None]:
    api.run(calendar_feed.delete_token(api.user_id))
    return Response(status_code=204)


@app.get(
    "/v1/calendar.ics",
    operation_id="getCalendarFeed",
    summary="Get the calendar as iCalendar",
    description=(
        "For calendar programs, which have no access token. Has the last 31 and the next 92 days. A title is platform, kind and "
        "state, and there is nothing else about a post. Without a valid token: 404."
    ),
    tags=["calendar"],
    security=[],
    responses=FEED,
)
def get_feed(token: Token = None, known: IfNoneMatch = None) -> Response[str]:
    feed = api.run(calendar_feed.read(token))
    cached = {"cache-control": FEED_CACHE}
    unless_known(known, feed.tag, cached)
    return Response(200, MEDIA_TYPE, feed.text, {"etag": feed.tag, **cached})
