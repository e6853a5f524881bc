"""The state of a video, a reel or a video story that Facebook has, and the wait until it is public (platforms.md 1.3)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from noillusion.flows.effects import Effect
from noillusion.flows.faults import ErrorClass, Fault, OutcomeUnknown, PlatformError
from noillusion.flows.protocol import Absent, Call, Flow, Published, Reading, Reply, Until
from noillusion.platforms.facebook.errors import ERRORS
from noillusion.platforms.facebook.facts import STATUS_AT_MOST_S, STATUS_EVERY_S, VIDEO_STATES
from noillusion.platforms.meta.facts import GRAPH
from noillusion.platforms.reading import number, unlisted

PHASES: Final = ("uploading_phase", "processing_phase", "publishing_phase")
ENDED: Final = ("error", "expired")
"""States in which a video never becomes public."""
UNFINISHED: Final = ("uploading", "upload_complete", *ENDED)
"""States in which nothing was ordered to be public, or never will be."""


def ask(video: str) -> Call:
    """The call that reads a video's state, link and post."""
    return Call("GET", f"{GRAPH}/{video}", query={"fields": "status,permalink_url,post_id"})


def settled(video: str) -> Flow[Reply]:
    """Wait until a video that Facebook accepted is public; up to a day. :class:`PlatformError` if it never will be."""
    try:
        reply: Reply = yield Until(
            ask(video),
            done=lambda reply: is_public(reply) or failure(reply) is not None,
            failed=lambda _: None,
            odd=_odd,
            every=STATUS_EVERY_S,
            at_most=STATUS_AT_MOST_S,
            # A video that was just made may not be visible yet.
            tolerate=frozenset({ErrorClass.NOT_READY, ErrorClass.NOT_FOUND}),
        )
    except PlatformError as error:
        # Only the question was refused. Facebook goes on with the video, so this is no failure of the post.
        raise OutcomeUnknown(error.fault, Effect.COMMIT) from None
    if fault := failure(reply):
        raise PlatformError(fault, Effect.COMMIT)
    return reply


def until_uploaded(video: str) -> Until:
    """Wait until Facebook has all of a video's bytes."""
    return Until(
        ask(video),
        done=lambda reply: reply.get("status.uploading_phase.status") == "complete",
        failed=failure,
        odd=_odd,
        every=STATUS_EVERY_S,
        at_most=STATUS_AT_MOST_S,
    )


def seen(video: str) -> Flow[Reply | None]:
    """Read a video's state; ``None`` if it cannot be seen."""
    try:
        reply: Reply = yield ask(video)
    except PlatformError as error:
        if error.fault.error_class is not ErrorClass.NOT_FOUND:
            raise
        return None
    return reply


def judged(reply: Reply | None, post: Callable[[Reply], Published]) -> Reading:
    """The outcome that a video's state tells after a lost answer; without a state it is open."""
    if reply is None:
        return Absent(final=False)
    if is_scheduled(reply):
        return replace(post(reply), state="held", permalink=None)
    return post(reply) if is_public(reply) else Absent(final=is_unfinished(reply))


def is_public(reply: Reply) -> bool:
    """Return whether everybody can see the video (platforms.md 1.3)."""
    phase = reply.get("status.publishing_phase")
    return isinstance(phase, Mapping) and phase.get("status") == "complete" and phase.get("publish_status") == "published"


def is_scheduled(reply: Reply) -> bool:
    """Return whether Facebook holds the video until its time."""
    return bool(reply.get("status.publishing_phase.publish_status") == "scheduled")


def is_unfinished(reply: Reply) -> bool:
    """Return whether the video was never ordered to be public, or can never be."""
    begun = reply.get("status.publishing_phase.status") in ("in_progress", "complete")
    return not begun and reply.get("status.video_status") in UNFINISHED


def failure(reply: Reply) -> Fault | None:
    """The reason why a video can never be public: the first code that a phase names, else its state."""
    state = reply.get("status.video_status")
    errors = [error for phase in PHASES for error in _errors(reply.get(f"status.{phase}"))]
    if state not in ENDED and not errors:
        return None
    codes = (code for error in errors if (code := number(error.get("code"))) is not None and 0 < code < 10_000_000)
    code = next(codes, None)
    if code is None:
        return Fault(ErrorClass.MEDIA_PROCESSING, f"video_{state}" if state in ENDED else "video_error", certain=True)
    found = ERRORS.get((code, None), ErrorClass.MEDIA_PROCESSING)
    # The video has ended, so what would pass for a call does not pass for it.
    return Fault(ErrorClass.MEDIA_PROCESSING if found is ErrorClass.TRANSIENT else found, str(code), certain=True)


def _odd(reply: Reply) -> str | None:
    return unlisted(reply.get("status.video_status"), VIDEO_STATES)


def _errors(phase: Any) -> list[Mapping[str, Any]]:
    """The errors of a phase that failed; those of one that goes on are none."""
    if not isinstance(phase, Mapping) or phase.get("status") != "error":
        return []
    listed = phase.get("errors")
    return [error for error in listed if isinstance(error, Mapping)] or [{}] if isinstance(listed, list) else [{}]
