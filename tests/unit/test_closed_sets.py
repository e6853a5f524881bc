"""Closed sets are enums in the document, and one type in the code: a string that is none is listed here with its reason."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import ValidationError

from noillusion.analytics import messages
from noillusion.analytics import models as analytics
from noillusion.api import openapi
from noillusion.catalog.accounts import ERASED, StatusReason
from noillusion.connections import callback_errors
from noillusion.connections.models import CallbackResult, Connection
from noillusion.core.models import Model, Stored
from noillusion.flows.faults import ErrorClass, Fault
from noillusion.notices.models import Notice, NoticeKind
from noillusion.publishing.models import TargetError, TargetRemoval
from tests.support.described import followed

ROOT = Path(__file__).resolve().parents[2]
OPEN = """
what people write: alt_text audience avoid bio call_to_action choices collaborators ContentInput.first_comment
  ContentInput.text content data default description display_name Finding.found hashtags ideas keep label language message
  mission_statement PollInput.options PollInput.question q skills system_text tag tags text title tone topic user_text
  name audio_name
what groups have in common, of whatever sort: ComparedGroup.value
texts for people: advice empty_reason detail feature holds kept never_stored purpose Retention.by Retention.since what why
what a platform or a provider gives: account_id account_ids AccountChoice.id Attempt.code authorization_url
  completeAuthorization.code completeAuthorization.error completeAuthorization.error_code
  completeAuthorization.error_reason completeAuthorization.state TikTokEvent.event granted_scopes hint location_id model
  models needed permalink platform_code platform_post_id ScopeCost.scope
  ScopeOffer.scope served_model successor tiktok-signature
  PublishingOptions.name avatar_url image_url privacy_levels roles user_openid username
ids, codes and checksums of our own: link source_sha256 token
  chain_sha256 confirmation_code correlation_id cursor DeletionReceipt.code first_part
  message_id secret getDeletionReceipt.code getMetaDataDeletion.code handle hash next_cursor next_part part ticket
  CalendarToken.token getCalendarFeed.token
  pending_id Problem.type return_url sha256 signed_request status_url PreviewResponse.template Transparency.template url user_id
  UsageRow.template
names that clients give: client_reference
names that change with a release and that the API lists itself: allowed field latest missing price_version table unknown version
  ModelInfo.source withheld content_types video_codecs audio_codecs color_spaces required optional ignored
standards of others: locale prefer time_zone
"""
"""Strings that are no closed set, by what they are. Names that elsewhere stand for a closed set are listed with their owner."""


def listed() -> frozenset[str]:
    return frozenset(name for line in re.sub(r"\n +", " ", OPEN).split("\n") for name in line.partition(":")[2].split())


def plain(schema: Mapping[str, Any]) -> bool:
    """Tell whether a schema allows a string about which nothing but its length is known."""
    if any(plain(branch) for branch in (*schema.get("anyOf", ()), *schema.get("oneOf", ()))):
        return True
    inner = [schema[name] for name in ("items", "additionalProperties") if isinstance(schema.get(name), dict)]
    if any(plain(part) for part in inner):
        return True
    return schema.get("type") == "string" and not {"enum", "const", "format", "pattern"} & schema.keys()


def strings(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Iterate over all plain strings: the schema or operation, and the name."""
    for name, schema in document["components"]["schemas"].items():
        for field, described in schema.get("properties", {}).items():
            if plain(described):
                yield name, field
    for methods in document["paths"].values():
        for operation in methods.values():
            for parameter in map(followed, operation.get("parameters", ())):
                if plain(parameter["schema"]):
                    yield operation["operationId"], parameter["name"]


def unlisted(document: Mapping[str, Any]) -> list[tuple[str, str]]:
    known = listed()
    return [(owner, name) for owner, name in strings(document) if not {name, f"{owner}.{name}"} & known]


def test_every_string_is_an_enum_or_known_to_be_open() -> None:
    assert unlisted(openapi.document()) == []


def test_every_name_that_is_known_to_be_open_is_in_use() -> None:
    used = {known for owner, name in strings(openapi.document()) for known in (name, f"{owner}.{name}")}
    assert listed() - used == set()


def test_no_name_is_both_open_and_closed() -> None:
    closed = {
        field
        for schema in openapi.document()["components"]["schemas"].values()
        for field, described in schema.get("properties", {}).items()
        if "enum" in followed(described) or any("enum" in followed(branch) for branch in described.get("anyOf", ()))
    }
    assert listed() & closed == set()


@pytest.mark.parametrize(
    "described",
    [
        {"type": "string"},
        {"type": "string", "maxLength": 60},
        {"anyOf": [{"type": "string"}, {"type": "null"}]},
        {"type": "array", "items": {"type": "string"}},
        {"type": "object", "additionalProperties": {"type": "string"}},
    ],
)
def test_a_new_string_is_found_in_schemas_and_parameters(described: dict[str, Any]) -> None:
    operation = {"operationId": "listThings", "parameters": [{"name": "outcome", "schema": described}]}
    schemas = {"Thing": {"properties": {"reason": described, "kind": {"type": "string", "const": "thing"}}}}
    found = unlisted({"components": {"schemas": schemas}, "paths": {"/v1/things": {"get": operation}}})
    assert found == [("Thing", "reason"), ("listThings", "outcome")]


def test_the_models_name_the_types_of_closed_sets() -> None:
    fields = (
        (TargetError, "error_class"),
        (TargetRemoval, "reason"),
        (Connection, "status_reason"),
        (Connection, "account_kind"),
        (CallbackResult, "error"),
        (Notice, "kind"),
        (analytics.MissingFigures, "reason"),
    )
    assert [(model.__name__, name) for model, name in fields if model.model_fields[name].annotation is str] == []


def test_a_value_of_our_own_is_checked_and_one_from_the_database_is_not() -> None:
    class Thing(Model):
        kind: Stored[NoticeKind]

    assert Thing.model_validate({"kind": "of_a_newer_version"}).model_dump(mode="json") == {"kind": "of_a_newer_version"}
    assert Thing.model_json_schema()["properties"]["kind"]["enum"] == [*get_args(NoticeKind)]
    with pytest.raises(ValidationError):
        CallbackResult.model_validate({"platform": "tiktok", "error": "invented"})


@pytest.mark.parametrize("error_class", ErrorClass)
def test_every_class_of_refusals_can_be_answered(error_class: ErrorClass) -> None:
    error = callback_errors.of_fault(Fault(error_class, "code"))
    assert CallbackResult.failed("tiktok", error).advice == callback_errors.CATALOG[error].advice
    kept = TargetRemoval(target_id="0", platform="tiktok", deleted=False, reason=error_class)
    assert kept.model_dump(mode="json")["reason"] == error_class.value
    missing = analytics.MissingFigures(reason=error_class, message="")
    assert missing.model_dump(mode="json")["reason"] == error_class.value


def test_every_text_about_a_missing_figure_has_a_reason() -> None:
    assert set(messages.REASONS) <= set(analytics.REASONS)


def test_reasons_in_sql_are_those_of_the_type() -> None:
    sources = [path for room in ("layers/shared/noillusion", "tools") for path in (ROOT / room).rglob("*.py")]
    written = {value for path in sources for value in re.findall(r"status_reason = '(\w*)'", path.read_text())}
    assert {ERASED, *written} <= set(get_args(StatusReason)) and written
