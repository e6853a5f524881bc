"""Publishing on Instagram and reading back (platforms.md 2.3, 2.7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from noillusion.core.sensitive import Content
from noillusion.flows.draft import Draft, Kind
from noillusion.flows.effects import Effect
from noillusion.flows.faults import ErrorClass, Fault, PlatformError, UnexpectedShape
from noillusion.flows.protocol import Absent, Account, Call, Flow, ListedPost, Listing, Lookup, Published, Reading
from noillusion.platforms import reading
from noillusion.platforms.comments import first_comment
from noillusion.platforms.instagram import carousels, containers, uploads
from noillusion.platforms.instagram.account_options import quota_left
from noillusion.platforms.instagram.facts import FETCH_TIMEOUT_S, MEDIA_TYPES, PAGES_OF_POSTS, STORIES
from noillusion.platforms.instagram.paths import path_of
from noillusion.platforms.meta.errors import FALLBACK_WAIT_S
from noillusion.platforms.meta.lists import PAGE_SIZE, paged
from noillusion.platforms.reading import Row, rows


def publish(draft: Draft, account: Account) -> Flow[Published]:
    """Quota → container → wait until it is finished → publish it → first comment (platforms.md 2.3)."""
    yield from _quota(account)
    prepare = carousels.prepare if draft.kind == "images" else _single
    container = yield from prepare(draft, account)
    return (yield from _finish(container, account, waited=False, comment=draft.first_comment))


def resume(handles: Mapping[str, str], account: Account) -> Flow[Published]:
    """Go on from the published media or from the container. Members of a carousel alone cannot be published."""
    if "accepted_id" in handles:
        return (yield from _published(handles["accepted_id"], account))
    if "container_id" not in handles:
        raise UnexpectedShape("handles")
    return (yield from _finish(handles["container_id"], account, waited=True))


def find(lookup: Lookup, account: Account) -> Flow[Reading]:
    """Ask the container whether it was published, then the list for the id (platforms.md 2.3, "Reconcile").

    A finished container was not published; one in progress after a publish call may still be.
    """
    if accepted := lookup.handles.get("accepted_id"):
        return (yield from _published(accepted, account))
    container = lookup.handles.get("container_id")
    state = yield from containers.state(container, account) if container else _nothing()
    if state in ("FINISHED", "ERROR", "EXPIRED"):
        return Absent()
    if state == "IN_PROGRESS":
        return Absent(final=False)
    published = Published(container) if container and state == "PUBLISHED" else None
    try:
        posts, complete = yield from _listed(lookup, account)
    except (PlatformError, UnexpectedShape):
        if published is None:
            raise
        return published
    # A container that cannot be seen may be published at any time.
    return Listing(posts, complete and container is None, published)


def _single(draft: Draft, account: Account) -> Flow[str]:
    if draft.media[0].url is None:
        return (yield from uploads.whole(draft, account))
    container = yield containers.single(draft, account)
    return str(container["id"])


def _finish(container: str, account: Account, *, waited: bool, comment: Content | None = None) -> Flow[Published]:
    """Wait for the container and publish it.

    A container that reads as missing may be young, or one of an outage of exactly these reads: it is waited for, and once
    that was done (``waited``) published unseen, which is refused without harm if it is too early (platforms.md 2.7).
    """
    tolerated = (ErrorClass.NOT_READY, *(() if waited else (ErrorClass.NOT_FOUND,)))
    try:
        reply = yield containers.until_finished(container, account, *tolerated)
        if reply.get("status_code") == "PUBLISHED":
            return Published(container)
    except PlatformError as error:
        if error.fault.error_class is not ErrorClass.NOT_FOUND:
            raise
    reply = yield Call(
        "POST",
        f"{path_of(account).graph}/{account.id}/media_publish",
        Effect.COMMIT,
        form={"creation_id": container},
        keep={"accepted_id": "id"},
        timeout=FETCH_TIMEOUT_S,
    )
    media_id = str(reply["id"])
    state = (yield from first_comment(_comment(media_id, comment, account))) if comment else None
    return replace((yield from _published(media_id, account)), first_comment=state)


def _comment(media_id: str, text: Content, account: Account) -> Call:
    return Call("POST", f"{path_of(account).graph}/{media_id}/comments", Effect.FOLLOW_UP, form={"message": text})


def _published(media_id: str, account: Account) -> Flow[Published]:
    """The published media with its link, which is decoration: from the media, else from the list (platforms.md 2.7)."""
    permalink, graph = None, path_of(account).graph
    try:
        reply = yield Call("GET", f"{graph}/{media_id}", query={"fields": "permalink"})
        permalink = reply.get("permalink")
    except PlatformError:
        try:
            call = Call("GET", f"{graph}/{account.id}/media", query={"fields": "id,permalink", "limit": PAGE_SIZE})
            listed = rows((yield call), "data")
            permalink = next((row.get("permalink") for row in listed if str(row.get("id")) == media_id), None)
        except (PlatformError, UnexpectedShape):
            permalink = None
    return Published(media_id, media_id, permalink)


def _quota(account: Account) -> Flow[None]:
    """Refuse while nothing has been sent if the account's publishing quota is used up."""
    if not (yield from quota_left(account)):
        raise PlatformError(Fault(ErrorClass.RATE_LIMIT, "content_publishing_limit", FALLBACK_WAIT_S))


def _nothing() -> Flow[str]:
    yield from ()
    return ""


def _listed(lookup: Lookup, account: Account) -> Flow[tuple[tuple[ListedPost, ...], bool]]:
    """The account's stories, or its media since the commit, and whether these are all.

    The list of media is newest first and has no other end. Stories are in no order that is documented, and few.
    """
    edge = "stories" if lookup.kind == "story" else "media"
    query = {"fields": "id,caption,timestamp,permalink,media_type", "limit": PAGE_SIZE}

    def enough(listed: list[Row]) -> bool:
        times = (reading.moment(row.get("timestamp")) for row in listed)
        return edge == "media" and any(at is not None and at < lookup.since for at in times)

    call = Call("GET", f"{path_of(account).graph}/{account.id}/{edge}", query=query)
    listed, complete = yield from paged(call, PAGES_OF_POSTS, enough)
    return tuple(_post(row, STORIES if edge == "stories" else _kinds(row)) for row in listed if row.get("id")), complete


def _kinds(post: Row) -> frozenset[Kind]:
    return MEDIA_TYPES.get(str(post.get("media_type")), frozenset())


def _post(post: Row, kinds: frozenset[Kind]) -> ListedPost:
    return ListedPost(
        str(post["id"]), str(post.get("caption") or ""), reading.moment(post.get("timestamp")), post.get("permalink"), kinds
    )
