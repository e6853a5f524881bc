"""Anthropic's answers, whole and as the events of a stream."""

from __future__ import annotations

import json
import secrets

from local.simulators.ai.language_model import (
    Completion,
    Model,
    pieces,
)
from local.simulators.world import Json


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
