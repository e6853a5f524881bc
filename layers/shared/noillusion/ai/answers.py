"""Reads a model's answer into results and checks them against the platforms' rules. It changes no wording."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, Literal

from noillusion.ai import messages
from noillusion.ai.instructions import VARIANT_NAMES, texts_of
from noillusion.ai.models import Check, CheckCode, GenerateRequest, Result
from noillusion.ai.options import folded
from noillusion.ai.rules import hashtag, hashtags_in
from noillusion.catalog.platforms import PLATFORMS, PlatformName
from noillusion.core.sensitive import Content

MARKDOWN = re.compile(r"\*\*[^*\n]+\*\*|__[^_\n]+__|^#{1,6} \S|\[[^\]\n]+\]\(https?://|^```", re.MULTILINE)
_URL = re.compile(r"(?:https?://|\bwww\.)[^\s<>\"]+", re.IGNORECASE)
_AFTER_URL = ".,;:!?)]}'’»”"


class Unusable(Exception):
    """The answer is not what was asked for. ``code`` says why; the answer itself is not repeated."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read(answer: Content, request: GenerateRequest, given: str | None = None) -> list[Result]:
    """The result of every requested platform, in the order of the request. :class:`Unusable`: one is missing or malformed.

    Text around the object is left out, as some models write a sentence or a fence around it even where a schema is given. Of
    several objects, one has to be the answer. ``given``: what was sent; a link that is not in it was invented.
    """
    found, failures = [], []
    for document in _documents(answer.reveal()):
        try:
            results = [
                each for platform in request.platforms for each in _results(platform, document.get(platform), request, given)
            ]
            found.append((document, results))
        except Unusable as unusable:
            failures.append(unusable)
    if not found:
        raise failures[0] if failures else Unusable("not_json")
    first, results = found[0]
    if any(document != first for document, _ in found):
        raise Unusable("ambiguous")
    return results


_DECODER = json.JSONDecoder(strict=False)
"""Takes line breaks and tabs inside of strings as they are."""
MOST_TRIES = 30
"""How many braces of a text are looked at: each costs time that grows with the rest of the text."""


def _documents(text: str) -> Iterator[dict[str, Any]]:
    """Yield the objects of a text that are in no other one. :class:`Unusable`: the text is JSON, but no object."""
    try:
        whole = _DECODER.decode(text)
    except (ValueError, RecursionError):
        yield from _embedded(text)
        return
    if not isinstance(whole, dict):
        raise Unusable("unexpected_shape")
    yield whole


def _embedded(text: str) -> Iterator[dict[str, Any]]:
    start, tries = text.find("{"), 0
    while start >= 0 and tries < MOST_TRIES:
        end, tries = start + 1, tries + 1
        try:
            document, end = _DECODER.raw_decode(text, start)
            yield document
        except (ValueError, RecursionError):
            # A brace of the text around it, or an object that was cut off.
            pass
        start = text.find("{", end)


def _results(platform: PlatformName, answer: Any, request: GenerateRequest, given: str | None) -> list[Result]:
    if not isinstance(answer, dict):
        raise Unusable("platform_missing")
    names = VARIANT_NAMES[: texts_of(request)]
    if request.task == "ideas":
        return [ideas(platform, [_text(answer.get(name)) for name in names], request)]
    posts = [answer] if len(names) == 1 else [answer.get(name) for name in names]
    return [_post(platform, variant, said, request, given) for variant, said in enumerate(posts, start=1)]


def _post(platform: PlatformName, variant: int, answer: Any, request: GenerateRequest, given: str | None) -> Result:
    tags = answer.get("hashtags", []) if isinstance(answer, dict) else None
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        raise Unusable("unexpected_shape")
    tags = [_clean(tag) for tag in tags] if request.include_hashtags else []
    result = post(platform, _text(answer.get("text")), tags, request)
    result.variant = variant
    result.checks.extend(_extras(result.text, given))
    return result


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise Unusable("unexpected_shape")
    text = _clean(value).strip()
    if not text:
        raise Unusable("empty")
    return text


def _clean(value: str) -> str:
    """Return a text without what no text can have. Models emit broken escapes: half an emoji, which is no UTF-8, and NUL."""
    return value.encode("utf-8", "replace").decode().replace("\0", "")


def post(platform: PlatformName, text: str, tags: Sequence[str], request: GenerateRequest) -> Result:
    """Return a finished post: the hashtags are appended to the text unless it has them already. What makes none is left out."""
    made = [hashtag(tag) for tag in tags]
    clean = list(dict.fromkeys(filter(None, made)))
    present = [match.lower() for match in hashtags_in(text)]
    line = " ".join(f"#{tag}" for tag in clean if tag.lower() not in present)
    whole = "\n\n".join(part for part in (text, line) if part)
    hashtags = list(dict.fromkeys(hashtags_in(whole)))
    result = Result(platform=platform, text=whole, hashtags=hashtags, **_size(platform, whole))
    if left_out := made.count(""):
        result.checks.append(_check("hashtags_left_out", "warning", actual=left_out))
    return _measured(result, request)


def ideas(platform: PlatformName, texts: Sequence[str], request: GenerateRequest) -> Result:
    """Return ideas for a platform; ``length`` is that of the longest."""
    longest = max(texts, key=len)
    result = Result(platform=platform, ideas=list(texts), **_size(platform, longest))
    if len(set(texts)) < len(texts):
        result.checks.append(_check("duplicate_idea", "warning"))
    result.checks.extend(_words(" ".join(texts), request))
    return result


def _size(platform: PlatformName, text: str) -> dict[str, Any]:
    rule = PLATFORMS[platform].length
    return {"length": rule.of(text), "length_unit": rule.unit, "limit": rule.limit, "checks": []}


def _extras(text: str, given: str | None) -> list[Check]:
    """Return what a model added although it must not: Markdown, and links that are not in ``given``."""
    checks = [_check("markdown_left", "warning")] if MARKDOWN.search(text) else []
    links = {found.rstrip(_AFTER_URL).casefold() for found in _URL.findall(text)}
    unknown = sum(link not in given.casefold() for link in links) if given is not None else 0
    return checks + ([_check("link_not_given", "warning", actual=unknown)] if unknown else [])


def _words(text: str, request: GenerateRequest) -> list[Check]:
    """Return what the text lacks of the words to keep, and has of those to avoid."""
    lower = text.casefold()
    missing = sum(word.reveal().strip() not in text for word in request.keep)
    present = sum(bool(re.search(rf"(?<!\w){re.escape(folded(word))}(?!\w)", lower)) for word in request.avoid)
    found: list[tuple[CheckCode, int]] = [("keep_missing", missing), ("avoid_present", present)]
    return [_check(code, "warning", actual=actual) for code, actual in found if actual]


def _measured(result: Result, request: GenerateRequest) -> Result:
    entry = PLATFORMS[result.platform]
    rule, hashtags = entry.length, entry.hashtags
    tags = hashtags.count(result.text)
    if result.length > rule.limit:
        unit = messages.UNITS[rule.unit]
        result.checks.append(_check("too_long", "error", actual=result.length, limit=rule.limit, unit=unit))
    if hashtags.limit is not None and tags > hashtags.limit:
        result.checks.append(_check("too_many_hashtags", "error", actual=tags, limit=hashtags.limit))
    elif hashtags.warning is not None and tags > hashtags.warning:
        result.checks.append(_check("many_hashtags", "warning", actual=tags, limit=hashtags.warning))
    if hashtags_in(result.text) and not request.include_hashtags:
        result.checks.append(_check("hashtags_not_wanted", "warning"))
    result.checks.extend(_words(result.text, request))
    return result


def _check(code: CheckCode, severity: Literal["error", "warning"], **params: str | int) -> Check:
    return Check(code=code, severity=severity, message=messages.CHECKS[code].format(**params))
