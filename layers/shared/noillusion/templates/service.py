"""Templates: own ones with versions and lineage, the product's, the community's; and which one a generation uses.

What is filled into a template is content: it is returned to the caller and kept nowhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from noillusion.api import paging
from noillusion.api.paging import Page
from noillusion.core import clock
from noillusion.core.errors import Conflict, Forbidden, NotFound, Problem, field_error
from noillusion.core.sensitive import reveal
from noillusion.db import Actor, Row, Statement, database
from noillusion.idempotency import hashes
from noillusion.profiles.author import Author
from noillusion.templates import filling, queries, store
from noillusion.templates.models import (
    CopyInput,
    Filters,
    Preview,
    PreviewRequest,
    PromptText,
    Rating,
    RatingInput,
    ResolvedTemplate,
    Scope,
    Sort,
    Template,
    TemplateInput,
    TemplatePut,
    TemplateSummary,
)
from noillusion.templates.render import builtin_values

_VERSIONED = ("system_text", "user_text", "variables")

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
"""The last resort, for a database without the product's templates."""


async def browse(
    user_id: str, scope: Scope, sort: Sort, filters: Filters, cursor: str | None, limit: int
) -> Page[TemplateSummary]:
    """One page of templates. :class:`Invalid` for a cursor of another list."""
    place = paging.Listing("templates", user_id, {"scope": scope, "sort": sort, **filters.model_dump()})
    statement = queries.page(user_id, scope, sort, filters, _after(place.position(cursor, 2), sort), limit + 1)
    (rows,) = await database().flight(Actor(user_id), statement)
    shown, last = rows[:limit], rows[limit - 1] if len(rows) > limit else None
    return Page[TemplateSummary](
        items=[TemplateSummary(**_summary(row)) for row in shown],
        next_cursor=place.cursor(last["position"], last["id"]) if last else None,
    )


async def get(user_id: str, template_id: str, version: int | None = None) -> Template:
    """A template that the user can see, at its present version or (own templates) an earlier one."""
    (rows,) = await database().flight(Actor(user_id), queries.one(user_id, template_id, version))
    return _found(rows)


async def create(user_id: str, given: TemplateInput, key: str | None) -> Template:
    """Store a new template. With a key, a repeat of the request returns the template that the first one made.

    :class:`Conflict` if the key was used for another template, or the user has too many. Whether the template is the default is
    left out of the comparison, since another template may have become the default in between.
    """
    row_id, version_row, now = str(uuid4()), str(uuid4()), clock.now()
    keys = hashes(user_id, "templates", key) if key else ()
    default = store.make_default(user_id, row_id, version_row, given.content_mode) if given.is_default else ()
    *_, rows, first = await database().flight(
        Actor(user_id),
        store.create(user_id, row_id, keys, given, now),
        store.add_version(user_id, row_id, version_row, given, now),
        *default,
        queries.by_key(user_id, row_id, keys),
        queries.first_texts(user_id, keys),
    )
    made = _made(rows)
    if made.id != row_id and not _same(given, made, first):
        raise Conflict("idempotency_key_reused")
    return made


async def change(user_id: str, template_id: str, given: TemplatePut) -> Template:
    """Replace an own template's state with a new version. :class:`Conflict` if ``given.version`` is stale."""
    version_row, now = str(uuid4()), clock.now()
    default = store.make_default(user_id, template_id, version_row, given.content_mode) if given.is_default else ()
    changed, *_, rows, system = await database().flight(
        Actor(user_id),
        store.change(user_id, template_id, given, given.version, now),
        store.add_version(user_id, template_id, version_row, given, now),
        *default,
        queries.one(user_id, template_id),
        queries.is_system(template_id),
    )
    if changed:
        return _found(rows)
    if rows and rows[0]["origin"] == "own":
        raise Conflict("stale_version", errors=[field_error("version", "version")])
    raise _refused(system)


async def copy(user_id: str, source_id: str, given: CopyInput | None, key: str | None) -> Template:
    """A private copy of an own, shared or system template. A repeat with the same key returns the first copy."""
    row_id, keys = str(uuid4()), hashes(user_id, "templates", key) if key else ()
    *_, rows, source = await database().flight(
        Actor(user_id),
        *store.copy(user_id, source_id, row_id, keys, given.name if given else None, clock.now()),
        queries.by_key(user_id, row_id, keys),
        queries.one(user_id, source_id),
    )
    if not rows and not source:
        raise NotFound
    made = _made(rows)
    if made.copied_from != source_id:
        raise Conflict("idempotency_key_reused")
    return made


async def delete(user_id: str, template_id: str) -> None:
    """Forget an own template with all versions. Copies that others made stay theirs."""
    await _own(user_id, template_id, store.delete(user_id, template_id))


async def share(user_id: str, template_id: str) -> Template:
    """Show an own template, at its present and coming versions, to everybody. Nobody learns whose it is."""
    rows = await _own(
        user_id,
        template_id,
        store.share(user_id, template_id, clock.now()),
        queries.one(user_id, template_id),
    )
    return _found(rows)


async def unshare(user_id: str, template_id: str) -> None:
    """Hide an own template from others again."""
    await _own(user_id, template_id, store.unshare(user_id, template_id))


async def rate(user_id: str, template_id: str, given: RatingInput) -> Rating:
    """Give stars to somebody else's shared template; giving them again replaces them. :class:`Conflict` for own templates."""
    *_, rows = await database().flight(
        Actor(user_id),
        store.rate(user_id, template_id, given.stars, clock.now()),
        queries.one(user_id, template_id),
    )
    template = _found(rows)
    if template.origin == "own":
        raise Conflict("own_template")
    return template.rating


async def withdraw_rating(user_id: str, template_id: str) -> None:
    """Take back the user's stars; :class:`NotFound` if there are none."""
    if not (await database().flight(Actor(user_id), store.withdraw(user_id, template_id)))[0]:
        raise NotFound


async def preview(user_id: str, request: PreviewRequest) -> Preview:
    """The texts as a generation would use them. Nothing is stored, and nothing is counted."""
    named = str(request.template_id) if request.template_id else None
    wanted = (queries.resolve(user_id, named, None),) if named else ()
    author = queries.author(user_id)
    flight = await database().flight(Actor(user_id), author, *wanted)
    found = flight[1:]
    template = resolved(found[0], named) if found else request.template
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
    """The template to generate with: the named one, the user's default, the product's default, the built-in one.

    Without a content mode the profile's is used. :class:`NotFound` if a template is named that the user cannot see.
    """
    (rows,) = await database().flight(Actor(user_id), resolve_statement(user_id, template_id, content_mode))
    return resolved(rows, template_id)


def resolve_statement(user_id: str, template_id: str | None, content_mode: str | None) -> Statement:
    """The query of :func:`resolve`, for a caller that has a flight of its own; its rows go to :func:`resolved`."""
    return queries.resolve(user_id, template_id, content_mode)


def resolved(rows: Sequence[Row], template_id: str | None) -> ResolvedTemplate:
    """The template that :func:`resolve_statement` found. :class:`NotFound` if the named one is not there."""
    if not rows:
        if template_id is not None:
            raise NotFound
        return BUILT_IN
    fields = {name: rows[0][name] for name in ResolvedTemplate.model_fields if name != "version"}
    return ResolvedTemplate(**fields, version=rows[0]["text_version"])


def count_use(user_id: str, template_id: str) -> Statement:
    """Counts one generation with a template, in the caller's flight."""
    return store.count_use(user_id, template_id)


async def _own(user_id: str, template_id: str, *statements: Statement) -> list[Row]:
    """Run statements on an own template, of which the first returns its id; the rows of the last."""
    results = await database().flight(Actor(user_id), *statements, queries.is_system(template_id))
    if not results[0]:
        raise _refused(results[-1])
    return results[-2]


def _refused(system: Sequence[Row]) -> Problem:
    if system:
        return Forbidden("system_template")
    return NotFound()


def _made(rows: Sequence[Row]) -> Template:
    if not rows:
        raise Conflict("too_many_templates", limit=store.MAX_TEMPLATES)
    return _found(rows)


def _same(given: TemplateInput, made: Template, first: Sequence[Row]) -> bool:
    """Whether a key's template came from the same request. What has no versions is compared while nothing has been edited."""
    if (
        made.copied_from
        or not first
        or PromptText(**first[0]) != PromptText(**{name: getattr(given, name) for name in _VERSIONED})
    ):
        return False
    plain = ("name", "description", "content_mode", "platforms", "tags")
    return made.version > 1 or all(getattr(given, name) == getattr(made, name) for name in plain)


def _after(position: Sequence[str] | None, sort: Sort) -> tuple[datetime | int, str] | None:
    if position is None:
        return None
    return datetime.fromisoformat(position[0]) if sort == "new" else int(position[0]), position[1]


def _found(rows: Sequence[Row]) -> Template:
    if not rows:
        raise NotFound
    row = rows[0]
    texts = {name: row[name] for name in _VERSIONED}
    return Template(**_summary(row) | {"version": row["text_version"]}, **texts)


def _summary(row: Row) -> dict[str, Any]:
    average = round(row["rating_sum"] / row["rating_count"], 2) if row["rating_count"] else None
    rating = Rating(average=average, count=row["rating_count"], mine=row["stars"])
    fields = {name: row[name] for name in TemplateSummary.model_fields if name != "rating"}
    return fields | {"rating": rating, "is_default": bool(row["is_default"])}
