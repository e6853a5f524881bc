"""Checks of a request body: records, texts, URNs and little text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from local.simulators.linkedin.errors import invalid, schema_error
from local.simulators.world import Json

MAX_COMMENTARY = 3_000
MAX_ALT_TEXT = 4_086
URN = re.compile(r"urn:li:([A-Za-z]+):([A-Za-z0-9_-]+)")
LITTLE_TEXT = re.compile(
    r"(?P<plain>[^\\|{}@\[\]()<>#*_~]+)"
    r"|\\(?P<escaped>[\\|{}@\[\]()<>#*_~])"
    r"|\{hashtag\|(?:\\#|#)\|(?P<tag>[^|{}]+)\}"
    r"|@\[(?P<name>(?:\\.|[^\]\\])+)\]\(urn:li:(?:organization|person):[A-Za-z0-9_-]+\)"
    r"|(?P<hash>#(?=\w))"
)


def read_little_text(commentary: str) -> tuple[str, int]:
    """Return the text that readers see of a commentary, and the length that was understood.

    The first reserved character that is neither escaped nor part of a hashtag or mention ends the text without an error (3.3).
    """
    shown: list[str] = []
    at = 0
    while found := LITTLE_TEXT.match(commentary, at):
        tag, name = found["tag"], found["name"]
        literal = found["plain"] or found["escaped"] or found["hash"]
        shown.append(literal or (f"#{tag}" if tag else re.sub(r"\\(.)", r"\1", name)))
        at = found.end()
    return "".join(shown), at


def only(record: Json, names: Iterable[str], path: str) -> None:
    """Refuse fields that the schema does not have."""
    for name in record:
        if name not in names:
            raise schema_error(f"{path}/{name}", "unrecognized field found but not allowed")


def as_record(value: Any, path: str) -> Json:
    """Return a field that must be a record."""
    if not isinstance(value, dict):
        raise schema_error(path, "field is required but not found and has no default value" if value is None else "not a record")
    return value


def required_text(record: Json, name: str, path: str) -> str:
    """Return a field that must be a text that is not empty."""
    value = record.get(name)
    if not isinstance(value, str) or not value:
        raise schema_error(f"{path}/{name}", "field is required but not found and has no default value")
    return value


def check_alt_text(record: Json, path: str) -> None:
    """Refuse an alternative text of another type or beyond the limit."""
    alt = record.get("altText", "")
    if not isinstance(alt, str):
        raise schema_error(f"{path}/altText", "not a string")
    if len(alt) > MAX_ALT_TEXT:
        raise invalid("FIELD_LENGTH_TOO_LONG", f"{path}/altText", f"longer than {MAX_ALT_TEXT} characters")


def read_commentary(value: Any) -> tuple[str, int]:
    """Return the visible text of a commentary within the limit, and how much of it was understood."""
    if not isinstance(value, str):
        raise schema_error("/commentary", "not a string")
    text, understood = read_little_text(value)
    if len(text) + len(value) - understood > MAX_COMMENTARY:
        raise invalid("FIELD_LENGTH_TOO_LONG", "/commentary", f"longer than {MAX_COMMENTARY} characters")
    return text, understood


def check_urn(value: str, path: str, kinds: tuple[str, ...]) -> tuple[str, str]:
    """Return type and id of a URN; 400 unless it is of one of these types."""
    found = URN.fullmatch(value)
    if found is None:
        raise invalid("INVALID_URN_FORMAT", path, f"{value!r} is not a URN")
    if found[1] not in kinds:
        raise invalid("INVALID_URN_TYPE", path, f"one of {list(kinds)} is expected")
    return found[1], found[2]
