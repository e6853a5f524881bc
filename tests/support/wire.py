"""Reads requests to AI providers as they came in, and computes the hash of one, sharing nothing with the product."""

from __future__ import annotations

import hashlib
import json
from typing import Any


def canonical(value: object) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def from_wire(provider: str, path: str, text: str) -> dict[str, Any]:
    """What the hash covers, taken from a request as it came in: nothing of it may be left over."""
    body = json.loads(text)
    if provider == "openai":
        form = body.pop("text")["format"]
        assert form.keys() == {"type", "name", "schema", "strict"} and form["strict"] is True
        system, user, schema, limit, model = (
            body.pop("instructions"), body.pop("input"), form["schema"], body.pop("max_output_tokens"), body.pop("model"),
        )  # fmt: skip
    elif provider == "anthropic":
        ((role, user),) = [(message["role"], message["content"]) for message in body.pop("messages")]
        assert role == "user"
        # Beside the form of the answer, only options are left.
        config = body.pop("output_config")
        schema = config.pop("format")["schema"]
        body |= {"output_config": config} if config else {}
        system, limit, model = body.pop("system"), body.pop("max_tokens"), body.pop("model")
    else:
        model = path.rpartition("/")[2].removesuffix(":generateContent")
        config = body.pop("generationConfig")
        assert config.pop("responseMimeType") == "application/json"
        schema, limit = config.pop("responseJsonSchema"), config.pop("maxOutputTokens")
        system = body.pop("systemInstruction")["parts"][0]["text"]
        user = body.pop("contents")[0]["parts"][0]["text"]
        body |= config
    messages = [{"role": "system", "content": system}, {"role": "user", "content": user}]
    parameters = {"max_output_tokens": limit, "response_schema": schema}
    return {"provider": provider, "model": model, "options": body, "messages": messages, "parameters": parameters}
