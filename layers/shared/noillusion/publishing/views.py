"""API models of posts as their user reads and edits them. Workers, which answer nobody, do without them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, get_args

from pydantic import Field

from noillusion.catalog.platforms import PlatformName
from noillusion.core.fields import DISTINCT, Id
from noillusion.core.models import Model, OneSet, Strict, Uuid
from noillusion.core.sensitive import Content
from noillusion.flows.draft import CommentState, EditStatus, Kind
from noillusion.flows.faults import ErrorClass
from noillusion.publishing.models import MAX_TARGETS, PostStatus, TargetError, TargetStatus

NotRefreshed = Literal["not_published", "deleted", "disconnected", "held_by_another"]
REFRESH_REASONS = (*get_args(NotRefreshed), *(each.value for each in ErrorClass))
RefreshReason = Annotated[NotRefreshed | ErrorClass, OneSet(REFRESH_REASONS)]
"""Reasons why the id and the link of a post were not read again."""
NotEdited = Literal[
    "not_published", "deleted", "ownership_uncertain", "platform_cannot_edit", "disconnected", "edit_in_progress",
    "outcome_unknown",
]  # fmt: skip
EDIT_REASONS = (*get_args(NotEdited), *(each.value for each in ErrorClass))
EditReason = Annotated[NotEdited | ErrorClass, OneSet(EDIT_REASONS)]
"""Reasons why the text of a post was not changed."""


class PublishAttempt(Model):
    """One attempt to publish on one account."""

    target_id: Uuid
    attempt: int
    status: TargetStatus
    started_at: datetime
    sent_at: datetime | None = Field(description="When the request that makes the post public was sent")
    ended_at: datetime | None = Field(description="Null as long as the outcome is open")
    checks: int = Field(description="Number of times that the platform was asked later")
    error_class: ErrorClass | None
    platform_code: str | None


NextAction = Literal["publish", "ask_platform", "look_for_post", "retry", "decide", "finish_in_app"]
NextBy = Literal["service", "client", "person", "platform"]


class NextStep(Model):
    """What happens next with a target, and who does it."""

    action: NextAction
    by: NextBy
    at: datetime | None = Field(
        description="When the service does it, or looks after a request that was interrupted; for `retry` the earliest time that "
        "the platform named, if it did; when the platform publishes a post that it holds"
    )
    gives_up_at: datetime | None = Field(description="When the service stops at the latest")


class LastEdit(Model):
    """The last change of the text of a published post."""

    at: datetime
    status: EditStatus
    error_class: ErrorClass | None
    platform_code: str | None


class Target(Model):
    """A post on one account."""

    id: Uuid
    connection_id: Uuid | None
    platform: PlatformName
    account_id: str
    kind: Kind
    status: TargetStatus
    attempt: int
    retry_of: Uuid | None
    platform_post_id: str | None
    permalink: str | None
    first_comment: CommentState | None = Field(
        description="State of the first comment. `not_sent`: the platform finished the post after the request had ended, and the "
        "comment's text is not stored. `unknown`: the platform's answer was lost. Null: none was asked for"
    )
    error: TargetError | None
    attempts: list[PublishAttempt] = Field(description="Attempts on this account, including the current one, the first one first")
    last_edit: LastEdit | None = Field(description="Null if the text was never changed through this API")
    next_step: NextStep | None = Field(description="Null if nothing happens any more")
    published_at: datetime | None
    publish_at: datetime | None = Field(description="When the platform publishes a post that it holds until then. Null: at once")
    next_check_at: datetime | None
    deadline_at: datetime
    deleted_at: datetime | None
    updated_at: datetime


class Post(Model):
    """A post. Its status is derived from its targets."""

    id: Uuid
    status: PostStatus
    client_reference: str | None
    generation_id: Uuid | None
    repost_of: Uuid | None
    created_at: datetime
    updated_at: datetime
    targets: list[Target]


class TargetRefresh(Model):
    """Public id and link of a post on one account, as the platform tells them now."""

    target_id: Uuid
    platform: PlatformName
    platform_post_id: str | None
    permalink: str | None
    changed: bool = Field(description="The id or the link is new")
    reason: RefreshReason | None = Field(
        description="Reason why the platform was not asked or did not tell; the post itself is unchanged. `held_by_another`: the "
        "platform named a post that another target is recorded for"
    )


class PostRefresh(Model):
    """Result of reading the ids and links of a post again."""

    id: Uuid
    targets: list[TargetRefresh]


class EditRequest(Strict):
    """The new text of a published post."""

    text: Annotated[Content, Field(min_length=1, max_length=70_000)]
    targets: Annotated[list[Id], DISTINCT] | None = Field(
        default=None, min_length=1, max_length=MAX_TARGETS, description="Ids of the targets to change; null: all"
    )


class TargetEdit(Model):
    """Result of changing the text of the post on one account."""

    target_id: Uuid
    platform: PlatformName
    edited: bool
    reason: EditReason | None = Field(
        default=None,
        description="Reason why it was not changed: `not_published`, `deleted`, `ownership_uncertain` (the post was identified "
        "only by its text and may be somebody else's), `platform_cannot_edit`, `disconnected`, `edit_in_progress`, "
        "`outcome_unknown` (the platform's answer was lost; sending the same text again does no harm), or the class of the "
        "platform's error",
    )


class PostEdit(Model):
    """Result of changing the text of a post."""

    id: Uuid
    targets: list[TargetEdit]
