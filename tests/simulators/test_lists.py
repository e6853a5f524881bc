"""What the simulated platforms share beside their APIs: lists that page as the real ones, a clock, lost answers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import httpx
import pytest

from local.simulators.linkedin import simulator as linkedin
from local.simulators.tiktok import simulator as tiktok
from local.simulators.world import World
from tests.simulators import graph_api, test_instagram, test_linkedin, test_tiktok
from tests.simulators.graph_api import IG, PAGE, Api
from tests.simulators.test_linkedin import ADMINISTERED, COMMUNITY

Factory = Callable[..., tuple[str, World]]
FIELDS = "id,message,created_time"


@pytest.fixture
def member(simulator_factory: Factory) -> Iterator[test_linkedin.Api]:
    """The member's client of LinkedIn, allowed to read and write for organizations."""
    platform = test_linkedin.Platform(*simulator_factory(linkedin))
    with platform.http:
        yield platform.connect(COMMUNITY)


@pytest.fixture
def creator(simulator_factory: Factory) -> Iterator[test_tiktok.Api]:
    """The creator's client of TikTok."""
    platform = test_tiktok.Platform(*simulator_factory(tiktok))
    with platform.http:
        yield platform.connect()


def lists(api: Any, platform: str, **behaviour: Any) -> None:
    """Say how the lists of a platform behave."""
    base = api.base if isinstance(api, Api) else api.platform.base
    httpx.post(f"{base}/_control/lists", json={platform: behaviour}).raise_for_status()


def walked(api: Api, first: httpx.Response) -> tuple[list[str], list[dict[str, Any]]]:
    """The ids of all pages, following ``next`` to its end, and every page's ``paging``."""
    ids, pagings, answer = [], [], first.json()
    for _ in range(20):
        ids += [row["id"] for row in answer["data"]]
        pagings.append(answer.get("paging", {}))
        following = pagings[-1].get("next")
        if following is None:
            return ids, pagings
        answer = api.http.get(api.reached(following)).json()
    raise AssertionError("the list has no end")


# -- lists --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("hollow", [False, True])
@pytest.mark.parametrize("short_by", [0, 1])
@pytest.mark.parametrize("paging", ["cursor", "next", "time"])
def test_a_graph_list_has_the_same_rows_however_it_pages(page: Api, paging: str, short_by: int, hollow: bool) -> None:
    made = page.act("seed", count=7, text="x", age_s=60)["ids"] + page.act("seed", count=2, text="x", age_s=30)["ids"]
    lists(page, "facebook", paging=paging, short_by=short_by, hollow=hollow)
    ids, pagings = walked(page, page.get(f"{PAGE}/published_posts", fields=FIELDS, limit=3))
    assert sorted(ids) == sorted(made), "rows of one second are told apart"
    assert len(pagings) >= 3
    assert [("cursors" in one) for one in pagings[:-1]] == [paging == "cursor"] * (len(pagings) - 1)
    if paging == "time":
        assert {"previous", "next"} <= set(pagings[-2])


def test_a_graph_list_that_begins_with_an_empty_page_leads_on(page: Api) -> None:
    page.act("seed", count=1, text="x")
    lists(page, "facebook", hollow=True)
    first = page.get(f"{PAGE}/published_posts", fields=FIELDS).json()
    assert first["data"] == [] and first["paging"]["next"]
    assert len(page.http.get(page.reached(first["paging"]["next"])).json()["data"]) == 1


def test_lists_of_pages_lead_on_without_cursors(graph: Api) -> None:
    graph.token = graph_api.user_token(graph)
    lists(graph, "facebook", paging="next")
    first = graph.get("/me/accounts", fields="id", limit=1)
    assert set(first.json()["paging"]) == {"next"}
    assert len(walked(graph, first)[0]) == 2


@pytest.mark.parametrize("paging", ["cursor", "next", "offset", "time"])
def test_lists_of_pages_have_all_of_many_however_they_page(graph: Api, paging: str) -> None:
    graph.act("user", pages=[{"id": str(102_000 + n), "name": f"Page {n}"} for n in range(25)])
    graph.token = graph_api.user_token(graph)
    lists(graph, "facebook", paging=paging)
    ids, pagings = walked(graph, graph.get("/me/accounts", fields="id", limit=10))
    assert sorted(ids) == [str(102_000 + n) for n in range(25)]
    assert ("offset=" in pagings[0]["next"]) is (paging == "offset")
    assert ("until=" in pagings[0]["next"]) is (paging == "time")


def test_a_list_can_lead_round_in_a_circle(graph: Api) -> None:
    graph.act("user", pages=[{"id": str(102_000 + n), "name": f"Page {n}"} for n in range(25)])
    graph.token = graph_api.user_token(graph)
    lists(graph, "facebook", circles=True)
    with pytest.raises(AssertionError, match="no end"):
        walked(graph, graph.get("/me/accounts", fields="id", limit=10))


@pytest.mark.parametrize("edge", ["published_posts", "posts", "feed"])
def test_a_new_facebook_post_is_in_no_list_for_a_while(page: Api, edge: str) -> None:
    lists(page, "facebook", delay_s=30)
    made = page.post(f"{PAGE}/feed", message="x").json()["id"]
    assert page.get(f"{PAGE}/{edge}", fields=FIELDS).json()["data"] == []
    assert page.get(f"/{made}", fields="id").status_code == 200, "who knows its id can read it"
    page.pass_time(31)
    assert [row["id"] for row in page.get(f"{PAGE}/{edge}", fields=FIELDS).json()["data"]] == [made]


def test_a_new_instagram_post_is_in_no_list_for_a_while(account: Api) -> None:
    lists(account, "instagram", delay_s=30)
    made = test_instagram.published(account, image_url=account.media("photo.jpg"))
    assert account.get(f"{IG}/media").json()["data"] == []
    account.pass_time(31)
    assert [row["id"] for row in account.get(f"{IG}/media").json()["data"]] == [made]


def organization_posts(member: test_linkedin.Api, **query: Any) -> dict[str, Any]:
    """A page of the organization's posts."""
    asked = "".join(f"&{name}={value}" for name, value in query.items())
    return dict(member.call("GET", f"/rest/posts?q=author&author={quote(ADMINISTERED, safe='')}{asked}").json())


def test_a_linkedin_page_can_be_shorter_than_asked_for_and_lead_on(member: test_linkedin.Api) -> None:
    made = member.platform.act("seed", author=ADMINISTERED, count=5, text="x")["ids"]
    lists(member, "linkedin", short_by=2)
    ids, start = [], 0
    for _ in range(9):
        answer = organization_posts(member, count=4, start=start)
        ids += [row["id"] for row in answer["elements"]]
        links = {link["rel"]: link["href"] for link in answer["paging"]["links"]}
        assert ("prev" in links) == (start > 0)
        if "next" not in links:
            break
        start = int(parse_qs(urlsplit(links["next"]).query)["start"][0])
        assert start == len(ids) and links["next"].startswith("/rest/posts?q=author&")
    assert sorted(ids) == sorted(made)
    lists(member, "linkedin", short_by=0)
    assert organization_posts(member, count=5)["paging"]["links"] == [], "a full page can be the last"


def test_a_new_linkedin_post_is_in_no_list_for_a_while(member: test_linkedin.Api) -> None:
    lists(member, "linkedin", delay_s=30)
    made = member.publish(author=ADMINISTERED)
    assert organization_posts(member)["elements"] == []
    member.platform.world.clock.offset += 31
    assert [row["id"] for row in organization_posts(member)["elements"]] == [made]


@pytest.mark.parametrize("hollow", [False, True])
def test_a_tiktok_list_leads_on_after_short_and_empty_pages(creator: test_tiktok.Api, hollow: bool) -> None:
    made = creator.platform.act("seed", count=5, text="x")["ids"]
    lists(creator, "tiktok", short_by=1, hollow=hollow)
    ids: list[str] = []
    asked, pages = {"max_count": 3}, 0
    while True:
        data = creator.call("video/list/?fields=id", asked).json()["data"]
        ids, pages = ids + [video["id"] for video in data["videos"]], pages + 1
        assert hollow is False or pages > 1 or data["videos"] == []
        if not data["has_more"]:
            break
        asked = {"max_count": 3, "cursor": data["cursor"]}
    assert sorted(ids) == sorted(made) and pages == (4 if hollow else 3)


def test_a_new_tiktok_post_is_in_no_list_for_a_while(creator: test_tiktok.Api) -> None:
    lists(creator, "tiktok", delay_s=30)
    publish_id = creator.start("content/init/")
    post_id = str(creator.finished(publish_id)["publicaly_available_post_id"][0])
    assert creator.call("video/list/?fields=id").json()["data"]["videos"] == []
    creator.platform.world.clock.offset += 31
    assert [video["id"] for video in creator.call("video/list/?fields=id").json()["data"]["videos"]] == [post_id]


@pytest.mark.parametrize("wrong", [{"myspace": {}}, {"facebook": {"colour": 1}}, {"facebook": {"paging": "spiral"}}])
def test_lists_refuse_what_they_do_not_know(page: Api, wrong: dict[str, Any]) -> None:
    assert httpx.post(f"{page.base}/_control/lists", json=wrong).status_code == 400


# -- what was made past the API -----------------------------------------------------------------------------------------------


def test_posts_of_somebody_else_are_listed_with_their_text_and_time(
    page: Api, account: Api, member: test_linkedin.Api, creator: test_tiktok.Api
) -> None:
    now = time.time()
    (first,) = page.act("seed", text="same", photo=True, age_s=20)["ids"]
    (row,) = page.get(f"{PAGE}/published_posts", fields=f"{FIELDS},attachments{{media_type,target{{id}}}}").json()["data"]
    assert (row["id"], row["message"], row["attachments"]["data"][0]["media_type"]) == (first, "same", "photo")
    (first,) = account.act("seed", text="same", age_s=20)["ids"]
    (row,) = account.get(f"{IG}/media", fields="id,caption,timestamp").json()["data"]
    assert (row["id"], row["caption"]) == (first, "same")
    (first,) = member.platform.act("seed", author=ADMINISTERED, text="same", age_s=20)["ids"]
    (row,) = organization_posts(member)["elements"]
    assert (row["id"], row["commentary"]) == (first, "same") and abs(row["createdAt"] / 1000 - (now - 20)) < 10
    (first,) = creator.platform.act("seed", text="same", kind="photo", age_s=20)["ids"]
    (row,) = creator.call("video/list/?fields=id,video_description").json()["data"]["videos"]
    assert (row["id"], row["video_description"]) == (first, "same")


def test_a_photo_names_the_post_that_uses_it(page: Api) -> None:
    photo = page.post(f"{PAGE}/photos", url=page.media("photo.jpg"), published="false").json()["id"]
    assert page.get(f"/{photo}", fields="page_story_id").json() == {"id": photo}
    post = page.post(f"{PAGE}/feed", message="x", attached_media=f'[{{"media_fbid":"{photo}"}}]').json()["id"]
    assert page.get(f"/{photo}", fields="page_story_id").json()["page_story_id"] == post
    shown = page.get(f"/{post}", fields="attachments{media_type,target{id}}").json()["attachments"]["data"]
    assert [(row["media_type"], row["target"]["id"]) for row in shown] == [("photo", photo)]
    direct = page.post(f"{PAGE}/photos", url=page.media("photo.jpg")).json()
    assert page.get(f"/{direct['id']}", fields="page_story_id").json()["page_story_id"] == direct["post_id"]


# -- clocks -------------------------------------------------------------------------------------------------------------------


def test_the_date_of_an_answer_is_the_platforms_own_time(page: Api) -> None:
    httpx.post(f"{page.base}/_control/clock", json={"skew_s": -300})
    made = page.post(f"{PAGE}/feed", message="x")
    assert made.headers.get_list("date") == [made.headers["date"]], "one date"
    date = parsedate_to_datetime(made.headers["date"]).timestamp()
    assert -330 < date - time.time() < -290
    created = datetime.fromisoformat(page.get(f"/{made.json()['id']}", fields="created_time").json()["created_time"]).timestamp()
    assert abs(created - date) <= 1, "posts are stamped by the same clock"
    httpx.post(f"{page.base}/_control/reset")
    assert page.world.clock.skew == 0


@pytest.mark.parametrize("fault", [{"status": 502, "body": "<html>"}, {"status": 500, "when": "after"}])
def test_an_answer_in_the_platforms_place_has_its_date_too(page: Api, fault: dict[str, Any]) -> None:
    httpx.post(f"{page.base}/_control/faults", json={"platform": "facebook", **fault}).raise_for_status()
    assert page.post(f"{PAGE}/feed", message="x").headers["date"]


# -- lost answers -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", [{"reset": True}, {"drop": True}])
@pytest.mark.parametrize(("when", "posts"), [("before", 0), ("after", 1)])
def test_a_line_is_cut_before_or_after_the_platform_has_acted(page: Api, fault: dict[str, Any], when: str, posts: int) -> None:
    httpx.post(f"{page.base}/_control/faults", json={"path": "/feed$", "when": when, **fault}).raise_for_status()
    error = httpx.ReadError if "reset" in fault else httpx.RemoteProtocolError
    with pytest.raises(error):
        page.post(f"{PAGE}/feed", message="x")
    assert len(page.state()["posts"]) == posts


def test_an_answer_that_comes_too_late_finds_the_post_made(page: Api) -> None:
    fault = {"path": "/feed$", "when": "after", "delay_ms": 3_000}
    httpx.post(f"{page.base}/_control/faults", json=fault).raise_for_status()
    with pytest.raises(httpx.ReadTimeout):
        page.http.post(f"{page.base}/{page.host}/v26.0{PAGE}/feed", data={"message": "x"}, headers=page.bearer, timeout=0.5)
    assert len(page.state()["posts"]) == 1, "the platform acted before it was silent"


def test_only_linkedins_own_refusals_carry_its_mark(member: test_linkedin.Api) -> None:
    own = member.call("POST", "/rest/posts", test_linkedin.text_post(visibility="NOBODY"))
    assert (own.status_code, own.headers["x-restli-error-response"]) == (400, "true")
    for fault in ({"preset": "bad_gateway"}, {"preset": "invalid_token"}, {"status": 403, "body": "<html>"}):
        httpx.post(f"{member.platform.base}/_control/faults", json={"platform": "linkedin", **fault}).raise_for_status()
        assert "x-restli-error-response" not in member.call("GET", "/v2/me").headers


def test_every_platform_has_its_lists_back_after_a_reset(page: Api) -> None:
    lists(page, "facebook", paging="time", delay_s=60)
    httpx.post(f"{page.base}/_control/avatars", json={"file": "forbidden.jpg"}).raise_for_status()
    assert page.world.image("50x50").endswith("/forbidden.jpg?size=50x50")
    httpx.post(f"{page.base}/_control/reset")
    assert page.world.image("50x50").endswith("/photo.jpg?size=50x50")
    assert (page.world.lists["facebook"].paging, page.world.lists["facebook"].delay_s) == ("cursor", 0)
    assert set(page.world.lists) == {"facebook"}
