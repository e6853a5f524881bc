"""A function that dies in the middle of publishing: nothing goes out twice, nothing stays open (failure-classes.md A2, F3).

SIGKILL, while a platform has not answered yet. The platform goes on with what it has received.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from urllib.parse import urlencode

import httpx
import pytest

from local.demo.accounts import connect
from local.demo.samples import PHOTO, TIKTOK_OPTIONS
from local.demo.tour import Json, Tour, wait_for
from local.options import Options
from local.simulators.registry import PLATFORMS
from local.testing import Running, running
from noillusion.api.limits import REQUEST_S
from tests.support import described

LIMIT_S = REQUEST_S
LEASED_S = LIMIT_S + 10 + 1
PREPARE = {"instagram": r"/media$", "linkedin": "rest/images$", "tiktok": "creator_info"}
BETWEEN = {"instagram": r"instagram\.com/v[0-9.]+/[0-9]+$"}
COMMIT = {"facebook": "/feed$", "instagram": "/media_publish$", "linkedin": "rest/posts$", "tiktok": "content/init"}
LONG = {"kind": "video", "url": "https://media.example/clip.mp4?bytes=50000000"}
"""More than a request sends. From this host TikTok does not fetch, so both get the bytes."""
PART = {"linkedin": r"dms-uploads|/dms", "tiktok": "open-upload"}
SETTLED = {"published", "failed", "unknown", "canceled"}


@pytest.fixture(scope="module")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The product without schedules, which would settle what a dead function left."""
    with running(Options(directory=tmp_path_factory.mktemp("crash"), tick=False)) as started:
        yield started


class Crashes:
    """One person's publications whose function was killed, and what became of them."""

    def __init__(self, tour: Tour) -> None:
        self.tour = tour
        self.bodies: dict[str, Json] = {}
        self.posts: dict[str, str] = {}
        self.answers: dict[str, int] = {}
        self.held_then: dict[str, int] = {}

    def kill_upload(self, name: str) -> None:
        """Publish a long video and kill the function that uploads it after the response, at the first part of each upload."""
        targets = []
        for platform in PART:
            options = {"options": TIKTOK_OPTIONS} if platform == "tiktok" else {}
            content = {"text": self.text(name), "media": [LONG]}
            targets.append({"connection_id": self.tour.connections[platform]["id"], "content": content, **options})
        self.bodies[name] = {"targets": targets}
        self.tour.control("DELETE", "requests")
        for platform, path in PART.items():
            self.tour.control("POST", "faults", {"platform": platform, "path": path, "method": "PUT", "hold": True})
        answer = self._send(name)
        assert answer.status_code == 202, answer.text
        self.posts[name] = answer.json()["id"]
        wait_for("the parts are on their way", lambda: self._arrived(PART, "PUT"), LIMIT_S, every=0.1)
        assert self.tour.control("POST", "environments/kill", {"function": "PublishFunction"})["killed"] > 0
        self.tour.clear_faults()

    def kill_while(self, name: str, paths: Mapping[str, str], method: str = "POST") -> None:
        """Publish on the platforms of ``paths`` and kill the function while each of them works on its ``paths`` request."""
        self.bodies[name] = {"targets": [self._target(name, platform, paths[platform]) for platform in paths]}
        self.tour.control("DELETE", "requests")
        for platform, path in paths.items():
            self.tour.control("POST", "faults", {"platform": platform, "path": path, "method": method, "hold": True})
        statuses: list[int] = []
        sending = threading.Thread(target=lambda: statuses.append(self._send(name).status_code))
        sending.start()
        wait_for("the platforms are at work", lambda: self._arrived(paths, method), LIMIT_S - 1, every=0.1)
        assert self.tour.control("POST", "environments/kill", {"function": "PublishFunction"})["killed"] > 0
        sending.join()
        assert statuses == [500]
        self.tour.clear_faults()
        self.posts[name] = self.tour.call("GET", "/v1/posts?limit=1")["items"][0]["id"]

    def _target(self, name: str, platform: str, path: str) -> Json:
        content: Json = {"text": self.text(name)}
        if platform in ("instagram", "tiktok") or path == PREPARE.get(platform):
            content["media"] = [{"url": PHOTO}]
        options = {"options": TIKTOK_OPTIONS} if platform == "tiktok" else {}
        return {"connection_id": self.tour.connections[platform]["id"], "content": content, **options}

    def text(self, name: str) -> str:
        """The text of one publication, which nothing else has."""
        return f"{self.tour.word}-{name.replace(' ', '-')}"

    def _send(self, name: str) -> httpx.Response:
        return self.tour.send("POST", "/v1/posts", self.bodies[name], {"idempotency-key": self.text(name)})

    def _arrived(self, paths: Mapping[str, str], method: str) -> bool:
        asked = [urlencode({"platform": platform, "path": path, "method": method}) for platform, path in paths.items()]
        return all(self.tour.control("GET", f"requests?{query}")["requests"] for query in asked)

    def statuses(self, name: str) -> dict[str, str]:
        """Status by platform."""
        post = self.tour.call("GET", f"/v1/posts/{self.posts[name]}")
        return {target["platform"]: target["status"] for target in post["targets"]}

    def held(self, name: str) -> dict[str, int]:
        """How many posts of a publication each of its platforms holds."""
        found = {}
        for platform in self.statuses(name):
            posts = self.tour.state(platform)["posts"]
            listed = posts.values() if isinstance(posts, dict) else posts
            found[platform] = sum(self.text(name) in str(post) for post in listed)
        return found

    def again(self, name: str) -> int:
        """Send the same request under the same key: the status of the answer."""
        return int(self._send(name).status_code)

    def sweep(self, *published: str) -> None:
        """Run the sweep and wait until no target of these publications is open."""
        self.tour.fire("SweepOpenPublications")
        self.settled(*published)

    def settled(self, *published: str) -> None:
        """Wait until no target of these publications is open."""
        wait_for("everything is settled", lambda: all(set(self.statuses(p).values()) <= SETTLED for p in published), 60)


@pytest.fixture(scope="module")
def crashes(runtime: Running) -> Iterator[Crashes]:
    """Every crash, one after the other; then the time that it takes until leases are free."""
    # LinkedIn's processing would outlast the short time limit.
    with Tour(runtime.description) as tour, tour.settings("linkedin", processing_s=0):
        described.watch(tour.http, runtime.description["api"])
        tour.sign_in()
        assert list(connect(tour))
        crashed = Crashes(tour)
        crashed.kill_while("before then key", PREPARE)
        crashed.kill_while("before then sweep", PREPARE)
        crashed.kill_while("between then sweep", BETWEEN, "GET")
        crashed.kill_upload("upload then key")
        crashed.kill_upload("upload then sweep")
        crashed.kill_while("commit then key", COMMIT)
        crashed.kill_while("commit then sweep", COMMIT)
        still_leased = crashed.again("commit then sweep")
        assert still_leased == 409, "nobody takes over while the dead one could be alive"
        time.sleep(LEASED_S)
        # Before anything is swept, or the sweep would have been there first.
        crashed.answers = {name: crashed.again(name) for name in ("before then key", "upload then key", "commit then key")}
        crashed.held_then = crashed.held("commit then key")
        yield crashed


def test_what_died_before_the_commit_is_published_once_by_the_same_request(crashes: Crashes) -> None:
    assert crashes.answers["before then key"] in (201, 202)
    crashes.sweep("before then key")
    assert crashes.statuses("before then key") == dict.fromkeys(PREPARE, "published")
    assert crashes.held("before then key") == dict.fromkeys(PREPARE, 1)


def test_what_died_before_the_commit_fails_cleanly_without_its_content_and_can_be_retried(crashes: Crashes) -> None:
    name = "before then sweep"
    crashes.sweep(name)
    assert crashes.statuses(name) == dict.fromkeys(PREPARE, "failed")
    assert crashes.held(name) == dict.fromkeys(PREPARE, 0)
    content = {"text": crashes.text(name), "media": [{"url": PHOTO}]}
    crashes.tour.call("POST", f"/v1/posts/{crashes.posts[name]}/retry", {"content": content, "options": TIKTOK_OPTIONS})
    crashes.sweep(name)
    assert crashes.held(name) == dict.fromkeys(PREPARE, 1)


def test_a_long_upload_that_died_is_published_once_by_the_same_request(crashes: Crashes) -> None:
    assert crashes.answers["upload then key"] == 202, "it is uploaded after the response again"
    crashes.settled("upload then key")
    assert crashes.statuses("upload then key") == dict.fromkeys(PART, "published")
    assert crashes.held("upload then key") == dict.fromkeys(PART, 1)


def test_a_long_upload_that_died_fails_cleanly_with_nothing_public_and_the_same_key_still_publishes(crashes: Crashes) -> None:
    name = "upload then sweep"
    crashes.sweep(name)
    assert crashes.statuses(name) == dict.fromkeys(PART, "failed")
    assert crashes.held(name) == dict.fromkeys(PART, 0)
    assert crashes.again(name) == 202
    crashes.settled(name)
    assert crashes.statuses(name) == dict.fromkeys(PART, "published")
    assert crashes.held(name) == dict.fromkeys(PART, 1)


def test_what_died_between_preparing_and_the_commit_is_finished_from_its_handle(crashes: Crashes) -> None:
    crashes.sweep("between then sweep")
    assert crashes.statuses("between then sweep") == {"instagram": "published"}
    assert crashes.held("between then sweep") == {"instagram": 1}


@pytest.mark.parametrize("name", ["commit then sweep", "commit then key"])
def test_a_commit_without_an_answer_is_read_back_and_never_sent_again(crashes: Crashes, name: str) -> None:
    crashes.sweep(name)
    # What a LinkedIn member posted cannot be read back, so it stays unknown and is left alone (platforms.md 3).
    expected = {**dict.fromkeys(PLATFORMS, "published"), "linkedin": "unknown"}
    assert crashes.statuses(name) == expected
    assert crashes.held(name) == dict.fromkeys(PLATFORMS, 1)
    again = crashes.again(name)
    assert again in (201, 202)
    assert crashes.held(name) == dict.fromkeys(PLATFORMS, 1)


def test_the_same_key_does_not_send_what_may_have_been_published(crashes: Crashes) -> None:
    assert crashes.answers["commit then key"] == 202, "it says that the outcome is still open"
    assert crashes.held_then == dict.fromkeys(PLATFORMS, 1)


def test_nothing_of_a_crash_is_left_in_a_queue(crashes: Crashes) -> None:
    queues = crashes.tour.control("GET", "queues")["queues"]
    assert queues["PublishDeadLetters"]["messages"] == []
