"""The closed sets about connected accounts: their kinds, their states, and the reasons of both."""

from __future__ import annotations

from typing import Final, Literal

AccountKind = Literal["page", "professional", "member", "organization", "creator"]
AccountReason = Literal["", "no_access", "personal_account", "role_missing", "scope_missing", "task_missing", "token_missing"]
"""The reason why an account cannot be published to; empty if it can."""
AccountCapability = Literal["publish", "public_posts", "drafts", "edit", "delete", "comments", "metrics", "account_metrics"]
"""What can be done with an account."""
CapabilityGap = Literal[
    "scope_missing", "task_missing", "role_missing", "no_access", "token_missing", "personal_account", "not_supported"
]
"""What is missing where something cannot be done."""
NoAccounts = Literal["no_accounts", "none_selected", "permission_missing", "business_owned", "none_linked", "other_account"]
"""The reason why a grant offers no account."""
ConnectionStatus = Literal["active", "reauth_required"]
StatusReason = Literal[
    "", "grant_refused", "refresh_interrupted", "token_refused", "removed_at_platform", "seal_broken", "erased"
]
"""The reason why an account must be connected again; empty while the connection works."""
ConnectionState = Literal["active", "expiring", "needs_reconnect"]
"""Where a connection is in its life. Before it, there is a grant that waits for a selection; after it, no record."""
Renewal = Literal["rotating", "renewable", "extend", "static", "reconnect"]
"""The way in which a credential is renewed (failure-classes.md C2).

``rotating``: by a refresh token that each renewal replaces. ``renewable``: by a refresh token that stays. ``extend``: the token
itself is exchanged for a longer one before it expires. ``static``: there is nothing to renew. ``reconnect``: only the person can
renew it.
"""
ERASED: Final = "erased"
"""The reason of an account whose data is being deleted. It tells the deletion which connection to delete at its end."""
