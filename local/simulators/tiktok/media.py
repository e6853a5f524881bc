"""Media for TikTok: pulled from a URL or uploaded in chunks."""

from __future__ import annotations

import asyncio
import hashlib
import re
from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from local.simulators.media import FetchFailed, fetch, measure
from local.simulators.media import Media as Fetched
from local.simulators.tiktok.errors import Refused
from local.simulators.tiktok.fields import is_int
from local.simulators.tiktok.state import Publication, State
from local.simulators.tiktok.webhooks import Webhooks
from local.simulators.world import Json

UPLOAD_LIFE_S = 3_600
MIB = 1024 * 1024
MIN_CHUNK, MAX_CHUNK, MAX_CHUNKS = 5 * MIB, 64 * MIB, 1_000
MAX_VIDEO_BYTES, MAX_PHOTO_BYTES = 4 * 1024 * MIB, 20 * MIB
KEPT_BYTES = 64 * MIB
USER_AGENT = "TikTok"
VIDEO_TYPES = ("video/mp4", "video/quicktime", "video/webm")


def check_chunks(source: Json) -> None:
    """The chunk rules of 4.3: whole files below 5 MB, else 5 to 64 MB each, the remainder in the last one."""
    size, chunk, count = (source.get(name) for name in ("video_size", "chunk_size", "total_chunk_count"))
    if not (is_int(size) and is_int(chunk) and is_int(count)) or not size or not chunk or not count:
        raise Refused("invalid_param", "video_size, chunk_size and total_chunk_count are required numbers")
    if not 0 < size <= MAX_VIDEO_BYTES:
        raise Refused("invalid_param", "The video size is invalid")
    if count == 1 and chunk == size and size <= MAX_CHUNK:
        return
    if not MIN_CHUNK <= chunk <= MAX_CHUNK or not 1 <= count <= MAX_CHUNKS:
        raise Refused("invalid_param", "The chunk size is invalid")
    if count != size // chunk:
        raise Refused("invalid_param", "The total chunk count is invalid")


def _arrived(digest: Any, media: Fetched) -> Json:
    return {"sha256": digest.hexdigest(), "size": media.size, "content_type": media.content_type}


class Media:
    """Pulls, the upload endpoint and the inspection of what arrived."""

    def __init__(self, state: State, webhooks: Webhooks) -> None:
        self.state, self.webhooks = state, webhooks

    def start_pull(self, publication: Publication) -> None:
        """Begin to fetch the media of a publication, and to send its events."""
        publication.pull = asyncio.create_task(self.pull(publication))
        self.webhooks.watch(publication)

    def resume(self) -> None:
        """Continue with what an earlier process had not finished."""
        for publication in self.state.publications.values():
            if publication.urls and publication.ready is None and not publication.fail_reason:
                publication.downloaded = 0
                self.start_pull(publication)

    async def pull(self, publication: Publication) -> None:
        """Fetch the media of a publication from their URLs."""
        most = MAX_VIDEO_BYTES if publication.kind == "video" else MAX_PHOTO_BYTES
        for url in publication.urls:
            try:
                media = await fetch(self.state.world, url, user_agent=USER_AGENT, max_bytes=most)
            except FetchFailed:
                self._fail(publication, f"{publication.kind}_pull_failed")
                return
            publication.downloaded += media.size
            publication.files.append(_arrived(hashlib.sha256(media.data), media))
            self._inspect(publication, media)
        publication.ready = publication.created

    def _fail(self, publication: Publication, reason: str) -> None:
        publication.fail_reason = publication.fail_reason or reason

    def _inspect(self, publication: Publication, media: Fetched) -> None:
        if not self.state.settings["check_media"]:
            return
        if publication.kind == "photo":
            if media.content_type not in ("image/jpeg", "image/webp"):
                self._fail(publication, "file_format_check_failed")
            elif min(media.width or 0, media.height or 0) > 1080 or max(media.width or 0, media.height or 0) > 1920:
                self._fail(publication, "picture_size_check_failed")
            return
        if media.content_type not in VIDEO_TYPES:
            self._fail(publication, "file_format_check_failed")
        publication.duration_s = media.duration_s
        if (media.duration_s or 0) > self.state.users[publication.user]["max_video_post_duration_sec"]:
            self._fail(publication, "duration_check_failed")
        if media.width and media.height and not (360 <= media.width <= 4096 and 360 <= media.height <= 4096):
            self._fail(publication, "picture_size_check_failed")

    async def upload(self, request: Request) -> Response:
        """One chunk. The last one is the commit: posting starts automatically. Answers are bare statuses (4.3)."""
        data = await request.body()
        publication = self.state.uploads.get(request.query_params.get("upload_token", ""))
        if publication is None or publication.fail_reason:
            return Response(status_code=404)
        if self.state.now() >= publication.created + UPLOAD_LIFE_S:
            return Response(status_code=403)
        found = re.fullmatch(r"bytes (\d+)-(\d+)/(\d+)", request.headers.get("content-range", ""))
        wrong_type = request.headers.get("content-type", "").partition(";")[0] not in VIDEO_TYPES
        if not found or wrong_type or "authorization" in request.headers:
            return Response(status_code=400)
        first, last, total = (int(part) for part in found.groups())
        if total != publication.size or last - first + 1 != len(data):
            return Response(status_code=400)
        if first != publication.uploaded:
            return Response(status_code=416)
        number = first // publication.chunk
        expected = publication.chunk if number < publication.chunks - 1 else publication.size - first
        if len(data) != expected:
            return Response(status_code=400)
        if first == 0:
            self.state.digests[publication.id] = hashlib.sha256()
        if publication.id in self.state.digests:
            self.state.digests[publication.id].update(data)
        publication.uploaded += len(data)
        if publication.size <= KEPT_BYTES or not publication.head:
            publication.head += data
        if publication.uploaded < publication.size:
            return Response(status_code=206, headers={"content-range": f"bytes 0-{last}/{total}"})
        self._complete_upload(publication)
        return Response(status_code=201, headers={"content-range": f"bytes 0-{last}/{total}"})

    def _complete_upload(self, publication: Publication) -> None:
        head = bytes(publication.head)
        kind = "video/webm" if head.startswith(b"\x1a\x45\xdf\xa3") else "application/octet-stream"
        media = replace(measure(head, kind), size=publication.size)
        # Not known of a file whose first part an earlier process took.
        if digest := self.state.digests.pop(publication.id, None):
            publication.files.append(_arrived(digest, media))
        self._inspect(publication, media)
        publication.head.clear()
        publication.ready = self.state.now()
        self.webhooks.watch(publication)
