"""Promises of Instagram by Facebook Login: an account that is linked to a Page, on Facebook's host."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from local.simulators.facebook import simulator as facebook
from local.simulators.instagram import simulator as instagram
from local.simulators.world import World
from tests.simulators.graph_api import IG, PAGE, PAGE_SCOPES, Api, error_of, user_token

OWN = ("basic", "content_publish", "manage_insights", "manage_comments", "manage_contents")
SCOPES = ",".join([PAGE_SCOPES, *(f"instagram_{name}" for name in OWN)])


def with_page_token(api: Api, scope: str) -> Api:
    api.act("user", pages=[{"id": PAGE[1:], "instagram": IG[1:]}])
    api.token = user_token(api, scope=scope)
    api.token = api.get("/me/accounts", fields="access_token").json()["data"][0]["access_token"]
    return api


@pytest.fixture
def linked(simulator_factory: Callable[..., tuple[str, World]], http: httpx.Client) -> Api:
    base, world = simulator_factory(facebook, instagram)
    return with_page_token(Api(http, base, world, "graph.facebook.com"), SCOPES)


def published(api: Api, **form: str) -> str:
    container = api.post(f"{IG}/media", **form).json()["id"]
    api.pass_time(5)
    return str(api.post(f"{IG}/media_publish", creation_id=container).json()["id"])


def test_a_pages_token_publishes_reads_and_deletes(linked: Api) -> None:
    assert linked.get(PAGE, fields="instagram_business_account").json()["instagram_business_account"]["id"] == IG[1:]
    post = published(linked, image_url=linked.media("photo.jpg"), caption="Bread")
    answer = linked.get(f"{IG}/media", fields="id,caption,saved_count")
    assert answer.json()["data"][0]["caption"] == "Bread" and "instagram" in answer.headers["x-business-use-case-usage"]
    assert error_of(linked.get(IG, fields="user_id")) == (100, None)
    assert linked.delete(f"/{post}").json() == {"success": True}
    assert linked.get(f"{IG}/media").json()["data"] == []
    assert error_of(linked.delete(f"/{post}")) == (100, 33)


def test_members_of_a_carousel_are_not_deleted_alone(linked: Api) -> None:
    children = [
        linked.post(f"{IG}/media", image_url=linked.media(name), is_carousel_item="true").json()["id"]
        for name in ("photo.jpg", "wide.jpg")
    ]
    linked.pass_time(5)
    album = published(linked, media_type="CAROUSEL", children=",".join(children))
    member = linked.get(f"/{album}/children").json()["data"][0]["id"]
    assert error_of(linked.delete(f"/{member}")) == (100, 2207073)


def test_bytes_of_a_video_are_taken_once_and_whole(linked: Api) -> None:
    form = {"media_type": "REELS", "upload_type": "resumable", "caption": "Knead", "cover_url": linked.media("photo.jpg")}
    container = linked.post(f"{IG}/media", **form).json()["id"]
    data = linked.http.get(linked.media("clip.mp4")).content
    url = f"{linked.base}/rupload.facebook.com/ig-api-upload/v26.0/{container}"
    headers = {"authorization": f"OAuth {linked.token}", "offset": "0", "file_size": str(len(data))}
    linked.pass_time(60)
    assert linked.get(f"/{container}", fields="status_code").json()["status_code"] == "IN_PROGRESS"
    assert error_of(linked.http.post(url, content=data[1:], headers=headers)) == (100, 2207053)
    assert linked.http.post(url, content=data, headers=headers).json()["success"] is True
    assert error_of(linked.http.post(url, content=data, headers=headers)) == (100, 2207053)
    assert error_of(linked.http.post(f"{url}0", content=data, headers=headers)) == (100, 33)
    linked.pass_time(5)
    assert linked.get(f"/{container}", fields="status_code").json()["status_code"] == "FINISHED"
    assert linked.http.get(f"{linked.base}/_control/state/instagram").json()["containers"][-1]["cover"]["size"] > 0
    assert error_of(linked.post(f"{IG}/media", upload_type="resumable"))[0] == 100
    covered = {"media_type": "REELS", "upload_type": "resumable", "cover_url": linked.media("clip.mp4")}
    assert error_of(linked.post(f"{IG}/media", **covered)) == (9004, 2207052)


def test_what_is_sent_must_be_a_video(linked: Api) -> None:
    container = linked.post(f"{IG}/media", media_type="STORIES", upload_type="resumable").json()["id"]
    headers = {"authorization": f"OAuth {linked.token}", "offset": "0", "file_size": "4"}
    linked.http.post(f"{linked.base}/rupload.facebook.com/ig-api-upload/v26.0/{container}", content=b"%PDF", headers=headers)
    linked.pass_time(5)
    assert "2207026" in linked.get(f"/{container}", fields="status").json()["status"]


@pytest.mark.parametrize("missing", ["instagram_basic", "instagram_manage_contents"])
def test_scopes_of_facebook_login_decide(linked: Api, missing: str) -> None:
    post = published(linked, image_url=linked.media("photo.jpg"))
    linked.http.delete(f"{linked.base}/graph.facebook.com/v26.0/me/permissions/{missing}",
                       headers={"authorization": f"Bearer {user_token(linked, scope=SCOPES)}"})  # fmt: skip
    refused = linked.delete(f"/{post}")
    assert error_of(refused) == (10, None) and missing in refused.json()["error"]["message"]


FIELD = "instagram_business_account"


def rows(api: Api, scope: str = SCOPES, fields: str = FIELD, **consent: Any) -> list[dict[str, Any]]:
    api.act("consent", **consent)
    own = user_token(api, scope=scope)
    answer = api.get("/me/accounts", fields=fields, access_token=own)
    assert answer.status_code == 200, answer.text
    return list(answer.json()["data"])


def test_a_page_names_its_account_by_the_fields_that_were_asked_for(linked: Api) -> None:
    assert rows(linked)[0][FIELD] == {"id": IG[1:]}
    (row,) = rows(linked, fields=f"{FIELD}{{username,name,profile_picture_url}}")
    assert (row[FIELD]["id"], row[FIELD]["username"], row[FIELD]["name"]) == (IG[1:], "riverside.bakery", "Riverside Bakery")
    assert row[FIELD]["profile_picture_url"].startswith("http")
    assert error_of(linked.get(PAGE, fields=f"{FIELD}{{account_type}}")) == (100, None)


def test_an_account_that_was_not_ticked_is_absent_and_unknown(linked: Api) -> None:
    assert FIELD not in rows(linked, accounts=[PAGE[1:]])[0]
    assert error_of(linked.get(IG)) == (100, 33)
    assert FIELD in rows(linked, accounts=[PAGE[1:], IG[1:]])[0]
    assert linked.get(IG).status_code == 200


def test_without_its_scope_an_account_is_absent(linked: Api) -> None:
    assert FIELD not in rows(linked, declined_scopes=["instagram_basic"])[0]


def test_the_scopes_of_instagram_are_granted_for_accounts(linked: Api) -> None:
    token = user_token(linked, scope=SCOPES)
    data = linked.get("/debug_token", input_token=token, access_token="facebook-app|facebook-app-secret").json()["data"]
    targets = {row["scope"]: row.get("target_ids") for row in data["granular_scopes"]}
    assert (targets["instagram_basic"], targets["pages_show_list"]) == ([IG[1:]], [PAGE[1:]])
    assert targets["public_profile"] is None


def test_an_account_that_is_not_linked_is_unknown(linked: Api) -> None:
    linked.act("user", pages=[{"id": PAGE[1:], "instagram": None}])
    assert error_of(linked.get(IG)) == (100, 33)


def test_facebook_alone_knows_no_account(simulator_factory: Callable[..., tuple[str, World]], http: httpx.Client) -> None:
    base, world = simulator_factory(facebook)
    alone = with_page_token(Api(http, base, world, "graph.facebook.com"), SCOPES)
    assert error_of(alone.get(IG)) == (100, 33)
