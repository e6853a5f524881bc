"""Google's Gemini API as its reference describes it: generateContent, countTokens and models, with limits, errors, odd answers.

Facts: ai-providers.md sections 2 to 7; object shapes as the official SDK converts them. It must never know a client.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from local.simulators.ai.google.answers import answer_chunks, answer_object, model_object
from local.simulators.ai.google.errors import (
    HOST,
    bad_key,
    context_too_long,
    error,
    invalid,
    quota_exceeded,
    refused,
    unknown_model,
)
from local.simulators.ai.google.presets import PRESETS, QUOTAS
from local.simulators.ai.google.requests import (
    CONFIG_FIELDS,
    COUNT_FIELDS,
    FIELDS,
    camelled,
    checked,
    read_object,
    read_prompt,
    read_schema,
)
from local.simulators.ai.language_model import (
    Account,
    Action,
    Backend,
    Model,
    Prompt,
    Refused,
    answering,
    event_stream,
)
from local.simulators.world import Json, Preset, World

NOTES = (
    "Any key AIza… is valid (x-goog-api-key or ?key=), except AIzainvalid….",
    "Replies are sample text made from the prompt; echo:WORD in a prompt puts WORD into the reply.",
    "action settings: reply, rpm, tpm, thinking_tokens, context_tokens, models, usage, served.",
    "usage counted, missing, null, empty, strings, floats or negative; served: the model that answers name. Not for streams.",
    "Slow answers: POST /_control/latency. One that never comes: a fault with delay_ms; the tokens are used all the same.",
    "Limits are per key; the real ones are per project and model.",
    "From 1 December 2026 of the simulated clock gemini-2.5 models are answered by their successors.",
)
API_VERSIONS = ("v1", "v1beta")
MODELS = (
    Model("gemini-3.5-flash-lite", 1_048_576, 65_536),
    Model("gemini-3.8-flash", 1_048_576, 65_536),
    Model("gemini-3.1-pro-preview", 1_048_576, 65_536),
    Model("gemini-4-argon", 1_048_576, 65_536),
    Model("gemini-flash-latest", 1_048_576, 65_536, alias_of="gemini-3.8-flash"),
    Model("gemini-2.5-flash", 1_048_576, 65_536, shutdown="2026-12-01", successor="gemini-3.5-flash-lite"),
    Model("gemini-2.5-pro", 1_048_576, 65_536, shutdown="2026-12-01", successor="gemini-3.8-flash"),
)
THINKING_TOKENS = 24
METHODS = ("generateContent", "countTokens", "streamGenerateContent")


def create(world: World) -> Google:
    """The simulator of generativelanguage.googleapis.com."""
    return Google(world)


class Google:
    """One Gemini API for everybody who asks this process."""

    name = "google"
    base_host = HOST

    def __init__(self, world: World) -> None:
        self.world = world
        self.backend = Backend(world, MODELS, THINKING_TOKENS)
        self.notes = list(NOTES)
        self.presets: Mapping[str, Preset] = PRESETS
        self.actions: Mapping[str, Action] = {"settings": self.backend.configure}
        self.hosts: Mapping[str, list[BaseRoute]] = {
            HOST: [
                route
                for version in API_VERSIONS
                for route in (
                    Route(f"/{version}/models", answering(self._models), methods=["GET"]),
                    Route(f"/{version}/models/{{model}}", answering(self._model), methods=["GET"]),
                    Route(f"/{version}/models/{{call}}", answering(self._call), methods=["POST"]),
                )
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
        return JSONResponse(error("NOT_FOUND", "Requested entity was not found."), 404)

    def _account(self, request: Request) -> Account:
        self.backend.total_requests += 1
        key = request.headers.get("x-goog-api-key") or request.query_params.get("key")
        if not key:
            message = "Method doesn't allow unregistered callers (callers without established identity)."
            raise refused("PERMISSION_DENIED", message)
        if not key.startswith("AIza") or key.startswith("AIzainvalid"):
            raise Refused(400, bad_key())
        return self.backend.account(key)

    def _find(self, name: str, request: Request, method: str) -> Model:
        model = self.backend.find(name)
        if model is None:
            raise Refused(404, unknown_model(name, api_version(request), method))
        return model

    async def _call(self, request: Request) -> Response:
        account = self._account(request)
        name, _, method = request.path_params["call"].partition(":")
        if method not in METHODS:
            return self.not_found(request)
        model = self._find(name, request, method)
        body = await read_object(request)
        if method == "countTokens":
            return self._count(body)
        return self._generate(account, model, body, request, streamed=method == "streamGenerateContent")

    def _count(self, body: Json) -> Response:
        body = checked(body, COUNT_FIELDS, "")
        inner = checked(body.get("generateContentRequest") or {"contents": body.get("contents")}, FIELDS, "")
        total = read_prompt(inner).tokens
        return JSONResponse({"totalTokens": total, "promptTokensDetails": [{"modality": "TEXT", "tokenCount": total}]})

    def _generate(self, account: Account, model: Model, body: Json, request: Request, *, streamed: bool) -> Response:
        body = checked(body, FIELDS, "")
        config = checked(body.get("generationConfig") or {}, CONFIG_FIELDS, "generation_config")
        prompt = read_prompt(body)
        limit = config.get("maxOutputTokens")
        if limit is not None and not 1 <= limit <= model.max_output:
            bounds = f"from 1 (inclusive) to {model.max_output + 1} (exclusive)"
            message = f"maxOutputTokens is {limit} but the supported range is {bounds}."
            raise invalid(message, "generation_config.max_output_tokens")
        if config.get("candidateCount", 1) != 1:
            raise invalid("Multiple candidates is not enabled for this model", "generation_config.candidate_count")
        schema = read_schema(config)
        self._admit(account, model, prompt)
        budget = camelled(config.get("thinkingConfig") or {}).get("thinkingBudget")
        completion = self.backend.complete(
            account,
            prompt,
            limit=limit,
            thinking=0 if budget == 0 else self.backend.settings.thinking_tokens,
            schema=schema,
            stops=config.get("stopSequences") or [],
        )
        answer = answer_object(model.id, completion)
        if not streamed:
            return JSONResponse(self.backend.told(answer, "usageMetadata", "modelVersion"))
        chunks = answer_chunks(answer)
        if request.query_params.get("alt") != "sse":
            return JSONResponse(chunks)
        return event_stream([f"data: {json.dumps(chunk, ensure_ascii=False)}" for chunk in chunks], {})

    def _admit(self, account: Account, model: Model, prompt: Prompt) -> None:
        context = self.backend.overflows(model, prompt)
        if context is not None:
            raise Refused(400, context_too_long(prompt.tokens, context))
        exceeded = self.backend.exceeded(account, prompt)
        if exceeded is not None:
            metric, quota = QUOTAS[exceeded.what]
            raise Refused(429, quota_exceeded(metric, quota, model.id, exceeded.limit, exceeded.wait_s))

    async def _models(self, request: Request) -> Response:
        self._account(request)
        models = [model_object(m) for m in self.backend.models()]
        try:
            size = int(request.query_params.get("pageSize") or 50)
            start = int(request.query_params.get("pageToken") or 0)
        except ValueError:
            raise invalid("Invalid value at 'page_size' or 'page_token'", "page_size") from None
        end = start + min(max(size, 1), 1000)
        more = {"nextPageToken": str(end)} if end < len(models) else {}
        return JSONResponse({"models": models[start:end], **more})

    async def _model(self, request: Request) -> Response:
        self._account(request)
        return JSONResponse(model_object(self._find(request.path_params["model"], request, "getModel")))


def api_version(request: Request) -> str:
    """The version in the path of a request."""
    path: str = request.scope["path"][len(request.scope.get("root_path", "")) :]
    return path.split("/")[1]
