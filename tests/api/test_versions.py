"""A platform that answers with another API version than the one asked for is seen by the operator (failure-classes.md H1)."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from local.aws import template as sam
from tests.api.conftest import Platforms
from tests.api.harness import ROOT, Client
from tests.api.test_publishing import PHOTO, Publisher, publisher
from tests.support.filters import data_points
from tests.support.logged import logged

__all__ = ["publisher"]

FILTER = sam.read(ROOT / "template.yaml")["Resources"]["OtherVersionMetric"]["Properties"]
AFTER_THE_END = datetime(2030, 8, 1, tzinfo=UTC)
"""When the simulator has ended v26.0, and v27.0 is the oldest version alive."""


@pytest.mark.parametrize("platform", ["facebook", "instagram"])
def test_H1_a_version_that_has_ended_raises_the_metric(platforms: Platforms, platform: str) -> None:
    client = Client()
    with logged() as before:
        platforms.connect(client, platform)
    assert data_points(FILTER, [json.loads(line) for line in before.getvalue().splitlines()]) == []
    ahead = AFTER_THE_END.timestamp() - platforms.world.clock.now()
    httpx.post(f"{platforms.base}/_control/clock", json={"advance_s": ahead}).raise_for_status()
    with logged() as after:
        platforms.connect(client, platform)
    lines = [json.loads(line) for line in after.getvalue().splitlines()]
    (line, *_) = (line for line in lines if line["message"] == "other_version_served")
    assert (line["platform"], line["asked"], line["served"]) == (platform, "v26.0", "v27.0")
    assert data_points(FILTER, lines)[0] == ({}, 1)


def test_a_version_that_looks_like_none_is_not_logged(platforms: Platforms) -> None:
    body = {"id": "1", "name": "x"}
    platforms.fault(
        platform="facebook", path="v26.0/me", status=200, body=body, headers={"facebook-api-version": "Ana says hello"}, times=-1
    )
    with logged() as log:
        platforms.consent(Client(), "facebook")
    assert "Ana" not in log.getvalue() and '"served":"unrecognized"' in log.getvalue().replace('": "', '":"')


def test_a_call_without_a_version_is_answered_by_any(platforms: Platforms) -> None:
    headers, body = {"facebook-api-version": "v25.0"}, {"access_token": "a-long-lived-token", "expires_in": 5_184_000}
    platforms.fault(
        platform="instagram", path="graph.instagram.com/access_token", status=200, body=body, headers=headers, times=-1
    )
    with logged() as log:
        platforms.consent(Client(), "instagram")
    assert platforms.requests("instagram", "access_token") and "other_version_served" not in log.getvalue()


COMMIT = {"platform": "linkedin", "method": "POST", "path": "rest/posts$"}


def asked(platforms: Platforms, method: str = "POST", path: str = "/rest/posts") -> list[str]:
    """The versions with which LinkedIn was asked."""
    entries = [e for e in platforms.world.journal if (e.platform, e.method) == ("linkedin", method)]
    return [e.headers["linkedin-version"] for e in entries if e.path.endswith(path)]


def end(platforms: Platforms, *versions: str) -> None:
    """LinkedIn ends versions before their time."""
    platforms.world.simulators["linkedin"].actions["settings"]({"ended_versions": list(versions), "processing_s": 0})


@pytest.mark.parametrize("content", [{}, {"media": [PHOTO]}], ids=["text", "image"])
def test_H1_a_post_that_linkedin_refuses_for_its_version_goes_out_once_in_the_next_listed_one(
    publisher: Publisher, content: dict[str, Any]
) -> None:
    end(publisher.platforms, "202609")
    with logged() as log:
        answer = publisher.publish("k1", publisher.body("linkedin", **content))
    assert publisher.statuses(answer) == {"linkedin": "published"}, answer.text
    assert len(publisher.platforms.posts("linkedin")) == 1
    assert asked(publisher.platforms) == (["202608"] if content else ["202609", "202608"])
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    assert [line["code"] for line in lines if line["message"] == "app_refused"] == ["NONEXISTENT_VERSION"]
    (line, *_) = (line for line in lines if line["message"] == "other_version_served")
    assert (line["platform"], line["asked"], line["served"]) == ("linkedin", "202609", "202608")
    assert data_points(FILTER, lines)[0] == ({}, 1)


def test_H1_where_the_next_version_is_refused_too_nothing_is_tried_any_more(publisher: Publisher) -> None:
    end(publisher.platforms, "202609", "202608")
    answer = publisher.publish("k1", publisher.body("linkedin"))
    (target,) = answer.json["targets"]
    assert (target["status"], target["error"]["error_class"]) == ("failed", "operator"), answer.text
    assert asked(publisher.platforms) == ["202609", "202608"] and not publisher.platforms.posts("linkedin")


@pytest.mark.parametrize("body", [None, {"code": "NONEXISTENT_VERSION"}], ids=["nothing", "no envelope"])
def test_H1_a_commit_is_not_repeated_unless_linkedins_own_code_refused_its_version(publisher: Publisher, body: object) -> None:
    publisher.platforms.fault(**COMMIT, when="after", status=426, body=body)
    answer = publisher.publish("k1", publisher.body("linkedin"))
    assert publisher.statuses(answer) == {"linkedin": "unknown"}, answer.text
    assert asked(publisher.platforms) == ["202609"] and len(publisher.platforms.posts("linkedin")) == 1


def test_H1_what_an_organization_is_shown_is_read_in_the_next_version(platforms: Platforms) -> None:
    end(platforms, "202609")
    client = Client()
    accounts = platforms.connect(client, "linkedin", wanted=["organizations"])
    (account,) = (account for account in accounts if account["display_name"] == "Fenwick Robotics")
    assert asked(platforms, "GET", "/rest/organizationAcls")[:2] == ["202609", "202608"]
    tested = client.request("connect_callback", "POST", f"/v1/connections/{account['id']}/test")
    assert tested.status == 200 and tested.json["ok"], tested.text
