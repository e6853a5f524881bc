"""First comments: whatever comes of one, the post stands."""

from __future__ import annotations

import pytest

from noillusion.flows.effects import Effect
from noillusion.flows.faults import ErrorClass, Fault, OutcomeUnknown, PlatformError
from noillusion.flows.protocol import Call, Reply
from noillusion.platforms.comments import first_comment
from tests.flows.driver import play

CALL = Call("POST", "https://api.example.com/comments", Effect.FOLLOW_UP)


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        (Reply(200, data={"id": "1"}), "posted"),
        (Reply(200, data={}), "posted"),
        (PlatformError(Fault(ErrorClass.PERMISSION, "10", certain=True), Effect.FOLLOW_UP), "failed"),
        (PlatformError(Fault(ErrorClass.TRANSIENT, "http_503"), Effect.FOLLOW_UP), "unknown"),
        (OutcomeUnknown(Fault(ErrorClass.TRANSIENT, "timeout"), Effect.FOLLOW_UP), "unknown"),
        (OutcomeUnknown(Fault(ErrorClass.TRANSIENT, "timeout", certain=True), Effect.FOLLOW_UP), "unknown"),
    ],
)
def test_a_comment_is_posted_or_refused_for_certain_or_nobody_knows(answer: Reply | PlatformError, state: str) -> None:
    assert play(first_comment(CALL), [answer])[0] == state


@pytest.mark.parametrize(("answer", "state"), [(Reply(201, {"x-id": "7"}), "posted"), (Reply(200, data="<html>"), "unknown")])
def test_where_an_answer_names_the_comment_one_that_does_not_proves_nothing(answer: Reply, state: str) -> None:
    assert play(first_comment(CALL, "header:x-id"), [answer])[0] == state
