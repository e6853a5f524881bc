"""The version of LinkedIn's API that calls ask for, and another one where LinkedIn refuses it (failure-classes.md H1)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final, TypeVar, cast

from noillusion.catalog import lifetimes
from noillusion.flows.faults import OutcomeUnknown, PlatformError
from noillusion.flows.protocol import Call, Flow, OtherVersion, Reply, SizeOf, Step, Until
from noillusion.platforms.linkedin.facts import VERSION

T = TypeVar("T")
HEADER: Final = "LinkedIn-Version"
REFUSED: Final = "NONEXISTENT_VERSION"
NEXT: Final = lifetimes.next_version("linkedin")


def versioned(flow: Flow[T]) -> Flow[T]:
    """Run a flow. The step whose version LinkedIn refuses is repeated once in the next listed one, and the rest asks for that.

    LinkedIn checks the version before it does anything, so its own refusal says that a COMMIT made nothing.
    """
    version, give, error = VERSION, None, cast(PlatformError | None, None)
    try:
        while True:
            try:
                step = flow.throw(error) if error else flow.send(give)
            except StopIteration as stop:
                return cast(T, stop.value)
            give, error = None, None
            try:
                give = yield _asking(step, version)
            except PlatformError as refusal:
                error = refusal
            if error and NEXT and version == VERSION and _is_refused(error):
                version = NEXT
                try:
                    give, error = (yield _asking(step, version)), None
                except PlatformError as refusal:
                    error = refusal
    finally:
        flow.close()


def other_version(call: Call, reply: Reply) -> OtherVersion | None:
    """Return the version of a call that another one than ours was taken for. LinkedIn's replies name none."""
    asked = str(call.headers.get(HEADER, VERSION))
    return OtherVersion(VERSION, asked) if asked != VERSION and reply.status < 400 else None


def _is_refused(error: PlatformError) -> bool:
    return error.fault.code == REFUSED and error.fault.certain and not isinstance(error, OutcomeUnknown)


def _asking(step: Step, version: str) -> Step:
    """Return the step with calls that ask for a version, where they ask for one."""
    if isinstance(step, SizeOf) or version == VERSION:
        return step
    if isinstance(step, Until):
        return replace(step, call=_in(step.call, version))
    return _in(step, version) if isinstance(step, Call) else [_in(call, version) for call in step]


def _in(call: Call, version: str) -> Call:
    headers: dict[str, Any] = dict(call.headers)
    return replace(call, headers={**headers, HEADER: version}) if HEADER in headers else call
