"""Anthropic as its reference describes it: Messages, token counting and Models, with their limits, errors and odd answers.

Facts: ai-providers.md sections 3 to 7; object shapes as the official SDK's types declare them. It must never know a client.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
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

HOST = "api.anthropic.com"
NOTES = (
    "Any key sk-ant-… is valid (x-api-key or Bearer), except sk-ant-invalid….",
    "Replies are sample text made from the prompt; echo:WORD in a prompt puts WORD into the reply.",
    "action settings: reply, rpm, tpm, thinking_tokens, context_tokens, models, usage, served.",
    "usage counted, missing, null, empty, strings, floats or negative; served: the model that answers name. Not for streams.",
    "Slow answers: POST /_control/latency. One that never comes: a fault with delay_ms; the tokens are used all the same.",
    "Without a thinking parameter no thinking happens; with one it takes thinking_tokens.",
    "Prompt caching happens where cache_control is given, for system prompts of 1024 tokens and more.",
)
MODELS = (
    Model("claude-haiku-5-5"),
    Model("claude-sonnet-5-5"),
    Model("claude-opus-5-5"),
    Model("claude-fable-5-2"),
    Model("claude-haiku-4-5", 200_000, 64_000),
)
VERSIONS = ("2023-01-01", "2023-06-01", "2026-10-21")
WITHOUT_SAMPLING = "2026-10-21"
THINKING_TOKENS = 24
LEAST_THINKING_BUDGET = 1024
BODY_LIMIT = 32 * 1024 * 1024
STATUS = {
    "invalid_request_error": 400,
    "authentication_error": 401,
    "billing_error": 402,
    "permission_error": 403,
    "not_found_error": 404,
    "request_too_large": 413,
    "rate_limit_error": 429,
    "api_error": 500,
    "timeout_error": 504,
    "overloaded_error": 529,
}
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


def error(kind: str, message: str, request_id: str, details: Json | None = None) -> Json:
    """The body of every error of this API."""
    inner: Json = {"type": kind, "message": message} | ({"details": details} if details else {})
    return {"type": "error", "error": inner, "request_id": request_id}


def refused(kind: str, message: str, headers: Mapping[str, str] | None = None) -> Refused:
    """An error with the status that belongs to its type."""
    request_id = new_request_id()
    return Refused(STATUS[kind], error(kind, message, request_id), {"request-id": request_id, **(headers or {})})


def invalid(message: str) -> Refused:
    """A 400 ``invalid_request_error``."""
    return refused("invalid_request_error", message)


def new_request_id() -> str:
    """An identifier as in the header ``request-id``."""
    return f"req_{secrets.token_hex(12)}"


def create(world: World) -> Anthropic:
    """The simulator of api.anthropic.com."""
    return Anthropic(world)


class Anthropic:
    """Implements ``core.Simulator``."""

    name = "anthropic"
    base_host = HOST

    def __init__(self, world: World) -> None:
        self.world = world
        self.backend = Backend(world, MODELS, THINKING_TOKENS)
        self.notes = list(NOTES)
        self.presets: Mapping[str, Preset] = PRESETS
        self.actions: Mapping[str, Action] = {"settings": self.backend.configure}
        self.hosts: Mapping[str, list[BaseRoute]] = {
            HOST: [
                Route("/v1/messages", answering(self._messages), methods=["POST"]),
                Route("/v1/messages/count_tokens", answering(self._count), methods=["POST"]),
                Route("/v1/models", answering(self._models), methods=["GET"]),
                Route("/v1/models/{model}", answering(self._model), methods=["GET"]),
            ]
        }

    def state(self) -> Json:
        """Counters per key."""
        return self.backend.state()

    def reset(self) -> None:
        """Forget everything."""
        self.backend.reset()

    def not_found(self, request: Request) -> Response:
        """The answer to an unknown path or method."""
        request_id = new_request_id()
        return JSONResponse(error("not_found_error", "Not Found", request_id), 404, {"request-id": request_id})

    def _headers(self, account: Account) -> dict[str, str]:
        room, now = self.backend.room(account), self.world.clock.now()

        def at(seconds: float) -> str:
            return datetime.fromtimestamp(now + seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

        requests = {"limit": str(room.requests_limit), "remaining": str(room.requests_left), "reset": at(room.requests_reset_s)}
        tokens = {"limit": str(room.tokens_limit), "remaining": str(room.tokens_left), "reset": at(room.tokens_reset_s)}
        kinds = {"requests": requests, "tokens": tokens, "input-tokens": tokens, "output-tokens": tokens}
        limits = {f"anthropic-ratelimit-{kind}-{k}": v for kind, values in kinds.items() for k, v in values.items()}
        return {"request-id": new_request_id(), "anthropic-organization-id": "org-simulated", **limits}

    def _account(self, request: Request) -> Account:
        self.backend.total_requests += 1
        key = request.headers.get("x-api-key") or bearer(request.headers)
        if not key:
            raise refused("authentication_error", "x-api-key header is required")
        if not key.startswith("sk-ant-") or key.startswith("sk-ant-invalid"):
            raise refused("authentication_error", "invalid x-api-key")
        version = request.headers.get("anthropic-version")
        if version is None:
            raise invalid("anthropic-version: header is required")
        if version not in VERSIONS:
            raise invalid(f'anthropic-version: "{version}" is not a valid version')
        return self.backend.account(key)

    def _find(self, name: str) -> Model:
        model = self.backend.find(name)
        if model is None:
            raise refused("not_found_error", f"model: {name}")
        return model

    async def _read(self, request: Request, known: Mapping[str, str], required: tuple[str, ...]) -> Json:
        raw = await request.body()
        if len(raw) > BODY_LIMIT:
            raise refused("request_too_large", "Request exceeds the maximum size")
        try:
            body = json.loads(raw)
        except ValueError:
            raise invalid("The request body is not valid JSON") from None
        if not isinstance(body, dict):
            raise invalid("Input should be a valid dictionary")
        sampling = {} if request.headers["anthropic-version"] >= WITHOUT_SAMPLING else SAMPLING
        check_parameters(body, {**known, **sampling}, required)
        return body

    def _admit(self, account: Account, model: Model, prompt: Prompt) -> None:
        context = self.backend.overflows(model, prompt)
        if context is not None:
            raise invalid(f"prompt is too long: {prompt.tokens} tokens > {context} maximum")
        exceeded = self.backend.exceeded(account, prompt)
        if exceeded is not None:
            what = f"{exceeded.limit} {'requests' if exceeded.what == 'requests' else 'input tokens'} per minute"
            message = f"This request would exceed your organization's rate limit of {what} (model: {model.id})."
            raise refused("rate_limit_error", message, self._headers(account) | {"retry-after": str(int(exceeded.wait_s) + 1)})

    async def _messages(self, request: Request) -> Response:
        account = self._account(request)
        body = await self._read(request, PARAMETERS, ("model", "max_tokens", "messages"))
        model = self._find(body["model"])
        limit = body["max_tokens"]
        if limit < 1:
            raise invalid("max_tokens: Input should be greater than or equal to 1")
        if limit > model.max_output:
            raise invalid(
                f"max_tokens: {limit} > {model.max_output}, which is the maximum allowed number of output tokens for {model.id}"
            )
        thinks = check_thinking(body.get("thinking") or {}, limit)
        prompt = read_prompt(body)
        schema = read_schema(body.get("output_config") or {})
        self._admit(account, model, prompt)
        completion = self.backend.complete(
            account,
            prompt,
            limit=limit,
            thinking=self.backend.settings.thinking_tokens if thinks else 0,
            schema=schema,
            stops=body.get("stop_sequences") or [],
            cache="cache_control" in json.dumps([body.get("cache_control") and {"cache_control": 1}, body.get("system")]),
        )
        answer = message_object(model.id, completion)
        if body.get("stream"):
            return event_stream(message_events(answer), self._headers(account))
        return JSONResponse(self.backend.told(answer, "usage", "model"), headers=self._headers(account))

    async def _count(self, request: Request) -> Response:
        self._account(request)
        body = await self._read(request, COUNT_PARAMETERS, ("model", "messages"))
        self._find(body["model"])
        return JSONResponse({"input_tokens": read_prompt(body).tokens}, headers={"request-id": new_request_id()})

    async def _models(self, request: Request) -> Response:
        self._account(request)
        models = [model_object(m) for m in self.backend.models()]
        ids = [m["id"] for m in models]
        after = request.query_params.get("after_id")
        start = ids.index(after) + 1 if after in ids else 0
        try:
            limit = int(request.query_params.get("limit", 20))
        except ValueError:
            raise invalid("limit: Input should be a valid integer") from None
        if not 1 <= limit <= 1000:
            raise invalid("limit: Input should be between 1 and 1000")
        page = models[start : start + limit]
        return JSONResponse(
            {
                "data": page,
                "has_more": start + limit < len(models),
                "first_id": page[0]["id"] if page else None,
                "last_id": page[-1]["id"] if page else None,
            },
            headers={"request-id": new_request_id()},
        )

    async def _model(self, request: Request) -> Response:
        self._account(request)
        return JSONResponse(model_object(self._find(request.path_params["model"])), headers={"request-id": new_request_id()})


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
    """Whether the model is to think. Refused: an unknown type, or a budget outside 1024 … ``max_tokens``."""
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


def model_object(model: Model) -> Json:
    """One entry of the list of models."""
    family, line, *version = model.id.split("-")
    return {
        "type": "model",
        "id": model.id,
        "display_name": f"{family.capitalize()} {line.capitalize()} {'.'.join(version)}",
        "created_at": "2026-09-01T00:00:00Z",
        "lifecycle": "active",
        "line": line,
        "max_input_tokens": model.context,
        "max_tokens": model.max_output,
        "deprecated_at": None,
        "retires_at": None,
    }


STOP_REASONS = {"end": "end_turn", "limit": "max_tokens", "sequence": "stop_sequence"}


def message_object(model: str, completion: Completion) -> Json:
    """A Message. Input tokens exclude what was read from or written to the cache (ai-providers.md 6)."""
    content: list[Json] = []
    if completion.thinking_tokens:
        content.append({"type": "thinking", "thinking": "Considering the tone of the post.", "signature": secrets.token_hex(32)})
    if completion.text:
        content.append({"type": "text", "text": completion.text, "citations": None})
    aside = completion.cached_tokens + completion.cache_write_tokens
    return {
        "id": f"msg_{secrets.token_hex(12)}",
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": content,
        "stop_reason": STOP_REASONS[completion.stopped],
        "stop_sequence": completion.stop_sequence,
        "stop_details": None,
        "container": None,
        "usage": {
            "input_tokens": completion.input_tokens - aside,
            "cache_creation_input_tokens": completion.cache_write_tokens,
            "cache_read_input_tokens": completion.cached_tokens,
            "cache_creation": {"ephemeral_5m_input_tokens": completion.cache_write_tokens, "ephemeral_1h_input_tokens": 0},
            "output_tokens": completion.output_tokens + completion.thinking_tokens,
            "output_tokens_details": {"thinking_tokens": completion.thinking_tokens},
            "server_tool_use": None,
            "service_tier": "standard",
        },
    }


def message_events(answer: Json) -> list[str]:
    """A Message as the events of a stream."""
    start = answer | {"content": [], "stop_reason": None, "stop_sequence": None}
    start["usage"] = answer["usage"] | {"output_tokens": 1, "output_tokens_details": None}
    events: list[Json] = [{"type": "message_start", "message": start}, {"type": "ping"}]
    for i, block in enumerate(answer["content"]):
        field = block["type"]
        empty = block | {field: ""} | ({"signature": ""} if field == "thinking" else {})
        deltas = [{"type": f"{field}_delta", field: piece} for piece in pieces(block[field])]
        if field == "thinking":
            deltas.append({"type": "signature_delta", "signature": block["signature"]})
        events.append({"type": "content_block_start", "index": i, "content_block": empty})
        events += [{"type": "content_block_delta", "index": i, "delta": delta} for delta in deltas]
        events.append({"type": "content_block_stop", "index": i})
    ended = {k: answer[k] for k in ("stop_reason", "stop_sequence", "stop_details")}
    usage = {k: v for k, v in answer["usage"].items() if k not in ("cache_creation", "service_tier")}
    events += [{"type": "message_delta", "delta": ended, "usage": usage}, {"type": "message_stop"}]
    return [f"event: {e['type']}\ndata: {json.dumps(e, ensure_ascii=False)}" for e in events]


def _error(status: int, kind: str, message: str, note: str, details: Json | None = None, **headers: str) -> Preset:
    request_id = "req_011CSimulatedPreset00001"
    sent = {"request-id": request_id} | {k.replace("_", "-"): v for k, v in headers.items()}
    return Preset(status, error(kind, message, request_id, details), sent, note)


def _message(stop_reason: str, text: str = "", note: str = "", **changes: Any) -> Preset:
    answer = message_object("claude-haiku-5-5", Completion(text, "end", 40, 12)) | {"stop_reason": stop_reason}
    return Preset(200, answer | changes, {"request-id": "req_011CSimulatedPreset00002"}, note)


_HALF = "Good news to share. We have been working on"
_OWN_LIMIT = "You have reached your specified API usage limits."
_LOW = "Your credit balance is too low to access the API. Please go to Plans & Billing to upgrade or purchase credits."

PRESETS: dict[str, Preset] = {
    "rate_limited": _error(
        429, "rate_limit_error", "This request would exceed your rate limit.", "429 with retry-after", retry_after="7"
    ),
    "spend_limit": _error(
        429, "rate_limit_error", _OWN_LIMIT, "429 enforced_spend_limit_reached: do not retry",
        {"error_code": "enforced_spend_limit_reached"},
    ),
    "insufficient_quota": _error(402, "billing_error", "There is an issue with your billing information.", "402 billing_error"),
    "low_balance": _error(400, "invalid_request_error", _LOW, "400 with a message about the balance"),
    "bad_key": _error(401, "authentication_error", "invalid x-api-key", "401"),
    "permission_denied": _error(
        403, "permission_error", "Your API key does not have permission to use the specified resource.", "403"
    ),
    "unknown_model": _error(404, "not_found_error", "model: claude-gone", "404 not_found_error"),
    "invalid_request": _error(400, "invalid_request_error", "temperature: Extra inputs are not permitted", "400"),
    "context_too_long": _error(
        400, "invalid_request_error", "prompt is too long: 1200000 tokens > 1000000 maximum", "400 prompt is too long"
    ),
    "request_too_large": _error(413, "request_too_large", "Request exceeds the maximum size", "413"),
    "overloaded": _error(529, "overloaded_error", "Overloaded", "529"),
    "server_error": _error(500, "api_error", "Internal server error", "500"),
    "service_unavailable": _error(503, "api_error", "Service unavailable", "503"),
    "gateway_timeout": _error(504, "timeout_error", "Request timed out", "504"),
    "html_200": Preset(200, HTML_200, note="200 with HTML, as a captive portal or proxy answers"),
    "refusal": _message(
        "refusal", note="200, stop_reason refusal, no content",
        stop_details={"type": "refusal", "category": "general_harms", "explanation": None},
    ),
    "truncated": _message("max_tokens", _HALF, "200, stop_reason max_tokens"),
    "empty_truncated": _message("max_tokens", note="200, all tokens went into thinking"),
    "context_window_exceeded": _message("model_context_window_exceeded", _HALF, "200, model_context_window_exceeded"),
    "empty": _message("end_turn", note="200, no content"),
}  # fmt: skip
