"""What Facebook refuses because of the app or of a role on a Page is never put down to the content or the connection."""

from __future__ import annotations

import hashlib
import hmac
import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from noillusion.settings import source as settings
from tests.api.conftest import Platforms
from tests.api.harness import Client
from tests.api.test_publishing import PHOTO, Publisher
from tests.support.logged import logged

SAMPLES = Path(__file__).resolve().parents[1] / "samples" / "facebook"
OPERATOR = "Tell its operator, who alone can fix this."
ON_THIS_PAGE = "on this Page"


@pytest.fixture
def publisher(platforms: Platforms) -> Publisher:
    return Publisher(platforms)


def refuse(publisher: Publisher, name: str, method: str, path: str) -> None:
    """Let Facebook answer with a sample."""
    held = json.loads((SAMPLES / f"{name}.json").read_text())
    publisher.platforms.fault(platform="facebook", method=method, path=path, status=held["status"], body=held["body"], times=-1)


def published(publisher: Publisher) -> dict[str, Any]:
    """The error of a text that was published on the Page."""
    (target,) = publisher.publish("k", publisher.body("facebook")).json["targets"]
    assert target["status"] == "failed", target
    return dict(target["error"])


def checked(publisher: Publisher) -> dict[str, Any]:
    """The result of testing the connection."""
    path = f"/v1/connections/{publisher.connections['facebook']}/test"
    return dict(publisher.client.request("connect_callback", "POST", path).json)


REEL = {"kind": "video", "url": "https://cdn.example.com/clip.mp4"}
PROBE = r"/10[0-9]+$"


@pytest.mark.parametrize("name", ["error-100-secret-proof", "error-100-parameter"])
def test_E7_what_is_refused_before_anything_was_sent_is_the_operators_matter(publisher: Publisher, name: str) -> None:
    refuse(publisher, name, "GET", PROBE)
    with logged() as log:
        error = published(publisher)
        result = checked(publisher)
    assert (error["error_class"], result["error_class"]) == ("operator", "operator")
    assert OPERATOR in error["message"] and OPERATOR in result["advice"]
    assert log.getvalue().count('"message":"app_refused"') >= 2
    assert publisher.platforms.posts("facebook") == []
    assert result["connection"]["status"] == "active"


def test_E7_a_missing_proof_is_named_in_the_log_and_in_words(publisher: Publisher) -> None:
    refuse(publisher, "error-100-secret-proof", "GET", PROBE)
    with logged() as log:
        assert "signed calls" in published(publisher)["message"]
    assert '"code":"100/appsecret_proof"' in log.getvalue()


@pytest.mark.parametrize(
    ("name", "method", "path"),
    [("error-190-page-role", "POST", "/feed$"), ("error-190-page-role", "GET", PROBE), ("error-100-page-feature", "GET", PROBE)],
)
def test_I8_a_role_or_feature_that_is_missing_on_the_page_is_named_and_ends_no_connection(
    publisher: Publisher, name: str, method: str, path: str
) -> None:
    refuse(publisher, name, method, path)
    error = published(publisher)
    assert (error["error_class"], ON_THIS_PAGE in error["message"]) == ("permission", True), error
    result = checked(publisher)
    if method == "GET":
        assert (result["error_class"], ON_THIS_PAGE in result["advice"]) == ("permission", True), result
    assert result["connection"]["status"] == "active"


def require_proofs(platforms: Platforms) -> None:
    """Switch on what an app's settings at Meta call "Require app secret"."""
    platforms.world.simulators["facebook"].actions["settings"]({"require_proof": 1})


def test_E7_an_app_that_requires_proofs_is_told_apart_before_an_account_is_connected(platforms: Platforms) -> None:
    require_proofs(platforms)
    with logged() as log:
        assert platforms.consent(Client(), "facebook").json["error"] == "app_refused"
    assert '"code":"100/appsecret_proof"' in log.getvalue()


def test_E7_accounts_that_the_app_may_not_list_are_the_operators_matter(platforms: Platforms) -> None:
    handle = platforms.consent(Client(), "facebook").json["pending_id"]
    require_proofs(platforms)
    answer = Client().request("connect_callback", "GET", f"/v1/connections/pending/{handle}")
    assert (answer.status, answer.json["code"]) == (502, "app_refused"), answer.text
    assert OPERATOR in answer.json["detail"]


def test_E7_with_the_setting_every_call_carries_the_proof_of_its_own_token(
    platforms: Platforms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("META_APPSECRET_PROOF", "true")
    settings.settings.forget()
    require_proofs(platforms)
    publisher = Publisher(platforms, "auth0|bob")
    platforms.world.simulators["facebook"].actions["settings"]({"processing_s": 0})
    for number, (kind, media) in enumerate(((None, []), (None, [PHOTO]), ("reel", [REEL]))):
        body = publisher.body("facebook", media=media)
        body["targets"][0] |= {"kind": kind} if kind else {}
        answer = publisher.publish(f"k{number}", body)
        assert publisher.statuses(answer) == {"facebook": "published"}, answer.text
    assert checked(publisher)["ok"] is True
    path = f"/v1/connections/{publisher.connections['facebook']}"
    assert publisher.client.request("connect_callback", "DELETE", path).status == 200
    calls = [e for e in platforms.world.journal if e.platform == "facebook" and e.headers.get("authorization")]
    assert {e.host for e in calls} == {"graph.facebook.com", "rupload.facebook.com"}
    for call in calls:
        token = call.headers["authorization"].partition(" ")[2]
        proof = hmac.new(b"facebook-app-secret", token.encode(), hashlib.sha256).hexdigest()
        assert parse_qs(call.query).get("appsecret_proof") == ([proof] if call.host.startswith("graph.") else None), call.path
    assert not [e for e in platforms.world.journal if "facebook-app-secret" in e.query]


def test_E7_without_the_setting_no_call_carries_a_proof(publisher: Publisher) -> None:
    answer = publisher.publish("k", publisher.body("facebook"))
    assert publisher.statuses(answer) == {"facebook": "published"}
    assert not [e for e in publisher.platforms.world.journal if "appsecret_proof" in e.query]
