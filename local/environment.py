"""The options that the process environment asks for."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from local.options import DEFAULT_AUDIENCE, ROOT, Options
from local.simulators.registry import PLATFORMS, PROVIDERS

DEFAULT_PORT = 8000


class BadOption(Exception):
    """An environment variable has a value that makes no sense; the message says which."""


def options_from(environment: Mapping[str, str]) -> Options:
    """The options that environment variables ask for. Raises BadOption.

    PORT (8000), LOCAL_DIR (.local), DATABASE_URL (SQLite in LOCAL_DIR), AUTH0_DOMAIN and AUTH0_AUDIENCE (a real tenant instead of
    the development issuer), PUBLIC_URL (the URL of a tunnel), {PLATFORM}_CLIENT_ID and {PLATFORM}_CLIENT_SECRET (the real
    platform instead of its simulator), REAL_PROVIDERS (comma-separated: real AI providers instead of their simulators).
    """
    port = environment.get("PORT") or str(DEFAULT_PORT)
    if not port.isdecimal() or int(port) > 65_500:
        raise BadOption("PORT must be a number below 65500")
    domain = environment.get("AUTH0_DOMAIN") or None
    audience = environment.get("AUTH0_AUDIENCE") or None
    if domain and not audience:
        raise BadOption("AUTH0_DOMAIN needs AUTH0_AUDIENCE, the identifier of the API in Auth0")
    providers = frozenset(filter(None, (name.strip().lower() for name in environment.get("REAL_PROVIDERS", "").split(","))))
    if not providers <= set(PROVIDERS):
        raise BadOption(f"REAL_PROVIDERS can name {', '.join(PROVIDERS)}")
    return Options(
        directory=Path(environment.get("LOCAL_DIR") or ROOT / ".local"),
        port=int(port),
        database_url=environment.get("DATABASE_URL") or None,
        auth0_domain=domain,
        audience=audience or DEFAULT_AUDIENCE,
        public_url=environment.get("PUBLIC_URL") or None,
        credentials=_credentials(environment),
        real_providers=providers,
    )


def _credentials(environment: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    found = {}
    for name in PLATFORMS:
        client_id, secret = (environment.get(f"{name.upper()}_CLIENT_{part}") for part in ("ID", "SECRET"))
        if bool(client_id) != bool(secret):
            raise BadOption(f"{name.upper()}_CLIENT_ID and {name.upper()}_CLIENT_SECRET belong together")
        if client_id and secret:
            found[name] = (client_id, secret)
    return found
