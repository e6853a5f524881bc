"""Promises of the Facebook simulator, kept over real HTTP."""

from __future__ import annotations

import hashlib
import hmac
import json
import time

import httpx
import pytest

from local.simulators.facebook.presets import PRESETS as FACEBOOK_PRESETS
from tests.simulators.graph_api import (
    DAY,
    PAGE,
    PAGE_SCOPES,
    REDIRECT,
    Api,
    error_of,
    facebook_dialog,
    opened,
    returned,
    user_token,
)


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


def test_a_configuration_is_granted_as_a_whole(graph: Api) -> None:
    graph.act("consent", declined_scopes=["pages_manage_posts"])
    graph.token = user_token(graph, scope="", config_id="77")
    permissions = {p["permission"]: p["status"] for p in graph.get("/me/permissions").json()["data"]}
    assert permissions["pages_manage_posts"] == "granted" and "declined" not in permissions.values()


@pytest.mark.parametrize("path", ["/me/permissions/pages_manage_posts", "/me/permissions?permission=pages_manage_posts"])
def test_one_permission_is_revoked_by_its_name(graph: Api, path: str) -> None:
    graph.token = user_token(graph)
    assert graph.delete(path).json() == {"success": True}
    granted = {p["permission"] for p in graph.get("/me/permissions").json()["data"] if p["status"] == "granted"}
    assert "pages_manage_posts" not in granted and "pages_show_list" in granted


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
    assert error_of(graph.get("/me")) == (2500, None)


def test_facebook_business_pages_need_business_management(graph: Api) -> None:
    graph.act("user", pages=[{"id": "1", "name": "Mine"}, {"id": "2", "name": "Firm", "business": "777"}])
    graph.token = user_token(graph)
    assert [p["id"] for p in graph.get("/me/accounts").json()["data"]] == ["1"]
    assert error_of(graph.get("/me/businesses"))[0] == 200
    graph.token = user_token(graph, scope=PAGE_SCOPES + ",business_management")
    assert graph.get("/me/businesses").json()["data"][0]["id"] == "777"
    assert [p["id"] for p in graph.get("/777/owned_pages").json()["data"]] == ["2"]
    for edge in ("owned_pages", "client_pages"):
        # The tasks of a person are a field of that person's own list alone.
        assert error_of(graph.get(f"/777/{edge}", fields="id,tasks")) == (100, None)
    assert "permitted_tasks" not in graph.get("/777/owned_pages", fields="id,access_token").json()["data"][0]


def test_facebook_appsecret_proof_is_checked_when_given(page: Api) -> None:
    proof = hmac.new(b"facebook-app-secret", page.token.encode(), hashlib.sha256).hexdigest()
    assert page.get("/me", appsecret_proof=proof).status_code == 200
    assert error_of(page.get("/me", appsecret_proof="0" * 64))[0] == 100


@pytest.mark.parametrize(("asked", "served"), [("v27.0", "v27.0"), ("v26.0", "v26.0"), ("v20.0", "v21.0"), ("v2.12", "v21.0")])
def test_an_expired_version_is_served_as_the_oldest_alive(page: Api, asked: str, served: str) -> None:
    page.version = asked
    assert page.get("/me").headers["facebook-api-version"] == served


@pytest.mark.parametrize("asked", ["v99.0", "v28.0", "v26.1"])
def test_a_version_that_was_never_released_is_refused(page: Api, asked: str) -> None:
    items = [{"method": "GET", "relative_url": f"{asked}/me"}]
    assert error_of(page.http.get(f"{page.base}/{page.host}/{asked}/me", headers=page.bearer)) == (2500, None)
    (item,) = page.post("/", batch=json.dumps(items)).json()
    assert item["code"] == 400 and json.loads(item["body"])["error"]["code"] == 2500


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


def test_a_fault_can_be_of_one_call_of_a_batch(page: Api) -> None:
    items = [{"method": "GET", "relative_url": f"me?fields={name}"} for name in ("id", "name")]
    items.append({"method": "GET", "relative_url": "v26.0/0/insights?metric=x"})
    page.http.post(f"{page.base}/_control/faults", json={"platform": "facebook", "path": "/insights$", "drop": True})
    first, second, third = page.post("/", batch=json.dumps(items)).json()
    assert (first["code"], second["code"], third) == (200, 200, None)
    page.http.post(f"{page.base}/_control/faults", json={"platform": "facebook", "path": "/insights$", "preset": "transient"})
    refused = page.post("/", batch=json.dumps(items)).json()[2]
    assert refused["code"] == 500 and json.loads(refused["body"])["error"]["code"] == 2


def test_I7_a_page_can_be_too_much(page: Api) -> None:
    page.http.post(f"{page.base}/_control/lists", json={"facebook": {"most": 10}})
    asked = page.get("/me/posts", limit="11")
    assert (asked.status_code, error_of(asked)[0]) == (500, 1) and "reduce the amount of data" in asked.text
    assert page.get("/me/posts", limit="10").status_code == 200


def test_items_of_a_batch_have_its_version_and_name_their_files(page: Api) -> None:
    picture = page.http.get(page.media("photo.jpg")).content
    items = [{"method": "GET", "relative_url": "me"}, {"method": "GET", "relative_url": "v24.0/me"},
             {"method": "POST", "relative_url": "me/photos", "body": "published=false", "attached_files": "bread"},
             {"method": "POST", "relative_url": "me/photos", "body": "published=false", "attached_files": "cake"}]  # fmt: skip
    url = f"{page.base}/graph.facebook.com/v25.0/"
    sent = page.http.post(url, data={"batch": json.dumps(items)}, files={"bread": ("b.jpg", picture)}, headers=page.bearer)
    rows = sent.json()
    served = [{h["name"]: h["value"] for h in row["headers"]}["facebook-api-version"] for row in rows]
    assert served == ["v25.0", "v24.0", "v25.0", "v25.0"]
    assert [row["code"] for row in rows] == [200, 200, 200, 400] and json.loads(rows[3]["body"])["error"]["code"] == 324


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


def test_comments_can_be_read_one_by_one(page: Api) -> None:
    post = page.post(f"{PAGE}/feed", message="first").json()["id"]
    comment = page.post(f"/{post}/comments", message="hello").json()["id"]
    read = page.get(f"/{comment}", fields="message,from").json()
    assert read == {"id": comment, "message": "hello", "from": {"id": PAGE[1:], "name": "Riverside Bakery"}}
    assert error_of(page.get(f"/{comment}0")) == (100, 33)


def test_comments_are_listed_with_fields_in_either_order_and_counted(page: Api) -> None:
    post = page.post(f"{PAGE}/feed", message="first").json()["id"]
    first, second = (page.post(f"/{post}/comments", message=text).json()["id"] for text in ("one", "two"))
    found = page.get(f"/{post}/comments", fields="id,like_count", order="reverse_chronological", summary="true").json()
    assert found["data"] == [{"id": second, "like_count": 0}, {"id": first, "like_count": 0}]
    assert found["summary"]["total_count"] == 2
    expanded = page.get(f"/{post}", fields="comments.limit(1).summary(true){message}").json()["comments"]
    assert expanded["data"] == [{"message": "one", "id": first}] and expanded["summary"]["total_count"] == 2
    assert error_of(page.get(f"/{post}/comments", fields="nope")) == (100, None)
    assert error_of(page.get(f"/{post}/comments", order="newest")) == (100, None)


def test_comments_are_edited_hidden_and_deleted(page: Api) -> None:
    post = page.post(f"{PAGE}/feed", message="first").json()["id"]
    comment = page.post(f"/{post}/comments", message="hello").json()["id"]
    assert page.post(f"/{comment}", message="goodbye").json() == {"success": True}
    assert page.post(f"/{comment}", is_hidden="true").json() == {"success": True}
    assert page.get(f"/{comment}", fields="message,is_hidden").json() == {"id": comment, "message": "goodbye", "is_hidden": True}
    assert error_of(page.post(f"/{comment}")) == (100, None)
    assert page.delete(f"/{comment}").json() == {"success": True}
    assert error_of(page.delete(f"/{comment}")) == (100, 33) and page.state()["posts"][0]["comments"] == []


def test_photos_and_videos_of_a_page_are_listed_once_they_are_public(page: Api) -> None:
    photo = page.post(f"{PAGE}/photos", url=page.media("photo.jpg"), published="false").json()["id"]
    video = page.post(f"{PAGE}/videos", file_url=page.media("clip.mp4"), title="film").json()["id"]
    assert page.get(f"{PAGE}/photos", type="uploaded").json()["data"] == page.get(f"{PAGE}/videos").json()["data"] == []
    page.post(f"{PAGE}/feed", message="bread", attached_media=json.dumps([{"media_fbid": photo}]))
    page.pass_time(3)
    (row,) = page.get(f"{PAGE}/photos", type="uploaded", fields="id,width,images{height}").json()["data"]
    assert row == {"id": photo, "width": 1080, "images": [{"height": 1080}]}
    assert page.get(f"{PAGE}/photos").json()["data"] == []
    assert page.get(f"{PAGE}/videos", fields="title").json()["data"] == [{"title": "film", "id": video}]
    assert error_of(page.get(f"{PAGE}/photos", type="all")) == (100, None)


@pytest.mark.parametrize(
    ("status", "found"), [("PUBLISHED", 1), ('["PUBLISHED"]', 1), ('["ARCHIVED"]', 0), ('["ARCHIVED","PUBLISHED"]', 1)]
)
def test_stories_are_listed_by_one_state_or_several(page: Api, status: str, found: int) -> None:
    photo = page.post(f"{PAGE}/photos", url=page.media("tall.jpg"), published="false").json()["id"]
    page.post(f"{PAGE}/photo_stories", photo_id=photo)
    assert len(page.get(f"{PAGE}/stories", status=status).json()["data"]) == found
    assert error_of(page.get(f"{PAGE}/stories", status="GONE")) == (100, None)


def test_fields_without_a_value_are_left_out_and_not_refused(page: Api) -> None:
    post = page.post(f"{PAGE}/feed", message="first").json()["id"]
    assert page.get(f"/{post}", fields="id,place,call_to_action,is_hidden").json() == {"id": post, "is_hidden": False}
    assert page.get(f"{PAGE}", fields="id,cover,website,phone").json() == {"id": PAGE[1:]}
    photo = page.post(f"{PAGE}/photos", url=page.media("wide.jpg"), published="false", message="bread").json()["id"]
    assert page.get(f"/{photo}", fields="name,album,can_delete").json() == {"id": photo, "name": "bread", "can_delete": True}


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


def test_files_are_measured_and_not_kept(page: Api) -> None:
    picture, clip = (page.http.get(page.media(name)).content for name in ("photo.jpg", "clip.mp4"))
    page.post(f"{PAGE}/photos", url=page.media("photo.jpg"))
    reels = page.post(
        f"{PAGE}/video_reels", upload_phase="finish", video_id=reel(page, "clip.mp4"), title="T", is_ai_generated=True
    )
    assert reels.json() == {"success": True}
    photo, video = page.state()["posts"]
    digests = [{"size": len(data), "sha256": hashlib.sha256(data).hexdigest()} for data in (picture, clip)]
    assert [{name: post["files"][0][name] for name in ("size", "sha256")} for post in (photo, video)] == digests
    assert (photo["title"], photo["is_ai_generated"], video["title"], video["is_ai_generated"]) == ("", False, "T", True)
    assert video["id"] == video["files"][0]["id"]


def phase(page: Api, name: str, chunk: bytes | None = None, **fields: str) -> httpx.Response:
    url = f"{page.base}/graph.facebook.com/v26.0{PAGE}/videos"
    files = None if chunk is None else {"video_file_chunk": ("part", chunk, "application/octet-stream")}
    return page.http.post(url, headers=page.bearer, data={"upload_phase": name, **fields}, files=files)


def test_a_video_in_phases_arrives_part_by_part_and_is_public_after_its_finish(page: Api) -> None:
    page.act("settings", chunk_bytes=10_000)
    clip = page.http.get(page.media("clip.mp4")).content
    started = phase(page, "start", file_size=str(len(clip))).json()
    assert (started["start_offset"], started["end_offset"]) == ("0", "10000")
    session = {"upload_session_id": started["upload_session_id"]}
    assert error_of(phase(page, "finish", **session)) == (6000, 1363033)
    elsewhere = phase(page, "transfer", clip[:9], **session, start_offset="9")
    assert error_of(elsewhere) == (6000, 1363037)
    assert elsewhere.json()["error"]["error_data"] == {"start_offset": "0", "end_offset": "10000"}
    at, end = 0, 10_000
    while at < end:
        answer = phase(page, "transfer", clip[at:end], **session, start_offset=str(at)).json()
        at, end = int(answer["start_offset"]), int(answer["end_offset"])
    assert at == len(clip) and error_of(phase(page, "transfer", b"x", **session, start_offset=str(at))) == (6000, 1363037)
    assert page.get(f"/{started['video_id']}", fields="status").json()["status"]["publishing_phase"] == {"status": "not_started"}
    assert phase(page, "finish", **session, description="film", title="T").json() == {"success": True}
    assert error_of(phase(page, "finish", **session))[0] == 100
    page.pass_time(5)
    (post,) = page.state()["posts"]
    assert (post["text"], post["title"], post["status"]) == ("film", "T", "published")
    assert post["files"][0] | {"id": ""} == {
        "type": "video", "id": "", "size": len(clip), "sha256": hashlib.sha256(clip).hexdigest(),
    }  # fmt: skip


def test_videos_are_taken_by_the_host_for_videos_too(page: Api) -> None:
    page.host = "graph-video.facebook.com"
    video = page.post(f"{PAGE}/videos", file_url=page.media("clip.mp4"), description="film").json()["id"]
    page.host = "graph.facebook.com"
    assert page.get(f"/{video}", fields="description").json()["description"] == "film"


def test_an_upload_in_phases_ends_after_a_day(page: Api) -> None:
    started = phase(page, "start", file_size="5").json()
    page.pass_time(DAY + 60)
    late = phase(page, "transfer", b"12345", upload_session_id=started["upload_session_id"], start_offset="0")
    assert error_of(late) == (6000, 1363041)
    assert page.get(f"/{started['video_id']}", fields="status").json()["status"]["video_status"] == "expired"
    assert error_of(phase(page, "start", file_size="0")) == (6000, 1363021)
    assert error_of(phase(page, "begin"))[0] == 100


def test_a_file_of_the_resumable_upload_api_makes_one_video(page: Api) -> None:
    clip = page.http.get(page.media("clip.mp4")).content
    opened_session = page.post("/facebook-app/uploads", file_length=len(clip), file_type="video/mp4").json()["id"]
    assert opened_session.startswith("upload:")
    url = f"{page.base}/graph.facebook.com/v26.0/{opened_session}"
    headers = {"authorization": f"OAuth {page.token}", "content-type": "application/octet-stream"}
    assert error_of(page.http.post(url, headers={**headers, "file_offset": "7"}, content=clip)) == (6000, 1363037)
    assert error_of(page.http.post(url, headers={**headers, "file_offset": "0"}, content=clip[:99])) == (6000, 1363033)
    assert page.http.get(url, headers=headers).json()["file_offset"] == 99
    handle = page.http.post(url, headers={**headers, "file_offset": "99"}, content=clip[99:]).json()["h"]
    form = {"fbuploader_video_file_chunk": handle, "description": "film"}
    assert page.post(f"{PAGE}/videos", **form).json()["id"]
    assert error_of(page.post(f"{PAGE}/videos", **form)) == (6000, 1363041)
    page.pass_time(5)
    (post,) = page.state()["posts"]
    assert (post["text"], post["files"][0]["sha256"]) == ("film", hashlib.sha256(clip).hexdigest())
    assert error_of(page.post("/another-app/uploads", file_length=5, file_type="video/mp4")) == (100, 33)
    assert error_of(page.post("/facebook-app/uploads", file_length=5, file_type="text/html"))[0] == 100


def test_a_video_can_have_a_thumbnail_that_is_an_image(page: Api) -> None:
    picture = page.http.get(page.media("photo.jpg")).content
    url, form = f"{page.base}/graph.facebook.com/v26.0{PAGE}/videos", {"file_url": page.media("clip.mp4")}
    answer = page.http.post(url, headers=page.bearer, data=form, files={"thumb": ("t.jpg", picture, "image/jpeg")})
    assert answer.status_code == 200
    assert page.state()["posts"][0]["thumbnail"] == {"size": len(picture), "sha256": hashlib.sha256(picture).hexdigest()}
    wrong = page.http.post(url, headers=page.bearer, data=form, files={"thumb": ("t.jpg", b"%PDF", "image/jpeg")})
    assert error_of(wrong) == (100, 1366046) and len(page.state()["posts"]) == 1


def test_a_story_list_lags_like_other_lists(page: Api) -> None:
    photo = page.post(f"{PAGE}/photos", url=page.media("tall.jpg"), published="false").json()["id"]
    story = page.post(f"{PAGE}/photo_stories", photo_id=photo).json()["post_id"]
    page.world.lists["facebook"].change({"delay_s": 60})
    assert page.get(f"{PAGE}/stories").json()["data"] == []
    page.pass_time(61)
    assert [row["post_id"] for row in page.get(f"{PAGE}/stories", fields="post_id,media_id").json()["data"]] == [story]
    assert page.get(f"/{photo}", fields="page_story_id").json()["page_story_id"] == story


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


def test_facebook_callbacks_carry_a_verifiable_signature(page: Api, callback: tuple[str, list[str]]) -> None:
    url, received = callback
    assert page.act("data_deletion", url=url) == {"status": 200, "body": {"confirmation_code": "c1"}}
    assert page.get("/me").status_code == 200
    page.act("deauthorize", url=url)
    assert error_of(page.get("/me")) == (190, 458)
    assert [opened(r, "facebook-app-secret")["user_id"] for r in received] == ["100000000000001"] * 2
