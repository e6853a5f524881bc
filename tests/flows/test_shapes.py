"""The forms of what each platform gives: documented values fit, and nothing that a person or a proxy could have written."""

from __future__ import annotations

from typing import Any

import pytest

from noillusion.catalog.platforms import PlatformName
from noillusion.core.sensitive import Secret
from noillusion.flows.effects import Effect
from noillusion.flows.faults import OutcomeUnknown
from noillusion.flows.measures import AccountMetrics, PostMetrics
from noillusion.flows.protocol import Account, Candidate, Flow, Published, Tokens
from noillusion.flows.shapes import LONGEST_LINK, LONGEST_NAME, held_to
from noillusion.platforms.catalog import get
from tests.flows.driver import play

PLATFORMS: tuple[PlatformName, ...] = ("facebook", "instagram", "linkedin", "tiktok")
ACCOUNTS = {
    "facebook": ["100200300400500", "61550000000000001"],
    "instagram": ["17841400000000001"],
    "linkedin": ["aBc12dEf3G", "mB7xQ2kPzA", "81179752", "a_b-c"],
    "tiktok": ["-000AbCdEfGhIjKlMnOpQrStUvWxYz012345", "_000AbC", "44322889"],
}
ACCEPTED = {
    "facebook": ["100200_300400", "122100000000001"],
    "instagram": ["17900000000000001"],
    "linkedin": ["urn:li:share:7334576475917145134", "urn:li:ugcPost:5395928940744554341"],
    "tiktok": ["v_pub_url~v2.123456789", "v_pub_file~v2-1.7123", "v_inbox_file~v2.1", "v_inbox_url~v2.1", "p_pub_url~v2.1"],
}
POSTS = {**ACCEPTED, "tiktok": ["7301234567890123456"]}
USERNAMES = {
    "facebook": ["ada.bakes", "Ada-Bakes", "adas-bäckerei"],
    "instagram": ["ada_bakes.1"],
    "linkedin": ["ada-bakes", "caf%C3%A9"],
    "tiktok": ["ada.builds_1"],
}
LINKS = {
    "facebook": "https://www.facebook.com/ada/posts/pfbid02abc",
    "instagram": "https://www.instagram.com/p/CabcDEF/",
    "linkedin": "https://www.linkedin.com/feed/update/urn:li:share:7334576475917145134/",
    "tiktok": "https://www.tiktok.com/@ada.builds/video/7301234567890123456",
}
WRITTEN: list[Any] = [
    "",
    "two words",
    "a sentence, written by a person.",
    "<html>",
    "1/../2",
    "1?x=y",
    "1#x",
    "https://evil.example/1",
    "urn:li:person:mB7xQ2kPzA x",
    "\N{ARABIC-INDIC DIGIT THREE} \N{ARABIC-INDIC DIGIT FOUR}",
    "1\n",
    "1\x00",
    "1" * 600,
    None,
    True,
    1.5,
    {"id": "1"},
    ["1"],
]


def tell(forms_of: PlatformName, result: Any) -> Any:
    """The result of a flow as the runner hands it out."""

    def flow() -> Flow[Any]:
        yield from ()
        return result

    return play(held_to(get(forms_of).forms, flow()))[0]


@pytest.mark.parametrize("platform", PLATFORMS)
def test_documented_values_fit(platform: PlatformName) -> None:
    forms = get(platform).forms
    assert [value for value in ACCOUNTS[platform] if not forms.account.fits(value)] == []
    assert [value for value in ACCEPTED[platform] if not forms.handle("accepted_id").fits(value)] == []
    assert [value for value in POSTS[platform] if forms.post_id(value) != value] == []
    assert [value for value in USERNAMES[platform] if forms.named(value) != value] == []
    assert forms.permalink(LINKS[platform]) == LINKS[platform]


@pytest.mark.parametrize("written", WRITTEN, ids=repr)
@pytest.mark.parametrize("platform", PLATFORMS)
def test_nothing_that_somebody_wrote_fits(platform: PlatformName, written: Any) -> None:
    forms = get(platform).forms
    checked = (forms.account, forms.accepted, forms.post, forms.handle("accepted_id"), forms.handle("another"))
    assert [form for form in checked if form.fits(written)] == []
    assert (forms.post_id(written), forms.named(written), forms.permalink(written)) == (None, "", None)


def test_ids_have_ascii_digits() -> None:
    digits = "\N{ARABIC-INDIC DIGIT THREE}" * 5
    assert [name for name in PLATFORMS if get(name).forms.post.fits(digits) or get(name).forms.account.fits(digits)] == []


def test_a_number_of_json_is_an_id_where_ids_are_numbers() -> None:
    assert get("tiktok").forms.post_id(7301234567890123456) == "7301234567890123456"
    assert get("tiktok").forms.post_id(-1) is None
    assert get("linkedin").forms.post_id(7301234567890123456) is None


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_permalink_is_https_on_a_host_of_the_platform(platform: PlatformName) -> None:
    forms, good = get(platform).forms, LINKS[platform]
    host = good.split("/")[2]
    bad = [
        good.replace("https", "http"),
        good.replace("https", "HTTPS"),
        good.replace(host, f"{host}.evil.example"),
        good.replace(host, f"evil{host.removeprefix('www.')}"),
        good.replace(host, f"{host}@evil.example"),
        good.replace(host, f"user@{host}"),
        good.replace(host, f"{host}:8443"),
        good.replace(host, f"evil.example\\@{host}"),
        f"https://evil.example/{good}",
        good.replace("https://", "https:"),
        good.replace(host, "[::1"),
        f"{good} ",
        f"{good}\n",
        f"{good}é",
        good + "a" * LONGEST_LINK,
    ]
    assert [link for link in bad if forms.permalink(link) is not None] == []
    assert forms.permalink(good.replace(host, host.removeprefix("www."))) is not None


@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_published_post_without_an_id_of_the_platform_is_of_unknown_outcome(platform: PlatformName) -> None:
    with pytest.raises(OutcomeUnknown) as unknown:
        tell(platform, Published("some words", "some words", LINKS[platform]))
    assert (unknown.value.fault.code, unknown.value.effect) == ("shape:accepted_id", Effect.COMMIT)
    good = Published(ACCEPTED[platform][0], POSTS[platform][0], LINKS[platform])
    assert tell(platform, good) == good
    assert tell(platform, Published(ACCEPTED[platform][0], "words", LINKS[platform])) == Published(ACCEPTED[platform][0])
    assert tell(platform, Published(ACCEPTED[platform][0], POSTS[platform][0], "https://evil.example/")).permalink is None


@pytest.mark.parametrize("platform", PLATFORMS)
def test_what_figures_reveal_has_the_platforms_form(platform: PlatformName) -> None:
    good = PostMetrics(views=1, post_id=POSTS[platform][0], permalink=LINKS[platform])
    bad = PostMetrics(views=1, post_id="words", permalink="https://evil.example/")
    assert tell(platform, {"a": good, "b": bad}) == {"a": good, "b": PostMetrics(views=1)}
    assert tell(platform, AccountMetrics(followers=1)) == AccountMetrics(followers=1)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_scopes_and_subjects_are_words_and_ids(platform: PlatformName) -> None:
    tokens = Tokens(Secret("t"), scopes=("a.scope", "some words", "", "ü"), subject="a person, by name")
    assert tell(platform, tokens) == Tokens(Secret("t"), scopes=("a.scope",))
    named = Tokens(Secret("t"), scopes=("a.scope",), subject=ACCOUNTS[platform][0])
    assert tell(platform, named) == named


@pytest.mark.parametrize("platform", PLATFORMS)
def test_accounts_are_offered_only_by_ids_of_the_platform(platform: PlatformName) -> None:
    details = {"roles": ["ADMINISTRATOR", "some words"], "type": "business", "note": "some words", "count": 1}
    bad = Candidate("some words", "page", "A Page")
    good = Candidate(ACCOUNTS[platform][0], "page", "n" * 1000, "no user/name", details=details)
    (offered,) = tell(platform, [bad, good])
    assert (offered.id, offered.name, offered.username) == (good.id, "n" * LONGEST_NAME, "")
    assert offered.details == {"roles": ["ADMINISTRATOR"], "type": "business", "count": 1}


@pytest.mark.parametrize("username", ["ada/../evil", "a b", "@evil", "x" * 65])
def test_no_link_is_built_from_a_user_name_of_another_form(username: str) -> None:
    from noillusion.platforms.tiktok.status import permalink

    assert permalink(username, "7301234567890123456", "v_pub_url~v2.1") is None
    assert permalink("ada", "7301234567890123456", "p_pub_url~v2.1") == "https://www.tiktok.com/@ada/photo/7301234567890123456"
    assert Account("a", "creator", username).username == username
