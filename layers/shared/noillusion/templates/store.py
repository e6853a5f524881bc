"""SQL that writes templates. Every statement names ``user_id``. The database keeps the counters of ratings
and uses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from noillusion.db import Json, Statement, sql
from noillusion.templates.models import TemplateContentInput, TemplateInput
from noillusion.templates.queries import ANOTHERS, NOT_REPORTED, created_with
from noillusion.templates.words import search_text

MAX_TEMPLATES = 500
"""Maximum number of templates of one user."""


def create(
    user_id: str,
    row_id: str,
    keys: Sequence[str],
    fingerprint: str | None,
    template: TemplateContentInput,
    lineage: Sequence[Mapping[str, Any]],
    now: datetime,
) -> Statement:
    """Insert a template unless the key is used or the user has :data:`MAX_TEMPLATES`. Becoming the default is a separate step."""
    used, params = created_with(keys)
    return sql(
        f"""INSERT INTO prompt_templates
             (id, user_id, idempotency_key, request_fingerprint, name, description, search_text, is_searchable, content_mode,
              platforms, tags, lineage, created_at, updated_at)
           SELECT :id, :user_id, :key, :fingerprint, :name, :description, :words, true, :content_mode, :platforms, :tags,
             :lineage, :now, :now
           WHERE (SELECT count(*) FROM prompt_templates WHERE user_id = :user_id) < :most
             AND NOT EXISTS (SELECT 1 FROM prompt_templates t WHERE t.user_id = :user_id AND {used})
           ON CONFLICT (user_id, idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING""",  # noqa: S608 - constants above
        **params,
        id=row_id,
        user_id=user_id,
        key=keys[0] if keys else None,
        fingerprint=fingerprint,
        name=template.name,
        description=template.description,
        words=search_text(template.name, template.description),
        content_mode=template.content_mode,
        platforms=Json(template.platforms),
        tags=Json(template.tags),
        lineage=Json(lineage),
        now=now,
        most=MAX_TEMPLATES,
    )


def change(user_id: str, template_id: str, template: TemplateInput, version: int | None, now: datetime) -> Statement:
    """Update an own template and its version number. Returns a row unless ``version`` is no longer the current one."""
    return sql(
        f"""UPDATE prompt_templates SET name = :name, description = :description, search_text = :words, is_searchable = true,
              content_mode = :content_mode, platforms = :platforms, tags = :tags, is_default = false, version = version + 1,
              updated_at = :now
            WHERE user_id = :user_id AND id = :id {"" if version is None else "AND version = :version"} RETURNING id""",  # noqa: S608
        user_id=user_id,
        id=template_id,
        name=template.name,
        description=template.description,
        words=search_text(template.name, template.description),
        content_mode=template.content_mode,
        platforms=Json(template.platforms),
        tags=Json(template.tags),
        now=now,
        **({} if version is None else {"version": version}),
    )


def add_version(user_id: str, template_id: str, row_id: str, template: TemplateContentInput, now: datetime) -> Statement:
    """Insert the texts of the template's current version, if it has none yet."""
    return sql(
        """INSERT INTO prompt_template_versions
             (id, user_id, template_id, version, system_text, user_text, variables, created_at, updated_at)
           SELECT :row_id, t.user_id, t.id, t.version, :system_text, :user_text, :variables, :now, :now
           FROM prompt_templates t WHERE t.user_id = :user_id AND t.id = :id
           ON CONFLICT (template_id, version) DO NOTHING""",
        row_id=row_id,
        user_id=user_id,
        id=template_id,
        system_text=template.system_text,
        user_text=template.user_text,
        variables=Json([variable.model_dump(mode="json") for variable in template.variables]),
        now=now,
    )


def make_default(user_id: str, template_id: str, version_row: str, content_mode: str) -> tuple[Statement, Statement]:
    """Make a template the only default of its content mode, if the version row was written in this transaction."""
    written = "EXISTS (SELECT 1 FROM prompt_template_versions WHERE user_id = :user_id AND id = :version_row)"
    others = f"""UPDATE prompt_templates SET is_default = false
                 WHERE user_id = :user_id AND content_mode = :mode AND is_default AND id <> :id AND {written}"""  # noqa: S608
    itself = f"UPDATE prompt_templates SET is_default = true WHERE user_id = :user_id AND id = :id AND {written}"  # noqa: S608
    return (
        sql(others, user_id=user_id, id=template_id, mode=content_mode, version_row=version_row),
        sql(itself, user_id=user_id, id=template_id, version_row=version_row),
    )


def copy(
    user_id: str, source_id: str, row_id: str, keys: Sequence[str], fingerprint: str | None, name: str | None, now: datetime
) -> tuple[Statement, Statement, Statement]:
    """Insert a private copy of a template that the user can see, with its origin and its texts.

    The last statement takes back a copy whose source was hidden before its texts were read.
    """
    return (
        _template_copy(user_id, source_id, row_id, keys, fingerprint, name, now),
        _texts_copy(user_id, source_id, row_id, now),
        sql(
            """DELETE FROM prompt_templates WHERE user_id = :user_id AND id = :row_id AND NOT EXISTS (
                 SELECT 1 FROM prompt_template_versions v WHERE v.user_id = :user_id AND v.template_id = :row_id)""",
            user_id=user_id,
            row_id=row_id,
        ),
    )


def _template_copy(
    user_id: str, source_id: str, row_id: str, keys: Sequence[str], fingerprint: str | None, name: str | None, now: datetime
) -> Statement:
    copied = "t.id, t.name, t.description, t.content_mode, t.platforms, t.tags, t.version"
    listed = "'[]', (SELECT l.search_text FROM listed_templates l WHERE l.id = t.id)"
    renamed = ":words || substr(t.search_text, strpos(t.search_text, :line) + 1)"
    used, params = created_with(keys)
    return sql(
        f"""INSERT INTO prompt_templates (id, user_id, idempotency_key, request_fingerprint, name, description, content_mode,
              platforms, tags, copied_from, copied_version, lineage, search_text, is_searchable, created_at, updated_at)
            SELECT :row_id, :user_id, :key, :fingerprint, COALESCE(:name, t.name), t.description, t.content_mode, t.platforms,
              t.tags, t.id, t.version, t.lineage,
              CASE WHEN :words = '' OR t.search_text = '' THEN t.search_text ELSE {renamed} END, t.search_text <> '', :now, :now
            FROM (SELECT {copied}, t.lineage, t.search_text FROM prompt_templates t WHERE t.user_id = :user_id AND t.id = :source
                  UNION ALL SELECT {copied}, {listed} FROM shared_templates t
                  WHERE t.id = :source AND {ANOTHERS} AND {NOT_REPORTED}) t
            WHERE (SELECT count(*) FROM prompt_templates WHERE user_id = :user_id) < :most
              AND NOT EXISTS (SELECT 1 FROM prompt_templates t WHERE t.user_id = :user_id AND {used})
            ON CONFLICT (user_id, idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING""",  # noqa: S608 - constants above
        **params,
        row_id=row_id,
        user_id=user_id,
        key=keys[0] if keys else None,
        fingerprint=fingerprint,
        name=name,
        words=search_text(name, "") if name else "",
        line="\n",
        source=source_id,
        now=now,
        most=MAX_TEMPLATES,
    )


def _texts_copy(user_id: str, source_id: str, row_id: str, now: datetime) -> Statement:
    return sql(
        f"""INSERT INTO prompt_template_versions
              (id, user_id, template_id, version, system_text, user_text, variables, created_at, updated_at)
            SELECT :version_row, c.user_id, c.id, 1, t.system_text, t.user_text, t.variables, :now, :now
            FROM prompt_templates c JOIN (
              SELECT v.template_id AS id, v.version, v.system_text, v.user_text, v.variables
              FROM prompt_template_versions v WHERE v.user_id = :user_id AND v.template_id = :source
              UNION ALL
              SELECT t.id, t.version, t.system_text, t.user_text, t.variables FROM shared_template_versions t
              WHERE t.id = :source AND {ANOTHERS}
            ) t ON t.id = c.copied_from AND t.version = c.copied_version
            WHERE c.user_id = :user_id AND c.id = :row_id""",  # noqa: S608 - constant
        version_row=str(uuid4()),
        user_id=user_id,
        source=source_id,
        row_id=row_id,
        now=now,
    )


def delete(user_id: str, template_id: str, version: int | None) -> Statement:
    """Delete an own template with its versions and ratings; copies remain. Returns a row unless ``version`` is not current."""
    return sql(
        f"""DELETE FROM prompt_templates
            WHERE user_id = :user_id AND id = :id {"" if version is None else "AND version = :version"} RETURNING id""",  # noqa: S608
        user_id=user_id,
        id=template_id,
        **({} if version is None else {"version": version}),
    )


def share(user_id: str, template_id: str, now: datetime) -> Statement:
    """Share an own template; sharing again keeps the first time. Returns a row if there is one."""
    return sql(
        "UPDATE prompt_templates SET shared_at = COALESCE(shared_at, :now) WHERE user_id = :user_id AND id = :id RETURNING id",
        user_id=user_id,
        id=template_id,
        now=now,
    )


def unshare(user_id: str, template_id: str) -> Statement:
    """Stop sharing an own template; its ratings are kept. Returns a row if there is one."""
    return sql(
        "UPDATE prompt_templates SET shared_at = NULL WHERE user_id = :user_id AND id = :id RETURNING id",
        user_id=user_id,
        id=template_id,
    )


def rate(user_id: str, template_id: str, stars: int, now: datetime) -> Statement:
    """Store the user's rating of the version that they use. Own and private templates are not rated."""
    return sql(
        f"""INSERT INTO prompt_template_ratings (id, user_id, template_id, stars, version, created_at, updated_at)
            SELECT :row_id, :user_id, t.id, :stars, COALESCE((
                SELECT c.version FROM prompt_template_choices c
                WHERE c.user_id = :user_id AND c.template_id = t.id AND NOT c.follows
              ), t.version), :now, :now
            FROM shared_templates t WHERE t.id = :id AND {ANOTHERS} AND {NOT_REPORTED}
            ON CONFLICT (user_id, template_id) DO UPDATE
              SET stars = excluded.stars, version = excluded.version, updated_at = excluded.updated_at""",  # noqa: S608 - constants
        row_id=str(uuid4()),
        user_id=user_id,
        id=template_id,
        stars=stars,
        now=now,
    )


def withdraw(user_id: str, template_id: str) -> Statement:
    """Delete the user's rating, even if the template is no longer shared. Returns a row if there was one."""
    return sql(
        "DELETE FROM prompt_template_ratings WHERE user_id = :user_id AND template_id = :id RETURNING id",
        user_id=user_id,
        id=template_id,
    )


def count_use(user_id: str, template_id: str) -> Statement:
    """Count one more generation with a template that the user can see."""
    return sql(
        "INSERT INTO prompt_template_uses (user_id, template_id) VALUES (:user_id, :id)",
        user_id=user_id,
        id=template_id,
    )
