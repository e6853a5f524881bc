"""Checks of URLs in settings, and the relocation of URLs whose host the operator maps to another base."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

_PRINTABLE = re.compile(r"[!-~]+\Z")
_SEPARATOR = re.compile(r"[/\\]")
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?\Z")


def is_safe(url: str) -> bool:
    """Return whether a URL is absolute, without user name and backslashes, and uses ``https``, or ``http`` on this machine."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    plain = _PRINTABLE.match(url) and host and "@" not in parts.netloc and "\\" not in url
    return bool(plain) and (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host)))


def is_base(url: str) -> bool:
    """Return whether paths can be appended to a URL: it is safe and has no query, fragment or dot segments."""
    return is_safe(url) and not {"?", "#"} & set(url) and is_folded(url)


def is_host(name: str) -> bool:
    """Return whether this is a host name in lower case without a port."""
    return bool(_HOST.match(name))


def is_loopback(host: str) -> bool:
    """Return whether a host is this machine, by name or IP address. A name that only begins like one is not."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def relocated(base: str, url: str) -> str:
    """Return a URL moved to the base that replaces its host. Dot segments cannot leave that base."""
    parts = urlsplit(url)
    path = folded(parts.path) if parts.path else ""
    return f"{base}{path}{'?' if parts.query else ''}{parts.query}"


def is_folded(url: str) -> bool:
    """Return whether the path of a URL has no dot segments and backslashes."""
    path = urlsplit(url).path
    return path in ("", folded(path))


def folded(path: str) -> str:
    """Return a path without dot segments, escaped or not (RFC 3986, 5.2.4). Backslashes count as slashes, as in browsers."""
    segments = _SEPARATOR.split(path.removeprefix("/"))
    kept: list[str] = []
    for segment in segments:
        dots = segment.lower().replace("%2e", ".")
        if dots == "..":
            del kept[-1:]
        elif dots != ".":
            kept.append(segment)
    if segments[-1].lower().replace("%2e", ".") in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)
