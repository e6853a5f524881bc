"""The figures of Instagram's posts and accounts (platforms.md 2.4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from noillusion.flows.faults import ErrorClass, PlatformError, UnexpectedShape
from noillusion.flows.measures import AccountMetrics, PostMetrics, PostRef
from noillusion.flows.protocol import Account, Call, Flow
from noillusion.platforms import reading
from noillusion.platforms.checks import granted
from noillusion.platforms.instagram.facts import ACCOUNT_METRICS, MEDIA_FIELDS, MEDIA_METRICS
from noillusion.platforms.instagram.paths import path_of
from noillusion.platforms.meta.insights import GIVES_UP, Figures, figures, isolating
from noillusion.platforms.reading import Row, rows


def metrics(posts: Sequence[PostRef], account: Account) -> Flow[dict[str, PostMetrics]]:
    """Lifetime figures by expansion on the account's media; of stories one by one, for their day (platforms.md 2.4)."""
    path = path_of(account)
    may = granted(account, path.insights)
    reader = Figures(
        edge=f"{path.graph}/{account.id}/media",
        node=f"{path.graph}/{{id}}",
        fields=MEDIA_FIELDS,
        metrics=tuple(MEDIA_METRICS) if may else (),
    )
    known = [post for post in posts if post.post_id]
    measured = yield from reader.measure([post.post_id for post in known if post.kind != "story"], _measured)
    # A metric that does not fit one of them fails the whole list, and so does a story that too few people saw.
    stories = replace(reader, metrics=tuple(path.story_metrics) if may else ())
    for post_id in (post.post_id for post in known if post.kind == "story"):
        measured[post_id] = yield from _story(post_id, stories, path.story_metrics)
    nameless = (post.handles.get("accepted_id", "") for post in posts if not post.post_id)
    return {**measured, **dict.fromkeys(nameless, PostMetrics(unavailable="not_found"))}


def _story(post_id: str, reader: Figures, metrics: Mapping[str, str]) -> Flow[PostMetrics]:
    """One story's figures; of one with too few viewers those that are not insights (platforms.md 2.4)."""
    found = yield from reader.one(post_id, partial(_measured, metrics=metrics))
    if found.unavailable is ErrorClass.PERMISSION and reader.metrics:
        return (yield from replace(reader, metrics=()).one(post_id, _measured))
    return found


def account_metrics(account: Account) -> Flow[AccountMetrics]:
    """Totals, and the figures of the last 24 hours where the scope and the platform give them (platforms.md 2.4)."""
    path = path_of(account)
    totals = yield Call("GET", f"{path.graph}/{account.id}", query={"fields": "followers_count,follows_count,media_count"})
    given: list[Any] = []

    def read(names: tuple[str, ...]) -> Flow[None]:
        if names:
            query = {"metric": ",".join(names), "period": "day", "metric_type": "total_value"}
            reply = yield Call("GET", f"{path.graph}/{account.id}/insights", query=query)
            given.extend(rows(reply, "data"))

    if granted(account, path.insights):
        try:
            yield from isolating(tuple(ACCOUNT_METRICS), read)
        except PlatformError as error:
            if error.fault.error_class in GIVES_UP:
                raise
        except UnexpectedShape:
            given.clear()
    return AccountMetrics(
        followers=reading.number(totals.get("followers_count")),
        following=reading.number(totals.get("follows_count")),
        posts=reading.number(totals.get("media_count")),
        **figures(ACCOUNT_METRICS, given),
    )


def _measured(row: Row, metrics: Mapping[str, str] = MEDIA_METRICS) -> PostMetrics:
    """A post's figures; a like count that the owner hides is absent."""
    return PostMetrics(
        likes=reading.number(row.get("like_count")),
        comments=reading.number(row.get("comments_count")),
        permalink=row.get("permalink"),
        **figures(metrics, row.get("insights")),
    )
