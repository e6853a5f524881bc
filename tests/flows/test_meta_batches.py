"""Figures of many posts of a Page or an Instagram account: few calls, and what is refused costs only itself."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import pytest

from noillusion.core.sensitive import Secret
from noillusion.flows.faults import ErrorClass, PlatformError
from noillusion.flows.measures import PostMetrics, PostRef
from noillusion.flows.protocol import Account, App, Call, Reply
from noillusion.flows.signatures import signed
from noillusion.platforms.catalog import get
from noillusion.platforms.contract import Platform
from tests.flows.driver import play

HOUR = 3_600
FIRST = 1_795_000_000
FACEBOOK, INSTAGRAM, LINKED = get("facebook"), get("instagram"), get("instagram", "facebook")
PAGE = Account("101", "page", scopes=("pages_read_engagement", "read_insights"))
PROFESSIONAL = Account("178", "professional", scopes=("instagram_business_basic", "instagram_business_manage_insights"))
BY_PAGE = Account("178", "professional", scopes=("instagram_basic", "instagram_manage_insights"), registration="facebook")
PLACES = {"facebook": (FACEBOOK, PAGE), "instagram": (INSTAGRAM, PROFESSIONAL), "linked": (LINKED, BY_PAGE)}
RETIRED = {"facebook": "post_clicks", "instagram": "saved", "linked": "saved"}
INVALID = {"message": "(#100) The value must be a valid insights metric", "code": 100, "type": "OAuthException"}
BEFORE_CONVERSION = {"message": "Invalid parameter", "code": 100, "error_subcode": 2108006, "is_transient": False}
TOO_MUCH = {"message": "Please reduce the amount of data you're asking for, then retry your request", "code": 1}


def refused(error: Mapping[str, Any], status: int = 400) -> Reply:
    return Reply(status, data={"error": dict(error)})


class Graph:
    """Posts of one account, newest first, an hour apart: lists by time, single reads, batches."""

    def __init__(
        self, count: int, *, retired: Collection[str] = (), unfit: Mapping[str, Mapping[str, Any]] | None = None
    ) -> None:
        self.ids = [f"101_{number:04}" for number in range(count, 0, -1)]
        self.born = {id: FIRST + HOUR * int(id.split("_")[1]) for id in self.ids}
        self.retired, self.unfit = set(retired), dict(unfit or {})
        self.unfit_names: set[str] | None = None
        """The metrics that do not fit these posts; ``None``: all."""
        self.calls: list[str] = []
        """What was asked for, in the order of the calls."""
        self.items = 0
        """Calls that the platform charges for."""
        self.most_rows = 100
        self.lost: list[str] = []
        """Ids whose next part of a batch takes too long."""
        self.refusals: dict[str, Mapping[str, Any]] = {}

    def __call__(self, call: Call) -> Reply:
        if not call.batch:
            return self._one(call)
        assert len(call.batch) <= 50
        self.calls.append(f"batch of {len(call.batch)}")
        parts: list[Any] = []
        for each in call.batch:
            id = each.url.rsplit("/", 1)[1]
            if id in self.lost:
                self.lost.remove(id)
                parts.append(None)
                continue
            reply = self._one(each, part=True)
            parts.append({"code": reply.status, "body": json.dumps(reply.data)})
        return Reply(200, data=parts)

    def _one(self, call: Call, *, part: bool = False) -> Reply:
        self.items += 1
        last = call.url.rsplit("/", 1)[1]
        names = call.query["fields"].partition("insights.metric(")[2].partition(")")[0]
        names = set(names.split(",")) if names else set()
        listed = last in ("posts", "media")
        if not part:
            self.calls.append("list" if listed else "single")
        if names & self.retired:
            return refused(INVALID)
        if not listed:
            return self._alone(last, names)
        since, until = call.query.get("since", 0), call.query.get("until", 2**40)
        rows = [id for id in self.ids if since <= self.born[id] <= until]
        start = rows.index(call.query["after"]) + 1 if "after" in call.query else 0
        limit = int(call.query["limit"])
        page = rows[start : start + limit]
        if limit > self.most_rows:
            return refused(TOO_MUCH, 500)
        spoils = names and (self.unfit_names is None or names & self.unfit_names)
        if spoils and (unfit := next((self.unfit[id] for id in page if id in self.unfit), None)):
            return refused(unfit)
        more = {"next": f"https://{call.url.split('/')[2]}/x?after={page[-1]}&limit={limit}"} if start + limit < len(rows) else {}
        return Reply(200, data={"data": [self._row(id, names) for id in page], "paging": more})

    def _alone(self, id: str, names: set[str]) -> Reply:
        if id in self.refusals:
            return refused(self.refusals[id])
        if id not in self.ids:
            return refused({"message": "gone", "code": 100, "error_subcode": 33, "type": "GraphMethodException"})
        if id in self.unfit and names and (self.unfit_names is None or names & self.unfit_names):
            return refused(self.unfit[id])
        return Reply(200, data=self._row(id, names))

    def _row(self, id: str, names: set[str]) -> dict[str, Any]:
        number = int(id.split("_")[1])
        data = [{"name": name, "values": [{"value": number}]} for name in names]
        return {"id": id, "like_count": 1, "shares": {"count": 1}, "insights": {"data": data}}


def refs(ids: Sequence[str], graph: Graph) -> list[PostRef]:
    return [PostRef(id, "image", published_at=graph.born.get(id, FIRST)) for id in ids]


def measured(place: str, graph: Graph, ids: Sequence[str]) -> dict[str, PostMetrics]:
    platform, account = PLACES[place]
    found, _ = play(platform.metrics(refs(ids, graph), account), graph, platform.classify)
    return found


def views(found: Mapping[str, PostMetrics]) -> dict[str, int | None]:
    return {id: metrics.views for id, metrics in found.items()}


def numbers(ids: Sequence[str]) -> dict[str, int]:
    return {id: int(id.split("_")[1]) for id in ids}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("start", [0, 450, 900])
def test_H4_a_hundred_neighbours_take_four_pages_wherever_they_stand(place: str, start: int) -> None:
    graph = Graph(1_000)
    ids = graph.ids[start : start + 100]
    assert views(measured(place, graph, ids)) == numbers(ids)
    assert graph.calls == ["list"] * 4


@pytest.mark.parametrize(("place", "calls"), [("facebook", ["list", "batch of 19"]), ("linked", ["list", "batch of 19"])])
def test_H4_posts_far_apart_are_read_together_in_a_batch(place: str, calls: list[str]) -> None:
    graph = Graph(1_000)
    ids = graph.ids[::50]
    assert views(measured(place, graph, ids)) == numbers(ids)
    assert graph.calls == calls


def test_H4_reels_and_stories_share_a_call_each() -> None:
    asked: list[Call] = []

    def answer(call: Call) -> Reply:
        asked.append(call)
        value = json.dumps({"data": [{"name": "blue_reels_play_count", "values": [{"value": 7}]}]})
        return Reply(200, data=[{"code": 200, "body": value} for _ in call.batch])

    posts = [PostRef(str(number), "reel" if number % 2 else "story") for number in range(20)]
    found, _ = play(FACEBOOK.metrics(posts, PAGE), answer, FACEBOOK.classify)
    assert [len(call.batch) for call in asked] == [10, 10]
    assert {found[str(number)].views for number in range(1, 20, 2)} == {7}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("count", [1, 60])
def test_G1_a_retired_metric_is_left_out_and_named_and_the_others_are_kept(place: str, count: int) -> None:
    name = RETIRED[place]
    graph = Graph(count, retired={name})
    found = measured(place, graph, graph.ids)
    assert views(found) == numbers(graph.ids)
    assert {metrics.refused for metrics in found.values()} == {(name,)}
    assert {(metrics.clicks, metrics.saves) for metrics in found.values()} == {(None, None)}
    if place != "instagram":
        assert len(graph.calls) <= 3 + -(-count // 25)


@pytest.mark.parametrize("place", PLACES)
def test_G2_a_figure_that_comes_twice_counts_once(place: str) -> None:
    graph = Graph(3, unfit={"101_0002": BEFORE_CONVERSION})
    graph.unfit_names = {"reach", "post_total_media_view_unique"}
    found = measured(place, graph, graph.ids)["101_0002"]
    # Its other metrics were read one by one, its counts with each of them.
    assert (found.views, found.reach, found.shares) == (2, None, 2 if place != "facebook" else 1)


def test_G3_nothing_is_asked_beyond_the_days_that_a_platform_keeps() -> None:
    """Lists are asked for the time of the posts, which are read for 90 days; insights for the day or the life of a post."""
    asked: list[Call] = []

    def answer(call: Call) -> Reply:
        asked.append(call)
        return Reply(
            200, data={"id": "1", "data": []} if not call.batch else [{"code": 200, "body": '{"id": "1"}'}] * len(call.batch)
        )

    posts = [PostRef(str(n), "image", published_at=FIRST + n * 86_400) for n in (0, 89)]
    for platform, account in PLACES.values():
        play(platform.metrics(posts, account), answer, platform.classify)
        play(platform.account_metrics(account), answer, platform.classify)
    periods = [call.query["until"] - call.query["since"] for call in asked if "since" in call.query]
    assert len(periods) == len(PLACES) and max(periods) < 90 * 86_400
    assert {call.query["period"] for call in asked if "period" in call.query} == {"day"}


@pytest.mark.parametrize(
    ("kind", "id", "edge"),
    [("reel", "7", "video_insights"), ("video", "7", "video_insights"), ("story", "7", "insights"), ("video", "101_7", "posts")],
)
def test_G4_the_kind_of_a_post_decides_its_edge(kind: Any, id: str, edge: str) -> None:
    asked: list[Call] = []

    def answer(call: Call) -> Reply:
        asked.append(call)
        return Reply(200, data={"data": [{"id": id}], "id": id})

    play(FACEBOOK.metrics([PostRef(id, kind)], PAGE), answer, FACEBOOK.classify)
    assert asked[0].url.rsplit("/", 1)[1] == edge


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("error", [BEFORE_CONVERSION, {"message": "(#10) Not enough viewers for the media", "code": 10}])
def test_I4_one_unfit_post_costs_the_others_nothing(place: str, error: Mapping[str, Any]) -> None:
    graph = Graph(60)
    unfit = graph.ids[17]
    graph.unfit = {unfit: error}
    found = measured(place, graph, graph.ids)
    others = [id for id in graph.ids if id != unfit]
    assert views({id: found[id] for id in others}) == numbers(others)
    assert not any(metrics.refused for metrics in found.values())
    if error is BEFORE_CONVERSION:
        # Its counts are no insights.
        assert (found[unfit].views, found[unfit].unavailable) == (None, None)
    else:
        assert found[unfit] == PostMetrics(unavailable=ErrorClass.NOT_READY)
    assert len(graph.calls) <= {"facebook": 6, "linked": 6, "instagram": 35}[place]


@pytest.mark.parametrize("place", ["facebook", "linked"])
def test_I4_an_unfit_post_alone_on_its_page_is_no_reason_to_doubt_a_metric(place: str) -> None:
    graph = Graph(26)
    graph.unfit = {graph.ids[-1]: BEFORE_CONVERSION}
    found = measured(place, graph, graph.ids)
    assert views(found) == {**numbers(graph.ids), graph.ids[-1]: None}
    assert not any(metrics.refused for metrics in found.values())


@pytest.mark.parametrize("place", PLACES)
def test_I7_a_list_that_is_too_much_is_asked_for_in_smaller_pages(place: str) -> None:
    graph = Graph(30)
    graph.most_rows = 8
    assert views(measured(place, graph, graph.ids[:12])) == numbers(graph.ids[:12])
    # 25 and 12 are too many, six are not.
    assert graph.calls == ["list"] * 4


@pytest.mark.parametrize("place", ["facebook", "linked"])
def test_I7_where_no_page_is_small_enough_posts_are_read_together(place: str) -> None:
    graph = Graph(30)
    graph.most_rows = 0
    assert views(measured(place, graph, graph.ids)) == numbers(graph.ids)
    assert graph.calls == ["list", "list", "list", "list", "batch of 30"]


@pytest.mark.parametrize("place", ["facebook", "linked"])
def test_a_part_that_took_too_long_is_asked_for_once_more(place: str) -> None:
    graph = Graph(500)
    ids = graph.ids[::50]
    graph.lost = [ids[3], ids[5], ids[5]]
    found = measured(place, graph, ids)
    assert found[ids[3]].views == int(ids[3].split("_")[1])
    assert found[ids[5]] == PostMetrics(unavailable=ErrorClass.TRANSIENT)
    assert graph.calls == ["list", "batch of 9", "batch of 2"]


@pytest.mark.parametrize("place", PLACES)
def test_a_post_that_is_gone_has_a_reason_of_its_own(place: str) -> None:
    graph = Graph(10)
    found = measured(place, graph, [*graph.ids, "101_9999", "101_9998"])
    assert views({id: found[id] for id in graph.ids}) == numbers(graph.ids)
    assert {found[id].unavailable for id in ("101_9999", "101_9998")} == {ErrorClass.NOT_FOUND}


@pytest.mark.parametrize(
    ("error", "expected"), [({"code": 190, "error_subcode": 460}, ErrorClass.REAUTH), ({"code": 80001}, ErrorClass.RATE_LIMIT)]
)
def test_a_throttle_or_a_dead_token_within_a_batch_ends_the_reading(error: Mapping[str, Any], expected: ErrorClass) -> None:
    graph = Graph(500)
    ids = graph.ids[::50]
    graph.refusals = {ids[4]: error}
    with pytest.raises(PlatformError) as raised:
        measured("facebook", graph, ids)
    assert raised.value.fault.error_class is expected


@pytest.mark.parametrize("data", [[], [None], {"x": 1}, [{"code": 200, "body": "{}"}] * 3, "text"])
def test_a_batch_of_another_shape_invents_nothing(data: Any) -> None:
    graph = Graph(200)
    replies = iter([None, Reply(200, data=data)])
    platform: Platform = FACEBOOK

    def answer(call: Call) -> Reply:
        return next(replies) or graph(call)

    ids = graph.ids[::50]
    found: dict[str, PostMetrics] = {}
    try:
        found, _ = play(platform.metrics(refs(ids, graph), PAGE), answer, platform.classify)
    except Exception as error:  # noqa: BLE001 - any clear refusal will do
        assert type(error).__name__ in ("UnexpectedShape", "PlatformError")
    assert {metrics.unavailable for id, metrics in found.items() if id != ids[0]} <= {ErrorClass.UNKNOWN}


def test_every_call_of_a_batch_carries_its_proof() -> None:
    app = App("id", Secret("secret"), signs=True)
    call = Call("POST", "https://graph.facebook.com/v26.0/", batch=(Call("GET", "https://graph.facebook.com/v26.0/1"),))
    proven = signed(call, Secret("token"), app, ("graph.facebook.com",))
    assert "appsecret_proof" in proven.query and "appsecret_proof" in proven.batch[0].query
