"""What Facebook would refuse or drop without a word, found before anything is sent (platforms.md 1.3)."""

from __future__ import annotations

from noillusion.flows.protocol import Account, Draft, Issue
from noillusion.platforms.facebook.facts import IMAGE, KINDS, NEEDS, PUBLISH_SCOPE, PUBLISH_TASK, TEXT_LIMIT
from noillusion.platforms.meta.checks import length_issues, media_issues, scope_issues, shape_issues, url_issues


def check(draft: Draft, account: Account) -> list[Issue]:
    """All problems that are visible without sending anything (platforms.md 1.3, "Limits")."""
    issues = [
        *scope_issues(account, (PUBLISH_SCOPE,)),
        *shape_issues(draft, KINDS, NEEDS, "Facebook"),
        *length_issues(draft.text.reveal(), TEXT_LIMIT, "Facebook"),
        *media_issues(draft, IMAGE, "Facebook"),
    ]
    tasks = account.details.get("tasks")
    if tasks is not None and PUBLISH_TASK not in tasks:
        issues.append(Issue("account", "task_missing", f"The person needs the task {PUBLISH_TASK} on this Page."))
    if draft.link is not None:
        issues += url_issues(draft.link.url.reveal(), "link.url", ("https", "http"))
        ignored = [name for name in ("title", "description") if getattr(draft.link, name)]
        message = "Facebook reads the card from the page itself; this will not be sent."
        issues += [Issue(f"link.{name}", "not_supported", message, "warning") for name in ignored]
    return issues
