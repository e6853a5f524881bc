"""F7 over HTTP: what a request says is sent once, in the template's place for it or in the rules; and what comes back."""

from __future__ import annotations

import json
from typing import Any

import pytest

from local.simulators.world import World
from tests.api.harness import Answer, Client

MARK = "Zinnober-Canary"
KEY = {"x-ai-key-openai": "sk-canary-openai-1"}
BODY: dict[str, Any] = {"task": "generate", "platforms": ["facebook", "tiktok"], "topic": MARK}
FIELDS: dict[str, Any] = {
    "tone": "dry",
    "audience": "cyclists",
    "call_to_action": "Come on Saturday",
    "length": "short",
    "variants": 2,
    "keep": [MARK],
    "avoid": ["rust"],
    "language": "Portuguese",
    "include_hashtags": False,
}


def send(fields: dict[str, Any] | None = None, path: str = "/v1/generate") -> Answer:
    return Client().request("generate", "POST", path, body=BODY | (fields or {}), headers=KEY)


def system(answer: Answer) -> str:
    return str(answer.json["messages"][0]["content"])


def user(answer: Answer) -> str:
    return str(answer.json["messages"][1]["content"])


def template(**fields: Any) -> str:
    body = {"name": "Mine", "content_mode": "personal", "user_text": "{topic}"} | fields
    answer = Client().request("templates", "POST", "/v1/templates", body=body)
    assert answer.status == 201, answer.text
    return str(answer.json["id"])


@pytest.mark.parametrize("task", ["generate", "improve", "ideas"])
def test_the_preview_shows_what_is_sent_with_every_field(world: World, task: str) -> None:
    fields = FIELDS | {"task": task, "text": "Ring the bell"}
    before, after = send(fields, "/v1/generate/preview"), send(fields)
    assert (before.status, after.status) == (200, 200), after.text
    sent = json.loads(world.journal[0].body)
    assert [sent["instructions"], sent["input"]] == [message["content"] for message in before.json["messages"]]
    assert before.json["hash"] == after.json["transparency"]["hash"]
    for value in ("dry", "cyclists", "Come on Saturday", "rust", "Portuguese"):
        assert (system(before) + user(before)).count(value) == 1


def test_each_platform_gets_as_many_versions_as_are_asked_for(world: World) -> None:
    results = send({"variants": 3}).json["results"]
    assert [(r["platform"], r["variant"]) for r in results] == [(p, n) for p in ("facebook", "tiktok") for n in (1, 2, 3)]
    assert len({result["text"] for result in results}) > 1
    assert [result["variant"] for result in send().json["results"]] == [1, 1]


def test_there_are_as_many_ideas_as_are_asked_for(world: World) -> None:
    assert [len(result["ideas"]) for result in send({"task": "ideas", "variants": 4}).json["results"]] == [4, 4]
    assert [len(result["ideas"]) for result in send({"task": "ideas"}).json["results"]] == [3, 3]


def test_words_that_are_missing_or_unwanted_are_told(world: World) -> None:
    asked = {"topic": f"echo:{MARK}", "keep": [MARK, "bell"], "avoid": ["zinnober", "Zinn"]}
    result = send(asked).json["results"][0]
    told = {check["code"]: (check["severity"], check["message"]) for check in result["checks"]}
    assert told["keep_missing"] == ("warning", "1 of the words to keep are not in the text.")
    assert told["avoid_present"] == ("warning", "1 of the words to avoid are in the text.")


@pytest.mark.parametrize(
    ("fields", "field", "code"),
    [
        ({"keep": ["Bell"], "avoid": ["bell"]}, "avoid", "contradiction"),
        ({"keep": ["#bell"], "include_hashtags": False}, "include_hashtags", "contradiction"),
        ({"variants": 5}, "variants", "less_than_equal"),
        ({"length": "tiny"}, "length", "literal_error"),
        ({"keep": ["a", "a"]}, "keep", "duplicates"),
    ],
)
def test_contradictions_are_refused_by_field(world: World, fields: dict[str, Any], field: str, code: str) -> None:
    answer = send(fields)
    assert answer.status == 422
    assert [(error["field"], error["code"]) for error in answer.json["errors"]] == [(field, code)]


def test_a_field_fills_the_templates_variable_and_is_not_said_again(world: World) -> None:
    variables = [
        {"name": "tone", "type": "choice", "choices": ["calm", "loud"], "default": "calm"},
        {"name": "audience", "required": False},
    ]
    named = template(user_text="Tone: {tone}\nFor: {audience}\n\n{topic}", variables=variables)
    plain, dry = (send({"template_id": named, **more}, "/v1/generate/preview") for more in ({}, {"tone": "dry"}))
    assert user(plain) == f"Tone: calm\n\n<brief>{MARK}</brief>", "a line about nothing is left out"
    assert user(dry) == f"Tone: dry\n\n<brief>{MARK}</brief>" and "dry" not in system(dry)
    twice = send({"template_id": named, "tone": "dry", "variables": {"tone": "loud"}})
    assert [(e["field"], e["code"]) for e in twice.json["errors"]] == [("variables.tone", "contradiction")]


def test_F14_a_default_template_with_a_required_variable_does_not_refuse_plain_requests(world: World) -> None:
    named = template(user_text="Occasion: {occasion}\n\n{topic}", variables=[{"name": "occasion"}], is_default=True)
    plain = send(path="/v1/generate/preview")
    assert plain.status == 200, plain.text
    assert (plain.json["template"], user(plain)) == (named, f"<brief>{MARK}</brief>")
    chosen = send({"template_id": named})
    assert [(e["field"], e["code"]) for e in chosen.json["errors"]] == [("variables.occasion", "missing")]


def test_a_named_template_needs_a_topic_or_a_text_but_not_both(world: World) -> None:
    named = template(user_text="{topic}\n\n{text}")
    assert send({"template_id": named}, "/v1/generate/preview").status == 200
    only_text = {"template_id": named, "task": "improve", "topic": None, "text": "Ring the bell"}
    assert user(send(only_text, "/v1/generate/preview")) == "<text>Ring the bell</text>"
    neither = send({"template_id": named, "topic": None})
    assert [error["field"] for error in neither.json["errors"]] == ["topic", "text"]


def test_the_products_templates_say_nothing_that_nobody_said(world: World) -> None:
    for mode in ("business", "influencer", "personal"):
        Client().request("profile", "PATCH", "/v1/profile", body={"content_mode": mode})
        answer = send(path="/v1/generate/preview")
        assert user(answer) == f"<brief>{MARK}</brief>"
        assert system(answer).count("anguage") == 1 and "locale" not in system(answer)


def test_F8_a_template_without_a_topic_and_without_a_provider_gives_own_words_or_says_that_there_are_none(world: World) -> None:
    named = template(
        user_text="Invite to {event} for {seats}", variables=[{"name": "event"}, {"name": "seats", "type": "number"}]
    )
    asked = {"template_id": named, "topic": None, "platforms": ["tiktok"], "variables": {"event": "Open evening", "seats": 12}}
    answer = Client().request("generate", "POST", "/v1/generate", body=BODY | asked)
    assert (answer.json["source"], answer.json["transparency"]["provider"]) == ("static", "static")
    assert answer.json["results"][0]["text"] == "Open evening"
    fixed = template(user_text="Wish everybody a good evening")
    none = Client().request("generate", "POST", "/v1/generate", body=BODY | {"template_id": fixed, "topic": None})
    assert (none.json["source"], none.json["results"], none.json["stopped"]["code"]) == ("none", [], "nothing_to_lay_out")
    assert none.json["transparency"]["provider"] is None


def test_F8_a_german_brief_gets_no_english_sentence(world: World) -> None:
    asked = {"topic": "Ich habe mein altes Rad wieder zum Laufen gebracht.", "platforms": ["facebook"], "language": "German"}
    answer = Client().request("generate", "POST", "/v1/generate", body=BODY | asked)
    assert answer.json["results"][0]["text"] == "Ich habe mein altes Rad wieder zum Laufen gebracht.\n\nWas meint ihr?"
