"""The HTTP client factory. Clients live as long as the execution environment and ignore its proxy variables."""

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
    """Return the trust store of all clients. Loading it is the expensive part of creating a client."""
    return httpx.create_ssl_context()


class Transport(httpx.AsyncHTTPTransport):
    """The library's transport with connections of our own, which trust ``trust``."""

    def __init__(self, trust: ssl.SSLContext) -> None:
        super().__init__(verify=trust, trust_env=False)
        # Not before a client is made, as in the library itself.
        import httpcore

        from noillusion.net.streams import Backend

        # The library takes no connections from outside.
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=trust,
            max_connections=64,
            max_keepalive_connections=16,
            keepalive_expiry=60,
            network_backend=Backend(),
        )


@lru_cache(maxsize=1)
def client() -> httpx.AsyncClient:
    """Return the shared client for platforms. It does not follow redirects or retry, and keeps no cookies, because the next call
    may be for another user."""
    return httpx.AsyncClient(
        transport=Transport(tls()),
        trust_env=False,
        follow_redirects=False,
        timeout=httpx.Timeout(10.0, connect=CONNECT_TIMEOUT_S),
        headers={"user-agent": USER_AGENT},
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
    )


async def close() -> None:
    """Close the shared client."""
    if client.cache_info().currsize:
        await client().aclose()
        client.cache_clear()
