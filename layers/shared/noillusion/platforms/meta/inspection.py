"""What Meta tells of a token (platforms.md 0.4)."""

from __future__ import annotations

from collections.abc import Mapping

from noillusion.core.sensitive import Secret
from noillusion.flows.inspection import TokenState
from noillusion.flows.protocol import App, Call, Flow
from noillusion.platforms import reading
from noillusion.platforms.meta.facts import GRAPH


def token_state(app: App, token: Secret) -> Flow[TokenState]:
    """Ask as the app what a token may do. ``me/permissions`` would not tell it of a Page's token."""
    asking = {"authorization": Secret(f"Bearer {app.client_id}|{app.client_secret.reveal()}")}
    reply = yield Call("GET", f"{GRAPH}/debug_token", query={"input_token": token}, headers=asking, auth="none")
    told = reply.get("data")
    if not isinstance(told, Mapping) or told.get("is_valid") is False:
        return TokenState()
    scopes = told.get("scopes")
    return TokenState(
        tuple(map(str, scopes)) if isinstance(scopes, list) else None,
        reading.number(told.get("expires_at")),
        reading.number(told.get("data_access_expires_at")),
    )
