"""The settings of one deployment as typed values. Errors contain the name of a setting and never its value."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urlsplit

from noillusion.catalog import platforms, providers
from noillusion.core import urls
from noillusion.core.sensitive import Secret
from noillusion.settings import debugging
from noillusion.settings.apps import Apps
from noillusion.settings.errors import SettingsError
from noillusion.settings.holdings import GROUPS
from noillusion.settings.parsing import credential, database_url, decode_key, json_object, key_ring

PLAIN = ""
"""Id of the plain fingerprint key."""
LOGIN_SETTINGS = {"api": "DATABASE_URL", "worker": "WORKER_DATABASE_URL", "health": "HEALTH_DATABASE_URL"}
"""Setting of each login, by its group."""
SEALING_FORMS = ("v1", "v2")
"""Formats of ciphertexts, newest last."""
BACKUP_DAYS = 35
"""Longer than the default of any Supabase plan."""
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,120}\Z")


@dataclass(frozen=True)
class Settings:
    """Typed access to the environment and, where ``SECRETS_ARN`` is set, the secret it names (which wins)."""

    values: Mapping[str, str] = field(repr=False)

    def check(self) -> None:
        """Raise :class:`SettingsError` for the first setting that this function needs and that is not valid, or that no
        deployment may have."""
        if printing := debugging.switched_on(self.values):
            raise SettingsError(printing, f"must not be set: {debugging.PRINTING[printing]}")
        for name in (
            "endpoints",
            "backup_days",
            "require_scopes",
            "handover_bucket",
            "media_verification",
            "verified_urls",
            "tiktok_audited",
            "meta_appsecret_proof",
            "posts_per_minute",
            "checks_per_minute",
            *(name for group in self.holds for name in GROUPS[group].checked),
        ):
            getattr(self, name)

    @cached_property
    def holds(self) -> tuple[str, ...]:
        """Return the groups of settings of this function; all groups by default."""
        named = self._get("HOLDS", ",".join(GROUPS)).split(",")
        if not set(named) <= GROUPS.keys():
            raise SettingsError("HOLDS", f"must be a comma-separated list of {', '.join(GROUPS)}")
        return tuple(named)

    def _get(self, name: str, default: str | None = None) -> str:
        value = self.values.get(name, "")
        if value:
            return value
        if default is None:
            raise SettingsError(name, "is missing")
        return default

    def _key(self, name: str) -> bytes:
        return decode_key(name, self._get(name))

    def _credential(self, name: str) -> str:
        """Return a text without whitespace, empty if it is not set."""
        return credential(name, self.values.get(name, ""))

    def _queue(self, name: str) -> str:
        if not urls.is_safe(url := self._get(name)):
            raise SettingsError(name, "must be a URL that begins with https://, or http:// on this machine")
        return url

    @cached_property
    def stage(self) -> str:
        """Return the name of the deployment."""
        return self._get("STAGE", "dev")

    @cached_property
    def public_url(self) -> str:
        """Return the public origin of the API, without a trailing slash."""
        url = self._get("PUBLIC_URL").rstrip("/")
        if not urls.is_base(url):
            raise SettingsError("PUBLIC_URL", "must be a URL that begins with https://, or http:// on this machine")
        return url

    @cached_property
    def return_urls(self) -> tuple[str, ...]:
        """Return the prefixes of URLs that a browser may return to after connecting."""
        return self._prefixes("RETURN_URLS")

    @cached_property
    def verified_urls(self) -> dict[str, tuple[str, ...]]:
        """Return the prefixes of media URLs that the operator has verified at a platform, by platform."""
        found = {"tiktok": self._prefixes("TIKTOK_VERIFIED_URLS")}
        if not all(prefix.endswith("/") for prefix in found["tiktok"]):
            # Another host can begin with the same characters.
            raise SettingsError("TIKTOK_VERIFIED_URLS", "must be a comma-separated list of URLs that end with a slash")
        return found

    def _prefixes(self, name: str) -> tuple[str, ...]:
        prefixes = tuple(part.strip() for part in self._get(name, "").split(",") if part.strip())
        if not all(map(urls.is_base, prefixes)):
            raise SettingsError(name, "must be a comma-separated list of URLs that begin with https://, without ? and #")
        return prefixes

    @property
    def database_url(self) -> str:
        """Return ``sqlite:///…`` or ``postgresql://…`` with the login for requests of users."""
        return self.login("api")[1]

    @cached_property
    def logins(self) -> dict[str, tuple[str, str]]:
        """Return :meth:`login` of each group of this function that has one."""
        return {group: self.login(group) for group in LOGIN_SETTINGS if group in self.holds}

    def login(self, group: str) -> tuple[str, str]:
        """Return name and value of the setting with the database URL of a group; with a single login, that of requests of
        users."""
        name = LOGIN_SETTINGS[group]
        if not self.values.get(name) and self.values.get("DATABASE_URL"):
            name = "DATABASE_URL"
        return name, database_url(name, self._get(name))

    @cached_property
    def sealing_keys(self) -> tuple[str, dict[str, bytes]]:
        """Return the id of the current sealing key and all keys by id, 32 bytes each."""
        return key_ring("SEALING_KEYS", self._get("SEALING_KEYS"))

    @cached_property
    def sealing_form(self) -> str:
        """Return the format for sealing credentials: the newest, unless a version that cannot open it is still running."""
        form = self._get("SEALING_FORM", SEALING_FORMS[-1])
        if form not in SEALING_FORMS:
            raise SettingsError("SEALING_FORM", f"must be one of {', '.join(SEALING_FORMS)}")
        return form

    @cached_property
    def fingerprint_keys(self) -> tuple[str, dict[str, bytes]]:
        """Return the id of the current fingerprint key and all keys by id, 32 bytes each.

        The plain ``FINGERPRINT_KEY`` is one of them, with an empty id. It is the current one if there is no ring.
        """
        plain = {PLAIN: self._key("FINGERPRINT_KEY")} if self.values.get("FINGERPRINT_KEY") else {}
        if plain and not self.values.get("FINGERPRINT_KEYS"):
            return PLAIN, plain
        return key_ring("FINGERPRINT_KEYS", self._get("FINGERPRINT_KEYS"), plain)

    @cached_property
    def state_key(self) -> bytes:
        """Return the key that signs OAuth state and list cursors, 32 bytes."""
        return self._key("STATE_KEY")

    @cached_property
    def publish_queue_url(self) -> str:
        """Return the URL of the queue with ids of slow publications."""
        return self._queue("PUBLISH_QUEUE_URL")

    @cached_property
    def analytics_queue_urls(self) -> dict[str, str]:
        """Return the URL of the queue with ids whose figures are due, by platform."""
        name = "ANALYTICS_QUEUE_URLS"
        found = {platform: str(url) for platform, url in json_object(name, self._get(name)).items()}
        if found.keys() != set(platforms.NAMES) or not all(map(urls.is_safe, found.values())):
            raise SettingsError(name, f"must map {', '.join(platforms.NAMES)} to URLs: https://, or http:// on this machine")
        return found

    @cached_property
    def webhook_queue_url(self) -> str:
        """Return the URL of the queue with ids of webhooks that are due."""
        return self._queue("WEBHOOK_QUEUE_URL")

    @cached_property
    def handover_bucket(self) -> str:
        """Return the bucket in which files wait for platforms that fetch them; empty if no file is handed over."""
        return self._credential("HANDOVER_BUCKET")

    @cached_property
    def media_verification(self) -> dict[str, str]:
        """Return name and content of each file that proves to a platform whose URLs those of media are."""
        entries = [part.strip().partition("=") for part in self._get("MEDIA_VERIFICATION", "").split(",") if part.strip()]
        if not all(_FILE_NAME.match(name) and content and content.isprintable() for name, _, content in entries):
            raise SettingsError("MEDIA_VERIFICATION", "must be a comma-separated list of file name=content")
        return {name: content for name, _, content in entries}

    @cached_property
    def endpoints(self) -> dict[str, str]:
        """Return real host → base URL used instead of ``https://{host}``; empty in production."""
        found = {host: str(base).rstrip("/") for host, base in json_object("ENDPOINTS", self._get("ENDPOINTS", "{}")).items()}
        if not (all(map(urls.is_host, found)) and all(map(urls.is_base, found.values()))):
            raise SettingsError("ENDPOINTS", "must map hosts to base URLs: https://, or http:// on this machine")
        return found

    def endpoint(self, host: str) -> str:
        """Return the base URL of a host, without a trailing slash."""
        return self.endpoints.get(host, f"https://{host}")

    def located(self, url: str) -> str:
        """Return the relocated ``https`` URL of a platform, for programs and browsers."""
        base = self.endpoints.get(urlsplit(url).netloc)
        return url if base is None else urls.relocated(base, url)

    @cached_property
    def apps(self) -> Apps:
        """Return the operator's apps at the platforms."""
        return Apps(self.values, audited=self.tiktok_audited, signs=self.meta_appsecret_proof)

    @cached_property
    def tiktok_audited(self) -> bool:
        """Return whether TikTok has audited the app, without which every post is private."""
        return self._switch("TIKTOK_AUDITED")

    @cached_property
    def meta_appsecret_proof(self) -> bool:
        """Return whether calls of the Graph API carry a proof of the app's secret."""
        return self._switch("META_APPSECRET_PROOF")

    @cached_property
    def require_scopes(self) -> bool:
        """Return whether an access token needs the scope of the route."""
        return self._switch("REQUIRE_SCOPES")

    def _switch(self, name: str) -> bool:
        text = self._get(name, "false").lower()
        if text not in ("true", "false", "1", "0"):
            raise SettingsError(name, "must be true or false")
        return text in ("true", "1")

    @cached_property
    def backup_days(self) -> int:
        """Return the number of days for which backups of the database can contain deleted data."""
        text = self._get("BACKUP_DAYS", str(BACKUP_DAYS))
        if not (text.isdecimal() and text.isascii() and int(text) <= 3650):
            raise SettingsError("BACKUP_DAYS", "must be a whole number of days, at most 3650")
        return int(text)

    @cached_property
    def posts_per_minute(self) -> int:
        """Return how many posts a user can request in a minute, retries included; 0 for any number."""
        return self._per_minute("POSTS_PER_MINUTE", 30)

    @cached_property
    def checks_per_minute(self) -> int:
        """Return how many checks of posts a user can request in a minute; 0 for any number."""
        return self._per_minute("CHECKS_PER_MINUTE", 60)

    def _per_minute(self, name: str, default: int) -> int:
        text = self._get(name, str(default))
        if not (text.isdecimal() and text.isascii() and int(text) <= 100_000):
            raise SettingsError(name, "must be a whole number, at most 100000; 0 for no limit")
        return int(text)

    @cached_property
    def operator_ai_keys(self) -> dict[str, Secret]:
        """Return the operator's AI keys for all users, by provider."""
        found = {name: self._credential(f"OPERATOR_{name.upper()}_KEY") for name in providers.NAMES}
        return {name: Secret(key) for name, key in found.items() if key}

    @cached_property
    def operator_ai_budget_usd(self) -> float:
        """Return the monthly limit of one user on the operator's keys, in US dollars."""
        return self._amount("OPERATOR_AI_BUDGET_USD", 1.0)

    @cached_property
    def operator_ai_total_budget_usd(self) -> float:
        """Return the monthly limit of all users on the operator's keys, in US dollars; by default 50 times that of one."""
        return self._amount("OPERATOR_AI_TOTAL_BUDGET_USD", 50 * self.operator_ai_budget_usd)

    def _amount(self, name: str, default: float) -> float:
        try:
            amount = float(self._get(name, str(default)))
        except ValueError:
            amount = math.nan
        if not 0 <= amount < math.inf:
            # Nothing is greater than NaN, so it would be an unlimited budget.
            raise SettingsError(name, "must be a number, zero or greater")
        return amount
