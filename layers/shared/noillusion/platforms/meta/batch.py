"""Reads of the Graph API that are sent together: as a batch where the host takes batches, else one after the other.

Each part of a batch has an answer of its own, and is charged like a call of its own (platforms.md 0.1, "Batch").
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeAlias

from noillusion.flows.faults import ErrorClass, Fault, PlatformError, UnexpectedShape
from noillusion.flows.protocol import Call, Flow, Reply

LARGEST: Final = 50
GIVES_UP: Final = frozenset({ErrorClass.REAUTH, ErrorClass.RATE_LIMIT, ErrorClass.BLOCKED_BY_POLICY})
"""Refusals of one read after which asking for the next one is pointless or harmful."""
LOST: Final = Fault(ErrorClass.TRANSIENT, "part_lost")
Answer: TypeAlias = Reply | Fault
Together: TypeAlias = "Callable[[Sequence[Call]], Flow[list[Answer]]]"
"""Sends reads and returns what each was answered. A refusal of :data:`GIVES_UP` is raised."""


def in_batches(url: str, classify: Callable[[Reply], Fault | None]) -> Together:
    """Return a sender for a host that takes batches at ``url``. Parts that were lost are asked for once more."""

    def send(calls: Sequence[Call]) -> Flow[list[Answer]]:
        answers: list[Answer] = []
        for start in range(0, len(calls), LARGEST):
            answers += yield from _sent(url, calls[start : start + LARGEST], classify)
        lost = [place for place, answer in enumerate(answers) if _passing(answer)]
        # Where everything failed, the platform has a problem, and nothing is gained by asking again at once.
        if 0 < len(lost) < len(answers):
            for start in range(0, len(lost), LARGEST):
                places = lost[start : start + LARGEST]
                again = yield from _sent(url, [calls[place] for place in places], classify)
                for place, answer in zip(places, again, strict=True):
                    answers[place] = answer
        return answers

    return send


def _sent(url: str, calls: Sequence[Call], classify: Callable[[Reply], Fault | None]) -> Flow[list[Answer]]:
    if len(calls) == 1:
        return (yield from one_by_one(calls))

    def gives_up(reply: Reply) -> Fault | None:
        found = _parts(reply, classify)
        return next((part for part in found if isinstance(part, Fault) and part.error_class in GIVES_UP), None)

    reply = yield Call("POST", url, batch=tuple(calls), refusal=gives_up)
    parts = _parts(reply, classify)
    if len(parts) != len(calls):
        raise UnexpectedShape("batch")
    return parts


def _parts(reply: Reply, classify: Callable[[Reply], Fault | None]) -> list[Answer]:
    return [_part(part, reply, classify) for part in reply.data] if isinstance(reply.data, list) else []


def _part(part: object, whole: Reply, classify: Callable[[Reply], Fault | None]) -> Answer:
    """Read the answer of one part: a status and a body that is JSON in a string; ``null`` for one that took too long."""
    if not isinstance(part, Mapping) or not isinstance(part.get("code"), int):
        return LOST
    try:
        data = json.loads(str(part.get("body")))
    except (ValueError, RecursionError):
        data = None
    # The headers of the whole tell of the budgets.
    answer = Reply(part["code"], whole.headers, data)
    return classify(answer) or answer


def one_by_one(calls: Sequence[Call]) -> Flow[list[Answer]]:
    """Send reads one after the other. Two in a row that fail for a passing reason end it: the platform has a problem."""
    answers: list[Answer] = []
    for call in calls:
        try:
            answers.append((yield call))
        except PlatformError as error:
            if error.fault.error_class in GIVES_UP or (_passing(error.fault) and answers and _passing(answers[-1])):
                raise
            answers.append(error.fault)
    return answers


def _passing(answer: Answer) -> bool:
    return isinstance(answer, Fault) and answer.error_class is ErrorClass.TRANSIENT
