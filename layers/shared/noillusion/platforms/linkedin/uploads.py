"""Uploads to LinkedIn: images and documents, a few at once, and the wait until they can be posted (platforms.md 3.3, uploads).

Nothing that is uploaded is visible until a post names it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from noillusion.core.records import record
from noillusion.flows.draft import MediaItem
from noillusion.flows.effects import Effect
from noillusion.flows.faults import ErrorClass, Fault, PlatformError
from noillusion.flows.protocol import Account, Call, Flow, Reply, Until
from noillusion.platforms.linkedin import calls, facts
from noillusion.platforms.linkedin.facts import API, ASSET_STATES, HEADERS, IMAGE_HANDLES, STATE_ASKS, UPLOADS_AT_ONCE
from noillusion.platforms.reading import unlisted

AssetKind = Literal["image", "document", "video"]


@record(eq=True)
class Asset:
    """A file at LinkedIn that a post can name once it is available."""

    kind: AssetKind
    urn: str


def images(items: Sequence[MediaItem], account: Account) -> Flow[tuple[Asset, ...]]:
    """Register images and send their bytes."""
    registered = yield from together(
        [registration("image", account, handle) for handle, _ in zip(IMAGE_HANDLES, items, strict=False)]
    )
    yield from together([_transfer(reply, item) for reply, item in zip(registered, items, strict=True)])
    return tuple(Asset("image", str(reply["value.image"])) for reply in registered)


def document(item: MediaItem, account: Account) -> Flow[Asset]:
    """Register a document and send its bytes."""
    reply = yield registration("document", account, "document_urn")
    yield _transfer(reply, item)
    return Asset("document", str(reply["value.document"]))


def registration(kind: AssetKind, account: Account, handle: str, more: Mapping[str, Any] | None = None) -> Call:
    """Announce an upload for the author of the post, whom LinkedIn takes for its owner."""
    return Call(
        "POST",
        f"{API}/{kind}s?action=initializeUpload",
        Effect.PREPARE,
        headers=HEADERS,
        json={"initializeUploadRequest": {"owner": calls.author(account), **(more or {})}},
        keep={handle: f"value.{kind}"},
    )


def transfer(url: str, item: MediaItem) -> Call:
    """Send a whole file to an upload URL."""
    return Call("PUT", url, Effect.PREPARE, body=item, timeout=60.0)


def _transfer(registered: Reply, item: MediaItem) -> Call:
    return transfer(str(registered["value.uploadUrl"]), item)


def together(wanted: Sequence[Call]) -> Flow[list[Reply]]:
    """Make calls, a few at once, because each may hold a part of a file in memory. Returns the replies in order."""
    replies: list[Reply] = []
    for at in range(0, len(wanted), UPLOADS_AT_ONCE):
        some = list(wanted[at : at + UPLOADS_AT_ONCE])
        if len(some) == 1:
            replies.append((yield some[0]))
        else:
            replies += yield some
    return replies


def available(assets: Sequence[Asset], account: Account) -> Flow[None]:
    """Wait for assets; some seconds blindly where the token may not read their state.

    The post needs its text, so nobody could go on after a wait that is handed over.
    """
    for asset in assets:
        try:
            yield Until(
                calls.get(f"/{asset.kind}s/{calls.encoded(asset.urn)}"),
                done=lambda reply: reply.get("status") == "AVAILABLE",
                failed=_failure,
                odd=lambda reply: unlisted(reply.get("status"), ASSET_STATES),
                asks=STATE_ASKS[asset.kind],
                resumable=False,
            )
        except PlatformError as error:
            if error.fault.error_class is not ErrorClass.PERMISSION:
                raise
            yield Until(
                calls.identity(account.scopes),
                done=lambda _: False,
                failed=lambda _: None,
                every=facts.BLIND_EVERY_S,
                asks=facts.BLIND_ASKS,
                resumable=False,
            )
            return


def _failure(reply: Reply) -> Fault | None:
    failed = reply.get("status") == "PROCESSING_FAILED"
    return Fault(ErrorClass.MEDIA_PROCESSING, "PROCESSING_FAILED") if failed else None
