"""Accounts with many posts on the simulated platforms, and the calls that it takes to read the figures of these posts.

The product's own modules, runner and messages are used; the platforms are served on loopback and count what they are asked.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import socket
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from local.simulators.facebook.state import SCOPES as FACEBOOK_SCOPES
from local.simulators.instagram.oauth import SCOPES as INSTAGRAM_SCOPES
from local.simulators.linkedin.state import COMMUNITY
from local.simulators.linkedin.state import Token as LinkedInToken
from local.simulators.serve import create_app, create_server, create_world
from local.simulators.tiktok.oauth import SCOPES as TIKTOK_SCOPES
from local.simulators.tiktok.state import Token as TikTokToken
from local.simulators.world import World
from noillusion.catalog import platforms
from noillusion.catalog.platforms import PlatformName

BARS = {"facebook": 40, "instagram": 40, "instagram by a Page": 40, "tiktok": 55, "linkedin organization": 50}
"""Calls for 1,000 posts."""
KEY = base64.urlsafe_b64encode(bytes([2]) * 32).decode()
RING = json.dumps({"current": "k1", "keys": {"k1": base64.urlsafe_b64encode(bytes(32)).decode()}})
SETTINGS = {
    "STAGE": "bench",
    "PUBLIC_URL": "https://api.test",
    "DATABASE_URL": "sqlite:///unused.sqlite3",
    "SEALING_KEYS": RING,
    "FINGERPRINT_KEY": KEY,
    "STATE_KEY": KEY,
    "SECRETS_ARN": "",
}
"""Of a deployment that reads figures, in the environment."""
LONG_S = 10 * 365 * 86_400.0
MANY_CALLS = 1e9


@dataclass(frozen=True)
class Place:
    """An account on a simulated platform."""

    platform: PlatformName
    registration: str
    account: Any
    token: str
    seed: Callable[[dict[str, Any]], str]
    """Makes a post of a given age and returns its id."""


@asynccontextmanager
async def served() -> AsyncIterator[World]:
    """Serve the simulated platforms in this process, and tell the product where they are."""
    from noillusion.net import client as http
    from noillusion.settings import source

    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.bind(("127.0.0.1", 0))
        base = f"http://127.0.0.1:{listener.getsockname()[1]}"
        world = create_world(base)
        server = create_server(create_app(world), 0)
        task = asyncio.create_task(server.serve([listener]))
        while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.01)
        hosts = [host for simulator in world.simulators.values() for host in simulator.hosts]
        before = dict(os.environ)
        os.environ.update({**SETTINGS, "ENDPOINTS": json.dumps({host: f"{base}/{host}" for host in hosts})})
        source.settings.forget()
        try:
            yield world
        finally:
            await http.close()
            http.client.cache_clear()
            os.environ.clear()
            os.environ.update(before)
            source.settings.forget()
            server.should_exit = True
            await task


def places(world: World) -> Iterator[tuple[str, Place]]:
    """An account on each platform."""
    from noillusion.flows.protocol import Account

    held: dict[str, Any] = {name: simulator.memory for name, simulator in world.simulators.items() if name in platforms.NAMES}  # type: ignore[attr-defined]
    facebook, instagram, tiktok = held["facebook"], held["instagram"], held["tiktok"]
    facebook.settings["engaged_users"] = instagram.settings["impressions"] = MANY_CALLS
    page, person = next(iter(facebook.pages)), next(iter(facebook.users))
    facebook.users[person].granted = set(FACEBOOK_SCOPES)
    token = facebook.tokens.issue("PAGE", person, page, FACEBOOK_SCOPES, LONG_S).value
    seed = _seeder(world, "facebook", page=page)
    scopes = tuple(FACEBOOK_SCOPES)
    yield "facebook", Place("facebook", "", Account(page, "page", scopes=scopes), token, seed)
    owner = next(iter(instagram.accounts.values()))
    owner.granted = set(INSTAGRAM_SCOPES)
    own = instagram.tokens.issue("USER", owner.id, owner.id, INSTAGRAM_SCOPES, LONG_S).value
    seed = _seeder(world, "instagram", account=owner.id)
    account = Account(owner.id, "professional", scopes=tuple(INSTAGRAM_SCOPES))
    yield "instagram", Place("instagram", "", account, own, seed)
    account = Account(owner.id, "professional", scopes=scopes, registration="facebook")
    yield "instagram by a Page", Place("instagram", "facebook", account, token, seed)
    creator = tiktok.consent["user"]
    tiktok.tokens["bench"] = TikTokToken("bench", creator, TIKTOK_SCOPES, LONG_S * 10)
    account = Account(creator, "creator", scopes=tuple(TIKTOK_SCOPES))
    yield "tiktok", Place("tiktok", "", account, "bench", _seeder(world, "tiktok", user=creator))
    yield "linkedin organization", _organization(world, held["linkedin"])


def _organization(world: World, linkedin: Any) -> Place:
    from noillusion.flows.protocol import Account

    member, user = next((id, each) for id, each in linkedin.users.items() if each["organizations"])
    organization = user["organizations"][0]["id"]
    app = replace(COMMUNITY, member_calls_a_day=10**9, app_calls_a_day=10**9)
    linkedin.tokens["bench"] = LinkedInToken("bench", app, member, app.scopes, 0.0, LONG_S * 10)
    seed = _seeder(world, "linkedin", author=f"urn:li:organization:{organization}")
    return Place("linkedin", "", Account(organization, "organization", scopes=tuple(app.scopes)), "bench", seed)


def _seeder(world: World, platform: str, **where: Any) -> Callable[[dict[str, Any]], str]:
    def seed(given: dict[str, Any]) -> str:
        made: Any = world.simulators[platform].actions["seed"]({**where, **given})
        return str(made["ids"][0])

    return seed


def seeded(place: Place, now: datetime, times: Sequence[datetime]) -> dict[str, datetime]:
    """Make posts of these times, the oldest first. Returns their ids, with their times."""
    more = {"photo": True} if place.platform == "facebook" else {}
    return {place.seed({"age_s": (now - at).total_seconds(), "text": str(n), **more}): at for n, at in enumerate(times)}


async def calls_of(world: World, place: Place, messages: Sequence[Sequence[str]], times: dict[str, datetime]) -> int:
    """Read the posts of each message. Returns the calls that this took; ``RuntimeError`` if a post has no figures."""
    from noillusion.core import clock
    from noillusion.core.sensitive import Secret
    from noillusion.flows.measures import PostRef
    from noillusion.flows.runner import Runner, Session
    from noillusion.platforms import catalog

    platform = catalog.get(place.platform, place.registration)
    kind: Any = "video" if place.platform == "tiktok" else "image"
    calls = 0
    for message in messages:
        refs = [PostRef(id, kind, published_at=int(times[id].timestamp())) for id in message]
        world.journal.clear()
        runner = Runner(platform, Session(Secret(place.token)), deadline=clock.monotonic() + 60)
        found = await runner.run(platform.metrics(refs, place.account))
        calls += len(world.journal)
        if missing := {str(found[id].unavailable) for id in message if found[id].unavailable}:
            raise RuntimeError(f"{place.platform}: figures are missing: {missing}")
    return calls


def messages_of(place: Place, due: Sequence[str], times: dict[str, datetime]) -> list[list[str]]:
    """Return due posts as the product's dispatcher divides them into messages."""
    from noillusion.analytics.dispatch import PendingTargets
    from noillusion.publishing.rows import TargetsToMeasure

    pending = PendingTargets(datetime.now(UTC) + timedelta(minutes=30))
    rows = [TargetsToMeasure(id, [], "u", "c", place.platform, times[id], times[id]) for id in due]
    made = [*pending.add(rows), *pending.rest()]
    return [message.body["target_ids"] for message in made]
