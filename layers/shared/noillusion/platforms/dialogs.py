"""Authorization dialogs that end without a code: what each error in the redirect means, as data of each platform."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

from noillusion.core.records import record
from noillusion.flows.faults import UNRECOGNIZED, ErrorClass

ConnectError = Literal[
    "declined",
    "sign_in_required",
    "code_refused",
    "platform_unavailable",
    "rate_limited",
    "account_restricted",
    "permission_missing",
    "app_refused",
    "scope_refused",
    "app_unavailable",
    "unrecognized",
]
"""The reason why a dialog or a token endpoint gave no grant."""
Errors: TypeAlias = Mapping[str, ConnectError]

BY_CLASS: Final[Mapping[ErrorClass, ConnectError]] = {
    **dict.fromkeys(ErrorClass, "unrecognized"),
    # A code that was used, has expired, or belongs to another request.
    ErrorClass.REAUTH: "code_refused",
    ErrorClass.INVALID_CONTENT: "code_refused",
    ErrorClass.NOT_FOUND: "code_refused",
    ErrorClass.TRANSIENT: "platform_unavailable",
    ErrorClass.NOT_READY: "platform_unavailable",
    ErrorClass.RATE_LIMIT: "rate_limited",
    ErrorClass.BLOCKED_BY_POLICY: "account_restricted",
    ErrorClass.PERMISSION: "permission_missing",
    ErrorClass.OPERATOR: "app_refused",
}
"""The meaning of a refusal at the token endpoint, by its class."""
SCOPES: Final[Errors] = dict.fromkeys(("invalid_scope", "unauthorized_scope_error"), "scope_refused")
"""Codes of the permissions that are asked for."""
OAUTH: Final[Errors] = {
    **SCOPES,
    **dict.fromkeys(("invalid_client", "invalid_request", "unauthorized_client", "unsupported_response_type"), "app_refused"),
    **dict.fromkeys(("server_error", "temporarily_unavailable"), "platform_unavailable"),
    **dict.fromkeys(
        ("account_selection_required", "consent_required", "interaction_required", "login_required"), "sign_in_required"
    ),
}
"""Values of ``error`` in RFC 6749 4.1.2.1 and OpenID Connect Core 3.1.2.6.

``access_denied`` is not among them: it can be the person's refusal or the platform's, so each platform says which.
"""


@record(eq=True)
class Refusal:
    """A dialog that gave no code."""

    error: ConnectError
    code: str
    """The platform's code if it is a documented one, else :data:`UNRECOGNIZED`: it is logged."""


@record(eq=True)
class Dialog:
    """The parameters with which a platform's dialog says that it gives no code."""

    fields: Mapping[str, Errors]
    """Parameter → its values and what they mean. The first parameter with a known value decides."""

    def refusal(self, query: Mapping[str, str]) -> Refusal | None:
        """Return the refusal in the parameters of a redirect, ``None`` if there is none."""
        for name, errors in self.fields.items():
            if (value := query.get(name, "")) in errors:
                return Refusal(errors[value], value)
        return Refusal("unrecognized", UNRECOGNIZED) if any(query.get(name) for name in self.fields) else None
