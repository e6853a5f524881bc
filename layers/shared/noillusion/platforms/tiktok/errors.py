"""TikTok's refusals: what each means, and which of them say for certain that nothing was done (platforms.md 4.5).

A data endpoint answers with ``error.code``, which is ``ok`` on success, whatever the HTTP status. Anything else, with any status,
can come from what stands in front of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from noillusion.flows.faults import ErrorClass, Fault, recognized
from noillusion.flows.protocol import Reply
from noillusion.platforms.dialogs import OAUTH, Dialog

DAY = 86_400.0

ERRORS: Mapping[str, ErrorClass] = {
    "access_token_invalid": ErrorClass.REAUTH,
    "invalid_grant": ErrorClass.REAUTH,
    "auth_removed": ErrorClass.REAUTH,
    "scope_not_authorized": ErrorClass.PERMISSION,
    "scope_permission_missed": ErrorClass.PERMISSION,
    "unaudited_client_can_only_post_to_private_accounts": ErrorClass.PERMISSION,
    "app_version_check_failed": ErrorClass.PERMISSION,
    "access_denied": ErrorClass.PERMISSION,
    "rate_limit_exceeded": ErrorClass.RATE_LIMIT,
    "spam_risk_too_many_posts": ErrorClass.RATE_LIMIT,
    "spam_risk_too_many_pending_share": ErrorClass.RATE_LIMIT,
    "reached_active_user_cap": ErrorClass.RATE_LIMIT,
    "spam_risk_user_banned_from_posting": ErrorClass.BLOCKED_BY_POLICY,
    "spam_risk": ErrorClass.BLOCKED_BY_POLICY,
    "spam_risk_text": ErrorClass.BLOCKED_BY_POLICY,
    "publish_cancelled": ErrorClass.BLOCKED_BY_POLICY,
    "invalid_param": ErrorClass.INVALID_CONTENT,
    "invalid_params": ErrorClass.INVALID_CONTENT,
    "privacy_level_option_mismatch": ErrorClass.INVALID_CONTENT,
    "file_format_check_failed": ErrorClass.INVALID_CONTENT,
    "duration_check_failed": ErrorClass.INVALID_CONTENT,
    "frame_rate_check_failed": ErrorClass.INVALID_CONTENT,
    "picture_size_check_failed": ErrorClass.INVALID_CONTENT,
    "video_pull_failed": ErrorClass.MEDIA_FETCH,
    "photo_pull_failed": ErrorClass.MEDIA_FETCH,
    "invalid_publish_id": ErrorClass.NOT_FOUND,
    "token_not_authorized_for_specified_publish_id": ErrorClass.NOT_FOUND,
    "url_ownership_unverified": ErrorClass.OPERATOR,
    "invalid_client": ErrorClass.OPERATOR,
    "invalid_scope": ErrorClass.OPERATOR,
    "unauthorized_client": ErrorClass.OPERATOR,
    "internal": ErrorClass.TRANSIENT,
    "internal_error": ErrorClass.TRANSIENT,
    "server_error": ErrorClass.TRANSIENT,
    "temporarily_unavailable": ErrorClass.TRANSIENT,
}
"""``error.code`` of data endpoints, ``error`` of OAuth and ``fail_reason`` of a failed post (platforms.md 4.5)."""

DEAD_GRANT = frozenset({"invalid_grant", "access_token_invalid"})
"""Codes with which the OAuth endpoints say that a grant is no good."""

CODE_REFUSED = frozenset({"invalid_request"})
"""Codes besides ``invalid_grant`` with which the token endpoint refuses an authorization code, or the redirect URI with it."""

DIALOG = Dialog({"error": {**OAUTH, "access_denied": "declined"}})
"""TikTok has no other code for a person who cancels (platforms.md 4.2)."""

KNOWN = frozenset({*ERRORS, "invalid_request", "unsupported_grant_type", "unsupported_response_type"})
"""Codes that are kept: those above, and what OAuth endpoints say of a request that is wrong."""

RETRY_AFTER: Mapping[str, float] = {
    "rate_limit_exceeded": 60.0,
    "spam_risk_too_many_posts": DAY,
    "spam_risk_too_many_pending_share": DAY,
    "reached_active_user_cap": DAY,
}
"""Seconds. TikTok sends no header; these follow from its windows (platforms.md 4.5)."""

STATUSES: Mapping[int, ErrorClass] = {401: ErrorClass.REAUTH, 429: ErrorClass.RATE_LIMIT}

REFUSALS = frozenset(
    {
        "access_token_invalid",
        "app_version_check_failed",
        "invalid_param",
        "invalid_params",
        "privacy_level_option_mismatch",
        "rate_limit_exceeded",
        "reached_active_user_cap",
        "scope_not_authorized",
        "scope_permission_missed",
        "spam_risk",
        "spam_risk_text",
        "spam_risk_too_many_pending_share",
        "spam_risk_too_many_posts",
        "spam_risk_user_banned_from_posting",
        "unaudited_client_can_only_post_to_private_accounts",
        "url_ownership_unverified",
    }
)
"""``error.code`` with which TikTok refuses an init before it makes anything, whatever the status short of a server error: the
same code comes with 403 or 200. ``internal_error`` is not among them, nor is a code that only a failed post has: the task can
exist.
"""


def classify(reply: Reply) -> Fault | None:
    """The fault in a reply; ``None`` for success."""
    error = reply.data.get("error") if isinstance(reply.data, Mapping) else None
    code = error.get("code") if isinstance(error, Mapping) else error
    # Older endpoints say 0 instead of ok.
    if code == "ok" or (type(code) is int and code == 0) or (error is None and 200 <= reply.status < 300):
        return None
    kept = recognized(code, KNOWN)
    if not (isinstance(code, str) and re.fullmatch(r"[a-z0-9_]{1,80}", code)):
        code = kept = f"http_{reply.status}"
    if reply.status >= 500:
        return Fault(ErrorClass.TRANSIENT, kept)
    certain = isinstance(error, Mapping) and code in REFUSALS
    return Fault(_error_class(code, reply.status), kept, RETRY_AFTER.get(code), certain=certain)


def failure(code: str) -> Fault:
    """The fault in the ``fail_reason`` of a post that TikTok accepted and did not publish."""
    return Fault(_error_class(code, 200), recognized(code, KNOWN) if code else "failed", certain=True)


def _error_class(code: str, status: int) -> ErrorClass:
    if code.startswith("spam_risk"):
        return ERRORS.get(code, ErrorClass.BLOCKED_BY_POLICY)
    return ERRORS.get(code) or STATUSES.get(status, ErrorClass.UNKNOWN)
