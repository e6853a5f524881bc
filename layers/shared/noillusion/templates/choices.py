"""What users decide about templates of others: the version that they use, and what they report; and versions of own templates."""

from __future__ import annotations

from noillusion.api import paging
from noillusion.api.paging import Page
from noillusion.core import clock
from noillusion.core.errors import Conflict, Forbidden, Invalid, NotFound, PreconditionFailed, Problem, field_error
from noillusion.core.preconditions import ANY, Condition
from noillusion.db import Actor, Statement, database
from noillusion.templates import choice_store, queries, service
from noillusion.templates.choice_models import PinInput, ReportInput, TemplateVersion
from noillusion.templates.models import Template
from noillusion.templates.rows import TemplateRow


async def versions(user_id: str, template_id: str, cursor: str | None, limit: int) -> Page[TemplateVersion]:
    """Return one page of the versions of a template, the newest first: of an own one all, of another the shared ones."""
    place = paging.Listing("template_versions", user_id, {"template": template_id})
    position = place.position(cursor, 1)
    page = queries.versions(user_id, template_id, int(position[0]) if position else None, limit + 1)
    rows = (await database().flight(Actor(user_id), page))[page]
    if not rows and position is None:
        raise NotFound
    return Page[TemplateVersion](
        items=[TemplateVersion.of(row) for row in rows[:limit]],
        next_cursor=place.cursor(rows[limit - 1].version) if len(rows) > limit else None,
    )


async def restore(user_id: str, template_id: str, version: int, condition: Condition = ANY) -> Template:
    """Make the texts of an earlier version of an own template its newest version. Raises :class:`NotFound` if there is none."""
    expected = await service.expected(user_id, template_id, condition)
    now = clock.now()
    raised = choice_store.raise_version(user_id, template_id, version, expected, now)
    present, system = queries.one(user_id, template_id), queries.is_system(template_id)
    flight = await database().flight(
        Actor(user_id),
        choice_store.keep_shared(user_id, template_id, now),
        raised,
        choice_store.restore_texts(user_id, template_id, version, now),
        present,
        system,
    )
    row = flight.first(present)
    if flight.number_of(raised):
        return service.shown(row)
    if row and row.origin == "own" and expected not in (None, row.version):
        raise PreconditionFailed("precondition_failed")
    if flight.number_of(system):
        raise Forbidden("system_template")
    raise NotFound


async def pin(user_id: str, template_id: str, body: PinInput) -> Template:
    """Choose the version of somebody else's template that generations use, or follow the author."""
    pinned, present = choice_store.pin(user_id, template_id, body.version, clock.now()), queries.one(user_id, template_id)
    flight = await database().flight(Actor(user_id), pinned, present)
    row = flight.first(present)
    if flight.number_of(pinned):
        return service.shown(row)
    if row is not None and row.origin == "community":
        raise Invalid([field_error("version", "version_unknown")])
    raise _refusal(row)


async def unpin(user_id: str, template_id: str) -> None:
    """Forget the choice of a version: the next generation keeps the version that it uses. Raises :class:`NotFound`."""
    await _take_back(user_id, template_id, choice_store.unpin(user_id, template_id, clock.now()))


async def report(user_id: str, template_id: str, body: ReportInput) -> None:
    """Report a template that somebody else shares. It is hidden from the user, and counted for the operator."""
    reported, present = choice_store.report(user_id, template_id, body.reason, clock.now()), queries.one(user_id, template_id)
    flight = await database().flight(Actor(user_id), present, reported)
    if not flight.number_of(reported):
        raise _refusal(flight.first(present))


async def withdraw_report(user_id: str, template_id: str) -> None:
    """Take a report back, so that the template is shown again. Raises :class:`NotFound` if there is none."""
    await _take_back(user_id, template_id, choice_store.withdraw_report(user_id, template_id, clock.now()))


async def _take_back(user_id: str, template_id: str, statement: Statement) -> None:
    flight = await database().flight(Actor(user_id), statement, choice_store.forget_empty(user_id, template_id))
    if not flight.number_of(statement):
        raise NotFound


def _refusal(row: TemplateRow | None) -> Problem:
    """Return why a template is none that somebody else shares."""
    if row is None:
        return NotFound()
    return Forbidden("system_template") if row.origin == "system" else Conflict("own_template")
