"""Instagram's posts: publish, read, list."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from local.simulators.instagram.comments import Comments
from local.simulators.instagram.errors import NOT_READY, failure
from local.simulators.instagram.fields import shortcode_of
from local.simulators.instagram.gate import COMMENTS, CONTENTS, GRAPH, PUBLISH, Gate
from local.simulators.instagram.insights import STORY_LIFE_S, Insights
from local.simulators.instagram.state import LINKED, Media, State
from local.simulators.meta.errors import invalid, not_found
from local.simulators.meta.fields import Field, choose, known, moment, parse_fields, stamp
from local.simulators.meta.figures import DAY, grown
from local.simulators.meta.graph import Call
from local.simulators.meta.lists import paged
from local.simulators.meta.oauth import Token
from local.simulators.world import Json

MEDIA_FIELDS: Final = frozenset({
    "id", "caption", "media_type", "media_product_type", "media_url", "thumbnail_url", "permalink", "shortcode", "timestamp",
    "username", "owner", "like_count", "comments_count", "is_comment_enabled", "alt_text", "children", "comments", "insights",
    "current_live_viewer_count", "is_ai_generated", "is_shared_to_feed",
})  # fmt: skip

COUNTS: Final = (
    "reposts_count", "saved_count", "shares_count", "total_comments_count", "total_like_count", "total_views_count", "view_count",
)  # fmt: skip
LINKED_FIELDS: Final = frozenset({
    *COUNTS, "audio_id", "boost_ads_list", "boost_eligibility_info", "collaborators", "copyright_check_information", "has_poll",
    "has_slider", "ig_id", "ingest_first_video_received_time", "ingest_is_ready_to_start", "ingest_key",
    "ingest_last_heartbeat_time", "ingest_state", "ingest_url", "ingest_video_height", "ingest_video_width",
    "legacy_instagram_media_id", "live_reactions", "live_status", "media_audio_type", "product_tags", "video_title",
})  # fmt: skip
"""Fields that media have by Facebook Login only (platforms.md 2.1)."""


class Posts:
    """The endpoints of published media and stories."""

    def __init__(self, state: State, gate: Gate, insights: Insights, comments: Comments) -> None:
        self.state, self.gate, self.insights, self.comments = state, gate, insights, comments

    def publish(self, call: Call, token: Token, node: str) -> Json:
        """``POST /{ig}/media_publish``: the only step that the public sees."""
        self.gate.need(token, PUBLISH)
        container = self.state.containers.get(call.need("creation_id"))
        if container is None or container.account != node:
            raise failure(24, 2207008, "The requested resource does not exist", "The media builder was not found.")
        if container.child:
            raise invalid("A carousel item cannot be published by itself.", 2207023)
        match self.state.status(container):
            case "EXPIRED":
                raise failure(-2, 2207020, "The container has expired", status=400)
            case "PUBLISHED":
                raise failure(24, 2207006, "The requested resource does not exist", "The media was not found.")
            case "IN_PROGRESS" | "ERROR":
                raise failure(9007, 2207027, NOT_READY, "The media is not ready for publishing, please wait for a moment")
        if self._quota_usage(node, self.state.now - DAY) >= self.state.settings["quota_total"]:
            raise failure(9, 2207042, "Application request limit reached", "The maximum number of posts was reached.")
        return {"id": self.state.go_live(container).id}

    def _quota_usage(self, account: str, since: float) -> int:
        return sum(m.account == account and m.parent is None and m.live_at > since for m in self.state.media.values())

    def read_limit(self, call: Call, token: Token, node: str) -> Json:
        """``GET /{ig}/content_publishing_limit``."""
        self.gate.need(token, PUBLISH)
        fields = parse_fields(call.params.get("fields", "quota_usage"))
        known(fields, {"quota_usage", "config"}, "ContentPublishingLimit")
        since = moment(call.params.get("since"), "since", self.state.now - DAY)
        if since < self.state.now - DAY - 1:
            raise invalid("The parameter since must be within the last 24 hours.")
        config = {"quota_total": int(self.state.settings["quota_total"]), "quota_duration": int(DAY)}
        return {"data": [choose({"quota_usage": self._quota_usage(node, since), "config": config}, fields)]}

    def edge(self, edge: str, account: str) -> list[Media]:
        """Return the posts behind an edge of an account."""
        if edge == "media":
            return self.state.listed(account)
        since = self.state.now - STORY_LIFE_S
        stories = [m for m in self.state.media.values() if m.account == account and m.product == "STORY" and m.live_at > since]
        return stories[::-1]

    def list_media(self, call: Call, token: Token, node: str) -> Json:
        """``GET /{ig}/media``: newest first, without stories."""
        since = moment(call.params.get("since"), "since", 0)
        until = moment(call.params.get("until"), "until", float("inf"))
        return self.media_rows(call, token, [m for m in self.state.listed(node) if since <= m.live_at <= until])

    def list_stories(self, call: Call, token: Token, node: str) -> Json:
        """``GET /{ig}/stories``: those of the last 24 hours."""
        return self.media_rows(call, token, self.edge("stories", node))

    def list_children(self, call: Call, token: Token, node: str) -> Json:
        """``GET /{media}/children``."""
        return self.media_rows(call, token, [self.state.media[id] for id in self.state.media[node].children])

    def media_rows(self, call: Call, token: Token, found: Iterable[Media], expanded: tuple[Field, ...] | None = None) -> Json:
        """Answer one page of posts."""
        fields = expanded or parse_fields(call.params.get("fields", "id"))
        page = paged(
            self.state.world, call, [{"id": m.id} for m in found], made_at=lambda row: self.state.media[row["id"]].live_at
        )
        page["data"] = [self._media(self.state.media[row["id"]], fields, token) for row in page["data"]]
        return page

    def read_media(self, call: Call, token: Token, node: str) -> Json:
        """``GET /{media}``."""
        return self._media(self.state.media[node], parse_fields(call.params.get("fields", "id")), token)

    def _media(self, live: Media, fields: tuple[Field, ...], token: Token) -> Json:
        known(fields, MEDIA_FIELDS | LINKED_FIELDS if token.kind == LINKED else MEDIA_FIELDS, "Media")
        shortcode, age = shortcode_of(live.id), self.state.now - live.live_at
        options = self.state.containers[live.container].options
        shared = options.get("share_to_feed", "true").lower() in ("true", "1")
        row: Json = {
            "id": live.id, "caption": live.caption or None, "media_type": live.type, "media_product_type": live.product,
            "media_url": live.url, "permalink": self.state.permalink(live, shortcode), "shortcode": shortcode,
            "timestamp": stamp(live.live_at), "username": self.state.accounts[live.account].username,
            "owner": {"id": live.account},
            "like_count": grown(live.id, age, 250), "comments_count": len(live.comments), "alt_text": live.alt_text,
            "is_comment_enabled": live.comment_enabled, "thumbnail_url": live.url if live.type == "VIDEO" else None,
            "is_ai_generated": options.get("is_ai_generated", "false").lower() in ("true", "1"),
            "is_shared_to_feed": shared if live.product == "REELS" else None,
        }  # fmt: skip
        if token.kind == LINKED:
            row |= {name: grown(f"{live.id}{name}", age, 90) for name in COUNTS} | {"ig_id": live.id}
        for entry in fields:
            if entry.name == "children" and live.children:
                rows = [self._media(self.state.media[id], entry.fields or (), token) for id in live.children]
                row["children"] = {"data": [{"id": id, **r} for id, r in zip(live.children, rows, strict=True)]}
            if entry.name == "comments" and live.comments:
                row["comments"] = self.comments.expanded(live, entry)
            if entry.name == "insights":
                inner = Call(GRAPH, "GET", "", (live.id, "insights"), dict(entry.args), {}, token.value)
                row["insights"] = self.insights.media_insights(inner, token, live.id)
        return choose({k: v for k, v in row.items() if v is not None}, fields)

    def delete_media(self, call: Call, token: Token, node: str) -> Json:
        """``DELETE /{media}``: a post with its children, by Facebook Login only (platforms.md 2.3)."""
        if token.kind != LINKED:
            raise not_found(node, "DELETE")
        self.gate.need(token, CONTENTS)
        live = self.state.media[node]
        if live.parent:
            raise invalid("A member of a carousel cannot be deleted by itself.", 2207073)
        for id in (node, *live.children):
            del self.state.media[id]
        return {"success": True}

    def edit_media(self, call: Call, token: Token, node: str) -> Json:
        """``POST /{media}`` with ``comment_enabled``; nothing else can be changed."""
        self.gate.need(token, COMMENTS)
        call.need("comment_enabled")
        self.state.media[node].comment_enabled = call.flag("comment_enabled", True)
        return {"success": True}
