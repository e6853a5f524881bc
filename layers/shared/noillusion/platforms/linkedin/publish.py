"""Publishing on LinkedIn, reading back, and removing (platforms.md 3.3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from noillusion.core.sensitive import Content
from noillusion.flows.draft import Draft
from noillusion.flows.effects import Effect
from noillusion.flows.faults import ErrorClass, OutcomeUnknown, PlatformError, UnexpectedShape
from noillusion.flows.protocol import (
    Account,
    Call,
    Flow,
    ListedPost,
    Listing,
    Lookup,
    Published,
    Reading,
    Unreadable,
)
from noillusion.platforms.comments import first_comment
from noillusion.platforms.linkedin import calls, content, listed, uploads
from noillusion.platforms.linkedin.content import Prepared
from noillusion.platforms.linkedin.facts import API, FINDER, HEADERS, PAGES_OF_POSTS
from noillusion.platforms.linkedin.options import LinkedInOptions
from noillusion.platforms.linkedin.text import little_text, plain_text
from noillusion.platforms.reading import Row, integer


def publish(draft: Draft, account: Account) -> Flow[Published]:
    """Upload what the post names, post, comment. Only the post is visible, and it is sent once (platforms.md 3.3)."""
    ready = yield from content.prepared(draft, account)
    try:
        post = yield from _post(draft, account, ready)
    except OutcomeUnknown:
        raise
    except PlatformError as error:
        if error.fault.error_class is not ErrorClass.NOT_READY or not ready.assets:
            raise
        # LinkedIn said that it made no post because a file is still being processed: the one case of a second attempt.
        yield from uploads.available(ready.assets, account)
        post = yield from _post(draft, account, ready)
    return (yield from _commented(draft, account, post))


def resume(handles: Mapping[str, str]) -> Flow[Published]:
    """Only a post that LinkedIn has accepted can be finished without its content: uploads alone cannot be posted."""
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


def _post(draft: Draft, account: Account, ready: Prepared) -> Flow[Published]:
    options = LinkedInOptions.of(draft)
    body: dict[str, Any] = {
        "author": calls.author(account),
        "commentary": Content(little_text(draft.text.reveal())),
        "visibility": options.visibility,
        "distribution": {"feedDistribution": "MAIN_FEED", "targetEntities": [], "thirdPartyDistributionChannels": []},
        "lifecycleState": "PUBLISHED",
        "isReshareDisabledByAuthor": options.reshare_disabled,
    }
    if ready.content:
        body["content"] = ready.content
    keep = {"accepted_id": "header:x-restli-id"}
    reply = yield Call("POST", f"{API}/posts", Effect.COMMIT, headers=HEADERS, json=body, keep=keep, timeout=20.0)
    return _published(str(reply["header:x-restli-id"]))


def _commented(draft: Draft, account: Account, post: Published) -> Flow[Published]:
    """Add the first comment, in plain text. Some apps may not comment, and LinkedIn takes few comments a minute."""
    if not draft.first_comment:
        return post
    comment = {"actor": calls.author(account), "object": post.accepted_id, "message": {"text": draft.first_comment}}
    path = f"{API}/socialActions/{calls.encoded(post.accepted_id)}/comments"
    call = Call("POST", path, Effect.FOLLOW_UP, headers=HEADERS, json=comment)
    return replace(post, first_comment=(yield from first_comment(call, "header:x-restli-id")))


def _published(urn: str) -> Published:
    return Published(urn, urn, f"https://www.linkedin.com/feed/update/{urn}/")


def _listed(post: Row) -> ListedPost:
    urn, created = str(post["id"]), integer(post.get("createdAt"))
    shown = listed.read(post.get("content"))
    return ListedPost(
        urn,
        plain_text(str(post.get("commentary") or "")),
        None if created is None else created / 1000,
        _published(urn).permalink,
        shown.kinds,
        shown.assets,
    )
