"""TikTok's content posting: init, status and cancel."""

from __future__ import annotations

import asyncio
import secrets
from typing import Any
from urllib.parse import urlencode, urlsplit

from local.simulators.media import is_reserved
from local.simulators.tiktok.creators import Creators
from local.simulators.tiktok.errors import Refused
from local.simulators.tiktok.fields import is_int, utf16
from local.simulators.tiktok.gate import Call
from local.simulators.tiktok.media import Media, check_chunks
from local.simulators.tiktok.state import FIRST_ID, Publication, State
from local.simulators.tiktok.webhooks import Webhooks
from local.simulators.world import Json

MAX_PHOTOS = 35
MAX_VIDEO_TITLE, MAX_PHOTO_TITLE, MAX_PHOTO_DESCRIPTION = 2_200, 90, 4_000


class Posts:
    """The ``/v2/post/publish`` endpoints."""

    def __init__(self, state: State, webhooks: Webhooks, creators: Creators, media: Media) -> None:
        self.state, self.webhooks, self.creators, self.media = state, webhooks, creators, media

    async def init_video(self, call: Call) -> Json:
        """A direct video post; with PULL_FROM_URL this call is the commit."""
        body = await call.json("invalid_param")
        info = self.creators.check_info(call.user, body.get("post_info"))
        if utf16(info.get("title", "")) > MAX_VIDEO_TITLE:
            raise Refused("invalid_param", f"post_info.title is longer than {MAX_VIDEO_TITLE} UTF-16 units")
        source = self._check_video_source(body.get("source_info"))
        self.creators.check_creator(call.user, direct=True)
        return self._start_video(call.user, info, source, direct=True)

    async def init_draft(self, call: Call) -> Json:
        """A video into the person's inbox; settings other than the source are ignored."""
        source = self._check_video_source((await call.json("invalid_param")).get("source_info"))
        self.creators.check_creator(call.user, direct=False)
        return self._start_video(call.user, {}, source, direct=False)

    async def init_photos(self, call: Call) -> Json:
        """Photos, posted directly or as a draft; they can only be pulled."""
        body = await call.json("invalid_param")
        mode, source = body.get("post_mode"), body.get("source_info")
        if body.get("media_type") != "PHOTO" or mode not in ("DIRECT_POST", "MEDIA_UPLOAD"):
            raise Refused("invalid_param", "media_type must be PHOTO and post_mode DIRECT_POST or MEDIA_UPLOAD")
        if (needed := {"DIRECT_POST": "video.publish", "MEDIA_UPLOAD": "video.upload"}[mode]) not in call.token.scopes:
            raise Refused("scope_not_authorized", f"The user did not authorize {needed}")
        direct = mode == "DIRECT_POST"
        info = self.creators.check_info(call.user, body.get("post_info")) if direct else body.get("post_info", {})
        if not isinstance(info, dict):
            raise Refused("invalid_param", "post_info must be an object")
        for name, most in (("title", MAX_PHOTO_TITLE), ("description", MAX_PHOTO_DESCRIPTION)):
            if utf16(str(info.get(name, ""))) > most:
                raise Refused("invalid_param", f"post_info.{name} is longer than {most} UTF-16 units")
        urls = self._check_photos(source)
        if not direct and call.user["old_app"]:
            raise Refused("app_version_check_failed", "The user's TikTok app is older than 31.8")
        self.creators.check_creator(call.user, direct=direct)
        publication = self._new(call.user, "p_pub_url" if direct else "p_inbox_url", "photo", info, direct=direct)
        publication.urls = urls
        publication.cover = dict(source or {}).get("photo_cover_index", 0)
        self.media.start_pull(publication)
        return {"publish_id": publication.id}

    def _check_video_source(self, source: Any) -> Json:
        if not isinstance(source, dict):
            raise Refused("invalid_param", "source_info is required")
        if source.get("source") == "PULL_FROM_URL":
            self._check_url(source.get("video_url"))
        elif source.get("source") == "FILE_UPLOAD":
            check_chunks(source)
        else:
            raise Refused("invalid_param", "source_info.source must be PULL_FROM_URL or FILE_UPLOAD")
        return source

    def _check_photos(self, source: Any) -> list[str]:
        if not isinstance(source, dict) or source.get("source") != "PULL_FROM_URL":
            raise Refused("invalid_param", "source_info.source must be PULL_FROM_URL")
        urls, cover = source.get("photo_images"), source.get("photo_cover_index", 0)
        if not isinstance(urls, list) or not 1 <= len(urls) <= MAX_PHOTOS:
            raise Refused("invalid_param", f"source_info.photo_images must hold between 1 and {MAX_PHOTOS} URLs")
        if not is_int(cover) or not 0 <= cover < len(urls):
            raise Refused("invalid_param", "source_info.photo_cover_index is out of range")
        for url in urls:
            self._check_url(url)
        return urls

    def _check_url(self, url: Any) -> None:
        if not isinstance(url, str) or urlsplit(url).scheme not in ("http", "https"):
            raise Refused("invalid_param", "The media URL is not valid")
        prefixes = (f"{self.state.world.base}/_media/", *self.state.world.verified, *self.state.settings["verified_prefixes"])
        parts = urlsplit(url)
        if not url.startswith(prefixes) and not (parts.scheme == "https" and is_reserved(parts.hostname or "")):
            raise Refused("url_ownership_unverified", "The URL prefix or domain is not verified for this client")

    def _new(self, user: Json, prefix: str, kind: str, info: Json, *, direct: bool) -> Publication:
        number = FIRST_ID + 1_000_003 * (len(self.state.publications) + 1)
        version = "v2-1" if prefix.startswith("v_pub") else "v2"
        publication = Publication(f"{prefix}~{version}.{number}", user["open_id"], kind, direct, dict(info), self.state.now())
        self.state.publications[publication.id] = publication
        return publication

    def _start_video(self, user: Json, info: Json, source: Json, *, direct: bool) -> Json:
        pulled = source["source"] == "PULL_FROM_URL"
        prefix = f"v_{'pub' if direct else 'inbox'}_{'url' if pulled else 'file'}"
        publication = self._new(user, prefix, "video", info, direct=direct)
        if pulled:
            publication.urls = [source["video_url"]]
            self.media.start_pull(publication)
            return {"publish_id": publication.id}
        publication.size, publication.chunk = source["video_size"], source["chunk_size"]
        publication.chunks = source["total_chunk_count"]
        publication.upload_key = secrets.token_urlsafe(24)
        self.state.uploads[publication.upload_key] = publication
        query = urlencode({"upload_id": publication.id.rsplit(".", 1)[1], "upload_token": publication.upload_key})
        return {
            "publish_id": publication.id,
            "upload_url": self.state.world.url("open-upload.tiktokapis.com", f"/video/?{query}"),
        }

    async def _own(self, call: Call) -> Publication:
        publish_id = (await call.json("invalid_param")).get("publish_id")
        if not isinstance(publish_id, str) or not publish_id:
            raise Refused("invalid_param", "publish_id is required")
        publication = self.state.publications.get(publish_id)
        if publication is None:
            raise Refused("invalid_publish_id", "The publish_id does not exist")
        if publication.user != call.token.user:
            raise Refused("token_not_authorized_for_specified_publish_id", "The publish_id belongs to another user")
        return publication

    async def fetch_status(self, call: Call) -> Json:
        """Where a publication stands."""
        publication = await self._own(call)
        due = self.state.now() >= publication.created + self.state.settings["processing_s"]
        if publication.pull and due:
            # A clock that was moved forward must not outrun the download.
            await asyncio.wait({publication.pull}, timeout=15)
        self.state.settle(publication)
        answer: Json = {
            "status": self.state.status(publication),
            "publicaly_available_post_id": self.state.public_ids(publication),
        }
        if answer["status"] == "FAILED":
            answer["fail_reason"] = publication.fail_reason
        answer["downloaded_bytes" if publication.urls else "uploaded_bytes"] = publication.downloaded or publication.uploaded
        return answer

    async def cancel(self, call: Call) -> Json:
        """Stop an unfinished publication."""
        publication = await self._own(call)
        if not self.state.status(publication).startswith("PROCESSING"):
            raise Refused("invalid_param", "The publication cannot be cancelled any more")
        publication.fail_reason = "publish_cancelled"
        self.webhooks.watch(publication)
        return {}
