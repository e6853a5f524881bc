"""The departure matrix: each route and each job in flight while its user leaves, interrupted at every write and every call.

After the receipt there is no row of theirs, no working grant, and each grant is withdrawn or named. A new route that only
reads is in it at once; any other fails here until it is said what is asked of it.

``make trust`` takes every point on both engines. The short form takes, on SQLite, the first point of each kind (before a write,
before a call, after a call) of everything that is asked; and on PostgreSQL each route and each job once, at its last write.
"""

from __future__ import annotations

import base64
import json
from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from local.aws import template as sam
from local.simulators.ai.anthropic import simulator as anthropic
from local.simulators.ai.google import simulator as google
from local.simulators.ai.openai import simulator as openai
from local.simulators.facebook import simulator as facebook
from local.simulators.instagram import simulator as instagram
from local.simulators.linkedin import simulator as linkedin
from local.simulators.tiktok import simulator as tiktok
from noillusion.ai import service as ai
from noillusion.core import loop
from noillusion.net import client as http
from noillusion.settings import source as settings
from noillusion.vault import sealer as crypto
from tests.api.conftest import HOOK_HOST, Platforms
from tests.api.harness import FUNCTIONS, ROOT, Client
from tests.api.test_departure import owned
from tests.support import databases
from tests.support.databases import Store
from tests.support.logged import logged
from tests.support.meanwhile import Meanwhile, leaves, meanwhile, run
from tests.support.serving import serving
from tests.trust import LONG
from tests.trust.scene import JOBS, Scene, Work, asks
from tests.trust.table import Table

TEMPLATE = {"Auth0Domain": "t.eu.auth0.com", "Auth0Audience": "https://api"}
NOT_OF_A_USER = (
    "/v1/health",
    "/v1/openapi.json",
    "/v1/privacy",
    "/v1/platforms",
    "/v1/ai/models",
    "/v1/media/",
    "/robots.txt",
    "{proxy+}",
)
UPSTREAM = 502
"""How a request is answered that needed the platform, which says that the grant is withdrawn."""
READS_ONLY = ("sweep",)
"""Jobs that only read what is due, and queue its ids."""
WRITE = "before a write"
REFUSED = (404, 409, 410)
"""How a request is answered whose user left before it wrote anything."""


def routes() -> list[tuple[str, str]]:
    """Every route of the deployment that is about a user, and the function that serves it."""
    document = sam.read(ROOT / "template.yaml")
    queues = {name: {"Ref": name, "Arn": name} for name in sam.names(document, "AWS::SQS::Queue")}
    functions = {name: r["Properties"] for name, r in document["Resources"].items() if r["Type"] == "AWS::Serverless::Function"}
    folders = {name: properties["CodeUri"].split("/")[1] for name, properties in functions.items()}
    loaded = sam.load(document, TEMPLATE, queues)
    found = [(route.key, folders[route.function]) for route in loaded.routes]
    return [(key, function) for key, function in found if not any(part in key for part in NOT_OF_A_USER)]


@pytest.fixture
def platforms(deployment: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[Platforms]:
    """All platforms and all AI providers."""
    with serving(facebook, instagram, linkedin, tiktok, openai, anthropic, google) as (base, world):
        hosts = {host for simulator in world.simulators.values() for host in simulator.hosts}
        hosts |= {openai.HOST, anthropic.HOST, google.Google.base_host}
        others = {"cdn.example.com": f"{base}/_media", HOOK_HOST: f"{base}/_hooks"}
        endpoints = {host: f"{base}/{host}" for host in hosts} | others
        monkeypatch.setenv("ENDPOINTS", json.dumps(endpoints))
        settings.settings.forget()
        try:
            yield Platforms(base, world, deployment)
        finally:
            loop.run(ai.close())
            loop.run(http.close())


def points(seen: list[str], engine: str) -> list[int]:
    """The points at which the user leaves: all of them, the first of each kind, or the last write (without one, the last)."""
    if LONG:
        return list(range(len(seen)))
    if engine == databases.ENGINES[0]:
        return [seen.index(kind) for kind in dict.fromkeys(seen)]
    writes = [at for at, kind in enumerate(seen) if kind == WRITE]
    return (writes or list(range(len(seen))))[-1:]


def working_grants(platforms: Platforms) -> int:
    """Grants at the simulators that still open something, where they can be withdrawn at all."""
    states = {name: platforms.world.simulators[name].state() for name in ("facebook", "linkedin", "tiktok")}
    tokens = sum(int(states[name]["tokens"]) + int(states[name]["refresh_tokens"]) for name in ("linkedin", "tiktok"))
    return tokens + sum(bool(user["granted"]) for user in states["facebook"]["users"])


def posts(platforms: Platforms) -> int:
    return sum(len(platforms.posts(name)) for name in ("facebook", "instagram", "linkedin", "tiktok"))


def judge(scene: Scene, watch: Meanwhile, status: int | None, log: str, before: int) -> str:
    """What came of one cell; a broken promise has an exclamation mark."""
    platforms = scene.platforms
    kind = watch.points[watch.at or 0]
    if any(owned(platforms.database, scene.user).values()) or scene.user in platforms.database.dump():
        return "ROWS LEFT!"
    if working_grants(platforms):
        return "GRANT WORKS!"
    read = Client(None).request("profile", "GET", f"/v1/profile/deletion/{watch.result.code}").json
    if read["state"] == "deleting":
        return "NO RECEIPT!"
    if any(not r["revoked"] and not r["advice"] for r in read["revocations"]):
        return "GRANT NOT NAMED!"
    if status is not None and status >= 500 and status != UPSTREAM:
        return f"STATUS {status}!"
    if kind == WRITE and posts(platforms) > before:
        return "PUBLISHED LATER!"
    if "request_failed" in log or "message_failed" in log or "chore_failed" in log:
        return "NOISE!"
    if status is None:
        return "stopped"
    return "refused" if status in REFUSED else "answered"


def leave_at(scene: Scene, work: Work, monkeypatch: pytest.MonkeyPatch, at: int | None) -> tuple[Meanwhile, str]:
    """Do the work and have its user leave at a point; what is watched and what came of it."""
    counted = [0]

    async def deed() -> object:
        counted[0] = posts(scene.platforms)
        return await leaves(scene.user)

    with logged() as log, meanwhile(monkeypatch, deed, at) as watch:
        status = work()
    if at is None:
        return watch, ""
    if not watch.happened:
        return watch, "not reached"
    return watch, judge(scene, watch, status, log.getvalue(), counted[0])


def explore(
    platforms: Platforms, prepare: Callable[[Scene], Work], monkeypatch: pytest.MonkeyPatch, cells: Table, row: str
) -> Counter[str]:
    """One row of the matrix."""
    watch, _ = leave_at(scene := Scene(platforms), prepare(scene), monkeypatch, None)
    # Their posts have the ids that the platforms give again after a reset, and one post is claimed once.
    run(leaves(scene.user))
    found: Counter[str] = Counter()
    for at in points(watch.points, platforms.database.engine):
        platforms.world.reset()
        scene = Scene(platforms)
        reached, mark = leave_at(scene, prepare(scene), monkeypatch, at)
        cells.add(row, reached.points[at] if reached.happened else "not reached", mark)
        found[mark] += 1
    if not watch.points:
        cells.add(row, "reads only", "nothing to refuse")
    return found


def good(found: Counter[str]) -> bool:
    return not [mark for mark in found if "!" in mark]


@pytest.mark.parametrize(("route", "function"), routes(), ids=[route.replace("/", "|") for route, _ in routes()])
def test_after_the_receipt_nothing_of_a_request_in_flight_is_left(
    platforms: Platforms, monkeypatch: pytest.MonkeyPatch, table: Callable[[str], Table], route: str, function: str
) -> None:
    cells = table("departure matrix")
    asked = asks(route, function)
    for number, prepare in enumerate(asked if LONG or platforms.database.engine == databases.ENGINES[0] else asked[:1]):
        platforms.world.reset()
        found = explore(platforms, prepare, monkeypatch, cells, f"{route} {number or ''}".strip())
        assert good(found), dict(found)


@pytest.mark.parametrize("job", JOBS)
def test_after_the_receipt_nothing_of_a_job_in_flight_is_left(
    platforms: Platforms, monkeypatch: pytest.MonkeyPatch, table: Callable[[str], Table], job: str
) -> None:
    prepare = JOBS[job]
    if job == "reseal":
        keys = {name: base64.urlsafe_b64encode(bytes([seed]) * 32).decode() for name, seed in (("k1", 1), ("k9", 9))}

        def rotating(scene: Scene) -> Work:
            work = JOBS[job](scene)

            def rotated() -> int | None:
                monkeypatch.setenv("SEALING_KEYS", json.dumps({"current": "k9", "keys": keys}))
                _read_again()
                try:
                    return work()
                finally:
                    monkeypatch.setenv("SEALING_KEYS", json.dumps({"current": "k1", "keys": keys}))
                    _read_again()

            return rotated

        prepare = rotating
    found = explore(platforms, prepare, monkeypatch, table("departure matrix"), job)
    assert good(found) and (found.total() > 0 or job in READS_ONLY), dict(found)


def _read_again() -> None:
    settings.settings.forget()
    crypto.sealer.cache_clear()


def test_the_matrix_has_every_function_that_serves_a_user() -> None:
    assert {function for _, function in routes()} | {"health", "media", "maintain", "analytics_poll", "schedule_run"} == set(
        FUNCTIONS
    )


def test_a_new_route_that_may_write_has_to_be_said() -> None:
    with pytest.raises(LookupError, match="is new"):
        asks("POST /v1/brand-new", "profile")
    assert asks("GET /v1/brand-new/{id}", "profile")
