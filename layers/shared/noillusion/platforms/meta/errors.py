"""Meta's refusals: what each means, and which of them say for certain that nothing was done (platforms.md 0.2, 0.3).

Decides on parsed codes, on a message text only where a code says nothing, and never fails because of a header.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

from noillusion.flows.faults import ErrorClass, Fault
from noillusion.flows.protocol import Reply
from noillusion.platforms import reading
from noillusion.platforms.dialogs import BY_CLASS, OAUTH, Dialog

FALLBACK_WAIT_S: Final = 3600.0
"""The wait after a throttle whose headers say nothing: budgets roll over one hour (platforms.md 0.3)."""
REFUSALS: Final = frozenset(ErrorClass) - {ErrorClass.TRANSIENT, ErrorClass.NOT_FOUND, ErrorClass.UNKNOWN}
"""Classes of documented codes with which the Graph API refuses a call before it does anything. "Not found" is not among them:
objects that exist were read as missing in an outage, and a call can fail so after its work is done (platforms.md 2.7)."""
ErrorTable: TypeAlias = Mapping[tuple[int | None, int | None], ErrorClass]
"""(code, subcode) → class; ``None`` stands for any."""


def codes(error_class: ErrorClass, *numbers: int) -> ErrorTable:
    """Rows for codes with any subcode."""
    return {(number, None): error_class for number in numbers}


def subcodes(error_class: ErrorClass, *numbers: int) -> ErrorTable:
    """Rows for subcodes under any code."""
    return {(None, number): error_class for number in numbers}


def either(error_class: ErrorClass, *numbers: int) -> ErrorTable:
    """Rows for numbers that arrive as code or as subcode."""
    return {**codes(error_class, *numbers), **subcodes(error_class, *numbers)}


ERRORS: Final[ErrorTable] = {
    **codes(ErrorClass.REAUTH, 190, 102, 104),
    **codes(ErrorClass.PERMISSION, 3, 10, 270, *range(200, 300)),
    **codes(ErrorClass.INVALID_CONTENT, 100),
    (100, 33): ErrorClass.NOT_FOUND,
    **codes(ErrorClass.TRANSIENT, -1, 1, 2),
    **codes(ErrorClass.RATE_LIMIT, 4, 17, 32, 341, 613, *range(80000, 80015)),
    **codes(ErrorClass.BLOCKED_BY_POLICY, 368),
    **codes(ErrorClass.OPERATOR, 101, 191),
    **codes(ErrorClass.DUPLICATE, 506),
    **either(ErrorClass.INVALID_CONTENT, 1609005),
    **subcodes(ErrorClass.REAUTH, 36007, 36009),
    **subcodes(ErrorClass.OPERATOR, 36008),
}
"""Codes common to both platforms (platforms.md 0.3 and 0.4)."""
TOKEN_ENDPOINT_ERRORS: Final[Mapping[int, ErrorClass]] = {
    400: ErrorClass.REAUTH,
    401: ErrorClass.REAUTH,
    403: ErrorClass.PERMISSION,
    429: ErrorClass.RATE_LIMIT,
}
"""Codes of ``{error_type, code, error_message}``, the shape of api.instagram.com (platforms.md 0.2)."""
SENTENCES: Final[Mapping[str, str]] = {
    "Error validating client secret": "client_secret_refused",
    "Invalid platform app": "client_id_refused",
}
"""Messages of the token endpoints whose codes (1, 100, 400) say nothing, without the full stop → our code. The operator's matter
(platforms.md 0.4)."""
NAMED: Final[Sequence[tuple[int, str, str, ErrorClass]]] = (
    (100, "appsecret_proof", "appsecret_proof", ErrorClass.OPERATOR),
    (100, "reviewable feature", "page_feature", ErrorClass.PERMISSION),
    (190, "impersonating a user's page", "page_role", ErrorClass.PERMISSION),
    (1, "reduce the amount of data", "reduce_data", ErrorClass.UNKNOWN),
    (10, "enough viewers", "few_viewers", ErrorClass.NOT_READY),
)
"""Refusals that share a code without a subcode with others: the code, the words that tell them apart, what stands in the place of
the subcode, and the class (platforms.md 0.3)."""
UNCERTAIN: Final = frozenset({"page_feature", "reduce_data"})
TOO_MUCH: Final = "1/reduce_data"
"""The code of a list whose page is too large (platforms.md 0.3)."""
DIALOG_CLASSES: Final = frozenset(
    {
        ErrorClass.BLOCKED_BY_POLICY,
        ErrorClass.OPERATOR,
        ErrorClass.PERMISSION,
        ErrorClass.RATE_LIMIT,
        ErrorClass.TRANSIENT,
    }
)
DIALOG: Final = Dialog(
    {
        "error_reason": {"user_denied": "declined"},
        "error_code": {
            **{
                str(code): BY_CLASS[error_class]
                for (code, subcode), error_class in ERRORS.items()
                if subcode is None and error_class in DIALOG_CLASSES
            },
            "1349126": "app_unavailable",
        },
        "error": OAUTH,
    }
)
"""The dialogs of both logins (platforms.md 0.4 and 2.2). Only ``user_denied`` is the person's own refusal. What Facebook refuses
itself comes with a code and without ``error``."""


def classify(reply: Reply, errors: ErrorTable) -> Fault | None:
    """The fault in a reply, ``None`` for success: code and subcode, then ``is_transient``, then the status (platforms.md 0.2).

    An error body counts whatever the status; a success without a JSON body is no success.
    """
    error = reply.get("error")
    if isinstance(error, Mapping):
        return _graph_fault(error, reply, errors)
    if reply.get("error_type") is not None:
        return _token_endpoint_fault(reply)
    if reply.status >= 500:
        return Fault(ErrorClass.TRANSIENT, f"http_{reply.status}")
    if reply.status == 429:
        return Fault(ErrorClass.RATE_LIMIT, "http_429", wait_hint(reply.headers))
    if not 200 <= reply.status < 300:
        return Fault(ErrorClass.UNKNOWN, f"http_{reply.status}")
    if reply.data is None:
        return Fault(ErrorClass.TRANSIENT, "empty_body")
    return Fault(ErrorClass.UNKNOWN, "success_false") if reply.get("success") is False else None


def _graph_fault(error: Mapping[str, Any], reply: Reply, errors: ErrorTable) -> Fault:
    code, subcode = _code(error.get("code")), _code(error.get("error_subcode"))
    if refused := _sentence(error.get("message"), reply.status):
        return refused
    if subcode is None and (named := _named(code, error.get("message"), reply.status)):
        return named
    general, exact = errors.get((code, None)), errors.get((code, subcode)) or errors.get((None, subcode))
    found, transient = exact or general, error.get("is_transient")
    if found is None:
        found = ErrorClass.TRANSIENT if transient is True or reply.status >= 500 else ErrorClass.UNKNOWN
    elif found is ErrorClass.TRANSIENT and subcode and not exact and transient is False:
        # An "unknown error" that has a reason of its own and says that it will not pass.
        found = ErrorClass.UNKNOWN
    certain = found in REFUSALS and general is not ErrorClass.TRANSIENT and _refuses(error, reply.status, found)
    wait = wait_hint(reply.headers) if found is ErrorClass.RATE_LIMIT else None
    name = f"http_{reply.status}" if code is None else str(code)
    return Fault(found, f"{name}/{subcode}" if subcode else name, wait, certain=certain)


def _named(code: int | None, message: Any, status: int) -> Fault | None:
    """Return the fault of an error that only words of its message tell from others with the same code."""
    for known, words, name, error_class in NAMED:
        if code == known and words in str(message):
            # Objects that exist are read as missing for want of a feature, which says nothing of what was done.
            return Fault(error_class, f"{code}/{name}", certain=name not in UNCERTAIN and 400 <= status < 500)
    return None


def _refuses(error: Mapping[str, Any], status: int, found: ErrorClass) -> bool:
    """Return whether an error says that the call was refused, as opposed to having failed on its way."""
    passing = error.get("is_transient") is True and found is not ErrorClass.RATE_LIMIT
    # An object that cannot be read, which can be the one just made.
    unread = error.get("type") == "GraphMethodException" and found is ErrorClass.INVALID_CONTENT
    return 400 <= status < 500 and not passing and not unread


def _sentence(message: object, status: int) -> Fault | None:
    """The fault in a message that the token endpoints give where their code says nothing."""
    code = SENTENCES.get(message.rstrip(".")) if isinstance(message, str) and 400 <= status < 500 else None
    return Fault(ErrorClass.OPERATOR, code, certain=True) if code else None


def _token_endpoint_fault(reply: Reply) -> Fault:
    if refused := _sentence(reply.get("error_message"), reply.status):
        return refused
    code = _code(reply.get("code")) or reply.status
    default = ErrorClass.TRANSIENT if code >= 500 or reply.status >= 500 else ErrorClass.UNKNOWN
    found = TOKEN_ENDPOINT_ERRORS.get(code, default)
    return Fault(found, f"oauth/{code}", wait_hint(reply.headers) if found is ErrorClass.RATE_LIMIT else None)


def _code(value: Any) -> int | None:
    """A code or subcode. They have at most seven digits; a longer number may be one that a person wrote."""
    found = reading.number(value)
    return found if found is not None and -1_000 < found < 10_000_000 else None


def wait_hint(headers: Mapping[str, str]) -> float:
    """Seconds to wait after a throttle: the longest wait in ``X-Business-Use-Case-Usage``, else one hour (platforms.md 0.3)."""
    try:
        usage = json.loads(headers.get("x-business-use-case-usage", "{}"))
    except ValueError:
        return FALLBACK_WAIT_S
    lists = usage.values() if isinstance(usage, Mapping) else ()
    entries = (entry for rows in lists if isinstance(rows, list) for entry in rows if isinstance(entry, Mapping))
    minutes = [entry.get("estimated_time_to_regain_access") for entry in entries]
    return max((60.0 * m for m in minutes if isinstance(m, int | float) and 0 < m < 1e5), default=FALLBACK_WAIT_S)
