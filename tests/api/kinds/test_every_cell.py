"""Platform × kind × source: every row of docs/reference/kinds.md is published over HTTP, and has a case in the tests beside this.

The rows are those of ``GET /v1/platforms``, so a kind or a source that is declared there and not tested here fails.
"""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import httpx
import pytest

from local.aws.services import AwsServer
from noillusion.catalog.platforms import NAMES, PLATFORMS
from noillusion.catalog.registrations import REGISTRATIONS
from noillusion.settings import source as settings
from tests.api.conftest import ACCOUNT, Platforms, link
from tests.api.harness import Client
from tests.api.kinds import test_facebook_kinds as facebook
from tests.api.kinds import test_instagram_kinds as instagram
from tests.api.kinds import test_linkedin_kinds as linkedin
from tests.api.kinds import test_tiktok_kinds as tiktok
from tests.api.test_publishing import TIKTOK, Publisher
from tests.support.bucket import bucket
from tests.support.media_server import media_server
from tools import kinds as page

Json = dict[str, Any]
FILES = {
    "image": ("photo-{}.jpg", "image/jpeg"),
    "video": ("clip.mp4?bytes=10000{}", "video/mp4"),
    "document": ("paper.pdf?bytes=100{}", "application/pdf"),
}
"""Sort → the sample, another one for each number, and its type."""
PARTS: dict[str, Json] = {
    "text": {},
    "link": {"link": {"url": "https://example.com/article", "title": "An article"}},
    "poll": {"poll": {"question": "Which one?", "options": ["This", "That"]}},
}
"""The contents of kinds without files."""
only_sqlite = pytest.mark.parametrize("deployment", ["sqlite"], indirect=True)


@dataclass(frozen=True)
class Cell:
    """One sort of file in one kind of post from one source; a kind without files has one cell."""

    platform: str
    kind: str
    sort: str = ""
    source: str = ""
    handed_over: bool = False
    registration: str = ""
    """Of another registration than the first one, where the kind differs."""

    @property
    def place(self) -> tuple[str, str, str, str]:
        """Platform, kind, sort and registration."""
        return self.platform, self.kind, self.sort, self.registration


def declared() -> list[Cell]:
    """The cells that ``GET /v1/platforms`` has."""
    items = Client().request("connect_callback", "GET", "/v1/platforms").json["items"]
    groups = [(item["platform"], "", item["kinds"]) for item in items]
    groups += [(item["platform"], each["registration"], each["kinds"]) for item in items for each in item["registrations"]]
    return [cell for name, registration, kinds in groups for kind in kinds for cell in cells_of(name, kind, registration)]


def cells_of(platform: str, kind: Json, registration: str) -> Iterator[Cell]:
    if kind["media"] is None:
        yield Cell(platform, kind["kind"], registration=registration)
    for file in kind["files"]:
        for source in file["sources"] if file["sort"] != "thumbnail" and kind["media"] else []:
            handed_over = file["handed_over"] and source == "data"
            yield Cell(platform, kind["kind"], file["sort"], source, handed_over, registration)


@pytest.fixture(scope="module")
def aws() -> Iterator[AwsServer]:
    server = AwsServer()
    yield server
    server.stop()


@pytest.fixture
def publisher(linked: Platforms, aws: AwsServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Publisher]:
    """A user of a deployment that hands files over, on platforms that are quick and have no caps."""
    monkeypatch.setenv("TIKTOK_VERIFIED_URLS", "https://www.example.com/")
    with bucket(aws, monkeypatch), media_server(os.environ) as (base, _):
        monkeypatch.setenv("PUBLIC_URL", base)
        settings.settings.forget()
        linked.world.verified = (f"{base}/v1/media/",)
        for name in ("facebook", "instagram", "tiktok"):
            linked.world.simulators[name].actions["settings"]({"processing_s": 0})
        found = Publisher(linked)
        # What is put back from another test has no link.
        link(linked, ACCOUNT)
        yield found


def ready(publisher: Publisher, cell: Cell, connected: dict[str, str]) -> None:
    """Connect the account by the registration of a cell, unless it is. ``connected``: by platform, the first one if none."""
    if connected.get(cell.platform, "") != cell.registration:
        asked = {"registration": cell.registration} if cell.registration else {}
        publisher.platforms.connect(publisher.client, cell.platform, **asked)
        connected[cell.platform] = cell.registration


def sample(publisher: Publisher, sort: str, number: int) -> bytes:
    return httpx.get(f"{publisher.platforms.base}/_media/{FILES[sort][0].format(number)}").content


def media(publisher: Publisher, cell: Cell, number: int) -> Json:
    """One file of a cell."""
    name, content_type = FILES[cell.sort]
    told: Json = {"kind": cell.sort} | ({"title": "A paper"} if cell.sort == "document" else {})
    if cell.source == "url":
        return {**told, "url": f"https://cdn.example.com/{name.format(number)}"}
    return {**told, "data": base64.b64encode(sample(publisher, cell.sort, number)).decode(), "content_type": content_type}


def body(publisher: Publisher, cell: Cell, number: int) -> Json:
    text = "" if cell.kind == "story" else f"Number {number}"
    content: Json = {"text": text, **PARTS.get(cell.kind, {})}
    if cell.sort:
        content["media"] = [media(publisher, cell, number)] * (2 if cell.kind == "images" else 1)
    target: Json = {"connection_id": publisher.connections[cell.platform], "kind": cell.kind, "content": content}
    return {"targets": [target | ({"options": TIKTOK} if cell.platform == "tiktok" else {})]}


@only_sqlite
@pytest.mark.parametrize("name", NAMES)
def test_every_declared_cell_can_be_published_and_its_file_arrives(publisher: Publisher, name: str) -> None:
    world, cells = publisher.platforms.world, [cell for cell in declared() if cell.platform == name]
    assert {cell.kind for cell in cells} == {each["kind"] for each in offered(name)}
    connected: dict[str, str] = {}
    for number, cell in enumerate(cells):
        ready(publisher, cell, connected)
        world.clock.offset += 61  # over limits of requests a minute
        world.pulled.clear()
        before = len(publisher.platforms.posts(name))
        answer = publisher.publish(f"k{number}", body(publisher, cell, number))
        assert publisher.statuses(answer) == {name: "published"}, (cell, answer.text)
        assert len(publisher.platforms.posts(name)) == before + 1, cell
        assert answer.json["targets"][0]["kind"] == cell.kind
        ours = [found for found in world.pulled if found.url.startswith(world.verified)]
        assert bool(ours) or not cell.handed_over, cell
        if cell.sort:
            assert sha256(sample(publisher, cell.sort, number)).hexdigest() in json.dumps(world.simulators[name].state()), cell


def offered(name: str) -> list[Json]:
    items = Client().request("connect_callback", "GET", "/v1/platforms").json["items"]
    return next(list(item["kinds"]) for item in items if item["platform"] == name)


@only_sqlite
def test_data_is_taken_exactly_where_it_is_declared(publisher: Publisher, monkeypatch: pytest.MonkeyPatch) -> None:
    """With hand-over, and in a deployment without its bucket."""
    connected: dict[str, str] = {}
    for handing_over in (True, False):
        if not handing_over:
            monkeypatch.setenv("HANDOVER_BUCKET", "")
            settings.settings.forget()
        found = declared()
        takes = {cell.place for cell in found if cell.source == "data"}
        assert any(cell.handed_over for cell in found) == handing_over
        for cell in (cell for cell in found if cell.source == "url"):
            ready(publisher, cell, connected)
            asked = body(publisher, Cell(cell.platform, cell.kind, cell.sort, "data"), 0)
            answer = publisher.client.request("publish", "POST", "/v1/posts/check", body=asked)
            codes = {problem["code"] for problem in answer.json["targets"][0]["problems"]}
            assert codes == (set() if cell.place in takes else {"url_required"}), (cell, answer.text)


def in_cases() -> set[tuple[str, str, str, str]]:
    """Platform, kind, sort and source of the cases in the tests of each platform.

    Those of Instagram run with both registrations, and with that of linked accounts take bytes.
    """
    found = {("facebook", kind, "", "") for kind in ("text", "link")}
    for case in facebook.CASES.values():
        found |= {
            ("facebook", case.kind, facebook.TYPES[file[-3:]][0], source) for file in case.files for source in ("url", "data")
        }
    for shown in instagram.CASES.values():
        found |= {("instagram", shown.kind, instagram.TYPES[file[-3:]][0], "url") for file in shown.files}
    found |= {("instagram", kind, instagram.TYPES[file][0], "data") for kind, file in instagram.SENT}
    for kind, source in linkedin.EVERY:
        asked = linkedin.CASES[kind].asked(linkedin.SOURCES[source])
        found |= {
            ("linkedin", kind, item.get("kind", "image"), {"bytes": "data"}.get(source, source))
            for item in asked.get("media", [])
        }
        found |= set() if "media" in asked else {("linkedin", kind, "", "")}
    for item, _ in tiktok.VIDEOS.values():
        found.add(("tiktok", "video", "video", "url" if "url" in item else "data"))
    return found | {("tiktok", kind, "image", "url") for kind in ("image", "images")}


@only_sqlite
def test_every_declared_cell_has_a_case_in_the_tests_of_its_platform(linked: Platforms) -> None:
    """Text and links on Facebook, and images on TikTok, are named here: their tests have no table of cases.

    This deployment hands nothing over. What is handed over, the test above publishes.
    """
    assert {(cell.platform, cell.kind, cell.sort, cell.source) for cell in declared()} - in_cases() == set()


@only_sqlite
def test_the_page_of_kinds_has_every_declared_cell(publisher: Publisher) -> None:
    shown = page.TARGET.read_text("utf-8")
    assert shown == page.markdown()
    lines = [[part.strip(" `") for part in line.split("|")[1:-1]] for line in shown.splitlines() if line.startswith("| ")][1:]
    titles = {found.title: (found.platform, found.name) for found in REGISTRATIONS} | {
        PLATFORMS[name].title: (name, "") for name in NAMES
    }
    ways = {"yes": ["data"], "handed over": ["data"], "no": [], "–": []}
    cells = set()
    for title, kind, sort, _, _, by_url, data, _ in lines:
        name, registration = titles[title]
        sources = [*(["url"] if by_url == "yes" else []), *ways[data]] or [""]
        cells |= {
            Cell(name, kind, sort.strip("–"), source, (data, source) == ("handed over", "data"), registration)
            for source in sources
        }
    assert cells == set(declared())
