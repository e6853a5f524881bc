"""Filter patterns of CloudWatch Logs for JSON lines, as far as the template uses them, and the metrics that they give."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

_TOKEN = re.compile(r'\s*(\(|\)|&&|\|\||\$\.\w+|!=|=|"[^"]*")')
Line = Mapping[str, Any]


def matches(pattern: str, line: Line) -> bool:
    """Tell whether a line matches ``{ $.name = "value" && … }``. Raises ValueError for syntax that the template does not use."""
    inner = re.fullmatch(r"\s*\{(.*)\}\s*", pattern)
    tokens = [] if inner is None else _TOKEN.findall(inner[1])
    if inner is None or "".join(tokens) != re.sub(r"\s", "", inner[1]):
        raise ValueError(pattern)
    found = _either(tokens, line)
    if tokens:
        raise ValueError(pattern)
    return found


def _either(tokens: list[str], line: Line) -> bool:
    found = _both(tokens, line)
    while tokens and tokens[0] == "||":
        tokens.pop(0)
        found = _both(tokens, line) or found
    return found


def _both(tokens: list[str], line: Line) -> bool:
    found = _one(tokens, line)
    while tokens and tokens[0] == "&&":
        tokens.pop(0)
        found = _one(tokens, line) and found
    return found


def _one(tokens: list[str], line: Line) -> bool:
    if tokens[0] == "(":
        tokens.pop(0)
        found = _either(tokens, line)
        tokens.pop(0)
        return found
    name, operator, value = tokens.pop(0)[2:], tokens.pop(0), tokens.pop(0)[1:-1]
    return name in line and (str(line[name]) == value) == (operator == "=")


def data_points(properties: Mapping[str, Any], lines: Iterable[Line]) -> list[tuple[dict[str, str], float]]:
    """The dimensions and values that a metric filter gives for lines. A value that is no number gives none."""
    (transformation,) = properties["MetricTransformations"]
    points = []
    for line in lines:
        if not matches(properties["FilterPattern"], line):
            continue
        told = transformation["MetricValue"]
        value = line.get(told.removeprefix("$.")) if told.startswith("$.") else float(told)
        if isinstance(value, int | float):
            dimensions = transformation.get("Dimensions", [])
            points.append(({d["Key"]: line[d["Value"].removeprefix("$.")] for d in dimensions}, float(value)))
    return points
