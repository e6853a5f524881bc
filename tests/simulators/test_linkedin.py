"""The promises of the LinkedIn simulator: what the reference says of the platform, seen over HTTP."""

from __future__ import annotations

import hashlib
import io
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import httpx
import pytest
from PIL import Image

from local.simulators.linkedin import simulator as linkedin
from local.simulators.linkedin.presets import PRESETS
from local.simulators.world import World

Json = dict[str, Any]
SHARE = ("linkedin-app", "linkedin-app-secret", "openid profile email w_member_social")
COMMUNITY = (
    "linkedin-community-app",
    "linkedin-community-app-secret",
    "r_basicprofile w_member_social r_member_postAnalytics r_member_profileAnalytics "
    "rw_organization_admin w_organization_social r_organization_social",
)
ME = "urn:li:person:mB7xQ2kPzA"
ADMINISTERED = "urn:li:organization:2414183"
WRITABLE = "urn:li:organization:5509810"
REDIRECT = "http://127.0.0.1:9/callback"
MALFORMED: tuple[Any, ...] = ([], {}, 7, None, [{}])


def enc(urn: str) -> str:
    return quote(urn, safe="")


def text_post(author: str = ME, commentary: str = "Hello", **more: Any) -> Json:
    return {
        "author": author,
        "commentary": commentary,
        "visibility": "PUBLIC",
        "distribution": {"feedDistribution": "MAIN_FEED", "targetEntities": [], "thirdPartyDistributionChannels": []},
        "lifecycleState": "PUBLISHED",
        "isReshareDisabledByAuthor": False,
    } | more


def picture(kind: str = "JPEG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 64)).save(out, kind)
    return out.getvalue()


def measures(content_type: str, data: bytes) -> Json:
    """What the simulator keeps of a file."""
    return {"content_type": content_type, "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def clip(seconds: int = 5, size: int = 100_000) -> bytes:
    mvhd = struct.pack(">I4s5I", 108, b"mvhd", 0, 0, 0, 1000, seconds * 1000) + bytes(80)
    head = struct.pack(">I4s8s", 16, b"ftyp", b"isom\0\0\0\0") + struct.pack(">I4s", 8 + len(mvhd), b"moov") + mvhd
    return head + bytes(size - len(head))


@dataclass
class Platform:
    base: str
    world: World
    http: httpx.Client = field(default_factory=lambda: httpx.Client(trust_env=False))

    def dialog(self, app: tuple[str, str, str], **changed: str) -> dict[str, str]:
        asked = {"response_type": "code", "client_id": app[0], "redirect_uri": REDIRECT, "scope": app[2], "state": "s"} | changed
        answer = self.http.get(f"{self.base}/www.linkedin.com/oauth/v2/authorization", params=asked)
        assert answer.status_code == 302, answer.text
        return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["location"]).query).items()}

    def oauth(self, step: str, app: tuple[str, str, str], **form: str) -> httpx.Response:
        data = {"client_id": app[0], "client_secret": app[1]} | form
        return self.http.post(f"{self.base}/www.linkedin.com/oauth/v2/{step}", data=data)

    def exchange(self, app: tuple[str, str, str], code: str) -> httpx.Response:
        return self.oauth("accessToken", app, grant_type="authorization_code", code=code, redirect_uri=REDIRECT)

    def connect(self, app: tuple[str, str, str]) -> Api:
        answer = self.exchange(app, self.dialog(app)["code"])
        assert answer.status_code == 200, answer.text
        return Api(self, answer.json()["access_token"], answer.json())

    def act(self, action: str, **given: Any) -> Json:
        answer: Json = self.http.post(f"{self.base}/_control/linkedin/{action}", json=given).json()
        return answer

    def state(self) -> Json:
        state: Json = self.http.get(f"{self.base}/_control/state/linkedin").json()
        return state


@dataclass
class Api:
    platform: Platform
    token: str
    grant: Json
    version: str = "202609"

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        sent = {
            "authorization": f"Bearer {self.token}",
            "linkedin-version": self.version,
            "x-restli-protocol-version": "2.0.0",
        } | {name.replace("_", "-"): value for name, value in headers.items()}
        sent = {name: value for name, value in sent.items() if value}
        return self.platform.http.request(method, f"{self.platform.base}/api.linkedin.com{path}", json=body, headers=sent)

    def publish(self, *args: Any, **more: Any) -> str:
        answer = self.call("POST", "/rest/posts", text_post(*args, **more))
        assert answer.status_code == 201, answer.text
        return answer.headers["x-restli-id"]

    def initialize(self, kind: str, owner: str = ME, **more: Any) -> Json:
        asked = {"initializeUploadRequest": {"owner": owner} | more}
        answer = self.call("POST", f"/rest/{kind}s?action=initializeUpload", asked)
        assert answer.status_code == 200, answer.text
        value: Json = answer.json()["value"]
        return value

    def upload(self, kind: str, data: bytes, owner: str = ME) -> str:
        value = self.initialize(kind, owner)
        answer = self.platform.http.put(value["uploadUrl"], content=data, headers={"authorization": f"Bearer {self.token}"})
        assert answer.status_code == 201, answer.text
        urn: str = value[kind]
        return urn


@pytest.fixture
def platform(simulator_factory: Callable[..., tuple[str, World]]) -> Iterator[Platform]:
    platform = Platform(*simulator_factory(linkedin))
    with platform.http:
        yield platform


@pytest.fixture
def share(platform: Platform) -> Api:
    return platform.connect(SHARE)


@pytest.fixture
def community(platform: Platform) -> Api:
    return platform.connect(COMMUNITY)


# OAuth, section 3.2


def test_dialog_returns_code_and_state_and_the_code_works_once(platform: Platform) -> None:
    redirect = platform.dialog(SHARE)
    assert redirect["state"] == "s"
    first = platform.exchange(SHARE, redirect["code"])
    assert first.json()["expires_in"] == 5_184_000
    assert "refresh_token" not in first.json()
    assert platform.exchange(SHARE, redirect["code"]).json()["error"] == "invalid_request"


def test_code_dies_after_thirty_minutes(platform: Platform) -> None:
    code = platform.dialog(SHARE)["code"]
    platform.world.clock.offset += 1_800
    assert platform.exchange(SHARE, code).status_code == 400


def test_token_call_needs_the_secret_and_the_same_redirect_uri(platform: Platform) -> None:
    code = platform.dialog(SHARE)["code"]
    assert platform.exchange((SHARE[0], "wrong", ""), code).status_code == 401
    wrong = platform.oauth("accessToken", SHARE, grant_type="authorization_code", code=code, redirect_uri=f"{REDIRECT}2")
    assert wrong.status_code == 400


@pytest.mark.parametrize("target", ["http://elsewhere.test/cb", "ftp://localhost/cb", ""])
def test_unregistered_redirect_uri_gets_a_page_and_no_redirect(platform: Platform, target: str) -> None:
    asked = {"response_type": "code", "client_id": SHARE[0], "redirect_uri": target, "scope": "openid", "state": "s"}
    answer = platform.http.get(f"{platform.base}/www.linkedin.com/oauth/v2/authorization", params=asked)
    assert (answer.status_code, "location" in answer.headers) == (400, False)


def test_mixing_products_fails_the_whole_request(platform: Platform) -> None:
    assert platform.dialog(COMMUNITY, scope=f"openid {COMMUNITY[2]}")["error"] == "unauthorized_scope_error"
    assert platform.dialog(SHARE, scope=f"{SHARE[2]} w_organization_social")["error"] == "unauthorized_scope_error"


def test_person_can_refuse(platform: Platform) -> None:
    platform.act("consent", decision="deny")
    assert platform.dialog(SHARE)["error"] == "user_cancelled_authorize"


def test_silent_consent_breaks_a_first_grant_only(platform: Platform) -> None:
    assert "error" in platform.dialog(SHARE, prompt="none")
    platform.connect(SHARE)
    assert "code" in platform.dialog(SHARE, prompt="none")


def test_another_scope_set_kills_earlier_tokens_of_that_app_only(platform: Platform, share: Api, community: Api) -> None:
    again = platform.connect(SHARE)
    assert share.call("GET", "/v2/userinfo").status_code == 200
    platform.dialog(SHARE, scope="openid w_member_social")
    assert share.call("GET", "/v2/userinfo").json()["serviceErrorCode"] == 65601
    assert again.call("GET", "/v2/userinfo").status_code == 401
    assert community.call("GET", "/v2/me").status_code == 200


def test_refresh_keeps_the_refresh_token_and_its_life_shrinks(platform: Platform, community: Api) -> None:
    refresh = community.grant["refresh_token"]
    platform.world.clock.offset += 100 * 86_400
    answer = platform.oauth("accessToken", COMMUNITY, grant_type="refresh_token", refresh_token=refresh).json()
    assert answer["refresh_token"] == refresh
    assert answer["refresh_token_expires_in"] == pytest.approx(265 * 86_400, abs=60)
    platform.world.clock.offset += 265 * 86_400
    dead = platform.oauth("accessToken", COMMUNITY, grant_type="refresh_token", refresh_token=refresh)
    assert (dead.status_code, dead.json()["error"]) == (400, "invalid_grant")


def test_tokens_say_why_they_are_refused(platform: Platform, share: Api, community: Api) -> None:
    def code(api: Api) -> int:
        answer = api.call("GET", "/v2/userinfo")
        assert answer.status_code == 401
        number: int = answer.json()["serviceErrorCode"]
        return number

    assert code(Api(platform, "nonsense", {})) == 65600
    platform.act("expire_tokens")
    assert code(share) == 65602
    platform.act("revoke", user="mB7xQ2kPzA")
    assert code(community) == 65601


def test_introspection_and_revocation_follow_the_token(platform: Platform, share: Api) -> None:
    assert platform.oauth("introspectToken", SHARE, token=share.token).json()["status"] == "active"
    assert platform.oauth("revoke", SHARE, token=share.token).status_code == 200
    seen = platform.oauth("introspectToken", SHARE, token=share.token).json()
    assert (seen["active"], seen["status"]) == (False, "revoked")


# Versions and syntax, section 3.1


def test_versions_are_mandatory_and_end(platform: Platform, community: Api) -> None:
    path = "/rest/organizationAcls?q=roleAssignee"
    missing = community.call("GET", path, linkedin_version="")
    assert (missing.status_code, missing.json()["code"]) == (400, "VERSION_MISSING")
    now = datetime(2026, 11, 22, tzinfo=UTC).timestamp()
    platform.world.clock.offset += now - platform.world.clock.now()
    fresh = platform.connect(COMMUNITY)
    for version, status in (("202609", 200), ("202601", 200), ("202511", 426), ("202512", 426), ("202611", 426), ("x", 426)):
        assert fresh.call("GET", path, linkedin_version=version).status_code == status, version
    assert fresh.call("GET", path, linkedin_version="202511").json()["code"] == "NONEXISTENT_VERSION"


def test_syntax_characters_stay_raw_and_values_are_encoded(community: Api) -> None:
    urn = community.publish(ADMINISTERED)
    stats = f"/rest/organizationalEntityShareStatistics?q=organizationalEntity&organizationalEntity={enc(ADMINISTERED)}"
    assert community.call("GET", f"/rest/posts/{enc(urn)}").status_code == 200
    assert community.call("GET", f"/rest/posts/{urn}").status_code == 400
    assert community.call("GET", f"{stats}&shares=List({enc(urn)})").status_code == 200
    assert community.call("GET", f"{stats}&shares=List({urn})").status_code == 400
    assert community.call("GET", f"{stats}&shares=List%28{enc(urn)}%29").status_code == 400
    assert community.call("GET", f"{stats}&shares=List({enc(urn)})", x_restli_protocol_version="").status_code == 400


def test_old_indexing_names_the_unpermitted_field(community: Api) -> None:
    stats = f"/rest/organizationalEntityShareStatistics?q=organizationalEntity&organizationalEntity={enc(ADMINISTERED)}"
    answer = community.call("GET", f"{stats}&shares[0]=1")
    assert (answer.status_code, answer.json()["code"], answer.json()["serviceErrorCode"]) == (403, "ACCESS_DENIED", 100)
    assert "[/shares[0]]" in answer.json()["message"]


def tunneled(api: Api, path: str, content: str, content_type: str, method: str, **headers: str) -> httpx.Response:
    sent = {"authorization": f"Bearer {api.token}", "linkedin-version": api.version, "x-restli-protocol-version": "2.0.0",
            "x-http-method-override": method, "content-type": content_type, **headers}  # fmt: skip
    return api.platform.http.post(f"{api.platform.base}/api.linkedin.com{path}", content=content, headers=sent)


def test_a_query_can_come_in_the_body_of_a_post(community: Api) -> None:
    urn = community.publish(ADMINISTERED)
    query, form = f"q=author&author={enc(ADMINISTERED)}", "application/x-www-form-urlencoded"
    found = tunneled(community, "/rest/posts", query, form, "GET")
    assert [row["id"] for row in found.json()["elements"]] == [urn]
    patch = '{"patch": {"$set": {"commentary": "Changed"}}}'
    parts = "".join(f"--b\r\nContent-Type: {k}\r\n\r\n{v}\r\n" for k, v in ((form, "fields=id"), ("application/json", patch)))
    changed = tunneled(community, f"/rest/posts/{enc(urn)}", parts + "--b--", "multipart/mixed; boundary=b", "POST",
                       **{"x-restli-method": "PARTIAL_UPDATE"})  # fmt: skip
    assert changed.status_code == 204
    assert tunneled(community, f"/rest/posts/{enc(urn)}", "", form, "GET").json()["commentary"] == "Changed"
    assert tunneled(community, f"/rest/posts/{enc(urn)}", "", form, "DELETE").status_code == 204
    assert tunneled(community, "/rest/nothing", "", form, "GET").json()["code"] == "RESOURCE_NOT_FOUND"


@pytest.mark.parametrize(
    ("content_type", "method"),
    [("application/json", "GET"), ("application/x-www-form-urlencoded", "PATCH"), ("multipart/mixed", "GET")],
)
def test_a_tunnel_of_another_shape_is_refused(community: Api, content_type: str, method: str) -> None:
    refused = tunneled(community, "/rest/posts", "q=author", content_type, method)
    assert (refused.status_code, refused.json()["code"]) == (400, "BAD_REQUEST")
    assert refused.headers["x-restli-error-response"] == "true"


def test_entities_are_read_together_and_the_missing_ones_named(platform: Platform, community: Api, share: Api) -> None:
    urn, other = community.publish(ADMINISTERED), "urn:li:share:1"
    both = f"/rest/posts?ids=List({enc(urn)},{enc(other)})"
    answer = community.call("GET", f"{both}&fields=id,lifecycleStateInfo:(isEditedByAuthor)").json()
    assert answer["results"] == {urn: {"id": urn, "lifecycleStateInfo": {"isEditedByAuthor": False}}}
    assert answer["statuses"] == {urn: 200, other: 404} and answer["errors"][other]["code"] == "NOT_FOUND"
    assert share.call("GET", both).status_code == 403
    assert community.call("GET", "/rest/images").status_code == 400
    platform.act("settings", community_tier="development")
    assert community.call("GET", both).status_code == 403


def test_fields_choose_from_every_entity(community: Api) -> None:
    found = community.call("GET", "/rest/organizationAcls?q=roleAssignee&fields=role,organization")
    assert found.json()["elements"][0] == {"organization": ADMINISTERED, "role": "ADMINISTRATOR"}
    assert community.call("GET", "/rest/organizations/2414183?fields=localizedName").json() == {
        "localizedName": "Fenwick Robotics"
    }


def test_unknown_resource_answers_in_the_platforms_envelope(share: Api) -> None:
    answer = share.call("GET", "/rest/nothing")
    assert (answer.status_code, answer.json()["status"], "x-li-fabric" in answer.headers) == (404, 404, True)


# Identity


def test_each_app_has_its_own_identity_call(share: Api, community: Api) -> None:
    assert share.call("GET", "/v2/userinfo").json()["sub"] == community.call("GET", "/v2/me").json()["id"]
    assert share.call("GET", "/v2/me").status_code == 403
    assert community.call("GET", "/v2/userinfo").status_code == 403


def test_organizations_show_roles_and_non_admins_see_less(community: Api, share: Api) -> None:
    rows = community.call("GET", "/rest/organizationAcls?q=roleAssignee&state=APPROVED").json()["elements"]
    assert {row["organization"]: row["role"] for row in rows} == {
        ADMINISTERED: "ADMINISTRATOR",
        WRITABLE: "CONTENT_ADMINISTRATOR",
    }
    assert "logoV2" in community.call("GET", "/rest/organizations/2414183").json()
    assert "logoV2" not in community.call("GET", "/rest/organizations/5509810").json()
    assert share.call("GET", "/rest/organizationAcls?q=roleAssignee").status_code == 403


# Posts, section 3.3


def test_post_answers_201_with_the_id_in_a_header_and_no_body(platform: Platform, share: Api) -> None:
    answer = share.call("POST", "/rest/posts", text_post())
    assert (answer.status_code, answer.content) == (201, b"")
    (post,) = platform.state()["posts"]
    assert (post["id"], post["text"], post["account"]) == (answer.headers["x-restli-id"], "Hello", ME)


@pytest.mark.parametrize(
    ("commentary", "shown"),
    [
        ("plain, with punctuation: fine!", "plain, with punctuation: fine!"),
        ("cut here (and gone", "cut here "),
        (r"kept \(here\) \_all\_", "kept (here) _all_"),
        ("a #tag works", "a #tag works"),
        (r"a {hashtag|\#|tag} works", "a #tag works"),
        ("thanks @[Fenwick Robotics](urn:li:organization:2414183)!", "thanks Fenwick Robotics!"),
        ("mail me@example.org", "mail me"),
        ("5 * 3", "5 "),
        ("snake_case", "snake"),
        ("# no tag", ""),
        ("\\", ""),
    ],
)
def test_unescaped_reserved_characters_cut_the_text_without_an_error(
    platform: Platform, share: Api, commentary: str, shown: str
) -> None:
    share.publish(commentary=commentary)
    assert platform.state()["posts"][0]["text"] == shown


REFUSALS: list[tuple[Json, int, str | None]] = [
    ({"commentary": ""}, 400, "MISSING_FIELD"),
    ({"commentary": "x" * 3001}, 400, "FIELD_LENGTH_TOO_LONG"),
    ({"visibility": "FRIENDS"}, 400, "INVALID_VALUE_FOR_FIELD"),
    ({"lifecycleState": "DRAFT"}, 400, "INVALID_VALUE_FOR_FIELD"),
    ({"distribution": {"feedDistribution": "SIDE_FEED"}}, 400, "INVALID_VALUE_FOR_FIELD"),
    ({"author": "me"}, 400, "INVALID_URN_FORMAT"),
    ({"author": "urn:li:share:1"}, 400, "INVALID_URN_TYPE"),
    ({"author": "urn:li:person:somebody"}, 403, "ACCESS_DENIED"),
    ({"author": ADMINISTERED}, 400, None),
    ({"scheduledAt": 1}, 422, None),
    ({"content": {}}, 422, None),
    ({"content": {"carousel": {}}}, 422, None),
    ({"content": {"article": {"source": "https://example.com/"}}}, 422, None),
    ({"content": {"article": {"source": "example.com", "title": "t"}}}, 400, "INVALID_VALUE_FOR_FIELD"),
    ({"content": {"media": {"id": "urn:li:image:none"}}}, 400, "INVALID_IMAGE_ID"),
    ({"content": {"media": {"id": "urn:li:gif:none"}}}, 400, "INVALID_URN_TYPE"),
    ({"content": {"multiImage": {"images": [{"id": "urn:li:image:none"}]}}}, 400, "INVALID_VALUE_FOR_FIELD"),
    ({"content": {"poll": {"question": "?", "options": [{"text": "a"}], "settings": {}}}}, 400, "INVALID_VALUE_FOR_FIELD"),
]


@pytest.mark.parametrize(("changed", "status", "code"), REFUSALS)
def test_invalid_posts_are_refused_and_nothing_is_stored(
    platform: Platform, share: Api, changed: Json, status: int, code: str | None
) -> None:
    answer = share.call("POST", "/rest/posts", text_post() | changed)
    assert (answer.status_code, answer.json().get("code"), answer.json()["status"]) == (status, code, status)
    assert platform.state()["posts"] == []


@pytest.mark.parametrize("name", ["author", "commentary", "visibility", "distribution", "lifecycleState"])
def test_required_fields_are_named(share: Api, name: str) -> None:
    answer = share.call("POST", "/rest/posts", {k: v for k, v in text_post().items() if k != name})
    assert answer.json()["errorDetails"]["inputErrors"][0]["code"] == "MISSING_FIELD"


def test_roles_decide_who_posts_and_who_sees_statistics(platform: Platform, community: Api) -> None:
    community.publish(WRITABLE)
    stats = f"/rest/organizationalEntityShareStatistics?q=organizationalEntity&organizationalEntity={enc(WRITABLE)}"
    assert community.call("GET", stats).status_code == 403
    platform.act("user", organizations=[{"id": "5509810", "role": "ANALYST"}])
    assert community.call("POST", "/rest/posts", text_post(WRITABLE, "Other")).json()["code"] == "ACCESS_DENIED"


def test_duplicate_names_the_post_even_when_it_was_deleted(platform: Platform, share: Api) -> None:
    urn = share.publish()
    assert share.call("DELETE", f"/rest/posts/{enc(urn)}").status_code == 204
    answer = share.call("POST", "/rest/posts", text_post())
    assert answer.status_code == 422
    assert answer.json()["message"].endswith(f"Content is a duplicate of {urn}")
    assert answer.json()["errorDetails"]["inputErrors"][0]["code"] == "DUPLICATE_POST"
    assert "code" not in answer.json()
    assert len(platform.state()["posts"]) == 1
    platform.world.clock.offset += 600
    assert share.publish() != urn


def test_organization_posts_can_be_found_and_member_posts_cannot(platform: Platform, community: Api) -> None:
    old = community.publish(ADMINISTERED, "old")
    platform.world.clock.offset += 10
    new = community.publish(ADMINISTERED, "new")
    query = "/rest/posts?q=author&count=10&sortBy=LAST_MODIFIED&author="
    found = community.call("GET", query + enc(ADMINISTERED), x_restli_method="FINDER").json()["elements"]
    assert [row["id"] for row in found] == [new, old]
    refused = community.call("GET", query + enc(ME))
    assert (refused.status_code, refused.json()["message"]) == (
        400,
        "Member permissions must be used when using member as author",
    )


def test_edit_and_delete_answer_204_and_delete_may_be_repeated(platform: Platform, community: Api) -> None:
    urn = community.publish(ADMINISTERED)
    path, patch = f"/rest/posts/{enc(urn)}", {"patch": {"$set": {"commentary": "Edited"}}}
    assert community.call("POST", path, patch).status_code == 400
    assert community.call("POST", path, patch, x_restli_method="PARTIAL_UPDATE").status_code == 204
    assert community.call("GET", path).json()["commentary"] == "Edited"
    assert [community.call("DELETE", path).status_code for _ in range(2)] == [204, 204]
    assert community.call("GET", path).status_code == 404
    assert platform.state()["posts"][0]["status"] == "DELETED"


def test_comments_need_the_vetted_app_and_have_a_throttle(platform: Platform, share: Api, community: Api) -> None:
    urn = community.publish(ADMINISTERED)
    path = f"/rest/socialActions/{enc(urn)}/comments"
    body = {"actor": ADMINISTERED, "object": urn, "message": {"text": "first (plain)"}}
    assert share.call("POST", path, body | {"actor": ME}).status_code == 403
    assert community.call("POST", path, body).status_code == 201
    assert community.call("POST", path, body).status_code == 429
    platform.world.clock.offset += 61
    assert community.call("POST", path, body).status_code == 201
    assert platform.state()["posts"][0]["comments"] == ["first (plain)"] * 2


# Uploads


def test_comments_can_be_read_one_by_one(community: Api) -> None:
    urn = community.publish(ADMINISTERED)
    path = f"/rest/socialActions/{enc(urn)}/comments"
    body = {"actor": ADMINISTERED, "object": urn, "message": {"text": "First"}}
    number = community.call("POST", path, body).headers["x-restli-id"]
    assert community.call("GET", f"{path}/{number}").json()["message"]["text"] == "First"
    assert community.call("GET", f"{path}/1").status_code == 404


def test_image_is_usable_after_processing_and_only_by_its_owner(platform: Platform, community: Api) -> None:
    platform.act("settings", processing_s=30)
    urn = community.upload("image", picture(), ADMINISTERED)
    content = {"media": {"id": urn, "altText": "A square"}}
    waiting = community.call("POST", "/rest/posts", text_post(ADMINISTERED, content=content))
    assert waiting.json()["code"] == "MEDIA_ASSET_WAITING_UPLOAD"
    platform.world.clock.offset += 30
    assert community.call("GET", f"/rest/images/{enc(urn)}").json()["status"] == "AVAILABLE"
    assert community.call("POST", "/rest/posts", text_post(content=content)).status_code == 400
    community.publish(ADMINISTERED, content=content)
    (post,) = platform.state()["posts"]
    assert (post["media"], post["alt_text"]) == ([urn], ["A square"])


def test_images_need_the_bearer_token_and_an_image(platform: Platform, share: Api) -> None:
    url = share.initialize("image")["uploadUrl"]
    assert platform.http.put(url, content=picture()).status_code == 401
    platform.act("settings", processing_s=0)
    urn = share.upload("image", picture("WEBP"))
    answer = share.call("POST", "/rest/posts", text_post(content={"media": {"id": urn}}))
    assert answer.json()["code"] == "MEDIA_ASSET_PROCESSING_FAILED"


def test_upload_url_expires(platform: Platform, share: Api) -> None:
    url = share.initialize("image")["uploadUrl"]
    platform.world.clock.offset += 86_400
    answer = platform.http.put(url, content=picture(), headers={"authorization": f"Bearer {share.token}"})
    assert answer.json()["code"] == "EXPIRED_UPLOAD_URL"


def test_media_status_is_closed_to_tokens_that_only_write_as_member(share: Api) -> None:
    urn = share.upload("image", picture())
    assert share.call("GET", f"/rest/images/{enc(urn)}").status_code == 403


def test_several_images_become_one_post(platform: Platform, share: Api) -> None:
    platform.act("settings", processing_s=0)
    images = [{"id": share.upload("image", picture()), "altText": f"image {n}"} for n in range(2)]
    share.publish(content={"multiImage": {"images": images}})
    assert platform.state()["posts"][0]["alt_text"] == ["image 0", "image 1"]


def test_document_needs_a_title(platform: Platform, share: Api) -> None:
    platform.act("settings", processing_s=0)
    urn = share.upload("document", b"%PDF-1.4 /Type /Page")
    assert share.call("POST", "/rest/posts", text_post(content={"media": {"id": urn}})).status_code == 422
    assert share.publish(content={"media": {"id": urn, "title": "Paper"}}).startswith("urn:li:ugcPost:")


def test_video_takes_parts_in_order_without_a_token(platform: Platform, community: Api) -> None:
    data = clip(size=4 * 1024 * 1024 + 77)
    value = community.initialize("video", ADMINISTERED, fileSizeBytes=len(data), uploadCaptions=False, uploadThumbnail=False)
    parts = value["uploadInstructions"]
    assert [(p["firstByte"], p["lastByte"]) for p in parts] == [(0, 4_194_303), (4_194_304, len(data) - 1)]
    tolerated = platform.http.put(
        parts[0]["uploadUrl"], content=data[:4_194_304], headers={"authorization": f"Bearer {community.token}"}
    )
    assert tolerated.status_code == 200
    assert platform.http.put(parts[0]["uploadUrl"], content=data[:100]).status_code == 400
    etags = []
    for part in parts:
        answer = platform.http.put(part["uploadUrl"], content=data[part["firstByte"] : part["lastByte"] + 1])
        etags.append(answer.headers["etag"])
    assert not any('"' in etag for etag in etags)

    def finish(ids: list[str]) -> int:
        asked = {"video": value["video"], "uploadToken": value["uploadToken"], "uploadedPartIds": ids}
        return community.call("POST", "/rest/videos?action=finalizeUpload", {"finalizeUploadRequest": asked}).status_code

    path = f"/rest/videos/{enc(value['video'])}"
    assert finish(etags[::-1]) == 400
    assert community.call("GET", path).json()["status"] == "WAITING_UPLOAD"
    assert finish(etags) == 200
    assert community.call("GET", path).json()["status"] == "PROCESSING"
    platform.world.clock.offset += 2
    assert community.call("GET", path).json()["status"] == "AVAILABLE"
    assert community.publish(ADMINISTERED, content={"media": {"id": value["video"], "title": "t"}}).startswith("urn:li:ugcPost:")
    assert platform.state()["assets"][0]["files"] == {"file": measures("video/mp4", data)}


SRT = b"1\n00:00:01,000 --> 00:00:02,500\nHello\n"


def finished_video(platform: Platform, api: Api, beside: dict[str, bytes], owner: str = ME) -> str:
    """A video that was sent with files beside it; its URN."""
    data = clip()
    wanted = {f"upload{name.title()}": True for name in beside}
    value = api.initialize("video", owner, fileSizeBytes=len(data), **wanted)
    assert {name for name in value if name.endswith("UploadUrl")} == {f"{name}UploadUrl" for name in beside}
    etag = platform.http.put(value["uploadInstructions"][0]["uploadUrl"], content=data).headers["etag"]
    for name, content in beside.items():
        assert platform.http.put(value[f"{name}UploadUrl"], content=content).status_code == 201
    asked = {"video": value["video"], "uploadToken": "", "uploadedPartIds": [etag]}
    finished = api.call("POST", "/rest/videos?action=finalizeUpload", {"finalizeUploadRequest": asked})
    assert finished.status_code == 200, finished.text
    return str(value["video"])


def test_thumbnail_and_captions_have_upload_urls_where_they_were_announced(platform: Platform, community: Api) -> None:
    platform.act("settings", processing_s=0)
    beside = {"thumbnail": picture("PNG"), "captions": SRT}
    urn = finished_video(platform, community, beside, ADMINISTERED)
    assert community.call("GET", f"/rest/videos/{enc(urn)}").json()["status"] == "AVAILABLE"
    files = platform.state()["assets"][0]["files"]
    assert {name: files[name]["sha256"] for name in beside} == {
        name: hashlib.sha256(content).hexdigest() for name, content in beside.items()
    }
    odd = community.call("POST", "/rest/videos?action=initializeUpload",
                         {"initializeUploadRequest": {"owner": ME, "fileSizeBytes": 1, "uploadThumbnail": "yes"}})  # fmt: skip
    assert (odd.status_code, odd.json()["code"]) == (400, "INVALID_VALUE_FOR_FIELD")


@pytest.mark.parametrize(
    ("name", "content", "reason"), [("captions", b"WEBVTT\n", "not SubRip"), ("thumbnail", b"x", "not an image")]
)
def test_files_beside_a_video_must_be_what_they_are_called(
    platform: Platform, community: Api, name: str, content: bytes, reason: str
) -> None:
    platform.act("settings", processing_s=0)
    seen = community.call("GET", f"/rest/videos/{enc(finished_video(platform, community, {name: content}))}").json()
    assert seen["status"] == "PROCESSING_FAILED" and reason in seen["processingFailureReason"]


def test_a_member_reads_the_state_of_own_videos_with_the_share_app(platform: Platform, share: Api, community: Api) -> None:
    own = finished_video(platform, share, {})
    assert share.call("GET", f"/rest/videos/{enc(own)}").json()["status"] == "PROCESSING"
    platform.world.clock.offset += 2
    assert share.call("GET", f"/rest/videos/{enc(own)}").json()["status"] == "AVAILABLE"
    others = finished_video(platform, community, {}, ADMINISTERED)
    assert share.call("GET", f"/rest/videos/{enc(others)}").status_code == 403


def test_a_post_can_forbid_that_it_is_reshared(platform: Platform, share: Api) -> None:
    free, closed = share.publish(commentary="One"), share.publish(commentary="Two", isReshareDisabledByAuthor=True)
    again = share.publish(commentary="See", reshareContext={"parent": free})
    refused = share.call("POST", "/rest/posts", text_post(commentary="See this", reshareContext={"parent": closed}))
    assert (refused.status_code, refused.json()["code"]) == (400, "INVALID_VALUE_FOR_FIELD")
    posts = {post["id"]: (post["reshare_disabled"], post["reshare_of"]) for post in platform.state()["posts"]}
    assert posts == {free: (False, None), closed: (True, None), again: (False, free)}


def poll(question: str = "Which one?", options: int = 2, text: str = "This", duration: str = "ONE_DAY") -> Json:
    return {"poll": {"question": question, "options": [{"text": text}] * options, "settings": {"duration": duration}}}


@pytest.mark.parametrize(
    "content",
    [poll("x" * 141), poll(""), poll(options=1), poll(options=5), poll(text="x" * 31), poll(duration="TWO_DAYS")],
    ids=["question", "no question", "one option", "five options", "option", "duration"],
)
def test_polls_have_limits(platform: Platform, share: Api, content: Json) -> None:
    assert share.call("POST", "/rest/posts", text_post(content=content)).status_code in (400, 422)
    assert platform.state()["posts"] == []
    assert share.publish(content=poll("x" * 140, 4, "x" * 30, "FOURTEEN_DAYS")).startswith("urn:li:ugcPost:")


@pytest.mark.parametrize(
    ("data", "reason"), [(clip(2), "2 s"), (clip(1_801), "1801 s"), (clip(size=70_000), "75 KB"), (bytes(100_000), "not an MP4")]
)
def test_video_outside_the_limits_fails_in_processing(platform: Platform, community: Api, data: bytes, reason: str) -> None:
    platform.act("settings", processing_s=0)
    value = community.initialize("video", fileSizeBytes=len(data))
    etag = platform.http.put(value["uploadInstructions"][0]["uploadUrl"], content=data).headers["etag"]
    asked = {"video": value["video"], "uploadToken": "", "uploadedPartIds": [etag]}
    community.call("POST", "/rest/videos?action=finalizeUpload", {"finalizeUploadRequest": asked})
    seen = community.call("GET", f"/rest/videos/{enc(value['video'])}").json()
    assert seen["status"] == "PROCESSING_FAILED"
    assert reason in seen["processingFailureReason"]


# Statistics, section 3.4


def test_share_statistics_batch_sorts_by_type_and_omits_quiet_posts(platform: Platform, community: Api) -> None:
    share_urn = community.publish(ADMINISTERED, "one")
    poll = {"question": "?", "options": [{"text": "a"}, {"text": "b"}], "settings": {"duration": "THREE_DAYS"}}
    ugc = community.publish(ADMINISTERED, "two", content={"poll": poll})
    stats = f"/rest/organizationalEntityShareStatistics?q=organizationalEntity&organizationalEntity={enc(ADMINISTERED)}"
    both = f"{stats}&shares=List({enc(share_urn)})&ugcPosts=List({enc(ugc)})"
    assert community.call("GET", both).json()["elements"] == []
    platform.world.clock.offset += 3_600
    first = community.call("GET", both).json()["elements"]
    assert [row.get("share") or row.get("ugcPost") for row in first] == [share_urn, ugc]
    platform.world.clock.offset += 3_600
    second = community.call("GET", both).json()["elements"]
    for before, after in zip(first, second, strict=True):
        assert after["totalShareStatistics"]["impressionCount"] > before["totalShareStatistics"]["impressionCount"]
    assert community.call("GET", f"{stats}&shares=List({enc(ugc)})").status_code == 400
    too_many = ",".join([enc(share_urn)] * 51)
    assert community.call("GET", f"{stats}&shares=List({too_many})").status_code == 400


def test_statistics_by_day_have_one_row_a_day(platform: Platform, community: Api) -> None:
    today = int(platform.world.clock.now()) // 86_400 * 86_400
    window = f"&timeIntervals=(timeRange:(start:{(today - 5 * 86_400) * 1000},end:{today * 1000}),timeGranularityType:DAY)"
    entity = f"q=organizationalEntity&organizationalEntity={enc(ADMINISTERED)}{window}"
    shares = community.call("GET", f"/rest/organizationalEntityShareStatistics?{entity}").json()["elements"]
    assert [row["timeRange"]["start"] for row in shares] == [(today - n * 86_400) * 1000 for n in (5, 4, 3, 2, 1)]
    followers = community.call("GET", f"/rest/organizationalEntityFollowerStatistics?{entity}").json()["elements"]
    assert 3 <= len(followers) < 5, "follower gains are two days late"


def test_follower_totals_and_page_views(community: Api) -> None:
    size = community.call("GET", f"/rest/networkSizes/{enc(ADMINISTERED)}?edgeType=COMPANY_FOLLOWED_BY_MEMBER").json()
    assert size == {"firstDegreeSize": 1_450}
    views = community.call("GET", f"/rest/organizationPageStatistics?q=organization&organization={enc(ADMINISTERED)}").json()
    assert views["elements"][0]["totalPageStatistics"]["views"]["allPageViews"]["pageViews"] > 0
    assert community.call("GET", "/rest/memberFollowersCount?q=me").json()["elements"] == [{"memberFollowersCount": 812}]


def test_member_analytics_is_one_metric_per_call_and_its_shape_depends_on_the_version(platform: Platform, community: Api) -> None:
    urn = community.publish()
    platform.world.clock.offset += 7_200
    path = f"/rest/memberCreatorPostAnalytics?q=entity&entity=(share:{enc(urn)})&aggregation=TOTAL&queryType="
    (row,) = community.call("GET", f"{path}IMPRESSION").json()["elements"]
    assert row["count"] > 0
    assert (row["metricType"], row["targetEntity"]) == ("IMPRESSION", {"share": urn})
    (older,) = community.call("GET", f"{path}IMPRESSION", linkedin_version="202604").json()["elements"]
    assert list(older["metricType"].values()) == ["IMPRESSION"]
    assert community.call("GET", f"{path}List(IMPRESSION,REACTION)").status_code == 400
    assert community.call("GET", f"{path}POST_SAVE").status_code == 200
    assert community.call("GET", f"{path}POST_SAVE", linkedin_version="202603").status_code == 400
    assert community.call("GET", f"{path.replace('(share:', '(ugc:')}IMPRESSION").status_code == 400
    window = "dateRange=(start:(year:2026,month:11,day:1),end:(year:2026,month:11,day:4))"
    daily = f"/rest/memberCreatorPostAnalytics?q=me&aggregation=DAILY&{window}"
    assert len(community.call("GET", f"{daily}&queryType=REACTION").json()["elements"]) == 3
    assert community.call("GET", f"{daily}&queryType=MEMBERS_REACHED").status_code == 400


def test_share_app_has_no_analytics(share: Api) -> None:
    urn = share.publish()
    path = f"/rest/memberCreatorPostAnalytics?q=entity&entity=(share:{enc(urn)})&queryType=IMPRESSION&aggregation=TOTAL"
    assert share.call("GET", path).status_code == 403


# Limits and faults, section 3.5


def test_daily_quota_of_the_share_app_starts_again_at_midnight_utc(platform: Platform) -> None:
    noon = datetime(2026, 11, 22, 12, tzinfo=UTC).timestamp()
    platform.world.clock.offset += noon - platform.world.clock.now()
    api = platform.connect(SHARE)
    assert {api.call("GET", "/v2/userinfo").status_code for _ in range(150)} == {200}
    refused = api.call("GET", "/v2/userinfo")
    assert (refused.status_code, "retry-after" in refused.headers) == (429, False)
    platform.world.clock.offset += 11.9 * 3600
    assert api.call("GET", "/v2/userinfo").status_code == 429
    platform.world.clock.offset += 0.2 * 3600
    assert api.call("GET", "/v2/userinfo").status_code == 200


def test_development_tier_allows_a_hundred_calls(platform: Platform, community: Api) -> None:
    platform.act("settings", community_tier="development")
    assert [community.call("GET", "/v2/me").status_code for _ in range(101)].count(429) == 1


@pytest.mark.parametrize("preset", sorted(PRESETS))
def test_every_preset_can_be_served(platform: Platform, share: Api, preset: str) -> None:
    fault = {"platform": "linkedin", "path": "/rest/posts$", "preset": preset}
    assert platform.http.post(f"{platform.base}/_control/faults", json=fault).status_code == 201
    answer = share.call("POST", "/rest/posts", text_post())
    expected = PRESETS[preset]
    assert answer.status_code == expected.status
    assert "x-restli-id" not in answer.headers
    if isinstance(expected.body, dict):
        assert answer.json() == expected.body
        assert "error" in answer.json() or answer.json()["status"] == answer.status_code
    assert platform.state()["posts"] == []


def test_lost_answer_leaves_a_post_that_the_repeat_discovers(platform: Platform, share: Api) -> None:
    fault = {"platform": "linkedin", "path": "/rest/posts$", "preset": "transient", "when": "after"}
    platform.http.post(f"{platform.base}/_control/faults", json=fault)
    assert share.call("POST", "/rest/posts", text_post()).status_code == 500
    (post,) = platform.state()["posts"]
    assert post["id"] in share.call("POST", "/rest/posts", text_post()).json()["message"]


def test_malformed_values_are_refused_and_never_crash(share: Api) -> None:
    for name in text_post():
        for value in MALFORMED:
            assert share.call("POST", "/rest/posts", text_post() | {name: value}).status_code in (400, 422), (name, value)
    for content in ({"media": {"id": 7}}, {"article": {"source": "https://example.com/", "title": "t", "thumbnail": []}}):
        assert share.call("POST", "/rest/posts", text_post(content=content)).status_code in (400, 422)


def test_seeded_posts_have_numbers_at_once(platform: Platform, community: Api) -> None:
    urns = platform.act("seed", count=50, author=ADMINISTERED)["ids"]
    stats = f"/rest/organizationalEntityShareStatistics?q=organizationalEntity&organizationalEntity={enc(ADMINISTERED)}"
    found = community.call("GET", f"{stats}&shares=List({','.join(map(enc, urns))})").json()["elements"]
    assert [row["share"] for row in found] == urns


def test_reset_forgets_everything(platform: Platform, share: Api) -> None:
    share.publish()
    platform.http.post(f"{platform.base}/_control/reset")
    state = platform.state()
    assert (state["posts"], state["tokens"], state["calls"]) == ([], 0, [])
