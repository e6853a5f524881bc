"""The figures of Instagram's posts and accounts (platforms.md 2.4)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from noillusion.flows.faults import PlatformError, UnexpectedShape
from noillusion.flows.measures import AccountMetrics, PostMetrics, PostRef
from noillusion.flows.protocol import Account, Call, Flow
from noillusion.platforms import reading
from noillusion.platforms.checks import granted
from noillusion.platforms.instagram.facts import ACCOUNT_METRICS, GRAPH, INSIGHTS_SCOPE, MEDIA_FIELDS, MEDIA_METRICS
from noillusion.platforms.meta.insights import GIVES_UP, Figures, figures, isolating
from noillusion.platforms.reading import Row, rows


def metrics(posts: Sequence[PostRef], account: Account) -> Flow[dict[str, PostMetrics]]:
    """Lifetime figures by expansion on the account's media (platforms.md 2.4)."""
    reader = Figures(
        edge=f"{GRAPH}/{account.id}/media",
        node=f"{GRAPH}/{{id}}",
        fields=MEDIA_FIELDS,
        metrics=tuple(MEDIA_METRICS) if granted(account, INSIGHTS_SCOPE) else (),
    )
    measured = yield from reader.measure([post.post_id for post in posts if post.post_id], _measured)
    nameless = (post.handles.get("accepted_id", "") for post in posts if not post.post_id)
    return {**measured, **dict.fromkeys(nameless, PostMetrics(unavailable="not_found"))}


def account_metrics(account: Account) -> Flow[AccountMetrics]:
    """Totals, and the figures of the last 24 hours where the scope and the platform give them (platforms.md 2.4)."""
    totals = yield Call("GET", f"{GRAPH}/{account.id}", query={"fields": "followers_count,follows_count,media_count"})
    given: list[Any] = []

    def read(names: tuple[str, ...]) -> Flow[None]:
        if names:
            query = {"metric": ",".join(names), "period": "day", "metric_type": "total_value"}
            reply = yield Call("GET", f"{GRAPH}/{account.id}/insights", query=query)
            given.extend(rows(reply, "data"))

    if granted(account, INSIGHTS_SCOPE):
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


def _measured(row: Row) -> PostMetrics:
    """A post's figures; a like count that the owner hides is absent."""
    return PostMetrics(
        likes=reading.number(row.get("like_count")),
        comments=reading.number(row.get("comments_count")),
        permalink=row.get("permalink"),
        **figures(MEDIA_METRICS, row.get("insights")),
    )
