"""What the three adapters share: one HTTP client, an environment the SDKs cannot see, and the reading of waits and limits.

It must never hold a key: keys travel with each call.
"""

from __future__ import annotations

import asyncio
import logging
import math
import os
import re
import threading
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from noillusion.ai.outcomes import NOT_CONNECTED, Limits, Outcome, ProviderError
from noillusion.core import clock

if TYPE_CHECKING:
    import httpx2

PLACEHOLDER_KEY = "no-key-was-given"
"""What the shared clients are built with; every call brings its own key, so this one reaches nobody."""

_HIDDEN = re.compile(r"^(AZURE_OPENAI|OPENAI|ANTHROPIC|GOOGLE|GEMINI|GCLOUD|GCP)_")
_LOGGERS = ("anthropic", "openai", "google_genai", "google.genai", "httpx2", "httpcore2")
_TELL_TALES = ("x-stainless-", "x-goog-api-client", "traceparent", "tracestate", "baggage")
_environment_lock = threading.Lock()

_LONGEST_WAIT_S = 7 * 86_400.0
_LONGEST_QUOTA_S = 35 * 86_400.0
_LARGEST_COUNT = 10**15
_CODE = re.compile(r"[A-Za-z0-9_.\-]{1,64}")


@contextmanager
def neutral_environment() -> Iterator[None]:
    """Hide the variables by which the SDKs replace keys, headers, hosts or log levels (ai-providers.md section 9).

    For importing and constructing only: the SDKs read them then, and never during a call on a client that exists.
    """
    with _environment_lock:
        hidden = {name: os.environ.pop(name) for name in list(os.environ) if _HIDDEN.match(name)}
        try:
            yield
        finally:
            os.environ.update(hidden)


def silence() -> None:
    """Loggers of the SDKs and their HTTP library to WARNING: at DEBUG one of them prints whole prompts."""
    for name in _LOGGERS:
        logging.getLogger(name).setLevel(logging.WARNING)


async def _strip(request: httpx2.Request) -> None:
    kept = [(name, value) for name, value in request.headers.multi_items() if not name.startswith(_TELL_TALES)]
    # Taking them out one by one would go through all of them each time.
    request.headers = type(request.headers)(kept)
    request.headers["user-agent"] = "noillusion"


class Transport:
    """The HTTP client under all SDK clients of a process, one at a time. ``mock``: an httpx2 transport for tests."""

    def __init__(self, mock: httpx2.AsyncBaseTransport | None = None) -> None:
        self._mock = mock
        self._client: httpx2.AsyncClient | None = None
        self._tls: Any = None

    def tls(self) -> Any:
        """The TLS context, loaded once: it is nearly all of what a client costs (ai-providers.md section 8).

        SSL_CERT_FILE of the environment names the certificate authorities to trust, as for the platforms' client.
        """
        if self._tls is None:
            import httpx2

            self._tls = httpx2.create_ssl_context()
        return self._tls

    def client(self) -> httpx2.AsyncClient:
        """The shared client: no proxies from the environment, no redirects, no telemetry headers."""
        if self._client is None:
            from http.cookiejar import CookieJar, DefaultCookiePolicy

            import httpx2

            self._client = httpx2.AsyncClient(
                transport=self._mock,
                verify=self.tls(),
                trust_env=False,
                follow_redirects=False,
                event_hooks={"request": [_strip]},
                # The next call may be another user's.
                cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
                limits=httpx2.Limits(max_connections=100, max_keepalive_connections=20, keepalive_expiry=60),
            )
        return self._client

    def forget(self) -> None:
        """Start again on a loop that does not know the earlier connections."""
        self._client = None

    async def aclose(self) -> None:
        """Close the connections."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None


@asynccontextmanager
async def deadline(seconds: float) -> AsyncIterator[None]:
    """End the whole call after ``seconds``: an HTTP read timeout restarts with every byte. ProviderError: timeout."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError:
        raise ProviderError("timeout", code="deadline") from None


async def post(client: Any, url: str, body: Mapping[str, Any], headers: Mapping[str, str], seconds: float) -> httpx2.Response:
    """Send a request through the SDK ``client`` of OpenAI or Anthropic and return the response as it came.

    Their typed methods load all types of the API and look up the type of each value of the body. ``url`` is complete, because
    they would parse a path several times. ProviderError: timeout.
    """
    import httpx2

    options = {"headers": headers, "timeout": seconds}
    async with deadline(seconds):
        answer: httpx2.Response = await client.post(url, cast_to=httpx2.Response, body=body, options=options)
    return answer


def disconnected(error: BaseException | None) -> ProviderError:
    """The error of a line that broke; ``error`` is the HTTP library's, which tells whether there was one at all."""
    import httpx2

    unsent = isinstance(error, httpx2.ConnectError | httpx2.ConnectTimeout | httpx2.PoolTimeout)
    return ProviderError("network", code=NOT_CONNECTED if unsent else "connection_failed")


def timed_out(error: BaseException | None) -> ProviderError:
    """The error of a call that took too long; where there was no connection yet, it is that of a line that broke."""
    failure = disconnected(error)
    return failure if failure.code == NOT_CONNECTED else ProviderError("timeout", code="no_answer")


def safe_code(value: object) -> str:
    """``value`` if it looks like a machine's code, else nothing: free text from a provider may quote the prompt or the key."""
    text = str(value) if isinstance(value, str | int) else ""
    return text if _CODE.fullmatch(text) else ""


def number(value: object) -> float | None:
    """A finite number that is not negative, from a header or a body."""
    try:
        found = float(str(value))
    except ValueError:
        return None
    return found if math.isfinite(found) and found >= 0 else None


def count(value: object) -> int | None:
    """A whole number of requests or tokens, small enough to be one and to be kept."""
    found = number(value)
    return int(found) if found is not None and found <= _LARGEST_COUNT else None


_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|h|m|s)")
_SECONDS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}


def duration(value: object) -> float | None:
    """Seconds of ``6.5s``, ``120ms``, ``1m2s`` or a bare number."""
    text = str(value).strip()
    bare = number(text)
    if bare is not None:
        return bare
    parts = _DURATION.findall(text)
    if not parts or "".join(amount + unit for amount, unit in parts) != text:
        return None
    return sum(float(amount) * _SECONDS[unit] for amount, unit in parts)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds from ``retry-after-ms``, else from ``retry-after`` (seconds or a date), at most a week."""
    milliseconds = number(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return min(milliseconds / 1000, _LONGEST_WAIT_S)
    given = headers.get("retry-after", "")
    seconds = number(given)
    if seconds is None and given:
        try:
            seconds = max((parsedate_to_datetime(given) - clock.now()).total_seconds(), 0.0)
        except (ValueError, TypeError):
            return None
    return None if seconds is None else min(seconds, _LONGEST_WAIT_S)


def at_most_a_week(seconds: float | None) -> float | None:
    """``seconds``, cut: nobody is stayed away from for longer, whatever number was sent."""
    return None if seconds is None else min(seconds, _LONGEST_WAIT_S)


def from_now(seconds: float | None) -> datetime | None:
    """The instant ``seconds`` ahead, at most a week."""
    return None if seconds is None else clock.now() + timedelta(seconds=min(seconds, _LONGEST_WAIT_S))


def instant(value: object) -> datetime | None:
    """An RFC 3339 time, or ``None``."""
    try:
        found = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return found if found.tzinfo else None


def until(moment: datetime | None) -> float | None:
    """Seconds until an instant that a spent quota names, at most five weeks; ``None`` for one that is over."""
    seconds = (moment - clock.now()).total_seconds() if moment else 0.0
    return min(seconds, _LONGEST_QUOTA_S) if seconds > 0 else None


STATUS: Mapping[int, tuple[Outcome, str]] = {
    400: ("bad_request", "invalid_request"),
    401: ("auth", "invalid_api_key"),
    402: ("quota", "billing"),
    403: ("auth", "permission_denied"),
    404: ("auth", "model_not_found"),
    408: ("timeout", "request_timeout"),
    409: ("overloaded", "conflict"),
    413: ("context_too_long", "request_too_large"),
    422: ("bad_request", "invalid_request"),
    429: ("rate_limited", "rate_limited"),
    504: ("timeout", "gateway_timeout"),
}
"""HTTP status → outcome and code, where a provider's own code says nothing better. A model this key cannot reach is ``auth``:
another provider can still answer, and the key's owner has to act."""


def by_status(
    status: int, headers: Mapping[str, str], limits: Limits, *, outcome: Outcome | None = None, code: str = ""
) -> ProviderError:
    """The error of an HTTP status, with what the provider's own code says about it (``outcome``, ``code``)."""
    found, default = STATUS.get(status, ("overloaded", "server_error") if status >= 500 else ("bad_request", "unexpected_status"))
    if 200 <= status < 400:
        found, default = "bad_output", "unexpected_status"
    wait = retry_after(headers)
    return ProviderError(outcome or found, code=code or default, retry_after=wait, limits=limits, status=status)
