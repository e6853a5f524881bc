"""What every kind of post on a Page shares: the call that publishes, the post that Facebook has, and lists (platforms.md 1.3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from noillusion.flows.draft import Draft, Kind, MediaItem
from noillusion.flows.effects import Effect
from noillusion.flows.faults import PlatformError
from noillusion.flows.protocol import (
    HELD,
    Account,
    Call,
    Flow,
    ListedPost,
    Listing,
    Lookup,
    Published,
    Reading,
    Reply,
    Unreadable,
)
from noillusion.platforms import reading
from noillusion.platforms.calls import filled
from noillusion.platforms.checks import granted
from noillusion.platforms.facebook.facts import (
    FETCH_TIMEOUT_S,
    FORMS,
    LISTED_FIELDS,
    PAGES_OF_POSTS,
    READ_SCOPE,
    SCHEDULED,
    UPLOADED,
)
from noillusion.platforms.meta.facts import GRAPH, WWW
from noillusion.platforms.meta.lists import PAGE_SIZE, paged
from noillusion.platforms.reading import Row


def commit(
    account: Account,
    edge: str,
    fields: Mapping[str, Any],
    *,
    keep: Mapping[str, str],
    known: Mapping[str, str] | None = None,
    file: MediaItem | None = None,
) -> Call:
    """The one call that makes a post public, now or at its time. ``file`` is the image of a video until it plays."""
    url, form = f"{GRAPH}/{account.id}/{edge}", filled(fields)
    body: dict[str, Any] = {"form": form} if file is None else {"multipart": {**form, "thumb": file}}
    return Call("POST", url, Effect.COMMIT, keep=keep, known=known or {}, timeout=FETCH_TIMEOUT_S, **body)


def scheduled(draft: Draft) -> Mapping[str, Any]:
    """Return the fields of a post or video that Facebook is to hold until its time; none for any other."""
    return {} if draft.publish_at is None else {**SCHEDULED, "scheduled_publish_time": draft.publish_at}


def ids(draft: Draft) -> tuple[str, ...]:
    """Return the handles that are the id of the post or video that a draft becomes."""
    return ("accepted_id",) if draft.publish_at is None else ("accepted_id", HELD)


def held(post_id: str, publish_at: int | None) -> Published:
    """A post that Facebook holds, by the id by which it is looked at."""
    return Published(post_id, post_id, state="held", publish_at=publish_at)


def published(post_id: str) -> Flow[Published]:
    """The accepted post with its link, which is decoration: without an answer it is built (platforms.md 1.3)."""
    try:
        reply = yield Call("GET", f"{GRAPH}/{post_id}", query={"fields": "permalink_url"})
        given = reply.get("permalink_url")
    except PlatformError:
        given = None
    return Published(post_id, post_id, permalink(given, post_id))


def permalink(given: Any, post_id: str) -> str:
    """An absolute permalink: the given one may be a path, and a post's id always makes one."""
    path = given if isinstance(given, str) and given.startswith("/") else f"/{post_id}"
    return FORMS.permalink(given) or FORMS.permalink(f"{WWW}{path}") or f"{WWW}/{post_id}"


def listing(lookup: Lookup, account: Account) -> Flow[Reading]:
    """The Page's posts since the commit (platforms.md 1.3, "Reconcile").

    A video is listed once it is processed, however long that takes, so a list without it proves nothing.
    """
    if not granted(account, READ_SCOPE):
        return Unreadable("scope_missing")
    query = {"fields": LISTED_FIELDS, "since": int(lookup.since), "limit": PAGE_SIZE}
    listed, complete = yield from paged(_list(account, "published_posts", query), PAGES_OF_POSTS)
    if lookup.publish_at is not None:
        # It is in the one list until its time and in the other one afterwards.
        kept, all_kept = yield from held_list(account, f"{LISTED_FIELDS},scheduled_publish_time")
        listed, complete = [*listed, *kept], complete and all_kept
    return Listing(tuple(_listed(row) for row in listed if row.get("id")), complete and lookup.kind != "video")


def held_list(account: Account, fields: str) -> Flow[tuple[list[Row], bool]]:
    """The posts that Facebook holds for a Page, and whether those are all."""
    call = _list(account, "scheduled_posts", {"fields": fields, "limit": PAGE_SIZE})
    return (yield from paged(call, PAGES_OF_POSTS))


def _list(account: Account, edge: str, query: Mapping[str, Any]) -> Call:
    return Call("GET", f"{GRAPH}/{account.id}/{edge}", query=query)


def _listed(post: Row) -> ListedPost:
    post_id, attachments = str(post["id"]), _attachments(Reply(200, data=post))
    photos = (one.get("target.id") for one in attachments if one.get("media_type") == "photo")
    return ListedPost(
        post_id,
        str(post.get("message") or ""),
        reading.moment(post.get("created_time")),
        permalink(post.get("permalink_url"), post_id),
        _kinds(str(post.get("status_type")), {str(one.get("media_type")) for one in attachments}),
        frozenset(photo for photo in photos if isinstance(photo, str)),
        publish_time(post.get("scheduled_publish_time")),
    )


def publish_time(value: object) -> int | None:
    """When a post becomes public that Facebook holds: whole seconds, or a date, as the node of a video has it."""
    told = reading.stamp(int(value) if isinstance(value, float) else value)
    at = reading.moment(value) if told is None else told
    return None if at is None else int(at)


def _attachments(post: Reply) -> list[Reply]:
    """The attachments of a listed post, those of an album among them."""
    found: list[Reply] = []
    for one in _rows(post, "attachments.data"):
        found += [one, *_rows(one, "subattachments.data")]
    return found


def _rows(of: Reply, path: str) -> list[Reply]:
    rows = of.get(path)
    return [Reply(200, data=row) for row in rows] if isinstance(rows, list) else []


def _kinds(status_type: str, media_types: set[str]) -> frozenset[Kind]:
    """The kinds that a listed post can be. A text or a link can show a card with an image or a video of the page it leads to."""
    if status_type in UPLOADED:
        return UPLOADED[status_type]
    return frozenset({"text", "link", "video"}) if media_types and not media_types & {"photo", "album"} else frozenset()
