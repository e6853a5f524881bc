"""Facebook's posts: read, edit, delete."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from local.simulators.facebook import nodes
from local.simulators.facebook.checks import check_message, replan
from local.simulators.facebook.comments import SUMMARY, Comments
from local.simulators.facebook.gate import Gate
from local.simulators.facebook.insights import REACTIONS, Insights
from local.simulators.facebook.state import GRAPH, Post, State
from local.simulators.meta.errors import GraphError
from local.simulators.meta.fields import Field, choose, known, parse_fields, stamp
from local.simulators.meta.figures import grown
from local.simulators.meta.graph import Call
from local.simulators.meta.oauth import Token
from local.simulators.world import Json

EDGES: Final = frozenset({
    "attachments", "comments", "dynamic_posts", "insights", "likes", "reactions", "sharedposts", "sponsor_tags", "to",
})  # fmt: skip
PUBLIC: Final = {"allow": "", "deny": "", "description": "Public", "friends": "", "value": "EVERYONE"}


def _status_type(post: Post) -> str:
    if any(m["type"] == "video" for m in post.media):
        return "added_video"
    if post.media:
        return "added_photos"
    return "shared_story" if post.link else "mobile_status_update"


def _attachments(post: Post) -> list[Json]:
    if not post.media:
        return [{"media_type": "link", "url": post.link, "target": {"url": post.link}}]
    rows = [{"media_type": m["type"], "target": {"id": m["id"]}, "url": m["url"]} for m in post.media]
    return rows if len(rows) == 1 else [{"media_type": "album", "target": {"id": post.id}, "subattachments": {"data": rows}}]


class Posts:
    """The endpoints of posts and stories."""

    def __init__(self, state: State, gate: Gate, insights: Insights, comments: Comments) -> None:
        self.state, self.gate, self.insights, self.comments = state, gate, insights, comments

    def read_post(self, call: Call, token: Token, node: str) -> Json:
        """``GET /{post}``."""
        self.gate.need(token, "pages_read_engagement", code=10)
        return self.row(self.state.posts[node], parse_fields(call.params.get("fields", "created_time,message,id")), token)

    def row(self, post: Post, fields: Iterable[Field], token: Token) -> Json:
        """Return the asked fields of a post."""
        fields = tuple(fields)
        row = self._post_row(post)
        known(fields, nodes.POST | EDGES, "Post")
        for entry in fields:
            if entry.name in ("reactions", "comments"):
                self.gate.need(token, "pages_read_user_content", code=10)
                comments = entry.name == "comments"
                row[entry.name] = (
                    self.comments.expanded(post, entry) if comments else self._reactions(post, entry.args.get("summary"))
                )
            if entry.name == "insights":
                inner = Call(GRAPH, "GET", "", (post.id, "insights"), dict(entry.args), {}, token.value)
                row["insights"] = self.insights.post_insights(inner, token, post.id)
        return choose({k: v for k, v in row.items() if v is not None}, fields)

    def _post_row(self, post: Post) -> Json:
        since = post.live_at if self.state.is_live(post) and post.live_at else post.made_at
        shares = grown(f"{post.id}shares", self.state.now - since, 8) if self.state.is_live(post) else 0
        row: Json = {
            "id": post.id, "message": post.message or None, "created_time": stamp(since),
            "updated_time": stamp(max(post.updated_at, since)), "permalink_url": self.state.permalink(post),
            "status_type": _status_type(post), "is_published": self.state.is_live(post),
            "scheduled_publish_time": int(post.live_at) if post.scheduled and post.live_at else None,
            "full_picture": next((m["url"] for m in post.media if m["type"] == "photo"), None),
            "attachments": {"data": _attachments(post)} if post.media or post.link else None,
            "from": {"id": post.page, "name": self.state.pages[post.page].name}, "privacy": PUBLIC, "promotable_id": post.id,
            "is_hidden": False, "is_expired": False, "is_popular": False, "is_spherical": False, "is_inline_created": False,
            "timeline_visibility": "normal", "can_reply_privately": False,
        }  # fmt: skip
        row["picture"] = row["full_picture"]
        return row | ({"shares": {"count": shares}} if shares else {})

    def _reactions(self, post: Post, summary: str | None) -> Json:
        age = self.state.now - (post.live_at or self.state.now)
        total = sum(grown(f"{post.id}{name}", age, 60) for name in REACTIONS)
        return {"data": []} | ({"summary": {"total_count": total}} if summary in SUMMARY else {})

    def edit_post(self, call: Call, token: Token, node: str) -> Json:
        """``POST /{post}``: new text, another time of a scheduled post, or ``is_published=true`` for one that is not public."""
        self.gate.may_publish(token)
        post = self.state.posts[node]
        if not post.own:
            raise GraphError(10, "(#10) Application does not have permission for this action")
        check_message(call.params.get("message", ""))
        replan(call, post, "feed", self.state.now, published=call.flag("is_published", False))
        if "message" in call.params:
            post.message, post.updated_at = call.params["message"], self.state.now
        return {"success": True}

    def delete_post(self, call: Call, token: Token, node: str) -> Json:
        """``DELETE /{post}``. A second time it answers 100/33."""
        self.gate.may_publish(token)
        gone = self.state.posts.pop(node)
        for entry in gone.media:
            self.state.videos.pop(entry["id"], None)
            self.state.photos.pop(entry["id"], None)
        return {"success": True}

    def list_attachments(self, call: Call, token: Token, node: str) -> Json:
        """``GET /{post}/attachments``."""
        self.gate.need(token, "pages_read_engagement", code=10)
        post = self.state.posts[node]
        return {"data": _attachments(post) if post.media or post.link else []}

    def list_reactions(self, call: Call, token: Token, node: str) -> Json:
        """``GET /{post}/reactions``: their number. Who reacted is nobody the app may know."""
        self.gate.need(token, "pages_read_user_content", code=10)
        return self._reactions(self.state.posts[node], call.params.get("summary"))
