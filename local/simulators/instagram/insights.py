"""Instagram's insights of posts and accounts (platforms.md 2.4)."""

from __future__ import annotations

from typing import Final

from local.simulators.instagram.fields import as_list
from local.simulators.instagram.gate import INSIGHTS, Gate
from local.simulators.instagram.state import LINKED, Account, State
from local.simulators.meta.errors import GraphError, invalid
from local.simulators.meta.fields import moment, stamp
from local.simulators.meta.figures import DAY, grown
from local.simulators.meta.graph import Call
from local.simulators.meta.oauth import Token
from local.simulators.world import Json

STORY_LIFE_S: Final = DAY
STORY_VIEWERS: Final = 5
FOLLOWERS_FOR_INSIGHTS: Final = 100
INSIGHTS_SPAN_S: Final = 90 * DAY
EVERYWHERE: Final = {"views": 5000, "reach": 3500, "shares": 40, "total_interactions": 400, "reposts": 15}
FEED_AND_REELS: Final = {"likes": 250, "comments": 30, "saved": 45}
FEED_AND_STORY: Final = {"follows": 9, "profile_visits": 60, "profile_activity": 12}
MEDIA_METRICS: Final = {
    "FEED": EVERYWHERE | FEED_AND_REELS | FEED_AND_STORY,
    "REELS": EVERYWHERE | FEED_AND_REELS
    | {"ig_reels_avg_watch_time": 9000, "ig_reels_video_view_total_time": 30_000_000, "reels_skip_rate": 60},
    "STORY": EVERYWHERE | FEED_AND_STORY | {"navigation": 500, "replies": 12},
}  # fmt: skip
"""Product type → metric → ceiling (platforms.md 2.4). Names of reels shared to Facebook are not among them."""
LINKED_STORY: Final = {"link_clicks": 20}
"""What stories have besides by Facebook Login."""
TOTALS: Final = {
    "views": 900, "accounts_engaged": 200, "total_interactions": 250, "likes": 180, "comments": 25, "shares": 20, "saves": 30,
    "replies": 6, "reposts": 8, "profile_links_taps": 12, "follows_and_unfollows": 10,
}  # fmt: skip
DEMOGRAPHICS: Final = ("follower_demographics", "engaged_audience_demographics")
BREAKDOWNS: Final = {
    "age": ("18-24", "25-34", "35-44", "45-54"), "gender": ("F", "M", "U"), "country": ("DE", "FR", "US"),
    "city": ("Berlin, Berlin", "Lyon, Rhone-Alpes"),
}  # fmt: skip
ACCOUNT_METRICS: Final = frozenset({"reach", "follower_count", *TOTALS, *DEMOGRAPHICS})


def _demographics(call: Call, account: Account, name: str) -> Json | None:
    breakdown = call.need("breakdown")
    if breakdown not in BREAKDOWNS or call.params.get("timeframe") not in ("this_week", "this_month"):
        raise invalid("param breakdown must be age, gender, city or country, and timeframe this_week or this_month.")
    if account.followers_count < FOLLOWERS_FOR_INSIGHTS:
        return None
    results = [
        {"dimension_values": [value], "value": grown(f"{account.id}{value}", 30 * DAY, account.followers_count // 3)}
        for value in BREAKDOWNS[breakdown]
    ]
    total = {"breakdowns": [{"dimension_keys": [breakdown], "results": results}]}
    return _insight(account.id, name, "lifetime", {"total_value": total})


def _insight(node: str, name: str, period: str, values: Json) -> Json:
    title = name.replace("_", " ").capitalize()
    return {
        "name": name, "period": period, **values, "title": title, "description": title,
        "id": f"{node}/insights/{name}/{period}",
    }  # fmt: skip


class Insights:
    """The ``insights`` edges."""

    def __init__(self, state: State, gate: Gate) -> None:
        self.state, self.gate = state, gate

    def media_insights(self, call: Call, token: Token, node: str) -> Json:
        """``GET /{media}/insights``: one metric that does not fit the product type fails the call (platforms.md 2.4)."""
        self.gate.need(token, INSIGHTS)
        live = self.state.media[node]
        names = as_list(call.need("metric"))
        table = MEDIA_METRICS[live.product] | (LINKED_STORY if token.kind == LINKED and live.product == "STORY" else {})
        if live.parent or any(name not in table for name in names):
            raise invalid("metric must be one of the following values: " + ", ".join(table))
        age = self.state.now - live.live_at
        if live.product == "STORY" and age > STORY_LIFE_S:
            return {"data": []}
        if live.product == "STORY" and grown(live.id, age, table["reach"]) < STORY_VIEWERS:
            raise GraphError(10, "(#10) Not enough viewers for the media to show insights")
        return {"data": [_insight(node, n, "lifetime", {"values": [{"value": grown(live.id, age, table[n])}]}) for n in names]}

    def account_insights(self, call: Call, token: Token, node: str) -> Json:
        """``GET /{ig}/insights``: each group of metrics has its own parameters (platforms.md 2.4)."""
        self.gate.need(token, INSIGHTS)
        names = as_list(call.need("metric"))
        if unknown := [n for n in names if n not in ACCOUNT_METRICS]:
            raise invalid(f"metric must be one of the account's metrics, not {unknown[0]}")
        period = call.need("period")
        until = moment(call.params.get("until"), "until", self.state.now)
        since = moment(call.params.get("since"), "since", until - DAY)
        if not 0 <= until - since <= INSIGHTS_SPAN_S:
            raise invalid("There cannot be more than 90 days between since and until.")
        rows = [self._account_insight(call, self.state.accounts[node], name, period, since, until) for name in names]
        return {"data": [row for row in rows if row]}

    def _account_insight(self, call: Call, account: Account, name: str, period: str, since: float, until: float) -> Json | None:
        shape = call.params.get("metric_type", "time_series")
        if period != ("lifetime" if name in DEMOGRAPHICS else "day"):
            raise invalid(f"The metric {name} is incompatible with the period {period}.")
        if (name in TOTALS or name in DEMOGRAPHICS) and shape != "total_value":
            raise invalid(f"The metric {name} should be specified with parameter metric_type=total_value")
        if name in DEMOGRAPHICS:
            return _demographics(call, account, name)
        if name == "follower_count":
            if since < self.state.now - 31 * DAY:
                raise invalid("follower_count is kept for the last 30 days, excluding the current day.")
            if account.followers_count < FOLLOWERS_FOR_INSIGHTS:
                return None
        ceiling = TOTALS.get(name, 700 if name == "reach" else 8)
        first, last = int(since // DAY), max(int(until // DAY), int(since // DAY) + 1)
        days = [{"value": grown(f"{account.id}{name}{d}", 30 * DAY, ceiling), "end_time": stamp((d + 1) * DAY)}
                for d in range(first, last)]  # fmt: skip
        if shape == "total_value":
            return _insight(account.id, name, period, {"total_value": {"value": sum(int(str(d["value"])) for d in days)}})
        return _insight(account.id, name, period, {"values": days})
