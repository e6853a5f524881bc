"""Faults of calls: uniform classes, codes that may be stored, and the exceptions that carry them."""

from __future__ import annotations

import re
from collections.abc import Container
from enum import StrEnum
from typing import Final, Literal, TypeAlias

from noillusion.core.records import record
from noillusion.flows.effects import Effect


class ErrorClass(StrEnum):
    """Uniform classes of a platform's refusals (platforms.md 5.1)."""

    REAUTH = "reauth"
    PERMISSION = "permission"
    RATE_LIMIT = "rate_limit"
    BLOCKED_BY_POLICY = "blocked_by_policy"
    DUPLICATE = "duplicate"
    INVALID_CONTENT = "invalid_content"
    MEDIA_FETCH = "media_fetch"
    MEDIA_PROCESSING = "media_processing"
    NOT_READY = "not_ready"
    NOT_FOUND = "not_found"
    TRANSIENT = "transient"
    OPERATOR = "operator"
    UNKNOWN = "unknown"


OwnReason = Literal[
    "not_measured_yet",
    "not_published",
    "disconnected",
    "scope_missing",
    "no_access",
    "internal",
    "no_data",
    "not_public",
    "processing",
    "in_inbox",
    "failed",
    "unsupported_id",
    "not_supported",
    "not_found",
    "permission",
]
MissingReason: TypeAlias = OwnReason | ErrorClass
"""The reason why a figure is missing: one of our own, or the class of the platform's refusal."""
UNRECOGNIZED = "unrecognized"
"""Stands for whatever came where a code belongs and is none that we know. It may be something a person wrote."""
TIMED_OUT: Final = "timeout"
"""The code of a call that got no answer in time."""
_CODE = re.compile(r"-?[A-Za-z0-9][A-Za-z0-9_.:/-]{0,63}")


def recognized(code: object, known: Container[str]) -> str:
    """The code if it is one of those a platform documents, else :data:`UNRECOGNIZED`: codes are stored and logged."""
    return code if isinstance(code, str) and code in known else UNRECOGNIZED


@record(eq=True)
class Fault:
    """The meaning of a platform's refusal. Holds codes, never the platform's free text."""

    error_class: ErrorClass
    code: str
    """One of ours, a number, or a documented code of the platform, such as ``190/463``, ``DUPLICATE_POST`` or ``http_503``.
    Anything that does not look like a code is replaced, wherever it comes from."""
    retry_after: float | None = None
    """Seconds the platform asks to wait, where it says so."""
    certain: bool = False
    """True if the call did nothing: the platform's own code answered with a refusal that it documents, or nothing was sent. A
    status alone, a page, or anything that a proxy, firewall or gateway could have said is never certain. Only a certain refusal
    of a COMMIT is a failure; everything else is an unknown outcome."""

    def __post_init__(self) -> None:
        """Codes are kept; only what has the form of one may get in."""
        if not _CODE.fullmatch(self.code):
            object.__setattr__(self, "code", UNRECOGNIZED)


class PlatformError(Exception):
    """The platform refused a call, or could not be reached before anything was sent."""

    def __init__(self, fault: Fault, effect: Effect = Effect.READ) -> None:
        super().__init__(f"{fault.error_class}:{fault.code}")
        self.fault = fault
        self.effect = effect


class ReadRefused(PlatformError):
    """The platform refused to read something. Nothing of the person's was sent with it."""


class OutcomeUnknown(PlatformError):
    """A commit was sent and no trustworthy answer came: it may or may not have happened."""


class UnexpectedShape(Exception):
    """A successful reply lacks what the reference says it has."""
