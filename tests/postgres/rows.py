"""One row per table for a user, written as SQL so that nothing of the product stands between a test and the database."""

from __future__ import annotations

from uuid import NAMESPACE_URL, uuid5

ALICE, BOB = "auth0|alice", "auth0|bob"
LATER = "'2030-01-01T00:00:00Z'"

# Parents before their children. {id} is the row's own id; {other_table} is the id of the same user's row there.
VALUES: dict[str, dict[str, str]] = {
    "profiles": {},
    "ai_provider_keys": {"provider": "'openai'", "sealed_key": "'sealed'", "sealing_key_id": "'k1'"},
    "platform_connections": {
        "platform": "'linkedin'",
        "account_id": "'urn:1'",
        "account_kind": "'member'",
        "sealed_access_token": "'sealed'",
        "sealing_key_id": "'k1'",
        "token_issued_at": "now()",
    },
    "connection_attempts": {"platform": "'tiktok'", "nonce_hash": "'h'", "expires_at": LATER},
    "posts": {"idempotency_key": "'key'"},
    "post_targets": {
        "post_id": "'{posts}'",
        "connection_id": "'{platform_connections}'",
        "platform": "'linkedin'",
        "account_id": "'urn:1'",
        "position": "0",
        "kind": "'text'",
        "deadline_at": LATER,
    },
    "post_analytics": {"target_id": "'{post_targets}'", "polled_at": "now()"},
    "post_figures": {"target_id": "'{post_targets}'", "read_at": "now()", "good_at": "now()"},
    "post_polls": {
        "target_id": "'{post_targets}'",
        "connection_id": "'{platform_connections}'",
        "platform": "'linkedin'",
        "published_at": "now()",
        "due_at": LATER,
    },
    "account_analytics": {"connection_id": "'{platform_connections}'", "polled_at": "now()"},
    "ai_usage_tracking": {
        "request_id": "'{id}'",
        "task": "'ideas'",
        "attempt": "1",
        "provider": "'openai'",
        "model": "'m'",
        "key_source": "'stored'",
        "outcome": "'ok'",
    },
    "ai_provider_state": {"provider": "'openai'", "model": "'m'", "outcome": "'ok'"},
    "ai_spending": {"month": "'2026-11'"},
    "prompt_templates": {"name": "'n'", "content_mode": "'personal'"},
    "prompt_template_versions": {"template_id": "'{prompt_templates}'", "version": "1", "user_text": "'t'"},
    # Own templates cannot be rated; this one comes with the product.
    "prompt_template_choices": {"template_id": "'7e3a1c00-0001-4000-8000-000000000001'", "version": "1"},
    "prompt_template_ratings": {"template_id": "'7e3a1c00-0001-4000-8000-000000000001'", "stars": "3"},
    "request_counts": {"kind": "'posts'", "window_start": "now()"},
    "slot_plans": {"connection_id": "'{platform_connections}'", "time_zone": "'UTC'"},
    "calendar_tokens": {"token_hash": "'{id}'"},
    "schedules": {"due_at": LATER},
    "schedule_targets": {
        "schedule_id": "'{schedules}'",
        "connection_id": "'{platform_connections}'",
        "platform": "'linkedin'",
        "position": "0",
        "way": "'notify'",
    },
    "schedule_occurrences": {
        "schedule_id": "'{schedules}'",
        "target_id": "'{schedule_targets}'",
        "connection_id": "'{platform_connections}'",
        "due_at": LATER,
        "local_due": "'2030-01-01T00:00:00'",
    },
    "schedule_requests": {"schedule_id": "'{schedules}'", "idempotency_key": "'key'"},
    "notifications": {"kind": "'publish_failed'", "dedupe_key": "'d'"},
    "former_accounts": {"platform": "'facebook'", "account_id": "'1'", "connection_id": "'{id}'", "subject_hash": "'h'"},
    "departures": {"code_hash": "'{id}'", "left_at": LATER},
    "webhooks": {"sealed_url": "'sealed'", "sealed_secret": "'sealed'", "sealing_key_id": "'k1'"},
    "webhook_deliveries": {
        "webhook_id": "'{webhooks}'",
        "notice_id": "'{notifications}'",
        "event": "'publish_failed'",
        "queued_at": "now()",
        "expires_at": LATER,
    },
}


def row_id(user: str, table: str) -> str:
    """The id of a user's row."""
    return str(uuid5(NAMESPACE_URL, f"{user}/{table}"))


def insert(user: str, table: str, *, owner: str | None = None) -> str:
    """The statement that adds a user's row; ``owner`` puts somebody else's name into it."""
    ids = {name: row_id(user, name) for name in VALUES} | {"id": row_id(user, table)}
    values = {"id": "'{id}'", "user_id": f"'{owner or user}'", **VALUES[table]}
    return f"INSERT INTO {table} ({', '.join(values)}) VALUES ({', '.join(values.values())})".format(**ids)
