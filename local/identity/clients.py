"""The applications that may log people in, how they authenticate, and where a browser may be sent back to."""

from __future__ import annotations

import base64
import binascii
import hmac
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from local.loopback import is_loopback

REGISTERED: Mapping[str, str | None] = {"local-client": None, "local-secret-client": "local-secret"}
"""Client id → secret; ``None`` for a public client, which is a single-page or command-line application."""
_PLAIN = re.compile(r"[\x21-\x7e]+\Z")


class OAuthError(Exception):
    """An error answer (RFC 6749, 5.2); ``error`` is the code."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.error, self.description, self.status = error, description, status


@dataclass(frozen=True, slots=True)
class Client:
    """One registered application."""

    id: str
    secret: str | None

    @property
    def is_public(self) -> bool:
        """Tell whether the application cannot keep a secret."""
        return self.secret is None


class Clients:
    """The registered applications. Beside this machine, browsers may be sent back to ``origins`` and ``return_urls``."""

    def __init__(
        self, more: Mapping[str, str | None] | None = None, origins: Iterable[str] = (), return_urls: Iterable[str] = ()
    ) -> None:
        self.registered = {**REGISTERED, **(more or {})}
        self.origins, self.return_urls = frozenset(origins), tuple(return_urls)

    def get(self, client_id: str) -> Client | None:
        """Return a registered application."""
        return Client(client_id, self.registered[client_id]) if client_id in self.registered else None

    def authenticate(self, authorization: str, form: Mapping[str, str]) -> Client:
        """Return the application that sends a request (RFC 6749, 2.3). Raises OAuthError."""
        name, secret = form.get("client_id", ""), form.get("client_secret")
        if authorization:
            name, secret = _basic(authorization)
            if form.get("client_id", name) != name:
                raise OAuthError("invalid_request", "client_id in the body and in the Authorization header differ.")
        client = self.get(name)
        if client is None:
            raise OAuthError("invalid_client", f"Unknown client. {self.known()}", 401)
        if client.secret is not None and not hmac.compare_digest((secret or "").encode(), client.secret.encode()):
            raise OAuthError("invalid_client", "The client secret is missing or wrong.", 401)
        return client

    def known(self) -> str:
        """Return the sentence that names the applications, for a developer who mistyped one."""
        return f"The local issuer knows {', '.join(self.registered)}; LOCAL_CLIENTS registers others."

    def may_return(self, url: str) -> bool:
        """Tell whether a browser may be sent to a URL: this machine, an allowed origin, or below an allowed return URL."""
        if not _PLAIN.match(url) or "\\" in url or "#" in url:
            return False
        try:
            parts = urlsplit(url)
            _ = parts.port
        except ValueError:
            return False
        if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
            return False
        return is_loopback(parts.netloc) or origin_of(url) in self.origins or any(_below(url, one) for one in self.return_urls)


def _below(url: str, prefix: str) -> bool:
    """Tell whether a URL is a prefix or below it, at a whole path segment. A prefix without a path covers its whole origin."""
    path = unquote(urlsplit(url).path)
    if "/.." in path or "/./" in path:
        return False
    return url == prefix or url.startswith((prefix.removesuffix("/") + "/", prefix.removesuffix("/") + "?"))


def origin_of(url: str) -> str:
    """Return scheme, host and port of a URL as browsers write an origin."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    port = "" if parts.port in (None, {"http": 80, "https": 443}.get(parts.scheme)) else f":{parts.port}"
    return f"{parts.scheme}://{f'[{host}]' if ':' in host else host}{port}"


def _basic(authorization: str) -> tuple[str, str]:
    scheme, _, value = authorization.partition(" ")
    try:
        if scheme.lower() != "basic":
            raise ValueError
        name, _, secret = base64.b64decode(value, validate=True).decode().partition(":")
    except (ValueError, binascii.Error):
        raise OAuthError("invalid_client", "The Authorization header must be Basic with client id and secret.", 401) from None
    return unquote(name), unquote(secret)
