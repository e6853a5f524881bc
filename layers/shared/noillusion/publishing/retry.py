"""Retries failed targets as new attempts. Published ones are never touched."""

from __future__ import annotations

from collections.abc import Sequence

from noillusion.connections import service as connections
from noillusion.connections.rows import CredentialRow
from noillusion.core.errors import Conflict, Invalid, NotFound, field_error
from noillusion.db import Actor, Duplicate, database
from noillusion.flows.faults import ErrorClass
from noillusion.publishing import drafts, leases, origins, planning, status, store
from noillusion.publishing.content import ContentInput
from noillusion.publishing.drafts import PublishPlan
from noillusion.publishing.listing import current, get_post
from noillusion.publishing.models import Post, RetryRequest, RetryTarget
from noillusion.publishing.rows import TargetRow
from noillusion.publishing.running import run


async def retry(user_id: str, post_id: str, request: RetryRequest, deadline: float) -> Post:
    """Try failed targets again as new attempts; published ones are never touched."""
    post, targets, connected = store.post(user_id, post_id), store.targets(user_id, post_id), connections.credentials_of(user_id)
    results = await database().flight(Actor(user_id), post, targets, connected)
    if results.first(post) is None:
        raise NotFound
    chosen = _chosen(request, current(results[targets]))
    plans = await planning.valid([_plan(request, target, row, results[connected], i) for i, (target, row) in enumerate(chosen)])
    lease = leases.new(deadline)
    additions = [
        planning.add_target(user_id, post_id, lease, plan, position=row.position, attempt=row.attempt + 1, retry_of=row.id)
        for plan, (_, row) in zip(plans, chosen, strict=True)
    ]
    try:
        added = await database().flight(Actor(user_id), *additions)
    except Duplicate:
        raise Conflict("retry_in_progress") from None
    work = [(added.one(addition), plan) for addition, plan in zip(additions, plans, strict=True)]
    await run(user_id, lease.owner, work, deadline)
    return await get_post(user_id, post_id)


def _chosen(request: RetryRequest, rows: Sequence[TargetRow]) -> list[tuple[RetryTarget, TargetRow]]:
    """Return the targets to try again with their rows; raise a problem for those that cannot be."""

    def may(row: TargetRow) -> bool:
        if row.status == "failed":
            return row.error_class is not None and ErrorClass(row.error_class) in status.RETRYABLE
        return row.status == "unknown" and row.next_check_at is None and request.accept_duplicate_risk

    by_id = {row.id: row for row in rows}
    if request.targets is None:
        chosen = [(RetryTarget(target_id=row.id), row) for row in rows if may(row)]
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


def _plan(
    request: RetryRequest, target: RetryTarget, row: TargetRow, connected: Sequence[CredentialRow], index: int
) -> PublishPlan:
    content: ContentInput | None = target.content or request.content
    if content is None:
        at = "content" if request.targets is None else f"targets.{index}.content"
        raise Invalid([field_error(at, "content_not_stored")])
    # The connection may have been removed and made again since: then the account tells.
    connection = next((c for c in connected if c.id == row.connection_id), None) or next(
        (c for c in connected if c.platform == row.platform and c.account_id == row.account_id), None
    )
    if connection is None:
        raise Conflict("disconnected")
    options = target.options or request.options
    if options is not None and target.options is None:
        # Shared options may name several platforms; each target takes its own block.
        options = options.model_copy(update={n: None for n in type(options).model_fields if n != connection.platform})
    return drafts.plan(connection, content, target.kind, options, origins.of_retry(request, target, index))
