"""The guarded client for URLs from users. It connects only to public addresses, pins the resolved address, and checks again on
every redirect (failure-classes.md K6). Bodies are limited and never written to disk. Whole files or spans of them can be read."""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Container, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

import httpx
import idna

from noillusion.core.records import record
from noillusion.core.urls import relocated
from noillusion.net import bodies
from noillusion.net import client as http
from noillusion.settings.source import settings

MAX_REDIRECTS = 3
CHUNK_BYTES = 256 * 1024
RESOLVE_TIMEOUT_S = 3.0
_PATIENT = httpx.Timeout(None, connect=http.CONNECT_TIMEOUT_S).as_dict()
PORTS: Container[int | None] = frozenset({None, 443})
"""Ports that a user's URL may have. Media is served on the default port of https."""


class Refused(Exception):
    """The URL must not be fetched, or its response cannot be used. ``code`` is the reason; the URL is not repeated."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Interrupted(Refused):
    """The response ended before the file did. The rest can be asked for."""

    def __init__(self) -> None:
        super().__init__("interrupted")


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


@record()
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


def _name(host: str) -> str:
    """Return the one name of a host, for its address, TLS and the ``Host`` header alike (UTS #46, non-transitional; IDNA 2008).

    The standard library knows only the older IDNA 2003, by which ``straße`` is another host than the one browsers show.
    """
    if host.isascii():
        return host.lower().removesuffix(".")
    try:
        return idna.encode(host, uts46=True, transitional=False).decode("ascii").removesuffix(".")
    except UnicodeError:
        raise Refused("invalid_url") from None


async def _resolve(host: str, port: int) -> list[str]:
    try:
        async with asyncio.timeout(RESOLVE_TIMEOUT_S):
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError, TimeoutError):
        raise Refused("unresolvable") from None
    return [str(info[4][0]) for info in found]


async def _target(url: str, allowance: Allowance | None) -> _Target:
    try:
        parts = urlsplit(url)
        host, port = _name(parts.hostname or ""), parts.port
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
    if not parts.netloc.isascii():
        url = url.replace(parts.netloc, host if port is None else f"{host}:{port}", 1)
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        raise Refused("invalid_url") from None
    header = f"[{host}]" if ":" in host else host
    return _Target(parsed, addresses[0], header if parsed.port is None else f"{header}:{parsed.port}", host)


def _redirected(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError:
        raise Refused("invalid_url") from None


@dataclass(slots=True)
class Source:
    """An open response: its headers, and its body in limited chunks."""

    url: str
    """Where the file was found, after redirects."""
    redirects: int
    status: int
    content_type: str
    length: int | None
    """Bytes of the whole file, ``None`` if the source does not tell."""
    compressed: bool
    """The body is encoded, although it was asked for as it is."""
    etag: str
    """What tells this version of the file from every other one, empty if the source does not tell."""
    _response: httpx.Response
    _limit: int
    at: int = 0
    """The byte of the file that :meth:`take` yields next."""
    _skip: int = 0
    _rest: bytes = b""
    _body: AsyncGenerator[bytes] | None = None

    async def chunks(self, size: int | None = CHUNK_BYTES) -> AsyncGenerator[bytes]:
        """Yield the body in chunks of ``size`` bytes, or as it arrives. Raises :class:`Refused` once it exceeds the limit."""
        seen = 0
        try:
            async for chunk in bodies.arriving(self._response) if size is None else self._response.aiter_raw(size):
                seen += len(chunk)
                if seen > self._limit:
                    raise Refused("too_large")
                yield chunk
        except httpx.HTTPError:
            raise Interrupted from None

    async def take(self, length: int) -> AsyncIterator[bytes]:
        """Yield exactly the next bytes of the part that was asked for, also from a source that sends the whole file.

        Raises :class:`Refused` with ``interrupted`` if the file ends before it.
        """
        self._body = self._body or self.chunks(None)
        while length:
            chunk = self._rest or await anext(self._body, b"")
            if not chunk:
                raise Interrupted if self._goes_on else Refused("interrupted")
            if self._skip:
                chunk, self._skip = chunk[self._skip :], max(0, self._skip - len(chunk))
            kept, self._rest = chunk[:length], chunk[length:]
            length -= len(kept)
            self.at += len(kept)
            if kept:
                yield kept

    @property
    def _goes_on(self) -> bool:
        """Return whether the file has more than this response had: servers may send less than they were asked for."""
        return self.status == httpx.codes.PARTIAL_CONTENT and self.length is not None and self.at < self.length


@asynccontextmanager
async def open_url(
    url: str, *, limit: int, method: str = "GET", allowance: Allowance | None = None, span: tuple[int, int] | None = None
) -> AsyncIterator[Source]:
    """Open an HTTPS URL from a user, to read at most ``limit`` bytes; with ``span`` only that part: first byte, number of bytes.

    Raises :class:`Refused` with ``invalid_url``, ``https_required``, ``port_not_allowed``, ``not_looked_at`` (the allowance is
    used up), ``unresolvable``, ``address_not_public``, ``unreachable``, ``too_many_redirects``, ``http_<status>``,
    ``wrong_part`` or ``too_large``.
    """
    async with _opened(url, method, span, allowance) as (response, found, redirects):
        source = _source(response, found, redirects, limit, span)
        if source.status == 416:
            raise Refused("http_416")
        if source.length is not None and source.length > limit:
            raise Refused("too_large")
        yield source


@asynccontextmanager
async def open_part(url: str, span: tuple[int, int], allowance: Allowance | None = None) -> AsyncIterator[Source]:
    """Open a part of a file to look at it (RFC 9110, 14.2). Raises :class:`Refused` like :func:`open_url`.

    ``status`` tells what came: 206 the part, 200 the whole file, from a source that ignores ranges, 416 nothing, because the
    file ends before the part. No limit applies: whoever reads stops when it has enough.
    """
    async with _opened(url, "GET", span, allowance) as (response, found, redirects):
        yield _source(response, found, redirects, 1 << 62, span)


async def post(url: str, body: bytes, headers: Mapping[str, str]) -> tuple[int, Mapping[str, str]]:
    """Send a body to an HTTPS URL from a user. Return status and headers of the response; its body is not read, and no redirect
    is followed. Raises :class:`Refused` like :func:`open_url`. The caller limits the time."""
    target = await _target(url, None)
    response = await _send("POST", target, {"content-type": "application/json", "connection": "close", **headers}, body)
    await response.aclose()
    return response.status_code, response.headers


async def check(url: str) -> None:
    """Raise :class:`Refused` unless a URL from a user may be reached as things are. It is checked again whenever it is used."""
    await _target(url, None)


async def _send(method: str, target: _Target, headers: Mapping[str, str], body: bytes | None = None) -> httpx.Response:
    """Send a request to a resolved address. The response is open. With a body, only the caller limits the time."""
    request = http.client().build_request(
        method,
        target.url.copy_with(host=target.address),
        content=body,
        headers={"host": target.host_header, **headers},
        extensions={"sni_hostname": target.host, **({"timeout": _PATIENT} if body is not None else {})},
    )
    try:
        return await http.client().send(request, stream=True)
    except (httpx.HTTPError, httpx.InvalidURL):
        raise Refused("unreachable") from None


@asynccontextmanager
async def _opened(
    url: str, method: str, span: tuple[int, int] | None, allowance: Allowance | None
) -> AsyncIterator[tuple[httpx.Response, str, int]]:
    """Follow redirects to a response. Yields it with the URL it came from and the number of redirects."""
    # Connections are pooled by IP address. One that was verified for a name must not serve another name at the same address.
    headers = {"accept-encoding": "identity", "connection": "close"}
    if span is not None:
        headers["range"] = f"bytes={span[0]}-{span[0] + span[1] - 1}"
    for redirects in range(MAX_REDIRECTS + 1):
        target = await _target(url, allowance)
        response = await _send(method, target, headers)
        try:
            if response.has_redirect_location:
                url = _redirected(url, response.headers["location"])
                continue
            yield response, url, redirects
            return
        finally:
            await response.aclose()
    raise Refused("too_many_redirects")


def _source(response: httpx.Response, url: str, redirects: int, limit: int, span: tuple[int, int] | None) -> Source:
    headers, status = response.headers, response.status_code
    length = headers.get("content-length", "")
    if span is not None and status in (206, 416):
        first, length = _content_range(headers.get("content-range", ""))
        if status == 206 and first != str(span[0]):
            raise Refused("wrong_part")
    elif status != 200:
        raise Refused(f"http_{status}")
    content_type = headers.get("content-type", "").split(";")[0].strip().lower()
    compressed = headers.get("content-encoding", "identity").strip().lower() not in ("", "identity")
    known = int(length) if _NUMBER.fullmatch(length) else None
    etag = headers.get("etag", "")
    first_byte = span[0] if span else 0
    return Source(
        url, redirects, status, content_type, known, compressed, "" if etag.startswith("W/") else etag, response, limit,
        at=first_byte, _skip=0 if status == 206 else first_byte,
    )  # fmt: skip


_NUMBER = re.compile(r"[0-9]{1,18}")
_CONTENT_RANGE = re.compile(r"bytes (?:([0-9]{1,18})-[0-9]{1,18}|\*)/([0-9]{1,18}|\*)")


def _content_range(value: str) -> tuple[str, str]:
    """Return where a part begins and how long the whole file is, as far as the source tells."""
    match = _CONTENT_RANGE.fullmatch(value.strip())
    return (match[1] or "", match[2]) if match else ("", "")
