"""Facebook Pages as platforms.md sections 0 and 1 describe them: login, Graph API, media upload, insights. It shares no code
with the product and is stricter than any client: what the reference does not allow is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from local.simulators.facebook.actions import Actions
from local.simulators.facebook.comments import Comments
from local.simulators.facebook.feed import Feed
from local.simulators.facebook.gate import Gate, Handler
from local.simulators.facebook.insights import Insights
from local.simulators.facebook.linked import Linked
from local.simulators.facebook.lists import PAGE_LISTS, PageLists
from local.simulators.facebook.oauth import OAuth
from local.simulators.facebook.pages import Pages
from local.simulators.facebook.photos import Photos
from local.simulators.facebook.posts import Posts
from local.simulators.facebook.presets import NOTES, PRESETS
from local.simulators.facebook.state import GRAPH, GRAPH_VIDEO, State
from local.simulators.facebook.uploads import RUPLOAD, SESSION_PREFIX, Uploads
from local.simulators.facebook.videos import Videos
from local.simulators.meta.errors import GraphError, invalid, not_found
from local.simulators.meta.graph import Call, endpoint
from local.simulators.world import Json, World

DIALOG: Final = "www.facebook.com"


class Facebook:
    """The routes of one Facebook for everybody who asks this process."""

    name = "facebook"
    base_host = GRAPH
    presets = PRESETS
    notes = NOTES

    def __init__(self, world: World) -> None:
        self.memory = State(world)
        self.gate = Gate(self.memory)
        self.oauth = OAuth(self.memory)
        self.insights = Insights(self.memory, self.gate)
        self.comments = Comments(self.memory, self.gate)
        self.posts = Posts(self.memory, self.gate, self.insights, self.comments)
        self.photos = Photos(self.memory, self.gate)
        self.uploads = Uploads(self.memory)
        self.videos = Videos(self.memory, self.gate, self.uploads)
        self.feed = Feed(self.memory, self.gate, self.posts)
        self.lists = PageLists(self.memory, self.gate, self.posts, self.photos, self.videos)
        self.linked = Linked(self.memory)
        self.pages = Pages(self.memory, self.lists, self.insights, self.linked)
        self.actions: dict[str, Callable[[Json], Any]] = Actions(self.memory).table()
        self.edges = self._edges()
        everything = ["GET", "POST", "DELETE"]
        self.hosts: dict[str, list[BaseRoute]] = {
            GRAPH: [Route("/{path:path}", endpoint(world, GRAPH, self.dispatch, batches=True), methods=everything)],
            GRAPH_VIDEO: [Route("/{path:path}", endpoint(world, GRAPH, self.dispatch, batches=False), methods=everything)],
            DIALOG: [Route(f"{path}/dialog/oauth", self.oauth.dialog, methods=["GET", "POST"]) for path in ("/{version}", "")],
            RUPLOAD: [
                Route("/video-upload/{version}/{video}", self.uploads.receive, methods=["POST"]),
                Route("/ig-api-upload/{version}/{container}", self.linked.receive, methods=["POST"]),
            ],
        }

    def reset(self) -> None:
        """Forget everything; one person with two Pages remains, of which the first has an account on Instagram."""
        self.memory.reset()

    def state(self) -> Json:
        """Return posts in the order they were made, with uploads, people and counts."""
        return self.memory.shown()

    def not_found(self, request: Request) -> Response:
        """Answer a path that the Graph API does not know."""
        error = GraphError(2500, f"Unknown path components: {request.url.path}")
        return JSONResponse(error.body(), 400)

    async def dispatch(self, call: Call) -> Any:
        """One Graph call: the endpoints that need no user, then ``{node}`` and ``{node}/{edge}``."""
        if call.path == ("oauth", "access_token") and call.method in ("GET", "POST"):
            return self.oauth.token_endpoint(call)
        if call.path == ("debug_token",) and call.method == "GET":
            return self.oauth.debug_token(call)
        token = self.memory.tokens.check(call.token)
        self.gate.check_proof(call)
        if call.path and (found := self.linked.account(call.path[0], token)):
            return await found[0].serve_linked(call, found[1], frozenset(self.memory.scopes(token)))
        self.gate.charge(call, token)
        if not call.path:
            raise invalid(f"Unsupported {call.method.lower()} request.", 33)
        if call.path[1:] == ("uploads",) and call.method == "POST":
            return self.uploads.open(call, token)
        if call.path[0].startswith(SESSION_PREFIX) and call.method in ("GET", "POST"):
            return self.uploads.resume(call, token)
        node = (token.account or token.user) if call.path[0] == "me" else call.path[0]
        kind = self.gate.kind(node, token)
        edge = call.path[1] if len(call.path) > 1 else ""
        handler = self.edges.get((call.method, kind, edge))
        if kind is None or (handler is None and call.method != "GET"):
            raise not_found(node, call.method)
        if handler is None:
            raise invalid(f"Tried accessing nonexisting field ({edge}) on node type ({kind.title()})")
        result = handler(call, token, node)
        return await result if hasattr(result, "__await__") else result

    def _comment_edges(self) -> dict[tuple[str, str | None, str], Handler]:
        comments = self.comments
        return {
            **{("GET", node, "comments"): comments.list_comments for node in ("post", "video")},
            **{("POST", node, "comments"): comments.post_comment for node in ("post", "video")},
            ("GET", "comment", ""): comments.read_comment,
            ("POST", "comment", ""): comments.edit_comment,
            ("DELETE", "comment", ""): comments.delete_comment,
        }

    def _edges(self) -> dict[tuple[str, str | None, str], Handler]:
        pages, posts, photos, videos = self.pages, self.posts, self.photos, self.videos
        return {
            **self._comment_edges(),
            **{("GET", "page", edge): self.lists.list_page for edge in PAGE_LISTS},
            ("GET", "user", ""): pages.read_user,
            ("GET", "user", "permissions"): pages.read_permissions,
            ("DELETE", "user", "permissions"): pages.delete_permissions,
            ("GET", "user", "accounts"): pages.list_accounts,
            ("GET", "user", "businesses"): pages.list_businesses,
            ("GET", "business", "owned_pages"): pages.list_business_pages,
            ("GET", "business", "client_pages"): pages.list_business_pages,
            ("GET", "page", ""): pages.read_page,
            ("GET", "page", "insights"): self.insights.page_insights,
            ("POST", "page", "feed"): self.feed.post_feed,
            ("GET", "page", "photos"): self.lists.list_photos,
            ("POST", "page", "photos"): photos.post_photo,
            ("GET", "page", "videos"): self.lists.list_videos,
            ("POST", "page", "videos"): videos.post_video,
            ("POST", "page", "video_reels"): videos.post_reel,
            ("POST", "page", "photo_stories"): photos.post_photo_story,
            ("POST", "page", "video_stories"): videos.post_video_story,
            ("GET", "post", ""): posts.read_post,
            ("POST", "post", ""): posts.edit_post,
            ("DELETE", "post", ""): posts.delete_post,
            ("GET", "post", "insights"): self.insights.post_insights,
            ("GET", "post", "attachments"): posts.list_attachments,
            ("GET", "post", "reactions"): posts.list_reactions,
            ("GET", "story", ""): posts.read_post,
            ("GET", "story", "insights"): self.insights.post_insights,
            ("DELETE", "story", ""): posts.delete_post,
            ("GET", "photo", ""): photos.read_photo,
            ("DELETE", "photo", ""): photos.delete_photo,
            ("GET", "video", ""): videos.read_video,
            ("POST", "video", ""): videos.edit_video,
            ("DELETE", "video", ""): videos.delete_video,
            ("GET", "video", "video_insights"): self.insights.video_insights,
        }


def create(world: World) -> Facebook:
    """The Facebook simulator for ``world``."""
    return Facebook(world)
