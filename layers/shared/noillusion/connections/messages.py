"""The catalog of advice about connections: what a person can do when one does not work or its grant could not be revoked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from noillusion.catalog import registrations
from noillusion.catalog.accounts import CapabilityGap, NoAccounts
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
OTHER_ACCOUNT = (
    "The grant does not give access to the account of the connection. Sign in to the platform with the right account, or select "
    "it in the platform's dialog."
)
NO_LINKED_ACCOUNTS = (
    "No Instagram account was found. Each of these is needed: it is a professional account, it is linked to a Page, you have a "
    "role on that Page, and both the Page and the account were selected in Facebook's dialog."
)


def remove_by_hand(platform: str, registration: str = "") -> str:
    """Return where a person removes an app, if we could not: at the platform whose dialog it was."""
    entry = PLATFORMS[registrations.get(platform, registration).dialog_at]
    return _REMOVE_BY_HAND.format(platform=entry.title, path=entry.removal)


def not_working(platform: PlatformName, fault: Fault) -> str | None:
    """Return what a person can do about a connection whose call was refused, and why where the class alone does not say it."""
    advice = NOT_WORKING.get(fault.error_class)
    reason = reason_of(platform, fault.code)
    return f"{reason} {advice}" if reason and advice else advice


_EMPTY: Mapping[NoAccounts, str] = {
    "no_accounts": "The platform listed no accounts. Either there are none, or none was selected in the platform's dialog, or "
    "they belong to a business. Look at the platform whether you have a role on one, then start again and select it.",
    "none_selected": "No account was selected in the platform's dialog. Start again and select one.",
    "permission_missing": "Listing accounts needs permissions that were not granted: {scopes}. Start again and grant them.",
    "business_owned": "The selected Pages belong to a Business Portfolio, and the permission business_management was not "
    "granted. Start again and grant it.",
    "none_linked": NO_LINKED_ACCOUNTS,
    "other_account": OTHER_ACCOUNT,
}
_NO_ACCOUNTS_BY: Mapping[str, str] = {"instagram.facebook": NO_LINKED_ACCOUNTS}
"""By the key of a registration whose accounts are found in a way of its own (platforms.md 2.7)."""
_MISSING: Mapping[CapabilityGap, tuple[str, str | None]] = {
    "scope_missing": ("Permissions were not granted: {names}.", "Connect the account again and grant them."),
    "task_missing": (
        "You do not have a task on this Page that allows it. One of these is needed: {names}.",
        "Ask somebody with full control of the Page for it, then connect the account again.",
    ),
    "role_missing": (
        "You do not have a role in this organization that allows it. One of these is needed: {names}.",
        "Ask an administrator of the organization for it, then connect the account again.",
    ),
    "no_access": ("This deployment has no access to this on {platform}.{missing}", None),
    "token_missing": (
        "{platform} gave no access to this account.",
        "Connect again and select the account in the platform's dialog.",
    ),
    "personal_account": (
        "Personal accounts cannot be used.",
        "Change it to a professional account in the settings of {platform}, then connect it again.",
    ),
    "not_supported": ("{platform} does not let apps do this with this account.", None),
}


def no_accounts(code: NoAccounts, registration: str, scopes: Sequence[str]) -> str:
    """Return why a grant by a registration offers no accounts, and what a person can do. ``scopes``: those that are missing."""
    known = _NO_ACCOUNTS_BY.get(registration) if code == "no_accounts" else None
    return known or _EMPTY[code].format(scopes=", ".join(scopes))


def missing(code: CapabilityGap, names: Sequence[str], platform: str) -> tuple[str, str | None]:
    """Return what is missing for a capability in words, and what a person can do; ``None`` if that is nothing."""
    message, advice = _MISSING[code]
    listed = ", ".join(names)
    known = {"names": listed, "platform": platform, "missing": f" Its app lacks these permissions: {listed}." if names else ""}
    return message.format(**known), advice and advice.format(**known)
