"""API models of posts as their user reads them. Workers, which answer nobody, do without them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from noillusion.catalog.platforms import PlatformName
from noillusion.core.models import Model, Uuid
from noillusion.flows.draft import CommentState, Kind
from noillusion.flows.faults import ErrorClass
from noillusion.publishing.models import PostStatus, TargetError, TargetStatus


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
NextBy = Literal["service", "client", "person"]


class NextStep(Model):
    """What happens next with a target, and who does it."""

    action: NextAction
    by: NextBy
    at: datetime | None = Field(
        description="When the service does it, or looks after a request that was interrupted; for `retry` the earliest time that "
        "the platform named, if it did"
    )
    gives_up_at: datetime | None = Field(description="When the service stops at the latest")


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
    next_step: NextStep | None = Field(description="Null if nothing happens any more")
    published_at: datetime | None
    next_check_at: datetime | None
    deadline_at: datetime
    deleted_at: datetime | None
    updated_at: datetime


class Post(Model):
    """A post. Its status is derived from its targets."""

    id: Uuid
    status: PostStatus
    client_reference: str | None
    repost_of: Uuid | None
    created_at: datetime
    updated_at: datetime
    targets: list[Target]
