"""The accounts that a grant offers: all of them, with what each can do, and never less because of an image."""

from __future__ import annotations

from typing import Any

import pytest

from local.simulators.lists import Lists
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


def pending(platforms: Platforms, platform: str, client: Client | None = None) -> Answer:
    """Consent, and list the accounts of the grant."""
    client = client or Client()
    handle = platforms.consent(client, platform).json["pending_id"]
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
    accounts = pending(page.platforms, "linkedin", page.client).json["accounts"]
    assert {account["name"]: bool(account["image_url"]) for account in accounts} == {
        "Ada Fenwick": True,
        "Fenwick Robotics": True,
        # Only administrators see the logo.
        "Tidewater Studio": False,
    }
