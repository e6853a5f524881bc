"""Anthropic through its SDK's Messages API. No spans, no logs of prompts, no retries."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from noillusion.ai.outcomes import Completion, Limits, Outcome, ProviderError, Usage
from noillusion.ai.prompts import Prompt
from noillusion.ai.providers.reading import completion, counts, document, members, objects, parsed, text, usage
from noillusion.ai.providers.transport import (
    PLACEHOLDER_KEY,
    Transport,
    by_status,
    count,
    disconnected,
    instant,
    neutral_environment,
    post,
    safe_code,
    silence,
    timed_out,
    until,
)
from noillusion.catalog import lifetimes
from noillusion.catalog.models import Effort
from noillusion.core.sensitive import Secret

if TYPE_CHECKING:
    import anthropic

API_VERSION = lifetimes.version("anthropic")
TYPES: Mapping[str, Outcome] = {
    "rate_limit_error": "rate_limited",
    "billing_error": "quota",
    "authentication_error": "auth",
    "permission_error": "auth",
    "not_found_error": "auth",
    "request_too_large": "context_too_long",
    "overloaded_error": "overloaded",
    "timeout_error": "timeout",
    "api_error": "overloaded",
}
"""``error.type`` → outcome (ai-providers.md section 4)."""
SPEND_CODES = ("spend_limit_reached", "billing_unavailable")
PHRASES: Mapping[str, tuple[Outcome, str]] = {
    "prompt is too long": ("context_too_long", "prompt_too_long"),
    "exceed context limit": ("context_too_long", "prompt_too_long"),
    "usage credits are required for long context": ("context_too_long", "long_context_credits"),
    "credit balance is too low": ("quota", "credit_balance_too_low"),
    "reached your specified api usage limits": ("quota", "usage_limits"),
    "organization has been disabled": ("auth", "organization_disabled"),
}
"""Parts of the messages of refusals that have no code of their own (ai-providers.md section 4)."""
REGAIN = re.compile(r"regain access on (\d{4}-\d\d-\d\d) at (\d\d:\d\d) utc")
STOPPED: Mapping[str, Outcome] = {"refusal": "content_refused", "model_context_window_exceeded": "context_too_long"}
COMPLETE = ("end_turn", "stop_sequence")


def options(effort: Effort | None) -> dict[str, Any]:
    """See :func:`noillusion.ai.providers.options`."""
    return {"output_config": {"effort": effort}} if effort else {}


class Anthropic:
    """The adapter. One SDK client for all users; the key travels with each call."""

    def __init__(self, transport: Transport, base_url: str) -> None:
        self._transport, self._base_url = transport, base_url
        self._client: anthropic.AsyncAnthropic | None = None

    def _sdk(self) -> anthropic.AsyncAnthropic:
        if self._client is None:
            with neutral_environment():
                import anthropic

                self._client = anthropic.AsyncAnthropic(
                    api_key=PLACEHOLDER_KEY,
                    base_url=self._base_url,
                    max_retries=0,
                    open_telemetry=False,
                    default_headers={"anthropic-version": API_VERSION},
                    http_client=self._transport.client(),
                )
            silence()
        return self._client

    async def complete(
        self, prompt: Prompt, *, model: str, key: Secret, seconds: float, effort: Effort | None = None
    ) -> Completion:
        """See :class:`noillusion.ai.providers.Adapter`."""
        client = self._sdk()
        body: dict[str, Any] = {
            "model": model,
            "system": prompt.system.reveal(),
            "messages": [{"role": "user", "content": prompt.user.reveal()}],
            "max_tokens": prompt.max_output_tokens,
            "output_config": {
                "format": {"type": "json_schema", "schema": dict(prompt.schema)},
                **options(effort).get("output_config", {}),
            },
        }
        headers = {"Authorization": f"Bearer {key.reveal()}"}
        failure: ProviderError
        # Raised after the handlers, so that no exception of the SDK, which holds the request, hangs on ours.
        try:
            answer = await post(client, f"{self._base_url}/v1/messages", body, headers, seconds)
            return read(answer.content, _limits(answer.headers))
        except Exception as error:  # noqa: BLE001 - every exception of the SDK becomes one of ours, without its text
            failure = _failure(error)
        raise failure


def probe(key: Secret) -> tuple[str, dict[str, str]]:
    """Path and headers of the list of models, of one model."""
    return "/v1/models?limit=1", {"authorization": f"Bearer {key.reveal()}", "anthropic-version": API_VERSION}


def _limits(headers: Mapping[str, str]) -> Limits:
    def of(what: str, which: str) -> str | None:
        return headers.get(f"anthropic-ratelimit-{what}-{which}")

    return Limits(
        remaining_requests=count(of("requests", "remaining")),
        remaining_tokens=count(of("tokens", "remaining")),
        limit_requests=count(of("requests", "limit")),
        limit_tokens=count(of("tokens", "limit")),
        resets_at=instant(of("requests", "reset") or of("tokens", "reset")),
        tokens_reset_at=instant(of("tokens", "reset")),
    )


def _failure(error: Exception) -> ProviderError:
    import anthropic

    if isinstance(error, ProviderError):
        return error
    if isinstance(error, anthropic.APITimeoutError):
        return timed_out(error.__cause__)
    if isinstance(error, anthropic.APIConnectionError):
        return disconnected(error.__cause__)
    if isinstance(error, anthropic.APIStatusError):
        return refused(error.status_code, error.response.headers, parsed(error.response.content))
    return ProviderError("bad_output", code="unreadable")


def refused(status: int, headers: Mapping[str, str], body: object) -> ProviderError:
    """The error of an answer with another status than 200."""
    told = members(members(body).get("error"))
    message = text(told.get("message")).lower()
    outcome, code = _reason(status, told, message)
    error = by_status(status, headers, _limits(headers), outcome=outcome, code=code)
    if outcome == "quota" and (date := REGAIN.search(message)):
        error.retry_after = until(instant(f"{date[1]}T{date[2]}:00Z")) or error.retry_after
    return error


def _reason(status: int, told: Mapping[str, Any], message: str) -> tuple[Outcome | None, str]:
    specific, kind = safe_code(members(told.get("details")).get("error_code")), safe_code(told.get("type"))
    if specific.endswith(SPEND_CODES):
        return "quota", specific
    for phrase, reason in PHRASES.items():
        if status in (400, 429) and phrase in message:
            return reason
    return TYPES.get(kind), specific or kind


def rejects_key(status: int, body: object) -> bool:
    """Return whether an answer says that there is no such key."""
    return status == 401 and members(members(body).get("error")).get("type") == "authentication_error"


def _usage(found: Mapping[str, Any]) -> Usage | None:
    counted = counts(
        [found.get("input_tokens"), found.get("output_tokens")],
        [
            found.get("cache_read_input_tokens"),
            found.get("cache_creation_input_tokens"),
            members(found.get("output_tokens_details")).get("thinking_tokens"),
        ],
    )
    if counted is None:
        return None
    fresh, output, cached, written, reasoning = counted
    return usage(given=fresh + cached + written, output=output, cached=cached, cache_write=written, reasoning=reasoning)


def read(body: bytes, limits: Limits) -> Completion:
    """The answer in a response of status 200. ProviderError: there is none."""
    reply = document(body)
    used, served = _usage(members(reply.get("usage"))), text(reply.get("model")) or None

    def failed(outcome: Outcome, code: str) -> ProviderError:
        return ProviderError(outcome, code=code, limits=limits, usage=used, served_model=served, answered=True)

    reason = text(reply.get("stop_reason"))
    if reason in STOPPED:
        raise failed(STOPPED[reason], reason)
    said = "".join(text(block.get("text")) for block in objects(reply.get("content")) if block.get("type") == "text")
    truncated = reason == "max_tokens"
    if not truncated and reason not in COMPLETE:
        raise failed("bad_output", "unexpected_stop_reason")
    if not said:
        raise failed("bad_output", "truncated" if truncated else "empty")
    return completion(said, served, used, limits, truncated=truncated)


ADAPTER = Anthropic
