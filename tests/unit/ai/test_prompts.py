"""Messages are a pure function of the request, the profile and the template, and hold nothing that is not shown."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from pydantic import ValidationError

from noillusion.ai.instructions import VARIANT_NAMES, Source
from noillusion.ai.models import GenerateRequest
from noillusion.ai.prompts import PromptTexts, build, output_limit
from noillusion.catalog.platforms import PLATFORMS
from noillusion.core.sensitive import Content
from noillusion.profiles.author import Author
from tests.support.ai import MARK, prompt, request

AUTHOR = Author(display_name="Ada", bio="Mends bicycles", skills=["welding", "patience"], mission_statement="Ride on")


def test_the_same_input_gives_the_same_bytes_and_hash() -> None:
    first, second = (build(request(), AUTHOR) for _ in range(2))
    assert first.messages == second.messages and first.hash == second.hash


@pytest.mark.parametrize(
    "change",
    [{"topic": "other"}, {"platforms": ["tiktok"]}, {"tone": "dry"}, {"language": "German"}, {"include_hashtags": False},
     {"max_output_tokens": 300}, {"task": "ideas"}, {"audience": "cyclists"}, {"call_to_action": "Come"}, {"length": "short"},
     {"length": "long"}, {"variants": 2}, {"keep": ["bell"]}, {"avoid": ["bell"]}],
)  # fmt: skip
def test_whatever_changes_what_is_sent_changes_the_hash(change: dict[str, Any]) -> None:
    assert prompt(**change).hash != prompt().hash


def test_anyone_can_recompute_the_hash_from_what_is_shown() -> None:
    sent = prompt(topic="Grüße 🚲 </script>")
    shown = json.loads(json.dumps({"messages": sent.messages, "parameters": sent.parameters}))
    canonical = json.dumps(shown, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert hashlib.sha256(canonical).hexdigest() == sent.hash


def test_the_built_in_prompt_holds_topic_profile_and_platform_rules() -> None:
    system, user = (message["content"] for message in build(request(), AUTHOR).messages)
    assert user == f"<brief>{MARK}</brief>"
    for part in ("Ada", "Mends bicycles", "welding, patience", "Ride on", "3000", "linkedin", "facebook"):
        assert part in system
    assert "tiktok" not in system


def test_an_empty_profile_leaves_no_empty_headings() -> None:
    system = build(request(), Author()).messages[0]["content"]
    assert "Who is posting" not in system and "\n\n\n" not in system


def test_what_the_template_has_no_place_for_is_appended_visibly() -> None:
    template = PromptTexts(Content("Be brief."), Content("About bicycles"))
    assert build(request(), AUTHOR, template).messages[1]["content"] == f"About bicycles\n\n<brief>{MARK}</brief>"
    placed = PromptTexts(Content(""), Content(f"About {MARK}"), Source(frozenset({"topic"})))
    assert build(request(), AUTHOR, placed).messages[1]["content"] == f"About {MARK}"


def test_braces_in_what_a_person_writes_are_left_alone() -> None:
    assert "{bio} {{x}} %s" in prompt(topic="{bio} {{x}} %s").messages[1]["content"]


def objects(schema: Any) -> list[dict[str, Any]]:
    """Every object schema within a schema."""
    if not isinstance(schema, dict):
        return []
    inner = [found for value in schema.values() for found in objects(value)]
    return [schema, *inner] if schema.get("type") == "object" else inner


@pytest.mark.parametrize("task", ["generate", "ideas"])
def test_the_schema_demands_every_platform_and_is_closed(task: str) -> None:
    schema = prompt(task=task, platforms=list(PLATFORMS)).schema
    assert schema["required"] == list(PLATFORMS)
    for found in objects(schema):
        assert found["additionalProperties"] is False and found["required"] == list(found["properties"])
    if task == "ideas":
        assert all(list(schema["properties"][name]["properties"]) == list(VARIANT_NAMES[:3]) for name in PLATFORMS)


def test_the_output_limit_has_room_for_thinking_and_a_ceiling() -> None:
    assert output_limit(request(platforms=["tiktok"])) >= 2_500
    assert output_limit(request(task="improve", text="x" * 20_000, platforms=list(PLATFORMS))) == 32_000
    assert output_limit(request(max_output_tokens=256)) == 256


@pytest.mark.parametrize(
    "change",
    [
        {"task": "translate"},
        {"platforms": []},
        {"platforms": ["tiktok", "tiktok"]},
        {"platforms": ["mastodon"]},
        {"topic": None},
        {"topic": "x" * 4001},
        {"task": "improve"},
        {"providers": ["openai", "openai"]},
        {"providers": []},
        {"models": {"openai": "gpt 6"}},
        {"models": {"nobody": "x"}},
        {"max_output_tokens": 10},
        {"temperature": 1},
        {"template_id": "1"},
        {"variables": {"a b": "x"}},
        {"variants": 0},
        {"variants": 5},
        {"length": "endless"},
        {"keep": ["bell", "bell"]},
        {"keep": ["Bell"], "avoid": ["bell"]},
        {"keep": ["#bell"], "include_hashtags": False},
        {"keep": ["x" * 61]},
        {"avoid": [""]},
        {"audience": ""},
        {"call_to_action": "x" * 201},
    ],
)
def test_requests_that_make_no_sense_are_refused_without_repeating_them(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as caught:
        request(**change)
    assert MARK not in str(caught.value)


def test_nothing_a_person_wrote_shows_when_printed() -> None:
    made = GenerateRequest.model_validate(
        {"task": "improve", "platforms": ["tiktok"], "text": MARK, "topic": MARK, "tone": MARK, "variables": {"v": MARK}}
    )
    assert MARK not in repr(made) + str(made) + made.model_dump_json() + repr(build(made, Author(display_name=MARK))) + repr(
        AUTHOR
    )
