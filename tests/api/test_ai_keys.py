"""AI keys (row F9): verified when they are saved, watched while they are used, and never held up by what another key met."""

from __future__ import annotations

from typing import Any

import pytest

from local.simulators.world import Fault, World
from noillusion.ai.outcomes import Completion, ProviderError
from noillusion.ai.providers.openai import OpenAI
from noillusion.core import loop
from noillusion.core.sensitive import Secret
from noillusion.net import client as http
from noillusion.profiles import service as profiles
from noillusion.settings import source as settings
from tests.api.harness import Answer, Client
from tests.support.databases import Store

KEYS = {"openai": "sk-verified-1", "anthropic": "sk-ant-verified-2", "google": "AIza-verified-3"}
BODY = {"task": "generate", "platforms": ["tiktok"], "topic": "Bicycles", "providers": ["openai"]}


@pytest.fixture(autouse=True)
def connections(world: World) -> Any:
    yield
    loop.run(http.close())


def save(provider: str = "openai", key: str | None = None, **more: Any) -> Answer:
    body = {"key": key or KEYS[provider], **more}
    return Client().request("profile", "PUT", f"/v1/profile/ai-keys/{provider}", body=body)


def kept(provider: str = "openai") -> dict[str, Any]:
    keys = Client().request("profile", "GET", "/v1/profile").json["ai_keys"]
    found: dict[str, Any] = next(key for key in keys if key["provider"] == provider)
    return found


def generate(key: str | None = None, **body: Any) -> list[dict[str, Any]]:
    headers = {"x-ai-key-openai": key} if key else {}
    answer = Client().request("generate", "POST", "/v1/generate", body=BODY | body, headers=headers)
    assert answer.status == 200, answer.text
    attempts: list[dict[str, Any]] = answer.json["transparency"]["attempts"]
    return attempts


def fault(world: World, preset: str, times: int = -1, platform: str = "openai") -> None:
    world.faults[:] = [Fault(id=1, platform=platform, preset=preset, times=times)]


def notices() -> list[dict[str, Any]]:
    found = Client().request("profile", "GET", "/v1/notifications", query={"kind": "ai_key_needs_attention"})
    assert found.status == 200, found.text
    items: list[dict[str, Any]] = found.json["items"]
    return items


@pytest.mark.parametrize("provider", KEYS)
def test_a_key_is_verified_by_one_call_that_costs_nothing(world: World, provider: str) -> None:
    answer = save(provider)
    assert answer.status == 200, answer.text
    assert (answer.json["state"], answer.json["last_error"], answer.json["last_used_at"]) == ("working", None, None)
    (asked,) = world.journal
    assert (asked.method, asked.path.rpartition("/")[2]) == ("GET", "models")
    assert KEYS[provider] not in asked.query + asked.path


@pytest.mark.parametrize(
    ("provider", "wrong"), [("openai", "sk-invalid-1"), ("anthropic", "sk-openai-like"), ("google", "bad-key-1")]
)
def test_a_key_that_the_provider_does_not_know_is_refused_and_not_stored(world: World, provider: str, wrong: str) -> None:
    assert save(provider).status == 200
    refused = save(provider, wrong)
    assert (refused.status, refused.json["errors"][0]["field"], refused.json["errors"][0]["code"]) == (
        422,
        "key",
        "ai_key_rejected",
    )
    assert wrong not in refused.text
    assert kept(provider)["hint"] == KEYS[provider][-4:], "the key from before is still there"
    assert save(provider, wrong, verify=False).json["state"] == "unverified"


@pytest.mark.parametrize(
    ("preset", "state", "error"),
    [
        ("insufficient_quota", "needs_attention", "quota"),
        ("permission_denied", "unverified", "auth"),
        ("server_error", "unverified", "overloaded"),
        ("rate_limited", "unverified", "rate_limited"),
    ],
)
def test_a_provider_that_cannot_say_keeps_no_key_from_being_stored(world: World, preset: str, state: str, error: str) -> None:
    fault(world, preset)
    answer = save()
    assert (answer.status, answer.json["state"], answer.json["last_error"]) == (200, state, error)


def test_a_provider_that_cannot_be_reached_keeps_no_key_from_being_stored(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENDPOINTS", '{"api.openai.com": "http://127.0.0.1:9"}')
    settings.settings.forget()
    answer = save()
    assert (answer.status, answer.json["state"], answer.json["last_error"]) == (200, "unverified", "network")


def test_a_use_is_remembered_and_changes_neither_the_entity_tag_nor_when_the_key_was_stored(world: World) -> None:
    save()
    before = Client().request("profile", "GET", "/v1/profile")
    assert generate()[0]["outcome"] == "ok"
    after = Client().request("profile", "GET", "/v1/profile")
    used, unused = after.json["ai_keys"][0], before.json["ai_keys"][0]
    assert used["last_used_at"] and used == unused | {"last_used_at": used["last_used_at"]}
    assert after.headers["etag"] == before.headers["etag"]


@pytest.mark.parametrize(("preset", "error"), [("bad_key", "auth"), ("insufficient_quota", "quota")])
def test_a_key_that_is_refused_needs_attention_and_one_notice_says_so(
    world: World, preset: str, error: str, deployment: Store
) -> None:
    save()
    fault(world, preset)
    for _ in range(3):
        assert generate()[0]["outcome"] == error
        deployment.execute("DELETE FROM ai_provider_state")
    assert (kept()["state"], kept()["last_error"]) == ("needs_attention", error)
    (told,) = notices()
    assert told["data"] == {"provider": "openai", "reason": error}
    world.faults.clear()
    assert generate()[0]["outcome"] == "ok"
    assert (kept()["state"], kept()["last_error"]) == ("working", None)
    fault(world, preset)
    deployment.execute("DELETE FROM ai_provider_state")
    generate()
    assert len(notices()) == 2, "that it stopped working again is news"


@pytest.mark.parametrize(
    ("preset", "error"), [("unknown_model", "auth"), ("rate_limited", "rate_limited"), ("refusal", "content_refused")]
)
def test_what_is_not_the_keys_fault_does_not_make_it_need_attention(world: World, preset: str, error: str) -> None:
    save()
    fault(world, preset)
    assert generate()[0]["outcome"] == error
    assert (kept()["state"], kept()["last_error"], notices()) == ("working", error, [])


def test_a_different_key_in_a_header_is_not_held_up_by_the_stored_ones_cooldown(world: World) -> None:
    save()
    fault(world, "rate_limited", times=1)
    assert generate()[0]["outcome"] == "rate_limited"
    assert generate()[0]["skipped"] == "cooling_down"
    assert generate(KEYS["openai"])[0]["skipped"] == "cooling_down", "the same key, sent along"
    assert generate("sk-another-key-9")[0]["outcome"] == "ok"
    assert generate()[0]["skipped"] == "cooling_down", "that another key works says nothing about this one"


def test_a_stored_key_is_not_held_up_by_what_a_key_in_a_header_met(world: World, deployment: Store) -> None:
    save()
    fault(world, "rate_limited", times=1)
    assert generate("sk-another-key-9")[0]["outcome"] == "rate_limited"
    assert generate("sk-another-key-9")[0]["skipped"] == "cooling_down"
    assert generate()[0]["outcome"] == "ok"
    (mark,) = deployment.fetch("SELECT key_mark FROM ai_provider_state")[0]
    assert "sk-another" not in mark


@pytest.mark.parametrize("replaced", [True, False])
def test_a_key_that_is_replaced_or_deleted_during_its_call_leaves_nothing_to_the_next_one(
    world: World, deployment: Store, monkeypatch: pytest.MonkeyPatch, replaced: bool
) -> None:
    save()

    async def meanwhile(*_: Any, **__: Any) -> Completion:
        if replaced:
            await profiles.put_key("auth0|alice", "openai", Secret("sk-another-key"), "unverified", None)
        else:
            await profiles.delete_key("auth0|alice", "openai")
        raise ProviderError("quota", retry_after=20 * 86_400)

    with monkeypatch.context() as patched:
        patched.setattr(OpenAI, "complete", meanwhile)
        assert generate()[0]["outcome"] == "quota"
    assert deployment.fetch("SELECT outcome FROM ai_provider_state") == []
    if not replaced:
        save()
    fault(world, "slow_down", times=1)
    assert generate()[0]["outcome"] == "rate_limited"
    assert generate()[0]["skipped"] == "cooling_down"
