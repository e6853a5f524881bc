"""OpenAI through its SDK's Responses API. Nothing is stored at the provider, and nothing is retried here."""

from __future__ import annotations

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
    duration,
    from_now,
    neutral_environment,
    post,
    safe_code,
    silence,
    timed_out,
)
from noillusion.catalog import lifetimes
from noillusion.catalog.models import Effort
from noillusion.core.sensitive import Secret

if TYPE_CHECKING:
    import openai

API_VERSION = lifetimes.version("openai")
SCHEMA_NAME = "posts"
QUOTA_CODES = frozenset(
    {
        "billing_hard_limit_reached",
        "billing_not_active",
        "insufficient_quota",
        "credit_balance_exhausted",
        "organization_spend_limit_exceeded",
        "project_spend_limit_exceeded",
        "organization_usage_limit_exceeded",
    }
)
CODES: Mapping[str, Outcome] = {
    **dict.fromkeys(QUOTA_CODES, "quota"),
    "rate_limit_exceeded": "rate_limited",
    "slow_down": "rate_limited",
    "server_is_overloaded": "overloaded",
    "server_error": "overloaded",
    "access_terminated": "auth",
    "account_deactivated": "auth",
    "invalid_api_key": "auth",
    "model_not_found": "auth",
    "context_length_exceeded": "context_too_long",
    "invalid_prompt": "content_refused",
    "content_policy_violation": "content_refused",
}
"""Error codes → outcomes, in HTTP errors and in answers of status ``failed`` (ai-providers.md sections 4 and 5)."""
TOO_LARGE = "Request too large"
"""Beginning of the message of a 429 that waiting does not clear: the request alone is above the limit of a minute."""


def options(effort: Effort | None) -> dict[str, Any]:
    """See :func:`noillusion.ai.providers.options`."""
    return {"store": False} | ({"reasoning": {"effort": effort}} if effort else {})


class OpenAI:
    """The adapter. One SDK client for all users; the key travels with each call."""

    def __init__(self, transport: Transport, base_url: str) -> None:
        self._transport, self._base_url = transport, base_url
        self._client: openai.AsyncOpenAI | None = None

    def _sdk(self) -> openai.AsyncOpenAI:
        if self._client is None:
            with neutral_environment():
                import openai

                self._client = openai.AsyncOpenAI(
                    api_key=PLACEHOLDER_KEY,
                    base_url=f"{self._base_url}/{API_VERSION}",
                    max_retries=0,
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
            "instructions": prompt.system.reveal(),
            "input": prompt.user.reveal(),
            "max_output_tokens": prompt.max_output_tokens,
            "text": {
                "format": {"type": "json_schema", "name": SCHEMA_NAME, "schema": dict(prompt.schema), "strict": True},
            },
            **options(effort),
        }
        headers = {"Authorization": f"Bearer {key.reveal()}"}
        failure: ProviderError
        # Raised after the handlers, so that no exception of the SDK, which holds the request, hangs on ours.
        try:
            answer = await post(client, f"{self._base_url}/{API_VERSION}/responses", body, headers, seconds)
            return read(answer.content, _limits(answer.headers))
        except Exception as error:  # noqa: BLE001 - every exception of the SDK becomes one of ours, without its text
            failure = _failure(error)
        raise failure


def probe(key: Secret) -> tuple[str, dict[str, str]]:
    """Path and headers of the list of models."""
    return f"/{API_VERSION}/models", {"authorization": f"Bearer {key.reveal()}"}


def _limits(headers: Mapping[str, str]) -> Limits:
    tokens = headers.get("x-ratelimit-reset-tokens")
    resets = headers.get("x-ratelimit-reset-requests") or tokens
    return Limits(
        remaining_requests=count(headers.get("x-ratelimit-remaining-requests")),
        remaining_tokens=count(headers.get("x-ratelimit-remaining-tokens")),
        limit_requests=count(headers.get("x-ratelimit-limit-requests")),
        limit_tokens=count(headers.get("x-ratelimit-limit-tokens")),
        resets_at=from_now(duration(resets)) if resets else None,
        tokens_reset_at=from_now(duration(tokens)) if tokens else None,
    )


def _failure(error: Exception) -> ProviderError:
    import openai

    if isinstance(error, ProviderError):
        return error
    if isinstance(error, openai.APITimeoutError):
        return timed_out(error.__cause__)
    if isinstance(error, openai.APIConnectionError):
        return disconnected(error.__cause__)
    if isinstance(error, openai.APIStatusError):
        return refused(error.status_code, error.response.headers, parsed(error.response.content))
    return ProviderError("bad_output", code="unreadable")


def refused(status: int, headers: Mapping[str, str], body: object) -> ProviderError:
    """The error of an answer with another status than 200."""
    told = members(members(body).get("error"))
    code, kind = safe_code(told.get("code")), safe_code(told.get("type"))
    outcome = "quota" if kind in QUOTA_CODES else CODES.get(code)
    if status == 429 and text(told.get("message")).startswith(TOO_LARGE):
        outcome, code = "context_too_long", "request_too_large"
    return by_status(status, headers, _limits(headers), outcome=outcome, code=code or (kind if kind in QUOTA_CODES else ""))


def rejects_key(status: int, body: object) -> bool:
    """Return whether an answer says that there is no such key. A key with fewer permissions than a call needs is one."""
    return status == 401 and members(members(body).get("error")).get("code") == "invalid_api_key"


def _usage(found: Mapping[str, Any]) -> Usage | None:
    inputs, outputs = members(found.get("input_tokens_details")), members(found.get("output_tokens_details"))
    counted = counts(
        [found.get("input_tokens"), found.get("output_tokens")],
        [inputs.get("cached_tokens"), inputs.get("cache_write_tokens"), outputs.get("reasoning_tokens")],
    )
    if counted is None:
        return None
    given, written, cached, cache_write, reasoning = counted
    return usage(given=given, output=written, cached=cached, cache_write=cache_write, reasoning=reasoning)


def read(body: bytes, limits: Limits) -> Completion:
    """The answer in a response of status 200. ProviderError: there is none."""
    reply = document(body)
    used, served = _usage(members(reply.get("usage"))), text(reply.get("model")) or None

    def failed(outcome: Outcome, code: str) -> ProviderError:
        return ProviderError(outcome, code=code, limits=limits, usage=used, served_model=served, answered=True)

    status = reply.get("status")
    if status == "failed":
        code = safe_code(members(reply.get("error")).get("code"))
        raise failed(CODES.get(code, "overloaded"), code or "server_error")
    if members(reply.get("incomplete_details")).get("reason") == "content_filter":
        raise failed("content_refused", "content_filter")
    messages = [item for item in objects(reply.get("output")) if item.get("type") == "message"]
    parts = [part for message in messages for part in objects(message.get("content"))]
    if any(part.get("type") == "refusal" for part in parts):
        raise failed("content_refused", "refusal")
    if status not in ("completed", "incomplete"):
        raise failed("bad_output", "unexpected_status")
    truncated = status == "incomplete"
    said = "".join(text(part.get("text")) for part in parts if part.get("type") == "output_text")
    if not said:
        raise failed("bad_output", "truncated" if truncated else "empty")
    return completion(said, served, used, limits, truncated=truncated)


ADAPTER = OpenAI
