"""Videos on LinkedIn: sent in the parts that LinkedIn asks for, and waited for until they are processed (platforms.md 3.3)."""

from __future__ import annotations

from collections.abc import Iterator

from noillusion.flows.draft import MediaItem
from noillusion.flows.effects import Effect
from noillusion.flows.faults import UnexpectedShape
from noillusion.flows.protocol import Account, Call, Flow, Reply, SizeOf
from noillusion.platforms.linkedin import uploads
from noillusion.platforms.linkedin.facts import API, HEADERS
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
    parts = yield from uploads.together(list(_parts(begun, item)))
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
