"""Facebook's videos, reels and video stories, with their uploads (platforms.md 1.3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from local.simulators import media
from local.simulators.facebook.checks import check_message, schedule, timing
from local.simulators.facebook.crawler import fetch_as_crawler
from local.simulators.facebook.gate import Gate
from local.simulators.facebook.state import UPLOAD_SESSION_S, State, Video
from local.simulators.meta.errors import GraphError, invalid, not_found
from local.simulators.meta.fields import Field, choose, known, parse_fields, stamp
from local.simulators.meta.figures import DAY
from local.simulators.meta.graph import Call
from local.simulators.meta.oauth import Token
from local.simulators.world import Json, bearer

RUPLOAD: Final = "rupload.facebook.com"
VIDEO_TYPES: Final = frozenset({"video/mp4", "video/quicktime"})
VIDEO_BYTES: Final = 1_000_000_000
REELS_PER_DAY: Final = 30
VIDEO_FIELDS: Final = frozenset({
    "id", "status", "permalink_url", "post_id", "published", "description", "title", "created_time", "updated_time",
    "length",
})  # fmt: skip
REEL_CHECKS: Final[tuple[tuple[int, str, Callable[[media.Media], bool]], ...]] = (
    (1363128, "The duration must be between 3 and 90 seconds.", lambda m: 3 <= (m.duration_s or 0) <= 90),
    (1363127, "The resolution must be at least 540x960.", lambda m: (m.width or 540) >= 540 and (m.height or 960) >= 960),
    (1363040, "The aspect ratio must be 9:16.", lambda m: abs((m.width or 9) / (m.height or 16) - 9 / 16) < 0.01),
)
STORY_CHECKS: Final = (
    (1363128, "The duration must be between 3 and 60 seconds.", lambda m: 3 <= (m.duration_s or 0) <= 60),
    *REEL_CHECKS[1:],
)
CHECKS: Final[dict[str, tuple[tuple[int, str, Callable[[media.Media], bool]], ...]]] = {
    "reel": REEL_CHECKS,
    "story": STORY_CHECKS,
    "video": (),
}


class Videos:
    """The endpoints of videos and the upload host."""

    def __init__(self, state: State, gate: Gate) -> None:
        self.state, self.gate = state, gate

    async def post_video(self, call: Call, token: Token, node: str) -> Json:
        """``POST /{page}/videos`` with ``file_url`` or bytes: the id at once, the post when processing has ended."""
        self.gate.may_publish(token)
        url = call.params.get("file_url")
        if url is None and not call.files:
            raise invalid("Either file_url or source is required.")
        if url is not None and urlsplit(url).scheme not in ("http", "https"):
            raise invalid("The URL is not valid", 2061006)
        live_at, scheduled = timing(call, "videos", self.state.now)
        description = call.params.get("description", "")
        check_message(description)
        video = self._new_video(node, "video")
        video.description, video.title = description, call.params.get("title", "")
        await self._take(video, url, next(iter(call.files.values()), b""))
        self._finish(video, "SCHEDULED" if scheduled else "DRAFT" if live_at is None else "PUBLISHED", live_at)
        return {"id": video.id}

    def post_reel(self, call: Call, token: Token, node: str) -> Json:
        """``POST /{page}/video_reels``: the start and the finish of a reel (platforms.md 1.3)."""
        self.gate.may_publish(token)
        if call.params.get("upload_phase") == "start":
            return self._start(call, node, "reel")
        video = self._to_finish(call, node, "reel")
        decision = call.params.get("video_state", "PUBLISHED")
        if decision not in ("PUBLISHED", "SCHEDULED", "DRAFT"):
            raise invalid("param video_state must be one of DRAFT, PUBLISHED, SCHEDULED.")
        description = call.params.get("description", "")
        check_message(description)
        live_at = (
            schedule(call.need("scheduled_publish_time"), "video_reels", self.state.now) if decision == "SCHEDULED" else None
        )
        if self._reels_today(node) >= REELS_PER_DAY:
            raise GraphError(1390008, "(#1390008) It looks like you were posting too fast.")
        video.description, video.title = description, call.params.get("title", "")
        self._finish(video, decision, live_at)
        return {"success": True}

    def post_video_story(self, call: Call, token: Token, node: str) -> Json:
        """``POST /{page}/video_stories``: start and finish; the upload phase must be over before the finish."""
        self.gate.may_publish(token)
        if call.params.get("upload_phase") == "start":
            return self._start(call, node, "story")
        video = self._to_finish(call, node, "story")
        if video.error:
            raise GraphError(6000, video.error[2], video.error[1])
        self._finish(video, "PUBLISHED", None)
        return {"success": True, "post_id": video.post}

    def _new_video(self, page: str, kind: Literal["video", "reel", "story"]) -> Video:
        video = Video(str(next(self.state.ids)), page, kind, self.state.now)
        self.state.videos[video.id] = video
        return video

    async def _take(self, video: Video, url: str | None, data: bytes) -> None:
        """Note when upload and processing end, and the error that one of them will show."""
        video.url, half = url, self.state.settings["processing_s"] / 2
        try:
            found = (
                await fetch_as_crawler(self.state.world, url, VIDEO_BYTES)
                if url
                else media.measure(data, "application/octet-stream")
            )
        except media.FetchFailed as failed:
            code = 1363030 if failed.reason == "timed_out" else 6000
            video.error = ("uploading_phase", code, "There was a problem uploading your video file. Please try again.")
            return
        video.length_s = found.duration_s
        video.uploaded_at = self.state.now + (half if url else 0.0)
        video.processed_at = video.uploaded_at + half
        if found.content_type not in VIDEO_TYPES:
            video.error = ("processing_phase", 1363019, "The video file format is not supported.")
        for code, message, fits in CHECKS[video.kind] if video.error is None else ():
            if not fits(found):
                video.error = ("processing_phase", code, message)
                break

    def _finish(self, video: Video, decision: str, live_at: float | None) -> None:
        """Decide what happens after processing. A video that fails processing never becomes a post."""
        video.decision = decision
        if video.error:
            return
        if decision == "PUBLISHED":
            live_at = max(self.state.now, video.processed_at or self.state.now)
        kind = {"video": "post"}.get(video.kind, video.kind)
        attached = [{"type": "video", "id": video.id, "url": video.url, "alt_text": None}]
        scheduled = decision == "SCHEDULED"
        video.post = self.state.new_post(
            video.page, video.description, None, attached, live_at, kind=kind, scheduled=scheduled
        ).id

    def _reels_today(self, page: str) -> int:
        since = self.state.now - DAY
        return sum(p.page == page and p.kind == "reel" and p.made_at > since for p in self.state.posts.values())

    def _start(self, call: Call, page: str, kind: Literal["reel", "story"]) -> Json:
        video = self._new_video(page, kind)
        return {"video_id": video.id, "upload_url": self.state.world.url(RUPLOAD, f"/video-upload/{call.version}/{video.id}")}

    def _to_finish(self, call: Call, page: str, kind: str) -> Video:
        if call.params.get("upload_phase") != "finish":
            raise invalid("param upload_phase must be one of start, finish.")
        video = self.state.videos.get(call.need("video_id"))
        if video is None or video.page != page or video.kind != kind:
            raise not_found(call.params["video_id"], "POST")
        if video.decision:
            raise invalid("The upload of this video was already finished.")
        if self.state.now - video.made_at > UPLOAD_SESSION_S:
            raise GraphError(6000, "The upload session has expired", 1363041)
        failed_upload = video.error is not None and video.error[0] == "uploading_phase"
        too_early = kind == "story" and (video.uploaded_at is None or self.state.now < video.uploaded_at)
        if failed_upload or too_early or (video.uploaded_at is None and video.error is None):
            raise GraphError(6000, "There was a problem uploading your video file. Please try again.", 1363033)
        return video

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
        if url := request.headers.get("file_url"):
            video.error = None
            await self._take(video, url, b"")
            return {"success": True}
        offset, size = request.headers.get("offset", ""), request.headers.get("file_size", "")
        if not (offset.isdigit() and size.isdigit()):
            raise GraphError(6000, "The headers offset and file_size, or file_url, are required.", 1363037)
        if int(offset) != len(video.received):
            raise GraphError(6000, f"The offset is wrong, expected {len(video.received)}", 1363037)
        video.received += await request.body()
        if len(video.received) < int(size):
            raise GraphError(6000, "The upload was interrupted", 1363033)
        await self._take(video, None, video.received)
        return {"success": True}

    def read_video(self, call: Call, token: Token, node: str) -> Json:
        """``GET /{video}``: mostly its ``status``."""
        self.gate.need(token, "pages_read_engagement", code=10)
        return self.row(self.state.videos[node], parse_fields(call.params.get("fields", "description,updated_time,id")))

    def delete_video(self, call: Call, token: Token, node: str) -> Json:
        """``DELETE /{video}`` and its post."""
        self.gate.may_publish(token)
        video = self.state.videos.pop(node)
        self.state.posts.pop(video.post or "", None)
        return {"success": True}

    def row(self, video: Video, fields: tuple[Field, ...]) -> Json:
        """Return the asked fields of a video."""
        known(fields, set(VIDEO_FIELDS), "Video")
        post = self.state.posts.get(video.post or "")
        live = post is not None and self.state.is_live(post)
        link = f"/reel/{video.id}/" if video.kind == "reel" else f"/{video.page}/videos/{video.id}/"
        row: Json = {
            "id": video.id, "status": self.state.video_status(video), "permalink_url": link, "published": live,
            "description": video.description, "title": video.title, "created_time": stamp(video.made_at),
            "updated_time": stamp(max(video.made_at, (post.live_at or 0) if live and post else 0)), "length": video.length_s,
        }  # fmt: skip
        if live and post:
            row["post_id"] = post.id.rpartition("_")[2]
        return choose(row, fields or parse_fields("description,updated_time,id"))
