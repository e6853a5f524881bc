"""H8, F14: lists and searches of templates give the same answers in the same order on both engines, from what triggers and chores
keep beside the templates."""

from __future__ import annotations

from typing import Any

import pytest

from noillusion.db import sql
from noillusion.templates import store
from noillusion.templates.words import search_text
from tests.api.harness import Context, load
from tests.api.test_templates import ALICE, BOB, call, listed, made, run, shared
from tests.support.databases import Store, fly

pytestmark = pytest.mark.usefixtures("deployment")
NAMES = [
    "Élan vital",
    "STRASSENFEST",
    "Łódź i Ørsted",
    "ПРИВЕТ мир",
    "Ο τελευταίος ΟΔΟΣ",
    "私の投稿",
    "İzmir turu",
    "ＷＩＤＥ sale 🚀",
]
SOUGHT = {
    "elan": 0,
    "E\u0301LAN": 0,
    "Straßenfest": 1,
    "lodz": 2,
    "øRSTED": 2,
    "привет": 3,
    "οδος": 4,
    "ΤΕΛΕΥΤΑΙΟΣ": 4,
    "投稿": 5,
    "izmir": 6,
    "wide SALE": 7,
    "🚀": 7,
}


def test_F14_a_search_folds_case_accents_and_width_the_same_on_both_engines() -> None:
    for name in NAMES:
        shared(BOB, name=name)
        made(ALICE, name=name)
    for scope in ("community", "mine"):
        found = {sought: listed(scope=scope, q=sought) for sought in SOUGHT}
        assert found == {sought: [NAMES[number]] for sought, number in SOUGHT.items()}


def test_H8_what_lists_show_follows_each_change_of_a_shared_template() -> None:
    template = shared(BOB, name="First", tags=["old"])

    def seen(**query: str) -> list[dict[str, Any]]:
        return [
            {name: item[name] for name in ("name", "tags", "version", "usage_count", "rating", "updated_at")}
            for item in call(ALICE, "GET", query={"scope": "community", **query}).json["items"]
        ]

    def shown() -> dict[str, Any]:
        return dict(call(ALICE, "GET", f"/{template['id']}").json)

    body = {name: template[name] for name in ("content_mode", "user_text")} | {"name": "Zweite", "tags": ["new"]}
    assert call(BOB, "PUT", f"/{template['id']}", body=body).status == 200
    call(ALICE, "PUT", f"/{template['id']}/rating", body={"stars": 5})
    run(store.count_use("auth0|alice", template["id"]))
    for query in ({}, {"q": "zweite"}, {"tag": "new"}):
        (item,) = seen(**query)
        assert item == {name: shown()[name] for name in item}
        assert (item["version"], item["rating"]["average"], item["name"]) == (2, 5.0, "Zweite")
    assert seen(q="first") == seen(tag="old") == []
    call(BOB, "DELETE", f"/{template['id']}/share")
    assert seen() == []
    call(BOB, "POST", f"/{template['id']}/share")
    assert len(seen()) == 1
    call(BOB, "DELETE", f"/{template['id']}")
    assert seen() == [] and fly(sql("SELECT id FROM template_library WHERE NOT is_product"))[0] == []


def test_F14_a_copy_is_found_by_its_own_name_and_the_description_of_its_source() -> None:
    source = shared(BOB, name="Source", description="Vergänglich")
    call(ALICE, "POST", f"/{source['id']}/copy")
    call(ALICE, "POST", f"/{source['id']}/copy", body={"name": "Ärmel"})
    assert sorted(listed(q="verganglich")) == ["Source", "Ärmel"]
    assert (listed(q="source"), listed(q="armel")) == (["Source"], ["Ärmel"])


def test_F14_templates_of_an_earlier_version_are_found_after_the_next_chore(deployment: Store) -> None:
    own, other = made(ALICE, name="Über"), shared(BOB, name="Überall", description="—")
    fly(sql("UPDATE prompt_templates SET search_text = '', is_searchable = false WHERE user_id <> 'system'"))
    assert listed(q="uber") == listed(scope="community", q="uber") == []
    before = fly(sql("SELECT id, updated_at FROM prompt_templates ORDER BY id"))[0]
    done = load("maintain").handler({"task": "retention"}, Context(60))
    assert (done["searchable"], done["left"]) == (2, 0)
    assert fly(sql("SELECT id, updated_at FROM prompt_templates ORDER BY id"))[0] == before
    assert (listed(q="uber"), listed(scope="community", q="uber")) == (["Über"], ["Überall"])
    assert load("maintain").handler({"task": "retention"}, Context(60))["searchable"] == 0
    stored = dict(map(tuple, deployment.fetch("SELECT name, search_text FROM prompt_templates WHERE user_id <> 'system'")))
    assert stored == {"Über": search_text("Über", ""), "Überall": search_text("Überall", "—")}
    assert own["id"] != other["id"]


def test_a_search_of_signs_only_finds_nothing() -> None:
    made(ALICE, name="100 %")
    assert (listed(q="%"), listed(q="!?"), listed(q="100%")) == ([], [], ["100 %"])
