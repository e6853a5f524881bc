"""Anthropic as its reference describes it: Messages, token counting and Models, with their limits, errors and odd answers.

Facts: ai-providers.md sections 3 to 7; object shapes as the official SDK's types declare them. It must never know a client.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from local.simulators.ai.anthropic.answers import message_events, message_object, model_object
from local.simulators.ai.anthropic.errors import error, invalid, new_request_id, refused
from local.simulators.ai.anthropic.presets import PRESETS
from local.simulators.ai.anthropic.requests import (
    COUNT_PARAMETERS,
    PARAMETERS,
    SAMPLING,
    check_parameters,
    check_thinking,
    read_prompt,
    read_schema,
)
from local.simulators.ai.language_model import (
    Account,
    Action,
    Backend,
    Model,
    Prompt,
    answering,
    event_stream,
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
BODY_LIMIT = 32 * 1024 * 1024


def create(world: World) -> Anthropic:
    """The simulator of api.anthropic.com."""
    return Anthropic(world)


class Anthropic:
    """One Anthropic for everybody who asks this process."""

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
