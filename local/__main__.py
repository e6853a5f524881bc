"""``python -m local``: the whole product on a laptop, until Ctrl-C. Configured by environment variables, see ``options_from``."""

from __future__ import annotations

import asyncio
import os
import sys
import time

from local.aws.specs import TemplateError
from local.environment import BadOption, options_from
from local.identity import CLIENT_ID
from local.options import AlreadyRunning, Options, StartFailed
from local.runtime import LocalRuntime
from local.stopping import Stopper, signals


def place(database_url: str) -> str:
    """Return where a database is, without credentials."""
    address, _, _ = database_url.partition("?")
    scheme, _, rest = address.partition("://")
    return address if scheme == "sqlite" else rest.rpartition("@")[2]


def welcome(runtime: LocalRuntime, seconds: float) -> str:
    """Return the text that is shown once the instance is running."""
    run = runtime.description
    token = f"curl -s '{run['token_url']}'" if run["token_url"] else f"from {run['issuer']} for audience {run['audience']}"
    real = [name for name, base in {**run["platforms"], **run["providers"]}.items() if base.startswith("https://")]
    lines = [
        f"No iLLusion Social is running (ready in {seconds:.1f} s). Stop it with Ctrl-C.",
        "",
        f"  API         {run['api']}",
        f"  Health      curl -s {run['api']}/v1/health",
        f"  Reference   {run['api']}/docs",
        f"  Token       {token}",
        *([f"  Log in      issuer {run['issuer']}, client id {CLIENT_ID} (docs/frontends.md)"] if run["token_url"] else []),
        f'  Try it      curl -s -H "Authorization: Bearer $TOKEN" {run["api"]}/v1/profile',
        "  Demo        make demo",
        f"  Simulators  {run['control']}/{' (real: ' + ', '.join(real) + ')' if real else ''}",
        f"  Database    {place(run['database_url'])}",
        f"  Logs        {runtime.directory / 'logs'}",
    ]
    return "\n".join(lines)


async def run(options: Options) -> None:
    """Serve until a signal asks to stop."""
    started = time.monotonic()
    stop = asyncio.Event()
    starting = asyncio.current_task()

    def on_request() -> None:
        stop.set()
        if starting and not running:
            starting.cancel()

    running = False
    stopper = Stopper(on_request)
    for number in signals():
        asyncio.get_running_loop().add_signal_handler(number, stopper)

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
    """Return exit code 0 after a clean stop, 1 if the instance could not start."""
    try:
        asyncio.run(run(options_from(os.environ)))
    except AlreadyRunning as other:
        where = f" at {other.description['api']} (process {other.description['pid']})" if other.description else ""
        print(
            f"An instance is already running{where}. Stop it first, or choose another directory with LOCAL_DIR=.", file=sys.stderr
        )
        return 1
    except (StartFailed, BadOption, TemplateError) as problem:
        print(f"Could not start: {problem}", file=sys.stderr)
        return 1
    except asyncio.CancelledError:
        print("Stopped before startup was complete.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
