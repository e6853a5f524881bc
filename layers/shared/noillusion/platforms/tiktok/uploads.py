"""Videos whose bytes are sent by chunks (platforms.md 4.3, FILE_UPLOAD). The last chunk is the commit."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import field
from typing import Any

from noillusion.core.records import record
from noillusion.flows.draft import MediaItem
from noillusion.flows.effects import Effect
from noillusion.flows.faults import ErrorClass, Fault, OutcomeUnknown, PlatformError, UnexpectedShape
from noillusion.flows.protocol import Absent, Account, Call, Flow, Published, SizeOf
from noillusion.platforms.reading import integer, number
from noillusion.platforms.tiktok import calls, status
from noillusion.platforms.tiktok.facts import CHUNK, CHUNK_TIMEOUT_S, STALLS, UPLOADED_TYPES, URL_LIFE_ENDED

OUT_OF_STEP = "http_416"
"""A chunk came that was not the next one."""


@record(eq=True)
class Upload:
    """An upload that TikTok expects. Its URL lets anybody send the file, so it is kept nowhere."""

    publish_id: str
    url: str = field(repr=False)
    item: MediaItem = field(repr=False)
    size: int

    @property
    def last(self) -> int:
        """The first byte of the last chunk, which is as long as the others or longer."""
        return (max(1, self.size // CHUNK) - 1) * CHUNK


def start(path: str, body: Mapping[str, Any], item: MediaItem) -> Flow[Upload]:
    """Announce a file. Nothing is posted before its last chunk has come, so this only prepares (platforms.md 4.3)."""
    size: int = yield SizeOf(item)
    count = max(1, size // CHUNK)
    source = {
        "source": "FILE_UPLOAD",
        "video_size": size,
        "chunk_size": CHUNK if count > 1 else size,
        "total_chunk_count": count,
    }
    keep = {"publish_id": "data.publish_id", "upload_size": "data.publish_id"}
    reply = yield calls.post(
        path, {**body, "source_info": source}, Effect.PREPARE, keep=keep, known={"upload_size": str(size)}, timeout=20.0
    )
    return Upload(str(reply["data.publish_id"]), str(reply["data.upload_url"]), item, size)


def send(upload: Upload) -> Flow[None]:
    """Send a file chunk by chunk, in order. The last chunk makes it public; without it nothing was published."""
    at = stalls = 0
    while at < upload.last:
        # A chunk ends where it would have ended if all of it was still to be sent.
        length = CHUNK - at % CHUNK
        try:
            yield _chunk(upload, at, length, Effect.PREPARE)
        except PlatformError as refusal:
            reached = yield from _reached(upload, refusal)
            stalls = stalls + 1 if reached <= at else 0
            if stalls > STALLS:
                raise
            at = reached
        else:
            at += length
    yield _chunk(upload, at, upload.size - at, Effect.COMMIT)


def discard(publish_id: str) -> Flow[None]:
    """Cancel an upload that will not be finished. If that fails, it expires within the hour."""
    with suppress(PlatformError):
        yield calls.post("/post/publish/cancel/", {"publish_id": publish_id}, Effect.PREPARE)


def abandoned(publish_id: str, account: Account) -> Flow[Published]:
    """End an upload whose bytes are gone with the request that had them. It is canceled, unless TikTok has an outcome for it."""
    try:
        outcome = status.outcome((yield calls.status(publish_id)), publish_id, account.username)
    except PlatformError as refusal:
        if refusal.fault.error_class is not ErrorClass.NOT_FOUND:
            raise
        raise UnexpectedShape("handles") from None
    if isinstance(outcome, Published):
        return outcome
    if outcome is not None:
        raise PlatformError(outcome)
    yield from discard(publish_id)
    raise UnexpectedShape("handles")


def look(handles: Mapping[str, str], account: Account) -> Flow[Published | Absent]:
    """Read back an upload whose last chunk had no answer: without all of its bytes it is not published.

    It can be sent on as long as its URL lives, which ``ReadBack.settles_after_s`` waits for.
    """
    reply = yield calls.status(handles["publish_id"])
    outcome = status.outcome(reply, handles["publish_id"], account.username)
    if isinstance(outcome, Published):
        return outcome
    received, size = integer(reply.get("data.uploaded_bytes")), number(handles.get("upload_size"))
    return Absent(final=outcome is not None or (received is not None and size is not None and received < size))


def _chunk(upload: Upload, first: int, length: int, effect: Effect) -> Call:
    declared = upload.item.content_type
    headers = {
        "content-type": declared if declared in UPLOADED_TYPES else UPLOADED_TYPES[0],
        "content-range": f"bytes {first}-{first + length - 1}/{upload.size}",
    }
    commits = effect is Effect.COMMIT
    return Call(
        "PUT",
        upload.url,
        effect,
        headers=headers,
        body=upload.item,
        span=(first, length),
        following=upload.size - first - length,
        # Whoever has the URL may upload; a token has no place in the request.
        auth="none",
        keep={"accepted_id": ""} if commits else {},
        known={"accepted_id": upload.publish_id} if commits else {},
        success=(201,) if commits else (206,),
        timeout=CHUNK_TIMEOUT_S,
    )


def _reached(upload: Upload, refusal: PlatformError) -> Flow[int]:
    """The number of bytes that TikTok has, after a chunk without a clear answer. Other refusals are raised."""
    fault = refusal.fault
    passing = fault.error_class in (ErrorClass.TRANSIENT, ErrorClass.MEDIA_FETCH)
    if isinstance(refusal, OutcomeUnknown) or not (passing or fault.code == OUT_OF_STEP):
        raise PlatformError(_ended(fault), Effect.PREPARE)
    reply = yield calls.status(upload.publish_id)
    outcome = status.outcome(reply, upload.publish_id, "")
    if isinstance(outcome, Fault):
        raise PlatformError(outcome, Effect.PREPARE)
    received = integer(reply.get("data.uploaded_bytes"))
    if received is None:
        raise refusal
    return min(received, upload.last)


def _ended(fault: Fault) -> Fault:
    """The fault of an upload that cannot be gone on with. Its URL needs no token, so none of them is about the connection."""
    if fault.code in URL_LIFE_ENDED:
        return Fault(ErrorClass.TRANSIENT, fault.code)
    return Fault(ErrorClass.UNKNOWN, fault.code) if fault.error_class is ErrorClass.REAUTH else fault
