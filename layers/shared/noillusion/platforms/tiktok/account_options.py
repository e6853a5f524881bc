"""What a creator can publish at the moment (platforms.md 4.3)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, get_args

from noillusion.core.errors import Params
from noillusion.flows.account_options import AccountOptions, Interaction
from noillusion.flows.draft import Draft
from noillusion.flows.faults import ErrorClass, Fault
from noillusion.flows.protocol import Account, Flow, Issue
from noillusion.platforms import reading
from noillusion.platforms.checks import scope_issues
from noillusion.platforms.tiktok import calls
from noillusion.platforms.tiktok.facts import POSTING_SCOPE, PRIVATE
from noillusion.platforms.tiktok.options import TikTokOptions

OPTIONS: Final = "options.tiktok"
INTERACTIONS: Final[tuple[Interaction, ...]] = get_args(Interaction)


def account_options(account: Account) -> Flow[AccountOptions]:
    """Ask for the creator's choices. A creator who cannot post now is told by a refusal (platforms.md 4.3)."""
    reply = yield calls.post("/post/publish/creator_info/query/", {})
    avatar, levels = reply.get("data.creator_avatar_url"), map(str, reply["data.privacy_level_options"])
    return AccountOptions(
        problems=tuple(scope_issues(account, (POSTING_SCOPE["direct"],))),
        username=str(reply.get("data.creator_username", account.username)),
        name=str(reply.get("data.creator_nickname", "")),
        avatar_url=avatar if isinstance(avatar, str) else None,
        privacy_levels=tuple(level for level in levels if account.public_posts or level == PRIVATE),
        disabled=tuple(name for name in INTERACTIONS if reply.get(f"data.{name}_disabled") is True),
        longest_video_s=reading.integer(reply.get("data.max_video_post_duration_sec")),
    )


def option_issues(draft: Draft, found: AccountOptions) -> Iterator[Issue]:
    """Hold the options of a draft against what this creator may do right now (platforms.md 4.3, 4.7)."""
    options = TikTokOptions.of(draft)
    if options.mode != "direct":
        return
    if options.privacy_level and options.privacy_level not in found.privacy_levels:
        message = f"This account can choose: {', '.join(found.privacy_levels)}."
        yield Issue(f"{OPTIONS}.privacy_level", "not_allowed", message, params={"allowed": found.privacy_levels})
    is_video = draft.kind == "video"
    for name in found.disabled:
        if (is_video or name == "comment") and not getattr(options, f"disable_{name}"):
            message = f"The account's own settings turn {name}s off: set disable_{name} to true."
            yield Issue(f"{OPTIONS}.disable_{name}", "disabled_by_account", message)
    seconds = (draft.media[0].duration_s or options.duration_s) if is_video and draft.media else None
    if seconds and found.longest_video_s and seconds > found.longest_video_s:
        params: Params = {"limit": found.longest_video_s, "actual": round(seconds, 2), "unit": "seconds"}
        message = f"This account can post videos of at most {found.longest_video_s} seconds. Cut it."
        yield Issue("media.0", "duration_out_of_range", message, params=params)


def refused_by(issue: Issue) -> Fault:
    """Return the fault of a draft that the creator's choices forbid: the code with which TikTok would refuse it."""
    code = {"not_allowed": "privacy_level_option_mismatch", "duration_out_of_range": "duration_check_failed"}.get(issue.code)
    return Fault(ErrorClass.INVALID_CONTENT, code or f"{issue.field.rpartition('_')[2]}_disabled")
