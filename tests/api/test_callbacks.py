"""Callbacks of the platforms: sent again, at once, late, about nobody we know, and while the database fails in the middle."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections import Counter
from dataclasses import dataclass
from typing import Any

import pytest

from noillusion.core.errors import Unavailable
from tests.api.conftest import Platforms
from tests.api.harness import Answer, Client, Context, load
from tests.api.test_connections import signed_request, subject
from tests.support.meanwhile import meanwhile

PLATFORMS = ("facebook", "instagram", "tiktok")


@dataclass
class Removal:
    """The message of a platform that a person removed the app."""

    platform: str
    person: str

    def send(self, at: float | None = None, *, signed_at: float | None = None, secret: str = "") -> Answer:
        """Send it: what happened ``at`` a time, signed at another."""
        secret = secret or f"{self.platform}-app-secret"
        if self.platform != "tiktok":
            raw = signed_request(secret, self.person, at)
            return Client(None).request("connect_callback", "POST", "/v1/callbacks/meta/deauthorize", raw=raw)
        moment = int(at or time.time())
        event = {"event": "authorization.removed", "user_openid": self.person, "create_time": moment, "content": '{"reason": 1}'}
        return webhook(event, signed_at, secret)


def webhook(event: dict[str, Any], signed_at: float | None = None, secret: str = "tiktok-app-secret") -> Answer:
    """Send an event as TikTok does."""
    body, stamp = json.dumps(event), int(signed_at or time.time())
    signature = hmac.new(secret.encode(), f"{stamp}.{body}".encode(), hashlib.sha256).hexdigest()
    headers = {"tiktok-signature": f"t={stamp},s={signature}"}
    return Client(None).request("connect_callback", "POST", "/v1/callbacks/tiktok", raw=body, headers=headers)


def seen(client: Client) -> tuple[Counter[str], Counter[str]]:
    """Statuses of the user's connections, and the notices about dead ones."""
    connections = client.request("connect_callback", "GET", "/v1/connections").json["items"]
    notices = client.request("profile", "GET", "/v1/notifications").json["items"]
    return Counter(c["status"] for c in connections), Counter(n["kind"] for n in notices if n["kind"] == "connection_dead")


@pytest.fixture(params=PLATFORMS)
def removal(request: pytest.FixtureRequest, platforms: Platforms) -> Removal:
    """A person whose accounts are connected, and who has a grant that waits."""
    platforms.connect(Client(), request.param)
    platforms.consent(Client(), request.param)
    return Removal(request.param, subject(platforms))


def ended(platforms: Platforms) -> tuple[Counter[str], Counter[str]]:
    """What is seen once a removal was noted."""
    connections = platforms.database.fetch("SELECT COUNT(*) FROM platform_connections")[0][0]
    return Counter({"reauth_required": connections}), Counter({"connection_dead": connections})


def test_a_removal_that_is_sent_again_and_again_is_noted_once(platforms: Platforms, removal: Removal) -> None:
    answers = [removal.send() for _ in range(3)]
    assert [(answer.status, answer.json) for answer in answers] == [(200, {})] * 3
    assert seen(Client()) == ended(platforms)
    assert platforms.database.fetch("SELECT COUNT(*) FROM connection_attempts WHERE state = 'authorised'") == [(0,)]


def test_a_removal_about_nobody_we_know_is_acknowledged(platforms: Platforms, removal: Removal) -> None:
    stranger = Removal(removal.platform, removal.person[:-1] + ("1" if removal.person[-1] != "1" else "2"))
    assert (stranger.send().status, stranger.send().json) == (200, {})
    statuses, notices = seen(Client())
    assert set(statuses) == {"active"} and not notices


def test_an_old_removal_changes_neither_a_newer_connection_nor_a_newer_grant(platforms: Platforms, removal: Removal) -> None:
    assert removal.send(time.time() - 120).status == 200
    statuses, notices = seen(Client())
    assert set(statuses) == {"active"} and not notices
    assert platforms.database.fetch("SELECT COUNT(*) FROM connection_attempts WHERE state = 'authorised'") == [(1,)]


def test_a_removal_ends_the_connections_of_all_users_of_that_person_and_of_nobody_else(
    platforms: Platforms, removal: Removal
) -> None:
    platforms.connect(Client("auth0|bob"), removal.platform)
    platforms.connect(Client("auth0|bob"), "linkedin")
    assert removal.send().status == 200
    assert set(seen(Client())[0]) == {"reauth_required"}
    statuses, notices = seen(Client("auth0|bob"))
    assert statuses["reauth_required"] == notices["connection_dead"] and set(statuses) == {"reauth_required", "active"}


def test_a_database_that_fails_in_the_middle_leaves_nothing_that_a_repeat_does_not_finish(
    platforms: Platforms, removal: Removal, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails() -> None:
        raise Unavailable("database_unavailable")

    at = 0
    statuses: list[int] = []
    while not statuses or statuses[-1] != 200:
        with meanwhile(monkeypatch, fails, at=at):
            statuses.append(removal.send().status)
        at += 1
        assert at < 10
    assert set(statuses[:-1]) == {503}, statuses
    assert removal.send().status == 200
    assert seen(Client()) == ended(platforms)


def test_one_account_that_fails_does_not_keep_the_others_alive(platforms: Platforms, monkeypatch: pytest.MonkeyPatch) -> None:
    connected = platforms.connect(Client(), "facebook")
    removal = Removal("facebook", subject(platforms))

    async def fails() -> None:
        raise Unavailable("database_unavailable")

    with meanwhile(monkeypatch, fails, at=0) as watch:
        assert removal.send().status == 503
    assert watch.happened and len(connected) == 2
    assert seen(Client())[0] == Counter({"reauth_required": 1, "active": 1})


@pytest.mark.parametrize("age_s", [301, 3600, -301])
def test_a_webhook_whose_signature_is_too_old_or_from_the_future_is_refused(platforms: Platforms, age_s: int) -> None:
    platforms.connect(Client(), "tiktok")
    removal = Removal("tiktok", subject(platforms))
    answer = removal.send(signed_at=time.time() - age_s)
    assert (answer.status, answer.json["code"]) == (400, "stale_signature")
    assert seen(Client())[0] == Counter({"active": 1})
    assert removal.send(signed_at=time.time() - 290).status == 200, "delivered within the tolerance"
    assert seen(Client())[0] == Counter({"reauth_required": 1})


def test_a_webhook_that_is_signed_with_another_secret_or_over_another_time_is_refused(platforms: Platforms) -> None:
    platforms.connect(Client(), "tiktok")
    person = subject(platforms)
    forged = Removal("tiktok", person).send(secret="facebook-app-secret")
    assert (forged.status, forged.json["code"]) == (400, "invalid_signature")
    body, stamp = json.dumps({"event": "authorization.removed", "user_openid": person, "content": "{}"}), int(time.time())
    signature = hmac.new(b"tiktok-app-secret", f"{stamp - 9}.{body}".encode(), hashlib.sha256).hexdigest()
    headers = {"tiktok-signature": f"t={stamp},s={signature}"}
    moved = Client(None).request("connect_callback", "POST", "/v1/callbacks/tiktok", raw=body, headers=headers)
    assert (moved.status, moved.json["code"]) == (400, "invalid_signature")
    assert seen(Client())[0] == Counter({"active": 1})


def test_events_that_tiktok_may_add_are_acknowledged(platforms: Platforms) -> None:
    platforms.connect(Client(), "tiktok")
    person = subject(platforms)
    for event in ("video.upload.failed", "video.publish.completed", "a.new.event"):
        assert webhook({"event": event, "user_openid": person, "content": "{}"}).status == 200
    assert webhook({"event": "post.publish.complete", "content": '{"publish_id": "v_pub_url~v2.1"}'}).status == 200
    assert seen(Client())[0] == Counter({"active": 1})


def deletion(platform: str, person: str, at: float | None = None) -> Answer:
    """Meta's request to delete a person's data."""
    raw = signed_request(f"{platform}-app-secret", person, at)
    return Client(None).request("connect_callback", "POST", "/v1/callbacks/meta/data-deletion", raw=raw)


@pytest.mark.parametrize("platform", ["facebook", "instagram"])
def test_a_deletion_is_answered_as_meta_needs_it_for_anybody_and_however_often(platforms: Platforms, platform: str) -> None:
    platforms.connect(Client(), platform)
    person = subject(platforms)
    codes = []
    for who in ("99887766", person, person):
        answer = deletion(platform, who)
        assert answer.status == 200 and answer.json.keys() == {"url", "confirmation_code"}, answer.text
        assert answer.json["url"].endswith(answer.json["confirmation_code"])
        path = f"/v1/callbacks/meta/data-deletion/{answer.json['confirmation_code']}"
        assert Client(None).request("connect_callback", "GET", path).json["state"] == "completed"
        codes.append(answer.json["confirmation_code"])
    assert len(set(codes)) == 3
    assert seen(Client())[0] == Counter()


def test_a_deletion_that_failed_in_the_middle_is_finished_by_a_repeat(
    platforms: Platforms, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails() -> None:
        raise Unavailable("database_unavailable")

    platforms.connect(Client(), "facebook")
    platforms.consent(Client(), "facebook")
    person, at = subject(platforms), 0
    answers: list[Answer] = []
    while not answers or answers[-1].status != 200:
        with meanwhile(monkeypatch, fails, at=at):
            answers.append(deletion("facebook", person))
        at += 1
        assert at < 40
    assert {answer.status for answer in answers[:-1]} <= {500, 503} and len(answers) > 3
    last = deletion("facebook", person)
    # What a failed request had begun is continued once nobody works on it.
    platforms.database.execute("UPDATE former_accounts SET lease_until = '2026-01-01T00:00:00.000000Z'")
    platforms.database.execute("UPDATE deletion_receipts SET created_at = '2026-01-01T00:00:00.000000Z'")
    for _ in range(2):
        load("maintain").handler({"task": "leaving"}, Context(60))
    path = f"/v1/callbacks/meta/data-deletion/{last.json['confirmation_code']}"
    assert Client(None).request("connect_callback", "GET", path).json["state"] == "completed"
    assert seen(Client())[0] == Counter()
    assert platforms.database.fetch("SELECT COUNT(*) FROM connection_attempts WHERE sealed_credentials IS NOT NULL") == [(0,)]
