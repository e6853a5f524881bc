"""Rows of posts and of their targets. A text's fingerprint is read only where an outcome has to be found out."""

from __future__ import annotations

from dataclasses import field, replace
from datetime import datetime
from typing import Any, ClassVar

from noillusion.catalog.platforms import PlatformName
from noillusion.db import record
from noillusion.flows.draft import CommentState, EditStatus, Kind, TextLength


@record()
class PostRow:
    """A post as its user reads it."""

    TABLE: ClassVar = "posts"

    id: str
    client_reference: str | None
    generation_id: str | None
    repost_of: str | None
    created_at: datetime
    updated_at: datetime


@record()
class RequestRow:
    """The request that made a post: its key and fingerprint, and the answer that it got."""

    TABLE: ClassVar = "posts"

    id: str
    idempotency_key: str = field(repr=False)
    request_fingerprint: str | None = field(repr=False)
    answer: dict[str, Any] | None = field(repr=False)
    answer_status: int | None
    forgotten_at: datetime | None


@record()
class ForgottenPost:
    """What is left of a post whose record was deleted."""

    TABLE: ClassVar = "posts"

    id: str
    user_id: str


@record()
class DueTarget:
    """A target and when it is to be looked at again."""

    TABLE: ClassVar = "post_targets"

    id: str
    user_id: str
    next_check_at: datetime | None


@record()
class TargetRow(DueTarget):
    """A target with its outcome."""

    post_id: str
    connection_id: str | None
    platform: PlatformName
    account_id: str
    position: int
    kind: Kind
    attempt: int
    retry_of: str | None
    status: str
    handles: dict[str, str]
    accepted_id: str | None
    platform_post_id: str | None
    permalink: str | None
    first_comment: CommentState | None
    error_class: str | None
    platform_code: str | None
    retry_after_at: datetime | None
    published_at: datetime | None
    publish_at: datetime | None
    deadline_at: datetime
    deleted_at: datetime | None
    committing_at: datetime | None
    checks: int
    edited_at: datetime | None
    edit_status: EditStatus | None
    edit_error_class: str | None
    edit_code: str | None
    created_at: datetime
    updated_at: datetime


@record()
class LeasedTarget(TargetRow):
    """A target in the hands of its lease's owner, with what is known of its commit."""

    text_fingerprint: str | None = field(repr=False)
    platform_ahead_ms: int | None


@record()
class KeyedAttempt:
    """An attempt of a retry with an idempotency key."""

    TABLE: ClassVar = "post_targets"

    id: str
    request_fingerprint: str | None = field(repr=False)
    created_at: datetime


@record()
class CommitRow:
    """A commit that can have made a post which no target holds."""

    TABLE: ClassVar = "post_targets"
    NOT_NULL: ClassVar = ("committing_at",)

    id: str
    user_id: str
    kind: Kind
    status: str
    handles: dict[str, str]
    text_fingerprint: str | None = field(repr=False)
    committing_at: datetime
    platform_ahead_ms: int | None
    publish_at: datetime | None


@record()
class RecordedPost:
    """The ids by which a target holds a platform's post."""

    TABLE: ClassVar = "post_targets"

    platform_post_id: str | None
    accepted_id: str | None


@record()
class TargetsToMeasure:
    """Targets of one account whose figures are due together: the newest, which names the row, and the others."""

    TABLE: ClassVar = "post_polls"

    target_id: str
    other_target_ids: list[str]
    user_id: str
    connection_id: str
    platform: PlatformName
    published_at: datetime
    due_at: datetime

    @property
    def ids(self) -> list[str]:
        """All targets, the newest first, and each once: where two readings met, a row can name one twice."""
        return list(dict.fromkeys((self.target_id, *self.other_target_ids)))

    def split(self, first: int) -> tuple[TargetsToMeasure, TargetsToMeasure]:
        """Return a row of the first targets and one of the rest."""
        ids = self.ids
        return (
            replace(self, other_target_ids=ids[1:first]),
            replace(self, target_id=ids[first], other_target_ids=ids[first + 1 :]),
        )


@record()
class RecentPosts:
    """The number of posts of a connection that have a status."""

    connection_id: str
    status: str
    posts: int


@record()
class OldestDue:
    """When the longest overdue target was due. An aggregate has no declared type, so the embedded engine gives it as text."""

    next_check_at: datetime | str | None


@record()
class NewPost:
    """A post that takes its idempotency key, in the hands of its lease's owner."""

    id: str
    user_id: str
    key: str = field(repr=False)
    fingerprint: str = field(repr=False)
    client_reference: str | None
    generation_id: str | None
    repost_of: str | None
    owner: str
    lease_until: datetime
    now: datetime


@record()
class NewTarget:
    """A target that is added to its post, in the hands of its lease's owner."""

    id: str
    user_id: str
    post_id: str
    connection_id: str
    platform: str
    account_id: str
    position: int
    kind: Kind
    attempt: int
    retry_of: str | None
    text_length: TextLength
    text_fingerprint: str | None = field(repr=False)
    key: str | None = field(repr=False)
    request_fingerprint: str | None = field(repr=False)
    first_comment: CommentState | None
    owner: str
    lease_until: datetime
    publish_at: datetime | None
    deadline_at: datetime
    now: datetime


@record(kw_only=True)
class Outcome:
    """The outcome of a target. What is ``None`` of the post's ids and link stays as it is stored."""

    status: str
    handles: dict[str, str]
    accepted_id: str | None = None
    platform_post_id: str | None = None
    permalink: str | None = None
    first_comment: CommentState | None = None
    """The state of the first comment; ``None`` where the flow did not send it."""
    error_class: str | None = None
    error_code: str | None = None
    platform_code: str | None = None
    retry_after_at: datetime | None = None
    published_at: datetime | None = None


@record()
class EditOutcome:
    """The outcome of an edit."""

    status: EditStatus
    error_class: str | None
    code: str | None


@record(kw_only=True)
class OpenState:
    """The state of a target that has no outcome yet."""

    status: str
    error_class: str | None
    error_code: str | None
    platform_code: str | None
    next_check_at: datetime | None
    """When to look again; ``None``: never again."""
    forget: bool
    """Whether its text's fingerprint is of no more use."""
    unsent: bool
    """Whether its commit did not happen."""


@record(kw_only=True)
class HeldState:
    """The state of a target whose post the platform holds until its time."""

    handles: dict[str, str]
    accepted_id: str
    platform_post_id: str | None
    publish_at: datetime
    deadline_at: datetime
    next_check_at: datetime
