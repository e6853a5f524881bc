"""The scopes of access tokens, and the one that each route needs: for the OpenAPI document and for the check of requests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

Scope = Literal["posts:read", "posts:write", "generate", "templates", "connections", "analytics:read", "account"]

SCOPES: Final[Mapping[Scope, str]] = {
    "posts:read": "Read posts, the status of their targets, schedules and the calendar",
    "posts:write": "Check, publish, schedule, edit, refresh, retry, cancel and delete posts",
    "generate": "Generate and preview posts, and read and delete AI usage",
    "templates": "Read, write, share and rate prompt templates",
    "connections": "Connect, read, test, update and disconnect accounts",
    "analytics:read": "Read the figures of posts and accounts",
    "account": "Read and update the profile, AI keys, notices and webhooks; export all data and delete the account",
}
"""Scope → what it allows, as a consent page shows it."""

NEEDED: Final[Mapping[str, Scope]] = {
    "GET /v1/profile": "account",
    "PATCH /v1/profile": "account",
    "DELETE /v1/profile": "account",
    "PUT /v1/profile/ai-keys/{}": "account",
    "DELETE /v1/profile/ai-keys/{}": "account",
    "GET /v1/profile/export": "account",
    "GET /v1/profile/export/{}": "account",
    "GET /v1/privacy": "account",
    "GET /v1/notifications": "account",
    "PATCH /v1/notifications": "account",
    "DELETE /v1/notifications": "account",
    "GET /v1/notifications/unread": "account",
    "HEAD /v1/notifications/unread": "account",
    "PATCH /v1/notifications/{}": "account",
    "DELETE /v1/notifications/{}": "account",
    "GET /v1/webhooks": "account",
    "POST /v1/webhooks": "account",
    "GET /v1/webhooks/{}": "account",
    "PATCH /v1/webhooks/{}": "account",
    "DELETE /v1/webhooks/{}": "account",
    "POST /v1/webhooks/{}/test": "account",
    "POST /v1/webhooks/{}/rotate-secret": "account",
    "GET /v1/webhooks/{}/deliveries": "account",
    "POST /v1/webhooks/{}/deliveries/{}/replay": "account",
    "GET /v1/connections": "connections",
    "GET /v1/connections/{}": "connections",
    "PATCH /v1/connections/{}": "connections",
    "DELETE /v1/connections/{}": "connections",
    "POST /v1/connections/{}/authorize": "connections",
    "POST /v1/connections/{}/test": "connections",
    "GET /v1/connections/pending/{}": "connections",
    "POST /v1/connections/pending/{}/confirm": "connections",
    "DELETE /v1/connections/pending/{}": "connections",
    "GET /v1/templates": "templates",
    "POST /v1/templates": "templates",
    "POST /v1/templates/preview": "templates",
    "POST /v1/templates/lint": "templates",
    "POST /v1/templates/import": "templates",
    "GET /v1/templates/export": "templates",
    "GET /v1/templates/{}/export": "templates",
    "GET /v1/templates/{}": "templates",
    "PUT /v1/templates/{}": "templates",
    "DELETE /v1/templates/{}": "templates",
    "POST /v1/templates/{}/copy": "templates",
    "POST /v1/templates/{}/share": "templates",
    "DELETE /v1/templates/{}/share": "templates",
    "PUT /v1/templates/{}/rating": "templates",
    "DELETE /v1/templates/{}/rating": "templates",
    "GET /v1/templates/{}/versions": "templates",
    "POST /v1/templates/{}/versions/{}/restore": "templates",
    "PUT /v1/templates/{}/pin": "templates",
    "DELETE /v1/templates/{}/pin": "templates",
    "PUT /v1/templates/{}/report": "templates",
    "DELETE /v1/templates/{}/report": "templates",
    "POST /v1/generate": "generate",
    "POST /v1/generate/preview": "generate",
    "GET /v1/ai/providers": "generate",
    "GET /v1/ai/models": "generate",
    "GET /v1/ai/usage": "generate",
    "GET /v1/ai/usage.csv": "generate",
    "DELETE /v1/ai/usage": "generate",
    "POST /v1/schedules": "posts:write",
    "GET /v1/schedules": "posts:read",
    "POST /v1/schedules/options": "posts:write",
    "GET /v1/schedules/{}": "posts:read",
    "PATCH /v1/schedules/{}": "posts:write",
    "DELETE /v1/schedules/{}": "posts:write",
    "POST /v1/schedules/{}/publish-now": "posts:write",
    "POST /v1/schedules/{}/pause": "posts:write",
    "POST /v1/schedules/{}/resume": "posts:write",
    "GET /v1/platforms": "posts:read",
    "GET /v1/connections/{}/publishing-options": "posts:read",
    "POST /v1/posts/check": "posts:write",
    "POST /v1/posts": "posts:write",
    "GET /v1/posts": "posts:read",
    "GET /v1/posts/{}": "posts:read",
    "PATCH /v1/posts/{}": "posts:write",
    "DELETE /v1/posts/{}": "posts:write",
    "DELETE /v1/posts/{}/record": "posts:write",
    "POST /v1/posts/{}/retry": "posts:write",
    "POST /v1/posts/{}/cancel": "posts:write",
    "POST /v1/posts/{}/refresh": "posts:write",
    "POST /v1/schedules/preview": "posts:write",
    "GET /v1/connections/{}/slots": "posts:read",
    "PUT /v1/connections/{}/slots": "posts:write",
    "GET /v1/calendar": "posts:read",
    "POST /v1/calendar/token": "posts:write",
    "DELETE /v1/calendar/token": "posts:write",
    "GET /v1/analytics/summary": "analytics:read",
    "GET /v1/analytics/summary.csv": "analytics:read",
    "GET /v1/analytics/series": "analytics:read",
    "GET /v1/analytics/series.csv": "analytics:read",
    "GET /v1/analytics/comparisons": "analytics:read",
    "GET /v1/analytics/comparisons.csv": "analytics:read",
    "GET /v1/analytics/posts": "analytics:read",
    "GET /v1/analytics/posts.csv": "analytics:read",
    "GET /v1/analytics/posts/{}": "analytics:read",
    "GET /v1/analytics/accounts": "analytics:read",
    "GET /v1/analytics/accounts.csv": "analytics:read",
    "GET /v1/analytics/best-times": "analytics:read",
    "GET /v1/analytics/best-times.csv": "analytics:read",
}
"""Route → the scope it needs. Variables have no name, because the template and the code name them differently.

Every route that takes an access token is here, and no other.
"""


def needed(route_key: str) -> Scope | None:
    """Return the scope that a route of the gateway needs, ``None`` for a public one."""
    method, _, path = route_key.partition(" ")
    plain = "/".join("{}" if part.startswith("{") else part for part in path.split("/"))
    return NEEDED.get(f"{method} {plain}")
