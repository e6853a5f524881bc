"""Posts as their user reads them: one, or a page of them, each with its current targets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from noillusion.api import paging
from noillusion.core.errors import NotFound
from noillusion.db import Actor, database
from noillusion.flows.faults import ErrorClass
from noillusion.publishing import messages, status, store
from noillusion.publishing.filters import Filters
from noillusion.publishing.models import Post, Target, TargetError
from noillusion.publishing.rows import PostRow, TargetRow


def current(rows: Sequence[TargetRow]) -> list[TargetRow]:
    """Return the targets that no later attempt replaces."""
    replaced = {row.retry_of for row in rows if row.retry_of}
    return [row for row in rows if row.id not in replaced]


def to_target(row: TargetRow) -> Target:
    """Return the API shape of a target."""
    return Target.of(row, error=_error(row))


def _error(row: TargetRow) -> TargetError | None:
    if row.error_class is None or row.status not in ("failed", "unknown"):
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
    shown = current(rows)
    return Post.of(
        post,
        status=status.derive(row.status for row in shown),
        updated_at=max([post.updated_at, *(row.updated_at for row in shown)]),
        targets=[to_target(row) for row in shown],
    )


async def get_post(user_id: str, post_id: str) -> Post:
    """Return one post with its targets. One round trip."""
    post, targets = store.post(user_id, post_id), store.targets(user_id, post_id)
    results = await database().flight(Actor(user_id), post, targets)
    row = results.first(post)
    if row is None:
        raise NotFound
    return to_post(row, results[targets])


async def listing(user_id: str, filters: Filters, cursor: str | None, limit: int) -> paging.Page[Post]:
    """Return a page of the user's posts that the filters leave, newest first. One round trip."""
    place = paging.Listing("posts", user_id, filters.values())
    page, its_targets = store.page(user_id, filters, place.position(cursor, 2), limit)
    results = await database().flight(Actor(user_id), page, its_targets)
    posts, by_post = results[page], defaultdict[str, list[TargetRow]](list)
    for row in results[its_targets]:
        by_post[row.post_id].append(row)
    following = place.cursor(posts[limit - 1].created_at, posts[limit - 1].id) if len(posts) > limit else None
    return paging.Page[Post](items=[to_post(p, by_post[p.id]) for p in posts[:limit]], next_cursor=following)
