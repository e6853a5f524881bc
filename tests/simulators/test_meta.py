"""Promises of the Facebook and Instagram simulators, kept over real HTTP."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx
import pytest

from local.simulators.facebook import simulator as facebook
from local.simulators.facebook.presets import PRESETS as FACEBOOK_PRESETS
from local.simulators.instagram import simulator as instagram
from local.simulators.instagram.oauth import SCOPES as INSTAGRAM
from local.simulators.instagram.presets import PRESETS as INSTAGRAM_PRESETS
from local.simulators.world import World

REDIRECT = "http://127.0.0.1:9/callback"
PAGE_SCOPES = (
    "pages_show_list,pages_manage_posts,pages_read_engagement,read_insights,pages_read_user_content,pages_manage_engagement"
)
INSTAGRAM_SCOPES = ",".join(sorted(INSTAGRAM))
DAY = 86_400


@dataclass
class Api:
    """One Graph host with a token."""

    http: httpx.Client
    base: str
    world: World
    host: str
    version: str = "v26.0"
    token: str = ""

    def get(self, path: str, **params: Any) -> httpx.Response:
        return self.http.get(f"{self.base}/{self.host}/{self.version}{path}", params=params, headers=self.bearer)

    def post(self, path: str, **form: Any) -> httpx.Response:
        return self.http.post(f"{self.base}/{self.host}/{self.version}{path}", data=form, headers=self.bearer)

    def delete(self, path: str) -> httpx.Response:
        return self.http.delete(f"{self.base}/{self.host}/{self.version}{path}", headers=self.bearer)

    def reached(self, url: str) -> str:
        """Where a URL that the platform gave is reached here."""
        return url.replace("https:/", self.base, 1)

    @property
    def bearer(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token}"} if self.token else {}

    def act(self, action: str, **body: Any) -> Any:
        name = "facebook" if "facebook" in self.host else "instagram"
        return self.http.post(f"{self.base}/_control/{name}/{action}", json=body).json()

    def state(self) -> Any:
        name = "facebook" if "facebook" in self.host else "instagram"
        return self.http.get(f"{self.base}/_control/state/{name}").json()

    def media(self, name: str) -> str:
        return f"{self.base}/_media/{name}"

    def pass_time(self, seconds: float) -> None:
        self.world.clock.offset += seconds


def error_of(answer: httpx.Response) -> tuple[int, int | None]:
    error = answer.json()["error"]
    assert error["type"] and error["message"] and error["fbtrace_id"]
    return error["code"], error.get("error_subcode")


def returned(answer: httpx.Response) -> dict[str, str]:
    assert answer.status_code == 302, answer.text
    return dict(parse_qsl(urlsplit(answer.headers["location"]).query))


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False, timeout=20) as client:
        yield client


@pytest.fixture
def graph(simulator_factory: Callable[..., tuple[str, World]], http: httpx.Client) -> Api:
    base, world = simulator_factory(facebook)
    return Api(http, base, world, "graph.facebook.com")


def facebook_dialog(api: Api, **overrides: str) -> httpx.Response:
    params = {"client_id": "facebook-app", "redirect_uri": REDIRECT, "state": "st", "scope": PAGE_SCOPES, **overrides}
    return api.http.get(f"{api.base}/www.facebook.com/v26.0/dialog/oauth", params=params)


def user_token(api: Api, *, long: bool = True, **overrides: str) -> str:
    app = {"client_id": "facebook-app", "client_secret": "facebook-app-secret"}
    code = returned(facebook_dialog(api, **overrides))["code"]
    short = api.post("/oauth/access_token", **app, redirect_uri=REDIRECT, code=code).json()["access_token"]
    if not long:
        return str(short)
    answer = api.get("/oauth/access_token", **app, grant_type="fb_exchange_token", fb_exchange_token=short)
    return str(answer.json()["access_token"])


@pytest.fixture
def page(graph: Api) -> Api:
    graph.token = user_token(graph)
    first = graph.get("/me/accounts", fields="id,access_token").json()["data"][0]
    graph.token = first["access_token"]
    return graph


PAGE = "/101000000000001"


@pytest.fixture
def insta(simulator_factory: Callable[..., tuple[str, World]], http: httpx.Client) -> Api:
    base, world = simulator_factory(instagram)
    return Api(http, base, world, "graph.instagram.com")


def instagram_dialog(api: Api, **overrides: str) -> httpx.Response:
    params = {
        "client_id": "instagram-app", "redirect_uri": REDIRECT, "response_type": "code", "scope": INSTAGRAM_SCOPES,
        "state": "st", **overrides,
    }  # fmt: skip
    return api.http.get(f"{api.base}/www.instagram.com/oauth/authorize", params=params)


def instagram_code_exchange(api: Api, code: str, **overrides: str) -> httpx.Response:
    form = {
        "client_id": "instagram-app", "client_secret": "instagram-app-secret", "grant_type": "authorization_code",
        "redirect_uri": REDIRECT, "code": code, **overrides,
    }  # fmt: skip
    return api.http.post(f"{api.base}/api.instagram.com/oauth/access_token", files={k: (None, v) for k, v in form.items()})


@pytest.fixture
def account(insta: Api) -> Api:
    short = instagram_code_exchange(insta, returned(instagram_dialog(insta))["code"]).json()["access_token"]
    params = {"grant_type": "ig_exchange_token", "client_secret": "instagram-app-secret", "access_token": short}
    insta.token = insta.http.get(f"{insta.base}/graph.instagram.com/access_token", params=params).json()["access_token"]
    return insta


IG = "/17841400000000001"


def prepared(api: Api, **form: Any) -> str:
    answer = api.post(f"{IG}/media", **form)
    assert answer.status_code == 200, answer.text
    api.pass_time(2)
    return str(answer.json()["id"])


def published(api: Api, **form: Any) -> str:
    answer = api.post(f"{IG}/media_publish", creation_id=prepared(api, **form))
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id"])


# -- Facebook: login ----------------------------------------------------------------------------------------------------------


def test_facebook_login_yields_a_page_token_that_never_expires(graph: Api) -> None:
    answer = facebook_dialog(graph)
    assert returned(answer)["state"] == "st"
    graph.token = user_token(graph)
    row = graph.get("/me/accounts", fields="id,name,access_token,tasks,picture{url}", limit=1).json()
    assert row["data"][0]["picture"]["data"]["url"].startswith("http")
    assert "CREATE_CONTENT" in row["data"][0]["tasks"]
    following = graph.http.get(graph.reached(row["paging"]["next"])).json()
    assert following["data"][0]["id"] == "101000000000002" and "next" not in following["paging"]
    params = {"input_token": row["data"][0]["access_token"], "access_token": "facebook-app|facebook-app-secret"}
    seen = graph.get("/debug_token", **params).json()["data"]
    assert (seen["type"], seen["expires_at"], seen["is_valid"], seen["profile_id"]) == ("PAGE", 0, True, "101000000000001")
    assert {"scope": "pages_manage_posts", "target_ids": ["101000000000001", "101000000000002"]} in seen["granular_scopes"]


@pytest.mark.parametrize(
    ("overrides", "text"),
    [
        ({"redirect_uri": "http://evil.test/cb"}, "URL blocked"),
        ({"scope": "pages_show_list,manage_pages"}, "Invalid Scopes: manage_pages"),
        ({"client_id": ""}, "Invalid App ID"),
        ({"response_type": "token"}, "response_type"),
    ],
)
def test_facebook_dialog_refuses_a_wrong_request_without_redirecting(graph: Api, overrides: dict[str, str], text: str) -> None:
    answer = facebook_dialog(graph, **overrides)
    assert answer.status_code == 400 and text in answer.text


def test_facebook_denial_and_partial_consent_are_the_persons_choice(graph: Api) -> None:
    graph.act("consent", decision="deny")
    denied = returned(facebook_dialog(graph))
    assert (denied["error"], denied["error_reason"], denied["error_code"]) == ("access_denied", "user_denied", "200")
    graph.act("consent", declined_scopes=["read_insights"], accounts=["101000000000002"])
    graph.token = user_token(graph)
    permissions = {p["permission"]: p["status"] for p in graph.get("/me/permissions").json()["data"]}
    assert permissions["read_insights"] == "declined" and permissions["pages_manage_posts"] == "granted"
    assert [p["id"] for p in graph.get("/me/accounts").json()["data"]] == ["101000000000002"]


def test_facebook_codes_work_once_and_for_a_short_time(graph: Api) -> None:
    app = {"client_id": "facebook-app", "client_secret": "facebook-app-secret", "redirect_uri": REDIRECT}
    code = returned(facebook_dialog(graph))["code"]
    assert error_of(graph.post("/oauth/access_token", **{**app, "client_secret": "x"}, code=code))[0] == 1
    assert error_of(graph.post("/oauth/access_token", **{**app, "redirect_uri": "http://localhost/x"}, code=code)) == (100, 36008)
    assert graph.post("/oauth/access_token", **app, code=code).status_code == 200
    assert error_of(graph.post("/oauth/access_token", **app, code=code)) == (100, 36009)
    late = returned(facebook_dialog(graph))["code"]
    graph.pass_time(3600)
    assert error_of(graph.post("/oauth/access_token", **app, code=late)) == (100, 36007)


def test_facebook_takes_the_long_exchange_as_a_form_and_a_persons_token_as_a_header(graph: Api) -> None:
    app = {"client_id": "facebook-app", "client_secret": "facebook-app-secret"}
    short = user_token(graph, long=False)
    long = graph.post("/oauth/access_token", **app, grant_type="fb_exchange_token", fb_exchange_token=short).json()
    graph.token = long["access_token"]
    assert graph.get("/me", fields="id").json() == {"id": "100000000000001"}
    assert {row["status"] for row in graph.get("/me/permissions").json()["data"]} == {"granted"}


def test_facebook_tokens_end_by_expiry_revocation_and_action(graph: Api) -> None:
    graph.token = user_token(graph, long=False)
    assert graph.get("/me").json()["id"] == "100000000000001"
    graph.pass_time(3 * 3600)
    assert error_of(graph.get("/me")) == (190, 463)
    graph.token = user_token(graph)
    assert graph.delete("/me/permissions").json() == {"success": True}
    assert error_of(graph.get("/me")) == (190, 458)
    graph.token = user_token(graph)
    graph.act("expire_tokens", subcode=460)
    assert error_of(graph.get("/me")) == (190, 460)
    graph.token = "nonsense"
    assert error_of(graph.get("/me"))[0] == 190
    graph.token = ""
    assert error_of(graph.get("/me"))[0] == 104


def test_facebook_business_pages_need_business_management(graph: Api) -> None:
    graph.act("user", pages=[{"id": "1", "name": "Mine"}, {"id": "2", "name": "Firm", "business": "777"}])
    graph.token = user_token(graph)
    assert [p["id"] for p in graph.get("/me/accounts").json()["data"]] == ["1"]
    assert error_of(graph.get("/me/businesses"))[0] == 200
    graph.token = user_token(graph, scope=PAGE_SCOPES + ",business_management")
    assert graph.get("/me/businesses").json()["data"][0]["id"] == "777"
    assert [p["id"] for p in graph.get("/777/owned_pages").json()["data"]] == ["2"]


def test_facebook_appsecret_proof_is_checked_when_given(page: Api) -> None:
    proof = hmac.new(b"facebook-app-secret", page.token.encode(), hashlib.sha256).hexdigest()
    assert page.get("/me", appsecret_proof=proof).status_code == 200
    assert error_of(page.get("/me", appsecret_proof="0" * 64))[0] == 100


# -- Facebook: the Graph protocol ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("asked", "served"), [("v26.0", "v26.0"), ("v20.0", "v21.0"), ("v99.0", "v21.0")])
def test_an_expired_or_unknown_version_is_served_as_the_oldest_alive(page: Api, asked: str, served: str) -> None:
    page.version = asked
    assert page.get("/me").headers["facebook-api-version"] == served


def test_ids_and_date_format_are_gone(page: Api) -> None:
    assert error_of(page.get("/", ids="1,2"))[0] == 100 and "ids" in page.get("/", ids="1").json()["error"]["message"]
    assert error_of(page.get("/me", date_format="U"))[0] == 100


def test_a_batch_answers_each_item_and_takes_at_most_fifty(page: Api) -> None:
    items = [{"method": "GET", "relative_url": "me?fields=name"}, {"method": "GET", "relative_url": "v26.0/0"},
             {"method": "POST", "relative_url": "me/feed", "body": "message=from+a+batch"}]  # fmt: skip
    answer = page.post("/", batch=json.dumps(items), include_headers="false")
    assert [row["code"] for row in answer.json()] == [200, 400, 200]
    assert json.loads(answer.json()[0]["body"])["name"] == "Riverside Bakery" and "headers" not in answer.json()[0]
    assert [p["text"] for p in page.state()["posts"]] == ["from a batch"]
    assert error_of(page.post("/", batch=json.dumps(items[:1] * 51)))[0] == 100


def test_unknown_fields_nodes_and_edges_answer_in_the_graph_envelope(page: Api) -> None:
    assert error_of(page.get("/me", fields="nope")) == (100, None)
    assert error_of(page.get("/424242")) == (100, 33)
    assert error_of(page.get(f"{PAGE}/nope"))[0] == 100
    assert error_of(page.get("/me/permissions")) == (100, None)
    assert error_of(page.get("/101000000000002")) == (100, 33)
    unknown = page.http.put(f"{page.base}/graph.facebook.com/v26.0/me")
    assert unknown.json()["error"]["type"] == "OAuthException"


def test_calls_are_charged_to_a_budget_with_the_documented_headers(page: Api) -> None:
    usage = json.loads(page.get("/me").headers["x-business-use-case-usage"])
    assert usage["101000000000001"][0]["estimated_time_to_regain_access"] == 0
    page.act("settings", engaged_users=0.001)
    codes = {page.get("/me").status_code for _ in range(6)}
    answer = page.get("/me")
    assert codes == {200, 400} and error_of(answer)[0] == 80001
    assert json.loads(answer.headers["x-business-use-case-usage"])["101000000000001"][0]["estimated_time_to_regain_access"] > 0


def test_every_preset_answers_in_its_own_words(page: Api) -> None:
    for name, preset in FACEBOOK_PRESETS.items():
        page.http.post(f"{page.base}/_control/faults", json={"platform": "facebook", "preset": name}).raise_for_status()
        answer = page.post("/me/feed", message=name)
        assert answer.status_code == preset.status
        assert not preset.body or answer.json() == preset.body
    assert page.state()["posts"] == []


# -- Facebook: publishing -----------------------------------------------------------------------------------------------------


def test_text_and_link_posts_are_visible_at_once(page: Api) -> None:
    answer = page.post(f"{PAGE}/feed?fields=id,permalink_url", message="hello", link="https://example.com/a").json()
    assert answer["id"].startswith("101000000000001_") and answer["permalink_url"].startswith("https://www.facebook.com/")
    listed = page.get(f"{PAGE}/published_posts", fields="id,message,created_time", since=int(time.time()) - 60).json()["data"]
    assert [p["message"] for p in listed] == ["hello"]
    assert page.get(f"{PAGE}/published_posts", since=int(time.time()) + 60).json() == {"data": []}


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ({}, (100, 1349125)),
        ({"message": "x" * 63_207}, (100, None)),
        ({"link": "https://www.facebook.com/somebody"}, (100, 1609008)),
        ({"link": "nonsense"}, (100, 2061006)),
        ({"link": "https://example.com/unscrapable"}, (1609005, None)),
        ({"message": "x", "attached_media": '[{"media_fbid":"1"}]'}, (100, None)),
        ({"message": "x", "published": "perhaps"}, (100, None)),
        ({"message": "x", "scheduled_publish_time": "1"}, (100, None)),
        ({"message": "x", "published": "false", "scheduled_publish_time": "1"}, (100, None)),
        ({"message": "x", "published": "false", "unpublished_content_type": "SCHEDULED"}, (100, None)),
    ],
)
def test_feed_refuses_what_the_reference_does_not_allow(page: Api, form: dict[str, str], expected: tuple[int, int]) -> None:
    assert error_of(page.post(f"{PAGE}/feed", **form)) == expected
    assert page.state()["posts"] == []


def test_the_same_text_twice_in_a_row_is_a_duplicate(page: Api) -> None:
    assert page.post(f"{PAGE}/feed", message="again").status_code == 200
    assert error_of(page.post(f"{PAGE}/feed", message="again"))[0] == 506
    assert page.post(f"{PAGE}/feed", message="between").status_code == 200
    assert page.post(f"{PAGE}/feed", message="again").status_code == 200
    assert len(page.state()["posts"]) == 3


def test_a_fault_after_the_commit_leaves_exactly_one_post(page: Api) -> None:
    fault = {"platform": "facebook", "path": "/feed$", "when": "after", "preset": "transient"}
    page.http.post(f"{page.base}/_control/faults", json=fault)
    assert error_of(page.post(f"{PAGE}/feed", message="once"))[0] == 2
    assert [p["text"] for p in page.state()["posts"]] == ["once"]


def test_photos_are_posted_alone_or_attached_once(page: Api) -> None:
    one = page.post(f"{PAGE}/photos", url=page.media("photo.jpg"), caption="one", alt_text_custom="a loaf").json()
    assert one["post_id"].startswith("101000000000001_")
    ids = [page.post(f"{PAGE}/photos", url=page.media(n), published="false").json()["id"] for n in ("wide.jpg", "picture.png")]
    attached = json.dumps([{"media_fbid": id} for id in ids])
    assert page.post(f"{PAGE}/feed", message="two", attached_media=attached).status_code == 200
    assert error_of(page.post(f"{PAGE}/feed", message="three", attached_media=attached)) == (100, 1366051)
    posts = page.state()["posts"]
    assert [p["alt_text"] for p in posts] == [["a loaf"], [None, None]] and len(posts[1]["media"]) == 2


def test_photo_bytes_can_be_sent_in_the_request(page: Api) -> None:
    picture = page.http.get(page.media("photo.jpg?size=64x64")).content
    url = f"{page.base}/graph.facebook.com/v26.0{PAGE}/photos"
    answer = page.http.post(
        url, headers=page.bearer, data={"message": "bytes"}, files={"source": ("a.jpg", picture, "image/jpeg")}
    )
    assert answer.status_code == 200 and page.state()["posts"][0]["text"] == "bytes"


@pytest.mark.parametrize(
    ("name", "expected"),
    [("image.webp", (100, 1366046)), ("photo.jpg?bytes=10000001", (100, 1366046)), ("missing.jpg", (324, 2069019)),
     ("page.html", (100, 1366046))],
)  # fmt: skip
def test_photos_of_the_wrong_kind_are_refused(page: Api, name: str, expected: tuple[int, int]) -> None:
    assert error_of(page.post(f"{PAGE}/photos", url=page.media(name))) == expected


def test_scheduled_posts_go_live_when_their_time_comes(page: Api) -> None:
    at = int(page.world.clock.now()) + 3600
    plan = {"published": "false", "unpublished_content_type": "SCHEDULED"}
    post = page.post(f"{PAGE}/feed", message="later", scheduled_publish_time=at, **plan).json()["id"]
    photo = page.post(f"{PAGE}/photos", url=page.media("photo.jpg"), published="false").json()["id"]
    attached = json.dumps([{"media_fbid": photo}])
    assert error_of(page.post(f"{PAGE}/feed", message="x", attached_media=attached, scheduled_publish_time=at, **plan))[0] == 100
    assert error_of(page.post(f"{PAGE}/feed", message="x", scheduled_publish_time=at + 31 * DAY, **plan))[0] == 100
    assert [p["id"] for p in page.get(f"{PAGE}/scheduled_posts").json()["data"]] == [post]
    assert page.get(f"{PAGE}/published_posts").json()["data"] == []
    page.pass_time(3601)
    assert page.get(f"{PAGE}/scheduled_posts").json()["data"] == []
    assert [p["id"] for p in page.get(f"{PAGE}/published_posts").json()["data"]] == [post]


def test_a_scheduled_post_can_be_published_now(page: Api) -> None:
    at = int(page.world.clock.now()) + 3600
    post = page.post(f"{PAGE}/feed", message="soon", published="false", scheduled_publish_time=at).json()["id"]
    assert page.post(f"/{post}", is_published="true").json() == {"success": True}
    assert page.state()["posts"][0]["status"] == "published"


def test_editing_deleting_and_commenting(page: Api) -> None:
    post = page.post(f"{PAGE}/feed", message="first").json()["id"]
    assert page.post(f"/{post}", message="second").json() == {"success": True}
    assert page.get(f"/{post}", fields="message").json() == {"message": "second", "id": post}
    assert page.post(f"/{post}/comments", message="hello").json()["id"]
    assert error_of(page.post(f"/{post}/comments?fields=id", message="noise")) == (20, 1772107)
    assert [c["message"] for c in page.get(f"/{post}/comments").json()["data"]] == ["hello", "noise"]
    assert page.delete(f"/{post}").json() == {"success": True}
    assert error_of(page.delete(f"/{post}")) == (100, 33)


def reel(page: Api, source: str, edge: str = "video_reels") -> str:
    started = page.post(f"{PAGE}/{edge}", upload_phase="start").json()
    headers = {"authorization": f"OAuth {page.token}", "file_url": page.media(source)}
    assert page.http.post(started["upload_url"], headers=headers).json() == {"success": True}
    return str(started["video_id"])


def test_a_reel_is_public_when_its_publishing_phase_is_complete(page: Api) -> None:
    video = reel(page, "clip.mp4")
    finish = {"upload_phase": "finish", "video_id": video, "video_state": "PUBLISHED", "description": "bread"}
    assert page.post(f"{PAGE}/video_reels", **finish).json() == {"success": True}
    assert page.get(f"/{video}", fields="status").json()["status"]["publishing_phase"]["status"] == "in_progress"
    page.pass_time(5)
    seen = page.get(f"/{video}", fields="status,permalink_url,published,post_id").json()
    assert seen["status"]["video_status"] == "ready" and seen["permalink_url"] == f"/reel/{video}/" and seen["post_id"]
    assert seen["status"]["publishing_phase"]["publish_status"] == "published"
    assert page.get(f"{PAGE}/published_posts").json()["data"] == []
    assert [v["description"] for v in page.get(f"{PAGE}/video_reels", fields="id,description").json()["data"]] == ["bread"]
    assert error_of(page.post(f"{PAGE}/video_reels", **finish))[0] == 100
    assert len(page.state()["posts"]) == 1


def test_the_file_url_of_a_reel_must_be_a_header(page: Api) -> None:
    started = page.post(f"{PAGE}/video_reels", upload_phase="start").json()
    headers = {"authorization": f"OAuth {page.token}"}
    answer = page.http.post(started["upload_url"], headers=headers, data={"file_url": page.media("clip.mp4")})
    assert error_of(answer) == (6000, 1363037)
    early = page.post(f"{PAGE}/video_reels", upload_phase="finish", video_id=started["video_id"])
    assert error_of(early) == (6000, 1363033)


def test_reel_bytes_arrive_in_order_or_not_at_all(page: Api) -> None:
    started = page.post(f"{PAGE}/video_reels", upload_phase="start").json()
    data = page.http.get(page.media("clip.mp4")).content
    headers = {"authorization": f"OAuth {page.token}", "file_size": str(len(data))}
    half = len(data) // 2
    send = page.http.post
    assert error_of(send(started["upload_url"], headers={**headers, "offset": "5"}, content=data)) == (6000, 1363037)
    assert error_of(send(started["upload_url"], headers={**headers, "offset": "0"}, content=data[:half])) == (6000, 1363033)
    assert send(started["upload_url"], headers={**headers, "offset": str(half)}, content=data[half:]).json() == {"success": True}


@pytest.mark.parametrize(
    ("source", "code"),
    [("clip.mp4?duration=95", 1363128), ("clip.mp4?size=1080x1080", 1363040), ("clip.mp4?size=270x480", 1363127),
     ("photo.jpg", 1363019)],
)  # fmt: skip
def test_an_unfit_reel_ends_in_error_and_never_goes_public(page: Api, source: str, code: int) -> None:
    video = reel(page, source)
    page.post(f"{PAGE}/video_reels", upload_phase="finish", video_id=video)
    page.pass_time(5)
    status = page.get(f"/{video}", fields="status").json()["status"]
    assert status["video_status"] == "error" and status["processing_phase"]["errors"][0]["code"] == code
    assert page.state()["posts"] == []


def test_a_page_gets_thirty_reels_a_day(page: Api) -> None:
    for _ in range(30):
        assert page.post(f"{PAGE}/video_reels", upload_phase="finish", video_id=reel(page, "clip.mp4")).status_code == 200
    video = reel(page, "clip.mp4")
    assert error_of(page.post(f"{PAGE}/video_reels", upload_phase="finish", video_id=video))[0] == 1390008


def test_stories_need_unused_media_and_a_complete_upload(page: Api) -> None:
    photo = page.post(f"{PAGE}/photos", url=page.media("tall.jpg"), published="false").json()["id"]
    story = page.post(f"{PAGE}/photo_stories", photo_id=photo).json()
    assert story["success"] and error_of(page.post(f"{PAGE}/photo_stories", photo_id=photo)) == (100, 1366051)
    video = reel(page, "clip.mp4", "video_stories")
    finish = {"upload_phase": "finish", "video_id": video}
    assert error_of(page.post(f"{PAGE}/video_stories", **finish)) == (6000, 1363033)
    page.pass_time(3)
    assert page.post(f"{PAGE}/video_stories", **finish).json()["post_id"]
    listed = page.get(f"{PAGE}/stories", status="PUBLISHED").json()["data"]
    assert [s["media_type"] for s in listed] == ["video", "photo"] and listed[1]["post_id"] == story["post_id"]
    page.pass_time(DAY)
    assert page.get(f"{PAGE}/stories", status="PUBLISHED").json()["data"] == []


def test_a_video_becomes_a_post_after_processing(page: Api) -> None:
    video = page.post(f"{PAGE}/videos", file_url=page.media("clip.mp4"), description="film").json()["id"]
    assert page.get(f"{PAGE}/published_posts").json()["data"] == []
    page.pass_time(3)
    assert page.get(f"{PAGE}/published_posts", fields="message").json()["data"][0]["message"] == "film"
    assert page.get(f"/{video}", fields="status").json()["status"]["video_status"] == "ready"


def test_publishing_needs_scope_task_and_a_page_token(graph: Api) -> None:
    graph.token = user_token(graph)
    assert (
        error_of(graph.post(f"{PAGE}/feed", message="x"))[0] == 210 or error_of(graph.post(f"{PAGE}/feed", message="x"))[0] == 200
    )
    graph.act("consent", declined_scopes=["pages_manage_posts"])
    graph.token = user_token(graph)
    graph.token = graph.get("/me/accounts").json()["data"][0]["access_token"]
    assert error_of(graph.post(f"{PAGE}/feed", message="x"))[0] == 200
    graph.act("consent")
    graph.token = user_token(graph)
    graph.token = graph.get("/me/accounts").json()["data"][0]["access_token"]
    graph.act("user", pages=[{"id": "101000000000001", "tasks": ["ANALYZE"]}])
    answer = graph.post(f"{PAGE}/feed", message="x")
    assert error_of(answer)[0] == 200 and "CREATE_CONTENT" in answer.json()["error"]["message"]
    assert graph.state()["posts"] == []


# -- Facebook: insights -------------------------------------------------------------------------------------------------------


def test_post_numbers_grow_and_one_retired_name_fails_all(page: Api) -> None:
    post = page.post(f"{PAGE}/feed", message="count me").json()["id"]
    values = []
    for _ in range(3):
        page.pass_time(DAY)
        rows = page.get(f"/{post}/insights", metric="post_media_view,post_total_media_view_unique").json()["data"]
        values.append([row["values"][0]["value"] for row in rows])
    assert values[0][0] < values[1][0] < values[2][0] and all(views >= unique for views, unique in values)
    assert error_of(page.get(f"/{post}/insights", metric="post_media_view,post_impressions"))[0] == 100
    assert error_of(page.get(f"/{post}/insights")) == (3001, 1504028)
    assert "shares" not in page.get(f"/{page.post(f'{PAGE}/feed', message='new').json()['id']}", fields="shares").json()


def test_one_call_reads_posts_with_insights_by_expansion(page: Api) -> None:
    for n in range(3):
        page.post(f"{PAGE}/feed", message=f"post {n}")
    fields = "id,message,reactions.summary(total_count).limit(0),insights.metric(post_media_view){name,values}"
    first = page.get(f"{PAGE}/posts", fields=fields, limit=2).json()
    assert [p["message"] for p in first["data"]] == ["post 2", "post 1"]
    assert set(first["data"][0]["insights"]["data"][0]) == {"name", "values", "id"}
    assert "total_count" in first["data"][0]["reactions"]["summary"]
    rest = page.http.get(page.reached(first["paging"]["next"])).json()
    assert [p["message"] for p in rest["data"]] == ["post 0"]
    bad = page.get(f"{PAGE}/posts", fields="id,insights.metric(post_impressions)")
    assert error_of(bad)[0] == 100


def test_page_and_video_insights_have_their_own_rules(page: Api) -> None:
    now = int(page.world.clock.now())
    rows = page.get(f"{PAGE}/insights", metric="page_media_view", period="day", since=now - 3 * DAY, until=now).json()["data"]
    assert len(rows[0]["values"]) == 3 and rows[0]["values"][0]["end_time"].endswith("T08:00:00+0000")
    assert error_of(page.get(f"{PAGE}/insights", metric="page_media_view", since=now - 91 * DAY, until=now))[0] == 100
    video = page.post(f"{PAGE}/videos", file_url=page.media("clip.mp4")).json()["id"]
    page.pass_time(DAY)
    assert page.get(f"/{video}/video_insights", metric="total_video_views").json()["data"][0]["values"][0]["value"] > 0
    assert error_of(page.get(f"/{video}/insights", metric="total_video_views"))[0] == 100


# -- signed callbacks ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def callback() -> Iterator[tuple[str, list[str]]]:
    """An address that records the signed requests it is sent."""
    received: list[str] = []

    class Recorder(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            received.append(parse_qs(body)["signed_request"][0])
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"confirmation_code":"c1"}')

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Recorder)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/cb", received
    server.shutdown()
    server.server_close()


def opened(signed: str, secret: str) -> Any:
    signature, _, payload = signed.partition(".")
    assert "=" not in signed, "the encoding is unpadded"
    expected = base64.urlsafe_b64encode(hmac.new(secret.encode(), payload.encode(), hashlib.sha256).digest()).rstrip(b"=")
    assert signature == expected.decode()
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


def test_facebook_callbacks_carry_a_verifiable_signature(page: Api, callback: tuple[str, list[str]]) -> None:
    url, received = callback
    assert page.act("data_deletion", url=url) == {"status": 200, "body": {"confirmation_code": "c1"}}
    assert page.get("/me").status_code == 200
    page.act("deauthorize", url=url)
    assert error_of(page.get("/me")) == (190, 458)
    assert [opened(r, "facebook-app-secret")["user_id"] for r in received] == ["100000000000001"] * 2


def test_instagram_callbacks_name_the_app_scoped_id(account: Api, callback: tuple[str, list[str]]) -> None:
    url, received = callback
    account.act("deauthorize", url=url)
    assert opened(received[0], "instagram-app-secret")["user_id"] == "25000000000000001"
    assert error_of(account.get("/me")) == (190, 458)


# -- Instagram: login ---------------------------------------------------------------------------------------------------------


def test_instagram_login_yields_a_sixty_day_token(insta: Api) -> None:
    answer = instagram_dialog(insta)
    assert answer.headers["location"].endswith("#_") and returned(answer)["state"] == "st"
    exchanged = instagram_code_exchange(insta, returned(answer)["code"]).json()
    assert exchanged["user_id"] == "25000000000000001" and "instagram_business_basic" in exchanged["permissions"]
    insta.token = exchanged["access_token"]
    row = insta.get("/me", fields="user_id,id,username,account_type").json()
    assert (row["user_id"], row["id"]) == ("17841400000000001", "25000000000000001")
    insta.pass_time(3601)
    assert error_of(insta.get("/me")) == (190, 463)


@pytest.mark.parametrize(
    "wrong", [{"client_secret": "x"}, {"code": "x"}, {"redirect_uri": "http://localhost/"}, {"grant_type": "x"}]
)
def test_instagram_token_errors_have_their_own_shape(insta: Api, wrong: dict[str, str]) -> None:
    code = returned(instagram_dialog(insta))["code"]
    answer = instagram_code_exchange(insta, **{"code": code, **wrong})
    assert answer.status_code == 400 and set(answer.json()) == {"error_type", "code", "error_message"}
    assert instagram_code_exchange(insta, code).status_code == 200
    assert instagram_code_exchange(insta, code).status_code == 400


def test_instagram_code_with_its_fragment_is_not_a_code(insta: Api) -> None:
    assert instagram_code_exchange(insta, returned(instagram_dialog(insta))["code"] + "#_").status_code == 400


def test_instagram_tokens_refresh_from_their_second_day_until_they_expire(account: Api) -> None:
    params = {"grant_type": "ig_refresh_token"}
    assert error_of(account.get("/refresh_access_token", **params))[0] == 100
    account.pass_time(DAY + 1)
    answer = account.get("/refresh_access_token", **params).json()
    assert answer["expires_in"] == 5_184_000 and answer["access_token"] != account.token
    account.token = answer["access_token"]
    account.pass_time(60 * DAY)
    assert error_of(account.get("/refresh_access_token", **params)) == (190, 463)


def test_instagram_dialog_knows_scopes_denial_and_personal_accounts(insta: Api) -> None:
    assert instagram_dialog(insta, scope="business_basic").status_code == 400
    insta.act("consent", decision="deny")
    assert returned(instagram_dialog(insta))["error"] == "access_denied"
    insta.act("user", account_type="PERSONAL")
    assert instagram_dialog(insta).status_code == 400


def test_a_scope_declined_in_the_dialog_surfaces_at_publish_time(insta: Api) -> None:
    insta.act("consent", declined_scopes=["instagram_business_content_publish"])
    insta.token = instagram_code_exchange(insta, returned(instagram_dialog(insta))["code"]).json()["access_token"]
    assert insta.get("/me", fields="username").status_code == 200
    answer = insta.post(f"{IG}/media", image_url=insta.media("photo.jpg"))
    assert error_of(answer)[0] == 10 and "instagram_business_content_publish" in answer.json()["error"]["message"]


# -- Instagram: publishing ----------------------------------------------------------------------------------------------------


def test_an_image_goes_from_container_to_post_in_the_documented_states(account: Api) -> None:
    made = account.post(f"{IG}/media", image_url=account.media("photo.jpg"), caption="bread", alt_text="a loaf").json()["id"]
    assert account.get(f"/{made}", fields="status_code").json()["status_code"] == "IN_PROGRESS"
    assert error_of(account.post(f"{IG}/media_publish", creation_id=made)) == (9007, 2207027)
    account.pass_time(2)
    assert account.get(f"/{made}", fields="status_code").json()["status_code"] == "FINISHED"
    post = account.post(f"{IG}/media_publish", creation_id=made).json()["id"]
    assert account.get(f"/{made}", fields="status_code,status").json()["status_code"] == "PUBLISHED"
    seen = account.get(f"/{post}", fields="permalink,shortcode,media_type,media_product_type,caption,alt_text").json()
    assert seen["permalink"] == f"https://www.instagram.com/p/{seen['shortcode']}/"
    assert (seen["media_type"], seen["media_product_type"], seen["alt_text"]) == ("IMAGE", "FEED", "a loaf")
    assert error_of(account.post(f"{IG}/media_publish", creation_id=made)) == (24, 2207006)
    assert len(account.state()["posts"]) == 1


def test_a_reel_a_story_and_a_carousel_each_have_their_product_type(account: Api) -> None:
    clip, photo = account.media("clip.mp4"), account.media("photo.jpg")
    reel_id = published(account, media_type="REELS", video_url=clip, caption="reel")
    published(account, media_type="STORIES", image_url=account.media("photo.jpg?size=1080x1920"))
    children = [
        prepared(account, is_carousel_item="true", image_url=photo),
        prepared(account, is_carousel_item="true", media_type="VIDEO", video_url=clip),
    ]
    carousel = published(account, media_type="CAROUSEL", children=",".join(children), caption="both")
    listed = account.get(f"{IG}/media", fields="id,media_type,media_product_type,children{media_type}").json()["data"]
    assert [(m["id"], m["media_product_type"]) for m in listed] == [(carousel, "FEED"), (reel_id, "REELS")]
    assert [c["media_type"] for c in listed[0]["children"]["data"]] == ["IMAGE", "VIDEO"]
    stories = account.get(f"{IG}/stories", fields="media_product_type").json()["data"]
    assert [s["media_product_type"] for s in stories] == ["STORY"]
    assert account.get(f"{IG}/content_publishing_limit").json()["data"][0]["quota_usage"] == 3


def test_a_carousel_waits_for_its_children_and_has_two_to_ten(account: Api) -> None:
    fresh = [
        account.post(f"{IG}/media", is_carousel_item="true", image_url=account.media("photo.jpg")).json()["id"] for _ in range(2)
    ]
    assert error_of(account.post(f"{IG}/media", media_type="CAROUSEL", children=",".join(fresh))) == (9007, 2207027)
    account.pass_time(2)
    assert error_of(account.post(f"{IG}/media", media_type="CAROUSEL", children=fresh[0])) == (100, 2207028)
    assert error_of(account.post(f"{IG}/media", media_type="CAROUSEL", children=f"{fresh[0]},1")) == (100, 2207028)
    assert error_of(account.post(f"{IG}/media_publish", creation_id=fresh[0])) == (100, 2207023)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("picture.png", (36001, 2207005)),
        ("image.webp", (36001, 2207005)),
        ("photo.jpg?bytes=8000001", (36000, 2207004)),
        ("photo.jpg?size=1000x2000", (36003, 2207009)),
        ("missing.jpg", (9004, 2207052)),
        ("redirect.jpg", (9004, 2207052)),
        ("page.html", (9004, 2207052)),
        ("photo.jpg?delay=60", (-2, 2207003)),
    ],
)
def test_images_of_the_wrong_kind_are_refused_at_once(account: Api, name: str, expected: tuple[int, int]) -> None:
    assert error_of(account.post(f"{IG}/media", image_url=account.media(name))) == expected


def test_public_media_needs_https_and_an_ascii_address(account: Api) -> None:
    assert account.post(f"{IG}/media", image_url="https://cdn.example.com/photo.jpg").status_code == 200
    for url in ("http://cdn.example.com/photo.jpg", "https://cdn.example.com/größe.jpg", "ftp://example.com/photo.jpg"):
        assert error_of(account.post(f"{IG}/media", image_url=url)) == (9004, 2207052)


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ({"caption": "no media"}, (100, None)),
        ({"caption": "x" * 2201}, (36004, 2207010)),
        ({"caption": " ".join(f"#t{n}" for n in range(31))}, (36004, 2207010)),
        ({"caption": " ".join(f"@t{n}" for n in range(21))}, (36004, 2207010)),
        ({"alt_text": "x" * 1001}, (100, None)),
        ({"media_type": "VIDEO", "video_url": "https://example.com/clip.mp4"}, (100, 2207023)),
        ({"media_type": "IMAGE"}, (100, 2207023)),
        ({"user_tags": json.dumps([{"username": "x"}] * 21)}, (100, 2207040)),
        ({"collaborators": '["a","b","c","d"]'}, (100, None)),
        ({"trial_params": '{"graduation_strategy":"MANUAL"}'}, (100, None)),
    ],
)
def test_containers_refuse_what_the_reference_does_not_allow(
    account: Api, form: dict[str, str], expected: tuple[int, int | None]
) -> None:
    image = {} if form == {"caption": "no media"} else {"image_url": account.media("photo.jpg")}
    assert error_of(account.post(f"{IG}/media", **image, **form)) == expected


@pytest.mark.parametrize(
    ("form", "number"),
    [
        ({"media_type": "REELS", "video_url": "clip.mp4?duration=2"}, "2207026"),
        ({"media_type": "REELS", "video_url": "clip.mp4?duration=901"}, "2207026"),
        ({"media_type": "STORIES", "video_url": "clip.mp4?duration=61"}, "2207026"),
        ({"media_type": "REELS", "video_url": "missing.mp4"}, "2207077"),
        ({"media_type": "REELS", "video_url": "photo.jpg"}, "2207026"),
        ({"media_type": "REELS", "video_url": "clip.mp4", "thumb_offset": "9000"}, "2207057"),
    ],
)
def test_an_unfit_video_shows_its_number_only_in_the_status_text(account: Api, form: dict[str, str], number: str) -> None:
    made = prepared(account, **{**form, "video_url": account.media(form["video_url"])})
    seen = account.get(f"/{made}", fields="status_code,status").json()
    assert seen["status_code"] == "ERROR" and number in seen["status"]
    assert error_of(account.post(f"{IG}/media_publish", creation_id=made)) == (9007, 2207027)


def test_a_container_expires_after_a_day_and_can_be_made_to_fail(account: Api) -> None:
    made = prepared(account, image_url=account.media("photo.jpg"))
    account.pass_time(DAY)
    assert account.get(f"/{made}", fields="status_code").json()["status_code"] == "EXPIRED"
    assert error_of(account.post(f"{IG}/media_publish", creation_id=made)) == (-2, 2207020)
    account.act("fail_containers", error=2207082)
    failed = prepared(account, image_url=account.media("photo.jpg"))
    assert "2207082" in account.get(f"/{failed}", fields="status").json()["status"]
    assert error_of(account.post(f"{IG}/media_publish", creation_id="1")) == (24, 2207008)


def test_the_publish_quota_is_announced_and_enforced(account: Api) -> None:
    account.act("settings", quota_total=2)
    for _ in range(2):
        published(account, image_url=account.media("photo.jpg"))
    made = prepared(account, image_url=account.media("photo.jpg"))
    assert error_of(account.post(f"{IG}/media_publish", creation_id=made)) == (9, 2207042)
    row = account.get(f"{IG}/content_publishing_limit", fields="quota_usage,config{quota_total}").json()["data"][0]
    assert row == {"quota_usage": 2, "config": {"quota_total": 2}}
    account.pass_time(DAY - 60)
    assert (
        error_of(account.post(f"{IG}/media_publish", creation_id=prepared(account, image_url=account.media("photo.jpg"))))[0] == 9
    )
    account.pass_time(120)
    assert published(account, image_url=account.media("photo.jpg"))


def test_an_account_gets_four_hundred_containers_a_day(account: Api) -> None:
    account.act("settings", image_processing_s=0)
    for _ in range(400):
        assert account.post(f"{IG}/media", image_url="https://example.com/photo.jpg").status_code == 200
    assert error_of(account.post(f"{IG}/media", image_url="https://example.com/photo.jpg")) == (9, 2207042)


def test_comments_can_be_written_and_closed_and_nothing_can_be_deleted(account: Api) -> None:
    post = published(account, image_url=account.media("photo.jpg"))
    assert account.post(f"/{post}/comments", message="first").json()["id"]
    assert account.post(f"/{post}?comment_enabled=false").json() == {"success": True}
    assert error_of(account.post(f"/{post}/comments", message="late"))[0] == 100
    assert error_of(account.post(f"/{post}", caption="edited"))[0] == 100
    refused = account.delete(f"/{post}")
    assert error_of(refused)[0] == 100 and "Unsupported delete request" in refused.json()["error"]["message"]
    assert account.state()["posts"][0]["comments"] == ["first"]


# -- Instagram: insights ------------------------------------------------------------------------------------------------------


def test_media_metrics_depend_on_the_product_type(account: Api) -> None:
    image = published(account, image_url=account.media("photo.jpg"))
    reel_id = published(account, media_type="REELS", video_url=account.media("clip.mp4"))
    account.pass_time(DAY)
    rows = account.get(f"/{reel_id}/insights", metric="views,reach,ig_reels_avg_watch_time,saved").json()["data"]
    assert all(row["values"][0]["value"] > 0 and row["period"] == "lifetime" for row in rows)
    assert error_of(account.get(f"/{image}/insights", metric="views,ig_reels_avg_watch_time"))[0] == 100
    for retired in ("impressions", "plays", "video_views", "link_clicks", "crossposted_views"):
        assert error_of(account.get(f"/{reel_id}/insights", metric=f"views,{retired}"))[0] == 100


def test_a_page_of_media_reads_insights_by_expansion_and_fails_as_a_whole(account: Api) -> None:
    published(account, image_url=account.media("photo.jpg"))
    published(account, media_type="REELS", video_url=account.media("clip.mp4"))
    good = account.get(f"{IG}/media", fields="id,insights.metric(reach,views){name,values}").json()["data"]
    assert [len(m["insights"]["data"]) for m in good] == [2, 2]
    assert error_of(account.get(f"{IG}/media", fields="id,insights.metric(views,reels_skip_rate){name,values}"))[0] == 100


def test_stories_have_numbers_only_with_viewers_and_within_their_day(account: Api) -> None:
    story = published(account, media_type="STORIES", image_url=account.media("photo.jpg"))
    assert error_of(account.get(f"/{story}/insights", metric="views"))[0] == 10
    account.pass_time(12 * 3600)
    assert account.get(f"/{story}/insights", metric="views,replies,navigation").json()["data"]
    account.pass_time(13 * 3600)
    assert account.get(f"/{story}/insights", metric="views").json() == {"data": []}
    assert account.get(f"{IG}/stories").json()["data"] == []


def test_account_metrics_insist_on_their_parameters(account: Api) -> None:
    total = {"period": "day", "metric_type": "total_value"}
    assert account.get(f"{IG}/insights", metric="views,saves", **total).json()["data"][0]["total_value"]["value"] > 0
    assert error_of(account.get(f"{IG}/insights", metric="views", period="day"))[0] == 100
    assert error_of(account.get(f"{IG}/insights", metric="saved", **total))[0] == 100
    assert account.get(f"{IG}/insights", metric="reach", period="day").json()["data"][0]["values"]
    demographics = {"metric": "follower_demographics", "period": "lifetime", "metric_type": "total_value"}
    assert error_of(account.get(f"{IG}/insights", **demographics))[0] == 100
    row = account.get(f"{IG}/insights", **demographics, breakdown="age", timeframe="this_month").json()["data"][0]
    assert row["total_value"]["breakdowns"][0]["dimension_keys"] == ["age"]
    account.act("user", followers_count=99)
    assert account.get(f"{IG}/insights", metric="follower_count", period="day").json() == {"data": []}


def test_paths_work_with_and_without_a_version(account: Api) -> None:
    url = f"{account.base}/graph.instagram.com{IG}/media"
    assert account.http.get(url, params={"access_token": account.token}).json() == {"data": []}


def test_every_instagram_preset_answers_in_its_own_words(account: Api) -> None:
    for name, preset in INSTAGRAM_PRESETS.items():
        account.http.post(f"{account.base}/_control/faults", json={"platform": "instagram", "preset": name}).raise_for_status()
        answer = account.post(f"{IG}/media_publish", creation_id="1")
        assert answer.status_code == preset.status
        assert not preset.body or answer.json() == preset.body


# -- sample media -------------------------------------------------------------------------------------------------------------


def test_sample_media_is_what_its_name_says(graph: Api) -> None:
    head = graph.http.head(graph.media("clip.mp4"))
    body = graph.http.get(graph.media("clip.mp4"))
    assert head.headers["content-length"] == str(len(body.content)) and not head.content
    assert body.content[4:8] == b"ftyp" and body.content.index(b"moov") < body.content.index(b"mdat")
    assert graph.http.get(graph.media("photo.jpg")).content[:3] == b"\xff\xd8\xff"
    assert graph.http.get(graph.media("redirect.jpg")).headers["location"] == "photo.jpg"
    assert graph.http.get(graph.media("missing.jpg")).status_code == 404
    assert graph.http.get(graph.media("page.html")).headers["content-type"].startswith("text/html")
