"""H3: each statement of each store is bounded. No plan reads a large table from beginning to end, and none touches more than it
may, as the role that sends it, with claims under row-level security, beside 100,000 targets of others."""

from __future__ import annotations

import importlib
import inspect
import types
import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

import noillusion
from bench import filling
from bench.plans import explain
from local.databases.postgres import Server
from noillusion.analytics import queries, store, trend_store
from noillusion.analytics.history import Reading
from noillusion.core import clock
from noillusion.db import Json, Statement
from noillusion.db.interface import reads_only
from noillusion.db.postgres import API_ROLE, WORKER_ROLE
from noillusion.publishing import metrics
from noillusion.publishing.rows import TargetsToMeasure
from noillusion.settings.errors import SettingsError
from noillusion.templates import queries as templates
from noillusion.templates.models import Filters, Scope, Sort
from tests.postgres.test_export_plans import ALICE, FILL, LONG
from tests.support import databases
from tests.support.databases import PostgresStore

PACKAGE = Path(noillusion.__path__[0])
LARGE = {*LONG, "post_polls", "prompt_templates", "prompt_template_versions", "template_library"}
SHARED = f"""
INSERT INTO prompt_templates
  (user_id, name, content_mode, tags, search_text, is_searchable, shared_at, usage_count, rating_sum, rating_count)
  SELECT 'auth0|' || n % 20, 'name', 'personal', jsonb_build_array('all', CASE n % 3000 WHEN 0 THEN 'rare' ELSE 'other' END),
    ' spring sale ' || n || '{" lorem ipsum" * 10} 私 の' || CASE n % 3000 WHEN 0 THEN ' 投 稿 rarely u1f680' ELSE '' END, true,
    now() - make_interval(mins => n), n * 7919 % 10007, n * 104729 % 4001, 1000 FROM generate_series(1, 12000) n ORDER BY random()
"""
"""Templates that others share, with words that all have and words that few have."""
NOW = clock.now()
OTHER_ID = "00000000-0000-4000-8000-000000000001"
BUFFERS = 1_000
"""Blocks that a statement may touch, unless it is named here."""
MORE: Mapping[str, int] = {
    # The user has 1,000 posts in the period; a summary may touch 25 blocks for each (S14).
    "analytics.queries.totals": 6_000,
    "analytics.queries.totals_then": 10_000,
    "analytics.queries.engagements": 6_000,
    "analytics.queries.top": 15_000,
    "analytics.trend_store.published": 6_000,
    "analytics.trend_store.compared": 10_000,
    # All readings of these posts, ten of each.
    "analytics.trend_store.gained": 20_000,
    # It counts up to a thousand notices, each in a block of its own.
    "notices.store.unread": 1_500,
    # H8: a page of 25 shared templates, of 12,000 in more than 600 blocks, or all of the user's own.
    "templates.queries.page": 300,
}


def filled(postgres_server: Server) -> Iterator[PostgresStore]:
    """A database with 100,000 targets, and some thousand rows in each other table that grows."""
    with databases.fresh(postgres_server) as store:
        for statement in FILL.split(";\n"):
            if statement.strip():
                store.execute(statement)
        with psycopg.connect(store.url, autocommit=True) as connection:
            filling.fill(connection, "others", 100_000, days=366, users=500)
            filling.fill(connection, "mine", 1_000, days=30, user=ALICE, readings=10)
        store.execute(SHARED)
        store.execute("VACUUM ANALYZE")
        yield store


@pytest.fixture(scope="module")
def full(postgres_server: Server) -> Iterator[PostgresStore]:
    """A large database."""
    yield from filled(postgres_server)


def stores() -> Iterator[types.ModuleType]:
    """The modules that hold SQL."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if path.stem.endswith("store") or path.stem in ("queries", "metrics", "outbox"):
            yield importlib.import_module(".".join(("noillusion", *path.relative_to(PACKAGE).with_suffix("").parts)))


def makers() -> Iterator[tuple[str, Callable[..., Any]]]:
    """The functions of stores that make statements."""
    for module in stores():
        for name, function in vars(module).items():
            if inspect.isfunction(function) and function.__module__ == module.__name__ and not name.startswith("_"):
                returned = str(inspect.signature(function).return_annotation)
                if "Statement" in returned or "Query" in returned:
                    yield f"{module.__name__.removeprefix('noillusion.')}.{name}", function


WORDS = {
    "user_id": ALICE,
    "platform": "tiktok",
    "table": "posts",
    "sort": "views",
    "provider": "openai",
    "time_zone": "UTC",
    "lane": "failing",
}
PLAIN: dict[Any, Any] = {int: 10, bool: True, Json: Json({}), Sequence[str]: [OTHER_ID]}


class Unknown(Exception):
    """There is no value for a parameter here."""


def value(name: str, kind: Any, ids: Mapping[str, str]) -> Any:
    """A value for a parameter of this name and type."""
    if name in WORDS:
        return WORDS[name]
    if type(None) in typing.get_args(kind):
        return None
    if kind is str:
        return ids.get(name, OTHER_ID)
    if getattr(kind, "__name__", "") == "datetime":
        # Of what is counted or deleted from before an instant, most is younger.
        return NOW - timedelta(days=5) if name == "before" else NOW
    if kind in PLAIN:
        return PLAIN[kind]
    raise Unknown(name)


def made(function: Callable[..., Any], ids: Mapping[str, str]) -> list[Statement]:
    """The statements of a function."""
    hints = typing.get_type_hints(function)
    needed = [each.name for each in inspect.signature(function).parameters.values() if each.default is inspect.Parameter.empty]
    result = function(**{name: value(name, hints[name], ids) for name in needed})
    found = result if isinstance(result, (tuple, list)) else [result]
    return [each for each in found if isinstance(each, Statement)]


def _scope() -> dict[str, Any]:
    return queries.scope(ALICE, NOW - timedelta(days=30), NOW, NOW, None)


PLACES: Mapping[Sort, datetime | int] = {"new": NOW - timedelta(days=4), "rating": 200_000, "usage": 5_000}


def pages(scope: Scope = "community", **filters: str) -> list[Statement]:
    """The first page of each order, and one in the middle."""
    asked = Filters(**filters)
    return [
        templates.page(ALICE, scope, sort, asked, None if first else (place, OTHER_ID), 26)
        for sort, place in PLACES.items()
        for first in (True, False)
    ]


READING = {OTHER_ID: Reading(None, {"views": 1})}
DUE = TargetsToMeasure(OTHER_ID, [f"{OTHER_ID[:-2]}{n:02}" for n in range(2, 26)], ALICE, OTHER_ID, "tiktok", NOW, NOW)
MADE: Mapping[str, Callable[[], Sequence[Statement]]] = {
    "analytics.queries.totals": lambda: [queries.totals(_scope())],
    "analytics.queries.totals_then": lambda: [queries.totals_then(_scope())],
    "analytics.queries.engagements": lambda: [queries.engagements(_scope())],
    "analytics.queries.top": lambda: [
        queries.top(_scope(), "published_at", None, 26),
        queries.top(_scope(), "views", None, 26),
        queries.top(_scope(), "views", (5_000, OTHER_ID), 26),
    ],
    "analytics.queries.accounts": lambda: queries.accounts(_scope(), None, 26),
    "analytics.trend_store.published": lambda: [trend_store.published(_scope(), "views", None, None)],
    "analytics.trend_store.gained": lambda: [trend_store.gained(_scope(), NOW - timedelta(days=30), "views", None, None)],
    "analytics.trend_store.compared": lambda: [
        trend_store.compared(_scope(), "kind"),
        trend_store.compared(_scope(), "template"),
    ],
    "templates.queries.page": lambda: [
        *pages(),
        *pages("mine"),
        *pages("system"),
        *pages(mode="personal", platform="tiktok"),
        *(each for tag in ("all", "rare", "none") for each in pages(tag=tag)),
        # Words that all have, that few have and that none has; short ones, ones without spaces, a symbol.
        *(each for q in ("sale", "rarely", "nowhere", "s", "zz", "の", "投稿", "不存在", "🚀", "!") for each in pages(q=q)),
    ],
    "publishing.metrics.divide": lambda: [metrics.divide(*DUE.split(2), NOW, NOW)],
    "publishing.metrics.shorten": lambda: [metrics.shorten(*DUE.split(2), NOW)],
    "publishing.metrics.arrange": lambda: metrics.arrange(ALICE, {NOW: DUE.ids}, DUE.ids, DUE.ids, NOW),
    "analytics.store.add_history": lambda: [store.add_history("post_analytics", ALICE, NOW, READING)],
    "analytics.store.put_figures": lambda: [
        *store.put_figures(ALICE, NOW, None, READING, ()),
        *store.put_figures(ALICE, NOW, None, READING, {OTHER_ID}),
    ],
}
"""Statements whose parameters have no plain types."""

ELSEWHERE = frozenset(
    {
        "ai.store.settle",
        "ai.store.state",
        "ai.store.usage",
        "connections.credential_store.mark_dead",
        "connections.credential_store.save_tokens",
        "connections.credential_store.siblings",
        "connections.credential_store.wait_for_grant",
        "connections.credential_store.lease_siblings",
        "connections.credential_store.release_siblings",
        "connections.life_store.hasten",
        "connections.store.put",
        "connections.store.page",
        "connections.store.by_subject",
        "connections.store.by_grant_of",
        "notices.store.page",
        "privacy.erasure_store.connections",
        "privacy.erasure_store.answers",
        "privacy.erasure_store.count",
        "privacy.erasure_store.delete",
        "privacy.erasure_store.put_answer",
        "privacy.erasure_store.delete_account_figures",
        "privacy.erasure_store.counts",
        "privacy.erasure_store.delete_connection",
        "privacy.store.settle_grants",
        "privacy.store.count",
        "privacy.store.delete",
        "profiles.store.change",
        "publishing.ledger_store.keep_handles",
        "publishing.ledger_store.settle",
        "publishing.ledger_store.leave_open",
        "publishing.ledger_store.hold",
        "publishing.published_store.begin_edit",
        "publishing.published_store.end_edit",
        "publishing.store.under_other_keys",
        "publishing.store.claim",
        "publishing.store.add_target",
        "publishing.store.take_handed_over",
        "publishing.store.own_handed_over",
        "publishing.store.renew",
        "publishing.store.answer",
        "publishing.store.page",
        "scheduling.calendar_store.scheduled",
        "scheduling.calendar_store.published",
        "scheduling.calendar_store.recurring",
        "scheduling.change_store.change",
        "scheduling.change_store.end_targets",
        "scheduling.change_store.move",
        "scheduling.change_store.move_held",
        "scheduling.checks_store.done",
        "scheduling.run_store.leave",
        "scheduling.run_store.is_left",
        "scheduling.slot_store.plans",
        "scheduling.slot_store.put",
        "scheduling.store.create",
        "scheduling.store.add_target",
        "scheduling.store.add_occurrence",
        "scheduling.store.page",
        "templates.store.create",
        "templates.store.change",
        "templates.store.add_version",
        "webhooks.queue_store.settle",
        "webhooks.queue_store.judge",
        "webhooks.store.create",
        "webhooks.store.change",
        "webhooks.store.record_test",
    }
)
"""Functions that take rows of the product: most write one row by its key. Lists with filters have tests of their own
(test_list_plans, test_calendar_plans)."""


def collected(ids: Mapping[str, str]) -> tuple[dict[str, list[Statement]], list[str]]:
    """The statements of all stores by the function that makes them, and the functions that this file cannot call."""
    found: dict[str, list[Statement]] = {}
    unknown = []
    for name, function in makers():
        try:
            found[name] = list(MADE[name]()) if name in MADE else made(function, ids)
        except (Unknown, SettingsError):
            unknown.append(name)
    return found, unknown


@pytest.fixture(scope="module")
def statements(full: PostgresStore) -> tuple[dict[str, list[Statement]], list[str]]:
    """What :func:`collected` finds for a post of the user."""
    (row,) = full.fetch(
        f"SELECT id::text, post_id::text, connection_id::text FROM post_targets WHERE user_id = '{ALICE}' LIMIT 1"
    )
    return collected(dict(zip(("target_id", "post_id", "connection_id"), row, strict=True)))


def wrong(full: PostgresStore, statements: Mapping[str, Sequence[Statement]]) -> list[tuple[str, str]]:
    """The functions whose statements read a large table from its beginning to its end, or more than they may."""
    functions, wrong = dict(makers()), list[tuple[str, str]]()
    with psycopg.connect(full.url, autocommit=True) as connection:
        for name, each in ((name, each) for name, found in statements.items() for each in found):
            worker = "workers only" in (functions[name].__doc__ or "")
            role, user = (WORKER_ROLE, None) if worker else (API_ROLE, ALICE)
            # What writes is planned and not run: its rows need not make sense.
            plan = explain(connection, role, user, each, run=reads_only([each]))
            if scanned := plan.scanned() & LARGE:
                wrong.append((name, f"reads all of {', '.join(sorted(scanned))}"))
            if plan.buffers > MORE.get(name, BUFFERS):
                wrong.append((name, f"touches {plan.buffers:,} blocks"))
    return wrong


def test_H3_no_statement_of_a_store_reads_a_large_table_or_more_than_it_may(
    full: PostgresStore, statements: tuple[dict[str, list[Statement]], list[str]]
) -> None:
    assert wrong(full, statements[0]) == []
    assert sum(map(len, statements[0].values())) > 200


def test_each_statement_that_is_not_looked_at_here_is_named(statements: tuple[dict[str, list[Statement]], list[str]]) -> None:
    assert set(statements[1]) == ELSEWHERE
