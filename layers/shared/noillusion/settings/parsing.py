"""Parsing of settings. Errors contain the name of a setting and never its value."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from noillusion.settings.errors import SettingsError

WORD = re.compile(r"[!-~]+\Z")
"""Credentials and URLs contain no whitespace or line breaks, which are often copied along by mistake."""
_NOT_OF_A_CREDENTIAL = re.compile(r'["\[\]{}]')
"""Characters of a list or an object in place of a text."""
_DATABASES = ("sqlite:///", "postgresql://", "postgres://")
_KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,32}\Z")


def credential(name: str, text: str) -> str:
    """Return a text without whitespace, empty if it is not set. Raises :class:`SettingsError` otherwise."""
    if text and (not WORD.match(text) or _NOT_OF_A_CREDENTIAL.search(text)):
        raise SettingsError(name, "must be a text without blanks and line breaks")
    return text


def json_object(name: str, text: str) -> dict[str, Any]:
    """Return a JSON object. Raises :class:`SettingsError` otherwise."""
    try:
        value = json.loads(text)
    except ValueError:
        raise SettingsError(name, "is not valid JSON") from None
    if not isinstance(value, dict):
        raise SettingsError(name, "must be a JSON object")
    return value


def decode_key(name: str, text: object) -> bytes:
    """Return 32 bytes decoded from base64url. Raises :class:`SettingsError` otherwise."""
    try:
        raw = base64.b64decode(str(text) + "=" * (-len(str(text)) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        raw = b""
    if len(raw) != 32:
        raise SettingsError(name, "must hold base64url of 32 bytes")
    return raw


def key_ring(name: str, text: str, more: Mapping[str, bytes] = MappingProxyType({})) -> tuple[str, dict[str, bytes]]:
    """Return the id of the current key and all keys by id, including those outside the ring. Raises :class:`SettingsError`."""
    ring = json_object(name, text)
    current, keys = ring.get("current"), ring.get("keys")
    if not isinstance(current, str) or not isinstance(keys, dict) or not (current in keys or current in more):
        raise SettingsError(name, 'must be {"current": id, "keys": {id: base64url of 32 bytes}}')
    if not all(_KEY_ID.match(key_id) for key_id in keys):
        # Stored values have the form "id.value", so an id with a dot could not be read back.
        raise SettingsError(name, "must have ids of 1 to 32 letters, digits, hyphens and underscores")
    return current, {**{key_id: decode_key(name, value) for key_id, value in keys.items()}, **more}


def database_url(name: str, url: str) -> str:
    """Return the URL of a supported database. Raises :class:`SettingsError` otherwise."""
    if not url.startswith(_DATABASES):
        raise SettingsError(name, "must begin with postgresql:// or sqlite:///")
    if not url.startswith("sqlite") and not WORD.match(url):
        raise SettingsError(name, "must be without blanks and line breaks")
    return url
