"""Google's faults and odd answers by name, for the control API."""

from __future__ import annotations

from typing import Any

from local.simulators.ai.google.answers import answer_object
from local.simulators.ai.google.errors import CODES, HOST, TYPE, bad_key, context_too_long, error, quota_exceeded, unknown_model
from local.simulators.ai.language_model import (
    HTML_200,
    Completion,
)
from local.simulators.world import Json, Preset

QUOTAS = {
    "requests": ("generate_content_requests", "GenerateRequestsPerMinutePerProjectPerModel"),
    "tokens": ("generate_content_input_token_count", "GenerateContentInputTokensPerModelPerMinute"),
}


def _answer(finish_reason: str | None, text: str = "", note: str = "", **changes: Any) -> Preset:
    """A 200 whose candidate ended for ``finish_reason``; None: there is no candidate."""
    answer = answer_object("gemini-3.5-flash-lite", Completion(text, "end", 40, 12 if text else 0, 24)) | changes
    if finish_reason is None:
        del answer["candidates"]
    else:
        answer["candidates"][0]["finishReason"] = finish_reason
    return Preset(200, answer, note=note)


def _filtered(finish_reason: str) -> Preset:
    preset = _answer(finish_reason, note=f"200, finishReason {finish_reason}, no content")
    del preset.body["candidates"][0]["content"]
    return preset


def _error(status: str, message: str, note: str, *details: Json, code: int | None = None) -> Preset:
    return Preset(code or CODES[status], error(status, message, *details, code=code), note=note)


def _quota(metric: str, quota: str, limit: int, wait_s: float, note: str) -> Preset:
    return Preset(429, quota_exceeded(metric, quota, "gemini-3.5-flash-lite", limit, wait_s), note=note)


_KEY = {"@type": f"{TYPE}.ErrorInfo", "reason": "API_KEY_INVALID", "domain": "googleapis.com", "metadata": {"service": HOST}}
PRESETS: dict[str, Preset] = {
    "rate_limited": _quota(*QUOTAS["requests"], 15, 46, "429 per minute, RetryInfo 46s"),
    "rate_limited_tokens": _quota(*QUOTAS["tokens"], 250_000, 12.5, "429 tokens per minute, RetryInfo 12.5s"),
    "insufficient_quota": _quota(
        "generate_content_free_tier_requests", "GenerateRequestsPerDayPerProjectPerModel-FreeTier", 20, 3600, "429 per day"
    ),
    "quota_zero": _quota(
        "generate_content_free_tier_requests", "GenerateRequestsPerMinutePerProjectPerModel-FreeTier", 0, 30, "429 with limit: 0"
    ),
    "billing_required": _error("FAILED_PRECONDITION", "Billing is required for this request.", "402", code=402),
    "bad_key": Preset(400, bad_key(), note="400 API_KEY_INVALID"),
    "bad_key_401": _error("UNAUTHENTICATED", "Request had invalid authentication credentials.", "401", _KEY),
    "bad_key_403": _error("PERMISSION_DENIED", "Your API key was reported as leaked. Please use another API key.", "403", _KEY),
    "permission_denied": _error("PERMISSION_DENIED", "The caller does not have permission", "403"),
    "unsupported_region": _error("FAILED_PRECONDITION", "User location is not supported for the API use.", "400 region"),
    "unknown_model": Preset(404, unknown_model("gemini-gone", "v1beta", "generateContent"), note="404 NOT_FOUND"),
    "context_too_long": Preset(400, context_too_long(1_200_000, 1_048_576), note="400, message only"),
    "invalid_request": _error("INVALID_ARGUMENT", "Request contains an invalid argument.", "400"),
    "overloaded": _error("UNAVAILABLE", "The model is overloaded. Please try again later.", "503"),
    "server_error": _error("INTERNAL", "An internal error has occurred. Please retry.", "500"),
    "deadline_exceeded": _error("DEADLINE_EXCEEDED", "Deadline expired before operation could complete.", "504"),
    "html_200": Preset(200, HTML_200, note="200 with HTML, as a captive portal or proxy answers"),
    "prompt_blocked": _answer(
        None, note="200, no candidates, promptFeedback.blockReason", promptFeedback={"blockReason": "PROHIBITED_CONTENT"}
    ),
    "content_filter": _filtered("SAFETY"),
    "prohibited_content": _filtered("PROHIBITED_CONTENT"),
    "blocklist": _filtered("BLOCKLIST"),
    "recitation": _filtered("RECITATION"),
    "spii": _filtered("SPII"),
    "unknown_finish_reason": _filtered("SOMETHING_NEW"),
    "truncated": _answer("MAX_TOKENS", "Good news to share. We have been working on", "200, MAX_TOKENS with text"),
    "empty_truncated": _answer("MAX_TOKENS", note="200, MAX_TOKENS without text: all tokens went into thoughts"),
    "empty": _answer("STOP", note="200, STOP without parts"),
}
