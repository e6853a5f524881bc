"""SQL of templates. Every statement names ``user_id``; what others share is read through the view ``shared_templates``, which
does not say whose it is. Counters are the database's business: they follow ratings and uses."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from noillusion.core.identity import SYSTEM
from noillusion.db import Json, Query, Statement, among, query, sql
from noillusion.profiles.author import Author
from noillusion.templates.models import Filters, Scope, Sort, TemplateInput

MAX_TEMPLATES = 500
"""Templates that one user may have."""

_COMMON = """t.name, t.description, t.content_mode, t.platforms, t.tags, t.version, t.shared_at, t.usage_count, t.rating_sum,
  t.rating_count, t.created_at, t.updated_at"""
_TEXTS = "v.version AS text_version, v.system_text, v.user_text, v.variables"
_VERSIONS = "JOIN prompt_template_versions v ON v.template_id = t.id AND v.user_id = t.user_id"

_OWN = f"t.id, 'own' AS origin, {_COMMON}, t.is_default, t.copied_from, t.copied_version, NULL AS stars"
"""Columns of a template of the user's, from ``prompt_templates t``."""
_SHARED = f"""t.id, CASE WHEN t.is_product THEN 'system' WHEN o.id IS NOT NULL THEN 'own' ELSE 'community' END AS origin,
  {_COMMON}, o.is_default, o.copied_from, o.copied_version, r.stars"""
"""The same columns of a shared template. What is private of it is there only for its owner and of the product's."""
_LIBRARY = f"""shared_templates t LEFT JOIN prompt_templates o ON o.id = t.id AND o.user_id IN (:user_id, '{SYSTEM}')
  LEFT JOIN prompt_template_ratings r ON r.template_id = t.id AND r.user_id = :user_id"""
_ANOTHERS = "NOT EXISTS (SELECT 1 FROM prompt_templates mine WHERE mine.id = t.id AND mine.user_id = :user_id)"

# Five imagined ratings of three stars, so that one enthusiast does not outrank a hundred content people; integers, so that a
# cursor's comparison is exact on both engines.
_SCORE = "(t.rating_sum + 15) * 100000 / (t.rating_count + 5)"
_SCOPES: dict[Scope, tuple[str, str, str]] = {
    "mine": (_OWN, "prompt_templates t", "t.user_id = :user_id"),
    "community": (_SHARED, _LIBRARY, "NOT t.is_product"),
    "system": (_SHARED, _LIBRARY, "t.is_product"),
}
"""Columns, source and condition of each list."""
_NEWEST: dict[Scope, str] = {"mine": "t.created_at", "community": "t.shared_at", "system": "t.shared_at"}
_ORDERS: dict[Sort, str] = {"rating": _SCORE, "usage": "t.usage_count"}
# The engines write jsonb as text differently outside ASCII: one as the character, one as its JSON escape.
_FILTERS = {
    "q": "(lower(t.name) LIKE lower(:q) ESCAPE '!' OR lower(t.description) LIKE lower(:q) ESCAPE '!')",
    "mode": "t.content_mode = :mode",
    "platform": "(CAST(t.platforms AS text) = '[]' OR CAST(t.platforms AS text) LIKE :platform ESCAPE '!')",
    "tag": "(CAST(t.tags AS text) LIKE :tag ESCAPE '!' OR CAST(t.tags AS text) LIKE :tag_escaped ESCAPE '!')",
}


def _contains(text: str) -> str:
    return "%" + re.sub(r"([!%_])", r"!\1", text) + "%"


def page(
    user_id: str, scope: Scope, sort: Sort, filters: Filters, after: tuple[datetime | int, str] | None, limit: int
) -> Statement:
    """Up to ``limit`` templates behind ``after`` (sort value, id), best or newest first, each with its ``position``."""
    wanted = filters.model_dump(exclude_none=True)
    order = _ORDERS.get(sort, _NEWEST[scope])
    columns, source, condition = _SCOPES[scope]
    conditions = [condition, *(text for name, text in _FILTERS.items() if name in wanted)]
    params: dict[str, Any] = {"user_id": user_id, "limit": limit}
    if "q" in wanted:
        params["q"] = _contains(wanted["q"])
    if "mode" in wanted:
        params["mode"] = wanted["mode"]
    if "platform" in wanted:
        params["platform"] = _contains(f'"{wanted["platform"]}"')
    if "tag" in wanted:
        params |= {"tag": _contains(f'"{wanted["tag"]}"'), "tag_escaped": _contains(json.dumps(wanted["tag"]))}
    if after is not None:
        conditions.append(f"({order}, t.id) < (:position, :after)")
        params |= {"position": after[0], "after": after[1]}
    return sql(
        f"""SELECT {columns}, {order} AS position FROM {source}
            WHERE {" AND ".join(conditions)} ORDER BY position DESC, t.id DESC LIMIT :limit""",  # noqa: S608 - constants above
        **params,
    )


def one(user_id: str, template_id: str, version: int | None = None) -> Statement:
    """A template that the user can see, with its texts. Only its owner sees a version other than the present one."""
    own, present = ("v.version = t.version", "") if version is None else ("v.version = :version", "AND t.version = :version")
    return sql(
        f"""SELECT {_OWN}, {_TEXTS} FROM prompt_templates t {_VERSIONS} WHERE t.id = :id AND t.user_id = :user_id AND {own}
            UNION ALL
            SELECT {_SHARED}, t.version, t.system_text, t.user_text, t.variables FROM {_LIBRARY}
            WHERE t.id = :id AND {_ANOTHERS} {present}""",  # noqa: S608 - constants
        user_id=user_id,
        id=template_id,
        **({} if version is None else {"version": version}),
    )


def _made_with(keys: Sequence[str]) -> tuple[str, dict[str, str]]:
    """A condition on ``t``: it was made with this key, given in the forms in which a key may be stored (none: without a key)."""
    listed, params = among("key", keys)
    return (f"t.idempotency_key IN ({listed})", params) if keys else ("1 = 0", {})


def by_key(user_id: str, template_id: str, keys: Sequence[str]) -> Statement:
    """The template just made, or the one that an earlier request with the same key made, with its present texts."""
    condition, params = _made_with(keys)
    return sql(
        f"""SELECT {_OWN}, {_TEXTS} FROM prompt_templates t {_VERSIONS}
            WHERE t.user_id = :user_id AND v.version = t.version AND (t.id = :id OR {condition})""",  # noqa: S608
        user_id=user_id,
        id=template_id,
        **params,
    )


def first_texts(user_id: str, keys: Sequence[str]) -> Statement:
    """The first version's texts of the template that was made with a key."""
    condition, params = _made_with(keys)
    return sql(
        f"""SELECT v.system_text, v.user_text, v.variables FROM prompt_templates t
           JOIN prompt_template_versions v ON v.template_id = t.id AND v.user_id = t.user_id AND v.version = 1
           WHERE t.user_id = :user_id AND {condition}""",  # noqa: S608 - constants above
        user_id=user_id,
        **params,
    )


def create(user_id: str, row_id: str, keys: Sequence[str], given: TemplateInput, now: datetime) -> Statement:
    """A new template unless the key is used or the user has :data:`MAX_TEMPLATES`. Becoming the default is a separate step."""
    used, params = _made_with(keys)
    return sql(
        f"""INSERT INTO prompt_templates
             (id, user_id, idempotency_key, name, description, content_mode, platforms, tags, created_at, updated_at)
           SELECT :id, :user_id, :key, :name, :description, :content_mode, :platforms, :tags, :now, :now
           WHERE (SELECT count(*) FROM prompt_templates WHERE user_id = :user_id) < :most
             AND NOT EXISTS (SELECT 1 FROM prompt_templates t WHERE t.user_id = :user_id AND {used})
           ON CONFLICT (user_id, idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING""",  # noqa: S608 - constants above
        **params,
        id=row_id,
        user_id=user_id,
        key=keys[0] if keys else None,
        name=given.name,
        description=given.description,
        content_mode=given.content_mode,
        platforms=Json(given.platforms),
        tags=Json(given.tags),
        now=now,
        most=MAX_TEMPLATES,
    )


def change(user_id: str, template_id: str, given: TemplateInput, version: int | None, now: datetime) -> Statement:
    """The new state of an own template and its next version number; no row if ``version`` is no longer the present one."""
    return sql(
        f"""UPDATE prompt_templates SET name = :name, description = :description, content_mode = :content_mode,
              platforms = :platforms, tags = :tags, is_default = false, version = version + 1, updated_at = :now
            WHERE user_id = :user_id AND id = :id {"" if version is None else "AND version = :version"} RETURNING id""",  # noqa: S608
        user_id=user_id,
        id=template_id,
        name=given.name,
        description=given.description,
        content_mode=given.content_mode,
        platforms=Json(given.platforms),
        tags=Json(given.tags),
        now=now,
        **({} if version is None else {"version": version}),
    )


def add_version(user_id: str, template_id: str, row_id: str, given: TemplateInput, now: datetime) -> Statement:
    """The texts of the template's present version, if that version has none yet."""
    return sql(
        """INSERT INTO prompt_template_versions
             (id, user_id, template_id, version, system_text, user_text, variables, created_at, updated_at)
           SELECT :row_id, t.user_id, t.id, t.version, :system_text, :user_text, :variables, :now, :now
           FROM prompt_templates t WHERE t.user_id = :user_id AND t.id = :id
           ON CONFLICT (template_id, version) DO NOTHING""",
        row_id=row_id,
        user_id=user_id,
        id=template_id,
        system_text=given.system_text,
        user_text=given.user_text,
        variables=Json([variable.model_dump(mode="json") for variable in given.variables]),
        now=now,
    )


def make_default(user_id: str, template_id: str, version_row: str, content_mode: str) -> tuple[Statement, Statement]:
    """One default per content mode. Nothing happens unless the version row was really written in this transaction."""
    written = "EXISTS (SELECT 1 FROM prompt_template_versions WHERE user_id = :user_id AND id = :version_row)"
    others = f"""UPDATE prompt_templates SET is_default = false
                 WHERE user_id = :user_id AND content_mode = :mode AND is_default AND id <> :id AND {written}"""  # noqa: S608
    itself = f"UPDATE prompt_templates SET is_default = true WHERE user_id = :user_id AND id = :id AND {written}"  # noqa: S608
    return (
        sql(others, user_id=user_id, id=template_id, mode=content_mode, version_row=version_row),
        sql(itself, user_id=user_id, id=template_id, version_row=version_row),
    )


def copy(
    user_id: str, source_id: str, row_id: str, keys: Sequence[str], name: str | None, now: datetime
) -> tuple[Statement, Statement]:
    """A private copy of a template that the user can see, with its lineage."""
    copied = "t.id, t.name, t.description, t.content_mode, t.platforms, t.tags, t.version"
    used, params = _made_with(keys)
    template = sql(
        f"""INSERT INTO prompt_templates (id, user_id, idempotency_key, name, description, content_mode, platforms, tags,
              copied_from, copied_version, created_at, updated_at)
            SELECT :row_id, :user_id, :key, COALESCE(:name, t.name), t.description, t.content_mode, t.platforms, t.tags,
              t.id, t.version, :now, :now
            FROM (SELECT {copied} FROM prompt_templates t WHERE t.user_id = :user_id
                  UNION ALL SELECT {copied} FROM shared_templates t WHERE {_ANOTHERS}) t
            WHERE t.id = :source AND (SELECT count(*) FROM prompt_templates WHERE user_id = :user_id) < :most
              AND NOT EXISTS (SELECT 1 FROM prompt_templates t WHERE t.user_id = :user_id AND {used})
            ON CONFLICT (user_id, idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING""",  # noqa: S608 - constants above
        **params,
        row_id=row_id,
        user_id=user_id,
        key=keys[0] if keys else None,
        name=name,
        source=source_id,
        now=now,
        most=MAX_TEMPLATES,
    )
    texts = sql(
        f"""INSERT INTO prompt_template_versions
              (id, user_id, template_id, version, system_text, user_text, variables, created_at, updated_at)
            SELECT :version_row, c.user_id, c.id, 1, t.system_text, t.user_text, t.variables, :now, :now
            FROM prompt_templates c JOIN (
              SELECT v.template_id AS id, v.version, v.system_text, v.user_text, v.variables
              FROM prompt_template_versions v WHERE v.user_id = :user_id
              UNION ALL
              SELECT t.id, t.version, t.system_text, t.user_text, t.variables FROM shared_templates t WHERE {_ANOTHERS}
            ) t ON t.id = c.copied_from AND t.version = c.copied_version
            WHERE c.user_id = :user_id AND c.id = :row_id""",  # noqa: S608 - constant
        version_row=str(uuid4()),
        user_id=user_id,
        row_id=row_id,
        now=now,
    )
    return template, texts


def delete(user_id: str, template_id: str) -> Statement:
    """Forget an own template with its versions and ratings; copies of it stay."""
    return sql("DELETE FROM prompt_templates WHERE user_id = :user_id AND id = :id RETURNING id", user_id=user_id, id=template_id)


def is_system(template_id: str) -> Statement:
    """One row if the id is a system template's."""
    return sql("SELECT id FROM shared_templates WHERE id = :id AND is_product", id=template_id)


def share(user_id: str, template_id: str, now: datetime) -> Statement:
    """Show an own template to everybody; sharing again keeps the first time."""
    return sql(
        "UPDATE prompt_templates SET shared_at = COALESCE(shared_at, :now) WHERE user_id = :user_id AND id = :id RETURNING id",
        user_id=user_id,
        id=template_id,
        now=now,
    )


def unshare(user_id: str, template_id: str) -> Statement:
    """Hide an own template again; its ratings stay for another time."""
    return sql(
        "UPDATE prompt_templates SET shared_at = NULL WHERE user_id = :user_id AND id = :id RETURNING id",
        user_id=user_id,
        id=template_id,
    )


def rate(user_id: str, template_id: str, stars: int, now: datetime) -> Statement:
    """Keep the user's stars, in place of those that the user gave before. Own and private templates are left alone."""
    return sql(
        f"""INSERT INTO prompt_template_ratings (id, user_id, template_id, stars, created_at, updated_at)
            SELECT :row_id, :user_id, t.id, :stars, :now, :now FROM shared_templates t WHERE t.id = :id AND {_ANOTHERS}
            ON CONFLICT (user_id, template_id) DO UPDATE SET stars = excluded.stars, updated_at = excluded.updated_at""",  # noqa: S608
        row_id=str(uuid4()),
        user_id=user_id,
        id=template_id,
        stars=stars,
        now=now,
    )


def withdraw(user_id: str, template_id: str) -> Statement:
    """Take back the user's stars, also where the template is not shared any more. A row if there were any."""
    return sql(
        "DELETE FROM prompt_template_ratings WHERE user_id = :user_id AND template_id = :id RETURNING id",
        user_id=user_id,
        id=template_id,
    )


def count_use(user_id: str, template_id: str) -> Statement:
    """One more generation with a template that the user can see."""
    return sql(
        "INSERT INTO prompt_template_uses (user_id, template_id) VALUES (:user_id, :id)",
        user_id=user_id,
        id=template_id,
    )


def resolve(user_id: str, template_id: str | None, content_mode: str | None) -> Statement:
    """The template to work with: the named one, else the user's default of the content mode, else the product's.

    Without a content mode the profile's is used. At most one row.
    """
    columns = "t.name, t.content_mode"
    if template_id is not None:
        return sql(
            f"""SELECT t.id, 'own' AS origin, {columns}, {_TEXTS} FROM prompt_templates t {_VERSIONS} AND v.version = t.version
                WHERE t.id = :id AND t.user_id = :user_id
                UNION ALL
                SELECT t.id, CASE WHEN t.is_product THEN 'system' ELSE 'community' END, {columns}, t.version, t.system_text,
                  t.user_text, t.variables
                FROM shared_templates t WHERE t.id = :id AND {_ANOTHERS}""",  # noqa: S608 - constants
            user_id=user_id,
            id=template_id,
        )
    mode = ":mode" if content_mode else "COALESCE((SELECT content_mode FROM profiles WHERE user_id = :user_id), 'personal')"
    return sql(
        f"""SELECT t.id, CASE WHEN t.user_id = '{SYSTEM}' THEN 'system' ELSE 'own' END AS origin, {columns}, {_TEXTS}
            FROM prompt_templates t {_VERSIONS} AND v.version = t.version
            WHERE t.is_default AND t.content_mode = {mode} AND (t.user_id = :user_id OR t.user_id = '{SYSTEM}')
            ORDER BY CASE WHEN t.user_id = :user_id THEN 0 ELSE 1 END LIMIT 1""",  # noqa: S608 - constants
        user_id=user_id,
        **({"mode": content_mode} if content_mode else {}),
    )


def author(user_id: str) -> Query[Author]:
    """Select what templates can mention of the profile."""
    return query(Author, "SELECT {columns} FROM profiles WHERE user_id = :user_id", user_id=user_id)
