"""Publishing on Instagram and reading back (platforms.md 2.3, 2.7)."""

from __future__ import annotations

from collections.abc import Mapping

from noillusion.flows.draft import Draft
from noillusion.flows.effects import Effect
from noillusion.flows.faults import ErrorClass, Fault, PlatformError, UnexpectedShape
from noillusion.flows.protocol import Absent, Account, Call, Flow, ListedPost, Listing, Lookup, Published, Reading
from noillusion.platforms import reading
from noillusion.platforms.instagram import containers
from noillusion.platforms.instagram.facts import FETCH_TIMEOUT_S, GRAPH, MEDIA_TYPES, PAGES_OF_POSTS
from noillusion.platforms.meta.errors import FALLBACK_WAIT_S
from noillusion.platforms.meta.lists import PAGE_SIZE, paged
from noillusion.platforms.reading import Row, rows


def publish(draft: Draft, account: Account) -> Flow[Published]:
    """Quota → container → wait until it is finished → publish it (platforms.md 2.3)."""
    yield from _quota(account)
    container = yield containers.create(draft, account)
    return (yield from _finish(str(container["id"]), account, waited=False))


def resume(handles: Mapping[str, str], account: Account) -> Flow[Published]:
    """Go on from the published media or from the container."""
    if "accepted_id" in handles:
        return (yield from _published(handles["accepted_id"], account))
    if "container_id" not in handles:
        raise UnexpectedShape("handles")
    return (yield from _finish(handles["container_id"], account, waited=True))


def find(lookup: Lookup, account: Account) -> Flow[Reading]:
    """Ask the container whether it was published, then the media list for the id (platforms.md 2.3, "Reconcile").

    A finished container was not published; one in progress after a publish call may still be.
    """
    if accepted := lookup.handles.get("accepted_id"):
        return (yield from _published(accepted, account))
    container = lookup.handles.get("container_id")
    state = yield from containers.state(container) if container else _nothing()
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


def _finish(container: str, account: Account, *, waited: bool) -> Flow[Published]:
    """Wait for the container and publish it.

    A container that reads as missing may be young, or one of an outage of exactly these reads: it is waited for, and once
    that was done (``waited``) published unseen, which is refused without harm if it is too early (platforms.md 2.7).
    """
    try:
        reply = yield containers.until_finished(container, ErrorClass.NOT_READY, *(() if waited else (ErrorClass.NOT_FOUND,)))
        if reply.get("status_code") == "PUBLISHED":
            return Published(container)
    except PlatformError as error:
        if error.fault.error_class is not ErrorClass.NOT_FOUND:
            raise
    reply = yield Call(
        "POST",
        f"{GRAPH}/{account.id}/media_publish",
        Effect.COMMIT,
        form={"creation_id": container},
        keep={"accepted_id": "id"},
        timeout=FETCH_TIMEOUT_S,
    )
    return (yield from _published(str(reply["id"]), account))


def _published(media_id: str, account: Account) -> Flow[Published]:
    """The published media with its link, which is decoration: from the media, else from the list (platforms.md 2.7)."""
    permalink = None
    try:
        reply = yield Call("GET", f"{GRAPH}/{media_id}", query={"fields": "permalink"})
        permalink = reply.get("permalink")
    except PlatformError:
        try:
            call = Call("GET", f"{GRAPH}/{account.id}/media", query={"fields": "id,permalink", "limit": PAGE_SIZE})
            listed = rows((yield call), "data")
            permalink = next((row.get("permalink") for row in listed if str(row.get("id")) == media_id), None)
        except (PlatformError, UnexpectedShape):
            permalink = None
    return Published(media_id, media_id, permalink)


def _quota(account: Account) -> Flow[None]:
    """Refuse while nothing has been sent if the account's publishing quota is used up. An unreadable quota stops nothing."""
    query = {"fields": "quota_usage,config{quota_total,quota_duration}"}
    try:
        reply = yield Call("GET", f"{GRAPH}/{account.id}/content_publishing_limit", query=query)
    except PlatformError:
        return
    used, total = reading.number(reply.get("data.0.quota_usage")), reading.number(reply.get("data.0.config.quota_total"))
    if used is not None and total is not None and used >= total:
        raise PlatformError(Fault(ErrorClass.RATE_LIMIT, "content_publishing_limit", FALLBACK_WAIT_S))


def _nothing() -> Flow[str]:
    yield from ()
    return ""


def _listed(lookup: Lookup, account: Account) -> Flow[tuple[tuple[ListedPost, ...], bool]]:
    """The account's media since the commit, and whether these are all. The list is newest first and has no other end."""
    query = {"fields": "id,caption,timestamp,permalink,media_type", "limit": PAGE_SIZE}

    def enough(listed: list[Row]) -> bool:
        return any((at := reading.moment(row.get("timestamp"))) is not None and at < lookup.since for row in listed)

    call = Call("GET", f"{GRAPH}/{account.id}/media", query=query)
    listed, complete = yield from paged(call, PAGES_OF_POSTS, enough)
    return tuple(_post(row) for row in listed if row.get("id")), complete


def _post(post: Row) -> ListedPost:
    return ListedPost(
        str(post["id"]),
        str(post.get("caption") or ""),
        reading.moment(post.get("timestamp")),
        post.get("permalink"),
        MEDIA_TYPES.get(str(post.get("media_type")), frozenset()),
    )
