"""API models of the ways ``pull`` and ``generate``. What they name is sealed with their target."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, StringConstraints

from noillusion.ai.options import GenerationOptions
from noillusion.core.models import Strict, refused
from noillusion.core.sensitive import Content
from noillusion.publishing.models import OptionsInput

MAX_URL = 8192
"""Presigned URLs with a session token have some two thousand characters."""


def _https(value: Content) -> Content:
    text = value.reveal()
    try:
        parts = urlsplit(text)
        fits = parts.scheme == "https" and bool(parts.hostname) and parts.port in (None, 443)
    except ValueError:
        fits = False
    if not fits or parts.username is not None or any(c.isspace() or not c.isprintable() for c in text):
        raise refused("https_url")
    return value


def _accepted(value: bool) -> bool:
    if not value:
        raise refused("unattended")
    return value


class PullInput(Strict):
    """Where the content document is (docs/scheduling.md), and the hash that it must have when it is due."""

    url: Annotated[
        Content,
        Field(max_length=MAX_URL, json_schema_extra={"pattern": "^[Hh][Tt][Tt][Pp][Ss]://[^/]"}),
        AfterValidator(_https),
    ] = Field(description="https URL of the document; its query can be a signature. It is stored encrypted")
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] = Field(
        description="SHA-256 (hex) of the document in canonical form (RFC 8785)"
    )


class GenerateInput(GenerationOptions):
    """What is generated when it is due, with your own AI keys, and published without anybody having read it."""

    accept_unattended: Annotated[bool, Field(strict=True, json_schema_extra={"const": True}), AfterValidator(_accepted)] = Field(
        description="Must be true: you accept that the text is published without being read by a person first"
    )
    options: OptionsInput | None = None
