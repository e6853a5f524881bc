"""The accounts that a waiting grant gives access to."""

from __future__ import annotations

from datetime import timedelta

from noillusion.catalog.accounts import AccountReason, NoAccounts
from noillusion.catalog.registrations import Registration
from noillusion.connections import abilities, attempt_store
from noillusion.connections.models import CapabilityInfo
from noillusion.connections.rows import PendingGrant
from noillusion.core import clock, logs
from noillusion.core.errors import Conflict, Upstream
from noillusion.db import Actor, database
from noillusion.flows.faults import ErrorClass, PlatformError
from noillusion.flows.protocol import Account, AccountList, App, Candidate, Tokens
from noillusion.flows.runner import Runner, Session
from noillusion.platforms import catalog
from noillusion.settings.source import settings

CHOICE_LIFE = timedelta(minutes=30)
"""How long a grant waits for the person to choose accounts."""
SETTLES_WITHIN = timedelta(seconds=10)
"""A token that was issued just now can be refused for some seconds (platforms.md 3.7)."""


async def accounts(row: PendingGrant, app: App, tokens: Tokens, deadline: float) -> AccountList:
    """Ask the platform for the accounts. A grant that is dead is forgotten: there is nothing left to withdraw."""
    platform = catalog.get(row.platform, row.registration)
    try:
        return await Runner(platform, Session(tokens.access, app=app), deadline=deadline).run(platform.accounts(app, tokens))
    except PlatformError as error:
        dead = error.fault.error_class is ErrorClass.REAUTH and error.fault.certain
        if not dead or _is_new(row):
            if error.fault.error_class is ErrorClass.OPERATOR:
                raise Upstream("app_refused", retry_after=error.fault.retry_after) from None
            raise Upstream("accounts_unavailable", retry_after=error.fault.retry_after) from None
        logs.event("grant_revoked", platform=platform.name, code=error.fault.code)
    await database().flight(Actor(row.user_id), attempt_store.forget_attempt(row.user_id, row.id))
    raise Conflict("grant_revoked")


def _is_new(row: PendingGrant) -> bool:
    return clock.now() < row.expires_at - CHOICE_LIFE + SETTLES_WITHIN


async def why_none(row: PendingGrant, app: App, tokens: Tokens, deadline: float) -> NoAccounts:
    """Find out why there are no accounts. What the platform does not tell stays unknown."""
    platform = catalog.get(row.platform, row.registration)
    try:
        return await Runner(platform, Session(tokens.access, app=app), deadline=deadline).run(platform.why_none(app, tokens))
    except PlatformError:
        return "no_accounts"


def reason_of(candidate: Candidate, able: CapabilityInfo) -> AccountReason:
    """Return why an account cannot be published to. Nobody can grant a permission that the operator's app does not ask for."""
    gaps = {missing.capability: missing.code for missing in able.missing}
    return "no_access" if candidate.reason == "scope_missing" and gaps.get("publish") == "no_access" else candidate.reason


def abilities_of(candidate: Candidate, registration: Registration, tokens: Tokens) -> CapabilityInfo:
    """Return what can be done with an account of a grant."""
    apps = settings().apps
    account = Account(
        candidate.id,
        candidate.kind,
        candidate.username,
        tokens.scopes,
        candidate.details,
        registration=registration.name,
        asked=tuple(apps.asked(registration)),
        public_posts=apps.publishes(registration),
    )
    return abilities.of(account, registration, has_token=candidate.reason != "token_missing")
