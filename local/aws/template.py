"""Reads the SAM template into typed values: functions, routes, schedules, queues, CORS, authorizer.

It must never guess: an intrinsic or a reference that it cannot resolve is an error that names the place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

REGION = "eu-central-1"
ACCOUNT = "123456789012"

Attributes = Mapping[str, str]
"""What a resource answers to ``!GetAtt``, plus ``Ref``."""


class TemplateError(Exception):
    """The template says something this runtime cannot resolve."""


@dataclass(frozen=True, slots=True)
class RouteSpec:
    """One route of the HTTP API: ``method`` may be ANY, ``path`` may hold ``{name}`` and ``{name+}`` or be ``$default``."""

    method: str
    path: str
    function: str
    authorized: bool

    @property
    def key(self) -> str:
        """The route key as it stands in events."""
        return "$default" if self.path == "$default" else f"{self.method} {self.path}"


@dataclass(frozen=True, slots=True)
class ScheduleSpec:
    """One EventBridge Scheduler schedule; ``input`` is the JSON text that the function gets as its whole event."""

    name: str
    function: str
    expression: str
    input: str = "{}"
    retries: int = 185
    max_age_s: int = 86_400
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class QueueEventSpec:
    """One SQS event-source mapping; ``queue`` is the logical id."""

    name: str
    function: str
    queue: str
    batch_size: int = 10
    report_failures: bool = False


@dataclass(frozen=True, slots=True)
class QueueSpec:
    """One SQS queue, times in seconds; ``dead_letters`` is the logical id of the redrive target."""

    name: str
    visibility_timeout_s: int = 30
    retention_s: int = 345_600
    delay_s: int = 0
    managed_sse: bool = True
    dead_letters: str | None = None
    max_receives: int = 0


@dataclass(frozen=True, slots=True)
class FunctionSpec:
    """One Lambda function. ``async_retries`` is what Lambda does after a failed asynchronous invocation (2 unless configured)."""

    name: str
    code: str
    handler: str
    timeout_s: int
    memory_mb: int
    runtime: str
    environment: Mapping[str, str]
    log_format: str = "Text"
    log_level: str = ""
    async_retries: int = 2
    async_max_age_s: int = 21_600


@dataclass(frozen=True, slots=True)
class CorsSpec:
    """CORS of the HTTP API, names in lower case where HTTP compares them so."""

    origins: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    expose: tuple[str, ...] = ()
    max_age_s: int | None = None
    credentials: bool = False


@dataclass(frozen=True, slots=True)
class AuthorizerSpec:
    """The native JWT authorizer of the HTTP API."""

    issuer: str
    audience: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Template:
    """Everything the runtime needs from the template, resolved."""

    functions: Mapping[str, FunctionSpec]
    layers: Mapping[str, str]
    routes: tuple[RouteSpec, ...]
    schedules: tuple[ScheduleSpec, ...]
    queue_events: tuple[QueueEventSpec, ...]
    queues: Mapping[str, QueueSpec]
    cors: CorsSpec | None
    authorizer: AuthorizerSpec | None


class _Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short tags."""


def _intrinsic(loader: yaml.SafeLoader, suffix: str, node: yaml.Node) -> Any:
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        assert isinstance(node, yaml.MappingNode)
        value = loader.construct_mapping(node, deep=True)
    if suffix in ("Ref", "Condition"):
        return {suffix: value}
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _intrinsic)
# A template's dates are version strings, never dates.
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}

_NO_VALUE = object()
_VARIABLE = re.compile(r"\$\{(!?)([^}]*)\}")


@dataclass(slots=True)
class _Resolver:
    """Evaluates intrinsics against parameters, conditions and the resources' addresses."""

    parameters: Mapping[str, Any]
    conditions: Mapping[str, Any]
    resources: Mapping[str, Any]
    addresses: Mapping[str, Attributes]
    region: str
    _open: set[str] = field(default_factory=set)

    def __call__(self, value: Any) -> Any:
        """The value with every intrinsic replaced; ``AWS::NoValue`` members are dropped."""
        if isinstance(value, list):
            return [done for item in value if (done := self(item)) is not _NO_VALUE]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            (name, argument) = next(iter(value.items()))
            if name == "Ref":
                return self.ref(argument)
            if name == "Condition" and isinstance(argument, str):
                return self.condition(argument)
            if isinstance(name, str) and name.startswith("Fn::"):
                return self.call(name, argument)
        return {key: done for key, item in value.items() if (done := self(item)) is not _NO_VALUE}

    def ref(self, name: str) -> Any:
        """A parameter's value, a pseudo parameter's, or a resource's physical id."""
        pseudo = {
            "AWS::Region": self.region,
            "AWS::AccountId": ACCOUNT,
            "AWS::Partition": "aws",
            "AWS::URLSuffix": "amazonaws.com",
            "AWS::StackName": "noillusion-local",
            "AWS::NoValue": _NO_VALUE,
        }
        if name in pseudo:
            return pseudo[name]
        if name in self.parameters:
            return self.parameters[name]
        return self.attribute(name, "Ref")

    def attribute(self, resource: str, name: str) -> str:
        """``!GetAtt``; a resource without a local address is known by its logical id, so that permissions still read well."""
        known = self.addresses.get(resource, {})
        if name in known:
            return known[name]
        if resource not in self.resources:
            raise TemplateError(f"{resource}: neither a parameter nor a resource")
        return resource if name == "Ref" else f"{resource}.{name}"

    def condition(self, name: str) -> bool:
        """The value of a named condition."""
        if name not in self.conditions:
            raise TemplateError(f"{name}: no such condition")
        if name in self._open:
            raise TemplateError(f"{name}: the condition depends on itself")
        self._open.add(name)
        try:
            return bool(self(self.conditions[name]))
        finally:
            self._open.discard(name)

    def call(self, name: str, argument: Any) -> Any:
        """One ``Fn::`` intrinsic."""
        functions: dict[str, Callable[[Any], Any]] = {
            "Fn::Sub": self._sub,
            "Fn::GetAtt": lambda a: self.attribute(*(a.split(".", 1) if isinstance(a, str) else a)),
            "Fn::If": lambda a: self(a[1] if self.condition(a[0]) else a[2]),
            "Fn::Not": lambda a: not self(a[0]),
            "Fn::Equals": lambda a: self(a[0]) == self(a[1]),
            "Fn::And": lambda a: all(self(item) for item in a),
            "Fn::Or": lambda a: any(self(item) for item in a),
            "Fn::Join": lambda a: str(a[0]).join(str(item) for item in self(a[1])),
            "Fn::Select": lambda a: self(a[1])[int(self(a[0]))],
            "Fn::Split": lambda a: str(self(a[1])).split(a[0]),
        }
        if name not in functions:
            raise TemplateError(f"{name}: not supported")
        return functions[name](argument)

    def _sub(self, argument: Any) -> str:
        text, given = (argument, {}) if isinstance(argument, str) else (argument[0], self(argument[1]))

        def replace(match: re.Match[str]) -> str:
            literal, name = match.groups()
            if literal:
                return f"${{{name}}}"
            if name in given:
                return str(given[name])
            return str(self.ref(name) if "." not in name else self.attribute(*name.split(".", 1)))

        return _VARIABLE.sub(replace, text)


def read(path: Path) -> dict[str, Any]:
    """The document with short tags in their long form, nothing resolved."""
    document = yaml.load(path.read_text("utf-8"), Loader=_Loader)
    if not isinstance(document, dict) or "Resources" not in document:
        raise TemplateError(f"{path.name}: not a template")
    return document


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
    resolver = _Resolver(
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
