"""Where each part of a message comes from, and which of its characters a person would not see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from noillusion.ai.models import HiddenCharacter, MessageSpan, SpanSource
from noillusion.core.hidden import hidden_in
from noillusion.core.records import record
from noillusion.templates.render import PLATFORM_VARIABLES, PROFILE_VARIABLES

Part = tuple[SpanSource, str]
MOST_SHOWN = 100
"""How many hidden characters of a request are listed."""


@record()
class Span:
    """A stretch of a message, in code points. It has no text and can be printed."""

    message: Literal[0, 1]
    start: int
    end: int
    source: SpanSource


def source_of(variable: str) -> SpanSource:
    """Return where the value of a template's variable comes from; the text around variables has an empty name."""
    if not variable:
        return "template"
    if variable in PLATFORM_VARIABLES:
        return "rules"
    return "profile" if variable in PROFILE_VARIABLES else "request"


def split(text: str, values: Iterable[str]) -> list[Part]:
    """Return the rules in parts: the request's own short texts are where they stand in quotation marks."""
    parts: list[Part] = [("rules", text)]
    for value in sorted(set(values), key=len, reverse=True):
        divided: list[Part] = []
        for source, piece in parts:
            pieces = piece.split(value) if source == "rules" else [piece]
            for number, each in enumerate(pieces):
                divided += [("request", value)] if number else []
                divided.append((source, each))
        parts = divided
    return parts


def spans_of(message: Literal[0, 1], parts: Sequence[Part]) -> list[Span]:
    """Return the spans of a message, without gaps. Neighbours of one source are one span."""
    spans: list[Span] = []
    end = 0
    for source, text in parts:
        start, end = end, end + len(text)
        if not text:
            continue
        if spans and spans[-1].source == source:
            start = spans.pop().start
        spans.append(Span(message, start, end, source))
    return spans


def shown(spans: Sequence[Span]) -> list[MessageSpan]:
    """Return spans for an answer."""
    return [MessageSpan(message=each.message, start=each.start, end=each.end, source=each.source) for each in spans]


def hidden(messages: Sequence[str], spans: Sequence[Span]) -> list[HiddenCharacter]:
    """Return the hidden characters of the messages, and where each comes from."""
    found: list[HiddenCharacter] = []
    for number, text in enumerate(messages):
        for each in hidden_in(text):
            source = next(span.source for span in spans if span.message == number and span.start <= each.at < span.end)
            code = f"U+{ord(each.character):04X}"
            found.append(HiddenCharacter(message=number, at=each.at, character=code, kind=each.kind, source=source))
    return found[:MOST_SHOWN]
