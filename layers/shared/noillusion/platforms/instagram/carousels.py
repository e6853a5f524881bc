"""Preparing carousels: a container for each member, then one for all of them (platforms.md 2.3)."""

from __future__ import annotations

from collections.abc import Sequence

from noillusion.flows.draft import Draft
from noillusion.flows.faults import ErrorClass, PlatformError
from noillusion.flows.protocol import LATE, Account, Flow
from noillusion.platforms.instagram import containers


def prepare(draft: Draft, account: Account) -> Flow[str]:
    """Members, side by side → wait until each is finished → the carousel.

    The carousel's container needs the caption, so that the wait for its members cannot be left to a later run.
    """
    members = yield [containers.child(item, position, account) for position, item in enumerate(draft.media)]
    children = [str(member["id"]) for member in members]
    late = yield from _finished(children, account)
    try:
        container = yield containers.carousel(draft, children, account)
    except PlatformError as error:
        if late is not None and error.fault.error_class is ErrorClass.NOT_READY:
            raise late from None
        raise
    return str(container["id"])


def _finished(children: Sequence[str], account: Account) -> Flow[PlatformError | None]:
    """Wait for all members; return the error of a wait that took all the time.

    The members may be finished then and only their reading broken, which making the carousel shows (platforms.md 2.7).
    """
    for container in children:
        wait = containers.until_finished(container, account, ErrorClass.NOT_READY, ErrorClass.NOT_FOUND, resumable=False)
        try:
            yield wait
        except PlatformError as error:
            if error.fault.code != LATE:
                raise
            return error
    return None
