"""Content that needs no provider: the person's own words, laid out for each platform. It claims nothing and pretends nothing.

A sentence is added only in the language of those words, and only where the request does not say how the post should sound or end.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from noillusion.ai import phrases
from noillusion.ai.answers import ideas, post
from noillusion.ai.instructions import texts_of
from noillusion.ai.models import GenerateRequest, Result
from noillusion.ai.options import folded
from noillusion.ai.rules import hashtag
from noillusion.catalog.platforms import PLATFORMS, PlatformName
from noillusion.core.sensitive import reveal
from noillusion.profiles.author import Author

LONGEST_SUBJECT = 200
"""Characters of the words that an idea repeats."""
_SENTENCE = re.compile(r"(?<=[.!?…])\s+|(?<=[。！？])\s*")
FIRST_ALONE: frozenset[PlatformName] = frozenset({"instagram", "linkedin"})
"""Platforms that show the first line only, so that it stands alone."""


def results(request: GenerateRequest, author: Author) -> list[Result]:
    """Return a plain result for each platform; none if the request has no words of its own.

    The task ``improve`` gives the user's own text back, only trimmed and tidied.
    """
    words = own_words(request)
    return [_result(platform, words, request, author) for platform in request.platforms] if words else []


def own_words(request: GenerateRequest) -> str:
    """Return what the person wrote: the text, the topic, or else the texts for a template's variables."""
    said = (request.text, request.topic) if request.task == "improve" else (request.topic, request.text)
    first = next((value for value in said if value), None)
    if first is not None:
        return _tidy(first.reveal())
    values = [reveal(value) for value in request.variables.values()]
    return "\n\n".join(tidy for value in values if isinstance(value, str) and (tidy := _tidy(value)))


def language_of(words: str, request: GenerateRequest) -> str | None:
    """Return the language of added sentences: that of the words, unless the request names another one."""
    found = phrases.detected(words)
    if request.language is None:
        return found
    asked = phrases.named(request.language)
    return asked if found in (None, asked) else None


def _result(platform: PlatformName, words: str, request: GenerateRequest, author: Author) -> Result:
    language = language_of(words, request)
    if request.task == "ideas":
        return ideas(platform, _ideas(platform, words, language, request), request)
    if request.task == "improve":
        return post(platform, words, [], request)
    parts = [_laid_out(platform, words), _closing(platform, language, request, author)]
    tags = _hashtags(platform, words, author) if request.include_hashtags else []
    return post(platform, _fit(platform, parts, tags), tags, request)


def _tidy(text: str) -> str:
    """No spaces at line ends, no more than one empty line in a row."""
    lines = [line.rstrip() for line in text.strip().splitlines()]
    kept = [line for i, line in enumerate(lines) if line or (i and lines[i - 1])]
    return "\n".join(kept)


def _laid_out(platform: PlatformName, words: str) -> str:
    """Return the words with their first sentence alone, where a platform shows no more than that."""
    first, *rest = _SENTENCE.split(words, maxsplit=1)
    return f"{first}\n\n{rest[0]}" if rest and "\n" not in words and platform in FIRST_ALONE else words


def _closing(platform: PlatformName, language: str | None, request: GenerateRequest, author: Author) -> str:
    """Return the call to action, or a sentence of ours if nothing says how the post should sound or end."""
    if request.call_to_action:
        return request.call_to_action.reveal()
    if language is None or request.tone or request.length == "short":
        return ""
    modes = phrases.CLOSINGS[language]
    closing = modes.get(author.content_mode, modes["personal"]).get(platform, "")
    return "" if any(folded(word) in closing.casefold() for word in request.avoid) else closing


def _ideas(platform: PlatformName, words: str, language: str | None, request: GenerateRequest) -> Sequence[str]:
    """Return forms of a post about the words; without a language, the words' own sentences."""
    if language is None:
        sentences = [part.strip() for part in _SENTENCE.split(words) if part.strip()]
        return sentences[: texts_of(request)]
    colon = " : " if language == "fr" else ": "
    return [f"{form}{colon}{_subject(words)}" for form in phrases.IDEAS[language][platform][: texts_of(request)]]


def _subject(words: str) -> str:
    """Return the first line, cut after a word if it is too long to be repeated."""
    line = words.splitlines()[0]
    if len(line) <= LONGEST_SUBJECT:
        return line
    return f"{line[:LONGEST_SUBJECT].rpartition(' ')[0] or line[:LONGEST_SUBJECT]}…"


def _hashtags(platform: PlatformName, words: str, author: Author) -> list[str]:
    """Return skills that make hashtags, as many as the platform has: first those that the words name."""
    tags: list[str] = []
    left = PLATFORMS[platform].hashtags.most
    text = words.casefold()
    for skill in sorted(dict.fromkeys(author.skills), key=lambda skill: skill.casefold() not in text):
        if left == 0:
            break
        tags.append(skill)
        left -= bool(hashtag(skill))
    return tags


def _fit(platform: PlatformName, parts: Sequence[str], tags: Sequence[str]) -> str:
    """Return the words, and of the rest what fits within the limit. The words themselves are never cut."""
    rule = PLATFORMS[platform].length
    reserve = sum(len(tag) + 2 for tag in tags) + 2
    text = ""
    for part in filter(None, parts):
        longer = f"{text}\n\n{part}" if text else part
        if text and rule.of(longer) + reserve > rule.limit:
            break
        text = longer
    return text
