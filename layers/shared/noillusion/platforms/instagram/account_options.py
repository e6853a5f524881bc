"""What a professional account can publish at the moment (platforms.md 2.3)."""

from __future__ import annotations

from typing import Final

from noillusion.core.errors import Params
from noillusion.flows.account_options import AccountOptions, Quota
from noillusion.flows.faults import PlatformError
from noillusion.flows.protocol import Account, Call, Flow, Issue
from noillusion.platforms import reading
from noillusion.platforms.checks import scope_issues
from noillusion.platforms.instagram.paths import path_of
from noillusion.platforms.meta import tasks

FIELDS: Final = "quota_usage,config{quota_total,quota_duration}"
USED_UP: Final = "Instagram accepts {limit} posts of an account within 24 hours, and that number is reached. Try again later."


def account_options(account: Account) -> Flow[AccountOptions]:
    """Read how much of the publishing quota is left."""
    reply = yield Call("GET", f"{path_of(account).graph}/{account.id}/content_publishing_limit", query={"fields": FIELDS})
    used, total, period = (
        reading.number(reply.get(f"data.0.{name}")) for name in ("quota_usage", "config.quota_total", "config.quota_duration")
    )
    quota = None if used is None or total is None else Quota(total, used, period or 24 * 3600)
    problems = (*scope_issues(account, (path_of(account).publish,)), *tasks.issues(account), *_used_up(quota))
    return AccountOptions(problems, account.username, quota=quota)


def quota_left(account: Account) -> Flow[bool]:
    """Return whether another post fits in the quota. A quota that cannot be read stops nothing."""
    try:
        options = yield from account_options(account)
    except PlatformError:
        return True
    return options.quota is None or options.quota.used < options.quota.limit


def _used_up(quota: Quota | None) -> tuple[Issue, ...]:
    if quota is None or quota.used < quota.limit:
        return ()
    params: Params = {"limit": quota.limit, "actual": quota.used, "unit": "items"}
    return (Issue("account", "quota_used", USED_UP.format(limit=quota.limit), params=params),)
