"""Instagram's refusals besides those of the whole Graph API (platforms.md 0.3 and 2.5)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from noillusion.flows.faults import ErrorClass, Fault
from noillusion.flows.protocol import Reply
from noillusion.platforms.meta.errors import ERRORS as META_ERRORS
from noillusion.platforms.meta.errors import ErrorTable, codes, subcodes

ERRORS: Final[ErrorTable] = {
    **META_ERRORS,
    **subcodes(ErrorClass.RATE_LIMIT, 2207042),
    **subcodes(ErrorClass.BLOCKED_BY_POLICY, 2207051, 2207050),
    **codes(ErrorClass.NOT_READY, 9007),
    **subcodes(ErrorClass.NOT_READY, 2207027, 2207008),
    **subcodes(ErrorClass.NOT_FOUND, 2207006),
    **subcodes(ErrorClass.MEDIA_PROCESSING, 2207020, 2207077, 2207082, 2207085),
    **subcodes(ErrorClass.TRANSIENT, 2207001, 2207032, 2207053, 2207003),
    **codes(ErrorClass.MEDIA_FETCH, 9004),
    **subcodes(ErrorClass.MEDIA_FETCH, 2207052),
    **codes(ErrorClass.INVALID_CONTENT, 352, 36000, 36001, 36003, 36004),
    **subcodes(ErrorClass.INVALID_CONTENT, 2207026, 2207004, 2207005, 2207009, 2207010),
    **subcodes(ErrorClass.INVALID_CONTENT, 2207023, 2207028, 2207035, 2207036, 2207037, 2207040, 2207057, 2207073),
    **subcodes(ErrorClass.PERMISSION, 2207081),
}
"""platforms.md 0.3 and 2.5."""
FINAL_CLASSES: Final[Mapping[int, ErrorClass]] = {
    **{number: error_class for (_, number), error_class in ERRORS.items() if number and number >= 2_200_000},
    **dict.fromkeys((2207001, 2207008, 2207027, 2207032, 2207053), ErrorClass.MEDIA_PROCESSING),
    2207003: ErrorClass.MEDIA_FETCH,
}
"""The same numbers in the status of a container that has failed: there, waiting no longer helps (platforms.md 2.7)."""


def of_refresh(reply: Reply) -> Fault | None:
    """The fault of a refresh that says in other words than code 190 that the token is no good (platforms.md 2.2).

    Such a request holds the token and nothing else that could be wrong. An outage of the Graph API had the same code with another
    type (platforms.md 2.7).
    """
    if not 400 <= reply.status < 500:
        return None
    if [reply.get(f"error.{name}") for name in ("type", "code", "error_subcode")] == ["IGApiException", 100, 33]:
        return Fault(ErrorClass.REAUTH, "100/33", certain=True)
    if reply.get("error_type") == "OAuthException" and reply.get("code") == 400:
        return Fault(ErrorClass.REAUTH, "oauth/400", certain=True)
    return None
