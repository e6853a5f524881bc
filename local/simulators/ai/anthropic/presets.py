"""Anthropic's faults and odd answers by name, for the control API."""

from __future__ import annotations

from typing import Any

from local.simulators.ai.anthropic.answers import message_object
from local.simulators.ai.anthropic.errors import error
from local.simulators.ai.language_model import (
    HTML_200,
    Completion,
)
from local.simulators.world import Json, Preset


def _error(status: int, kind: str, message: str, note: str, details: Json | None = None, **headers: str) -> Preset:
    request_id = "req_011CSimulatedPreset00001"
    sent = {"request-id": request_id} | {k.replace("_", "-"): v for k, v in headers.items()}
    return Preset(status, error(kind, message, request_id, details), sent, note)


def _message(stop_reason: str, text: str = "", note: str = "", **changes: Any) -> Preset:
    answer = message_object("claude-haiku-5-5", Completion(text, "end", 40, 12)) | {"stop_reason": stop_reason}
    return Preset(200, answer | changes, {"request-id": "req_011CSimulatedPreset00002"}, note)


_HALF = "Good news to share. We have been working on"
_OWN_LIMIT = "You have reached your specified API usage limits."
_LOW = "Your credit balance is too low to access the API. Please go to Plans & Billing to upgrade or purchase credits."
PRESETS: dict[str, Preset] = {
    "rate_limited": _error(
        429, "rate_limit_error", "This request would exceed your rate limit.", "429 with retry-after", retry_after="7"
    ),
    "spend_limit": _error(
        429, "rate_limit_error", _OWN_LIMIT, "429 enforced_spend_limit_reached: do not retry",
        {"error_code": "enforced_spend_limit_reached"},
    ),
    "insufficient_quota": _error(402, "billing_error", "There is an issue with your billing information.", "402 billing_error"),
    "low_balance": _error(400, "invalid_request_error", _LOW, "400 with a message about the balance"),
    "bad_key": _error(401, "authentication_error", "invalid x-api-key", "401"),
    "permission_denied": _error(
        403, "permission_error", "Your API key does not have permission to use the specified resource.", "403"
    ),
    "unknown_model": _error(404, "not_found_error", "model: claude-gone", "404 not_found_error"),
    "invalid_request": _error(400, "invalid_request_error", "temperature: Extra inputs are not permitted", "400"),
    "context_too_long": _error(
        400, "invalid_request_error", "prompt is too long: 1200000 tokens > 1000000 maximum", "400 prompt is too long"
    ),
    "request_too_large": _error(413, "request_too_large", "Request exceeds the maximum size", "413"),
    "overloaded": _error(529, "overloaded_error", "Overloaded", "529"),
    "server_error": _error(500, "api_error", "Internal server error", "500"),
    "service_unavailable": _error(503, "api_error", "Service unavailable", "503"),
    "gateway_timeout": _error(504, "timeout_error", "Request timed out", "504"),
    "html_200": Preset(200, HTML_200, note="200 with HTML, as a captive portal or proxy answers"),
    "refusal": _message(
        "refusal", note="200, stop_reason refusal, no content",
        stop_details={"type": "refusal", "category": "general_harms", "explanation": None},
    ),
    "truncated": _message("max_tokens", _HALF, "200, stop_reason max_tokens"),
    "empty_truncated": _message("max_tokens", note="200, all tokens went into thinking"),
    "context_window_exceeded": _message("model_context_window_exceeded", _HALF, "200, model_context_window_exceeded"),
    "empty": _message("end_turn", note="200, no content"),
}  # fmt: skip
