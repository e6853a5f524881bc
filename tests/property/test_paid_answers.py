"""Whatever a provider says beside a good text, the text is used; and no answer whatever ends an attempt without an outcome."""

from __future__ import annotations

import asyncio
import json
from importlib import import_module
from pathlib import Path
from typing import Any, get_args

import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from noillusion.ai import answers, fallback
from noillusion.ai.outcomes import Completion, Limits, Outcome, Usage
from noillusion.ai.plan import Candidate, Key, ProviderState
from noillusion.ai.providers import Providers
from noillusion.ai.providers.transport import Transport
from noillusion.catalog.providers import PROVIDERS, Provider
from noillusion.core import clock
from tests.support.ai import KEYS, prompt, request

NUMBERS = st.one_of(st.integers(-(10**40), 10**40), st.floats(), st.integers(0, 100_000))
SAMPLES = Path(__file__).resolve().parents[1] / "samples"
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
BODIES: dict[Provider, list[dict[str, Any]]] = {
    provider: [json.loads(path.read_text())["body"] for path in sorted((SAMPLES / provider).glob("*.json"))]
    for provider in PROVIDERS
}
GOOD = {provider: json.loads((SAMPLES / provider / "text.json").read_text()) for provider in PROVIDERS}
USAGE = {provider: next(name for name in ("usage", "usageMetadata") if name in GOOD[provider]["body"]) for provider in PROVIDERS}
"""Where an answer tells its tokens."""
REPORTS = {
    provider: [body[USAGE[provider]] for body in bodies if isinstance(body, dict) and isinstance(body.get(USAGE[provider]), dict)]
    for provider, bodies in BODIES.items()
}
COUNTS = {provider: sorted({name for report in reports for name in report}) for provider, reports in REPORTS.items()}
INSIDE = {
    provider: sorted({name for report in reports for details in report.values() if isinstance(details, dict) for name in details})
    for provider, reports in REPORTS.items()
}
"""The names in the samples' reports of tokens, and those one level below."""
TEXT = json.dumps({platform: {"text": "Good.", "hashtags": []} for platform in request().platforms})


def good(provider: Provider, usage: Any) -> dict[str, Any]:
    """The provider's sample of a complete answer, with a good text and this usage."""
    sample = GOOD[provider]
    body = json.loads(json.dumps(sample["body"]).replace(json.dumps(sample["expected"]["text"]), json.dumps(TEXT)))
    return {**body, USAGE[provider]: usage}


def read(provider: Provider, body: str) -> Completion:
    adapter = import_module(f"noillusion.ai.providers.{provider}")
    found: Completion = adapter.read(body) if provider == "google" else adapter.read(body.encode(), Limits())
    return found


def usages(provider: Provider) -> st.SearchStrategy[Any]:
    """Anything at all, or the provider's own members with anything in them."""
    inside = st.dictionaries(st.sampled_from(INSIDE[provider]), VALUES) if INSIDE[provider] else st.nothing()
    return VALUES | st.dictionaries(st.sampled_from(COUNTS[provider]), VALUES | inside)


@pytest.mark.parametrize("provider", PROVIDERS)
def test_no_usage_whatever_costs_a_good_text(provider: Provider) -> None:
    @settings(max_examples=300, deadline=None)
    @given(usage=usages(provider))
    def holds(usage: Any) -> None:
        said = read(provider, json.dumps(good(provider, usage)))
        assert said.text.reveal() == TEXT and said.finish == "complete"
        assert said.usage is None or _is_a_fact(said.usage)

    holds()


def _is_a_fact(usage: Usage) -> bool:
    counts = (usage.input, usage.output, usage.cached, usage.cache_write, usage.reasoning)
    return (
        all(type(count) is int and count >= 0 for count in counts)
        and usage.input > 0
        and usage.output > 0
        and usage.cached + usage.cache_write <= usage.input
        and usage.reasoning <= usage.output
    )


def test_a_number_that_python_will_not_read_costs_no_text_either() -> None:
    for provider in PROVIDERS:
        body = json.dumps(good(provider, dict.fromkeys(COUNTS[provider], 7))).replace(": 7", ": " + "9" * 6000)
        said = read(provider, body)
        assert said.text.reveal() == TEXT and said.usage is None


@pytest.mark.parametrize("provider", PROVIDERS)
def test_every_answer_ends_in_one_of_the_outcomes(provider: Provider) -> None:
    @settings(max_examples=60, deadline=None)
    @given(
        status=st.sampled_from([200, 200, 200, 201, 302, 400, 401, 404, 429, 500, 529]),
        body=st.binary(max_size=30) | VALUES.map(lambda value: json.dumps(value).encode())
        | st.dictionaries(
            st.sampled_from([*good(provider, 1), "error", "incomplete_details", "promptFeedback", "details"]), VALUES
        ).map(lambda changes: json.dumps(good(provider, 1) | changes).encode()),
        headers=st.dictionaries(
            st.sampled_from(["retry-after", "retry-after-ms", "x-ratelimit-remaining-tokens", "x-ratelimit-reset-requests",
                             "anthropic-ratelimit-requests-remaining", "anthropic-ratelimit-requests-reset"]),
            st.sampled_from(["", "-1", "1e308", "9" * 40, "nan", "inf", "9999-12-31T23:59:59Z", "6ms", "x"]),
        ),
    )  # fmt: skip
    def holds(status: int, body: bytes, headers: dict[str, str]) -> None:
        answer = httpx2.Response(status, headers={"content-type": "application/json", **headers}, content=body)
        made = asyncio.run(_attempted(provider, answer))
        assert len(made) == 1 and made[0].outcome in ("ok", *get_args(Outcome)) and made[0].outcome != "internal_error"
        limits = made[0].limits
        assert all(count is None or 0 <= count < 2**63 for count in (limits.remaining_requests, limits.remaining_tokens))

    holds()


class Admitting:
    """Admits everything and writes nothing down."""

    async def admit(self, number: int, candidate: Candidate, input_tokens: int | None = None) -> None:
        return None

    def ended(self, attempt: fallback.AttemptRecord) -> None:
        pass


async def _attempted(provider: Provider, answer: httpx2.Response) -> list[fallback.AttemptRecord]:
    providers = Providers(lambda host: f"https://{host}", Transport(httpx2.MockTransport(lambda _: answer)))
    candidate = Candidate(provider, PROVIDERS[provider].models[0], Key(KEYS[provider], "stored"), ProviderState())
    run = await fallback.run(
        [candidate],
        prompt(),
        providers,
        deadline=clock.monotonic() + 20,
        most=10**9,
        read=lambda text: answers.read(text, request()),
        recorder=Admitting(),
    )
    await providers.aclose()
    return run.attempts
