"""Hashtags: made of phrases (E4), kept out of URLs (E5), and counted as Instagram counts (E6)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noillusion.ai import static
from noillusion.ai.answers import post
from noillusion.ai.models import GenerateRequest
from noillusion.ai.rules import HASHTAG, hashtag, hashtags_in
from noillusion.core.sensitive import Content
from noillusion.flows.draft import Draft, MediaItem
from noillusion.flows.protocol import Account
from noillusion.platforms import catalog
from noillusion.platforms.linkedin.text import little_text, plain_text
from noillusion.profiles.author import Author
from tests.support.ai import request

MADE = {
    "e-commerce": "ecommerce",
    "Valentine's Day": "ValentinesDay",
    "Valentine’s": "Valentines",
    "R&D": "RD",
    "AI/ML": "AIML",
    "Node.js": "Nodejs",
    "# machine learning": "machinelearning",
    "＃Straße": "Straße",
    "U.S.": "US",
    '"Quoted"': "Quoted",
    "3D-printing": "3Dprinting",
    "हिन्दी": "हिन्दी",
    "日本 旅行": "日本旅行",
    "über_cool": "über_cool",
}
LEFT_OUT = ["C++", "C#", "F#", ".NET", "R&", "-x", "v2.0", "GPT-4.1", "24/7", "100%", "2030", "a+b", "#one #two", "a@b", "…", ""]


@pytest.mark.parametrize(("phrase", "tag"), MADE.items())
def test_E4_a_phrase_is_joined_to_a_real_hashtag(phrase: str, tag: str) -> None:
    assert hashtag(phrase) == tag
    assert HASHTAG.fullmatch(f"#{tag}")


@pytest.mark.parametrize("phrase", LEFT_OUT)
def test_E4_what_would_become_another_word_makes_no_hashtag(phrase: str) -> None:
    assert hashtag(phrase) == ""


@given(st.text(max_size=20))
def test_E4_a_hashtag_is_whole_and_keeps_every_letter_and_digit(phrase: str) -> None:
    tag = hashtag(phrase)
    assert tag == "" or (HASHTAG.fullmatch(f"#{tag}") and hashtags_in(f"#{tag} ") == [tag])


def test_E4_generated_hashtags_are_written_out_and_the_others_are_told() -> None:
    result = post("linkedin", "Hello", ["e-commerce", "C++", "R&D", "R&D"], request())
    assert (result.text, result.hashtags) == ("Hello\n\n#ecommerce #RD", ["ecommerce", "RD"])
    assert [(check.code, check.severity, check.message) for check in result.checks] == [
        ("hashtags_left_out", "warning", "1 of the suggested hashtags cannot be written as hashtags and were left out.")
    ]
    assert post("linkedin", "Hello", ["RD"], request()).checks == []


def test_E4_skills_that_make_no_hashtag_do_not_take_the_place_of_those_that_do() -> None:
    author = Author(skills=["C++", "R&D", "Go", "Rust", "SQL"])
    request = GenerateRequest(task="generate", platforms=["linkedin"], topic=Content("Languages"))
    (result,) = static.results(request, author)
    assert result.hashtags == ["RD", "Go", "Rust"]
    assert [check.code for check in result.checks] == ["hashtags_left_out"]


URLS = [
    "https://en.wikipedia.org/wiki/Python_(programming_language)#History",
    "HTTPS://A.example/(b)#c",
    "www.example.com/(b)#c",
    "en.wikipedia.org/wiki/Python_(x)#History",
    "https://example.com/?a=(1)#b",
]


@pytest.mark.parametrize("url", URLS)
def test_E5_a_url_has_no_hashtag_on_linkedin(url: str) -> None:
    written = little_text(f"#real {url} #too")
    assert written.startswith("#real ") and written.endswith(" #too")
    inner = written.removeprefix("#real ").removesuffix(" #too")
    assert "\\#" in inner and inner.replace("\\#", "").count("#") == 0
    assert plain_text(written) == f"#real {url} #too"


@pytest.mark.parametrize("text", ["#one #two", "(#one)", "Great!#one", "v1.2 #one", "a.b/c then #one", "me@a.example #one"])
def test_E5_a_hashtag_beside_other_things_stays_one(text: str) -> None:
    assert "#one" in little_text(text).replace("\\(", "(") and "\\#one" not in little_text(text)


@pytest.mark.parametrize("url", URLS[:3])
def test_E5_a_url_has_no_hashtag_in_a_generated_text(url: str) -> None:
    assert hashtags_in(f"See {url} #real") == ["real"]


def problems(text: str) -> list[tuple[str, str, object]]:
    """What Instagram's check says of a caption."""
    draft = Draft("image", Content(text), media=(MediaItem("image", url=Content("https://cdn.example.com/a.jpg")),))
    found = catalog.get("instagram").check(draft, Account("1", "professional"))
    return [(issue.code, issue.severity, issue.params["actual"]) for issue in found]


YEARS = [f"#{year}" for year in range(2000, 2031)]


@pytest.mark.parametrize(
    "tags",
    [["#tag"] * 31, YEARS, ["#\u2764"] * 31, ["＃全角"] * 31, ["#a1_"] * 31],
    ids=["words", "years", "emoji", "full width", "mixed"],
)
@pytest.mark.parametrize("between", ["", " ", "\n", ",", "."])
def test_E6_thirty_one_hashtags_of_any_kind_are_too_many(tags: list[str], between: str) -> None:
    assert problems(between.join(tags)) == [("too_many_hashtags", "error", 31)]
    assert problems(between.join(tags[:30])) == [("many_hashtags", "warning", 30)]
    assert problems(between.join(tags[:5])) == []


def test_E6_signs_that_make_no_hashtag_are_not_counted() -> None:
    assert problems("# #. ## #️⃣ #! " * 20) == []


def test_E6_generated_captions_are_counted_in_the_same_way() -> None:
    assert [check.code for check in post("instagram", "".join(YEARS), [], request()).checks] == ["too_many_hashtags"]


@pytest.mark.parametrize(("text", "count"), [("@a" * 21, 21), ("@a @b.c " * 11, 22), ("x @a@b@c" * 7, 21)])
def test_E6_mentions_that_are_glued_together_are_counted_too(text: str, count: int) -> None:
    assert problems(text) == [("too_many_mentions", "error", count)]


def test_E6_addresses_are_no_mentions() -> None:
    assert problems("me@a.example " * 30) == []
