"""Synthetic published targets with their figures, for benchmarks of analytics and tests of plans. It measures nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, LiteralString

import psycopg
from psycopg.rows import tuple_row

PAGE = 100_000
PLATFORMS = "(ARRAY['facebook', 'instagram', 'linkedin', 'tiktok'])[1 + n % 4]"
TABLES = ("posts", "post_targets", "post_figures", "post_polls", "post_analytics")
_USERS: LiteralString = "'auth0|user-' || (n % {users})"


@contextmanager
def quickly(connection: psycopg.Connection[Any], tables: Sequence[str] = TABLES) -> Iterator[None]:
    """Fill tables sooner: nothing is checked meanwhile, and the indexes that no constraint needs are made afterwards."""
    with connection.cursor(row_factory=tuple_row) as cursor:
        cursor.execute(
            """SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index AS i
               WHERE i.indrelid = ANY (%s::regclass[])
                 AND NOT EXISTS (SELECT FROM pg_constraint AS c WHERE c.conindid = i.indexrelid)""",
            [[*tables]],
        )
        indexes = cursor.fetchall()
    for index, _ in indexes:
        connection.execute(f"DROP INDEX {index}".encode())
    with unchecked(connection):
        yield
    for _, definition in indexes:
        connection.execute(definition.encode())


@contextmanager
def unchecked(connection: psycopg.Connection[Any]) -> Iterator[None]:
    """Check no reference, run no trigger and wait for no disk."""
    connection.execute("SET session_replication_role = replica")
    connection.execute("SET synchronous_commit = off")
    yield
    connection.execute("RESET session_replication_role")


def fill(
    connection: psycopg.Connection[Any],
    key: str,
    count: int,
    *,
    days: int,
    user: str | None = None,
    users: int = 1_000,
    readings: int = 1,
) -> None:
    """Add targets that were published evenly over the last days, of one user or of many, each read every second day.

    Due times are an hour and more away. Nothing refers to anything wrongly, so constraints are not checked; ids are spread as
    random ones are.
    """
    owner = f"'{user}'" if user else _USERS.format(users=users)
    with unchecked(connection):
        connection.execute(
            f"""INSERT INTO platform_connections
                  (id, user_id, platform, account_id, account_kind, sealed_access_token, sealing_key_id, token_issued_at)
                SELECT DISTINCT md5({owner} || {PLATFORMS})::uuid, {owner}, {PLATFORMS}, {owner}, 'user', 'v2.k1.x', 'k1', now()
                FROM generate_series(1, {min(count, 4 * users)}) AS n ON CONFLICT DO NOTHING""".encode()
        )
        for start in range(1, count + 1, PAGE):
            end = min(start + PAGE - 1, count)
            made = f"""(SELECT n, {owner} AS user_id, md5('{key}-' || n) AS key, {PLATFORMS} AS platform,
                  md5({owner} || {PLATFORMS})::uuid AS connection_id,
                  now() - interval '1 day' * {days} * (n::float8 / {count + 1}) AS at
                FROM generate_series({start}, {end}) AS n) AS made"""
            for statement in _statements(made, readings):
                connection.execute(statement.encode())


def _statements(made: str, readings: int) -> tuple[str, ...]:
    """The statements that add the rows of a page."""
    return (
        f"""INSERT INTO posts (id, user_id, idempotency_key, created_at, updated_at)
            SELECT key::uuid, user_id, key, at, at FROM {made}""",
        f"""INSERT INTO post_targets (id, user_id, post_id, connection_id, platform, account_id, position, kind, status,
              accepted_id, platform_post_id, permalink, published_at, deadline_at, created_at, updated_at)
            SELECT reverse(key)::uuid, user_id, key::uuid, connection_id, platform, user_id, 0, 'text', 'published', key, key,
              'https://posts.example/' || key, at, at, at, at FROM {made}""",
        f"""INSERT INTO post_figures (target_id, user_id, read_at, good_at, views, likes, comments, shares, created_at)
            SELECT reverse(key)::uuid, user_id, now(), now(), n % 10007, n % 101, n % 11, n % 7, at FROM {made}""",
        f"""INSERT INTO post_polls (target_id, user_id, connection_id, platform, published_at, due_at)
            SELECT reverse(key)::uuid, user_id, connection_id, platform, at, now() + interval '1 hour' + (now() - at) / 10
            FROM {made}""",
        f"""INSERT INTO post_analytics (user_id, target_id, polled_at, views, likes, comments, shares)
            SELECT user_id, reverse(key)::uuid, at + interval '2 days' * r, n % 10007, n % 101, n % 11, n % 7
            FROM {made}, generate_series(0, {readings - 1}) AS r WHERE at + interval '2 days' * r <= now()""",
    )
