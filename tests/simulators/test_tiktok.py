"""The promises of the TikTok simulator: what the reference says of the platform, seen over HTTP."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from local.simulators.tiktok import simulator as tiktok
from local.simulators.tiktok.oauth import SCOPES
from local.simulators.tiktok.presets import PRESETS
from local.simulators.world import World

Json = dict[str, Any]
ALL = ",".join(sorted(SCOPES))
ME = "-000Qw3rTySimulatedCreator"
REDIRECT = "https://app.example/callback"
CLIENT = {"client_key": "tiktok-app", "client_secret": "tiktok-app-secret"}
MIB = 1024 * 1024
MALFORMED: tuple[Any, ...] = ([], {}, 7, None, "x")


@dataclass
class Platform:
    base: str
    world: World
    http: httpx.Client = field(default_factory=lambda: httpx.Client(trust_env=False))

    def dialog(self, **changed: str) -> httpx.Response:
        asked = {"client_key": "tiktok-app", "response_type": "code", "scope": ALL, "redirect_uri": REDIRECT, "state": "s"}
        return self.http.get(f"{self.base}/www.tiktok.com/v2/auth/authorize/", params=asked | changed)

    def redirect(self, **changed: str) -> dict[str, str]:
        answer = self.dialog(**changed)
        assert answer.status_code == 302, answer.text
        return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["location"]).query).items()}

    def oauth(self, path: str, **form: str) -> httpx.Response:
        return self.http.post(f"{self.base}/open.tiktokapis.com/v2/oauth/{path}", data=CLIENT | form)

    def exchange(self, code: str) -> Json:
        answer: Json = self.oauth("token/", grant_type="authorization_code", code=code, redirect_uri=REDIRECT).json()
        return answer

    def refresh(self, token: str) -> httpx.Response:
        return self.oauth("token/", grant_type="refresh_token", refresh_token=token)

    def connect(self, **changed: str) -> Api:
        grant = self.exchange(self.redirect(**changed)["code"])
        return Api(self, grant["access_token"], grant)

    def act(self, action: str, **given: Any) -> Json:
        answer: Json = self.http.post(f"{self.base}/_control/tiktok/{action}", json=given).json()
        return answer

    def state(self) -> Json:
        state: Json = self.http.get(f"{self.base}/_control/state/tiktok").json()
        return state

    def media(self, name: str) -> str:
        return f"{self.base}/_media/{name}"


@dataclass
class Api:
    platform: Platform
    token: str
    grant: Json

    def call(self, path: str, body: Any = None, method: str = "POST") -> httpx.Response:
        headers = {"authorization": f"Bearer {self.token}"}
        given = None if method == "GET" else body if body is not None else {}
        return self.platform.http.request(
            method, f"{self.platform.base}/open.tiktokapis.com/v2/{path}", json=given, headers=headers
        )

    def code(self, path: str, body: Any = None, method: str = "POST") -> tuple[int, str]:
        answer = self.call(path, body, method)
        error = answer.json()["error"]
        assert set(error) == {"code", "message", "log_id"}
        return answer.status_code, error["code"]

    def start(self, path: str = "video/init/", **changed: Any) -> str:
        answer = self.call(f"post/publish/{path}", (video(self.platform) if "video" in path else photos(self.platform)) | changed)
        assert answer.json()["error"]["code"] == "ok", answer.text
        publish_id: str = answer.json()["data"]["publish_id"]
        return publish_id

    def status(self, publish_id: str) -> Json:
        data: Json = self.call("post/publish/status/fetch/", {"publish_id": publish_id}).json()["data"]
        return data

    def finished(self, publish_id: str) -> Json:
        self.platform.world.clock.offset += 2
        return self.status(publish_id)


def video(platform: Platform, name: str = "clip.mp4", **info: Any) -> Json:
    return {
        "post_info": {"title": "Hello", "privacy_level": "PUBLIC_TO_EVERYONE"} | info,
        "source_info": {"source": "PULL_FROM_URL", "video_url": platform.media(name)},
    }


def photos(platform: Platform, *names: str, **info: Any) -> Json:
    return {
        "media_type": "PHOTO",
        "post_mode": "DIRECT_POST",
        "post_info": {"title": "Hi", "description": "Two photos", "privacy_level": "PUBLIC_TO_EVERYONE"} | info,
        "source_info": {
            "source": "PULL_FROM_URL",
            "photo_images": [platform.media(name) for name in names or ("photo.jpg", "image.webp")],
            "photo_cover_index": 0,
        },
    }


def upload(size: int, chunk: int, count: int) -> Json:
    return {"source": "FILE_UPLOAD", "video_size": size, "chunk_size": chunk, "total_chunk_count": count}


@pytest.fixture
def platform(simulator_factory: Callable[..., tuple[str, World]]) -> Iterator[Platform]:
    platform = Platform(*simulator_factory(tiktok))
    with platform.http:
        yield platform


@pytest.fixture
def api(platform: Platform) -> Api:
    return platform.connect()


# OAuth, section 4.2


def test_code_works_once_and_the_answer_is_flat(platform: Platform) -> None:
    redirect = platform.redirect()
    assert (redirect["state"], redirect["scopes"]) == ("s", ALL)
    grant = platform.exchange(redirect["code"])
    assert (grant["expires_in"], grant["refresh_expires_in"], grant["open_id"]) == (86_400, 31_536_000, ME)
    again = platform.exchange(redirect["code"])
    assert set(again) == {"error", "error_description", "log_id"}
    assert again["error"] == "invalid_grant"


def test_code_needs_decoding_once(platform: Platform) -> None:
    location = platform.dialog().headers["location"]
    assert "%2A" in location
    assert "*" in platform.redirect()["code"]


@pytest.mark.parametrize("target", [f"{REDIRECT}?a=1", f"{REDIRECT}#x", "http://elsewhere.test/", f"{REDIRECT}/{'x' * 512}"])
def test_redirect_uri_must_be_static_and_registered(platform: Platform, target: str) -> None:
    assert platform.dialog(redirect_uri=target).status_code == 400


def test_person_can_refuse_everything_or_some_scopes(platform: Platform) -> None:
    platform.act("consent", declined_scopes=["video.list", "user.info.basic"])
    api = platform.connect()
    assert "video.list" not in api.grant["scope"]
    assert "user.info.basic" in api.grant["scope"]
    assert api.code("video/list/?fields=id") == (401, "scope_not_authorized")
    platform.act("consent", decision="deny")
    assert platform.redirect()["error"] == "access_denied"


def test_oauth_errors_come_with_http_200_unless_set_otherwise(platform: Platform) -> None:
    assert platform.refresh("nonsense").status_code == 200
    platform.act("settings", oauth_error_status=400)
    answer = platform.refresh("nonsense")
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
    wrong = platform.oauth("token/", client_secret="wrong", grant_type="refresh_token", refresh_token="x")
    assert wrong.json()["error"] == "invalid_client"


def test_refresh_token_rotates_and_the_old_one_dies(platform: Platform, api: Api) -> None:
    old = api.grant["refresh_token"]
    platform.world.clock.offset += 86_400
    assert api.code("user/info/?fields=open_id", method="GET") == (401, "access_token_invalid")
    new = platform.refresh(old).json()
    assert new["refresh_token"] != old
    assert new["refresh_expires_in"] == pytest.approx(364 * 86_400, abs=60)
    assert Api(platform, new["access_token"], new).code("user/info/?fields=open_id", method="GET") == (200, "ok")
    assert platform.refresh(old).json()["error"] == "invalid_grant"


def test_revocation_kills_tokens_and_unfinished_publications(platform: Platform, api: Api) -> None:
    platform.act("settings", processing_s=60)
    publish_id = api.start()
    assert platform.oauth("revoke/", token=api.token).json() == {}
    assert api.code("user/info/?fields=open_id", method="GET") == (401, "access_token_invalid")
    assert platform.refresh(api.grant["refresh_token"]).json()["error"] == "invalid_grant"
    assert platform.connect().status(publish_id)["fail_reason"] == "auth_removed"


# Display, section 4.4


def test_profile_fields_are_validated_and_need_their_scope(platform: Platform, api: Api) -> None:
    answer = api.call("user/info/?fields=open_id,username,follower_count", method="GET").json()
    assert answer["data"]["user"]["username"] == "ada.builds"
    assert answer["error"]["code"] == "ok"
    assert api.code("user/info/?fields=open_id,followers", method="GET") == (400, "invalid_params")
    assert api.code("user/info/", method="GET") == (400, "invalid_params")
    basic = platform.connect(scope="user.info.basic")
    assert basic.code("user/info/?fields=open_id,username", method="GET") == (400, "scope_permission_missed")


def test_trailing_slashes_matter(api: Api) -> None:
    assert api.code("user/info?fields=open_id", method="GET")[0] == 404
    assert api.code("post/publish/video/init")[0] == 404


def test_videos_are_listed_in_pages_and_queried_in_batches_of_twenty(platform: Platform, api: Api) -> None:
    ids = []
    for n in range(3):
        ids.append(str(api.finished(api.start(**video(platform, title=f"post {n}")))["publicaly_available_post_id"][0]))
    private = api.start(**video(platform, privacy_level="SELF_ONLY"))
    assert api.finished(private)["status"] == "PUBLISH_COMPLETE"
    first = api.call("video/list/?fields=id,title,create_time", {"max_count": 2}).json()["data"]
    assert ([v["id"] for v in first["videos"]], first["has_more"]) == (ids[:0:-1], True)
    rest = api.call("video/list/?fields=id", {"max_count": 2, "cursor": first["cursor"]}).json()["data"]
    assert ([v["id"] for v in rest["videos"]], rest["has_more"]) == (ids[:1], False)
    path = "video/query/?fields=id,view_count"
    platform.world.clock.offset += 600
    before = api.call(path, {"filters": {"video_ids": [*ids, "1"]}}).json()["data"]["videos"]
    platform.world.clock.offset += 3_600
    after = api.call(path, {"filters": {"video_ids": ids}}).json()["data"]["videos"]
    assert sorted(v["id"] for v in before) == sorted(ids)
    assert all(new["view_count"] > old["view_count"] for old, new in zip(before, after, strict=True))
    assert api.code(path, {"filters": {"video_ids": ["1"] * 21}}) == (400, "invalid_params")
    assert api.code("video/list/?fields=id", {"max_count": 21}) == (400, "invalid_params")
    assert api.code("video/list/?fields=views") == (400, "invalid_params")


# Posting, section 4.3


def test_pulled_video_is_downloaded_then_published(platform: Platform, api: Api) -> None:
    publish_id = api.start()
    assert publish_id.startswith("v_pub_url~")
    assert len(publish_id) <= 64
    assert api.status(publish_id)["status"] == "PROCESSING_DOWNLOAD"
    done = api.finished(publish_id)
    assert done["status"] == "PUBLISH_COMPLETE"
    (post,) = platform.state()["posts"]
    assert (post["id"], post["text"]) == (str(done["publicaly_available_post_id"][0]), "Hello")
    assert done["publicaly_available_post_id"][0] > 2**53


def test_post_id_is_absent_for_private_posts_and_late_under_moderation(platform: Platform, api: Api) -> None:
    private = api.start(**video(platform, privacy_level="SELF_ONLY"))
    assert api.finished(private)["publicaly_available_post_id"] == []
    platform.act("settings", moderation_s=3_600)
    public = api.start()
    done = api.finished(public)
    assert (done["status"], done["publicaly_available_post_id"]) == ("PUBLISH_COMPLETE", [])
    platform.world.clock.offset += 3_600
    assert len(api.status(public)["publicaly_available_post_id"]) == 1


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("missing.mp4", "video_pull_failed"),
        ("redirect.mp4", "video_pull_failed"),
        ("photo.jpg", "file_format_check_failed"),
        ("page.html", "file_format_check_failed"),
        ("clip.mp4?duration=301", "duration_check_failed"),
        ("clip.mp4?size=320x320", "picture_size_check_failed"),
    ],
)
def test_bad_video_fails_with_its_reason_and_no_post(platform: Platform, api: Api, name: str, reason: str) -> None:
    done = api.finished(api.start(**video(platform, name)))
    assert (done["status"], done["fail_reason"]) == ("FAILED", reason)
    assert platform.state()["posts"] == []


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("missing.jpg", "photo_pull_failed"),
        ("picture.png", "file_format_check_failed"),
        ("photo.jpg?size=2000x900", "picture_size_check_failed"),
    ],
)
def test_bad_photo_fails_with_its_reason(platform: Platform, api: Api, name: str, reason: str) -> None:
    done = api.finished(api.start("content/init/", **photos(platform, "photo.jpg", name)))
    assert (done["status"], done["fail_reason"]) == ("FAILED", reason)


def test_photos_are_one_post(platform: Platform, api: Api) -> None:
    publish_id = api.start("content/init/")
    assert publish_id.startswith("p_pub_url~")
    assert api.finished(publish_id)["status"] == "PUBLISH_COMPLETE"
    (post,) = platform.state()["posts"]
    assert (post["kind"], post["text"], len(post["media"])) == ("photo", "Two photos", 2)


def test_pull_needs_a_verified_prefix(platform: Platform, api: Api) -> None:
    def pulled(url: str) -> tuple[int, str]:
        return api.code(
            "post/publish/video/init/", video(platform) | {"source_info": {"source": "PULL_FROM_URL", "video_url": url}}
        )

    assert pulled("https://bucket.s3.amazonaws.com/clip.mp4") == (403, "url_ownership_unverified")
    assert pulled("http://cdn.example.com/clip.mp4") == (403, "url_ownership_unverified")
    assert pulled("https://cdn.example.com/clip.mp4?signature=1") == (200, "ok")
    assert pulled("https://example.com.evil.test/clip.mp4") == (403, "url_ownership_unverified")
    assert pulled("file:///etc/passwd") == (400, "invalid_param")


REFUSED_VIDEOS: list[tuple[Json, tuple[int, str]]] = [
    ({"title": "x" * 2_201}, (400, "invalid_param")),
    ({"title": "🎈" * 1_101}, (400, "invalid_param")),
    ({"privacy_level": ""}, (400, "invalid_param")),
    ({"privacy_level": "FOLLOWER_OF_CREATOR"}, (403, "privacy_level_option_mismatch")),
    ({"disable_duet": "yes"}, (400, "invalid_param")),
    ({"video_cover_timestamp_ms": -1}, (400, "invalid_param")),
]


@pytest.mark.parametrize(("info", "answer"), REFUSED_VIDEOS)
def test_invalid_post_info_is_refused(platform: Platform, api: Api, info: Json, answer: tuple[int, str]) -> None:
    assert api.code("post/publish/video/init/", video(platform, **info)) == answer
    assert platform.state()["publications"] == []


@pytest.mark.parametrize(
    "change",
    [
        {"media_type": "VIDEO"},
        {"post_mode": "DRAFT"},
        {"source_info": {"source": "FILE_UPLOAD"}},
        {"source_info": {"source": "PULL_FROM_URL", "photo_images": []}},
        {"source_info": {"source": "PULL_FROM_URL", "photo_images": ["https://example.com/a.jpg"] * 36}},
        {"source_info": {"source": "PULL_FROM_URL", "photo_images": ["https://example.com/a.jpg"], "photo_cover_index": 1}},
        {"post_info": {"title": "x" * 91, "privacy_level": "SELF_ONLY"}},
        {"post_info": {"description": "x" * 4_001, "privacy_level": "SELF_ONLY"}},
        {"post_info": None},
    ],
)
def test_invalid_photo_posts_are_refused(platform: Platform, api: Api, change: Json) -> None:
    assert api.code("post/publish/content/init/", photos(platform) | change) == (400, "invalid_param")


def test_creator_info_lists_the_options_of_private_and_public_accounts(platform: Platform, api: Api) -> None:
    path = "post/publish/creator_info/query/"
    info = api.call(path).json()["data"]
    assert info["privacy_level_options"] == ["PUBLIC_TO_EVERYONE", "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY"]
    platform.act("user", private=True, comment_disabled=True)
    info = api.call(path).json()["data"]
    assert (info["privacy_level_options"][0], info["comment_disabled"]) == ("FOLLOWER_OF_CREATOR", True)
    assert api.code("post/publish/video/init/", video(platform)) == (403, "privacy_level_option_mismatch")


def test_unaudited_app_only_reaches_private_accounts_and_five_users(platform: Platform, api: Api) -> None:
    platform.act("settings", audited=False)
    refused = (403, "unaudited_client_can_only_post_to_private_accounts")
    assert api.code("post/publish/video/init/", video(platform, privacy_level="SELF_ONLY")) == refused
    for n in range(6):
        platform.act("user", id=f"user{n}", private=True)
        platform.act("consent", user=f"user{n}")
        other = platform.connect()
        assert other.code("post/publish/video/init/", video(platform, privacy_level="FOLLOWER_OF_CREATOR"))[0] == 403
        code = other.code("post/publish/video/init/", video(platform, privacy_level="SELF_ONLY"))
        assert code == ((200, "ok") if n < 5 else (403, "reached_active_user_cap"))


# Uploads


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (upload(50_000_123, 10_000_000, 5), "ok"),
        (upload(50_000_123, 10_000_000, 6), "invalid_param"),
        (upload(4_000_000, 4_000_000, 1), "ok"),
        (upload(4_000_000, 2_000_000, 2), "invalid_param"),
        (upload(200 * MIB, 65 * MIB, 3), "invalid_param"),
        (upload(100 * MIB, 100 * MIB, 1), "invalid_param"),
        (upload(5 * 1024 * MIB, 64 * MIB, 80), "invalid_param"),
        (upload(0, 0, 0), "invalid_param"),
        ({"source": "ELSEWHERE"}, "invalid_param"),
    ],
)
def test_chunk_rules(platform: Platform, api: Api, source: Json, code: str) -> None:
    assert api.code("post/publish/video/init/", video(platform) | {"source_info": source})[1] == code


def test_chunks_go_in_order_and_the_last_one_commits(platform: Platform, api: Api) -> None:
    clip = platform.http.get(platform.media("clip.mp4") + f"?bytes={11 * MIB + 5}").content
    size, chunk = len(clip), 5 * MIB
    started = api.call("post/publish/video/init/", video(platform) | {"source_info": upload(size, chunk, 2)}).json()["data"]
    publish_id, url = started["publish_id"], started["upload_url"]

    def put(first: int, last: int, total: int = size, **headers: str) -> int:
        sent = {"content-type": "video/mp4", "content-range": f"bytes {first}-{last}/{total}"} | headers
        return platform.http.put(url, content=clip[first : last + 1], headers=sent).status_code

    assert publish_id.startswith("v_pub_file~")
    assert put(0, chunk - 1, total=size + 1) == 400
    assert put(0, chunk - 1, authorization=f"Bearer {api.token}") == 400
    assert put(0, MIB - 1) == 400
    assert put(chunk, size - 1) == 416
    assert put(0, chunk - 1) == 206
    assert put(0, chunk - 1) == 416
    assert api.finished(publish_id) | {"publicaly_available_post_id": 0} == {
        "status": "PROCESSING_UPLOAD",
        "publicaly_available_post_id": 0,
        "uploaded_bytes": chunk,
    }
    assert platform.state()["publications"][0]["unfinished"] is True
    assert put(chunk, size - 1) == 201
    assert api.finished(publish_id)["status"] == "PUBLISH_COMPLETE"
    (post,) = platform.state()["posts"]
    assert post["files"] == [{"sha256": hashlib.sha256(clip).hexdigest(), "size": size, "content_type": "video/mp4"}]
    assert (post["media"], post["duration_s"]) == ([], 5.0)


def test_a_post_shows_every_field_and_the_digests_of_its_files_and_never_their_bytes(platform: Platform, api: Api) -> None:
    given = photos(platform, privacy_level="SELF_ONLY", disable_comment=True, auto_add_music=False, brand_organic_toggle=True)
    given["source_info"]["photo_cover_index"] = 1
    api.finished(api.start("content/init/", **given))
    (post,) = platform.state()["posts"]
    assert (post["info"], post["cover"], post["media"]) == (given["post_info"], 1, given["source_info"]["photo_images"])
    urls = given["source_info"]["photo_images"]
    contents = [platform.http.get(url).content for url in urls]
    assert [file["sha256"] for file in post["files"]] == [hashlib.sha256(content).hexdigest() for content in contents]
    assert [(file["size"], file["content_type"]) for file in post["files"]] == [
        (len(contents[0]), "image/jpeg"), (len(contents[1]), "image/webp")
    ]  # fmt: skip


def test_an_upload_that_is_canceled_takes_no_more_bytes(platform: Platform, api: Api) -> None:
    started = api.call("post/publish/video/init/", video(platform) | {"source_info": upload(100, 100, 1)}).json()["data"]
    assert api.code("post/publish/cancel/", {"publish_id": started["publish_id"]}) == (200, "ok")
    headers = {"content-type": "video/mp4", "content-range": "bytes 0-99/100"}
    assert platform.http.put(started["upload_url"], content=bytes(100), headers=headers).status_code == 404
    assert api.finished(started["publish_id"])["fail_reason"] == "publish_cancelled" and platform.state()["posts"] == []


def test_upload_url_lives_an_hour_and_must_be_known(platform: Platform, api: Api) -> None:
    source = {"source_info": upload(100, 100, 1)}
    url = api.call("post/publish/video/init/", video(platform) | source).json()["data"]["upload_url"]
    headers = {"content-type": "video/mp4", "content-range": "bytes 0-99/100"}
    assert platform.http.put(f"{url}x", content=bytes(100), headers=headers).status_code == 404
    platform.world.clock.offset += 3_600
    assert platform.http.put(url, content=bytes(100), headers=headers).status_code == 403


def test_uploaded_bytes_that_are_no_video_fail(platform: Platform, api: Api) -> None:
    started = api.call("post/publish/video/init/", video(platform) | {"source_info": upload(100, 100, 1)}).json()["data"]
    headers = {"content-type": "video/mp4", "content-range": "bytes 0-99/100"}
    assert platform.http.put(started["upload_url"], content=bytes(100), headers=headers).status_code == 201
    assert api.finished(started["publish_id"])["fail_reason"] == "file_format_check_failed"


# Drafts, cancellation, status


def test_drafts_reach_the_inbox_and_become_posts_in_the_app(platform: Platform, api: Api) -> None:
    publish_id = api.start("inbox/video/init/")
    assert publish_id.startswith("v_inbox_url~")
    assert api.finished(publish_id)["status"] == "SEND_TO_USER_INBOX"
    assert platform.state()["posts"] == []
    assert platform.act("draft", publish_id=publish_id, title="From the app")["status"] == "PUBLISH_COMPLETE"
    assert [post["text"] for post in platform.state()["posts"]] == ["From the app"]


def test_only_five_drafts_may_wait_for_a_day(platform: Platform, api: Api) -> None:
    ids = [api.start("inbox/video/init/") for _ in range(5)]
    assert api.code("post/publish/inbox/video/init/", video(platform)) == (403, "spam_risk_too_many_pending_share")
    api.finished(ids[0])
    platform.act("draft", publish_id=ids[0], decision="discard")
    platform.world.clock.offset += 60
    assert api.code("post/publish/inbox/video/init/", video(platform)) == (200, "ok")


def test_scope_decides_between_post_and_draft(platform: Platform) -> None:
    drafts = platform.connect(scope="user.info.basic,video.upload")
    assert drafts.code("post/publish/video/init/", video(platform)) == (401, "scope_not_authorized")
    assert drafts.code("post/publish/content/init/", photos(platform)) == (401, "scope_not_authorized")
    assert drafts.code("post/publish/content/init/", photos(platform) | {"post_mode": "MEDIA_UPLOAD"}) == (200, "ok")
    platform.act("user", old_app=True)
    refused = drafts.code("post/publish/content/init/", photos(platform) | {"post_mode": "MEDIA_UPLOAD"})
    assert refused == (400, "app_version_check_failed")


def test_unfinished_publication_can_be_cancelled(platform: Platform, api: Api) -> None:
    platform.act("settings", processing_s=30)
    publish_id = api.start()
    assert api.code("post/publish/cancel/", {"publish_id": publish_id}) == (200, "ok")
    platform.world.clock.offset += 60
    done = api.status(publish_id)
    assert (done["status"], done["fail_reason"]) == ("FAILED", "publish_cancelled")
    assert platform.state()["posts"] == []


def test_publish_id_belongs_to_its_user(platform: Platform, api: Api) -> None:
    publish_id = api.start()
    assert api.code("post/publish/status/fetch/", {"publish_id": "v_pub_url~x"}) == (400, "invalid_publish_id")
    platform.act("user", id="other")
    platform.act("consent", user="other")
    other = platform.connect().code("post/publish/status/fetch/", {"publish_id": publish_id})
    assert other == (400, "token_not_authorized_for_specified_publish_id")


# Limits and faults, section 4.5


@pytest.mark.parametrize(
    ("path", "most"),
    [("video/init/", 6), ("creator_info/query/", 20), ("status/fetch/", 30)],
    ids=["init", "creator_info", "status"],
)
def test_calls_per_token_and_minute_are_limited(platform: Platform, api: Api, path: str, most: int) -> None:
    codes = [api.code(f"post/publish/{path}") for _ in range(most + 1)]
    assert [code for code in codes if code == (429, "rate_limit_exceeded")] == codes[most:]
    assert platform.connect().code(f"post/publish/{path}")[0] != 429
    platform.world.clock.offset += 60
    assert api.code(f"post/publish/{path}")[0] != 429


def test_fifteen_posts_a_day(platform: Platform, api: Api) -> None:
    for _ in range(15):
        api.start()
        platform.world.clock.offset += 20
    assert api.code("post/publish/video/init/", video(platform)) == (403, "spam_risk_too_many_posts")
    assert api.code("post/publish/creator_info/query/") == (200, "spam_risk_too_many_posts")
    platform.world.clock.offset += 86_400
    assert platform.connect().code("post/publish/video/init/", video(platform)) == (200, "ok")


def test_banned_creator_cannot_post(platform: Platform, api: Api) -> None:
    platform.act("user", banned=True)
    assert api.code("post/publish/video/init/", video(platform)) == (403, "spam_risk_user_banned_from_posting")


@pytest.mark.parametrize("preset", sorted(PRESETS))
def test_every_preset_can_be_served(platform: Platform, api: Api, preset: str) -> None:
    fault = {"platform": "tiktok", "path": "video/init/$", "preset": preset}
    assert platform.http.post(f"{platform.base}/_control/faults", json=fault).status_code == 201
    answer = api.call("post/publish/video/init/", video(platform))
    expected = PRESETS[preset]
    assert answer.status_code == expected.status
    if isinstance(expected.body, dict):
        assert answer.json() == expected.body
        assert "error_description" in answer.json() or set(answer.json()["error"]) == {"code", "message", "log_id"}
    assert platform.state()["publications"] == []


def test_lost_answer_of_an_init_still_posts(platform: Platform, api: Api) -> None:
    fault = {"platform": "tiktok", "path": "video/init/$", "drop": True, "when": "after"}
    platform.http.post(f"{platform.base}/_control/faults", json=fault)
    with pytest.raises(httpx.HTTPError):
        api.start()
    platform.world.clock.offset += 2
    (started,) = platform.state()["publications"]
    assert api.finished(started["publish_id"])["status"] == "PUBLISH_COMPLETE"


# Webhooks, section 4.6


@dataclass
class Receiver:
    url: str
    received: list[tuple[str, bytes]]
    statuses: list[int]

    def events(self, count: int) -> list[str]:
        for _ in range(500):
            if len(self.received) >= count:
                break
            time.sleep(0.01)
        return [json.loads(raw)["event"] for _, raw in self.received]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["content-length"]))
            found.received.append((self.headers["tiktok-signature"], raw))
            self.send_response(found.statuses.pop(0) if found.statuses else 200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Handler)
    found = Receiver(f"http://127.0.0.1:{server.server_port}/hook", [], [])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield found
    server.shutdown()
    thread.join()
    server.server_close()


def test_webhook_is_signed_with_the_client_secret(platform: Platform, api: Api, receiver: Receiver) -> None:
    publish_id = api.start()
    event = "post.publish.publicly_available"
    platform.act("webhook", url=receiver.url, event=event, publish_id=publish_id, post_id="7")
    ((header, raw),) = receiver.received
    parts = dict(part.split("=", 1) for part in header.split(","))
    expected = hmac.new(b"tiktok-app-secret", parts["t"].encode() + b"." + raw, hashlib.sha256).hexdigest()
    assert parts["s"] == expected
    body = json.loads(raw)
    assert (body["client_key"], body["event"], body["user_openid"]) == ("tiktok-app", event, ME)
    assert json.loads(body["content"]) == {"publish_id": publish_id, "post_id": "7"}


def test_events_are_sent_by_themselves_in_order(platform: Platform, api: Api, receiver: Receiver) -> None:
    platform.act("webhook_url", url=receiver.url)
    api.start()
    platform.world.clock.offset += 2
    assert receiver.events(2) == ["post.publish.complete", "post.publish.publicly_available"]
    receiver.received.clear()
    api.start(**video(platform, "missing.mp4"))
    assert receiver.events(1) == ["post.publish.failed"]
    receiver.received.clear()
    platform.act("revoke", user=ME)
    assert receiver.events(1) == ["authorization.removed"]


def test_unanswered_event_is_sent_again(platform: Platform, api: Api, receiver: Receiver) -> None:
    receiver.statuses.append(500)
    platform.act("settings", webhook_url=receiver.url, webhook_gap_s=0.01)
    api.start("inbox/video/init/")
    platform.world.clock.offset += 2
    assert receiver.events(2) == ["post.publish.inbox_delivered"] * 2


def test_malformed_values_are_refused_and_never_crash(platform: Platform, api: Api) -> None:
    for path, body in (("video/init/", video(platform)), ("content/init/", photos(platform))):
        for name in body:
            for value in MALFORMED:
                answer = platform.connect().code(f"post/publish/{path}", body | {name: value})
                assert answer == (400, "invalid_param"), (path, name, value)


def test_seeded_videos_have_numbers_at_once(platform: Platform, api: Api) -> None:
    ids = platform.act("seed", count=20)["ids"]
    found = api.call("video/query/?fields=id,view_count", {"filters": {"video_ids": ids}}).json()["data"]["videos"]
    assert [v["id"] for v in found if v["view_count"] > 0] == ids


def test_reset_forgets_everything(platform: Platform, api: Api) -> None:
    api.start()
    platform.http.post(f"{platform.base}/_control/reset")
    state = platform.state()
    assert (state["publications"], state["posts"], state["tokens"]) == ([], [], 0)
