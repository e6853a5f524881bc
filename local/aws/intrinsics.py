"""CloudFormation's short tags and intrinsics, read and evaluated.

It must never guess: an intrinsic or a reference that it cannot resolve is an error that names the place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from local.aws.specs import ACCOUNT, TemplateError

Attributes = Mapping[str, str]
"""The attributes of a resource for ``!GetAtt``, plus ``Ref``."""


try:
    from yaml import CSafeLoader as SafeLoader
except ImportError:  # A PyYAML without libyaml takes eight times as long for the same document.
    from yaml import SafeLoader  # type: ignore[assignment]


class Loader(SafeLoader):
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


Loader.add_multi_constructor("!", _intrinsic)
# A template's dates are version strings, never dates.
Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}

_NO_VALUE = object()
_VARIABLE = re.compile(r"\$\{(!?)([^}]*)\}")


@dataclass(slots=True)
class Resolver:
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
