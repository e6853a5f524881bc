"""OpenAI's answers, whole and as the events of a stream."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from typing import Any

from local.simulators.ai.language_model import (
    Completion,
    Model,
    pieces,
)
from local.simulators.world import Json


def model_object(model: Model) -> Json:
    """One entry of the list of models."""
    return {"id": model.id, "object": "model", "created": 1780000000, "owned_by": "openai", "shutdown_date": model.shutdown}


def response_object(model: str, created: int, completion: Completion, body: Json) -> Json:
    """A Response as ``/v1/responses`` returns it. A thinking model that ran out of tokens has no message in its output."""
    complete = completion.stopped != "limit"
    status = "completed" if complete else "incomplete"
    output: list[Json] = []
    if completion.thinking_tokens:
        output.append({"id": f"rs_{secrets.token_hex(16)}", "type": "reasoning", "summary": []})
    if completion.text:
        output.append(message_item(status, {"type": "output_text", "text": completion.text, "annotations": [], "logprobs": []}))
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
        "usage": response_usage(completion),
        "user": None,
        "metadata": body.get("metadata") or {},
    }


def response_usage(completion: Completion) -> Json:
    """The tokens that a Response has used."""
    total = completion.output_tokens + completion.thinking_tokens
    return {
        "input_tokens": completion.input_tokens,
        "input_tokens_details": {
            "cached_tokens": completion.cached_tokens,
            "cache_write_tokens": completion.cache_write_tokens,
        },
        "output_tokens": total,
        "output_tokens_details": {"reasoning_tokens": completion.thinking_tokens},
        "total_tokens": completion.input_tokens + total,
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
