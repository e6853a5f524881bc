"""Videos on LinkedIn: sent in the parts that LinkedIn asks for, and waited for until they are processed (platforms.md 3.3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from noillusion.flows.draft import MediaItem
from noillusion.flows.effects import Effect
from noillusion.flows.faults import UnexpectedShape
from noillusion.flows.protocol import Account, Call, Flow, Reply, SizeOf
from noillusion.platforms.linkedin import uploads
from noillusion.platforms.linkedin.facts import API, HEADERS, UPLOADS_AT_ONCE
from noillusion.platforms.linkedin.uploads import Asset
from noillusion.platforms.reading import integer, rows

INSTRUCTIONS = "value.uploadInstructions"


def video(item: MediaItem, account: Account) -> Flow[Asset]:
    """Send a video and wait until LinkedIn has processed it."""
    size = yield SizeOf(item)
    wanted = {
        "fileSizeBytes": size,
        "uploadCaptions": item.captions is not None,
        "uploadThumbnail": item.thumbnail is not None,
    }
    begun = yield uploads.registration("video", account, "video_urn", wanted)
    parts = yield from _sent(list(_parts(begun, item)))
    yield from uploads.together(list(_beside(begun, item)))
    asset = Asset("video", str(begun["value.video"]))
    yield _completion(asset.urn, begun, parts)
    yield from uploads.available([asset], account)
    return asset


def _parts(begun: Reply, item: MediaItem) -> Iterator[Call]:
    """The parts of the file, each to its URL. These URLs are signed and take no token."""
    for instruction in rows(begun, INSTRUCTIONS):
        first, last = (integer(instruction.get(name)) for name in ("firstByte", "lastByte"))
        url = instruction.get("uploadUrl")
        if first is None or last is None or last < first or not isinstance(url, str):
            raise UnexpectedShape(INSTRUCTIONS)
        yield Call(
            "PUT",
            url,
            Effect.PREPARE,
            headers={"content-type": "application/octet-stream"},
            body=item,
            span=(first, last - first + 1),
            auth="none",
            timeout=60.0,
        )


def _sent(parts: list[Call]) -> Flow[list[Reply]]:
    """Send the parts, and return the replies in their order.

    The file is cut into as many stretches as may be sent at once, so that each has one stream of the source to itself.
    """
    count = min(len(parts), UPLOADS_AT_ONCE) or 1
    bounds = [len(parts) * number // count for number in range(count + 1)]
    calls = [call for first, end in pairwise(bounds) for call in _read_on(parts[first:end])]
    turns = sorted((at, first + at) for first, end in pairwise(bounds) for at in range(end - first))
    replies = yield from uploads.together([calls[part] for _, part in turns])
    return [reply for _, reply in sorted(zip(turns, replies, strict=True), key=lambda sent: sent[0][1])]


def _read_on(stretch: list[Call]) -> list[Call]:
    """Parts that follow one another in the file, each with the number of bytes that follow it."""
    told, following = list[Call](), 0
    for part in reversed(stretch):
        told.insert(0, replace(part, following=following))
        following += part.span[1] if part.span else 0
    return told


def _beside(begun: Reply, item: MediaItem) -> Iterator[Call]:
    """The thumbnail and the subtitles, each to its URL."""
    for name, file in (("thumbnail", item.thumbnail), ("captions", item.captions)):
        if file is not None:
            yield uploads.transfer(str(begun[f"value.{name}UploadUrl"]), file)


def _completion(urn: str, begun: Reply, parts: list[Reply]) -> Call:
    """Name the parts in their order, by the tags that LinkedIn gave them."""
    tags = [str(part["header:etag"]).strip('"') for part in parts]
    named = {"video": urn, "uploadToken": str(begun.get("value.uploadToken", "")), "uploadedPartIds": tags}
    return Call(
        "POST",
        f"{API}/videos?action=finalizeUpload",
        Effect.PREPARE,
        headers=HEADERS,
        json={"finalizeUploadRequest": named},
        timeout=20.0,
    )
