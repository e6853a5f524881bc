"""Comments on Instagram's posts: list, write, answer, read, hide, delete."""

from __future__ import annotations

from typing import Final

from local.simulators.instagram.gate import COMMENTS, Gate
from local.simulators.instagram.state import Media, State
from local.simulators.meta.errors import invalid, not_found
from local.simulators.meta.fields import Field, choose, integer, known, parse_fields, stamp
from local.simulators.meta.graph import Call
from local.simulators.meta.lists import paged
from local.simulators.meta.oauth import Token
from local.simulators.world import Json

FIELDS: Final = frozenset({
    "id", "text", "timestamp", "username", "from", "hidden", "legacy_instagram_comment_id", "like_count", "media", "parent_id",
    "replies", "user",
})  # fmt: skip
LISTED: Final = "timestamp,text,id"


class Comments:
    """The endpoints of comments."""

    def __init__(self, state: State, gate: Gate) -> None:
        self.state, self.gate = state, gate

    def list_comments(self, call: Call, token: Token, node: str) -> Json:
        """``GET /{media}/comments``, newest first."""
        self.gate.need(token, COMMENTS)
        return self._page(call, self.state.media[node], None)

    def list_replies(self, call: Call, token: Token, node: str) -> Json:
        """``GET /{comment}/replies``."""
        self.gate.need(token, COMMENTS)
        live, comment = self._found(node)
        return self._page(call, live, comment["id"])

    def _page(self, call: Call, live: Media, parent: str | None) -> Json:
        fields = parse_fields(call.params.get("fields", LISTED))
        rows = [self._row(live, comment, fields) for comment in self._under(live, parent)]
        return paged(self.state.world, call, rows)

    def expanded(self, live: Media, entry: Field) -> Json:
        """Return the comments of a post as one of its fields."""
        found = self._under(live, None)[: integer(entry.args.get("limit"), "limit", 25)]
        return {"data": [self._row(live, comment, entry.fields or parse_fields(LISTED)) for comment in found]}

    def _under(self, live: Media, parent: str | None) -> list[Json]:
        return [comment for comment in reversed(live.comments) if comment.get("parent_id") == parent]

    def _row(self, live: Media, comment: Json, fields: tuple[Field, ...]) -> Json:
        known(fields, FIELDS, "Comment")
        more: Json = {"media": {"id": live.id}, "like_count": 0, "hidden": False, "user": {"id": live.account}}
        more["from"] = {"id": live.account, "username": comment["username"]}
        for entry in fields:
            if entry.name == "replies" and (answers := self._under(live, comment["id"])):
                asked = entry.fields or parse_fields(LISTED)
                more["replies"] = {"data": [self._row(live, answer, asked) for answer in answers]}
        return choose({**more, **comment}, fields)

    def post_comment(self, call: Call, token: Token, node: str) -> Json:
        """``POST /{media}/comments``."""
        self.gate.need(token, COMMENTS)
        return self._write(call, self.state.media[node], {})

    def post_reply(self, call: Call, token: Token, node: str) -> Json:
        """``POST /{comment}/replies``. An answer to an answer stands under the comment that both are under."""
        self.gate.need(token, COMMENTS)
        live, comment = self._found(node)
        return self._write(call, live, {"parent_id": comment.get("parent_id", comment["id"])})

    def _write(self, call: Call, live: Media, more: Json) -> Json:
        message = call.need("message")
        if not live.comment_enabled or live.product == "STORY":
            raise invalid("Comments are not enabled for this media.")
        username = self.state.accounts[live.account].username
        comment = {"id": str(next(self.state.ids)), "text": message, "timestamp": stamp(self.state.now), "username": username}
        live.comments.append(comment | more)
        return {"id": comment["id"]}

    def read_comment(self, call: Call, token: Token, node: str) -> Json:
        """``GET /{comment}``."""
        self.gate.need(token, COMMENTS)
        return self._row(*self._found(node), parse_fields(call.params.get("fields", LISTED)))

    def edit_comment(self, call: Call, token: Token, node: str) -> Json:
        """``POST /{comment}`` with ``hide``; a text cannot be changed."""
        self.gate.need(token, COMMENTS)
        call.need("hide")
        self._found(node)[1]["hidden"] = call.flag("hide", True)
        return {"success": True}

    def delete_comment(self, call: Call, token: Token, node: str) -> Json:
        """``DELETE /{comment}``, with what stands under it."""
        self.gate.need(token, COMMENTS)
        live, _ = self._found(node)
        live.comments = [c for c in live.comments if node not in (c["id"], c.get("parent_id"))]
        return {"success": True}

    def _found(self, node: str) -> tuple[Media, Json]:
        live = self.state.commented(node)
        if live is None:
            raise not_found(node)
        return live, next(comment for comment in live.comments if comment["id"] == node)
