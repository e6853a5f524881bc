"""Uploads of videos: the upload host, phases, and the Resumable Upload API (platforms.md 1.3)."""

from __future__ import annotations

from typing import Final, Literal
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from local.simulators import media
from local.simulators.facebook.crawler import fetch_as_crawler
from local.simulators.facebook.state import CLIENT_ID, UPLOAD_SESSION_S, State, Upload, Video, measured
from local.simulators.meta.errors import GraphError, invalid, not_found
from local.simulators.meta.fields import integer
from local.simulators.meta.graph import Call
from local.simulators.meta.oauth import Token
from local.simulators.world import Json, bearer

RUPLOAD: Final = "rupload.facebook.com"
VIDEO_TYPES: Final = frozenset({"video/mp4", "video/quicktime"})
FETCHED_BYTES: Final = 1_000_000_000
"""The largest file that is fetched from a URL."""
VIDEO_BYTES: Final = 10_000_000_000
SESSION_PREFIX: Final = "upload:"
LONGEST_S: Final[dict[str, int]] = {"reel": 90, "story": 60}
"""Kinds of upright videos, which are held to more than a plain one."""


def unfit(kind: str, found: media.Media) -> tuple[int, str] | None:
    """Return the code and the message of the first rule that a video breaks."""
    if found.content_type not in VIDEO_TYPES:
        return 1363019, "The video file format is not supported."
    longest = LONGEST_S.get(kind)
    if longest is None:
        return None
    if not 3 <= (found.duration_s or 0) <= longest:
        return 1363128, f"The duration must be between 3 and {longest} seconds."
    width, height = found.width or 540, found.height or 960
    if width < 540 or height < 960:
        return 1363127, "The resolution must be at least 540x960."
    if abs(width / height - 9 / 16) >= 0.01:
        return 1363040, "The aspect ratio must be 9:16."
    return None


class Uploads:
    """Everything by which the bytes of a video arrive."""

    def __init__(self, state: State) -> None:
        self.state = state

    def new_video(self, page: str, kind: Literal["video", "reel", "story"]) -> Video:
        """Remember a new video."""
        video = Video(str(next(self.state.ids)), page, kind, self.state.now)
        self.state.videos[video.id] = video
        return video

    async def take(self, video: Video, url: str | None, data: bytes) -> None:
        """Note when upload and processing end, and the error that one of them will show."""
        video.url, half = url, self.state.settings["processing_s"] / 2
        video.error, video.received = None, b""
        try:
            found = (
                await fetch_as_crawler(self.state.world, url, FETCHED_BYTES)
                if url
                else media.measure(data, "application/octet-stream")
            )
        except media.FetchFailed as failed:
            code = 1363030 if failed.reason == "timed_out" else 6000
            video.error = ("uploading_phase", code, "There was a problem uploading your video file. Please try again.")
            return
        kept = measured(found.data)
        video.size, video.sha256, video.length_s = kept["size"], kept["sha256"], found.duration_s
        video.uploaded_at = self.state.now + (half if url else 0.0)
        video.processed_at = video.uploaded_at + half
        if broken := unfit(video.kind, found):
            video.error = ("processing_phase", *broken)

    # ---- phases on the edge of a Page

    def start(self, call: Call, page: str) -> Json:
        """``upload_phase=start`` of ``/videos``: the session, the video, and the first part that is wanted."""
        size = integer(call.need("file_size"), "file_size", 0)
        if not 0 < size <= VIDEO_BYTES:
            raise GraphError(6000, "The file is too large or empty.", 1363021)
        video = self.new_video(page, "video")
        video.session, video.expected = str(next(self.state.ids)), size
        return {"upload_session_id": video.session, "video_id": video.id, **self._wanted(video)}

    async def transfer(self, call: Call, page: str) -> Json:
        """``upload_phase=transfer``: one part, which begins where the last one ended."""
        video = self.session(call, page)
        chunk, offset = call.files.get("video_file_chunk", b""), integer(call.need("start_offset"), "start_offset", 0)
        if (
            not chunk
            or video.uploaded_at is not None
            or offset != len(video.received)
            or offset + len(chunk) > (video.expected or 0)
        ):
            # A client goes on from here, not from its own count.
            raise GraphError(6000, f"The offset is wrong, expected {len(video.received)}", 1363037, data=self._wanted(video))
        video.received += chunk
        wanted = self._wanted(video)
        if len(video.received) == video.expected:
            await self.take(video, None, video.received)
        return wanted

    def session(self, call: Call, page: str) -> Video:
        """Return the video of an upload in phases that is not finished."""
        asked = call.need("upload_session_id")
        video = next((v for v in self.state.videos.values() if v.session == asked and v.page == page), None)
        if video is None or self.state.now - video.made_at > UPLOAD_SESSION_S:
            raise GraphError(6000, "The upload session has expired", 1363041)
        if video.decision:
            raise invalid("The upload of this video was already finished.")
        return video

    def _wanted(self, video: Video) -> Json:
        at, expected = len(video.received), video.expected or 0
        return {"start_offset": str(at), "end_offset": str(min(expected, at + int(self.state.settings["chunk_bytes"])))}

    # ---- the upload host

    async def receive(self, request: Request) -> Response:
        """``rupload.facebook.com``: bytes with ``offset`` and ``file_size``, or a ``file_url``, all in headers."""
        try:
            result = await self._receive(request)
        except GraphError as error:
            return JSONResponse(error.body(), error.status)
        return JSONResponse(result)

    async def _receive(self, request: Request) -> Json:
        token = self.state.tokens.check(bearer(request.headers))
        video = self.state.videos.get(request.path_params["video"])
        if video is None or video.page != token.account:
            raise not_found(request.path_params["video"], "POST")
        if self.state.now - video.made_at > UPLOAD_SESSION_S:
            raise GraphError(6000, "The upload session has expired", 1363041)
        if video.decision:
            raise invalid("The upload of this video was already finished.")
        if url := request.headers.get("file_url"):
            if urlsplit(url).scheme not in ("http", "https"):
                raise invalid("The URL is not valid", 2061006)
            await self.take(video, url, b"")
            return {"success": True}
        offset, size = request.headers.get("offset", ""), request.headers.get("file_size", "")
        if not (offset.isdigit() and size.isdigit()):
            raise GraphError(6000, "The headers offset and file_size, or file_url, are required.", 1363037)
        if int(offset) != len(video.received):
            raise GraphError(6000, f"The offset is wrong, expected {len(video.received)}", 1363037)
        video.received += await request.body()
        if len(video.received) < int(size):
            raise GraphError(6000, "The upload was interrupted", 1363033)
        await self.take(video, None, video.received)
        return {"success": True}

    # ---- the Resumable Upload API

    def open(self, call: Call, token: Token) -> Json:
        """``POST /{app}/uploads``: a session for one file."""
        if call.path[0] != CLIENT_ID:
            raise not_found(call.path[0], "POST")
        length, kind = integer(call.need("file_length"), "file_length", 0), call.need("file_type")
        if not 0 < length <= VIDEO_BYTES or kind not in VIDEO_TYPES:
            raise invalid("The file's length or type is not supported.")
        upload = Upload(f"{SESSION_PREFIX}{next(self.state.ids)}", token.value, length, self.state.now)
        self.state.uploads[upload.id] = upload
        return {"id": upload.id}

    def resume(self, call: Call, token: Token) -> Json:
        """``POST`` and ``GET /upload:{session}``: bytes from ``file_offset`` on, and how many have arrived."""
        upload = self.state.uploads.get(call.path[0])
        if upload is None or upload.token != token.value:
            raise not_found(call.path[0], call.method)
        if self.state.now - upload.made_at > UPLOAD_SESSION_S:
            raise GraphError(6000, "The upload session has expired", 1363041)
        if call.method == "GET":
            return {"id": upload.id, "file_offset": len(upload.received)}
        if call.headers.get("file_offset") != str(len(upload.received)) or upload.handle:
            raise GraphError(6000, f"The offset is wrong, expected {len(upload.received)}", 1363037)
        upload.received += call.body
        if len(upload.received) < upload.length:
            raise GraphError(6000, "The upload was interrupted", 1363033)
        upload.handle = f"4:{next(self.state.ids)}"
        return {"h": upload.handle}

    def uploaded(self, handle: str, token: Token) -> bytes:
        """Return the file of a handle, which is good for one post."""
        upload = next((u for u in self.state.uploads.values() if u.handle == handle and u.token == token.value), None)
        if upload is None:
            raise GraphError(6000, "There was a problem uploading your video file. Please try again.", 1363041)
        del self.state.uploads[upload.id]
        return upload.received
