"""Lists of a Page: posts, scheduled posts, reels and stories."""

from __future__ import annotations

from typing import Final

from local.simulators.facebook.gate import Gate
from local.simulators.facebook.photos import Photos
from local.simulators.facebook.posts import Posts
from local.simulators.facebook.state import Post, State
from local.simulators.facebook.videos import Videos
from local.simulators.meta.errors import invalid
from local.simulators.meta.fields import Field, choose, moment, parse_fields
from local.simulators.meta.figures import DAY
from local.simulators.meta.graph import Call
from local.simulators.meta.lists import paged
from local.simulators.meta.oauth import Token
from local.simulators.world import Json

STORY_LIFE_S: Final = DAY
STORY_STATES: Final = ("ARCHIVED", "PUBLISHED")
PAGE_LISTS: Final = ("feed", "posts", "published_posts", "scheduled_posts", "video_reels", "stories")


def _statuses(call: Call) -> frozenset[str]:
    """Return the asked states of stories: one, or several as an array."""
    given = call.params.get("status", "")
    asked = call.structured("status") if given.startswith("[") else [given] if given else STORY_STATES
    if not all(status in STORY_STATES for status in asked):
        raise invalid(f"param status must be one of {', '.join(STORY_STATES)}.")
    return frozenset(asked)


class PageLists:
    """The edges of a Page that are lists."""

    def __init__(self, state: State, gate: Gate, posts: Posts, photos: Photos, videos: Videos) -> None:
        self.state, self.gate, self.posts, self.photos, self.videos = state, gate, posts, photos, videos

    def list_page(self, call: Call, token: Token, node: str, expanded: tuple[Field, ...] | None = None) -> Json:
        """The edges that list what a Page has, newest first, within ``since`` and ``until``."""
        self.gate.need(token, "pages_read_engagement", code=10)
        edge = call.path[1]
        fields = expanded or parse_fields(call.params.get("fields", "" if edge == "stories" else "created_time,message,id"))
        since = moment(call.params.get("since"), "since", 0)
        until = moment(call.params.get("until"), "until", float("inf"))
        if edge == "stories":
            return paged(self.state.world, call, self._stories(node, since, until, _statuses(call), fields))
        if edge == "video_reels":
            reels = [v for v in reversed(self.state.videos.values()) if v.page == node and v.kind == "reel"]
            fields = parse_fields(call.params["fields"]) if "fields" in call.params else expanded or ()
            rows = [self.videos.row(v, fields) for v in reels if v.decision and self._shown(v.made_at, since, until)]
            return paged(self.state.world, call, rows)
        found = [p for p in self.state.posts.values() if p.page == node and p.kind == "post" and self._in_list(p, edge)]
        found = [p for p in found if edge == "scheduled_posts" or self._shown(p.live_at or 0, since, until)]
        found.sort(key=lambda p: p.live_at or 0, reverse=True)
        return self._paged_posts(call, found, fields, token)

    def list_photos(self, call: Call, token: Token, node: str) -> Json:
        """``GET /{page}/photos``: profile pictures, of which there are none, or with ``type=uploaded`` what was posted."""
        self.gate.need(token, "pages_read_engagement", code=10)
        kind = call.params.get("type", "profile")
        if kind not in ("profile", "uploaded", "tagged"):
            raise invalid("param type must be one of profile, tagged, uploaded.")
        fields = parse_fields(call.params.get("fields", "created_time,name,id"))
        found = [p for p in reversed(self.state.photos.values()) if p.page == node and p.used and kind == "uploaded"]
        return paged(self.state.world, call, [self.photos.row(photo, fields) for photo in found if self._public(photo.story)])

    def list_videos(self, call: Call, token: Token, node: str) -> Json:
        """``GET /{page}/videos``: videos that were posted, without reels and stories."""
        self.gate.need(token, "pages_read_engagement", code=10)
        fields = parse_fields(call.params.get("fields", "description,updated_time,id"))
        found = [v for v in reversed(self.state.videos.values()) if v.page == node and v.kind == "video" and self._public(v.post)]
        return paged(self.state.world, call, [self.videos.row(video, fields) for video in found])

    def _public(self, id: str | None) -> bool:
        post = self.state.posts.get(id or "")
        return post is not None and post.kind != "story" and self.state.is_live(post)

    def _shown(self, made_at: float, since: float, until: float) -> bool:
        return since <= made_at <= until and self.state.lists.shows(made_at, self.state.now)

    def _paged_posts(self, call: Call, posts: list[Post], fields: tuple[Field, ...], token: Token) -> Json:
        rows = [{"id": p.id} for p in posts]
        page = paged(self.state.world, call, rows, made_at=lambda row: self.state.posts[row["id"]].live_at or 0)
        page["data"] = [self.posts.row(self.state.posts[row["id"]], fields, token) for row in page["data"]]
        return page

    def _in_list(self, post: Post, edge: str) -> bool:
        return (post.scheduled and not self.state.is_live(post)) if edge == "scheduled_posts" else self.state.is_live(post)

    def _stories(self, page: str, since: float, until: float, statuses: frozenset[str], fields: tuple[Field, ...]) -> list[Json]:
        rows = []
        for post in reversed(self.state.posts.values()):
            if (
                post.page != page
                or post.kind != "story"
                or not self.state.is_live(post)
                or not self._shown(post.live_at or 0, since, until)
            ):
                continue
            current = "PUBLISHED" if self.state.now - (post.live_at or 0) < STORY_LIFE_S else "ARCHIVED"
            row = {
                "post_id": post.id, "status": current, "creation_time": str(int(post.live_at or 0)),
                "media_type": post.media[0]["type"], "media_id": post.media[0]["id"], "url": self.state.permalink(post),
            }  # fmt: skip
            if current in statuses:
                rows.append(choose(row, fields) if fields else row)
        return rows
