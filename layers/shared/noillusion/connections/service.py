"""Connecting accounts: authorize → callback → choose → active. The callback stores a grant for nobody but the user who began, and
nothing becomes active before that user confirms with the handle that only the returning browser has."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from noillusion import clock, logs
from noillusion.api import paging
from noillusion.connections import credentials, state, store
from noillusion.connections.models import (
    AccountChoice,
    AuthorizeRequest,
    AuthorizeResponse,
    CallbackResult,
    ConfirmRequest,
    Connection,
    ConnectionPatch,
    ConnectionTest,
    Disconnected,
    PendingConnection,
    ScopeCost,
)
from noillusion.crypto import Place, SealBroken, sealer
from noillusion.db import WORKER, Actor, Row, Statement, database
from noillusion.errors import BadRequest, Conflict, FieldError, Invalid, NotFound, Upstream
from noillusion.notices import notice
from noillusion.platforms import registry
from noillusion.platforms.base import Platform, missing_scopes
from noillusion.platforms.flow import App, Candidate, ErrorClass, PlatformError, Tokens
from noillusion.platforms.names import PlatformName
from noillusion.platforms.runner import Runner, Session
from noillusion.sensitive import Secret
from noillusion.settings import settings

ATTEMPT_LIFE = timedelta(minutes=10)
CHOICE_LIFE = timedelta(minutes=30)
WARN_BEFORE = timedelta(days=7)
PUT_ATTEMPTS = 3
"""How often a connection is saved whose credential is renewed by somebody else at the same time."""
ADVICE = {
    ErrorClass.REAUTH: "Connect this account again.",
    ErrorClass.PERMISSION: "Connect this account again and grant the missing permissions.",
    ErrorClass.RATE_LIMIT: "The platform limits requests at the moment. Try again later.",
    ErrorClass.TRANSIENT: "The platform does not answer properly at the moment. Try again later.",
    ErrorClass.BLOCKED_BY_POLICY: "The platform restricts this account. Look for a message in the platform's own app.",
}
REMOVE_BY_HAND = "Withdraw the permission in the platform's settings for connected apps."


def _app(platform: str) -> App:
    app = settings().app(platform)
    if app is None:
        raise Conflict("platform_not_configured", "The operator has not configured this platform.")
    return app


def redirect_uri(platform: str) -> str:
    """The registered callback address of a platform."""
    return f"{settings().public_url}/v1/oauth/{platform}/callback"


async def authorize(user_id: str, name: PlatformName, request: AuthorizeRequest) -> AuthorizeResponse:
    """Begin connecting: an address to send the browser to, good for ten minutes and one use."""
    platform, app = registry.get(name), _app(name)
    return_url = request.return_url or ""
    if return_url and not _allowed_return(return_url):
        raise Invalid([FieldError("return_url", "not_allowed", "Must begin with an address that the operator allows.")])
    now = clock.now()
    attempt_id, expires = str(uuid4()), now + ATTEMPT_LIFE
    signed, nonce_hash = state.create(attempt_id, name, expires)
    start = store.start_attempt(attempt_id, user_id, name, nonce_hash, return_url, platform.scopes, now, expires)
    await database().flight(Actor(user_id), start)
    return AuthorizeResponse(
        attempt_id=attempt_id,
        authorization_url=settings().located(platform.authorize_url(app, redirect_uri=redirect_uri(name), state=signed)),
        scopes=[ScopeCost(scope=scope, feature=platform.features.get(scope, "")) for scope in platform.scopes],
        expires_at=expires,
    )


def _allowed_return(url: str) -> bool:
    # A prefix without a path would also allow "https://app.example.evil.test", so one is put in.
    prefixes = [p if p.count("/") > 2 else p + "/" for p in settings().return_urls]
    plain = url.isascii() and url.isprintable() and "\\" not in url and " " not in url
    return plain and any(url == prefix.rstrip("/") or url.startswith(prefix) for prefix in prefixes)


async def callback(name: PlatformName, query: Mapping[str, str], deadline: float) -> tuple[str | None, CallbackResult]:
    """The browser comes back from the platform. Where to send it on (``None``: answer with the result as JSON).

    :class:`BadRequest` for a state that is forged, foreign, expired or used; then nothing is stored.
    """
    checked = state.verify(query.get("state", ""), name)
    if checked is None:
        raise BadRequest("invalid_state", "This address is not, or no longer, valid. Begin connecting again.")
    attempt_id, nonce_hashes = checked
    claimed = (await database().flight(WORKER, store.claim_attempt(attempt_id, name, nonce_hashes, clock.now())))[0]
    if not claimed:
        raise BadRequest("invalid_state", "This address is not, or no longer, valid. Begin connecting again.")
    attempt = claimed[0]
    result = await _exchange(name, attempt, query, deadline)
    if not attempt["return_url"]:
        return None, result
    added = {"platform": name, **({"pending": result.pending_id} if result.pending_id else {"error": result.error or ""})}
    joiner = "&" if "?" in attempt["return_url"] else "?"
    return f"{attempt['return_url']}{joiner}{urlencode(added)}", result


async def _exchange(name: PlatformName, attempt: Row, query: Mapping[str, str], deadline: float) -> CallbackResult:
    platform, user_id = registry.get(name), str(attempt["user_id"])
    code = query.get("code", "")
    error = "declined" if query.get("error") else ("" if code else "no_code")
    if not error:
        flow = platform.exchange(_app(name), code=code, redirect_uri=redirect_uri(name))
        try:
            tokens = await Runner(platform, Session(), deadline=deadline).run(flow)
        except PlatformError as refused:
            logs.event("exchange_failed", platform=name, error_class=refused.fault.error_class.value, code=refused.fault.code)
            error = f"exchange_failed_{refused.fault.error_class.value}"
    now = clock.now()
    if error:
        await database().flight(Actor(user_id), store.fail_attempt(attempt["id"], user_id, error, now))
        return CallbackResult(platform=name, error=error)
    handle = state.new_handle()
    sealed = sealer().seal(_packed(tokens), _attempt_place(user_id, attempt["id"]))
    authorised = store.authorise_attempt(
        attempt["id"], user_id, state.handle_hash(handle), sealed, sealer().key_id, now, now + CHOICE_LIFE
    )
    await database().flight(Actor(user_id), authorised)
    return CallbackResult(platform=name, pending_id=handle)


def _attempt_place(user_id: str, attempt_id: str) -> Place:
    return Place("connection_attempts", "sealed_credentials", user_id, attempt_id)


def _packed(tokens: Tokens) -> Secret:
    return Secret(
        json.dumps(
            {
                "access": tokens.access.reveal(),
                "refresh": tokens.refresh.reveal() if tokens.refresh else None,
                "access_expires_in": tokens.access_expires_in,
                "refresh_expires_in": tokens.refresh_expires_in,
                "scopes": list(tokens.scopes),
                "subject": tokens.subject,
                "at": clock.now().timestamp(),
            }
        )
    )


def _unpacked(packed: Secret) -> Tokens:
    """The tokens, their lives reckoned from now."""
    values = json.loads(packed.reveal())
    age = int(clock.now().timestamp() - values["at"])

    def left(seconds: int | None) -> int | None:
        return None if seconds is None else max(1, seconds - age)

    return Tokens(
        access=Secret(values["access"]),
        refresh=Secret(values["refresh"]) if values["refresh"] else None,
        access_expires_in=left(values["access_expires_in"]),
        refresh_expires_in=left(values["refresh_expires_in"]),
        scopes=tuple(values["scopes"]),
        subject=values["subject"],
    )


async def _waiting(user_id: str, handle: str) -> tuple[Row, Platform, Tokens]:
    rows = (await database().flight(Actor(user_id), store.pending(user_id, state.handle_hashes(handle), clock.now())))[0]
    if not rows:
        raise NotFound
    try:
        packed = sealer().open(rows[0]["sealed_credentials"], _attempt_place(user_id, rows[0]["id"]))
    except SealBroken:
        raise NotFound from None
    return rows[0], registry.get(rows[0]["platform"]), _unpacked(packed)


async def _candidates(platform: Platform, tokens: Tokens, deadline: float) -> list[Candidate]:
    runner = Runner(platform, Session(tokens.access), deadline=deadline)
    try:
        return await runner.run(platform.accounts(_app(platform.name), tokens))
    except PlatformError as error:
        detail = ADVICE.get(error.fault.error_class, "The platform did not list the accounts.")
        raise Upstream("accounts_unavailable", detail, retry_after=error.fault.retry_after, status=502) from None


async def pending(user_id: str, handle: str, deadline: float) -> PendingConnection:
    """What a fresh grant can use, for the person to choose from. Another user's handle is as absent as a made-up one."""
    row, platform, tokens = await _waiting(user_id, handle)
    candidates = await _candidates(platform, tokens, deadline)
    known = (await database().flight(Actor(user_id), store.account_ids(user_id, platform.name)))[0]
    connected = {entry["account_id"] for entry in known}
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
                can_publish=c.can_publish,
                reason=c.reason,
                connected=c.id in connected,
            )
            for c in candidates
        ],
        empty_reason=None if candidates else _why_empty(missing),
        expires_at=row["expires_at"],
    )


def _why_empty(missing: Sequence[ScopeCost]) -> str:
    if missing:
        return "The platform listed no account. Permissions are missing: " + ", ".join(m.scope for m in missing) + "."
    return "The platform listed no account: there is none, or it was not ticked in the platform's dialog, or a business owns it."


async def confirm(user_id: str, handle: str, request: ConfirmRequest, deadline: float) -> list[Connection]:
    """Connect the chosen accounts, each with its own sealed tokens; accounts that are connected already are renewed in place."""
    attempt, platform, tokens = await _waiting(user_id, handle)
    offered = {c.id: c for c in await _candidates(platform, tokens, deadline)}
    unknown = [
        FieldError(f"account_ids.{i}", "unknown", "Must be one of the offered accounts.")
        for i, account_id in enumerate(request.account_ids)
        if account_id not in offered
    ]
    if unknown:
        raise Invalid(unknown)
    chosen = [offered[account_id] for account_id in request.account_ids]
    complete = store.complete_attempt(attempt["id"], user_id, clock.now())
    for _ in range(PUT_ATTEMPTS):
        known = (await database().flight(Actor(user_id), store.account_ids(user_id, platform.name)))[0]
        earlier = {str(entry["account_id"]): entry for entry in known}
        rows = [_connection_row(user_id, earlier.get(c.id), platform, c, tokens) for c in chosen]
        *saved, _ = await database().flight(Actor(user_id), *(store.put(row) for row in rows), complete)
        # A refresh may have renewed a credential since it was read: its version is part of what is sealed.
        if all(saved):
            logs.event("connected", platform=platform.name, count=len(rows))
            return [to_connection(result[0]) for result in saved]
    raise Conflict("connected_elsewhere", "The account was connected by another request just now. Read the connections again.")


def _connection_row(
    user_id: str, earlier: Row | None, platform: Platform, candidate: Candidate, tokens: Tokens
) -> dict[str, Any]:
    connection_id, version = (str(earlier["id"]), earlier["credential_version"] + 1) if earlier else (str(uuid4()), 1)
    now = clock.now()
    own = tokens
    if candidate.token is not None:
        # The person's token stays beside the account's own one: only it can withdraw the grant.
        own = Tokens(candidate.token, tokens.access, None, None, tokens.scopes, tokens.subject)
    return {
        "id": connection_id,
        "user_id": user_id,
        "platform": platform.name,
        "account_id": candidate.id,
        "account_kind": candidate.kind,
        "display_name": candidate.name,
        "username": candidate.username,
        "grant_subject": tokens.subject,
        "granted_scopes": list(tokens.scopes),
        "details": dict(candidate.details),
        "credential_version": version,
        "now": now,
        **credentials.seal_tokens(user_id, connection_id, version, own),
        **credentials.lives(platform, own, now),
    }


def to_connection(row: Row) -> Connection:
    """The API shape of a connection row."""
    platform = registry.get(row["platform"])
    missing = [ScopeCost(scope=m.scope, feature=m.feature) for m in missing_scopes(platform, row["granted_scopes"])]
    renewable = row["refresh_due_at"] is not None
    plain = {name: row[name] for name in Connection.model_fields if name in row and name != "missing_scopes"}
    return Connection(
        **plain, missing_scopes=missing, reconnect_by=row["refresh_expires_at"] if renewable else row["access_expires_at"]
    )


async def listing(user_id: str, cursor: str | None, limit: int) -> paging.Page[Connection]:
    """The user's connections, oldest first."""
    place = paging.Listing("connections", user_id)
    rows = (await database().flight(Actor(user_id), store.page(user_id, place.position(cursor, 2), limit)))[0]
    following = place.cursor(rows[limit - 1]["created_at"], rows[limit - 1]["id"]) if len(rows) > limit else None
    return paging.Page[Connection](items=[to_connection(row) for row in rows[:limit]], next_cursor=following)


def rows_statement(user_id: str) -> Statement:
    """Reads every connection row of a user, for a feature that needs them in a flight of its own."""
    return store.all_of(user_id)


async def rows(user_id: str) -> list[Row]:
    """Every connection row of a user, for the features that act through connections."""
    return (await database().flight(Actor(user_id), rows_statement(user_id)))[0]


async def _one(user_id: str, connection_id: str) -> Row:
    found = (await database().flight(Actor(user_id), store.one(user_id, connection_id)))[0]
    if not found:
        raise NotFound
    return found[0]


async def test(user_id: str, connection_id: str, deadline: float) -> ConnectionTest:
    """Read something cheap through the connection and say whether it works."""
    row = await _one(user_id, connection_id)
    platform, session = registry.get(row["platform"]), Session()
    try:
        session = await credentials.session(row, deadline)
        await Runner(platform, session, deadline=deadline).run(platform.probe(credentials.account_of(row)))
    except PlatformError as error:
        if error.fault.error_class is ErrorClass.REAUTH:
            await credentials.refused(row, session, error.fault)
        return ConnectionTest(
            ok=False,
            error_class=error.fault.error_class.value,
            platform_code=error.fault.code,
            advice=ADVICE.get(error.fault.error_class),
            connection=to_connection(await _one(user_id, connection_id)),
        )
    checked = (await database().flight(Actor(user_id), store.checked(user_id, connection_id, clock.now())))[0]
    return ConnectionTest(ok=True, connection=to_connection(checked[0] if checked else row))


async def change(user_id: str, connection_id: str, patch: ConnectionPatch) -> Connection:
    """Name a connection."""
    changed = (await database().flight(Actor(user_id), store.label(user_id, connection_id, patch.label, clock.now())))[0]
    if not changed:
        raise NotFound
    return to_connection(changed[0])


async def disconnect(user_id: str, connection_id: str, deadline: float) -> Disconnected:
    """Withdraw the grant at the platform where that is possible, and forget the connection in any case."""
    row = await _one(user_id, connection_id)
    siblings = [r for r in await rows(user_id) if r["grant_subject"] == row["grant_subject"] and r["platform"] == row["platform"]]
    # Withdrawing the grant would cut off the other accounts that live on it.
    revoked = len(siblings) == 1 and await revoke(row, deadline)
    await database().flight(Actor(user_id), store.delete(user_id, connection_id))
    logs.event("disconnected", platform=row["platform"], connection_id=connection_id, revoked=revoked)
    return Disconnected(id=connection_id, revoked=revoked, advice=None if revoked else REMOVE_BY_HAND)


async def revoke_all(rows: Sequence[Row], deadline: float) -> list[bool]:
    """Withdraw the grants behind connections, each grant once however many accounts live on it; the outcome for each row."""
    grants = [(row["platform"], row["grant_subject"] or row["id"]) for row in rows]
    first = dict(reversed(list(zip(grants, rows, strict=True))))
    outcomes = await asyncio.gather(*(revoke(row, deadline) for row in first.values()))
    withdrawn = dict(zip(first, outcomes, strict=True))
    return [withdrawn[grant] for grant in grants]


async def revoke(row: Row, deadline: float) -> bool:
    """Withdraw a connection's grant at its platform; whether the platform confirmed."""
    platform, app = registry.get(row["platform"]), settings().app(row["platform"])
    if app is None or not platform.capabilities.revokes:
        return False
    try:
        tokens = credentials.opened(row)
        runner = Runner(platform, Session(tokens.access), deadline=deadline)
        await runner.run(platform.revoke(app, tokens))
    except (PlatformError, SealBroken):
        return False
    return True


async def refresh_due(deadline: float, limit: int = 50) -> tuple[int, int]:
    """Refresh what is due, each on its own: one that fails never stops the others (failure-classes.md C4). (done, failed)."""
    due = (await database().flight(WORKER, store.due_for_refresh(clock.now(), limit)))[0]
    done = failed = 0
    for row in due:
        if clock.monotonic() > deadline:
            break
        try:
            refreshed = await credentials.refresh(row, deadline)
        except Exception as error:  # noqa: BLE001 - whatever one connection meets, the others are due as well
            logs.failure("refresh_failed", error, connection_id=row["id"])
            refreshed = None
        done, failed = (done + 1, failed) if refreshed is not None else (done, failed + 1)
    return done, failed


async def forget_attempts() -> None:
    """Erase attempts past their time with the grants they held."""
    await database().flight(WORKER, store.forget_attempts(clock.now()))


async def warn_expiring(limit: int = 200) -> None:
    """One notice for each connection that ends within a week and that only its owner can renew (failure-classes.md C11)."""
    now = clock.now()
    ending = (await database().flight(WORKER, store.expiring(now, now + WARN_BEFORE, limit)))[0]
    for row in ending:
        change = f"expires-{row['access_expires_at']:%Y%m%d}"
        data = {"platform": row["platform"], "expires_at": row["access_expires_at"].isoformat()}
        await database().flight(
            Actor(row["user_id"]), notice(row["user_id"], "connection_expiring", row["id"], change, now, data)
        )
