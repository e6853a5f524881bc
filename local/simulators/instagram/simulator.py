"""Instagram with Instagram Login as platforms.md sections 0 and 2 describe it (path B): login, containers, publishing, insights.
It shares no code with the product and is stricter than any client: what the reference does not allow is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from local.simulators.instagram.actions import Actions
from local.simulators.instagram.comments import Comments
from local.simulators.instagram.containers import Containers
from local.simulators.instagram.gate import BASIC, GRAPH, Gate, Handler
from local.simulators.instagram.insights import Insights
from local.simulators.instagram.oauth import OAuth
from local.simulators.instagram.posts import Posts
from local.simulators.instagram.presets import NOTES, PRESETS
from local.simulators.instagram.profiles import Profiles
from local.simulators.instagram.state import LINKED, State
from local.simulators.meta.errors import GraphError, invalid, not_found
from local.simulators.meta.fields import Field
from local.simulators.meta.graph import Call, endpoint
from local.simulators.meta.oauth import Token
from local.simulators.world import Json, World

API: Final = "api.instagram.com"
DIALOG: Final = "www.instagram.com"


class Instagram:
    """The routes of one Instagram for everybody who asks this process."""

    name = "instagram"
    base_host = GRAPH
    presets = PRESETS
    notes = NOTES

    def __init__(self, world: World) -> None:
        self.memory = State(world)
        self.gate = Gate(self.memory)
        self.oauth = OAuth(self.memory)
        self.containers = Containers(self.memory, self.gate)
        self.insights = Insights(self.memory, self.gate)
        self.comments = Comments(self.memory, self.gate)
        self.posts = Posts(self.memory, self.gate, self.insights, self.comments)
        self.profiles = Profiles(self.memory, self.posts)
        self.actions: dict[str, Callable[[Json], Any]] = Actions(self.memory).table()
        self.edges = self._edges()
        graph = endpoint(world, GRAPH, self.dispatch, batches=False)
        self.hosts: dict[str, list[BaseRoute]] = {
            GRAPH: [Route("/{path:path}", graph, methods=["GET", "POST", "DELETE"])],
            API: [Route("/oauth/access_token", self.oauth.token_endpoint, methods=["POST"])],
            DIALOG: [Route("/oauth/authorize", self.oauth.dialog, methods=["GET", "POST"])],
        }

    def reset(self) -> None:
        """Forget everything; one professional account remains."""
        self.memory.reset()

    def state(self) -> Json:
        """Return published posts in order, containers, accounts and counts."""
        return self.memory.shown()

    def not_found(self, request: Request) -> Response:
        """Answer a path that the Graph API does not know."""
        error = GraphError(2500, f"Unknown path components: {request.url.path}", kind="IGApiException")
        return JSONResponse(error.body(), 400)

    async def dispatch(self, call: Call) -> Any:
        """One Graph call: the two token endpoints, then ``{node}`` and ``{node}/{edge}``."""
        if call.method == "GET" and call.path == ("access_token",):
            return self.oauth.exchange(call)
        if call.method == "GET" and call.path == ("refresh_access_token",):
            return self.oauth.refresh(call)
        token = self.memory.tokens.check(call.token)
        if not call.path:
            raise invalid(f"Unsupported {call.method.lower()} request.", 33)
        return await self._serve(call, token)

    def knows(self, node: str, account: str) -> bool:
        """Tell whether an id is an account's own or that of something it has."""
        return account in self.memory.accounts and self.gate.kind(node, linked(account, frozenset())) is not None

    def profile(self, account: str, fields: Sequence[Field]) -> Json:
        """Return what an account shows of itself."""
        return self.profiles.linked(account, fields)

    async def serve_linked(self, call: Call, account: str, scopes: frozenset[str]) -> Any:
        """Serve a call that reached Facebook with the token of the Page that an account is linked to (platforms.md 2.1)."""
        return await self._serve(call, linked(account, scopes))

    def receive_linked(self, container: str, headers: Mapping[str, str], data: bytes) -> Json:
        """Take the bytes of a video that Facebook's upload host was sent."""
        return self.containers.receive(self.memory.containers[container], headers, data)

    async def _serve(self, call: Call, token: Token) -> Any:
        self.gate.charge(call, token)
        node = token.account if call.path[0] in ("me", self.memory.accounts[token.account].scoped_id) else call.path[0]
        kind = self.gate.kind(node, token)
        edge = call.path[1] if len(call.path) > 1 else ""
        handler = self.edges.get((call.method, kind, edge)) if len(call.path) < 3 else None
        if kind is None or (handler is None and call.method != "GET"):
            raise not_found(node, call.method)
        if handler is None:
            raise invalid(f"Tried accessing nonexisting field ({edge}) on node type ({kind})")
        self.gate.need(token, BASIC)
        result = handler(call, token, node)
        return await result if hasattr(result, "__await__") else result

    def _edges(self) -> dict[tuple[str, str | None, str], Handler]:
        posts, insights, containers, comments = self.posts, self.insights, self.containers, self.comments
        return {
            ("GET", "User", ""): self.profiles.read_user,
            ("GET", "User", "media"): posts.list_media,
            ("GET", "User", "stories"): posts.list_stories,
            ("GET", "User", "insights"): insights.account_insights,
            ("GET", "User", "content_publishing_limit"): posts.read_limit,
            ("POST", "User", "media"): containers.post_container,
            ("POST", "User", "media_publish"): posts.publish,
            ("POST", "User", "mediapublish"): posts.publish,  # as Meta's own SDK spells it on this host (2.3)
            ("GET", "Container", ""): containers.read_container,
            ("DELETE", "Media", ""): posts.delete_media,
            ("GET", "Media", ""): posts.read_media,
            ("POST", "Media", ""): posts.edit_media,
            ("GET", "Media", "insights"): insights.media_insights,
            ("GET", "Media", "children"): posts.list_children,
            ("GET", "Media", "comments"): comments.list_comments,
            ("POST", "Media", "comments"): comments.post_comment,
            ("GET", "Comment", ""): comments.read_comment,
            ("POST", "Comment", ""): comments.edit_comment,
            ("DELETE", "Comment", ""): comments.delete_comment,
            ("GET", "Comment", "replies"): comments.list_replies,
            ("POST", "Comment", "replies"): comments.post_reply,
        }


def linked(account: str, scopes: frozenset[str]) -> Token:
    """Return what a Page's token is to the account that is linked to the Page."""
    return Token("", LINKED, account, account, scopes, 0.0, 0.0)


def create(world: World) -> Instagram:
    """The Instagram simulator for ``world``."""
    return Instagram(world)
