"""What one request may have us ask of strangers: few requests, few at once, none twice, and not for long."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from noillusion.core import loop
from noillusion.net import client as http
from noillusion.net import guarded as outbound
from noillusion.publishing import preflight
from noillusion.publishing.drafts import MAX_PROBLEMS
from tests.api.harness import Client
from tests.support.databases import Store, fly
from tests.support.movies import image
from tests.support.rows import insert, rows

USER = "auth0|alice"
TARGETS, IMAGES = 20, 35
PHOTO = image("JPEG", (8, 8))


class Strangers:
    """Hosts that users name: what is asked of them, and how long they take."""

    def __init__(self) -> None:
        self.asked: list[httpx.Request] = []
        self.at_once = self.most_at_once = 0
        self.takes_s = 0.0
        self.redirects = False

    async def answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await asyncio.sleep(self.takes_s)
        finally:
            self.at_once -= 1
        if self.redirects:
            return httpx.Response(302, headers={"location": f"{request.url.path}x"})
        return httpx.Response(200, headers={"content-type": "image/jpeg"}, stream=httpx.ByteStream(PHOTO))

    @property
    def hosts(self) -> Counter[str]:
        return Counter(request.headers["host"] for request in self.asked)


@pytest.fixture
def strangers(deployment: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[Strangers]:
    """Every public host answers, and somebody has twenty accounts."""
    found = Strangers()
    made = httpx.AsyncClient(transport=httpx.MockTransport(found.answer))

    async def resolve(host: str, port: int) -> list[str]:
        return ["93.184.216.34"]

    monkeypatch.setattr(http, "client", lambda: made)
    monkeypatch.setattr(outbound, "_resolve", resolve)
    columns = {name: value for name, value in rows()["platform_connections"].items() if name not in ("id", "account_id")}
    for number in range(TARGETS):
        fly(insert("platform_connections", USER, **columns, id=str(uuid4()), account_id=f"account-{number}"))
    yield found
    loop.run(made.aclose())


def check(*media: list[str]) -> list[dict[str, Any]]:
    """The targets of a check, one for each list of URLs."""
    client = Client(USER)
    listed = client.request("connect_callback", "GET", "/v1/connections").json["items"]
    targets = [
        {"connection_id": connection["id"], "content": {"media": [{"url": url} for url in urls]}}
        for connection, urls in zip(listed, media, strict=False)
    ]
    answer = client.request("publish", "POST", "/v1/posts/check", body={"targets": targets})
    assert answer.status == 200, answer.text
    return list(answer.json["targets"])


def told(targets: list[dict[str, Any]]) -> Counter[tuple[str, str]]:
    """Codes and severities of what was found about media URLs."""
    return Counter((p["code"], p["severity"]) for t in targets for p in t["problems"] if p["field"].endswith(".url"))


def urls(target: int, host: str = "") -> list[str]:
    return [f"https://{host or f'h{target}.example'}/{target}/{image}.jpg" for image in range(IMAGES)]


def test_seven_hundred_files_on_twenty_hosts_are_a_bounded_number_of_requests(strangers: Strangers) -> None:
    targets = check(*(urls(target) for target in range(TARGETS)))
    assert len(strangers.asked) == preflight.REQUESTS
    assert max(strangers.hosts.values()) <= preflight.REQUESTS_PER_HOST
    assert strangers.most_at_once <= preflight.AT_ONCE
    assert told(targets) == {("not_looked_at", "warning"): TARGETS * IMAGES - preflight.REQUESTS}


def test_one_host_is_asked_for_a_carousel_and_no_more(strangers: Strangers) -> None:
    targets = check(*(urls(target, "victim.example") for target in range(TARGETS)))
    assert strangers.hosts == {"victim.example": preflight.REQUESTS_PER_HOST}
    assert told(targets)["not_looked_at", "warning"] == TARGETS * IMAGES - preflight.REQUESTS_PER_HOST


def test_redirects_count_as_requests(strangers: Strangers) -> None:
    strangers.redirects = True
    check(*(urls(target, "victim.example") for target in range(TARGETS)))
    assert len(strangers.asked) == preflight.REQUESTS_PER_HOST


def test_the_same_file_is_asked_for_once(strangers: Strangers) -> None:
    same = [f"https://h.example/photo.jpg{fragment}" for fragment in ("", "#a", "#b")]
    assert told(check(*([same] * TARGETS))) == {}
    assert len(strangers.asked) == 1


def test_looking_ends_in_time_whatever_hosts_do(strangers: Strangers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preflight, "LOOK_S", 0.2)
    monkeypatch.setattr(preflight, "ALL_LOOKS_S", 0.5)
    strangers.takes_s = 30
    began = time.monotonic()
    targets = check(*(urls(target) for target in range(TARGETS)))
    assert time.monotonic() - began < 10
    assert set(told(targets)) == {("unreachable", "warning"), ("not_looked_at", "warning")}
    assert strangers.at_once == 0 and len(strangers.asked) <= 4 * preflight.AT_ONCE


@pytest.mark.parametrize("port", [80, 22, 8443])
def test_another_port_is_refused_by_the_name_of_its_field(strangers: Strangers, port: int) -> None:
    (target,) = check(["https://h.example/a.jpg", f"https://h.example:{port}/b.jpg"])
    (problem,) = [p for p in target["problems"] if p["code"] == "port_not_allowed"]
    assert (problem["field"], problem["severity"]) == ("targets.0.content.media.1.url", "error") and "443" in problem["message"]
    assert target["ok"] is False and len(strangers.asked) == 1


def test_a_target_tells_fifty_problems_errors_first_and_how_many_more(strangers: Strangers) -> None:
    wrong = [{"url": f"https://h.example:8443/{i}.jpg", "alt_text": "x" * 4_000, "kind": "video"} for i in range(IMAGES)]
    connection = Client(USER).request("connect_callback", "GET", "/v1/connections").json["items"][0]["id"]
    body = {"targets": [{"connection_id": connection, "content": {"text": "x" * 5_000, "media": wrong}}]}
    (target,) = Client(USER).request("publish", "POST", "/v1/posts/check", body=body).json["targets"]
    assert len(target["problems"]) == min(MAX_PROBLEMS, len(target["problems"]) + target["more_problems"])
    severities = [problem["severity"] for problem in target["problems"]]
    assert target["more_problems"] == 0 or severities == sorted(severities)
