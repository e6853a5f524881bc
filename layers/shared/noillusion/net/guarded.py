"""The guarded client for URLs from users. It connects only to public addresses, pins the resolved address, and checks again on
every redirect (failure-classes.md K6). Bodies are limited and never written to disk."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections import Counter
from collections.abc import AsyncIterator, Container
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

import httpx

from noillusion.core.urls import relocated
from noillusion.net import client as http
from noillusion.settings.source import settings

MAX_REDIRECTS = 3
CHUNK_BYTES = 256 * 1024
RESOLVE_TIMEOUT_S = 3.0
PORTS: Container[int | None] = frozenset({None, 443})
"""Ports that a user's URL may have. Media is served on the default port of https."""


class Refused(Exception):
    """The URL must not be fetched, or its response cannot be used. ``code`` is the reason; the URL is not repeated."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


PROTOCOLS = ipaddress.ip_network("192.0.0.0/24")
"""Reserved for protocols (RFC 6890). The standard library knows the whole range only since 3.11.10 and 3.12.4."""


@dataclass(slots=True)
class Allowance:
    """Remaining requests on behalf of one caller, in total and for each host."""

    total: int
    per_host: int
    _sent: Counter[str] = field(default_factory=Counter)

    def take(self, host: str) -> None:
        """Count one request to ``host``. Raises :class:`Refused` if none is left."""
        if self._sent.total() >= self.total or self._sent[host] >= self.per_host:
            raise Refused("not_looked_at")
        self._sent[host] += 1


@dataclass(frozen=True, slots=True)
class _Target:
    url: httpx.URL
    address: str
    host_header: str
    host: str


def is_public(address: str) -> bool:
    """Return whether an IP address is public. Mapped and tunneled IPv4 is checked as the IPv4 address in it."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.is_site_local:
            # Deprecated but still routed in some networks; the standard library considers it global.
            return False
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in ipaddress.ip_network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast and not ip.is_reserved and ip not in PROTOCOLS


async def _resolve(host: str, port: int) -> list[str]:
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(RESOLVE_TIMEOUT_S):
            found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError, TimeoutError):
        raise Refused("unresolvable") from None
    return [str(info[4][0]) for info in found]


async def _target(url: str, allowance: Allowance | None) -> _Target:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise Refused("invalid_url") from None
    if not host or parts.username is not None or parts.password is not None:
        raise Refused("invalid_url")
    if parts.scheme != "https":
        raise Refused("https_required")
    if port not in PORTS:
        raise Refused("port_not_allowed")
    if allowance is not None:
        allowance.take(host)
    replaced = settings().endpoints.get(host)
    if replaced is not None:
        # The location of this host comes from the operator, not from the user.
        url = relocated(replaced, url)
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    addresses = await _resolve(host, port or (443 if parts.scheme == "https" else 80))
    if not addresses or (replaced is None and not all(is_public(address) for address in addresses)):
        raise Refused("address_not_public")
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        raise Refused("invalid_url") from None
    return _Target(parsed, addresses[0], parsed.netloc.decode("ascii"), host)


def _redirected(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError:
        raise Refused("invalid_url") from None


@dataclass(slots=True)
class Source:
    """An open response: its headers, and its body in limited chunks."""

    status: int
    content_type: str
    length: int | None
    _response: httpx.Response
    _limit: int

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield the body. Raises :class:`Refused` once it exceeds the limit."""
        seen = 0
        try:
            async for chunk in self._response.aiter_raw(CHUNK_BYTES):
                seen += len(chunk)
                if seen > self._limit:
                    raise Refused("too_large")
                yield chunk
        except httpx.HTTPError:
            raise Refused("interrupted") from None


@asynccontextmanager
async def open_url(url: str, *, limit: int, method: str = "GET", allowance: Allowance | None = None) -> AsyncIterator[Source]:
    """Open an HTTPS URL from a user, to read at most ``limit`` bytes.

    Raises :class:`Refused` with ``invalid_url``, ``https_required``, ``port_not_allowed``, ``not_looked_at`` (the allowance is
    used up), ``unresolvable``, ``address_not_public``, ``unreachable``, ``too_many_redirects``, ``http_<status>`` or
    ``too_large``.
    """
    for _ in range(MAX_REDIRECTS + 1):
        target = await _target(url, allowance)
        address = f"[{target.address}]" if ":" in target.address else target.address
        request = http.client().build_request(
            method,
            target.url.copy_with(host=address.strip("[]")),
            headers={"host": target.host_header, "accept-encoding": "identity"},
            extensions={"sni_hostname": target.host},
        )
        try:
            response = await http.client().send(request, stream=True)
        except (httpx.HTTPError, httpx.InvalidURL):
            raise Refused("unreachable") from None
        try:
            if response.has_redirect_location:
                url = _redirected(url, response.headers["location"])
                continue
            if response.status_code != 200:
                raise Refused(f"http_{response.status_code}")
            raw_length = response.headers.get("content-length", "")
            length = int(raw_length) if raw_length.isdigit() else None
            if length is not None and length > limit:
                raise Refused("too_large")
            content_type = response.headers.get("content-type", "").split(";")[0].strip().lower()
            yield Source(response.status_code, content_type, length, response, limit)
            return
        finally:
            await response.aclose()
    raise Refused("too_many_redirects")
