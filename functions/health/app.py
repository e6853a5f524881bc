"""Routes of health and the OpenAPI document, and the answer to unknown routes: everything that needs no access token.

Requests that match no route end here, so this function serves nothing that a token protects and holds no credentials of users.
"""

from __future__ import annotations

from typing import Any

from noillusion import health
from noillusion.api import openapi
from noillusion.api.resolver import Api
from noillusion.health import Health

api = Api()
app = api.resolver
handler = api.handler


@app.get("/v1/health", summary="Get the health of the service", tags=["service"], security=[])
def get_health() -> Health:
    return api.run(health.check())


@app.get("/v1/openapi.json", summary="Get the OpenAPI document", tags=["service"], security=[])
def get_openapi() -> dict[str, Any]:
    return openapi.document()
