"""Publishing on LinkedIn, reading back, and removing (platforms.md 3.3)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from noillusion.core.sensitive import Content
from noillusion.flows.draft import Draft, Kind, MediaItem
from noillusion.flows.effects import Effect
from noillusion.flows.faults import ErrorClass, Fault, OutcomeUnknown, PlatformError, UnexpectedShape
from noillusion.flows.protocol import (
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
    Until,
)
from noillusion.platforms.linkedin import calls, connect
from noillusion.platforms.linkedin.facts import API, BLIND_ASKS, FINDER, HEADERS, IMAGE_ASKS, PAGES_OF_POSTS
from noillusion.platforms.linkedin.options import LinkedInOptions
from noillusion.platforms.linkedin.text import little_text, plain_text
from noillusion.platforms.reading import Row, integer


def publish(draft: Draft, account: Account) -> Flow[Published]:
    """Text and link: read, post. Image: register, upload bytes, post (platforms.md 3.3)."""
    if draft.kind != "image":
        yield from connect.probe(account)
        return (yield from _post(draft, account, _article(draft)))
    item = draft.media[0]
    urn = yield from _upload(item, account)
    media: dict[str, Any] = {"id": urn}
    if item.alt_text:
        media["altText"] = item.alt_text
    content = {"media": media}
    try:
        return (yield from _post(draft, account, content))
    except OutcomeUnknown:
        raise
    except PlatformError as error:
        if error.fault.error_class is not ErrorClass.NOT_READY:
            raise
    # LinkedIn said that it made no post because the image is still being processed: the one case of a second attempt.
    yield from _await_image(urn, account)
    return (yield from _post(draft, account, content))


def resume(handles: Mapping[str, str]) -> Flow[Published]:
    """Only a post that LinkedIn has accepted can be finished without its content: an image alone cannot be posted."""
    yield from ()
    if not handles.get("accepted_id"):
        raise UnexpectedShape("handles")
    return _published(handles["accepted_id"])


def find(lookup: Lookup, account: Account) -> Flow[Reading]:
    """The posts of an organization since the commit; a member's posts cannot be listed (platforms.md 3.3)."""
    if accepted := lookup.handles.get("accepted_id"):
        yield from ()
        return _published(accepted)
    if account.kind != "organization" or "r_organization_social" not in account.scopes:
        return Unreadable("not_listable")

    def older(row: Row) -> bool:
        # The list is sorted by this time, which is never before a post's creation.
        modified = integer(row.get("lastModifiedAt"))
        return modified is not None and modified < lookup.since * 1000

    path = f"/posts?q=author&author={calls.encoded(calls.author(account))}&sortBy=LAST_MODIFIED"
    rows, complete = yield from calls.paged(path, FINDER, PAGES_OF_POSTS, older)
    # A repost is never ours: this product makes none.
    return Listing(tuple(_listed(row) for row in rows if row.get("id") and not row.get("reshareContext")), complete)


def delete(post_id: str) -> Flow[None]:
    """Remove a post. One that LinkedIn itself does not know is deleted."""
    try:
        yield Call("DELETE", f"{API}/posts/{calls.encoded(post_id)}", Effect.COMMIT, headers=HEADERS)
    except PlatformError as error:
        if error.fault.error_class is not ErrorClass.NOT_FOUND or not error.fault.certain:
            raise


def _upload(item: MediaItem, account: Account) -> Flow[str]:
    """Register an image and send its bytes. Returns its URN; invisible until a post names it."""
    registered = yield Call(
        "POST",
        f"{API}/images?action=initializeUpload",
        Effect.PREPARE,
        headers=HEADERS,
        json={"initializeUploadRequest": {"owner": calls.author(account)}},
        keep={"image_urn": "value.image"},
    )
    yield Call("PUT", str(registered["value.uploadUrl"]), Effect.PREPARE, body=item, timeout=60.0)
    return str(registered["value.image"])


def _await_image(urn: str, account: Account) -> Flow[None]:
    """Wait for an image; some seconds blindly where the token may not read its state (platforms.md 3.3, uploads)."""
    try:
        yield Until(
            calls.get(f"/images/{calls.encoded(urn)}"),
            done=lambda reply: reply.get("status") == "AVAILABLE",
            failed=_image_failure,
            asks=IMAGE_ASKS,
        )
    except PlatformError as error:
        if error.fault.error_class is not ErrorClass.PERMISSION:
            raise
        yield Until(calls.identity(account.scopes), done=lambda _: False, failed=lambda _: None, every=4.0, asks=BLIND_ASKS)


def _image_failure(reply: Reply) -> Fault | None:
    failed = reply.get("status") == "PROCESSING_FAILED"
    return Fault(ErrorClass.MEDIA_PROCESSING, "PROCESSING_FAILED") if failed else None


def _post(draft: Draft, account: Account, content: Mapping[str, Any] | None) -> Flow[Published]:
    body: dict[str, Any] = {
        "author": calls.author(account),
        "commentary": Content(little_text(draft.text.reveal())),
        "visibility": LinkedInOptions.of(draft).visibility,
        "distribution": {"feedDistribution": "MAIN_FEED", "targetEntities": [], "thirdPartyDistributionChannels": []},
        "lifecycleState": "PUBLISHED",
        "isReshareDisabledByAuthor": False,
    }
    if content:
        body["content"] = content
    keep = {"accepted_id": "header:x-restli-id"}
    reply = yield Call("POST", f"{API}/posts", Effect.COMMIT, headers=HEADERS, json=body, keep=keep, timeout=20.0)
    return _published(str(reply["header:x-restli-id"]))


def _article(draft: Draft) -> dict[str, Any] | None:
    if draft.kind != "link" or draft.link is None:
        return None
    article = {"source": draft.link.url, "title": draft.link.title, "description": draft.link.description}
    return {"article": {name: value for name, value in article.items() if value}}


def _published(urn: str) -> Published:
    return Published(urn, urn, f"https://www.linkedin.com/feed/update/{urn}/")


def _listed(post: Row) -> ListedPost:
    urn, created = str(post["id"]), integer(post.get("createdAt"))
    content = post.get("content")
    media = content.get("media") if isinstance(content, Mapping) else None
    asset = media.get("id") if isinstance(media, Mapping) else None
    return ListedPost(
        urn,
        plain_text(str(post.get("commentary") or "")),
        None if created is None else created / 1000,
        _published(urn).permalink,
        _kinds(content, asset),
        frozenset({asset}) if isinstance(asset, str) else frozenset(),
    )


def _kinds(content: object, asset: object) -> frozenset[Kind]:
    """The kind of a listed post, as far as its content tells."""
    if not content:
        return frozenset({"text"})
    if isinstance(content, Mapping) and "article" in content:
        return frozenset({"link"})
    return frozenset({"image"}) if isinstance(asset, str) and asset.startswith("urn:li:image:") else frozenset()
