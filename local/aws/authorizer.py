"""The JWT authorizer of an HTTP API: signature by the issuer's keys, issuer, audience, times.

It must never let a token say how it is to be verified: the algorithm is ours, the keys are the issuer's.

Source: API Gateway guide, "Control access to HTTP APIs with JWT authorizers".
"""

from __future__ import annotations

import asyncio
import json
import math
import time
from collections.abc import Mapping
from typing import Any

import httpx
from jose import jwk, jws
from jose.backends.base import Key
from jose.exceptions import JOSEError

from local.aws.specs import AuthorizerSpec

ALGORITHMS = ["RS256"]
KEYS_LIVE_S = 7_200.0  # API Gateway keeps the issuer's keys for up to two hours
REFETCH_S = 5.0  # an unknown key id asks the issuer again, at most this often


class Unauthorized(Exception):
    """The request is refused with 401; ``description`` goes into the www-authenticate header, None for a missing token."""

    def __init__(self, description: str | None = None) -> None:
        self.description = description

    @property
    def challenge(self) -> str:
        """The www-authenticate header's value."""
        if self.description is None:
            return "Bearer"
        return f'Bearer scope="" error="invalid_token" error_description="{self.description}"'


class DiscoveryError(Exception):
    """The issuer's discovery document could not be read."""


class IssuerMismatch(DiscoveryError):
    """The discovery document belongs to another issuer."""


class Authorizer:
    """Checks bearer tokens of one issuer. Keys come from the issuer's discovery document and are cached.

    ``issuer`` is the name that tokens must carry: the configured one, with or without its final slash as the document spells it.
    """

    def __init__(self, spec: AuthorizerSpec, client: httpx.AsyncClient) -> None:
        self.spec, self._client = spec, client
        self.issuer, self.keys_url = spec.issuer, ""
        self._keys: Mapping[str, Key] = {}
        self._fetched = float("-inf")
        self._lock = asyncio.Lock()

    async def claims(self, authorization: str) -> dict[str, Any]:
        """The claims of a valid token in an Authorization header's value. Raises Unauthorized."""
        scheme, _, token = authorization.strip().rpartition(" ")
        if not token or scheme.lower() not in ("", "bearer"):
            raise Unauthorized
        try:
            header = jws.get_unverified_header(token)
        except (JOSEError, RecursionError):
            raise Unauthorized("invalid token format") from None
        # RFC 7515, 4.1.11: what a token calls critical must be understood, and nothing of the kind is.
        if header.get("alg") not in ALGORITHMS or "crit" in header:
            raise Unauthorized("signing method is invalid")
        key = await self._key(header.get("kid"))
        try:
            claims = json.loads(jws.verify(token, key, ALGORITHMS))
        except (JOSEError, ValueError, RecursionError):
            raise Unauthorized("invalid signature") from None
        if not isinstance(claims, dict):
            raise Unauthorized("invalid token format")
        self._check(claims, time.time())
        return claims

    def _check(self, claims: Mapping[str, Any], now: float) -> None:
        """Raise Unauthorized unless issuer, audience and the three times are right."""
        if claims.get("iss") != self.issuer:
            raise Unauthorized("the token does not have a valid issuer")
        audience = claims.get("aud", claims.get("client_id"))
        if not any(one in self.spec.audience for one in (audience if isinstance(audience, list) else [audience])):
            raise Unauthorized("the token does not have a valid audience")
        if not _number(claims.get("exp")) or claims["exp"] <= now:
            raise Unauthorized("the token has expired")
        for name in ("nbf", "iat"):
            if name in claims and (not _number(claims[name]) or int(claims[name]) > now):
                raise Unauthorized("the token is not valid yet")

    async def _key(self, kid: Any) -> Key:
        if not isinstance(kid, str):
            raise Unauthorized("the token's key is unknown")
        async with self._lock:
            age = time.monotonic() - self._fetched
            if age > KEYS_LIVE_S or (kid not in self._keys and age > REFETCH_S):
                await self._fetch()
        if kid not in self._keys:
            raise Unauthorized("the token's key is unknown")
        return self._keys[kid]

    async def discover(self) -> None:
        """Read the issuer's name and the URL of its keys in its discovery document. Raises DiscoveryError."""
        base = self.spec.issuer.removesuffix("/")
        url = f"{base}/.well-known/openid-configuration"
        try:
            document = (await self._client.get(url)).raise_for_status().json()
            name, keys = str(document["issuer"]), str(document["jwks_uri"])
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as problem:
            raise DiscoveryError(f"{url} could not be read ({type(problem).__name__}: {str(problem)[:200]})") from None
        if name.removesuffix("/") != base:
            raise IssuerMismatch(f"{url} names the issuer {name[:200]}")
        self.issuer, self.keys_url = name, keys

    async def _fetch(self) -> None:
        try:
            await self.discover()
            published = (await self._client.get(self.keys_url)).raise_for_status().json()["keys"]
            self._keys = {
                key["kid"]: jwk.construct(key, "RS256") for key in published if key.get("kty") == "RSA" and "kid" in key
            }
        except (DiscoveryError, httpx.HTTPError, ValueError, KeyError, TypeError, AttributeError, JOSEError):
            raise Unauthorized("OIDC discovery endpoint communication error") from None
        self._fetched = time.monotonic()


def _number(value: Any) -> bool:
    """Tell whether a claim is a time. Python's JSON reads ``NaN``, which is neither before nor after anything."""
    return isinstance(value, int | float) and not isinstance(value, bool) and -math.inf < value < math.inf
