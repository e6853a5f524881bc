"""F7: what is sent for each of 40 briefs has one instruction for each matter, and nothing that nobody said."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import Any

import pytest

from noillusion.ai.instructions import VARIANT_NAMES
from noillusion.catalog.platforms import PLATFORMS
from noillusion.templates.render import TAGS
from tools import prompts

BRIEFS = [pytest.param(brief, id=brief["name"]) for brief in prompts.briefs()["briefs"]]
MATTERS = {
    "tone": r"^(- )?Tone: ",
    "audience": r"^(- )?Readers: ",
    "call_to_action": r"^(- )?Call to action: ",
    "keep": r"^- Keep exactly as written: ",
    "avoid": r"^- Do not use: ",
}
"""Field of the request → the line that an instruction about it begins with."""
DEFAULTS = {"tone": "calm"}
"""What a brief's own template says."""


def messages(brief: dict[str, Any]) -> tuple[str, str]:
    system, user = (message["content"] for message in prompts.sent(brief))
    return system, user


def instructions(brief: dict[str, Any]) -> str:
    """Both messages without the request's own texts."""
    system, user = messages(brief)
    for tag in TAGS.values():
        user = re.sub(rf"<({tag}(?:-\d+)?)>.*</\1>", "", user, flags=re.S)
    return f"{system}\n{user}"


def lines(brief: dict[str, Any], pattern: str) -> list[str]:
    return [line for line in instructions(brief).splitlines() if re.search(pattern, line)]


def test_there_are_40_briefs_with_names_of_their_own() -> None:
    assert len(BRIEFS) == len({brief["name"] for brief in prompts.briefs()["briefs"]}) == 40


@pytest.mark.parametrize("brief", BRIEFS)
def test_no_sentence_is_sent_twice(brief: dict[str, Any]) -> None:
    parts = re.split(r"(?<=[.!?;])\s|\n|; ", instructions(brief))
    figures = re.compile(r"about \d|at most \d|up to \d|\d to \d")
    sentences = Counter(part.strip(" -.;") for part in parts if len(part.split()) >= 3 and not figures.match(part))
    assert [sentence for sentence, times in sentences.items() if times > 1] == []


@pytest.mark.parametrize("brief", BRIEFS)
def test_the_language_is_named_once_and_an_explicit_one_wins(brief: dict[str, Any]) -> None:
    (line,) = lines(brief, r"[Ll]anguage")
    request = brief["request"]
    if "language" in request:
        assert request["language"] in line and "brief" not in line and "unless" not in line
    elif request["task"] == "improve":
        assert line.startswith("- Language: that of the text")
    elif "topic" in request:
        assert line.startswith("- Language: that of the brief")
    else:
        assert prompts.briefs()["authors"][brief["author"]]["locale"] in line


@pytest.mark.parametrize("brief", BRIEFS)
def test_each_matter_has_one_instruction_if_somebody_spoke_of_it_and_none_otherwise(brief: dict[str, Any]) -> None:
    request = {**brief["request"].get("variables", {}), **brief["request"]}
    own = isinstance(brief.get("template"), dict) and "{tone}" in brief["template"]["user_text"]
    for name, pattern in MATTERS.items():
        found = lines(brief, pattern)
        assert len(found) == (name in request or (own and name in DEFAULTS)), (name, found)
        if name in request:
            words = request[name] if isinstance(request[name], list) else [request[name]]
            assert all(word in found[0] for word in words)


@pytest.mark.parametrize("brief", BRIEFS)
def test_hashtags_are_wanted_or_forbidden_or_not_spoken_of(brief: dict[str, Any]) -> None:
    request, system = brief["request"], messages(brief)[0]
    wanted = len(re.findall(r"Hashtags only in their own field|\d hashtags", system))
    forbidden = system.count("No hashtags")
    if request["task"] == "ideas":
        assert "hashtag" not in instructions(brief).lower()
    elif request.get("include_hashtags", True):
        assert (wanted, forbidden) == (1 + len(request["platforms"]), 0)
    else:
        assert (wanted, forbidden) == (0, 1) and system.lower().count("hashtag") == 1


@pytest.mark.parametrize("brief", BRIEFS)
def test_no_label_is_empty_and_no_brace_is_left(brief: dict[str, Any]) -> None:
    text = instructions(brief)
    for line, following in zip(text.splitlines(), [*text.splitlines()[1:], ""], strict=True):
        assert not line.rstrip().endswith(":") or following.strip(), line
    assert "\n\n\n" not in messages(brief)[0] and not re.search(r"\{\w+\}", text)


@pytest.mark.parametrize("brief", BRIEFS)
def test_each_platform_has_one_line_and_its_style_at_most_once(brief: dict[str, Any]) -> None:
    request = brief["request"]
    for platform, entry in PLATFORMS.items():
        found = lines(brief, rf"^- {platform}\b")
        assert len(found) == (platform in request["platforms"])
        custom = isinstance(brief.get("template"), dict)
        assert instructions(brief).count(entry.style) == (platform in request["platforms"] and not custom)
        for line in found:
            limits = re.findall(r"at most (\d+)", line)
            assert limits == ([] if request["task"] == "ideas" else [str(entry.length.limit)])
            advised = [int(figure) for figure in re.findall(r"about (\d+) characters", line)]
            assert all(figure < entry.length.limit for figure in advised)
            free = request["task"] == "ideas" or ("length" not in request and (custom or request["task"] == "improve"))
            assert len(advised) == (not free), line


@pytest.mark.parametrize("brief", BRIEFS)
def test_a_persons_text_stands_between_tags_that_it_cannot_close(brief: dict[str, Any]) -> None:
    system, user = messages(brief)
    for name, tag in TAGS.items():
        text = brief["request"].get(name)
        found = re.findall(rf"<({tag}(?:-\d+)?)>", system)
        assert len(found) == (text is not None)
        if text is not None:
            (used,) = found
            assert user.count(f"<{used}>{text}</{used}>") == 1
            assert user.count(f"</{used}>") == user.count(f"<{used}>") == 1
            assert text not in system


@pytest.mark.parametrize("brief", BRIEFS)
def test_the_number_of_texts_is_the_one_of_the_schema(brief: dict[str, Any]) -> None:
    request, schema = brief["request"], prompts.prompt_of(brief).schema
    ideas = request["task"] == "ideas"
    count = request.get("variants", 3 if ideas else 1)
    for platform in request["platforms"]:
        members = list(schema["properties"][platform]["properties"])
        assert members[:1] == ["text"] if count == 1 and not ideas else members == list(VARIANT_NAMES[:count])
    words = {1: "one", 2: "two", 3: "three", 4: "four"}
    numbers = re.findall(r"\b(one|two|three|four) (?:finished post|different)", messages(brief)[0])
    assert numbers == [words[count]]


def test_the_old_prompts_said_things_twice_or_unasked() -> None:
    before = json.loads((prompts.BRIEFS / "before.json").read_text("utf-8"))
    first = before["German brief, profile in English"]["system"]
    assert "language of the brief" in first and "locale en" in first
    assert "partnership: no" in before["No hashtags"]["user"]
