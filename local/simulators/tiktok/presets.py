"""TikTok's faults by name, for the control API."""

from __future__ import annotations

from local.simulators.dialogs import decisions
from local.simulators.tiktok.errors import STATUS
from local.simulators.tiktok.oauth import DIALOG_ERRORS
from local.simulators.tiktok.state import CLIENT_ID, CLIENT_SECRET
from local.simulators.world import Preset

FAIL_REASONS = (
    "file_format_check_failed",
    "duration_check_failed",
    "frame_rate_check_failed",
    "picture_size_check_failed",
    "video_pull_failed",
    "photo_pull_failed",
    "internal",
    "publish_cancelled",
    "auth_removed",
    "spam_risk",
    "spam_risk_text",
    "spam_risk_too_many_posts",
    "spam_risk_user_banned_from_posting",
)


def _fault(code: str, message: str, status: int | None = None, note: str = "") -> Preset:
    error = {"code": code, "message": message, "log_id": "202611220000000000000000000000FA01"}
    return Preset(status or STATUS[code], {"data": {}, "error": error}, note=note)


def _oauth_fault(error: str, description: str, status: int) -> Preset:
    return Preset(status, {"error": error, "error_description": description, "log_id": "202611220000000000000000000000FA02"})


def _failed(reason: str) -> Preset:
    ok = {"code": "ok", "message": "", "log_id": "202611220000000000000000000000FA03"}
    return Preset(200, {"data": {"status": "FAILED", "fail_reason": reason}, "error": ok}, note="for status/fetch")


PRESETS: dict[str, Preset] = {
    **{code: _fault(code, f"Simulated {code}") for code in STATUS},
    **{f"failed_{reason}": _failed(reason) for reason in FAIL_REASONS},
    "expired_token": _fault("access_token_invalid", "The access token is invalid or not found in the request."),
    "rate_limited": _fault("rate_limit_exceeded", "The API rate limit was exceeded. Please try again later."),
    "transient": _fault("internal_error", "Something is wrong. Please try again later."),
    "unavailable": _fault("internal_error", "Service unavailable", 503),
    "bad_gateway": Preset(502, "<html><body>502 Bad Gateway</body></html>", note="HTML, not JSON"),
    "spam_block": _fault("spam_risk_user_banned_from_posting", "The user is banned from making new posts"),
    "spam_risk_too_many_posts_200": _fault(
        "spam_risk_too_many_posts", "The daily post cap of the user is reached", 200, "HTTP 200 with an error code"
    ),
    "oauth_invalid_grant": _oauth_fault("invalid_grant", "Refresh token is invalid or expired.", 400),
    "oauth_invalid_grant_200": _oauth_fault("invalid_grant", "Refresh token is invalid or expired.", 200),
    "oauth_invalid_client": _oauth_fault("invalid_client", "Client key or secret is incorrect.", 200),
    "oauth_invalid_request": _oauth_fault("invalid_request", "The request parameters are malformed.", 200),
    "upload_expired": Preset(403, "", note="for PUT upload_url"),
    "upload_no_task": Preset(404, "", note="for PUT upload_url"),
    "upload_out_of_step": Preset(416, "", note="for PUT upload_url"),
    "upload_transient": Preset(500, "", note="for PUT upload_url"),
}
NOTES = [
    f"Client: {CLIENT_ID}/{CLIENT_SECRET}. Any non-empty client_key opens the dialog; only this pair gets tokens.",
    "Redirect URIs: any https URL, and http on 127.0.0.1 or localhost; no query, no fragment, below 512 characters.",
    "Verified for PULL_FROM_URL: /_media/ here, https on example.com/.org/.net and *.example, and settings.verified_prefixes.",
    "Not documented, chosen here: codes live 10 min, an old refresh token dies at once, its life counts from the consent, "
    "photos must fit 1920 x 1080 either way, a PUT with Authorization is 400, MB are MiB.",
    "A publish_id never expires; ids of finished posts appear after settings.moderation_s. Titles are not screened.",
    "Webhooks: set settings.webhook_url (or the action webhook_url) and events are sent automatically, three attempts each.",
    f"consent: {{decision: {decisions(DIALOG_ERRORS)}, declined_scopes: [], user: id}}; 'ask' shows a page.",
    "Actions: consent, user, settings, expire_tokens, revoke, draft, remove_post, seed, webhook, webhook_url.",
]
