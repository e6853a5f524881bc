"""OpenAI's faults and odd answers by name, for the control API."""

from __future__ import annotations

from typing import Any

from local.simulators.ai.language_model import (
    HTML_200,
    Completion,
)
from local.simulators.ai.openai.answers import chat_choice, chat_object, message_item, response_object
from local.simulators.ai.openai.errors import bad_key, context_too_long, error, unknown_model
from local.simulators.world import Json, Preset


def _response(status: str, *parts: Json, **changes: Any) -> Json:
    """A Response for the presets: ``parts`` are the content of its message."""
    sample = response_object("gpt-6-luna", 1795000000, Completion("", "end", 40, 12, 24), {})
    items = [message_item("completed" if status == "completed" else "incomplete", part) for part in parts]
    return sample | {"status": status, "output": [*sample["output"], *items]} | changes


def _chat(finish_reason: str, content: str | None = None, refusal: str | None = None) -> Json:
    sample = chat_object("gpt-6-luna", 1795000000, [Completion("", "end", 40, 12, 24)])
    return sample | {"choices": [chat_choice(0, finish_reason, content, refusal)]}


def _text(text: str) -> Json:
    return {"type": "output_text", "text": text, "annotations": [], "logprobs": []}


HALF = "Good news to share. We have been working on"
_REFUSAL = "I'm sorry, but I can't help with that request."
_BILLING = "You exceeded your current quota, please check your plan and billing details."


def _quota(code: str) -> Preset:
    return Preset(429, error(_BILLING, "insufficient_quota", code), note=f"429 {code}: money or quota gone, do not retry")


PRESETS: dict[str, Preset] = {
    "rate_limited": Preset(
        429,
        error("Rate limit reached for requests. Please try again in 1.5s.", "requests", "rate_limit_exceeded"),
        {"retry-after-ms": "1500", "retry-after": "2", "x-ratelimit-remaining-requests": "0"},
        "429 rate_limit_exceeded with retry-after-ms",
    ),
    "slow_down": Preset(
        429,
        error("Request traffic rose too fast. Please slow down.", "rate_limit_error", "slow_down"),
        {"retry-after": "15"},
        "429 slow_down",
    ),
    **{
        code: _quota(code)
        for code in (
            "insufficient_quota",
            "credit_balance_exhausted",
            "organization_spend_limit_exceeded",
            "project_spend_limit_exceeded",
            "organization_usage_limit_exceeded",
        )
    },
    "bad_key": Preset(401, bad_key("sk-invalid-0000-abcd"), note="401 invalid_api_key"),
    "permission_denied": Preset(
        403, error("You are not allowed to use this model.", code="permission_denied"), note="403 no permission"
    ),
    "unsupported_region": Preset(
        403,
        error("Country, region, or territory not supported", "request_forbidden", "unsupported_country_region_territory"),
        note="403 region",
    ),
    "unknown_model": Preset(404, unknown_model("gpt-gone"), note="404 model_not_found"),
    "context_too_long": Preset(400, context_too_long(128_000, 200_000, "input"), note="400 context_length_exceeded"),
    "prompt_blocked": Preset(
        400, error("Invalid prompt: it was flagged by our usage policy.", code="invalid_prompt"), note="400 invalid_prompt"
    ),
    "overloaded": Preset(
        503, error("The server is overloaded. Please try again later.", "service_unavailable_error", "server_is_overloaded")
    ),
    "server_error": Preset(500, error("The server had an error while processing your request.", "server_error", "server_error")),
    "bad_gateway": Preset(502, "<html><head><title>502 Bad Gateway</title></head></html>", note="502 with HTML"),
    "html_200": Preset(200, HTML_200, note="200 with HTML, as a captive portal or proxy answers"),
    "refusal": Preset(200, _response("completed", {"type": "refusal", "refusal": _REFUSAL}), note="200, Responses: refusal"),
    "content_filter": Preset(
        200,
        _response("incomplete", _text(HALF), incomplete_details={"reason": "content_filter"}),
        note="200, Responses: incomplete, content_filter",
    ),
    "truncated": Preset(
        200,
        _response("incomplete", _text(HALF), incomplete_details={"reason": "max_output_tokens"}),
        note="200, Responses: incomplete, max_output_tokens",
    ),
    "empty_truncated": Preset(
        200,
        _response("incomplete", incomplete_details={"reason": "max_output_tokens"}),
        note="200, Responses: all tokens went into reasoning",
    ),
    "empty": Preset(200, _response("completed", _text("")), note="200, Responses: completed with empty text"),
    "failed_in_200": Preset(
        200,
        _response("failed", error={"code": "server_error", "message": "The model failed to answer."}, usage=None),
        note="200, Responses: status failed, server_error",
    ),
    "failed_rate_limited": Preset(
        200,
        _response("failed", error={"code": "rate_limit_exceeded", "message": "Rate limit reached."}, usage=None),
        note="200, Responses: status failed, rate_limit_exceeded",
    ),
    "failed_prompt_blocked": Preset(
        200,
        _response("failed", error={"code": "invalid_prompt", "message": "The prompt was flagged."}, usage=None),
        note="200, Responses: status failed, invalid_prompt",
    ),
    "chat_refusal": Preset(200, _chat("stop", refusal=_REFUSAL), note="200, Chat: message.refusal"),
    "chat_content_filter": Preset(200, _chat("content_filter"), note="200, Chat: content_filter, content null"),
    "chat_truncated": Preset(200, _chat("length", HALF), note="200, Chat: finish_reason length"),
    "chat_empty_truncated": Preset(200, _chat("length", ""), note="200, Chat: all tokens went into reasoning"),
    "chat_empty": Preset(200, _chat("stop", ""), note="200, Chat: empty content"),
}
