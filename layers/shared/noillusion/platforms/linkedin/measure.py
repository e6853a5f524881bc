"""The figures of LinkedIn's posts and accounts (platforms.md 3.4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from noillusion.flows.faults import ErrorClass, PlatformError
from noillusion.flows.measures import AccountMetrics, PostMetrics, PostRef
from noillusion.flows.protocol import Account, Call, Flow, Reply
from noillusion.platforms.checks import lacking_scope
from noillusion.platforms.linkedin import calls
from noillusion.platforms.linkedin.facts import METRICS, ORGANIZATION_METRICS
from noillusion.platforms.reading import Row, integer, rows

LISTS: Final = {"shares": "urn:li:share:", "ugcPosts": "urn:li:ugcPost:"}
"""Parameters of the statistics of an organization's posts, by the type of the posts."""
CONCERNS_ONE_POST: Final = frozenset({ErrorClass.INVALID_CONTENT, ErrorClass.NOT_FOUND, ErrorClass.UNKNOWN})
"""Refusals of a list that a single post in it can cause."""


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
    measured = {post.post_id: PostMetrics(unavailable="unsupported_id") for post in posts}
    asked = [post.post_id for post in posts if post.post_id.startswith(tuple(LISTS.values()))]
    if not asked:
        return measured
    where = (
        f"/organizationalEntityShareStatistics?q=organizationalEntity&organizationalEntity={calls.encoded(calls.author(account))}"
    )
    idle: dict[str, Any] = dict.fromkeys(ORGANIZATION_METRICS.values(), 0)
    measured |= {urn: PostMetrics(**idle) for urn in asked}
    listed, refused = yield from _listed(where, asked)
    for row in listed:
        urn, totals = str(row.get("share") or row.get("ugcPost") or ""), row.get("totalShareStatistics")
        if urn in measured and isinstance(totals, Mapping):
            counts: dict[str, Any] = {fills: integer(totals.get(name)) for name, fills in ORGANIZATION_METRICS.items()}
            measured[urn] = PostMetrics(**counts)
    return measured | {urn: PostMetrics(unavailable=reason) for urn, reason in refused.items()}


def _listed(where: str, urns: Sequence[str]) -> Flow[tuple[list[Row], dict[str, ErrorClass]]]:
    """The statistics of posts, halved until those that LinkedIn refuses stand alone, and why it refuses these."""
    query = "".join(
        f"&{name}=List({','.join(map(calls.encoded, of_kind))})"
        for name, kind in LISTS.items()
        if (of_kind := [urn for urn in urns if urn.startswith(kind)])
    )
    try:
        return rows((yield calls.get(where + query)), "elements"), {}
    except PlatformError as error:
        found = error.fault.error_class
        if found not in CONCERNS_ONE_POST:
            raise
    if len(urns) == 1:
        return [], {urns[0]: found}
    middle = len(urns) // 2
    first, refused = yield from _listed(where, urns[:middle])
    second, also_refused = yield from _listed(where, urns[middle:])
    return first + second, refused | also_refused
