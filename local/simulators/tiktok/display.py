"""TikTok's display API: profile, videos and their figures."""

from __future__ import annotations

from collections.abc import Iterable

from local.simulators.figures import grown
from local.simulators.tiktok.errors import Refused
from local.simulators.tiktok.fields import asked_fields, is_int
from local.simulators.tiktok.gate import Call
from local.simulators.tiktok.state import State, Video, description
from local.simulators.world import Json

MAX_IDS = 20
USER_FIELDS = {
    "user.info.basic": ("open_id", "union_id", "avatar_url", "avatar_url_100", "avatar_large_url", "display_name"),
    "user.info.profile": ("bio_description", "profile_deep_link", "is_verified", "username"),
    "user.info.stats": ("follower_count", "following_count", "likes_count", "video_count"),
}
VIDEO_FIELDS = frozenset(
    {
        "id",
        "create_time",
        "cover_image_url",
        "share_url",
        "video_description",
        "duration",
        "height",
        "width",
        "title",
        "embed_html",
        "embed_link",
        "like_count",
        "comment_count",
        "share_count",
        "view_count",
    }
)


class Display:
    """The ``/v2/user`` and ``/v2/video`` endpoints."""

    def __init__(self, state: State) -> None:
        self.state = state

    async def user_info(self, call: Call) -> Json:
        """The asked fields of the profile."""
        known = {name: scope for scope, names in USER_FIELDS.items() for name in names}
        names = asked_fields(call.request, known)
        if missing := sorted(name for name in names if known[name] not in call.token.scopes):
            raise Refused("scope_permission_missed", f"Additional scope permissions are required to request: {missing}")
        user, own = call.user, self._public_videos(call.user["open_id"])
        avatar = self.state.world.image("200x200")
        likes = sum(grown(v.id, self.state.now() - v.created, 600) for v in own)
        values = user | {
            "union_id": f"union{user['open_id']}",
            "avatar_url": avatar,
            "avatar_url_100": avatar,
            "avatar_large_url": avatar,
            "profile_deep_link": f"https://vm.tiktok.com/{user['username']}",
            "follower_count": user["follower_count"] + likes // 40,
            "likes_count": 900 + likes,
            "video_count": len(own),
        }
        return {"user": {name: values[name] for name in names}}

    def _public_videos(self, open_id: str) -> list[Video]:
        for publication in self.state.publications.values():
            self.state.settle(publication)
        found = [v for v in self.state.videos.values() if self._listed(v, open_id)]
        return sorted(found, key=lambda v: (v.created, v.id), reverse=True)

    def _listed(self, video: Video, open_id: str) -> bool:
        publication = video.publication
        if publication.user != open_id or video.removed or not self.state.public_ids(publication):
            return False
        return publication.kind == "video" or bool(self.state.settings["photos_in_list"])

    def _video(self, video: Video, names: Iterable[str]) -> Json:
        age = self.state.now() - video.created
        username = self.state.users[video.publication.user]["username"]
        link = f"https://www.tiktok.com/@{username}/{video.publication.kind}/{video.id}"
        values = {
            "id": video.id,
            "create_time": int(video.created),
            "title": video.publication.info.get("title", ""),
            "video_description": description(video.publication)[:150],
            "duration": round(video.publication.duration_s or 0),
            "height": 1920,
            "width": 1080,
            "cover_image_url": f"{self.state.world.base}/_media/tall.jpg",
            "share_url": f"{link}?utm_campaign=client_share&utm_source=open_api",
            "embed_link": f"https://www.tiktok.com/embed/v2/{video.id}",
            "embed_html": f'<blockquote class="tiktok-embed" data-video-id="{video.id}"></blockquote>',
            "view_count": grown(video.id, age, 9_000),
            "like_count": grown(video.id, age, 600),
            "comment_count": grown(video.id, age, 40),
            "share_count": grown(video.id, age, 25),
        }
        return {name: values[name] for name in names}

    async def list_videos(self, call: Call) -> Json:
        """Public videos, newest first; the cursor is a time in milliseconds."""
        names, body = asked_fields(call.request, VIDEO_FIELDS), await call.json("invalid_params")
        count, cursor = body.get("max_count", 10), body.get("cursor")
        if not is_int(count) or not 1 <= count <= MAX_IDS or not (cursor is None or is_int(cursor)):
            raise Refused("invalid_params", f"max_count must be between 1 and {MAX_IDS} and cursor a number")
        lists, now = self.state.lists, self.state.now()
        shown = [v for v in self._public_videos(call.user["open_id"]) if lists.shows(v.created, now)]
        found = [v for v in shown if not cursor or int(v.created * 1000) < cursor]
        if lists.hollow and not cursor:
            return {"videos": [], "cursor": int(now * 1000) + 1, "has_more": bool(found)}
        page = found[: lists.size(count)]
        return {
            "videos": [self._video(video, names) for video in page],
            "cursor": int(page[-1].created * 1000) if page else cursor or 0,
            "has_more": len(found) > len(page),
        }

    async def query_videos(self, call: Call) -> Json:
        """Given videos, at most 20; unknown and private ones are simply missing."""
        names, body = asked_fields(call.request, VIDEO_FIELDS), await call.json("invalid_params")
        filters = body.get("filters")
        ids = filters.get("video_ids") if isinstance(filters, dict) else None
        if not isinstance(ids, list) or not 1 <= len(ids) <= MAX_IDS:
            raise Refused("invalid_params", f"filters.video_ids must hold between 1 and {MAX_IDS} ids")
        for publication in self.state.publications.values():
            self.state.settle(publication)
        found = [self.state.videos[one] for one in map(str, ids) if one in self.state.videos]
        return {"videos": [self._video(video, names) for video in found if self._listed(video, call.user["open_id"])]}
