"""The dialogs of the simulated platforms: every error can be asked for, and a person in a browser can click through them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from local.simulators.facebook import oauth as facebook_oauth
from local.simulators.facebook import simulator as facebook
from local.simulators.instagram import oauth as instagram_oauth
from local.simulators.instagram import simulator as instagram
from local.simulators.linkedin import oauth as linkedin_oauth
from local.simulators.linkedin import simulator as linkedin
from local.simulators.tiktok import oauth as tiktok_oauth
from local.simulators.tiktok import simulator as tiktok
from tests.support.serving import serving

REDIRECT = "http://127.0.0.1:9/callback"
SECOND_PAGE = "101000000000002"
DIALOGS: Mapping[str, tuple[str, dict[str, str]]] = {
    "facebook": ("www.facebook.com/v26.0/dialog/oauth", {"client_id": "facebook-app", "scope": "pages_show_list,read_insights"}),
    "instagram": (
        "www.instagram.com/oauth/authorize",
        {"client_id": "instagram-app", "scope": "instagram_business_basic,instagram_business_content_publish"},
    ),
    "linkedin": ("www.linkedin.com/oauth/v2/authorization", {"client_id": "linkedin-app", "scope": "openid w_member_social"}),
    "tiktok": ("www.tiktok.com/v2/auth/authorize/", {"client_key": "tiktok-app", "scope": "user.info.basic,video.publish"}),
}
ERRORS: Mapping[str, Mapping[str, Any]] = {
    "facebook": facebook_oauth.DIALOG_ERRORS,
    "instagram": instagram_oauth.DIALOG_ERRORS,
    "linkedin": linkedin_oauth.DIALOG_ERRORS,
    "tiktok": tiktok_oauth.DIALOG_ERRORS,
}


@dataclass
class Shown(HTMLParser):
    """What a page has in its form."""

    buttons: list[str] = field(default_factory=list)
    boxes: dict[str, list[str]] = field(default_factory=dict)
    fixed: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a button or an input."""
        found = dict(attrs)
        if tag == "button":
            self.buttons.append(str(found["value"]))
        if tag == "input" and "disabled" not in found:
            kept = self.fixed if found["type"] == "hidden" else self.boxes
            kept.setdefault(str(found["name"]), []).append(str(found["value"]))


@dataclass
class Person:
    """Somebody in front of the dialogs."""

    base: str

    def act(self, platform: str, action: str, **options: Any) -> Any:
        """A control action."""
        return httpx.post(f"{self.base}/_control/{platform}/{action}", json=options).json()

    def url(self, platform: str) -> str:
        """The URL of a dialog."""
        path, asked = DIALOGS[platform]
        query = httpx.QueryParams({"response_type": "code", "redirect_uri": REDIRECT, "state": "s-1", **asked})
        return f"{self.base}/{path}?{query}"

    def returned(self, answer: httpx.Response) -> dict[str, str]:
        """The parameters with which the browser comes back."""
        assert answer.status_code == 302, answer.text
        assert answer.headers["location"].startswith(f"{REDIRECT}?")
        return dict(parse_qsl(urlsplit(answer.headers["location"]).query))


@pytest.fixture(scope="module")
def served() -> Iterator[Person]:
    with serving(facebook, instagram, linkedin, tiktok) as (base, _):
        yield Person(base)


@pytest.fixture
def person(served: Person) -> Person:
    httpx.post(f"{served.base}/_control/reset").raise_for_status()
    return served


CASES = [(platform, name) for platform, errors in ERRORS.items() for name in errors]


@pytest.mark.parametrize(("platform", "name"), CASES)
def test_every_error_of_a_dialog_can_be_asked_for_at_once_and_on_the_page(person: Person, platform: str, name: str) -> None:
    person.act(platform, "consent", decision=name)
    at_once = person.returned(httpx.get(person.url(platform)))
    person.act(platform, "consent", decision="ask")
    pressed = person.returned(httpx.post(person.url(platform), data={"decision": name}))
    assert at_once == pressed and at_once["state"] == "s-1" and "code" not in at_once
    assert at_once.keys() & {"error", "error_code"}


@pytest.mark.parametrize("platform", DIALOGS)
def test_a_page_shows_who_is_asked_for_what_and_its_buttons(person: Person, platform: str) -> None:
    person.act(platform, "consent", decision="ask")
    answer = httpx.get(person.url(platform))
    assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (200, "text/html")
    shown = Shown()
    shown.feed(answer.text)
    assert shown.buttons[0] == "grant" and {"deny", *ERRORS[platform]} <= set(shown.buttons)
    asked = set(re.split("[ ,]", DIALOGS[platform][1]["scope"]))
    assert asked <= {*shown.boxes.get("scope", ()), *shown.fixed.get("scope", ())}
    everything = {name: [*shown.boxes.get(name, ()), *shown.fixed.get(name, ())] for name in ("scope", "account")}
    assert "code" in person.returned(httpx.post(person.url(platform), data={"decision": "grant", **everything}))


def test_what_is_unticked_on_the_page_is_not_granted(person: Person) -> None:
    for platform in DIALOGS:
        person.act(platform, "consent", decision="ask")
    tiktok_code = person.returned(httpx.post(person.url("tiktok"), data={"decision": "grant", "scope": "user.info.basic"}))
    assert tiktok_code["scopes"] == "user.info.basic"
    httpx.post(person.url("facebook"), data={"decision": "grant", "scope": "pages_show_list", "account": SECOND_PAGE})
    (user,) = httpx.get(f"{person.base}/_control/state/facebook").json()["users"]
    assert "read_insights" in user["declined"] and "read_insights" not in user["granted"]
    assert user["chosen"] == [SECOND_PAGE]
    httpx.post(person.url("instagram"), data={"decision": "grant", "scope": "instagram_business_basic"})
    (account, *_) = httpx.get(f"{person.base}/_control/state/instagram").json()["accounts"]
    assert account["granted"] == ["instagram_business_basic"]


def test_linkedin_and_a_configuration_of_facebook_offer_no_choice_of_scopes(person: Person) -> None:
    person.act("linkedin", "consent", decision="ask")
    person.act("facebook", "consent", decision="ask")
    whole = person.url("facebook").replace("scope=pages_show_list%2Cread_insights", "config_id=7")
    assert "config_id=7" in whole
    for url in (person.url("linkedin"), whole):
        shown = Shown()
        shown.feed(httpx.get(url).text)
        assert "scope" not in shown.boxes and shown.fixed["scope"]


@pytest.mark.parametrize("platform", DIALOGS)
def test_a_decision_that_a_dialog_does_not_know_is_refused(person: Person, platform: str) -> None:
    assert "no such decision" in person.act(platform, "consent", decision="perhaps")["error"]
    assert "code" in person.returned(httpx.get(person.url(platform)))


@pytest.mark.parametrize("platform", DIALOGS)
def test_a_wrong_request_of_the_app_is_refused_before_anybody_is_asked(person: Person, platform: str) -> None:
    person.act(platform, "consent", decision="ask")
    wrong = person.url(platform).replace("response_type=code", "response_type=token")
    answer = httpx.get(wrong)
    assert answer.status_code in (302, 400) and "<form" not in answer.text
