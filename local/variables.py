"""The functions' environment variables: endpoints, the database, keys, and nothing of the developer's shell."""

from __future__ import annotations

import base64
import json
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

from local.options import Options
from local.simulators.world import World
from noillusion.catalog import registrations
from noillusion.settings.values import LOGIN_SETTINGS

MEDIA_HOSTS = ("media.example", "media.example.com", "cdn.example.com", "www.example.com", "example.com")
HOOK_HOSTS = ("hooks.example", "hooks.example.com")

OBJECT_HOST = "objects.example.com"
"""The S3 of an instance, from which the product fetches content documents."""
APPS = {
    "FACEBOOK": ("facebook-app", {"facebook"}),
    "INSTAGRAM": ("instagram-app", {"instagram"}),
    "INSTAGRAM_FACEBOOK": ("facebook-app", {"instagram", "facebook"}),
    "LINKEDIN": ("linkedin-app", {"linkedin"}),
    "LINKEDIN_COMMUNITY": ("linkedin-community-app", {"linkedin"}),
    "TIKTOK": ("tiktok-app", {"tiktok"}),
}
"""Prefix of the settings of an app → its name at the simulated platforms, and the platforms that it is for."""
VERIFIED_URL = "https://cdn.example.com/"
"""TikTok fetches videos from here. From the other hosts of samples they are uploaded."""


class Variables:
    """The environment variables of one instance."""

    def __init__(self, options: Options, directory: Path, world: World) -> None:
        self.options, self.directory, self.world = options, directory, world

    def all(self, endpoint: str, api: str, return_urls: tuple[str, ...]) -> dict[str, str]:
        """Return every variable that is added to a function's own."""
        base = self.world.base
        variables = {
            "AWS_ENDPOINT_URL": endpoint,
            "AWS_ENDPOINT_URL_LAMBDA": f"{base}/_lambda",
            "PUBLIC_URL": self.options.public_url or api,
            "RETURN_URLS": ",".join(return_urls),
            "REQUIRE_SCOPES": str(self.options.require_scopes).lower(),
            "SECRETS_ARN": "",
            "TIKTOK_VERIFIED_URLS": VERIFIED_URL,
            "TIKTOK_AUDITED": "true",
            **dict.fromkeys(LOGIN_SETTINGS.values(), self.options.database),
            "ENDPOINTS": json.dumps({**self._endpoints(), OBJECT_HOST: endpoint, **self.options.endpoints}),
            **self._secrets(),
            **self.options.settings,
        }
        if self.options.ca_file:
            variables["SSL_CERT_FILE"] = str(self.options.ca_file)
        variables |= simulated_apps(self.is_real)
        for prefix, (client_id, secret) in self.options.credentials.items():
            variables |= {f"{prefix}_CLIENT_ID": client_id, f"{prefix}_CLIENT_SECRET": secret}
        return variables

    def is_real(self, name: str) -> bool:
        """Tell whether a platform or provider is the real one."""
        registered = {found.prefix for found in registrations.of(name)}
        if name == "facebook":
            # Its hosts are those of Instagram through Facebook Login too.
            registered.add("INSTAGRAM_FACEBOOK")
        return not registered.isdisjoint(self.options.credentials) or name in self.options.real_providers

    def _endpoints(self) -> dict[str, str]:
        """Host → what stands for it here: simulated hosts, and reserved names for the sample media.

        The product fetches media by https from public hosts only. The simulators know reserved names too, so one URL of
        a sample serves both: what the platform pulls and what the product streams.
        """
        simulated = [simulator for name, simulator in self.world.simulators.items() if not self.is_real(name)]
        endpoints = {host: self.world.url(host) for simulator in simulated for host in simulator.hosts}
        media, hooks = (
            dict.fromkeys(MEDIA_HOSTS, f"{self.world.base}/_media"),
            dict.fromkeys(HOOK_HOSTS, f"{self.world.base}/_hooks"),
        )
        return {**endpoints, **media, **hooks} if simulated else endpoints

    def _secrets(self) -> dict[str, str]:
        """Development keys, made once and kept, so that stored credentials stay readable after a restart."""
        path = self.directory / "secrets.json"
        if not path.exists():
            keys = json.dumps({"current": "k1", "keys": {"k1": _key()}})
            write_private(path, {"SEALING_KEYS": keys, "FINGERPRINT_KEY": _key(), "STATE_KEY": _key()})
        kept: dict[str, str] = json.loads(path.read_text("utf-8"))
        return kept


def simulated_apps(real: Callable[[str], bool] = lambda _: False) -> dict[str, str]:
    """Return the settings of the apps that simulated platforms know, without those of platforms that are ``real``."""
    names = {prefix: name for prefix, (name, platforms) in APPS.items() if not any(map(real, platforms))}
    ids = {f"{prefix}_CLIENT_ID": name for prefix, name in names.items()}
    return ids | {f"{prefix}_CLIENT_SECRET": f"{name}-secret" for prefix, name in names.items()}


def _key() -> str:
    """32 random bytes as base64url."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def write_private(path: Path, value: Any) -> None:
    """Write JSON so that others see all of it or nothing, and other users of the machine nothing at all."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump(value, file, indent=2)
        file.write("\n")
    temporary.replace(path)
