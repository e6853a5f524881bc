"""LinkedIn's refusals in its own error envelope."""

from __future__ import annotations

from typing import Any

from local.simulators.world import Json

ERROR_HEADERS = {"x-restli-error-response": "true", "x-restli-protocol-version": "2.0.0"}
"""Headers that LinkedIn's own error handler sends with a refusal, and no proxy in front of it (3.3)."""


class Refused(Exception):
    """An answer in LinkedIn's error envelope (section 3.5)."""

    def __init__(self, status: int, message: str, code: str | None = None, **more: Any) -> None:
        super().__init__(message)
        self.status = status
        body: Json = {"message": message, "status": status}
        if code:
            body["code"] = code
        self.body = body | more


def invalid(code: str, path: str, description: str) -> Refused:
    """A refused field of a request body, with the ``errorDetails`` that validation adds."""
    problem = {"description": description, "input": {"inputPath": {"fieldPath": path}}, "code": code}
    return Refused(
        400,
        f"{path}: {description}",
        code,
        errorDetailType="com.linkedin.common.error.BadRequest",
        errorDetails={"inputErrors": [problem]},
    )


def schema_error(path: str, problem: str) -> Refused:
    """A body that does not fit the record's schema: observed as 422 without ``code``."""
    return Refused(422, f"ERROR :: {path} :: {problem}\n")


def forbidden(operation: str) -> Refused:
    """A missing scope or a missing page role: the platform does not say which."""
    return Refused(403, f"Not enough permissions to access: {operation}", "ACCESS_DENIED", serviceErrorCode=100)


def error_headers(status: int) -> dict[str, str]:
    """Return the headers that come with a refusal of this status."""
    # The gateway checks tokens and quotas, and answers for what is down: those refusals are not the error handler's.
    return {} if status in (401, 429) or status >= 500 else ERROR_HEADERS


def duplicate_body(urn: str) -> Json:
    """Return the refusal of a duplicate of ``urn``."""
    problem = {"description": "Duplicate post is detected", "input": {}, "code": "DUPLICATE_POST"}
    return {
        "message": f"Request cannot be fulfilled. Content is a duplicate of {urn}",
        "errorDetailType": "com.linkedin.common.error.BadRequest",
        "errorDetails": {"inputErrors": [problem]},
        "status": 422,
    }
