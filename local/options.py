"""Options of an instance of the runtime, and the errors at its start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from local.aws.functions import Code
from local.aws.gateway import INTEGRATION_TIMEOUT_S

ROOT = Path(__file__).resolve().parent.parent
DEFAULT_AUDIENCE = "https://api.noillusion.local"


class AlreadyRunning(Exception):
    """Another instance owns the directory; ``description`` is its run.json, if it could be read."""

    def __init__(self, description: Mapping[str, Any]) -> None:
        self.description = description


class StartFailed(Exception):
    """The runtime could not start; the message is for the person who started it."""


@dataclass(frozen=True, slots=True)
class Options:
    """Options of an instance. ``port`` 0 means any free one; ``credentials`` are (client id, secret) of real platforms by
    prefix of their settings.

    ``issuer_url`` replaces the local issuer. Without ``allowed_origins`` the template's default counts; without ``return_urls``
    these origins. ``clients`` are more applications of the local issuer: client id → secret, ``None`` for a public one.
    ``ca_file`` are the certificate authorities to trust (PEM) instead of the usual ones.
    ``endpoints`` are more hosts, and what stands for each.
    ``settings`` are settings of the product that functions get as they are.
    ``kept`` is the file for what the simulated platforms hold between runs (none: they start afresh).
    ``code`` defaults to the source folders that the template names. ``simulate``, ``migrate`` and ``tick`` can be switched off
    for tests that need neither simulators nor a database nor schedules that run automatically.
    """

    directory: Path = ROOT / ".local"
    template: Path = ROOT / "template.yaml"
    port: int = 0
    database_url: str | None = None
    issuer_url: str | None = None
    audience: str = DEFAULT_AUDIENCE
    ca_file: Path | None = None
    allowed_origins: tuple[str, ...] | None = None
    return_urls: tuple[str, ...] | None = None
    clients: Mapping[str, str | None] = field(default_factory=dict)
    public_url: str | None = None
    require_scopes: bool = False
    credentials: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    real_providers: frozenset[str] = frozenset()
    endpoints: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)
    code: Code | None = None
    client: Literal["bootstrap", "awslambdaric"] = "bootstrap"
    max_environments: int = 6
    gateway_timeout_s: float = INTEGRATION_TIMEOUT_S
    async_delays_s: tuple[float, ...] = (60.0, 120.0)
    variables: Mapping[str, str] = field(default_factory=dict)
    kept: Path | None = None
    simulate: bool = True
    migrate: bool = True
    tick: bool = True
    warm: bool = True

    @property
    def database(self) -> str:
        """The database of the instance: SQLite in its directory unless another one is chosen."""
        return self.database_url or f"sqlite:///{self.directory.resolve() / 'noillusion.sqlite3'}"
