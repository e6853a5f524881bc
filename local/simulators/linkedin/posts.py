"""LinkedIn's posts: create, read, find, change, delete."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from starlette.responses import Response

from local.simulators.linkedin.content import Contents
from local.simulators.linkedin.errors import ERROR_HEADERS, Refused, duplicate_body, invalid, schema_error
from local.simulators.linkedin.fields import as_record, check_urn, only, read_commentary, required_text
from local.simulators.linkedin.gate import Gate
from local.simulators.linkedin.restli import Call, respond
from local.simulators.linkedin.state import Post, State, ms
from local.simulators.world import Json

REQUIRED = ("author", "commentary", "visibility", "distribution", "lifecycleState")
OPTIONAL = ("content", "isReshareDisabledByAuthor", "reshareContext")
CHOICES: dict[str, tuple[Any, ...]] = {
    "visibility": ("PUBLIC", "CONNECTIONS", "LOGGED_IN"),
    "lifecycleState": ("PUBLISHED",),
    "isReshareDisabledByAuthor": (True, False),
}


class Posts:
    """The ``/rest/posts`` endpoints."""

    def __init__(self, state: State, gate: Gate, contents: Contents) -> None:
        self.state, self.gate, self.contents = state, gate, contents

    async def create_post(self, call: Call) -> Response:
        """The commit: 201, no body, the URN in ``x-restli-id``."""
        body = await call.json()
        for name in REQUIRED:
            if name not in body or (name == "commentary" and not body[name] and not body.get("content")):
                raise invalid("MISSING_FIELD", f"/{name}", "This field is required")
        only(body, (*REQUIRED, *OPTIONAL), "")
        author, commentary = body["author"], body["commentary"]
        self.gate.may_write(call, author if isinstance(author, str) else "", f"partnerApiPostsExternal.CREATE.{call.version}01")
        text, understood = read_commentary(commentary)
        self._check_settings(body)
        kind = self.contents.check(author, body.get("content"))
        if "reshareContext" in body:
            self._check_reshare(body)
        now = self.state.now()
        fingerprint = json.dumps([author, commentary, body.get("content")], sort_keys=True)
        earlier = self.state.latest.get(fingerprint)
        # A deleted post still counts: the named URN can be a ghost (3.3).
        if earlier and now < earlier.created + self.state.settings["duplicate_window_s"]:
            return respond(422, duplicate_body(earlier.urn), ERROR_HEADERS)
        urn = self.state.next_urn(kind)
        post = Post(urn, author, body, commentary[:understood], text, understood < len(commentary), fingerprint, now, now)
        self.state.posts[urn] = self.state.latest[fingerprint] = post
        return respond(201, headers={"x-restli-id": urn, "location": f"/posts/{quote(urn, safe='')}"})

    def _check_settings(self, body: Json) -> None:
        for name, choices in CHOICES.items():
            if name in body and body[name] not in choices:
                raise invalid("INVALID_VALUE_FOR_FIELD", f"/{name}", f"must be one of {list(choices)}")
        distribution = as_record(body["distribution"], "/distribution")
        only(distribution, ("feedDistribution", "targetEntities", "thirdPartyDistributionChannels"), "/distribution")
        if distribution.get("feedDistribution") not in ("MAIN_FEED", "NONE"):
            raise invalid("INVALID_VALUE_FOR_FIELD", "/distribution/feedDistribution", "must be MAIN_FEED or NONE")
        targets = distribution.get("targetEntities", [])
        if not isinstance(targets, list) or not isinstance(distribution.get("thirdPartyDistributionChannels", []), list):
            raise schema_error("/distribution", "lists are expected")
        if targets and (":person:" in body["author"] or self.state.organization(body["author"])["followers"] <= 300):
            raise invalid("INVALID_VALUE_FOR_FIELD", "/distribution/targetEntities", "the audience must exceed 300 followers")

    def _check_reshare(self, body: Json) -> None:
        context = as_record(body["reshareContext"], "/reshareContext")
        only(context, ("parent",), "/reshareContext")
        parent = self.state.post(required_text(context, "parent", "/reshareContext"))
        if parent.body.get("isReshareDisabledByAuthor"):
            raise invalid("INVALID_VALUE_FOR_FIELD", "/reshareContext/parent", "its author does not allow that it is reshared")

    def _shown(self, post: Post) -> Json:
        return {
            "id": post.urn,
            **{name: value for name, value in post.body.items() if name != "commentary"},
            "commentary": post.commentary,
            "createdAt": ms(post.created),
            "publishedAt": ms(post.created),
            "lastModifiedAt": ms(post.modified),
            "lifecycleStateInfo": {"isEditedByAuthor": post.modified > post.created},
        }

    async def get_post(self, call: Call) -> Response:
        """One post; member posts cannot be read by new apps."""
        call.allow("viewContext", "fields")
        post = self.state.post(call.key())
        self.gate.may_read(call, post.author, "posts.GET")
        return respond(200, self._shown(post))

    async def find_posts(self, call: Call) -> Response:
        """The author finder: organizations only."""
        call.allow("q", "author", "count", "start", "sortBy", "viewContext", "fields", "isDsc")
        if call.param("q", str) != "author":
            raise Refused(400, "No such finder", "PARAM_INVALID", serviceErrorCode=0)
        author = call.param("author", str)
        kind, _ = check_urn(author, "author", ("person", "organization"))
        if kind == "person" and "r_member_social" not in call.token.scopes:
            raise Refused(400, "Member permissions must be used when using member as author")
        self.gate.may_read(call, author, "posts.FINDER-author")
        order = call.param("sortBy", str, "LAST_MODIFIED")
        if order not in ("LAST_MODIFIED", "CREATED"):
            raise Refused(400, "Invalid query parameters passed to request: sortBy", "PARAM_INVALID", serviceErrorCode=0)
        shows, now = self.state.lists.shows, self.state.now()
        found = [p for p in reversed(self.state.posts.values()) if p.author == author and not p.deleted and shows(p.created, now)]
        found.sort(key=lambda p: p.modified if order == "LAST_MODIFIED" else p.created, reverse=True)
        return self.gate.page(call, [self._shown(post) for post in found])

    async def update_post(self, call: Call) -> Response:
        """A partial update of the commentary."""
        if call.request.headers.get("x-restli-method", "").upper() != "PARTIAL_UPDATE":
            raise Refused(400, "X-RestLi-Method must be PARTIAL_UPDATE", "BAD_REQUEST")
        post = self.state.post(call.key())
        self.gate.may_write(call, post.author, "posts.PARTIAL_UPDATE")
        patch = as_record((await call.json()).get("patch"), "/patch")
        only(patch, ("$set",), "/patch")
        change = as_record(patch.get("$set"), "/patch/$set")
        only(change, ("commentary",), "/patch/$set")
        commentary = change.get("commentary")
        text, understood = read_commentary(commentary)
        post.commentary, post.text = str(commentary)[:understood], text
        post.truncated, post.modified = understood < len(str(commentary)), self.state.now()
        return respond(204)

    async def delete_post(self, call: Call) -> Response:
        """Deletion, which may be repeated."""
        urn = call.key()
        check_urn(urn, "key", ("share", "ugcPost"))
        post = self.state.posts.get(urn)
        if post is None:
            raise Refused(404, f"Could not find entity {urn}", "NOT_FOUND", serviceErrorCode=0)
        self.gate.may_write(call, post.author, "posts.DELETE")
        post.deleted = True
        return respond(204)
