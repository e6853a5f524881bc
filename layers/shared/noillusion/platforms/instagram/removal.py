"""Deleting posts on Instagram, which only accounts that are linked to Pages can do (platforms.md 2.3)."""

from __future__ import annotations

from noillusion.flows.effects import Effect
from noillusion.flows.faults import ErrorClass, PlatformError
from noillusion.flows.protocol import Account, Call, Flow
from noillusion.platforms.instagram.facts import PAGES_OF_POSTS
from noillusion.platforms.instagram.paths import path_of
from noillusion.platforms.meta.lists import PAGE_SIZE, paged


def delete(media_id: str, account: Account) -> Flow[None]:
    """Delete a post, a carousel with all its members.

    Posts that exist were told to be missing at times (platforms.md 2.7), so one counts as gone only if no list has it.
    """
    try:
        yield Call("DELETE", f"{path_of(account).graph}/{media_id}", Effect.COMMIT)
    except PlatformError as error:
        if error.fault.error_class is not ErrorClass.NOT_FOUND or not (yield from _is_gone(media_id, account)):
            raise


def _is_gone(media_id: str, account: Account) -> Flow[bool]:
    for edge in ("media", "stories"):
        call = Call("GET", f"{path_of(account).graph}/{account.id}/{edge}", query={"fields": "id", "limit": PAGE_SIZE})
        listed, complete = yield from paged(call, PAGES_OF_POSTS)
        if not complete or any(str(row.get("id")) == media_id for row in listed):
            return False
    return True
