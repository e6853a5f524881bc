"""Posts that a platform takes ahead of their time and publishes itself. By default a platform holds none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from noillusion.core.records import record
from noillusion.core.sensitive import Content
from noillusion.flows.draft import Draft, Kind
from noillusion.flows.effects import Effect
from noillusion.flows.faults import ErrorClass, Fault, PlatformError
from noillusion.flows.protocol import Account, Flow, Issue

REMOVED: Final = "removed"
"""The code of a post that was removed at the platform before it became public."""


@record(eq=True)
class Window:
    """How far ahead a post can be handed to a platform that holds it, in seconds from now."""

    earliest_s: int
    latest_s: int


class Holds:
    """The operations on posts that a platform holds. They are named by the handles that ``publish`` kept."""

    def change_held(
        self, handles: Mapping[str, str], text: Content | None, publish_at: int | None, account: Account
    ) -> Flow[None]:
        """Give a post that is held another text, another time, or both. ``None`` stays as it is."""
        yield from ()
        raise _nothing_held()

    def release_held(self, handles: Mapping[str, str], account: Account) -> Flow[None]:
        """Publish a post that is held at once."""
        yield from ()
        raise _nothing_held()

    def withdraw_held(self, handles: Mapping[str, str], account: Account) -> Flow[None]:
        """Remove a post that is held, so that it never becomes public. One that is gone already counts as removed."""
        yield from ()
        raise _nothing_held()


def _nothing_held() -> PlatformError:
    return PlatformError(Fault(ErrorClass.PERMISSION, "holding_not_supported", certain=True), Effect.COMMIT)


def holding_issues(draft: Draft, holds: Mapping[Kind, Window], now: float, title: str) -> Iterator[Issue]:
    """Problems of a draft with the time until which its platform is to hold it. ``now``: seconds since the epoch."""
    if draft.publish_at is None:
        return
    window = holds.get(draft.kind)
    if window is None:
        message = f"{title} does not hold posts of kind {draft.kind} until a later time."
        yield Issue("publish_at", "not_supported", message, params={"allowed": list(holds)})
        return
    ahead = int(draft.publish_at - now)
    if not window.earliest_s <= ahead <= window.latest_s:
        limit = window.earliest_s if ahead < window.earliest_s else window.latest_s
        minutes, days = window.earliest_s // 60, window.latest_s // 86_400
        message = f"{title} holds posts for at least {minutes} minutes and at most {days} days."
        yield Issue("publish_at", "out_of_range", message, params={"limit": limit, "actual": ahead, "unit": "seconds"})
    if draft.first_comment:
        message = "The comment could only be added once the post is public, and until then its text would have to be stored."
        yield Issue("first_comment", "not_applicable", message)
