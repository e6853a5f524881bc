"""Limits of posts and checks a minute: counted once for each request, told in headers, and nothing goes out beyond them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from local.aws import template as sam
from noillusion.core import clock
from noillusion.publishing import request_limits
from noillusion.publishing import service as publishing
from noillusion.publishing.models import PostRequest
from noillusion.publishing.request_limits import RequestLimit
from noillusion.settings import source
from noillusion.settings.errors import SettingsError
from noillusion.settings.values import Settings
from tests.api.conftest import Platforms
from tests.api.harness import ROOT, Answer, Client
from tests.api.test_idempotency import content, failed
from tests.api.test_publishing import Publisher
from tests.support.meanwhile import meanwhile

ALICE = "auth0|alice"


class Clock:
    """The clock of the limits, which stands still until it is moved."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._now = clock.now()
        monkeypatch.setattr(request_limits, "clock", self)

    def now(self) -> datetime:
        return self._now

    def pass_by(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)


@pytest.fixture
def limits(monkeypatch: pytest.MonkeyPatch, platforms: Platforms) -> Clock:
    """A deployment that allows two posts and two checks a minute, at a moment that does not pass."""
    allow(monkeypatch, posts=2, checks=2)
    return Clock(monkeypatch)


def allow(monkeypatch: pytest.MonkeyPatch, **most: int) -> None:
    for kind, number in most.items():
        monkeypatch.setenv(f"{kind.upper()}_PER_MINUTE", str(number))
    source.settings.forget()


def told(answer: Answer) -> tuple[str | None, str | None]:
    return answer.headers.get("ratelimit-policy"), answer.headers.get("ratelimit")


def publish(publisher: Publisher, key: str, name: str = "facebook") -> Answer:
    """A post with a text of its own, the same for the same key."""
    return publisher.publish(key, publisher.body(name, text=f"Hello from {key}"))


def refused(answer: Answer, seconds: int) -> None:
    """The answer says that the limit is reached, and for how long."""
    assert (answer.status, answer.json["code"]) == (429, "too_many_requests"), answer.text
    assert answer.json["retry_after"] == seconds and answer.headers["retry-after"] == str(seconds)


@pytest.fixture
def unseen() -> Iterator[None]:
    """Requests that all see room when they read, as those that arrive at the same time do."""
    checked = RequestLimit.check_room

    def check_room(self: RequestLimit, *results: Any, counted: bool) -> None:
        if counted:
            checked(self, *results, counted=counted)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(RequestLimit, "check_room", check_room)
        yield


def check(publisher: Publisher, **body: Any) -> Answer:
    return publisher.client.request("publish", "POST", "/v1/posts/check", body=body or publisher.body("facebook"))


def test_posts_beyond_the_limit_are_refused_until_the_minute_is_over(platforms: Platforms, limits: Clock) -> None:
    publisher = Publisher(platforms)
    first = publish(publisher, "k1")
    assert (first.status, told(first)) == (201, ('"posts";q=2;w=60', '"posts";r=1;t=60')), first.text
    limits.pass_by(17.5)
    second = publish(publisher, "k2")
    assert (second.status, told(second)) == (201, ('"posts";q=2;w=60', '"posts";r=0;t=43'))
    third = publish(publisher, "k3")
    refused(third, 43)
    assert told(third) == ('"posts";q=2;w=60', '"posts";r=0;t=43')
    assert len(platforms.posts("facebook")) == 2
    assert platforms.database.fetch("SELECT COUNT(*) FROM posts") == [(2,)]
    limits.pass_by(42.5)
    # The key of what was refused is free.
    again = publish(publisher, "k3")
    assert (again.status, told(again)[1]) == (201, '"posts";r=1;t=60')
    assert len(platforms.posts("facebook")) == 3


def test_a_repeat_under_its_key_is_neither_counted_nor_refused(platforms: Platforms, limits: Clock) -> None:
    publisher = Publisher(platforms)
    first = publish(publisher, "k1")
    repeats = [publish(publisher, "k1") for _ in range(3)]
    assert [(each.status, each.json, told(each)[1]) for each in repeats] == [(201, first.json, '"posts";r=1;t=60')] * 3
    publish(publisher, "k2")
    refused(publish(publisher, "k3"), 60)
    assert publish(publisher, "k1").json == publish(publisher, "k1").json == first.json
    assert publish(publisher, "k1", "linkedin").json["code"] == "idempotency_key_reused"


def test_what_is_not_valid_does_not_count_and_is_refused_once_the_limit_is_reached(platforms: Platforms, limits: Clock) -> None:
    publisher = Publisher(platforms)
    wrong = publisher.body("facebook", text="x" * 65_000)
    answer = publisher.publish("k1", wrong)
    assert (answer.status, told(answer)[1]) == (422, '"posts";r=2;t=60'), answer.text
    for key in ("k2", "k3"):
        assert publish(publisher, key).status == 201
    refused(publisher.publish("k4", wrong), 60)


def test_posts_at_the_same_time_do_not_pass_the_limit_together(platforms: Platforms, limits: Clock, unseen: None) -> None:
    publisher = Publisher(platforms)
    assert publish(publisher, "k1").status == 201
    answers = [publish(publisher, f"at-once-{n}") for n in range(4)]
    assert [answer.status for answer in answers] == [201, 429, 429, 429]
    assert len(platforms.posts("facebook")) == 2
    assert platforms.database.fetch("SELECT COUNT(*) FROM post_targets") == [(2,)]


def test_checks_have_a_limit_of_their_own(platforms: Platforms, limits: Clock) -> None:
    publisher = Publisher(platforms)
    answers = [check(publisher) for _ in range(3)]
    assert [told(answer) for answer in answers] == [('"checks";q=2;w=60', f'"checks";r={left};t=60') for left in (1, 0, 0)]
    assert [answer.status for answer in answers] == [200, 200, 429]
    refused(answers[-1], 60)
    assert publish(publisher, "k1").status == 201
    limits.pass_by(60)
    assert check(publisher).status == 200


def test_a_check_counts_even_if_the_request_is_not_valid(platforms: Platforms, limits: Clock) -> None:
    publisher = Publisher(platforms)
    unknown = {"content": {"text": "x"}, "targets": [{"connection_id": "00000000-0000-4000-8000-000000000000"}]}
    assert [check(publisher, **unknown).status for _ in range(3)] == [404, 404, 429]


def test_a_retry_counts_as_a_post_and_its_repeat_does_not(platforms: Platforms, limits: Clock) -> None:
    publisher, post_id = failed(platforms)
    path = f"/v1/posts/{post_id}/retry"

    def retry(key: str) -> Answer:
        return publisher.client.request("publish", "POST", path, body=content("Once more"), headers={"idempotency-key": key})

    first = retry("r1")
    assert (first.status, told(first)[1]) == (200, '"posts";r=0;t=60'), first.text
    assert retry("r1").headers["idempotency-replayed"] == "true"
    refused(retry("r2"), 60)
    refused(publish(publisher, "k2"), 60)


def test_a_retry_that_is_refused_when_it_counts_adds_no_attempt(platforms: Platforms, limits: Clock, unseen: None) -> None:
    publisher, post_id = failed(platforms)
    assert publish(publisher, "k2", "linkedin").status == 201
    before = platforms.database.fetch("SELECT id FROM post_targets")
    refused(publisher.client.request("publish", "POST", f"/v1/posts/{post_id}/retry", body=content("Once more")), 60)
    assert platforms.database.fetch("SELECT id FROM post_targets") == before


def test_each_user_has_a_limit_of_their_own(platforms: Platforms, limits: Clock) -> None:
    alice = Publisher(platforms)
    for key in ("k1", "k2"):
        publish(alice, key)
    refused(publish(alice, "k3"), 60)
    bob = Publisher(platforms, "auth0|bob")
    assert told(publish(bob, "k1"))[1] == '"posts";r=1;t=60'


def test_without_limits_nothing_is_counted_and_told(platforms: Platforms, monkeypatch: pytest.MonkeyPatch) -> None:
    allow(monkeypatch, posts=0, checks=0)
    publisher = Publisher(platforms)
    answers = [publish(publisher, "k1"), check(publisher)]
    assert [(answer.status, told(answer)) for answer in answers] == [(201, (None, None)), (200, (None, None))]
    assert platforms.database.fetch("SELECT COUNT(*) FROM request_counts") == [(0,)]


def test_a_lower_limit_holds_from_its_first_moment_on(
    platforms: Platforms, limits: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher = Publisher(platforms)
    for key in ("k1", "k2"):
        publish(publisher, key)
    allow(monkeypatch, posts=1)
    refused(publish(publisher, "k3"), 60)


def test_other_routes_tell_nothing(platforms: Platforms) -> None:
    answer = Client(ALICE).request("publish", "GET", "/v1/posts")
    assert (answer.status, told(answer)) == (200, (None, None))


def test_pages_can_read_what_is_left() -> None:
    cors = sam.read(ROOT / "template.yaml")["Resources"]["Api"]["Properties"]["CorsConfiguration"]
    assert {"ratelimit", "ratelimit-policy", "retry-after"} <= set(cors["ExposeHeaders"])


@pytest.mark.parametrize("name", ["POSTS_PER_MINUTE", "CHECKS_PER_MINUTE"])
@pytest.mark.parametrize("text", ["-1", "ten", "1.5", "100001", "²"])
def test_a_limit_that_is_no_number_of_requests_is_refused_at_the_start(name: str, text: str) -> None:
    with pytest.raises(SettingsError, match=f"{name} must be a whole number"):
        getattr(Settings({name: text}), name.lower())


def test_the_template_has_the_limits_of_the_code() -> None:
    declared = sam.read(ROOT / "template.yaml")["Parameters"]
    defaults = Settings({})
    assert declared["PostsPerMinute"]["Default"] == defaults.posts_per_minute == 30
    assert declared["ChecksPerMinute"]["Default"] == defaults.checks_per_minute == 60


def test_a_request_that_another_with_its_key_overtakes_does_not_count(
    platforms: Platforms, limits: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher = Publisher(platforms)
    body = publisher.body("facebook")

    async def same() -> None:
        await publishing.create(ALICE, "k1", PostRequest.model_validate(body), clock.monotonic() + 20)

    with meanwhile(monkeypatch, same, at=0) as watch:
        answer = publisher.publish("k1", body)
    assert watch.happened and watch.points[0] == "before a write"
    assert (answer.status, answer.json["code"], told(answer)[1]) == (409, "idempotency_in_progress", '"posts";r=1;t=60')
    assert (publish(publisher, "k2").status, len(platforms.posts("facebook"))) == (201, 2)
