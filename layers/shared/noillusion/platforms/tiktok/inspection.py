"""Asking TikTok whose a token is and what it may do. No endpoint tells the scopes, so each is tried (platforms.md 4.2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from noillusion.flows.faults import ErrorClass, PlatformError
from noillusion.flows.inspection import Identity, TokenState
from noillusion.flows.protocol import Account, Call, Flow
from noillusion.platforms.tiktok import calls
from noillusion.platforms.tiktok.facts import PROFILE_FIELDS

READS: Final[Mapping[str, Call]] = {
    "user.info.basic": calls.user_info(["open_id"]),
    "user.info.profile": calls.user_info(["username"]),
    "user.info.stats": calls.user_info(["follower_count"]),
    "video.list": calls.post("/video/list/?fields=id", {"max_count": 1}),
    "video.publish": calls.post("/post/publish/creator_info/query/", {}),
}
"""Scope → a read that needs it. ``video.upload`` has none."""


def identity(account: Account) -> Flow[Identity]:
    """Read the profile, as far as the scopes allow."""
    fields = [field for scope, names in PROFILE_FIELDS.items() if scope in account.scopes for field in names]
    reply = yield calls.user_info(fields or ["open_id"])
    user = {name: str(reply.get(f"data.user.{name}", "")) for name in ("display_name", "username")}
    return Identity(str(reply["data.user.open_id"]), user["display_name"], user["username"])


def token_state(account: Account) -> Flow[TokenState]:
    """Try the scopes that were granted. One counts as taken back only if TikTok refuses the read for it."""
    kept = []
    for scope in account.scopes:
        try:
            if scope in READS:
                yield READS[scope]
        except PlatformError as error:
            if error.fault.error_class is ErrorClass.PERMISSION:
                continue
        kept.append(scope)
    return TokenState(tuple(kept))
