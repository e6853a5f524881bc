"""The issuer's name, key and tokens. Programs get a token for any subject with ``GET /token?sub=``."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from jose import jwt
from jose.exceptions import JOSEError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from noillusion.api.scopes import SCOPES

DEFAULT_SUBJECT = "auth0|demo"
DEFAULT_SCOPE = " ".join(("openid", "profile", *SCOPES))
"""What the shortcut grants unless it is asked for less."""
CLIENT_ID = "local-client"
LIFE_S = 86_400
ID_LIFE_S = 36_000


class Issuer:
    """One issuer with one RSA key. ``url`` is its name, which ends with a slash as at Auth0; ``base`` is where it is served.

    ``pem`` is a key that was kept (see :func:`kept_key`); without it the key dies with the process.
    """

    def __init__(self, url: str, audience: str, pem: bytes | None = None) -> None:
        self.url, self.base, self.audience = url, url, audience
        self._pem = pem or new_key()
        key = load_pem_private_key(self._pem, None)
        assert isinstance(key, rsa.RSAPrivateKey)
        numbers = key.public_key().public_numbers()
        public = {"e": _base64url(numbers.e), "kty": "RSA", "n": _base64url(numbers.n)}
        # The key's own fingerprint (RFC 7638), so that a kept key keeps its id.
        digest = hashlib.sha256(json.dumps(public, separators=(",", ":")).encode()).digest()
        self.kid = base64.urlsafe_b64encode(digest)[:16].decode()
        self.jwk = {**public, "use": "sig", "alg": "RS256", "kid": self.kid}

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

    def sign(self, claims: Mapping[str, Any]) -> str:
        """An RS256 token with the issuer's key id."""
        return str(jwt.encode(dict(claims), self._pem, algorithm="RS256", headers={"kid": self.kid}))

    def token(self, subject: str = DEFAULT_SUBJECT, scope: str = DEFAULT_SCOPE) -> str:
        """A valid access token."""
        return self.sign(self.claims(subject, scope))

    def read(self, token: str, audience: str) -> dict[str, Any] | None:
        """Return the claims of a token of this issuer for an audience, ``None`` for any other and for an expired one."""
        try:
            return dict(jwt.decode(token, self.jwk, algorithms=["RS256"], audience=audience, issuer=self.url))
        except JOSEError:
            return None

    def document(self) -> dict[str, Any]:
        """Return the discovery document (OpenID Connect Discovery 1.0, section 3)."""
        return {
            "issuer": self.url,
            "jwks_uri": f"{self.base}.well-known/jwks.json",
            "token_endpoint": f"{self.base}token",
            "id_token_signing_alg_values_supported": ["RS256"],
            "subject_types_supported": ["public"],
            "response_types_supported": ["token"],
        }

    def routes(self) -> list[BaseRoute]:
        """Discovery, keys and tokens; paths are relative to the issuer's URL."""
        return [
            Route("/.well-known/openid-configuration", self._discovery),
            Route("/.well-known/jwks.json", self._jwks),
            Route("/token", self._token),
        ]

    async def _discovery(self, _: Request) -> Response:
        return JSONResponse(self.document())

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


def new_key() -> bytes:
    """Return a new RSA key as PEM."""
    key = rsa.generate_private_key(public_exponent=65_537, key_size=2_048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def kept_key(path: Path) -> bytes:
    """Return the key in a file that only its owner can read, made if there is none, so that tokens survive a restart."""
    with contextlib.suppress(FileNotFoundError):
        return path.read_bytes()
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(new_key())
    temporary.replace(path)
    return path.read_bytes()


def _base64url(number: int) -> str:
    return base64.urlsafe_b64encode(number.to_bytes((number.bit_length() + 7) // 8, "big")).rstrip(b"=").decode()
