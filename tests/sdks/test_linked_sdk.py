"""Meta's own SDK for Python against Instagram by Facebook Login: an account that is linked to a Page, on Facebook's host."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
import requests
from facebook_business.adobjects.igcomment import IGComment
from facebook_business.adobjects.igmedia import IGMedia
from facebook_business.adobjects.iguser import IGUser
from facebook_business.adobjects.page import Page
from facebook_business.adobjects.user import User
from facebook_business.exceptions import FacebookRequestError

from tests.sdks.conftest import Platforms
from tests.sdks.meta import SCOPES, fields_of, graph, user_token

pytestmark = pytest.mark.filterwarnings("default")

BAKERY, ACCOUNT = "101000000000001", "17841400000000001"
OWN = ("basic", "content_publish", "manage_insights", "manage_comments", "manage_contents")
LINKED = ",".join([SCOPES, *(f"instagram_{name}" for name in OWN)])


def connected(platforms: Platforms, scope: str = LINKED) -> IGUser:
    """Return the account as the Page that it is linked to names it."""
    platforms.act("facebook", "user", pages=[{"id": BAKERY, "instagram": ACCOUNT}])
    person = User("me", api=graph(user_token(platforms, scope=scope)))
    (row,) = person.get_accounts(fields=["id", "access_token"])
    api = graph(row["access_token"])
    found = Page(BAKERY, api=api).api_get(fields=["instagram_business_account"])["instagram_business_account"]
    return IGUser(found["id"], api=api)


@pytest.fixture
def account(platforms: Platforms) -> IGUser:
    return connected(platforms)


def published(platforms: Platforms, account: IGUser, **params: Any) -> IGMedia:
    container = account.create_media(params=params)["id"]
    platforms.pass_time(5)
    media = account.create_media_publish(params={"creation_id": container})
    return IGMedia(media["id"], api=account.get_api())


def test_a_linked_account_publishes_and_answers_every_field(platforms: Platforms, account: IGUser) -> None:
    assert account.api_get(fields=fields_of(IGUser))["id"] == ACCOUNT
    media = published(platforms, account, image_url=platforms.media("photo.jpg"), caption="Bread")
    read = media.api_get(fields=fields_of(IGMedia))
    assert (
        read["caption"] == "Bread" and read["saved_count"] >= 0 and read["permalink"].startswith("https://www.instagram.com/p/")
    )
    assert [row["id"] for row in account.get_media(fields=["id", "caption"])] == [media["id"]]
    assert [post["text"] for post in platforms.posts("instagram")] == ["Bread"]


@pytest.mark.parametrize("field", ["user_id", "account_type"])
def test_fields_of_the_other_login_are_refused(account: IGUser, field: str) -> None:
    with pytest.raises(FacebookRequestError) as error:
        account.api_get(fields=[field])
    assert error.value.api_error_code() == 100


def test_media_are_deleted_on_this_path(platforms: Platforms, account: IGUser) -> None:
    children = [account.create_media(params={"image_url": platforms.media(name), "is_carousel_item": True})["id"]
                for name in ("photo.jpg", "wide.jpg")]  # fmt: skip
    platforms.pass_time(5)
    album = published(platforms, account, media_type="CAROUSEL", children=children)
    (first, _) = album.get_children()
    with pytest.raises(FacebookRequestError) as error:
        IGMedia(first["id"], api=account.get_api()).api_delete()
    assert error.value.api_error_subcode() == 2207073
    album.api_delete()
    assert platforms.posts("instagram") == [] and list(account.get_media()) == []
    with pytest.raises(FacebookRequestError) as gone:
        album.api_get()
    assert (gone.value.api_error_code(), gone.value.api_error_subcode()) == (100, 33)


def test_the_bytes_of_a_reel_go_to_the_upload_host(platforms: Platforms, account: IGUser) -> None:
    container = account.create_media(params={"media_type": "REELS", "upload_type": "resumable", "caption": "Knead"})["id"]
    reel = IGMedia(container, api=account.get_api())
    assert reel.api_get(fields=["status_code"])["status_code"] == "IN_PROGRESS"
    data = requests.get(platforms.media("clip.mp4"), timeout=10).content
    token = account.get_api()._session.access_token
    headers = {"Authorization": f"OAuth {token}", "offset": "0", "file_size": str(len(data))}
    url = f"https://rupload.facebook.com/ig-api-upload/v26.0/{container}"
    assert requests.post(url, data=data[:-1], headers=headers, timeout=10).status_code == 400
    assert requests.post(url, data=data, headers=headers, timeout=10).json()["success"] is True
    assert requests.post(url, data=data, headers=headers, timeout=10).status_code == 400
    platforms.pass_time(5)
    assert reel.api_get(fields=["status_code"])["status_code"] == "FINISHED"
    account.create_media_publish(params={"creation_id": container})
    (post,) = platforms.posts("instagram")
    assert (post["text"], post["files"][0]["sha256"]) == ("Knead", hashlib.sha256(data).hexdigest())


def test_stories_comments_and_insights_work_as_by_the_other_login(platforms: Platforms, account: IGUser) -> None:
    story = published(platforms, account, media_type="STORIES", image_url=platforms.media("photo.jpg"))
    assert [row["id"] for row in account.get_stories()] == [story["id"]]
    media = published(platforms, account, image_url=platforms.media("photo.jpg"))
    written = media.create_comment(params={"message": "First"})["id"]
    assert IGComment(written, api=account.get_api()).api_get(fields=["text"])["text"] == "First"
    platforms.pass_time(80_000)
    assert {row["name"] for row in story.get_insights(params={"metric": ["views", "link_clicks"]})} == {"views", "link_clicks"}
    assert next(iter(media.get_insights(params={"metric": ["reach"]})))["values"][0]["value"] > 0


def test_a_batch_reads_an_account_and_its_page(platforms: Platforms, account: IGUser) -> None:
    read: list[Any] = []
    batch = account.get_api().new_batch()
    account.api_get(fields=["username"], batch=batch, success=read.append, failure=read.append)
    Page(BAKERY, api=account.get_api()).api_get(fields=["name"], batch=batch, success=read.append, failure=read.append)
    batch.execute()
    assert [row.json() for row in read] == [
        {"username": "riverside.bakery", "id": ACCOUNT}, {"name": "Riverside Bakery", "id": BAKERY},
    ]  # fmt: skip


def without(scope: str) -> str:
    return ",".join(name for name in LINKED.split(",") if name != scope)


def test_a_page_does_not_name_an_account_that_may_not_be_read(platforms: Platforms) -> None:
    with pytest.raises(KeyError, match="instagram_business_account"):
        connected(platforms, without("instagram_basic"))


def test_a_scope_that_was_not_granted_is_named(platforms: Platforms) -> None:
    account = connected(platforms, without("instagram_content_publish"))
    with pytest.raises(FacebookRequestError) as error:
        account.create_media(params={"image_url": platforms.media("photo.jpg")})
    assert error.value.api_error_code() == 10 and "instagram_content_publish" in error.value.api_error_message()


def test_an_account_is_unknown_where_it_is_not_linked(platforms: Platforms, account: IGUser) -> None:
    media = published(platforms, account, image_url=platforms.media("photo.jpg"))
    platforms.act("facebook", "user", pages=[{"id": BAKERY, "instagram": None}])
    for node in (account, media):
        with pytest.raises(FacebookRequestError) as error:
            node.api_get()
        assert (error.value.api_error_code(), error.value.api_error_subcode()) == (100, 33)
