"""Instagram's containers: what is refused when one is created, and what its status shows (platforms.md 2.3)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Final

from local.simulators import media
from local.simulators.instagram.crawler import crawl
from local.simulators.instagram.errors import NOT_READY, failure, not_fetchable
from local.simulators.instagram.fields import as_list
from local.simulators.instagram.gate import PUBLISH, Gate
from local.simulators.instagram.state import CONTAINER_LIFE_S, LINKED, Container, State
from local.simulators.meta.errors import invalid
from local.simulators.meta.fields import choose, integer, known, parse_fields
from local.simulators.meta.figures import DAY
from local.simulators.meta.graph import Call
from local.simulators.meta.oauth import Token
from local.simulators.world import Json

CONTAINERS_PER_DAY: Final = 400
CAPTION_LENGTH: Final = 2200
HASHTAGS: Final = 30
MENTIONS: Final = 20
ALT_TEXT_LENGTH: Final = 1000
USER_TAGS: Final = 20
COLLABORATORS: Final = 3
IMAGE_BYTES: Final = 8_000_000
IMAGE_RATIO: Final = (0.8 - 0.005, 1.91 + 0.005)
VIDEO_TYPES: Final = frozenset({"video/mp4", "video/quicktime"})
VIDEO_WIDTH: Final = 1920
VIDEO_RATIO: Final = (0.01, 10.0)
VIDEO_LIMITS: Final = {"reel": (300_000_000, 3.0, 900.0), "story": (100_000_000, 3.0, 60.0)}
"""Kind → bytes, shortest and longest seconds."""
CAROUSEL_SIZE: Final = range(2, 11)
OPTIONS: Final = frozenset({
    "share_to_feed", "cover_url", "thumb_offset", "collaborators", "audio_name", "trial_params", "user_tags", "location_id",
    "is_ai_generated",
})  # fmt: skip
OF_REELS: Final = frozenset({"share_to_feed", "cover_url", "thumb_offset", "audio_name", "trial_params"})
OF_POSTS: Final = frozenset({"caption", "location_id", "user_tags"})
"""Parameters that stories do not have, nor the members of a carousel."""
STATUS_TEXT: Final = {
    "IN_PROGRESS": "In Progress: Media is still being processed.",
    "FINISHED": "Finished: Media has been uploaded and it is ready to be published.",
    "PUBLISHED": "Published: Media has been successfully published.",
    "EXPIRED": "Expired: Media was not published within 24 hours and can no longer be published.",
}


def _container_kind(call: Call) -> tuple[str, bool]:
    """Kind of a container and whether it is a carousel item."""
    given, child = call.params.get("media_type"), call.flag("is_carousel_item", False)
    if given == "VIDEO":
        if not child:
            raise invalid("Unsupported media type VIDEO; use REELS", 2207023)
        return "image", True
    if given not in (None, "REELS", "STORIES", "CAROUSEL"):
        raise invalid(f"The media type {given} is unknown", 2207023)
    if child and given is not None:
        raise invalid(f"The media type {given} cannot be a carousel item", 2207028)
    return {"REELS": "reel", "STORIES": "story", "CAROUSEL": "carousel"}.get(given or "", "image"), child


def _check_parameters(call: Call, kind: str, child: bool) -> None:
    """Refuse parameters of other kinds of posts (platforms.md 2.3)."""
    foreign = (set() if kind == "reel" else OF_REELS) | (OF_POSTS if kind == "story" or child else set())
    if found := sorted(foreign & call.params.keys()):
        raise invalid(f"The parameter {found[0]} is not supported for this media type.")


def _check_text(call: Call, kind: str) -> None:
    """Refuse captions, alt texts and tags over their limits (platforms.md 2.3)."""
    caption, alt_text = call.params.get("caption", ""), call.params.get("alt_text", "")
    if len(caption) > CAPTION_LENGTH:
        raise failure(36004, 2207010, "The caption was too long", f"The caption is longer than {CAPTION_LENGTH} characters.")
    if len(re.findall(r"#\w+", caption)) > HASHTAGS or len(re.findall(r"(?<!\w)@\w+", caption)) > MENTIONS:
        raise failure(36004, 2207010, "The caption was too long", "The caption has too many hashtags or mentions.")
    if alt_text and (kind not in ("image",) or "video_url" in call.params or len(alt_text) > ALT_TEXT_LENGTH):
        raise invalid(f"alt_text is for images and at most {ALT_TEXT_LENGTH} characters.")
    if len(call.structured("user_tags") or ()) > USER_TAGS:
        raise invalid("Cannot tag more than 20 people", 2207040)
    collaborators = as_list(call.params.get("collaborators", ""))
    if len(collaborators) > COLLABORATORS or (collaborators and kind == "story"):
        raise invalid("At most 3 collaborators can be invited, and none to a story.")
    trial = call.structured("trial_params")
    if trial is not None and (kind != "reel" or trial.get("graduation_strategy") not in ("MANUAL", "SS_PERFORMANCE")):
        raise invalid("trial_params needs a reel and a graduation_strategy of MANUAL or SS_PERFORMANCE.")
    for flag in ("share_to_feed", "is_ai_generated"):
        call.flag(flag, False)


def _check_url(url: str) -> None:
    if not url.isascii() or not url.startswith(("https://", "http://")) or " " in url:
        raise not_fetchable(url)


def _measured(file: media.Media) -> Json:
    """Return what is kept of a file: never its bytes."""
    return {"sha256": hashlib.sha256(file.data).hexdigest(), "size": file.size}


def _verdict(found: media.Media, kind: str, params: Mapping[str, str]) -> tuple[int | None, Json | None]:
    """Return the number that the container of a video will show, and what is kept of its file."""
    size, shortest, longest = VIDEO_LIMITS.get(kind, VIDEO_LIMITS["reel"])
    fits = (
        found.content_type in VIDEO_TYPES
        and found.size <= size
        and shortest <= (found.duration_s or 0) <= longest
        and (found.width or 0) <= VIDEO_WIDTH
        and VIDEO_RATIO[0] <= (found.width or 9) / (found.height or 16) <= VIDEO_RATIO[1]
    )
    offset = integer(params.get("thumb_offset"), "thumb_offset", 0)
    number = None if 0 <= offset <= (found.duration_s or 0) * 1000 else 2207057
    return number if fits else 2207026, _measured(found)


class Containers:
    """The endpoints of containers."""

    def __init__(self, state: State, gate: Gate) -> None:
        self.state, self.gate = state, gate

    async def post_container(self, call: Call, token: Token, node: str) -> Json:
        """``POST /{ig}/media``: prepare an image, reel, carousel, member of a carousel, or story (platforms.md 2.3)."""
        self.gate.need(token, PUBLISH)
        since = self.state.now - DAY
        if sum(c.account == node and c.made_at > since for c in self.state.containers.values()) >= CONTAINERS_PER_DAY:
            raise failure(9, 2207042, "Application request limit reached", "Too many containers were created in 24 hours.")
        kind, child = _container_kind(call)
        _check_parameters(call, kind, child)
        _check_text(call, kind)
        if "trial_params" in call.params and not self.state.settings["trial_reels"]:
            raise failure(10, 2207081, "(#10) The account cannot publish trial reels")
        if kind == "carousel":
            container = self._carousel(call, node)
        else:
            container = await self._single(call, token, node, kind, child)
        if self.state.failures:
            container.error = self.state.failures.pop(0)
        self.state.containers[container.id] = container
        return {"id": container.id}

    async def _single(self, call: Call, token: Token, account: str, kind: str, child: bool) -> Container:
        if token.kind == LINKED and call.params.get("upload_type") == "resumable":
            return await self._awaited(call, account, kind)
        url = call.params.get("video_url") or call.params.get("image_url")
        video = "video_url" in call.params
        needs_video = kind == "reel" or call.params.get("media_type") == "VIDEO"
        if not url or (needs_video and not video) or (kind == "image" and not needs_video and video):
            raise invalid(f"The parameter {'video_url' if needs_video else 'image_url'} is required.")
        _check_url(url)
        error = None
        if video:
            error, file = await self._check_video(url, kind, call.params)
        else:
            file = await self._check_image(url, cropped=kind != "story")
        cover = await self._cover(call)
        takes = self.state.settings["processing_s" if video else "image_processing_s"]
        caption = "" if child or kind == "story" else call.params.get("caption", "")
        options = {k: v for k, v in call.params.items() if k in OPTIONS}
        return Container(
            str(next(self.state.ids)), account, kind, child, video, url, caption, call.params.get("alt_text"),
            self.state.now, self.state.now + takes, error=error, options=options, file=file, cover=cover,
        )  # fmt: skip

    async def _cover(self, call: Call) -> Json | None:
        """Pull the image that stands for a reel, if one was named."""
        if not (url := call.params.get("cover_url")):
            return None
        _check_url(url)
        return await self._check_image(url, cropped=False)

    async def _awaited(self, call: Call, account: str, kind: str) -> Container:
        """Return a container whose video will be sent to the upload host; until then it is in progress."""
        if kind not in VIDEO_LIMITS:
            raise invalid("upload_type=resumable needs the media_type REELS or STORIES.")
        caption = "" if kind == "story" else call.params.get("caption", "")
        options, cover = {k: v for k, v in call.params.items() if k in OPTIONS}, await self._cover(call)
        return Container(
            str(next(self.state.ids)), account, kind, False, True, None, caption, None, self.state.now,
            self.state.now + CONTAINER_LIFE_S + 1, options=options, cover=cover, awaited=True,
        )  # fmt: skip

    def receive(self, container: Container, headers: Mapping[str, str], data: bytes) -> Json:
        """``POST rupload.facebook.com/ig-api-upload/{version}/{container}``: all bytes of a video at once (platforms.md 2.3)."""
        if not container.awaited or headers.get("offset") != "0" or headers.get("file_size") != str(len(data)):
            raise invalid("The headers offset and file_size do not fit what was sent.", 2207053)
        container.awaited = False
        found = media.measure(data, "application/octet-stream")
        container.error, container.file = _verdict(found, container.kind, container.options)
        container.ready_at = self.state.now + self.state.settings["processing_s"]
        return {"success": True, "message": "Upload successful."}

    def _carousel(self, call: Call, account: str) -> Container:
        children = as_list(call.params.get("children", ""))
        if len(children) not in CAROUSEL_SIZE or len(set(children)) != len(children):
            raise invalid("A carousel needs 2 to 10 different children.", 2207028)
        for id in children:
            child = self.state.containers.get(id)
            if child is None or child.account != account or not child.child:
                raise invalid(f"The child {id} is not a carousel item.", 2207028)
            if self.state.status(child) == "EXPIRED":
                raise failure(-2, 2207020, "The container has expired")
            if self.state.status(child) != "FINISHED":
                raise failure(9007, 2207027, NOT_READY, "The media is not ready for publishing, please wait for a moment")
        ready_at = self.state.now + self.state.settings["image_processing_s"]
        options = {k: v for k, v in call.params.items() if k in OPTIONS}
        return Container(
            str(next(self.state.ids)), account, "carousel", False, False, None, call.params.get("caption", ""), None,
            self.state.now, ready_at, children, options=options,
        )  # fmt: skip

    async def _pull(self, url: str, max_bytes: int) -> media.Media:
        return await crawl(self.state.world, url, max_bytes)

    async def _check_image(self, url: str, *, cropped: bool) -> Json:
        """Pull an image and refuse it at once when it does not fit. ``cropped``: the feed's aspect ratios apply."""
        try:
            found = await self._pull(url, IMAGE_BYTES)
        except media.FetchFailed as failed:
            if failed.reason == "too_large":
                raise failure(36000, 2207004, "The image size is too large.") from None
            if failed.reason == "timed_out":
                raise failure(-2, 2207003, "Fatal", "It takes too long to download the media.") from None
            raise not_fetchable(url) from None
        if not found.content_type.startswith("image/"):
            raise not_fetchable(url)
        if found.content_type != "image/jpeg" or not found.width or not found.height:
            raise failure(36001, 2207005, "The image format is not supported", "Only JPEG is supported.")
        if cropped and not IMAGE_RATIO[0] <= found.width / found.height <= IMAGE_RATIO[1]:
            raise failure(36003, 2207009, "The aspect ratio is not supported.", "The ratio must be between 4:5 and 1.91:1.")
        return _measured(found)

    async def _check_video(self, url: str, kind: str, params: dict[str, str]) -> tuple[int | None, Json | None]:
        """Pull a video; what is wrong with it shows in the container's status later."""
        try:
            found = await self._pull(url, VIDEO_LIMITS.get(kind, VIDEO_LIMITS["reel"])[0])
        except media.FetchFailed as failed:
            return {"too_large": 2207004, "timed_out": 2207003}.get(failed.reason, 2207077), None
        return _verdict(found, kind, params)

    def read_container(self, call: Call, token: Token, node: str) -> Json:
        """``GET /{container}``. The number of a failure is only inside the text of ``status`` (platforms.md 2.7)."""
        fields = parse_fields(call.params.get("fields", "id"))
        known(fields, {"id", "status", "status_code"}, "Container")
        container = self.state.containers[node]
        code = self.state.status(container)
        text = STATUS_TEXT.get(code, f"Error: Media upload has failed with error code {container.error}")
        return choose({"id": container.id, "status_code": code, "status": text}, fields)
