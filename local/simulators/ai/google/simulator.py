"""Google's Gemini API as its reference describes it: generateContent, countTokens and models, with limits, errors, odd answers.

Facts: ai-providers.md sections 2 to 7; object shapes as the official SDK converts them. It must never know a client.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping
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
    pieces,
)
from local.simulators.world import Json, Preset, World

HOST = "generativelanguage.googleapis.com"
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
CODES = {
    "INVALID_ARGUMENT": 400,
    "FAILED_PRECONDITION": 400,
    "UNAUTHENTICATED": 401,
    "PERMISSION_DENIED": 403,
    "NOT_FOUND": 404,
    "RESOURCE_EXHAUSTED": 429,
    "INTERNAL": 500,
    "UNAVAILABLE": 503,
    "DEADLINE_EXCEEDED": 504,
}
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
FINISH_REASONS = {"end": "STOP", "limit": "MAX_TOKENS", "sequence": "STOP"}
TYPE = "type.googleapis.com/google.rpc"
QUOTAS = {
    "requests": ("generate_content_requests", "GenerateRequestsPerMinutePerProjectPerModel"),
    "tokens": ("generate_content_input_token_count", "GenerateContentInputTokensPerModelPerMinute"),
}


def error(status: str, message: str, *details: Json, code: int | None = None) -> Json:
    """The body of every error of this API."""
    inner: Json = {"code": code or CODES[status], "message": message, "status": status}
    return {"error": inner | ({"details": list(details)} if details else {})}


def refused(status: str, message: str, *details: Json) -> Refused:
    """An error with the HTTP status that belongs to it."""
    return Refused(CODES[status], error(status, message, *details))


def invalid(message: str, field: str | None = None) -> Refused:
    """A 400 ``INVALID_ARGUMENT``; ``field`` names what is wrong."""
    violation = {"field": field, "description": message}
    details = [{"@type": f"{TYPE}.BadRequest", "fieldViolations": [violation]}] if field is not None else []
    return refused("INVALID_ARGUMENT", message, *details)


def create(world: World) -> Google:
    """The simulator of generativelanguage.googleapis.com."""
    return Google(world)


class Google:
    """Implements ``core.Simulator``."""

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


def bad_key() -> Json:
    """The body for a key that is not valid: a 400, told apart by its reason (ai-providers.md 4)."""
    info = {
        "@type": f"{TYPE}.ErrorInfo",
        "reason": "API_KEY_INVALID",
        "domain": "googleapis.com",
        "metadata": {"service": HOST},
    }
    return error("INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.", info)


def unknown_model(name: str, version: str, method: str) -> Json:
    """The 404 body for a model that does not exist."""
    message = f"models/{name} is not found for API version {version}, or is not supported for {method}. Call ListModels."
    return error("NOT_FOUND", message)


def context_too_long(used: int, context: int) -> Json:
    """The 400 body for a prompt that does not fit: only its message says so."""
    message = f"The input token count ({used}) exceeds the maximum number of tokens allowed ({context})."
    return error("INVALID_ARGUMENT", message)


def quota_exceeded(metric: str, quota: str, model: str, limit: int, wait_s: float) -> Json:
    """The 429 body: which quota, and in ``RetryInfo`` how long to wait."""
    violation = {
        "quotaMetric": f"{HOST}/{metric}",
        "quotaId": quota,
        "quotaDimensions": {"location": "global", "model": model},
        "quotaValue": str(limit),
    }
    delay = f"{wait_s:.3f}".rstrip("0").rstrip(".")
    message = f"You exceeded your current quota. Quota exceeded for metric: {HOST}/{metric}, limit: {limit}. Retry in {delay}s."
    return error(
        "RESOURCE_EXHAUSTED",
        message,
        {
            "@type": f"{TYPE}.Help",
            "links": [{"description": "Gemini API quotas", "url": "https://ai.google.dev/gemini-api/docs"}],
        },
        {"@type": f"{TYPE}.QuotaFailure", "violations": [violation]},
        {"@type": f"{TYPE}.RetryInfo", "retryDelay": f"{delay}s"},
    )


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


def model_object(model: Model) -> Json:
    """One entry of the list of models."""
    return {
        "name": f"models/{model.id}",
        "version": model.id.removeprefix("gemini-"),
        "displayName": model.id.replace("-", " ").title(),
        "description": "A simulated model.",
        "inputTokenLimit": model.context,
        "outputTokenLimit": model.max_output,
        "supportedGenerationMethods": ["generateContent", "countTokens"],
        "thinking": True,
    }


def answer_object(model: str, completion: Completion) -> Json:
    """A GenerateContentResponse. Thought tokens are outside the candidates' (ai-providers.md 6)."""
    content: Json = {"role": "model"} | ({"parts": [{"text": completion.text}]} if completion.text else {})
    usage = usage_metadata(completion)
    candidate = {"content": content, "finishReason": FINISH_REASONS[completion.stopped], "index": 0}
    return {
        "candidates": [candidate],
        "usageMetadata": usage,
        "modelVersion": model,
        "responseId": secrets.token_urlsafe(16),
    }


def usage_metadata(completion: Completion) -> Json:
    """The tokens of an answer; counts of nothing are left out, as the service does."""
    counts = {
        "promptTokenCount": completion.input_tokens,
        "cachedContentTokenCount": completion.cached_tokens,
        "candidatesTokenCount": completion.output_tokens,
        "thoughtsTokenCount": completion.thinking_tokens,
        "totalTokenCount": completion.input_tokens + completion.output_tokens + completion.thinking_tokens,
    }
    details = [{"modality": "TEXT", "tokenCount": completion.input_tokens}]
    return {name: count for name, count in counts.items() if count} | {"promptTokensDetails": details}


def answer_chunks(answer: Json) -> list[Json]:
    """A GenerateContentResponse in the pieces of a stream; only the last says why it ended."""
    candidate = answer["candidates"][0]
    text = candidate["content"].get("parts", [{"text": ""}])[0]["text"]
    texts = pieces(text) or [""]
    chunks = [
        answer | {"candidates": [{"content": {"role": "model", "parts": [{"text": piece}]}, "index": 0}]} for piece in texts
    ]
    chunks[-1]["candidates"][0]["finishReason"] = candidate["finishReason"]
    return chunks


def _answer(finish_reason: str | None, text: str = "", note: str = "", **changes: Any) -> Preset:
    """A 200 whose candidate ended for ``finish_reason``; None: there is no candidate."""
    answer = answer_object("gemini-3.5-flash-lite", Completion(text, "end", 40, 12 if text else 0, 24)) | changes
    if finish_reason is None:
        del answer["candidates"]
    else:
        answer["candidates"][0]["finishReason"] = finish_reason
    return Preset(200, answer, note=note)


def _filtered(finish_reason: str) -> Preset:
    preset = _answer(finish_reason, note=f"200, finishReason {finish_reason}, no content")
    del preset.body["candidates"][0]["content"]
    return preset


def _error(status: str, message: str, note: str, *details: Json, code: int | None = None) -> Preset:
    return Preset(code or CODES[status], error(status, message, *details, code=code), note=note)


def _quota(metric: str, quota: str, limit: int, wait_s: float, note: str) -> Preset:
    return Preset(429, quota_exceeded(metric, quota, "gemini-3.5-flash-lite", limit, wait_s), note=note)


_KEY = {"@type": f"{TYPE}.ErrorInfo", "reason": "API_KEY_INVALID", "domain": "googleapis.com", "metadata": {"service": HOST}}

PRESETS: dict[str, Preset] = {
    "rate_limited": _quota(*QUOTAS["requests"], 15, 46, "429 per minute, RetryInfo 46s"),
    "rate_limited_tokens": _quota(*QUOTAS["tokens"], 250_000, 12.5, "429 tokens per minute, RetryInfo 12.5s"),
    "insufficient_quota": _quota(
        "generate_content_free_tier_requests", "GenerateRequestsPerDayPerProjectPerModel-FreeTier", 20, 3600, "429 per day"
    ),
    "quota_zero": _quota(
        "generate_content_free_tier_requests", "GenerateRequestsPerMinutePerProjectPerModel-FreeTier", 0, 30, "429 with limit: 0"
    ),
    "billing_required": _error("FAILED_PRECONDITION", "Billing is required for this request.", "402", code=402),
    "bad_key": Preset(400, bad_key(), note="400 API_KEY_INVALID"),
    "bad_key_401": _error("UNAUTHENTICATED", "Request had invalid authentication credentials.", "401", _KEY),
    "bad_key_403": _error("PERMISSION_DENIED", "Your API key was reported as leaked. Please use another API key.", "403", _KEY),
    "permission_denied": _error("PERMISSION_DENIED", "The caller does not have permission", "403"),
    "unsupported_region": _error("FAILED_PRECONDITION", "User location is not supported for the API use.", "400 region"),
    "unknown_model": Preset(404, unknown_model("gemini-gone", "v1beta", "generateContent"), note="404 NOT_FOUND"),
    "context_too_long": Preset(400, context_too_long(1_200_000, 1_048_576), note="400, message only"),
    "invalid_request": _error("INVALID_ARGUMENT", "Request contains an invalid argument.", "400"),
    "overloaded": _error("UNAVAILABLE", "The model is overloaded. Please try again later.", "503"),
    "server_error": _error("INTERNAL", "An internal error has occurred. Please retry.", "500"),
    "deadline_exceeded": _error("DEADLINE_EXCEEDED", "Deadline expired before operation could complete.", "504"),
    "html_200": Preset(200, HTML_200, note="200 with HTML, as a captive portal or proxy answers"),
    "prompt_blocked": _answer(
        None, note="200, no candidates, promptFeedback.blockReason", promptFeedback={"blockReason": "PROHIBITED_CONTENT"}
    ),
    "content_filter": _filtered("SAFETY"),
    "prohibited_content": _filtered("PROHIBITED_CONTENT"),
    "blocklist": _filtered("BLOCKLIST"),
    "recitation": _filtered("RECITATION"),
    "spii": _filtered("SPII"),
    "unknown_finish_reason": _filtered("SOMETHING_NEW"),
    "truncated": _answer("MAX_TOKENS", "Good news to share. We have been working on", "200, MAX_TOKENS with text"),
    "empty_truncated": _answer("MAX_TOKENS", note="200, MAX_TOKENS without text: all tokens went into thoughts"),
    "empty": _answer("STOP", note="200, STOP without parts"),
}
