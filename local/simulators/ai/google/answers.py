"""Google's answers, whole and as the events of a stream."""

from __future__ import annotations

import secrets

from local.simulators.ai.language_model import (
    Completion,
    Model,
    pieces,
)
from local.simulators.world import Json

FINISH_REASONS = {"end": "STOP", "limit": "MAX_TOKENS", "sequence": "STOP"}


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
