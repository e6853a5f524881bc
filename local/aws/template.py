"""Reads the SAM template into typed values: functions, routes, schedules, queues, CORS, authorizer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from local.aws.intrinsics import Attributes, Loader, Resolver
from local.aws.specs import (
    REGION,
    AuthorizerSpec,
    CorsSpec,
    FunctionSpec,
    QueueEventSpec,
    QueueSpec,
    RouteSpec,
    ScheduleSpec,
    Template,
    TemplateError,
)


def read(path: Path) -> dict[str, Any]:
    """The document with short tags in their long form, nothing resolved."""
    document = deepcopy(_parsed(path.read_text("utf-8")))
    if not isinstance(document, dict) or "Resources" not in document:
        raise TemplateError(f"{path.name}: not a template")
    return document


@lru_cache(maxsize=4)
def _parsed(text: str) -> Any:
    return yaml.load(text, Loader=Loader)


def names(document: Mapping[str, Any], kind: str) -> list[str]:
    """Logical ids of the resources of one type, in the template's order."""
    return [name for name, resource in document["Resources"].items() if resource["Type"] == kind]


def load(
    document: Mapping[str, Any],
    parameters: Mapping[str, str],
    addresses: Mapping[str, Attributes],
    region: str = REGION,
) -> Template:
    """Resolve a document.

    ``parameters`` override defaults; ``addresses`` gives resources' physical ids and attributes by logical id.
    Raises TemplateError for a missing parameter, a value outside its pattern and anything unresolvable.
    """
    resolver = Resolver(
        _parameters(document, parameters), document.get("Conditions", {}), document["Resources"], addresses, region
    )
    resources = {
        name: (resource["Type"], resolver(resource.get("Properties", {})))
        for name, resource in document["Resources"].items()
        if "Condition" not in resource or resolver.condition(resource["Condition"])
    }
    shared = resolver(document.get("Globals", {}).get("Function", {}))
    functions = {n: _merged(shared, p) for n, (kind, p) in resources.items() if kind == "AWS::Serverless::Function"}
    events = [(n, e, spec) for n, p in functions.items() for e, spec in p.get("Events", {}).items()]
    api: dict[str, Any] = next((p for kind, p in resources.values() if kind == "AWS::Serverless::HttpApi"), {})
    authorizer = _authorizer(api)
    arns = {attributes["Arn"]: name for name, attributes in addresses.items() if "Arn" in attributes}
    arns |= {f"{name}.Arn": name for name in resources}
    return Template(
        functions={name: _function(name, properties) for name, properties in functions.items()},
        layers={n: p["ContentUri"] for n, (kind, p) in resources.items() if kind == "AWS::Serverless::LayerVersion"},
        routes=tuple(_route(f, e, authorizer is not None) for f, _, e in events if e["Type"] == "HttpApi"),
        schedules=tuple(_schedule(f, n, e["Properties"]) for f, n, e in events if e["Type"] in ("ScheduleV2", "Schedule")),
        queue_events=tuple(_queue_event(f, n, e["Properties"], arns) for f, n, e in events if e["Type"] == "SQS"),
        queues={n: _queue(n, p, arns) for n, (kind, p) in resources.items() if kind == "AWS::SQS::Queue"},
        cors=_cors(api.get("CorsConfiguration")),
        authorizer=authorizer,
    )


def _parameters(document: Mapping[str, Any], given: Mapping[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, declared in document.get("Parameters", {}).items():
        if name not in given and "Default" not in declared:
            raise TemplateError(f"{name}: the parameter has no value")
        text = str(given.get(name, declared.get("Default")))
        if "AllowedPattern" in declared and not re.fullmatch(declared["AllowedPattern"], text):
            raise TemplateError(f"{name}: the value does not match {declared['AllowedPattern']}")
        is_list = declared["Type"] in ("CommaDelimitedList", "List<Number>")
        values[name] = [part.strip() for part in text.split(",")] if is_list else text
    unknown = set(given) - set(values)
    if unknown:
        raise TemplateError(f"{', '.join(sorted(unknown))}: the template has no such parameter")
    return values


def _merged(shared: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """SAM's rule for Globals: maps merge, lists append, the rest is overridden (AWS SAM guide, "Globals section")."""
    merged = dict(shared)
    for key, value in own.items():
        base = merged.get(key)
        if isinstance(base, dict) and isinstance(value, dict):
            merged[key] = _merged(base, value)
        elif isinstance(base, list) and isinstance(value, list):
            merged[key] = [*base, *value]
        else:
            merged[key] = value
    return merged


def _function(name: str, properties: Mapping[str, Any]) -> FunctionSpec:
    logging = properties.get("LoggingConfig", {})
    retry = properties.get("EventInvokeConfig", {})
    variables = properties.get("Environment", {}).get("Variables", {})
    return FunctionSpec(
        name=name,
        code=str(properties["CodeUri"]),
        handler=str(properties["Handler"]),
        timeout_s=int(properties.get("Timeout", 3)),
        memory_mb=int(properties.get("MemorySize", 128)),
        runtime=str(properties.get("Runtime", "python3.13")),
        environment={key: str(value) for key, value in variables.items()},
        log_format=str(logging.get("LogFormat", "Text")),
        log_level=str(logging.get("ApplicationLogLevel", "")),
        async_retries=int(retry.get("MaximumRetryAttempts", 2)),
        async_max_age_s=int(retry.get("MaximumEventAgeInSeconds", 21_600)),
    )


def _route(function: str, event: Mapping[str, Any], protected: bool) -> RouteSpec:
    properties = event.get("Properties", {})
    authorizer = properties.get("Auth", {}).get("Authorizer")
    method = str(properties.get("Method", "ANY")).upper()
    return RouteSpec(
        method="ANY" if method == "X-AMAZON-APIGATEWAY-ANY-METHOD" else method,
        path=str(properties.get("Path", "$default")),
        function=function,
        authorized=protected and authorizer != "NONE",
    )


def _schedule(function: str, name: str, properties: Mapping[str, Any]) -> ScheduleSpec:
    retry = properties.get("RetryPolicy", {})
    return ScheduleSpec(
        name=name,
        function=function,
        expression=str(properties.get("ScheduleExpression", properties.get("Schedule"))),
        input=str(properties.get("Input", "{}")),
        retries=int(retry.get("MaximumRetryAttempts", 185)),
        max_age_s=int(retry.get("MaximumEventAgeInSeconds", 86_400)),
        enabled=properties.get("State", "ENABLED") == "ENABLED",
    )


def _queue_event(function: str, name: str, properties: Mapping[str, Any], arns: Mapping[str, str]) -> QueueEventSpec:
    return QueueEventSpec(
        name=name,
        function=function,
        queue=_by_arn(properties["Queue"], arns),
        batch_size=int(properties.get("BatchSize", 10)),
        report_failures="ReportBatchItemFailures" in properties.get("FunctionResponseTypes", []),
    )


def _queue(name: str, properties: Mapping[str, Any], arns: Mapping[str, str]) -> QueueSpec:
    redrive = properties.get("RedrivePolicy", {})
    return QueueSpec(
        name=name,
        visibility_timeout_s=int(properties.get("VisibilityTimeout", 30)),
        retention_s=int(properties.get("MessageRetentionPeriod", 345_600)),
        delay_s=int(properties.get("DelaySeconds", 0)),
        managed_sse=bool(properties.get("SqsManagedSseEnabled", True)),
        dead_letters=_by_arn(redrive["deadLetterTargetArn"], arns) if redrive else None,
        max_receives=int(redrive.get("maxReceiveCount", 0)),
    )


def _by_arn(arn: str, arns: Mapping[str, str]) -> str:
    if arn not in arns:
        raise TemplateError(f"{arn}: not a queue of this template")
    return arns[arn]


def _authorizer(api: Mapping[str, Any]) -> AuthorizerSpec | None:
    auth = api.get("Auth", {})
    default = auth.get("DefaultAuthorizer")
    if default is None:
        return None
    jwt = auth["Authorizers"][default]["JwtConfiguration"]
    audience = jwt["audience"]
    return AuthorizerSpec(jwt["issuer"], (audience,) if isinstance(audience, str) else tuple(audience))


def _cors(configured: Any) -> CorsSpec | None:
    if not configured:
        return None
    if configured is True:
        return CorsSpec(origins=("*",), methods=("*",), headers=("*",))
    return CorsSpec(
        origins=tuple(configured.get("AllowOrigins", ())),
        methods=tuple(m.upper() for m in configured.get("AllowMethods", ())),
        headers=tuple(h.lower() for h in configured.get("AllowHeaders", ())),
        expose=tuple(h.lower() for h in configured.get("ExposeHeaders", ())),
        max_age_s=configured.get("MaxAge"),
        credentials=bool(configured.get("AllowCredentials", False)),
    )
