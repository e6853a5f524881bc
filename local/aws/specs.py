"""The resources of the SAM template as typed values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

REGION = "eu-central-1"
ACCOUNT = "123456789012"


class TemplateError(Exception):
    """The template says something this runtime cannot resolve."""


@dataclass(frozen=True, slots=True)
class RouteSpec:
    """One route of the HTTP API: ``method`` may be ANY, ``path`` may hold ``{name}`` and ``{name+}`` or be ``$default``."""

    method: str
    path: str
    function: str
    authorized: bool

    @property
    def key(self) -> str:
        """The route key as it stands in events."""
        return "$default" if self.path == "$default" else f"{self.method} {self.path}"


@dataclass(frozen=True, slots=True)
class ScheduleSpec:
    """One EventBridge Scheduler schedule; ``input`` is the JSON text that the function gets as its whole event."""

    name: str
    function: str
    expression: str
    input: str = "{}"
    retries: int = 185
    max_age_s: int = 86_400
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class QueueEventSpec:
    """One SQS event-source mapping; ``queue`` is the logical id."""

    name: str
    function: str
    queue: str
    batch_size: int = 10
    report_failures: bool = False


@dataclass(frozen=True, slots=True)
class QueueSpec:
    """One SQS queue, times in seconds; ``dead_letters`` is the logical id of the redrive target."""

    name: str
    visibility_timeout_s: int = 30
    retention_s: int = 345_600
    delay_s: int = 0
    managed_sse: bool = True
    dead_letters: str | None = None
    max_receives: int = 0


@dataclass(frozen=True, slots=True)
class FunctionSpec:
    """One Lambda function. ``async_retries`` is what Lambda does after a failed asynchronous invocation (2 unless configured)."""

    name: str
    code: str
    handler: str
    timeout_s: int
    memory_mb: int
    runtime: str
    environment: Mapping[str, str]
    log_format: str = "Text"
    log_level: str = ""
    async_retries: int = 2
    async_max_age_s: int = 21_600


@dataclass(frozen=True, slots=True)
class CorsSpec:
    """CORS of the HTTP API, names in lower case where HTTP compares them so."""

    origins: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    expose: tuple[str, ...] = ()
    max_age_s: int | None = None
    credentials: bool = False


@dataclass(frozen=True, slots=True)
class AuthorizerSpec:
    """The native JWT authorizer of the HTTP API."""

    issuer: str
    audience: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Template:
    """Everything the runtime needs from the template, resolved."""

    functions: Mapping[str, FunctionSpec]
    layers: Mapping[str, str]
    routes: tuple[RouteSpec, ...]
    schedules: tuple[ScheduleSpec, ...]
    queue_events: tuple[QueueEventSpec, ...]
    queues: Mapping[str, QueueSpec]
    cors: CorsSpec | None
    authorizer: AuthorizerSpec | None
