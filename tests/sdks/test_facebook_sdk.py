"""Meta's own SDK for Python against the simulator of Facebook."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
import requests
from facebook_business.adobjects.advideo import AdVideo
from facebook_business.adobjects.comment import Comment
from facebook_business.adobjects.page import Page
from facebook_business.adobjects.pagepost import PagePost
from facebook_business.adobjects.photo import Photo
from facebook_business.adobjects.user import User
from facebook_business.api import FacebookAdsApi
from facebook_business.exceptions import FacebookRequestError
from facebook_business.video_uploader import VideoEncodingStatusChecker, VideoUploader, VideoUploadRequest

from tests.sdks.conftest import Platforms
from tests.sdks.meta import SCOPES, fields_of, graph, user_token

pytestmark = pytest.mark.filterwarnings("default")

BAKERY = "101000000000001"


@pytest.fixture
def person(platforms: Platforms) -> User:
    return User("me", api=graph(user_token(platforms)))


@pytest.fixture
def page(person: User) -> Page:
    rows = {row["id"]: row["access_token"] for row in person.get_accounts(fields=["id", "access_token"])}
    return Page(BAKERY, api=graph(rows[BAKERY]))


def refused(error: pytest.ExceptionInfo[FacebookRequestError]) -> tuple[int, int | None]:
    return error.value.api_error_code(), error.value.api_error_subcode()


def post_of(page: Page, message: str, **more: Any) -> PagePost:
    created = page.create_feed(params={"message": message, **more})
    return PagePost(created["id"], api=page.get_api())


def video_of(page: Page, platforms: Platforms, **more: Any) -> AdVideo:
    created = page.create_video(params={"file_url": platforms.media("clip.mp4"), **more})
    return AdVideo(created["id"], api=page.get_api())


# People and Pages


def test_pages_are_listed_by_cursor(person: User) -> None:
    found = person.get_accounts(fields=["id", "name", "access_token"], params={"limit": 1})
    assert [row["name"] for row in found] == ["Riverside Bakery", "Riverside Catering"]


def test_a_configuration_is_granted_as_a_whole(platforms: Platforms) -> None:
    platforms.act("facebook", "consent", declined_scopes=["pages_manage_posts"])
    plain = User("me", api=graph(user_token(platforms)))
    assert statuses(plain)["pages_manage_posts"] == "declined"
    configured = User("me", api=graph(user_token(platforms, config_id="77")))
    assert set(statuses(configured).values()) == {"granted"} and "pages_manage_posts" in statuses(configured)


def statuses(person: User) -> dict[str, str]:
    return {row["permission"]: row["status"] for row in person.get_permissions()}


def test_one_permission_can_be_revoked_and_then_all(person: User) -> None:
    person.delete_permissions(params={"permission": "pages_manage_posts"})
    assert statuses(person).get("pages_manage_posts") != "granted" and statuses(person)["pages_show_list"] == "granted"
    person.delete_permissions()
    with pytest.raises(FacebookRequestError) as error:
        person.api_get()
    assert refused(error) == (190, 458)


@pytest.mark.parametrize(("version", "served"), [("v26.0", "v26.0"), ("v27.0", "v27.0"), ("v19.0", "v21.0")])
def test_versions_are_served_as_themselves_or_the_oldest_alive(platforms: Platforms, version: str, served: str) -> None:
    answer = graph(user_token(platforms), version).call("GET", ("me",))
    assert answer.headers()["facebook-api-version"] == served


@pytest.mark.parametrize("version", ["v26.1", "v28.0", "v99.0"])
def test_a_version_that_was_never_released_is_refused(platforms: Platforms, version: str) -> None:
    token = user_token(platforms)
    with pytest.raises(FacebookRequestError) as error:
        graph(token, version).call("GET", ("me",))
    assert refused(error) == (2500, None)


# Fields


def test_every_field_of_every_node_is_answered(platforms: Platforms, person: User, page: Page) -> None:
    person.api_get(fields=fields_of(User))
    assert page.api_get(fields=fields_of(Page))["name"] == "Riverside Bakery"
    post = post_of(page, "All of it")
    assert post.api_get(fields=fields_of(PagePost))["privacy"]["value"] == "EVERYONE"
    photo = page.create_photo(params={"url": platforms.media("photo.jpg"), "message": "Bread"})
    read = Photo(photo["id"], api=page.get_api()).api_get(fields=fields_of(Photo))
    assert (read["name"], read["width"], read["images"][0]["height"], read["from"]["id"]) == ("Bread", 1080, 1080, BAKERY)
    video = video_of(page, platforms, title="Film").api_get(fields=fields_of(AdVideo, last="views"))
    assert (video["title"], video["from"]["id"]) == ("Film", BAKERY)
    comment = Comment(post.create_comment(params={"message": "First"})["id"], api=page.get_api())
    assert comment.api_get(fields=fields_of(Comment))["can_remove"] is True


@pytest.mark.parametrize("field", ["tasks", "nope"])
def test_a_field_that_a_page_does_not_have_is_refused(page: Page, field: str) -> None:
    with pytest.raises(FacebookRequestError) as error:
        page.api_get(fields=["id", field])
    assert refused(error) == (100, None) and "nonexisting field" in error.value.api_error_message()


# Posts and photos


def test_a_post_tells_its_link_in_the_same_call_and_is_edited_and_deleted(page: Page) -> None:
    created = page.create_feed(params={"message": "Hello"}, fields=["id", "permalink_url"])
    assert created["permalink_url"].startswith("https://www.facebook.com/")
    post = PagePost(created["id"], api=page.get_api())
    post.api_update(params={"message": "Hello again"})
    assert post.api_get(fields=["message", "is_published"])["message"] == "Hello again"
    post.api_delete()
    with pytest.raises(FacebookRequestError) as error:
        post.api_delete()
    assert refused(error) == (100, 33)


def test_photos_are_attached_to_one_post(platforms: Platforms, page: Page) -> None:
    urls = [platforms.media("photo.jpg"), platforms.media("wide.jpg")]
    photos = [page.create_photo(params={"url": url, "published": False, "alt_text_custom": url[-8:]})["id"] for url in urls]
    assert list(page.get_photos(params={"type": "uploaded"})) == []
    post = post_of(page, "Two loaves", attached_media=[{"media_fbid": id} for id in photos])
    (album,) = post.get_attachments()
    assert [row["target"]["id"] for row in album["subattachments"]["data"]] == photos
    assert Photo(photos[0], api=page.get_api()).api_get(fields=["page_story_id"])["page_story_id"] == post["id"]
    assert platforms.posts("facebook")[0]["alt_text"] == ["hoto.jpg", "wide.jpg"]
    assert {row["id"] for row in page.get_photos(params={"type": "uploaded"})} == set(photos)


def test_a_photo_is_sent_as_bytes_and_deleted(platforms: Platforms, page: Page, tmp_path: Path) -> None:
    data = requests.get(platforms.media("photo.jpg"), timeout=10).content
    (tmp_path / "bread.jpg").write_bytes(data)
    sent = send_photo(page, tmp_path / "bread.jpg", caption="Bread", published=True)
    (post,) = platforms.posts("facebook")
    assert (post["id"], post["text"], post["files"][0]["sha256"]) == (sent["post_id"], "Bread", hashlib.sha256(data).hexdigest())
    unused = send_photo(page, tmp_path / "bread.jpg", published=False)
    Photo(unused["id"], api=page.get_api()).api_delete()
    with pytest.raises(FacebookRequestError) as error:
        Photo(unused["id"], api=page.get_api()).api_get()
    assert refused(error) == (100, 33)


def send_photo(page: Page, path: Path, **params: Any) -> Any:
    return page.create_photo(params=params, pending=True).add_file(str(path)).execute()


def test_posts_are_read_page_by_page(page: Page) -> None:
    ids = [post_of(page, f"Number {n}")["id"] for n in range(5)]
    for edge in (page.get_feed, page.get_posts, page.get_published_posts):
        assert [row["id"] for row in edge(fields=["id", "message", "created_time"], params={"limit": 2})] == ids[::-1]


def test_a_scheduled_post_is_listed_until_its_time(platforms: Platforms, page: Page) -> None:
    now = int(requests.get(f"{platforms.base}/_control/clock", timeout=10).json()["now"])
    params = {"published": False, "scheduled_publish_time": now + 3600, "unpublished_content_type": "SCHEDULED"}
    post = post_of(page, "Later", **params)
    assert [row["id"] for row in page.get_scheduled_posts(fields=["id", "scheduled_publish_time"])] == [post["id"]]
    platforms.pass_time(3601)
    assert list(page.get_scheduled_posts()) == []
    assert [row["id"] for row in page.get_published_posts()] == [post["id"]]


def clock_of(platforms: Platforms) -> int:
    return int(requests.get(f"{platforms.base}/_control/clock", timeout=10).json()["now"])


def test_a_scheduled_post_is_edited_moved_published_and_canceled(platforms: Platforms, page: Page) -> None:
    now = clock_of(platforms)
    plan = {"published": False, "unpublished_content_type": "SCHEDULED"}
    moved, early, gone = (post_of(page, f"Number {n}", scheduled_publish_time=now + 3600, **plan) for n in range(3))
    moved.api_update(params={"message": "Moved", "scheduled_publish_time": now + 7200})
    early.api_update(params={"is_published": True})
    gone.api_delete()
    (left,) = page.get_scheduled_posts(fields=["id", "message", "scheduled_publish_time", "is_published"])
    assert (left["message"], left["scheduled_publish_time"], left["is_published"]) == ("Moved", now + 7200, False)
    assert [row["id"] for row in page.get_published_posts()] == [early["id"]]
    with pytest.raises(FacebookRequestError) as error:
        moved.api_update(params={"scheduled_publish_time": now + 60})
    assert refused(error) == (100, None)
    platforms.pass_time(7201)
    assert [row["id"] for row in page.get_published_posts()] == [moved["id"], early["id"]]


def test_a_scheduled_video_and_reel_wait_and_can_be_changed(platforms: Platforms, page: Page) -> None:
    now = clock_of(platforms)
    plan = {"published": False, "unpublished_content_type": "SCHEDULED", "scheduled_publish_time": now + 3600}
    video = video_of(page, platforms, description="Later", **plan)
    begun = page.create_video_reel(params={"upload_phase": "start"})
    headers = {"authorization": f"OAuth {page.get_api()._session.access_token}", "file_url": platforms.media("clip.mp4")}
    requests.post(begun["upload_url"], headers=headers, timeout=10)
    end = {"upload_phase": "finish", "video_id": begun["video_id"], "video_state": "SCHEDULED"}
    page.create_video_reel(params={**end, "scheduled_publish_time": now + 3600})
    reel = AdVideo(begun["video_id"], api=page.get_api())
    platforms.pass_time(10)
    for each in (video, reel):
        assert each.api_get(fields=["status"])["status"]["publishing_phase"]["publish_status"] == "scheduled"
    video.api_update(params={"description": "Even later", "scheduled_publish_time": now + 7200})
    reel.api_update(params={"published": True})
    assert [post["status"] for post in platforms.posts("facebook")] == ["scheduled", "published"]
    platforms.pass_time(7201)
    assert [post["text"] for post in platforms.posts("facebook") if post["status"] == "published"] == ["Even later", ""]


# Videos, reels and stories


def test_a_video_is_pulled_watched_and_deleted(platforms: Platforms, page: Page) -> None:
    video = video_of(page, platforms, description="How we bake", title="Film")
    platforms.pass_time(10)
    assert VideoEncodingStatusChecker.getStatus(page.get_api(), video["id"])["video_status"] == "ready"
    assert [row["id"] for row in page.get_videos(fields=["id", "title", "length"])] == [video["id"]]
    video.api_delete()
    assert list(page.get_videos()) == [] and platforms.posts("facebook") == []


@pytest.fixture
def uploader(monkeypatch: pytest.MonkeyPatch) -> VideoUploader:
    """The SDK's uploader, which is made for ad accounts: on a Page the same phases are at ``videos``."""
    send = VideoUploadRequest.send
    monkeypatch.setattr(VideoUploadRequest, "send", lambda self, path: send(self, (path[0], "videos")))
    return VideoUploader()


def test_the_uploader_of_the_sdk_sends_a_video_in_parts(
    platforms: Platforms, page: Page, uploader: VideoUploader, tmp_path: Path
) -> None:
    platforms.act("facebook", "settings", chunk_bytes=100_000)
    data = requests.get(platforms.media("clip.mp4?bytes=350000"), timeout=10).content
    (tmp_path / "film.mp4").write_bytes(data)
    video = AdVideo(parent_id=BAKERY, api=page.get_api())
    video[AdVideo.Field.filepath] = str(tmp_path / "film.mp4")
    done = uploader.upload(video)
    platforms.pass_time(10)
    VideoEncodingStatusChecker.waitUntilReady(page.get_api(), done["id"], interval=0, timeout=1)
    (post,) = platforms.posts("facebook")
    assert (post["title"], post["files"][0]["sha256"]) == ("film.mp4", hashlib.sha256(data).hexdigest())
    transfers = [row for row in platforms.journal("^graph-video.facebook.com/") if row["method"] == "POST"]
    assert len(transfers) == 1 + 4 + 1


def test_a_part_from_elsewhere_tells_where_to_go_on(platforms: Platforms, page: Page) -> None:
    platforms.act("facebook", "settings", chunk_bytes=100_000)
    begun = page.create_video(params={"upload_phase": "start", "file_size": 350_000})
    part = {"upload_phase": "transfer", "upload_session_id": begun["upload_session_id"], "start_offset": 50_000}
    with pytest.raises(FacebookRequestError) as error:
        page.get_api().call("POST", (BAKERY, "videos"), params=part, files={"video_file_chunk": ("part", b"x" * 10)})
    told = error.value.body()["error"]["error_data"]
    assert refused(error) == (6000, 1363037) and (int(told["start_offset"]), int(told["end_offset"])) == (0, 100_000)


def test_a_file_of_the_resumable_upload_api_becomes_a_video(platforms: Platforms, page: Page) -> None:
    data = requests.get(platforms.media("clip.mp4"), timeout=10).content
    asked = {"file_length": len(data), "file_type": "video/mp4", "file_name": "clip.mp4"}
    session = page.get_api().call("POST", ("facebook-app", "uploads"), params=asked).json()["id"]
    token = page.get_api()._session.access_token
    headers = {"Authorization": f"OAuth {token}", "file_offset": "0"}
    handle = requests.post(f"https://graph.facebook.com/v26.0/{session}", data=data, headers=headers, timeout=10).json()["h"]
    page.create_video(params={"fbuploader_video_file_chunk": handle, "description": "Resumed"})
    platforms.pass_time(10)
    assert [post["text"] for post in platforms.posts("facebook")] == ["Resumed"]


def test_a_reel_is_started_uploaded_finished_and_listed(platforms: Platforms, page: Page) -> None:
    begun = page.create_video_reel(params={"upload_phase": "start"})
    token = page.get_api()._session.access_token
    sent = requests.post(
        begun["upload_url"], headers={"Authorization": f"OAuth {token}", "file_url": platforms.media("clip.mp4")}, timeout=10
    )
    assert sent.json() == {"success": True}
    end = {"upload_phase": "finish", "video_id": begun["video_id"], "video_state": "PUBLISHED", "description": "Knead"}
    page.create_video_reel(params=end)
    platforms.pass_time(10)
    (reel,) = page.get_video_reels(fields=["id", "description", "status", "permalink_url"])
    assert (reel["id"], reel["status"]["publishing_phase"]["status"]) == (begun["video_id"], "complete")


def test_stories_are_made_of_photos_and_videos_and_listed(platforms: Platforms, page: Page) -> None:
    photo = page.create_photo(params={"url": platforms.media("tall.jpg"), "published": False})["id"]
    first = page.create_photo_story(params={"photo_id": photo})
    begun = page.create_video_story(params={"upload_phase": "start"})
    data = requests.get(platforms.media("clip.mp4"), timeout=10).content
    headers = {"Authorization": f"OAuth {page.get_api()._session.access_token}", "offset": "0", "file_size": str(len(data))}
    assert requests.post(begun["upload_url"], data=data, headers=headers, timeout=10).json() == {"success": True}
    platforms.pass_time(5)
    second = page.create_video_story(params={"upload_phase": "finish", "video_id": begun["video_id"]})
    platforms.pass_time(5)
    found = {row["post_id"]: row for row in page.get_stories(fields=["post_id", "status", "media_type", "media_id", "url"])}
    assert set(found) == {first["post_id"], second["post_id"]}
    assert (found[first["post_id"]]["media_id"], found[second["post_id"]]["media_type"]) == (photo, "video")
    platforms.pass_time(86_400)
    assert list(page.get_stories(params={"status": ["PUBLISHED"]})) == []
    assert len(list(page.get_stories(params={"status": ["ARCHIVED"]}))) == 2


# Comments and insights


def test_comments_are_written_read_edited_and_deleted(page: Page) -> None:
    post = post_of(page, "Say something")
    written = [post.create_comment(params={"message": text})["id"] for text in ("One", "Two", "Three")]
    listed = post.get_comments(fields=["id", "message", "from", "like_count"], params={"limit": 2, "order": "chronological"})
    assert [row["message"] for row in listed] == ["One", "Two", "Three"]
    assert listed.total() == 3
    comment = Comment(written[0], api=page.get_api())
    comment.api_update(params={"message": "1"})
    assert comment.api_get(fields=["message", "permalink_url"])["message"] == "1"
    comment.api_delete()
    assert [row["id"] for row in post.get_comments(params={"order": "reverse_chronological"})] == written[:0:-1]
    assert post.api_get(fields=["comments.summary(true).limit(0)"])["comments"]["summary"]["total_count"] == 2


def test_insights_are_read_of_pages_posts_and_videos(platforms: Platforms, page: Page) -> None:
    post, video = post_of(page, "Count me"), video_of(page, platforms)
    platforms.pass_time(86_400)
    (views, unique) = post.get_insights(params={"metric": ["post_media_view", "post_total_media_view_unique"]})
    assert views["values"][0]["value"] >= unique["values"][0]["value"] > 0
    (total,) = video.get_video_insights(params={"metric": ["total_video_views"]})
    assert total["values"][0]["value"] > 0
    (daily,) = page.get_insights(params={"metric": ["page_media_view"], "period": "day"})
    assert daily["name"] == "page_media_view" and daily["values"]
    assert list(post.get_reactions()) == []
    with pytest.raises(FacebookRequestError) as error:
        post.get_insights(params={"metric": ["post_media_view", "post_impressions"]})
    assert refused(error) == (100, None)


# Batches


def test_a_batch_reads_writes_and_sends_files(platforms: Platforms, page: Page, tmp_path: Path) -> None:
    (tmp_path / "bread.jpg").write_bytes(requests.get(platforms.media("photo.jpg"), timeout=10).content)
    api: FacebookAdsApi = page.get_api()
    answers: list[Any] = []
    batch = api.new_batch()
    page.create_feed(params={"message": "One & two"}, batch=batch, success=answers.append, failure=answers.append)
    page.api_get(fields=["name"], batch=batch, success=answers.append, failure=answers.append)
    batch.add("GET", "424242", success=answers.append, failure=answers.append)
    with (tmp_path / "bread.jpg").open("rb") as file:
        batch.add(
            "POST", f"{BAKERY}/photos", params={"message": "Bread"}, files={"bread": file}, success=answers.append,
            failure=answers.append,
        )  # fmt: skip
        assert batch.execute() is None
    created, read, missing, photo = answers
    assert read.json()["name"] == "Riverside Bakery" and photo.json()["post_id"]
    assert (missing.status(), missing.error().api_error_code()) == (400, 100)
    assert [post["text"] for post in platforms.posts("facebook")] == ["One & two", "Bread"]
    assert created.json()["id"] == platforms.posts("facebook")[0]["id"]


def test_items_of_a_batch_have_its_version(page: Page) -> None:
    api = graph(page.get_api()._session.access_token, "v25.0")
    items = [{"method": "GET", "relative_url": path} for path in (BAKERY, f"v24.0/{BAKERY}")]
    answer = api.call("POST", (), params={"batch": json.dumps(items), "include_headers": "true"})
    served = [{h["name"]: h["value"] for h in row["headers"]}["facebook-api-version"] for row in answer.json()]
    assert served == ["v25.0", "v24.0"]


def test_what_was_not_granted_is_refused(platforms: Platforms) -> None:
    token = user_token(platforms, scope=SCOPES.replace("pages_manage_posts,", ""))
    rows = {row["id"]: row["access_token"] for row in User("me", api=graph(token)).get_accounts(fields=["id", "access_token"])}
    with pytest.raises(FacebookRequestError) as error:
        Page(BAKERY, api=graph(rows[BAKERY])).create_feed(params={"message": "Hello"})
    assert error.value.api_error_code() == 200 and "pages_manage_posts" in error.value.api_error_message()
