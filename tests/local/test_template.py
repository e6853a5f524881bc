"""Reading SAM templates."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from local.aws import template as sam
from local.aws.specs import AuthorizerSpec, Template, TemplateError
from tests.local.stubs import STUB

ROOT = Path(__file__).resolve().parents[2]
VALUES = {"Auth0Domain": "tenant.eu.auth0.com", "Auth0Audience": "https://api"}


def load(**more: str) -> Template:
    return sam.load(sam.read(STUB), {**VALUES, **more}, {"Work": {"Ref": "http://queue/work", "Arn": "arn:work"}})


def minimal(properties: dict[str, Any], **sections: Any) -> dict[str, Any]:
    base = {"CodeUri": ".", "Handler": "app.handler"}
    return {"Resources": {"F": {"Type": "AWS::Serverless::Function", "Properties": {**base, **properties}}}, **sections}


def test_functions_inherit_globals_and_merge_variables() -> None:
    echo = load().functions["Echo"]
    assert (echo.handler, echo.timeout_s, echo.memory_mb) == ("app.handler", 3, 256)
    assert echo.environment == {"GREETING": "hello", "QUEUE_URL": "http://queue/work", "OWN": "yes"}
    assert load().functions["Worker"].timeout_s == 1


def test_conditions_choose_values_and_resources() -> None:
    assert load(Suffix="you").functions["Echo"].environment["GREETING"] == "hello you"
    assert "Never" not in load().queues
    assert "Never" in load(Suffix="you").queues


def test_routes_know_whether_they_need_a_token() -> None:
    routes = {route.key: route for route in load().routes}
    assert not routes["ANY /open"].authorized
    assert routes["GET /private"].authorized
    assert routes["GET /private"].function == "Echo"


def test_authorizer_and_cors_are_resolved() -> None:
    loaded = load()
    assert loaded.authorizer == AuthorizerSpec("https://tenant.eu.auth0.com/", ("https://api",))
    assert loaded.cors is not None
    assert loaded.cors.origins == ("http://localhost:3000", "https://app.example.com")
    assert loaded.cors.headers == ("authorization", "content-type")


def test_queues_consumers_and_schedules_are_linked_by_logical_id() -> None:
    loaded = load()
    assert loaded.queues["Work"].dead_letters == "Dead"
    assert loaded.queues["Work"].max_receives == 2
    (consumer,) = loaded.queue_events
    assert (consumer.queue, consumer.function, consumer.batch_size, consumer.report_failures) == ("Work", "Worker", 10, True)
    tick = next(schedule for schedule in loaded.schedules if schedule.name == "Tick")
    assert (tick.expression, tick.input, tick.retries) == ("rate(1 minute)", '{"task": "tick"}', 0)


@pytest.mark.parametrize(
    ("value", "resolved"),
    [
        ({"Fn::Join": ["-", ["a", {"Ref": "AWS::Region"}]]}, "a-eu-central-1"),
        ({"Fn::Sub": "${!Literal} ${AWS::AccountId}"}, "${Literal} 123456789012"),
        ({"Fn::Sub": ["${x}-${AWS::Partition}", {"x": "y"}]}, "y-aws"),
        ({"Fn::Select": [1, {"Fn::Split": [",", "a,b"]}]}, "b"),
        ({"Fn::GetAtt": ["F", "Arn"]}, "F.Arn"),
        ({"Fn::If": ["Yes", "a", "b"]}, "a"),
        ({"Fn::If": ["No", "a", "b"]}, "b"),
    ],
)
def test_intrinsics(value: Any, resolved: str) -> None:
    conditions = {"Yes": {"Fn::Or": [{"Fn::Equals": ["a", "b"]}, {"Condition": "Other"}]}, "Other": {"Fn::Equals": ["a", "a"]}}
    conditions["No"] = {"Fn::And": [{"Condition": "Yes"}, {"Fn::Not": [{"Condition": "Yes"}]}]}
    document = minimal({"Environment": {"Variables": {"V": value}}}, Conditions=conditions)
    assert sam.load(document, {}, {}).functions["F"].environment["V"] == resolved


def test_no_value_drops_the_property() -> None:
    document = minimal({"Timeout": {"Fn::If": ["No", 9, {"Ref": "AWS::NoValue"}]}}, Conditions={"No": {"Fn::Equals": ["a", "b"]}})
    assert sam.load(document, {}, {}).functions["F"].timeout_s == 3


@pytest.mark.parametrize(
    ("document", "parameters", "message"),
    [
        (minimal({"Handler": {"Ref": "Nobody"}}), {}, "Nobody"),
        (minimal({"Handler": {"Fn::Cidr": []}}), {}, "Fn::Cidr"),
        (minimal({}, Parameters={"P": {"Type": "String"}}), {}, "P: the parameter has no value"),
        (minimal({}, Parameters={"P": {"Type": "String", "AllowedPattern": "a+"}}), {"P": "b"}, "does not match"),
        (minimal({}), {"P": "b"}, "no such parameter"),
        (minimal({"Handler": {"Fn::If": ["C", 1, 2]}}, Conditions={"C": {"Condition": "C"}}), {}, "depends on itself"),
    ],
)
def test_what_cannot_be_resolved_is_named(document: dict[str, Any], parameters: dict[str, str], message: str) -> None:
    with pytest.raises(TemplateError, match=message):
        sam.load(document, parameters, {})


def test_the_products_template_loads() -> None:
    document = sam.read(ROOT / "template.yaml")
    queues = {name: {"Ref": f"http://q/{name}", "Arn": f"arn:{name}"} for name in sam.names(document, "AWS::SQS::Queue")}
    loaded = sam.load(document, VALUES, queues)
    assert loaded.functions["PublishFunction"].environment["PUBLISH_QUEUE_URL"] == "http://q/PublishQueue"
    assert {event.queue for event in loaded.queue_events} <= set(loaded.queues)
    assert loaded.authorizer is not None
    assert loaded.authorizer.issuer == "https://tenant.eu.auth0.com/"
    open_routes = {route.path for route in loaded.routes if not route.authorized}
    assert "/v1/health" in open_routes
    assert "/v1/profile" not in open_routes
