"""The OpenAPI document as the generators of clients need it: valid, with one stable name for everything."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, get_args

import pytest
from openapi_spec_validator import validate

from local.aws import template as sam
from noillusion.api import openapi
from noillusion.api.scopes import NEEDED, SCOPES, Scope, needed
from noillusion.core.codes import CATALOG
from tests.api.harness import ROOT, template
from tests.support.described import faults_of, followed
from tools.openapi import document as generator
from tools.openapi import enums, problems, requests
from tools.openapi.schemas import nodes

DOCUMENT: dict[str, Any] = openapi.document()
SCHEMAS: dict[str, Any] = DOCUMENT["components"]["schemas"]
OPERATIONS: dict[str, tuple[str, str, dict[str, Any]]] = {
    operation["operationId"]: (method.upper(), path, operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
}
VERBS = (
    "authorize|cancel|check|complete|confirm|copy|count|create|decline|delete|disconnect|edit|export|generate|get|import|list|"
    "mark|pause|pin|preview|publish|rate|receive|refresh|replay|report|restore|resume|retry|rotate|share|"
    "start|store|test|unpin|unshare|update|withdraw"
)


def fields() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for name, schema in SCHEMAS.items():
        for field, described in schema.get("properties", {}).items():
            yield name, field, described


def branches(schema: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = schema.get("anyOf", [schema])
    return found


def test_the_document_is_valid() -> None:
    validate(DOCUMENT)


def test_every_reference_leads_somewhere() -> None:
    references = {node["$ref"] for node in nodes(DOCUMENT) if isinstance(node.get("$ref"), str)}
    assert len(references) > 100
    for reference in references:
        followed({"$ref": reference})


def test_every_component_is_used() -> None:
    used = {node["$ref"] for node in nodes(DOCUMENT) if isinstance(node.get("$ref"), str)}
    lines = {"ExportLine", "ExportLastLine"}
    assert {name for name in SCHEMAS if f"#/components/schemas/{name}" not in used} == lines


def test_a_schema_has_its_name_as_its_only_title() -> None:
    assert {schema["title"] for schema in SCHEMAS.values() if "enum" not in schema} == {
        name for name, schema in SCHEMAS.items() if "enum" not in schema
    }
    inner = [node for schema in SCHEMAS.values() for node in nodes(list(schema.values())) if isinstance(node.get("title"), str)]
    assert inner == []


def test_names_of_schemas_make_names_of_classes() -> None:
    assert [name for name in SCHEMAS if not re.fullmatch(r"[A-Z][A-Za-z]+", name)] == []
    assert [name for name, count in Counter(name.lower() for name in SCHEMAS).items() if count > 1] == []


def test_operations_are_named_by_verbs() -> None:
    assert [name for name in OPERATIONS if not re.fullmatch(rf"({VERBS})[A-Z][A-Za-z]+", name)] == []
    assert len(OPERATIONS) == sum(len(methods) for methods in DOCUMENT["paths"].values())


def test_closed_sets_are_components_of_their_own() -> None:
    inline = [(name, node) for name, schema in SCHEMAS.items() for node in nodes(list(schema.values())) if "enum" in node]
    inline += [(name, node) for name, (_, _, operation) in OPERATIONS.items() for node in nodes(operation) if "enum" in node]
    assert inline == []
    assert {name for name, schema in SCHEMAS.items() if "enum" in schema} == set(enums.components())


@pytest.mark.parametrize("name", sorted(enums.components()))
def test_a_closed_set_is_described(name: str) -> None:
    assert SCHEMAS[name]["description"].endswith(".") and len(set(SCHEMAS[name]["enum"])) == len(SCHEMAS[name]["enum"])


def test_a_closed_set_without_a_name_stops_the_generation() -> None:
    from tools.openapi.schemas import tidy

    with pytest.raises(SystemExit, match=r"enums\.py"):
        tidy({}, {"Thing": {"properties": {"kind": {"type": "string", "enum": ["one", "other"]}}}})


def responses_of(schema: str) -> bool:
    return not re.search(r"(Input|Request|Patch|Put|Options)$", schema) and schema not in (
        "RetryTarget",
        "PromptText",
        "Recurrence",
    )


def test_responses_contain_every_field() -> None:
    partial = {
        name: sorted(set(schema["properties"]) - set(schema.get("required", ())))
        for name, schema in SCHEMAS.items()
        if "properties" in schema and responses_of(name) and set(schema["properties"]) != set(schema.get("required", ()))
    }
    assert set(partial) == {"ErrorParams", "FieldError", "Problem", "TikTokEvent"}


def test_requests_require_no_field_that_has_a_default() -> None:
    for name, schema in SCHEMAS.items():
        if not responses_of(name):
            for field in schema.get("required", ()):
                assert "default" not in schema["properties"][field], (name, field)


def test_parameters_are_never_null() -> None:
    for name, (_, _, operation) in OPERATIONS.items():
        for parameter in operation.get("parameters", ()):
            assert all(branch.get("type") != "null" for branch in branches(parameter["schema"])), (name, parameter["name"])
            assert parameter["description"], (name, parameter["name"])


def test_ids_times_and_amounts_have_a_format() -> None:
    foreign = {"account_id", "platform_post_id", "location_id", "user_id", "correlation_id", "pending_id", "message_id"}
    for name, field, schema in fields():
        texts = [branch for branch in branches(schema) if branch.get("type") == "string"]
        if re.search(r"(^|_)id$", field) and field not in foreign and name != "AccountChoice":
            assert texts and all("uuid" in (text.get("format"), "uuid" if "pattern" in text else "") for text in texts), (
                name,
                field,
            )
        if field.endswith("_at") and not field.startswith("local_"):
            assert texts and all(text.get("format") == "date-time" for text in texts), (name, field)
        if field.endswith("_usd") and responses_of(name):
            assert texts and all(text.get("format") == "decimal" for text in texts), (name, field)


def test_an_idempotency_key_is_required_where_its_absence_is_refused() -> None:
    (parameter,) = (part for part in OPERATIONS["publishPost"][2]["parameters"] if part["name"] == "idempotency-key")
    assert parameter["required"]


def test_the_scope_of_a_route_is_declared_once_and_shown() -> None:
    assert set(SCOPES) == set(get_args(Scope)) == set(NEEDED.values())
    for route in template().routes:
        if "+" not in route.path:
            assert (needed(route.key) is not None) == route.authorized, route.key
    assert len({re.sub(r"\{\w+\}", "{}", route.key) for route in template().routes if route.authorized}) == len(NEEDED)
    for name, (method, path, operation) in OPERATIONS.items():
        scope = needed(f"{method} {path}")
        assert operation["security"] == ([{"auth0": [scope]}, {"bearer": []}] if scope else []), name


def test_the_flows_offer_every_scope() -> None:
    flows = DOCUMENT["components"]["securitySchemes"]["auth0"]["flows"]
    assert set(flows) == {"authorizationCode", "clientCredentials"}
    assert all(flow["scopes"] == dict(SCOPES) for flow in flows.values())


def test_every_operation_has_a_tag_that_is_described() -> None:
    described = [tag["name"] for tag in DOCUMENT["tags"]]
    assert len(set(described)) == len(described) and all(tag["description"].endswith(".") for tag in DOCUMENT["tags"])
    assert {tag for _, _, operation in OPERATIONS.values() for tag in operation["tags"]} == set(described)


def test_what_is_served_is_what_is_published() -> None:
    assert generator.TARGETS[0].read_text() == generator.TARGETS[1].read_text()


def test_every_operation_has_an_example_of_its_request_and_of_every_answer() -> None:
    assert list(requests.EXAMPLES) == list(dict.fromkeys(requests.EXAMPLES)) and requests.EXAMPLES.keys() == OPERATIONS.keys()
    for name, (_, _, operation) in OPERATIONS.items():
        if "requestBody" in operation and name not in problems.RAW:
            assert {"example", "examples"} & operation["requestBody"]["content"]["application/json"].keys(), name
        for parameter in operation.get("parameters", ()):
            assert "example" in parameter or not parameter["required"], (name, parameter["name"])
        for status, response in operation["responses"].items():
            described = list(response["content"].values()) if int(status) < 400 and "content" in response else []
            assert not described or {"example", "examples"} & described[0].keys(), (name, status)


def test_each_way_of_scheduling_whose_content_comes_later_is_shown() -> None:
    _, _, operation = OPERATIONS["createSchedule"]
    asked = operation["requestBody"]["content"]["application/json"]["examples"]
    told = operation["responses"]["201"]["content"]["application/json"]["examples"]
    ways = {name: [target["way"] for target in example["value"]["targets"]] for name, example in asked.items()}
    assert ways == {name: [target["way"] for target in example["value"]["targets"]] for name, example in told.items()}
    assert ways == {name: [name] for name in ("notify", "pull", "generate")}


def test_examples_fit_their_schemas() -> None:
    for name, (_, _, operation) in OPERATIONS.items():
        parts = [*operation.get("parameters", ()), *operation.get("requestBody", {}).get("content", {}).values()]
        for response in operation["responses"].values():
            parts += followed(response).get("content", {}).values()
        for part in parts:
            examples = (
                [part["example"]] if "example" in part else [followed(e)["value"] for e in part.get("examples", {}).values()]
            )
            for example in examples:
                assert faults_of(example, part["schema"]) == [], name


def test_an_example_that_lacks_a_field_or_has_another_one_does_not_fit() -> None:
    post = OPERATIONS["getPost"][2]["responses"]["200"]["content"]["application/json"]
    assert faults_of({**post["example"], "more": 1}, post["schema"])
    assert faults_of({name: value for name, value in post["example"].items() if name != "repost_of"}, post["schema"])


def test_every_answer_names_its_headers_and_every_problem_its_codes() -> None:
    for name, (_, _, operation) in OPERATIONS.items():
        found = {status: followed(response) for status, response in operation["responses"].items()}
        assert {"429", "500", "503"} <= found.keys(), name
        assert not operation["security"] or "401" in found, name
        assert "requestBody" not in operation or {"400", "413", "422"} <= found.keys() or name in problems.RAW, name
        for status, response in found.items():
            assert "x-correlation-id" in response["headers"], (name, status)
            if "application/problem+json" in response.get("content", {}):
                codes = response["content"]["application/problem+json"]["examples"]
                assert codes and {str(CATALOG[code].status) for code in codes} == {status}, (name, status)


def test_every_code_of_the_catalog_belongs_to_an_operation_or_to_no_route() -> None:
    shown = set(DOCUMENT["components"]["examples"])
    assert set(CATALOG) - shown == {"method_not_allowed"}


def test_links_lead_to_operations_and_fill_their_parameters() -> None:
    links = [
        (name, link)
        for name, (_, _, operation) in OPERATIONS.items()
        for response in operation["responses"].values()
        for link in response.get("links", {}).values()
    ]
    assert {"publishPost", "completeAuthorization", "getPendingConnection", "startExport"} <= {name for name, _ in links}
    for name, link in links:
        required = {part["name"] for part in OPERATIONS[link["operationId"]][2]["parameters"] if part["in"] == "path"}
        assert required <= set(link["parameters"]), (name, link["operationId"])


def test_the_introduction_says_which_operations_take_a_key_and_which_answer_head() -> None:
    text = DOCUMENT["info"]["description"]
    keyed = {
        f"{method} {path}"
        for method, path, operation in OPERATIONS.values()
        if any(followed(parameter)["name"] == "idempotency-key" for parameter in operation.get("parameters", ()))
    }
    assert set(re.findall(r"`(POST /v1/[^`]+)`", text)) == keyed and len(keyed) == 9
    headed = {f"{method} {path}" for method, path, _ in OPERATIONS.values() if method == "HEAD"}
    assert set(re.findall(r"`(HEAD /v1/[^`]+)`", text)) == headed
    assert set(re.findall(r"409 `(\w+)`", text.replace("\n", " "))) <= set(CATALOG)


def test_the_introduction_says_what_the_gateway_is_configured_to_do() -> None:
    cors = sam.read(ROOT / "template.yaml")["Resources"]["Api"]["Properties"]["CorsConfiguration"]
    text = DOCUMENT["info"]["description"]
    named = re.findall(r"`([a-z-]+)`", text.partition("access-control-expose-headers` lists, for example")[2].partition(".")[0])
    assert len(named) == 4 and set(named) <= set(cors["ExposeHeaders"])
    assert "for ten minutes" in text and cors["MaxAge"] == 600
    assert "AllowCredentials" not in cors and "OPTIONS" not in cors["AllowMethods"]
