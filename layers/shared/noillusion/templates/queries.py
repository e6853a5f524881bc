"""SQL that reads templates. Every statement names ``user_id``. Templates shared by others are read through the view
``shared_templates``, which does not show their owners."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from noillusion.core.identity import SYSTEM
from noillusion.db import Query, Statement, among, columns, query, sql
from noillusion.profiles.author import Author
from noillusion.templates import words
from noillusion.templates.models import Filters, Scope, Sort
from noillusion.templates.rows import KeyedRow, ListedRow, ResolvedRow, TemplateColumns, TemplateRow, TextsRow, VersionRow

_COMMON = columns(TemplateColumns, "t")
_TEXTS = f"v.version, {columns(TextsRow, 'v')}"
_VERSIONS = "JOIN prompt_template_versions v ON v.template_id = t.id AND v.user_id = t.user_id"


def _given(column: str) -> str:
    """Return a column of the user's rating of ``t``, which is looked up for each row: a user may have rated any number."""
    return f"(SELECT r.{column} FROM prompt_template_ratings r WHERE r.template_id = t.id AND r.user_id = :user_id)"  # noqa: S608


_OWN = f"""{_COMMON}, 'own' AS origin, t.is_default, t.copied_from, t.copied_version, NULL AS stars,
  NULL AS stars_version"""
"""Columns of a template of the user's, from ``prompt_templates t``."""
_SHARED = f"""{_COMMON}, CASE WHEN t.is_product THEN 'system' WHEN o.id IS NOT NULL THEN 'own' ELSE 'community' END AS origin,
  COALESCE(o.is_default, false) AS is_default, o.copied_from, o.copied_version, {_given("stars")} AS stars,
  {_given("version")} AS stars_version"""
"""The same columns of a shared template. Private ones have values only for its owner and for system templates."""
_OWNED = f"LEFT JOIN prompt_templates o ON o.id = t.id AND o.user_id IN (:user_id, '{SYSTEM}')"
_LIBRARY = f"shared_templates t {_OWNED}"
_UNRATED = "NULL AS version_rating_sum, NULL AS version_rating_count, NULL AS pinned, NULL AS follows"
_CHOSEN = "LEFT JOIN prompt_template_choices c ON c.template_id = t.id AND c.user_id = :user_id"
NOT_REPORTED = """NOT EXISTS (SELECT 1 FROM prompt_template_choices hidden
  WHERE hidden.template_id = t.id AND hidden.user_id = :user_id AND hidden.report_reason IS NOT NULL)"""
"""Condition on ``t``: the user has not reported it, which hides it from them."""


def _rated(version: str) -> str:
    """Return the columns with the ratings of a version of ``t``."""
    return ", ".join(
        f"(SELECT s.{name} FROM shared_template_versions s WHERE s.id = t.id AND s.version = {version}) AS version_{name}"  # noqa: S608
        for name in ("rating_sum", "rating_count")
    )


ANOTHERS = "NOT EXISTS (SELECT 1 FROM prompt_templates mine WHERE mine.id = t.id AND mine.user_id = :user_id)"

# Five virtual ratings of three stars prevent that one rating outranks a hundred; integers make the comparison of cursors exact
# on both engines. Triggers store the score in the library.
_SCORE = "(t.rating_sum + 15) * 100000 / (t.rating_count + 5)"
_SCOPES: dict[Scope, tuple[str, str, str]] = {
    "mine": (_OWN, "prompt_templates t", "t.user_id = :user_id"),
    "community": (_SHARED, "listed_templates t", f"NOT t.is_product AND {NOT_REPORTED}"),
    "system": (_SHARED, "listed_templates t", "t.is_product"),
}
"""Columns, source and condition of each list."""
_OWN_ORDERS: dict[Sort, str] = {"new": "t.created_at", "rating": _SCORE, "usage": "t.usage_count"}
_ORDERS: dict[Sort, str] = {"new": "t.shared_at", "rating": "t.rating_score", "usage": "t.usage_count"}
"""Each is an index of the library."""
# The engines convert jsonb to text differently outside ASCII: one as the character, one as its JSON escape.
_FILTERS = {
    "mode": "t.content_mode = :mode",
    "platform": "(CAST(t.platforms AS text) = '[]' OR CAST(t.platforms AS text) LIKE :platform ESCAPE '!')",
    "tag": "(CAST(t.tags AS text) LIKE :tag ESCAPE '!' OR CAST(t.tags AS text) LIKE :tag_escaped ESCAPE '!')",
}


def _contains(text: str) -> str:
    return "%" + re.sub(r"([!%_])", r"!\1", text) + "%"


def page(
    user_id: str, scope: Scope, sort: Sort, filters: Filters, after: tuple[datetime | int, str] | None, limit: int
) -> Query[ListedRow]:
    """Select up to ``limit`` templates behind ``after`` (sort value, id), best or newest first, each with its ``position``."""
    wanted = filters.model_dump(exclude_none=True)
    sought = words.pattern(wanted.pop("q", ""))
    order = (_OWN_ORDERS if scope == "mine" else _ORDERS)[sort]
    shown, source, condition = _SCOPES[scope]
    conditions = [condition, *(text for name, text in _FILTERS.items() if name in wanted)]
    params: dict[str, Any] = {"user_id": user_id, "limit": limit}
    if filters.q is not None:
        conditions.append("1 = 0" if sought is None else "t.search_text LIKE :q")
        params |= {} if sought is None else {"q": sought}
    if "mode" in wanted:
        params["mode"] = wanted["mode"]
    if "platform" in wanted:
        params["platform"] = _contains(f'"{wanted["platform"]}"')
    if "tag" in wanted:
        params |= {"tag": _contains(f'"{wanted["tag"]}"'), "tag_escaped": _contains(json.dumps(wanted["tag"]))}
    if after is not None:
        conditions.append(f"({order}, t.id) < (:position, :after)")
        params |= {"position": after[0], "after": after[1]}
    narrowed = f"FROM {source} WHERE {' AND '.join(conditions)}"
    if scope != "mine":
        # What is the user's of them is looked up for this page only.
        page = (
            f"SELECT {_COMMON}, t.is_product, t.version, t.rating_score {narrowed} ORDER BY {order} DESC, t.id DESC LIMIT :limit"
        )
        narrowed = f"FROM ({page}) t {_OWNED}"
    return query(
        ListedRow,
        f"SELECT {shown}, t.version, {order} AS position {narrowed} ORDER BY position DESC, t.id DESC LIMIT :limit",
        **params,
    )


def one(user_id: str, template_id: str, version: int | None = None) -> Query[TemplateRow]:
    """Select a template that the user can see, with its texts. Others can see the versions that were shared."""
    wanted = "t.version" if version is None else ":version"
    none = "CAST(NULL AS integer) AS pinned, CAST(NULL AS boolean) AS follows"
    return query(
        TemplateRow,
        f"""SELECT {_OWN}, t.lineage, {_TEXTS}, {_rated("v.version")}, {none} FROM prompt_templates t {_VERSIONS}
            WHERE t.id = :id AND t.user_id = :user_id AND v.version = {wanted}
            UNION ALL
            SELECT {_SHARED}, COALESCE(o.lineage, '[]'), {_TEXTS}, {_rated("v.version")}, c.version AS pinned, c.follows
            FROM {_LIBRARY} {_CHOSEN}
            JOIN shared_template_versions v ON v.id = t.id AND v.version = {wanted}
            WHERE t.id = :id AND {ANOTHERS} AND {NOT_REPORTED}""",  # noqa: S608 - constants
        user_id=user_id,
        id=template_id,
        **({} if version is None else {"version": version}),
    )


def versions(user_id: str, template_id: str, before: int | None, limit: int) -> Query[VersionRow]:
    """Select versions of a template, the newest first: all of an own one, the shared ones of another."""
    earlier = "" if before is None else "AND v.version < :before"
    shown = "v.version, v.created_at, v.version = t.version AS is_current"
    return query(
        VersionRow,
        f"""SELECT {{columns}} FROM (
              SELECT {shown}, s.version IS NOT NULL AS is_shared, s.rating_sum, s.rating_count
              FROM prompt_templates t {_VERSIONS} LEFT JOIN shared_template_versions s ON s.id = t.id AND s.version = v.version
              WHERE t.id = :id AND t.user_id = :user_id {earlier}
              UNION ALL
              SELECT v.version, v.created_at, v.is_current, true, v.rating_sum, v.rating_count FROM shared_templates t
              JOIN shared_template_versions v ON v.id = t.id
              WHERE t.id = :id AND {ANOTHERS} AND {NOT_REPORTED} {earlier}
            ) listed ORDER BY version DESC LIMIT :limit""",  # noqa: S608 - constants
        user_id=user_id,
        id=template_id,
        limit=limit,
        **({} if before is None else {"before": before}),
    )


def created_with(keys: Sequence[str]) -> tuple[str, dict[str, str]]:
    """Return a condition on ``t``: it was created with this key. ``keys`` are the forms in which it may be stored."""
    listed, params = among("key", keys)
    return (f"t.idempotency_key IN ({listed})", params) if keys else ("1 = 0", {})


def by_key(user_id: str, template_id: str, keys: Sequence[str]) -> Query[KeyedRow]:
    """Select the template just created, or the one that an earlier request with the same key created, with its current texts."""
    condition, params = created_with(keys)
    return query(
        KeyedRow,
        f"""SELECT {_OWN}, t.request_fingerprint, t.lineage, {_TEXTS}, {_UNRATED} FROM prompt_templates t {_VERSIONS}
            WHERE t.user_id = :user_id AND v.version = t.version AND (t.id = :id OR {condition})""",  # noqa: S608
        user_id=user_id,
        id=template_id,
        **params,
    )


def documents(user_id: str, after: Sequence[str] | None, limit: int) -> Query[TemplateRow]:
    """Select own templates with their current texts behind ``after`` (time, id), the newest first."""
    before = "" if after is None else "AND (t.created_at, t.id) < (:at, :after)"
    return query(
        TemplateRow,
        f"""SELECT {_OWN}, t.lineage, {_TEXTS}, {_UNRATED} FROM prompt_templates t {_VERSIONS}
            WHERE t.user_id = :user_id AND v.version = t.version {before}
            ORDER BY t.created_at DESC, t.id DESC LIMIT :limit""",  # noqa: S608 - constants
        user_id=user_id,
        limit=limit,
        **({} if after is None else {"at": datetime.fromisoformat(after[0]), "after": after[1]}),
    )


def is_system(template_id: str) -> Statement:
    """Select one row if the id is a system template's."""
    return sql("SELECT id FROM shared_templates WHERE id = :id AND is_product", id=template_id)


def resolve(user_id: str, template_id: str | None, content_mode: str | None, version: int | None = None) -> Query[ResolvedRow]:
    """Select the template to use: the named one, else the user's default for the content mode, else the system template.

    Without a content mode, that of the profile is used. Without a version, a template of somebody else has the version that the
    user has pinned, unless they follow it. Returns at most one row.
    """
    if template_id is not None:
        own = "t.version" if version is None else ":version"
        pinned = "CASE WHEN c.follows OR t.is_product THEN t.version ELSE COALESCE(c.version, t.version) END"
        return query(
            ResolvedRow,
            f"""SELECT t.id, 'own' AS origin, t.name, t.content_mode, {_TEXTS}
                FROM prompt_templates t {_VERSIONS} AND v.version = {own}
                WHERE t.id = :id AND t.user_id = :user_id
                UNION ALL
                SELECT t.id, CASE WHEN t.is_product THEN 'system' ELSE 'community' END, t.name, t.content_mode, {_TEXTS}
                FROM shared_templates t {_CHOSEN}
                JOIN shared_template_versions v ON v.id = t.id AND v.version = {pinned if version is None else ":version"}
                WHERE t.id = :id AND {ANOTHERS} AND {NOT_REPORTED}""",  # noqa: S608 - constants
            user_id=user_id,
            id=template_id,
            **({} if version is None else {"version": version}),
        )
    mode = ":mode" if content_mode else "COALESCE((SELECT content_mode FROM profiles WHERE user_id = :user_id), 'personal')"
    return query(
        ResolvedRow,
        f"""SELECT t.id, CASE WHEN t.user_id = '{SYSTEM}' THEN 'system' ELSE 'own' END AS origin, t.name, t.content_mode, {_TEXTS}
            FROM prompt_templates t {_VERSIONS} AND v.version = t.version
            WHERE t.is_default AND t.content_mode = {mode} AND (t.user_id = :user_id OR t.user_id = '{SYSTEM}')
            ORDER BY CASE WHEN t.user_id = :user_id THEN 0 ELSE 1 END LIMIT 1""",  # noqa: S608 - constants
        user_id=user_id,
        **({"mode": content_mode} if content_mode else {}),
    )


def author(user_id: str) -> Query[Author]:
    """Select the parts of the profile that templates can use."""
    return query(Author, "SELECT {columns} FROM profiles WHERE user_id = :user_id", user_id=user_id)
