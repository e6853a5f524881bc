"""What Meta tells of a token (platforms.md 0.4)."""

from __future__ import annotations

from collections.abc import Mapping

from noillusion.core.sensitive import Secret
from noillusion.flows.inspection import TokenState
from noillusion.flows.protocol import App, Call, Flow
from noillusion.platforms import reading
from noillusion.platforms.meta.facts import GRAPH
from noillusion.platforms.reading import Row


def token_state(app: App, token: Secret) -> Flow[TokenState]:
    """Return what a token may do. ``me/permissions`` would not tell it of a Page's token."""
    told = yield from debugged(app, token)
    if not told or told.get("is_valid") is False:
        return TokenState()
    scopes = told.get("scopes")
    return TokenState(
        tuple(map(str, scopes)) if isinstance(scopes, list) else None,
        reading.number(told.get("expires_at")),
        reading.number(told.get("data_access_expires_at")),
    )


def debugged(app: App, token: Secret) -> Flow[Row]:
    """Ask as the app about a token; empty where Meta tells nothing."""
    asking = {"authorization": Secret(f"Bearer {app.client_id}|{app.client_secret.reveal()}")}
    reply = yield Call("GET", f"{GRAPH}/debug_token", query={"input_token": token}, headers=asking, auth="none")
    told = reply.get("data")
    return told if isinstance(told, Mapping) else {}
