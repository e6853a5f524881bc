"""An OIDC issuer for development: anybody gets a token for any subject. Its key lives in memory and dies with the process.

It must never be reachable from another machine: the runtime serves it on loopback only.
"""

from __future__ import annotations

import base64
import secrets
import time
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from jose import jwt
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from noillusion.api.scopes import SCOPES

DEFAULT_SUBJECT = "auth0|demo"
DEFAULT_SCOPE = " ".join(("openid", "profile", *SCOPES))
"""What the shortcut grants unless it is asked for less."""
CLIENT_ID = "local-client"
LIFE_S = 86_400


class Issuer:
    """One issuer with one RSA key. ``url`` is its name, which ends with a slash as at Auth0; ``base`` is where it is served."""

    def __init__(self, url: str, audience: str) -> None:
        self.url, self.base, self.audience = url, url, audience
        self.kid = secrets.token_urlsafe(12)
        key = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
        self._pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        numbers = key.public_key().public_numbers()
        self.jwk = {
            "kty": "RSA",
            "use": "sig",
            "alg": "RS256",
            "kid": self.kid,
            "n": _base64url(numbers.n),
            "e": _base64url(numbers.e),
        }

    def claims(self, subject: str, scope: str, audience: str | None = None, expires_in: int = LIFE_S) -> dict[str, Any]:
        """The claims of an access token as Auth0 issues it (Auth0, "Access token profiles")."""
        now = int(time.time())
        return {
            "iss": self.url,
            "sub": subject,
            "aud": [audience or self.audience, f"{self.url}userinfo"],
            "iat": now,
            "exp": now + expires_in,
            "scope": scope,
            "azp": CLIENT_ID,
        }

    def sign(self, claims: dict[str, Any]) -> str:
        """An RS256 token with the issuer's key id."""
        return str(jwt.encode(claims, self._pem, algorithm="RS256", headers={"kid": self.kid}))

    def token(self, subject: str = DEFAULT_SUBJECT, scope: str = DEFAULT_SCOPE) -> str:
        """A valid access token."""
        return self.sign(self.claims(subject, scope))

    def routes(self) -> list[BaseRoute]:
        """Discovery, keys and tokens; paths are relative to the issuer's URL."""
        return [
            Route("/.well-known/openid-configuration", self._discovery),
            Route("/.well-known/jwks.json", self._jwks),
            Route("/token", self._token),
        ]

    async def _discovery(self, _: Request) -> Response:
        return JSONResponse(
            {
                "issuer": self.url,
                "jwks_uri": f"{self.base}.well-known/jwks.json",
                "token_endpoint": f"{self.base}token",
                "id_token_signing_alg_values_supported": ["RS256"],
                "subject_types_supported": ["public"],
                "response_types_supported": ["token"],
            }
        )

    async def _jwks(self, _: Request) -> Response:
        return JSONResponse({"keys": [self.jwk]})

    async def _token(self, request: Request) -> Response:
        asked = request.query_params
        try:
            expires_in = int(asked.get("expires_in", LIFE_S))
        except ValueError:
            return JSONResponse({"error": "invalid_request", "error_description": "expires_in: whole seconds"}, 400)
        claims = self.claims(
            asked.get("sub", DEFAULT_SUBJECT), asked.get("scope", DEFAULT_SCOPE), asked.get("audience"), expires_in
        )
        return JSONResponse({"access_token": self.sign(claims), "token_type": "Bearer", "expires_in": expires_in})


def _base64url(number: int) -> str:
    return base64.urlsafe_b64encode(number.to_bytes((number.bit_length() + 7) // 8, "big")).rstrip(b"=").decode()
