"""LinkedIn's refusals: what each means, and which of them say for certain that nothing was done (platforms.md 3.5).

LinkedIn's error handler answers with an object that repeats the HTTP status and names a code, a number or a sentence; a header
marks its answers. What stands in front of it can say 401, 403, 404 or 429 as well, with a page or with nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from noillusion.core.records import record
from noillusion.flows.faults import UNRECOGNIZED, ErrorClass, Fault
from noillusion.flows.protocol import Reply
from noillusion.platforms.dialogs import OAUTH, Dialog

ERRORS: Mapping[str, ErrorClass] = {
    "65600": ErrorClass.REAUTH,
    "65601": ErrorClass.REAUTH,
    "65602": ErrorClass.REAUTH,
    "65604": ErrorClass.REAUTH,
    "INVALID_ACCESS_TOKEN": ErrorClass.REAUTH,
    "REVOKED_ACCESS_TOKEN": ErrorClass.REAUTH,
    "EXPIRED_ACCESS_TOKEN": ErrorClass.REAUTH,
    "EMPTY_ACCESS_TOKEN": ErrorClass.REAUTH,
    "invalid_grant": ErrorClass.REAUTH,
    "100": ErrorClass.PERMISSION,
    "ACCESS_DENIED": ErrorClass.PERMISSION,
    "access_denied": ErrorClass.PERMISSION,
    "DUPLICATE_POST": ErrorClass.DUPLICATE,
    "MISSING_FIELD": ErrorClass.INVALID_CONTENT,
    "INVALID_VALUE_FOR_FIELD": ErrorClass.INVALID_CONTENT,
    "FIELD_LENGTH_TOO_LONG": ErrorClass.INVALID_CONTENT,
    "INVALID_IMAGE_ID": ErrorClass.INVALID_CONTENT,
    "MEDIA_ASSET_WAITING_UPLOAD": ErrorClass.NOT_READY,
    "MEDIA_ASSET_PROCESSING_FAILED": ErrorClass.MEDIA_PROCESSING,
    "EXPIRED_UPLOAD_URL": ErrorClass.MEDIA_PROCESSING,
    "101": ErrorClass.RATE_LIMIT,
    "TOO_MANY_REQUESTS": ErrorClass.RATE_LIMIT,
    "CONFLICT": ErrorClass.TRANSIENT,
    "NONEXISTENT_VERSION": ErrorClass.OPERATOR,
    "VERSION_MISSING": ErrorClass.OPERATOR,
    "invalid_client": ErrorClass.OPERATOR,
    "invalid_client_id": ErrorClass.OPERATOR,
    "invalid_redirect_uri": ErrorClass.OPERATOR,
    "unauthorized_client": ErrorClass.OPERATOR,
    "unauthorized_scope_error": ErrorClass.OPERATOR,
    "server_error": ErrorClass.TRANSIENT,
    "temporarily_unavailable": ErrorClass.TRANSIENT,
}
"""Codes of a refusal's body; lower case ones come from the OAuth endpoints."""

DEAD_GRANT = frozenset({"invalid_grant"})
"""Codes with which the token endpoint says that a grant is no good."""

CODE_REFUSED = frozenset({"invalid_request"})
"""Codes with which the token endpoint refuses an authorization code that was used, has expired or was not given to us."""

DIALOG = Dialog({"error": {**OAUTH, **dict.fromkeys(("user_cancelled_authorize", "user_cancelled_login"), "declined")}})
"""A member who cancels is told apart from every other refusal (platforms.md 3.2)."""

OTHER_CODES = frozenset(
    {
        "BAD_REQUEST",
        "ILLEGAL_ARGUMENT",
        "INVALID_URN_FORMAT",
        "INVALID_URN_ID",
        "INVALID_URN_TYPE",
        "INVALID_VIDEO_ID",
        "NOT_FOUND",
        "PARAM_INVALID",
        "RESOURCE_NOT_FOUND",
        "invalid_request",
        "unsupported_grant_type",
        "user_cancelled_authorize",
        "user_cancelled_login",
    }
)
"""Codes that are worth keeping and do not decide the class."""

_VALIDATION = frozenset(
    {
        "BAD_REQUEST",
        "FIELD_LENGTH_TOO_LONG",
        "ILLEGAL_ARGUMENT",
        "INVALID_IMAGE_ID",
        "INVALID_URN_FORMAT",
        "INVALID_URN_ID",
        "INVALID_URN_TYPE",
        "INVALID_VALUE_FOR_FIELD",
        "INVALID_VIDEO_ID",
        "MISSING_FIELD",
        "PARAM_INVALID",
    }
)
REFUSALS: Mapping[int, frozenset[str]] = {
    400: _VALIDATION | {"EXPIRED_UPLOAD_URL", "MEDIA_ASSET_PROCESSING_FAILED", "MEDIA_ASSET_WAITING_UPLOAD", "VERSION_MISSING"},
    401: frozenset(code for code, found in ERRORS.items() if found is ErrorClass.REAUTH) - {"invalid_grant"},
    403: frozenset({"100", "ACCESS_DENIED"}),
    404: frozenset({"NOT_FOUND", "RESOURCE_NOT_FOUND"}),
    422: _VALIDATION | {"DUPLICATE_POST"},
    426: frozenset({"NONEXISTENT_VERSION"}),
    429: frozenset({"101", "TOO_MANY_REQUESTS"}),
}
"""Status → the codes with which LinkedIn refuses a call before it does anything.

A conflict (409) is not among them: another attempt at the same thing, LinkedIn's own among them, may have won. Neither is any
server error: the post can exist. A duplicate (422) says that this call made no second post, and no more than that: the post that
it names can be older, somebody's by hand, or gone, so it is never taken for the one that was sent.
"""


@record(eq=True)
class Sentence:
    """A refusal of LinkedIn's error handler that has no code: words of its message that have not changed so far."""

    status: int
    words: str
    code: str
    """Ours."""
    error_class: ErrorClass


SENTENCES = (
    Sentence(400, "organization as author", "organization_permissions", ErrorClass.PERMISSION),
    Sentence(400, "member as author", "member_permissions", ErrorClass.PERMISSION),
    Sentence(400, "assets is not owned by the author", "asset_owner", ErrorClass.INVALID_CONTENT),
    Sentence(400, "Owner entity type", "owner_type", ErrorClass.UNKNOWN),
    Sentence(403, "Not enough permissions to access", "not_enough_permissions", ErrorClass.PERMISSION),
)

STATUSES: Mapping[int, ErrorClass] = {
    401: ErrorClass.REAUTH,
    403: ErrorClass.PERMISSION,
    404: ErrorClass.NOT_FOUND,
    409: ErrorClass.TRANSIENT,
    413: ErrorClass.INVALID_CONTENT,
    415: ErrorClass.INVALID_CONTENT,
    426: ErrorClass.OPERATOR,
    429: ErrorClass.RATE_LIMIT,
}

GATEWAYS = frozenset({401, 408, 409, 429})
"""Statuses that need a code to be certain: tokens and quotas are checked in front of the error handler, and the rest of them can
come after the work is done."""


def classify(reply: Reply) -> Fault | None:
    """The fault in a reply by its codes, else by its status."""
    if 200 <= reply.status < 300:
        return None
    if reply.status >= 500:
        return Fault(ErrorClass.TRANSIENT, f"http_{reply.status}", _retry_after(reply))
    own = list(_codes(reply))
    codes = [*own, *_plain(reply.get("error"))]
    certain = _is_certain(reply, own)
    if code := next((code for code in codes if code in ERRORS), None):
        found = ErrorClass.RATE_LIMIT if reply.status == 429 else ERRORS[code]
        return Fault(found, code, _waits(reply, found), certain=certain)
    if sentence := _sentence(reply):
        return Fault(sentence.error_class, sentence.code, certain=certain)
    kept = _kept(codes) if codes else f"http_{reply.status}"
    if known := STATUSES.get(reply.status):
        return Fault(known, kept, _waits(reply, known), certain=certain)
    # Validation names fields; a body that names one was refused for its content, whatever the code is called.
    about_a_field = bool(reply.get("errorDetails.inputErrors")) or any(found.startswith("INVALID_URN_") for found in codes)
    return Fault(ErrorClass.INVALID_CONTENT if about_a_field else ErrorClass.UNKNOWN, kept, certain=certain)


def _is_certain(reply: Reply, codes: Iterable[str]) -> bool:
    """Return whether LinkedIn's own code refused the call before it did anything."""
    if not 400 <= reply.status < 500:
        return False
    marked = reply.get("header:x-restli-error-response") == "true" and reply.get("header:x-restli-gateway-error") != "true"
    if marked and reply.status not in GATEWAYS:
        return True
    return _is_own(reply) and (not REFUSALS.get(reply.status, frozenset()).isdisjoint(codes) or _sentence(reply) is not None)


def _is_own(reply: Reply) -> bool:
    """Return whether the body has the form of LinkedIn's error handler, which repeats the status."""
    status = reply.get("status")
    return status == reply.status and isinstance(status, int)


def _sentence(reply: Reply) -> Sentence | None:
    message = reply.get("message")
    if not isinstance(message, str) or not _is_own(reply):
        return None
    return next((s for s in SENTENCES if s.status == reply.status and s.words in message), None)


def _codes(reply: Reply) -> Iterator[str]:
    """The codes of LinkedIn's error handler, most specific first."""
    inputs = reply.get("errorDetails.inputErrors", [])
    named = [entry.get("code") for entry in inputs if isinstance(entry, Mapping)] if isinstance(inputs, list) else []
    for code in (*named, reply.get("code"), reply.get("serviceErrorCode")):
        yield from _plain(code)


def _plain(code: object) -> Iterator[str]:
    """The code, unless it does not look like one."""
    if isinstance(code, str | int) and not isinstance(code, bool) and re.fullmatch(r"[A-Za-z0-9_.-]{1,64}", str(code)):
        yield str(code)


def _kept(codes: Iterable[str]) -> str:
    """The first that may be kept of codes that decide nothing: a documented one, or a number as short as LinkedIn's are."""
    return next((code for code in codes if code in OTHER_CODES or re.fullmatch(r"[0-9]{1,6}", code)), UNRECOGNIZED)


def _waits(reply: Reply, found: ErrorClass) -> float | None:
    return _retry_after(reply) if found is ErrorClass.RATE_LIMIT else None


def _retry_after(reply: Reply) -> float | None:
    said = str(reply.get("header:retry-after", ""))
    return float(said) if said.isascii() and said.isdecimal() and len(said) <= 6 else None
