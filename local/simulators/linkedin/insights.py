"""LinkedIn's statistics of posts, members and organizations."""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from starlette.responses import Response

from local.simulators.figures import grown
from local.simulators.linkedin.errors import Refused, forbidden
from local.simulators.linkedin.fields import check_urn
from local.simulators.linkedin.profiles import ADMIN
from local.simulators.linkedin.restli import Call, respond
from local.simulators.linkedin.state import DAY, Post, State, ms
from local.simulators.world import Json

MAX_LIST = 50
POST_METRICS = frozenset({"IMPRESSION", "MEMBERS_REACHED", "RESHARE", "REACTION", "COMMENT"})

POST_METRICS_202604 = POST_METRICS | {
    "POST_SAVE",
    "POST_SEND",
    "LINK_CLICKS",
    "PREMIUM_CTA_CLICKS",
    "FOLLOWER_GAINED_FROM_CONTENT",
    "PROFILE_VIEW_FROM_CONTENT",
}
NOT_DAILY = frozenset({"MEMBERS_REACHED", "LINK_CLICKS", "FOLLOWER_GAINED_FROM_CONTENT", "PROFILE_VIEW_FROM_CONTENT"})
VIDEO_METRICS = frozenset({"VIDEO_PLAY", "VIDEO_WATCH_TIME", "VIDEO_VIEWER"})
SHARE_OF_IMPRESSIONS = {
    "MEMBERS_REACHED": 0.72,
    "REACTION": 0.03,
    "COMMENT": 0.006,
    "RESHARE": 0.004,
    "LINK_CLICKS": 0.02,
    "VIDEO_PLAY": 0.4,
    "VIDEO_VIEWER": 0.3,
    "VIDEO_WATCH_TIME": 2.5,
}


def figures(impressions: int) -> Json:
    """The documented share statistics for a number of impressions."""
    clicks, likes, comments, shares = (int(impressions * part) for part in (0.05, 0.03, 0.006, 0.004))
    acts = clicks + likes + comments + shares
    return {
        "impressionCount": impressions,
        "uniqueImpressionsCount": int(impressions * 0.72),
        "clickCount": clicks,
        "likeCount": likes,
        "commentCount": comments,
        "shareCount": shares,
        "engagement": acts / impressions if impressions else 0.0,
    }


def _date(seconds: float) -> Json:
    day = datetime.fromtimestamp(seconds, UTC)
    return {"year": day.year, "month": day.month, "day": day.day}


def _days(call: Call) -> list[tuple[float, float]]:
    """The days of ``dateRange=(start:(year:…,month:…,day:…),end:(…))`` in seconds, at most a year."""
    limits = call.param("dateRange", dict)
    try:
        first, last = (date(*(int(limits[edge][part]) for part in ("year", "month", "day"))) for edge in ("start", "end"))
    except (KeyError, TypeError, ValueError):
        raise Refused(400, "Invalid query parameters passed to request: dateRange", "PARAM_INVALID", serviceErrorCode=0) from None
    starts = [datetime.combine(first + timedelta(days=n), datetime.min.time(), UTC) for n in range(min((last - first).days, 366))]
    return [(start.timestamp(), start.timestamp() + DAY) for start in starts]


class Insights:
    """The statistics endpoints."""

    def __init__(self, state: State) -> None:
        self.state = state

    def _administered(self, call: Call, name: str, operation: str) -> str:
        if call.param("q", str) != name:
            raise Refused(400, "No such finder", "PARAM_INVALID", serviceErrorCode=0)
        urn: str = call.param(name, str)
        check_urn(urn, name, ("organization",))
        if "rw_organization_admin" not in call.token.scopes or self.state.role(call.token.member, urn) not in ADMIN:
            raise forbidden(operation)
        return urn

    async def share_statistics(self, call: Call) -> Response:
        """Organic statistics of given posts, of the lifetime, or by time."""
        call.allow("q", "organizationalEntity", "shares", "ugcPosts", "timeIntervals", "fields", "count", "start")
        organization = self._administered(call, "organizationalEntity", "organizationalEntityShareStatistics.FINDER")
        named = [(field, kind) for field, kind in (("shares", "share"), ("ugcPosts", "ugcPost")) if field in call.params]
        if named and "timeIntervals" in call.params:
            raise Refused(400, "timeIntervals cannot be combined with given posts", "PARAM_INVALID", serviceErrorCode=0)
        if named:
            rows = [row for field, kind in named for row in self._post_rows(organization, call.param(field, list), kind)]
        elif "timeIntervals" in call.params:
            rows = self._share_days(call, organization)
        else:
            total = sum(self.state.impressions(p) for p in self.state.posts_of(organization)) + 5_000
            rows = [{"organizationalEntity": organization, "totalShareStatistics": figures(total)}]
        return respond(200, {"elements": rows, "paging": {"start": 0, "count": len(rows), "links": []}})

    def _post_rows(self, organization: str, urns: list[Any], kind: str) -> Iterable[Json]:
        if len(urns) > MAX_LIST:
            raise Refused(400, f"At most {MAX_LIST} ids can be asked for at once", "PARAM_INVALID", serviceErrorCode=0)
        for urn in urns:
            check_urn(str(urn), f"{kind}s", (kind,))
            post = self.state.posts.get(urn)
            # Without activity a post is absent, which means zero (3.4).
            if post and not post.deleted and post.author == organization and self.state.impressions(post):
                numbers = figures(self.state.impressions(post))
                yield {"organizationalEntity": organization, kind: urn, "totalShareStatistics": numbers}

    def _share_days(self, call: Call, organization: str) -> list[Json]:
        rows = []
        for start, end in self._intervals(call, oldest_days=366, latest_days=0):
            posts = self.state.posts_of(organization)
            gained = sum(grown(p.urn, end - p.created, 4_000) - grown(p.urn, start - p.created, 4_000) for p in posts)
            standing = 20 + zlib.crc32(f"{organization}{start}".encode()) % 30
            rows.append(
                {
                    "organizationalEntity": organization,
                    "timeRange": {"start": ms(start), "end": ms(end)},
                    "totalShareStatistics": figures(gained + standing),
                }
            )
        return rows

    def _intervals(self, call: Call, oldest_days: int, latest_days: int) -> list[tuple[float, float]]:
        """The asked days or months (as 30 days) in seconds; what lies outside the kept window is left out."""
        given = call.param("timeIntervals", dict)
        step = {"DAY": 1, "MONTH": 30}.get(str(given.get("timeGranularityType", "")))
        limits = given.get("timeRange")
        if step is None or not isinstance(limits, dict) or not str(limits.get("start", "")).isdigit():
            raise Refused(400, "Invalid query parameters passed to request: timeIntervals", "PARAM_INVALID", serviceErrorCode=0)
        now = self.state.now()
        end = min(int(limits["end"]) / 1000 if str(limits.get("end", "")).isdigit() else now, now - latest_days * DAY)
        start = int(limits["start"]) // 1000 // DAY * DAY
        found: list[tuple[float, float]] = []
        while start + step * DAY <= math.ceil(end / DAY) * DAY and len(found) < 400:
            if start >= now - oldest_days * DAY:
                found.append((float(start), float(start + step * DAY)))
            start += step * DAY
        return found

    async def follower_statistics(self, call: Call) -> Response:
        """Follower gains by time, two days late."""
        call.allow("q", "organizationalEntity", "timeIntervals", "fields")
        organization = self._administered(call, "organizationalEntity", "organizationalEntityFollowerStatistics.FINDER")
        if "timeIntervals" not in call.params:
            total = self.state.organization(organization)["followers"]
            counts = [
                {"followerCounts": {"organicFollowerCount": total, "paidFollowerCount": 0}, "seniority": "urn:li:seniority:4"}
            ]
            rows: list[Json] = [{"organizationalEntity": organization, "followerCountsBySeniority": counts}]
        else:
            rows = [
                {
                    "organizationalEntity": organization,
                    "timeRange": {"start": ms(start), "end": ms(end)},
                    "followerGains": {
                        "organicFollowerGain": zlib.crc32(f"{organization}{start}f".encode()) % 9,
                        "paidFollowerGain": 0,
                    },
                }
                for start, end in self._intervals(call, oldest_days=366, latest_days=2)
            ]
        return respond(200, {"elements": rows, "paging": {"start": 0, "count": len(rows), "links": []}})

    async def page_statistics(self, call: Call) -> Response:
        """Lifetime page views."""
        call.allow("q", "organization", "fields")
        organization = self._administered(call, "organization", "organizationPageStatistics.FINDER")
        views = 300 + sum(self.state.impressions(p) for p in self.state.posts_of(organization)) // 50
        total = {"views": {"allPageViews": {"pageViews": views}}}
        row = {"organization": organization, "totalPageStatistics": total}
        return respond(200, {"elements": [row], "paging": {"start": 0, "count": 1, "links": []}})

    async def network_size(self, call: Call) -> Response:
        """Followers of any organization."""
        call.allow("edgeType")
        urn = call.key()
        check_urn(urn, "key", ("organization",))
        if call.param("edgeType", str) != "COMPANY_FOLLOWED_BY_MEMBER":
            raise Refused(400, "Invalid query parameters passed to request: edgeType", "PARAM_INVALID", serviceErrorCode=0)
        if "rw_organization_admin" not in call.token.scopes:
            raise forbidden("networkSizes.GET")
        gained = sum(self.state.impressions(p) for p in self.state.posts_of(urn)) // 200
        return respond(200, {"firstDegreeSize": self.state.organization(urn)["followers"] + gained})

    async def member_post_analytics(self, call: Call) -> Response:
        """One metric of one member post, or of all of them."""
        metrics = POST_METRICS_202604 if call.version >= 202604 else POST_METRICS
        return self._member_analytics(call, metrics, "CreatorPostAnalyticsMetricTypeV1")

    async def member_video_analytics(self, call: Call) -> Response:
        """One metric of one member video, or of all of them."""
        return self._member_analytics(call, VIDEO_METRICS, "CreatorVideoAnalyticsMetricTypeV1")

    def _member_analytics(self, call: Call, metrics: frozenset[str], wrapper: str) -> Response:
        call.allow("q", "entity", "queryType", "aggregation", "dateRange", "fields")
        if "r_member_postAnalytics" not in call.token.scopes:
            raise forbidden("memberCreatorPostAnalytics.FINDER")
        finder, metric = call.param("q", str), call.param("queryType", str)
        aggregation = call.param("aggregation", str, "TOTAL")
        if finder not in ("me", "entity") or metric not in metrics or aggregation not in ("TOTAL", "DAILY"):
            raise Refused(400, "Invalid query parameters passed to request", "PARAM_INVALID", serviceErrorCode=0)
        if aggregation == "DAILY" and (metric in NOT_DAILY or (finder == "entity" and metric == "IMPRESSION")):
            raise Refused(400, f"DAILY is not supported for {metric}", "PARAM_INVALID", serviceErrorCode=0)
        # From 202605 the metric is a plain string, before it was wrapped in its type (3.4).
        shown = metric if call.version >= 202605 else {f"com.linkedin.adsexternalapi.memberanalytics.v1.{wrapper}": metric}
        posts, target = self._measured(call, finder)
        part = SHARE_OF_IMPRESSIONS.get(metric, 1.0 if metric == "IMPRESSION" else 0.001)
        rows: list[Json] = []
        for start, end in _days(call) if aggregation == "DAILY" else [(0.0, self.state.now())]:
            count = sum(grown(p.urn, end - p.created, 4_000) - grown(p.urn, start - p.created, 4_000) for p in posts)
            row: Json = {"count": int(count * part), "metricType": shown} | target
            if aggregation == "DAILY":
                row["dateRange"] = {"start": _date(start), "end": _date(end)}
            rows.append(row)
        return respond(200, {"elements": rows, "paging": {"start": 0, "count": 10, "links": []}})

    def _measured(self, call: Call, finder: str) -> tuple[list[Post], Json]:
        if finder == "me":
            return self.state.posts_of(call.member_urn), {}
        entity = call.param("entity", dict)
        ((name, urn),) = entity.items() if len(entity) == 1 else (("", ""),)
        if name not in ("share", "ugc"):
            raise Refused(400, "Invalid query parameters passed to request: entity", "PARAM_INVALID", serviceErrorCode=0)
        check_urn(str(urn), "entity", ({"share": "share", "ugc": "ugcPost"}[name],))
        post = self.state.post(urn)
        if post.author != call.member_urn:
            raise forbidden("memberCreatorPostAnalytics.FINDER-entity")
        return [post], {"targetEntity": {name: urn}}

    async def member_followers(self, call: Call) -> Response:
        """The member's followers, now or by day."""
        call.allow("q", "dateRange")
        if "r_member_profileAnalytics" not in call.token.scopes:
            raise forbidden("memberFollowersCount.FINDER")
        finder = call.param("q", str)
        if finder not in ("me", "dateRange"):
            raise Refused(400, "No such finder", "PARAM_INVALID", serviceErrorCode=0)
        if finder == "me":
            gained = sum(self.state.impressions(p) for p in self.state.posts_of(call.member_urn)) // 300
            rows: list[Json] = [{"memberFollowersCount": self.state.users[call.token.member]["followers"] + gained}]
        else:
            rows = [
                {
                    "memberFollowersCount": zlib.crc32(f"{call.token.member}{start}".encode()) % 5,
                    "dateRange": {"start": _date(start), "end": _date(end)},
                }
                for start, end in _days(call)
            ]
        return respond(200, {"elements": rows, "paging": {"start": 0, "count": 10, "links": []}})
