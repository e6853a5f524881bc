"""Looks at the media of a post, by their bytes. URLs are fetched as a platform would: few at once, few per host, not for long."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final, Literal, TypeAlias
from urllib.parse import urldefrag

from noillusion.core.errors import Params
from noillusion.core.records import record
from noillusion.flows.draft import Draft, MediaItem
from noillusion.flows.issues import IssueCode
from noillusion.flows.protocol import Issue
from noillusion.platforms.files import rules_for
from noillusion.publishing import handover, messages

if TYPE_CHECKING:
    from noillusion.media.facts import MediaFacts
    from noillusion.media.remote import Look
    from noillusion.net.guarded import Allowance
    from noillusion.publishing.drafts import PublishPlan

LOOK_S = 4.0
ALL_LOOKS_S = 8.0
AT_ONCE = 4
REQUESTS = 50
"""To strangers for one request of ours, redirects and further parts of a file included."""
REQUESTS_PER_HOST = 35
"""As many as the largest carousel has images."""
SURE = ("invalid_url", "https_required", "port_not_allowed", "address_not_public", "too_many_redirects")
"""Refusals that the platform's own fetcher would meet as well; anything else may be a matter of the moment."""
SAME: Final[Mapping[str, str]] = {
    "image/jpg": "image/jpeg",
    "image/pjpeg": "image/jpeg",
    "image/x-png": "image/png",
    "image/x-ms-bmp": "image/bmp",
    "image/x-bmp": "image/bmp",
    "image/heif": "image/heic",
    "video/x-m4v": "video/mp4",
    # Word and PowerPoint files of the older kind begin alike.
    "application/msword": "application/x-ole-storage",
    "application/vnd.ms-powerpoint": "application/x-ole-storage",
}
"""Other names of content types."""
Seen: TypeAlias = "Look | str"
"""What is behind a URL, or the code of the refusal."""


@record(eq=True)
class _Looks:
    """What was found: by URL, and by the bytes of the request."""

    behind: Mapping[str, Seen]
    facts: Mapping[bytes, MediaFacts]


@record(eq=True)
class _File:
    """A file of a draft: the field in which it stands, and the sort of file by which a platform has rules for it."""

    field: str
    item: MediaItem
    sort: str


async def look(plans: Sequence[PublishPlan]) -> list[PublishPlan]:
    """Return the plans with the problems of their media (failure-classes.md E1).

    Each file gets what its bytes and its URL tell: content type, duration, size, redirects. Nothing else of a draft is changed.
    """
    items = [file.item for plan in plans for file in _files(plan.draft)]
    if not items:
        return list(plans)
    # The readers come with it, which only posts with media need.
    from noillusion.media.reading import facts_of

    facts = {data: facts_of(data) for data in {item.data for item in items if item.data is not None}}
    behind = await _look_at_all(list(dict.fromkeys(_key(item) for item in items if item.url is not None)))
    return [_looked(plan, _Looks(behind, facts)) for plan in plans]


def _files(draft: Draft) -> Iterator[_File]:
    """Every file of a draft: its media, and what stands beside them or on the card of a link."""
    for at, item in enumerate(draft.media):
        yield _File(f"media.{at}", item, item.kind)
        if item.thumbnail is not None:
            yield _File(f"media.{at}.thumbnail", item.thumbnail, "cover")
        if item.captions is not None:
            yield _File(f"media.{at}.captions", item.captions, "captions")
    if draft.link is not None and draft.link.thumbnail is not None:
        yield _File("link.thumbnail", draft.link.thumbnail, "cover")


def _key(item: MediaItem) -> str:
    """Return the URL to ask for: a fragment never reaches the server."""
    return urldefrag(item.url.reveal() if item.url else "").url


async def _look_at_all(urls: Sequence[str]) -> dict[str, Seen]:
    """Return what is behind each URL, in the order of the request, as far as the allowance and the time go."""
    found: dict[str, Seen] = dict.fromkeys(urls, "not_looked_at")
    if not urls:
        return found
    # With it comes the HTTP client, which only looking at URLs needs.
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
    from noillusion.media.remote import look_at
    from noillusion.net.guarded import Refused

    try:
        return await look_at(url, seconds=LOOK_S, allowance=allowance)
    except Refused as refused:
        return refused.code


def _looked(plan: PublishPlan, looks: _Looks) -> PublishPlan:
    told = {(issue.field, issue.code) for issue in plan.issues}
    issues = list(plan.issues)
    for file in _files(plan.draft):
        # What the platform's own check has told already is not told again.
        issues += [issue for issue in _issues(plan, file, looks) if (issue.field, issue.code) not in told]
    return replace(plan, issues=tuple(issues), draft=_with_types(plan.draft, looks))


def _with_types(draft: Draft, looks: _Looks) -> Draft:
    """Return a draft whose images, videos and documents have the types of their content."""
    media = (
        replace(_typed(item, looks), thumbnail=_typed_if(item.thumbnail, looks), captions=_sized_if(item.captions, looks))
        for item in draft.media
    )
    link = replace(draft.link, thumbnail=_typed_if(draft.link.thumbnail, looks)) if draft.link is not None else None
    return replace(draft, media=tuple(media), link=link)


def _typed_if(item: MediaItem | None, looks: _Looks) -> MediaItem | None:
    return _typed(item, looks) if item is not None else None


def _sized_if(item: MediaItem | None, looks: _Looks) -> MediaItem | None:
    """Return subtitles with their size. Their type is what their sender says: by its content it is plain text."""
    return replace(item, size=_typed(item, looks).size) if item is not None else None


def _typed(item: MediaItem, looks: _Looks) -> MediaItem:
    """Return a file with what was seen of it: its type, which an upload of ours names whatever its host or its sender says,
    its duration and size, and whether its URL redirects."""
    from noillusion.media.facts import UNRECOGNIZED

    if item.data is not None:
        return replace(item, duration_s=looks.facts[item.data].duration_s, size=len(item.data))
    seen = looks.behind.get(_key(item))
    if seen is None or isinstance(seen, str):
        return item
    found = seen.facts.content_type
    known = item.content_type if found is None or found == UNRECOGNIZED else found
    facts = seen.facts
    return replace(item, content_type=known, duration_s=facts.duration_s, redirected=seen.redirected, size=facts.size)


def _issues(plan: PublishPlan, file: _File, looks: _Looks) -> Iterator[Issue]:
    """The problems of one file."""
    item = file.item
    if item.data is not None:
        facts, field = looks.facts[item.data], f"{file.field}.data"
        if file.sort != "captions" and _differs(item.content_type, facts):
            yield Issue(field, "wrong_type", messages.WRONG_FILE.format(content_type=item.content_type))
        else:
            yield from _broken_rules(plan, file, facts, field)
        return
    seen, field = looks.behind[_key(item)], f"{file.field}.url"
    if isinstance(seen, str):
        yield _refusal(field, seen)
        return
    if seen.compressed:
        yield Issue(field, "compressed", messages.COMPRESSED, "warning")
    if file.sort != "captions" and _differs(item.content_type, seen.facts):
        yield Issue(f"{file.field}.content_type", "wrong_type", messages.DECLARED, "warning")
    rules = rules_for(plan.platform.capabilities.files, plan.draft.kind, file.sort)
    if seen.redirected and rules is not None and not rules.redirects and not handover.is_handed(plan.platform, plan.draft, item):
        yield Issue(field, "redirected", messages.REDIRECTED.format(platform=plan.platform.title))
    yield from _broken_rules(plan, file, seen.facts, field)


def _broken_rules(plan: PublishPlan, file: _File, facts: MediaFacts, field: str) -> Iterator[Issue]:
    rules = rules_for(plan.platform.capabilities.files, plan.draft.kind, file.sort)
    if rules is None:
        # The platform takes no such file here, which is a problem of its own, or has no rules: subtitles are text.
        return
    from noillusion.platforms.file_checks import file_issues

    found = list(file_issues(facts, rules, field, file.item.kind, plan.platform.title))
    yield from found
    if not any(issue.code == "too_large" for issue in found):
        yield from handover.limits(plan.platform, plan.draft, file.item, facts.size, field)


def _differs(declared: str, facts: MediaFacts) -> bool:
    """Return whether a file is known to be of another type than its sender says."""
    found = facts.content_type
    return bool(declared) and found is not None and SAME.get(declared, declared) != SAME.get(found, found)


def _refusal(field: str, seen: str) -> Issue:
    """Return the problem of a file that could not be fetched, and what is known of it."""
    # 4xx is an answer about this file; 5xx may be gone in a minute.
    severity: Literal["error", "warning"] = "error" if seen in SURE or seen.startswith("http_4") else "warning"
    if seen.startswith("http_"):
        params: Params = {"actual": int(seen.removeprefix("http_")), "allowed": ["200"]}
        return Issue(field, "http_status", messages.FETCHED["http_status"], severity, params)
    codes: Mapping[str, IssueCode] = {code: code for code in messages.FETCHED}
    code = codes.get(seen, "unreachable")
    return Issue(field, code, messages.FETCHED[code], severity)
