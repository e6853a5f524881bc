"""How requests are sent: with the token, and again while an answer is temporary and a repeat is safe."""

from __future__ import annotations

import asyncio
import inspect
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import httpx

from .problems import problem_of, retry_after

Token = str | Callable[[], str] | None
AsyncToken = str | Callable[[], str] | Callable[[], Awaitable[str]] | None

REPEATABLE = ("GET", "HEAD", "PUT", "DELETE")
TEMPORARY = (429, 502, 503, 504)


@dataclass(frozen=True, slots=True)
class Retries:
    """When and how often a request is sent again.

    ``retries`` counts the attempts after the first one. An answer that asks to wait more than ``longest_wait`` seconds is raised.
    """

    retries: int = 3
    longest_wait: float = 60.0

    def wait(self, request: httpx.Request, attempt: int, response: httpx.Response | None) -> float | None:
        """Return the seconds to wait before the next attempt, or None if there is none. Without a response nobody answered."""
        if attempt >= self.retries or not is_repeatable(request):
            return None
        if response is not None and response.status_code not in TEMPORARY:
            return None
        named = retry_after(response) if response is not None else None
        wait = backoff(attempt) if named is None else named
        return wait if wait <= self.longest_wait else None


def is_repeatable(request: httpx.Request) -> bool:
    """Tell whether sending a request twice does no more than sending it once."""
    return request.method in REPEATABLE or "idempotency-key" in request.headers


def backoff(attempt: int) -> float:
    """Return the seconds to wait where nobody says how long: 0.5, 1, 2, …, each randomly shortened by up to half."""
    return float(0.5 * 2**attempt) * random.uniform(0.5, 1)


class Sender(httpx.BaseTransport):
    """Sends requests for threads."""

    def __init__(self, inner: httpx.BaseTransport, token: Token, retries: Retries) -> None:
        self._inner, self._token, self._retries = inner, token, retries

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request until there is an answer to hand out. Raises ProblemError and httpx.TransportError."""
        attempt = 0
        while True:
            authorize(request, self._token() if callable(self._token) else self._token)
            response = None
            try:
                response = self._inner.handle_request(request)
            except httpx.TransportError:
                wait = self._retries.wait(request, attempt, None)
                if wait is None:
                    raise
            else:
                wait = self._retries.wait(request, attempt, response)
                if wait is None:
                    return response
                response.close()
            time.sleep(wait)
            attempt += 1

    def close(self) -> None:
        """Close the connections."""
        self._inner.close()


class AsyncSender(httpx.AsyncBaseTransport):
    """Sends requests for asyncio."""

    def __init__(self, inner: httpx.AsyncBaseTransport, token: AsyncToken, retries: Retries) -> None:
        self._inner, self._token, self._retries = inner, token, retries

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request until there is an answer to hand out. Raises ProblemError and httpx.TransportError."""
        attempt = 0
        while True:
            token = self._token() if callable(self._token) else self._token
            authorize(request, await token if inspect.isawaitable(token) else token)
            response = None
            try:
                response = await self._inner.handle_async_request(request)
            except httpx.TransportError:
                wait = self._retries.wait(request, attempt, None)
                if wait is None:
                    raise
            else:
                wait = self._retries.wait(request, attempt, response)
                if wait is None:
                    return response
                await response.aclose()
            await asyncio.sleep(wait)
            attempt += 1

    async def aclose(self) -> None:
        """Close the connections."""
        await self._inner.aclose()


def authorize(request: httpx.Request, token: str | None) -> None:
    """Set the access token of a request."""
    if token:
        request.headers["authorization"] = f"Bearer {token}"


def raise_problem(response: httpx.Response) -> None:
    """Raise ProblemError unless the request succeeded. 304 is raised as well: there is nothing to return."""
    if not response.is_success:
        response.read()
        raise problem_of(response)


async def raise_problem_async(response: httpx.Response) -> None:
    """Raise ProblemError unless the request succeeded. 304 is raised as well: there is nothing to return."""
    if not response.is_success:
        await response.aread()
        raise problem_of(response)
