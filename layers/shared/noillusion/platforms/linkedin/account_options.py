"""What a member or an organization can publish at the moment (platforms.md 3.2)."""

from __future__ import annotations

from noillusion.flows.account_options import AccountOptions
from noillusion.flows.protocol import Account, Flow, Issue
from noillusion.platforms.checks import granted, scope_issues
from noillusion.platforms.linkedin import calls, organizations
from noillusion.platforms.linkedin.facts import ADMIN_SCOPES, POSTING_ROLES, POSTING_SCOPE


def account_options(account: Account) -> Flow[AccountOptions]:
    """Read who the token belongs to, and for an organization the roles that the person has there now."""
    problems = tuple(scope_issues(account, (POSTING_SCOPE[account.kind],)))
    if account.kind != "organization" or not any(granted(account, scope) for scope in ADMIN_SCOPES):
        who = yield calls.identity(account.scopes)
        return AccountOptions(problems, account.username, str(who.get("name", "")) if account.kind == "member" else "")
    roles = yield from organizations.roles_in(account.id)
    if POSTING_ROLES.isdisjoint(roles):
        message = "The person has no role in this organization that allows to post."
        problems += (Issue("account", "role_missing", message, params={"needed": sorted(POSTING_ROLES)}),)
    return AccountOptions(problems, account.username, roles=tuple(sorted(roles)))
