"""Google Gemini through google-genai's stateless generateContent. The key goes in a header, never into a URL."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from noillusion.ai.outcomes import Completion, Limits, Outcome, ProviderError, Usage
from noillusion.ai.prompts import Prompt
from noillusion.ai.providers.reading import completion, counts, document, members, objects, text, usage
from noillusion.ai.providers.transport import (
    PLACEHOLDER_KEY,
    Transport,
    at_most_a_week,
    by_status,
    deadline,
    disconnected,
    duration,
    neutral_environment,
    safe_code,
    silence,
    timed_out,
)
from noillusion.catalog import lifetimes
from noillusion.core.sensitive import Secret

if TYPE_CHECKING:
    from google.genai import Client, types

OPTIONS: Mapping[str, Any] = {}
API_VERSION = lifetimes.version("google")
STATUSES: Mapping[str, Outcome] = {
    "RESOURCE_EXHAUSTED": "rate_limited",
    "UNAUTHENTICATED": "auth",
    "PERMISSION_DENIED": "auth",
    "FAILED_PRECONDITION": "auth",
    "NOT_FOUND": "auth",
    "UNAVAILABLE": "overloaded",
    "INTERNAL": "overloaded",
    "DEADLINE_EXCEEDED": "timeout",
    "INVALID_ARGUMENT": "bad_request",
}
"""``error.status`` → outcome. FAILED_PRECONDITION is what a key's region or missing billing gives."""
KEY_REASONS = frozenset({"API_KEY_INVALID", "API_KEY_EXPIRED", "API_KEY_SERVICE_BLOCKED"})
TOO_LONG = re.compile(r"token count .{0,40}exceeds the maximum|exceeds the maximum number of tokens")
"""The one condition that only the message tells (ai-providers.md section 4)."""
REFUSED = frozenset(
    {
        "SAFETY",
        "PROHIBITED_CONTENT",
        "BLOCKLIST",
        "RECITATION",
        "SPII",
        "LANGUAGE",
        "IMAGE_SAFETY",
        "IMAGE_PROHIBITED_CONTENT",
        "IMAGE_RECITATION",
        "MODEL_ARMOR",
    }
)


class Google:
    """The adapter. One SDK client for all users; the key travels with each call."""

    def __init__(self, transport: Transport, base_url: str) -> None:
        self._transport, self._base_url = transport, base_url
        self._client: Client | None = None

    def _sdk(self) -> Client:
        if self._client is None:
            with neutral_environment():
                import httpx2
                from google import genai
                from google.genai import types

                tls = self._transport.tls()
                self._client = genai.Client(
                    api_key=PLACEHOLDER_KEY,
                    vertexai=False,
                    http_options=types.HttpOptions(
                        base_url=self._base_url,
                        api_version=API_VERSION,
                        httpx_client=httpx2.Client(verify=tls, trust_env=False),
                        httpx_async_client=self._transport.client(),
                        async_client_args={"ssl": tls},
                    ),
                )
            silence()
        return self._client

    async def complete(self, prompt: Prompt, *, model: str, key: Secret, seconds: float) -> Completion:
        """See :class:`noillusion.ai.providers.Adapter`."""
        client = self._sdk()
        config: dict[str, Any] = {
            "system_instruction": prompt.system.reveal(),
            "max_output_tokens": prompt.max_output_tokens,
            "response_mime_type": "application/json",
            "response_json_schema": dict(prompt.schema),
            "automatic_function_calling": {"disable": True},
            # The SDK's own reading throws an answer away for one number that is none.
            "should_return_http_response": True,
            "http_options": {"headers": {"x-goog-api-key": key.reveal()}, "timeout": max(1, int(seconds * 1000))},
            **OPTIONS,
        }
        failure: ProviderError
        # Raised after the handlers, so that no exception of the SDK, which holds the request, hangs on ours.
        try:
            async with deadline(seconds):
                reply = await client.aio.models.generate_content(
                    model=model, contents=prompt.user.reveal(), config=cast("types.GenerateContentConfigDict", config)
                )
            answer = reply.sdk_http_response
            return read((answer.body if answer else None) or "")
        except Exception as error:  # noqa: BLE001 - every exception of the SDK becomes one of ours, without its text
            failure = _failure(error)
        raise failure


def _failure(error: Exception) -> ProviderError:
    import httpx2
    from google.genai import errors

    if isinstance(error, ProviderError):
        return error
    if isinstance(error, errors.APIError):
        return _refused(error)
    if isinstance(error, httpx2.TimeoutException):
        return timed_out(error)
    if isinstance(error, httpx2.HTTPError):
        return disconnected(error)
    return ProviderError("bad_output", code="not_json")


def _details(body: Any) -> list[Mapping[str, Any]]:
    inner = body.get("error", body) if isinstance(body, dict) else {}
    found = inner.get("details") if isinstance(inner, dict) else None
    return [detail for detail in found if isinstance(detail, dict)] if isinstance(found, list) else []


def _refused(error: Any) -> ProviderError:
    status, details = safe_code(error.status), _details(error.details)
    outcome, code = STATUSES.get(status), status.lower()
    if error.code == 402:
        outcome, code = "quota", "billing"
    elif any(detail.get("reason") in KEY_REASONS for detail in details):
        outcome, code = "auth", "invalid_api_key"
    elif outcome == "rate_limited" and _lasting(details):
        outcome, code = "quota", "quota_exhausted"
    elif outcome == "bad_request" and TOO_LONG.search(str(error.message or "")):
        outcome, code = "context_too_long", "context_length_exceeded"
    headers = getattr(error.response, "headers", None) or {}
    found = by_status(error.code, headers, Limits(), outcome=outcome, code=code)
    found.retry_after = next((wait for detail in details if (wait := _wait(detail)) is not None), found.retry_after)
    return found


def _lasting(details: list[Mapping[str, Any]]) -> bool:
    """Return whether the exceeded quota is one that waiting a minute does not clear: per day, or nothing granted at all."""
    violations = [v for detail in details for v in detail.get("violations") or [] if isinstance(v, dict)]
    return any("PerDay" in str(v.get("quotaId", "")) or str(v.get("quotaValue", "")) == "0" for v in violations)


def _wait(detail: Mapping[str, Any]) -> float | None:
    return at_most_a_week(duration(detail["retryDelay"])) if "retryDelay" in detail else None


def _usage(found: Mapping[str, Any]) -> Usage | None:
    # Zeros are left out, so what was written follows from the total where it is not told.
    counted = counts(
        [found.get("promptTokenCount")],
        [found.get("thoughtsTokenCount"), found.get("cachedContentTokenCount")],
    )
    if counted is None:
        return None
    given, thoughts, cached = counted
    total = counts([found.get("totalTokenCount")])
    written = found.get("candidatesTokenCount")
    if written is None and total is not None:
        written = total[0] - given - thoughts
    output = counts([written])
    return None if output is None else usage(given=given, output=output[0] + thoughts, cached=cached, reasoning=thoughts)


def read(body: str) -> Completion:
    """The answer in a response of status 200. ProviderError: there is none."""
    reply = document(body)
    used, served = _usage(members(reply.get("usageMetadata"))), text(reply.get("modelVersion")) or None

    def failed(outcome: Outcome, code: str) -> ProviderError:
        return ProviderError(outcome, code=code, usage=used, served_model=served, answered=True)

    candidates = objects(reply.get("candidates"))
    if not candidates:
        blocked = members(reply.get("promptFeedback")).get("blockReason")
        raise failed("content_refused", "prompt_blocked") if blocked else failed("bad_output", "no_candidates")
    reason = safe_code(candidates[0].get("finishReason"))
    if reason in REFUSED:
        raise failed("content_refused", reason.lower())
    parts = objects(members(candidates[0].get("content")).get("parts"))
    said = "".join(text(part.get("text")) for part in parts if not part.get("thought"))
    truncated = reason == "MAX_TOKENS"
    if not truncated and reason != "STOP":
        raise failed("bad_output", "unexpected_finish_reason")
    if not said:
        raise failed("bad_output", "truncated" if truncated else "empty")
    return completion(said, served, used, Limits(), truncated=truncated)


ADAPTER = Google
