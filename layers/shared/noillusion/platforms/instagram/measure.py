"""The figures of Instagram's posts and accounts (platforms.md 2.4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from noillusion.flows.faults import ErrorClass, PlatformError, UnexpectedShape
from noillusion.flows.measures import AccountMetrics, PostMetrics, PostRef
from noillusion.flows.protocol import Account, Call, Flow
from noillusion.platforms import reading
from noillusion.platforms.checks import granted
from noillusion.platforms.instagram.errors import ERRORS
from noillusion.platforms.instagram.facts import ACCOUNT_METRICS, MEDIA_FIELDS, MEDIA_METRICS
from noillusion.platforms.instagram.paths import path_of
from noillusion.platforms.meta.batch import GIVES_UP, in_batches, one_by_one
from noillusion.platforms.meta.errors import classify
from noillusion.platforms.meta.insights import figures, isolating
from noillusion.platforms.meta.posts import Apart, Listed, Names, asking
from noillusion.platforms.reading import Row, rows

HIDDEN: Final = frozenset({ErrorClass.PERMISSION, ErrorClass.NOT_READY})
"""Refusals of the insights of a story, after which its other figures can be had."""


def metrics(posts: Sequence[PostRef], account: Account) -> Flow[dict[str, PostMetrics]]:
    """Lifetime figures by expansion on the account's media; of stories together, for their day (platforms.md 2.4)."""
    path = path_of(account)
    may = granted(account, path.insights)

    def ask(post_id: str, names: Names) -> Call:
        return Call("GET", f"{path.graph}/{post_id}", query=asking(MEDIA_FIELDS, names))

    together = in_batches(f"{path.graph}/", lambda reply: classify(reply, ERRORS)) if path.takes_batches else one_by_one
    apart = Apart(ask, together)
    reader = Listed(
        edge=f"{path.graph}/{account.id}/media", fields=MEDIA_FIELDS, metrics=tuple(MEDIA_METRICS) if may else (), apart=apart
    )
    known = [post for post in posts if post.post_id]
    measured = yield from reader.measure([post for post in known if post.kind != "story"], _measured)
    # A metric that does not fit one of them fails the whole list, and so does a story that too few people saw.
    stories = [post.post_id for post in known if post.kind == "story"]
    if stories:
        measured |= yield from _stories(stories, apart, path.story_metrics if may else {})
    nameless = (post.handles.get("accepted_id", "") for post in posts if not post.post_id)
    return {**measured, **dict.fromkeys(nameless, PostMetrics(unavailable="not_found"))}


def _stories(ids: Sequence[str], apart: Apart, metrics: Mapping[str, str]) -> Flow[dict[str, PostMetrics]]:
    """Figures of stories; of those with too few viewers those that are not insights (platforms.md 2.4)."""
    rows, faults, refused = yield from apart.read(ids, tuple(metrics))
    hidden = [id for id, fault in faults.items() if metrics and fault.error_class in HIDDEN]
    if hidden:
        more, still, _ = yield from apart.read(hidden, ())
        rows |= more
        faults = {id: still.get(id, fault) for id, fault in faults.items() if id not in more}
    missing = {id: PostMetrics(unavailable=fault.error_class, refused=refused) for id, fault in faults.items()}
    return {**missing, **{id: replace(_measured(row, metrics), refused=refused) for id, row in rows.items()}}


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

    refused: Names = ()
    if granted(account, path.insights):
        try:
            refused = yield from isolating(tuple(ACCOUNT_METRICS), read)
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
        refused=refused,
    )


def _measured(row: Row, metrics: Mapping[str, str] = MEDIA_METRICS) -> PostMetrics:
    """A post's figures; a like count that the owner hides is absent."""
    return PostMetrics(
        likes=reading.number(row.get("like_count")),
        comments=reading.number(row.get("comments_count")),
        permalink=row.get("permalink"),
        **figures(metrics, row.get("insights")),
    )
