"""Any number of posts for one account at the same instant: each ends in one outcome of its own (failure-classes.md B8)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from noillusion.core import clock
from noillusion.publishing import service
from noillusion.publishing.models import PostRequest
from tests.api.conftest import Platforms
from tests.api.test_patches import at_once
from tests.api.test_publishing import Publisher

FEED = {"platform": "facebook", "method": "POST", "path": "/feed$"}
ENDS: dict[str, tuple[dict[str, Any] | None, str, int]] = {
    "answered": (None, "published", 1),
    "answer lost": ({"when": "after", "drop": True}, "published", 1),
    "commit lost": ({"drop": True}, "failed", 0),
    "refused": ({"preset": "community_standards"}, "failed", 0),
}
"""What happens to a commit → the fault that makes it happen, the outcome in the end, and the posts that there are then."""


class Instant:
    """A product clock that stands still, and goes ahead together with the platforms'."""

    def __init__(self, platforms: Platforms) -> None:
        self.platforms, self.begun = platforms, datetime.now(UTC)
        self.at = self.begun

    def passes(self, minutes: float) -> None:
        self.at += timedelta(minutes=minutes)
        self.platforms.world.clock.offset = (self.at - self.begun).total_seconds()


def listed(publisher: Publisher) -> list[dict[str, Any]]:
    """Every post, by pages of two."""
    found: list[dict[str, Any]] = []
    cursor: str | None = None
    while cursor is not None or not found:
        query = {"limit": "2", **({"cursor": cursor} if cursor else {})}
        page = publisher.client.request("publish", "GET", "/v1/posts", query=query).json
        found += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    return found


def test_B8_posts_of_one_instant_end_in_as_many_outcomes(platforms: Platforms, monkeypatch: pytest.MonkeyPatch) -> None:
    publisher, instant = Publisher(platforms), Instant(platforms)
    monkeypatch.setattr(clock, "now", lambda: instant.at)

    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.sampled_from(list(ENDS)), min_size=1, max_size=6))
    @example(["answered"] * 6)
    @example(list(ENDS))
    def each_has_its_own(ends: list[str]) -> None:
        platforms.world.faults.clear()
        texts = [f"Post {uuid4()}" for _ in ends]
        instant.passes(24 * 60)
        for text, end in zip(texts, ends, strict=True):
            if fault := ENDS[end][0]:
                platforms.fault(**FEED, contains=text.rpartition("-")[2], **fault)
        requests = [PostRequest.model_validate(publisher.body("facebook", text=text)) for text in texts]
        made = at_once(*(service.create("auth0|alice", str(uuid4()), each, clock.monotonic() + 25) for each in requests))
        ids = [answer.body["id"] for answer in made]
        for _ in range(8):
            instant.passes(30)
            for post in ids:
                publisher.advance(publisher.read(post)["targets"][0]["id"])
        targets = [target for post in ids for target in publisher.read(post)["targets"]]
        assert [target["status"] for target in targets] == [ENDS[end][1] for end in ends]
        assert all(target["attempt"] == 1 and target["next_check_at"] is None for target in targets)
        mine = [post for post in platforms.posts("facebook") if post["text"] in texts]
        there = {post["text"]: post["id"] for post in mine}
        assert len(mine) == len(there) == sum(ENDS[end][2] for end in ends)
        assert [target["platform_post_id"] for target in targets] == [there.get(text) for text in texts]
        of_instant = [post for post in listed(publisher) if post["id"] in ids]
        assert (sorted(post["id"] for post in of_instant), len({post["created_at"] for post in of_instant})) == (sorted(ids), 1)

    each_has_its_own()
