"""The catalog of advice about connections: what a person can do when one does not work or its grant could not be revoked."""

from __future__ import annotations

from collections.abc import Mapping

from noillusion.catalog import registrations
from noillusion.catalog.platforms import PLATFORMS, PlatformName, reason_of
from noillusion.flows.faults import ErrorClass, Fault

NOT_WORKING: Mapping[ErrorClass, str] = {
    ErrorClass.REAUTH: "Connect this account again.",
    ErrorClass.PERMISSION: "Connect this account again and grant the missing permissions.",
    ErrorClass.RATE_LIMIT: "The platform is limiting requests. Try again later.",
    ErrorClass.TRANSIENT: "The platform has a temporary problem. Try again later.",
    ErrorClass.OPERATOR: "The platform refused this service. Tell its operator, who alone can fix this.",
    ErrorClass.BLOCKED_BY_POLICY: "The platform restricts this account. Look for a message in the platform's own app.",
}
_REMOVE_BY_HAND = "Remove the app on {platform}: {path}."
KEPT = "The grant was kept, because other accounts are connected with it. Disconnect them as well to revoke it."
IN_USE = "The grant was kept because an account is connected with it. Disconnect the account to revoke it."
POSTPONED = "The platform did not revoke the grant. We will try again within a few minutes."
SCOPES_MISSING = "The platform listed no accounts. Permissions are missing: {scopes}."
OTHER_ACCOUNT = (
    "The grant does not give access to the account of the connection. Sign in to the platform with the right account, or select "
    "it in the platform's dialog."
)
NO_LINKED_ACCOUNTS = (
    "No Instagram account was found. Each of these is needed: it is a professional account, it is linked to a Page, you have a "
    "role on that Page, and both the Page and the account were selected in Facebook's dialog."
)
NO_ACCOUNTS = (
    "The platform listed no accounts. Either there are none, or none was selected in the platform's dialog, or they belong to a "
    "business."
)
NO_ACCOUNTS_BY: Mapping[str, str] = {"instagram.facebook": NO_LINKED_ACCOUNTS}
"""By the key of a registration whose accounts are found in a way of its own (platforms.md 2.7)."""


def remove_by_hand(platform: str, registration: str = "") -> str:
    """Return where a person removes an app, if we could not: at the platform whose dialog it was."""
    entry = PLATFORMS[registrations.get(platform, registration).dialog_at]
    return _REMOVE_BY_HAND.format(platform=entry.title, path=entry.removal)


def not_working(platform: PlatformName, fault: Fault) -> str | None:
    """Return what a person can do about a connection whose call was refused, and why where the class alone does not say it."""
    advice = NOT_WORKING.get(fault.error_class)
    reason = reason_of(platform, fault.code)
    return f"{reason} {advice}" if reason and advice else advice
