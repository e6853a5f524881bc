"""A platform that answers with another API version than the one asked for is seen by the operator (failure-classes.md H1)."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import httpx
import pytest

from local.aws import template as sam
from tests.api.conftest import Platforms
from tests.api.harness import ROOT, Client
from tests.support.filters import data_points
from tests.support.logged import logged

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
