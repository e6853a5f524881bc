"""Google's refusals in its own error envelope."""

from __future__ import annotations

from local.simulators.ai.language_model import (
    Refused,
)
from local.simulators.world import Json

HOST = "generativelanguage.googleapis.com"
CODES = {
    "INVALID_ARGUMENT": 400,
    "FAILED_PRECONDITION": 400,
    "UNAUTHENTICATED": 401,
    "PERMISSION_DENIED": 403,
    "NOT_FOUND": 404,
    "RESOURCE_EXHAUSTED": 429,
    "INTERNAL": 500,
    "UNAVAILABLE": 503,
    "DEADLINE_EXCEEDED": 504,
}
TYPE = "type.googleapis.com/google.rpc"


def error(status: str, message: str, *details: Json, code: int | None = None) -> Json:
    """The body of every error of this API."""
    inner: Json = {"code": code or CODES[status], "message": message, "status": status}
    return {"error": inner | ({"details": list(details)} if details else {})}


def refused(status: str, message: str, *details: Json) -> Refused:
    """An error with the HTTP status that belongs to it."""
    return Refused(CODES[status], error(status, message, *details))


def invalid(message: str, field: str | None = None) -> Refused:
    """A 400 ``INVALID_ARGUMENT``; ``field`` names what is wrong."""
    violation = {"field": field, "description": message}
    details = [{"@type": f"{TYPE}.BadRequest", "fieldViolations": [violation]}] if field is not None else []
    return refused("INVALID_ARGUMENT", message, *details)


def bad_key() -> Json:
    """The body for a key that is not valid: a 400, told apart by its reason (ai-providers.md 4)."""
    info = {
        "@type": f"{TYPE}.ErrorInfo",
        "reason": "API_KEY_INVALID",
        "domain": "googleapis.com",
        "metadata": {"service": HOST},
    }
    return error("INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.", info)


def unknown_model(name: str, version: str, method: str) -> Json:
    """The 404 body for a model that does not exist."""
    message = f"models/{name} is not found for API version {version}, or is not supported for {method}. Call ListModels."
    return error("NOT_FOUND", message)


def context_too_long(used: int, context: int) -> Json:
    """The 400 body for a prompt that does not fit: only its message says so."""
    message = f"The input token count ({used}) exceeds the maximum number of tokens allowed ({context})."
    return error("INVALID_ARGUMENT", message)


def quota_exceeded(metric: str, quota: str, model: str, limit: int, wait_s: float) -> Json:
    """The 429 body: which quota, and in ``RetryInfo`` how long to wait."""
    violation = {
        "quotaMetric": f"{HOST}/{metric}",
        "quotaId": quota,
        "quotaDimensions": {"location": "global", "model": model},
        "quotaValue": str(limit),
    }
    delay = f"{wait_s:.3f}".rstrip("0").rstrip(".")
    message = f"You exceeded your current quota. Quota exceeded for metric: {HOST}/{metric}, limit: {limit}. Retry in {delay}s."
    return error(
        "RESOURCE_EXHAUSTED",
        message,
        {
            "@type": f"{TYPE}.Help",
            "links": [{"description": "Gemini API quotas", "url": "https://ai.google.dev/gemini-api/docs"}],
        },
        {"@type": f"{TYPE}.QuotaFailure", "violations": [violation]},
        {"@type": f"{TYPE}.RetryInfo", "retryDelay": f"{delay}s"},
    )
