"""F14: templates leave an account as documents that say where they come from and not whose they are, and are taken in as new
templates, once for each request. What a person does not see in a template is told by every route that shows it."""

from __future__ import annotations

from typing import Any

import pytest

from noillusion.db import sql
from tests.api.test_templates import ALICE, BOB, call, made, shared
from tests.support.databases import fly

pytestmark = pytest.mark.usefixtures("deployment")
VARIABLE = {"name": "event", "type": "choice", "choices": ["fair", "fête"], "default": "fair"}
FIELDS: dict[str, Any] = {
    "name": "Élan",
    "description": "Ein Text",
    "content_mode": "business",
    "platforms": ["tiktok"],
    "tags": ["öko"],
    "system_text": "S {event}",
    "user_text": "U {topic}",
    "variables": [VARIABLE],
}
ELSEWHERE = {"template_id": "11111111-2222-4333-8444-555555555555", "version": 7}
BIDI, TAG = "\u202e", "\U000e0041"


def exported(template_id: str, **query: str) -> dict[str, Any]:
    answer = call(ALICE, "GET", f"/{template_id}/export", query=query)
    assert answer.status == 200, answer.text
    return dict(answer.json)


def document(**more: Any) -> dict[str, Any]:
    return {"format": "noillusion-template", "format_version": 1, "template": {**FIELDS}, "lineage": [ELSEWHERE], **more}


def imported(sent: dict[str, Any], key: str | None = None) -> Any:
    return call(ALICE, "POST", "/import", body=sent, headers={"idempotency-key": key} if key else {})


def test_a_document_brings_a_template_to_another_account_with_its_lineage() -> None:
    mine = made(ALICE, **FIELDS)
    sent = exported(mine["id"])
    assert sent["lineage"] == [{"template_id": mine["id"], "version": 1}]
    answer = call(BOB, "POST", "/import", body=sent)
    assert answer.status == 201, answer.text
    template = answer.json["template"]
    assert {name: template[name] for name in FIELDS} == {name: mine[name] for name in FIELDS}
    assert (template["origin"], template["version"], template["copied_from"]) == ("own", 1, None)
    assert template["lineage"] == sent["lineage"]
    assert call(BOB, "GET", query={"q": "elan"}).json["items"][0]["id"] == template["id"], "it is found"
    again = call(BOB, "GET", f"/{template['id']}/export").json
    assert again["lineage"] == [{"template_id": template["id"], "version": 1}, *sent["lineage"]]
    copy = call(BOB, "POST", f"/{template['id']}/copy").json
    steps = call(BOB, "GET", f"/{copy['id']}/export").json["lineage"]
    assert [step["template_id"] for step in steps] == [copy["id"], template["id"], mine["id"]]


def test_a_shared_template_is_exported_without_what_its_owner_keeps() -> None:
    source = imported({**document(), "template": {**FIELDS, "name": "Taken in"}}).json["template"]
    call(ALICE, "POST", f"/{source['id']}/share")
    answer = call(BOB, "GET", f"/{source['id']}/export")
    assert answer.json["lineage"] == [{"template_id": source["id"], "version": 1}]
    assert call(BOB, "GET", f"/{source['id']}").json["lineage"] == []
    assert "auth0" not in answer.text
    private = made(BOB)
    assert call(ALICE, "GET", f"/{private['id']}/export").status == 404


def test_an_earlier_version_is_exported_as_it_was() -> None:
    mine = made(ALICE, **FIELDS)
    call(ALICE, "PUT", f"/{mine['id']}", body={**FIELDS, "user_text": "Second {topic}"})
    assert exported(mine["id"], version="1")["template"]["user_text"] == "U {topic}"
    assert exported(mine["id"])["template"]["user_text"] == "Second {topic}"
    assert exported(mine["id"])["lineage"][0]["version"] == 2
    assert call(ALICE, "GET", f"/{mine['id']}/export", query={"version": "3"}).status == 404


def test_all_own_templates_are_exported_in_pages_and_can_be_taken_in() -> None:
    ids = [made(ALICE, name=f"t{number}")["id"] for number in range(3)]
    shared(BOB)
    documents, query = [], {"limit": "2"}
    while True:
        page = call(ALICE, "GET", "/export", query=query)
        assert page.status == 200, page.text
        documents += page.json["items"]
        if page.json["next_cursor"] is None:
            break
        query["cursor"] = page.json["next_cursor"]
    assert [each["lineage"][0]["template_id"] for each in documents] == ids[::-1]
    assert {imported(each).status for each in documents} == {201}


def test_a_repeated_import_creates_one_template() -> None:
    first, second = (imported(document(), "key") for _ in range(2))
    assert (first.status, second.status) == (201, 201)
    assert first.json == second.json
    assert [answer.headers["idempotency-replayed"] for answer in (first, second)] == ["false", "true"]
    other = imported(document(lineage=[]), "key")
    assert (other.status, other.json["code"]) == (409, "idempotency_key_reused")
    assert call(ALICE, "POST", body=FIELDS, headers={"idempotency-key": "key"}).json["code"] == "idempotency_key_reused"
    assert fly(sql("SELECT COUNT(*) AS n FROM prompt_templates WHERE user_id <> 'system'"))[0][0]["n"] == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"format": "other"}, "format"),
        ({"format_version": 2}, "format_version"),
        ({"format_version": 0}, "format_version"),
        ({"format_version": None}, "format_version"),
        ({"template": {**FIELDS, "user_text": ""}}, "template.user_text"),
        ({"template": {**FIELDS, "is_default": True}}, "template.*"),
        ({"template": {**FIELDS, "variables": [{**VARIABLE, "choices": []}]}}, "template.variables.0"),
        ({"lineage": [{**ELSEWHERE, "author": "me"}]}, "lineage.0.*"),
        ({"lineage": [{"template_id": "x", "version": 1}]}, "lineage.0.template_id"),
        ({"lineage": [ELSEWHERE] * 21}, "lineage"),
        ({"exported_by": "me"}, "*"),
    ],
)
def test_a_document_that_is_none_is_refused_with_the_field(change: dict[str, Any], field: str) -> None:
    answer = imported(document(**change))
    assert answer.status == 422, answer.text
    assert [error["field"] for error in answer.json["errors"]] == [field]


def test_an_import_tells_what_the_check_of_a_template_tells() -> None:
    texts = {"user_text": "{thing} {{x}}", "variables": [], "system_text": f"S{TAG}"}
    answer = imported(document(template={**FIELDS, **texts})).json
    told = call(ALICE, "POST", "/lint", body={"template": texts}).json["findings"]
    assert answer["findings"] == told
    assert ("hidden_character", "system_text", "U+E0041") in [(each["code"], each["place"], each["found"]) for each in told]
    assert {"undeclared_variable", "braces_vanish"} <= {each["code"] for each in told}


def test_hidden_characters_are_told_by_every_route_that_shows_a_template() -> None:
    variable = {"name": "event", "description": f"ab{BIDI}"}
    fields = {**FIELDS, "name": f"n{BIDI}", "user_text": f"{{topic}}{TAG}", "system_text": "{event}", "variables": [variable]}
    expected = [
        {"place": "name", "variable": None, "at": 1, "character": "U+202E", "kind": "bidi"},
        {"place": "user_text", "variable": None, "at": 7, "character": "U+E0041", "kind": "tag"},
        {"place": "variables", "variable": "event", "at": 2, "character": "U+202E", "kind": "bidi"},
    ]
    template = call(ALICE, "POST", body=fields).json
    answers = [
        template,
        call(ALICE, "GET", f"/{template['id']}").json,
        call(ALICE, "PUT", f"/{template['id']}", body=fields).json,
        call(ALICE, "POST", f"/{template['id']}/share").json,
        call(BOB, "GET", f"/{template['id']}").json,
        call(BOB, "POST", f"/{template['id']}/copy").json,
        imported(exported(template["id"])).json["template"],
    ]
    assert [answer["hidden_characters"] for answer in answers] == [expected] * 7
    checked = call(ALICE, "POST", "/lint", body={"template_id": template["id"]}).json["findings"]
    assert [(each["place"], each["found"]) for each in checked if each["code"] == "hidden_character"] == [
        ("user_text", "U+E0041"),
        ("variables", "U+202E"),
    ]
    assert made(ALICE)["hidden_characters"] == []
