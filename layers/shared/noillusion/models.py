"""The bases of all API shapes. What checks a shape is built when it is first used: a request needs few of a function's shapes."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    """Base of answers and parts of them."""

    model_config = ConfigDict(defer_build=True)


class Strict(Model):
    """Base of request bodies: unknown fields are refused and values never show in errors."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)
