"""Connecting accounts: authorize → callback → choose → active. The callback stores a grant for nobody but the user who began, and
nothing becomes active before that user confirms with the handle that only the returning browser has."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from uuid import uuid4

from noillusion.catalog import registrations
from noillusion.catalog.accounts import NoAccounts
from noillusion.catalog.platforms import PlatformName
from noillusion.catalog.registrations import Registration
from noillusion.connections import (
    attempt_store,
    callback_errors,
    choosing,
    expiry,
    grants,
    messages,
    offered,
    reconnecting,
    return_urls,
    saving,
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
from noillusion.connections.rows import ClaimedAttempt, PendingGrant
from noillusion.connections.service import to_connection
from noillusion.core import clock, logs
from noillusion.core.errors import AccountDeleted, BadRequest, Conflict, Invalid, NotFound, field_error
from noillusion.db import WORKER, Actor, database
from noillusion.flows.faults import PlatformError
from noillusion.flows.protocol import App, Tokens
from noillusion.flows.runner import Runner, Session
from noillusion.platforms import catalog
from noillusion.platforms.contract import missing_scopes
from noillusion.settings.source import settings
from noillusion.vault.sealer import SealBroken, sealer

ATTEMPT_LIFE = timedelta(minutes=10)


def _app(registration: Registration) -> App:
    app = settings().apps.get(registration.platform, registration.name)
    if app is None:
        raise Conflict("platform_not_configured")
    return app


def redirect_uri(platform: str) -> str:
    """Return the registered callback URL of a platform."""
    return f"{settings().public_url}/v1/oauth/{platform}/callback"


async def authorize(user_id: str, name: PlatformName, request: AuthorizeRequest) -> AuthorizeResponse:
    """Begin connecting: an address to send the browser to, good for ten minutes and one use."""
    registration = choosing.registration(name, await reconnecting.request_of(user_id, name, request))
    platform = catalog.get(name, registration.name)
    app, asked = _app(registration), settings().apps.asked(registration)
    return_url = request.return_url or ""
    if return_url and not return_urls.is_allowed(return_url, settings().return_urls):
        raise Invalid([field_error("return_url", "return_url")])
    now = clock.now()
    attempt_id, expires = str(uuid4()), now + ATTEMPT_LIFE
    signed, nonce_hash = state.create(attempt_id, name, expires)
    start = attempt_store.start_attempt(
        attempt_id, user_id, name, registration.name, request.connection_id, nonce_hash, return_url, app.scopes, now, expires
    )
    await database().flight(Actor(user_id), start)
    return AuthorizeResponse(
        attempt_id=attempt_id,
        registration=registration.name,
        authorization_url=settings().located(platform.authorize_url(app, redirect_uri=redirect_uri(name), state=signed)),
        scopes=[ScopeCost(scope=scope, feature=feature) for scope, feature in asked.items()],
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
    registration, user_id = registrations.get(name, attempt.registration), attempt.user_id
    platform = catalog.get(name, registration.name)
    code = query.get("code", "")
    error: CallbackError | None = None if code else "no_code"
    if refusal := platform.dialog.refusal(query):
        error = callback_errors.tell_dialog(registration, refusal)
    if error is None:
        app = _app(registration)
        flow = platform.exchange(app, code=code, redirect_uri=redirect_uri(name))
        try:
            tokens = await Runner(platform, Session(app=app), deadline=deadline).run(flow)
        except PlatformError as refused:
            error = callback_errors.tell_exchange(registration, refused.fault)
    if error is not None:
        with suppress(AccountDeleted):
            await database().flight(Actor(user_id), attempt_store.fail_attempt(attempt.id, user_id, error, clock.now()))
        return CallbackResult.failed(name, error)
    try:
        handle = await _keep(user_id, attempt.id, registration, tokens)
    except AccountDeleted:
        await grants.withdraw_unsaved(user_id, registration, tokens, deadline)
        raise
    except Exception:
        await grants.withdraw_unused(user_id, registration, tokens, deadline)
        raise
    return CallbackResult(platform=name, pending_id=handle)


async def _keep(user_id: str, attempt_id: str, registration: Registration, tokens: Tokens) -> str:
    """Store a grant for the account choice; the handle by which it can be confirmed."""
    handle, now = state.new_handle(), clock.now()
    sealed, key_id = sealed_grants.sealed(user_id, attempt_id, tokens), sealer().key_id
    subject = grants.subject_hash(registration, tokens.subject)
    authorised = attempt_store.authorise_attempt(
        attempt_id, user_id, state.handle_hash(handle), subject, sealed, key_id, now, now + offered.CHOICE_LIFE
    )
    if not (await database().flight(Actor(user_id), authorised)).number_of(authorised):
        raise BadRequest("invalid_state")
    return handle


async def _waiting(user_id: str, handle: str) -> tuple[PendingGrant, Registration, Tokens]:
    waiting = attempt_store.pending(user_id, state.handle_hashes(handle), clock.now())
    row = (await database().flight(Actor(user_id), waiting)).first(waiting)
    if row is None:
        raise NotFound
    try:
        tokens = sealed_grants.opened(row)
    except SealBroken:
        raise NotFound from None
    return row, registrations.get(row.platform, row.registration), tokens


async def pending(user_id: str, handle: str, deadline: float) -> PendingConnection:
    """Return the accounts that a new grant gives access to. Another user's handle is as absent as an invented one."""
    row, registration, tokens = await _waiting(user_id, handle)
    candidates = await offered.accounts(row, _app(registration), tokens, deadline)
    connected = await saving.connected(user_id, registration)
    wanted = reconnecting.account(row, connected)
    renewed = {account.account_id for account in connected}
    asked = settings().apps.asked(registration)
    missing = [ScopeCost(scope=m.scope, feature=m.feature) for m in missing_scopes(asked, tokens.scopes)]
    shown = reconnecting.only(wanted, candidates)
    empty: NoAccounts | None = None if shown else "other_account"
    if not candidates:
        empty = await offered.why_none(row, _app(registration), tokens, deadline)
    return PendingConnection(
        pending_id=handle,
        platform=registration.platform,
        registration=registration.name,
        connection_id=row.connection_id,
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
                reason=offered.reason_of(c, able := offered.abilities_of(c, registration, tokens)),
                capabilities=able.capabilities,
                missing_capabilities=able.missing,
                connected=c.id in renewed,
            )
            for c in shown
        ],
        complete=candidates.complete,
        empty_code=empty,
        empty_reason=messages.no_accounts(empty, registration.key, [each.scope for each in missing]) if empty else None,
        expires_at=row.expires_at,
    )


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
    connected = store.renewed_since(user_id, attempt.platform, attempt.updated_at)
    rows = {row.account_id: row for row in (await database().flight(Actor(user_id), connected))[connected]}
    if not rows.keys() >= set(request.account_ids):
        raise Conflict("already_confirmed")
    return [to_connection(rows[account_id]) for account_id in request.account_ids]


async def _confirm(user_id: str, handle: str, request: ConfirmRequest, deadline: float) -> list[Connection]:
    attempt, registration, tokens = await _waiting(user_id, handle)
    found = {c.id: c for c in await offered.accounts(attempt, _app(registration), tokens, deadline)}
    if attempt.connection_id:
        wanted = reconnecting.account(attempt, await saving.connected(user_id, registration))
        reconnecting.hold_to(wanted, list(found.values()), request.account_ids)
    unknown = [
        field_error(f"account_ids.{i}", "account_not_offered")
        for i, account_id in enumerate(request.account_ids)
        if account_id not in found
    ]
    if unknown:
        raise Invalid(unknown)
    chosen = [found[account_id] for account_id in request.account_ids]
    return await saving.connect(user_id, attempt.id, registration, chosen, list(found.values()), tokens, deadline)


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
    advice = {"withdrawn": None, "in_use": messages.IN_USE, "postponed": messages.POSTPONED}.get(
        outcome, messages.remove_by_hand(row.platform, row.registration)
    )
    return Refused(platform=row.platform, revoked=done, advice=advice)
