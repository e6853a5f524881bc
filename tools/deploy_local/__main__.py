"""``make deploy-local``: build, deploy into a local AWS emulator, and serve until Ctrl-C.

Running the command again updates the deployed stack. Everything is removed at the end.
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
import secrets
import shlex
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from starlette.routing import Mount
from starlette.types import ASGIApp

from local.aws import template as sam
from local.databases import pooler, postgres
from local.identity import Issuer
from local.loopback import Guard
from local.options import DEFAULT_AUDIENCE, ROOT
from local.simulators import serve
from local.simulators.registry import PLATFORMS, PROVIDERS
from local.simulators.world import World
from local.stopping import end_with_input, interrupt_on_signals
from local.variables import HOOK_HOSTS, MEDIA_HOSTS, OBJECT_HOST, simulated_apps
from noillusion.db.logins import LOGINS
from tools.build.artifacts import BuildFailed, build
from tools.deploy_local import ministack
from tools.deploy_local.control import Control, Remote
from tools.deploy_local.routes import BodyError
from tools.deploy_local.stack import STAGE, DeployFailed, Stack, architecture, complete, deploy, describe, fill_secrets, publish
from tools.migrate import ensure

DIRECTORY = ROOT / ".local" / "deploy"
FRONTEND = "http://localhost:3000/"
WARM_S = 60.0
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Options:
    """Options of a local deployment. ``parameters`` add to or replace the default parameters of the template."""

    directory: Path = DIRECTORY
    parameters: Mapping[str, str] = field(default_factory=dict)


class BadOption(Exception):
    """An environment variable has an invalid value; the message names it."""


def options_from(environment: Mapping[str, str]) -> Options:
    """Read LOCAL_DIR (.local/deploy) and PARAMETERS (``Name=value Name=value``). Raises BadOption.

    The emulator ignores parameters that the template lacks, so they are refused here. AWS refuses them too.
    """
    given = environment.get("PARAMETERS", "").split()
    if not all("=" in pair for pair in given):
        raise BadOption("PARAMETERS must be Name=value pairs separated by spaces")
    parameters = dict(pair.split("=", 1) for pair in given)
    if unknown := sorted(parameters.keys() - _declared()):
        close = [match for name in unknown for match in get_close_matches(name, sorted(_declared()), 1)]
        hint = f" Did you mean {', '.join(close)}?" if close else ""
        raise BadOption(f"PARAMETERS names what the template does not have: {', '.join(unknown)}.{hint}")
    return Options(Path(environment.get("LOCAL_DIR") or DIRECTORY).resolve(), parameters)


def _declared() -> set[str]:
    return set(sam.read(ROOT / "template.yaml")["Parameters"])


def template_parameters(options: Options) -> dict[str, str]:
    """Return the parameters of ``sam deploy``. The issuer is set afterwards, because a laptop has no public domain."""
    needed = {
        "Stage": STAGE,
        "Architecture": architecture(),
        "Auth0Domain": "localhost",
        "Auth0Audience": DEFAULT_AUDIENCE,
        "TikTokAudited": "true",
    }
    return {**needed, **options.parameters}


def roll_out(options: Options, endpoint: str, issuer: str, say: Say) -> Stack:
    """Build, deploy and complete the stack. Raises BuildFailed, DeployFailed, BodyError."""
    artifacts = options.directory / "build"
    say(f"building for {architecture()}")
    build(architecture(), artifacts, say)
    say("deploying")
    deploy(endpoint, artifacts / "template.yaml", template_parameters(options), say)
    stack = describe(endpoint)
    say(f"{stack.status}, {complete(stack, issuer)} routes")
    return stack


@contextmanager
def deployment(options: Options, say: Say) -> Iterator[dict[str, Any]]:
    """Keep a complete deployment for the duration of the block. Yields run.json. Raises like ``roll_out``, and NotStarted."""
    directory = options.directory
    with (
        postgres.temporary() as database,
        _pooled(database, say) as logins,
        ministack.running(directory) as endpoint,
        _listening() as listener,
    ):
        base = f"http://127.0.0.1:{listener.getsockname()[1]}"
        say("database and AWS services ready")
        world, issuer = serve.create_world(base), Issuer(f"{base}/_identity/", DEFAULT_AUDIENCE)
        remote = Remote(lambda: describe(endpoint))
        app = serve.create_app(world, [Mount("/_identity", routes=issuer.routes())])
        # Before the control routes of the simulators, whose last pattern matches some of these.
        app.router.routes[:0] = Control(remote, database, issuer).routes()
        secret = secrets.token_urlsafe(24)
        with _serving(Guard(app, secret), listener):
            stack = roll_out(options, endpoint, issuer.url, say)
            world.verified = (f"{stack.api}/v1/media/",)
            fill_secrets(stack, _settings(world, stack, logins))
            _warm(stack, say)
            description = {**_describe(world, stack, issuer, logins["DATABASE_URL"]), "secret": secret}
            path = directory / "run.json"
            _write_private(path, description)
            try:
                yield description
            finally:
                path.unlink(missing_ok=True)


@contextmanager
def _pooled(server: postgres.Server, say: Say) -> Iterator[dict[str, str]]:
    """Create the schema behind a pooler in transaction mode, as in Supabase, if one is installed. Yield the settings with the
    connection strings of the functions."""
    ensure(server.url())
    postgres.create_logins(server)
    with ExitStack() as stack:
        try:
            pool = stack.enter_context(pooler.temporary(server))
        except pooler.PoolerMissing as missing:
            say(f"{missing}. Functions connect directly.")
            yield postgres.login_urls(server)
            return
        (pool.directory / "users.txt").write_text("".join(f'"{login}" ""\n' for login in LOGINS))
        pool.stop()
        pool.start()
        yield postgres.login_urls(pool)


@contextmanager
def _listening() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0), backlog=512) as listener:
        yield listener


@contextmanager
def _serving(app: ASGIApp, listener: socket.socket) -> Iterator[None]:
    """Serve simulators, identity and control in a thread of this process."""
    config = serve.create_server(app, 0).config
    config.timeout_graceful_shutdown = 2
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.01)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(5)


def _settings(world: World, stack: Stack, logins: Mapping[str, str]) -> dict[str, str]:
    """Return everything an operator would put into secrets, and the replacements of public hosts."""
    endpoints = {host: world.url(host) for simulator in world.simulators.values() for host in simulator.hosts}
    for hosts, path in ((MEDIA_HOSTS, "_media"), (HOOK_HOSTS, "_hooks")):
        endpoints |= dict.fromkeys(hosts, f"{world.base}/{path}")
    values = {
        **logins,
        "SEALING_KEYS": json.dumps({"current": "k1", "keys": {"k1": _key()}}),
        "FINGERPRINT_KEYS": json.dumps({"current": "f1", "keys": {"f1": _key()}}),
        "STATE_KEY": _key(),
        "PUBLIC_URL": stack.api,
        "RETURN_URLS": FRONTEND,
        "ENDPOINTS": json.dumps({**endpoints, OBJECT_HOST: stack.endpoint}),
    }
    return {**values, **simulated_apps()}


def _key() -> str:
    """Return 32 random bytes as base64url."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def _warm(stack: Stack, say: Say) -> None:
    """Request the health until it is good. Raises DeployFailed with the last response."""
    say("waiting for the first answer")
    answer = "none"
    deadline = time.monotonic() + WARM_S
    while time.monotonic() < deadline:
        try:
            reply = httpx.get(f"{stack.api}/v1/health", trust_env=False, timeout=35)
            if reply.is_success:
                return
            answer = f"{reply.status_code} {reply.text[:500]}"
        except httpx.HTTPError as error:
            answer = type(error).__name__
        time.sleep(0.5)
    raise DeployFailed(f"the deployed API is not healthy: {answer}")


def _describe(world: World, stack: Stack, issuer: Issuer, database_url: str) -> dict[str, Any]:
    """Return what clients need, with the same names as run.json of the local runtime."""
    known = world.simulators
    return {
        "api": stack.api,
        "issuer": issuer.url,
        "jwks_url": f"{issuer.url}.well-known/jwks.json",
        "token_url": f"{issuer.url}token",
        "audience": issuer.audience,
        "return_urls": [FRONTEND],
        "control": f"{world.base}/_control",
        "platforms": {name: world.url(known[name].base_host) for name in PLATFORMS},
        "providers": {name: world.url(known[name].base_host) for name in PROVIDERS},
        "public_media": f"{world.base}/_media",
        "database_url": database_url,
        "aws_endpoint": stack.endpoint,
        "pid": os.getpid(),
        "started_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    }


def _write_private(path: Path, value: Any) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump(value, file, indent=2)
        file.write("\n")
    temporary.replace(path)


def welcome(run: Mapping[str, Any], directory: Path) -> str:
    """Return the text that is shown once the deployment is running."""
    lines = [
        "The stack is deployed. Stop it with Ctrl-C; the same command in another terminal updates it.",
        "",
        f"  API         {run['api']}",
        f"  Health      curl -s {run['api']}/v1/health",
        f"  A token     curl -s '{run['token_url']}'",
        f"  The tour    LOCAL_DIR={shlex.quote(str(directory))} make demo",
        f"  Simulators  {run['control']}/",
        f"  AWS         AWS_ENDPOINT_URL={run['aws_endpoint']} (any tool, access key and secret: test)",
        f"  Database    {run['database_url'].rpartition('@')[2]}",
        f"  Logs        {run['control']}/logs, {directory / 'deploy.log'}, {directory / 'ministack.log'}",
    ]
    return "\n".join(lines)


def run(options: Options) -> None:
    """Deploy and serve until SIGINT or SIGTERM, or update a running deployment."""
    started = time.monotonic()

    def say(text: str) -> None:
        print(f"[{time.monotonic() - started:5.1f} s] {text}", flush=True)

    options.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (options.directory / "lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            update(options, say)
            return
        with deployment(options, say) as description:
            print(f"\n{welcome(description, options.directory)}\n", flush=True)
            threading.Event().wait()


def update(options: Options, say: Say) -> None:
    """Deploy again into the running instance of the directory. Raises DeployFailed if it is still starting."""
    try:
        running = json.loads((options.directory / "run.json").read_text("utf-8"))
    except OSError:
        raise DeployFailed("a deployment is starting in this directory: wait until it runs") from None
    say(f"updating the stack at {running['api']}")
    stack = roll_out(options, running["aws_endpoint"], running["issuer"], say)
    publish(stack)
    _warm(stack, say)
    say("updated")


def main() -> int:
    """Return exit code 0 after a clean stop or an update, 1 if the deployment failed."""

    interrupt_on_signals()
    end_with_input(os.environ)
    try:
        run(options_from(os.environ))
    except KeyboardInterrupt:
        print("stopped")
    except (BadOption, BuildFailed, DeployFailed, BodyError, ministack.NotStarted) as problem:
        print(f"The deployment failed: {problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
