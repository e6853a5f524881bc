"""OpenAI's refusals in its own error envelope."""

from __future__ import annotations

from local.simulators.ai.language_model import (
    Refused,
)
from local.simulators.world import Json


def error(message: str, kind: str = "invalid_request_error", code: str | None = None, param: str | None = None) -> Json:
    """The body of every error of this API."""
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}


def invalid(message: str, code: str | None, param: str | None = None) -> Refused:
    """A 400 ``invalid_request_error``."""
    return Refused(400, error(message, code=code, param=param))


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
