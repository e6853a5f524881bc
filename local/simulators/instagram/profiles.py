"""Instagram's professional accounts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from local.simulators.instagram.posts import Posts
from local.simulators.instagram.state import LINKED, State
from local.simulators.meta.fields import Field, choose, known, parse_fields
from local.simulators.meta.graph import Call
from local.simulators.meta.oauth import Token
from local.simulators.world import Json

USER_FIELDS: Final = frozenset({
    "id", "user_id", "username", "name", "account_type", "profile_picture_url", "followers_count", "follows_count", "media_count",
    "biography", "website",
})  # fmt: skip

LINKED_FIELDS: Final = (USER_FIELDS - {"user_id", "account_type"}) | {
    "business_discovery", "collaborative_media_search", "has_profile_pic", "ig_id", "is_published", "legacy_instagram_user_id",
    "mentioned_comment", "mentioned_media", "mini_shop_storefront", "owner_business", "shopping_product_tag_eligibility",
    "shopping_review_status",
}  # fmt: skip
"""Fields of an account that is read with its Page's token (platforms.md 2.1)."""


class Profiles:
    """The account endpoint."""

    def __init__(self, state: State, posts: Posts) -> None:
        self.state, self.posts = state, posts

    def read_user(self, call: Call, token: Token, node: str) -> Json:
        """``GET /me`` and ``GET /{ig}``: ``user_id`` is the professional account, ``id`` of ``/me`` is app-scoped."""
        fields = parse_fields(call.params.get("fields", "id"))
        edges = {"media": self.posts.list_media, "stories": self.posts.list_stories}
        names = LINKED_FIELDS if token.kind == LINKED else USER_FIELDS
        known(fields, names | edges.keys(), "User")
        row = self._row(node)
        row["id"] = node if call.path[0] == node else self.state.accounts[node].scoped_id
        answer = choose(row, fields)
        for entry in fields:
            if entry.name in edges:
                inner = Call(call.host, "GET", call.version, (node, entry.name), dict(entry.args), {}, call.token)
                answer[entry.name] = self.posts.media_rows(inner, token, self.posts.edge(entry.name, node), entry.fields)
        return answer

    def linked(self, node: str, fields: Sequence[Field]) -> Json:
        """Return an account as a field of the Page that it is linked to."""
        known(fields, LINKED_FIELDS, "IGUser")
        return choose(self._row(node), fields)

    def _row(self, node: str) -> Json:
        account = self.state.accounts[node]
        return {
            "id": account.id, "user_id": account.id,
            "username": account.username, "name": account.name, "account_type": account.account_type,
            "profile_picture_url": self.state.world.image("150x150"),
            "biography": "Bread every morning", "website": "https://example.com/",
            "has_profile_pic": True, "is_published": True, "ig_id": account.id,
            "followers_count": account.followers_count, "follows_count": 180, "media_count": len(self.state.listed(node)),
        }  # fmt: skip
