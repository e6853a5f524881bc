"""LinkedIn as reference/platforms.md section 3 describes it: OAuth, posts, uploads, organizations, statistics, throttles.

It shares no code with the product and must never accept what the real platform refuses.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from local.simulators.linkedin.actions import Actions
from local.simulators.linkedin.content import Contents
from local.simulators.linkedin.errors import ERROR_HEADERS, Refused
from local.simulators.linkedin.gate import Gate
from local.simulators.linkedin.insights import Insights
from local.simulators.linkedin.media import MAX_BYTES, Media
from local.simulators.linkedin.oauth import OAuth
from local.simulators.linkedin.posts import Posts
from local.simulators.linkedin.presets import NOTES, PRESETS
from local.simulators.linkedin.profiles import Profiles
from local.simulators.linkedin.restli import Handler, respond
from local.simulators.linkedin.social import Social
from local.simulators.linkedin.state import State
from local.simulators.linkedin.tunnel import tunneled
from local.simulators.world import Json, Preset, Simulator, World


class LinkedIn:
    """One LinkedIn for everybody who asks this process."""

    name = "linkedin"
    base_host = "api.linkedin.com"
    presets: Mapping[str, Preset] = PRESETS
    notes = NOTES

    def __init__(self, world: World) -> None:
        self.memory = State(world)
        self.gate = Gate(self.memory)
        self.oauth = OAuth(self.memory)
        self.profiles = Profiles(self.memory, self.gate)
        self.posts = Posts(self.memory, self.gate, Contents(self.memory))
        self.social = Social(self.memory, self.gate)
        self.media = Media(self.memory, self.gate)
        self.insights = Insights(self.memory)
        self.actions: Mapping[str, Callable[[Json], Any]] = Actions(self.memory).table()
        self.hosts: Mapping[str, list[BaseRoute]] = {
            "api.linkedin.com": self._api_routes(),
            "www.linkedin.com": [
                Route("/oauth/v2/authorization", self.oauth.authorize, methods=["GET", "POST"]),
                Route("/oauth/v2/accessToken", self.oauth.access_token, methods=["POST"]),
                Route("/oauth/v2/introspectToken", self.oauth.introspect, methods=["POST"]),
                Route("/oauth/v2/revoke", self.oauth.revoke_token, methods=["POST"]),
                Route("/dms-uploads/{kind}/{asset}/{part}", self.media.upload, methods=["PUT"]),
            ],
        }

    def _api_routes(self) -> list[BaseRoute]:
        posts, social, insights, batched = self.posts, self.social, self.insights, self.gate.batched
        table: list[tuple[str, str, Handler]] = [
            ("GET", "/rest/posts", batched("posts", posts.get_post, posts.find_posts)),
            ("POST", "/rest/posts", posts.create_post),
            ("GET", "/rest/posts/{key}", posts.get_post),
            ("POST", "/rest/posts/{key}", posts.update_post),
            ("DELETE", "/rest/posts/{key}", posts.delete_post),
            *(("POST", f"/rest/{kind}s", self.media.media_action) for kind in MAX_BYTES),
            *(("GET", f"/rest/{kind}s/{{key}}", self.media.get_media) for kind in MAX_BYTES),
            *(("GET", f"/rest/{kind}s", batched(f"{kind}s", self.media.get_media)) for kind in MAX_BYTES),
            ("GET", "/rest/organizationAcls", self.profiles.organization_acls),
            ("GET", "/rest/organizations", batched("organizations", self.profiles.get_organization)),
            ("GET", "/rest/organizations/{key}", self.profiles.get_organization),
            ("GET", "/rest/socialActions", batched("socialActions", social.get_social_actions)),
            ("GET", "/rest/socialActions/{key}", social.get_social_actions),
            ("GET", "/rest/socialActions/{key}/comments", social.get_comments),
            ("POST", "/rest/socialActions/{key}/comments", social.create_comment),
            ("GET", "/rest/socialActions/{key}/comments/{comment}", social.get_comment),
            ("GET", "/rest/socialMetadata", batched("socialMetadata", social.get_social_metadata)),
            ("GET", "/rest/socialMetadata/{key}", social.get_social_metadata),
            ("GET", "/rest/organizationalEntityShareStatistics", insights.share_statistics),
            ("GET", "/rest/organizationalEntityFollowerStatistics", insights.follower_statistics),
            ("GET", "/rest/organizationPageStatistics", insights.page_statistics),
            ("GET", "/rest/networkSizes/{key}", insights.network_size),
            ("GET", "/rest/memberCreatorPostAnalytics", insights.member_post_analytics),
            ("GET", "/rest/memberCreatorVideoAnalytics", insights.member_video_analytics),
            ("GET", "/rest/memberFollowersCount", insights.member_followers),
        ]
        endpoint = self.gate.endpoint
        routes: list[BaseRoute] = [Route(path, endpoint(handler), methods=[method]) for method, path, handler in table]
        routes.append(Route("/v2/userinfo", endpoint(self.profiles.userinfo, versioned=False), methods=["GET"]))
        routes.append(Route("/v2/me", endpoint(self.profiles.me, versioned=False), methods=["GET"]))
        return tunneled(routes, self._unknown)

    async def _unknown(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.not_found(Request(scope, receive))(scope, receive, send)

    def reset(self) -> None:
        """Forget everything."""
        self.memory.reset()

    def state(self) -> Json:
        """Return posts, assets, users and counters, as JSON."""
        return self.memory.shown()

    def not_found(self, request: Request) -> Response:
        """Answer an unknown resource."""
        body = Refused(404, "No virtual resource found", "RESOURCE_NOT_FOUND", serviceErrorCode=0).body
        return respond(404, body, ERROR_HEADERS)


def create(world: World) -> Simulator:
    """LinkedIn, to be added to a world."""
    return LinkedIn(world)
