"""Requests as forms with files (RFC 7578): JSON in one part, and each file in a part that is named by the path of its place."""

from __future__ import annotations

import base64
import binascii
import email.parser
import email.policy
import json
import re
from collections.abc import Iterator, Mapping
from email.message import Message
from typing import Any, Final, cast

from noillusion.core.errors import BadRequest, FieldError, field_error

REQUEST: Final = "request"
"""Name of the part with the JSON of the request."""
MAX_PARTS: Final = 64
_INDEX: Final = re.compile("0|[1-9][0-9]?")
PLACE: Final = r"(targets\.[0-9]{1,2}\.)?content\.(media\.[0-9]{1,2}(\.(thumbnail|captions))?|link\.thumbnail)\.data"
"""The names that parts with files can have."""
_NAME: Final = re.compile(PLACE)


def as_json(content_type: str, body: str, *, encoded: bool) -> str:
    """Return the JSON text of a form's request with its files in place, each as ``data`` and ``content_type``.

    The paths of files are those of errors, so that an error names the part that was sent. Raises
    :class:`BadRequest`.
    """
    parts = list(_parts(content_type, body, encoded=encoded))
    if not 0 < len(parts) <= MAX_PARTS:
        raise _refused(field_error("body", "form", limit=MAX_PARTS))
    named = [(str(part.get_param("name", "", "content-disposition")), part) for part in parts]
    requests = [part for name, part in named if name == REQUEST]
    if len(requests) != 1:
        raise _refused(field_error(REQUEST, "form_request"))
    try:
        request = json.loads(_bytes(requests[0]))
    except (ValueError, RecursionError):
        raise _refused(field_error(REQUEST, "json")) from None
    for name, part in named:
        if name != REQUEST:
            _place(request, name, _file(part))
    return json.dumps(request)


def _parts(content_type: str, body: str, *, encoded: bool) -> Iterator[Message]:
    try:
        raw = base64.b64decode(body, validate=True) if encoded else body.encode()
    except (ValueError, binascii.Error):
        raise _refused(field_error("body", "form", limit=MAX_PARTS)) from None
    head = f"content-type: {content_type}\r\n\r\n".encode("latin-1", "replace")
    whole = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + raw)
    if whole.defects or not whole.is_multipart():
        raise _refused(field_error("body", "form", limit=MAX_PARTS))
    yield from cast("list[Message]", whole.get_payload())


def _bytes(part: Message) -> bytes:
    return cast("bytes", part.get_payload(decode=True) or b"")


def _file(part: Message) -> Mapping[str, str]:
    file = {"data": base64.b64encode(_bytes(part)).decode()}
    # Without a type of its own a part counts as text, which no file here is.
    return {**file, "content_type": part.get_content_type()} if part.get("content-type") else file


def _place(request: Any, name: str, file: Mapping[str, str]) -> None:
    """Put a file where its name says, in objects and lists that the request has or in the next new one."""
    if not _NAME.fullmatch(name):
        raise _refused(field_error("body", "form_name"))
    at = request
    for step in name.split(".")[:-1]:
        at = _entered(at, step, name)
    if not isinstance(at, dict) or "data" in at:
        raise _refused(field_error(name, "form_place"))
    at |= {key: value for key, value in file.items() if key not in at}


def _entered(at: Any, step: str, name: str) -> Any:
    if isinstance(at, dict):
        return at.setdefault(step, [] if step in ("media", "targets") else {})
    if isinstance(at, list) and _INDEX.fullmatch(step) and int(step) <= len(at):
        if int(step) == len(at):
            at.append({})
        return at[int(step)]
    raise _refused(field_error(name, "form_place"))


def _refused(error: FieldError) -> BadRequest:
    return BadRequest("malformed_form", errors=[error])
