"""Google's requests: refused parameters, and the prompt and schema of the accepted ones."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from starlette.requests import Request

from local.simulators.ai.google.errors import invalid
from local.simulators.ai.language_model import (
    Prompt,
    accepts,
)
from local.simulators.world import Json

# Fields and their JSON types, as the SDK's converters write them; the service also takes snake_case.
FIELDS = {
    "cachedContent": "string", "contents": "array", "continuationToken": "string", "generationConfig": "object",
    "labels": "object", "model": "string", "safetySettings": "array", "serviceTier": "string", "store": "boolean",
    "systemInstruction": "object", "toolConfig": "object", "tools": "array",
}  # fmt: skip
CONFIG_FIELDS = {
    "audioTranscriptionConfig": "object", "candidateCount": "integer", "enableEnhancedCivicAnswers": "boolean",
    "frequencyPenalty": "number", "imageConfig": "object", "logprobs": "integer", "maxOutputTokens": "integer",
    "mediaResolution": "string", "presencePenalty": "number", "responseJsonSchema": "any", "responseLogprobs": "boolean",
    "responseMimeType": "string", "responseModalities": "array", "responseSchema": "object", "seed": "integer",
    "speechConfig": "object", "stopSequences": "array", "temperature": "number", "thinkingConfig": "object", "topK": "number",
    "topP": "number",
}  # fmt: skip
COUNT_FIELDS = {"contents": "array", "generateContentRequest": "object", "model": "string"}
MIME_TYPES = ("text/plain", "application/json", "text/x.enum")
ANY_JSON = {"type": "object", "properties": {"text": {"type": "string"}}}


async def read_object(request: Request) -> Json:
    """The JSON object in the body. Refused: anything else."""
    try:
        body = json.loads(await request.body())
    except ValueError:
        raise invalid("Invalid JSON payload received. Unexpected token.") from None
    if not isinstance(body, dict):
        raise invalid('Invalid JSON payload received. Unknown name "": Root element must be a message.', "")
    return body


def camelled(given: Json) -> Json:
    """``given`` with the names at its top in camelCase."""
    return {re.sub(r"_([a-z])", lambda m: m.group(1).upper(), name): value for name, value in given.items()}


def checked(given: Json, known: Mapping[str, str], where: str) -> Json:
    """``given`` in camelCase. Refused: fields that do not exist, and values of another type."""
    named = camelled(given)
    for (original, value), name in zip(given.items(), named, strict=True):
        at = f" at '{where}'" if where else ""
        if name not in known:
            raise invalid(f'Invalid JSON payload received. Unknown name "{original}"{at}: Cannot find field.', where)
        if value is not None and not accepts(known[name], value):
            raise invalid(f"Invalid value at '{'.'.join(filter(None, (where, original)))}' ({known[name]})", original)
    return {name: value for name, value in named.items() if value is not None}


def read_prompt(body: Json) -> Prompt:
    """System instruction and text of the contents; images are counted. Refused: no contents, unknown roles, empty parts."""
    if not body.get("contents"):
        raise invalid("* GenerateContentRequest.contents: contents is not specified\n")
    system, _ = read_parts(body.get("systemInstruction") or {"parts": []}, "system_instruction")
    user, images = [], 0
    for i, content in enumerate(body["contents"]):
        if not isinstance(content, dict) or content.get("role", "user") not in ("user", "model", "function"):
            raise invalid("Please use a valid role: user, model.")
        if not content.get("parts"):
            raise invalid(f"* GenerateContentRequest.contents[{i}].parts: contents.parts must not be empty.\n")
        text, pictures = read_parts(content, f"contents[{i}]")
        user.append(text)
        images += pictures
    return Prompt(system, "\n".join(user), images)


def read_parts(content: Json, where: str) -> tuple[str, int]:
    """The text of a Content's parts and the number of its images."""
    parts = content.get("parts") or []
    texts, images = [], 0
    for i, part in enumerate([parts] if isinstance(parts, dict) else parts):
        part = camelled(part)
        if "inlineData" in part or "fileData" in part:
            images += 1
            texts.append(f"[image {json.dumps(part.get('inlineData') or part.get('fileData'))[:200]}]")
        elif "text" in part:
            texts.append(str(part["text"]))
        elif not {"functionCall", "functionResponse", "thought"} & set(part):
            raise invalid(f"* GenerateContentRequest.{where}.parts[{i}].data: required oneof field 'data' must be initialized\n")
    return "\n".join(texts), images


def read_schema(config: Json) -> Json | None:
    """The schema of the wanted JSON, or None for plain text. Refused: a schema without ``application/json``."""
    schema = config.get("responseJsonSchema") or config.get("responseSchema")
    mime_type = config.get("responseMimeType", "text/plain")
    if mime_type not in MIME_TYPES:
        allowed = ", ".join(MIME_TYPES)
        raise invalid(f"* GenerateContentRequest.generation_config.response_mime_type: allowed mimetypes are {allowed}\n")
    if config.get("responseJsonSchema") and config.get("responseSchema"):
        raise invalid("response_json_schema and response_schema must not be set together", "generation_config")
    if schema is not None and not isinstance(schema, dict):
        raise invalid("Invalid value at 'generation_config.response_json_schema'", "generation_config.response_json_schema")
    if schema and mime_type == "text/plain":
        raise invalid("A response schema needs the response mime type 'application/json'", "generation_config")
    return schema or (ANY_JSON if mime_type == "application/json" else None)
