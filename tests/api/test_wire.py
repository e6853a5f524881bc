"""What is previewed is what is sent: for generated inputs, each message, option and hash, and where each part comes from."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from local.simulators.world import World
from tests.api.harness import Client
from tests.support.wire import canonical, from_wire
from tests.trust import LONG

INPUTS = 1000 if LONG else 30
KEYS = {"openai": "sk-wire-1", "anthropic": "sk-ant-wire-2", "google": "AIza-wire-3"}
MECHANIC = "\U0001f469\u200d\U0001f527"
ENGLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
WORDS = (
    "bicycle", "{topic}", "{{x}}", "}}", "{", "<brief>", "</brief>", "</text>", "#tag", "`code`", "%s", "—", '"', "'", "\\",
    "Grüße", "自転車", "دراجة", "e\u0301", "🚲", MECHANIC, ENGLAND,
    "\u202eabc\u202c", "a\u200bb", "\ufeff", "\U000e0041", "\u2028", "\\n", "\n", "\t", "\x7f",
)  # fmt: skip
TEMPLATE = {
    "name": "Wire", "content_mode": "personal", "system_text": "As {name}. {{braces}} Bio: {bio}\n{tone}",
    "user_text": "On {platforms}: {topic} {text} {event} {season}",
    "variables": [
        {"name": "event"}, {"name": "season", "required": False, "default": "spring"}, {"name": "tone", "required": False},
    ],
}  # fmt: skip


def text(chance: random.Random, most: int = 12) -> str:
    joined = "".join(chance.choice(WORDS) + chance.choice(["", " ", "\n"]) for _ in range(chance.randint(1, most)))
    return joined if joined.strip() else "word"


def wanted(chance: random.Random, template: str) -> dict[str, Any]:
    """One request of any form."""
    platforms = chance.sample(["facebook", "instagram", "linkedin", "tiktok"], chance.randint(1, 4))
    body: dict[str, Any] = {
        "task": chance.choice(["generate", "improve", "ideas"]),
        "platforms": platforms,
        "topic": text(chance),
    }
    if body["task"] == "improve" or chance.random() < 0.3:
        body["text"] = text(chance, 40)
    if chance.random() < 0.4:
        body |= {"template_id": template, "variables": {"event": text(chance, 4).strip() or "x"}}
    optional: dict[str, Callable[[], Any]] = {
        "tone": lambda: text(chance, 2)[:100], "language": lambda: chance.choice(["de", "es-419", "German"]),
        "reasoning_effort": lambda: chance.choice(["low", "medium", "high"]), "include_hashtags": lambda: False,
        "max_output_tokens": lambda: chance.randint(256, 16_000),
        "models": lambda: {"openai": "gpt-4o-mini", "anthropic": "claude-haiku-4-5", "google": "gemini-3.8-flash"},
    }  # fmt: skip
    for name, value in optional.items():
        if chance.random() < 0.3:
            body[name] = value()
    return body


def send(path: str, provider: str, body: dict[str, Any]) -> dict[str, Any]:
    headers = {f"x-ai-key-{provider}": KEYS[provider]}
    answer = Client().request("generate", "POST", path, body=body | {"providers": [provider]}, headers=headers)
    assert answer.status == 200, (answer.text, body)
    found: dict[str, Any] = answer.json
    return found


@pytest.mark.timeout(900)
@pytest.mark.parametrize("deployment", ["sqlite"], indirect=True)
def test_the_preview_is_what_is_sent_and_both_hashes_follow_from_the_wire(world: World) -> None:
    profile = {"display_name": "Robin {topic}", "bio": "Repairs\u200b bicycles", "skills": ["R&D", MECHANIC]}
    assert Client().request("profile", "PATCH", "/v1/profile", body=profile).status == 200
    made = Client().request("templates", "POST", "/v1/templates", body=TEMPLATE)
    assert made.status == 201, made.text
    chance = random.Random(20261128)
    for number in range(INPUTS):
        provider, body = chance.choice(list(KEYS)), wanted(chance, made.json["id"])
        world.journal.clear()
        preview = send("/v1/generate/preview", provider, body)
        assert not world.journal, "the preview sends nothing"
        shown = send("/v1/generate", provider, body)["transparency"]
        sent = from_wire(provider, world.journal[0].path, world.journal[0].body)
        previewed = next(each for each in preview["providers"] if each["provider"] == provider)
        attempt = next(each for each in shown["attempts"] if each["outcome"] != "skipped")
        # A text that breaks a rule of its platform is sent back once, which is no part of the preview.
        assert len(world.journal) == 1 + (shown["repair"] is not None), (number, body)
        assert sent["messages"] == preview["messages"] == shown["messages"], (number, body)
        assert canonical(sent) == previewed["hash"] == attempt["hash"], (number, body)
        assert canonical({name: sent[name] for name in ("messages", "parameters")}) == preview["hash"] == shown["hash"]
        assert (preview["spans"], preview["hidden_characters"]) == (shown["spans"], shown["hidden_characters"])
        assert_whole(preview["messages"], preview["spans"])


def assert_whole(messages: list[dict[str, str]], spans: list[dict[str, Any]]) -> None:
    """The spans of a message have no gaps and no neighbours of one source."""
    for number, message in enumerate(messages):
        own = [span for span in spans if span["message"] == number]
        ends = [0, *(span["end"] for span in own)]
        assert [span["start"] for span in own] == ends[:-1] and ends[-1] == len(message["content"])
        assert all(before["source"] != after["source"] for before, after in pairwise(own))


def preview_of(**body: Any) -> dict[str, Any]:
    return send("/v1/generate/preview", "openai", {"task": "generate", "platforms": ["tiktok"]} | body)


def pieces(preview: dict[str, Any], source: str) -> list[str]:
    contents = [message["content"] for message in preview["messages"]]
    return [contents[s["message"]][s["start"] : s["end"]] for s in preview["spans"] if s["source"] == source]


def test_each_part_of_a_prompt_says_where_it_comes_from(world: World) -> None:
    profile = {"display_name": "Robin", "bio": "Repairs bicycles"}
    assert Client().request("profile", "PATCH", "/v1/profile", body=profile).status == 200
    template_id = Client().request("templates", "POST", "/v1/templates", body=TEMPLATE).json["id"]
    shown = preview_of(topic="Saturday", template_id=template_id, variables={"event": "café"}, audience="cyclists")
    assert pieces(shown, "profile") == ["Robin", "Repairs bicycles"]
    assert pieces(shown, "request") == ['"cyclists"', "<brief>Saturday</brief>", "café"]
    assert pieces(shown, "template")[0] == "As "
    assert pieces(shown, "template")[-1] == " spring", "a default is the template's"
    assert "TikTok" in pieces(shown, "rules")


def test_hidden_characters_are_listed_with_their_place_and_source(world: World) -> None:
    profile = {"display_name": "Robin\u202e", "bio": ""}
    assert Client().request("profile", "PATCH", "/v1/profile", body=profile).status == 200
    shown = preview_of(topic=f"a\u200bb \U000e0041 {MECHANIC} {ENGLAND} \u2764\ufe0f \u0645\u06cc\u200c\u062e x\u200dy")
    found = [(each["character"], each["kind"], each["source"]) for each in shown["hidden_characters"]]
    assert found == [
        ("U+202E", "bidi", "profile"), ("U+200B", "invisible", "request"), ("U+E0041", "tag", "request"),
        ("U+200D", "invisible", "request"),
    ]  # fmt: skip
    for each in shown["hidden_characters"]:
        assert ord(shown["messages"][each["message"]]["content"][each["at"]]) == int(each["character"][2:], 16)
