"""Facebook's posts: read, edit, delete, comment."""

from __future__ import annotations

from collections.abc import Iterable

from local.simulators.facebook.checks import check_message
from local.simulators.facebook.gate import Gate
from local.simulators.facebook.insights import REACTIONS, Insights
from local.simulators.facebook.state import GRAPH, Post, State
from local.simulators.meta.errors import GraphError, not_found
from local.simulators.meta.fields import Field, choose, integer, known, parse_fields, stamp
from local.simulators.meta.figures import grown
from local.simulators.meta.graph import Call
from local.simulators.meta.lists import paged
from local.simulators.meta.oauth import Token
from local.simulators.world import Json


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
    """The endpoints of posts, stories and comments."""

    def __init__(self, state: State, gate: Gate, insights: Insights) -> None:
        self.state, self.gate, self.insights = state, gate, insights

    def read_post(self, call: Call, token: Token, node: str) -> Json:
        """``GET /{post}``."""
        self.gate.need(token, "pages_read_engagement", code=10)
        return self.row(self.state.posts[node], parse_fields(call.params.get("fields", "created_time,message,id")), token)

    def row(self, post: Post, fields: Iterable[Field], token: Token) -> Json:
        """Return the asked fields of a post."""
        fields = tuple(fields)
        row = self._post_row(post)
        known(fields, {*row, "reactions", "comments", "insights", "shares"}, "Post")
        for entry in fields:
            if entry.name in ("reactions", "comments"):
                self.gate.need(token, "pages_read_user_content", code=10)
                row[entry.name] = self._summary(post, entry)
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
            "from": {"id": post.page, "name": self.state.pages[post.page].name},
        }  # fmt: skip
        return row | ({"shares": {"count": shares}} if shares else {})

    def _summary(self, post: Post, entry: Field) -> Json:
        rows: list[Json] = list(post.comments) if entry.name == "comments" else []
        total = (
            len(rows)
            if entry.name == "comments"
            else sum(grown(f"{post.id}{r}", self.state.now - (post.live_at or self.state.now), 60) for r in REACTIONS)
        )
        result: Json = {"data": rows[: integer(entry.args.get("limit"), "limit", 25)]}
        return result | ({"summary": {"total_count": total}} if entry.args.get("summary") in ("true", "total_count", "1") else {})

    def edit_post(self, call: Call, token: Token, node: str) -> Json:
        """``POST /{post}``: new text, or ``is_published=true`` for a scheduled or unpublished post."""
        self.gate.may_publish(token)
        post = self.state.posts[node]
        if not post.own:
            raise GraphError(10, "(#10) Application does not have permission for this action")
        if call.flag("is_published", False) and not self.state.is_live(post):
            post.live_at, post.scheduled = self.state.now, False
        if "message" in call.params:
            check_message(call.params["message"])
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

    def list_comments(self, call: Call, token: Token, node: str) -> Json:
        """``GET /{post}/comments``."""
        self.gate.need(token, "pages_read_user_content", code=10)
        return paged(self.state.world, call, self._commented(node).comments)

    def post_comment(self, call: Call, token: Token, node: str) -> Json:
        """``POST /{post}/comments``. With ``fields`` it stores the comment and then fails (platforms.md 1.3)."""
        self.gate.need(token, "pages_manage_engagement", task="MODERATE")
        post = self._commented(node)
        id = f"{post.id.rpartition('_')[2]}_{next(self.state.ids)}"
        written: Json = {"id": id, "message": call.need("message"), "created_time": stamp(self.state.now)}
        post.comments.append({**written, "from": {"id": post.page, "name": self.state.pages[post.page].name}})
        if "fields" in call.params:
            raise GraphError(20, "(#20) The comment cannot be read", 1772107)
        return {"id": id}

    def read_comment(self, call: Call, token: Token, node: str) -> Json:
        """``GET /{comment}``."""
        self.gate.need(token, "pages_read_user_content", code=10)
        post = self.state.commented(node)
        row = next(c for c in post.comments if c["id"] == node) if post else {}
        fields = parse_fields(call.params.get("fields", "created_time,message,id"))
        known(fields, set(row), "Comment")
        return choose(row, fields)

    def _commented(self, node: str) -> Post:
        post = self.state.posts.get((self.state.videos[node].post or "") if node in self.state.videos else node)
        if post is None or not self.state.is_live(post):
            raise not_found(node, "POST")
        return post
