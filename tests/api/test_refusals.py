"""What an answer to a commit is worth on LinkedIn and TikTok: a documented refusal is a failure, everything else is unknown."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.api.conftest import Platforms
from tests.api.harness import Client
from tests.api.test_publishing import PHOTO, Publisher
from tests.flows.samples import SAMPLES
from tests.flows.test_samples import REFUSALS

COMMITS = {"linkedin": r"/rest/posts$", "tiktok": r"/init/$"}
CONTENT: dict[str, dict[str, Any]] = {"linkedin": {}, "tiktok": {"media": [PHOTO]}}


def answers(platform: str, *, certain: bool) -> list[tuple[str, dict[str, Any]]]:
    """Samples of refusals as faults of a simulator, by name. A status of three digits above 599 is none for its server."""
    found = []
    for name, means in REFUSALS[platform].items():
        given = json.loads((SAMPLES / platform / f"{name}.json").read_text("utf-8"))
        if means.certain == certain and given["status"] < 600 and means.code != "MEDIA_ASSET_WAITING_UPLOAD":
            found.append((name, {"status": given["status"], "headers": given["headers"], "body": given["body"]}))
    return found


@pytest.fixture
def publisher(platforms: Platforms) -> Publisher:
    made = Publisher(platforms)
    platforms.world.simulators["tiktok"].actions["settings"]({"posts_a_day": 1_000, "processing_s": 0})
    return made


def commits(publisher: Publisher, platform: str) -> int:
    """How many commits arrived."""
    return publisher.platforms.requests(platform, COMMITS[platform].strip("$"))


def publish(publisher: Publisher, platform: str, number: int) -> dict[str, Any]:
    """One more post, an hour after the one before; its target."""
    publisher.platforms.world.clock.offset += 120
    # A throttle lets the account rest, also one that a proxy may have said.
    publisher.platforms.database.execute("UPDATE platform_connections SET posts_paused_until = NULL, calls_paused_until = NULL")
    answer = publisher.publish(f"k{number}", publisher.body(platform, text=f"Text {number}", **CONTENT[platform]))
    (target,) = answer.json["targets"]
    return dict(target)


@pytest.mark.parametrize("platform", COMMITS)
def test_whatever_a_proxy_could_have_said_about_a_commit_is_an_unknown_outcome(publisher: Publisher, platform: str) -> None:
    for number, (name, answer) in enumerate(answers(platform, certain=False)):
        publisher.platforms.world.faults.clear()
        publisher.platforms.fault(platform=platform, method="POST", path=COMMITS[platform], when="after", times=1, **answer)
        target = publish(publisher, platform, number)
        assert target["status"] == "unknown", (name, target)
        assert target["error"]["retryable"] is False, name
        assert commits(publisher, platform) == number + 1, name


@pytest.mark.parametrize("platform", COMMITS)
def test_a_documented_refusal_of_a_commit_is_a_failure_and_is_not_repeated(publisher: Publisher, platform: str) -> None:
    # A version that has ended is followed by the next one: tests/api/test_versions.py.
    refusals = [found for found in answers(platform, certain=True) if found[1]["status"] != 426]
    for number, (name, answer) in enumerate(refusals):
        publisher.platforms.world.faults.clear()
        publisher.platforms.fault(platform=platform, method="POST", path=COMMITS[platform], times=1, **answer)
        before = commits(publisher, platform)
        target = publish(publisher, platform, number)
        assert target["status"] == "failed", (name, target)
        assert commits(publisher, platform) == before + 1, name
        assert "words" not in json.dumps(target).lower()
        if answer["status"] == 401:
            reconnect(publisher, platform)
    assert publisher.platforms.posts(platform) == []


def reconnect(publisher: Publisher, platform: str) -> None:
    """The person connects the account again, where its token is no good any more."""
    listed = Client(publisher.client.sub).request("connect_callback", "GET", "/v1/connections").json["items"]
    if [c["status"] for c in listed if c["platform"] == platform] != ["active"]:
        publisher.connections[platform] = publisher.platforms.connect(publisher.client, platform)[0]["id"]
