"""Checks that only Facebook needs, made before anything is sent (platforms.md 1.3)."""

from __future__ import annotations

from collections.abc import Iterator

from noillusion.flows.draft import Draft
from noillusion.flows.protocol import Account, Issue
from noillusion.platforms.checks import granted, scope_issues
from noillusion.platforms.facebook.facts import COMMENT, COMMENT_SCOPE, IMAGE, PUBLISH_SCOPE, PUBLISH_TASK, PUBLISH_TASKS
from noillusion.platforms.meta.checks import media_issues, url_issues


def issues(draft: Draft, account: Account) -> Iterator[Issue]:
    """Problems with the connection and with what Facebook has to fetch (platforms.md 1.3, "Limits")."""
    yield from scope_issues(account, (PUBLISH_SCOPE,))
    yield from media_issues(draft, IMAGE, "Facebook")
    tasks = account.details.get("tasks")
    if tasks is not None and PUBLISH_TASKS.isdisjoint(tasks):
        message = f"The person needs the task {PUBLISH_TASK} on this Page."
        yield Issue("account", "task_missing", message, params={"needed": [PUBLISH_TASK]})
    if draft.link is not None:
        yield from url_issues(draft.link.url.reveal(), "link.url", ("https", "http"))
    if draft.first_comment and not granted(account, COMMENT_SCOPE):
        message = f"A first comment needs the permission {COMMENT_SCOPE}: connect the account again and grant it."
        yield Issue(COMMENT, "scope_missing", message, params={"needed": [COMMENT_SCOPE]})
