"""Handlers in process, on a fresh database, against simulated platforms over real HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from local.simulators.ai.openai import simulator as openai
from local.simulators.facebook import simulator as facebook
from local.simulators.instagram import simulator as instagram
from local.simulators.linkedin import simulator as linkedin
from local.simulators.tiktok import simulator as tiktok
from local.simulators.world import World
from noillusion.ai import service as ai
from noillusion.core import loop
from noillusion.flows import runner
from noillusion.flows.protocol import Reply, Until
from noillusion.net import client as http
from noillusion.settings import source as settings
from tests.api.harness import Answer, Client
from tests.support import databases
from tests.support.databases import PostgresStore, SQLiteStore, Store
from tests.support.serving import ai_providers, endpoints, serving

MEDIA_HOSTS = ("cdn.example.com", "media.example.org")
"""Where sample media are. The operator has verified the first of them at TikTok."""
HOOK_HOST = "hooks.example.com"
"""Where webhooks are received."""
PACE = 1 / 8


ACCOUNT = "17841400000000001"
PAGE, OTHER_PAGE = "101000000000001", "101000000000002"


@dataclass
class Platforms:
    """The simulated platforms and what a person does at them."""

    base: str
    world: World
    database: Store

    def media(self, name: str) -> str:
        """The address of a sample medium that the platforms can fetch."""
        return f"https://cdn.example.com/{name}"

    def posts(self, platform: str) -> list[dict[str, Any]]:
        """What a platform holds as published posts."""
        state = self.world.simulators[platform].state()
        posts = state["posts"]
        return list(posts.values() if isinstance(posts, dict) else posts)

    def requests(self, platform: str, path: str) -> int:
        """How many requests with ``path`` in their path arrived."""
        return sum(1 for e in self.world.journal if e.platform == platform and path in e.path)

    def fault(self, **fields: Any) -> None:
        """Inject a fault."""
        httpx.post(f"{self.base}/_control/faults", json=fields).raise_for_status()

    def consent(self, client: Client, platform: str, **asked: Any) -> Answer:
        """From the authorize call through the platform's dialog back to the callback. ``asked``: fields of the call."""
        begun = client.request("connect_callback", "POST", f"/v1/connections/{platform}/authorize", body=asked)
        assert begun.status == 200, begun.text
        return self.come_back(client, platform, begun.json["authorization_url"])

    def come_back(self, client: Client, platform: str, authorization_url: str) -> Answer:
        """The browser follows the platform's dialog to the callback."""
        dialog = httpx.get(authorization_url)
        assert dialog.status_code == 302, dialog.text
        query = {key: values[0] for key, values in parse_qs(urlsplit(dialog.headers["location"]).query).items()}
        return Client(sub=None).request("connect_callback", "GET", f"/v1/oauth/{platform}/callback", query=query)

    def connect(self, client: Client, platform: str, **asked: Any) -> list[dict[str, Any]]:
        """Connect every account that the default user of a platform offers. ``asked``: fields of the authorize call."""
        pending_id = self.consent(client, platform, **asked).json["pending_id"]
        pending = client.request("connect_callback", "GET", f"/v1/connections/pending/{pending_id}")
        assert pending.status == 200, pending.text
        chosen = [account["id"] for account in pending.json["accounts"] if account["can_publish"]]
        path = f"/v1/connections/pending/{pending_id}/confirm"
        confirmed = client.request("connect_callback", "POST", path, body={"account_ids": chosen})
        assert confirmed.status == 200, confirmed.text
        return list(confirmed.json["items"])


def link(platforms: Platforms, first: str | None, second: str | None = None) -> None:
    """Link Instagram accounts to the person's two Pages."""
    pages = [{"id": PAGE, "instagram": first}, {"id": OTHER_PAGE, "instagram": second}]
    platforms.world.simulators["facebook"].actions["user"]({"pages": pages})


@pytest.fixture(params=databases.ENGINES)
def deployment(request: pytest.FixtureRequest, tmp_path: Path, deploy: Callable[[str], None]) -> Iterator[Store]:
    """A deployment on a fresh database, once on each engine; yields the database as seen from the side."""
    store: Store
    if request.param == "postgres":
        postgres: PostgresStore = request.getfixturevalue("postgres_database")
        databases.clean(postgres)
        store = postgres
    else:
        store = sqlite = SQLiteStore(tmp_path / "test.sqlite3")
        databases.migrate_file(sqlite.path)
    deploy(store.url)
    with databases.present(store):
        yield store


def hasten(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let flows ask eight times as often whether a platform is done: simulators are sooner.

    They wait as long as ever, unless a number of answers bounds the wait.
    """
    until = runner.Runner._until

    async def hastened(self: runner.Runner, wait: Until) -> Reply:
        try:
            return await until(self, replace(wait, every=wait.every * PACE))
        except runner.Suspended as suspended:
            raise runner.Suspended(suspended.after / PACE) from None

    monkeypatch.setattr(runner.Runner, "_until", hastened)


@pytest.fixture
def platforms(deployment: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[Platforms]:
    """All four platforms, reached through the deployment's endpoint settings."""
    with serving(facebook, instagram, linkedin, tiktok) as (base, world):
        others = {**dict.fromkeys(MEDIA_HOSTS, f"{base}/_media"), HOOK_HOST: f"{base}/_hooks"}
        monkeypatch.setenv("ENDPOINTS", endpoints(base, world, **others))
        hasten(monkeypatch)
        world.simulators["tiktok"].actions["settings"]({"processing_s": 0.5})
        settings.settings.forget()
        try:
            yield Platforms(base, world, deployment)
        finally:
            loop.run(http.close())


@pytest.fixture
def linked(platforms: Platforms, monkeypatch: pytest.MonkeyPatch) -> Platforms:
    """All four platforms, with an Instagram account that is linked to a Page, in a deployment with an app for such accounts.

    It is the app for Pages too, so one grant of a person carries both.
    """
    monkeypatch.setenv("INSTAGRAM_FACEBOOK_CLIENT_ID", "facebook-app")
    monkeypatch.setenv("INSTAGRAM_FACEBOOK_CLIENT_SECRET", "facebook-app-secret")
    settings.settings.forget()
    link(platforms, ACCOUNT)
    return platforms


@pytest.fixture
def models(deployment: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """One AI provider."""
    with serving(openai) as (base, world):
        monkeypatch.setenv("ENDPOINTS", endpoints(base, world))
        settings.settings.forget()
        yield world
        loop.run(ai.close())


@pytest.fixture(scope="module")
def ai_server() -> Iterator[tuple[str, World]]:
    """A server with all AI providers. Tests use ``world``, which resets it."""
    with ai_providers() as served:
        yield served


@pytest.fixture
def world(ai_server: tuple[str, World], deployment: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """All AI providers."""
    base, world = ai_server
    world.reset()
    monkeypatch.setenv("ENDPOINTS", endpoints(base, world))
    settings.settings.forget()
    yield world
    loop.run(ai.close())
