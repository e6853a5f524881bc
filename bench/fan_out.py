"""S6: publishing to four targets at unequal latencies, against the slowest target alone. It publishes on simulators only."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self
from uuid import uuid4

import httpx

from bench.instance import options
from bench.report import Spread, Table, ratio, verdict
from local.simulators.registry import PLATFORMS
from local.testing import running
from tools.build.artifacts import Artifacts

ROUNDS = 9
BAR = 1.05
LATENCY_MS = {"facebook": 100, "linkedin": 200, "instagram": 300, "tiktok": 600}
"""Added to every answer of a platform. TikTok's flow is the slowest then."""
NO_PROCESSING = {
    "instagram": {"processing_s": 0, "image_processing_s": 0},
    "tiktok": {"processing_s": 0, "posts_a_day": 1000},
}
"""Media are ready at once: what counts here is who waits for whom, not how long a platform thinks."""
BETWEEN_ROUNDS_S = 61  # simulated: over TikTok's limit of requests a minute
PHOTO = {"url": "https://cdn.example.com/photo.jpg", "alt_text": "A photo"}
TIKTOK_OPTIONS = {"tiktok": {"privacy_level": "PUBLIC_TO_EVERYONE", "consent": True}}


class Unexpected(Exception):
    """A step of the preparation or a publication did not end as it should."""


class Person:
    """Somebody with one account connected on each platform, as a client of the API."""

    def __init__(self, run: Mapping[str, Any]) -> None:
        self.run = run
        self.connections: dict[str, str] = {}
        self.client = httpx.Client(timeout=40, trust_env=False)

    def __enter__(self) -> Self:
        token = self.client.get(self.run["token_url"], params={"sub": "auth0|bench"}).raise_for_status().json()["access_token"]
        self.client.headers["authorization"] = f"Bearer {token}"
        self.call("GET", "/v1/profile")
        for platform in PLATFORMS:
            self.connections[platform] = self._connect(platform)
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    def call(self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Any:
        """The JSON of a successful answer. Raises Unexpected."""
        answer = self.client.request(method, f"{self.run['api']}{path}", json=body, headers=dict(headers or {}))
        if not answer.is_success:
            raise Unexpected(f"{method} {path} answered {answer.status_code}: {answer.text[:500]}")
        return answer.json()

    def control(self, path: str, body: Mapping[str, Any]) -> None:
        """One request to the simulators' control."""
        self.client.post(f"{self.run['control']}/{path}", json=body).raise_for_status()

    def _connect(self, platform: str) -> str:
        """Through the platform's dialog and back; the id of the first connection that can publish."""
        begun = self.call("POST", f"/v1/connections/{platform}/authorize", {})
        dialog = self.client.get(begun["authorization_url"])
        if not dialog.is_redirect:
            raise Unexpected(f"{platform}'s dialog answered {dialog.status_code}: {dialog.text[:500]}")
        returned = self.client.get(dialog.headers["location"])
        if not returned.is_success:
            raise Unexpected(f"{platform}'s callback answered {returned.status_code}: {returned.text[:500]}")
        handle = returned.json()["pending_id"]
        pending = self.call("GET", f"/v1/connections/pending/{handle}")
        chosen = next(account["id"] for account in pending["accounts"] if account["can_publish"])
        confirmed = self.call("POST", f"/v1/connections/pending/{handle}/confirm", {"account_ids": [chosen]})
        return str(confirmed["items"][0]["id"])

    def publish(self, platforms: Sequence[str]) -> float:
        """Publish something new on the platforms and return the milliseconds until the answer. Raises Unexpected."""
        text = f"A note of the benchmark, {uuid4()}"
        body = {"content": {"text": text}, "targets": [self._target(platform, text) for platform in platforms]}
        started = time.perf_counter()
        post = self.call("POST", "/v1/posts", body, {"idempotency-key": str(uuid4())})
        elapsed = (time.perf_counter() - started) * 1000
        if post["status"] != "published":
            raise Unexpected(f"published on {', '.join(platforms)}: {post}")
        return elapsed

    def _target(self, platform: str, text: str) -> dict[str, Any]:
        target: dict[str, Any] = {"connection_id": self.connections[platform]}
        if platform in ("instagram", "tiktok"):
            target["content"] = {"text": text, "media": [PHOTO]}
        if platform == "tiktok":
            target["options"] = TIKTOK_OPTIONS
        return target


def run(artifacts: Artifacts, directory: Path, rounds: int = ROUNDS) -> Table:
    """Take the benchmark: each round publishes on every platform alone and on all four together, after one uncounted round."""
    subjects = [(platform,) for platform in LATENCY_MS] + [tuple(LATENCY_MS)]
    times: dict[tuple[str, ...], list[float]] = {subject: [] for subject in subjects}
    with running(options(artifacts, directory, warm=True)) as started, Person(started.description) as person:
        for platform, settings in NO_PROCESSING.items():
            person.control(f"{platform}/settings", settings)
        person.control("latency", LATENCY_MS)
        for number in range(rounds + 1):
            for subject in subjects[number % len(subjects) :] + subjects[: number % len(subjects)]:
                elapsed = person.publish(subject)
                if number:
                    times[subject].append(elapsed)
            person.control("clock", {"advance_s": BETWEEN_ROUNDS_S})
    return table(times)


def table(times: Mapping[tuple[str, ...], Sequence[float]]) -> Table:
    """Times of each target alone and of all, and the ratio to the slowest."""
    together = tuple(LATENCY_MS)
    alone = {subject[0]: Spread.of(values) for subject, values in times.items() if subject != together}
    slowest = max(alone, key=lambda platform: alone[platform].median)
    all_four, against = Spread.of(times[together]), ratio(times[together], times[(slowest,)])
    rows = [
        *([f"{name} alone", str(LATENCY_MS[name]), spread.show(), "", "", ""] for name, spread in alone.items()),
        ["all four", "", all_four.show(), f"{against.show(3)} × {slowest}", f"{BAR} × {slowest}", verdict(against.median, BAR)],
    ]
    return Table(
        name="S6",
        title="S6: publishing to four targets in ms, from the request to the answer",
        heads=["targets", "latency of one answer", "median (min to max)", "ratio", "bar", "kept"],
        rows=rows,
        notes=[
            f"{all_four.runs} publications each, interleaved, after one uncounted round. Warm functions under AWS's client, "
            "behind the local gateway, on SQLite.",
            "A text on Facebook and LinkedIn, a photo on Instagram and TikTok, whose simulators process media at once.",
        ],
        data={"latency_ms": LATENCY_MS, "alone_ms": alone, "all_four_ms": all_four, "slowest": slowest, "ratio": against},
    )
