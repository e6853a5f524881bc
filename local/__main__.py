"""``python -m local``: the whole product on a laptop, until Ctrl-C. Configured by environment variables, see ``options_from``."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from local.aws.specs import TemplateError
from local.runtime import DEFAULT_AUDIENCE, PLATFORMS, PROVIDERS, ROOT, AlreadyRunning, LocalRuntime, Options, StartFailed

DEFAULT_PORT = 8000


class BadOption(Exception):
    """An environment variable has a value that makes no sense; the message says which."""


def options_from(environment: Mapping[str, str]) -> Options:
    """The options that environment variables ask for. Raises BadOption.

    PORT (8000), LOCAL_DIR (.local), DATABASE_URL (SQLite in LOCAL_DIR), AUTH0_DOMAIN and AUTH0_AUDIENCE (a real tenant instead of
    the development issuer), PUBLIC_URL (the address of a tunnel), {PLATFORM}_CLIENT_ID and {PLATFORM}_CLIENT_SECRET (the real
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


def place(database_url: str) -> str:
    """Where a database is, without who logs in and how."""
    address, _, _ = database_url.partition("?")
    scheme, _, rest = address.partition("://")
    return address if scheme == "sqlite" else rest.rpartition("@")[2]


def welcome(runtime: LocalRuntime, seconds: float) -> str:
    """What a person wants to know once it runs."""
    run = runtime.description
    token = f"curl -s '{run['token_url']}'" if run["token_url"] else f"from {run['issuer']} for audience {run['audience']}"
    real = [name for name, base in {**run["platforms"], **run["providers"]}.items() if base.startswith("https://")]
    lines = [
        f"No iLLusion Social is running (ready in {seconds:.1f} s). Stop it with Ctrl-C.",
        "",
        f"  API         {run['api']}",
        f"  Health      curl -s {run['api']}/v1/health",
        f"  A token     {token}",
        f'  Try it      curl -s -H "Authorization: Bearer $TOKEN" {run["api"]}/v1/profile',
        "  The tour    make demo",
        f"  Simulators  {run['control']}/{' (real: ' + ', '.join(real) + ')' if real else ''}",
        f"  Database    {place(run['database_url'])}",
        f"  Logs        {runtime.directory / 'logs'}",
    ]
    return "\n".join(lines)


async def run(options: Options) -> None:
    """Serve until SIGINT or SIGTERM."""
    started = time.monotonic()
    stop = asyncio.Event()
    starting = asyncio.current_task()

    def on_signal() -> None:
        if stop.is_set():
            os._exit(1)  # asked twice: environments end with this process
        stop.set()
        if starting and not running:
            starting.cancel()

    running = False
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, on_signal)

    def say(text: str) -> None:
        print(f"[{time.monotonic() - started:5.1f} s] {text}", flush=True)

    say("starting")
    async with LocalRuntime(options, say) as runtime:
        running = True
        print(f"\n{welcome(runtime, time.monotonic() - started)}\n", flush=True)
        await stop.wait()
        say("stopping")
    say("stopped")


def main() -> int:
    """Exit code 0 after a clean stop, 1 if it could not start."""
    try:
        asyncio.run(run(options_from(os.environ)))
    except AlreadyRunning as other:
        where = f" at {other.description['api']} (process {other.description['pid']})" if other.description else ""
        print(f"It is already running{where}. Stop that one first, or choose another directory with LOCAL_DIR=.", file=sys.stderr)
        return 1
    except (StartFailed, BadOption, TemplateError) as problem:
        print(f"Could not start: {problem}", file=sys.stderr)
        return 1
    except asyncio.CancelledError:
        print("stopped before it had started", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
