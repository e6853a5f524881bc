"""Members and the organizations they have a role in."""

from __future__ import annotations

import re

from starlette.responses import Response

from local.simulators.linkedin.errors import Refused, forbidden
from local.simulators.linkedin.gate import Gate
from local.simulators.linkedin.restli import Call, respond
from local.simulators.linkedin.state import State
from local.simulators.world import Json

ADMIN = frozenset({"ADMINISTRATOR"})


class Profiles:
    """The profile and organization endpoints."""

    def __init__(self, state: State, gate: Gate) -> None:
        self.state, self.gate = state, gate

    async def userinfo(self, call: Call) -> Response:
        """OpenID Connect profile."""
        if "openid" not in call.token.scopes:
            raise forbidden("userinfo.GET.NO_VERSION")
        user = self.state.users[call.token.member]
        answer: Json = {"sub": user["id"]}
        if "profile" in call.token.scopes:
            answer |= {
                "name": f"{user['given_name']} {user['family_name']}",
                "given_name": user["given_name"],
                "family_name": user["family_name"],
                "picture": self.state.world.image("100x100"),
                "locale": {"country": "US", "language": "en"},
            }
        if "email" in call.token.scopes:
            answer |= {"email": user["email"], "email_verified": True}
        return respond(200, answer)

    async def me(self, call: Call) -> Response:
        """The older profile, for community apps."""
        if "r_basicprofile" not in call.token.scopes:
            raise forbidden("me.GET.NO_VERSION")
        user = self.state.users[call.token.member]

        def localized(text: str) -> Json:
            return {"localized": {"en_US": text}, "preferredLocale": {"country": "US", "language": "en"}}

        image: Json = {"displayImage": "urn:li:digitalmediaAsset:C4E03AQEsimulated"}
        if "displayImage~" in call.params.get("projection", ""):
            image["displayImage~"] = self._renditions("100x100", "800x800")
        return respond(
            200,
            {
                "id": user["id"],
                "localizedFirstName": user["given_name"],
                "localizedLastName": user["family_name"],
                "firstName": localized(user["given_name"]),
                "lastName": localized(user["family_name"]),
                "localizedHeadline": user["headline"],
                "vanityName": user["vanity_name"],
                "profilePicture": image,
            },
        )

    async def organization_acls(self, call: Call) -> Response:
        """Organizations the member has a role in."""
        call.allow("q", "state", "role", "start", "count", "fields", "projection")
        if not call.token.scopes & {"rw_organization_admin", "r_organization_admin"}:
            raise forbidden("organizationAcls.FINDER-roleAssignee")
        if call.param("q", str) != "roleAssignee":
            raise Refused(400, "No such finder", "PARAM_INVALID", serviceErrorCode=0)
        rows = [
            {
                "organization": f"urn:li:organization:{organization['id']}",
                "role": organization["role"],
                "roleAssignee": call.member_urn,
                "state": organization.get("state", "APPROVED"),
            }
            for organization in self.state.users[call.token.member]["organizations"]
        ]
        wanted = {name: call.params[name] for name in ("state", "role") if name in call.params}
        return self.gate.page(call, [row for row in rows if all(row[k] == v for k, v in wanted.items())])

    async def get_organization(self, call: Call) -> Response:
        """Name and logo. Only administrators see everything."""
        urn = f"urn:li:organization:{call.key()}"
        if not call.token.scopes & {"rw_organization_admin", "r_organization_admin", "r_organization_social"}:
            raise forbidden("organizations.GET")
        organization = self.state.organization(urn)
        answer: Json = {
            "id": int(organization["id"]),
            "localizedName": organization["name"],
            "vanityName": re.sub(r"\W+", "-", organization["name"].lower()),
        }
        if self.state.role(call.token.member, urn) in ADMIN:
            logo = "urn:li:digitalmediaAsset:C4D0BAQsimulated"
            shown: Json = {"original": logo, "cropped": logo}
            if "original~" in call.params.get("projection", ""):
                shown["original~"] = self._renditions("400x400")
            answer |= {"$URN": urn, "logoV2": shown, "organizationType": "PRIVATELY_HELD"}
        return respond(200, answer)

    def _renditions(self, *sizes: str) -> Json:
        """What a projection puts in the place of an image's URN."""
        kinds = [{"identifiers": [{"identifier": self.state.world.image(size), "mediaType": "image/jpeg"}]} for size in sizes]
        return {"paging": {"count": 10, "start": 0, "links": []}, "elements": kinds}
