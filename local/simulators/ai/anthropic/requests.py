"""Anthropic's requests: refused parameters, and the prompt and schema of the accepted ones."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from local.simulators.ai.anthropic.errors import invalid
from local.simulators.ai.language_model import (
    Prompt,
    accepts,
    json_type,
)
from local.simulators.world import Json

LEAST_THINKING_BUDGET = 1024

# Parameters and their JSON types, from the SDK's MessageCreateParams; the sampling ones exist in earlier API versions only.
COUNT_PARAMETERS = {
    "messages": "array", "model": "string", "cache_control": "object", "output_config": "object", "speed": "string",
    "system": "string|array", "thinking": "object", "tool_choice": "object", "tools": "array", "user_profile_id": "string",
    "workspace_id": "string",
}  # fmt: skip
PARAMETERS = COUNT_PARAMETERS | {
    "max_tokens": "integer", "container": "string|object", "diagnostics": "object", "inference_geo": "string",
    "metadata": "object", "service_tier": "string", "stop_sequences": "array", "stream": "boolean",
}  # fmt: skip
SAMPLING = {"temperature": "number", "top_p": "number", "top_k": "integer"}

# Constraints that the SDK's transform_schema moves into descriptions because the service does not take them.
UNSUPPORTED = {
    "object": ("minProperties", "maxProperties", "patternProperties"),
    "array": ("maxItems", "uniqueItems"),
    "string": ("minLength", "maxLength"),
    "integer": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    "number": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
}


def check_parameters(body: Json, known: Mapping[str, str], required: tuple[str, ...]) -> None:
    """Refuse missing, unknown and wrongly typed top-level parameters."""
    for name in required:
        if body.get(name) is None:
            raise invalid(f"{name}: Field required")
    for name, value in body.items():
        if name not in known:
            raise invalid(f"{name}: Extra inputs are not permitted")
        if value is not None and not accepts(known[name], value):
            raise invalid(f"{name}: Input should be a valid {known[name].replace('|', ' or ')}, not {json_type(value)}")


def check_thinking(thinking: Json, limit: int) -> bool:
    """Tell whether the model is to think. Refused: an unknown type, or a budget outside 1024 … ``max_tokens``."""
    kind = thinking.get("type", "disabled")
    if kind not in ("enabled", "adaptive", "between_tools", "disabled"):
        raise invalid(f"thinking.type: Input tag '{kind}' is not one of the expected tags")
    if kind == "enabled":
        budget = thinking.get("budget_tokens")
        if not isinstance(budget, int) or budget < LEAST_THINKING_BUDGET:
            raise invalid(f"thinking.enabled.budget_tokens: Input should be greater than or equal to {LEAST_THINKING_BUDGET}")
        if budget >= limit:
            raise invalid("`max_tokens` must be greater than `thinking.budget_tokens`")
    return kind in ("enabled", "adaptive")


def read_prompt(body: Json) -> Prompt:
    """System prompt and text of the messages; images are counted. Refused: empty, or in a role that does not exist."""
    if not body["messages"]:
        raise invalid("messages: at least one message is required")
    system, _ = read_content(body.get("system") or [], "system")
    user, images = [], 0
    for i, message in enumerate(body["messages"]):
        role = message.get("role") if isinstance(message, dict) else None
        if role == "system":
            raise invalid(f'messages.{i}: Unexpected role "system". Use the top-level `system` parameter.')
        if role not in ("user", "assistant"):
            raise invalid(f"messages.{i}.role: Input should be 'user' or 'assistant'")
        if not message.get("content"):
            raise invalid(f"messages.{i}: all messages must have non-empty content")
        text, pictures = read_content(message["content"], f"messages.{i}.content")
        user.append(text)
        images += pictures
    if body["messages"][-1]["role"] == "assistant":
        raise invalid("This model does not support assistant message prefill. The conversation must end with a user message.")
    return Prompt(system, "\n".join(user), images)


def read_content(content: str | list[Any], where: str) -> tuple[str, int]:
    """The text of content blocks and the number of images among them."""
    texts, images = [], 0
    for i, block in enumerate([{"type": "text", "text": content}] if isinstance(content, str) else content):
        kind = block.get("type") if isinstance(block, dict) else None
        if kind == "image":
            images += 1
            texts.append(f"[image {json.dumps(block.get('source'))[:200]}]")
        elif kind == "text":
            if where.startswith("messages") and not str(block.get("text", "")).strip():
                raise invalid(f"{where}.{i}: text content blocks must contain non-whitespace text")
            texts.append(str(block.get("text", "")))
        elif kind not in ("thinking", "redacted_thinking", "tool_use", "tool_result", "document"):
            raise invalid(f"{where}.{i}: Input tag '{kind}' found using 'type' does not match any of the expected tags")
    return "\n".join(texts), images


def read_schema(output_config: Json) -> Json | None:
    """The JSON schema of ``output_config.format``, or None for plain text."""
    given = output_config.get("format")
    if given is None:
        return None
    if given.get("type") != "json_schema" or not isinstance(given.get("schema"), dict):
        raise invalid("output_config.format: Input should be {type: 'json_schema', schema: {...}}")
    check_schema(given["schema"])
    schema: Json = given["schema"]
    return schema


def check_schema(schema: Json) -> None:
    """Refuse open objects and the constraints that structured outputs do not take."""
    kind, where = schema.get("type"), "output_config.format.schema"
    if kind == "object" and schema.get("additionalProperties") is not False:
        raise invalid(f"{where}: For 'object' type, 'additionalProperties' must be explicitly set to false")
    found = [name for name in UNSUPPORTED.get(str(kind), ()) if name in schema]
    if found:
        raise invalid(f"{where}: For '{kind}' type, properties {', '.join(found)} are not supported")
    if kind == "array" and schema.get("minItems", 0) not in (0, 1):
        raise invalid(f"{where}: For 'array' type, 'minItems' values other than 0 or 1 are not supported")
    children = [*schema.get("properties", {}).values(), *schema.get("$defs", {}).values(), *schema.get("anyOf", [])]
    for child in [*children, *([schema["items"]] if isinstance(schema.get("items"), dict) else [])]:
        check_schema(child)
