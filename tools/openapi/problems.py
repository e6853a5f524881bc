"""The problems that each operation can answer: by rules for what every operation does, and by name for what only one does.

A test holds the answers to all examples of the document against them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tools.openapi.headers import LIMITED

FORMS = ("checkPost", "publishPost", "retryPost")
"""Operations that take forms with files as well as JSON."""
KEYED = ("profile", "connect_callback", "generate", "publish", "schedules", "webhooks")
"""Functions that read encryption keys."""
RAW = ("receiveMetaDeauthorization", "receiveMetaDataDeletion", "receiveTikTokWebhook")
"""Operations whose body is signed and not JSON of the API."""
_OPEN_QUERIES = ("getMetaDataDeletion", "getMedia", "checkMedia", "getRobots")
"""Operations that take query parameters of others."""
_TARGETS = ("not_retryable", "nothing_to_retry", "retry_in_progress", "disconnected")
_HELD = ("change_refused", "change_unknown", "not_held", "post_busy")
"""Codes of changes of what a platform holds."""
SPECIFIC: Mapping[str, tuple[str, ...]] = {
    "authorizePlatform": ("platform_not_configured",),
    "completeAuthorization": ("invalid_state", "platform_not_configured"),
    "getPublishingOptions": ("options_unavailable",),
    "getPendingConnection": ("accounts_unavailable", "app_refused", "grant_revoked", "platform_not_configured"),
    "confirmPendingConnection": (
        "accounts_unavailable",
        "already_confirmed",
        "other_account",
        "app_refused",
        "connected_elsewhere",
        "grant_revoked",
        "platform_not_configured",
    ),
    "receiveMetaDeauthorization": ("invalid_signature", "invalid_signed_request"),
    "receiveMetaDataDeletion": ("invalid_signature", "invalid_signed_request"),
    "receiveTikTokWebhook": ("invalid_signature", "malformed_json", "stale_signature"),
    "getMetaDataDeletion": ("not_found",),
    "getDeletionReceipt": ("not_found",),
    "getExportPart": ("not_found",),
    "getCalendarFeed": ("not_found",),
    "deleteCalendarToken": ("not_found",),
    "updateProfile": ("changed_at_once",),
    "deleteAiKey": ("not_found",),
    "generatePosts": ("ai_feature_disabled", "already_generated", "not_found"),
    "previewGeneration": ("ai_feature_disabled", "not_found"),
    "previewTemplate": ("not_found",),
    "checkTemplate": ("not_found",),
    "checkPost": ("not_found", "too_many_requests"),
    "createTemplate": ("changed_at_once", "too_many_templates"),
    "copyTemplate": ("too_many_templates",),
    "importTemplate": ("too_many_templates",),
    "createWebhook": ("too_many_webhooks",),
    "updateWebhook": ("changed_at_once",),
    "rotateWebhookSecret": ("changed_at_once",),
    "replayDelivery": ("webhook_disabled",),
    "updateTemplate": ("changed_at_once", "stale_version", "system_template"),
    "deleteTemplate": ("system_template",),
    "shareTemplate": ("system_template",),
    "unshareTemplate": ("system_template",),
    "rateTemplate": ("own_template",),
    "pinTemplate": ("own_template", "system_template"),
    "reportTemplate": ("own_template", "system_template"),
    "restoreTemplateVersion": ("system_template",),
    "publishPost": (
        "idempotency_key_required",
        "not_found",
        "post_forgotten",
        "too_many_requests",
    ),
    "retryPost": (*_TARGETS, "too_many_requests"),
    "testWebhook": ("too_many_requests",),
    "createSchedule": ("changed_at_once", "idempotency_key_required", "too_many_requests", "too_many_schedules"),
    "updateSchedule": (*_HELD, "changed_at_once", "schedule_over", "schedule_running"),
    "deleteSchedule": (*_HELD, "schedule_running"),
    "publishScheduleNow": (*_HELD, "nothing_waits", "schedule_over"),
    "pauseSchedule": ("held_not_pausable", "schedule_over"),
    "resumeSchedule": ("schedule_over",),
    "publishByLink": ("account_deleted", "deletion_in_progress", "disconnected", "link_over", "not_found", "too_many_requests"),
    "cancelPost": ("nothing_to_cancel",),
    "getMedia": ("media_unavailable", "range_not_satisfiable"),
    "checkMedia": ("media_unavailable",),
    "editPost": ("post_open",),
    "deletePostRecord": ("outcome_unknown", "post_open", "record_needed"),
}
"""Operation → codes that do not follow from the rules."""
_WITHOUT_DATA = ("checkOpenApiDocument", "getDataMap", "getOpenApiDocument", "getRobots", "previewSchedule")
_UNCOUNTED = (400, 401, 403, 405, 413, 415)
"""Statuses of requests that are refused before they count."""
_FILLINGS = {
    "error_class": "invalid_content",
    "request_id": "5f0c7c1e-6f53-8d1a-9c5e-2b7d4a1f9e30",
    "limit": "500",
    "methods": "GET, POST",
    "scope": "posts:read",
    "media_type": "application/json",
}
_CORRELATION_ID = "c6Hn5gT4oAMEJ4A="
MEDIA_TYPE = "application/problem+json"
_CONTENT = {"schema": {"$ref": "#/components/schemas/Problem"}}
_GATEWAY = {"application/json": {"schema": {"$ref": "#/components/schemas/GatewayError"}}}


def codes(function: str, name: str, method: str, operation: Mapping[str, Any]) -> list[str]:
    """Return the codes that an operation can answer, in the order of the catalog."""
    from noillusion.core.codes import CATALOG

    found = {*_by_rules(function, name, method, operation), *SPECIFIC.get(name, ())}
    if unknown := found - CATALOG.keys():
        raise SystemExit(f"{name}: no such problem codes: {unknown}")
    return [code for code in CATALOG if code in found]


def _by_rules(function: str, name: str, method: str, operation: Mapping[str, Any]) -> Iterator[str]:
    yield "internal_error"
    if operation["security"]:
        yield from ("unauthorized", "insufficient_scope")
    if method in ("post", "put", "patch"):
        yield "body_too_large"
        if name not in RAW:
            yield from ("malformed_json", "unsupported_media_type")
        if name in FORMS:
            yield "malformed_form"
    if name not in (*RAW, *_OPEN_QUERIES):
        # Every other route refuses a query parameter that it does not have.
        yield "validation_failed"
    if any(parameter["in"] == "path" for parameter in operation.get("parameters", ())):
        # No route knows a path with control characters or unassigned ones in a variable.
        yield "unknown_route"
    if any(parameter["in"] == "path" and "$ref" not in parameter["schema"] for parameter in operation.get("parameters", ())):
        yield "not_found"
    if any(parameter["name"].lower() == "if-match" for parameter in operation.get("parameters", ())):
        yield "precondition_failed"
    if any(parameter["name"].lower() == "idempotency-key" for parameter in operation.get("parameters", ())):
        yield from ("idempotency_key_reused", "idempotency_key_expired", "idempotency_in_progress")
    if operation["tags"] == ["analytics"] and name != "getPostAnalytics":
        yield "not_acceptable"
    if name in _WITHOUT_DATA:
        return
    yield "database_unavailable"
    if function in KEYED:
        yield "keys_unavailable"
    if operation["security"]:
        yield from ("account_deleted", "deletion_in_progress")


def responses(found: list[str]) -> dict[str, Any]:
    """Return the responses of an operation with these problem codes, and those of the gateway itself."""
    from noillusion.core.codes import CATALOG

    described: dict[str, Any] = {}
    for status in sorted({CATALOG[code].status for code in found} | {429, 500, 503}):
        own = [code for code in found if CATALOG[code].status == status]
        described[str(status)] = _response(status, own, limited="too_many_requests" in found and status not in _UNCOUNTED)
    return described


def raised(paths: Mapping[str, Any]) -> set[str]:
    """Return the codes that any operation can answer."""
    found = [response.get("content", {}) for methods in paths.values() for each in methods.values() for response in _errors(each)]
    return {code for content in found for code in content.get(MEDIA_TYPE, {}).get("examples", ())}


def _errors(operation: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [response for status, response in operation["responses"].items() if int(status) >= 400]


def shared(paths: Mapping[str, Any]) -> dict[str, Any]:
    """Move responses that several operations have in common to components, and return these."""
    seen: dict[str, list[tuple[dict[str, Any], str]]] = {}
    for methods in paths.values():
        for operation in methods.values():
            for status, response in operation["responses"].items():
                if int(status) >= 400 and "content" in response:
                    seen.setdefault(_name(status, response), []).append((operation["responses"], status))
    components: dict[str, Any] = {}
    for name, places in sorted(seen.items()):
        if len(places) > 1:
            components[name] = places[0][0][places[0][1]]
            for place, status in places:
                place[status] = {"$ref": f"#/components/responses/{name}"}
    return components


def _name(status: str, response: Mapping[str, Any]) -> str:
    examples = response["content"].get(MEDIA_TYPE, {}).get("examples", {})
    own = "".join(part.capitalize() for code in examples for part in code.split("_"))
    if own and LIMITED.keys() <= response["headers"].keys():
        own += "Counted"
    return own or {"429": "TooManyRequests", "503": "GatewayUnavailable"}[status]


def _response(status: int, own: list[str], *, limited: bool) -> dict[str, Any]:
    from noillusion.core.codes import CATALOG

    lines = [f"- `{code}`: {_text(code)}" for code in own]
    gateway = status in _GATEWAYS_WORDS
    if gateway:
        lines.append(f"- {_GATEWAYS_WORDS[status]}")
    headers = {"x-correlation-id": {"$ref": "#/components/headers/CorrelationId"}}
    if any(CATALOG[code].retry_after is not None for code in own):
        headers["retry-after"] = {"$ref": "#/components/headers/RetryAfter"}
    if limited:
        headers |= {name: {"$ref": f"#/components/headers/{component}"} for name, component in LIMITED.items()}
    if status == 401 or "insufficient_scope" in own:
        headers["www-authenticate"] = {"$ref": "#/components/headers/Authenticate"}
    if "range_not_satisfiable" in own:
        headers["content-range"] = {"$ref": "#/components/headers/ContentRange"}
    examples = {code: {"$ref": f"#/components/examples/{code}"} for code in own}
    content = {MEDIA_TYPE: {**_CONTENT, "examples": examples}} if own else {}
    return {
        "description": lines[0][2:] if len(lines) == 1 else "\n".join(lines),
        "headers": headers,
        "content": {**content, **(_GATEWAY if gateway else {})},
    }


_GATEWAYS_WORDS = {
    401: "The gateway refuses a missing, invalid or expired access token in a format of its own.",
    413: "The gateway refuses a body that exceeds its own limit in a format of its own.",
    429: "The gateway's limit of requests is reached. It answers in a format of its own.",
    500: "The function could not be run. The gateway answers in a format of its own.",
    503: "The function did not answer in time. The gateway answers in a format of its own.",
}


def _text(code: str) -> str:
    from noillusion.core.codes import CATALOG

    return re.sub(r"\{(\w+)\}", r"*\1*", CATALOG[code].text)


def examples() -> dict[str, Any]:
    """Return an example of each problem that an operation can answer."""
    from noillusion.api.problems import body
    from noillusion.core.codes import CATALOG
    from noillusion.core.errors import Problem, field_error

    errors = {
        "body_too_large": field_error("body", "body_too_large", limit=262_144),
        "idempotency_key_required": field_error("Idempotency-Key", "header_missing"),
        "malformed_form": field_error("content.media.1.data", "form_place"),
        "malformed_json": field_error("body", "json"),
        "not_retryable": field_error("targets.0.target_id", "target_not_retryable"),
        "stale_version": field_error("version", "version"),
        "validation_failed": field_error("targets.0.connection_id", "connection"),
    }
    found: dict[str, Any] = {}
    for code, entry in CATALOG.items():
        fillings = {name: _FILLINGS[name] for name in re.findall(r"\{(\w+)\}", entry.text)}
        problem = Problem(code, errors=[errors[code]] if code in errors else [], retry_after=None, **fillings)
        found[code] = {"summary": entry.title, "value": body(problem, _CORRELATION_ID)}
    return found
