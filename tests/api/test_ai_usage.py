"""The report of AI usage: by any choice of dimensions, as JSON and as CSV, with an entity tag."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from local.simulators.world import World
from tests.api.harness import Answer, Client

BODY = {"task": "generate", "platforms": ["tiktok"], "topic": "Bicycles"}
KEYS = {"x-ai-key-openai": "sk-usage-1", "x-ai-key-google": "AIza-usage-2"}
DEFAULT = "7e3a1c00-0003-4000-8000-000000000003"
"""The product's own template for private people."""
TEMPLATE = {"name": "Mine", "content_mode": "personal", "system_text": "Be brief.", "user_text": "About {topic}"}


def generate(**body: Any) -> str:
    answer = Client().request("generate", "POST", "/v1/generate", body=BODY | body, headers=KEYS)
    assert (answer.status, answer.json["source"]) == (200, "ai"), answer.text
    used: str = answer.json["transparency"]["template"]
    return used


def usage(path: str = "/v1/ai/usage", headers: dict[str, str] | None = None, **query: str) -> Answer:
    return Client().request("generate", "GET", path, query=query, headers=headers or {})


@pytest.fixture
def template(world: World) -> str:
    """What was generated: two posts and one list of ideas, the latter with a template of the user's own."""
    made = Client().request("templates", "POST", "/v1/templates", body=TEMPLATE)
    assert made.status == 201, made.text
    template_id: str = made.json["id"]
    assert generate(providers=["openai"]) == DEFAULT
    generate(providers=["google"])
    generate(providers=["openai"], task="ideas", template_id=template_id)
    return template_id


def test_without_a_choice_usage_is_by_day_provider_and_model(template: str) -> None:
    found = usage().json
    assert found["group_by"] == ["day", "provider", "model"]
    rows = [(row["provider"], row["model"], row["attempts"], row["task"], row["template"]) for row in found["items"]]
    assert rows == [("google", "gemini-3.5-flash-lite", 1, None, None), ("openai", "gpt-6-luna", 2, None, None)]
    assert found["attempts"] == 3


def test_usage_is_summed_up_by_what_is_asked_for(template: str) -> None:
    def rows(*names: str) -> list[tuple[Any, ...]]:
        found = usage(group_by=",".join(names)).json
        assert found["attempts"] == 3
        whole = sum(float(row["cost_usd"]) for row in found["items"])
        assert whole == pytest.approx(float(found["cost_usd"]))
        return [(*(row[name] for name in names), row["attempts"]) for row in found["items"]]

    assert rows("task") == [("generate", 2), ("ideas", 1)]
    assert sorted(rows("template")) == sorted([(DEFAULT, 2), (template, 1)])
    assert rows("task", "provider") == [("generate", "google", 1), ("generate", "openai", 1), ("ideas", "openai", 1)]
    ((day, number),) = rows("day")
    assert (len(day), number) == (10, 3)


def test_usage_as_csv_has_the_columns_that_were_asked_for(template: str) -> None:
    answer = usage("/v1/ai/usage.csv", group_by="task,template")
    assert answer.status == 200 and answer.headers["content-disposition"] == 'attachment; filename="usage.csv"'
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [(row["task"], row["template"], row["attempts"]) for row in rows] == [
        ("generate", DEFAULT, "2"), ("ideas", template, "1"),
    ]  # fmt: skip
    assert not {"day", "provider", "model"} & rows[0].keys()
    assert usage("/v1/ai/usage.csv", bom="true").text.startswith("\ufeffday,provider,model,")


def test_an_unchanged_report_is_not_sent_again(template: str) -> None:
    tag = usage().headers["etag"]
    assert usage(headers={"if-none-match": tag}).status == 304
    assert usage(headers={"if-none-match": tag}, group_by="task").status == 200
    generate(providers=["openai"])
    assert usage(headers={"if-none-match": tag}).status == 200


@pytest.mark.parametrize(
    ("given", "code"), [("day,day", "duplicates"), ("user_id", "pattern"), ("", "pattern"), ("day,", "pattern")]
)
def test_a_grouping_that_does_not_exist_is_refused(world: World, given: str, code: str) -> None:
    answer = usage(group_by=given)
    assert (answer.status, answer.json["errors"][0]["field"]) == (422, "group_by")
    assert code in answer.json["errors"][0]["code"]


def test_providers_tell_what_this_month_has_cost_at_each_of_them(template: str, world: World) -> None:
    world.simulators["anthropic"].actions["settings"]({"usage": "missing"})
    headers = {"x-ai-key-anthropic": "sk-ant-usage-3"}
    body = BODY | {"providers": ["anthropic"]}
    assert Client().request("generate", "POST", "/v1/generate", body=body, headers=headers).json["source"] == "ai"
    found = Client().request("generate", "GET", "/v1/ai/providers").json
    told = {item["provider"]: (float(item["spent_usd"]), float(item["reserved_usd"])) for item in found["items"]}
    assert told["openai"][0] > 0 and told["google"][0] > 0 and told["openai"][1] == told["google"][1] == 0
    assert told["anthropic"][0] == 0 and told["anthropic"][1] > 0, "nobody knows what it has cost"
    for place, name in enumerate(("spent_usd", "reserved_usd")):
        assert sum(amounts[place] for amounts in told.values()) == pytest.approx(float(found["budget"][name]))
    others = Client("auth0|bob").request("generate", "GET", "/v1/ai/providers").json["items"]
    assert {(item["spent_usd"], item["reserved_usd"]) for item in others} == {("0", "0")}
