"""One plain row for every table, for tests that need all of them. A new table needs a row here."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from noillusion.db import Statement, sql

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SEALED = "v1.k1.sealed-marker"
PRINT = "print-marker"
"""Stands in every keyed hash and fingerprint."""

PARENTS: dict[str, tuple[str, ...]] = {
    "post_targets": ("posts",),
    "post_analytics": ("posts", "post_targets"),
    "post_figures": ("posts", "post_targets"),
    "post_polls": ("platform_connections", "posts", "post_targets"),
    "account_analytics": ("platform_connections",),
    "prompt_template_versions": ("prompt_templates",),
    "prompt_template_ratings": ("prompt_templates",),
    "prompt_template_choices": ("prompt_templates",),
    "slot_plans": ("platform_connections",),
    "schedule_targets": ("schedules",),
    "schedule_occurrences": ("schedules", "schedule_targets"),
    "schedule_requests": ("schedules",),
    "webhook_deliveries": ("webhooks", "notifications"),
}
"""Tables that a table's rows refer to, in the order in which they must be filled."""


def rows() -> dict[str, dict[str, Any]]:
    """The columns of one row per table, without the owner. Each may be inserted after those it refers to."""
    post, target, connection, template, schedule, scheduled, told, hook = (str(uuid4()) for _ in range(8))
    return {
        "profiles": {"display_name": "Ada", "bio": "bio"},
        "ai_provider_keys": {"provider": "openai", "sealed_key": SEALED, "sealing_key_id": "k1", "hint": "1234"},
        "platform_connections": {
            "id": connection,
            "platform": "tiktok",
            "account_id": "account",
            "account_kind": "creator",
            "grant_subject": "subject",
            "sealed_access_token": SEALED,
            "sealed_refresh_token": SEALED,
            "sealing_key_id": "k1",
            "token_issued_at": NOW,
        },
        "connection_attempts": {
            "platform": "tiktok",
            "nonce_hash": PRINT,
            "handle_hash": f"{PRINT}-{post}",
            "sealed_credentials": SEALED,
            "sealing_key_id": "k1",
            "expires_at": NOW,
        },
        "former_accounts": {
            "platform": "facebook",
            "account_id": "account",
            "connection_id": str(uuid4()),
            "subject_hash": PRINT,
        },
        "posts": {"id": post, "idempotency_key": "key", "request_fingerprint": PRINT},
        "post_targets": {
            "id": target,
            "post_id": post,
            "platform": "tiktok",
            "account_id": "account",
            "position": 0,
            "kind": "video",
            "text_fingerprint": PRINT,
            "deadline_at": NOW,
            "request_fingerprint": PRINT,
        },
        "post_analytics": {"target_id": target, "polled_at": NOW, "views": 7},
        "post_figures": {"target_id": target, "read_at": NOW, "good_at": NOW, "views": 7},
        "post_polls": {
            "target_id": target,
            "connection_id": connection,
            "platform": "tiktok",
            "published_at": NOW,
            "due_at": NOW,
        },
        "account_analytics": {"connection_id": connection, "polled_at": NOW, "followers": 7},
        "ai_usage_tracking": {
            "request_id": str(uuid4()),
            "task": "generate",
            "attempt": 1,
            "provider": "openai",
            "model": "m",
            "key_source": "stored",
            "outcome": "ok",
            "request_fingerprint": PRINT,
        },
        "ai_spending": {"month": "2026-11"},
        "ai_provider_state": {"provider": "google", "model": "m", "outcome": "ok"},
        "prompt_templates": {"id": template, "name": "name", "content_mode": "personal", "request_fingerprint": PRINT},
        "prompt_template_versions": {"template_id": template, "version": 1, "user_text": "text"},
        "prompt_template_ratings": {"template_id": template, "stars": 5},
        "prompt_template_choices": {"template_id": template, "version": 1},
        "request_counts": {"kind": "posts", "window_start": NOW, "requests": 7},
        "slot_plans": {"connection_id": connection, "time_zone": "UTC"},
        "calendar_tokens": {"token_hash": str(uuid4())},
        "schedules": {"id": schedule, "due_at": NOW, "idempotency_key": "hmac:k1.0", "request_fingerprint": PRINT},
        "schedule_targets": {
            "id": scheduled,
            "schedule_id": schedule,
            "platform": "tiktok",
            "position": 0,
            "way": "pull",
            "sealed_source": SEALED,
            "sealing_key_id": "k1",
        },
        "schedule_occurrences": {
            "schedule_id": schedule,
            "target_id": scheduled,
            "due_at": NOW,
            "local_due": "2026-01-01T00:00:00",
        },
        "schedule_requests": {"schedule_id": schedule, "idempotency_key": "hmac:k1.0", "request_fingerprint": PRINT},
        "notifications": {"id": told, "kind": "publish_finished", "dedupe_key": "change"},
        "webhooks": {
            "id": hook,
            "sealed_url": SEALED,
            "sealed_secret": SEALED,
            "sealed_old_secret": SEALED,
            "sealing_key_id": "k1",
            "request_fingerprint": PRINT,
        },
        "webhook_deliveries": {
            "webhook_id": hook,
            "notice_id": told,
            "event": "publish_finished",
            "queued_at": NOW,
            "expires_at": NOW,
        },
    }


def departure() -> dict[str, Any]:
    """The columns of a row that says that its user is leaving. It is none of the rows that a user has."""
    return {"code_hash": PRINT, "left_at": NOW}


def insert(table: str, user_id: str = "auth0|alice", **columns: Any) -> Statement:
    """A row of a user."""
    values = {"user_id": user_id, **columns}
    return sql(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({', '.join(':' + name for name in values)})", **values)


def one_of_each(user_id: str) -> list[Statement]:
    """Statements that give a user one row in every table."""
    return [insert(table, user_id, **columns) for table, columns in rows().items()]
