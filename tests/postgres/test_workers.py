"""Every statement that the product runs as a role of the service's own is one that the role may run."""

from __future__ import annotations

import ast
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from noillusion import idempotency, receipts, rotation
from noillusion.ai import spending
from noillusion.analytics import circuits
from noillusion.analytics import retention_store as figures
from noillusion.catalog import registrations
from noillusion.connections import attempt_store, credential_store, life_store
from noillusion.connections import metrics as account_metrics
from noillusion.connections import store as connections
from noillusion.core import clock, loop
from noillusion.db import HEALTH, WORKER, Statement
from noillusion.db.postgres import PostgresDatabase
from noillusion.notices import outbox
from noillusion.privacy import erasure_receipts, traces
from noillusion.privacy import erasure_store as erasures
from noillusion.privacy import store as departures
from noillusion.publishing import due, forget_store, lateness_store, ledger_store, limit_store
from noillusion.publishing import metrics as target_metrics
from noillusion.publishing import store as publishing
from noillusion.publishing.rows import DueTarget, TargetsToMeasure
from noillusion.scheduling import calendar_store, checks_store, clock_store
from noillusion.scheduling import chores as scheduling
from noillusion.scheduling import lateness_store as schedule_lateness
from noillusion.templates import searchable
from noillusion.vault.sealer import Sealer
from noillusion.webhooks import queue_store as hook_queue
from noillusion.webhooks import store as hooks
from noillusion.webhooks.dispatch import LANES
from tests.support.databases import PostgresStore

PACKAGE = Path(rotation.__file__).parent
NOW = clock.now()
UNTIL = NOW + timedelta(hours=1)
ID = "00000000-0000-4000-8000-000000000001"
DUE = TargetsToMeasure(ID, [f"{ID[:-1]}2"], "auth0|alice", ID, "tiktok", NOW, NOW)
SEALER = Sealer("k1", {"k1": bytes(32)})
APPS = registrations.of("facebook")
ACTORS = {"WORKER": WORKER, "HEALTH": HEALTH}

# file → what its flights without a user send, by the function that makes it
STATEMENTS: dict[str, dict[str, list[Statement] | Callable[[], list[Statement]]]] = {
    "ai/retention.py": {
        "forget": [spending.forget("2026-11", 10)],
        "forgettable": [spending.forgettable("2026-11", 10)],
    },
    "analytics/circuits.py": {
        "answered": [circuits.answered("tiktok", NOW)],
        "failed": [circuits.failed("tiktok", ID, NOW), circuits.failed("tiktok", ID, NOW)],
        "opened": [circuits.opened("tiktok", NOW, UNTIL)],
    },
    "analytics/dispatch.py": {
        "claim": [
            target_metrics.claim("tiktok", NOW, UNTIL, 10, NOW, ["u"]),
            target_metrics.sample("tiktok", NOW, UNTIL, 3),
            account_metrics.claim(NOW, UNTIL, 10, ["linkedin"]),
        ],
        "divide": [target_metrics.divide(*DUE.split(1), UNTIL, NOW)],
        "shorten": [target_metrics.shorten(*DUE.split(1), UNTIL)],
        "every": [circuits.every()],
    },
    "analytics/retention.py": {
        "deletion": [figures.thin_settled(NOW, NOW, 10)[0], figures.forget(NOW, 10)[0]],
        "end": [figures.thin_settled(NOW, NOW, 10)[1], figures.forget(NOW, 10)[1]],
        "due": [figures.thin_settled(NOW, NOW, 10)[2], figures.forget(NOW, 10)[2]],
        "forget_accounts": [figures.forget_accounts("linkedin", NOW, 10)],
        "forgettable_accounts": [figures.forgettable_accounts("linkedin", NOW, 10)],
    },
    "connections/callbacks.py": {
        "by_subject": [connections.by_subject(APPS, "s", NOW)],
    },
    "connections/connecting.py": {"claim_attempt": [attempt_store.claim_attempt(ID, "tiktok", ["h", "i"], NOW)]},
    "connections/expiry.py": {
        "claim_expired_grants": [attempt_store.claim_expired_grants(NOW, UNTIL, 10)],
        "forget_attempts": [attempt_store.forget_attempts(NOW, 10)],
    },
    "connections/grants.py": {
        "by_subject_hash": [attempt_store.by_subject_hash(["h", "i"], NOW, NOW, UNTIL)],
        "erase_attempts": [attempt_store.erase_attempts([ID])],
        "by_grant_of": [connections.by_grant_of(APPS, "s")],
        "add_revocation": lambda: [*receipts.add_revocation("auth0|alice", "tiktok", revoked=True, advice=None, now=NOW)],
    },
    "connections/chores.py": {
        "due_for_refresh": [credential_store.due_for_refresh("tiktok", NOW, None, 10)],
        "expiring": [life_store.expiring(NOW, UNTIL, 10)],
        "left_expiring": [life_store.left_expiring(NOW, UNTIL, 10)],
    },
    "connections/verification.py": {
        "hasten_ended": [life_store.hasten_ended(NOW)],
        "hasten": [life_store.hasten(ids, NOW, NOW, UNTIL) for ids in (*due.connections(NOW), *scheduling.connections(NOW))],
        "claim_verification": [life_store.claim_verification("tiktok", NOW, UNTIL, 10)],
    },
    "health.py": {
        "oldest_due": [lateness_store.oldest_due(NOW)],
        "oldest_wake": [schedule_lateness.oldest_wake(NOW)],
    },
    "idempotency.py": {
        "_plain": [idempotency._plain(table, ("", ID)) for table in idempotency.ONCE_PLAIN],
        "_forget": [idempotency._forget(table, NOW, 10) for table in idempotency.TABLES.keys() - {"posts"}],
        "_due": [idempotency._due(table, NOW, 10) for table in idempotency.TABLES.keys() - {"posts"}],
    },
    "privacy/departure.py": {"due": [departures.due(NOW, 10)], "by_code": [*departures.by_code(["c", "d"])]},
    "privacy/erasure.py": {
        "open_receipt": [erasure_receipts.open_receipt(ID, "h", "c", NOW)],
        "ask_for_former": [erasures.ask_for_former(["h", "i"], ID, NOW)],
        "connections": [erasures.connections(APPS, "s", NOW)],
        "add_grants": [erasure_receipts.add_grants(ID, 1, NOW)],
        "of_receipt": [erasures.of_receipt(ID)],
        "complete": [erasure_receipts.complete(ID, NOW)],
        "due": [erasures.due(NOW, 10)],
        "complete_deserted": [erasure_receipts.complete_deserted(NOW, NOW)],
        "receipt": [erasure_receipts.receipt(["c", "d"])],
        "settle": [*erasure_receipts.settle(ID, ID, NOW, {"posts": 1}, NOW)],
    },
    "privacy/traces.py": {
        "_forget_traces": [traces._forget_traces(NOW, 10)],
        "_traces_due": [traces._traces_due(NOW, 10)],
    },
    "publishing/advance.py": {
        "open_and_due": [publishing.open_and_due(NOW, last, 10) for last in (None, DueTarget(ID, "auth0|alice", NOW))],
        "overdue": [publishing.overdue(NOW, 10)],
    },
    "publishing/forgetting.py": {
        "still_needed": [forget_store.still_needed("auth0|alice", ID)],
        "requests": [forget_store.requests(NOW, 10)],
        "requests_due": [forget_store.requests_due(NOW, 10)],
        "forgotten": [forget_store.forgotten(NOW, 10)],
    },
    "publishing/request_limits.py": {
        "forget": [limit_store.forget(NOW, 10)],
        "forgettable": [limit_store.forgettable(NOW, 10)],
    },
    "publishing/readback.py": {
        "recorded_posts": [ledger_store.recorded_posts("tiktok", "account", ID, ["1", "2"])],
        "open_commits": [ledger_store.open_commits("tiktok", "account", ID, NOW)],
    },
    "scheduling/calendar_feed.py": {"owner": [calendar_store.owner("h")]},
    "publishing/events.py": {"by_accepted_id": [ledger_store.by_accepted_id("tiktok", "p")]},
    "scheduling/chores.py": {"claim": [clock_store.claim(NOW, NOW, UNTIL, 10)]},
    "scheduling/links.py": {"owner": [clock_store.owner(ID)]},
    "templates/searchable.py": {"_unsearchable": [searchable._unsearchable(("", ID))]},
    "rotation.py": {
        "_count": [rotation._count(table, SEALER, ID) for table in rotation.SEALED],
        "_to_reseal": [rotation._to_reseal(table, SEALER, ID) for table in rotation.SEALED],
    },
    "scheduling/preflight.py": {"claim": [checks_store.claim(NOW, UNTIL, 10)]},
    "webhooks/crews.py": {
        "lane_state": [hook_queue.lane_state(lane, NOW, UNTIL, 10) for lane in LANES],
        "longest_due": [hook_queue.longest_due(lane, NOW) for lane in LANES],
        "claim": [hook_queue.claim(lane, ID, NOW, UNTIL, 10, alone=alone) for lane in LANES for alone in (True, False)],
    },
    "webhooks/fan_out.py": {"users": [outbox.users(10)]},
    "webhooks/retention.py": {
        "forget": [hooks.forget(NOW, 10)],
        "forgettable": [hooks.forgettable(NOW, 10)],
        "forget_secrets": [hooks.forget_secrets(NOW, 10)],
        "forgettable_secrets": [hooks.forgettable_secrets(NOW, 10)],
    },
}


def _sent_by_workers(tree: ast.Module) -> set[str]:
    """The functions that make the statements in ``flight(WORKER, …)`` and ``flight(HEALTH, …)``, called there or for a variable.
    In ``erase(WORKER, …)`` functions are given."""
    found = set()
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)):
        variables = _variables(function)
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("flight", "erase"):
                actor, *statements = node.args
                if isinstance(actor, ast.Name) and actor.id in ACTORS:
                    makers = [statement.body for statement in statements if isinstance(statement, ast.Lambda)]
                    found |= {_name(statement, variables) for statement in makers or statements}
    return found


def _variables(function: ast.AST) -> dict[str, ast.expr]:
    """A function's variables and what they are assigned."""
    found: dict[str, ast.expr] = {}
    for node in ast.walk(function):
        if isinstance(node, ast.NamedExpr):
            found[node.target.id] = node.value
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Tuple):
                    # One call may make several statements.
                    values = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value] * len(target.elts)
                    pairs = list(zip(target.elts, values, strict=True))
                else:
                    pairs = [(target, node.value)]
                found |= {name.id: value for name, value in pairs if isinstance(name, ast.Name)}
    return found


def _name(node: ast.expr, variables: dict[str, ast.expr]) -> str:
    """The function that makes a statement."""
    while not isinstance(node, ast.Name) or node.id in variables:
        if isinstance(node, ast.Name):
            node = variables[node.id]
        elif isinstance(node, ast.Starred):
            node = node.value
        elif isinstance(node, ast.GeneratorExp | ast.ListComp):
            node = node.elt
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            return node.func.attr
        elif isinstance(node, ast.Call):
            node = node.func
        else:
            raise AssertionError(f"a flight that this test cannot read: {ast.unparse(node)}")
    return node.id


def test_the_statements_of_this_test_are_all_that_workers_send() -> None:
    found = {str(path.relative_to(PACKAGE)): _sent_by_workers(ast.parse(path.read_text())) for path in PACKAGE.rglob("*.py")}
    assert {path: names for path, names in found.items() if names} == {path: set(given) for path, given in STATEMENTS.items()}


@pytest.mark.parametrize(("path", "name"), [(path, name) for path, given in STATEMENTS.items() for name in given])
def test_workers_may_run_what_they_send(path: str, name: str, store: PostgresStore, deploy: Callable[[str], None]) -> None:
    deploy(store.url)
    given = STATEMENTS[path][name]
    statements = given() if callable(given) else given
    engine = PostgresDatabase(store.url)

    async def send() -> None:
        await engine.flight(HEALTH if path == "health.py" else WORKER, *statements)
        await engine.close()

    loop.run(send())
    loop.close()
