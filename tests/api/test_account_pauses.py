"""Accounts rest when their platform says that a limit is reached: nothing is sent before that, and a check tells it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from noillusion.connections import pauses
from noillusion.core import clock
from tests.api.conftest import Platforms
from tests.api.harness import Answer
from tests.api.test_publishing import Publisher

NEARLY_USED = {"X-App-Usage": '{"call_count":91,"total_cputime":1,"total_time":1}'}
USED_UP = {"error": {"message": "Too many", "type": "OAuthException", "code": 80001, "fbtrace_id": "x"}}
WAIT = {"X-Business-Use-Case-Usage": '{"1":[{"type":"pages","call_count":100,"estimated_time_to_regain_access":17}]}'}


@pytest.fixture
def publisher(platforms: Platforms) -> Publisher:
    return Publisher(platforms)


def publish(publisher: Publisher, key: str, *names: str) -> Answer:
    return publisher.publish(key, publisher.body(*names, text=f"Hello from {key}"))


def check(publisher: Publisher, name: str, **more: Any) -> list[dict[str, Any]]:
    answer = publisher.client.request("publish", "POST", "/v1/posts/check", body=publisher.body(name) | more)
    assert answer.status == 200, answer.text
    (target,) = answer.json["targets"]
    return [{"ok": target["ok"], **problem} for problem in target["problems"]]


def pause(publisher: Publisher, column: str, seconds: int, name: str = "facebook") -> None:
    until = (clock.now() + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    publisher.platforms.database.execute(
        f"UPDATE platform_connections SET {column} = '{until}' WHERE id = '{publisher.connections[name]}'"
    )


def paused(publisher: Publisher, column: str, name: str = "facebook") -> float:
    """Seconds for which an account rests from now on; 0: it does not."""
    ((until,),) = publisher.platforms.database.fetch(
        f"SELECT {column} FROM platform_connections WHERE id = '{publisher.connections[name]}'"
    )
    if until is None:
        return 0
    ends = until if isinstance(until, datetime) else datetime.fromisoformat(until)
    return (ends - clock.now()).total_seconds()


def test_a_throttled_account_is_left_alone_as_long_as_its_platform_says(publisher: Publisher, platforms: Platforms) -> None:
    platforms.fault(platform="facebook", method="POST", path="/feed$", status=400, headers=WAIT, body=USED_UP)
    first = publish(publisher, "k1", "facebook")
    assert first.json["targets"][0]["error"]["error_class"] == "rate_limit", first.text
    assert 16 * 60 < paused(publisher, "calls_paused_until") <= 17 * 60
    calls = len(platforms.world.journal)
    second = publish(publisher, "k2", "facebook")
    error = second.json["targets"][0]["error"]
    assert (error["error_class"], error["platform_code"], error["retryable"]) == ("rate_limit", "paused", True)
    assert error["retry_after"] is not None and len(platforms.world.journal) == calls


def test_the_other_targets_go_out_while_one_account_rests(publisher: Publisher, platforms: Platforms) -> None:
    pause(publisher, "posts_paused_until", 600)
    answer = publish(publisher, "k1", "facebook", "linkedin")
    assert (answer.status, publisher.statuses(answer)) == (201, {"facebook": "failed", "linkedin": "published"})
    assert not platforms.posts("facebook")
    pause(publisher, "posts_paused_until", -1)
    assert publisher.statuses(publish(publisher, "k2", "facebook")) == {"facebook": "published"}


def test_a_budget_that_is_nearly_used_lets_the_next_calls_rest(publisher: Publisher, platforms: Platforms) -> None:
    reply = {"id": "101000000000001_7"}
    platforms.fault(platform="facebook", method="POST", path="/feed$", when="after", status=200, headers=NEARLY_USED, body=reply)
    assert publisher.statuses(publish(publisher, "k1", "facebook")) == {"facebook": "published"}
    assert 3500 < paused(publisher, "calls_paused_until") <= 3600
    assert publisher.statuses(publish(publisher, "k2", "facebook")) == {"facebook": "failed"}


def test_a_cap_on_posts_stops_no_other_call(publisher: Publisher, platforms: Platforms) -> None:
    body = {"error": {"code": "spam_risk_too_many_posts", "message": "", "log_id": "x"}, "data": {}}
    platforms.fault(platform="tiktok", method="POST", path="content/init/$", status=403, body=body)
    assert publisher.statuses(publish(publisher, "k1", "tiktok")) == {"tiktok": "failed"}
    assert paused(publisher, "posts_paused_until", "tiktok") > 23 * 3600
    assert paused(publisher, "calls_paused_until", "tiktok") == 0
    path = f"/v1/connections/{publisher.connections['tiktok']}/test"
    assert publisher.client.request("connect_callback", "POST", path).status == 200


@pytest.mark.parametrize(("seconds", "severity", "ok"), [(40, "warning", True), (600, "error", False)])
def test_a_check_says_that_an_account_rests(publisher: Publisher, seconds: int, severity: str, ok: bool) -> None:
    pause(publisher, "posts_paused_until", seconds)
    (problem,) = check(publisher, "facebook")
    assert (problem["code"], problem["severity"], problem["ok"]) == ("rate_limited", severity, ok)
    assert problem["params"]["unit"] == "seconds" and seconds - 20 < problem["params"]["actual"] <= seconds


def test_a_check_warns_near_the_posts_that_a_platform_takes_in_a_day(publisher: Publisher, platforms: Platforms) -> None:
    answer = publish(publisher, "k1", "tiktok")
    assert publisher.statuses(answer) in ({"tiktok": "published"}, {"tiktok": "processing"}), answer.text
    columns = (
        "user_id, post_id, connection_id, platform, account_id, position, kind, status, committing_at, deadline_at, created_at"
    )
    values = columns.replace("position", "position + %d").replace(" status", " 'unknown'")
    add = f"""INSERT INTO post_targets (id, {columns}) SELECT '%s', {values}
              FROM post_targets WHERE attempt = 1 AND position = 0"""
    for n in range(1, 12):
        assert "quota_nearly_used" not in [problem["code"] for problem in check(publisher, "tiktok")], n
        platforms.database.execute(add % (f"00000000-0000-4000-8000-{n:012}", n))
    (problem,) = [problem for problem in check(publisher, "tiktok") if problem["code"] == "quota_nearly_used"]
    assert (problem["severity"], problem["ok"]) == ("warning", True)
    assert problem["params"] == {"limit": 15, "actual": 12, "unit": "items"}


def test_a_short_wait_is_not_kept(publisher: Publisher, platforms: Platforms) -> None:
    headers = {"retry-after": str(int(pauses.SHORTEST.total_seconds()))}
    body = {"status": 429, "code": "TOO_MANY_REQUESTS", "message": "x"}
    platforms.fault(platform="linkedin", method="POST", path="/rest/posts$", status=429, headers=headers, body=body)
    publish(publisher, "k1", "linkedin")
    assert paused(publisher, "posts_paused_until", "linkedin") == 0
