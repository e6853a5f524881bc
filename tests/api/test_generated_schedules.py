"""The way ``generate``: a text by a provider, with the user's own keys, or nothing at all."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import Any

import pytest

from local.simulators.ai.openai import simulator as openai
from local.simulators.world import Fault, World
from noillusion.ai import service as ai
from noillusion.ai.models import GenerateResponse
from noillusion.core import loop
from noillusion.settings import source as settings
from tests.api.conftest import Platforms
from tests.api.harness import Client
from tests.support.scheduled import Schedules
from tests.support.serving import endpoints, serving

MARK = "Zinnober-Topic"


@pytest.fixture
def provider(platforms: Platforms, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """One AI provider beside the platforms."""
    with serving(openai) as (base, world):
        known = json.loads(os.environ["ENDPOINTS"])
        monkeypatch.setenv("ENDPOINTS", json.dumps({**known, **json.loads(endpoints(base, world))}))
        settings.settings.forget()
        yield world
        loop.run(ai.close())


@pytest.fixture
def schedules(platforms: Platforms, provider: World) -> Schedules:
    return Schedules(platforms.database)


@pytest.fixture
def account(platforms: Platforms, provider: World) -> str:
    """A connected account that takes texts, of a person with a key."""
    store_key()
    return str(platforms.connect(Client(), "linkedin")[0]["id"])


def store_key() -> None:
    answer = Client().request("profile", "PUT", "/v1/profile/ai-keys/openai", body={"key": "sk-canary-openai-1", "verify": False})
    assert answer.status == 200, answer.text


def prefer(**preferences: Any) -> None:
    answer = Client().request("profile", "PATCH", "/v1/profile", body={"ai_preferences": preferences})
    assert answer.status == 200, answer.text


def target(account: str, **asked: Any) -> dict[str, Any]:
    generate = {"topic": f"{MARK} echo:{MARK}", "accept_unattended": True, **asked}
    return {"connection_id": account, "way": "generate", "generate": generate}


def calls(provider: World) -> int:
    return sum(1 for entry in provider.journal if entry.platform == "openai")


def fault(provider: World, preset: str) -> None:
    provider.faults.append(Fault(id=len(provider.faults) + 1, platform="openai", preset=preset, times=-1))


def everything(platforms: Platforms) -> str:
    tables = (
        "schedules",
        "schedule_targets",
        "schedule_occurrences",
        "notifications",
        "posts",
        "post_targets",
        "ai_usage_tracking",
    )
    return "".join(str(platforms.database.fetch(f"SELECT * FROM {table}")) for table in tables)


def test_a_text_is_generated_when_it_is_due_published_and_forgotten(
    platforms: Platforms, provider: World, schedules: Schedules, account: str
) -> None:
    schedules.created(target(account, options={"linkedin": {"visibility": "CONNECTIONS"}}))
    assert calls(provider) == 0 and MARK not in everything(platforms), "nothing is generated before, and variables are sealed"
    (done,) = schedules.run()
    assert (done["state"], done["code"]) == ("published", None)
    (post,) = platforms.posts("linkedin")
    assert MARK in json.dumps(post) and "CONNECTIONS" in json.dumps(post)
    assert calls(provider) == 1 and MARK not in everything(platforms)
    schedules.run()
    assert calls(provider) == 1 and len(platforms.posts("linkedin")) == 1


def test_it_is_never_the_default_and_has_to_be_accepted(schedules: Schedules, account: str) -> None:
    for asked, field, code in (
        ({**target(account), "way": None}, "targets.0", "way_mismatch"),
        ({**target(account), "way": "notify"}, "targets.0", "way_mismatch"),
        (target(account, accept_unattended=False), "targets.0.generate.accept_unattended", "consent_required"),
        (target(account, accept_unattended="true"), "targets.0.generate.accept_unattended", "bool_type"),
        (target(account, topic=None), "targets.0.generate", "topic_missing"),
    ):
        answer = schedules.create(asked)
        assert answer.status == 422 and (field, code) in {(e["field"], e["code"]) for e in answer.json["errors"]}, answer.text
        assert MARK not in answer.text


def test_what_could_not_be_generated_is_refused_when_it_is_scheduled(
    platforms: Platforms, provider: World, schedules: Schedules, account: str
) -> None:
    nobody = "00000000-0000-4000-8000-000000000000"
    for asked, field, code in (
        ({"template_id": nobody}, "targets.0.generate.template_id", "not_found"),
        ({"variables": {"event": "x"}}, "targets.0.generate.variables.*", "unknown_variable"),
        ({"providers": ["anthropic"]}, "targets.0.generate.providers", "no_key"),
    ):
        answer = schedules.create(target(account, **asked))
        assert answer.status == 422 and (field, code) in {(e["field"], e["code"]) for e in answer.json["errors"]}, answer.text
    prefer(features={"generate": False})
    answer = schedules.create(target(account))
    assert answer.status == 422 and [error["code"] for error in answer.json["errors"]] == ["ai_feature_disabled"]


@pytest.mark.parametrize("platform", ["instagram", "tiktok"])
def test_platforms_without_posts_of_text_alone_are_not_offered_it(
    platforms: Platforms, provider: World, schedules: Schedules, platform: str
) -> None:
    store_key()
    answer = schedules.create(target(platforms.connect(Client(), platform)[0]["id"]))
    assert answer.status == 422 and answer.json["errors"][0]["field"] == "targets.0.way"


@pytest.mark.parametrize(
    ("preset", "detail", "again"),
    [("refusal", "content_refused", False), ("bad_key", "auth", False), ("rate_limited", "rate_limited", True)],
)
def test_no_text_by_a_provider_publishes_nothing(
    platforms: Platforms, provider: World, schedules: Schedules, account: str, preset: str, detail: str, again: bool
) -> None:
    schedules.created(target(account), grace_minutes=10)
    fault(provider, preset)
    (done,) = schedules.run()
    if again:
        assert done["state"] == "pending" and schedules.notices("schedule_failed") == []
        (done,) = schedules.run(seconds_ago=570)
    assert (done["state"], done["code"]) == ("failed", "generation_failed")
    (told,) = schedules.notices("schedule_failed")
    assert told["detail"] in (detail, "cooling_down")
    assert platforms.posts("linkedin") == [], "never a text of ours"


def test_a_budget_that_is_used_up_publishes_nothing_and_is_told_before(
    platforms: Platforms, provider: World, schedules: Schedules, account: str
) -> None:
    schedules.created(target(account))
    prefer(monthly_budget_usd="0.0001")
    assert schedules.look() == {"task": "preflight", "problems": 1}
    assert [told["code"] for told in schedules.notices("schedule_problem")] == ["budget_exhausted"]
    (done,) = schedules.run()
    assert (done["state"], done["code"]) == ("failed", "generation_failed")
    assert schedules.notices("schedule_failed")[0]["detail"] == "budget_exhausted"
    assert calls(provider) == 0 and platforms.posts("linkedin") == []


def test_the_switch_of_the_profile_counts_when_it_is_due(
    platforms: Platforms, provider: World, schedules: Schedules, account: str
) -> None:
    schedules.created(target(account))
    prefer(features={"generate": False})
    (done,) = schedules.run()
    assert (done["code"], schedules.notices("schedule_failed")[0]["detail"]) == ("generation_failed", "ai_feature_disabled")
    assert calls(provider) == 0


def test_F11_a_shared_template_is_used_unattended_in_the_version_of_when_it_was_scheduled(
    platforms: Platforms, provider: World, schedules: Schedules, account: str
) -> None:
    author = Client("auth0|author")
    text = {"name": "Shared", "content_mode": "business", "user_text": "Write about {topic}."}
    made = author.request("templates", "POST", "/v1/templates", body=text).json
    author.request("templates", "POST", f"/v1/templates/{made['id']}/share")
    schedules.created(target(account, template_id=made["id"]))
    author.request("templates", "PUT", f"/v1/templates/{made['id']}", body={**text, "user_text": "Praise my shop: {topic}"})
    schedules.look()
    (done,) = schedules.run()
    assert done["state"] == "published" and schedules.notices("schedule_problem") == []
    (sent,) = [entry.body for entry in provider.journal]
    assert "Write about " in sent and "Praise my shop" not in sent


def test_a_run_after_a_crash_does_not_generate_again_what_is_published(
    platforms: Platforms, provider: World, schedules: Schedules, account: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from noillusion.scheduling import running, settling

    schedules.created(target(account))

    async def die(*_: object) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as killed:
        killed.setattr(settling, "settle", die)
        with pytest.raises(KeyboardInterrupt):
            schedules.run()
    assert len(platforms.posts("linkedin")) == 1 and calls(provider) == 1 and running is not None
    platforms.database.execute("UPDATE schedule_occurrences SET lease_until = created_at")
    (done,) = schedules.run()
    assert done["state"] == "published" and calls(provider) == 1 and len(platforms.posts("linkedin")) == 1


def test_a_text_that_no_post_can_have_is_paid_once_and_told(
    platforms: Platforms, provider: World, schedules: Schedules, account: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    schedules.created(target(account))
    generate = ai.generate

    async def at_length(*arguments: Any, **more: Any) -> GenerateResponse:
        generated = await generate(*arguments, **more)
        generated.results[0].text = "x" * 70_001
        return generated

    monkeypatch.setattr(ai, "generate", at_length)
    (done,) = schedules.run()
    assert (done["state"], done["code"]) == ("failed", "content_refused")
    schedules.run()
    assert calls(provider) == 1 and platforms.posts("linkedin") == []
