"""From requests to drafts, and every problem of every target at once before anything is sent."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import datetime

from noillusion.connections import credentials
from noillusion.connections.rows import CredentialRow
from noillusion.core import clock
from noillusion.core.errors import FieldError
from noillusion.core.records import record
from noillusion.flows.draft import Draft, Kind
from noillusion.flows.protocol import Issue
from noillusion.platforms import catalog
from noillusion.platforms.contract import Platform
from noillusion.platforms.holding import holding_issues
from noillusion.publishing import handover, messages
from noillusion.publishing.content import ContentInput, to_draft
from noillusion.publishing.models import OptionsInput, ProblemFound, TargetCheck, TargetInput
from noillusion.publishing.origins import Origin
from noillusion.vault.sealer import fingerprint, matches

MAX_PROBLEMS = 50
"""Problems told of one target."""


@record(eq=True)
class PublishPlan:
    """One target that is ready to run: where, what, and what was found about it."""

    connection: CredentialRow
    platform: Platform
    draft: Draft
    issues: tuple[Issue, ...]
    origin: Origin

    @property
    def errors(self) -> list[Issue]:
        """The problems that forbid publishing."""
        return [issue for issue in self.issues if issue.severity == "error"]

    @property
    def about(self) -> dict[str, int | str]:
        """The target, as a member of each of its errors."""
        return {**self.origin.about, "connection_id": self.connection.id, "platform": self.platform.name}


def plan(
    connection: CredentialRow,
    content: ContentInput,
    kind: Kind | None,
    options: OptionsInput | None,
    origin: Origin,
    publish_at: datetime | None = None,
) -> PublishPlan:
    """Return the draft for one connection, with the problems that can be seen without I/O.

    ``publish_at``: the time until which the platform is to hold the post.
    """
    platform = catalog.get(connection.platform, connection.registration)
    given = {name: block for name in OptionsInput.model_fields if options and (block := getattr(options, name)) is not None}
    draft = to_draft(content, kind, given.get(platform.name), platform.capabilities.instead, publish_at)
    issues = [
        Issue(f"options.{name}", "other_platform", messages.OTHER_PLATFORM.format(platform=platform.title))
        for name in given
        if name != platform.name
    ]
    if connection.status != "active":
        issues.append(Issue("connection_id", "reauth_required", messages.REAUTH_REQUIRED))
    issues += holding_issues(draft, platform.capabilities.holds, clock.now().timestamp(), platform.title)
    issues += platform.check(handover.as_sent(platform, draft), credentials.account_of(connection))
    return PublishPlan(connection, platform, draft, tuple(issues), origin)


def text_fingerprint(user_id: str, target_id: str, text: str) -> str:
    """Return the keyed fingerprint of a text as a platform lists it, for one target: equal texts give unequal fingerprints."""
    return fingerprint(*_identity(user_id, target_id, text))


def is_text(stored: str | None, user_id: str, target_id: str, text: str) -> bool:
    """Return whether a text that a platform lists has the fingerprint of a target's."""
    return matches(stored, *_identity(user_id, target_id, text))


def _identity(user_id: str, target_id: str, text: str) -> tuple[str, ...]:
    return "text", user_id, target_id, " ".join(unicodedata.normalize("NFC", text).split())


def to_check(plan: PublishPlan) -> TargetCheck:
    """Return the API shape of a plan's check, errors before warnings where there are many."""
    issues = plan.issues
    if len(issues) > MAX_PROBLEMS:
        issues = (*plan.errors, *(issue for issue in issues if issue.severity != "error"))
    platform, kind = plan.platform, plan.draft.kind
    return TargetCheck(
        connection_id=plan.connection.id,
        platform=platform.name,
        kind=kind,
        ok=not plan.errors,
        length=platform.text_length(plan.draft.text.reveal()),
        limit=platform.text_limit(kind),
        problems=[ProblemFound.of(i, field=plan.origin.path(i.field), params=dict(i.params)) for i in issues[:MAX_PROBLEMS]],
        more_problems=max(0, len(issues) - MAX_PROBLEMS),
    )


def field_errors(plans: Sequence[PublishPlan]) -> list[FieldError]:
    """Return the problems that forbid publishing, with paths into the request as sent."""
    return [
        FieldError(plan.origin.path(issue.field), issue.code, issue.message, issue.params, plan.about)
        for plan in plans
        for issue in plan.errors
    ]


def content_of(target: TargetInput, shared: ContentInput | None) -> ContentInput | None:
    """Return the content that applies to a target."""
    return target.content or shared
