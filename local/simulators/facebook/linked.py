"""Instagram accounts that are linked to Pages, reached through Facebook (platforms.md 2.1)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol, runtime_checkable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from local.simulators.facebook.state import Page, State
from local.simulators.meta.errors import GraphError, not_found
from local.simulators.meta.fields import Field
from local.simulators.meta.graph import Call
from local.simulators.meta.oauth import Token
from local.simulators.world import Json, bearer


@runtime_checkable
class Accounts(Protocol):
    """The simulator of Instagram, as Facebook sees it."""

    def knows(self, node: str, account: str) -> bool:
        """Tell whether an id is an account's own or that of something it has."""
        ...

    def profile(self, account: str, fields: Sequence[Field]) -> Json:
        """Return what an account shows of itself."""
        ...

    async def serve_linked(self, call: Call, account: str, scopes: frozenset[str]) -> Any:
        """Serve a call about it."""
        ...

    def receive_linked(self, container: str, headers: Mapping[str, str], data: bytes) -> Json:
        """Take the bytes of a video."""
        ...


class Linked:
    """What Facebook hands on to Instagram."""

    def __init__(self, state: State) -> None:
        self.state = state

    def account(self, node: str, token: Token) -> tuple[Accounts, str] | None:
        """Return Instagram and the account that a node belongs to, if the account is linked to a Page of this token."""
        instagram = self._instagram()
        linked = (self.state.linked_to(page, token) for page in self._pages(token))
        account = next((id for id in linked if id and instagram and instagram.knows(node, id)), None)
        return (instagram, account) if instagram and account else None

    def field(self, page: Page, token: Token, entry: Field) -> Json | None:
        """Return a Page's field ``instagram_business_account``, ``None`` where it is absent (platforms.md 2.2)."""
        instagram, account = self._instagram(), self.state.linked_to(page, token)
        if instagram is None or account is None or "instagram_basic" not in self.state.scopes(token):
            return None
        return instagram.profile(account, entry.fields or (Field("id", {}, None),))

    def _instagram(self) -> Accounts | None:
        found = self.state.world.simulators.get("instagram")
        return found if isinstance(found, Accounts) else None

    def _pages(self, token: Token) -> Iterator[Page]:
        user = self.state.users[token.user]
        for id in user.pages:
            if id == token.account or (not token.account and id in user.chosen):
                yield self.state.pages[id]

    async def receive(self, request: Request) -> Response:
        """``rupload.facebook.com/ig-api-upload``: the bytes of a container's video."""
        try:
            return JSONResponse(await self._receive(request))
        except GraphError as error:
            return JSONResponse(error.body(), error.status)

    async def _receive(self, request: Request) -> Json:
        token, container = self.state.tokens.check(bearer(request.headers)), request.path_params["container"]
        found = self.account(container, token)
        if found is None:
            raise not_found(container, "POST")
        return found[0].receive_linked(container, request.headers, await request.body())
