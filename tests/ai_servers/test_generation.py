"""The three wire formats against servers of others: what they answer is used, and every refusal has its outcome."""

from __future__ import annotations

import json
from typing import Any

import pytest

from noillusion.catalog.providers import PROVIDERS, Provider
from tests.ai_servers.servers import MODELS, AIMock, LLMock, Server
from tests.api.harness import Answer, Client

MARK = "Zinnober"
BODY = {"task": "generate", "platforms": ["facebook", "tiktok"], "topic": MARK}
POSTS = {"facebook": {"text": f"A walk with {MARK}", "hashtags": []}, "tiktok": {"text": f"{MARK} again", "hashtags": []}}
PREFIXES = {"openai": "sk-", "anthropic": "sk-ant-", "google": "AIza-"}
OUTCOMES = {
    400: "bad_request",
    401: "auth",
    403: "auth",
    404: "auth",
    429: "rate_limited",
    500: "overloaded",
    503: "overloaded",
    529: "overloaded",
}
MORE_OUTCOMES = {402: "quota", 504: "timeout"}
"""Those of statuses for which only ``llmock`` knows the providers' own words."""
each_provider = pytest.mark.parametrize("provider", PROVIDERS)


def generate(*providers: Provider, number: int = 0, path: str = "/v1/generate") -> Answer:
    """Generate with keys of the request; another ``number`` is another person's keys."""
    headers = {f"x-ai-key-{name}": f"{PREFIXES[name]}of-the-test-{number}" for name in PROVIDERS}
    answer = Client().request("generate", "POST", path, body=BODY | {"providers": list(providers)}, headers=headers)
    assert answer.status == 200, answer.text
    return answer


def attempts(answer: Answer) -> list[dict[str, Any]]:
    """Return the attempts that were sent."""
    return [each for each in answer.json["transparency"]["attempts"] if each["outcome"] != "skipped"]


def outcomes(answer: Answer) -> list[str]:
    return [each["outcome"] for each in attempts(answer)]


@each_provider
def test_what_a_server_answers_becomes_the_posts(server: Server, provider: Provider) -> None:
    server.answers(provider, json.dumps(POSTS))
    answer = generate(provider)
    assert (answer.json["source"], [each["text"] for each in answer.json["results"]]) == (
        "ai",
        [POSTS["facebook"]["text"], POSTS["tiktok"]["text"]],
    )
    (attempt,) = attempts(answer)
    assert (attempt["outcome"], attempt["model"]) == ("ok", MODELS[provider])
    assert attempt["tokens"]["input"] > 100 and attempt["tokens"]["output"] > 0
    # Neither server names the model in an answer of Gemini.
    assert attempt["served_model"] == (None if provider == "google" else MODELS[provider])
    assert attempt["cost_status"] == ("unknown" if provider == "google" else "known")
    assert len(server.asked()) == 1


@each_provider
def test_a_server_receives_what_the_preview_shows(server: Server, provider: Provider) -> None:
    server.answers(provider, json.dumps(POSTS))
    shown = generate(provider, path="/v1/generate/preview").json
    generate(provider)
    (asked,) = server.asked()
    for message in shown["messages"]:
        assert json.dumps(message["content"], ensure_ascii=False)[1:-1] in asked


@each_provider
def test_every_refusal_has_its_outcome_and_is_asked_for_once(server: Server, provider: Provider) -> None:
    expected = OUTCOMES | (MORE_OUTCOMES if server.name == LLMock.name else {})
    if server.name == LLMock.name and provider == "anthropic":
        expected[504] = "overloaded"
    found = {}
    for number, status in enumerate(expected):
        server.reset()
        server.refuses(provider, status)
        (attempt,) = attempts(generate(provider, number=number))
        found[status] = attempt["outcome"]
        assert len(server.asked()) == 1, "nothing is sent twice"
    assert found == expected


@each_provider
def test_after_a_refusal_the_next_provider_is_asked(server: Server, provider: Provider) -> None:
    others = [name for name in PROVIDERS if name != provider]
    server.refuses(provider, 429)
    server.refuses(others[0], 503)
    server.answers(others[1], json.dumps(POSTS))
    answer = generate(provider, *others)
    assert (answer.json["source"], outcomes(answer)) == ("ai", ["rate_limited", "overloaded", "ok"])
    assert len(server.asked()) == 3
    if isinstance(server, LLMock):
        assert server.faults() == []


@each_provider
def test_an_answer_that_was_cut_off_is_told_as_such(server: Server, provider: Provider) -> None:
    server.answers(provider, json.dumps(POSTS)[:40], "length")
    (attempt,) = attempts(generate(provider))
    assert (attempt["outcome"], attempt["code"]) == ("bad_output", "truncated")


REFUSED = {
    "llmock": {"openai": "bad_output", "anthropic": "content_refused", "google": "content_refused"},
    "aimock": {"openai": "overloaded", "anthropic": "bad_output", "google": "content_refused"},
}
"""How a filtered answer looks. Where it is no refusal, the server does not know that provider's way to say it."""


@each_provider
def test_a_refusal_inside_an_answer_is_the_users_matter_where_the_server_knows_it(server: Server, provider: Provider) -> None:
    server.answers(provider, "no", "content_filter")
    assert outcomes(generate(provider)) == [REFUSED[server.name][provider]]


@pytest.mark.parametrize("provider", ["openai", "google"])
def test_an_answer_made_from_the_schema_alone_can_be_read(llmock: LLMock, provider: Provider) -> None:
    """Nothing is told: the server makes up what fits the schema that it was sent."""
    answer = generate(provider)
    assert answer.json["source"] == "ai" and outcomes(answer) == ["ok"]
    assert [each["platform"] for each in answer.json["results"]] == BODY["platforms"]


@each_provider
@pytest.mark.parametrize(
    ("chaos", "outcome"),
    [
        ("disconnectRate", "network"),
        ("malformedRate", "bad_output"),
        ("dropRate", "overloaded"),
        ("rateLimitRate", "rate_limited"),
    ],
)
def test_broken_lines_and_answers_end_in_an_outcome(aimock: AIMock, provider: Provider, chaos: str, outcome: str) -> None:
    aimock.answers(provider, json.dumps(POSTS))
    aimock.breaks(**{chaos: 1})
    assert outcomes(generate(provider)) == [outcome]
    assert len(aimock.asked()) == 1


@each_provider
def test_a_key_is_verified_at_a_server_when_it_is_saved(llmock: LLMock, provider: Provider) -> None:
    answer = Client().request(
        "profile", "PUT", f"/v1/profile/ai-keys/{provider}", body={"key": f"{PREFIXES[provider]}of-the-test"}
    )
    assert (answer.status, answer.json["state"]) == (200, "working"), answer.text
    assert llmock.asked() == []
