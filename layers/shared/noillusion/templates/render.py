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
REQUEST_VARIABLES = ("topic", "text")
BUILTIN_VARIABLES = frozenset(PROFILE_VARIABLES + REQUEST_VARIABLES)
"""Names that a template can use without declaring them, in both spellings."""


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


def listed(words: Iterable[str]) -> str:
    """Return words as an English list: ``a``, ``a and b``, ``a, b and c``."""
    *most, last = [*words] or [""]
    return f"{', '.join(most)} and {last}" if most else last


def builtin_values(author: Author, platforms: Sequence[PlatformName], topic: str | None, text: str | None) -> dict[str, str]:
    """Return the values of the built-in variables in both spellings.

    ``topic`` and ``text`` come from the request. ``None`` leaves the name without a value, so that a template which needs it
    reports it; an empty string is a value.
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
    return values | {name: value for name, value in request_values.items() if value is not None}
