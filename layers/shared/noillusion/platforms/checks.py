"""The checks of a draft that every platform makes by what it declares, and the texts in which each platform states them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from noillusion.catalog.platforms import PLATFORMS, Hashtags, LengthUnit, PlatformName, length_of
from noillusion.core.errors import Params
from noillusion.core.records import record
from noillusion.flows.draft import Draft
from noillusion.flows.issues import IssueCode
from noillusion.flows.protocol import Account, Issue
from noillusion.platforms.parts import Media, Parts, given, lacking

Texts: TypeAlias = Mapping[tuple[str, str], tuple[IssueCode, str]]
"""(part, rule) → code and text, with names in braces for what is known of the case."""
TEXTS: Final[Texts] = {
    ("kind", "unknown"): ("not_supported", "{platform} accepts these kinds here: {kinds}."),
    ("", "missing"): ("required", "A post of kind {kind} on {platform} needs {part}."),
    ("", "refused"): ("not_allowed", "A post of kind {kind} on {platform} has no {part}."),
    ("options", "refused"): ("not_applicable", "This option does not exist for posts of kind {kind}."),
    ("media", "count"): ("wrong_count", "A post of kind {kind} on {platform} has {allowed} of {item}."),
    ("text", "long"): ("too_long", "{platform} accepts at most {limit} characters."),
    ("text", "hashtags"): ("too_many_hashtags", "{platform} accepts at most {limit} hashtags."),
    ("text", "many"): ("many_hashtags", "{platform} advises at most {limit} hashtags and may ignore or refuse more."),
    ("item", "kind"): ("not_supported", "A post of kind {kind} on {platform} takes {items} only."),
    ("item", "type"): ("not_supported", "{platform} accepts {sort}s as {formats}."),
    ("item", "alt_text"): ("too_long", "{platform} accepts alt texts of at most {limit} characters."),
}


@record(eq=True)
class Wording:
    """The texts of the shared checks on one platform: :data:`TEXTS`, with its own texts and codes where they differ."""

    platform: PlatformName
    texts: Texts = field(default_factory=dict)

    def issue(
        self,
        part: str,
        rule: str,
        known: Mapping[str, object],
        at: str = "",
        *,
        severity: Literal["error", "warning"] = "error",
        params: Params = MappingProxyType({}),
    ) -> Issue:
        """The problem of a part with a rule. ``known``: what the text can name. ``at``: the field, if not the part."""
        keys = ((part, rule), (part.partition(".")[0], rule), ("", rule))
        code, text = next(texts[key] for key in keys for texts in (self.texts, TEXTS) if key in texts)
        return Issue(at or part, code, text.format(platform=PLATFORMS[self.platform].title, part=part, **known), severity, params)


def part_issues(draft: Draft, parts: Parts, wording: Wording) -> Iterator[Issue]:
    """Parts that the kind needs and the draft lacks, parts that it has and the kind does not know, and too many media."""
    found = given(draft, wording.platform)
    media, count = parts.media, len(draft.media)
    known: dict[str, object] = {"kind": draft.kind, "count": count}
    if media is not None:
        known |= _media(media)
    for part in parts.needs:
        if _owner(part) in (part, *found):
            yield from (wording.issue(part, "missing", known, at) for at in lacking(draft, part))
    allowed = {*parts.needs, *parts.may}
    for part in (part for part in found if part not in allowed):
        if part in parts.drops:
            yield from (wording.issue(part, "dropped", known, at, severity="warning") for at in found[part])
        elif _owner(part) in (part, "options", *allowed):
            yield from (wording.issue(part, "refused", known, at) for at in found[part])
    if media is not None and count and not media.fewest <= count <= media.most:
        limit = media.most if count > media.most else media.fewest
        yield wording.issue("media", "count", known, params={"limit": limit, "actual": count, "unit": "items"})


def _media(media: Media) -> dict[str, object]:
    """Return the values that texts can name of the media of a kind of post."""
    allowed = f"exactly {media.most}" if media.fewest == media.most else f"{media.fewest} to {media.most}"
    return {"item": " or ".join(media.types), "items": " or ".join(f"{name}s" for name in media.types), "allowed": allowed}


def _owner(part: str) -> str:
    """Return the part that a part belongs to, itself if it is one of the draft. A refusal is not repeated part by part."""
    return part.partition(".")[0]


def text_issues(draft: Draft, limit: int, unit: LengthUnit, hashtags: Hashtags, wording: Wording) -> Iterator[Issue]:
    """A text that is too long or has too many hashtags."""
    text = draft.text.reveal()
    if (length := length_of(text, unit)) > limit:
        yield wording.issue(
            "text", "long", {"limit": limit, "length": length}, params={"limit": limit, "actual": length, "unit": unit}
        )
    count = hashtags.count(text)
    if hashtags.limit is not None and count > hashtags.limit:
        yield wording.issue("text", "hashtags", {"limit": hashtags.limit}, params=_hashtags(hashtags.limit, count))
    elif hashtags.warning is not None and count > hashtags.warning:
        most = hashtags.warning
        yield wording.issue("text", "many", {"limit": most}, severity="warning", params=_hashtags(most, count))


def _hashtags(limit: int, actual: int) -> Params:
    return {"limit": limit, "actual": actual, "unit": "hashtags"}


def item_issues(draft: Draft, media: Media | None, wording: Wording) -> Iterator[Issue]:
    """Media items of another sort or type than the kind of post takes, and alt texts that are too long."""
    if media is None:
        return
    for at, item in enumerate(draft.media):
        types = next((types for sort, types in media.types.items() if sort == item.kind), None)
        known = {"kind": draft.kind, **_media(media), "sort": item.kind, "types": ", ".join(types or ())}
        known["formats"] = ", ".join(name.partition("/")[2] for name in types or ())
        if types is None:
            yield wording.issue("item", "kind", known, f"media.{at}.kind", params={"allowed": list(media.types)})
        elif item.content_type and item.content_type not in types:
            yield wording.issue("item", "type", known, f"media.{at}.content_type", params={"allowed": types})
        limit = media.alt_text_limit
        length = len(item.alt_text.reveal()) if item.alt_text else 0
        if limit is not None and length > limit:
            params: Params = {"limit": limit, "actual": length, "unit": "characters"}
            yield wording.issue("item", "alt_text", {"limit": limit}, f"media.{at}.alt_text", params=params)


def scope_issues(account: Account, needed: Iterable[str]) -> Iterator[Issue]:
    """Scopes that publishing needs and the account lacks. An account without any known scope is left to the platform."""
    for scope in (scope for scope in needed if not granted(account, scope)):
        yield scope_issue("account", account, scope)


def scope_issue(field: str, account: Account, scope: str, what: str = "This connection") -> Issue:
    """Return the problem of a field that needs a scope which the account lacks. ``what``: how the text begins."""
    code = lacking_scope(account, scope)
    advice = {
        "scope_missing": f"{what} needs the permission {scope}: connect the account again and grant it.",
        "no_access": f"{what} needs the permission {scope}, which the app by which this account is connected does not have.",
    }
    return Issue(field, code, advice[code], params={"needed": [scope]})


def lacking_scope(account: Account, scope: str) -> Literal["scope_missing", "no_access"]:
    """Return why an account lacks a scope: the person can grant it, or the operator's app does not ask for it."""
    return "no_access" if account.asked and scope not in account.asked else "scope_missing"


def granted(account: Account, scope: str) -> bool:
    """Return whether the account has a scope; an account without any known scope is assumed to have it."""
    return not account.scopes or scope in account.scopes
