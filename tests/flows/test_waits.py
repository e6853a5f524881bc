"""Waits for platforms at work: bounded, and a state that nobody documents goes on waiting and is told (failure-classes.md F7)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from noillusion.flows.faults import UNRECOGNIZED
from noillusion.flows.protocol import Account, Flow, Reply, Until
from noillusion.platforms.facebook import status as facebook
from noillusion.platforms.instagram import containers as instagram
from noillusion.platforms.linkedin import uploads as linkedin
from noillusion.platforms.tiktok import status as tiktok

ACCOUNT = Account("178", "professional", "cats")
DAY_S = 86_400.0


def first(flow: Flow[Any]) -> Until:
    """The wait that a flow begins with."""
    step = next(flow)
    assert isinstance(step, Until)
    return step


WAITS: dict[str, tuple[Until, Callable[[str], Any], tuple[str, ...]]] = {
    "a container of Instagram": (
        instagram.until_finished("C1", ACCOUNT),
        lambda state: {"status_code": state},
        ("IN_PROGRESS",),
    ),
    "a video that Facebook accepted": (
        first(facebook.settled("7")),
        lambda state: {"status": {"video_status": state}},
        ("uploading", "upload_complete", "processing", "ready"),
    ),
    "a video story that Facebook does not have yet": (
        facebook.until_uploaded("7"),
        lambda state: {"status": {"video_status": state}},
        ("uploading", "upload_complete", "processing"),
    ),
    "a video that LinkedIn processes": (
        first(linkedin.available([linkedin.Asset("video", "urn:li:video:C5")], ACCOUNT)),
        lambda state: {"status": state},
        ("WAITING_UPLOAD", "PROCESSING"),
    ),
    "a post that TikTok accepted": (
        first(tiktok.settle("v_pub_url~v2.1", "ada")),
        lambda state: {"data": {"status": state}},
        ("PROCESSING_UPLOAD", "PROCESSING_DOWNLOAD"),
    ),
}
"""What is waited for, an answer with a state, and the documented states in which it goes on."""


@pytest.mark.parametrize(("wait", "answer", "working"), WAITS.values(), ids=list(WAITS))
def test_F7_an_unknown_state_is_waited_for_until_a_deadline_and_told(
    wait: Until, answer: Callable[[str], Any], working: tuple[str, ...]
) -> None:
    assert wait.at_most <= DAY_S
    for state in (*working, "A_NEW_STATE", "Somebody's words"):
        reply = Reply(200, data=answer(state))
        assert not wait.over(reply, 1), state
        assert wait.odd(reply) == (None if state in working else UNRECOGNIZED)
    assert wait.odd(Reply(200, data={})) is None
