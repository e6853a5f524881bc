"""OpenAI as its reference describes it: Responses, Chat Completions and Models, with their limits, errors and odd answers.

Facts: ai-providers.md sections 3 to 7; object shapes as the official SDK's types declare them. It must never know a client.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

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
from local.simulators.ai.openai.answers import chat_events, chat_object, model_object, response_object, responses_events
from local.simulators.ai.openai.errors import bad_key, context_too_long, error, invalid, unknown_model
from local.simulators.ai.openai.presets import PRESETS
from local.simulators.ai.openai.requests import (
    CHAT_PARAMETERS,
    LEAST_OUTPUT_TOKENS,
    MOST_CHOICES,
    NEVER_THINK,
    RESPONSES_PARAMETERS,
    check_least,
    check_model_parameters,
    check_parameters,
    read_object,
    read_prompt,
    read_schema,
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


def create(world: World) -> OpenAI:
    """The simulator of api.openai.com."""
    return OpenAI(world)


class OpenAI:
    """One OpenAI for everybody who asks this process."""

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
