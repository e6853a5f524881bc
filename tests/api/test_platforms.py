"""The list of what the platforms offer: a client that builds its form from it builds posts that are accepted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from noillusion.catalog.platforms import NAMES
from noillusion.platforms import catalog
from noillusion.platforms.files import rules_for
from noillusion.publishing import offers
from noillusion.settings.source import settings
from tests.api.harness import Answer, Client
from tests.flows.examples import ACCOUNTS, DRAFTS

THUMBNAILS = {"media.thumbnail", "link.thumbnail"}


@pytest.fixture(autouse=True)
def _no_earlier_answer() -> None:
    offers._offers.cache_clear()


def listed(known: str = "") -> Answer:
    return Client().request("connect_callback", "GET", "/v1/platforms", headers={"if-none-match": known} if known else {})


def offer(name: str) -> dict[str, Any]:
    items = listed().json["items"]
    assert [item["platform"] for item in items] == list(NAMES)
    return next(item for item in items if item["platform"] == name)


@pytest.mark.parametrize(("name", "kind"), sorted(key for key in DRAFTS if key[0] in NAMES), ids=str)
def test_a_form_with_the_required_parts_of_a_kind_is_complete(deployment: Path, name: str, kind: str) -> None:
    found = next(each for each in offer(name)["kinds"] if each["kind"] == kind)
    platform = catalog.get(name)
    problems = platform.check(DRAFTS[name, kind], ACCOUNTS[name])  # type: ignore[index]  # kinds of the examples
    assert not [p for p in problems if p.severity == "error" and p.field.split(".")[0] in ("text", "media", "link", "poll")]
    allowed = {*found["required"], *found["optional"], *found["ignored"]}
    parts = platform.capabilities.kinds[kind]  # type: ignore[index]
    assert allowed == {*parts.needs, *parts.may, *parts.drops}
    assert not {*found["required"]} & {*found["optional"]}


def test_every_kind_and_every_rule_that_is_checked_is_listed(deployment: Path) -> None:
    for name in NAMES:
        platform = catalog.get(name)
        shown = {each["kind"]: each for each in offer(name)["kinds"]}
        assert shown.keys() == platform.capabilities.kinds.keys()
        for kind, parts in platform.capabilities.kinds.items():
            assert (shown[kind]["media"] is None) == (parts.media is None)
            assert shown[kind]["text_limit"] == platform.text_limit(kind)
            files = {each["sort"]: each for each in shown[kind]["files"]}
            may = {*parts.needs, *parts.may}
            assert ("thumbnail" in files) == ("cover" in platform.capabilities.files and bool(may & THUMBNAILS))
            if parts.media is None:
                continue
            assert files.keys() >= parts.media.types.keys()
            for sort in parts.media.types:
                rules = rules_for(platform.capabilities.files, kind, sort)
                assert rules is not None
                bounds = {each["figure"]: (each["minimum"], each["maximum"]) for each in files[sort]["figures"]}
                assert bounds == dict(rules.figures)
                assert files[sort]["content_types"] == list(rules.types)


@pytest.mark.parametrize("name", NAMES)
def test_the_schema_of_options_accepts_what_the_requests_accept(deployment: Path, name: str) -> None:
    schema = offer(name)["options"]
    model = catalog.get(name).options
    if not model.model_fields:
        assert schema == {}
        return
    Draft202012Validator.check_schema(schema)
    assert schema["properties"].keys() == model.model_fields.keys()
    assert schema["additionalProperties"] is False


def test_a_platform_without_an_app_is_listed_as_not_configured(deployment: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert offer("tiktok")["configured"]
    for name in ("TIKTOK_CLIENT_ID", "TIKTOK_CLIENT_SECRET"):
        monkeypatch.setenv(name, "")
    settings.forget()
    before = listed()
    assert not offer("tiktok")["configured"]
    assert offer("linkedin")["configured"]
    for name in ("TIKTOK_CLIENT_ID", "TIKTOK_CLIENT_SECRET"):
        monkeypatch.setenv(name, "app")
    settings.forget()
    assert listed().headers["etag"] != before.headers["etag"]


def test_a_client_that_has_the_list_gets_304(deployment: Path) -> None:
    first = listed()
    assert first.status == 200
    assert first.headers["cache-control"] == "private, max-age=300"
    again = listed(first.headers["etag"])
    assert (again.status, again.text) == (304, "")
    assert again.headers["etag"] == first.headers["etag"]
    assert listed('"other"').status == 200
