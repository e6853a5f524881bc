"""A change keeps what it does not name, and what somebody else has changed meanwhile."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from noillusion.connections import service as connections
from noillusion.connections.models import ConnectionPatch
from noillusion.core import loop
from noillusion.core.errors import Problem
from noillusion.core.preconditions import if_match
from noillusion.db import Actor, database
from noillusion.profiles import service as profiles
from noillusion.profiles.models import ProfilePatch
from noillusion.templates import service as templates
from noillusion.templates import store as template_store
from noillusion.templates.models import TemplatePut
from tests.api.conftest import Platforms
from tests.api.harness import Answer, Client, Context, event, load
from tests.support.databases import Store, fly
from tests.support.meanwhile import run
from tests.support.rows import insert, rows

ALICE = "auth0|alice"
TEMPLATE = {"name": "n", "content_mode": "personal", "user_text": "{topic}"}
MERGE_PATCH = {"content-type": "application/merge-patch+json"}
PREFERENCES = {"monthly_budget_usd": "5", "providers": [{"provider": "google"}], "features": {"ideas": False}}


def patch(body: Any, **headers: str) -> Answer:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return Client().request("profile", "PATCH", "/v1/profile", body=body, headers=sent)


def preferences(body: dict[str, Any]) -> dict[str, Any]:
    answer = patch({"ai_preferences": body})
    assert answer.status == 200, answer.text
    return dict(answer.json["ai_preferences"])


@pytest.mark.usefixtures("deployment")
class TestMergePatch:
    def test_one_switch_changes_one_switch(self) -> None:
        before = preferences(PREFERENCES)
        assert preferences({"fallback": False}) == {**before, "fallback": False}
        assert before["monthly_budget_usd"] == "5" and [p["provider"] for p in before["providers"]] == ["google"]

    def test_objects_merge_at_every_depth_and_lists_are_replaced(self) -> None:
        preferences(PREFERENCES)
        after = preferences({"features": {"generate": False}, "providers": [{"provider": "openai", "enabled": False}]})
        assert after["features"] == {"generate": False, "improve": True, "ideas": False}
        assert after["providers"] == [{"provider": "openai", "enabled": False, "model": None, "reasoning_effort": None}]

    def test_null_removes_a_limit_and_nothing_else(self) -> None:
        preferences({**PREFERENCES, "max_calls_per_minute": 3})
        after = preferences({"monthly_budget_usd": None})
        assert (after["monthly_budget_usd"], after["max_calls_per_minute"]) == (None, 3)

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ({"bio": None}, "bio"),
            ({"ai_preferences": None}, "ai_preferences"),
            ({"ai_preferences": {"fallback": None}}, "ai_preferences.fallback"),
            ({"ai_preferences": {"providers": None}}, "ai_preferences.providers"),
            ({"ai_preferences": {"features": None}}, "ai_preferences.features"),
            ({"ai_preferences": {"features": {"ideas": None}}}, "ai_preferences.features.ideas"),
        ],
    )
    def test_null_is_refused_by_name_where_a_value_is_needed(self, body: dict[str, Any], field: str) -> None:
        preferences(PREFERENCES)
        answer = patch(body)
        assert (answer.status, [(e["field"], e["code"]) for e in answer.json["errors"]]) == (422, [(field, "null")])
        assert preferences({})["monthly_budget_usd"] == "5"

    def test_an_empty_patch_changes_nothing(self) -> None:
        before = Client().request("profile", "GET", "/v1/profile")
        assert patch({}).json == patch({"ai_preferences": {}}).json | {"updated_at": before.json["updated_at"]} == before.json

    def test_the_media_type_of_merge_patches_is_accepted_in_a_patch_alone(self) -> None:
        merge_patch = {"content-type": "Application/Merge-Patch+JSON; charset=utf-8"}
        answer = Client().request("profile", "PATCH", "/v1/profile", body={"bio": "x"}, headers=merge_patch)
        assert (answer.status, answer.json["bio"]) == (200, "x")
        for method, path, media_type in (
            ("PATCH", "/v1/profile", "application/json-patch+json"),
            ("PATCH", "/v1/profile", "application/merge-patch+jsonx"),
            ("PUT", "/v1/profile/ai-keys/openai", "application/merge-patch+json"),
        ):
            refused = Client().request("profile", method, path, body={}, headers={"content-type": media_type})
            assert (refused.status, refused.json["code"]) == (415, "unsupported_media_type"), media_type

    def test_a_merge_patch_that_the_gateway_encoded_is_read(self) -> None:
        for raw, status in ((b'{"bio": "\xc3\xa9"}', 200), (b"{", 400), (b'{"bio": "\xff"}', 400), (b"x" * 300_000, 413)):
            encoded = event("PATCH", "/v1/profile", function="profile", raw=base64.b64encode(raw).decode(), headers=MERGE_PATCH)
            answer = load("profile").handler({**encoded, "isBase64Encoded": True}, Context())
            assert answer["statusCode"] == status, answer
        assert Client().request("profile", "GET", "/v1/profile").json["bio"] == "é"

    def test_defaults_are_not_stored(self, deployment: Store) -> None:
        preferences({"fallback": False})
        ((stored,),) = deployment.fetch("SELECT CAST(ai_preferences AS text) FROM profiles")
        assert stored.replace(" ", "") == '{"fallback":false}'

    def test_changes_of_different_members_at_once_are_all_kept(self) -> None:
        changes = [
            {"ai_preferences": {"fallback": False}},
            {"ai_preferences": {"features": {"ideas": False}}},
            {"ai_preferences": {"features": {"improve": False}}},
            {"ai_preferences": {"monthly_budget_usd": "7"}},
            {"bio": "x"},
            {"skills": ["a"]},
            *({"ai_preferences": {"rate_limit_buffer": n}} for n in range(20)),
        ]
        at_once(*(profiles.change(ALICE, ProfilePatch.model_validate(change)) for change in changes))
        after = Client().request("profile", "GET", "/v1/profile").json
        assert (after["bio"], after["skills"], after["ai_preferences"]["fallback"]) == ("x", ["a"], False)
        assert after["ai_preferences"]["features"] == {"generate": True, "improve": False, "ideas": False}
        assert after["ai_preferences"]["monthly_budget_usd"] == "7"


def at_once(*work: Any) -> list[Any]:
    """Do pieces of work side by side, flight by flight; problems are among the results."""
    engine = database()
    flight = engine.flight

    async def in_turn(*arguments: Any) -> Any:
        # SQLite alone would let each piece of work run to its end.
        await asyncio.sleep(0)
        return await flight(*arguments)

    async def go() -> list[Any]:
        return list(await asyncio.gather(*work, return_exceptions=True))

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(engine, "flight", in_turn)
        results = loop.run(go())
    assert all(isinstance(result, Problem) or not isinstance(result, BaseException) for result in results), results
    return list(results)


@dataclass
class Resource:
    """Something with an entity tag."""

    read: Callable[[], Answer]
    write: Callable[..., Answer]
    """Changes it, with the given headers."""
    work: Callable[[int, str | None], Any]
    """The same change with a number in it, as work on the loop, under an If-Match header."""
    shows: Callable[[], str]
    """What the last change has left."""


@pytest.fixture(params=["profile", "template", "connection"])
def resource(request: pytest.FixtureRequest, deployment: Store) -> Resource:
    client = Client()
    if request.param == "profile":
        client.request("profile", "GET", "/v1/profile")
        return Resource(
            lambda: client.request("profile", "GET", "/v1/profile"),
            lambda **headers: client.request("profile", "PATCH", "/v1/profile", body={"bio": "w"}, headers=headers),
            lambda n, tags: profiles.change(ALICE, ProfilePatch.model_validate({"bio": str(n)}), if_match(tags)),
            lambda: str(client.request("profile", "GET", "/v1/profile").json["bio"]),
        )
    if request.param == "template":
        made = client.request("templates", "POST", "/v1/templates", body=TEMPLATE).json["id"]
        path = f"/v1/templates/{made}"
        return Resource(
            lambda: client.request("templates", "GET", path),
            lambda **headers: client.request("templates", "PUT", path, body=TEMPLATE, headers=headers),
            lambda n, tags: templates.change(
                ALICE, made, TemplatePut.model_validate({**TEMPLATE, "description": str(n)}), if_match(tags)
            ),
            lambda: str(client.request("templates", "GET", path).json["description"]),
        )
    fly(insert("platform_connections", ALICE, **rows()["platform_connections"]))
    made = str(fly_one("SELECT id FROM platform_connections", deployment))
    path = f"/v1/connections/{made}"
    return Resource(
        lambda: client.request("connect_callback", "GET", path),
        lambda **headers: client.request("connect_callback", "PATCH", path, body={"label": "w"}, headers=headers),
        lambda n, tags: connections.change(ALICE, made, ConnectionPatch.model_validate({"label": str(n)}), if_match(tags)),
        lambda: str(client.request("connect_callback", "GET", path).json["label"]),
    )


def fly_one(query: str, store: Store) -> Any:
    return store.fetch(query)[0][0]


class TestConditions:
    def test_a_tag_is_strong_stays_while_nothing_changes_and_changes_with_every_change(self, resource: Resource) -> None:
        tags = [resource.read().headers["etag"] for _ in range(2)]
        assert tags[0] == tags[1] and tags[0].startswith('"') and tags[0].endswith('"')
        for _ in range(3):
            changed = resource.write()
            assert changed.status == 200, changed.text
            tags.append(changed.headers["etag"])
            assert resource.read().headers["etag"] == tags[-1]
        assert len(set(tags)) == 4

    def test_the_current_tag_lets_a_change_pass_and_an_old_one_does_not(self, resource: Resource) -> None:
        first = resource.read().headers["etag"]
        assert resource.write(**{"if-match": f'"other", {first}'}).status == 200
        state = resource.read()
        for tags in (first, '"other"', f"W/{state.headers['etag']}", ', "a" ,"b"'):
            refused = resource.write(**{"if-match": tags})
            assert (refused.status, refused.json["code"]) == (412, "precondition_failed"), tags
            assert "etag" not in refused.headers
        assert resource.read().json == state.json
        assert resource.write(**{"if-match": " * "}).status == 200

    @pytest.mark.parametrize("tags", ["marker", '"a" "b"', '"a', "", '*, "a"'])
    def test_a_header_that_is_no_list_of_tags_is_refused(self, resource: Resource, tags: str) -> None:
        answer = resource.write(**{"if-match": tags})
        assert (answer.status, answer.json["errors"][0]["field"]) == (422, "If-Match"), answer.text

    def test_of_many_who_saw_the_same_state_one_wins(self, resource: Resource) -> None:
        tag = resource.read().headers["etag"]
        results = at_once(*(resource.work(n, tag) for n in range(8)))
        won = [n for n, result in enumerate(results) if not isinstance(result, Problem)]
        assert len(won) == 1 and resource.shows() == str(won[0])
        assert {r.code for r in results if isinstance(r, Problem)} == {"precondition_failed"}

    def test_without_a_condition_everybody_is_served(self, resource: Resource) -> None:
        results = at_once(*(resource.work(n, None) for n in range(8)))
        assert not [r for r in results if isinstance(r, Problem)]


@pytest.mark.parametrize(("function", "path"), [("profile", "/v1/profile"), ("connect_callback", "/v1/connections/{id}")])
def test_what_the_client_has_is_not_sent_again(function: str, path: str, deployment: Store) -> None:
    fly(insert("platform_connections", ALICE, **rows()["platform_connections"]))
    path = path.format(id=fly_one("SELECT id FROM platform_connections", deployment))
    client = Client()
    tag = client.request(function, "GET", path).headers["etag"]
    for tags in (tag, f'"x", W/{tag}', "*"):
        unchanged = client.request(function, "GET", path, headers={"if-none-match": tags})
        assert (unchanged.status, unchanged.text, unchanged.headers["etag"]) == (304, "", tag)
        assert "content-type" not in unchanged.headers
    assert client.request(function, "GET", path, headers={"if-none-match": '"x"'}).status == 200


@pytest.mark.usefixtures("deployment")
def test_a_new_ai_key_is_a_new_profile() -> None:
    client = Client()
    tag = client.request("profile", "GET", "/v1/profile").headers["etag"]
    client.request("profile", "PUT", "/v1/profile/ai-keys/openai", body={"key": "sk-0123456789-abcd"})
    assert client.request("profile", "GET", "/v1/profile").headers["etag"] != tag


@pytest.mark.usefixtures("deployment")
def test_uses_and_ratings_leave_the_tag_of_a_template() -> None:
    client, path = Client(), "/v1/templates"
    made = client.request("templates", "POST", path, body=TEMPLATE)
    path = f"{path}/{made.json['id']}"
    shared = client.request("templates", "POST", f"{path}/share")
    tag = client.request("templates", "GET", path).headers["etag"]
    assert shared.status == 200 and tag != made.headers["etag"]
    Client("auth0|bob").request("templates", "PUT", f"{path}/rating", body={"stars": 5})
    run(count_use(made.json["id"]))
    read = client.request("templates", "GET", path)
    assert (read.json["usage_count"], read.json["rating"]["count"], read.headers["etag"]) == (1, 1, tag)


async def count_use(template_id: str) -> None:
    await database().flight(Actor("auth0|bob"), template_store.count_use("auth0|bob", template_id))


@pytest.mark.usefixtures("deployment")
def test_a_deletion_of_another_state_is_refused() -> None:
    client, path = Client(), "/v1/templates"
    made = client.request("templates", "POST", path, body=TEMPLATE)
    path = f"{path}/{made.json['id']}"
    client.request("templates", "PUT", path, body=TEMPLATE)
    stale = client.request("templates", "DELETE", path, headers={"if-match": made.headers["etag"]})
    assert (stale.status, client.request("templates", "GET", path).status) == (412, 200)
    current = client.request("templates", "GET", path).headers["etag"]
    assert client.request("templates", "DELETE", path, headers={"if-match": current}).status == 204
    gone = client.request("templates", "DELETE", path, headers={"if-match": current})
    assert gone.status == 404
    assert client.request("profile", "DELETE", "/v1/profile", headers={"if-match": '"old"'}).status == 412
    tag = client.request("profile", "GET", "/v1/profile").headers["etag"]
    assert client.request("profile", "DELETE", "/v1/profile", headers={"if-match": tag}).status == 200


def test_an_account_is_disconnected_only_in_the_state_that_was_seen(platforms: Platforms) -> None:
    client = Client()
    path = f"/v1/connections/{platforms.connect(client, 'linkedin')[0]['id']}"
    tag = client.request("connect_callback", "GET", path).headers["etag"]
    client.request("connect_callback", "PATCH", path, body={"label": "x"})
    assert client.request("connect_callback", "DELETE", path, headers={"if-match": tag}).status == 412
    assert client.request("connect_callback", "GET", path).status == 200
    assert platforms.requests("linkedin", "revoke") == 0


@pytest.mark.usefixtures("deployment")
def test_built_in_templates_stay_forbidden_and_absent_ones_absent_under_a_condition() -> None:
    client, system = Client(), "/v1/templates/7e3a1c00-0001-4000-8000-000000000001"
    for method, body in (("PUT", TEMPLATE), ("DELETE", None)):
        answer = client.request("templates", method, system, body=body, headers={"if-match": '"x"'})
        assert (answer.status, answer.json["code"]) == (403, "system_template")
        missing = client.request("templates", method, "/v1/templates/" + "0" * 8 + "-0000-4000-8000-" + "0" * 12, body=body)
        assert missing.status == 404


@pytest.mark.usefixtures("deployment")
def test_a_version_and_a_tag_must_both_be_current() -> None:
    client, path = Client(), "/v1/templates"
    made = client.request("templates", "POST", path, body=TEMPLATE)
    path, tag = f"{path}/{made.json['id']}", made.headers["etag"]
    stale = client.request("templates", "PUT", path, body={**TEMPLATE, "version": 7}, headers={"if-match": tag})
    assert (stale.status, stale.json["code"]) == (409, "stale_version")
    assert client.request("templates", "PUT", path, body={**TEMPLATE, "version": 1}, headers={"if-match": tag}).status == 200
