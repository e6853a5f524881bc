"""Facebook's videos, reels and video stories, with their uploads (platforms.md 1.3)."""

from __future__ import annotations

from typing import Final, Literal
from urllib.parse import urlsplit

from local.simulators import media
from local.simulators.facebook import nodes
from local.simulators.facebook.checks import check_message, replan, schedule, timing
from local.simulators.facebook.gate import Gate
from local.simulators.facebook.state import UPLOAD_SESSION_S, State, Video, measured
from local.simulators.facebook.uploads import RUPLOAD, Uploads
from local.simulators.meta.errors import GraphError, invalid, not_found
from local.simulators.meta.fields import Field, choose, known, parse_fields, stamp
from local.simulators.meta.figures import DAY
from local.simulators.meta.graph import Call
from local.simulators.meta.oauth import Token
from local.simulators.world import Json

REELS_PER_DAY: Final = 30
THUMBNAIL_TYPES: Final = frozenset({"image/jpeg", "image/png", "image/gif", "image/bmp", "image/tiff"})
EDGES: Final = frozenset({"captions", "comments", "likes", "reactions", "sponsor_tags", "tags", "thumbnails", "video_insights"})


class Videos:
    """The endpoints of videos."""

    def __init__(self, state: State, gate: Gate, uploads: Uploads) -> None:
        self.state, self.gate, self.uploads = state, gate, uploads

    async def post_video(self, call: Call, token: Token, node: str) -> Json:
        """``POST /{page}/videos``: at once, from a file that was uploaded, or in phases (platforms.md 1.3).

        The id is told at once, or at the start of the phases; the post follows when processing has ended.
        """
        self.gate.may_publish(token)
        match call.params.get("upload_phase"):
            case None:
                return await self._post_at_once(call, token, node)
            case "start":
                return self.uploads.start(call, node)
            case "transfer":
                return await self.uploads.transfer(call, node)
            case "finish":
                return self._finish_phases(call, node)
        raise invalid("param upload_phase must be one of start, transfer, finish, cancel.")

    async def _post_at_once(self, call: Call, token: Token, node: str) -> Json:
        url, handle = call.params.get("file_url"), call.params.get("fbuploader_video_file_chunk")
        if url is None and handle is None and "source" not in call.files:
            raise invalid("Either file_url or source is required.")
        if url is not None and urlsplit(url).scheme not in ("http", "https"):
            raise invalid("The URL is not valid", 2061006)
        live_at, scheduled = timing(call, "videos", self.state.now)
        told = self._told(call)
        data = self.uploads.uploaded(handle, token) if handle is not None else call.files.get("source", b"")
        video = self.uploads.new_video(node, "video")
        self._describe(video, told)
        await self.uploads.take(video, url, data)
        self._finish(video, "SCHEDULED" if scheduled else "DRAFT" if live_at is None else "PUBLISHED", live_at)
        return {"id": video.id}

    def _finish_phases(self, call: Call, node: str) -> Json:
        video = self.uploads.session(call, node)
        if video.uploaded_at is None:
            raise GraphError(6000, "The upload was interrupted", 1363033)
        live_at, scheduled = timing(call, "videos", self.state.now)
        self._describe(video, self._told(call))
        self._finish(video, "SCHEDULED" if scheduled else "DRAFT" if live_at is None else "PUBLISHED", live_at)
        return {"success": True}

    def _told(self, call: Call) -> Json:
        """Return what a call says of its video, checked before anything is made of it."""
        description = call.params.get("description", "")
        check_message(description)
        thumb, thumbnail = call.files.get("thumb"), None
        if thumb is not None:
            if media.measure(thumb, "application/octet-stream").content_type not in THUMBNAIL_TYPES:
                raise invalid("The thumbnail must be an image.", 1366046)
            thumbnail = measured(thumb)
        return {
            "description": description, "title": call.params.get("title", ""),
            "is_ai_generated": call.flag("is_ai_generated", False), "thumbnail": thumbnail,
        }  # fmt: skip

    def _describe(self, video: Video, told: Json) -> None:
        for name, value in told.items():
            setattr(video, name, value)

    def post_reel(self, call: Call, token: Token, node: str) -> Json:
        """``POST /{page}/video_reels``: the start and the finish of a reel (platforms.md 1.3)."""
        self.gate.may_publish(token)
        if call.params.get("upload_phase") == "start":
            return self._start(call, node, "reel")
        video = self._to_finish(call, node, "reel")
        decision = call.params.get("video_state", "PUBLISHED")
        if decision not in ("PUBLISHED", "SCHEDULED", "DRAFT"):
            raise invalid("param video_state must be one of DRAFT, PUBLISHED, SCHEDULED.")
        told = self._told(call)
        live_at = (
            schedule(call.need("scheduled_publish_time"), "video_reels", self.state.now) if decision == "SCHEDULED" else None
        )
        if self._reels_today(node) >= REELS_PER_DAY:
            raise GraphError(1390008, "(#1390008) It looks like you were posting too fast.")
        self._describe(video, told)
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
        video.is_ai_generated = call.flag("is_ai_generated", False)
        self._finish(video, "PUBLISHED", None)
        return {"success": True, "post_id": video.post}

    def _finish(self, video: Video, decision: str, live_at: float | None) -> None:
        """Decide what happens after processing. A video that fails processing never becomes a post."""
        video.decision = decision
        if video.error:
            return
        if decision == "PUBLISHED":
            live_at = max(self.state.now, video.processed_at or self.state.now)
        kind = {"video": "post"}.get(video.kind, video.kind)
        file = {"size": video.size, "sha256": video.sha256}
        attached = [{"type": "video", "id": video.id, "url": video.url, "alt_text": None, **file}]
        scheduled = decision == "SCHEDULED"
        post = self.state.new_post(video.page, video.description, None, attached, live_at, kind=kind, scheduled=scheduled)
        post.title, post.is_ai_generated, post.thumbnail = video.title, video.is_ai_generated, video.thumbnail
        video.post = post.id

    def _reels_today(self, page: str) -> int:
        since = self.state.now - DAY
        return sum(p.page == page and p.kind == "reel" and p.made_at > since for p in self.state.posts.values())

    def _start(self, call: Call, page: str, kind: Literal["reel", "story"]) -> Json:
        video = self.uploads.new_video(page, kind)
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

    def read_video(self, call: Call, token: Token, node: str) -> Json:
        """``GET /{video}``: mostly its ``status``."""
        self.gate.need(token, "pages_read_engagement", code=10)
        return self.row(self.state.videos[node], parse_fields(call.params.get("fields", "description,updated_time,id")))

    def edit_video(self, call: Call, token: Token, node: str) -> Json:
        """``POST /{video}``: another description or title, another time, or ``published=true`` for one that is not public."""
        self.gate.may_publish(token)
        video = self.state.videos[node]
        post = self.state.posts.get(video.post or "")
        if post is None:
            raise invalid("The video is not published, scheduled or a draft.")
        if not post.own:
            raise GraphError(10, "(#10) Application does not have permission for this action")
        check_message(call.params.get("description", ""))
        published = call.flag("published", False)
        replan(call, post, "video_reels" if video.kind == "reel" else "videos", self.state.now, published=published)
        if published:
            video.decision = "PUBLISHED"
            post.live_at = max(post.live_at or 0, video.processed_at or 0)
        video.description = post.message = call.params.get("description", video.description)
        video.title = post.title = call.params.get("name", video.title)
        post.updated_at = self.state.now
        return {"success": True}

    def delete_video(self, call: Call, token: Token, node: str) -> Json:
        """``DELETE /{video}`` and its post."""
        self.gate.may_publish(token)
        video = self.state.videos.pop(node)
        self.state.posts.pop(video.post or "", None)
        return {"success": True}

    def row(self, video: Video, fields: tuple[Field, ...]) -> Json:
        """Return the asked fields of a video."""
        known(fields, nodes.VIDEO | EDGES, "Video")
        post = self.state.posts.get(video.post or "")
        live = post is not None and self.state.is_live(post)
        link = f"/reel/{video.id}/" if video.kind == "reel" else f"/{video.page}/videos/{video.id}/"
        row: Json = {
            "id": video.id, "status": self.state.video_status(video), "permalink_url": link, "published": live,
            "description": video.description, "title": video.title, "created_time": stamp(video.made_at),
            "updated_time": stamp(max(video.made_at, (post.live_at or 0) if live and post else 0)), "length": video.length_s,
            "from": {"id": video.page, "name": self.state.pages[video.page].name}, "content_category": "OTHER",
            "picture": f"https://scontent.xx.fbcdn.net/v/{video.id}.jpg", "is_crosspost_video": False, "embeddable": True,
        }  # fmt: skip
        if post and post.scheduled and not live and post.live_at:
            row["scheduled_publish_time"] = int(post.live_at)
        if live and post:
            row["post_id"] = post.id.rpartition("_")[2]
        return choose(row, fields or parse_fields("description,updated_time,id"))
