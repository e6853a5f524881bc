"""The options that the process environment asks for."""

from __future__ import annotations

import re
import ssl
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from local.options import DEFAULT_AUDIENCE, ROOT, Options
from local.simulators.registry import PROVIDERS
from noillusion.catalog.registrations import REGISTRATIONS
from noillusion.core import urls
from noillusion.settings.errors import SettingsError
from noillusion.settings.values import Settings

DEFAULT_PORT = 8000
PASSED_ON: Mapping[str, str] = {
    **{found.configuration: "apps" for found in REGISTRATIONS if found.configuration},
    **{f"{found.prefix}_WITHOUT_SCOPES": "apps" for found in REGISTRATIONS},
    "TIKTOK_AUDITED": "tiktok_audited",
    "META_APPSECRET_PROOF": "meta_appsecret_proof",
    **{f"OPERATOR_{name.upper()}_KEY": "operator_ai_keys" for name in PROVIDERS},
    "OPERATOR_AI_BUDGET_USD": "operator_ai_budget_usd",
    "OPERATOR_AI_TOTAL_BUDGET_USD": "operator_ai_total_budget_usd",
    "BACKUP_DAYS": "backup_days",
    "TIKTOK_VERIFIED_URLS": "verified_urls",
    "MEDIA_VERIFICATION": "media_verification",
    "POSTS_PER_MINUTE": "posts_per_minute",
    "CHECKS_PER_MINUTE": "checks_per_minute",
}
"""Settings that functions get as they are → the property of ``Settings`` that checks each."""
_CLIENT = re.compile(r"[A-Za-z0-9._-]{1,64}(:[!-~]{1,200})?\Z")
_HOST_NAME = re.compile(r"(?=.{1,253}\Z)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*\Z")


class BadOption(Exception):
    """An environment variable has a value that makes no sense; the message says which."""


def options_from(environment: Mapping[str, str]) -> Options:
    """The options that environment variables ask for. Raises BadOption.

    PORT (8000), LOCAL_DIR (.local; the simulators write to the file LOCAL_DIR-platforms), DATABASE_URL (SQLite in LOCAL_DIR),
    AUTH0_DOMAIN and AUTH0_AUDIENCE (a real tenant instead of the local issuer), OIDC_ISSUER (any other issuer by its URL),
    SSL_CERT_FILE (certificate authorities to trust instead of the usual ones), LOCAL_CLIENTS (more applications of the local
    issuer), ALLOWED_ORIGINS (of frontends), RETURN_URLS (where browsers may return to after connecting an account), PUBLIC_URL
    (the URL of a tunnel), REQUIRE_SCOPES (1: tokens need the scope of the route), {PLATFORM}_CLIENT_ID and
    {PLATFORM}_CLIENT_SECRET (the real platform instead of its simulator), REAL_PROVIDERS (comma-separated: real AI providers
    instead of their simulators), and the settings in ``PASSED_ON``.
    """
    port = environment.get("PORT") or str(DEFAULT_PORT)
    if not port.isdecimal() or int(port) > 65_500:
        raise BadOption("PORT must be a number below 65500")
    providers = frozenset(name.lower() for name in _list(environment, "REAL_PROVIDERS"))
    if not providers <= set(PROVIDERS):
        raise BadOption(f"REAL_PROVIDERS can name {', '.join(PROVIDERS)}")
    directory = Path(environment.get("LOCAL_DIR") or ROOT / ".local").resolve()
    return Options(
        directory=directory,
        # Beside the directory: what is published must be nowhere in it.
        kept=directory.with_name(f"{directory.name}-platforms"),
        port=int(port),
        database_url=environment.get("DATABASE_URL") or None,
        issuer_url=_issuer(environment),
        audience=environment.get("AUTH0_AUDIENCE") or DEFAULT_AUDIENCE,
        ca_file=_ca_file(environment),
        allowed_origins=_origins(environment),
        return_urls=_return_urls(environment),
        clients=_clients(environment),
        public_url=environment.get("PUBLIC_URL") or None,
        require_scopes=_switch(environment, "REQUIRE_SCOPES"),
        credentials=_credentials(environment),
        real_providers=providers,
        settings=_settings(environment),
    )


def _settings(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the settings that functions get as they are given here."""
    given = {name: environment[name] for name in PASSED_ON if environment.get(name)}
    settings = Settings(given)
    try:
        for name in PASSED_ON.values():
            getattr(settings, name)
    except SettingsError as error:
        raise BadOption(str(error)) from None
    return given


def _issuer(environment: Mapping[str, str]) -> str | None:
    """Return the URL of the issuer that replaces the local one."""
    domain, url = environment.get("AUTH0_DOMAIN", "").strip(), environment.get("OIDC_ISSUER", "").strip()
    if domain and url:
        raise BadOption("AUTH0_DOMAIN and OIDC_ISSUER both name the issuer: set one of them")
    if domain:
        host = domain.lower().removeprefix("https://").removesuffix("/")
        if not _HOST_NAME.match(host):
            raise BadOption(
                "AUTH0_DOMAIN must be a host name, such as tenant.eu.auth0.com. "
                "For an issuer with a port, a path or http:// set OIDC_ISSUER to its full URL"
            )
        if not environment.get("AUTH0_AUDIENCE"):
            raise BadOption("AUTH0_DOMAIN needs AUTH0_AUDIENCE, the identifier of the API in Auth0")
        return f"https://{host}/"
    if url and not urls.is_base(url):
        raise BadOption(
            "OIDC_ISSUER must be the issuer's full URL without query and fragment, such as https://login.example/realms/dev: "
            "https://, or http:// on this machine (localhost, 127.0.0.1, [::1])"
        )
    return url or None


def _switch(environment: Mapping[str, str], name: str) -> bool:
    text = environment.get(name, "").lower()
    if text not in ("", "0", "1", "false", "true"):
        raise BadOption(f"{name} must be 1 or 0")
    return text in ("1", "true")


def _ca_file(environment: Mapping[str, str]) -> Path | None:
    name = environment.get("SSL_CERT_FILE", "")
    if not name:
        return None
    try:
        ssl.create_default_context(cafile=name)
    except (OSError, ValueError):
        raise BadOption("SSL_CERT_FILE must be a readable file of certificates in PEM format") from None
    return Path(name).resolve()


def _list(environment: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(filter(None, (part.strip() for part in environment.get(name, "").split(","))))


def _origins(environment: Mapping[str, str]) -> tuple[str, ...] | None:
    origins = _list(environment, "ALLOWED_ORIGINS")
    if not all(map(_is_origin, origins)):
        raise BadOption(
            "ALLOWED_ORIGINS must be a comma-separated list of origins as browsers send them, such as "
            "http://localhost:5173,https://app.example: scheme, host and port, without a path, a final slash or *"
        )
    return origins or None


def _is_origin(text: str) -> bool:
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    default = {"http": 80, "https": 443}.get(parts.scheme)
    written = f"[{host}]" if ":" in host else host
    spelled = f"{parts.scheme}://{written}" + (f":{port}" if port is not None else "")
    return default is not None and port != default and text == spelled and bool(_HOST_NAME.match(host) or urls.is_loopback(host))


def _return_urls(environment: Mapping[str, str]) -> tuple[str, ...] | None:
    prefixes = _list(environment, "RETURN_URLS")
    if not all(map(urls.is_safe, prefixes)):
        raise BadOption(
            "RETURN_URLS must be a comma-separated list of URL prefixes, such as http://localhost:5173/connected: "
            "https://, or http:// on this machine (localhost, 127.0.0.1, [::1])"
        )
    return prefixes or None


def _clients(environment: Mapping[str, str]) -> dict[str, str | None]:
    written = _list(environment, "LOCAL_CLIENTS")
    if not all(map(_CLIENT.match, written)):
        raise BadOption(
            "LOCAL_CLIENTS must be a comma-separated list of client ids, each with :secret if it can keep one, such as "
            "my-spa,my-server:a-secret. Ids consist of letters, digits, '.', '_' and '-'"
        )
    pairs = (one.partition(":") for one in written)
    return {name: secret if colon else None for name, colon, secret in pairs}


def _credentials(environment: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    found = {}
    for prefix in (registration.prefix for registration in REGISTRATIONS):
        client_id, secret = (environment.get(f"{prefix}_CLIENT_{part}") for part in ("ID", "SECRET"))
        if bool(client_id) != bool(secret):
            raise BadOption(f"{prefix}_CLIENT_ID and {prefix}_CLIENT_SECRET belong together")
        if client_id and secret:
            found[prefix] = (client_id, secret)
    return found
