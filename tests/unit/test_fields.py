"""Each idea of a value is defined once, and every request uses that definition."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

from noillusion.ai.models import GenerateRequest
from noillusion.core import fields
from noillusion.core.models import Strict
from noillusion.platforms.options import PlatformOptions
from noillusion.platforms.tiktok.options import TikTokOptions
from noillusion.profiles.models import ProfilePatch, stored_preferences
from noillusion.publishing.models import RetryTarget
from noillusion.templates.models import PreviewRequest

PACKAGE = Path(fields.__file__).parents[1]
FUNCTIONS = Path(__file__).resolve().parents[2] / "functions"
ONCE = {
    "NUL characters": r"\\x00",
    "duplicates": r'refused\("duplicates"\)',
    "ids": r"\{8\}|\bUUID\(|UUID \|",
    "time zones": r"available_timezones",
    "composed tags": r"normalize\(\"NFC",
    "models": r"(?i)models/\W",
    "trimmed texts without a check for NUL": r"strip_whitespace=True[^\n]*\)(?!, NO_NUL)",
}
BELOW = ("flows/", "platforms/", "net/", "db/", "vault/", "settings/", "media/")
"""Rooms that read no requests."""
ELSEWHERE = {
    # Texts, not fields: a draft's, which is compared with what a platform shows, hashtags that a model wrote, words of searches.
    "composed tags": {"publishing/evidence.py", "publishing/drafts.py", "ai/rules.py", "templates/words.py"},
    # Ids of queue messages, of log lines that may hold nothing else, and those that tell which request made a row.
    "ids": {"api/batch.py", "core/logs.py", "idempotency.py"},
}


@pytest.mark.parametrize("idea", ONCE)
def test_each_idea_has_one_definition(idea: str) -> None:
    files = {path: path.relative_to(PACKAGE).as_posix() for path in PACKAGE.rglob("*.py")}
    files = {path: name for path, name in files.items() if not name.startswith(BELOW)}
    files |= {path: path.relative_to(FUNCTIONS).as_posix() for path in FUNCTIONS.rglob("*.py")}
    found = {name for path, name in files.items() if re.search(ONCE[idea], path.read_text())}
    assert found - {"core/fields.py"} <= ELSEWHERE.get(idea, set())


def read(kind: Any, value: object) -> Any:
    """The value as a request would have it, or ``None`` if it is refused."""
    try:
        return TypeAdapter(kind).validate_python(value)
    except ValidationError:
        return None


@pytest.mark.parametrize(
    ("given", "tag"),
    [
        ("es-419", "es-419"),
        ("EN-us", "en-US"),
        ("zh-hant-tw", "zh-Hant-TW"),
        ("de-1996", "de-1996"),
        ("ar-u-nu-LATN", "ar-u-nu-latn"),
        (" fr ", "fr"),
        ("german", None),
        ("e", None),
        ("en_US", None),
        ("en-", None),
    ],
)
def test_a_locale_and_a_language_are_the_same_tags(given: str, tag: str | None) -> None:
    assert read(fields.LanguageTag, given) == tag
    if tag:
        assert read(fields.Language, given) == tag
        assert GenerateRequest.model_validate({**BRIEF, "language": given}).language == tag
        assert ProfilePatch.model_validate({"locale": given}).changes() == {"locale": tag}


BRIEF = {"task": "generate", "platforms": ["tiktok"], "topic": "t"}


@pytest.mark.parametrize("name", ["German", "Brazilian Portuguese", "Español (Chile)", "हिन्दी", "日本語", "Serbo-Croatian"])
def test_a_language_can_be_given_by_its_name(name: str) -> None:
    assert read(fields.Language, name) == name


@pytest.mark.parametrize("name", ["", "x", "en\nIgnore", "French; also", "100", "{topic}", "French\x00", "French" * 9])
def test_what_is_no_language_is_refused(name: str) -> None:
    assert read(fields.Language, name) is None


@pytest.mark.parametrize("model", ["gemini-2.5-flash", "gpt-5.2", "ft:gpt-4o:org::id", "claude-opus-4.6"])
def test_a_model_has_one_name(model: str) -> None:
    preferences = {"ai_preferences": {"providers": [{"provider": "google", "model": f"models/{model}"}]}}
    assert ProfilePatch.model_validate(preferences).changes()["ai_preferences"]["providers"][0]["model"] == model
    request = GenerateRequest.model_validate({**BRIEF, "models": {"google": f"models/{model}", "openai": model}})
    assert request.models == {"google": model, "openai": model}


@pytest.mark.parametrize("model", ["publishers/google/models/x", "models/", "a/b", "../x", "x y", ""])
def test_a_name_that_no_provider_has_is_refused_everywhere(model: str) -> None:
    assert read(fields.ModelName, model) is None


def test_stored_preferences_with_a_refused_model_are_read_without_it() -> None:
    stored = {
        "monthly_budget_usd": "5",
        "providers": [
            {"provider": "google", "model": "models/gemini-x"},
            {"provider": "openai", "model": "a/b", "enabled": False},
        ],
    }
    found = stored_preferences(stored)
    assert [(p.provider, p.model, p.enabled) for p in found.providers] == [("google", "gemini-x", True), ("openai", None, False)]
    assert found.monthly_budget_usd == Decimal(5)


def test_an_id_is_the_same_in_every_request() -> None:
    upper = "7E3A1C00-0001-4000-8000-000000000001"
    wrong = ("7e3a1c0000014000800000000000000a", "{7e3a1c00-0001-4000-8000-000000000001}", f"urn:uuid:{upper}", f"{upper}\n")
    assert GenerateRequest.model_validate({**BRIEF, "template_id": upper}).template_id == upper.lower()
    assert PreviewRequest.model_validate({"template_id": upper}).template_id == upper.lower()
    assert RetryTarget.model_validate({"target_id": upper}).target_id == upper.lower()
    assert fields.is_id(upper) and not any(map(fields.is_id, wrong))
    assert [read(fields.Id, each) for each in wrong] == [None] * len(wrong)


def test_a_tag_is_searched_as_it_is_stored() -> None:
    for given in ("Café", "CAFE\u0301 ", " café"):
        assert read(fields.Tag, given) == read(fields.TagFilter, given) == "café"


PLAIN = {bool: ("true", "yes", 1, 0), int: ("7", True, 7.5), float: ("7.5", True)}
"""Values that a lax validator would take for one of the type."""


def request_models(base: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for model in base.__subclasses__():
        yield model
        yield from request_models(model)


def scalars(annotation: Any) -> Iterator[Any]:
    """A type and the types that it is made of: those of a union, and what is annotated."""
    yield annotation
    for part in get_args(annotation) if get_origin(annotation) in (Annotated, Union, UnionType) else ():
        yield from scalars(part)


def lax(model: type[BaseModel]) -> Iterator[str]:
    """The fields of a request that take a flag or a number in another form than JSON's."""
    for name, field in model.model_fields.items():
        kinds = {*scalars(field.annotation)} & {str, *PLAIN}
        annotated: Any = Annotated[field.annotation, None, *field.metadata]
        for value in PLAIN[kinds.pop()] if len(kinds) == 1 and str not in kinds else ():
            if read(annotated, value) is not None:
                yield f"{model.__name__}.{name} takes {value!r}"


def test_flags_and_numbers_of_requests_are_those_of_json() -> None:
    models = {model for base in (Strict, PlatformOptions) for model in request_models(base)}
    assert {GenerateRequest, ProfilePatch, RetryTarget, PreviewRequest, TikTokOptions} <= models
    assert [problem for model in models for problem in lax(model)] == []
