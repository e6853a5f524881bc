"""Puts the laptop runtime together: simulators, identity, control, AWS services, functions, gateway; starts and stops them.

It listens on loopback only, keeps its files in one private directory, and refuses to share that directory with another instance.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import json
import os
import secrets
import socket
import ssl
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

import httpx
from starlette.applications import Starlette
from starlette.types import ASGIApp

from local.aws import template as sam
from local.aws.authorizer import Authorizer, DiscoveryError, IssuerMismatch
from local.aws.buckets import Buckets, bucket_addresses
from local.aws.functions import Code, Functions
from local.aws.gateway import Gateway
from local.aws.pools import Settings
from local.aws.services import AwsServer, EventSource, Queues, Scheduler, Sqs, queue_addresses
from local.aws.specs import Template
from local.control import Control
from local.identity.clients import Clients
from local.identity.issuer import Issuer, kept_key
from local.identity.provider import Provider
from local.loopback import Guard
from local.options import ROOT, AlreadyRunning, Options, StartFailed
from local.reference import Reference
from local.servers import cancel, listen, serve, url_of
from local.simulators.hosts import build_app
from local.simulators.kept import Kept
from local.simulators.registry import PLATFORMS, PROVIDERS
from local.simulators.serve import create_app, create_server, create_world
from local.simulators.world import World
from local.variables import Variables, write_private
from noillusion.core import urls


class LocalRuntime:
    """A complete runtime: ``async with LocalRuntime(options) as runtime: runtime.description["api"]``.

    Raises AlreadyRunning, StartFailed and TemplateError at start.
    """

    def __init__(self, options: Options, say: Callable[[str], None] = lambda _: None) -> None:
        self.options, self._say = options, say
        self.directory = options.directory.resolve()
        self.description: dict[str, Any] = {}
        self.world: World
        self.variables: Variables
        self.functions: Functions
        self.queues: Queues
        self.buckets: Buckets
        self.scheduler: Scheduler
        self.issuer: Issuer | None = None
        self.provider: Provider | None = None
        self.authorizer: Authorizer | None = None
        self._return_urls: tuple[str, ...] = ()
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
        simulators_socket = self._listen(self.options.port + 1 if self.options.port else 0, lambda _: None)
        gateway_socket = self._listen(self.options.port, self._say)
        base, api = url_of(simulators_socket), url_of(gateway_socket)
        self.world = create_world(base) if self.options.simulate else World(base)
        self.world.verified = (f"{self.options.public_url or api}/v1/media/",)
        self.variables = Variables(self.options, self.directory, self.world)
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
        client = await self._stack.enter_async_context(httpx.AsyncClient(verify=self._trusted(), trust_env=False))
        template = await self._create_stores(document, server.endpoint, client)
        self._return_urls = self._allowed_returns(template, api)
        await self._create_issuer(template, base, client)
        self._create_functions(template, code, server.endpoint, api)
        self.scheduler = Scheduler(template.schedules, self.functions)
        guarded = Guard(self._kept(self._simulators_app()), self._secret, template.cors.origins if template.cors else ())
        await serve(guarded, simulators_socket, self._stack, create_server)
        await serve(Reference(self._gateway(template), ROOT / "docs"), gateway_socket, self._stack)
        if self.options.warm:
            await self._warm(template)
        self._background(template)
        self._describe(api, base, server.endpoint, template)

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

    def _listen(self, port: int, say: Callable[[str], None]) -> socket.socket:
        listening = listen(port, say)
        self._stack.callback(listening.close)
        return listening

    async def _migrate(self, code: Code) -> None:
        """Create or update the schema with the product's own code, in a process of its own. Raises StartFailed."""
        if not self.options.migrate:
            return
        command = "import os; from tools.migrate import ensure; ensure(os.environ['DATABASE_URL'])"
        paths = os.pathsep.join(map(str, (*code.layers, ROOT)))
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-P", "-c", command,
            env={"DATABASE_URL": self.options.database, "PYTHONPATH": paths, "PATH": os.defpath},
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        _, error = await process.communicate()
        if process.returncode:
            log = self.directory / "migrate.log"
            log.write_bytes(error)
            lines = error.decode("utf-8", "replace").splitlines()
            reason = next((line for line in reversed(lines) if line[:1].strip()), "")
            raise StartFailed(f"the database schema could not be created: {reason} ({log})")

    async def _create_stores(self, document: dict[str, Any], endpoint: str, client: httpx.AsyncClient) -> Template:
        # moto's memory is one per process, so two runtimes in one process need names of their own.
        stack = f"noillusion-local-{secrets.token_hex(4)}"
        addresses = queue_addresses(sam.names(document, "AWS::SQS::Queue"), endpoint, stack)
        buckets = bucket_addresses(sam.names(document, "AWS::S3::Bucket"), stack)
        parameters = {"Auth0Domain": "localhost", "Auth0Audience": self.options.audience}
        if self.options.allowed_origins:
            parameters["AllowedOrigins"] = ",".join(self.options.allowed_origins)
        declared = document.get("Parameters", {})
        template = sam.load(document, {k: v for k, v in parameters.items() if k in declared}, {**addresses, **buckets})
        self.queues = Queues(template.queues, addresses, Sqs(endpoint, client))
        await self.queues.create()
        self._stack.push_async_callback(self.queues.delete)
        self.buckets = Buckets(buckets, endpoint, client)
        self._stack.push_async_callback(self.buckets.delete)
        await self.buckets.create()
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
            variables={**self.variables.all(endpoint, api, self._return_urls), **self.options.variables},
            client=self.options.client,
            max_environments=self.options.max_environments,
            async_delays_s=self.options.async_delays_s,
        )
        self.functions = Functions(template.functions.values(), code, settings)
        self._stack.push_async_callback(self.functions.close)

    def _trusted(self) -> ssl.SSLContext | bool:
        """Return the certificate authorities for requests to the issuer; ``True`` for the usual ones."""
        return ssl.create_default_context(cafile=self.options.ca_file) if self.options.ca_file else True

    async def _create_issuer(self, template: Template, base: str, client: httpx.AsyncClient) -> None:
        """Make the local issuer, unless another one is configured, and what checks its tokens. Raises StartFailed."""
        url = self.options.issuer_url
        if url is None:
            # By name: libraries refuse issuers that are IP addresses, and browsers send cookies to the same name only.
            url = f"http://localhost:{urlsplit(base).port}/_identity/"
            self.issuer = Issuer(url, self.options.audience, kept_key(self.directory / "issuer.pem"))
            origins = template.cors.origins if template.cors else ()
            self.provider = Provider(self.issuer, Clients(self.options.clients, origins, self._return_urls))
        if template.authorizer:
            self.authorizer = Authorizer(replace(template.authorizer, issuer=url), client)
        if self.options.issuer_url:
            await self._find_issuer()

    async def _find_issuer(self) -> None:
        """Compare the configured issuer with its discovery document. Raises StartFailed if that belongs to another issuer."""
        if not self.authorizer:
            return
        try:
            await self.authorizer.discover()
        except IssuerMismatch as problem:
            named = f"the issuer is {self.options.issuer_url} (OIDC_ISSUER or AUTH0_DOMAIN)"
            raise StartFailed(f"{named}, but {problem}: set OIDC_ISSUER to that name") from None
        except DiscoveryError as problem:
            self._say(f"tokens are refused until the issuer answers: {problem}")

    def _allowed_returns(self, template: Template, api: str) -> tuple[str, ...]:
        """Return where a browser may return to after connecting an account: the frontends', and the API's own pages."""
        origins = template.cors.origins if template.cors else ()
        return (*(self.options.return_urls or [f"{origin}/" for origin in origins if urls.is_safe(origin)]), f"{api}/")

    def _gateway(self, template: Template) -> Gateway:
        gateway = Gateway(
            template.routes,
            self.functions,
            self.authorizer,
            template.cors,
            self.options.gateway_timeout_s,
            public_url=self.options.public_url or "",
        )
        self._stack.push_async_callback(gateway.close)
        return gateway

    async def _warm(self, template: Template) -> None:
        failed = await self.functions.warm()
        self._say(f"{len(template.functions) - len(failed)} functions warm")
        for name in failed:
            self._say(f"{name} cannot start: {self.directory / 'logs' / name}.log says why")

    def _simulators_app(self) -> Starlette:
        extra = [self.provider.mount("/_identity")] if self.provider else []
        app = create_app(self.world, extra) if self.options.simulate else build_app(self.world, extra)
        # Before the simulators' own control routes: theirs end in a pattern that would take ``/_control/environments/kill``.
        app.router.routes[:0] = Control(self.functions, self.queues, self.scheduler).routes()
        return app

    def _kept(self, app: ASGIApp) -> ASGIApp:
        """Restore what the simulators held, and keep what they will hold, if that was asked for."""
        if self.options.kept is None or not self.options.simulate:
            return app
        kept = Kept(self.world, self.options.kept, app, self._say)
        kept.load()
        self._stack.callback(kept.save)
        self._stack.push_async_callback(cancel, [asyncio.create_task(kept.run())])
        return kept

    def _background(self, template: Template) -> None:
        """Queue consumers and schedules."""
        jobs = [EventSource(spec, self.queues, self.functions).run() for spec in template.queue_events]
        if self.options.tick:
            jobs.append(self.scheduler.run())
        tasks = [asyncio.create_task(job) for job in jobs]
        self._stack.push_async_callback(cancel, tasks)

    def _describe(self, api: str, base: str, endpoint: str, template: Template) -> None:
        """Write run.json, by which any client finds this instance."""
        issuer, keys_url = (self.authorizer.issuer, self.authorizer.keys_url) if self.authorizer else (None, None)
        self.description = {
            "api": api,
            "issuer": issuer,
            "jwks_url": f"{self.issuer.url}.well-known/jwks.json" if self.issuer else keys_url or None,
            "token_url": f"{base}/_identity/token" if self.issuer else None,
            "clients": self.provider.clients.registered if self.provider else {},
            "audience": self.options.audience,
            "allowed_origins": template.cors.origins if template.cors else (),
            "return_urls": self._return_urls,
            "ca_file": str(self.options.ca_file) if self.options.ca_file else None,
            "control": f"{base}/_control",
            "secret": self._secret,
            "platforms": self._bases(PLATFORMS),
            "providers": self._bases(PROVIDERS),
            "public_media": f"{base}/_media",
            "database_url": self.options.database,
            "aws_endpoint": endpoint,
            "buckets": self.buckets.names,
            "pid": os.getpid(),
            "started_at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        }
        path = self.directory / "run.json"
        write_private(path, self.description)
        self._stack.callback(path.unlink, missing_ok=True)

    def _bases(self, names: tuple[str, ...]) -> dict[str, str]:
        known = [self.world.simulators[name] for name in names if name in self.world.simulators]
        return {
            simulator.name: f"https://{simulator.base_host}"
            if self.variables.is_real(simulator.name)
            else self.world.url(simulator.base_host)
            for simulator in known
        }
