"""Posts as their user reads them: one, or a page of them, each with its current targets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from noillusion.api import paging
from noillusion.core import clock
from noillusion.core.errors import NotFound
from noillusion.core.preconditions import etag
from noillusion.db import Actor, database
from noillusion.flows.faults import ErrorClass
from noillusion.idempotency import WINDOW, hashes, is_form_of
from noillusion.publishing import messages, progress, status, store
from noillusion.publishing.filters import Filters
from noillusion.publishing.models import TargetError
from noillusion.publishing.rows import PostRow, RequestRow, TargetRow
from noillusion.publishing.status import current
from noillusion.publishing.views import LastEdit, Post, Target


def _to_target(row: TargetRow, rows: Mapping[str, TargetRow]) -> Target:
    """Return the API shape of a target of a post with these targets."""
    tried = progress.attempts(row, rows)
    return Target.of(row, error=_error(row), attempts=tried, last_edit=_last_edit(row), next_step=progress.next_step(row))


def _last_edit(row: TargetRow) -> LastEdit | None:
    if row.edited_at is None or row.edit_status is None:
        return None
    refused = ErrorClass(row.edit_error_class) if row.edit_error_class else None
    return LastEdit(at=row.edited_at, status=row.edit_status, error_class=refused, platform_code=row.edit_code)


def _error(row: TargetRow) -> TargetError | None:
    if row.error_class is None or row.status not in status.REASONED:
        return None
    error_class = ErrorClass(row.error_class)
    message = messages.failed(row.platform, error_class, row.platform_code)
    if row.status == "unknown":
        message = messages.unknown(row.platform_code, final=row.next_check_at is None)
    return TargetError(
        error_class=error_class,
        platform_code=row.platform_code or "",
        message=message,
        retryable=row.status == "failed" and error_class in status.RETRYABLE,
        retry_after=row.retry_after_at,
    )


def to_post(post: PostRow, rows: Sequence[TargetRow]) -> Post:
    """Return the API shape of a post with its current targets."""
    shown, everything = current(rows), progress.by_id(rows)
    return Post.of(
        post,
        status=status.derive(row.status for row in shown),
        updated_at=max([post.updated_at, *(row.updated_at for row in shown)]),
        targets=[_to_target(row, everything) for row in shown],
    )


def tag(post: Post) -> str:
    """Return the entity tag of a post."""
    return etag(post)


async def get_post(user_id: str, post_id: str) -> Post:
    """Return one post with its targets. One round trip."""
    post, targets = store.post(user_id, post_id), store.targets(user_id, post_id)
    results = await database().flight(Actor(user_id), post, targets)
    row = results.first(post)
    if row is None:
        raise NotFound
    return to_post(row, results[targets])


async def listing(user_id: str, filters: Filters, cursor: str | None, limit: int, key: str | None = None) -> paging.Page[Post]:
    """Return a page of the user's posts that the filters leave, newest first. One round trip.

    ``key`` leaves the post that was made under this idempotency key.
    """
    if key is not None:
        filters = replace(filters, keys=hashes(user_id, "posts", key))
    place = paging.Listing("posts", user_id, filters.values())
    page, its_targets = store.page(user_id, filters, place.position(cursor, 2), limit)
    others = [store.under_other_keys(user_id, clock.now() - WINDOW)] if key is not None else []
    results = await database().flight(Actor(user_id), page, its_targets, *others)
    posts, by_post = results[page], defaultdict[str, list[TargetRow]](list)
    if key is not None and not posts and (form := _form(results[others[0]], user_id, key)):
        return await listing(user_id, replace(filters, keys=(form,)), None, limit)
    for row in results[its_targets]:
        by_post[row.post_id].append(row)
    following = place.cursor(posts[limit - 1].created_at, posts[limit - 1].id) if len(posts) > limit else None
    return paging.Page[Post](items=[to_post(p, by_post[p.id]) for p in posts[:limit]], next_cursor=following)


def _form(rows: Sequence[RequestRow], user_id: str, key: str) -> str | None:
    """Return the form in which one of these requests has the key, ``None`` if none has it."""
    return next((row.idempotency_key for row in rows if is_form_of(row.idempotency_key, user_id, "posts", key)), None)
