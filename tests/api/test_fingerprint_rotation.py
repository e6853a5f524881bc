"""Rotation of the fingerprint key: what was kept under the old key is recognised and found until it is over."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from noillusion import db
from noillusion.core import loop
from noillusion.db import WORKER, sql
from noillusion.settings import source as settings
from noillusion.vault import sealer as crypto
from noillusion.vault.sealer import fingerprint
from tests.api.conftest import Platforms
from tests.api.harness import Client
from tests.api.test_connections import signed_request, subject
from tests.api.test_publishing import Publisher, let_pass
from tests.support.deployment import key

Rotate = Callable[..., None]


@pytest.fixture
def rotate(monkeypatch: pytest.MonkeyPatch) -> Rotate:
    """Changes the key ring: the current key's id, then all ids; the plain key of the deployment stays unless it is dropped."""

    def change(current: str, *ids: str, plain: bool = True) -> None:
        ring = {"current": current, "keys": {key_id: key(40 + int(key_id[1:])) for key_id in ids}}
        monkeypatch.setenv("FINGERPRINT_KEYS", json.dumps(ring))
        if not plain:
            monkeypatch.delenv("FINGERPRINT_KEY")
        settings.settings.forget()

    return change


def stored(text: str) -> list[str]:
    """One column of a query, as workers see it."""
    return [next(iter(row.values())) for row in loop.run(db.database().flight(WORKER, sql(text)))[0]]


def test_a_repeated_request_is_recognised_before_and_after_each_step_of_a_rotation(platforms: Platforms, rotate: Rotate) -> None:
    publisher = Publisher(platforms)
    body = publisher.body("facebook")
    first = publisher.publish("k1", body)
    for current, *others in (("f1", "f1"), ("f2", "f1", "f2")):
        rotate(current, *others)
        again = publisher.publish("k1", body)
        assert (again.status, again.json["id"]) == (201, first.json["id"]), again.text
        other = publisher.publish("k1", publisher.body("facebook", text="Another"))
        assert (other.status, other.json["code"]) == (409, "idempotency_key_reused")
    body = publisher.body("facebook", text="After the rotation")
    second = publisher.publish("k2", body)
    assert publisher.publish("k2", body).json["id"] == second.json["id"]
    assert {text.partition(".")[0] for text in stored("SELECT request_fingerprint FROM posts") if "." in text} == {"f2"}
    assert len(platforms.posts("facebook")) == 2


def test_a_grant_waits_for_its_choice_across_a_rotation(platforms: Platforms, rotate: Rotate) -> None:
    client = Client()
    begun = client.request("connect_callback", "POST", "/v1/connections/linkedin/authorize", body={})
    rotate("f1", "f1")
    handle = platforms.come_back(client, "linkedin", begun.json["authorization_url"]).json["pending_id"]
    rotate("f2", "f1", "f2")
    answer = client.request("connect_callback", "GET", f"/v1/connections/pending/{handle}")
    assert answer.status == 200 and answer.json["accounts"], answer.text


def test_a_receipt_is_found_by_its_code_after_a_rotation(platforms: Platforms, rotate: Rotate) -> None:
    platforms.connect(Client(), "facebook")
    body = signed_request("facebook-app-secret", subject(platforms))
    answer = Client(sub=None).request("connect_callback", "POST", "/v1/callbacks/meta/data-deletion", raw=body)
    code = answer.json["confirmation_code"]

    def status() -> int:
        path = f"/v1/callbacks/meta/data-deletion/{code}"
        return Client(sub=None).request("connect_callback", "GET", path).status

    assert status() == 200
    rotate("f1", "f1")
    assert status() == 200
    rotate("f1", "f1", plain=False)
    assert status() == 404


def test_an_unknown_outcome_is_read_back_after_a_rotation(
    platforms: Platforms, rotate: Rotate, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher = Publisher(platforms)
    platforms.fault(platform="facebook", path="/feed$", method="POST", when="after", drop=True)
    answer = publisher.publish("k", publisher.body("facebook"))
    assert publisher.statuses(answer) == {"facebook": "unknown"}
    rotate("f1", "f1")
    let_pass(monkeypatch, minutes=1)
    publisher.advance(answer.json["targets"][0]["id"])
    assert publisher.read(answer.json["id"])["status"] == "published"
    assert len(platforms.posts("facebook")) == 1


def test_a_key_added_meanwhile_is_looked_for_before_a_request_counts_as_another(
    platforms: Platforms, rotate: Rotate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another environment made the fingerprint under a key that this one has not read yet."""
    publisher = Publisher(platforms)
    rotate("f1", "f1", "f2")
    newer = settings.settings()
    body = publisher.body("facebook")
    first = publisher.publish("k", body)
    monkeypatch.setattr(crypto, "_gone", {})
    asked: list[bool] = []

    def reread(*, fresh: bool) -> None:
        asked.append(fresh)
        monkeypatch.setattr(settings.settings, "_current", newer)

    monkeypatch.delenv("FINGERPRINT_KEYS")
    settings.settings.forget()
    monkeypatch.setattr(settings.settings, "reread", reread)
    again = publisher.publish("k", body)
    assert (again.status, again.json["id"], asked) == (201, first.json["id"], [True])


def test_deleted_people_are_recognised_under_every_key_of_the_ring(deployment: Any, rotate: Rotate) -> None:
    """What the guide to restoring a backup does with the hashes of receipts."""
    old = fingerprint("deleted-user", "auth0|gone")
    rotate("f1", "f1")
    new = fingerprint("deleted-user", "auth0|gone-later")
    ring = settings.settings().fingerprint_keys
    found = [
        {old, new}.intersection(crypto.fingerprints("deleted-user", user, ring=ring)) for user in ("auth0|gone", "auth0|here")
    ]
    assert found == [{old}, set()] and new in crypto.fingerprints("deleted-user", "auth0|gone-later", ring=ring)
