"""Servers, security schemes and scopes of the document."""

from __future__ import annotations

from typing import Any

SERVERS: list[dict[str, Any]] = [
    {"url": "/", "description": "The deployment that serves this document"},
    {
        "url": "https://{api}.execute-api.{region}.amazonaws.com",
        "description": "A deployment on AWS",
        "variables": {
            "api": {"default": "a1b2c3d4e5", "description": "Id of the HTTP API; an output of the stack"},
            "region": {"default": "eu-central-1", "description": "Region of the stack"},
        },
    },
    {
        "url": "http://localhost:{port}",
        "description": "The local runtime (`make run`)",
        "variables": {"port": {"default": "8000", "description": "Port that `make run` prints"}},
    },
]
_ISSUER = "https://tenant.auth0.com"


def schemes() -> dict[str, Any]:
    """Return the security schemes: OAuth 2 with the flows of Auth0, and an access token from wherever it comes."""
    from noillusion.api.scopes import SCOPES

    scopes = dict(SCOPES)
    tokens = {"tokenUrl": f"{_ISSUER}/oauth/token", "scopes": scopes}
    return {
        "auth0": {
            "type": "oauth2",
            "description": (
                "Access tokens of the Auth0 tenant of the deployment, whose domain replaces `tenant.auth0.com`. Browsers and "
                "apps use the authorization code flow with PKCE (S256), and refresh tokens renew it. Devices without a browser "
                f"use the device authorization flow at `{_ISSUER}/oauth/device/code`, which OpenAPI 3.1 cannot describe. Ask "
                "for the `audience` of the deployment. Scopes are required only where the deployment enforces them."
            ),
            "flows": {
                "authorizationCode": {
                    "authorizationUrl": f"{_ISSUER}/authorize",
                    "refreshUrl": f"{_ISSUER}/oauth/token",
                    **tokens,
                },
                "clientCredentials": tokens,
            },
        },
        "bearer": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "An access token for the audience of the deployment, from any flow.",
        },
    }


def needed(path: str, method: str) -> list[dict[str, list[str]]]:
    """Return the security requirements of an operation: a token with its scope, or none."""
    from noillusion.api.scopes import needed as scope_of

    scope = scope_of(f"{method.upper()} {path}")
    return [{"auth0": [scope]}, {"bearer": []}] if scope else []
