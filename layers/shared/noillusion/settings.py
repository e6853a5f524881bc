"""Settings of one deployment, read once per execution environment. Error texts name a setting, never its value."""

from __future__ import annotations

import base64
import binascii
import json
import math
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from noillusion.platforms.flow import App
from noillusion.sensitive import Secret

PLATFORMS = ("facebook", "instagram", "linkedin", "tiktok")
AI_PROVIDERS = ("openai", "anthropic", "google")
_KEY_ID = re.compile(r"[A-Za-z0-9_-]{1,32}\Z")


class SettingsError(Exception):
    """A setting is missing or malformed. The text names the setting and what it should be."""


@dataclass(frozen=True)
class Settings:
    """Typed access to the environment and, where ``SECRETS_ARN`` is set, the secret it names (which wins)."""

    values: Mapping[str, str] = field(repr=False)

    def _get(self, name: str, default: str | None = None) -> str:
        value = self.values.get(name, "")
        if value:
            return value
        if default is None:
            raise SettingsError(f"the setting {name} is missing")
        return default

    def _key(self, name: str) -> bytes:
        return decode_key(name, self._get(name))

    def _json_object(self, name: str, default: str = "{}") -> dict[str, Any]:
        try:
            value = json.loads(self._get(name, default))
        except ValueError:
            raise SettingsError(f"the setting {name} is not valid JSON") from None
        if not isinstance(value, dict):
            raise SettingsError(f"the setting {name} must be a JSON object")
        return value

    @cached_property
    def stage(self) -> str:
        """Name of the deployment."""
        return self._get("STAGE", "dev")

    @cached_property
    def public_url(self) -> str:
        """Origin of the API as browsers and platforms see it, without a trailing slash."""
        return self._get("PUBLIC_URL").rstrip("/")

    @cached_property
    def return_urls(self) -> tuple[str, ...]:
        """Prefixes of the addresses a person may be sent back to after connecting."""
        return tuple(part.strip() for part in self._get("RETURN_URLS", "").split(",") if part.strip())

    @cached_property
    def database_url(self) -> str:
        """``sqlite:///…`` or ``postgresql://…``."""
        return self._get("DATABASE_URL")

    @cached_property
    def sealing_keys(self) -> tuple[str, dict[str, bytes]]:
        """The current sealing key's id and all keys by id, 32 bytes each."""
        ring = self._json_object("SEALING_KEYS")
        current, keys = ring.get("current"), ring.get("keys")
        if not isinstance(current, str) or not isinstance(keys, dict) or current not in keys:
            raise SettingsError('the setting SEALING_KEYS must be {"current": id, "keys": {id: base64url of 32 bytes}}')
        if not all(_KEY_ID.match(key_id) for key_id in keys):
            # An id stands between dots in every ciphertext; one with a dot in it would seal what nothing can open.
            raise SettingsError("the setting SEALING_KEYS must have ids of 1 to 32 letters, digits, hyphens and underscores")
        return current, {key_id: decode_key("SEALING_KEYS", value) for key_id, value in keys.items()}

    @cached_property
    def fingerprint_key(self) -> bytes:
        """Key of all keyed fingerprints, 32 bytes."""
        return self._key("FINGERPRINT_KEY")

    @cached_property
    def state_key(self) -> bytes:
        """Key that signs OAuth state and list cursors, 32 bytes."""
        return self._key("STATE_KEY")

    @cached_property
    def publish_queue_url(self) -> str:
        """Queue of ids of slow publications."""
        return self._get("PUBLISH_QUEUE_URL")

    @cached_property
    def analytics_queue_url(self) -> str:
        """Queue of ids whose figures are due."""
        return self._get("ANALYTICS_QUEUE_URL")

    @cached_property
    def endpoints(self) -> dict[str, str]:
        """Real host → base address used instead of ``https://{host}``; empty in production."""
        return {str(host): str(base).rstrip("/") for host, base in self._json_object("ENDPOINTS").items()}

    def endpoint(self, host: str) -> str:
        """The base address of a host, without a trailing slash."""
        return self.endpoints.get(host, f"https://{host}")

    def located(self, url: str) -> str:
        """Where an ``https`` URL of a platform is reached, for programs and browsers alike."""
        host, slash, rest = url.removeprefix("https://").partition("/")
        return f"{self.endpoint(host)}{slash}{rest}"

    def app(self, platform: str) -> App | None:
        """The operator's registration at a platform, ``None`` where there is none."""
        prefix = platform.upper()
        client_id, secret = self.values.get(f"{prefix}_CLIENT_ID", ""), self.values.get(f"{prefix}_CLIENT_SECRET", "")
        return App(client_id, Secret(secret)) if client_id and secret else None

    @cached_property
    def operator_ai_keys(self) -> dict[str, Secret]:
        """AI keys that the operator offers to everybody, by provider."""
        found = {name: self.values.get(f"OPERATOR_{name.upper()}_KEY", "") for name in AI_PROVIDERS}
        return {name: Secret(key) for name, key in found.items() if key}

    @cached_property
    def operator_ai_budget_usd(self) -> float:
        """What one user may spend a month on the operator's keys, in US dollars."""
        try:
            budget = float(self._get("OPERATOR_AI_BUDGET_USD", "1"))
        except ValueError:
            budget = math.nan
        if not 0 <= budget < math.inf:
            # Nothing compares as greater than NaN, so it would be a budget without end.
            raise SettingsError("the setting OPERATOR_AI_BUDGET_USD must be a number, zero or greater")
        return budget


def decode_key(name: str, text: object) -> bytes:
    """32 bytes from their base64url form; :class:`SettingsError` otherwise."""
    try:
        raw = base64.b64decode(str(text) + "=" * (-len(str(text)) % 4), altchars=b"-_", validate=True)
    except (ValueError, binascii.Error):
        raw = b""
    if len(raw) != 32:
        raise SettingsError(f"the setting {name} must hold base64url of 32 bytes")
    return raw


def _secret_values(arn: str) -> dict[str, str]:
    import boto3

    text = boto3.client("secretsmanager").get_secret_value(SecretId=arn)["SecretString"]
    try:
        values = json.loads(text)
    except ValueError:
        values = None
    if not isinstance(values, dict):
        raise SettingsError("the secret named by SECRETS_ARN must be a JSON object")
    return {str(k): v if isinstance(v, str) else json.dumps(v) for k, v in values.items()}


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this execution environment."""
    values = dict(os.environ)
    if values.get("SECRETS_ARN"):
        values.update(_secret_values(values["SECRETS_ARN"]))
    return Settings(values)
