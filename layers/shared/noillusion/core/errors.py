"""Domain problems. Each has a code; its text is ours and never holds what a person sent (RFC 9457 at the edge)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldError:
    """One problem with one field of the request: dotted path, code, and what is allowed.

    ``limit`` and ``actual`` are figures, in the unit that the message names, for problems that have some.
    """

    field: str
    code: str
    message: str
    limit: int | None = None
    actual: int | None = None


class Problem(Exception):
    """Something the caller is told, with the HTTP status it maps to."""

    status = 500
    title = "Internal error"

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        errors: Sequence[FieldError] = (),
        retry_after: float | None = None,
        status: int | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail
        self.errors = tuple(errors)
        self.retry_after = retry_after
        if status is not None:
            self.status = status


class BadRequest(Problem):
    """The request cannot be understood."""

    status = 400
    title = "Bad request"


class Unauthorized(Problem):
    """No valid identity."""

    status = 401
    title = "Unauthorized"


class Forbidden(Problem):
    """The identity is known and may not do this."""

    status = 403
    title = "Forbidden"


class NotFound(Problem):
    """There is no such thing, or it is somebody else's: the two look the same."""

    status = 404
    title = "Not found"

    def __init__(self, code: str = "not_found", detail: str = "There is no such resource.") -> None:
        super().__init__(code, detail)


class Conflict(Problem):
    """The request does not fit the present state."""

    status = 409
    title = "Conflict"


class TooLarge(Problem):
    """The body is over the limit."""

    status = 413
    title = "Content too large"


class UnsupportedMediaType(Problem):
    """The body is not JSON."""

    status = 415
    title = "Unsupported media type"


class Invalid(Problem):
    """The request is understood and its values are not allowed."""

    status = 422
    title = "Validation failed"

    def __init__(self, errors: Sequence[FieldError], detail: str = "One or more fields are not valid.") -> None:
        super().__init__("validation_failed", detail, errors=errors)


class TooManyRequests(Problem):
    """A limit is used up for now."""

    status = 429
    title = "Too many requests"


class Upstream(Problem):
    """A platform or provider refused or did not answer."""

    status = 502
    title = "Upstream failure"


class Unavailable(Problem):
    """The service cannot work right now; trying again later helps."""

    status = 503
    title = "Service unavailable"


class AccountDeleted(Problem):
    """The account was deleted after this work began, or its deletion has not ended. Nothing of the work was stored."""

    status = 410
    title = "Gone"

    def __init__(self, *, in_progress: bool = False) -> None:
        if in_progress:
            super().__init__(
                "deletion_in_progress",
                "This account is being deleted. It can be used again when that has ended.",
                retry_after=5,
                status=409,
            )
            self.title = Conflict.title
        else:
            super().__init__("account_deleted", "The account was deleted while this request was under way. Nothing was stored.")
