"""LinkedIn's own client for Python against the simulator."""

from __future__ import annotations

import io
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
import requests
from linkedin_api.clients.auth.client import AuthClient
from linkedin_api.clients.restli.client import RestliClient
from linkedin_api.common.errors import ResponseFormattingError

from tests.sdks.conftest import REDIRECT, Platforms

pytestmark = pytest.mark.filterwarnings("default")

Json = dict[str, Any]
VERSION = "202609"
ME = "urn:li:person:mB7xQ2kPzA"
PAGE = "urn:li:organization:2414183"
SHARE = ("linkedin-app", "linkedin-app-secret", ["openid", "profile", "email", "w_member_social"])
COMMUNITY = (
    "linkedin-community-app",
    "linkedin-community-app-secret",
    ["r_basicprofile", "w_member_social", "rw_organization_admin", "w_organization_social", "r_organization_social"],
)


@dataclass(frozen=True)
class Client:
    """LinkedIn's client with a token."""

    restli: RestliClient
    auth: AuthClient
    token: str
    refresh_token: str | None = None

    def __getattr__(self, method: str) -> Callable[..., Any]:
        """Return a method of the client that has its token and version."""

        def call(resource_path: str, *, version_string: str | None = VERSION, **options: Any) -> Any:
            found = getattr(self.restli, method)
            return found(resource_path=resource_path, access_token=self.token, version_string=version_string, **options)

        return call

    def post(self, author: str, commentary: str, **more: Any) -> str:
        """Publish a post and return its URN."""
        created = self.create("/posts", entity=entity(author, commentary, **more))
        assert (created.status_code, created.response.content) == (201, b"")
        return str(created.entity_id)

    def finalize(self, video: str, parts: list[str]) -> None:
        """End an upload. The answer has no body, which this client says of an action once it has been done."""
        asked = {"finalizeUploadRequest": {"video": video, "uploadToken": "", "uploadedPartIds": parts}}
        with pytest.raises(ResponseFormattingError):
            self.action("/videos", action_name="finalizeUpload", action_params=asked)


def entity(author: str, commentary: str, **more: Any) -> Json:
    return {
        "author": author, "commentary": commentary, "visibility": "PUBLIC", "lifecycleState": "PUBLISHED",
        "distribution": {"feedDistribution": "MAIN_FEED", "targetEntities": [], "thirdPartyDistributionChannels": []},
    } | more  # fmt: skip


def logged_in(platforms: Platforms, app: tuple[str, str, list[str]]) -> Client:
    auth = AuthClient(client_id=app[0], client_secret=app[1], redirect_url=REDIRECT)
    back = platforms.consent(auth.generate_member_auth_url(scopes=app[2], state="s"))
    assert back["state"] == "s"
    tokens = auth.exchange_auth_code_for_access_token(back["code"])
    return Client(RestliClient(), auth, tokens.access_token, tokens.refresh_token)


@pytest.fixture
def share(platforms: Platforms) -> Client:
    return logged_in(platforms, SHARE)


@pytest.fixture
def community(platforms: Platforms) -> Client:
    return logged_in(platforms, COMMUNITY)


def clip(size: int = 100_000) -> bytes:
    mvhd = struct.pack(">I4s5I", 108, b"mvhd", 0, 0, 0, 1000, 5000) + bytes(80)
    head = struct.pack(">I4s8s", 16, b"ftyp", b"isom\0\0\0\0") + struct.pack(">I4s", 8 + len(mvhd), b"moov") + mvhd
    return head + bytes(size - len(head))


def photo(platforms: Platforms) -> bytes:
    return requests.get(platforms.media("photo.jpg"), timeout=10).content


def test_tokens_are_exchanged_refreshed_and_inspected(share: Client, community: Client) -> None:
    assert share.auth.introspect_access_token(share.token).active is True
    renewed = community.auth.exchange_refresh_token_for_access_token(str(community.refresh_token))
    assert renewed.status_code == 200 and renewed.access_token != community.token


def test_a_member_is_known_by_the_calls_without_a_version(share: Client, community: Client) -> None:
    assert share.get("/userinfo", version_string=None).entity["sub"] == ME.rpartition(":")[2]
    assert community.get("/me", version_string=None, query_params={"fields": "id,localizedFirstName"}).entity == {
        "id": ME.rpartition(":")[2], "localizedFirstName": "Ada",
    }  # fmt: skip


def test_roles_and_organizations_are_found_and_read_together(community: Client) -> None:
    found = community.finder("/organizationAcls", finder_name="roleAssignee", query_params={"state": "APPROVED", "count": 1})
    assert [row["organization"] for row in found.elements] == [PAGE]
    assert (found.paging.start, found.paging.count, found.paging.total) == (0, 1, 2)
    following = community.finder("/organizationAcls", finder_name="roleAssignee", query_params={"start": 1, "count": 1})
    assert following.elements[0]["role"] == "CONTENT_ADMINISTRATOR"
    read = community.batch_get("/organizations", ids=[2414183, 5509810, 1], query_params={"fields": "localizedName"})
    assert read.results["2414183"] == {"localizedName": "Fenwick Robotics"}
    assert read.statuses == {"2414183": 200, "5509810": 200, "1": 404}
    assert read.errors["1"]["status"] == 404


def test_a_post_is_created_read_changed_and_deleted(platforms: Platforms, community: Client) -> None:
    urn = community.post(PAGE, "Hello from a robot")
    read = community.get("/posts/{urn}", path_keys={"urn": urn})
    assert (read.entity["id"], read.entity["commentary"]) == (urn, "Hello from a robot")
    changed = community.partial_update("/posts/{urn}", path_keys={"urn": urn}, patch_set_object={"commentary": "Hello again"})
    assert changed.status_code == 204
    chosen = community.get("/posts/{urn}", path_keys={"urn": urn}, query_params={"fields": "id,commentary"})
    assert chosen.entity == {"id": urn, "commentary": "Hello again"}
    assert community.delete("/posts/{urn}", path_keys={"urn": urn}).status_code == 204
    assert community.get("/posts/{urn}", path_keys={"urn": urn}).status_code == 404
    assert [post["status"] for post in platforms.posts("linkedin")] == ["DELETED"]


def test_posts_of_an_author_are_found_in_pages_and_by_their_ids(community: Client) -> None:
    urns = [community.post(PAGE, f"Number {n}") for n in range(3)]
    query = {"author": PAGE, "count": 2, "sortBy": "CREATED", "fields": "id"}
    first = community.finder("/posts", finder_name="author", query_params=query)
    second = community.finder("/posts", finder_name="author", query_params={**query, "start": 2})
    assert [row["id"] for row in [*first.elements, *second.elements]] == urns[::-1]
    assert any(link["rel"] == "next" for link in first.response.json()["paging"]["links"])
    together = community.batch_get("/posts", ids=[*urns, "urn:li:share:1"])
    assert {urn: row["commentary"] for urn, row in together.results.items()} == {urn: f"Number {n}" for n, urn in enumerate(urns)}
    assert list(together.errors) == ["urn:li:share:1"]


def test_a_query_that_is_too_long_for_a_url_comes_in_the_body(platforms: Platforms, community: Client) -> None:
    urn = community.post(PAGE, "Found among many")
    many = [f"urn:li:share:{7_000_000_000_000_000_000 + n}" for n in range(200)]
    found = community.batch_get("/posts", ids=[urn, *many])
    assert (list(found.results), len(found.errors)) == ([urn], 200)
    (sent,) = [row for row in platforms.journal("api.linkedin.com/rest/posts$") if row["headers"].get("x-http-method-override")]
    assert (sent["method"], sent["query"], sent["headers"]["x-http-method-override"]) == ("POST", "", "GET")


def test_the_development_tier_has_no_batches(platforms: Platforms, community: Client) -> None:
    urn = community.post(PAGE, "Alone")
    platforms.act("linkedin", "settings", community_tier="development")
    assert community.batch_get("/posts", ids=[urn]).status_code == 403
    assert community.get("/posts/{urn}", path_keys={"urn": urn}).status_code == 200


def test_comments_are_written_and_read(platforms: Platforms, community: Client) -> None:
    urn = community.post(PAGE, "Say something")
    body = {"actor": PAGE, "object": urn, "message": {"text": "Something"}}
    written = community.create("/socialActions/{urn}/comments", path_keys={"urn": urn}, entity=body)
    assert (written.status_code, written.entity["message"]["text"]) == (201, "Something")
    listed = community.get_all("/socialActions/{urn}/comments", path_keys={"urn": urn})
    assert [row["message"]["text"] for row in listed.elements] == ["Something"]
    keys = {"urn": urn, "comment": written.entity_id}
    one = community.get("/socialActions/{urn}/comments/{comment}", path_keys=keys, query_params={"fields": "id,actor"})
    assert one.entity == {"id": written.entity_id, "actor": PAGE}
    assert community.get("/socialActions/{urn}/comments/{comment}", path_keys={"urn": urn, "comment": "1"}).status_code == 404
    counted = community.batch_get("/socialActions", ids=[urn])
    assert counted.results[urn]["commentsSummary"]["aggregatedTotalComments"] == 1


def test_a_post_is_reshared_unless_its_author_forbids_it(platforms: Platforms, community: Client) -> None:
    urn = community.post(PAGE, "Share me")
    community.post(ME, "Look at this", reshareContext={"parent": urn})
    assert platforms.posts("linkedin")[-1]["reshare_of"] == urn
    closed = community.post(PAGE, "Keep me here", isReshareDisabledByAuthor=True)
    assert community.create("/posts", entity=entity(ME, "And this", reshareContext={"parent": closed})).status_code == 400


def test_an_image_is_uploaded_and_posted(platforms: Platforms, community: Client) -> None:
    value = initialized(community, "images", PAGE)
    sent = requests.put(
        value["uploadUrl"], data=photo(platforms), headers={"Authorization": f"Bearer {community.token}"}, timeout=10
    )
    assert sent.status_code == 201
    platforms.pass_time(10)
    assert community.get("/images/{urn}", path_keys={"urn": value["image"]}).entity["status"] == "AVAILABLE"
    read = community.batch_get("/images", ids=[value["image"]])
    assert read.results[value["image"]]["owner"] == PAGE
    urn = community.post(PAGE, "A robot", content={"media": {"id": value["image"], "altText": "A robot waves"}})
    assert platforms.posts("linkedin")[-1]["alt_text"] == ["A robot waves"] and urn.startswith("urn:li:share:")


def test_a_document_is_uploaded_and_posted(platforms: Platforms, community: Client) -> None:
    value = initialized(community, "documents", PAGE)
    paper = requests.get(platforms.media("paper.pdf"), timeout=10).content
    requests.put(value["uploadUrl"], data=paper, headers={"Authorization": f"Bearer {community.token}"}, timeout=10)
    platforms.pass_time(10)
    assert community.batch_get("/documents", ids=[value["document"]]).results[value["document"]]["status"] == "AVAILABLE"
    assert community.post(PAGE, "Plans", content={"media": {"id": value["document"], "title": "Plans"}})


def test_a_members_video_has_a_thumbnail_and_captions_and_can_be_read(platforms: Platforms, share: Client) -> None:
    data = clip()
    asked = {"owner": ME, "fileSizeBytes": len(data), "uploadThumbnail": True, "uploadCaptions": True}
    value = share.action("/videos", action_name="initializeUpload", action_params={"initializeUploadRequest": asked}).value
    parts = [requests.put(part["uploadUrl"], data=data[part["firstByte"] : part["lastByte"] + 1], timeout=10).headers["etag"]
             for part in value["uploadInstructions"]]  # fmt: skip
    subtitles = io.BytesIO(b"1\n00:00:00,000 --> 00:00:02,000\nBeep\n")
    assert requests.put(value["thumbnailUploadUrl"], data=photo(platforms), timeout=10).status_code == 201
    assert requests.put(value["captionsUploadUrl"], data=subtitles, timeout=10).status_code == 201
    share.finalize(value["video"], parts)
    platforms.pass_time(10)
    read = share.get("/videos/{urn}", path_keys={"urn": value["video"]})
    assert (read.status_code, read.entity["status"]) == (200, "AVAILABLE")
    assert sorted(platforms.state("linkedin")["assets"][0]["files"]) == ["captions", "file", "thumbnail"]
    assert share.post(ME, "Beep", content={"media": {"id": value["video"], "title": "Beep"}}).startswith("urn:li:ugcPost:")


@pytest.mark.parametrize("kind", ["images", "documents"])
def test_images_and_documents_are_closed_to_an_app_that_only_writes(share: Client, kind: str) -> None:
    urn = initialized(share, kind, ME)[kind.removesuffix("s")]
    assert share.get(f"/{kind}/{{urn}}", path_keys={"urn": urn}).status_code == 403


def test_statistics_are_read_with_lists_and_records(community: Client) -> None:
    urns = [community.post(PAGE, f"Counted {n}") for n in range(2)]
    query = {"organizationalEntity": PAGE, "shares": urns}
    counted = community.finder("/organizationalEntityShareStatistics", finder_name="organizationalEntity", query_params=query)
    assert counted.status_code == 200
    day = 86_400_000
    today = int(time.time() * 1000) // day * day
    interval = {"timeRange": {"start": today - 5 * day, "end": today - 3 * day}, "timeGranularityType": "DAY"}
    by_day = {"organizationalEntity": PAGE, "timeIntervals": interval}
    daily = community.finder("/organizationalEntityShareStatistics", finder_name="organizationalEntity", query_params=by_day)
    assert len(daily.elements) == 2


def initialized(client: Client, kind: str, owner: str) -> Json:
    asked = {"initializeUploadRequest": {"owner": owner}}
    answer = client.action(f"/{kind}", action_name="initializeUpload", action_params=asked)
    assert answer.status_code == 200
    value: Json = answer.value
    return value
