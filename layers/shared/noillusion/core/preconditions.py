"""Entity tags and conditional requests (RFC 9110, section 13): what has changed since it was read is not overwritten."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from hashlib import sha256

from pydantic import BaseModel

from noillusion.core.errors import Invalid, PreconditionFailed, field_error
from noillusion.core.records import record

_LENGTH = 16
"""Bytes of the hash in a tag."""
_TAG = r'(W/)?("[\x21\x23-\x7e\x80-\xff]*")'
_LIST = re.compile(rf"[ \t,]*{_TAG}[ \t]*(,[ \t]*({_TAG}[ \t]*)?)*")
_EACH = re.compile(_TAG)


class NotModified(Exception):
    """The client has the current representation, which this tag names."""

    def __init__(self, tag: str, headers: Mapping[str, str]) -> None:
        super().__init__(tag)
        self.headers = {"etag": tag, **headers}


def etag(model: BaseModel, *, without: AbstractSet[str] = frozenset()) -> str:
    """Return the strong entity tag of a representation. Members in ``without`` can change without a new tag."""
    digest = sha256(model.model_dump_json(exclude=set(without)).encode()).digest()[:_LENGTH]
    return f'"{base64.urlsafe_b64encode(digest).rstrip(b"=").decode()}"'


@record()
class Condition:
    """The states that a change may be made in: those with one of the tags, or any if there are none."""

    tags: frozenset[str] | None = None

    def __bool__(self) -> bool:
        return self.tags is not None

    def check(self, tag: str) -> None:
        """Raise :class:`PreconditionFailed` if the current tag is not among the expected ones."""
        if self.tags is not None and tag not in self.tags:
            raise PreconditionFailed("precondition_failed")


ANY = Condition()


def if_match(header: str | None) -> Condition:
    """Return the condition of an ``If-Match`` header. ``*`` is met by whatever exists; weak tags never match."""
    if header is None or header.strip() == "*":
        return ANY
    return Condition(frozenset(tag for weak, tag in _tags("If-Match", header) if not weak))


def unless_known(header: str | None, tag: str, headers: Mapping[str, str] | None = None) -> None:
    """Raise :class:`NotModified` if an ``If-None-Match`` header has the current tag, weak or not.

    ``headers`` are sent with the 304 as with a 200.
    """
    if header is not None and (header.strip() == "*" or tag in {each for _, each in _tags("If-None-Match", header)}):
        raise NotModified(tag, headers or {})


def _tags(name: str, header: str) -> list[tuple[str, str]]:
    if not _LIST.fullmatch(header):
        raise Invalid([field_error(name, "entity_tags")])
    return _EACH.findall(header)
