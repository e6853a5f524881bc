"""Publishing to four platforms: each target its own failure domain, nothing twice, nothing lost."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from noillusion.core import clock
from noillusion.flows.runner import Runner
from tests.api.conftest import Platforms
from tests.api.connected import connect_all
from tests.api.harness import Answer, Client, Context, load

PHOTO = {"url": "https://cdn.example.com/photo.jpg", "alt_text": "a photo"}
TIKTOK = {"tiktok": {"privacy_level": "PUBLIC_TO_EVERYONE", "consent": True}}


class Publisher:
    """One user with all four platforms connected (one account each)."""

    def __init__(self, platforms: Platforms, sub: str = "auth0|alice") -> None:
        self.platforms, self.client = platforms, Client(sub)
        self.connections = connect_all(platforms, self.client)

    def body(self, *names: str, text: str = "Hello from a test", **content: Any) -> dict[str, Any]:
        """A request for the named platforms: text where a platform takes text, else a photo."""
        targets = []
        for name in names or self.connections:
            target: dict[str, Any] = {"connection_id": self.connections[name]}
            if name in ("instagram", "tiktok") and not content:
                target["content"] = {"text": text, "media": [PHOTO]}
            if name == "tiktok":
                target["options"] = TIKTOK
            targets.append(target)
        return {"content": {"text": text, **content}, "targets": targets}

    def publish(self, key: str, body: dict[str, Any]) -> Answer:
        return self.client.request("publish", "POST", "/v1/posts", body=body, headers={"idempotency-key": key})

    def read(self, post_id: str) -> dict[str, Any]:
        return dict(self.client.request("publish", "GET", f"/v1/posts/{post_id}").json)

    def statuses(self, answer: Answer) -> dict[str, str]:
        return {t["platform"]: t["status"] for t in answer.json["targets"]}

    def advance(self, target_id: str) -> None:
        """What the queue consumer does with one message."""
        message = {"user_id": self.client.sub, "target_id": target_id}
        record = {"messageId": "m1", "body": json.dumps(message)}
        assert load("publish").handler({"Records": [record]}, Context(60)) == {"batchItemFailures": []}

    def make_due(self) -> None:
        """Let every open target be due now, as if the leases and gaps had passed."""
        self.platforms.database.execute("UPDATE post_targets SET lease_until = NULL WHERE next_check_at IS NOT NULL")


@pytest.fixture
def publisher(platforms: Platforms) -> Publisher:
    return Publisher(platforms)


def test_one_request_publishes_on_four_platforms(publisher: Publisher) -> None:
    answer = publisher.publish("k1", publisher.body())
    assert answer.status == 201, answer.text
    assert answer.json["status"] == "published"
    assert publisher.statuses(answer) == dict.fromkeys(publisher.connections, "published")
    for target in answer.json["targets"]:
        assert len(publisher.platforms.posts(target["platform"])) == 1
        assert target["platform_post_id"]
    assert publisher.read(answer.json["id"])["targets"] == answer.json["targets"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("facebook", {"link": {"url": "https://example.com/article"}}),
        ("facebook", {"media": [PHOTO]}),
        ("facebook", {"media": [{"data": "INLINE", "content_type": "image/jpeg"}]}),
        ("linkedin", {"link": {"url": "https://example.com/article", "title": "An article"}}),
        ("linkedin", {"media": [PHOTO]}),
        ("linkedin", {"media": [{"data": "INLINE", "content_type": "image/jpeg"}]}),
        ("tiktok", {"media": [{"kind": "video", "url": "https://cdn.example.com/clip.mp4"}]}),
    ],
)
def test_each_kind_arrives(publisher: Publisher, name: str, content: dict[str, Any]) -> None:
    content = json.loads(json.dumps(content).replace("INLINE", jpeg()))
    answer = publisher.publish("k", publisher.body(name, **content))
    assert publisher.statuses(answer) == {name: "published"}, answer.text
    assert len(publisher.platforms.posts(name)) == 1


def jpeg() -> str:
    """A small JPEG as base64."""
    import base64
    import io

    from PIL import Image

    buffer = io.BytesIO()
    Image.new("RGB", (640, 640), "teal").save(buffer, "JPEG")
    return base64.b64encode(buffer.getvalue()).decode()


def test_A7_the_same_key_and_body_give_the_same_answer_and_one_post(publisher: Publisher) -> None:
    first, second = (publisher.publish("same", publisher.body()) for _ in range(2))
    assert (first.status, first.json) == (second.status, second.json)
    assert (first.headers["idempotency-replayed"], second.headers["idempotency-replayed"]) == ("false", "true")
    assert all(len(publisher.platforms.posts(name)) == 1 for name in publisher.connections)


def test_A7_the_same_key_with_another_body_is_a_conflict(publisher: Publisher) -> None:
    publisher.publish("same", publisher.body("facebook"))
    other = publisher.publish("same", publisher.body("facebook", text="Something else"))
    assert (other.status, other.json["code"]) == (409, "idempotency_key_reused")
    assert len(publisher.platforms.posts("facebook")) == 1


def test_keys_of_different_users_do_not_meet(platforms: Platforms) -> None:
    answers = [(p := Publisher(platforms, sub)).publish("same", p.body("facebook", text=sub)) for sub in ("auth0|a", "auth0|b")]
    assert [a.status for a in answers] == [201, 201]


def test_a_publication_needs_a_key(publisher: Publisher) -> None:
    answer = publisher.client.request("publish", "POST", "/v1/posts", body=publisher.body("facebook"))
    assert (answer.status, answer.json["code"]) == (400, "idempotency_key_required")


def test_F9_one_platform_down_leaves_the_others_and_a_retry_publishes_only_it(publisher: Publisher) -> None:
    publisher.platforms.fault(platform="instagram", status=503, times=-1)
    body = publisher.body()
    answer = publisher.publish("k", body)
    assert answer.json["status"] == "partially_published", answer.text
    assert publisher.statuses(answer) == {
        "facebook": "published",
        "instagram": "failed",
        "linkedin": "published",
        "tiktok": "published",
    }
    failed = next(t for t in answer.json["targets"] if t["platform"] == "instagram")
    assert failed["error"]["retryable"] is True
    publisher.platforms.world.faults.clear()
    before = {name: len(publisher.platforms.posts(name)) for name in publisher.connections}
    retry = {"content": {"text": "Hello from a test", "media": [PHOTO]}}
    path = f"/v1/posts/{answer.json['id']}/retry"
    again = publisher.client.request("publish", "POST", path, body=retry)
    assert again.json["status"] == "published", again.text
    after = {name: len(publisher.platforms.posts(name)) for name in publisher.connections}
    assert after == {**before, "instagram": 1}
    new = next(t for t in again.json["targets"] if t["platform"] == "instagram")
    assert (new["attempt"], new["retry_of"]) == (2, failed["id"])
    assert publisher.client.request("publish", "POST", path, body=retry).json["code"] == "nothing_to_retry"


@pytest.mark.parametrize("name", ["facebook", "linkedin"])
def test_an_outage_before_anything_is_sent_is_a_clean_failure(publisher: Publisher, name: str) -> None:
    publisher.platforms.fault(platform=name, status=503, times=-1)
    assert publisher.statuses(publisher.publish("k", publisher.body(name))) == {name: "failed"}
    assert publisher.platforms.posts(name) == []


COMMITS = [
    ("facebook", r"graph.facebook.com/v[0-9.]+/[0-9]+/feed"),
    ("instagram", "media_publish"),
    ("tiktok", "content/init"),
]


@pytest.mark.parametrize(
    "how", [{"drop": True}, {"status": 500, "body": {"error": {"code": 2, "message": "x", "is_transient": True}}}]
)
@pytest.mark.parametrize(("name", "path"), COMMITS)
def test_A2_a_lost_answer_to_the_commit_is_read_back_and_never_sent_again(
    publisher: Publisher, name: str, path: str, how: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher.platforms.fault(platform=name, method="POST", path=path, when="after", **how)
    answer = publisher.publish("k", publisher.body(name))
    assert publisher.statuses(answer) == {name: "unknown"}, answer.text
    let_pass(monkeypatch, minutes=1)
    publisher.platforms.world.clock.offset += 60
    publisher.advance(answer.json["targets"][0]["id"])
    settled = publisher.read(answer.json["id"])["targets"][0]
    assert settled["status"] == "published", settled
    assert len(publisher.platforms.posts(name)) == 1


@pytest.mark.parametrize(("name", "path"), COMMITS[:2])
def test_A2_a_commit_that_never_arrived_is_settled_only_after_the_platform_was_read_for_minutes(
    publisher: Publisher, name: str, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher.platforms.fault(platform=name, method="POST", path=path, drop=True)
    answer = publisher.publish("k", publisher.body(name))
    target_id = answer.json["targets"][0]["id"]
    assert publisher.statuses(answer) == {name: "unknown"}
    let_pass(monkeypatch, minutes=1)
    publisher.advance(target_id)
    assert publisher.read(answer.json["id"])["status"] == "unknown"
    let_pass(monkeypatch, minutes=20)
    publisher.advance(target_id)
    # A prepared container is still there and unused, so it is published; a text is not kept, so it has failed.
    expected, posts = ("published", 1) if name == "instagram" else ("failed", 0)
    assert publisher.read(answer.json["id"])["status"] == expected
    assert len(publisher.platforms.posts(name)) == posts


def test_where_nothing_can_be_read_back_unknown_stays_unknown_and_a_notice_tells_it(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher.platforms.fault(platform="linkedin", path="rest/posts$", method="POST", when="after", drop=True)
    answer = publisher.publish("k", publisher.body("linkedin"))
    let_pass(monkeypatch, minutes=1)
    publisher.advance(answer.json["targets"][0]["id"])
    target = publisher.read(answer.json["id"])["targets"][0]
    assert (target["status"], target["next_check_at"]) == ("unknown", None)
    assert publisher.platforms.database.fetch("SELECT kind FROM notifications WHERE kind LIKE 'publish%'") == [
        ("publish_unknown",)
    ]
    assert publisher.platforms.database.fetch("SELECT text_fingerprint FROM post_targets") == [(None,)]
    assert len(publisher.platforms.posts("linkedin")) == 1
    path = f"/v1/posts/{answer.json['id']}/retry"
    refused = publisher.client.request("publish", "POST", path, body={"content": {"text": "Hello from a test"}})
    assert refused.json["code"] == "nothing_to_retry"


def test_a_slow_platform_is_finished_from_its_handle_without_the_content(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("noillusion.publishing.execute.PATIENCE_S", 0.5)
    for name in ("instagram", "tiktok"):
        publisher.platforms.world.simulators[name].actions["settings"]({"processing_s": 40})
    answer = publisher.publish("k", publisher.body("instagram", "tiktok"))
    assert (answer.status, answer.json["status"]) == (202, "processing"), answer.text
    publisher.platforms.world.clock.offset += 60
    let_pass(monkeypatch, minutes=1)
    for target in answer.json["targets"]:
        publisher.advance(target["id"])
    assert publisher.read(answer.json["id"])["status"] == "published"
    assert [len(publisher.platforms.posts(name)) for name in ("instagram", "tiktok")] == [1, 1]


class Killed(BaseException):
    """The environment is gone: nothing of the product handles this, or records it."""


@pytest.mark.parametrize("leaves", ["refused again", "killed"])
def test_a_picture_that_was_never_ready_was_not_sent_and_can_be_tried_again(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch, leaves: str
) -> None:
    """LinkedIn refused the commit for certain: whatever happens afterwards, that is no unknown outcome."""
    linkedin = publisher.platforms.world.simulators["linkedin"]
    linkedin.actions["settings"]({"processing_s": 40})
    body = publisher.body("linkedin", media=[PHOTO])
    with monkeypatch.context() as patched:
        if leaves == "killed":
            # The environment dies while it waits: nothing is recorded after what the runner recorded before.
            patched.setattr(Runner, "_until", _killed)
        answer = publisher.publish("k", body)
    assert answer.status == 202, answer.text
    post = answer.json
    publisher.make_due()
    let_pass(monkeypatch, minutes=1)
    publisher.advance(post["targets"][0]["id"])
    target = publisher.read(post["id"])["targets"][0]
    assert (target["status"], target["error"]["retryable"]) == ("failed", True), target
    linkedin.actions["settings"]({"processing_s": 0})
    body = {"content": {"text": "Hello from a test", "media": [PHOTO]}}
    again = publisher.client.request("publish", "POST", f"/v1/posts/{post['id']}/retry", body=body)
    assert again.json["status"] == "published", again.text
    assert len(publisher.platforms.posts("linkedin")) == 1


async def _killed(*_: object) -> None:
    raise Killed


def let_pass(monkeypatch: pytest.MonkeyPatch, *, minutes: float) -> None:
    """The product's clock goes ahead."""
    monkeypatch.setattr(clock, "now", lambda: datetime.now(UTC) + timedelta(minutes=minutes))


def test_T5_fifty_equal_requests_at_once_make_one_publication(publisher: Publisher) -> None:
    publisher.publish("warm", publisher.body("facebook", text="warm"))
    answers: list[int] = []
    body = publisher.body("facebook")

    # One environment handles one event at a time; the race is between the claim and answers that are not there yet.
    def go() -> None:
        answers.append(publisher.publish("k", body).status)

    for _ in range(50):
        thread = threading.Thread(target=go)
        thread.start()
        thread.join()
    assert set(answers) == {201}
    assert len(publisher.platforms.posts("facebook")) == 2


def test_everything_that_is_wrong_is_said_at_once_and_nothing_is_sent(publisher: Publisher) -> None:
    body = publisher.body(text="marker " * 9_999)
    del body["targets"][3]["options"]
    answer = publisher.publish("k", body)
    assert answer.status == 422, answer.text
    found = {(error["field"], error["target"], error["platform"]) for error in answer.json["errors"]}
    assert {
        ("content.text", 0, "facebook"),
        ("targets.1.content.text", 1, "instagram"),
        ("content.text", 2, "linkedin"),
        ("targets.3.options.tiktok.privacy_level", 3, "tiktok"),
    } <= found
    assert "marker" not in answer.text
    assert all(publisher.platforms.posts(name) == [] for name in publisher.connections)


def test_check_shows_the_limit_of_the_kind_of_post(publisher: Publisher) -> None:
    body = publisher.body("tiktok", text="a" * 4000)
    (photo,) = publisher.client.request("publish", "POST", "/v1/posts/check", body=body).json["targets"]
    assert (photo["ok"], photo["length"], photo["limit"]) == (True, 4000, 4000)
    body["targets"][0]["content"]["media"] = [{"kind": "video", "url": "https://cdn.example.com/clip.mp4"}]
    (film,) = publisher.client.request("publish", "POST", "/v1/posts/check", body=body).json["targets"]
    assert (film["ok"], film["length"], film["limit"]) == (False, 4000, 2200)


def test_check_reports_all_problems_per_target_and_writes_nothing(publisher: Publisher) -> None:
    body = publisher.body("facebook", "instagram")
    body["targets"][1]["content"] = {"text": "no picture"}
    answer = publisher.client.request("publish", "POST", "/v1/posts/check", body=body)
    assert answer.status == 200, answer.text
    assert [(t["platform"], t["ok"]) for t in answer.json["targets"]] == [("facebook", True), ("instagram", False)]
    assert publisher.client.request("publish", "GET", "/v1/posts").json["items"] == []


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("https://cdn.example.com/missing.jpg", "http_status"),
        ("https://cdn.example.com/page.html", "wrong_type"),
        ("https://127.0.0.1/photo.jpg", "address_not_public"),
        ("https://169.254.169.254/latest/meta-data", "address_not_public"),
        ("https://[::ffff:10.0.0.1]/photo.jpg", "address_not_public"),
        ("https://0x7f000001/photo.jpg", "address_not_public"),
    ],
)
def test_E1_media_that_a_platform_could_not_fetch_are_refused_before_posting(publisher: Publisher, url: str, code: str) -> None:
    answer = publisher.publish("k", publisher.body("facebook", media=[{"url": url}]))
    assert answer.status == 422, answer.text
    assert code in {error["code"] for error in answer.json["errors"]}
    assert url not in answer.text


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"targets": []}, "targets", "too_short"),
        ({"targets": [{"connection_id": "marker"}]}, "targets.0.connection_id", "string_pattern_mismatch"),
        ({"content": {"text": 7}}, "content.text", "string_type"),
        ({"content": {"texte": "marker"}}, "content.*", "extra_forbidden"),
        ({"content": {"text": "marker \ud83d"}}, "content.text", "string_unicode"),
        ({"content": {"text": "marker \x00"}}, "content.text", "nul_character"),
        ({"content": {"media": [{**PHOTO, "alt_text": "marker \udfff"}]}}, "content.media.0.alt_text", "string_unicode"),
        ({"content": {"link": {"url": "https://"}}}, "content.link.url", "url"),
        ({"content": {"link": {"url": "https://[marker"}}}, "content.link.url", "url"),
        ({"content": {"link": {"url": "https://marker.example:99999/"}}}, "content.link.url", "url"),
        ({"repost_of": "00000000-0000-4000-8000-000000000000"}, "repost_of", "not_found"),
        ({"content": {"media": [{"url": "marker"}]}}, "content.media.0.url", "url"),
        ({"content": {"media": [{"kind": "marker", "url": "https://a.example/x"}]}}, "content.media.0.kind", "literal_error"),
        ({"content": {"link": {"url": "javascript:marker"}}}, "content.link.url", "url"),
        ({"content": {"media": [{"data": "marker!", "content_type": "image/png"}]}}, "content.media.0.data", "base64"),
        ({"content": {"media": [{"data": "marker00", "content_type": "image/png"}]}}, "content.media.0.data", "wrong_type"),
        ({"content": {"text": "\u200b \u2060\ufeff"}}, "content.text", "required"),
    ],
)
def test_bad_values_name_the_field_and_never_repeat_the_value(
    publisher: Publisher, change: dict[str, Any], field: str, code: str
) -> None:
    answer = publisher.publish("k", {**publisher.body("facebook"), **change})
    assert answer.status == 422, answer.text
    assert (field, code) in [(e["field"], e["code"]) for e in answer.json["errors"]]
    assert "marker" not in answer.text


def test_a_repost_names_a_post_of_ones_own(platforms: Platforms) -> None:
    alice, mallory = Publisher(platforms, "auth0|alice"), Publisher(platforms, "auth0|mallory")
    post_id = alice.publish("k", alice.body("facebook")).json["id"]
    again = alice.publish("k2", {**alice.body("facebook", text="Once more"), "repost_of": post_id})
    assert (again.status, again.json["repost_of"]) == (201, post_id)
    foreign = mallory.publish("k", {**mallory.body("facebook"), "repost_of": post_id})
    assert [(e["field"], e["code"]) for e in foreign.json["errors"]] == [("repost_of", "not_found")]


def test_another_users_posts_and_connections_are_absent(platforms: Platforms) -> None:
    alice, mallory = Publisher(platforms, "auth0|alice"), Publisher(platforms, "auth0|mallory")
    post_id = alice.publish("k", alice.body("facebook")).json["id"]
    absent_id = "00000000-0000-4000-8000-000000000000"
    for method, suffix, body in (("GET", "", None), ("DELETE", "", None), ("POST", "/retry", {}), ("POST", "/cancel", None)):
        foreign, absent = (
            mallory.client.request("publish", method, f"/v1/posts/{i}{suffix}", body=body) for i in (post_id, absent_id)
        )
        assert foreign.status == absent.status == 404
        assert {**foreign.json, "correlation_id": ""} == {**absent.json, "correlation_id": ""}
    stolen = {"content": {"text": "x"}, "targets": [{"connection_id": alice.connections["facebook"]}]}
    assert mallory.publish("k", stolen).status == 404
    assert mallory.client.request("publish", "POST", "/v1/posts/check", body=stolen).status == 404
    assert mallory.client.request("publish", "GET", "/v1/posts").json["items"] == []


def test_posts_page_newest_first(publisher: Publisher) -> None:
    ids = [publisher.publish(f"k{i}", publisher.body("facebook", text=f"number {i}")).json["id"] for i in range(3)]
    first = publisher.client.request("publish", "GET", "/v1/posts", query={"limit": "2"}).json
    second = publisher.client.request("publish", "GET", "/v1/posts", query={"limit": "2", "cursor": first["next_cursor"]}).json
    assert [p["id"] for p in first["items"] + second["items"]] == ids[::-1]
    assert second["next_cursor"] is None
    forged = publisher.client.request("publish", "GET", "/v1/posts", query={"cursor": "bWFya2Vy"})
    assert (forged.status, forged.json["errors"][0]["field"]) == (422, "cursor")


def test_deleting_says_for_each_target_what_happened(publisher: Publisher) -> None:
    answer = publisher.publish("k", publisher.body())
    removed = publisher.client.request("publish", "DELETE", f"/v1/posts/{answer.json['id']}")
    outcome = {t["platform"]: (t["deleted"], t["reason"]) for t in removed.json["targets"]}
    assert outcome == {
        "facebook": (True, None),
        "instagram": (False, "platform_cannot_delete"),
        "linkedin": (True, None),
        "tiktok": (False, "platform_cannot_delete"),
    }
    assert [post["status"] for post in publisher.platforms.posts("linkedin")] == ["DELETED"]
    assert publisher.platforms.posts("facebook") == []


def test_C1_an_expired_token_is_refreshed_once_and_the_post_goes_out(publisher: Publisher) -> None:
    publisher.platforms.world.simulators["tiktok"].actions["expire_tokens"]({})
    answer = publisher.publish("k", publisher.body("tiktok"))
    assert publisher.statuses(answer) == {"tiktok": "published"}, answer.text
    assert len(publisher.platforms.posts("tiktok")) == 1


def test_a_dead_grant_fails_cleanly_and_asks_for_a_new_connection(publisher: Publisher) -> None:
    publisher.platforms.fault(platform="facebook", preset="expired_token", times=-1)
    answer = publisher.publish("k", publisher.body("facebook"))
    assert answer.json["targets"][0]["error"]["error_class"] == "reauth", answer.text
    listed = publisher.client.request("connect_callback", "GET", "/v1/connections").json["items"]
    assert next(c for c in listed if c["id"] == publisher.connections["facebook"])["status"] == "reauth_required"
    again = publisher.publish("k2", publisher.body("facebook"))
    assert ("targets.0.connection_id", "reauth_required") in [(e["field"], e["code"]) for e in again.json["errors"]]
