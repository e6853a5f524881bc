"""The one HTTP client factory. Clients live as long as the execution environment and ignore its proxy variables."""

from __future__ import annotations

import ssl
from functools import lru_cache
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx

from noillusion import __version__

USER_AGENT = f"NoIllusionSocial/{__version__}"
CONNECT_TIMEOUT_S = 3.0


@lru_cache(maxsize=1)
def tls() -> ssl.SSLContext:
    """One trust store for all clients: loading it is the dear part of making a client."""
    return httpx.create_ssl_context()


@lru_cache(maxsize=1)
def client() -> httpx.AsyncClient:
    """The shared client for platforms. Redirects are not followed, nothing is retried, and no cookie is kept: the next call
    may be another user's."""
    return httpx.AsyncClient(
        verify=tls(),
        trust_env=False,
        follow_redirects=False,
        timeout=httpx.Timeout(10.0, connect=CONNECT_TIMEOUT_S),
        limits=httpx.Limits(max_connections=64, max_keepalive_connections=16, keepalive_expiry=60),
        headers={"user-agent": USER_AGENT},
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
    )


async def close() -> None:
    """Close the shared client."""
    if client.cache_info().currsize:
        await client().aclose()
        client.cache_clear()
