"""Real handlers on real simulators, with a clock that goes ahead on both sides and a queue that delivers when it is time."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

import pytest

from local.simulators.world import Entry, Fault
from noillusion.core import clock
from noillusion.flows import transport
from noillusion.flows.effects import Effect
from noillusion.net import queues
from noillusion.settings import source as settings
from tests.api.conftest import Platforms, link
from tests.api.harness import Answer, Client, Context, load
from tests.trust.kinds import LINKED_ACCOUNT, Kind

ALICE = "auth0|alice"
WINDOWS_S = (20, 45, 90, 180, 400, 700, 1_500, 3_600, 2 * 3_600, 4 * 3_600, 7 * 3_600, 13 * 3_600, 25 * 3_600, 26 * 3_600)
"""When the sweep runs, in seconds after the publication: through every window in which the product looks again."""
OPEN = frozenset({"pending", "preparing", "committing", "processing"})
COMMIT_TIMEOUT_S = 0.7
"""How long the product waits for an answer that does not come; the real time is of no interest and would be waited for."""
_KEPT: dict[str, tuple[str, ...]] = {
    "facebook": ("posts", "photos", "videos", "uploads"),
    "instagram": ("containers", "media"),
    "linkedin": ("posts", "latest", "assets", "calls"),
    "tiktok": ("publications", "videos", "uploads", "recent"),
}
"""What a simulator remembers of publications."""


@dataclass
class Messages:
    """The queue of slow publications, in memory: it takes what SQS takes and delivers when the clock says so."""

    now: Callable[[], datetime]
    waiting: list[tuple[datetime, str]] = field(default_factory=list)

    def send_message_batch(self, QueueUrl: str, Entries: Sequence[dict[str, Any]]) -> dict[str, Any]:
        assert QueueUrl
        self.waiting += [(self.now() + timedelta(seconds=e["DelaySeconds"]), e["MessageBody"]) for e in Entries]
        return {}

    def due(self) -> list[str]:
        """The messages whose time has come. They are taken out."""
        now = self.now()
        ready = [body for at, body in self.waiting if at <= now]
        self.waiting = [(at, body) for at, body in self.waiting if at > now]
        return ready


class Rig:
    """One person with accounts, and what happens to the person's posts."""

    def __init__(self, platforms: Platforms, monkeypatch: pytest.MonkeyPatch) -> None:
        self.platforms, self.world, self.base = platforms, platforms.world, platforms.base
        self.client = Client(ALICE)
        self.passed = 0.0
        self.messages = Messages(self.now)
        self.connections: dict[tuple[str, str], str] = {}
        self._keys = count(1)
        monkeypatch.setattr(clock, "now", self.now)
        monkeypatch.setattr(queues, "client", lambda: self.messages)
        monkeypatch.setenv("PUBLISH_QUEUE_URL", "https://queue.test/publish")
        monkeypatch.setenv("POSTS_PER_MINUTE", "0")
        monkeypatch.setenv("INSTAGRAM_FACEBOOK_CLIENT_ID", "facebook-app")
        monkeypatch.setenv("INSTAGRAM_FACEBOOK_CLIENT_SECRET", "facebook-app-secret")
        self._shorten(monkeypatch)
        settings.settings.forget()
        for name, simulator in self.world.simulators.items():
            quick = {"processing_s": 0} | {"instagram": {"image_processing_s": 0}, "tiktok": {"posts_a_day": 1_000}}.get(name, {})
            simulator.actions["settings"](quick)

    def _shorten(self, monkeypatch: pytest.MonkeyPatch) -> None:
        real = transport.send

        async def send(platform: Any, token: Any, call: Any, *, seconds: float, **more: Any) -> Any:
            # Any other answer comes, if late on a busy machine.
            silent = any(fault.times and (fault.delay_ms or fault.hold) for fault in self.world.faults)
            short = silent and call.effect is Effect.COMMIT
            return await real(platform, token, call, seconds=min(seconds, COMMIT_TIMEOUT_S) if short else seconds, **more)

        monkeypatch.setattr(transport, "send", send)

    # -- time -----------------------------------------------------------------------------------------------------------------

    def now(self) -> datetime:
        """The product's time."""
        return datetime.now(UTC) + timedelta(seconds=self.passed)

    def at(self, seconds: float) -> None:
        """Let it be so many seconds after the beginning, for the product and the platforms."""
        self.passed = self.world.clock.offset = seconds

    def settle(self, post_id: str) -> Iterator[dict[str, Any]]:
        """Let time pass through every window with the sweep and the queue at work; the post as it is after each of them."""
        begun = self.passed
        for seconds in WINDOWS_S:
            self.at(begun + seconds)
            self.work()
            post = self.read(post_id)
            yield post
            if all(target["next_check_at"] is None for target in post["targets"]):
                return

    def work(self) -> None:
        """The sweep, and everything that the queue has to deliver by now."""
        done = load("maintain").handler({"task": "sweep"}, Context(60))
        assert done["task"] == "sweep"
        while bodies := self.messages.due():
            for body in bodies:
                record = {"messageId": "m1", "body": body}
                assert load("publish").handler({"Records": [record]}, Context(60)) == {"batchItemFailures": []}

    # -- the person's acts ------------------------------------------------------------------------------------------------------

    def connection(self, kind: Kind) -> str:
        """The account that a kind of post goes to, connected when it is first needed."""
        if (kind.platform, kind.account) not in self.connections:
            others = {"organization": self._connect_organization, "linked": self._connect_linked}
            connect = others.get(kind.account, self._connect)
            self.connections[kind.platform, kind.account] = connect(kind.platform)
        return self.connections[kind.platform, kind.account]

    def _connect(self, platform: str) -> str:
        return str(self.platforms.connect(self.client, platform)[0]["id"])

    def _connect_organization(self, platform: str) -> str:
        """An organization's page, by LinkedIn's other kind of app (platforms.md 3.2)."""
        pending_id = self.platforms.consent(self.client, platform, wanted=["organizations"]).json["pending_id"]
        path = f"/v1/connections/pending/{pending_id}"
        accounts = self.client.request("connect_callback", "GET", path).json["accounts"]
        chosen = next(account["id"] for account in accounts if account["kind"] == "organization")
        confirmed = self.client.request("connect_callback", "POST", f"{path}/confirm", body={"account_ids": [chosen]})
        assert confirmed.status == 200, confirmed.text
        return str(confirmed.json["items"][0]["id"])

    def _connect_linked(self, platform: str) -> str:
        """An Instagram account that is linked to a Page, by Facebook's dialog (platforms.md 2.2)."""
        self.world.simulators[platform].actions["user"]({"id": LINKED_ACCOUNT})
        link(self.platforms, LINKED_ACCOUNT)
        return str(self.platforms.connect(self.client, platform, registration="facebook")[0]["id"])

    def publish(self, kind: Kind, text: str, key: str = "") -> Answer:
        """Publish once, under a key of its own."""
        body = kind.body(self.connection(kind), text)
        headers = {"idempotency-key": key or f"key-{next(self._keys)}"}
        answer = self.client.request("publish", "POST", "/v1/posts", body=body, headers=headers)
        assert answer.status in (201, 202), answer.text
        return answer

    def read(self, post_id: str) -> dict[str, Any]:
        """A post as the person sees it."""
        return dict(self.client.request("publish", "GET", f"/v1/posts/{post_id}").json)

    def retry(self, post_id: str, kind: Kind, text: str) -> bool:
        """Try again as the person would who accepts no risk of a second post; whether the product went along."""
        body = {"content": kind.again(text)} | ({"options": kind.options} if kind.options else {})
        answer = self.client.request("publish", "POST", f"/v1/posts/{post_id}/retry", body=body)
        assert answer.status in (200, 409, 422), answer.text
        return answer.status == 200

    def delete(self, post_id: str) -> Answer:
        """Delete a post at its platform."""
        answer = self.client.request("publish", "DELETE", f"/v1/posts/{post_id}")
        assert answer.status == 200, answer.text
        return answer

    def notices(self) -> list[str]:
        """The kinds of the person's notices, oldest first."""
        return [row[0] for row in self.platforms.database.fetch("SELECT kind FROM notifications ORDER BY created_at")]

    # -- the platforms ----------------------------------------------------------------------------------------------------------

    def posts(self, kind: Kind) -> list[str]:
        """The ids of what the public (or the creator's inbox) has on a kind's platform, oldest first."""
        state = self._state(kind.platform)
        if kind.platform == "tiktok":
            # An upload that lacks bytes is nothing that anybody could see.
            going = [p for p in state["publications"] if p["status"] != "FAILED" and not p["unfinished"]]
            posts = [p["id"] for p in state["posts"] if p["status"] == "PUBLISHED"]
            return posts + [p["publish_id"] for p in going if not p["post_id"]]
        return [p["id"] for p in state["posts"] if p["status"].upper() == "PUBLISHED"]

    def _state(self, platform: str) -> dict[str, Any]:
        """What a platform holds, once it has fetched the media that it was told to fetch."""
        simulator = self.world.simulators[platform]
        until = time.monotonic() + 60
        while any(_works_on(p) for p in simulator.state().get("publications", ())):
            assert time.monotonic() < until, "a platform does not come to an end with its media"
            time.sleep(0.005)
        return simulator.state()

    def with_text(self, kind: Kind, text: str) -> list[str]:
        """The ids of those that have this text."""
        state = self._state(kind.platform)
        ids = set(self.posts(kind))
        if kind.platform == "tiktok":
            told = [(p["post_id"] or p["publish_id"], p["info"]) for p in state["publications"]]
            return [one for one, info in told if one in ids and text in info.values()]
        return [p["id"] for p in state["posts"] if p["id"] in ids and p["text"] == text]

    def seed(self, kind: Kind, text: str, age_s: float = 0.0) -> str:
        """Somebody makes a post that looks the same past the product; its id."""
        given = {**kind.seed, "text": text, "age_s": age_s}
        made: Any = self.world.simulators[kind.platform].actions["seed"](given)
        return str(made["ids"][0])

    def commits(self, kind: Kind) -> list[Entry]:
        """The requests that can have made a post of this kind public, in the order in which they arrived."""
        return [entry for entry in self.world.journal if self._commits(kind, entry)]

    def _commits(self, kind: Kind, entry: Entry) -> bool:
        if entry.method != kind.method or entry.platform != kind.host:
            return False
        where = entry.host + entry.path
        # A photo that is uploaded unpublished is no commit, nor is a phase of an upload before the last.
        public = "/photos" not in where or not re.search(r'published"?(=|\r\n\r\n)false', entry.body)
        early = re.search(r'upload_phase"?(=|\r\n\r\n)(start|transfer)', entry.body)
        return public and not early and any(re.search(path, where) for path in kind.commits)

    def commit_path(self, kind: Kind) -> str:
        """Where the product makes this kind public, found out by publishing it once."""
        self.fresh()
        self.publish(kind, "Where does this go?")
        (entry,) = self.commits(kind)
        return next(path for path in kind.commits if re.search(path, entry.host + entry.path))

    def fault(self, kind: Kind, path: str, **fields: Any) -> None:
        """Disturb the next request that makes this kind public."""
        # As the control API does, without an HTTP client for each of many cells.
        contains = kind.contains or None
        self.world.faults.append(Fault(platform=kind.host, method=kind.method, path=path, contains=contains, **fields))

    def fresh(self) -> None:
        """Accounts without posts, at the beginning of time; connections stay, and those that were given up live again."""
        self.at(0)
        self.messages.waiting.clear()
        self.world.faults.clear()
        self.world.journal.clear()
        simulators: dict[str, Any] = dict(self.world.simulators)
        for name, simulator in simulators.items():
            for kept in _KEPT[name]:
                getattr(simulator.memory, kept).clear()
            self.world.lists[name].change({"delay_s": 0, "short_by": 0, "hollow": False, "paging": "cursor"})
        for table in ("notifications", "post_targets", "posts"):
            self.platforms.database.execute(f"DELETE FROM {table}")
        # Their tokens are good: it was an answer in the platform's place that killed them.
        again = "status = 'active', status_reason = '', posts_paused_until = NULL, calls_paused_until = NULL"
        self.platforms.database.execute(f"UPDATE platform_connections SET {again}")


def _works_on(publication: dict[str, Any]) -> bool:
    return publication["status"].startswith("PROCESSING") and not publication["unfinished"]


def ids_of(target: dict[str, Any]) -> set[str]:
    """What a target says it is at the platform."""
    return {str(value) for value in (target["platform_post_id"],) if value}


def unique(words: Iterable[str]) -> str:
    """A text that nothing else has."""
    return f"{' '.join(words)} {uuid4().hex[:12]}"
