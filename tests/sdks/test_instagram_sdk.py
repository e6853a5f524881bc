"""Meta's own SDK for Python against the simulator of Instagram with Instagram Login."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from facebook_business.adobjects.igcomment import IGComment
from facebook_business.adobjects.igmediaforigonlyapi import IGMediaForIGOnlyAPI
from facebook_business.adobjects.iguserforigonlyapi import IGUserForIGOnlyAPI
from facebook_business.api import FacebookAdsApi
from facebook_business.exceptions import FacebookRequestError
from facebook_business.session import FacebookSession

from tests.sdks.conftest import REDIRECT, Platforms
from tests.sdks.meta import fields_of

pytestmark = pytest.mark.filterwarnings("default")

ACCOUNT = "17841400000000001"
APP = {"client_id": "instagram-app", "client_secret": "instagram-app-secret"}
NEEDED = ("basic", "content_publish", "manage_comments", "manage_insights")
SCOPES = ",".join(f"instagram_business_{name}" for name in NEEDED)


def instagram(token: str) -> FacebookAdsApi:
    """Return the SDK for a token of this host: it reads the host from its session."""
    session = FacebookSession(access_token=token)
    session.GRAPH = "https://graph.instagram.com"
    return FacebookAdsApi(session, "v26.0")


@pytest.fixture
def account(platforms: Platforms) -> IGUserForIGOnlyAPI:
    dialog = {"client_id": APP["client_id"], "redirect_uri": REDIRECT, "response_type": "code", "scope": SCOPES}
    code = platforms.consent("https://www.instagram.com/oauth/authorize", **dialog)["code"].removesuffix("#_")
    form = {**APP, "grant_type": "authorization_code", "redirect_uri": REDIRECT, "code": code}
    multipart = {name: (None, value) for name, value in form.items()}
    short = requests.post("https://api.instagram.com/oauth/access_token", files=multipart, timeout=10).json()["access_token"]
    params = {"grant_type": "ig_exchange_token", "client_secret": APP["client_secret"], "access_token": short}
    longer = requests.get("https://graph.instagram.com/access_token", params=params, timeout=10).json()
    return IGUserForIGOnlyAPI(ACCOUNT, api=instagram(longer["access_token"]))


def published(platforms: Platforms, account: IGUserForIGOnlyAPI, **params: Any) -> IGMediaForIGOnlyAPI:
    """Prepare and publish a post as the SDK does it."""
    container = account.create_media(params=params)["id"]
    platforms.pass_time(5)
    read = IGMediaForIGOnlyAPI(container, api=account.get_api()).api_get(fields=["status_code", "status"])
    assert read["status_code"] == "FINISHED"
    media = account.create_media_publish(params={"creation_id": container})
    return IGMediaForIGOnlyAPI(media["id"], api=account.get_api())


def test_every_field_is_answered(platforms: Platforms, account: IGUserForIGOnlyAPI) -> None:
    assert account.api_get(fields=fields_of(IGUserForIGOnlyAPI))["user_id"] == ACCOUNT
    media = published(platforms, account, image_url=platforms.media("photo.jpg"), caption="Bread", alt_text="A loaf")
    read = media.api_get(fields=fields_of(IGMediaForIGOnlyAPI))
    assert (read["caption"], read["alt_text"], read["is_ai_generated"], read["owner"]["id"]) == (
        "Bread",
        "A loaf",
        False,
        ACCOUNT,
    )
    reel = published(platforms, account, media_type="REELS", video_url=platforms.media("clip.mp4"), share_to_feed=False)
    assert reel.api_get(fields=["is_shared_to_feed"])["is_shared_to_feed"] is False


@pytest.mark.parametrize("field", ["saved_count", "reposts_count", "total_like_count", "nope"])
def test_fields_of_the_other_login_are_refused(platforms: Platforms, account: IGUserForIGOnlyAPI, field: str) -> None:
    media = published(platforms, account, image_url=platforms.media("photo.jpg"))
    with pytest.raises(FacebookRequestError) as error:
        media.api_get(fields=[field])
    assert error.value.api_error_code() == 100


def test_a_carousel_is_made_of_containers_and_its_members_are_read(platforms: Platforms, account: IGUserForIGOnlyAPI) -> None:
    first = account.create_media(params={"image_url": platforms.media("photo.jpg"), "is_carousel_item": True})["id"]
    second = account.create_media(
        params={"media_type": "VIDEO", "video_url": platforms.media("clip.mp4"), "is_carousel_item": True}
    )["id"]
    platforms.pass_time(5)
    album = published(platforms, account, media_type="CAROUSEL", children=[first, second], caption="Both")
    assert [child["media_type"] for child in album.get_children(fields=["media_type"])] == ["IMAGE", "VIDEO"]


def test_posts_are_read_page_by_page_and_stories_apart(platforms: Platforms, account: IGUserForIGOnlyAPI) -> None:
    ids = [published(platforms, account, image_url=platforms.media("photo.jpg"), caption=f"Number {n}")["id"] for n in range(3)]
    story = published(platforms, account, media_type="STORIES", image_url=platforms.media("photo.jpg"))
    found = account.get_media(fields=["id", "caption", "permalink"], params={"limit": 2})
    assert [row["id"] for row in found] == ids[::-1]
    assert [row["id"] for row in account.get_stories(fields=["id", "media_product_type"])] == [story["id"]]
    (limit,) = account.get_content_publishing_limit(fields=["quota_usage", "config"])
    assert limit["quota_usage"] == 4


def test_comments_are_written_answered_hidden_and_deleted(platforms: Platforms, account: IGUserForIGOnlyAPI) -> None:
    media = published(platforms, account, image_url=platforms.media("photo.jpg"))
    written = media.create_comment(params={"message": "First"})["id"]
    media.create_comment(params={"message": "Second"})
    comment = IGComment(written, api=account.get_api())
    answer = comment.create_reply(params={"message": "Thanks"})["id"]
    assert [row["text"] for row in media.get_comments(fields=["id", "text"], params={"limit": 1})] == ["Second", "First"]
    assert [row["id"] for row in comment.get_replies(fields=["id", "text"])] == [answer]
    comment.api_update(params={"hide": True})
    read = comment.api_get(fields=fields_of(IGComment))
    assert (read["text"], read["hidden"], read["media"]["id"], read["from"]["id"]) == ("First", True, media["id"], ACCOUNT)
    comment.api_delete()
    assert platforms.posts("instagram")[0]["comments"] == ["Second"]
    media.api_update(params={"comment_enabled": False})
    with pytest.raises(FacebookRequestError):
        media.create_comment(params={"message": "Late"})


def test_insights_are_read_of_posts_and_the_account(platforms: Platforms, account: IGUserForIGOnlyAPI) -> None:
    media = published(platforms, account, image_url=platforms.media("photo.jpg"))
    platforms.pass_time(86_400)
    assert {row["name"] for row in media.get_insights(params={"metric": ["reach", "views"]})} == {"reach", "views"}
    (views,) = account.get_insights(params={"metric": ["views"], "period": "day", "metric_type": "total_value"})
    assert views["total_value"]["value"] > 0


def test_tokens_are_refreshed_by_the_call_of_this_host(platforms: Platforms, account: IGUserForIGOnlyAPI) -> None:
    platforms.pass_time(2 * 86_400)
    renewed = account.get_api().call("GET", ("refresh_access_token",), params={"grant_type": "ig_refresh_token"}).json()
    assert renewed["access_token"] and renewed["expires_in"] == 5_184_000
