"""Reads a model's answer into results and checks them against the platforms' rules. It changes no wording."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Literal

from noillusion.ai import messages
from noillusion.ai.models import Check, CheckCode, GenerateRequest, Result
from noillusion.ai.prompts import IDEA_NAMES
from noillusion.ai.rules import hashtag, hashtags_in
from noillusion.catalog.platforms import PLATFORMS, PlatformName
from noillusion.core.sensitive import Content


class Unusable(Exception):
    """The answer is not what was asked for. ``code`` says why; the answer itself is not repeated."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read(answer: Content, request: GenerateRequest) -> list[Result]:
    """The result of every requested platform, in the order of the request. :class:`Unusable`: one is missing or malformed."""
    document = _parse(answer.reveal())
    return [_result(platform, document.get(platform), request) for platform in request.platforms]


def _parse(text: str) -> dict[str, Any]:
    bare = text.strip()
    if bare.startswith("```"):
        # Some models put a fence around JSON even where a schema is given.
        bare = bare.partition("\n")[2].rpartition("```")[0]
    try:
        document = json.loads(bare)
    except (ValueError, RecursionError):
        raise Unusable("not_json") from None
    if not isinstance(document, dict):
        raise Unusable("unexpected_shape")
    return document


def _result(platform: PlatformName, answer: Any, request: GenerateRequest) -> Result:
    if not isinstance(answer, dict):
        raise Unusable("platform_missing")
    if request.task == "ideas":
        return ideas(platform, [_text(answer.get(name)) for name in IDEA_NAMES])
    tags = answer.get("hashtags", [])
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        raise Unusable("unexpected_shape")
    return post(platform, _text(answer.get("text")), tags if request.include_hashtags else [], request.include_hashtags)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise Unusable("unexpected_shape")
    # A lone surrogate half cannot be sent as UTF-8; models emit them as broken escapes of emoji.
    text = value.encode("utf-8", "replace").decode().strip()
    if not text:
        raise Unusable("empty")
    return text


def post(platform: PlatformName, text: str, tags: Sequence[str], hashtags_wanted: bool) -> Result:
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
    return _measured(result, hashtags_wanted)


def ideas(platform: PlatformName, texts: Sequence[str]) -> Result:
    """Return ideas for a platform; ``length`` is that of the longest."""
    longest = max(texts, key=len)
    result = Result(platform=platform, ideas=list(texts), **_size(platform, longest))
    if len(set(texts)) < len(texts):
        result.checks.append(_check("duplicate_idea", "warning"))
    return result


def _size(platform: PlatformName, text: str) -> dict[str, Any]:
    rule = PLATFORMS[platform].length
    return {"length": rule.of(text), "length_unit": rule.unit, "limit": rule.limit, "checks": []}


def _measured(result: Result, hashtags_wanted: bool) -> Result:
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
    if hashtags_in(result.text) and not hashtags_wanted:
        result.checks.append(_check("hashtags_not_wanted", "warning"))
    return result


def _check(code: CheckCode, severity: Literal["error", "warning"], **params: str | int) -> Check:
    return Check(code=code, severity=severity, message=messages.CHECKS[code].format(**params))
