"""Creators and the posts that they may make now."""

from __future__ import annotations

from typing import Any

from local.simulators.tiktok.errors import Refused
from local.simulators.tiktok.fields import is_int
from local.simulators.tiktok.gate import Call
from local.simulators.tiktok.state import DAY, Publication, State
from local.simulators.world import Json

UNAUDITED_USERS = 5
PUBLIC_OPTIONS = ("PUBLIC_TO_EVERYONE", "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY")
PRIVATE_OPTIONS = ("FOLLOWER_OF_CREATOR", "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY")
FLAGS = ("disable_comment", "disable_duet", "disable_stitch", "brand_content_toggle", "brand_organic_toggle", "is_aigc")


class Creators:
    """Creator info and the checks of ``post_info``."""

    def __init__(self, state: State) -> None:
        self.state = state

    async def creator_info(self, call: Call) -> Json:
        """Return the choices of the creator. "Cannot post now" arrives with HTTP 200 here (4.3)."""
        await call.json("invalid_param")
        user = call.user
        self.check_creator(user, direct=True, status=200)
        return {
            "creator_avatar_url": self.state.world.image("200x200"),
            "creator_username": user["username"],
            "creator_nickname": user["display_name"],
            "privacy_level_options": list(self._options(user)),
            "comment_disabled": user["comment_disabled"],
            "duet_disabled": user["duet_disabled"],
            "stitch_disabled": user["stitch_disabled"],
            "max_video_post_duration_sec": user["max_video_post_duration_sec"],
        }

    def _options(self, user: Json) -> tuple[str, ...]:
        return PRIVATE_OPTIONS if user["private"] else PUBLIC_OPTIONS

    def _last_day(self) -> list[Publication]:
        since = self.state.now() - DAY
        return [p for p in self.state.publications.values() if p.created > since and not p.fail_reason]

    def check_creator(self, user: Json, *, direct: bool, status: int | None = None) -> None:
        """Refuse a creator who cannot post now (4.5, spam_risk rows)."""
        if user["banned"]:
            raise Refused("spam_risk_user_banned_from_posting", "The user is banned from making new posts", status)
        own = [p for p in self._last_day() if p.user == user["open_id"]]
        if direct and sum(p.direct for p in own) >= self.state.settings["posts_a_day"]:
            raise Refused("spam_risk_too_many_posts", "The daily post cap of the user is reached", status)
        pending = sum(not p.direct and p.finished_by_user is None for p in own)
        if not direct and pending >= self.state.settings["pending_drafts"]:
            raise Refused("spam_risk_too_many_pending_share", "Too many drafts are waiting in the user's inbox")

    def check_info(self, user: Json, info: Any) -> Json:
        """The rules of ``post_info`` that videos and photos share."""
        if not isinstance(info, dict):
            raise Refused("invalid_param", "post_info is required")
        for name in (*FLAGS, "auto_add_music"):
            if not isinstance(info.get(name, False), bool):
                raise Refused("invalid_param", f"post_info.{name} must be a boolean")
        for name in ("title", "description"):
            if not isinstance(info.get(name, ""), str):
                raise Refused("invalid_param", f"post_info.{name} must be a string")
        if not is_int(info.get("video_cover_timestamp_ms", 0)) or info.get("video_cover_timestamp_ms", 0) < 0:
            raise Refused("invalid_param", "post_info.video_cover_timestamp_ms must be a number of milliseconds")
        privacy = info.get("privacy_level")
        if privacy not in (*PUBLIC_OPTIONS, *PRIVATE_OPTIONS):
            raise Refused("invalid_param", "post_info.privacy_level is required")
        self._check_audit(user, privacy)
        if privacy not in self._options(user):
            raise Refused("privacy_level_option_mismatch", "privacy_level is not one of the creator's options")
        return info

    def _check_audit(self, user: Json, privacy: str) -> None:
        if self.state.settings["audited"]:
            return
        users = {p.user for p in self._last_day()}
        if len(users) >= UNAUDITED_USERS and user["open_id"] not in users:
            raise Refused("reached_active_user_cap", "The daily cap of active users of the unaudited app is reached")
        if not user["private"] or privacy != "SELF_ONLY":
            reason = "Unaudited clients can only post to private accounts, visible to the account itself"
            raise Refused("unaudited_client_can_only_post_to_private_accounts", reason)
