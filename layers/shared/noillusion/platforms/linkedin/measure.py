"""The figures of LinkedIn's posts and accounts (platforms.md 3.4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from noillusion.flows.faults import ErrorClass, PlatformError
from noillusion.flows.measures import AccountMetrics, PostMetrics, PostRef
from noillusion.flows.protocol import Account, Call, Flow, Reply
from noillusion.platforms.checks import lacking_scope
from noillusion.platforms.linkedin import calls
from noillusion.platforms.linkedin.facts import METRICS, ORGANIZATION_METRICS
from noillusion.platforms.reading import integer, rows


def metrics(posts: Sequence[PostRef], account: Account) -> Flow[dict[str, PostMetrics]]:
    """Counts by post id. Members: one metric × post per call, with ``r_member_postAnalytics`` only (platforms.md 3.4)."""
    scope = "rw_organization_admin" if account.kind == "organization" else "r_member_postAnalytics"
    if scope not in account.scopes:
        yield from ()
        return {post.post_id: PostMetrics(unavailable=lacking_scope(account, scope)) for post in posts}
    if account.kind == "organization":
        return (yield from _organization_metrics(posts, account))
    measured = {}
    for post in posts:
        measured[post.post_id] = yield from _member_metrics(post.post_id)
    return measured


def account_metrics(account: Account) -> Flow[AccountMetrics]:
    """Followers; for organizations also page views (platforms.md 3.4)."""
    scope = "rw_organization_admin" if account.kind == "organization" else "r_member_profileAnalytics"
    if scope not in account.scopes:
        yield from ()
        return AccountMetrics(unavailable=lacking_scope(account, scope))
    if account.kind == "member":
        reply = yield calls.get("/memberFollowersCount?q=me")
        followers = integer(reply.get("elements.0.memberFollowersCount"))
        return AccountMetrics(followers=followers, unavailable="no_data" if followers is None else None)
    urn = calls.encoded(calls.author(account))
    size, pages = yield [
        calls.get(f"/networkSizes/{urn}?edgeType=COMPANY_FOLLOWED_BY_MEMBER"),
        calls.get(f"/organizationPageStatistics?q=organization&organization={urn}"),
    ]
    views = integer(pages.get("elements.0.totalPageStatistics.views.allPageViews.pageViews"))
    return AccountMetrics(followers=integer(size.get("firstDegreeSize")), profile_views=views)


def _member_metrics(urn: str) -> Flow[PostMetrics]:
    """All metrics of one member post. One that LinkedIn no longer knows does not cost the others (failure-classes.md G1)."""
    prefix, _, _ = urn.rpartition(":")
    entity = {"urn:li:share": "share", "urn:li:ugcPost": "ugc"}.get(prefix)
    if entity is None:
        return PostMetrics(unavailable="unsupported_id")
    where = f"/memberCreatorPostAnalytics?q=entity&entity=({entity}:{calls.encoded(urn)})&aggregation=TOTAL&queryType="
    try:
        replies = yield from _each([calls.get(where + name) for name in METRICS])
    except PlatformError as error:
        if error.fault.error_class not in (ErrorClass.NOT_FOUND, ErrorClass.PERMISSION):
            raise
        return PostMetrics(unavailable=error.fault.error_class)
    counts: dict[str, Any] = {}
    for fills, reply in zip(METRICS.values(), replies, strict=True):
        counts[fills] = integer(reply.get("elements.0.count")) if reply else None
    known = any(value is not None for value in counts.values())
    return PostMetrics(**counts, unavailable=None if known else "no_data")


def _each(calls: list[Call]) -> Flow[list[Reply | None]]:
    """All calls at once; if one is refused for what it asks, one by one, with ``None`` for the refused."""
    isolated = (ErrorClass.INVALID_CONTENT, ErrorClass.UNKNOWN)
    try:
        replies: list[Reply | None] = yield calls
    except PlatformError as error:
        if error.fault.error_class not in isolated:
            raise
    else:
        return replies
    single: list[Reply | None] = []
    for call in calls:
        try:
            single.append((yield call))
        except PlatformError as error:
            if error.fault.error_class not in isolated:
                raise
            single.append(None)
    return single


def _organization_metrics(posts: Sequence[PostRef], account: Account) -> Flow[dict[str, PostMetrics]]:
    """Lifetime counts of an organization's posts. One that LinkedIn leaves out had no activity (platforms.md 3.4)."""
    lists = {"shares": "urn:li:share:", "ugcPosts": "urn:li:ugcPost:"}
    wanted = {name: [post.post_id for post in posts if post.post_id.startswith(kind)] for name, kind in lists.items()}
    measured = {post.post_id: PostMetrics(unavailable="unsupported_id") for post in posts}
    asked = [urn for urns in wanted.values() for urn in urns]
    if not asked:
        return measured
    where = (
        f"/organizationalEntityShareStatistics?q=organizationalEntity&organizationalEntity={calls.encoded(calls.author(account))}"
    )
    for name, urns in wanted.items():
        where += f"&{name}=List({','.join(map(calls.encoded, urns))})" if urns else ""
    listed = rows((yield calls.get(where)), "elements")
    idle: dict[str, Any] = dict.fromkeys(ORGANIZATION_METRICS.values(), 0)
    measured |= {urn: PostMetrics(**idle) for urn in asked}
    for row in listed:
        urn, totals = str(row.get("share") or row.get("ugcPost") or ""), row.get("totalShareStatistics")
        if urn in measured and isinstance(totals, Mapping):
            counts: dict[str, Any] = {fills: integer(totals.get(name)) for name, fills in ORGANIZATION_METRICS.items()}
            measured[urn] = PostMetrics(**counts)
    return measured
