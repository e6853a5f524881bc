"""Problems that a caller is told about, raised by code (RFC 9457). Status and texts are in the catalog of ``core/codes.py``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import field as attribute
from typing import Literal, TypeAlias

from noillusion.core.codes import CATALOG
from noillusion.core.messages import RULES, filled
from noillusion.core.records import record

Param: TypeAlias = int | float | str | Sequence[str]
Params: TypeAlias = Mapping[str, Param]
"""By the names of ``models.ErrorParams``."""


@record()
class FieldError:
    """One problem with one field of the request: dotted path in the request as sent, code, and what is allowed.

    ``params`` are the figures and values of the message, for clients that word it themselves. ``about`` names the target of a
    post that the problem is about, because several targets can share a field.
    """

    field: str
    code: str
    message: str
    params: Params = attribute(default_factory=dict, hash=False)
    about: Mapping[str, int | str] = attribute(default_factory=dict, hash=False)


def field_error(path: str, rule: str, **params: Param) -> FieldError:
    """Return the error of a field that breaks a rule of the catalog. ``params`` fill the braces of its message."""
    return FieldError(path, RULES[rule][0], filled(RULES[rule][1], params), params)


class Problem(Exception):
    """A problem of the catalog. ``params`` fill the braces of its text; ``retry_after`` is in seconds.

    The class tells callers how to handle it; a test compares its ``status`` with the catalog.
    """

    status = 500

    def __init__(
        self, code: str, *, errors: Sequence[FieldError] = (), retry_after: float | None = None, **params: str | int
    ) -> None:
        super().__init__(code)
        entry = CATALOG[code]
        self.code = code
        self.status = entry.status
        self.title = entry.title
        self.detail = entry.text.format(**params)
        self.errors = tuple(errors)
        self.retry_after = entry.retry_after if retry_after is None else retry_after


class BadRequest(Problem):
    """The request cannot be understood."""

    status = 400


class Unauthorized(Problem):
    """There is no valid identity."""

    status = 401


class Forbidden(Problem):
    """The identity is valid and may not do this."""

    status = 403


class NotFound(Problem):
    """The resource does not exist or belongs to somebody else; the two look the same."""

    status = 404

    def __init__(self, code: str = "not_found", *, errors: Sequence[FieldError] = ()) -> None:
        super().__init__(code, errors=errors)


class NotAcceptable(Problem):
    """The client does not accept what the route returns."""

    status = 406


class Conflict(Problem):
    """The request does not fit the current state."""

    status = 409


class PreconditionFailed(Problem):
    """The resource is not in the state that the request was made for."""

    status = 412


class TooLarge(Problem):
    """The body is over the limit."""

    status = 413


class UnsupportedMediaType(Problem):
    """The body is not JSON."""

    status = 415


class Invalid(Problem):
    """Fields of the request have values that are not allowed."""

    status = 422

    def __init__(self, errors: Sequence[FieldError]) -> None:
        super().__init__("validation_failed", errors=errors)


class TooManyRequests(Problem):
    """The user has made as many requests of this kind as the deployment allows in a minute."""

    status = 429


class Upstream(Problem):
    """A platform refused or did not answer."""

    status = 502


class Unavailable(Problem):
    """The service cannot work right now; trying again later helps."""

    status = 503


class AccountDeleted(Problem):
    """The account was deleted after this work began, or is being deleted. Nothing of the work was stored."""

    code: Literal["account_deleted", "deletion_in_progress"]

    def __init__(self, *, in_progress: bool = False) -> None:
        super().__init__("deletion_in_progress" if in_progress else "account_deleted")
