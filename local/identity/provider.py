"""An OpenID Connect provider over an issuer, at the paths of Auth0, so that Auth0's libraries log in against it."""

from __future__ import annotations

from typing import Any

from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route, Router

from local.identity.authorize import MODES, PROMPTS, Browser
from local.identity.clients import Clients
from local.identity.issuer import Issuer
from local.identity.state import State
from local.identity.tokens import CODE, DEVICE, MACHINE, REFRESH, Tokens
from noillusion.api.scopes import SCOPES

DISCOVERY = "/.well-known/openid-configuration"


class Provider:
    """Everything that the issuer serves. Only the clients' origins may read its answers in a browser."""

    def __init__(self, issuer: Issuer, clients: Clients, state: State | None = None) -> None:
        self.issuer, self.clients, self.state = issuer, clients, state or State()
        self._tokens = Tokens(issuer, clients, self.state)
        self._browser = Browser(issuer, clients, self.state, self._tokens)

    def mount(self, path: str) -> Mount:
        """Return the application below a path."""
        routes = [Route(DISCOVERY, self._discovery), *self._tokens.routes(), *self._browser.routes(), *self.issuer.routes()]
        app = CORSMiddleware(
            Router(routes, redirect_slashes=False), allow_origins=sorted(self.clients.origins), allow_methods=["GET", "POST"],
            allow_headers=["*"], max_age=600,
        )  # fmt: skip
        return Mount(path, app=app)

    def document(self) -> dict[str, Any]:
        """Return the discovery document (OpenID Connect Discovery 1.0, section 3)."""
        base = self.issuer.base
        return {
            **self.issuer.document(),
            "authorization_endpoint": f"{base}authorize",
            "token_endpoint": f"{base}oauth/token",
            "userinfo_endpoint": f"{base}userinfo",
            "device_authorization_endpoint": f"{base}oauth/device/code",
            "revocation_endpoint": f"{base}oauth/revoke",
            "end_session_endpoint": f"{base}oidc/logout",
            "scopes_supported": ["openid", "profile", "email", "offline_access", *SCOPES],
            "response_types_supported": ["code"],
            "response_modes_supported": list(MODES),
            "grant_types_supported": [CODE, REFRESH, MACHINE, DEVICE],
            "prompt_values_supported": list(PROMPTS),
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
            "revocation_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
            "claims_supported": ["sub", "name", "nickname", "email", "email_verified", "auth_time", "sid"],
            "request_parameter_supported": False,
            "request_uri_parameter_supported": False,
        }

    async def _discovery(self, _: Request) -> Response:
        return JSONResponse(self.document())
