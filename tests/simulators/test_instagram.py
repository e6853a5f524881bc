"""Promises of the Instagram simulator, kept over real HTTP."""

from __future__ import annotations

import json
from typing import Any

import pytest

from local.simulators.instagram.presets import PRESETS as INSTAGRAM_PRESETS
from tests.simulators.graph_api import DAY, IG, Api, error_of, instagram_code_exchange, instagram_dialog, opened, returned


def prepared(api: Api, **form: Any) -> str:
    answer = api.post(f"{IG}/media", **form)
    assert answer.status_code == 200, answer.text
    api.pass_time(2)
    return str(answer.json()["id"])


def published(api: Api, **form: Any) -> str:
    answer = api.post(f"{IG}/media_publish", creation_id=prepared(api, **form))
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id"])


def test_instagram_callbacks_name_the_app_scoped_id(account: Api, callback: tuple[str, list[str]]) -> None:
    url, received = callback
    account.act("deauthorize", url=url)
    assert opened(received[0], "instagram-app-secret")["user_id"] == "25000000000000001"
    assert error_of(account.get("/me")) == (190, 458)


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


def test_comments_are_answered_hidden_and_deleted_with_what_is_under_them(account: Api) -> None:
    post = published(account, image_url=account.media("photo.jpg"))
    comment = account.post(f"/{post}/comments", message="first").json()["id"]
    answer = account.post(f"/{comment}/replies", message="thanks").json()["id"]
    below = account.post(f"/{answer}/replies", message="welcome").json()["id"]
    assert [c["id"] for c in account.get(f"/{post}/comments").json()["data"]] == [comment]
    assert [c["id"] for c in account.get(f"/{comment}/replies").json()["data"]] == [below, answer]
    assert account.post(f"/{comment}", hide="true").json() == {"success": True}
    read = account.get(f"/{comment}", fields="text,hidden,media,from{username},replies{text}").json()
    assert read == {"id": comment, "text": "first", "hidden": True, "media": {"id": post},
                    "from": {"username": "riverside.bakery", "id": IG[1:]},
                    "replies": {"data": [{"text": "welcome", "id": below}, {"text": "thanks", "id": answer}]}}  # fmt: skip
    listed = account.get(f"/{post}", fields="comments{text,like_count}").json()["comments"]["data"]
    assert listed == [{"text": "first", "like_count": 0, "id": comment}]
    assert error_of(account.post(f"/{comment}", message="edited")) == (100, None)
    assert account.delete(f"/{comment}").json() == {"success": True}
    assert error_of(account.get(f"/{answer}")) == (100, 33) and account.state()["posts"][0]["comments"] == []


def test_media_tell_how_they_were_made(account: Api) -> None:
    labeled = published(account, image_url=account.media("photo.jpg"), is_ai_generated="true")
    assert account.get(f"/{labeled}", fields="is_ai_generated,is_shared_to_feed").json() == {
        "id": labeled,
        "is_ai_generated": True,
    }
    reel = published(account, media_type="REELS", video_url=account.media("clip.mp4"), share_to_feed="false")
    assert account.get(f"/{reel}", fields="is_shared_to_feed").json()["is_shared_to_feed"] is False
    assert account.get("/me", fields="website,biography").json()["website"].startswith("https://")
    for field in ("saved_count", "reposts_count", "shares_count", "total_like_count"):
        assert error_of(account.get(f"/{reel}", fields=field)) == (100, None)


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
