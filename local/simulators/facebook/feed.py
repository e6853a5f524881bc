"""New posts in a Page's feed."""

from __future__ import annotations

from local.simulators.facebook.checks import check_link, check_message, timing
from local.simulators.facebook.gate import Gate
from local.simulators.facebook.posts import Posts
from local.simulators.facebook.state import Photo, Post, State, use
from local.simulators.meta.errors import GraphError, invalid
from local.simulators.meta.fields import parse_fields
from local.simulators.meta.graph import Call
from local.simulators.meta.oauth import Token
from local.simulators.world import Json


class Feed:
    """The ``feed`` edge."""

    def __init__(self, state: State, gate: Gate, posts: Posts) -> None:
        self.state, self.gate, self.posts = state, gate, posts

    def post_feed(self, call: Call, token: Token, node: str) -> Json:
        """``POST /{page}/feed``: text, link, uploaded photos; published, scheduled, draft or unpublished (platforms.md 1.3)."""
        self.gate.may_publish(token)
        message, link = call.params.get("message", ""), call.params.get("link")
        check_message(message)
        photos = self._attached(call, node)
        if not (message or link or photos):
            raise invalid("The post needs a message, a link or attached media.", 1349125)
        if link:
            check_link(link)
        live_at, scheduled = timing(call, "feed", self.state.now)
        if scheduled and not all(p.temporary for p in photos):
            raise invalid("Photos of a scheduled post must be uploaded with temporary=true.")
        if call.flag("published", True) and not photos and self._repeats(node, message, link):
            raise GraphError(506, "(#506) Duplicate status message", 1455006)
        post = self.state.new_post(node, message, link, [], live_at, scheduled=scheduled)
        for photo in photos:
            use(photo, post)
        return self._answer(call, token, post)

    def _attached(self, call: Call, page: str) -> list[Photo]:
        given = call.structured("attached_media") or []
        at = 0
        while f"attached_media[{at}]" in call.params:
            given.append(call.structured(f"attached_media[{at}]"))
            at += 1
        if not isinstance(given, list) or not all(isinstance(g, dict) and "media_fbid" in g for g in given):
            raise invalid("param attached_media must be an array of objects with media_fbid.")
        photos = []
        for entry in given:
            photo = self.state.photos.get(str(entry["media_fbid"]))
            if photo is None or photo.page != page:
                raise invalid(
                    f"Attached media {entry['media_fbid']} cannot be attached; only unpublished photos of the Page can."
                )
            if photo.used or photo in photos:
                raise invalid("These photos were already posted.", 1366051)
            photos.append(photo)
        return photos

    def _repeats(self, page: str, message: str, link: str | None) -> bool:
        before = [p for p in self.state.posts.values() if p.page == page and p.kind == "post" and self.state.is_live(p)]
        if not before:
            return False
        last = max(before, key=lambda p: p.live_at or 0)
        return last.message == message and last.link == link and not last.media

    def _answer(self, call: Call, token: Token, post: Post) -> Json:
        if "fields" in call.params:
            return self.posts.row(post, parse_fields(call.params["fields"]), token)
        return {"id": post.id}
