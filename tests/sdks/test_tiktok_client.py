"""A client for TikTok's Content Posting API against the simulator. TikTok itself has none for Python."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
import requests
from tiktok_api_client.main import TikTok
from tiktok_api_client.utils import HTTPError

from tests.sdks.conftest import REDIRECT, Platforms

pytestmark = pytest.mark.filterwarnings("default")


@pytest.fixture
def tiktok(platforms: Platforms) -> TikTok:
    """A client that a person has let in."""
    client = TikTok("tiktok-app", "tiktok-app-secret", REDIRECT, state="s")
    back = platforms.consent(client.get_authorization_url())
    assert back["state"] == "s"
    assert client.exchange_code_for_token(back["code"])["scope"] == "video.publish"
    return client


def test_tokens_are_refreshed_and_revoked(tiktok: TikTok) -> None:
    before = tiktok.token_data["access_token"]
    assert tiktok.refresh_access_token()["access_token"] != before
    assert tiktok.revoke_access_token() == {}
    with pytest.raises(Exception, match="access_token_invalid"):
        tiktok.get_creator_info()


def test_the_creators_choices_are_read(tiktok: TikTok) -> None:
    info = tiktok.get_creator_info()
    assert info["error"]["code"] == "ok" and "SELF_ONLY" in info["data"]["privacy_level_options"]


def test_a_video_is_pulled_from_its_url(platforms: Platforms, tiktok: TikTok) -> None:
    answer = tiktok.create_video("PULL_FROM_URL", "POST_VIDEO_URL", "Pulled", "SELF_ONLY", video_url=platforms.media("clip.mp4"))
    assert answer["data"]["publish_id"].startswith("v_pub_url~")
    platforms.pass_time(60)
    assert tiktok.check_upload_status(answer["data"]["publish_id"])["data"]["status"] == "PUBLISH_COMPLETE"
    assert [post["text"] for post in platforms.posts("tiktok")] == ["Pulled"]


def test_photos_are_pulled_and_the_cover_is_counted_from_zero(platforms: Platforms, tiktok: TikTok) -> None:
    photos = [platforms.media("photo.jpg"), platforms.media("wide.jpg")]
    # This client wants at least 1 here.
    answer = tiktok.create_photo("DIRECT_POST", "Two", "SELF_ONLY", photo_cover_index=1, photo_images=photos)
    publish_id = answer["photo_upload_response"]["data"]["publish_id"]
    platforms.pass_time(60)
    assert tiktok.check_upload_status(publish_id)["data"]["status"] == "PUBLISH_COMPLETE"
    with pytest.raises(HTTPError, match="photo_cover_index"):
        tiktok.create_photo("DIRECT_POST", "Two", "SELF_ONLY", photo_cover_index=1, photo_images=photos[:1])


def test_the_bytes_of_a_video_arrive_whole(platforms: Platforms, tiktok: TikTok, tmp_path: Path) -> None:
    data = requests.get(platforms.media("clip.mp4?bytes=200000"), timeout=10).content
    (tmp_path / "clip.mp4").write_bytes(data)
    # The answer to the last part has no body, and this client wants JSON there.
    with pytest.raises(HTTPError, match="Expecting value"):
        tiktok.create_video("FILE_UPLOAD", "POST_VIDEO_FILE", "Sent", "SELF_ONLY", video_path=str(tmp_path / "clip.mp4"))
    platforms.pass_time(60)
    (post,) = platforms.posts("tiktok")
    assert post["text"] == "Sent" and post["files"][0]["sha256"] == hashlib.sha256(data).hexdigest()


def test_what_the_creator_does_not_offer_is_refused(platforms: Platforms, tiktok: TikTok) -> None:
    with pytest.raises(HTTPError, match="privacy_level_option_mismatch"):
        tiktok.create_video(
            "PULL_FROM_URL", "POST_VIDEO_URL", "Hello", "FOLLOWER_OF_CREATOR", video_url=platforms.media("clip.mp4")
        )
    assert platforms.posts("tiktok") == []
