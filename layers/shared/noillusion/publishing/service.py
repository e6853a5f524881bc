"""Publishing: one request, many targets, each its own failure domain. Nothing goes out twice and nothing gets lost."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

from pydantic import BaseModel

from noillusion.api import paging
from noillusion.connections import credentials
from noillusion.connections import service as connections
from noillusion.connections.rows import CredentialRow
from noillusion.core import clock, logs
from noillusion.core.errors import AccountDeleted, Conflict, Invalid, NotFound, field_error
from noillusion.core.sensitive import reveal
from noillusion.db import Actor, Duplicate, Row, database
from noillusion.flows.faults import ErrorClass, PlatformError
from noillusion.flows.protocol import says_something
from noillusion.flows.runner import Runner
from noillusion.idempotency import WINDOW, hashes, is_form_of
from noillusion.platforms.catalog import get
from noillusion.publishing import drafts, evidence, execute, messages, preflight, queue, status, store, telling
from noillusion.publishing.drafts import Planned
from noillusion.publishing.ledger import TargetLedger, Writer
from noillusion.publishing.models import (
    Answer,
    CheckResult,
    ContentInput,
    Post,
    PostRequest,
    Removal,
    RetryRequest,
    RetryTarget,
    Target,
    TargetError,
    TargetRemoval,
)
from noillusion.vault.sealer import SealBroken, fingerprint, matches

LEASE_RESERVE = timedelta(seconds=10)
TARGET_DEADLINE = timedelta(hours=24)


class UnknownConnection(NotFound):
    """A target names a connection that is absent, or somebody else's."""

    def __init__(self, fields: Sequence[str]) -> None:
        super().__init__(errors=[field_error(name, "connection") for name in fields])


async def check(user_id: str, request: PostRequest) -> CheckResult:
    """Everything that stands against a publication, for all targets at once. Nothing is written or sent."""
    plans = await preflight.look(_plans(request, await _connected(user_id)))
    checked = [drafts.to_check(planned) for planned in plans]
    return CheckResult(ok=all(target.ok for target in checked), targets=checked)


async def _connected(user_id: str) -> list[CredentialRow]:
    connected = connections.credentials_of(user_id)
    return (await database().flight(Actor(user_id), connected))[connected]


def _plans(request: PostRequest, rows: Sequence[CredentialRow]) -> list[Planned]:
    known = {row.id: row for row in rows}
    unknown = [f"targets.{i}.connection_id" for i, target in enumerate(request.targets) if target.connection_id not in known]
    if unknown:
        raise UnknownConnection(unknown)
    contents = [drafts.content_of(target, request.content) for target in request.targets]
    empty = [field_error(f"targets.{i}.content", "content_missing") for i, content in enumerate(contents) if content is None]
    if empty:
        raise Invalid(empty)
    return [
        drafts.plan(known[target.connection_id], content or drafts.EMPTY, target.kind, target.options)
        for target, content in zip(request.targets, contents, strict=True)
    ]


def _identity(user_id: str, key: str, request: BaseModel) -> tuple[str, ...]:
    """What the fingerprint of a request is made of. The key takes part, so it tells whether two requests under one key are the
    same, and nothing beyond that."""
    canonical = json.dumps(reveal(request.model_dump(mode="python")), sort_keys=True, ensure_ascii=False, default=str)
    return "request", user_id, key, canonical


async def create(user_id: str, key: str, request: PostRequest, deadline: float) -> Answer:
    """Publish. The same key with the same request gives the same answer; with another request it is a conflict."""
    identity, keys = _identity(user_id, key, request), hashes(user_id, "posts", key)
    since = clock.now() - WINDOW
    connected = connections.credentials_of(user_id)
    asked = [store.by_key(user_id, keys), store.under_other_keys(user_id, since)]
    if request.repost_of is not None:
        asked.append(store.post(user_id, request.repost_of))
    results = await database().flight(Actor(user_id), connected, *asked)
    rows, (earlier, others, *reposted) = results[connected], results[1:]
    # Compared here: the key itself is not sent to the database.
    earlier = earlier or [row for row in others if is_form_of(row["idempotency_key"], user_id, "posts", key)]
    if earlier:
        return await _again(user_id, earlier[0], identity, request, rows, deadline)
    if reposted == [[]]:
        raise Invalid([field_error("repost_of", "repost_of")])
    plans = await _checked(_plans(request, rows))
    return await _claim_and_run(user_id, keys[0], fingerprint(*identity), request, plans, deadline)


async def _checked(plans: Sequence[Planned], prefix: str = "targets") -> list[Planned]:
    checked = await preflight.look(plans)
    errors = drafts.field_errors(checked, prefix)
    if errors:
        raise Invalid(errors)
    return checked


async def _claim_and_run(
    user_id: str, key: str, print_: str, request: PostRequest, plans: Sequence[Planned], deadline: float
) -> Answer:
    now, owner, post_id = clock.now(), str(uuid4()), str(uuid4())
    lease_until = now + timedelta(seconds=deadline - clock.monotonic()) + LEASE_RESERVE
    post = {
        "id": post_id,
        "user_id": user_id,
        "key": key,
        "fingerprint": print_,
        "repost_of": request.repost_of,
        "owner": owner,
        "lease_until": lease_until,
        "now": now,
    }
    shared = {"user_id": user_id, "post_id": post_id, "owner": owner, "lease_until": lease_until, "now": now}
    targets = [_target_row(planned, {**shared, "position": i, "attempt": 1, "retry_of": None}) for i, planned in enumerate(plans)]
    claimed, *added = await database().flight(Actor(user_id), store.claim(post), *(store.add_target(row) for row in targets))
    if not claimed:
        raise Conflict("idempotency_in_progress")
    (created,) = claimed
    settled = await _run(user_id, owner, [(rows[0], planned) for rows, planned in zip(added, plans, strict=True)], deadline)
    return await _answer(user_id, to_post(created, settled) if settled else await get_post(user_id, post_id))


def _target_row(planned: Planned, shared: Mapping[str, Any]) -> dict[str, Any]:
    target_id = str(uuid4())
    return {
        **shared,
        "id": target_id,
        "connection_id": planned.connection.id,
        "platform": planned.platform.name,
        "account_id": planned.connection.account_id,
        "kind": planned.draft.kind,
        "text_fingerprint": _print_of(shared["user_id"], target_id, planned.platform.stored_text(planned.draft)),
        "deadline_at": shared["now"] + TARGET_DEADLINE,
    }


def _print_of(user_id: str, target_id: str, text: str) -> str | None:
    """The fingerprint to look for after a lost answer; ``None`` where there is no text, which is evidence of nothing."""
    return drafts.text_fingerprint(user_id, target_id, text) if says_something(text) else None


async def _run(user_id: str, owner: str, work: Sequence[tuple[Row, Planned]], deadline: float) -> list[Row] | None:
    """Run targets side by side, then hand over what is still open.

    The targets' rows as they were left, in the order of ``work``; ``None`` if one of them has to be read anew.
    """
    writer = Writer(user_id)
    ledgers = [TargetLedger(row, owner, writer) for row, _ in work]
    results = await asyncio.gather(
        *(execute.publish(p.connection, p.draft, ledger, deadline) for ledger, (_, p) in zip(ledgers, work, strict=True)),
        return_exceptions=True,
    )
    for result in results:
        if isinstance(result, AccountDeleted):
            raise result
        if isinstance(result, BaseException):
            logs.failure("target_not_recorded", result)
    left = [row for row in results if isinstance(row, dict)]
    await queue.enqueue(left)
    now, seen = clock.now(), {ledger.target_id: ledger.seen for ledger in ledgers}
    given_up = [row for row in left if row["status"] == "unknown" and row["next_check_at"] is None]
    if given_up:
        # Everything else that ends here is told by the answer itself; this one a person has to look into later.
        await database().flight(Actor(user_id), *(telling.ended(row, seen[row["id"]], now) for row in given_up))
    return left if len(left) == len(work) else None


async def _answer(user_id: str, post: Post) -> Answer:
    code, body = 202 if post.status == "processing" else 201, post.model_dump(mode="json")
    await database().flight(Actor(user_id), store.answer(user_id, post.id, code, body, clock.now()))
    return code, body, False


async def _again(
    user_id: str, earlier: Row, identity: tuple[str, ...], request: PostRequest, rows: Sequence[CredentialRow], deadline: float
) -> Answer:
    """A key that was used before."""
    if earlier["forgotten_at"] is not None:
        raise Conflict("post_forgotten")
    if earlier["request_fingerprint"] is None:
        raise Conflict("idempotency_key_expired")
    if not matches(earlier["request_fingerprint"], *identity):
        raise Conflict("idempotency_key_reused")
    if earlier["answer"] is not None:
        return int(earlier["answer_status"]), earlier["answer"], True
    now, owner = clock.now(), str(uuid4())
    until = now + timedelta(seconds=deadline - clock.monotonic()) + LEASE_RESERVE
    if not (await database().flight(Actor(user_id), store.take_over(user_id, earlier["id"], owner, now, until)))[0]:
        raise Conflict("idempotency_in_progress")
    await _finish_interrupted(user_id, owner, earlier["id"], request, rows, deadline)
    return await _answer(user_id, await get_post(user_id, earlier["id"]))


async def _finish_interrupted(
    user_id: str, owner: str, post_id: str, request: PostRequest, rows: Sequence[CredentialRow], deadline: float
) -> None:
    """Go on with a post whose run died. The content is here again; targets of which nothing was sent are published now."""
    plans = {p.connection.id: p for p in _plans(request, rows)}
    found = (await database().flight(Actor(user_id), store.targets(user_id, post_id)))[0]
    now = clock.now()
    until = now + timedelta(seconds=deadline - clock.monotonic()) + LEASE_RESERVE
    work = []
    for row in found:
        untouched = row["status"] in ("pending", "preparing") and row["connection_id"] in plans
        if untouched and (leased := await lease_target(user_id, row["id"], owner, now, until)) is not None:
            work.append((leased[0], plans[row["connection_id"]]))
    await _run(user_id, owner, work, deadline)


async def lease_target(user_id: str, target_id: str, owner: str, now: Any, until: Any) -> tuple[Row, CredentialRow | None] | None:
    """Take up an open target that nobody works on: its row and its connection's row, or ``None``."""
    take, connection = store.lease(user_id, target_id, owner, now, until)
    results = await database().flight(Actor(user_id), take, connection)
    taken = results[0]
    return (taken[0], results.first(connection)) if taken else None


def to_target(row: Row) -> Target:
    """The API shape of a target row."""
    plain = {name: row[name] for name in Target.model_fields if name != "error"}
    error = None
    if row["error_class"] is not None and row["status"] in ("failed", "unknown"):
        error_class = ErrorClass(row["error_class"])
        message = messages.FAILED[error_class]
        if row["status"] == "unknown":
            message = messages.unknown(row["platform_code"], final=row["next_check_at"] is None)
        error = TargetError(
            error_class=error_class.value,
            platform_code=row["platform_code"] or "",
            message=message,
            retryable=row["status"] == "failed" and error_class in status.RETRYABLE,
            retry_after=row["retry_after_at"],
        )
    return Target(**plain, error=error)


def current(rows: Sequence[Row]) -> list[Row]:
    """The rows that no later attempt replaces."""
    replaced = {row["retry_of"] for row in rows if row["retry_of"]}
    return [row for row in rows if row["id"] not in replaced]


def to_post(post: Row, rows: Sequence[Row]) -> Post:
    """The API shape of a post with its current targets."""
    shown = current(rows)
    return Post(
        id=post["id"],
        status=status.derive(row["status"] for row in shown),
        repost_of=post["repost_of"],
        created_at=post["created_at"],
        updated_at=max([post["updated_at"], *(row["updated_at"] for row in shown)]),
        targets=[to_target(row) for row in shown],
    )


async def get_post(user_id: str, post_id: str) -> Post:
    """One post with its targets. One round trip."""
    found, rows = await database().flight(Actor(user_id), store.post(user_id, post_id), store.targets(user_id, post_id))
    if not found:
        raise NotFound
    return to_post(found[0], rows)


async def listing(user_id: str, cursor: str | None, limit: int) -> paging.Page[Post]:
    """The user's posts, newest first. One round trip."""
    place = paging.Listing("posts", user_id)
    posts, rows = await database().flight(Actor(user_id), *store.page(user_id, place.position(cursor, 2), limit))
    by_post: dict[str, list[Row]] = {}
    for row in rows:
        by_post.setdefault(row["post_id"], []).append(row)
    following = place.cursor(posts[limit - 1]["created_at"], posts[limit - 1]["id"]) if len(posts) > limit else None
    return paging.Page[Post](items=[to_post(p, by_post.get(p["id"], [])) for p in posts[:limit]], next_cursor=following)


async def retry(user_id: str, post_id: str, request: RetryRequest, deadline: float) -> Post:
    """Try failed targets again as new attempts; published ones are never touched."""
    connected = connections.credentials_of(user_id)
    results = await database().flight(Actor(user_id), store.post(user_id, post_id), store.targets(user_id, post_id), connected)
    found, rows, connection_rows = results[0], results[1], results[connected]
    if not found:
        raise NotFound
    wanted = _wanted(request, current(rows))
    plans = await _checked([_retry_plan(request, target, row, connection_rows, i) for i, (target, row) in enumerate(wanted)])
    now, owner = clock.now(), str(uuid4())
    until = now + timedelta(seconds=deadline - clock.monotonic()) + LEASE_RESERVE
    shared = {"user_id": user_id, "post_id": post_id, "owner": owner, "lease_until": until, "now": now}
    additions = [
        store.add_target(
            _target_row(p, {**shared, "position": row["position"], "attempt": row["attempt"] + 1, "retry_of": row["id"]})
        )
        for p, (_, row) in zip(plans, wanted, strict=True)
    ]
    try:
        added = await database().flight(Actor(user_id), *additions)
    except Duplicate:
        raise Conflict("retry_in_progress") from None
    await _run(user_id, owner, [(result[0], p) for result, p in zip(added, plans, strict=True)], deadline)
    return await get_post(user_id, post_id)


def _wanted(request: RetryRequest, rows: Sequence[Row]) -> list[tuple[RetryTarget, Row]]:
    """The targets to try again with their rows; problems for those that cannot be."""

    def may(row: Row) -> bool:
        if row["status"] == "failed":
            return ErrorClass(row["error_class"]) in status.RETRYABLE
        return bool(row["status"] == "unknown" and row["next_check_at"] is None and request.accept_duplicate_risk)

    by_id = {row["id"]: row for row in rows}
    if request.targets is None:
        chosen = [(RetryTarget(target_id=row["id"]), row) for row in rows if may(row)]
        if not chosen:
            raise Conflict("nothing_to_retry")
        return chosen
    missing = [
        field_error(f"targets.{i}.target_id", "target")
        for i, target in enumerate(request.targets)
        if target.target_id not in by_id
    ]
    if missing:
        raise Invalid(missing)
    refused = [
        field_error(f"targets.{i}.target_id", "target_not_retryable")
        for i, target in enumerate(request.targets)
        if not may(by_id[target.target_id])
    ]
    if refused:
        raise Conflict("not_retryable", errors=refused)
    return [(target, by_id[target.target_id]) for target in request.targets]


def _retry_plan(
    request: RetryRequest, target: RetryTarget, row: Row, connection_rows: Sequence[CredentialRow], index: int
) -> Planned:
    content: ContentInput | None = target.content or request.content
    if content is None:
        raise Invalid([field_error(f"targets.{index}.content", "content_not_stored")])
    known = {c.id: c for c in connection_rows}
    # The connection may have been removed and made anew since: then the account tells.
    connection = known.get(row["connection_id"]) or next(
        (c for c in connection_rows if c.platform == row["platform"] and c.account_id == row["account_id"]), None
    )
    if connection is None:
        raise Conflict("disconnected")
    options = target.options or request.options
    if options is not None and target.options is None:
        # Shared options may name several platforms; each target takes its own block.
        options = options.model_copy(update={n: None for n in type(options).model_fields if n != connection.platform})
    return drafts.plan(connection, content, target.kind, options)


async def cancel(user_id: str, post_id: str) -> Post:
    """Cancel what has not been sent; :class:`Conflict` if there is nothing left to cancel."""
    canceled, found, rows = await database().flight(
        Actor(user_id), store.cancel(user_id, post_id, clock.now()), store.post(user_id, post_id), store.targets(user_id, post_id)
    )
    if not found:
        raise NotFound
    if not canceled:
        raise Conflict("nothing_to_cancel")
    return to_post(found[0], rows)


async def delete(user_id: str, post_id: str, deadline: float) -> Removal:
    """Delete a post at every platform that allows it, and say for each target what happened."""
    connected = connections.credentials_of(user_id)
    results = await database().flight(Actor(user_id), store.post(user_id, post_id), store.targets(user_id, post_id), connected)
    found, rows, connection_rows = results[0], results[1], results[connected]
    if not found:
        raise NotFound
    known = {connection.id: connection for connection in connection_rows}
    shown = current(rows)
    removals = await asyncio.gather(*(_remove(row, known.get(row["connection_id"]), deadline) for row in shown))
    gone = [
        removal.target_id for removal, row in zip(removals, shown, strict=True) if removal.deleted and row["deleted_at"] is None
    ]
    if gone:
        await database().flight(Actor(user_id), *(store.deleted(user_id, target_id, clock.now()) for target_id in gone))
    return Removal(id=post_id, targets=list(removals))


async def _remove(row: Row, connection: CredentialRow | None, deadline: float) -> TargetRemoval:
    def result(reason: str | None) -> TargetRemoval:
        return TargetRemoval(target_id=row["id"], platform=row["platform"], deleted=reason is None, reason=reason)

    platform = get(row["platform"])
    if row["deleted_at"] is not None:
        return result(None)
    if row["status"] not in status.SUCCESS or not row["platform_post_id"]:
        return result("not_published")
    if not evidence.certainly_owned(row):
        return result("ownership_uncertain")
    if not platform.capabilities.deletes:
        return result("platform_cannot_delete")
    if connection is None:
        return result("disconnected")
    try:
        session = await credentials.session(connection, deadline)
        await Runner(platform, session, deadline=deadline).run(
            platform.delete(row["platform_post_id"], credentials.account_of(connection))
        )
    except PlatformError as error:
        return result(error.fault.error_class.value)
    except SealBroken:
        return result("reauth")
    return result(None)
