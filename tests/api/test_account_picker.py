"""The accounts that a grant offers: all of them, with what each can do, and never less because of an image."""

from __future__ import annotations

from typing import Any

import pytest

from local.simulators.lists import Lists
from noillusion.settings import source as settings
from tests.api.conftest import Platforms
from tests.api.harness import Answer, Client
from tests.api.test_organizations import Organizations, page

__all__ = ["page"]

NEW_PAGE = {"id": "101000000000011", "name": "A new Page", "tasks": ["PROFILE_PLUS_CREATE_CONTENT", "PROFILE_PLUS_MODERATE"]}
OF_PORTFOLIO = {"id": "101000000000012", "name": "Of a Portfolio", "business": "990000000000001"}
OF_CLIENT = {**OF_PORTFOLIO, "id": "101000000000013", "name": "Of a client", "business_edge": "client_pages"}
NAMES = ("facebook", "instagram", "linkedin", "tiktok")


def act(platforms: Platforms, platform: str, action: str, **given: Any) -> None:
    """Do what a person or a platform does behind the API's back."""
    platforms.world.simulators[platform].actions[action](given)


def pages(platforms: Platforms, *rows: dict[str, Any]) -> None:
    """Give the person these Pages."""
    act(platforms, "facebook", "user", pages=list(rows))


def pending(platforms: Platforms, platform: str, client: Client | None = None, **asked: Any) -> Answer:
    """Consent, and list the accounts of the grant."""
    client = client or Client()
    handle = platforms.consent(client, platform, **asked).json["pending_id"]
    return client.request("connect_callback", "GET", f"/v1/connections/pending/{handle}")


def offered(platforms: Platforms, platform: str) -> dict[str, dict[str, Any]]:
    """The accounts of a new grant by name."""
    answer = pending(platforms, platform)
    assert answer.status == 200, answer.text
    return {account["name"]: account for account in answer.json["accounts"]}


def published(platforms: Platforms, connection: dict[str, Any]) -> str:
    """Publish with a connection, and say what became of it."""
    body = {"content": {"text": "Hello from a new Page"}, "targets": [{"connection_id": connection["id"]}]}
    answer = Client().request("publish", "POST", "/v1/posts", body=body, headers={"idempotency-key": connection["id"]})
    (target,) = answer.json["targets"]
    return str(target["status"])


@pytest.mark.parametrize("row", [NEW_PAGE, OF_PORTFOLIO, OF_CLIENT], ids=["new Page", "Portfolio Page", "Page of a client"])
def test_I1_a_page_is_connected_and_published_to_whatever_its_tasks_are_called(platforms: Platforms, row: dict[str, Any]) -> None:
    pages(platforms, row)
    (connection,) = platforms.connect(Client(), "facebook")
    assert (connection["display_name"], published(platforms, connection)) == (row["name"], "published")
    assert [post["account"] for post in platforms.posts("facebook")] == [row["id"]]
    asked = [e.query for e in platforms.world.journal if e.path.endswith(("/owned_pages", "/client_pages"))]
    assert asked if "business" in row else not asked
    assert not [query for query in asked if "tasks" in query], "a field that these lists do not have"


@pytest.mark.parametrize(
    "lists",
    [{"paging": "cursor"}, {"paging": "next"}, {"paging": "offset"}, {"paging": "time"}, {"hollow": True}, {"short_by": 60}],
    ids=str,
)
def test_D3_all_of_many_pages_are_offered_however_the_list_leads_on(platforms: Platforms, lists: dict[str, Any]) -> None:
    pages(platforms, *[{"id": str(102_000_000_000_000 + n), "name": f"Page {n}"} for n in range(230)])
    platforms.world.lists["facebook"] = Lists(**lists)
    assert len(offered(platforms, "facebook")) == 230


def test_D3_more_than_2000_pages_are_cut_and_that_is_told(platforms: Platforms) -> None:
    pages(platforms, *[{"id": str(102_000_000_000_000 + n), "name": f"Page {n}"} for n in range(2001)])
    found = pending(platforms, "facebook").json
    assert (len(found["accounts"]), found["complete"]) == (2000, False)
    pages(platforms, NEW_PAGE)
    assert pending(platforms, "facebook").json["complete"] is True


def test_D3_a_list_that_leads_round_in_a_circle_ends(platforms: Platforms) -> None:
    pages(platforms, *[{"id": str(102_000_000_000_000 + n), "name": f"Page {n}"} for n in range(230)])
    platforms.world.lists["facebook"] = Lists(circles=True)
    assert len(offered(platforms, "facebook")) == 230
    assert platforms.requests("facebook", "/me/accounts") <= 4


@pytest.mark.parametrize("platform", NAMES)
def test_D1_an_account_is_connected_although_its_image_answers_403(platforms: Platforms, platform: str) -> None:
    platforms.world.avatar = "forbidden.jpg"
    answer = pending(platforms, platform)
    images = {account["image_url"] for account in answer.json["accounts"]}
    assert all("/_media/forbidden.jpg" in image for image in images), answer.text
    assert [connection["status"] for connection in platforms.connect(Client(), platform)]
    assert "forbidden.jpg" not in platforms.database.dump(), "the URL of an image is not stored"


def test_D1_organizations_are_offered_with_their_images(page: Organizations) -> None:
    accounts = pending(page.platforms, "linkedin", page.client, wanted=["organizations"]).json["accounts"]
    assert {account["name"]: bool(account["image_url"]) for account in accounts} == {
        "Ada Fenwick": True,
        "Fenwick Robotics": True,
        # Only administrators see the logo.
        "Tidewater Studio": False,
    }


# ---- what can be done with an account

EVERYTHING = {"publish", "public_posts", "drafts", "edit", "delete", "comments", "metrics", "account_metrics"}


def gaps(account: dict[str, Any]) -> dict[str, str]:
    """What is missing for each thing that cannot be done. Each thing is in one of the two lists, and each gap has words."""
    missing = {each["capability"]: each for each in account["missing_capabilities"]}
    assert set(account["capabilities"]) | missing.keys() == EVERYTHING and not set(account["capabilities"]) & missing.keys()
    assert all(each["message"] and each["message"].endswith(".") for each in missing.values())
    return {name: each["code"] for name, each in missing.items()}


@pytest.mark.parametrize("platform", NAMES)
def test_every_capability_is_there_or_explained_when_choosing_and_afterwards(platforms: Platforms, platform: str) -> None:
    client = Client()
    for account in pending(platforms, platform, client).json["accounts"]:
        assert ("publish" in account["capabilities"]) is account["can_publish"]
        gaps(account)
    (connection, *_) = platforms.connect(client, platform)
    one = client.request("connect_callback", "GET", f"/v1/connections/{connection['id']}").json
    assert "publish" in one["capabilities"]
    assert gaps(one) == gaps(connection)


def test_D2_a_permission_that_was_not_granted_costs_what_it_is_for(platforms: Platforms) -> None:
    act(platforms, "facebook", "consent", declined_scopes=["pages_manage_engagement", "read_insights"])
    account = offered(platforms, "facebook")["Riverside Bakery"]
    found = gaps(account)
    assert {name: found[name] for name in ("comments", "metrics", "account_metrics")} == dict.fromkeys(
        ("comments", "metrics", "account_metrics"), "scope_missing"
    )
    assert {"publish", "edit", "delete"} <= set(account["capabilities"])
    (comments,) = (each for each in account["missing_capabilities"] if each["capability"] == "comments")
    assert comments["needed"] == ["pages_manage_engagement"] and "pages_manage_engagement" in comments["message"]
    assert "Connect the account again" in comments["advice"]


def test_a_task_that_is_missing_costs_what_it_allows(platforms: Platforms) -> None:
    pages(platforms, {"id": "101000000000021", "name": "Analyst", "tasks": ["ANALYZE"]}, {**NEW_PAGE, "name": "Author"})
    found = offered(platforms, "facebook")
    assert gaps(found["Analyst"])["publish"] == "task_missing" and "metrics" in found["Analyst"]["capabilities"]
    assert gaps(found["Author"])["metrics"] == "task_missing" and "publish" in found["Author"]["capabilities"]


def test_a_role_that_is_missing_costs_what_it_allows(page: Organizations) -> None:
    accounts = pending(page.platforms, "linkedin", page.client, wanted=["organizations"]).json["accounts"]
    found = {account["name"]: account for account in accounts}
    assert gaps(found["Tidewater Studio"])["metrics"] == "role_missing"
    assert "publish" in found["Tidewater Studio"]["capabilities"]
    assert "metrics" in found["Fenwick Robotics"]["capabilities"]


def test_what_the_app_was_not_given_is_not_asked_of_the_person(platforms: Platforms) -> None:
    account = offered(platforms, "linkedin")["Ada Fenwick"]
    found = gaps(account)
    assert {found[name] for name in ("comments", "metrics", "account_metrics")} == {"no_access"}
    assert all(each["advice"] is None for each in account["missing_capabilities"])


@pytest.mark.parametrize("audited", [True, False])
def test_D5_without_its_audit_tiktok_makes_no_post_public(
    platforms: Platforms, monkeypatch: pytest.MonkeyPatch, audited: bool
) -> None:
    monkeypatch.setenv("TIKTOK_AUDITED", str(audited).lower())
    settings.settings.forget()
    (account,) = pending(platforms, "tiktok").json["accounts"]
    assert gaps(account).get("public_posts") == (None if audited else "no_access")
    assert "publish" in account["capabilities"]


def test_a_permission_to_post_that_the_app_does_not_ask_for_is_no_matter_of_the_person(
    platforms: Platforms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LINKEDIN_COMMUNITY_CLIENT_ID", "linkedin-community-app")
    monkeypatch.setenv("LINKEDIN_COMMUNITY_CLIENT_SECRET", "linkedin-community-app-secret")
    monkeypatch.setenv("LINKEDIN_COMMUNITY_WITHOUT_SCOPES", "w_organization_social")
    settings.settings.forget()
    accounts = pending(platforms, "linkedin", registration="community").json["accounts"]
    found = {account["name"]: account for account in accounts if account["kind"] == "organization"}
    assert found, accounts
    assert {(account["can_publish"], account["reason"], gaps(account)["publish"]) for account in found.values()} == {
        (False, "no_access", "no_access")
    }


def test_a_permission_to_post_that_the_person_did_not_grant_is_told_as_such(platforms: Platforms) -> None:
    act(platforms, "tiktok", "consent", declined_scopes=["video.publish", "video.upload"])
    (account,) = pending(platforms, "tiktok").json["accounts"]
    assert (account["can_publish"], account["reason"], gaps(account)["publish"]) == (False, "scope_missing", "scope_missing")


# ---- an empty list says why

LISTING = "pages_show_list"


@pytest.mark.parametrize(
    ("code", "consent", "rows"),
    [
        ("none_selected", {"accounts": []}, None),
        ("permission_missing", {"declined_scopes": [LISTING]}, None),
        ("business_owned", {"accounts": [OF_PORTFOLIO["id"]], "declined_scopes": ["business_management"]}, [OF_PORTFOLIO]),
        ("no_accounts", {}, []),
    ],
)
def test_D3_an_empty_list_says_why(
    platforms: Platforms, code: str, consent: dict[str, Any], rows: list[dict[str, Any]] | None
) -> None:
    if rows is not None:
        pages(platforms, *rows)
    act(platforms, "facebook", "consent", **consent)
    found = pending(platforms, "facebook").json
    assert (found["accounts"], found["empty_code"]) == ([], code)
    assert found["empty_reason"].endswith(".")


def test_D3_an_empty_list_is_told_although_facebook_does_not_tell_what_was_selected(platforms: Platforms) -> None:
    act(platforms, "facebook", "consent", accounts=[])
    platforms.fault(platform="facebook", path="debug_token$", status=500, body={}, times=-1)
    assert pending(platforms, "facebook").json["empty_code"] == "no_accounts"


def test_a_list_with_accounts_needs_no_reason(platforms: Platforms) -> None:
    found = pending(platforms, "facebook").json
    assert (found["empty_code"], found["empty_reason"]) == (None, None)
    # At the exchange Meta is asked once when access to data ends.
    assert platforms.requests("facebook", "/debug_token") <= 1
