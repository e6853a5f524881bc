"""A queue message becomes readings."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime, timedelta
from typing import Any

from noillusion.analytics import asking, cadence, circuits, history, retention_store, store
from noillusion.analytics.asking import Postponed, Refusal
from noillusion.analytics.circuits import Circuit
from noillusion.analytics.history import Before, Reading
from noillusion.analytics.rows import ACCOUNT_COUNTS, POST_COUNTS, AccountReadingRow, DueRow, FiguresRow, MeasuredTarget
from noillusion.catalog.platforms import PLATFORMS
from noillusion.connections import metrics as accounts_due
from noillusion.connections.rows import CredentialRow
from noillusion.core import clock, logs
from noillusion.core.errors import AccountDeleted, Unavailable
from noillusion.core.records import record
from noillusion.db import Actor, Duplicate, Statement, database
from noillusion.flows.measures import AccountMetrics, PostMetrics, PostRef
from noillusion.flows.protocol import Account, Flow
from noillusion.platforms.contract import Platform
from noillusion.publishing import metrics as targets_due

SOON = timedelta(hours=1)
PASSING = frozenset({"transient", "not_ready", "internal"})
"""Reasons after which the next reading comes soon, also for a post that is read rarely."""


async def from_message(message: Mapping[str, object], deadline: float) -> None:
    """Read what a queue message names: ids of one connection's targets, or the connection's id for its account figures.

    ``claimed_until`` is what the claim set: work that moved on since (a message that comes twice) is left alone.
    """
    user_id, connection_id, ids = (message.get(name) for name in ("user_id", "connection_id", "target_ids"))
    claimed = message.get("claimed_until")
    if not isinstance(user_id, str) or not isinstance(connection_id, str):
        return
    until = datetime.fromisoformat(claimed) if isinstance(claimed, str) else None
    probe = message.get("probe") is True
    if message.get("account") is True:
        await read_account(user_id, connection_id, until, deadline, probe=probe)
    elif isinstance(ids, list) and ids:
        await read_posts(user_id, connection_id, [str(target_id) for target_id in ids], until, deadline, probe=probe)


async def read_posts(
    user_id: str,
    connection_id: str,
    target_ids: Sequence[str],
    until: datetime | None,
    deadline: float,
    *,
    probe: bool = False,
) -> None:
    """Read the figures of one connection's targets and write them: one flight before, one after."""
    wanted, known = store.connection(user_id, connection_id), circuits.every()
    named, due, figures = store.targets(user_id, connection_id, target_ids)
    flight = await database().flight(Actor(user_id), wanted, known, named, due, figures)
    connection, before = flight.first(wanted), {row.target_id: _before(row) for row in flight[figures]}
    rows = [row for row in flight[due] if until is None or row.claimed_until == until]
    if connection is None or not rows:
        return
    work = _work(rows, flight[named], target_ids)
    refs = {row.id: _ref(row) for row in work.targets}
    if not refs:
        await database().flight(Actor(user_id), *work.ended(user_id, clock.now()))
        return

    def flow_of(platform: Platform, account: Account) -> Flow[dict[str, PostMetrics]]:
        return platform.metrics(list(refs.values()), account)

    try:
        answer = await asking.ask(connection, flow_of, deadline, _circuit(flight[known], connection), probe=probe)
    except Postponed as postponed:
        await database().flight(Actor(user_id), targets_due.schedule(user_id, work.rows, postponed.until))
        logs.event("posts_postponed", connection_id=connection_id, platform=connection.platform, posts=len(refs))
        return
    if isinstance(answer, Refusal):
        measured = dict.fromkeys(refs, PostMetrics(unavailable=answer.reason))
    else:
        nothing = PostMetrics(unavailable="no_data")
        measured = {key: answer.get(ref.post_id or ref.handles.get("accepted_id", ""), nothing) for key, ref in refs.items()}
    wait = answer.wait if isinstance(answer, Refusal) else None
    await _save(connection, work, before, measured, wait)
    _tell(connection, measured.values())


@record()
class _Work:
    """What a message has in hand: the rows of due times that are still its own, and their targets, the newest first."""

    rows: Sequence[str]
    held: Collection[str]
    """All targets of the rows, also those that are gone."""
    targets: Sequence[MeasuredTarget]
    rest: Sequence[str] = ()
    """Targets of the rows that the message does not name."""

    def due_at_once(self, now: datetime) -> dict[datetime, Sequence[str]]:
        """Return the due time of the rest."""
        return {now: self.rest} if self.rest else {}

    def ended(self, user_id: str, now: datetime) -> list[Statement]:
        """End the rows, of which no target is left to read."""
        return targets_due.arrange(user_id, self.due_at_once(now), self.rows, self.held, now)


def _work(rows: Sequence[DueRow], named: Iterable[MeasuredTarget], target_ids: Sequence[str]) -> _Work:
    held = {key for row in rows for key in (row.target_id, *row.other_target_ids)}
    targets = sorted((row for row in named if row.id in held), key=lambda row: row.id)
    targets.sort(key=lambda row: row.published_at or row.created_at, reverse=True)
    return _Work([row.target_id for row in rows], held, targets, sorted(held.difference(target_ids)))


def _apart(targets: Sequence[MeasuredTarget]) -> _Work:
    """Return targets that have rows of their own."""
    ids = [row.id for row in targets]
    return _Work(ids, ids, targets)


def _tell(connection: CredentialRow, measured: Collection[PostMetrics]) -> None:
    _tell_refused(connection.platform, measured)
    missing = Counter(reason for metrics in measured if (reason := _reason(metrics, POST_COUNTS)))
    logs.event(
        "posts_measured",
        connection_id=connection.id,
        platform=connection.platform,
        posts=len(measured),
        unavailable=missing.total(),
        reason=next((reason for reason, _ in missing.most_common(1)), None),
    )


def _circuit(known: Iterable[Circuit], connection: CredentialRow) -> Circuit | None:
    return next((circuit for circuit in known if circuit.platform == connection.platform), None)


async def _save(
    connection: CredentialRow,
    work: _Work,
    before: Mapping[str, Before],
    measured: Mapping[str, PostMetrics],
    wait: timedelta | None,
) -> None:
    """Write what was read of targets. What the database refuses is found by halves, so it costs no other post its reading and the
    message does not come again and again."""
    found = {row.id: measured[row.id] for row in work.targets}
    try:
        await _write(connection, work, before, found, wait)
    except Duplicate:
        # A post that a reading named is another target's already: the figures are kept, the id is not.
        logs.event("post_held_by_another", connection_id=connection.id, platform=connection.platform)
        nameless = {key: replace(metrics, post_id=None) for key, metrics in found.items()}
        await _write(connection, work, before, nameless, wait)
    except (Unavailable, AccountDeleted):
        raise
    except Exception as error:
        middle, nothing = len(work.targets) // 2, PostMetrics(unavailable="internal")
        first = work.targets[0].id
        if not middle and found[first] == nothing:
            raise
        logs.failure("reading_not_written", error, connection_id=connection.id)
        if not middle:
            await _save(connection, work, before, {first: nothing}, wait)
            return
        await _take_apart(connection.user_id, work)
        try:
            await _save(connection, _apart(work.targets[:middle]), before, found, wait)
        finally:
            # Also if nothing can be written of a post in the first half, for it was deleted meanwhile.
            await _save(connection, _apart(work.targets[middle:]), before, found, wait)


async def _take_apart(user_id: str, work: _Work) -> None:
    """Give each target a row of its own, so that what happens to one moves no other's due time. They are due soon, in case
    nothing more is written."""
    now, ids = clock.now(), [row.id for row in work.targets]
    await database().flight(
        Actor(user_id),
        *targets_due.arrange(user_id, work.due_at_once(now), set(work.rows).difference(ids), work.held, now),
        *(statement for key in ids for statement in targets_due.arrange(user_id, {now + SOON: [key]}, (), work.held, now)),
    )


def _tell_refused(platform: str, measured: Iterable[PostMetrics | AccountMetrics]) -> None:
    """Log the metrics that a platform takes no more. They are ours to replace, and nobody else would notice (an alarm does)."""
    for metric in sorted({name for metrics in measured for name in metrics.refused}):
        logs.event("metric_refused", platform=platform, metric=metric)


def _ref(row: MeasuredTarget) -> PostRef:
    """Return a target as the platform modules measure it: without a public id by the id that was given at the commit."""
    accepted = {"accepted_id": row.accepted_id} if row.accepted_id else {}
    published_at = int(row.published_at.timestamp()) if row.published_at else None
    return PostRef(row.platform_post_id or "", row.kind, {**row.handles, **accepted}, published_at)


def _reason(metrics: PostMetrics | AccountMetrics, counts: Sequence[str]) -> str | None:
    """Return why a reading brought nothing. A reading without a single count brought nothing."""
    if metrics.unavailable:
        return str(metrics.unavailable)
    known = metrics.extra or any(getattr(metrics, name) is not None for name in counts)
    return None if known else "no_data"


def _reading(metrics: PostMetrics | AccountMetrics, counts: Sequence[str]) -> Reading:
    reason = _reason(metrics, counts)
    known = {f.name: getattr(metrics, f.name) for f in fields(metrics) if f.name in (*counts, "extra")}
    return Reading(reason, {} if reason else known)


def _figures(row: FiguresRow | AccountReadingRow, counts: Sequence[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in (*counts, "extra")}


def _before(row: FiguresRow) -> Before:
    return Before(row.reason, row.good_at, _figures(row, POST_COUNTS))


async def _write(
    connection: CredentialRow,
    work: _Work,
    before: Mapping[str, Before],
    measured: Mapping[str, PostMetrics],
    wait: timedelta | None,
) -> None:
    """Write the newest figures in one statement and their history in another, when each target is due again and what ids became
    known."""
    now, user_id, connection_id = clock.now(), connection.user_id, connection.id
    kept_for = PLATFORMS[connection.platform].figures_kept
    readings = {key: _reading(metrics, POST_COUNTS) for key, metrics in measured.items()}
    kept = {key: reading for key, reading in readings.items() if history.keeps(before.get(key), reading, now)}
    aged = [key for key, reading in readings.items() if history.begins_day(before.get(key), reading, now)]
    due: dict[datetime, list[str]] = defaultdict(list)
    for row in work.targets:
        if at := _next(row, connection_id, now, readings[row.id].reason, wait):
            due[at].append(row.id)
    revealed = [
        targets_due.reveal(user_id, row.id, measured[row.id].post_id, measured[row.id].permalink, now)
        for row in work.targets
        if (measured[row.id].post_id and not row.platform_post_id) or (measured[row.id].permalink and not row.permalink)
    ]
    await database().flight(
        Actor(user_id),
        *store.put_figures(user_id, now, now + kept_for if kept_for else None, readings, before.keys()),
        *([store.add_history("post_analytics", user_id, now, kept)] if kept else ()),
        *([retention_store.thin(user_id, aged, now)] if aged else ()),
        *targets_due.arrange(user_id, {**due, **work.due_at_once(now)}, work.rows, work.held, now),
        *(_postponed(user_id, connection_id, now + wait) if wait else ()),
        *revealed,
    )


def _postponed(user_id: str, connection_id: str, until: datetime) -> tuple[Statement, Statement]:
    """Leave a connection alone until then: whatever of it is due earlier waits."""
    return targets_due.postpone(user_id, connection_id, until), accounts_due.postpone(user_id, connection_id, until)


def _next(row: MeasuredTarget, connection_id: str, now: datetime, reason: str | None, wait: timedelta | None) -> datetime | None:
    due = cadence.next_reading(now, row.published_at or row.created_at, connection_id)
    if due is None:
        return None
    if wait is not None:
        return now + wait
    # In the connection's own slot, so that what failed together does not come back together.
    return min(due, cadence.slot(now, SOON, connection_id)) if reason in PASSING else due


async def read_account(user_id: str, connection_id: str, until: datetime | None, deadline: float, *, probe: bool = False) -> None:
    """Read the figures of one account and write them: one flight before, one after."""
    wanted, known, rows = store.connection(user_id, connection_id), circuits.every(), store.account(user_id, connection_id)
    flight = await database().flight(Actor(user_id), wanted, known, *rows)
    connection = flight.first(wanted)
    last, good = (flight.first(row) for row in rows)
    if connection is None or connection.metrics_due_at is None or (until is not None and connection.metrics_due_at != until):
        return

    def flow_of(platform: Platform, account: Account) -> Flow[AccountMetrics]:
        return platform.account_metrics(account)

    try:
        answer = await asking.ask(connection, flow_of, deadline, _circuit(flight[known], connection), probe=probe)
    except Postponed as postponed:
        await database().flight(Actor(user_id), accounts_due.schedule(user_id, connection_id, postponed.until))
        logs.event("account_postponed", connection_id=connection_id, platform=connection.platform)
        return
    metrics = AccountMetrics(unavailable=answer.reason) if isinstance(answer, Refusal) else answer
    wait = answer.wait if isinstance(answer, Refusal) else None
    now = clock.now()
    reading = _reading(metrics, ACCOUNT_COUNTS)
    _tell_refused(connection.platform, [metrics])
    due = cadence.slot(now, cadence.ACCOUNT_EVERY, connection_id)
    if wait is not None or reading.reason in PASSING:
        due = now + wait if wait else cadence.slot(now, SOON, connection_id)
    good_at = good.polled_at if good else None
    before = Before(last.reason, good_at, _figures(good or last, ACCOUNT_COUNTS)) if last else None
    keep = history.keeps(before, reading, now)
    statements = (
        *([store.add_history("account_analytics", user_id, now, {connection_id: reading})] if keep else ()),
        accounts_due.schedule(user_id, connection_id, due),
        *(_postponed(user_id, connection_id, due) if wait else ()),
    )
    await database().flight(Actor(user_id), *statements)
    logs.event("account_measured", connection_id=connection_id, platform=connection.platform, reason=reading.reason)
