"""API models of publishing. What is published is always ``Content``; responses contain only ids, statuses and codes."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple, get_args

from pydantic import AfterValidator, AwareDatetime, Field, create_model

from noillusion.catalog.platforms import PlatformName
from noillusion.core.fields import ClientReference, Flag, Id
from noillusion.core.models import ErrorParams, Model, OneSet, Strict, Uuid, refused
from noillusion.flows.draft import Kind
from noillusion.flows.faults import ErrorClass
from noillusion.flows.issues import IssueCode
from noillusion.platforms import catalog
from noillusion.publishing.content import ContentInput

MAX_TARGETS = 20

TargetStatus = Literal[
    "pending",
    "preparing",
    "committing",
    "processing",
    "published",
    "delivered_to_inbox",
    "failed",
    "unknown",
    "canceled",
]
PostStatus = Literal["processing", "published", "partially_published", "failed", "unknown", "canceled"]
Severity = Literal["error", "warning"]


if TYPE_CHECKING:
    OptionsInput = Strict
else:
    OptionsInput = create_model(
        "OptionsInput",
        __base__=Strict,
        __module__=__name__,
        __doc__="Platform options. Only the options of the target's own platform are allowed.",
        **{name: (options | None, None) for name, options in catalog.options().items()},
    )


NotRemovable = Literal["not_published", "ownership_uncertain", "platform_cannot_delete", "disconnected"]
REMOVAL_REASONS = (*get_args(NotRemovable), *(each.value for each in ErrorClass))
RemovalReason = Annotated[NotRemovable | ErrorClass, OneSet(REMOVAL_REASONS)]
"""Reasons why a post was not deleted from its platform."""


class TargetInput(Strict):
    """One account to publish to, optionally with its own content and options."""

    connection_id: Id
    content: ContentInput | None = Field(default=None, description="Replaces the request's `content` for this target")
    kind: Kind | None = Field(
        default=None,
        description="Kind of post. Null: derived from the content. A single video is a `reel` on platforms without plain videos",
    )
    options: OptionsInput | None = None


def _distinct(targets: list[TargetInput]) -> list[TargetInput]:
    if len({target.connection_id for target in targets}) != len(targets):
        raise refused("connections_once")
    return targets


class PostRequest(Strict):
    """A post for one or more accounts."""

    content: ContentInput | None = None
    targets: Annotated[list[TargetInput], AfterValidator(_distinct)] = Field(
        min_length=1, max_length=MAX_TARGETS, json_schema_extra={"uniqueItems": True}
    )
    repost_of: Id | None = Field(default=None, description="Id of an earlier post that this post intentionally repeats")
    client_reference: ClientReference | None = Field(
        default=None,
        description="Your own name for the post, by which `GET /v1/posts` finds it. Posts can share one",
    )
    generation_id: Id | None = Field(
        default=None,
        description="`request_id` of the generation that the text comes from. `GET /v1/analytics/comparisons` compares by it",
    )


class HeldPostRequest(PostRequest):
    """A post that the platforms of its targets hold until its time."""

    publish_at: AwareDatetime


class CheckRequest(PostRequest):
    """A post to check without publishing it."""

    live: Flag = Field(
        default=False,
        description="Also ask the platforms about the accounts: quotas, permissions, and the choices they have at the moment",
    )


class RetryTarget(Strict):
    """One failed target to retry."""

    target_id: Id
    content: ContentInput | None = None
    kind: Kind | None = Field(
        default=None, description="Kind of post. Null: `reel` or `story` if the target is one, otherwise derived from the content"
    )
    options: OptionsInput | None = None


def _each_once(targets: list[RetryTarget]) -> list[RetryTarget]:
    if len({target.target_id for target in targets}) != len(targets):
        raise refused("targets_once")
    return targets


class RetryRequest(Strict):
    """Content to retry with, because content is not stored. Without ``targets``, all failed targets are retried."""

    content: ContentInput | None = None
    targets: Annotated[list[RetryTarget], AfterValidator(_each_once)] | None = Field(
        default=None, min_length=1, max_length=MAX_TARGETS, json_schema_extra={"uniqueItems": True}
    )
    options: OptionsInput | None = None
    accept_duplicate_risk: Flag = Field(
        default=False, description="Also retry targets whose outcome is still unknown. They may be published twice"
    )


class ProblemFound(Model):
    """A problem with a target that was found before publishing."""

    field: str = Field(description="Path of the value in the request as sent; for a missing value, the path where it belongs")
    code: IssueCode
    message: str
    severity: Severity
    params: ErrorParams


class TargetCheck(Model):
    """Result of checking one target."""

    connection_id: Uuid
    platform: PlatformName
    kind: Kind
    ok: bool
    length: int = Field(description="Length of the text in the unit of the platform")
    limit: int
    problems: list[ProblemFound] = Field(description="At most 50")
    more_problems: int = Field(default=0, description="Number of problems left out")


class CheckResult(Model):
    """Result of checking all targets of a post."""

    ok: bool
    targets: list[TargetCheck]


class TargetError(Model):
    """Reason why a target failed or its outcome is unknown."""

    error_class: ErrorClass
    platform_code: str
    message: str
    retryable: bool = Field(
        description="The target can be retried, because it certainly failed. A target whose outcome is still unknown can be "
        "retried with `accept_duplicate_risk`"
    )
    retry_after: datetime | None = None


class TargetRemoval(Model):
    """Result of deleting the post of one target from its platform."""

    target_id: Uuid
    platform: PlatformName
    deleted: bool
    reason: RemovalReason | None = Field(
        default=None,
        description="Reason why it was not deleted: `not_published`, `ownership_uncertain` (the post was identified only by its "
        "text and may be somebody else's), `platform_cannot_delete`, `disconnected`, or the class of the platform's error",
    )


class Removal(Model):
    """Result of deleting a post from its platforms."""

    id: Uuid
    targets: list[TargetRemoval]


class Answer(NamedTuple):
    """The answer to a request to publish."""

    status: int
    body: dict[str, Any]
    replayed: bool = False
    deferred: bool = False
    """True if it was given before anything was published, as the client prefers."""
