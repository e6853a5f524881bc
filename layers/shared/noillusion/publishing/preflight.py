"""Looks at the media that users name, as a platform would fetch them: few at once, few per host, and not for long."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Literal, TypeAlias
from urllib.parse import urldefrag

from noillusion.core.errors import Params
from noillusion.core.records import record
from noillusion.flows.draft import MediaItem
from noillusion.flows.protocol import Issue, IssueCode
from noillusion.publishing import messages

if TYPE_CHECKING:
    from noillusion.net.guarded import Allowance
    from noillusion.publishing.drafts import PublishPlan

LOOK_S = 4.0
ALL_LOOKS_S = 8.0
AT_ONCE = 4
REQUESTS = 50
"""To strangers for one request of ours, redirects included."""
REQUESTS_PER_HOST = 35
"""As many as the largest carousel has images."""
MEDIA_LIMIT = 64 * 1024 * 1024
SURE = ("invalid_url", "https_required", "port_not_allowed", "address_not_public", "too_large", "too_many_redirects")
"""Refusals that the platform's own fetcher would meet as well; anything else may be a matter of the moment."""


@record(eq=True)
class Served:
    """What a URL serves, by its header."""

    content_type: str


Seen: TypeAlias = "Served | str"
"""What was served, or the code of the refusal."""


async def look(plans: Sequence[PublishPlan]) -> list[PublishPlan]:
    """Return the plans with the problems that fetching their media as the platform would has shown (failure-classes.md E1)."""
    urls = dict.fromkeys(_key(item) for plan in plans for item in plan.draft.media if item.url is not None)
    found = await _look_at_all(list(urls))
    return [replace(plan, issues=(*plan.issues, *_issues(plan, found))) for plan in plans]


def _key(item: MediaItem) -> str:
    """Return the URL to ask for: a fragment never reaches the server."""
    return urldefrag(item.url.reveal() if item.url else "").url


async def _look_at_all(urls: Sequence[str]) -> dict[str, Seen]:
    """Return what each URL serves, in the order of the request, as far as the allowance and the time go."""
    found: dict[str, Seen] = dict.fromkeys(urls, "not_looked_at")
    if not urls:
        return found
    # With it comes the HTTP client, which only looking at media needs.
    from noillusion.net.guarded import Allowance

    allowance, slots = Allowance(REQUESTS, REQUESTS_PER_HOST), asyncio.Semaphore(AT_ONCE)

    async def look_at(url: str) -> None:
        async with slots:
            found[url] = await _look_at(url, allowance)

    tasks = [asyncio.ensure_future(look_at(url)) for url in urls]
    try:
        _, late = await asyncio.wait(tasks, timeout=ALL_LOOKS_S)
    finally:
        for task in tasks:
            task.cancel()
    await asyncio.gather(*late, return_exceptions=True)
    for task in set(tasks) - late:
        task.result()
    return found


async def _look_at(url: str, allowance: Allowance) -> Seen:
    from noillusion.net import guarded as outbound

    try:
        async with asyncio.timeout(LOOK_S), outbound.open_url(url, limit=MEDIA_LIMIT, allowance=allowance) as source:
            return Served(source.content_type)
    except TimeoutError:
        return "unreachable"
    except outbound.Refused as refused:
        return refused.code


def _issues(plan: PublishPlan, found: Mapping[str, Seen]) -> Iterator[Issue]:
    for i, item in enumerate(plan.draft.media):
        if item.url is not None and (issue := _issue(f"media.{i}.url", item, found[_key(item)])):
            yield issue


def _issue(field: str, item: MediaItem, seen: Seen) -> Issue | None:
    if isinstance(seen, Served):
        fits = seen.content_type.startswith((f"{item.kind}/", "application/octet-stream", "binary/octet-stream"))
        return None if fits else Issue(field, "wrong_type", messages.FETCHED["wrong_type"], params={"allowed": [item.kind]})
    # 4xx is an answer about this file; 5xx may be gone in a minute.
    severity: Literal["error", "warning"] = "error" if seen in SURE or seen.startswith("http_4") else "warning"
    code, params = _refusal(seen)
    return Issue(field, code, messages.FETCHED[code], severity, params)


def _refusal(seen: str) -> tuple[IssueCode, Params]:
    """Return the code of a refusal to fetch a file, and what is known of it."""
    if seen.startswith("http_"):
        return "http_status", {"actual": int(seen.removeprefix("http_")), "allowed": ["200"]}
    codes: Mapping[str, IssueCode] = {code: code for code in messages.FETCHED}
    code = codes.get(seen, "unreachable")
    return code, {"limit": MEDIA_LIMIT, "unit": "bytes"} if code == "too_large" else {}
