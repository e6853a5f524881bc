"""Environment variables that make a library print or record data: whole events, prompts, keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

PRINTING: Final[Mapping[str, str]] = {
    "POWERTOOLS_DEV": "Powertools prints every event",
    "POWERTOOLS_DEBUG": "Powertools logs the arguments of every route",
    "POWERTOOLS_LOGGER_LOG_EVENT": "Powertools logs every event",
    "OPENAI_LOG": "the SDK logs requests and their bodies",
    "ANTHROPIC_LOG": "the SDK logs requests and their bodies",
    "ANTHROPIC_OPEN_TELEMETRY": "the SDK records calls, with content where it is asked to",
    "GOOGLE_GENAI_DEBUG": "the SDK logs requests and their bodies",
    "GOOGLE_GENAI_CLIENT_MODE": "the SDK records requests in files",
    "HTTPX_LOG_LEVEL": "the HTTP client logs URLs and headers",
    "SSLKEYLOGFILE": "Python writes the keys of TLS connections to a file",
}
"""Variable → effect. The code does not depend on their absence, but a deployment should not have them."""
_OFF = frozenset({"", "0", "false", "f", "no", "n", "off", "none", "null"})


def switched_on(values: Mapping[str, str]) -> str | None:
    """Return the first of these variables that is set to anything but "off", or ``None``."""
    return next((name for name in PRINTING if values.get(name, "").strip().lower() not in _OFF), None)
