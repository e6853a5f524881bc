"""Health, the API's description, and the answer to unknown routes: what the gateway lets through without a token.

Whatever no route matches ends here, so this function serves nothing that a token protects and holds nothing worth taking.
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


@app.get("/v1/health", summary="Is the service well", tags=["service"], security=[])
def get_health() -> Health:
    return api.run(health.check())


@app.get("/v1/openapi.json", summary="This description", tags=["service"], security=[])
def get_openapi() -> dict[str, Any]:
    return openapi.document()
