"""The clients: generated operations over requests that are repeated safely, and iterators over lists."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any, ParamSpec, Protocol, Self, TypeVar

import httpx

from .core.client import AuthenticatedClient
from .core.operations import AsyncOperations, Operations
from .sending import AsyncSender, AsyncToken, Retries, Sender, Token, raise_problem, raise_problem_async

TIMEOUT_S = 40.0
"""For one attempt; longer than the API's own limit."""

P = ParamSpec("P")
T = TypeVar("T")


class Page(Protocol[T]):
    """A page of a list."""

    @property
    def items(self) -> list[T]:
        """The items of this page."""

    @property
    def next_cursor(self) -> Any:
        """The cursor of the next page, if there is one."""


class Client(Operations):
    """Client for threads: ``with Client("https://api.example", token=…) as client: client.get_profile()``.

    ``token`` is an access token or a function that returns one; it is asked before every attempt. Operations that accept an
    idempotency key get one, unless you give your own. Every operation raises ProblemError, or httpx.TransportError without an
    answer. ``core`` is the generated client, for the functions in ``core.api``, whose answers include the headers.
    """

    def __init__(
        self,
        base_url: str,
        token: Token = None,
        *,
        retries: Retries = Retries(),  # noqa: B008  # it is frozen
        timeout: float = TIMEOUT_S,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.core = AuthenticatedClient(base_url, token="")
        self._http = httpx.Client(
            base_url=base_url,
            timeout=timeout,
            transport=Sender(transport or httpx.HTTPTransport(), token, retries),
            event_hooks={"response": [raise_problem]},
        )
        self.core.set_httpx_client(self._http)

    def pages(self, operation: Callable[P, Page[T]], *args: P.args, **kwargs: P.kwargs) -> Iterator[Page[T]]:
        """Return the pages of a list, each read when it is asked for: ``client.pages(client.list_posts, limit=10)``."""
        asked: dict[str, Any] = dict(kwargs)
        while True:
            # A cursor is a parameter of every list.
            page = operation(*args, **asked)
            yield page
            if not page.next_cursor:
                return
            asked["cursor"] = page.next_cursor

    def items(self, operation: Callable[P, Page[T]], *args: P.args, **kwargs: P.kwargs) -> Iterator[T]:
        """Return the items of a list over all its pages: ``client.items(client.list_posts)``."""
        for page in self.pages(operation, *args, **kwargs):
            yield from page.items

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class AsyncClient(AsyncOperations):
    """Client for asyncio, see ``Client``. ``token`` can be a coroutine function."""

    def __init__(
        self,
        base_url: str,
        token: AsyncToken = None,
        *,
        retries: Retries = Retries(),  # noqa: B008  # it is frozen
        timeout: float = TIMEOUT_S,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self.core = AuthenticatedClient(base_url, token="")
        self._http = httpx.AsyncClient(
            base_url=base_url,
            timeout=timeout,
            transport=AsyncSender(transport or httpx.AsyncHTTPTransport(), token, retries),
            event_hooks={"response": [raise_problem_async]},
        )
        self.core.set_async_httpx_client(self._http)

    async def pages(
        self, operation: Callable[P, Awaitable[Page[T]]], *args: P.args, **kwargs: P.kwargs
    ) -> AsyncIterator[Page[T]]:
        """Return the pages of a list, each read when it is asked for."""
        asked: dict[str, Any] = dict(kwargs)
        while True:
            # A cursor is a parameter of every list.
            page = await operation(*args, **asked)
            yield page
            if not page.next_cursor:
                return
            asked["cursor"] = page.next_cursor

    async def items(self, operation: Callable[P, Awaitable[Page[T]]], *args: P.args, **kwargs: P.kwargs) -> AsyncIterator[T]:
        """Return the items of a list over all its pages: ``async for post in client.items(client.list_posts)``."""
        async for page in self.pages(operation, *args, **kwargs):
            for item in page.items:
                yield item

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()
