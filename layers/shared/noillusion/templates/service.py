"""Templates: a user's own with versions and origin, system templates, shared ones; and the selection for a generation.

Values filled into a template are content: they are returned to the caller and never stored.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from pydantic import BaseModel

from noillusion import idempotency
from noillusion.api import paging
from noillusion.api.paging import Page
from noillusion.core import clock
from noillusion.core.errors import Conflict, Forbidden, NotFound, PreconditionFailed, Problem, field_error
from noillusion.core.preconditions import ANY, Condition, etag
from noillusion.core.sensitive import reveal
from noillusion.db import Actor, Flight, Query, Statement, database
from noillusion.idempotency import hashes
from noillusion.profiles.author import Author
from noillusion.templates import choice_store, defaults, filling, queries, store
from noillusion.templates.models import (
    CopyInput,
    Filters,
    Preview,
    PreviewRequest,
    Rating,
    RatingInput,
    ResolvedTemplate,
    Scope,
    Sort,
    Template,
    TemplateContentInput,
    TemplateInput,
    TemplatePut,
    TemplateSummary,
)
from noillusion.templates.render import builtin_values
from noillusion.templates.rows import KeyedRow, ResolvedRow, TemplateRow

_NEW = "new"
"""Stands for the source of a template that is no copy."""
BUILT_IN = ResolvedTemplate(
    id=None,
    origin="built_in",
    name="Built-in",
    content_mode="personal",
    version=1,
    system_text=(
        "You help the author write posts for {platform_name}. Write in the first person, plainly, in the language of the brief. "
        "Use only facts from the brief and from what follows about the author; invent nothing.\n"
        "Name: {user_name}\nAbout the author: {user_bio}\nSkills: {user_skills}\nMission: {user_mission}\nStyle: {platform_style}"
    ),
    user_text="Brief: {topic}\nText to work from, possibly empty: {text}",
    variables=[],
)
"""Fallback for a database without system templates."""


async def browse(
    user_id: str, scope: Scope, sort: Sort, filters: Filters, cursor: str | None, limit: int
) -> Page[TemplateSummary]:
    """Return one page of templates. Raises :class:`Invalid` for a cursor of another list."""
    place = paging.Listing("templates", user_id, {"scope": scope, "sort": sort, **filters.model_dump()})
    page = queries.page(user_id, scope, sort, filters, _after(place.position(cursor, 2), sort), limit + 1)
    rows = (await database().flight(Actor(user_id), page))[page]
    last = rows[limit - 1] if len(rows) > limit else None
    return Page[TemplateSummary](
        items=[TemplateSummary.of(row) for row in rows[:limit]],
        next_cursor=place.cursor(last.position, last.id) if last else None,
    )


async def get(user_id: str, template_id: str, version: int | None = None) -> Template:
    """Return a template that the user can see, in its current version or, for own templates, an earlier one."""
    template = queries.one(user_id, template_id, version)
    return shown((await database().flight(Actor(user_id), template)).first(template))


async def create(user_id: str, body: TemplateInput, key: str | None) -> tuple[Template, bool]:
    """Store a new template. With a key, a repeat of the request gets the template that the first one created, and true.

    Raises :class:`Conflict` if the key was used for another request, or the user has too many templates.
    """
    return await add(user_id, body, key, _NEW, body, is_default=body.is_default)


async def add(
    user_id: str,
    body: TemplateContentInput,
    key: str | None,
    source: str,
    request: BaseModel,
    lineage: Sequence[Mapping[str, Any]] = (),
    *,
    is_default: bool = False,
) -> tuple[Template, bool]:
    """Store a template of a request as :func:`create` does."""
    row_id, version_row, now = str(uuid4()), str(uuid4()), clock.now()
    keys = hashes(user_id, "templates", key) if key else ()
    fingerprint = idempotency.fingerprint_of(user_id, "templates", key, request, source)
    default = store.make_default(user_id, row_id, version_row, body.content_mode) if is_default else ()
    stored = queries.by_key(user_id, row_id, keys)
    flight = await defaults.fly(
        user_id,
        store.create(user_id, row_id, keys, fingerprint, body, lineage, now),
        store.add_version(user_id, row_id, version_row, body, now),
        *default,
        stored,
    )
    return _created(user_id, key, row_id, flight.first(stored), request, source)


def _created(
    user_id: str, key: str | None, row_id: str, row: KeyedRow | None, body: BaseModel | None, source: str
) -> tuple[Template, bool]:
    """Return the template that was created, and true if an earlier request with the same key created it."""
    if row is None:
        raise Conflict("too_many_templates", limit=store.MAX_TEMPLATES)
    if row.id != row_id and key is not None:
        idempotency.check_repeat(row.request_fingerprint, row.created_at, user_id, "templates", key, body, source)
    return shown(row), row.id != row_id


def tag(template: Template) -> str:
    """Return the entity tag of a template. Uses and ratings, which are other people's, do not change it."""
    return etag(template, without={"usage_count", "rating", "version_rating"})


async def expected(user_id: str, template_id: str, condition: Condition) -> int | None:
    """Return the version that an own template has in the state that the condition names; ``None`` if any will do.

    Raises :class:`PreconditionFailed` if it is in another state. What is not there, or not the user's, is refused later.
    """
    if not condition:
        return None
    template = queries.one(user_id, template_id)
    row = (await database().flight(Actor(user_id), template)).first(template)
    if row is None or row.origin != "own":
        return None
    condition.check(tag(shown(row)))
    return row.version


async def change(user_id: str, template_id: str, body: TemplatePut, condition: Condition = ANY) -> Template:
    """Replace an own template with a new version. Raises :class:`Conflict` if ``body.version`` is stale, and
    :class:`PreconditionFailed` if the template is not in the state that the condition names."""
    current = await expected(user_id, template_id, condition)
    version = current if body.version is None else body.version
    version_row, now = str(uuid4()), clock.now()
    default = store.make_default(user_id, template_id, version_row, body.content_mode) if body.is_default else ()
    changed = store.change(user_id, template_id, body, version, now)
    present, system = queries.one(user_id, template_id), queries.is_system(template_id)
    flight = await defaults.fly(
        user_id,
        choice_store.keep_shared(user_id, template_id, now),
        changed,
        store.add_version(user_id, template_id, version_row, body, now),
        *default,
        present,
        system,
    )
    row = flight.first(present)
    if flight.number_of(changed):
        return shown(row)
    if row and row.origin == "own" and body.version in (None, row.version):
        raise PreconditionFailed("precondition_failed")
    if row and row.origin == "own":
        raise Conflict("stale_version", errors=[field_error("version", "version")])
    raise _refused(is_system=flight.number_of(system) > 0)


async def copy(user_id: str, source_id: str, body: CopyInput | None, key: str | None) -> tuple[Template, bool]:
    """Create a private copy of an own, shared or system template. A repeat with the same key gets the first copy, and true."""
    row_id, keys = str(uuid4()), hashes(user_id, "templates", key) if key else ()
    fingerprint = idempotency.fingerprint_of(user_id, "templates", key, body, source_id)
    stored, source = queries.by_key(user_id, row_id, keys), queries.one(user_id, source_id)
    flight = await database().flight(
        Actor(user_id),
        *store.copy(user_id, source_id, row_id, keys, fingerprint, body.name if body else None, clock.now()),
        stored,
        source,
    )
    row = flight.first(stored)
    if row is None and not flight.number_of(source):
        raise NotFound
    return _created(user_id, key, row_id, row, body, source_id)


async def delete(user_id: str, template_id: str, condition: Condition = ANY) -> None:
    """Delete an own template with all versions. Copies by other users remain."""
    current = await expected(user_id, template_id, condition)
    deletion, present, system = (
        store.delete(user_id, template_id, current),
        queries.one(user_id, template_id),
        queries.is_system(template_id),
    )
    flight = await database().flight(Actor(user_id), deletion, present, system)
    row = flight.first(present)
    if flight.number_of(deletion):
        return
    if row and row.origin == "own":
        raise PreconditionFailed("precondition_failed")
    raise _refused(is_system=flight.number_of(system) > 0)


async def share(user_id: str, template_id: str) -> Template:
    """Share the current and future versions of an own template with everybody, without showing its owner."""
    template = queries.one(user_id, template_id)
    flight = await _own(user_id, template_id, store.share(user_id, template_id, clock.now()), template)
    return shown(flight.first(template))


async def unshare(user_id: str, template_id: str) -> None:
    """Stop sharing an own template."""
    # Before it is hidden, because a version that was shared once is readable again when the template is.
    kept = choice_store.keep_shared(user_id, template_id, clock.now())
    await _own(user_id, template_id, store.unshare(user_id, template_id), before=kept)


async def rate(user_id: str, template_id: str, body: RatingInput) -> Rating:
    """Rate a shared template of another user, replacing an earlier rating. Raises :class:`Conflict` for own templates."""
    rated = queries.one(user_id, template_id)
    flight = await database().flight(Actor(user_id), store.rate(user_id, template_id, body.stars, clock.now()), rated)
    template = shown(flight.first(rated))
    if template.origin == "own":
        raise Conflict("own_template")
    return template.rating


async def withdraw_rating(user_id: str, template_id: str) -> None:
    """Delete the user's rating. Raises :class:`NotFound` if there is none."""
    withdrawn = store.withdraw(user_id, template_id)
    if not (await database().flight(Actor(user_id), withdrawn)).number_of(withdrawn):
        raise NotFound


async def preview(user_id: str, request: PreviewRequest) -> Preview:
    """Return the texts as a generation would use them. Nothing is stored or counted."""
    template_id = request.template_id
    stored = queries.resolve(user_id, template_id, None) if template_id else None
    author = queries.author(user_id)
    flight = await database().flight(Actor(user_id), author, *([stored] if stored else ()))
    template = resolved(flight.first(stored), template_id) if stored else request.template
    assert template is not None
    values = builtin_values(flight.first(author) or Author(), request.platforms, reveal(request.topic), reveal(request.text))
    filled = filling.fill(template, values, request.variables)
    return Preview(
        system_text=filled.system_text,
        user_text=filled.user_text,
        missing=list(filled.missing),
        unknown=list(filled.unknown),
    )


async def resolve(user_id: str, template_id: str | None, content_mode: str | None) -> ResolvedTemplate:
    """Return the template to use: the named one, the user's default, the system template, or the built-in one.

    Without a content mode, that of the profile is used. Raises :class:`NotFound` if the user cannot see the named template.
    """
    template = resolve_statement(user_id, template_id, content_mode)
    return resolved((await database().flight(Actor(user_id), template)).first(template), template_id)


def resolve_statement(
    user_id: str, template_id: str | None, content_mode: str | None, version: int | None = None
) -> Query[ResolvedRow]:
    """Return the query of :func:`resolve` for the caller's own flight; pass its row to :func:`resolved`."""
    return queries.resolve(user_id, template_id, content_mode, version)


def resolved(row: ResolvedRow | None, template_id: str | None) -> ResolvedTemplate:
    """Return the template that :func:`resolve_statement` selected. Raises :class:`NotFound` if the named one does not exist."""
    if row is not None:
        return ResolvedTemplate.of(row)
    if template_id is not None:
        raise NotFound
    return BUILT_IN


def uses(user_id: str, template: ResolvedTemplate) -> list[Statement]:
    """Return statements for the caller's flight: they count a generation, and keep the version that another's template had."""
    if template.id is None or template.origin == "own":
        return []
    counted = store.count_use(user_id, template.id)
    if template.origin == "system":
        return [counted]
    return [counted, choice_store.pin_first(user_id, template.id, template.version, clock.now())]


async def _own(user_id: str, template_id: str, *statements: Statement, before: Statement | None = None) -> Flight:
    """Run statements on an own template; the first returns its id. ``before`` is run before them."""
    system = queries.is_system(template_id)
    flight = await database().flight(Actor(user_id), *([before] if before else ()), *statements, system)
    if not flight.number_of(statements[0]):
        raise _refused(is_system=flight.number_of(system) > 0)
    return flight


def _refused(*, is_system: bool) -> Problem:
    if is_system:
        return Forbidden("system_template")
    return NotFound()


def _after(position: Sequence[str] | None, sort: Sort) -> tuple[datetime | int, str] | None:
    if position is None:
        return None
    return datetime.fromisoformat(position[0]) if sort == "new" else int(position[0]), position[1]


def shown(row: TemplateRow | None) -> Template:
    """Return the template of a row. Raises :class:`NotFound` if there is none."""
    if row is None:
        raise NotFound
    return Template.of(row)
