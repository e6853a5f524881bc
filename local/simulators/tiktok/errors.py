"""TikTok's error codes and the refusal of a data endpoint."""

from __future__ import annotations

# Section 4.5: the HTTP status that comes with a code of the data endpoints.
STATUS = {
    "access_token_invalid": 401,
    "scope_not_authorized": 401,
    "scope_permission_missed": 400,
    "invalid_param": 400,
    "invalid_params": 400,
    "rate_limit_exceeded": 429,
    "spam_risk_too_many_posts": 403,
    "spam_risk_too_many_pending_share": 403,
    "spam_risk_user_banned_from_posting": 403,
    "spam_risk": 403,
    "spam_risk_text": 403,
    "reached_active_user_cap": 403,
    "unaudited_client_can_only_post_to_private_accounts": 403,
    "privacy_level_option_mismatch": 403,
    "url_ownership_unverified": 403,
    "app_version_check_failed": 400,
    "invalid_publish_id": 400,
    "token_not_authorized_for_specified_publish_id": 400,
    "internal_error": 500,
}


class Refused(Exception):
    """An answer in the envelope of the data endpoints."""

    def __init__(self, code: str, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.code, self.message = code, message
        self.status = status or STATUS[code]
