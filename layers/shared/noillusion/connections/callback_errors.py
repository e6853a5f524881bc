"""The catalog of reasons why a callback brings no grant: whose matter each is, whether starting again can help, what to do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, get_args

from noillusion.catalog.registrations import Registration
from noillusion.core import logs
from noillusion.core.records import record
from noillusion.flows.faults import Fault
from noillusion.platforms.dialogs import BY_CLASS, SCOPES, ConnectError, Refusal

NoGrant = Literal["no_code", "account_deleted", "deletion_in_progress"]
CallbackError = Literal[ConnectError, NoGrant]
CALLBACK_ERRORS: Final[tuple[CallbackError, ...]] = get_args(CallbackError)


@record(eq=True)
class Entry:
    """What follows from a reason."""

    matter_of: Literal["person", "operator", "platform"]
    retryable: bool
    """True if starting again can help."""
    advice: str


CATALOG: Final[Mapping[CallbackError, Entry]] = {
    "declined": Entry("person", True, "You declined on the platform. Start again if you want to connect an account."),
    "sign_in_required": Entry("person", True, "The platform could not ask you. Sign in to the platform, then start again."),
    "code_refused": Entry(
        "person", True, "The platform no longer accepts this authorization: it has expired or was used already. Start again."
    ),
    "no_code": Entry("person", True, "The platform sent you back without an authorization. Start again."),
    "account_restricted": Entry(
        "person", False, "The platform restricts your account. Look for a message in the platform's own app."
    ),
    "permission_missing": Entry(
        "person", True, "The platform did not permit this. Start again, and grant all permissions that it asks for."
    ),
    "platform_unavailable": Entry("platform", True, "The platform has a temporary problem. Try again in a few minutes."),
    "rate_limited": Entry("platform", True, "The platform limits how often accounts can be connected. Try again in an hour."),
    "app_refused": Entry(
        "operator",
        False,
        "The platform refused this service. Tell its operator, who alone can fix this.",
    ),
    "scope_refused": Entry(
        "operator",
        False,
        "This service asks for permissions that the platform has not given it. Tell its operator, who alone can fix this.",
    ),
    "app_unavailable": Entry(
        "operator", False, "The platform has not opened this service to you. Ask its operator for access, or try later."
    ),
    "unrecognized": Entry("platform", True, "The platform gave no grant, for a reason that it does not document. Start again."),
    "account_deleted": Entry("person", False, "Your account was deleted in the meantime. Nothing was stored."),
    "deletion_in_progress": Entry("person", True, "Your account is being deleted. Start again once the deletion is complete."),
}


def of_fault(fault: Fault) -> ConnectError:
    """Return the reason in a refusal of the token endpoint."""
    return SCOPES.get(fault.code) or BY_CLASS[fault.error_class]


def tell_dialog(registration: Registration, refusal: Refusal) -> ConnectError:
    """Log that a dialog gave no code; return the reason."""
    return _tell("dialog", registration, refusal.error, refusal.code)


def tell_exchange(registration: Registration, fault: Fault) -> ConnectError:
    """Log that a code could not be exchanged; return the reason."""
    return _tell("exchange", registration, of_fault(fault), fault.code)


def _tell(step: str, registration: Registration, error: ConnectError, code: str) -> ConnectError:
    logs.event(
        "connect_refused",
        step=step,
        platform=registration.platform,
        registration=registration.name,
        error=error,
        matter_of=CATALOG[error].matter_of,
        code=code,
    )
    return error
