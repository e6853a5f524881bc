"""The figures of TikTok's posts and accounts (platforms.md 4.4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from noillusion.flows.faults import ErrorClass, Fault, PlatformError
from noillusion.flows.measures import AccountMetrics, PostMetrics, PostRef
from noillusion.flows.protocol import Account, Call, Flow, Reply
from noillusion.platforms.checks import lacking_scope
from noillusion.platforms.reading import integer
from noillusion.platforms.tiktok import calls, status
from noillusion.platforms.tiktok.facts import COUNTER_FIELDS, METRICS, PAGE


def metrics(posts: Sequence[PostRef], account: Account) -> Flow[dict[str, PostMetrics]]:
    """Counts by ``post_id``, or by the publish id where TikTok had not told the post's id yet (platforms.md 4.4).

    Such a post is looked up first; :attr:`PostMetrics.post_id` then carries what was found (failure-classes.md G6).
    """
    measured: dict[str, PostMetrics] = {}
    ids: dict[str, str] = {}
    if "video.list" not in account.scopes:
        yield from ()
        return {_key(post): PostMetrics(unavailable=lacking_scope(account, "video.list")) for post in posts}
    for post in posts:
        if post.post_id.isdecimal():
            ids[_key(post)] = post.post_id
            continue
        resolved = yield from _resolve(post.handles.get("accepted_id") or post.post_id, account)
        if resolved.post_id:
            ids[_key(post)] = resolved.post_id
        else:
            measured[_key(post)] = resolved
    wanted = list(dict.fromkeys(ids.values()))
    counted: dict[str, PostMetrics] = {}
    for start in range(0, len(wanted), PAGE):
        counted |= yield from _query(wanted[start : start + PAGE])
    for key, post_id in ids.items():
        # Private, removed and unknown ids are simply left out of the answer.
        measured[key] = counted.get(post_id) or PostMetrics(unavailable="not_public", post_id=post_id)
    return measured


def account_metrics(account: Account) -> Flow[AccountMetrics]:
    """The account's counters as they are now; TikTok keeps no history."""
    if "user.info.stats" not in account.scopes:
        yield from ()
        return AccountMetrics(unavailable=lacking_scope(account, "user.info.stats"))
    user = yield calls.user_info(COUNTER_FIELDS)
    followers, following, likes, videos = (integer(user.get(f"data.user.{name}")) for name in COUNTER_FIELDS)
    extra = {} if likes is None else {"likes": likes}
    return AccountMetrics(followers=followers, following=following, posts=videos, extra=extra)


def _key(post: PostRef) -> str:
    return post.post_id or post.handles.get("accepted_id", "")


def _resolve(publish_id: str, account: Account) -> Flow[PostMetrics]:
    """The public id behind a publish id, or why there is none (yet)."""
    if not publish_id:
        return PostMetrics(unavailable="not_found")
    try:
        outcome = status.outcome((yield calls.status(publish_id)), publish_id, account.username)
    except PlatformError as error:
        if error.fault.error_class is not ErrorClass.NOT_FOUND:
            raise
        return PostMetrics(unavailable="not_found")
    if outcome is None:
        return PostMetrics(unavailable="processing")
    if isinstance(outcome, Fault):
        return PostMetrics(unavailable="failed")
    if outcome.post_id:
        return PostMetrics(post_id=outcome.post_id)
    return PostMetrics(unavailable="in_inbox" if outcome.state == "delivered_to_inbox" else "not_public")


def _query(ids: Sequence[str]) -> Flow[dict[str, PostMetrics]]:
    """Counts of up to 20 videos by id. A field TikTok no longer knows does not cost the others (failure-classes.md G1)."""
    rows: dict[str, dict[str, Any]] = {}
    wanted = ("share_url", *METRICS)
    try:
        _collect((yield _query_call(ids, wanted)), rows)
    except PlatformError as error:
        if error.fault.error_class is not ErrorClass.INVALID_CONTENT:
            raise
        for name in wanted:
            try:
                _collect((yield _query_call(ids, [name])), rows)
            except PlatformError as refusal:
                if refusal.fault.error_class is not ErrorClass.INVALID_CONTENT:
                    raise
    return {post_id: _measured(post_id, row) for post_id, row in rows.items() if post_id in ids}


def _query_call(ids: Sequence[str], fields: Iterable[str]) -> Call:
    return calls.post(f"/video/query/?fields={','.join(('id', *fields))}", {"filters": {"video_ids": list(ids)}})


def _collect(reply: Reply, rows: dict[str, dict[str, Any]]) -> None:
    for video in calls.videos(reply):
        rows.setdefault(str(video.get("id", "")), {}).update(video)


def _measured(post_id: str, row: Mapping[str, Any]) -> PostMetrics:
    counts: dict[str, Any] = {fills: integer(row.get(name)) for name, fills in METRICS.items()}
    known = any(value is not None for value in counts.values())
    return PostMetrics(**counts, unavailable=None if known else "no_data", post_id=post_id, permalink=status.share_link(row))
