"""The figures of Facebook Pages and their posts (platforms.md 1.4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from noillusion.flows.faults import PlatformError
from noillusion.flows.measures import AccountMetrics, PostMetrics, PostRef
from noillusion.flows.protocol import Account, Call, Flow, Reply
from noillusion.platforms import reading
from noillusion.platforms.checks import granted, lacking_scope
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
from noillusion.platforms.meta.facts import GRAPH
from noillusion.platforms.meta.insights import GIVES_UP, Figures, figures, isolating
from noillusion.platforms.reading import Row, rows


def metrics(posts: Sequence[PostRef], account: Account) -> Flow[dict[str, PostMetrics]]:
    """Lifetime figures by expansion on the Page's posts (platforms.md 1.4). ``likes`` counts reactions of every kind."""
    if not granted(account, READ_SCOPE):
        return {post.post_id: PostMetrics(unavailable=lacking_scope(account, READ_SCOPE)) for post in posts}
    found = dict((yield from _on_feed([post.post_id for post in posts if _edge(post) is None], account)))
    for post in posts:
        if _edge(post) is not None:
            found[post.post_id] = yield from _alone(post, account)
    return found


def _on_feed(posts: Sequence[str], account: Account) -> Flow[dict[str, PostMetrics]]:
    reader = Figures(
        edge=f"{GRAPH}/{account.id}/posts",
        node=f"{GRAPH}/{{id}}",
        fields=POST_FIELDS + (COUNT_FIELDS if granted(account, COUNTS_SCOPE) else ()),
        metrics=tuple(POST_METRICS) if granted(account, INSIGHTS_SCOPE) else (),
    )
    return (yield from reader.measure(posts, _measured))


def _edge(post: PostRef) -> tuple[str, Mapping[str, str]] | None:
    """The edge and the metrics of what is in no list of posts: reels, stories, videos without a known post."""
    if post.kind == "story":
        return "insights", STORY_METRICS
    return ("video_insights", VIDEO_METRICS) if post.kind in ("reel", "video") and "_" not in post.post_id else None


def _alone(post: PostRef, account: Account) -> Flow[PostMetrics]:
    """The figures of one post, without those that Facebook refuses (platforms.md 1.4)."""
    if not granted(account, INSIGHTS_SCOPE):
        return PostMetrics(unavailable=lacking_scope(account, INSIGHTS_SCOPE))
    edge, metrics = _edge(post) or ("insights", POST_METRICS)
    given: list[Any] = []

    def read(names: tuple[str, ...]) -> Flow[None]:
        if names:
            reply = yield Call("GET", f"{GRAPH}/{post.post_id}/{edge}", query={"metric": ",".join(names)})
            given.extend(rows(reply, "data"))

    try:
        yield from isolating(tuple(metrics), read)
    except PlatformError as error:
        if error.fault.error_class in GIVES_UP:
            raise
        return PostMetrics(unavailable=error.fault.error_class)
    return PostMetrics(**figures(metrics, given)) if given else PostMetrics(unavailable="no_data")


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

    yield from isolating(tuple(PAGE_METRICS), read)
    counts = figures(PAGE_METRICS, given)
    return AccountMetrics(**counts) if len(counts) > 1 else AccountMetrics(unavailable="no_data")


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
