"""Google Gemini through google-genai's stateless generateContent. The key goes in a header, never into a URL."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, cast
from zoneinfo import ZoneInfo

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
from noillusion.catalog.models import Effort
from noillusion.core import clock
from noillusion.core.sensitive import Secret

if TYPE_CHECKING:
    from google.genai import Client, types

API_VERSION = lifetimes.version("google")
QUOTA_ZONE = "America/Los_Angeles"
"""Quotas per day are whole again at midnight here."""
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
BILLING_REASONS = frozenset({"BILLING_DISABLED"})
KEY_REASONS = frozenset({"API_KEY_INVALID", "API_KEY_EXPIRED", "API_KEY_SERVICE_BLOCKED"})
TOO_LONG = re.compile(r"token count .{0,40}exceeds the maximum|exceeds the maximum number of tokens")
"""The one condition that only the message tells (ai-providers.md section 4)."""
REFUSED = frozenset(
    {
        "SAFETY",
        "PROHIBITED_CONTENT",
        "BLOCKLIST",
        "SPII",
        "IMAGE_SAFETY",
        "IMAGE_PROHIBITED_CONTENT",
        "MODEL_ARMOR",
    }
)
WITHHELD = frozenset({"RECITATION", "IMAGE_RECITATION", "LANGUAGE"})
"""Reasons that lie in what this model wrote or can write, and not in what it was asked for."""


def options(effort: Effort | None) -> dict[str, Any]:
    """See :func:`noillusion.ai.providers.options`."""
    return {"thinkingConfig": {"thinking_level": effort.upper()}} if effort else {}


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

    async def complete(
        self, prompt: Prompt, *, model: str, key: Secret, seconds: float, effort: Effort | None = None
    ) -> Completion:
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
            **options(effort),
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


def probe(key: Secret) -> tuple[str, dict[str, str]]:
    """Path and headers of the list of models, of one model."""
    return f"/{API_VERSION}/models?pageSize=1", {"x-goog-api-key": key.reveal()}


def _failure(error: Exception) -> ProviderError:
    import httpx2
    from google.genai import errors

    if isinstance(error, ProviderError):
        return error
    if isinstance(error, errors.APIError):
        return refused(error.code, getattr(error.response, "headers", None) or {}, error.details)
    if isinstance(error, httpx2.TimeoutException):
        return timed_out(error)
    if isinstance(error, httpx2.HTTPError):
        return disconnected(error)
    return ProviderError("bad_output", code="not_json")


def _details(told: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return list(objects(told.get("details")))


def refused(status: int, headers: Mapping[str, str], body: object) -> ProviderError:
    """The error of an answer with another status than 200. Some are a list with one error in it."""
    told = members(members(next(iter(objects(body)), body)).get("error"))
    name, details = safe_code(told.get("status")), _details(told)
    outcome, code = STATUSES.get(name), name.lower()
    reasons = {text(detail.get("reason")) for detail in details}
    lasting = 0.0
    if status == 402 or reasons & BILLING_REASONS:
        outcome, code = "quota", "billing"
    elif reasons & KEY_REASONS:
        outcome, code = "auth", "invalid_api_key"
    elif outcome == "rate_limited" and (exhausted := _exhausted(details)) is not None:
        outcome, code, lasting = "quota", "quota_exhausted", exhausted
    elif outcome == "bad_request" and TOO_LONG.search(text(told.get("message"))):
        outcome, code = "context_too_long", "context_length_exceeded"
    error = by_status(status, headers, Limits(), outcome=outcome, code=code)
    waits = [wait for detail in details if (wait := _wait(detail)) is not None]
    # A quota of a day is not shortened by a delay of seconds.
    error.retry_after = max([*waits, *((error.retry_after,) if error.retry_after else ()), lasting], default=0.0) or None
    return error


def rejects_key(status: int, body: object) -> bool:
    """Return whether an answer says that there is no such key, or that it cannot be used here."""
    told = members(members(next(iter(objects(body)), body)).get("error"))
    return status == 401 or any(detail.get("reason") in KEY_REASONS for detail in _details(told))


def _exhausted(details: list[Mapping[str, Any]]) -> float | None:
    """Return for how many seconds a quota is gone that waiting a minute does not clear; ``None`` if none is.

    A quota per day is whole again at midnight in the provider's zone. One of which nothing is granted (a zero is left out) has no
    such time.
    """
    quotas = [each for detail in details for each in objects(detail.get("violations")) if each.get("quotaId")]
    if any("PerDay" in str(each["quotaId"]) for each in quotas):
        return _until_midnight()
    return 0.0 if any(str(each.get("quotaValue", "0")) == "0" for each in quotas) else None


def _until_midnight() -> float:
    now = clock.now().astimezone(ZoneInfo(QUOTA_ZONE))
    tomorrow = datetime.combine(now.date() + timedelta(days=1), time(), now.tzinfo)
    return (tomorrow.astimezone(UTC) - now.astimezone(UTC)).total_seconds()


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
    if reason in WITHHELD:
        raise failed("answer_withheld", reason.lower())
    parts = objects(members(candidates[0].get("content")).get("parts"))
    said = "".join(text(part.get("text")) for part in parts if not part.get("thought"))
    truncated = reason == "MAX_TOKENS"
    if not truncated and reason != "STOP":
        raise failed("bad_output", "unexpected_finish_reason")
    if not said:
        raise failed("bad_output", "truncated" if truncated else "empty")
    return completion(said, served, used, Limits(), truncated=truncated)


ADAPTER = Google
