"""The figures of Facebook Pages and their posts (platforms.md 1.4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

from noillusion.flows.measures import AccountMetrics, PostMetrics, PostRef
from noillusion.flows.protocol import Account, Call, Flow, Reply
from noillusion.platforms import reading
from noillusion.platforms.checks import granted, lacking_scope
from noillusion.platforms.facebook.errors import ERRORS
from noillusion.platforms.facebook.facts import (
    COUNT_FIELDS,
    COUNTS_SCOPE,
    INSIGHTS_SCOPE,
    PAGE_METRICS,
    POST_FIELDS,
    POST_METRICS,
    READ_SCOPE,
    STORY_METRICS,
    VIDEO_METRICS,
)
from noillusion.platforms.facebook.posts import permalink
from noillusion.platforms.meta.batch import in_batches
from noillusion.platforms.meta.errors import classify
from noillusion.platforms.meta.facts import GRAPH
from noillusion.platforms.meta.insights import figures, isolating
from noillusion.platforms.meta.posts import Apart, Listed, Names, asking
from noillusion.platforms.reading import Row, rows

Edge: TypeAlias = tuple[str, Mapping[str, str]]
STORIES: Final[Edge] = ("insights", STORY_METRICS)
VIDEOS: Final[Edge] = ("video_insights", VIDEO_METRICS)
EDGES: Final = (STORIES, VIDEOS)
TOGETHER: Final = in_batches(f"{GRAPH}/", lambda reply: classify(reply, ERRORS))


def metrics(posts: Sequence[PostRef], account: Account) -> Flow[dict[str, PostMetrics]]:
    """Lifetime figures by expansion on the Page's posts (platforms.md 1.4). ``likes`` counts reactions of every kind."""
    if not granted(account, READ_SCOPE):
        return {post.post_id: PostMetrics(unavailable=lacking_scope(account, READ_SCOPE)) for post in posts}
    found = yield from _on_feed([post for post in posts if _edge(post) is None], account)
    for edge, names in EDGES:
        ids = [post.post_id for post in posts if _edge(post) == (edge, names)]
        found |= (yield from _on_edge(ids, edge, names, account)) if ids else {}
    return {post.post_id: found[post.post_id] for post in posts}


def _on_feed(posts: Sequence[PostRef], account: Account) -> Flow[dict[str, PostMetrics]]:
    fields = POST_FIELDS + (COUNT_FIELDS if granted(account, COUNTS_SCOPE) else ())

    def ask(post_id: str, names: Names) -> Call:
        return Call("GET", f"{GRAPH}/{post_id}", query=asking(fields, names))

    reader = Listed(
        edge=f"{GRAPH}/{account.id}/posts",
        fields=fields,
        metrics=tuple(POST_METRICS) if granted(account, INSIGHTS_SCOPE) else (),
        apart=Apart(ask, TOGETHER),
    )
    return (yield from reader.measure(posts, _measured))


def _edge(post: PostRef) -> Edge | None:
    """The edge and the metrics of what is in no list of posts: reels, stories, videos without a known post."""
    if post.kind == "story":
        return STORIES
    return VIDEOS if post.kind in ("reel", "video") and "_" not in post.post_id else None


def _on_edge(ids: Sequence[str], edge: str, metrics: Mapping[str, str], account: Account) -> Flow[dict[str, PostMetrics]]:
    """The figures of posts that only an edge of their own has, without those that Facebook refuses (platforms.md 1.4)."""
    if not granted(account, INSIGHTS_SCOPE):
        return dict.fromkeys(ids, PostMetrics(unavailable=lacking_scope(account, INSIGHTS_SCOPE)))

    def ask(post_id: str, names: Names) -> Call | None:
        return Call("GET", f"{GRAPH}/{post_id}/{edge}", query={"metric": ",".join(names)}) if names else None

    reader = Apart(ask, TOGETHER, row=lambda reply: {"insights": {"data": rows(reply, "data")}})
    found, faults, refused = yield from reader.read(ids, tuple(metrics))
    missing = {id: PostMetrics(unavailable=fault.error_class, refused=refused) for id, fault in faults.items()}
    nothing = PostMetrics(unavailable="no_data", refused=refused)
    measured = {
        id: PostMetrics(**figures(metrics, row["insights"]), refused=refused) if row["insights"]["data"] else nothing
        for id, row in found.items()
    }
    return {**dict.fromkeys(ids, nothing), **missing, **measured}


def account_metrics(account: Account) -> Flow[AccountMetrics]:
    """The Page's figures of the last complete day and its followers (platforms.md 1.4). Small Pages have none."""
    if not granted(account, INSIGHTS_SCOPE):
        return AccountMetrics(unavailable=lacking_scope(account, INSIGHTS_SCOPE))
    given: list[Any] = []

    def read(names: tuple[str, ...]) -> Flow[None]:
        if names:
            query = {"metric": ",".join(names), "period": "day"}
            reply = yield Call("GET", f"{GRAPH}/{account.id}/insights", query=query)
            given.extend(rows(reply, "data"))

    refused = yield from isolating(tuple(PAGE_METRICS), read)
    counts = figures(PAGE_METRICS, given)
    return (
        AccountMetrics(**counts, refused=refused) if len(counts) > 1 else AccountMetrics(unavailable="no_data", refused=refused)
    )


def _measured(row: Row) -> PostMetrics:
    """A post's figures. Counts on the post are live and go before insights; an absent ``shares`` is zero (platforms.md 1.4)."""
    post = Reply(200, data=row)
    live = {
        "likes": reading.number(post.get("reactions.summary.total_count")),
        "comments": reading.number(post.get("comments.summary.total_count")),
        "shares": reading.number(post.get("shares.count", 0)),
        "permalink": permalink(row.get("permalink_url"), str(row.get("id", ""))) if row.get("permalink_url") else None,
    }
    given = {name: value for name, value in live.items() if value is not None}
    return PostMetrics(**{**figures(POST_METRICS, row.get("insights")), **given})
