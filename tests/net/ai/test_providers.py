"""The adapters against the simulated providers: every answer has its outcome, and nothing leaks or travels to a wrong place."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import subprocess
import sys
import textwrap
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx2
import pytest

from local.simulators.world import Fault, World
from noillusion.ai.outcomes import Completion, ProviderError
from noillusion.ai.prompts import Prompt
from noillusion.ai.providers import Providers
from noillusion.ai.providers.transport import Transport, duration, retry_after
from noillusion.catalog.providers import PROVIDERS, Provider
from noillusion.core.sensitive import Secret
from tests.support.ai import KEYS, MARK, prompt

# google-genai warns about finish reasons that it does not know and passes them on.
pytestmark = pytest.mark.filterwarnings("ignore:SOMETHING_NEW is not a valid FinishReason")


def run(
    world: World,
    provider: Provider,
    *,
    key: Secret | None = None,
    seconds: float = 10.0,
    model: str | None = None,
    sent: Prompt | None = None,
) -> Completion:
    """One completion on a fresh loop."""

    async def go() -> Completion:
        providers = Providers(lambda host: world.url(host))
        try:
            return await providers[provider].complete(
                sent or prompt(), model=model or PROVIDERS[provider].models[0], key=key or KEYS[provider], seconds=seconds
            )
        finally:
            await providers.aclose()

    return asyncio.run(go())


def failing(world: World, provider: Provider, **how: Any) -> ProviderError:
    """The error of a completion under one fault."""
    world.faults.append(Fault(id=1, platform=provider, **how))
    with pytest.raises(ProviderError) as caught:
        run(world, provider)
    return caught.value


@pytest.mark.parametrize("provider", PROVIDERS)
def test_an_answer_brings_text_served_model_and_the_providers_own_token_counts(world: World, provider: Provider) -> None:
    found = run(world, provider)
    assert found.served_model == PROVIDERS[provider].models[0]
    assert found.finish == "complete" and found.text
    assert found.usage is not None and found.usage.input > 0 and found.usage.output > found.usage.reasoning >= 0


def test_thinking_outside_the_output_is_added_to_it(world: World) -> None:
    world.simulators["google"].actions["settings"]({"thinking_tokens": 500})
    usage = run(world, "google").usage
    assert usage is not None and usage.reasoning == 500 and usage.output > 500


def test_cached_tokens_are_part_of_the_input_on_every_provider() -> None:
    answer = {
        "id": "m", "type": "message", "role": "assistant", "model": "claude-haiku-5-5", "stop_reason": "end_turn",
        "stop_sequence": None, "content": [{"type": "text", "text": "{}", "citations": None}],
        "usage": {"input_tokens": 10, "cache_read_input_tokens": 70, "cache_creation_input_tokens": 20, "output_tokens": 5},
    }  # fmt: skip
    found = asyncio.run(mocked("anthropic", lambda _: httpx2.Response(200, json=answer)))
    assert found.usage is not None
    assert (found.usage.input, found.usage.cached, found.usage.cache_write) == (100, 70, 20)


async def mocked(provider: Provider, answer: Callable[[httpx2.Request], httpx2.Response], seconds: float = 5.0) -> Completion:
    """A completion over a mock transport."""
    providers = Providers(lambda host: f"https://{host}", Transport(httpx2.MockTransport(answer)))
    return await providers[provider].complete(prompt(), model="m", key=KEYS[provider], seconds=seconds)


@pytest.mark.parametrize(
    ("provider", "preset", "outcome", "code"),
    [
        ("openai", "rate_limited", "rate_limited", "rate_limit_exceeded"),
        ("openai", "slow_down", "rate_limited", "slow_down"),
        ("openai", "insufficient_quota", "quota", "insufficient_quota"),
        ("openai", "credit_balance_exhausted", "quota", "credit_balance_exhausted"),
        ("openai", "organization_spend_limit_exceeded", "quota", "organization_spend_limit_exceeded"),
        ("openai", "project_spend_limit_exceeded", "quota", "project_spend_limit_exceeded"),
        ("openai", "organization_usage_limit_exceeded", "quota", "organization_usage_limit_exceeded"),
        ("openai", "bad_key", "auth", "invalid_api_key"),
        ("openai", "permission_denied", "auth", "permission_denied"),
        ("openai", "unsupported_region", "auth", "unsupported_country_region_territory"),
        ("openai", "unknown_model", "auth", "model_not_found"),
        ("openai", "context_too_long", "context_too_long", "context_length_exceeded"),
        ("openai", "prompt_blocked", "content_refused", "invalid_prompt"),
        ("openai", "overloaded", "overloaded", "server_is_overloaded"),
        ("openai", "server_error", "overloaded", "server_error"),
        ("openai", "bad_gateway", "overloaded", "server_error"),
        ("openai", "html_200", "bad_output", "not_json"),
        ("openai", "refusal", "content_refused", "refusal"),
        ("openai", "content_filter", "content_refused", "content_filter"),
        ("openai", "empty_truncated", "bad_output", "truncated"),
        ("openai", "empty", "bad_output", "empty"),
        ("openai", "failed_in_200", "overloaded", "server_error"),
        ("openai", "failed_rate_limited", "rate_limited", "rate_limit_exceeded"),
        ("openai", "failed_prompt_blocked", "content_refused", "invalid_prompt"),
        ("anthropic", "rate_limited", "rate_limited", "rate_limit_error"),
        ("anthropic", "spend_limit", "quota", "enforced_spend_limit_reached"),
        ("anthropic", "insufficient_quota", "quota", "billing_error"),
        ("anthropic", "low_balance", "quota", "credit_balance_too_low"),
        ("anthropic", "bad_key", "auth", "authentication_error"),
        ("anthropic", "permission_denied", "auth", "permission_error"),
        ("anthropic", "unknown_model", "auth", "not_found_error"),
        ("anthropic", "invalid_request", "bad_request", "invalid_request_error"),
        ("anthropic", "context_too_long", "context_too_long", "prompt_too_long"),
        ("anthropic", "request_too_large", "context_too_long", "request_too_large"),
        ("anthropic", "overloaded", "overloaded", "overloaded_error"),
        ("anthropic", "server_error", "overloaded", "api_error"),
        ("anthropic", "service_unavailable", "overloaded", "api_error"),
        ("anthropic", "gateway_timeout", "timeout", "timeout_error"),
        ("anthropic", "html_200", "bad_output", "not_json"),
        ("anthropic", "refusal", "content_refused", "refusal"),
        ("anthropic", "empty_truncated", "bad_output", "truncated"),
        ("anthropic", "context_window_exceeded", "context_too_long", "model_context_window_exceeded"),
        ("anthropic", "empty", "bad_output", "empty"),
        ("google", "rate_limited", "rate_limited", "resource_exhausted"),
        ("google", "rate_limited_tokens", "rate_limited", "resource_exhausted"),
        ("google", "insufficient_quota", "quota", "quota_exhausted"),
        ("google", "quota_zero", "quota", "quota_exhausted"),
        ("google", "billing_required", "quota", "billing"),
        ("google", "bad_key", "auth", "invalid_api_key"),
        ("google", "bad_key_401", "auth", "invalid_api_key"),
        ("google", "bad_key_403", "auth", "invalid_api_key"),
        ("google", "permission_denied", "auth", "permission_denied"),
        ("google", "unsupported_region", "auth", "failed_precondition"),
        ("google", "unknown_model", "auth", "not_found"),
        ("google", "context_too_long", "context_too_long", "context_length_exceeded"),
        ("google", "invalid_request", "bad_request", "invalid_argument"),
        ("google", "overloaded", "overloaded", "unavailable"),
        ("google", "server_error", "overloaded", "internal"),
        ("google", "deadline_exceeded", "timeout", "deadline_exceeded"),
        ("google", "html_200", "bad_output", "not_json"),
        ("google", "prompt_blocked", "content_refused", "prompt_blocked"),
        ("google", "content_filter", "content_refused", "safety"),
        ("google", "prohibited_content", "content_refused", "prohibited_content"),
        ("google", "blocklist", "content_refused", "blocklist"),
        ("google", "recitation", "answer_withheld", "recitation"),
        ("google", "spii", "content_refused", "spii"),
        ("google", "unknown_finish_reason", "bad_output", "unexpected_finish_reason"),
        ("google", "empty_truncated", "bad_output", "truncated"),
        ("google", "empty", "bad_output", "empty"),
    ],
)
def test_every_answer_that_is_no_answer_has_its_outcome(
    world: World, provider: Provider, preset: str, outcome: str, code: str
) -> None:
    error = failing(world, provider, preset=preset)
    assert (error.outcome, error.code) == (outcome, code)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_every_preset_of_the_provider_is_covered_above(world: World, provider: Provider) -> None:
    marks = test_every_answer_that_is_no_answer_has_its_outcome.pytestmark  # type: ignore[attr-defined]
    covered = {row[1] for row in marks[0].args[1] if row[0] == provider} | {"truncated"}
    presets = {name for name in world.simulators[provider].presets if not name.startswith("chat_")}
    assert presets == covered


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_cut_off_text_is_marked_as_such(world: World, provider: Provider) -> None:
    world.faults.append(Fault(id=1, platform=provider, preset="truncated"))
    assert run(world, provider).finish == "truncated"


@pytest.mark.parametrize(
    ("provider", "preset", "seconds"),
    [("openai", "rate_limited", 1.5), ("openai", "slow_down", 15), ("anthropic", "rate_limited", 7),
     ("google", "rate_limited", 46), ("google", "rate_limited_tokens", 12.5)],
)  # fmt: skip
def test_J4_the_providers_own_wait_hint_is_read(world: World, provider: Provider, preset: str, seconds: float) -> None:
    assert failing(world, provider, preset=preset).retry_after == seconds


@pytest.mark.parametrize("provider", ["openai", "anthropic"])
def test_remaining_quota_is_read_from_the_headers_of_an_answer(world: World, provider: Provider) -> None:
    world.simulators[provider].actions["settings"]({"rpm": 5})
    limits = run(world, provider).limits
    assert (limits.limit_requests, limits.remaining_requests) == (5, 4)
    assert limits.resets_at is not None and limits.remaining_tokens is not None


@pytest.mark.parametrize("provider", PROVIDERS)
def test_refusals_carry_the_tokens_they_are_charged_for(world: World, provider: Provider) -> None:
    error = failing(world, provider, preset="content_filter" if provider == "google" else "refusal")
    assert error.usage is not None and error.usage.input == 40


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        ({"drop": True}, "network"),
        ({"truncate": True}, "network"),
        ({"status": 200, "body": {}}, "bad_output"),
        ({"status": 200, "body": []}, "bad_output"),
        ({"status": 200, "body": {"output": 3, "content": 3, "candidates": 3, "status": 3, "stop_reason": 3}}, "bad_output"),
        ({"status": 500, "body": "oops"}, "overloaded"),
        ({"status": 429, "body": "oops"}, "rate_limited"),
        ({"status": 401, "body": {"error": None}}, "auth"),
        ({"status": 418, "body": {"error": {"message": "tea", "code": 1, "status": 2, "type": 3}}}, "bad_request"),
        ({"status": 302, "body": "", "headers": {"location": "http://127.0.0.1:9/"}}, "bad_output"),
    ],
)
def test_T11_odd_answers_and_broken_lines_end_in_an_outcome(
    world: World, provider: Provider, fault: dict[str, Any], outcome: str
) -> None:
    assert failing(world, provider, times=-1, **fault).outcome == outcome
    assert len(world.journal) == 1


@pytest.mark.parametrize("provider", PROVIDERS)
def test_J2_a_silent_provider_ends_at_the_deadline_after_one_request(world: World, provider: Provider) -> None:
    run(world, provider)
    world.journal.clear()
    world.latency_ms[provider] = 3000
    with pytest.raises(ProviderError) as caught:
        run(world, provider, seconds=1.2)
    assert caught.value.outcome == "timeout"
    assert len(world.journal) == 1


@pytest.mark.parametrize("provider", PROVIDERS)
def test_an_answer_that_drips_on_for_ever_ends_at_the_deadline_too(provider: Provider) -> None:
    class Drip(httpx2.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            for _ in range(40):
                await asyncio.sleep(0.1)
                yield b" "

    with pytest.raises(ProviderError) as caught:
        asyncio.run(mocked(provider, lambda _: httpx2.Response(200, stream=Drip()), seconds=0.5))
    assert (caught.value.outcome, caught.value.code) == ("timeout", "deadline")


@pytest.mark.parametrize("provider", PROVIDERS)
def test_nothing_listening_is_a_network_failure(provider: Provider) -> None:
    async def go() -> None:
        await Providers(lambda _: "http://127.0.0.1:9")[provider].complete(prompt(), model="m", key=KEYS[provider], seconds=5)

    with pytest.raises(ProviderError) as caught:
        asyncio.run(go())
    assert (caught.value.outcome, caught.value.code, caught.value.maybe_charged) == ("network", "not_connected", False)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_line_that_broke_after_the_request_was_sent_may_have_cost_something(world: World, provider: Provider) -> None:
    error = failing(world, provider, drop=True)
    assert (error.outcome, error.code, error.maybe_charged) == ("network", "connection_failed", True)


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("usage", ["missing", "null", "empty", "strings", "floats", "negative"])
def test_a_good_text_is_used_whatever_its_usage_looks_like(world: World, provider: Provider, usage: str) -> None:
    world.simulators[provider].actions["settings"]({"usage": usage})
    said = run(world, provider)
    assert said.text.reveal() and said.usage is None and said.served_model == PROVIDERS[provider].models[0]


@pytest.mark.parametrize("provider", PROVIDERS)
def test_J7_no_foreign_exception_hangs_on_an_error_and_its_text_is_a_code(world: World, provider: Provider) -> None:
    error = failing(
        world, provider, status=400, body={"error": {"message": MARK, "code": MARK + " x", "status": MARK, "type": MARK}}
    )
    assert error.__cause__ is None and error.__context__ is None
    assert KEYS[provider].reveal() not in repr(error)
    assert " " not in error.code


@pytest.mark.parametrize("provider", PROVIDERS)
def test_the_request_is_exactly_what_the_prompt_shows(world: World, provider: Provider) -> None:
    sent = prompt()
    run(world, provider, sent=sent)
    body = json.loads(world.journal[0].body)
    system, user = (message["content"] for message in sent.messages)
    limit = sent.parameters["max_output_tokens"]
    expected = {
        "openai": {
            "model": PROVIDERS["openai"].models[0], "instructions": system, "input": user,
            "max_output_tokens": limit, "store": False,
            "text": {"format": {"type": "json_schema", "name": "posts", "schema": dict(sent.schema), "strict": True}},
        },
        "anthropic": {
            "model": PROVIDERS["anthropic"].models[0], "system": system, "messages": [{"role": "user", "content": user}],
            "max_tokens": limit, "output_config": {"format": {"type": "json_schema", "schema": dict(sent.schema)}},
        },
        "google": {
            "contents": [{"parts": [{"text": user}], "role": "user"}],
            "systemInstruction": {"parts": [{"text": system}], "role": "user"},
            "generationConfig": {
                "maxOutputTokens": limit, "responseMimeType": "application/json", "responseJsonSchema": dict(sent.schema)
            },
        },
    }[provider]  # fmt: skip
    assert body == expected


@pytest.mark.parametrize("provider", PROVIDERS)
def test_the_key_travels_in_a_header_and_no_telemetry_goes_along(world: World, provider: Provider) -> None:
    run(world, provider)
    (entry,) = world.journal
    key = KEYS[provider].reveal()
    assert key in (entry.headers["x-goog-api-key"] if provider == "google" else entry.headers["authorization"])
    assert key not in entry.query + entry.path + entry.body
    told = {name for name in entry.headers if name.startswith(("x-stainless", "x-goog-api-client"))}
    assert not told and entry.headers["user-agent"] == "noillusion"


@pytest.mark.parametrize("provider", PROVIDERS)
def test_concurrent_calls_on_the_shared_client_each_carry_their_own_key(provider: Provider) -> None:
    seen: list[tuple[str, str]] = []

    async def answer(request: httpx2.Request) -> httpx2.Response:
        await asyncio.sleep(0.002 * (len(seen) % 5))
        key = request.headers.get("x-goog-api-key") or request.headers["authorization"].removeprefix("Bearer ")
        seen.append((key, request.content.decode()))
        return httpx2.Response(429, json={"error": {}})

    async def go() -> None:
        providers = Providers(lambda host: f"https://{host}", Transport(httpx2.MockTransport(answer)))

        async def call(i: int) -> None:
            with pytest.raises(ProviderError):
                await providers[provider].complete(
                    prompt(topic=f"tenant-{i}-end"), model="m", key=Secret(f"key-of-tenant-{i}-end"), seconds=20
                )

        await asyncio.gather(*(call(i) for i in range(200)))

    asyncio.run(go())
    assert len(seen) == 200
    for key, body in seen:
        assert key.removeprefix("key-of-") in body


HOSTILE = {
    "OPENAI_API_KEY": "env-key", "OPENAI_ADMIN_KEY": "env-key", "OPENAI_ORG_ID": "env-org", "OPENAI_PROJECT_ID": "env-project",
    "OPENAI_BASE_URL": "http://127.0.0.1:9/", "OPENAI_CUSTOM_HEADERS": "Authorization: Bearer env-key\nX-Env: env-key",
    "OPENAI_LOG": "debug", "ANTHROPIC_API_KEY": "env-key", "ANTHROPIC_AUTH_TOKEN": "env-key", "ANTHROPIC_BASE_URL": "http://127.0.0.1:9/",
    "ANTHROPIC_CUSTOM_HEADERS": "Authorization: Bearer env-key\nX-Api-Key: env-key", "ANTHROPIC_LOG": "debug",
    "ANTHROPIC_OPEN_TELEMETRY": "true", "GOOGLE_API_KEY": "env-key", "GEMINI_API_KEY": "env-key",
    "GOOGLE_GENAI_USE_VERTEXAI": "true", "GOOGLE_GENAI_USE_ENTERPRISE": "true", "GOOGLE_CLOUD_PROJECT": "env-project",
    "GOOGLE_CLOUD_LOCATION": "env-place", "GOOGLE_GEMINI_BASE_URL": "http://127.0.0.1:9/", "GOOGLE_GENAI_API_VERSION": "v1",
    "GOOGLE_GENAI_HTTP_CLIENT": "httpx", "GOOGLE_GENAI_CLIENT_MODE": "replay", "GOOGLE_API_USE_MTLS_ENDPOINT": "always",
    "HTTP_PROXY": "http://127.0.0.1:9", "HTTPS_PROXY": "http://127.0.0.1:9", "ALL_PROXY": "http://127.0.0.1:9",
}  # fmt: skip


@pytest.mark.parametrize("provider", PROVIDERS)
def test_the_environment_cannot_replace_key_host_headers_or_organization(
    world: World, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_PROXY", raising=False)
    for name, value in HOSTILE.items():
        monkeypatch.setenv(name, value)
    run(world, provider)
    (entry,) = world.journal
    assert KEYS[provider].reveal() in "".join(entry.headers.values())
    assert "env-" not in "".join(entry.headers.values()) + entry.path + entry.query
    assert entry.host == PROVIDERS[provider].host and (provider != "google" or entry.path.startswith("/v1beta/models/"))
    assert os.environ["OPENAI_API_KEY"] == "env-key", "the environment is only hidden, not changed"


@pytest.mark.parametrize("provider", PROVIDERS)
def test_prompts_and_keys_are_in_no_log_at_any_level(
    world: World, provider: Provider, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    run(world, provider)
    failing(world, provider, status=400, body={"error": {"message": MARK}})
    printed = capfd.readouterr()
    everything = caplog.text + printed.out + printed.err
    assert MARK not in everything and KEYS[provider].reveal() not in everything


def test_sdks_are_imported_only_when_used() -> None:
    program = textwrap.dedent("""
        import sys
        import noillusion.ai.service
        heavy = {"openai", "anthropic", "google.genai", "httpx2", "boto3", "genai_prices"} & set(sys.modules)
        assert not heavy, heavy
    """)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([sys.executable, "-c", program], env=environment, check=True)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("6.5s", 6.5),
        ("120ms", 0.12),
        ("1m2s", 62),
        ("1h", 3600),
        ("46s", 46),
        ("7", 7),
        ("soon", None),
        ("-3s", None),
        ("", None),
    ],
)
def test_durations_are_read_as_the_providers_write_them(text: str, seconds: float | None) -> None:
    assert duration(text) == seconds


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "3"}, 3),
        ({"retry-after": "3", "retry-after-ms": "1500"}, 1.5),
        ({"retry-after": "Sun, 06 Nov 1994 08:49:37 GMT"}, 0),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "99999999999"}, 7 * 86_400),
        ({}, None),
    ],
)
def test_retry_after_is_read_in_all_its_forms(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers) == seconds
