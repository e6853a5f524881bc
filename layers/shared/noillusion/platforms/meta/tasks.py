"""The tasks that a person has on a Page, and what they allow (platforms.md 0.4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from noillusion.flows.protocol import Account, Issue

PUBLISH_TASK: Final = "CREATE_CONTENT"
FULL_CONTROL: Final = frozenset({"MANAGE", "PROFILE_PLUS_MANAGE", "PROFILE_PLUS_FULL_CONTROL"})
"""Tasks that include all others, also by their names on new Pages."""
PUBLISH_TASKS: Final = FULL_CONTROL | {PUBLISH_TASK, "PROFILE_PLUS_CREATE_CONTENT"}
"""Each of them allows to publish."""
OTHER_TASKS: Final = frozenset(
    f"{prefix}{name}"
    for prefix in ("", "PROFILE_PLUS_")
    for name in ("ADVERTISE", "ANALYZE", "MESSAGING", "MODERATE", "VIEW_MONETIZATION_INSIGHTS")
)
"""Tasks that do not allow to publish. Any other name is not known, and Facebook decides what it allows."""
ANALYZE_TASKS: Final = FULL_CONTROL | {"ANALYZE", "PROFILE_PLUS_ANALYZE"}
KNOWN_TASKS: Final = PUBLISH_TASKS | OTHER_TASKS


def listed(tasks: object) -> list[str] | None:
    """Return the tasks of a Page as Facebook lists it, ``None`` where the list does not tell."""
    return [str(task) for task in tasks] if isinstance(tasks, list) else None


def may_publish(tasks: Iterable[str] | None) -> bool:
    """Return whether the tasks let the person try to publish.

    Facebook refuses what a role may not do, so without known tasks, or with one that nobody knows, it can be tried.
    """
    held = None if tasks is None else frozenset(tasks)
    return held is None or not PUBLISH_TASKS.isdisjoint(held) or not held <= OTHER_TASKS


def issues(account: Account) -> Iterator[Issue]:
    """Tell of a person who may not publish by the Page of an account."""
    if not may_publish(account.details.get("tasks")):
        message = f"The person needs the task {PUBLISH_TASK} on this Page."
        yield Issue("account", "task_missing", message, params={"needed": [PUBLISH_TASK]})
