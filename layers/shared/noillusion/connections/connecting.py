"""Connecting accounts: authorize → callback → choose → active. The callback stores a grant for nobody but the user who began, and
nothing becomes active before that user confirms with the handle that only the returning browser has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import uuid4

from noillusion.catalog.platforms import PlatformName
from noillusion.connections import (
    attempt_store,
    callback_errors,
    credentials,
    expiry,
    grants,
    messages,
    return_urls,
    state,
    store,
)
from noillusion.connections import pending as sealed_grants
from noillusion.connections.callback_errors import CallbackError
from noillusion.connections.models import (
    AccountChoice,
    AuthorizeRequest,
    AuthorizeResponse,
    CallbackResult,
    ConfirmRequest,
    Connection,
    PendingConnection,
    Refused,
    ScopeCost,
)
from noillusion.connections.rows import AccountVersion, ClaimedAttempt, ConnectionRow, NewConnection, PendingGrant
from noillusion.connections.service import to_connection
from noillusion.core import clock, logs
from noillusion.core.errors import AccountDeleted, BadRequest, Conflict, Invalid, NotFound, Upstream, field_error
from noillusion.db import WORKER, Actor, Query, database
from noillusion.flows.faults import PlatformError
from noillusion.flows.protocol import App, Candidate, Tokens
from noillusion.flows.runner import Runner, Session
from noillusion.platforms import catalog
from noillusion.platforms.contract import Platform, missing_scopes
from noillusion.settings.source import settings
from noillusion.vault.sealer import SealBroken, sealer

ATTEMPT_LIFE = timedelta(minutes=10)
CHOICE_LIFE = timedelta(minutes=30)
PUT_ATTEMPTS = 3
"""How often a connection is saved whose credential is renewed by somebody else at the same time."""


def _app(platform: str) -> App:
    app = settings().app(platform)
    if app is None:
        raise Conflict("platform_not_configured")
    return app


def redirect_uri(platform: str) -> str:
    """Return the registered callback URL of a platform."""
    return f"{settings().public_url}/v1/oauth/{platform}/callback"


async def authorize(user_id: str, name: PlatformName, request: AuthorizeRequest) -> AuthorizeResponse:
    """Begin connecting: an address to send the browser to, good for ten minutes and one use."""
    platform, app = catalog.get(name), _app(name)
    return_url = request.return_url or ""
    if return_url and not return_urls.is_allowed(return_url, settings().return_urls):
        raise Invalid([field_error("return_url", "return_url")])
    now = clock.now()
    attempt_id, expires = str(uuid4()), now + ATTEMPT_LIFE
    signed, nonce_hash = state.create(attempt_id, name, expires)
    start = attempt_store.start_attempt(attempt_id, user_id, name, nonce_hash, return_url, platform.scopes, now, expires)
    await database().flight(Actor(user_id), start)
    return AuthorizeResponse(
        attempt_id=attempt_id,
        authorization_url=settings().located(platform.authorize_url(app, redirect_uri=redirect_uri(name), state=signed)),
        scopes=[ScopeCost(scope=scope, feature=platform.features.get(scope, "")) for scope in platform.scopes],
        expires_at=expires,
    )


async def callback(name: PlatformName, query: Mapping[str, str], deadline: float) -> tuple[str | None, CallbackResult]:
    """Take the browser back from the platform. Returns where to send it on (``None``: answer with the result as JSON).

    :class:`BadRequest` for a state that is forged, foreign, expired or used; then nothing is stored.
    """
    checked = state.verify(query.get("state", ""), name)
    if checked is None:
        raise BadRequest("invalid_state")
    attempt_id, nonce_hashes = checked
    claim = attempt_store.claim_attempt(attempt_id, name, nonce_hashes, clock.now())
    attempt = (await database().flight(WORKER, claim)).first(claim)
    if attempt is None:
        raise BadRequest("invalid_state")
    try:
        result = await _exchange(name, attempt, query, deadline)
    except AccountDeleted as deleted:
        result = CallbackResult.failed(name, deleted.code)
    if not attempt.return_url:
        return None, result
    return return_urls.with_parameters(attempt.return_url, result.parameters), result


async def _exchange(name: PlatformName, attempt: ClaimedAttempt, query: Mapping[str, str], deadline: float) -> CallbackResult:
    platform, user_id = catalog.get(name), attempt.user_id
    code = query.get("code", "")
    error: CallbackError | None = None if code else "no_code"
    if refusal := platform.dialog.refusal(query):
        error = callback_errors.tell_dialog(name, refusal)
    if error is None:
        flow = platform.exchange(_app(name), code=code, redirect_uri=redirect_uri(name))
        try:
            tokens = await Runner(platform, Session(), deadline=deadline).run(flow)
        except PlatformError as refused:
            error = callback_errors.tell_exchange(name, refused.fault)
    if error is not None:
        with suppress(AccountDeleted):
            await database().flight(Actor(user_id), attempt_store.fail_attempt(attempt.id, user_id, error, clock.now()))
        return CallbackResult.failed(name, error)
    try:
        handle = await _keep(user_id, attempt.id, name, tokens)
    except AccountDeleted:
        await grants.withdraw_unsaved(user_id, name, tokens, deadline)
        raise
    except Exception:
        await grants.withdraw_unused(user_id, name, tokens, deadline)
        raise
    return CallbackResult(platform=name, pending_id=handle)


async def _keep(user_id: str, attempt_id: str, platform: str, tokens: Tokens) -> str:
    """Store a grant for the account choice; the handle by which it can be confirmed."""
    handle, now = state.new_handle(), clock.now()
    sealed, key_id = sealed_grants.sealed(user_id, attempt_id, tokens), sealer().key_id
    subject = grants.subject_hash(platform, tokens.subject)
    authorised = attempt_store.authorise_attempt(
        attempt_id, user_id, state.handle_hash(handle), subject, sealed, key_id, now, now + CHOICE_LIFE
    )
    if not (await database().flight(Actor(user_id), authorised)).number_of(authorised):
        raise BadRequest("invalid_state")
    return handle


async def _waiting(user_id: str, handle: str) -> tuple[PendingGrant, Platform, Tokens]:
    waiting = attempt_store.pending(user_id, state.handle_hashes(handle), clock.now())
    row = (await database().flight(Actor(user_id), waiting)).first(waiting)
    if row is None:
        raise NotFound
    try:
        tokens = sealed_grants.opened(row)
    except SealBroken:
        raise NotFound from None
    return row, catalog.get(row.platform), tokens


async def _connected(user_id: str, platform: Platform) -> list[AccountVersion]:
    accounts = store.account_ids(user_id, platform.name)
    return (await database().flight(Actor(user_id), accounts))[accounts]


async def _candidates(platform: Platform, tokens: Tokens, deadline: float) -> list[Candidate]:
    runner = Runner(platform, Session(tokens.access), deadline=deadline)
    try:
        return await runner.run(platform.accounts(_app(platform.name), tokens))
    except PlatformError as error:
        raise Upstream("accounts_unavailable", retry_after=error.fault.retry_after) from None


async def pending(user_id: str, handle: str, deadline: float) -> PendingConnection:
    """Return the accounts that a new grant gives access to. Another user's handle is as absent as an invented one."""
    row, platform, tokens = await _waiting(user_id, handle)
    candidates = await _candidates(platform, tokens, deadline)
    connected = {account.account_id for account in await _connected(user_id, platform)}
    missing = [ScopeCost(scope=m.scope, feature=m.feature) for m in missing_scopes(platform, tokens.scopes)]
    return PendingConnection(
        pending_id=handle,
        platform=platform.name,
        granted_scopes=list(tokens.scopes),
        missing_scopes=missing,
        accounts=[
            AccountChoice(
                id=c.id,
                kind=c.kind,
                name=c.name,
                username=c.username,
                image_url=c.image_url,
                can_publish=c.can_publish,
                reason=c.reason,
                connected=c.id in connected,
            )
            for c in candidates
        ],
        empty_reason=None if candidates else _why_empty(missing),
        expires_at=row.expires_at,
    )


def _why_empty(missing: Sequence[ScopeCost]) -> str:
    if missing:
        return messages.SCOPES_MISSING.format(scopes=", ".join(m.scope for m in missing))
    return messages.NO_ACCOUNTS


async def confirm(user_id: str, handle: str, request: ConfirmRequest, deadline: float) -> list[Connection]:
    """Connect the chosen accounts, each with its own sealed tokens; accounts that are connected already are renewed in place.

    A repeat gets the same connections while the handle lives. :class:`Conflict` if it chooses accounts that are not among them.
    """
    try:
        return await _confirm(user_id, handle, request, deadline)
    except NotFound:
        return await _confirmed(user_id, handle, request)


async def _confirmed(user_id: str, handle: str, request: ConfirmRequest) -> list[Connection]:
    """Answer a request whose grant was given away before."""
    earlier = attempt_store.completed(user_id, state.handle_hashes(handle), clock.now())
    attempt = (await database().flight(Actor(user_id), earlier)).first(earlier)
    if attempt is None:
        raise NotFound
    connected = store.of_platform(user_id, attempt.platform)
    rows = {row.account_id: row for row in (await database().flight(Actor(user_id), connected))[connected]}
    if not rows.keys() >= set(request.account_ids):
        raise Conflict("already_confirmed")
    return [to_connection(rows[account_id]) for account_id in request.account_ids]


async def _confirm(user_id: str, handle: str, request: ConfirmRequest, deadline: float) -> list[Connection]:
    attempt, platform, tokens = await _waiting(user_id, handle)
    offered = {c.id: c for c in await _candidates(platform, tokens, deadline)}
    unknown = [
        field_error(f"account_ids.{i}", "account_not_offered")
        for i, account_id in enumerate(request.account_ids)
        if account_id not in offered
    ]
    if unknown:
        raise Invalid(unknown)
    chosen = [offered[account_id] for account_id in request.account_ids]
    return await _connect(user_id, attempt.id, platform, chosen, tokens, deadline)


async def _connect(
    user_id: str, attempt_id: str, platform: Platform, chosen: Sequence[Candidate], tokens: Tokens, deadline: float
) -> list[Connection]:
    now, confirmed = clock.now(), False
    for _ in range(PUT_ATTEMPTS):
        earlier = {account.account_id: account for account in await _connected(user_id, platform)}
        completed = attempt_store.complete_attempt(attempt_id, user_id, now)
        puts = [_put(user_id, earlier.get(c.id), platform, c, tokens, attempt_id, now) for c in chosen]
        try:
            results = await database().flight(Actor(user_id), completed, *puts)
        except AccountDeleted:
            if confirmed:
                # The attempt gave its grant away, so the departure did not find it there.
                await grants.withdraw_unsaved(user_id, platform.name, tokens, deadline)
            raise
        confirmed |= bool(results.number_of(completed))
        if not confirmed:
            raise NotFound
        # A refresh may have renewed a credential since it was read: its version is part of what is sealed.
        saved = [row for put in puts for row in results[put]]
        if len(saved) == len(puts):
            logs.event("connected", platform=platform.name, count=len(saved))
            return [to_connection(row) for row in saved]
    raise Conflict("connected_elsewhere")


async def refuse(user_id: str, handle: str, deadline: float) -> Refused:
    """Withdraw a grant that the person does not want: the wrong account, or a change of mind. Nobody can confirm it any more."""
    now = clock.now()
    refused = attempt_store.refuse_attempt(user_id, state.handle_hashes(handle), now, now + expiry.RETRY_AFTER)
    row = (await database().flight(Actor(user_id), refused)).first(refused)
    if row is None:
        raise NotFound
    outcome = await expiry.drop(row, deadline)
    logs.event("grant_refused", platform=row.platform, outcome=outcome)
    done = outcome == "withdrawn"
    advice = {"withdrawn": None, "in_use": messages.IN_USE, "postponed": messages.POSTPONED}.get(outcome, messages.REMOVE_BY_HAND)
    return Refused(platform=row.platform, revoked=done, advice=advice)


def _put(
    user_id: str,
    earlier: AccountVersion | None,
    platform: Platform,
    candidate: Candidate,
    tokens: Tokens,
    attempt_id: str,
    completed_at: datetime,
) -> Query[ConnectionRow]:
    """Return the statement that connects an account with its own sealed tokens."""
    connection_id, version = (earlier.id, earlier.credential_version + 1) if earlier else (str(uuid4()), 1)
    now = clock.now()
    own = tokens
    if candidate.token is not None:
        # The person's token stays beside the account's own one: only it can withdraw the grant.
        own = Tokens(candidate.token, tokens.access, None, None, tokens.scopes, tokens.subject)
    account = NewConnection(
        id=connection_id,
        user_id=user_id,
        platform=platform.name,
        credential_version=version,
        account_id=candidate.id,
        account_kind=candidate.kind,
        display_name=candidate.name,
        username=candidate.username,
        grant_subject=tokens.subject,
        granted_scopes=list(tokens.scopes),
        details=dict(candidate.details),
        now=now,
    )
    sealed = credentials.seal_tokens(user_id, connection_id, version, own)
    return store.put(account, sealed, credentials.token_expiry(platform, own, now), attempt_id, completed_at)
