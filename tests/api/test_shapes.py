"""Ids and links that have not the platform's form are not stored, wherever they come from."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from typing import Any

import pytest

from tests.api.conftest import Platforms
from tests.api.harness import Answer, Client
from tests.api.test_publishing import PHOTO, Publisher

PROSE = "Dear customer, the service moved"
IDS: list[Any] = [PROSE, "<html>", "1/../../me", "1?fields=x", "https://evil.example/", "9" * 400, True, {"id": "1"}, ["1"], ""]
COMMIT_PATHS = {"facebook": "/feed", "instagram": "/media_publish", "linkedin": "/rest/posts", "tiktok": "/init/"}
EVIL_LINKS = [
    "https://evil.example/post/1",
    "http://www.facebook.com/1",
    "https://www.facebook.com.evil.example/1",
    "https://www.facebook.com@evil.example/1",
    "https://evil.example\\@www.facebook.com/1",
    "javascript:alert(1)",
    "https://www.facebook.com/1 and some words",
]


def answers(platform: str, given: Any) -> dict[str, Any]:
    """A successful answer to the platform's commit that names this id."""
    ok = {"code": "ok", "message": "", "log_id": "1"}
    return {
        "facebook": {"path": r"/(feed|photos)$", "status": 200, "body": {"id": given, "post_id": given}},
        "instagram": {"path": "/media_publish$", "status": 200, "body": {"id": given}},
        "linkedin": {"path": "/rest/posts$", "status": 201, "body": "", "headers": {"x-restli-id": str(given)}},
        "tiktok": {"path": "/init/$", "status": 200, "body": {"data": {"publish_id": given}, "error": ok}},
    }[platform]


@pytest.fixture
def publisher(platforms: Platforms) -> Publisher:
    return Publisher(platforms)


@pytest.mark.parametrize("platform", ["facebook", "instagram", "linkedin", "tiktok"])
def test_a_commit_answered_with_an_id_of_another_form_is_unknown_and_nothing_of_it_is_stored(
    publisher: Publisher, platform: str
) -> None:
    for number, given in enumerate(IDS):
        publisher.platforms.world.faults.clear()
        publisher.platforms.fault(platform=platform, method="POST", when="after", **answers(platform, given))
        answer = publisher.publish(f"k{number}", publisher.body(platform, text=f"Text {number}"))
        assert publisher.statuses(answer) == {platform: "unknown"}, (given, answer.text)
        assert publisher.platforms.requests(platform, COMMIT_PATHS[platform]) == number + 1
    stored = publisher.platforms.database.fetch("SELECT accepted_id, platform_post_id, permalink FROM post_targets")
    assert set(stored) == {(None, None, None)}


@pytest.mark.parametrize("platform", ["facebook", "instagram"])
def test_a_permalink_on_a_foreign_host_is_not_stored(publisher: Publisher, platform: str) -> None:
    publisher.platforms.world.simulators["instagram"].actions["settings"]({"image_processing_s": 0})
    for number, link in enumerate(EVIL_LINKS):
        publisher.platforms.world.faults.clear()
        body = {"status_code": "FINISHED", "id": "1", "permalink": link, "permalink_url": link}
        publisher.platforms.fault(platform=platform, method="GET", path=r"v\d+\.\d/[0-9_]+$", times=-1, status=200, body=body)
        answer = publisher.publish(f"k{number}", publisher.body(platform, text=f"Text {number}"))
        (target,) = answer.json["targets"]
        assert target["status"] == "published", answer.text
        built = f"https://www.facebook.com/{target['platform_post_id']}" if platform == "facebook" else None
        assert target["permalink"] == built


def test_an_account_whose_id_has_another_form_is_not_offered(platforms: Platforms) -> None:
    client = Client("auth0|alice")
    page = {"id": PROSE, "name": "A Page", "access_token": "token", "tasks": ["CREATE_CONTENT"]}
    good = {**page, "id": "4242", "username": "no user/name", "tasks": ["CREATE_CONTENT", "some words here"]}
    platforms.fault(platform="facebook", path="/me/accounts$", times=-1, status=200, body={"data": [page, good]})
    connections = platforms.connect(client, "facebook")
    assert [c["account_id"] for c in connections if c["display_name"] == "A Page"] == ["4242"]
    rows = platforms.database.fetch("SELECT username, details FROM platform_connections WHERE account_id = '4242'")
    assert "words" not in str(rows) and rows[0][0] == ""


def hook(event: dict[str, Any]) -> Answer:
    """TikTok calls, with a signature that is right."""
    body, stamp = json.dumps(event), str(int(time.time()))
    signature = hmac.new(b"tiktok-app-secret", f"{stamp}.{body}".encode(), hashlib.sha256).hexdigest()
    headers = {"tiktok-signature": f"t={stamp},s={signature}"}
    return Client(sub=None).request("connect_callback", "POST", "/v1/callbacks/tiktok", raw=body, headers=headers)


def test_a_webhook_with_ids_of_another_form_changes_nothing(publisher: Publisher) -> None:
    publisher.platforms.world.simulators["tiktok"].actions["settings"]({"processing_s": 0, "moderation_s": 3600})
    published = publisher.publish("k", publisher.body("tiktok", media=[PHOTO]))
    assert publisher.statuses(published) == {"tiktok": "published"}, published.text
    ((publish_id,),) = publisher.platforms.database.fetch("SELECT accepted_id FROM post_targets")
    for bad in (PROSE, "1/2", {"id": 1}, "9" * 30, True):
        event = {"event": "post.publish.publicly_available", "content": json.dumps({"publish_id": publish_id, "post_id": bad})}
        assert hook(event).json["code"] == "malformed_json", bad
    assert hook({"event": "authorization.removed", "user_openid": PROSE, "content": "{}"}).status == 400
    assert publisher.platforms.database.fetch("SELECT platform_post_id FROM post_targets") == [(None,)]
    good = {"event": "post.publish.publicly_available", "content": json.dumps({"publish_id": publish_id, "post_id": 77})}
    assert hook(good).status == 200
    assert publisher.platforms.database.fetch("SELECT platform_post_id FROM post_targets") == [("77",)]


def test_a_webhook_that_names_another_targets_post_is_taken_and_changes_nothing(publisher: Publisher) -> None:
    publisher.platforms.world.simulators["tiktok"].actions["settings"]({"processing_s": 0, "moderation_s": 3600})
    for key in ("k1", "k2"):
        publisher.publish(key, publisher.body("tiktok", media=[PHOTO]))
    found = publisher.platforms.database.fetch("SELECT accepted_id FROM post_targets ORDER BY created_at")
    for (publish_id,) in found:
        content = json.dumps({"publish_id": publish_id, "post_id": 77})
        assert hook({"event": "post.publish.publicly_available", "content": content}).status == 200
    ids = publisher.platforms.database.fetch("SELECT platform_post_id FROM post_targets ORDER BY created_at")
    assert ids == [("77",), (None,)]
