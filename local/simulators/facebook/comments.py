"""Comments on Facebook's posts and videos: list, write, read, edit, delete."""

from __future__ import annotations

from typing import Final

from local.simulators.facebook import nodes
from local.simulators.facebook.gate import Gate
from local.simulators.facebook.state import Post, State
from local.simulators.meta.errors import GraphError, invalid, not_found
from local.simulators.meta.fields import Field, choose, integer, known, parse_fields, stamp
from local.simulators.meta.graph import Call
from local.simulators.meta.lists import paged
from local.simulators.meta.oauth import Token
from local.simulators.world import Json

SUMMARY: Final = frozenset({"true", "1", "total_count"})
"""Values of ``summary`` that ask for the number of an edge."""
EDGES: Final = frozenset({"comments", "likes", "reactions"})
LISTED: Final = "created_time,from,message,id"


class Comments:
    """The endpoints of comments."""

    def __init__(self, state: State, gate: Gate) -> None:
        self.state, self.gate = state, gate

    def list_comments(self, call: Call, token: Token, node: str) -> Json:
        """``GET /{post}/comments``, oldest first unless ``order`` says otherwise."""
        self.gate.need(token, "pages_read_user_content", code=10)
        post = self._commented(node)
        order = call.params.get("order", "chronological")
        if order not in ("chronological", "reverse_chronological"):
            raise invalid("param order must be one of chronological, reverse_chronological.")
        found = post.comments if order == "chronological" else post.comments[::-1]
        fields = parse_fields(call.params.get("fields", LISTED))
        page = paged(self.state.world, call, [self._row(post, comment, fields) for comment in found])
        return page | self._summary(post, order, call.params.get("summary"))

    def expanded(self, post: Post, entry: Field) -> Json:
        """Return the comments of a post as one of its fields."""
        rows = post.comments[: integer(entry.args.get("limit"), "limit", 25)]
        fields = entry.fields or parse_fields(LISTED)
        summary = self._summary(post, "chronological", entry.args.get("summary"))
        return {"data": [self._row(post, comment, fields) for comment in rows]} | summary

    def _summary(self, post: Post, order: str, asked: str | None) -> Json:
        told = {"order": order, "total_count": len(post.comments), "can_comment": True}
        return {"summary": told} if asked in SUMMARY else {}

    def _row(self, post: Post, comment: Json, fields: tuple[Field, ...]) -> Json:
        known(fields, nodes.COMMENT | EDGES, "Comment")
        link = f"{self.state.permalink(post)}?comment_id={comment['id'].rpartition('_')[2]}"
        more: Json = {
            "like_count": 0, "comment_count": 0, "user_likes": False, "is_private": False, "is_hidden": False,
            "can_comment": True, "can_hide": False, "can_like": True, "can_remove": True,
            "can_reply_privately": False, "permalink_url": link,
        }  # fmt: skip
        return choose({**more, **comment}, fields)

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
        post, comment = self._found(node)
        return self._row(post, comment, parse_fields(call.params.get("fields", "created_time,message,id")))

    def edit_comment(self, call: Call, token: Token, node: str) -> Json:
        """``POST /{comment}``: another text of one's own, or ``is_hidden``."""
        self.gate.need(token, "pages_manage_engagement", task="MODERATE")
        _, comment = self._found(node)
        if "message" not in call.params and "is_hidden" not in call.params:
            raise invalid("The parameter message is required.")
        comment["message"] = call.params.get("message") or comment["message"]
        comment["is_hidden"] = call.flag("is_hidden", comment.get("is_hidden", False))
        return {"success": True}

    def delete_comment(self, call: Call, token: Token, node: str) -> Json:
        """``DELETE /{comment}``."""
        self.gate.need(token, "pages_manage_engagement", task="MODERATE")
        post, comment = self._found(node)
        post.comments.remove(comment)
        return {"success": True}

    def _found(self, node: str) -> tuple[Post, Json]:
        post = self.state.commented(node)
        if post is None:
            raise not_found(node)
        return post, next(comment for comment in post.comments if comment["id"] == node)

    def _commented(self, node: str) -> Post:
        post = self.state.posts.get((self.state.videos[node].post or "") if node in self.state.videos else node)
        if post is None or not self.state.is_live(post):
            raise not_found(node, "POST")
        return post
