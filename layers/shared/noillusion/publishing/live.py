"""What accounts can publish at the moment, asked of their platforms: shown to the person, and held against drafts."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from noillusion.catalog import registrations
from noillusion.connections import credentials
from noillusion.connections.models import AccountQuota
from noillusion.connections.rows import CredentialRow
from noillusion.core.errors import NotFound, Upstream
from noillusion.db import Actor, database
from noillusion.flows.account_options import AccountOptions
from noillusion.flows.faults import ErrorClass, Fault, PlatformError
from noillusion.flows.issues import IssueCode
from noillusion.flows.protocol import Issue
from noillusion.flows.runner import Runner, Session
from noillusion.platforms import catalog
from noillusion.publishing import messages
from noillusion.publishing.drafts import PublishPlan
from noillusion.publishing.offer_models import PublishingOptions, PublishingProblem
from noillusion.publishing.offers import kinds_of
from noillusion.settings.source import settings

REFUSALS: Final[Mapping[ErrorClass, IssueCode]] = {
    ErrorClass.REAUTH: "reauth_required",
    ErrorClass.PERMISSION: "scope_missing",
    ErrorClass.RATE_LIMIT: "posting_blocked",
    ErrorClass.BLOCKED_BY_POLICY: "posting_blocked",
}
"""Refusals that tell of the account. Any other is a matter of the moment."""


async def publishing_options(user_id: str, connection_id: str, deadline: float) -> PublishingOptions:
    """Return what a connected account can publish at the moment. :class:`Upstream` if its platform does not tell."""
    connected = credentials.of_user(user_id)
    rows = (await database().flight(Actor(user_id), connected))[connected]
    row = next((row for row in rows if row.id == connection_id), None)
    if row is None:
        raise NotFound
    try:
        return _shown(row, await _ask(row, deadline))
    except PlatformError as error:
        refusal = _refusal(error.fault)
        if refusal.severity == "warning":
            raise Upstream("options_unavailable", retry_after=error.fault.retry_after) from None
        return _shown(row, AccountOptions((refusal,), row.username))


async def look(plans: Sequence[PublishPlan], deadline: float) -> list[PublishPlan]:
    """Return the plans with the problems that their accounts have at the moment."""
    return list(await asyncio.gather(*(_held_against(plan, deadline) for plan in plans)))


async def _held_against(plan: PublishPlan, deadline: float) -> PublishPlan:
    if plan.connection.status != "active":
        # That is a problem already, and the token would only be refused.
        return plan
    try:
        found = list(plan.platform.option_issues(plan.draft, await _ask(plan.connection, deadline)))
    except PlatformError as error:
        found = [_refusal(error.fault)]
    told = {(issue.field, issue.code) for issue in plan.issues}
    return replace(plan, issues=(*plan.issues, *(issue for issue in found if (issue.field, issue.code) not in told)))


async def _ask(row: CredentialRow, deadline: float) -> AccountOptions:
    platform, session = catalog.get(row.platform, row.registration), Session()
    try:
        session = await credentials.session(row, deadline)
        flow = platform.account_options(credentials.account_of(row))
        return await Runner(platform, session, deadline=deadline).run(flow)
    except PlatformError as error:
        if error.fault.error_class is ErrorClass.REAUTH:
            await credentials.refused(row, session, error.fault)
        raise


def _refusal(fault: Fault) -> Issue:
    code = REFUSALS.get(fault.error_class)
    if code is None:
        return Issue("account", "not_answered", messages.NOT_ANSWERED, "warning")
    return Issue("account", code, messages.FAILED[fault.error_class])


def _shown(row: CredentialRow, found: AccountOptions) -> PublishingOptions:
    """Return the API shape of what an account can publish."""
    registration = registrations.get(row.platform, row.registration).name
    platform = catalog.get(row.platform, registration)
    return PublishingOptions(
        connection_id=row.id,
        platform=row.platform,
        registration=registration,
        can_publish=row.status == "active" and all(issue.severity != "error" for issue in found.problems),
        problems=[PublishingProblem.of(issue, params=dict(issue.params)) for issue in found.problems],
        username=found.username,
        name=found.name,
        avatar_url=found.avatar_url,
        privacy_levels=list(found.privacy_levels),
        disabled=list(found.disabled),
        longest_video_s=found.longest_video_s,
        quota=AccountQuota.of(found.quota) if found.quota else None,
        can_delete=platform.capabilities.deletes,
        kinds=kinds_of(platform, hands_over=bool(settings().handover_bucket)),
        roles=list(found.roles),
    )
