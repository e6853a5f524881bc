"""The operations of the document: responses, security, parameters and tags."""

from __future__ import annotations

import copy
import re
from typing import Any

from noillusion.api.multipart import PLACE, REQUEST
from noillusion.catalog import providers
from tools.openapi import callbacks, examples, headers, problems, security

TAGS = [
    {"name": "profile", "description": "The user's profile, AI preferences and AI keys."},
    {"name": "connections", "description": "Connecting accounts of the platforms by OAuth, and looking after them."},
    {
        "name": "generate",
        "description": "Generating texts with AI providers, with full transparency about what is sent and paid.",
    },
    {"name": "templates", "description": "Prompt templates with variables and versions."},
    {"name": "community", "description": "Sharing and rating templates."},
    {"name": "platforms", "description": "What each platform offers, for the forms of clients."},
    {"name": "posts", "description": "Checking, publishing, following, retrying and deleting posts."},
    {"name": "schedules", "description": "Publishing at a later time, without storing the content (docs/scheduling.md)."},
    {
        "name": "calendar",
        "description": "What is due, done and missed; queue slots; previews of recurrences; a feed for calendar programs.",
    },
    {"name": "analytics", "description": "Figures of published posts and connected accounts."},
    {"name": "notifications", "description": "Notices about what happened without a request of the user."},
    {"name": "webhooks", "description": "Sending notices to your own systems as signed events (docs/webhooks.md)."},
    {"name": "privacy", "description": "The data map, the export of all data, and the deletion of the account."},
    {"name": "media", "description": "Files of posts, fetched by the platforms and not by clients."},
    {"name": "callbacks", "description": "Called by the platforms, not by clients."},
    {"name": "service", "description": "The health of the deployment and its OpenAPI document."},
]
PROBLEMS: dict[str, Any] = {
    "Problem": {
        "title": "Problem",
        "type": "object",
        "description": "RFC 9457 problem details. They never repeat values that you sent.",
        "required": ["type", "title", "status", "code", "correlation_id"],
        "properties": {
            "type": {"type": "string"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "code": {"$ref": "#/components/schemas/ProblemCode"},
            "correlation_id": {"type": "string"},
            "retry_after": {"type": "number", "description": "Seconds after which a repeat makes sense"},
            "errors": {
                "type": "array",
                "maxItems": 50,
                "description": "The fields that are not valid",
                "items": {"$ref": "#/components/schemas/FieldError"},
            },
            "more_errors": {"type": "integer", "description": "Number of errors left out of `errors`; absent if none"},
        },
    },
    "GatewayError": {
        "title": "GatewayError",
        "type": "object",
        "description": "An error that the gateway itself answers, before the API runs.",
        "required": ["message"],
        "properties": {"message": {"type": "string"}},
    },
}
STATUSES: dict[str, dict[str, str]] = {
    "deleteAccount": {
        "200": "All data was deleted",
        "202": "The deletion continues in the background; get the receipt by its code",
    },
    "publishPost": {
        "201": "Every target has its final status",
        "202": "Some targets are still being published; get the post to follow them",
    },
    "retryPost": {
        "200": "The attempts were made; some may still be being published",
        "202": "The attempts are made after the response; get the post to follow them",
    },
    "completeAuthorization": {"200": "There is no return URL", "303": "Redirect to the return URL"},
    "getMedia": {"200": "The file", "206": "The part of the file that `Range` names"},
    "createTemplate": {"201": "Created"},
    "copyTemplate": {"201": "Created"},
    "importTemplate": {"201": "Created"},
    "createSchedule": {"201": "Scheduled"},
    "publishScheduleNow": {"202": "It is being published; get the schedule to follow it"},
    "publishByLink": {
        "201": "The target has its final status",
        "202": "The target is still being published",
    },
    "createCalendarToken": {"201": "Created"},
    "createWebhook": {"201": "Created"},
    "replayDelivery": {"202": "It is sent again"},
}
_TAG = '(W/)?"[!#-~]*"'
_TAGS = rf"^(\*|{_TAG}( *, *{_TAG})*)$"
SHAPES: dict[str, dict[str, Any]] = {
    "idempotency-key": {"minLength": 1, "maxLength": 128, "pattern": "^[!-~]([ -~]*[!-~])?$"},
    "if-match": {"pattern": _TAGS},
    "if-none-match": {"pattern": _TAGS},
    **{f"x-ai-key-{name}": {"maxLength": 512, "pattern": "^([!-~]{8,})?$"} for name in providers.NAMES},
}
"""Header → what its values look like. The functions check it themselves, with texts of their own."""
REQUIRED = {"publishPost": ("idempotency-key",), "createSchedule": ("idempotency-key",)}
"""Operation → parameters that are required, although the function itself answers where one is missing."""


def complete(function: str, path: str, method: str, operation: dict[str, Any]) -> None:
    """Complete an operation as a function declares it."""
    declared, name = operation["responses"], operation["operationId"]
    success = declared.get("200", {"description": "OK"})
    if _returns_nothing(success):
        responses: dict[str, Any] = {"204": {"description": "No content"}}
    else:
        texts = STATUSES.get(name, {"200": "OK"})
        responses = {status: {**copy.deepcopy(success), "description": description} for status, description in texts.items()}
    names = {parameter["name"].lower() for parameter in operation.get("parameters", ())}
    if "if-none-match" in names or "304" in declared:
        responses["304"] = {"description": "The client has the current state"}
    if method == "patch":
        content = operation["requestBody"]["content"]
        content["application/merge-patch+json"] = copy.deepcopy(content["application/json"])
    if name in problems.FORMS:
        content = operation["requestBody"]["content"]
        content["multipart/form-data"] = _form(content["application/json"]["schema"])
    for status, response in responses.items():
        response["headers"] = headers.of(name, status)
        if (name, status) in headers.LINKS:
            response["links"] = headers.LINKS[name, status]
    callbacks.add(name, operation)
    operation["security"] = security.needed(path, method)
    codes = problems.codes(function, name, method, operation)
    operation["responses"] = {**responses, **problems.responses(codes)}
    if method == "head":
        for response in operation["responses"].values():
            response.pop("content", None)
    for parameter in operation.get("parameters", ()):
        _parameter(parameter, required=parameter["name"] in REQUIRED.get(name, ()))
    examples.add(name, operation)


def _returns_nothing(success: dict[str, Any]) -> bool:
    """Return whether a route is declared to respond without a body (``Response[None]``)."""
    schemas = [media["schema"] for media in success.get("content", {}).values()]
    return bool(schemas) and all(schema.get("type") == "null" for schema in schemas)


def _parameter(parameter: dict[str, Any], *, required: bool) -> None:
    """Describe a parameter once, and without ``null``, which cannot be sent."""
    schema = parameter["schema"]
    schema.pop("description", None)
    if "anyOf" in schema:
        (branch,) = (part for part in schema.pop("anyOf") if part.get("type") != "null")
        schema |= branch
    schema |= SHAPES.get(parameter["name"].lower(), {})
    parameter["required"] = parameter.get("required", False) or required
    if re.fullmatch(r"id|\w+_id", parameter["name"]) and parameter["in"] == "path":
        schema["format"] = "uuid"


def _form(request: dict[str, Any]) -> dict[str, Any]:
    """The same request as a form: its JSON, and the files in parts of their own."""
    file = {"contentMediaType": "application/octet-stream", "description": "The bytes of a file, with their content type"}
    return {
        "schema": {
            "type": "object",
            "description": "The request as JSON in the part `request`, and each file in a part that is named by the path of its "
            "`data`, such as `content.media.0.data`.",
            "required": [REQUEST],
            "properties": {REQUEST: request},
            "propertyNames": {"pattern": f"^({REQUEST}|{PLACE})$"},
            "additionalProperties": file,
        },
        "encoding": {"request": {"contentType": "application/json"}},
    }
