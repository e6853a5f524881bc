"""The accounts that a grant offers: every Page however Facebook lists it, and images that are never worth a failure."""

from __future__ import annotations

import re
from typing import Any

import pytest

from noillusion.core.sensitive import Content, Secret, reveal
from noillusion.flows.draft import Draft
from noillusion.flows.faults import ErrorClass, Fault, PlatformError
from noillusion.flows.protocol import Account, AccountList, App, Call, Reply, Tokens
from noillusion.flows.shapes import held_to
from noillusion.platforms.catalog import get
from tests.flows.driver import play, wire

APP = App("app-1", Secret("app-secret"))
GRAPH = "https://graph.facebook.com/v26.0"
IMAGE = "https://cdn.example.com/face.jpg"
FACEBOOK = get("facebook")
VETTED = ("r_basicprofile", "w_member_social", "rw_organization_admin", "w_organization_social")


def ok(**data: Any) -> Reply:
    return Reply(200, data=data)


def page(number: str, **more: Any) -> dict[str, Any]:
    return {"id": number, "name": f"Page {number}", "access_token": f"token-{number}", **more}


def refused(error_class: ErrorClass) -> PlatformError:
    return PlatformError(Fault(error_class, "100"))


def offered(platform: str, replies: Any, scopes: tuple[str, ...] = ()) -> tuple[AccountList, list[Any]]:
    return play(get(platform).accounts(APP, Tokens(Secret("t"), scopes=scopes)), replies)


# ---- long lists

ONWARD = f"{GRAPH}/me/accounts?after="
LINKED = {"instagram_business_account": {"id": "17841400000000001", "username": "ana"}}


def endless(call: Call) -> Reply:
    """A list that goes on for ever."""
    at = int(reveal(dict(call.query)).get("after") or 0)
    return ok(data=[page(str(1 + at), **LINKED)], paging={"next": f"{ONWARD}{at + 1}"})


@pytest.mark.parametrize(("platform", "registration"), [("facebook", "login"), ("instagram", "facebook")])
def test_D3_a_list_of_pages_that_is_cut_is_told(platform: Any, registration: str) -> None:
    flow = get(platform, registration).accounts(APP, Tokens(Secret("t")))
    found, steps = play(held_to(get(platform).forms, flow), endless)
    assert (len(steps), found.complete) == (20, False)
    flow = get(platform, registration).accounts(APP, Tokens(Secret("t")))
    found, _ = play(held_to(get(platform).forms, flow), [ok(data=[page("1", **LINKED)])])
    assert (len(found), found.complete) == (1, True)


@pytest.mark.parametrize("edge", ["me/businesses", "owned_pages", "client_pages"])
def test_D3_a_list_of_a_business_that_is_cut_is_told(edge: str) -> None:
    def answer(call: Call) -> Reply:
        return endless(call) if call.url.endswith(edge) else ok(data=[page("7")])

    found, _ = offered("facebook", answer, ("business_management",))
    assert not found.complete


def test_D3_a_list_of_organizations_that_is_cut_is_told() -> None:
    def answer(call: Call) -> Reply:
        start = re.search(r"&start=([0-9]+)", call.url)
        if start is None:
            return ok(id="abc")
        links = [{"rel": "next", "href": f"/rest/x?start={int(start[1]) + 10}&count=10"}]
        return ok(elements=[{"organization": "urn:li:organization:1", "role": "ADMINISTRATOR"}], paging={"links": links})

    found, _ = offered("linkedin", answer, VETTED)
    assert ([account.id for account in found], found.complete) == (["abc", "1"], False)


# ---- Pages


@pytest.mark.parametrize(
    ("tasks", "may"),
    [
        (["CREATE_CONTENT"], True),
        (["MANAGE"], True),
        (["PROFILE_PLUS_CREATE_CONTENT", "PROFILE_PLUS_MODERATE"], True),
        (["PROFILE_PLUS_FULL_CONTROL"], True),
        (["PROFILE_PLUS_MANAGE"], True),
        (["PROFILE_PLUS_OF_TOMORROW"], True),
        (["ANALYZE", "CREATE_CONTENT_OF_TOMORROW"], True),
        (None, True),
        ("CREATE_CONTENT", True),
        (["ANALYZE", "MODERATE", "MESSAGING", "ADVERTISE"], False),
        (["PROFILE_PLUS_ANALYZE"], False),
        ([], False),
    ],
)
def test_I1_only_tasks_that_are_known_to_be_others_forbid_to_publish(tasks: Any, may: bool) -> None:
    (found,), _ = offered("facebook", [ok(data=[page("1", tasks=tasks)])])
    assert (found.can_publish, found.reason) == (may, "" if may else "task_missing")
    account = Account("1", "page", details=found.details)
    assert [issue.code for issue in FACEBOOK.check(Draft("text", Content("Hello")), account)] == ([] if may else ["task_missing"])


def portfolio(*owned: dict[str, Any], tasks: tuple[str, ...]) -> Any:
    """Facebook with one Page in the person's own list and those of a business, none of which has tasks there."""

    def answer(call: Call) -> Reply:
        path, fields = call.url.removeprefix(GRAPH), str(call.query["fields"]).split(",")
        if path == "/me/accounts":
            return ok(data=[page("1", tasks=list(tasks))])
        if path == "/me/businesses":
            return ok(data=[{"id": "900", "name": "Portfolio"}])
        assert "tasks" not in fields, "a field that these edges do not have"
        return ok(data=list(owned) if path == "/900/owned_pages" else [])

    return answer


def test_I2_a_page_of_a_business_is_offered_without_tasks_and_those_of_the_persons_own_list_stand() -> None:
    listed = portfolio(page("1"), page("2"), tasks=("ANALYZE",))
    found, _ = offered("facebook", listed, ("business_management",))
    assert [(one.id, one.can_publish, one.reason, one.details) for one in found] == [
        ("1", False, "task_missing", {"tasks": ["ANALYZE"]}),
        ("2", True, "", {}),
    ]


def test_I2_a_token_that_the_own_list_lacks_is_taken_from_the_list_of_the_business() -> None:
    def listed(call: Call) -> Reply:
        bare = {"id": "1", "name": "Page 1", "tasks": ["MANAGE"]}
        found = portfolio(page("1"), tasks=())(call)
        return ok(data=[bare]) if call.url.endswith("/me/accounts") else found

    (found,), _ = offered("facebook", listed, ("business_management",))
    assert (reveal(found.token), found.can_publish, found.details) == ("token-1", True, {"tasks": ["MANAGE"]})


def test_D3_what_a_broken_list_of_a_business_gave_before_it_broke_costs_nobody_else() -> None:
    def listed(call: Call) -> Reply:
        if call.url.endswith("/client_pages"):
            raise refused(ErrorClass.PERMISSION)
        return Reply(
            portfolio(page("2"), tasks=("MANAGE",))(call).status, data=portfolio(page("2"), tasks=("MANAGE",))(call).data
        )

    found, steps = offered("facebook", listed, ("business_management",))
    assert [one.id for one in found] == ["1", "2"]
    assert sum(wire(step)["url"].endswith("/client_pages") for step in steps) == 1, "asking for less would not help"


NEXT: dict[str, Any] = {
    "by cursor": lambda n: {
        "cursors": {"before": f"b{n}", "after": f"c{n}"},
        "next": f"{GRAPH}/me/accounts?after=c{n}&access_token=t",
    },
    "by next alone": lambda n: {"next": f"{GRAPH}/me/accounts?after=c{n}"},
    "by time": lambda n: {
        "previous": f"{GRAPH}/me/accounts?since=9",
        "next": f"{GRAPH}/me/accounts?until={9 - n}&__paging_token=p{n}",
    },
    "by offset": lambda n: {"next": f"{GRAPH}/me/accounts?offset={n}"},
}


@pytest.mark.parametrize("kind", NEXT)
def test_D3_pages_are_read_to_the_end_of_the_list_however_it_leads_on(kind: str) -> None:
    leads_on = NEXT[kind]
    replies = [
        ok(data=[page("1")], paging=leads_on(1)),
        ok(data=[], paging=leads_on(2)),
        ok(data=[page("2")], paging={"cursors": {"after": "end"}, "previous": f"{GRAPH}/me/accounts?before=b"}),
    ]
    found, steps = offered("facebook", replies)
    assert [one.id for one in found] == ["1", "2"], "a page without rows that leads on is not the end"
    assert "access_token=" not in repr([wire(step)["query"] for step in steps])


@pytest.mark.parametrize("circle", [("c1", "c1"), ("c1", "c2", "c1"), ("c1", "c2", "c3", "c2")])
def test_D3_a_cursor_that_comes_again_is_a_circle_and_ends_the_reading(circle: tuple[str, ...]) -> None:
    replies = [ok(data=[page(str(n))], paging={"next": f"{GRAPH}/me/accounts?after={after}"}) for n, after in enumerate(circle)]
    found, steps = offered("facebook", replies)
    assert (len(found), len(steps)) == (len(circle), len(circle))


# ---- images (D1)

ME = {"id": "abc", "localizedFirstName": "Ada", "localizedLastName": "L"}
DECORATED = {
    "facebook": [ok(data=[page("1", picture={"data": {"url": IMAGE}})])],
    "instagram": [ok(user_id="178", username="cats", account_type="BUSINESS", profile_picture_url=IMAGE)],
    "linkedin": [ok(sub="abc", name="Ada", picture=IMAGE)],
    "tiktok": [ok(data={"user": {"open_id": "open-1", "avatar_url": IMAGE}})],
}


@pytest.mark.parametrize("platform", DECORATED)
def test_an_account_has_the_image_that_the_platform_shows(platform: str) -> None:
    (found,), _ = offered(
        platform, DECORATED[platform], tuple(get(platform).registrations[0].features) if platform != "facebook" else ()
    )
    assert found.image_url == IMAGE
    assert IMAGE not in repr(found)


PLAIN = {
    "facebook": [ok(data=[page("1")])],
    "instagram": [ok(user_id="178", username="cats", account_type="BUSINESS")],
    "tiktok": [ok(data={"user": {"open_id": "open-1"}})],
}


@pytest.mark.parametrize("platform", PLAIN)
def test_D1_an_image_that_may_not_be_asked_for_costs_only_itself(platform: str) -> None:
    scopes = tuple(get(platform).registrations[0].features) if platform != "facebook" else ()
    (found,), steps = offered(platform, [refused(ErrorClass.INVALID_CONTENT), *PLAIN[platform]], scopes)
    assert (found.can_publish, found.image_url) == (True, None)
    assert len(steps) == 2


@pytest.mark.parametrize("error_class", [ErrorClass.REAUTH, ErrorClass.RATE_LIMIT, ErrorClass.TRANSIENT])
def test_D1_a_refusal_that_is_not_about_the_image_stands(error_class: ErrorClass) -> None:
    trace: list[Any] = []
    with pytest.raises(PlatformError):
        play(get("instagram").accounts(APP, Tokens(Secret("t"))), [refused(error_class)], trace=trace)
    assert len(trace) == 1


def test_the_images_of_members_and_organizations_are_the_largest_that_a_projection_gives() -> None:
    urls = [f"https://media.licdn.com/{size}.jpg" for size in (100, 800)]
    sizes = {"elements": [{"identifiers": [{"identifier": url}]} for url in urls]}
    replies = [
        ok(**ME, profilePicture={"displayImage~": sizes}),
        ok(elements=[{"organization": "urn:li:organization:1", "role": "ADMINISTRATOR"}]),
        ok(localizedName="One", logoV2={"original~": sizes}),
    ]
    found, _ = offered("linkedin", replies, VETTED)
    assert [one.image_url for one in found] == [urls[1]] * 2


def test_D4_an_organization_whose_logo_may_not_be_read_still_has_its_name() -> None:
    replies = [
        refused(ErrorClass.PERMISSION),
        ok(**ME),
        ok(elements=[{"organization": "urn:li:organization:1", "role": "CONTENT_ADMINISTRATOR"}]),
        refused(ErrorClass.PERMISSION),
        ok(localizedName="One"),
    ]
    found, _ = offered("linkedin", replies, VETTED)
    assert [(one.name, one.can_publish, one.image_url) for one in found] == [("Ada L", True, None), ("One", True, None)]


@pytest.mark.parametrize("shape", [None, {}, "urn:li:digitalmediaAsset:1", {"original~": []}, {"original~": {"elements": [{}]}}])
def test_D4_an_organization_with_any_shape_of_logo_is_offered(shape: Any) -> None:
    listed = ok(elements=[{"organization": "urn:li:organization:1", "role": "CONTENT_ADMIN"}])
    found, _ = offered("linkedin", [ok(**ME), listed, ok(localizedName="One", logoV2=shape)], VETTED)
    assert [(one.name, one.image_url) for one in found] == [("Ada L", None), ("One", None)]


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "http://cdn.example.com/a.jpg",
        "//cdn.example.com/a.jpg",
        "https://a@b/x",
        IMAGE + "x" * 2048,
        7,
        "",
    ],
)
def test_what_is_no_url_of_an_image_is_left_out(url: Any) -> None:
    (found,), _ = offered("facebook", [ok(data=[page("1", picture={"data": {"url": url}})])])
    assert found.image_url is None
