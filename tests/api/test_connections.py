"""Connecting accounts: the redirect dance, the account choice, and what must not be possible."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from tests.api.conftest import Platforms
from tests.api.harness import Answer, Client

ALL = ("facebook", "instagram", "linkedin", "tiktok")


@pytest.mark.parametrize("platform", ALL)
def test_an_account_is_connected_through_the_platforms_own_dialog(platforms: Platforms, platform: str) -> None:
    client = Client()
    connected = platforms.connect(client, platform)
    assert connected and all(c["status"] == "active" and c["platform"] == platform for c in connected)
    listed = client.request("connect_callback", "GET", "/v1/connections").json
    assert [c["id"] for c in listed["items"]] == [c["id"] for c in connected]
    tested = client.request("connect_callback", "POST", f"/v1/connections/{connected[0]['id']}/test")
    assert tested.json["ok"] is True, tested.text


@pytest.mark.parametrize("platform", ALL)
def test_tokens_rest_sealed_and_appear_in_no_answer(platforms: Platforms, platform: str) -> None:
    client = Client()
    platforms.connect(client, platform)
    dump = platforms.database.dump()
    sealed = platforms.database.fetch("SELECT sealed_access_token FROM platform_connections")
    assert all(token.startswith("v2.k1.") for (token,) in sealed)
    tokens = [part for e in platforms.world.journal for part in e.headers.get("authorization", "").split()[1:]]
    assert tokens
    listed = client.request("connect_callback", "GET", "/v1/connections").text
    assert not [token for token in tokens if token in dump or token in listed]


def test_connecting_again_renews_in_place(platforms: Platforms) -> None:
    client = Client()
    first, second = (platforms.connect(client, "tiktok") for _ in range(2))
    assert [c["id"] for c in first] == [c["id"] for c in second]


def test_a_state_works_once(platforms: Platforms) -> None:
    client = Client()
    begun = client.request("connect_callback", "POST", "/v1/connections/linkedin/authorize", body={}).json
    assert platforms.come_back(client, "linkedin", begun["authorization_url"]).status == 200
    again = platforms.come_back(client, "linkedin", begun["authorization_url"])
    assert (again.status, again.json["code"]) == (400, "invalid_state")


def test_a_state_is_good_for_its_own_platform_only(platforms: Platforms) -> None:
    begun = Client().request("connect_callback", "POST", "/v1/connections/linkedin/authorize", body={}).json
    state = parse_qs(urlsplit(begun["authorization_url"]).query)["state"][0]
    answer = Client(None).request("connect_callback", "GET", "/v1/oauth/tiktok/callback", query={"state": state, "code": "x"})
    assert (answer.status, answer.json["code"]) == (400, "invalid_state")


@pytest.mark.parametrize("state", ["", "x", "a.b.c", "eyJhbGciOiJub25lIn0.eyJqdGkiOiJ4In0."])
def test_a_forged_state_stores_nothing(platforms: Platforms, state: str) -> None:
    answer = Client(None).request("connect_callback", "GET", "/v1/oauth/tiktok/callback", query={"state": state, "code": "x"})
    assert answer.status == 400
    assert platforms.database.fetch("SELECT COUNT(*) FROM connection_attempts") == [(0,)]


def test_a_grant_is_good_only_for_the_user_who_began(platforms: Platforms) -> None:
    pending_id = platforms.consent(Client("auth0|alice"), "tiktok").json["pending_id"]
    path = f"/v1/connections/pending/{pending_id}"
    foreign = Client("auth0|mallory").request("connect_callback", "GET", path)
    absent = Client("auth0|mallory").request("connect_callback", "GET", "/v1/connections/pending/made-up")
    assert foreign.status == absent.status == 404
    assert {**foreign.json, "correlation_id": ""} == {**absent.json, "correlation_id": ""}
    assert Client("auth0|alice").request("connect_callback", "GET", path).status == 200


def test_a_person_who_declines_leaves_nothing_behind(platforms: Platforms) -> None:
    platforms.world.simulators["facebook"].actions["consent"]({"decision": "deny"})
    answer = platforms.consent(Client(), "facebook")
    assert answer.json == {
        "platform": "facebook",
        "pending_id": None,
        "error": "declined",
        "retryable": True,
        "advice": "You declined on the platform. Start again if you want to connect an account.",
    }
    assert Client().request("connect_callback", "GET", "/v1/connections").json["items"] == []


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.test/",
        "https://app.test.evil.test/",
        "//app.test/",
        "https://app.test\\@evil.test/",
        "javascript:alert(1)",
        "https://app.test/connected#evil",
        "https://app.test/%2e%2e/evil",
    ],
)
def test_the_browser_is_sent_only_where_the_operator_allows(platforms: Platforms, url: str) -> None:
    answer = Client().request("connect_callback", "POST", "/v1/connections/tiktok/authorize", body={"return_url": url})
    assert (answer.status, answer.json["errors"][0]["field"]) == (422, "return_url")
    assert "evil" not in answer.text


def test_the_browser_returns_to_the_frontend_with_a_handle_and_no_secret(platforms: Platforms) -> None:
    client = Client()
    body = {"return_url": "https://app.test/connected?tab=1"}
    begun = client.request("connect_callback", "POST", "/v1/connections/tiktok/authorize", body=body).json
    answer = platforms.come_back(client, "tiktok", begun["authorization_url"])
    assert answer.status == 303
    parts = urlsplit(answer.headers["location"])
    assert (parts.netloc, set(parse_qs(parts.query))) == ("app.test", {"tab", "platform", "pending"})


def test_disconnecting_withdraws_the_grant(platforms: Platforms) -> None:
    client = Client()
    (connection,) = platforms.connect(client, "tiktok")
    answer = client.request("connect_callback", "DELETE", f"/v1/connections/{connection['id']}")
    assert answer.json["revoked"] is True, answer.text
    assert platforms.requests("tiktok", "/oauth/revoke/") == 1
    assert client.request("connect_callback", "POST", f"/v1/connections/{connection['id']}/test").status == 404


def test_another_users_connection_is_as_absent_as_a_made_up_one(platforms: Platforms) -> None:
    (connection,) = platforms.connect(Client("auth0|alice"), "tiktok")
    mallory = Client("auth0|mallory")
    for method, suffix, body in (("POST", "/test", None), ("PATCH", "", {"label": "x"}), ("DELETE", "", None)):
        foreign = mallory.request("connect_callback", method, f"/v1/connections/{connection['id']}{suffix}", body=body)
        absent = mallory.request(
            "connect_callback", method, f"/v1/connections/{'0' * 8}-0000-4000-8000-{'0' * 12}{suffix}", body=body
        )
        assert foreign.status == absent.status == 404
        assert {**foreign.json, "correlation_id": ""} == {**absent.json, "correlation_id": ""}
    assert mallory.request("connect_callback", "GET", "/v1/connections").json["items"] == []


@pytest.mark.parametrize("platform", ["facebook", "instagram"])
def test_metas_deauthorize_callback_ends_the_connections_of_its_subject(platforms: Platforms, platform: str) -> None:
    client = Client()
    platforms.connect(client, platform)
    body = signed_request(f"{platform}-app-secret", subject(platforms))
    forged = client.request(
        "connect_callback", "POST", "/v1/callbacks/meta/deauthorize", raw=signed_request("wrong", subject(platforms))
    )
    assert (forged.status, forged.json["code"]) == (400, "invalid_signature")
    assert Client(None).request("connect_callback", "POST", "/v1/callbacks/meta/deauthorize", raw=body).status == 200
    assert {c["status"] for c in client.request("connect_callback", "GET", "/v1/connections").json["items"]} == {
        "reauth_required"
    }


def test_metas_data_deletion_callback_deletes_and_shows_its_state(platforms: Platforms) -> None:
    client = Client()
    platforms.connect(client, "facebook")
    body = signed_request("facebook-app-secret", subject(platforms))
    answer = Client(None).request("connect_callback", "POST", "/v1/callbacks/meta/data-deletion", raw=body)
    assert answer.json["url"].endswith(answer.json["confirmation_code"])
    assert client.request("connect_callback", "GET", "/v1/connections").json["items"] == []
    status = Client(None).request(
        "connect_callback", "GET", f"/v1/callbacks/meta/data-deletion/{answer.json['confirmation_code']}"
    )
    assert status.json["state"] == "completed"
    assert Client(None).request("connect_callback", "GET", "/v1/callbacks/meta/data-deletion/made-up").status == 404


DAY_S = 86_400


def statuses(client: Client) -> set[str]:
    """The states of a user's connections."""
    return {c["status"] for c in client.request("connect_callback", "GET", "/v1/connections").json["items"]}


@pytest.mark.parametrize("platform", ["facebook", "instagram"])
@pytest.mark.parametrize("route", ["deauthorize", "data-deletion"])
@pytest.mark.parametrize("age_s", [120, DAY_S, 90 * DAY_S])
def test_a_signed_request_from_before_the_grant_is_acknowledged_and_changes_nothing(
    platforms: Platforms, platform: str, route: str, age_s: int
) -> None:
    client = Client()
    platforms.connect(client, platform)
    old = signed_request(f"{platform}-app-secret", subject(platforms), time.time() - age_s)
    answer = Client(None).request("connect_callback", "POST", f"/v1/callbacks/meta/{route}", raw=old)
    assert answer.status == 200, answer.text
    assert statuses(client) == {"active"}
    connection = client.request("connect_callback", "GET", "/v1/connections").json["items"][0]
    assert client.request("connect_callback", "POST", f"/v1/connections/{connection['id']}/test").json["ok"] is True


@pytest.mark.parametrize("platform", ["facebook", "instagram"])
def test_a_deauthorization_that_comes_again_after_reconnecting_does_not_end_the_new_grant(
    platforms: Platforms, platform: str
) -> None:
    client = Client()
    platforms.connect(client, platform)
    body = signed_request(f"{platform}-app-secret", subject(platforms), time.time() - 300)
    platforms.database.execute("UPDATE platform_connections SET token_issued_at = '2020-01-01T00:00:00.000000+00:00'")
    for _ in range(2):
        assert Client(None).request("connect_callback", "POST", "/v1/callbacks/meta/deauthorize", raw=body).status == 200
        assert statuses(client) == {"reauth_required"}
    platforms.connect(client, platform)
    assert Client(None).request("connect_callback", "POST", "/v1/callbacks/meta/deauthorize", raw=body).status == 200
    assert statuses(client) == {"active"}


def test_a_signed_request_counts_although_metas_clock_is_a_little_behind_or_ahead(platforms: Platforms) -> None:
    client = Client()
    for skew_s in (-30, 3600):
        platforms.connect(client, "facebook")
        body = signed_request("facebook-app-secret", subject(platforms), time.time() + skew_s)
        assert Client(None).request("connect_callback", "POST", "/v1/callbacks/meta/deauthorize", raw=body).status == 200
        assert statuses(client) == {"reauth_required"}


def removed_at_tiktok(open_id: str, **moment: int) -> Answer:
    """What we answer to TikTok's webhook about a person who removed the app."""
    body = json.dumps({"event": "authorization.removed", "user_openid": open_id, "content": '{"reason": 1}', **moment})
    stamp = int(time.time())
    signature = hmac.new(b"tiktok-app-secret", f"{stamp}.{body}".encode(), hashlib.sha256).hexdigest()
    headers = {"tiktok-signature": f"t={stamp},s={signature}"}
    return Client(None).request("connect_callback", "POST", "/v1/callbacks/tiktok", raw=body, headers=headers)


def test_a_webhook_about_a_removal_that_comes_again_does_not_end_a_newer_grant(platforms: Platforms) -> None:
    client = Client()
    platforms.connect(client, "tiktok")
    open_id = subject(platforms)
    platforms.database.execute("UPDATE platform_connections SET token_issued_at = '2020-01-01T00:00:00.000000+00:00'")
    removed_at = int(time.time()) - 300
    assert removed_at_tiktok(open_id, create_time=removed_at).status == 200
    assert statuses(client) == {"reauth_required"}
    platforms.connect(client, "tiktok")
    assert removed_at_tiktok(open_id, create_time=removed_at).status == 200
    assert statuses(client) == {"active"}
    assert removed_at_tiktok(open_id).status == 200
    assert statuses(client) == {"reauth_required"}, "without a time, the signature's own time counts"


def subject(platforms: Platforms) -> str:
    """The app-scoped id that the connections hold."""
    found = {row[0] for row in platforms.database.fetch("SELECT grant_subject FROM platform_connections")}
    (only,) = found
    return str(only)


@pytest.mark.parametrize("broken", ["\\ud83d", "\\u0000"], ids=["half a character", "NUL"])
def test_an_account_whose_name_was_cut_in_the_middle_of_a_character_can_be_connected(platforms: Platforms, broken: str) -> None:
    body = f'{{"sub": "abc", "name": "Ada {broken}"}}'
    headers = {"content-type": "application/json"}
    platforms.fault(platform="linkedin", path="userinfo$", status=200, body=body, headers=headers, times=-1)
    assert [c["display_name"] for c in platforms.connect(Client(), "linkedin")] == ["Ada \ufffd"]


DEEP = "[" * 100_000


@pytest.mark.parametrize("route", ["deauthorize", "data-deletion"])
@pytest.mark.parametrize(
    ("secret", "claims", "code"),
    [
        ("wrong", DEEP, "invalid_signature"),
        ("wrong", "no JSON", "invalid_signature"),
        ("facebook-app-secret", DEEP, "invalid_signed_request"),
        ("facebook-app-secret", '{"user_id": "\\ud800"}', "invalid_signed_request"),
        ("facebook-app-secret", '{"user_id": "1\\u0000"}', "invalid_signed_request"),
        ("facebook-app-secret", "[]", "invalid_signed_request"),
        ("facebook-app-secret", '{"user_id": "1"}', "invalid_signed_request"),
        ("facebook-app-secret", '{"user_id": "1", "issued_at": "soon"}', "invalid_signed_request"),
        ("facebook-app-secret", '{"user_id": "1", "issued_at": -1}', "invalid_signed_request"),
        ("facebook-app-secret", '{"user_id": "1", "issued_at": 1e400}', "invalid_signed_request"),
    ],
)
def test_a_callback_looks_only_into_what_is_signed_and_survives_it(
    platforms: Platforms, route: str, secret: str, claims: str, code: str
) -> None:
    answer = Client(None).request("connect_callback", "POST", f"/v1/callbacks/meta/{route}", raw=signed(secret, claims))
    assert (answer.status, answer.json["code"]) == (400, code), answer.text


def test_a_callback_takes_no_large_body(platforms: Platforms) -> None:
    for route in ("meta/deauthorize", "meta/data-deletion", "tiktok"):
        answer = Client(None).request("connect_callback", "POST", f"/v1/callbacks/{route}", raw="a" * 300_000)
        assert (answer.status, answer.json["code"]) == (413, "body_too_large")


@pytest.mark.parametrize("stamp", [None, "9" * 5000])
@pytest.mark.parametrize(
    "body",
    [
        DEEP,
        json.dumps({"event": "post.publish.complete", "content": DEEP}),
        json.dumps({"event": "post.publish.complete", "content": json.dumps({"publish_id": "v_pub\x00"})}),
        json.dumps({"event": "authorization.removed", "user_openid": "\ud83d", "content": "{}"}),
    ],
    ids=["deep", "deep inside", "NUL", "half a character"],
)
def test_a_webhook_that_is_no_plain_event_is_refused_even_if_it_is_signed(
    platforms: Platforms, body: str, stamp: str | None
) -> None:
    stamp = stamp or str(int(time.time()))
    signature = hmac.new(b"tiktok-app-secret", f"{stamp}.{body}".encode(), hashlib.sha256).hexdigest()
    headers = {"tiktok-signature": f"t={stamp},s={signature}"}
    answer = Client(None).request("connect_callback", "POST", "/v1/callbacks/tiktok", raw=body, headers=headers)
    assert answer.status == 400, answer.text


def signed_request(secret: str, user_id: str, issued_at: float | None = None) -> str:
    """A form body as Meta sends it (platforms.md 0.5), signed now or at another time."""
    at = int(time.time() if issued_at is None else issued_at)
    return signed(secret, json.dumps({"algorithm": "HMAC-SHA256", "issued_at": at, "user_id": user_id}))


def signed(secret: str, claims: str) -> str:
    """Any claims, signed."""
    payload = base64.urlsafe_b64encode(claims.encode()).rstrip(b"=")
    signature = base64.urlsafe_b64encode(hmac.new(secret.encode(), payload, hashlib.sha256).digest()).rstrip(b"=")
    return urlencode({"signed_request": f"{signature.decode()}.{payload.decode()}"})
