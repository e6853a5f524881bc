"""Templates without logic: find variables, report missing ones, substitute once. Values are never parsed as template text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from noillusion.catalog.platforms import PLATFORMS, PlatformName
from noillusion.profiles.author import Author

NAME_PATTERN = r"[A-Za-z][A-Za-z0-9_]{0,39}"
_TOKEN = re.compile(rf"\{{\{{|\}}\}}|\{{({NAME_PATTERN})\}}")
_DOUBLED = {"{{": "{", "}}": "}"}

PROFILE_VARIABLES = (
    "name",
    "bio",
    "skills",
    "mission_statement",
    "platforms",
    "user_name",
    "user_bio",
    "user_mission",
    "user_skills",
    "platform_name",
    "platform_style",
)
PLATFORM_VARIABLES = ("platforms", "platform_name", "platform_style")
"""Those of them that come from the request's platforms and what is known of these."""
REQUEST_VARIABLES = ("topic", "text")
BUILTIN_VARIABLES = frozenset(PROFILE_VARIABLES + REQUEST_VARIABLES)
"""Names that a template can use without declaring them, in both spellings."""


TAGS = {"topic": "brief", "text": "text"}
"""The tags between which the request's own texts stand, so that they cannot be taken for instructions."""
_LABEL = re.compile(rf"([-*•]\s+)?([^{{}}:]{{1,80}}:)?\s*(\{{{NAME_PATTERN}\}}[\s,;/.]*)+")
"""A line that consists of a label and variables."""


class MissingVariables(Exception):
    """A template uses variables that have no value. ``names`` lists them in order of appearance."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__("missing variables")
        self.names = tuple(names)


def variables_in(text: str) -> list[str]:
    """Return the distinct ``{name}`` variables of a text, in order of appearance."""
    return list(dict.fromkeys(match[1] for match in _TOKEN.finditer(text) if match[1]))


def render(text: str, values: Mapping[str, str]) -> str:
    """Return ``text`` with every ``{name}`` replaced by its value, in one pass. Raises :class:`MissingVariables`.

    ``{{`` and ``}}`` are single braces. Other braces, and everything inside a value, are left unchanged.
    """
    missing = [name for name in variables_in(text) if name not in values]
    if missing:
        raise MissingVariables(missing)
    return _TOKEN.sub(lambda match: values[match[1]] if match[1] else _DOUBLED[match[0]], text)


def rendered_parts(text: str, values: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return what :func:`render` returns in parts: the name of the variable, empty for the text around, and the text."""
    parts, end = [], 0
    for match in _TOKEN.finditer(text):
        parts.append(("", text[end : match.start()]))
        parts.append((match[1] or "", values[match[1]] if match[1] else _DOUBLED[match[0]]))
        end = match.end()
    return [*parts, ("", text[end:])]


def rendered_length(texts: Iterable[str], values: Mapping[str, str]) -> Counter[str]:
    """Return the number of characters that :func:`render` would produce, by variable, without building the texts.

    Characters of the texts themselves and names without a value count under the empty name.
    """
    lengths: Counter[str] = Counter()
    for text in texts:
        lengths[""] += len(text)
        for match in _TOKEN.finditer(text):
            name = match[1]
            if name is None:
                lengths[""] -= 1
            elif name in values:
                lengths[""] -= len(match[0])
                lengths[name] += len(values[name])
    return lengths


def tag_of(name: str, text: str) -> str:
    """Return the tag for a text: the name, with a number if the text has that tag in it."""
    tag, number = name, 1
    while re.search(rf"<\s*/?\s*{tag}\s*>", text, re.IGNORECASE):
        number += 1
        tag = f"{name}-{number}"
    return tag


def delimited(name: str, text: str) -> str:
    """Return a text between tags that it cannot close. An empty text stays empty."""
    tag = tag_of(name, text)
    return f"<{tag}>{text}</{tag}>" if text else ""


def without_empty_labels(text: str, values: Mapping[str, str]) -> str:
    """Return a template's text without lines of a label and variables that are all empty, and without their headings.

    Everything else is left unchanged.
    """
    lines = text.split("\n")
    empty = [_is_empty(line, values) for line in lines]
    if not any(empty):
        return text
    kept: list[str] = []
    for number, line in enumerate(lines):
        follows_empty = number > 0 and empty[number - 1]
        doubled = follows_empty and not line.strip() and not (kept and kept[-1].strip())
        if not (empty[number] or doubled or _is_heading(number, lines, empty)):
            kept.append(line)
    return "\n".join(kept).strip("\n")


def _is_empty(line: str, values: Mapping[str, str]) -> bool:
    """Return whether a line has only a label and variables without a text. A variable that has no value is not empty."""
    return "{" in line and bool(_LABEL.fullmatch(line.strip())) and not any(values.get(name, name) for name in variables_in(line))


def _is_heading(number: int, lines: Sequence[str], empty: Sequence[bool]) -> bool:
    """Return whether a line is the heading of a paragraph of which nothing is left."""
    end = next((end for end in range(number + 1, len(lines)) if not empty[end]), len(lines))
    heading = lines[number].rstrip().endswith(":") and not variables_in(lines[number])
    return heading and end > number + 1 and not "".join(lines[end : end + 1]).strip()


def listed(words: Iterable[str]) -> str:
    """Return words as an English list: ``a``, ``a and b``, ``a, b and c``."""
    *most, last = [*words] or [""]
    return f"{', '.join(most)} and {last}" if most else last


def builtin_values(author: Author, platforms: Sequence[PlatformName], topic: str | None, text: str | None) -> dict[str, str]:
    """Return the values of the built-in variables in both spellings.

    ``topic`` and ``text`` come from the request. ``None`` leaves the name without a value, so that a template which needs it
    reports it; an empty string is a value. Both stand between tags (:data:`TAGS`).
    """
    skills = ", ".join(author.skills)
    names = [PLATFORMS[platform].title for platform in platforms]
    styles = [PLATFORMS[platform].style for platform in platforms]
    values = {
        "name": author.display_name,
        "bio": author.bio,
        "skills": skills,
        "mission_statement": author.mission_statement,
        "platforms": ", ".join(names),
        "user_name": author.display_name,
        "user_bio": author.bio,
        "user_mission": author.mission_statement,
        "user_skills": skills,
        "platform_name": listed(names),
        "platform_style": styles[0] if len(styles) == 1 else "; ".join(map(": ".join, zip(names, styles, strict=True))),
    }
    request_values = {"topic": topic, "text": text}
    return values | {name: delimited(TAGS[name], value) for name, value in request_values.items() if value is not None}
