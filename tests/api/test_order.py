"""What has an order for one account and what has none (docs/decisions.md)."""

from __future__ import annotations

import pytest

from tests.api.conftest import Platforms
from tests.api.test_publishing import Publisher, let_pass


def test_a_post_that_waits_for_its_platform_holds_no_later_one_back(
    platforms: Platforms, monkeypatch: pytest.MonkeyPatch
) -> None:
    publisher = Publisher(platforms)
    instagram = platforms.world.simulators["instagram"]
    instagram.actions["settings"]({"processing_s": 40})
    with monkeypatch.context() as patched:
        patched.setattr("noillusion.publishing.execute.PATIENCE_S", 0.5)
        first = publisher.publish("k1", publisher.body("instagram", text="First"))
    assert (first.status, first.json["status"]) == (202, "processing"), first.text
    instagram.actions["settings"]({"processing_s": 0})
    second = publisher.publish("k2", publisher.body("instagram", text="Second"))
    assert (second.status, second.json["status"]) == (201, "published"), second.text
    # The first one goes out when it is ready, once, whatever came before it.
    platforms.world.clock.offset += 60
    let_pass(monkeypatch, minutes=1)
    publisher.advance(first.json["targets"][0]["id"])
    assert publisher.read(first.json["id"])["status"] == "published"
    assert len(platforms.posts("instagram")) == 2
