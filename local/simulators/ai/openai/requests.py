"""OpenAI's requests: refused parameters, and the prompt and schema of the accepted ones."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from starlette.requests import Request

from local.simulators.ai.language_model import (
    Model,
    Prompt,
    Refused,
    accepts,
    json_type,
)
from local.simulators.ai.openai.errors import invalid
from local.simulators.world import Json

LEAST_OUTPUT_TOKENS = 16
MOST_CHOICES = 128
SAMPLING = ("temperature", "top_p", "top_logprobs")
NEVER_THINK = re.compile(r"^gpt-4o")
ALWAYS_THINK = re.compile(r"^(gpt-6\.2|gpt-5|o3)")

# Top-level parameters and their JSON types, from the SDK's ResponseCreateParams and CompletionCreateParams.
RESPONSES_PARAMETERS = {
    "access_programs": "object", "background": "boolean", "background_options": "object", "context_management": "array",
    "conversation": "string|object", "image": "object", "include": "array", "input": "string|array", "instructions": "string",
    "max_output_tokens": "integer", "max_tool_calls": "integer", "metadata": "object", "model": "string",
    "moderation": "object", "parallel_tool_calls": "boolean", "previous_response_id": "string", "prompt": "object",
    "prompt_cache_key": "string", "prompt_cache_options": "object", "prompt_cache_retention": "string", "reasoning": "object",
    "safety_identifier": "string", "service_tier": "string", "store": "boolean", "stream": "boolean",
    "stream_options": "object", "temperature": "number", "text": "object", "tool_choice": "string|object", "tools": "array",
    "top_logprobs": "integer", "top_p": "number", "truncation": "string", "user": "string",
}  # fmt: skip
CHAT_PARAMETERS = {
    "audio": "object", "frequency_penalty": "number", "function_call": "string|object", "functions": "array",
    "logit_bias": "object", "logprobs": "boolean", "max_completion_tokens": "integer", "max_tokens": "integer",
    "messages": "array", "metadata": "object", "modalities": "array", "model": "string", "moderation": "object", "n": "integer",
    "parallel_tool_calls": "boolean", "prediction": "object", "presence_penalty": "number", "prompt_cache_key": "string",
    "prompt_cache_options": "object", "prompt_cache_retention": "string", "reasoning_effort": "string",
    "response_format": "object", "safety_identifier": "string", "seed": "integer", "service_tier": "string",
    "stop": "string|array", "store": "boolean", "stream": "boolean", "stream_options": "object", "temperature": "number",
    "tool_choice": "string|object", "tools": "array", "top_logprobs": "integer", "top_p": "number", "user": "string",
    "verbosity": "string", "web_search_options": "object",
}  # fmt: skip
ROLES = ("system", "developer", "user", "assistant", "tool", "function")
INSTRUCTING = ("system", "developer")
TEXT_PARTS = ("input_text", "output_text", "text", "refusal")
IMAGE_PARTS = ("input_image", "image_url")
ANY_JSON = {"type": "object", "properties": {"text": {"type": "string"}}}


async def read_object(request: Request) -> Json:
    """The JSON object in the body. Refused: not JSON, or not an object."""
    try:
        body = json.loads(await request.body())
    except ValueError:
        raise invalid("We could not parse the JSON body of your request.", None) from None
    if not isinstance(body, dict):
        raise invalid(f"Invalid type for request body: expected an object, but got {json_type(body)}.", "invalid_type")
    return body


def check_parameters(body: Json, known: Mapping[str, str], required: Sequence[str]) -> None:
    """Refuse unknown, missing and wrongly typed top-level parameters."""
    for name in required:
        if body.get(name) is None:
            raise invalid(f"Missing required parameter: '{name}'.", "missing_required_parameter", name)
    for name, value in body.items():
        if name not in known:
            raise invalid(f"Unknown parameter: '{name}'.", "unknown_parameter", name)
        if value is not None and not accepts(known[name], value):
            expected = known[name].replace("|", " or ")
            message = f"Invalid type for '{name}': expected {expected}, but got {json_type(value)} instead."
            raise invalid(message, "invalid_type", name)


def check_model_parameters(model: Model, body: Json, effort: str | None) -> None:
    """Refuse sampling parameters of models that think, and effort ``none`` where it does not exist (ai-providers.md 3, 7)."""
    if effort == "none" and ALWAYS_THINK.match(model.id):
        message = f"Unsupported value: 'none' is not supported with the '{model.id}' model."
        raise invalid(message, "unsupported_value", "reasoning.effort")
    if effort == "none" or NEVER_THINK.match(model.id):
        return
    for name in SAMPLING:
        if body.get(name) is not None:
            message = f"Unsupported parameter: '{name}' is not supported with this model."
            raise invalid(message, "unsupported_parameter", name)


def check_least(value: int | None, name: str, least: int) -> None:
    """Refuse a limit of output tokens that is too small."""
    if value is not None and value < least:
        message = f"Invalid '{name}': integer below minimum value. Expected a value >= {least}, but got {value} instead."
        raise invalid(message, "integer_below_min_value", name)


def read_prompt(given: str | list[Any], param: str, instructions: str) -> Prompt:
    """Instructions and text of a request's messages; images are counted."""
    system, user, images = [instructions] if instructions else [], [], 0
    for i, item in enumerate([{"role": "user", "content": given}] if isinstance(given, str) else given):
        where = f"{param}[{i}]"
        if not isinstance(item, dict) or item.get("role") not in ROLES:
            message = f"Invalid value for '{where}.role'. Supported values are: {', '.join(ROLES)}."
            raise invalid(message, "invalid_value", where)
        content = item.get("content")
        if content is None:
            raise invalid(f"Missing required parameter: '{where}.content'.", "missing_required_parameter", f"{where}.content")
        for part in [{"type": "text", "text": content}] if isinstance(content, str) else content:
            if part.get("type") in IMAGE_PARTS:
                images += 1
                user.append(f"[image {str(part.get('image_url'))[:200]}]")
            elif part.get("type") in TEXT_PARTS:
                (system if item["role"] in INSTRUCTING else user).append(str(part.get("text", "")))
            else:
                message = f"Invalid value: '{part.get('type')}'. Supported values are: 'input_text', 'input_image'."
                raise invalid(message, "invalid_value", f"{where}.content")
    return Prompt("\n".join(system), "\n".join(user), images)


def read_schema(given: Json, described: Json, param: str, prompt: Prompt) -> Json | None:
    """The JSON schema that a format asks for, or None for plain text."""
    kind = given.get("type", "text")
    if kind == "text":
        return None
    if kind == "json_object":
        if "json" not in prompt.text.lower():
            raise invalid(f"'{param}' of type 'json_object' needs the word 'json' in the messages.", None, param)
        return ANY_JSON
    if kind != "json_schema":
        raise invalid(f"Invalid value: '{kind}'. Supported values are: json_object, json_schema, text.", "invalid_value", param)
    name, schema = described.get("name"), described.get("schema")
    if not isinstance(name, str) or not re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", name):
        raise invalid(f"Missing or invalid '{param}.name'.", "missing_required_parameter", f"{param}.name")
    if not isinstance(schema, dict):
        raise invalid(f"Missing required parameter: '{param}.schema'.", "missing_required_parameter", f"{param}.schema")
    if schema.get("type") != "object" and "$ref" not in schema:
        raise bad_schema(name, (), "schema must be of type 'object'", param)
    if described.get("strict"):
        check_strict(schema, name, (), param)
    return schema


def bad_schema(name: str, path: tuple[str, ...], what: str, param: str) -> Refused:
    """A 400 for a schema that strict mode does not accept."""
    message = f"Invalid schema for response_format '{name}': In context={path}, {what}."
    return invalid(message, "invalid_json_schema", f"{param}.schema")


def check_strict(schema: Json, name: str, path: tuple[str, ...], param: str) -> None:
    """Strict mode: every object is closed and requires all of its properties (the SDK's ``to_strict_json_schema``)."""
    properties = schema.get("properties", {})
    if schema.get("type") == "object":
        if schema.get("additionalProperties") is not False:
            raise bad_schema(name, path, "'additionalProperties' is required to be supplied and to be false", param)
        missing = sorted(set(properties) - set(schema.get("required", [])))
        if missing:
            raise bad_schema(name, path, f"'required' has to include every key in properties. Missing '{missing[0]}'", param)
    children = {("properties", k): v for k, v in properties.items()}
    children |= {("$defs", k): v for k, v in schema.get("$defs", {}).items()}
    children |= {("anyOf", str(i)): v for i, v in enumerate(schema.get("anyOf", []))}
    if isinstance(schema.get("items"), dict):
        children[("items", "")] = schema["items"]
    for step, child in children.items():
        check_strict(child, name, (*path, *filter(None, step)), param)
