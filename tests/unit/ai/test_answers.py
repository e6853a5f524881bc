"""Answers are read strictly, changed in nothing, and measured by each platform's own rules; static content is honest."""

from __future__ import annotations

import json
from typing import Any

import pytest

from noillusion.ai import static
from noillusion.ai.answers import Unusable, post, read
from noillusion.ai.rules import hashtag
from noillusion.catalog.platforms import PLATFORMS, length_of
from noillusion.core.sensitive import Content
from noillusion.profiles.author import Author
from tests.support.ai import MARK, request


def answer(**platforms: Any) -> Content:
    """A model's answer."""
    return Content(json.dumps(platforms))


POST = {"text": "Hello", "hashtags": ["Bike", "#Ride"]}


def test_each_platform_gets_its_result_in_the_order_of_the_request() -> None:
    results = read(answer(linkedin=POST, facebook=POST), request())
    assert [r.platform for r in results] == ["facebook", "linkedin"]
    assert results[0].text == "Hello\n\n#Bike #Ride" and results[0].hashtags == ["Bike", "Ride"]
    assert (results[0].length, results[0].limit) == (len("Hello\n\n#Bike #Ride"), 63_206)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("no json", "not_json"),
        ("", "not_json"),
        ("[" * 100_000, "not_json"),
        ("[]", "unexpected_shape"),
        ('{"facebook": {"text": "x", "hashtags": []}}', "platform_missing"),
        ('{"facebook": {"text": "", "hashtags": []}, "linkedin": {"text": "x", "hashtags": []}}', "empty"),
        ('{"facebook": {"text": 3, "hashtags": []}, "linkedin": {"text": "x", "hashtags": []}}', "unexpected_shape"),
        ('{"facebook": {"text": "x", "hashtags": "y"}, "linkedin": {"text": "x", "hashtags": []}}', "unexpected_shape"),
        ('{"facebook": {"text": "Good news', "not_json"),
    ],
)
def test_an_answer_that_is_not_what_was_asked_for_is_unusable(given: str, code: str) -> None:
    with pytest.raises(Unusable) as caught:
        read(Content(given), request())
    assert caught.value.code == code


BOTH = answer(facebook=POST, linkedin=POST).reveal()


@pytest.mark.parametrize(
    "given",
    [
        f"```json\n{BOTH}\n```",
        f"```json {BOTH} ```",
        f"``` {BOTH}",
        f"Here are your posts:\n\n{BOTH}",
        f"Here are your posts {{as JSON}}:\n```json\n{BOTH}\n```\nTell me if you want {{anything}} else.",
        f"{BOTH}\n\nI kept to the limits.",
        f'The form is {{"text": "...", "hashtags": []}} for each platform.\n{BOTH}',
        f"{BOTH}\n{BOTH}",
        BOTH.replace('"Hello"', '"Hel\nlo\t!"'),
        f"\ufeff{BOTH}",
    ],
)
def test_F3_the_one_object_that_fits_is_read_whatever_stands_around_it(given: str) -> None:
    texts = [result.text.replace("\n", "").replace("\t!", "") for result in read(Content(given), request())]
    assert texts == ["Hello#Bike #Ride"] * 2


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (f"{BOTH}\nor rather\n{BOTH.replace('Hello', 'Goodbye')}", "ambiguous"),
        (f"[{BOTH}]", "unexpected_shape"),
        (json.dumps({"posts": json.loads(BOTH)}), "platform_missing"),
        (f"Posts: {BOTH[:-1]}", "platform_missing"),
        ("{" * 100_000, "not_json"),
        ('{"a":' * 20_000, "not_json"),
    ],
)
def test_F3_what_leaves_a_choice_or_has_another_form_is_not_read(given: str, code: str) -> None:
    with pytest.raises(Unusable) as caught:
        read(Content(given), request())
    assert caught.value.code == code


def test_a_broken_escape_of_an_emoji_does_not_break_the_reply() -> None:
    broken = Content('{"tiktok": {"text": "ride \\ud83d on", "hashtags": []}}')
    (result,) = read(broken, request(platforms=["tiktok"]))
    assert result.model_dump_json() and result.text == "ride ? on"


def test_what_no_text_can_have_is_taken_out_of_texts_and_hashtags() -> None:
    broken = Content('{"tiktok": {"text": "ri\\u0000de", "hashtags": ["bike\\ud83d", "\\u0000road", "\\u0000"]}}')
    (result,) = read(broken, request(platforms=["tiktok"]))
    assert result.model_dump_json() and (result.text, result.hashtags) == ("ride\n\n#bike #road", ["bike", "road"])
    with pytest.raises(Unusable):
        read(Content('{"tiktok": {"text": "\\u0000", "hashtags": []}}'), request(platforms=["tiktok"]))


def test_utf16_platforms_count_astral_characters_twice() -> None:
    assert (length_of("🚲", "utf16"), length_of("🚲", "characters")) == (2, 1)
    assert post("tiktok", "🚲" * 1101, [], request()).checks[0].code == "too_long"
    assert not post("tiktok", "🚲" * 1100, [], request()).checks


@pytest.mark.parametrize("platform", PLATFORMS)
def test_the_limit_itself_is_allowed_and_one_more_is_an_error(platform: Any) -> None:
    limit = PLATFORMS[platform].length.limit
    assert not post(platform, "x" * limit, [], request()).checks
    (check,) = post(platform, "x" * (limit + 1), [], request()).checks
    assert (check.code, check.severity) == ("too_long", "error")


def test_hashtags_are_counted_in_the_whole_text() -> None:
    tags = [f"tag{i}" for i in range(6)]
    assert [c.code for c in post("instagram", "x", tags, request()).checks] == ["many_hashtags"]
    assert [c.severity for c in post("instagram", "x", [f"t{i}" for i in range(31)], request()).checks] == ["error"]
    assert not post("linkedin", "x", tags, request()).checks
    assert [c.code for c in post("linkedin", "x #tag", [], request(include_hashtags=False)).checks] == ["hashtags_not_wanted"]


def test_a_hashtag_already_in_the_text_is_not_repeated() -> None:
    assert post("linkedin", "I #ride", ["Ride", "bike"], request()).text == "I #ride\n\n#bike"


@pytest.mark.parametrize(
    ("given", "clean"),
    [("#Ride", "Ride"), ("bike repair", "bikerepair"), ("हिन्दी", "हिन्दी"), ("a-b", "ab"), ("123", ""), ("##", ""), ("", "")],
)
def test_hashtags_are_words_with_a_letter(given: str, clean: str) -> None:
    assert hashtag(given) == clean


def test_three_ideas_per_platform_and_a_remark_if_two_are_the_same() -> None:
    given = answer(tiktok={"first": "a", "second": "b", "third": "a"})
    (result,) = read(given, request(task="ideas", platforms=["tiktok"]))
    assert result.ideas == ["a", "b", "a"] and result.text == "" and result.checks[0].code == "duplicate_idea"


AUTHOR = Author(display_name="Ada", skills=["Bike repair", "Welding"], mission_statement="Everybody rides.")


@pytest.mark.parametrize("task", ["generate", "improve", "ideas"])
def test_static_content_comes_from_the_request_and_fits_every_platform(task: str) -> None:
    results = static.results(request(task=task, platforms=list(PLATFORMS), text=MARK), AUTHOR)
    assert [r.platform for r in results] == list(PLATFORMS)
    for result in results:
        assert MARK in result.text + "".join(result.ideas)
        assert not [check for check in result.checks if check.severity == "error"]


def test_static_improvement_changes_no_word() -> None:
    (result,) = static.results(request(task="improve", platforms=["facebook"], text=" One  \n\n\n\nTwo #three "), AUTHOR)
    assert result.text == "One\n\nTwo #three"


def test_static_content_leaves_the_topic_whole_and_drops_the_rest_when_room_is_short() -> None:
    topic = "x" * 2_190
    (result,) = static.results(request(platforms=["tiktok"], topic=topic, include_hashtags=False), AUTHOR)
    assert result.text == topic
