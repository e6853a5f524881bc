"""Puts the laptop runtime together: simulators, identity, control, AWS services, functions, gateway; starts and stops them.

It listens on loopback only, keeps its files in one private directory, and refuses to share that directory with another instance.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import errno
import fcntl
import json
import os
import secrets
import socket
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, Self

import httpx
import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import ASGIApp

from local.aws import template as sam
from local.aws.authorizer import Authorizer
from local.aws.functions import Code, Functions
from local.aws.gateway import INTEGRATION_TIMEOUT_S, Gateway
from local.aws.pools import Settings
from local.aws.services import AwsServer, EventSource, Queues, Scheduler, Sqs, queue_addresses
from local.aws.specs import Template
from local.control import control_routes
from local.identity import Issuer
from local.loopback import Guard
from local.simulators import serve
from local.simulators.hosts import build_app
from local.simulators.world import World
from noillusion.settings.values import LOGIN_SETTINGS

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
PLATFORMS = ("facebook", "instagram", "linkedin", "tiktok")
PROVIDERS = ("openai", "anthropic", "google")
MEDIA_HOSTS = ("media.example", "media.example.com", "cdn.example.com", "www.example.com", "example.com")
DEFAULT_AUDIENCE = "https://api.noillusion.local"
PORTS_TO_TRY = 20
STOP_S = 2


class AlreadyRunning(Exception):
    """Another instance owns the directory; ``description`` is its run.json, if it could be read."""

    def __init__(self, description: Mapping[str, Any]) -> None:
        self.description = description


class StartFailed(Exception):
    """The runtime could not start; the message is for the person who started it."""


@dataclass(frozen=True, slots=True)
class Options:
    """What can be chosen. ``port`` 0 means any free one; ``credentials`` are (client id, secret) of real platforms by name.

    ``code`` defaults to the source folders that the template names. ``simulate``, ``migrate`` and ``tick`` can be switched off
    for tests that need neither simulators nor a database nor schedules that run by themselves.
    """

    directory: Path = ROOT / ".local"
    template: Path = ROOT / "template.yaml"
    port: int = 0
    database_url: str | None = None
    auth0_domain: str | None = None
    audience: str = DEFAULT_AUDIENCE
    public_url: str | None = None
    credentials: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    real_providers: frozenset[str] = frozenset()
    code: Code | None = None
    client: Literal["bootstrap", "awslambdaric"] = "bootstrap"
    max_environments: int = 6
    gateway_timeout_s: float = INTEGRATION_TIMEOUT_S
    async_delays_s: tuple[float, ...] = (60.0, 120.0)
    variables: Mapping[str, str] = field(default_factory=dict)
    simulate: bool = True
    migrate: bool = True
    tick: bool = True
    warm: bool = True


class _Server(uvicorn.Server):
    """Signals belong to whoever runs the whole, not to one of several servers."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class LocalRuntime:
    """A complete runtime: ``async with LocalRuntime(options) as runtime: runtime.description["api"]``.

    Raises AlreadyRunning, StartFailed and TemplateError at start.
    """

    def __init__(self, options: Options, say: Callable[[str], None] = lambda _: None) -> None:
        self.options, self._say = options, say
        self.directory = options.directory.resolve()
        self.description: dict[str, Any] = {}
        self.world: World
        self.functions: Functions
        self.queues: Queues
        self.scheduler: Scheduler
        self.issuer: Issuer | None = None
        self._secret = secrets.token_urlsafe(24)
        self._stack = contextlib.AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Start everything; on failure, stop what had started."""
        try:
            await self._start()
        except BaseException:
            await self._stack.aclose()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop everything and leave no process behind."""
        await self._stack.aclose()

    async def _start(self) -> None:
        self._claim_directory()
        simulators_socket = self._listen(self.options.port + 1 if self.options.port else 0, quiet=True)
        gateway_socket = self._listen(self.options.port)
        base, api = _url(simulators_socket), _url(gateway_socket)
        self.world = serve.create_world(base) if self.options.simulate else World(base)
        document = sam.read(self.options.template)
        code = self.options.code or self._sources(document)
        aws = asyncio.create_task(asyncio.to_thread(AwsServer))
        migration = asyncio.create_task(self._migrate(code))
        try:
            server = await aws
            self._stack.callback(server.stop)
        finally:
            await migration
        self._say("database ready, AWS services ready")
        client = await self._stack.enter_async_context(httpx.AsyncClient(trust_env=False))
        template = await self._create_queues(document, server.endpoint, client)
        self.issuer = None if self.options.auth0_domain else Issuer(f"{base}/_identity/", self.options.audience)
        authorizer = template.authorizer
        if authorizer and self.issuer:
            authorizer = replace(authorizer, issuer=self.issuer.url)
        self._create_functions(template, code, server.endpoint, api)
        self.scheduler = Scheduler(template.schedules, self.functions)
        await self._serve(Guard(self._simulators_app(), self._secret), simulators_socket, serve.create_server)
        gateway = Gateway(
            template.routes,
            self.functions,
            Authorizer(authorizer, client) if authorizer else None,
            template.cors,
            self.options.gateway_timeout_s,
            public_url=self.options.public_url or "",
        )
        self._stack.push_async_callback(gateway.close)
        await self._serve(gateway, gateway_socket)
        if self.options.warm:
            failed = await self.functions.warm()
            self._say(f"{len(template.functions) - len(failed)} functions warm")
            for name in failed:
                self._say(f"{name} cannot start: {self.directory / 'logs' / name}.log says why")
        self._background(template)
        self._describe(api, base, server.endpoint)

    def _claim_directory(self) -> None:
        """Take the directory's lock, which the system frees whatever way this process ends. Raises AlreadyRunning."""
        self.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = self._stack.enter_context((self.directory / "lock").open("a"))
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            description: Any = {}
            with contextlib.suppress(OSError, ValueError):
                description = json.loads((self.directory / "run.json").read_text("utf-8"))
            raise AlreadyRunning(description) from None

    def _listen(self, port: int, quiet: bool = False) -> socket.socket:
        """A listening socket on the port, or on the next free one."""
        for candidate in range(port, port + PORTS_TO_TRY if port else 1):
            try:
                # asyncio turns off Nagle's delay, 40 ms an answer, only on sockets that name their protocol.
                listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
                listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                listening.bind((HOST, candidate))
                listening.listen(512)
            except OSError as refused:
                listening.close()
                if refused.errno != errno.EADDRINUSE:
                    raise
                continue
            if candidate != port and not quiet:
                self._say(f"port {port} is taken: using {candidate}")
            self._stack.callback(listening.close)
            return listening
        raise StartFailed(f"ports {port} to {port + PORTS_TO_TRY - 1} are all taken: choose another with PORT=")

    @property
    def database_url(self) -> str:
        """The database of this instance; SQLite in its directory unless chosen otherwise."""
        return self.options.database_url or f"sqlite:///{self.directory / 'noillusion.sqlite3'}"

    async def _migrate(self, code: Code) -> None:
        """Create or update the schema with the product's own code, in a process of its own. Raises StartFailed."""
        if not self.options.migrate:
            return
        command = "import os; from tools.migrate import ensure; ensure(os.environ['DATABASE_URL'])"
        paths = os.pathsep.join(map(str, (*code.layers, ROOT)))
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-P", "-c", command,
            env={"DATABASE_URL": self.database_url, "PYTHONPATH": paths, "PATH": os.defpath},
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        _, error = await process.communicate()
        if process.returncode:
            log = self.directory / "migrate.log"
            log.write_bytes(error)
            lines = error.decode("utf-8", "replace").splitlines()
            reason = next((line for line in reversed(lines) if line[:1].strip()), "")
            raise StartFailed(f"the database schema could not be created: {reason} ({log})")

    async def _create_queues(self, document: dict[str, Any], endpoint: str, client: httpx.AsyncClient) -> Template:
        # moto's memory is one per process, so two runtimes in one process need names of their own.
        stack = f"noillusion-local-{secrets.token_hex(4)}"
        addresses = queue_addresses(sam.names(document, "AWS::SQS::Queue"), endpoint, stack)
        parameters = {"Auth0Domain": self.options.auth0_domain or "localhost", "Auth0Audience": self.options.audience}
        declared = document.get("Parameters", {})
        template = sam.load(document, {k: v for k, v in parameters.items() if k in declared}, addresses)
        self.queues = Queues(template.queues, addresses, Sqs(endpoint, client))
        await self.queues.create()
        self._stack.push_async_callback(self.queues.delete)
        return template

    def _sources(self, document: dict[str, Any]) -> Code:
        """The folders that the template names, beside it."""
        root = self.options.template.resolve().parent

        def folders(kind: str, key: str) -> dict[str, Path]:
            return {name: root / document["Resources"][name]["Properties"][key] for name in sam.names(document, kind)}

        layers = folders("AWS::Serverless::LayerVersion", "ContentUri")
        return Code(folders("AWS::Serverless::Function", "CodeUri"), list(layers.values()))

    def _create_functions(self, template: Template, code: Code, endpoint: str, api: str) -> None:
        settings = Settings(
            directory=self.directory,
            variables={**self._variables(endpoint, api), **self.options.variables},
            client=self.options.client,
            max_environments=self.options.max_environments,
            async_delays_s=self.options.async_delays_s,
        )
        self.functions = Functions(template.functions.values(), code, settings)
        self._stack.push_async_callback(self.functions.close)

    def _variables(self, endpoint: str, api: str) -> dict[str, str]:
        """What differs from AWS: endpoints, the database, keys. Nothing of the developer's shell."""
        base = self.world.base
        variables = {
            "AWS_ENDPOINT_URL": endpoint,
            "AWS_ENDPOINT_URL_LAMBDA": f"{base}/_lambda",
            "PUBLIC_URL": self.options.public_url or api,
            "RETURN_URLS": f"http://localhost:3000/,{api}/",
            "SECRETS_ARN": "",
            **dict.fromkeys(LOGIN_SETTINGS.values(), self.database_url),
            "ENDPOINTS": json.dumps(self._endpoints()),
            **self._secrets(),
        }
        for name in PLATFORMS:
            client_id, secret = self.options.credentials.get(name, (f"{name}-app", f"{name}-app-secret"))
            variables |= {f"{name.upper()}_CLIENT_ID": client_id, f"{name.upper()}_CLIENT_SECRET": secret}
        return variables

    def _is_real(self, name: str) -> bool:
        return name in self.options.credentials or name in self.options.real_providers

    def _endpoints(self) -> dict[str, str]:
        """Host → what stands for it here: simulated hosts, and reserved names for the sample media.

        The product fetches media by https from public hosts only. The simulators know reserved names too, so one address of
        a sample serves both: what the platform pulls and what the product streams.
        """
        simulated = [simulator for name, simulator in self.world.simulators.items() if not self._is_real(name)]
        endpoints = {host: self.world.url(host) for simulator in simulated for host in simulator.hosts}
        return {**endpoints, **dict.fromkeys(MEDIA_HOSTS, f"{self.world.base}/_media")} if simulated else endpoints

    def _secrets(self) -> dict[str, str]:
        """Development keys, made once and kept, so that stored credentials stay readable after a restart."""
        path = self.directory / "secrets.json"
        if not path.exists():
            keys = json.dumps({"current": "k1", "keys": {"k1": _key()}})
            _write_private(path, {"SEALING_KEYS": keys, "FINGERPRINT_KEY": _key(), "STATE_KEY": _key()})
        kept: dict[str, str] = json.loads(path.read_text("utf-8"))
        return kept

    def _simulators_app(self) -> Starlette:
        extra = [Mount("/_identity", routes=self.issuer.routes())] if self.issuer else []
        app = serve.create_app(self.world, extra) if self.options.simulate else build_app(self.world, extra)
        # Before the simulators' own control routes: theirs end in a pattern that would take ``/_control/environments/kill``.
        app.router.routes[:0] = control_routes(self.functions, self.queues, self.scheduler)
        return app

    async def _serve(
        self, app: ASGIApp, listening: socket.socket, create: Callable[[ASGIApp, int], uvicorn.Server] | None = None
    ) -> None:
        if create:
            config = create(app, listening.getsockname()[1]).config
        else:
            config = uvicorn.Config(
                app, http="h11", ws="none", lifespan="off", log_level="warning", access_log=False, server_header=False,
                h11_max_incomplete_event_size=131_072,
            )  # fmt: skip
        config.timeout_graceful_shutdown = STOP_S
        server = _Server(config)
        task = asyncio.create_task(server.serve(sockets=[listening]))
        self._stack.push_async_callback(_stop_server, server, task)
        while not server.started:
            if task.done():
                raise StartFailed("a server ended before it had started")
            await asyncio.sleep(0.01)

    def _background(self, template: Template) -> None:
        """Queue consumers and schedules."""
        jobs = [EventSource(spec, self.queues, self.functions).run() for spec in template.queue_events]
        if self.options.tick:
            jobs.append(self.scheduler.run())
        tasks = [asyncio.create_task(job) for job in jobs]
        self._stack.push_async_callback(_cancel, tasks)

    def _describe(self, api: str, base: str, endpoint: str) -> None:
        """Write run.json, by which any client finds this instance."""
        issuer = self.issuer.url if self.issuer else f"https://{self.options.auth0_domain}/"
        self.description = {
            "api": api,
            "issuer": issuer,
            "jwks_url": f"{issuer}.well-known/jwks.json",
            "token_url": f"{issuer}token" if self.issuer else None,
            "audience": self.options.audience,
            "control": f"{base}/_control",
            "secret": self._secret,
            "platforms": self._bases(PLATFORMS),
            "providers": self._bases(PROVIDERS),
            "public_media": f"{base}/_media",
            "database_url": self.database_url,
            "aws_endpoint": endpoint,
            "pid": os.getpid(),
            "started_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        }
        path = self.directory / "run.json"
        _write_private(path, self.description)
        self._stack.callback(path.unlink, missing_ok=True)

    def _bases(self, names: tuple[str, ...]) -> dict[str, str]:
        known = [self.world.simulators[name] for name in names if name in self.world.simulators]
        return {
            simulator.name: f"https://{simulator.base_host}"
            if self._is_real(simulator.name)
            else self.world.url(simulator.base_host)
            for simulator in known
        }


def _url(listening: socket.socket) -> str:
    return f"http://{HOST}:{listening.getsockname()[1]}"


def _key() -> str:
    """32 random bytes as base64url."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def _write_private(path: Path, value: Any) -> None:
    """Write JSON so that others see all of it or nothing, and other users of the machine nothing at all."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump(value, file, indent=2)
        file.write("\n")
    temporary.replace(path)


async def _stop_server(server: uvicorn.Server, task: asyncio.Task[None]) -> None:
    server.should_exit = True
    await asyncio.wait([task], timeout=STOP_S + 1)
    await _cancel([task])


async def _cancel(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
