"""Requests as forms with files (RFC 7578): JSON in one part, and each file in a part that is named by the path of its place."""

from __future__ import annotations

import base64
import binascii
import email.parser
import email.policy
import json
import re
from collections.abc import Mapping
from email.message import Message
from typing import Any, Final

from noillusion.core.errors import BadRequest, FieldError, field_error
from noillusion.core.records import record

REQUEST: Final = "request"
"""Name of the part with the JSON of the request."""
MAX_PARTS: Final = 64
MAX_HEADER_BYTES: Final = 8192
"""Of one part. Names of files are not used, but clients send them."""
_INDEX: Final = re.compile("0|[1-9][0-9]?")
PLACE: Final = r"(targets\.[0-9]{1,2}\.)?content\.(media\.[0-9]{1,2}(\.(thumbnail|captions))?|link\.thumbnail)\.data"
"""The names that parts with files can have."""
_NAME: Final = re.compile(PLACE)


@record(eq=True)
class Part:
    """One part of a form."""

    header: Message
    content: bytes


def as_json(content_type: str, body: str, *, encoded: bool) -> str:
    """Return the JSON text of a form's request with its files in place, each as ``data`` and ``content_type``.

    The paths of files are those of errors, so that an error names the part that was sent. Raises
    :class:`BadRequest`.
    """
    named = [
        (str(part.header.get_param("name", "", "content-disposition")), part)
        for part in _parts(content_type, body, encoded=encoded)
    ]
    requests = [part for name, part in named if name == REQUEST]
    if len(requests) != 1:
        raise _refused(field_error(REQUEST, "form_request"))
    try:
        request = json.loads(requests[0].content)
    except (ValueError, RecursionError):
        raise _refused(field_error(REQUEST, "json")) from None
    for name, part in named:
        if name != REQUEST:
            _place(request, name, _file(part))
    return json.dumps(request)


def _parts(content_type: str, body: str, *, encoded: bool) -> list[Part]:
    """Return the parts of a form. What is nested in one stays its bytes, so the work is bounded by the number of parts."""
    try:
        raw = base64.b64decode(body, validate=True) if encoded else body.encode()
    except (ValueError, binascii.Error):
        raise _no_form() from None
    boundary = _header(f"content-type: {content_type}".encode("latin-1", "replace")).get_boundary()
    if not boundary:
        raise _no_form()
    # The first piece is a preamble, and the last one begins with the dashes that close the form.
    _, *pieces = (b"\r\n" + raw).split(b"\r\n--" + boundary.encode("latin-1", "replace"), MAX_PARTS + 2)
    if not 1 < len(pieces) <= MAX_PARTS + 1 or not pieces[-1].startswith(b"--"):
        raise _no_form()
    return [_part(piece) for piece in pieces[:-1]]


def _part(piece: bytes) -> Part:
    head, separator, content = piece.partition(b"\r\n\r\n")
    padding, _, fields = head.partition(b"\r\n")
    if not separator or padding.strip(b" \t") or len(fields) > MAX_HEADER_BYTES:
        raise _no_form()
    return Part(_header(fields), content)


def _header(fields: bytes) -> Message:
    return email.parser.BytesHeaderParser(policy=email.policy.HTTP).parsebytes(fields + b"\r\n\r\n")


def _file(part: Part) -> Mapping[str, str]:
    file = {"data": base64.b64encode(part.content).decode()}
    # Without a type of its own a part counts as text, which no file here is.
    return {**file, "content_type": part.header.get_content_type()} if part.header.get("content-type") else file


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


def _no_form() -> BadRequest:
    return _refused(field_error("body", "form", limit=MAX_PARTS))


def _refused(error: FieldError) -> BadRequest:
    return BadRequest("malformed_form", errors=[error])
