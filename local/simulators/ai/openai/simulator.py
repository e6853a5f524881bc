"""OpenAI as its reference describes it: Responses, Chat Completions and Models, with their limits, errors and odd answers.

Facts: ai-providers.md sections 3 to 7; object shapes as the official SDK's types declare them. It must never know a client.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from local.simulators.ai.language_model import (
    HTML_200,
    Account,
    Action,
    Backend,
    Completion,
    Model,
    Prompt,
    Refused,
    accepts,
    answering,
    event_stream,
    json_type,
    pieces,
)
from local.simulators.world import Json, Preset, World, bearer

HOST = "api.openai.com"
NOTES = (
    "Any key sk-… is valid, except sk-invalid… and keys of the form sk-ant-….",
    "Replies are sample text made from the prompt; echo:WORD in a prompt puts WORD into the reply.",
    "action settings: reply, rpm, tpm, thinking_tokens, context_tokens, models, usage, served.",
    "usage counted, missing, null, empty, strings, floats or negative; served: the model that answers name. Not for streams.",
    "Slow answers: POST /_control/latency. One that never comes: a fault with delay_ms; the tokens are used all the same.",
    "Presets replace the whole answer; those named chat_… are for /v1/chat/completions.",
    "Shutdown dates of models follow the simulated clock.",
)
MODELS = (
    Model("gpt-6-luna", 1_050_000),
    Model("gpt-6.1-terra", 1_050_000),
    Model("gpt-6.1-sol", 1_050_000),
    Model("gpt-6.2-sol", 1_050_000),
    Model("gpt-6.2-astra", 1_050_000),
    Model("gpt-4o-mini", 128_000, 16_384, shutdown="2027-01-14"),
    Model("gpt-4o", 128_000, 16_384, shutdown="2027-01-14"),
    Model("gpt-5", 400_000, shutdown="2026-12-11"),
    Model("gpt-5-mini", 400_000, shutdown="2026-12-11"),
    Model("gpt-5-nano", 400_000, shutdown="2026-12-11"),
    Model("o3", 200_000, 100_000, shutdown="2026-12-11"),
)
THINKING_TOKENS = 24
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


def error(message: str, kind: str = "invalid_request_error", code: str | None = None, param: str | None = None) -> Json:
    """The body of every error of this API."""
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}


def invalid(message: str, code: str | None, param: str | None = None) -> Refused:
    """A 400 ``invalid_request_error``."""
    return Refused(400, error(message, code=code, param=param))


def create(world: World) -> OpenAI:
    """The simulator of api.openai.com."""
    return OpenAI(world)


class OpenAI:
    """Implements ``core.Simulator``."""

    name = "openai"
    base_host = HOST

    def __init__(self, world: World) -> None:
        self.world = world
        self.backend = Backend(world, MODELS, THINKING_TOKENS)
        self.stored: set[str] = set()
        self.notes = list(NOTES)
        self.presets: Mapping[str, Preset] = PRESETS
        self.actions: Mapping[str, Action] = {"settings": self.backend.configure}
        self.hosts: Mapping[str, list[BaseRoute]] = {
            HOST: [
                Route("/v1/responses", answering(self._responses, self._headers), methods=["POST"]),
                Route("/v1/chat/completions", answering(self._chat, self._headers), methods=["POST"]),
                Route("/v1/models", answering(self._models, self._headers), methods=["GET"]),
                Route("/v1/models/{model}", answering(self._model, self._headers), methods=["GET"]),
            ]
        }

    def state(self) -> Json:
        """Counters per key and the number of responses kept because ``store`` was not switched off."""
        return self.backend.state() | {"stored_responses": len(self.stored)}

    def reset(self) -> None:
        """Forget everything."""
        self.backend.reset()
        self.stored.clear()

    def not_found(self, request: Request) -> Response:
        """The answer to an unknown path or method."""
        path = request.scope["path"][len(request.scope.get("root_path", "")) :]
        return JSONResponse(error(f"Invalid URL ({request.method} {path})"), 404, self._headers())

    def _headers(self) -> dict[str, str]:
        return {"x-request-id": f"req_{secrets.token_hex(16)}", "openai-version": "2020-10-01", "openai-processing-ms": "42"}

    def _limits(self, account: Account) -> dict[str, str]:
        room = self.backend.room(account)
        return {
            **self._headers(),
            "openai-organization": "org-simulated",
            "x-ratelimit-limit-requests": str(room.requests_limit),
            "x-ratelimit-remaining-requests": str(room.requests_left),
            "x-ratelimit-reset-requests": go_duration(room.requests_reset_s),
            "x-ratelimit-limit-tokens": str(room.tokens_limit),
            "x-ratelimit-remaining-tokens": str(room.tokens_left),
            "x-ratelimit-reset-tokens": go_duration(room.tokens_reset_s),
        }

    def _account(self, request: Request) -> Account:
        self.backend.total_requests += 1
        key = bearer(request.headers)
        if not key:
            message = "You didn't provide an API key. Provide it in an Authorization header using Bearer auth."
            raise Refused(401, error(message))
        if not key.startswith("sk-") or key.startswith(("sk-invalid", "sk-ant-")):
            raise Refused(401, bad_key(key))
        return self.backend.account(key)

    def _find(self, name: str) -> Model:
        model = self.backend.find(name)
        if model is None:
            raise Refused(404, unknown_model(name))
        return model

    def _admit(self, account: Account, model: Model, prompt: Prompt, param: str) -> None:
        context = self.backend.overflows(model, prompt)
        if context is not None:
            raise Refused(400, context_too_long(context, prompt.tokens, param))
        exceeded = self.backend.exceeded(account, prompt)
        if exceeded is None:
            return
        short = "RPM" if exceeded.what == "requests" else "TPM"
        message = (
            f"Rate limit reached for {model.id} in organization org-simulated on {exceeded.what} per min ({short}): "
            f"Limit {exceeded.limit}, Used {exceeded.used}, Requested {exceeded.requested}. "
            f"Please try again in {go_duration(exceeded.wait_s)}."
        )
        hints = {"retry-after-ms": str(int(exceeded.wait_s * 1000)), "retry-after": str(int(exceeded.wait_s) + 1)}
        raise Refused(429, error(message, exceeded.what, "rate_limit_exceeded"), self._limits(account) | hints)

    async def _responses(self, request: Request) -> Response:
        account = self._account(request)
        body = await read_object(request)
        check_parameters(body, RESPONSES_PARAMETERS, ("model",))
        model = self._find(body["model"])
        effort = (body.get("reasoning") or {}).get("effort")
        check_model_parameters(model, body, effort)
        previous = body.get("previous_response_id")
        if previous is not None and previous not in self.stored:
            message = f"Previous response with id '{previous}' not found."
            raise invalid(message, "previous_response_not_found", "previous_response_id")
        if body.get("input") in (None, "", []):
            raise invalid("Missing required parameter: 'input'.", "missing_required_parameter", "input")
        limit = body.get("max_output_tokens")
        check_least(limit, "max_output_tokens", LEAST_OUTPUT_TOKENS)
        prompt = read_prompt(body["input"], "input", body.get("instructions") or "")
        text_format = (body.get("text") or {}).get("format") or {}
        schema = read_schema(text_format, text_format, "text.format", prompt)
        self._admit(account, model, prompt, "input")
        completion = self.backend.complete(account, prompt, limit=limit, thinking=self._thinking(model, effort), schema=schema)
        answer = response_object(model.id, int(self.world.clock.now()), completion, body)
        if body.get("store") is not False:
            self.stored.add(answer["id"])
        if body.get("stream"):
            return event_stream(responses_events(answer), self._limits(account))
        return JSONResponse(self.backend.told(answer, "usage", "model"), headers=self._limits(account))

    async def _chat(self, request: Request) -> Response:
        account = self._account(request)
        body = await read_object(request)
        check_parameters(body, CHAT_PARAMETERS, ("model", "messages"))
        model = self._find(body["model"])
        check_model_parameters(model, body, body.get("reasoning_effort"))
        if body.get("max_tokens") is not None and not NEVER_THINK.match(model.id):
            message = "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."
            raise invalid(message, "unsupported_parameter", "max_tokens")
        if not body["messages"]:
            raise invalid("Invalid 'messages': empty array. Expected at least one message.", "empty_array", "messages")
        limit = body.get("max_completion_tokens", body.get("max_tokens"))
        check_least(limit, "max_completion_tokens", 1)
        prompt = read_prompt(body["messages"], "messages", "")
        response_format = body.get("response_format") or {}
        schema = read_schema(response_format, response_format.get("json_schema") or {}, "response_format", prompt)
        self._admit(account, model, prompt, "messages")
        choices = body.get("n") or 1
        if not 1 <= choices <= MOST_CHOICES:
            raise invalid(f"Invalid 'n': expected a value from 1 to {MOST_CHOICES}.", "invalid_value", "n")
        stop = body.get("stop") or []
        completions = [
            self.backend.complete(
                account,
                prompt,
                limit=limit,
                thinking=self._thinking(model, body.get("reasoning_effort")),
                schema=schema,
                stops=[stop] if isinstance(stop, str) else stop,
                variant=i,
            )
            for i in range(choices)
        ]
        answer = chat_object(model.id, int(self.world.clock.now()), completions)
        if body.get("stream"):
            usage = bool((body.get("stream_options") or {}).get("include_usage"))
            return event_stream(chat_events(answer, usage), self._limits(account))
        return JSONResponse(self.backend.told(answer, "usage", "model"), headers=self._limits(account))

    def _thinking(self, model: Model, effort: str | None) -> int:
        return 0 if effort == "none" or NEVER_THINK.match(model.id) else self.backend.settings.thinking_tokens

    async def _models(self, request: Request) -> Response:
        self._account(request)
        data = [model_object(m) for m in self.backend.models()]
        return JSONResponse({"object": "list", "data": data}, headers=self._headers())

    async def _model(self, request: Request) -> Response:
        self._account(request)
        return JSONResponse(model_object(self._find(request.path_params["model"])), headers=self._headers())


def go_duration(seconds: float) -> str:
    """A wait as this API writes it: ``120ms``, ``6.5s``, ``1m2s``."""
    if seconds < 1:
        return f"{int(seconds * 1000)}ms"
    minutes, rest = divmod(seconds, 60)
    return f"{f'{int(minutes)}m' if minutes else ''}{round(rest, 3):g}s"


def bad_key(key: str) -> Json:
    """The 401 body, which quotes the key with its middle masked."""
    shown = f"{key[:8]}{'*' * max(len(key) - 12, 4)}{key[-4:]}"
    return error(f"Incorrect API key provided: {shown}.", code="invalid_api_key")


def unknown_model(name: str) -> Json:
    """The 404 body for a model that does not exist or was shut down."""
    return error(f"The model '{name}' does not exist or you do not have access to it.", code="model_not_found", param="model")


def context_too_long(context: int, used: int, param: str) -> Json:
    """The 400 body for a prompt that does not fit."""
    message = f"Your input exceeds the context window of this model: {used} tokens given, {context} allowed."
    return error(message, code="context_length_exceeded", param=param)


def model_object(model: Model) -> Json:
    """One entry of the list of models."""
    return {"id": model.id, "object": "model", "created": 1780000000, "owned_by": "openai", "shutdown_date": model.shutdown}


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


def response_object(model: str, created: int, completion: Completion, body: Json) -> Json:
    """A Response as ``/v1/responses`` returns it. A thinking model that ran out of tokens has no message in its output."""
    complete = completion.stopped != "limit"
    status = "completed" if complete else "incomplete"
    output: list[Json] = []
    if completion.thinking_tokens:
        output.append({"id": f"rs_{secrets.token_hex(16)}", "type": "reasoning", "summary": []})
    if completion.text:
        output.append(message_item(status, {"type": "output_text", "text": completion.text, "annotations": [], "logprobs": []}))
    total = completion.output_tokens + completion.thinking_tokens
    return {
        "id": f"resp_{secrets.token_hex(24)}",
        "object": "response",
        "created_at": created,
        "status": status,
        "background": False,
        "completed_at": created if complete else None,
        "error": None,
        "incomplete_details": None if complete else {"reason": "max_output_tokens"},
        "instructions": body.get("instructions"),
        "max_output_tokens": body.get("max_output_tokens"),
        "max_tool_calls": None,
        "model": model,
        "output": output,
        "parallel_tool_calls": True,
        "previous_response_id": body.get("previous_response_id"),
        "reasoning": {"effort": (body.get("reasoning") or {}).get("effort"), "summary": None},
        "service_tier": "default",
        "store": body.get("store") is not False,
        "temperature": body.get("temperature", 1.0),
        "text": body.get("text") or {"format": {"type": "text"}},
        "tool_choice": "auto",
        "tools": [],
        "top_logprobs": 0,
        "top_p": body.get("top_p", 1.0),
        "truncation": "disabled",
        "usage": {
            "input_tokens": completion.input_tokens,
            "input_tokens_details": {
                "cached_tokens": completion.cached_tokens,
                "cache_write_tokens": completion.cache_write_tokens,
            },
            "output_tokens": total,
            "output_tokens_details": {"reasoning_tokens": completion.thinking_tokens},
            "total_tokens": completion.input_tokens + total,
        },
        "user": None,
        "metadata": body.get("metadata") or {},
    }


def message_item(status: str, part: Json) -> Json:
    """An assistant message in a Response's output."""
    return {"id": f"msg_{secrets.token_hex(16)}", "type": "message", "status": status, "role": "assistant", "content": [part]}


def responses_events(answer: Json) -> list[str]:
    """A Response as the events of a stream: created, in progress, its items piece by piece, and the end."""
    events: list[Json] = []

    def add(kind: str, **fields: Any) -> None:
        events.append({"type": f"response.{kind}", "sequence_number": len(events), **fields})

    start = answer | {"status": "in_progress", "output": [], "usage": None, "completed_at": None, "incomplete_details": None}
    add("created", response=start)
    add("in_progress", response=start)
    for i, item in enumerate(answer["output"]):
        opened = item | ({"status": "in_progress", "content": []} if item["type"] == "message" else {})
        add("output_item.added", output_index=i, item=opened)
        for part in item.get("content", []):
            at = {"item_id": item["id"], "output_index": i, "content_index": 0}
            add("content_part.added", **at, part=part | {"text": ""})
            for piece in pieces(part["text"]):
                add("output_text.delta", **at, delta=piece, logprobs=[])
            add("output_text.done", **at, text=part["text"], logprobs=[])
            add("content_part.done", **at, part=part)
        add("output_item.done", output_index=i, item=item)
    add(answer["status"], response=answer)
    return [f"event: {e['type']}\ndata: {json.dumps(e, ensure_ascii=False)}" for e in events]


def chat_object(model: str, created: int, completions: Sequence[Completion]) -> Json:
    """A ChatCompletion with one choice per completion."""
    first = completions[0]
    thinking = sum(c.thinking_tokens for c in completions)
    output = sum(c.output_tokens for c in completions) + thinking
    return {
        "id": f"chatcmpl-{secrets.token_hex(14)}",
        "object": "chat.completion",
        "created": created,
        "model": model,
        "choices": [
            chat_choice(i, "length" if c.stopped == "limit" else "stop", content=c.text) for i, c in enumerate(completions)
        ],
        "usage": {
            "prompt_tokens": first.input_tokens,
            "completion_tokens": output,
            "total_tokens": first.input_tokens + output,
            "prompt_tokens_details": {
                "cached_tokens": first.cached_tokens,
                "cache_write_tokens": first.cache_write_tokens,
                "audio_tokens": 0,
            },
            "completion_tokens_details": {
                "reasoning_tokens": thinking,
                "audio_tokens": 0,
                "accepted_prediction_tokens": 0,
                "rejected_prediction_tokens": 0,
            },
        },
        "service_tier": "default",
        "system_fingerprint": None,
    }


def chat_choice(index: int, finish_reason: str, content: str | None = None, refusal: str | None = None) -> Json:
    """One choice of a ChatCompletion."""
    message: Json = {"role": "assistant", "content": content, "refusal": refusal, "annotations": []}
    return {"index": index, "message": message, "logprobs": None, "finish_reason": finish_reason}


def chat_events(answer: Json, usage: bool) -> list[str]:
    """A ChatCompletion as the chunks of a stream; with ``usage`` a last chunk without choices carries the usage."""
    head = {k: answer[k] for k in ("id", "created", "model", "service_tier", "system_fingerprint")}
    head |= {"object": "chat.completion.chunk"} | ({"usage": None} if usage else {})
    chunks: list[Json] = []

    def add(index: int, delta: Json, reason: str | None = None) -> None:
        choice = {"index": index, "delta": delta, "logprobs": None, "finish_reason": reason}
        chunks.append(head | {"choices": [choice]})

    for choice in answer["choices"]:
        add(choice["index"], {"role": "assistant", "content": "", "refusal": None})
        for piece in pieces(choice["message"]["content"]):
            add(choice["index"], {"content": piece})
        add(choice["index"], {}, choice["finish_reason"])
    if usage:
        chunks.append(head | {"choices": [], "usage": answer["usage"]})
    return [*(f"data: {json.dumps(c, ensure_ascii=False)}" for c in chunks), "data: [DONE]"]


def _response(status: str, *parts: Json, **changes: Any) -> Json:
    """A Response for the presets: ``parts`` are the content of its message."""
    sample = response_object("gpt-6-luna", 1795000000, Completion("", "end", 40, 12, 24), {})
    items = [message_item("completed" if status == "completed" else "incomplete", part) for part in parts]
    return sample | {"status": status, "output": [*sample["output"], *items]} | changes


def _chat(finish_reason: str, content: str | None = None, refusal: str | None = None) -> Json:
    sample = chat_object("gpt-6-luna", 1795000000, [Completion("", "end", 40, 12, 24)])
    return sample | {"choices": [chat_choice(0, finish_reason, content, refusal)]}


def _text(text: str) -> Json:
    return {"type": "output_text", "text": text, "annotations": [], "logprobs": []}


HALF = "Good news to share. We have been working on"
_REFUSAL = "I'm sorry, but I can't help with that request."
_BILLING = "You exceeded your current quota, please check your plan and billing details."


def _quota(code: str) -> Preset:
    return Preset(429, error(_BILLING, "insufficient_quota", code), note=f"429 {code}: money or quota gone, do not retry")


PRESETS: dict[str, Preset] = {
    "rate_limited": Preset(
        429,
        error("Rate limit reached for requests. Please try again in 1.5s.", "requests", "rate_limit_exceeded"),
        {"retry-after-ms": "1500", "retry-after": "2", "x-ratelimit-remaining-requests": "0"},
        "429 rate_limit_exceeded with retry-after-ms",
    ),
    "slow_down": Preset(
        429,
        error("Request traffic rose too fast. Please slow down.", "rate_limit_error", "slow_down"),
        {"retry-after": "15"},
        "429 slow_down",
    ),
    **{
        code: _quota(code)
        for code in (
            "insufficient_quota",
            "credit_balance_exhausted",
            "organization_spend_limit_exceeded",
            "project_spend_limit_exceeded",
            "organization_usage_limit_exceeded",
        )
    },
    "bad_key": Preset(401, bad_key("sk-invalid-0000-abcd"), note="401 invalid_api_key"),
    "permission_denied": Preset(
        403, error("You are not allowed to use this model.", code="permission_denied"), note="403 no permission"
    ),
    "unsupported_region": Preset(
        403,
        error("Country, region, or territory not supported", "request_forbidden", "unsupported_country_region_territory"),
        note="403 region",
    ),
    "unknown_model": Preset(404, unknown_model("gpt-gone"), note="404 model_not_found"),
    "context_too_long": Preset(400, context_too_long(128_000, 200_000, "input"), note="400 context_length_exceeded"),
    "prompt_blocked": Preset(
        400, error("Invalid prompt: it was flagged by our usage policy.", code="invalid_prompt"), note="400 invalid_prompt"
    ),
    "overloaded": Preset(
        503, error("The server is overloaded. Please try again later.", "service_unavailable_error", "server_is_overloaded")
    ),
    "server_error": Preset(500, error("The server had an error while processing your request.", "server_error", "server_error")),
    "bad_gateway": Preset(502, "<html><head><title>502 Bad Gateway</title></head></html>", note="502 with HTML"),
    "html_200": Preset(200, HTML_200, note="200 with HTML, as a captive portal or proxy answers"),
    "refusal": Preset(200, _response("completed", {"type": "refusal", "refusal": _REFUSAL}), note="200, Responses: refusal"),
    "content_filter": Preset(
        200,
        _response("incomplete", _text(HALF), incomplete_details={"reason": "content_filter"}),
        note="200, Responses: incomplete, content_filter",
    ),
    "truncated": Preset(
        200,
        _response("incomplete", _text(HALF), incomplete_details={"reason": "max_output_tokens"}),
        note="200, Responses: incomplete, max_output_tokens",
    ),
    "empty_truncated": Preset(
        200,
        _response("incomplete", incomplete_details={"reason": "max_output_tokens"}),
        note="200, Responses: all tokens went into reasoning",
    ),
    "empty": Preset(200, _response("completed", _text("")), note="200, Responses: completed with empty text"),
    "failed_in_200": Preset(
        200,
        _response("failed", error={"code": "server_error", "message": "The model failed to answer."}, usage=None),
        note="200, Responses: status failed, server_error",
    ),
    "failed_rate_limited": Preset(
        200,
        _response("failed", error={"code": "rate_limit_exceeded", "message": "Rate limit reached."}, usage=None),
        note="200, Responses: status failed, rate_limit_exceeded",
    ),
    "failed_prompt_blocked": Preset(
        200,
        _response("failed", error={"code": "invalid_prompt", "message": "The prompt was flagged."}, usage=None),
        note="200, Responses: status failed, invalid_prompt",
    ),
    "chat_refusal": Preset(200, _chat("stop", refusal=_REFUSAL), note="200, Chat: message.refusal"),
    "chat_content_filter": Preset(200, _chat("content_filter"), note="200, Chat: content_filter, content null"),
    "chat_truncated": Preset(200, _chat("length", HALF), note="200, Chat: finish_reason length"),
    "chat_empty_truncated": Preset(200, _chat("length", ""), note="200, Chat: all tokens went into reasoning"),
    "chat_empty": Preset(200, _chat("stop", ""), note="200, Chat: empty content"),
}
