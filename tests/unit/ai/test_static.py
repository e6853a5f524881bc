"""F8: without a provider a person gets their own words, laid out for each platform, with nothing pretended."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from noillusion.ai import phrases, static
from noillusion.ai.models import Result
from noillusion.catalog.platforms import NAMES, PLATFORMS, PlatformName
from noillusion.profiles.author import Author
from noillusion.profiles.models import ContentMode
from tests.support.ai import request

BRIEFS = {
    "en": "We have finished the repair of the old bridge. It is open for walkers.",
    "de": "Wir haben die alte Brücke repariert. Sie ist ab Montag wieder für alle offen.",
    "fr": "Nous avons réparé le vieux pont avec les voisins. Il est ouvert pour les marcheurs.",
    "es": "Hemos reparado el puente viejo con los vecinos. Se abre para los peatones en mayo.",
    "pt": "Reparámos a ponte velha com os vizinhos. Abre para os peões em maio, não antes.",
    "it": "Abbiamo riparato il vecchio ponte con gli amici della valle. Non è ancora aperto per le auto.",
    "nl": "We hebben de oude brug met de buren gerepareerd. Het pad is open voor wandelaars.",
    "pl": "Naprawiliśmy stary most na rzece i jest już otwarty dla pieszych. Nie dla aut.",
}
MODES: tuple[str, ...] = get_args(ContentMode)


def drafts(mode: str = "personal", author: dict[str, Any] | None = None, **fields: Any) -> list[Result]:
    fields = {"platforms": list(PLATFORMS), "include_hashtags": False} | fields
    return static.results(request(**fields), Author(content_mode=mode, **(author or {})))


def added(result: Result, words: str) -> str:
    """What is in a draft and not in the person's words."""
    text = " ".join(result.text.split())
    assert text.startswith(" ".join(words.split())), "the words are all there, in their order"
    return text.removeprefix(" ".join(words.split())).strip()


def test_every_language_has_every_sentence() -> None:
    assert set(phrases.CLOSINGS) == set(phrases.IDEAS) == set(phrases.NAMES) == set(BRIEFS)
    for modes in phrases.CLOSINGS.values():
        assert set(modes) == set(MODES)
    for platforms in phrases.IDEAS.values():
        assert set(platforms) == set(NAMES) and all(len(set(forms)) == 3 for forms in platforms.values())
    closings = [text for modes in phrases.CLOSINGS.values() for platforms in modes.values() for text in platforms.values()]
    assert all(text.endswith((".", "?")) for text in closings)


@pytest.mark.parametrize("language", BRIEFS)
@pytest.mark.parametrize("mode", MODES)
def test_a_draft_is_the_persons_words_with_at_most_one_sentence_in_their_language(language: str, mode: str) -> None:
    assert phrases.detected(BRIEFS[language]) == language
    for result in drafts(mode, topic=BRIEFS[language]):
        assert added(result, BRIEFS[language]) == phrases.CLOSINGS[language][mode].get(result.platform, "")
        assert result.checks == []
    found = {result.platform: result.text for result in drafts(mode, topic=BRIEFS[language])}
    assert found["tiktok"] == BRIEFS[language], "a caption is short"


@pytest.mark.parametrize("language", BRIEFS)
def test_ideas_name_a_form_before_the_words_whether_they_are_a_sentence_or_not(language: str) -> None:
    for result in drafts(task="ideas", topic=BRIEFS[language]):
        forms = phrases.IDEAS[language][result.platform]
        assert all(
            idea.startswith(form) and idea.endswith(BRIEFS[language]) for idea, form in zip(result.ideas, forms, strict=True)
        )


OTHERS = {
    "Japanese": "電車の中で読む小説。三冊あります。",
    "one word": "Fahrradtag",
    "Turkish": "Bir köprü onardık. Herkese açık.",
}


@pytest.mark.parametrize("topic", OTHERS.values(), ids=OTHERS)
def test_other_languages_and_unclear_ones_get_a_layout_without_a_sentence(topic: str) -> None:
    for result in drafts("business", topic=topic):
        assert "".join(result.text.split()) == "".join(topic.split())
    for result in drafts(task="ideas", topic=topic):
        assert "".join("".join(result.ideas).split()) in "".join(topic.split())


@pytest.mark.parametrize(
    ("language", "sentences"), [("German", True), ("de-AT", True), ("deutsch", True), ("English", False), ("Klingon", False)]
)
def test_a_named_language_counts_only_where_the_words_are_in_it(language: str, sentences: bool) -> None:
    (result,) = drafts("business", topic=BRIEFS["de"], language=language, platforms=["facebook"])
    assert bool(added(result, BRIEFS["de"])) == sentences


@pytest.mark.parametrize("locale", ["en", "de"])
def test_the_locale_of_a_profile_adds_no_sentence_in_a_language_that_the_words_are_not_in(locale: str) -> None:
    (result,) = drafts("business", {"locale": locale}, topic=BRIEFS["de"], platforms=["facebook"])
    assert added(result, BRIEFS["de"]) == phrases.CLOSINGS["de"]["business"]["facebook"]


@pytest.mark.parametrize(
    ("fields", "last"),
    [
        ({"tone": "dry"}, ""),
        ({"length": "short"}, ""),
        ({"call_to_action": "Walk with us"}, "Walk with us"),
        ({"avoid": ["comments"]}, ""),
    ],
)
def test_nothing_is_added_against_what_the_request_says(fields: dict[str, Any], last: str) -> None:
    (result,) = drafts("business", topic=BRIEFS["en"], platforms=["facebook"], **fields)
    assert added(result, BRIEFS["en"]) == last


def test_a_template_without_a_topic_gives_what_was_written_for_its_variables() -> None:
    template: dict[str, Any] = {"template_id": "7e3a1c00-0001-4000-8000-000000000001", "topic": None}
    (result,) = drafts(platforms=["tiktok"], variables={"event": "Open evening", "seats": 12, "free": True}, **template)
    assert result.text == "Open evening"
    assert drafts(platforms=["tiktok"], variables={"seats": 12}, **template) == [], "nothing of the person's own is left"


def test_hashtags_are_skills_and_first_those_that_the_words_name() -> None:
    author: dict[str, Any] = {"skills": ["welding", "bridges", "C++"]}
    (result,) = drafts(author=author, topic="We like bridges", platforms=["facebook"], include_hashtags=True)
    assert result.hashtags == ["bridges", "welding"]


@pytest.mark.parametrize("platform", NAMES)
def test_the_words_are_never_cut_and_what_has_no_room_is_left_out(platform: PlatformName) -> None:
    topic = "We have the words of it. " + "x" * (PLATFORMS[platform].length.limit - 40 if platform != "facebook" else 3_000)
    (result,) = static.results(
        request(task="improve", text=topic, platforms=[platform], topic=None), Author(content_mode="business")
    )
    assert result.text == topic and not [check for check in result.checks if check.severity == "error"]
