"""Comments and reactions on LinkedIn's posts."""

from __future__ import annotations

from starlette.responses import Response

from local.simulators.linkedin.errors import Refused, forbidden, invalid
from local.simulators.linkedin.fields import as_record, check_urn, only, required_text
from local.simulators.linkedin.gate import MAY_POST, Gate
from local.simulators.linkedin.insights import figures
from local.simulators.linkedin.restli import Call, respond
from local.simulators.linkedin.state import FIRST_POST_ID, State, ms

MAX_COMMENT = 1_250


class Social:
    """The ``/rest/socialActions`` and ``/rest/socialMetadata`` endpoints."""

    def __init__(self, state: State, gate: Gate) -> None:
        self.state, self.gate = state, gate

    async def get_social_actions(self, call: Call) -> Response:
        """Fresh likes and comments of an organization's post."""
        post = self.state.post(call.key())
        self.gate.may_read(call, post.author, "socialActions.GET")
        numbers, own = figures(self.state.impressions(post)), len(post.comments)
        return respond(
            200,
            {
                "$URN": post.urn,
                "likesSummary": {"totalLikes": numbers["likeCount"], "aggregatedTotalLikes": numbers["likeCount"]},
                "commentsSummary": {
                    "totalFirstLevelComments": numbers["commentCount"] + own,
                    "aggregatedTotalComments": numbers["commentCount"] + own,
                },
            },
        )

    async def get_social_metadata(self, call: Call) -> Response:
        """Reactions by type."""
        post = self.state.post(call.key())
        self.gate.may_read(call, post.author, "socialMetadata.GET")
        likes = figures(self.state.impressions(post))["likeCount"]
        counts = {"LIKE": likes - likes // 5, "PRAISE": likes // 5}
        return respond(
            200,
            {
                "entity": post.urn,
                "reactionSummaries": {kind: {"reactionType": kind, "count": n} for kind, n in counts.items() if n},
                "commentSummary": {"count": len(post.comments), "topLevelCount": len(post.comments)},
                "commentsState": "OPEN",
            },
        )

    async def get_comments(self, call: Call) -> Response:
        """Comments that were made through the API."""
        post = self.state.post(call.key())
        self.gate.may_read(call, post.author, "socialActions.comments.GET_ALL")
        return self.gate.page(call, post.comments)

    async def get_comment(self, call: Call) -> Response:
        """One comment that was made through the API."""
        post = self.state.post(call.key())
        self.gate.may_read(call, post.author, "socialActions.comments.GET")
        found = next((comment for comment in post.comments if comment["id"] == call.key("comment")), None)
        if found is None:
            raise Refused(404, f"Could not find entity {call.key('comment')}", "NOT_FOUND", serviceErrorCode=0)
        return respond(200, found)

    async def create_comment(self, call: Call) -> Response:
        """A comment in plain text; its creation has a throttle of its own."""
        urn = call.key()
        body = await call.json()
        only(body, ("actor", "object", "message", "parentComment"), "")
        actor = required_text(body, "actor", "")
        kind, _ = check_urn(actor, "/actor", ("person", "organization"))
        scope = "w_member_social" if kind == "person" else "w_organization_social"
        allowed = actor == call.member_urn if kind == "person" else self.state.role(call.token.member, actor) in MAY_POST
        if not call.token.app.comments or not allowed or not call.token.scopes & {scope, f"{scope}_feed"}:
            raise forbidden("partnerApiSocialActions.comments.CREATE")
        post = self.state.post(urn)
        if body.get("object") != urn:
            raise invalid("INVALID_VALUE_FOR_FIELD", "/object", "must be the commented entity")
        text = required_text(as_record(body.get("message"), "/message"), "text", "/message")
        if len(text) > MAX_COMMENT:
            raise invalid("FIELD_LENGTH_TOO_LONG", "/message/text", f"longer than {MAX_COMMENT} characters")
        now = self.state.now()
        recent = sum(who == actor and at > now - 60 for who, at in self.state.commented)
        if recent >= self.state.settings["comments_per_minute"]:
            raise Refused(429, "Comment creation is throttled, try again in a minute", "TOO_MANY_REQUESTS", serviceErrorCode=101)
        self.state.commented.append((actor, now))
        number = str(FIRST_POST_ID + 1_000_003 * len(self.state.commented) + 7)
        comment = {
            "id": number,
            "actor": actor,
            "object": urn,
            "message": {"text": text, "attributes": []},
            "created": {"actor": actor, "time": ms(now)},
            "commentUrn": f"urn:li:comment:({urn},{number})",
        }
        post.comments.append(comment)
        return respond(201, comment, {"x-restli-id": number})
