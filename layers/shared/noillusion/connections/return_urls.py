"""Return URLs: where a browser may go after connecting, and the parameters that it carries there.

The browser goes to the URL as it was sent, so whatever servers and browsers read in different ways is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple
from urllib.parse import SplitResult, unquote, urlencode, urlsplit

_DEFAULT_PORTS = {"https": 443, "http": 80}
_DECODINGS = 4
"""How often a path is decoded at most. A path that is still encoded then is refused."""


class _Origin(NamedTuple):
    scheme: str
    host: str
    port: int


def is_allowed(url: str, prefixes: Iterable[str]) -> bool:
    """Return whether a URL is on the origin of a prefix and its path begins with all path segments of the prefix."""
    parts = _split(url)
    origin = _origin(parts) if parts else None
    if parts is None or origin is None or "#" in url or not _is_plain(parts.path):
        return False
    return any(_covers(prefix, origin, parts.path) for prefix in prefixes)


def with_parameters(url: str, added: Mapping[str, str]) -> str:
    """Return a URL with parameters added to its query, in front of a fragment."""
    whole, hash_sign, fragment = url.partition("#")
    base, _, query = whole.partition("?")
    return f"{base}?{query}{'&' if query else ''}{urlencode(added)}{hash_sign}{fragment}"


def _covers(prefix: str, origin: _Origin, path: str) -> bool:
    parts = _split(prefix)
    if parts is None or _origin(parts) != origin:
        return False
    folder = parts.path.rstrip("/")
    return path == folder or path.startswith(f"{folder}/")


def _split(url: str) -> SplitResult | None:
    if not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        return None
    try:
        return urlsplit(url)
    except ValueError:
        return None


def _origin(parts: SplitResult) -> _Origin | None:
    try:
        port = parts.port or _DEFAULT_PORTS.get(parts.scheme)
    except ValueError:
        return None
    if port is None or not parts.hostname or "@" in parts.netloc or parts.netloc.endswith(":"):
        return None
    return _Origin(parts.scheme, parts.hostname, port)


def _is_plain(path: str) -> bool:
    """Return whether a path has no dot segments, and no slashes, backslashes or control characters hidden by escapes."""
    decoded = path
    for _ in range(_DECODINGS):
        decoded = unquote(before := decoded)
        if decoded == before:
            break
    else:
        return False
    # Some servers cut the parameters of a segment off ("..;x").
    dots = any(segment.partition(";")[0] in (".", "..") for segment in decoded.split("/"))
    return not dots and decoded.count("/") == path.count("/") and "\\" not in decoded and decoded.isprintable()
