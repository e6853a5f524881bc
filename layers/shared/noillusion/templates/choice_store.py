"""SQL that writes versions, and what users decide about templates of others. Every statement names ``user_id``.

The database counts reports.
"""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from noillusion.db import Statement, sql
from noillusion.templates.queries import ANOTHERS, NOT_REPORTED

_CHOICE = """INSERT INTO prompt_template_choices
  (id, user_id, template_id, version, follows, report_reason, created_at, updated_at)"""


def pin_first(user_id: str, template_id: str, version: int, now: datetime) -> Statement:
    """Keep the version that was used, unless the user has chosen one or follows the author."""
    return sql(
        f"""{_CHOICE} SELECT :row_id, :user_id, t.id, :version, false, NULL, :now, :now
            FROM shared_templates t WHERE t.id = :id AND NOT t.is_product AND {ANOTHERS}
            ON CONFLICT (user_id, template_id) DO UPDATE SET version = excluded.version, updated_at = excluded.updated_at
              WHERE prompt_template_choices.version IS NULL AND NOT prompt_template_choices.follows""",  # noqa: S608 - constants
        row_id=str(uuid4()),
        user_id=user_id,
        id=template_id,
        version=version,
        now=now,
    )


def pin(user_id: str, template_id: str, version: int | None, now: datetime) -> Statement:
    """Store the version to use, or that the user follows the author (``None``). Returns a row if there is such a version."""
    return sql(
        f"""{_CHOICE} SELECT :row_id, :user_id, t.id, :version, :follows, NULL, :now, :now
            FROM shared_templates t JOIN shared_template_versions v ON v.id = t.id AND v.version = COALESCE(:version, t.version)
            WHERE t.id = :id AND NOT t.is_product AND {ANOTHERS} AND {NOT_REPORTED}
            ON CONFLICT (user_id, template_id) DO UPDATE SET version = excluded.version, follows = excluded.follows,
              updated_at = excluded.updated_at
            RETURNING id""",  # noqa: S608 - constants
        row_id=str(uuid4()),
        user_id=user_id,
        id=template_id,
        version=version,
        follows=version is None,
        now=now,
    )


def unpin(user_id: str, template_id: str, now: datetime) -> Statement:
    """Forget the version to use. Returns a row if there was a choice."""
    return sql(
        """UPDATE prompt_template_choices SET version = NULL, follows = false, updated_at = :now
           WHERE user_id = :user_id AND template_id = :id AND (version IS NOT NULL OR follows) RETURNING id""",
        user_id=user_id,
        id=template_id,
        now=now,
    )


def report(user_id: str, template_id: str, reason: str, now: datetime) -> Statement:
    """Store the user's report of a template that somebody else shares. Returns a row if there is such a template."""
    return sql(
        f"""{_CHOICE} SELECT :row_id, :user_id, t.id, NULL, false, :reason, :now, :now
            FROM shared_templates t WHERE t.id = :id AND NOT t.is_product AND {ANOTHERS}
            ON CONFLICT (user_id, template_id) DO UPDATE SET report_reason = excluded.report_reason,
              updated_at = excluded.updated_at
            RETURNING id""",  # noqa: S608 - constants
        row_id=str(uuid4()),
        user_id=user_id,
        id=template_id,
        reason=reason,
        now=now,
    )


def withdraw_report(user_id: str, template_id: str, now: datetime) -> Statement:
    """Delete the user's report. Returns a row if there was one."""
    return sql(
        """UPDATE prompt_template_choices SET report_reason = NULL, updated_at = :now
           WHERE user_id = :user_id AND template_id = :id AND report_reason IS NOT NULL RETURNING id""",
        user_id=user_id,
        id=template_id,
        now=now,
    )


def forget_empty(user_id: str, template_id: str) -> Statement:
    """Delete a row that says nothing any more."""
    return sql(
        """DELETE FROM prompt_template_choices
           WHERE user_id = :user_id AND template_id = :id AND version IS NULL AND NOT follows AND report_reason IS NULL""",
        user_id=user_id,
        id=template_id,
    )


def keep_shared(user_id: str, template_id: str, now: datetime) -> Statement:
    """Let others go on reading the version of a shared template that is about to be replaced or hidden."""
    return sql(
        """UPDATE prompt_template_versions SET shared_at = :now
           WHERE user_id = :user_id AND template_id = :id AND shared_at IS NULL AND version = (
             SELECT version FROM prompt_templates WHERE user_id = :user_id AND id = :id AND shared_at IS NOT NULL)""",
        user_id=user_id,
        id=template_id,
        now=now,
    )


def raise_version(user_id: str, template_id: str, restored: int, expected: int | None, now: datetime) -> Statement:
    """Give a template a new version number, for the texts of an earlier version. Returns a row if there is such a version."""
    return sql(
        f"""UPDATE prompt_templates SET version = version + 1, updated_at = :now
            WHERE user_id = :user_id AND id = :id {"" if expected is None else "AND version = :expected"} AND EXISTS (
              SELECT 1 FROM prompt_template_versions v
              WHERE v.user_id = :user_id AND v.template_id = :id AND v.version = :restored)
            RETURNING id""",  # noqa: S608 - constants
        user_id=user_id,
        id=template_id,
        restored=restored,
        now=now,
        **({} if expected is None else {"expected": expected}),
    )


def restore_texts(user_id: str, template_id: str, restored: int, now: datetime) -> Statement:
    """Insert the texts of an earlier version as those of the current one, if that has none yet."""
    return sql(
        """INSERT INTO prompt_template_versions
             (id, user_id, template_id, version, system_text, user_text, variables, created_at, updated_at)
           SELECT :row_id, t.user_id, t.id, t.version, v.system_text, v.user_text, v.variables, :now, :now
           FROM prompt_templates t JOIN prompt_template_versions v ON v.template_id = t.id AND v.user_id = t.user_id
           WHERE t.user_id = :user_id AND t.id = :id AND v.version = :restored
           ON CONFLICT (template_id, version) DO NOTHING""",
        row_id=str(uuid4()),
        user_id=user_id,
        id=template_id,
        restored=restored,
        now=now,
    )
