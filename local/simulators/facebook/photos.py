"""Facebook's photos and photo stories."""

from __future__ import annotations

from typing import Final

from local.simulators import media
from local.simulators.facebook import nodes
from local.simulators.facebook.checks import check_message
from local.simulators.facebook.crawler import fetch_as_crawler
from local.simulators.facebook.gate import Gate
from local.simulators.facebook.state import Photo, State, use
from local.simulators.meta.errors import GraphError, invalid, not_found
from local.simulators.meta.fields import Field, choose, known, parse_fields, stamp
from local.simulators.meta.graph import Call
from local.simulators.meta.oauth import Token
from local.simulators.world import Json

PHOTO_TYPES: Final = frozenset({"image/jpeg", "image/bmp", "image/png", "image/gif", "image/tiff"})
PHOTO_BYTES: Final = 10_000_000
EDGES: Final = frozenset({"comments", "insights", "likes", "reactions", "sharedposts", "sponsor_tags"})


class Photos:
    """The endpoints of photos."""

    def __init__(self, state: State, gate: Gate) -> None:
        self.state, self.gate = state, gate

    async def post_photo(self, call: Call, token: Token, node: str) -> Json:
        """``POST /{page}/photos``: ``{id}`` of an unpublished photo or ``{id, post_id}`` of a published one."""
        self.gate.may_publish(token)
        message = call.params.get("message") or call.params.get("caption", "")
        check_message(message)
        published, temporary = call.flag("published", True), call.flag("temporary", False)
        if published and temporary:
            raise invalid("A published photo cannot be temporary.")
        url = call.params.get("url")
        found = await self._picture(call, url)
        if found.content_type not in PHOTO_TYPES or found.size > PHOTO_BYTES:
            raise invalid("Images must be JPG, BMP, PNG, GIF or TIFF and at most 10 MB.", 1366046)
        photo = self.state.new_photo(node, url, call.params.get("alt_text_custom"), temporary, found.data)
        photo.name, photo.width, photo.height = message, found.width, found.height
        if not published:
            return {"id": photo.id}
        return {"id": photo.id, "post_id": use(photo, self.state.new_post(node, message, None, [], self.state.now))}

    async def _picture(self, call: Call, url: str | None) -> media.Media:
        if call.files:
            return media.measure(next(iter(call.files.values())), "application/octet-stream")
        if not url:
            raise GraphError(324, "(#324) Requires upload file")
        try:
            return await fetch_as_crawler(self.state.world, url, PHOTO_BYTES * 4)
        except media.FetchFailed:
            raise GraphError(324, "(#324) Missing or invalid image file", 2069019) from None

    def post_photo_story(self, call: Call, token: Token, node: str) -> Json:
        """``POST /{page}/photo_stories``: a photo that was uploaded unpublished and not used before."""
        self.gate.may_publish(token)
        photo = self.state.photos.get(call.need("photo_id"))
        if photo is None or photo.page != node:
            raise not_found(call.params["photo_id"], "POST")
        if photo.used:
            raise invalid("The photo was used in an earlier post.", 1366051)
        return {"success": True, "post_id": use(photo, self.state.new_post(node, "", None, [], self.state.now, kind="story"))}

    def read_photo(self, call: Call, token: Token, node: str) -> Json:
        """``GET /{photo}``."""
        return self.row(self.state.photos[node], parse_fields(call.params.get("fields", "id,created_time")))

    def row(self, photo: Photo, fields: tuple[Field, ...]) -> Json:
        """Return the asked fields of a photo."""
        known(fields, nodes.PHOTO | EDGES, "Photo")
        source = f"https://scontent.xx.fbcdn.net/v/{photo.id}.jpg"
        row: Json = {
            "id": photo.id, "created_time": stamp(photo.made_at), "updated_time": stamp(photo.made_at),
            "name": photo.name or None, "alt_text_custom": photo.alt_text or "",
            "link": f"https://www.facebook.com/photo.php?fbid={photo.id}",
            "page_story_id": photo.story, "width": photo.width, "height": photo.height, "picture": source, "source": source,
            "images": [{"source": source, "width": photo.width, "height": photo.height}],
            "from": {"id": photo.page, "name": self.state.pages[photo.page].name}, "can_delete": True, "can_tag": False,
            "can_backdate": True,
        }  # fmt: skip
        return choose({k: v for k, v in row.items() if v is not None}, fields)

    def delete_photo(self, call: Call, token: Token, node: str) -> Json:
        """``DELETE /{photo}``."""
        self.gate.may_publish(token)
        del self.state.photos[node]
        return {"success": True}
