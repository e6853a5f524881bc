"""What callbacks take. Their routes read it themselves, because it is signed and comes from platforms and not from clients."""

from __future__ import annotations

from typing import Any

SCHEMAS: dict[str, Any] = {
    "SignedRequest": {
        "title": "SignedRequest",
        "type": "object",
        "description": "A form that Meta sends.",
        "required": ["signed_request"],
        "properties": {
            "signed_request": {
                "type": "string",
                "description": "Signature and claims, in base64url and separated by a dot, signed with the app's secret",
            }
        },
    },
    "TikTokEvent": {
        "title": "TikTokEvent",
        "type": "object",
        "description": "An event that TikTok sends. Further fields are ignored.",
        "required": ["event"],
        "properties": {
            "event": {"type": "string", "description": "For example `authorization.removed` or `post.publish.complete`"},
            "user_openid": {"type": "string", "description": "The person concerned"},
            "content": {"type": "string", "description": "Details of the event, as JSON in a string"},
        },
    },
}


def _query(name: str, description: str, *, required: bool = False) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": required, "description": description, "schema": {"type": "string"}}


def _body(media_type: str, schema: str) -> dict[str, Any]:
    return {"required": True, "content": {media_type: {"schema": {"$ref": f"#/components/schemas/{schema}"}}}}


_SIGNED = {"requestBody": _body("application/x-www-form-urlencoded", "SignedRequest")}
_TAKEN: dict[str, dict[str, Any]] = {
    "completeAuthorization": {
        "parameters": [
            _query("state", "State of the authorization URL", required=True),
            _query("code", "Authorization code; absent if the person declined"),
            _query("error", "Reason of the platform's dialog; absent if the person agreed"),
            _query("error_reason", "Exact reason of Meta's dialogs"),
            _query("error_code", "Number of Meta's refusal, which can come without `error`"),
        ]
    },
    "receiveMetaDeauthorization": _SIGNED,
    "receiveMetaDataDeletion": _SIGNED,
    "receiveTikTokWebhook": {
        "parameters": [
            {
                "name": "tiktok-signature",
                "in": "header",
                "required": True,
                "description": "Time and signature of the body: `t=1795348800,s=…`",
                "schema": {"type": "string"},
                "example": "t=1795348800,s=6f1c2b0d9e8a7f6e5d4c3b2a19080706f5e4d3c2b1a09f8e7d6c5b4a39281706",
            }
        ],
        "requestBody": _body("application/json", "TikTokEvent"),
    },
}


def add(name: str, operation: dict[str, Any]) -> None:
    """Add to an operation what its route does not declare."""
    taken = _TAKEN.get(name, {})
    if "parameters" in taken:
        operation["parameters"] = [*operation.get("parameters", ()), *taken["parameters"]]
    if "requestBody" in taken:
        operation["requestBody"] = taken["requestBody"]
