"""TikTok as reference/platforms.md section 4 describes it: OAuth with rotation, content posting, display API, webhooks.

It shares no code with the product and must never accept what the real platform refuses.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from local.simulators.tiktok.actions import Actions
from local.simulators.tiktok.creators import Creators
from local.simulators.tiktok.display import Display
from local.simulators.tiktok.gate import Gate, Handler
from local.simulators.tiktok.media import Media
from local.simulators.tiktok.oauth import OAuth
from local.simulators.tiktok.posts import Posts
from local.simulators.tiktok.presets import NOTES, PRESETS
from local.simulators.tiktok.state import State
from local.simulators.tiktok.webhooks import Webhooks
from local.simulators.world import Json, Preset, Simulator, World


class TikTok:
    """One TikTok for everybody who asks this process."""

    name = "tiktok"
    base_host = "open.tiktokapis.com"
    presets: Mapping[str, Preset] = PRESETS
    notes = NOTES

    def __init__(self, world: World) -> None:
        self.memory = State(world)
        self.gate = Gate(self.memory)
        webhooks = Webhooks(self.memory)
        self.oauth = OAuth(self.memory, webhooks)
        self.display = Display(self.memory)
        self.creators = Creators(self.memory)
        self.media = Media(self.memory, webhooks)
        self.posts = Posts(self.memory, webhooks, self.creators, self.media)
        world.resumed.append(self.media.resume)
        self.actions: Mapping[str, Callable[[Json], Any]] = Actions(self.memory, webhooks, self.oauth).table()
        self.hosts: Mapping[str, list[BaseRoute]] = {
            "open.tiktokapis.com": self._api_routes(),
            "www.tiktok.com": [Route("/v2/auth/authorize/", self.oauth.authorize, methods=["GET", "POST"])],
            "open-upload.tiktokapis.com": [Route("/video/", self.media.upload, methods=["PUT"])],
        }

    def _api_routes(self) -> list[BaseRoute]:
        posting, posts, display = "/v2/post/publish", self.posts, self.display
        publish, upload = frozenset({"video.publish"}), frozenset({"video.upload"})
        either, listing, basic = publish | upload, frozenset({"video.list"}), frozenset({"user.info.basic"})
        table: list[tuple[str, str, Handler, frozenset[str], str]] = [
            ("GET", "/v2/user/info/", display.user_info, basic, "display"),
            ("POST", f"{posting}/creator_info/query/", self.creators.creator_info, publish, "creator_info"),
            ("POST", f"{posting}/video/init/", posts.init_video, publish, "init"),
            ("POST", f"{posting}/inbox/video/init/", posts.init_draft, upload, "init"),
            ("POST", f"{posting}/content/init/", posts.init_photos, either, "init"),
            ("POST", f"{posting}/status/fetch/", posts.fetch_status, either, "status"),
            ("POST", f"{posting}/cancel/", posts.cancel, either, "status"),
            ("POST", "/v2/video/list/", display.list_videos, listing, "display"),
            ("POST", "/v2/video/query/", display.query_videos, listing, "display"),
        ]
        routes: list[BaseRoute] = [
            Route(path, self.gate.endpoint(path, handler, scopes, rate), methods=[method])
            for method, path, handler, scopes, rate in table
        ]
        routes.append(Route("/v2/oauth/token/", self.oauth.oauth_token, methods=["POST"]))
        routes.append(Route("/v2/oauth/revoke/", self.oauth.oauth_revoke, methods=["POST"]))
        return routes

    def reset(self) -> None:
        """Forget everything, and stop what is still running."""
        self.memory.reset()

    def state(self) -> Json:
        """Return publications, posts, users and counters, as JSON."""
        return self.memory.shown()

    def not_found(self, request: Request) -> Response:
        """Answer an unknown path: a missing trailing slash is enough (4.1)."""
        return self.gate.envelope(404, {}, "unsupported_path", "Unsupported path(Janus)")


def create(world: World) -> Simulator:
    """TikTok, to be added to a world."""
    return TikTok(world)
