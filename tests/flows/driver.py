"""Drives a platform flow with canned replies and no I/O: the runner's stand-in in tests, never to be used outside them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from noillusion.core.sensitive import reveal
from noillusion.flows.faults import Fault, PlatformError
from noillusion.flows.protocol import Call, Flow, Reply, SizeOf, Step, Until

T = TypeVar("T")
URL_BYTES = 10_000_000
"""The size of every media file that is given by URL."""
Classify = Callable[[Reply], Fault | None]


def play(
    flow: Flow[T],
    replies: Iterable[Reply | PlatformError] | Callable[[Call], Reply] = (),
    classify: Classify = lambda _: None,
    trace: list[Step] | None = None,
) -> tuple[T, list[Step]]:
    """Run ``flow`` to its end: one canned reply per request, in order, or what a function answers. Returns result and steps.

    An error among ``replies`` is thrown into the flow, and so is what ``classify`` finds in a reply; an :class:`Until` consumes
    replies until it is over. Too few or too many replies fail the test. Pass a list as ``trace`` to see the steps of a flow that
    ends in an error.
    """
    left = [] if callable(replies) else list(replies)
    steps: list[Step] = [] if trace is None else trace

    def ask(call: Call) -> Reply:
        assert left or callable(replies), f"no reply left for {call.method} {call.url}"
        reply = replies(call) if callable(replies) else left.pop(0)
        if isinstance(reply, PlatformError):
            raise reply
        if fault := call.refusal(reply) or classify(reply) or call.other(reply):
            raise PlatformError(fault, call.effect)
        return reply

    def wait(until: Until) -> Reply:
        answers = 0
        while True:
            try:
                reply = ask(until.call)
            except PlatformError as error:
                if error.fault.error_class not in until.tolerate:
                    raise
                continue
            answers += 1
            if until.over(reply, answers):
                return reply

    def perform(step: Step) -> Any:
        if isinstance(step, list):
            return [ask(call) for call in step]
        if isinstance(step, SizeOf):
            return len(step.item.data or b"") or URL_BYTES
        return wait(step) if isinstance(step, Until) else ask(step)

    try:
        step = next(flow)
        while True:
            steps.append(step)
            try:
                answer = perform(step)
            except PlatformError as error:
                step = flow.throw(error)
            else:
                step = flow.send(answer)
    except StopIteration as end:
        assert not left, f"{len(left)} replies were never asked for"
        return end.value, steps


def calls(steps: Iterable[Step]) -> list[Call]:
    """Every call in the steps of a flow."""
    asked = [step for step in steps if not isinstance(step, SizeOf)]
    return [
        call for step in asked for call in (step if isinstance(step, list) else [step.call if isinstance(step, Until) else step])
    ]


def wire(step: Step) -> dict[str, Any]:
    """What a single call looks like on the wire, content and secrets revealed: the form of a golden request snapshot."""
    call = step.call if isinstance(step, Until) else step
    assert isinstance(call, Call)
    shown: dict[str, Any] = {"method": call.method, "url": call.url, "effect": call.effect.value, "auth": call.auth}
    for name in ("query", "headers", "form", "keep"):
        if part := getattr(call, name):
            shown[name] = reveal(dict(part))
    return shown if call.json is None else {**shown, "json": reveal(call.json)}
