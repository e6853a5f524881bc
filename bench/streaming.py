"""S12: a video that streams through the function from its source to a platform, against a bare copy of the same bytes.

The function is a process as at Lambda. Source, platforms and the bare copy are others. It publishes on simulators only.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx

from bench.copying import Order, in_a_process
from bench.fan_out import Person, Unexpected
from bench.instance import options
from bench.process import Taken, resident, watched
from bench.report import MIB, Spread, Table, ratio, verdict
from bench.source import source
from local.options import Options
from local.simulators.world import Entry, World
from local.testing import Running, running
from tools.build.artifacts import Artifacts

ROUNDS = 3
SIZE_MIB = 1024
WARM_BYTES = 8 * MIB
THROUGHPUT_BAR = 0.9
MEMORY_BAR_MIB = 64
WRITTEN_BAR_MIB = 2
"""For the log and the pages of the database."""
HOST = "files.example.net"
FUNCTION = "PublishFunction"
SETTLED_S = 120.0
BETWEEN_UPLOADS_S = 61  # simulated: over TikTok's limit of requests a minute
PASSED_ON = ("authorization", "content-type", "linkedin-version", "x-restli-protocol-version")


@dataclass(frozen=True, slots=True)
class Subject:
    """One kind of post with a video, and the requests by which its bytes travel, if they go through the function at all."""

    platform: str
    kind: str
    largest: int
    """Bytes that the platform takes."""
    opens: str = ""
    uploads: str = ""

    @property
    def label(self) -> str:
        """The name in the table."""
        return f"{self.platform} {self.kind}"


SUBJECTS = (
    Subject("linkedin", "video", 500_000_000, "/rest/videos", "/dms-uploads/video/"),
    Subject("tiktok", "video", 4_000_000_000, "/post/publish/video/init/", "open-upload.tiktokapis.com"),
    Subject("facebook", "video", 10_000_000_000),
    Subject("facebook", "reel", 10_000_000_000),
)
SETTINGS: Mapping[str, Mapping[str, Any]] = {
    "linkedin": {"processing_s": 0},
    "tiktok": {"processing_s": 0, "posts_a_day": 10_000},
    "facebook": {"processing_s": 0},
}
HEADERS = {"prefer": "respond-async"}
"""So that uploads of any size run after the response, as long ones do anyway."""
OPTIONS = {"tiktok": {"tiktok": {"privacy_level": "PUBLIC_TO_EVERYONE", "consent": True}}}


@dataclass(slots=True)
class Found:
    """The figures of one subject: seconds per upload through the product and by the bare copy, and what the function took."""

    size: int
    product_s: list[float] = field(default_factory=list)
    bare_s: list[float] = field(default_factory=list)
    request_s: list[float] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)
    read: list[int] = field(default_factory=list)
    """Bytes of the video that left its server for the product."""


def _name(size: int) -> str:
    return f"clip.mp4?length={size}"


class Bench:
    """A running instance, its person, and what the simulators have seen."""

    def __init__(self, started: Running, person: Person, directory: Path, source_url: str) -> None:
        self.started, self.person, self.directory, self.source_url = started, person, directory, source_url

    @property
    def world(self) -> World:
        """The simulated platforms."""
        return self.started.runtime.world

    def sent(self) -> int:
        """The bytes that have left the source."""
        return int(httpx.get(f"{self.source_url}/sent", trust_env=False).text)

    def order(self, opened: Entry, size: int) -> Order:
        """The same upload once more, for the bare copy."""
        url = f"{self.world.url(opened.host, opened.path)}?{opened.query}"
        headers = {name: value for name, value in opened.headers.items() if name in PASSED_ON}
        return Order(f"{self.source_url}/{_name(size)}", size, url, headers, opened.body)

    def publish(self, subject: Subject, size: int) -> None:
        """Publish a video, and wait until it is settled. Raises Unexpected."""
        target: dict[str, Any] = {"connection_id": self.person.connections[subject.platform], "kind": subject.kind}
        target |= {"options": OPTIONS[subject.platform]} if subject.platform in OPTIONS else {}
        media = [{"kind": "video", "url": f"https://{HOST}/{_name(size)}"}]
        body = {"content": {"text": f"A video of the benchmark, {uuid4()}", "media": media}, "targets": [target]}
        post = self.person.call("POST", "/v1/posts", body, HEADERS | {"idempotency-key": str(uuid4())})
        deadline = time.monotonic() + SETTLED_S
        while post["status"] == "processing" and time.monotonic() < deadline:
            time.sleep(0.5)
            post = self.person.call("GET", f"/v1/posts/{post['id']}")
        if post["status"] != "published":
            raise Unexpected(f"{subject.label}: {post}")

    def seen(self, subject: Subject, size: int) -> tuple[Entry, float]:
        """The request that opened the last upload, and the seconds from it to the last byte at the platform."""
        journal = [entry for entry in self.world.journal if entry.platform == subject.platform]
        opened = [e for e in journal if subject.opens in e.path and e.method == "POST" and "finalize" not in e.query][-1]
        puts = [e for e in journal if e.method == "PUT" and subject.uploads in f"{e.host}{e.path}" and e.n > opened.n]
        if sum(int(entry.headers["content-length"]) for entry in puts) != size or any((e.status or 500) >= 300 for e in puts):
            raise Unexpected(f"{subject.label}: {len(puts)} uploads did not bring {size} bytes")
        return opened, puts[-1].at - opened.at

    def over_limits(self) -> None:
        """Let a minute pass on the platforms, and forget what they were asked."""
        self.person.control("clock", {"advance_s": BETWEEN_UPLOADS_S})
        self.world.journal.clear()

    def fresh_process(self) -> int:
        """A process of the function that has served nothing but a list of posts."""
        self.started.call(self.started.runtime.functions.kill(FUNCTION))
        self.person.call("GET", "/v1/posts")
        (pid,) = self.pids()
        return pid

    def pids(self) -> list[int]:
        """The processes of the function: the one that answers, and the one that uploads after the response."""
        return sorted(int(pid) for pid in self.started.runtime.functions.status()[FUNCTION]["environments"])


def run(artifacts: Artifacts, directory: Path, size_mib: int = SIZE_MIB) -> Table:
    """Take the benchmark with the built function."""
    return table(measure(options(artifacts, directory, warm=True), size_mib * MIB))


def measure(chosen: Options, size: int, rounds: int = ROUNDS) -> dict[str, Found]:
    """Publish each kind of post, and copy the same bytes in turns, ``rounds`` times after a small uncounted publication."""
    with source() as base, running(replace(chosen, endpoints={HOST: base})) as started, Person(started.description) as person:
        for platform, settings in SETTINGS.items():
            person.control(f"{platform}/settings", settings)
        bench = Bench(started, person, chosen.directory, base)
        return {subject.label: _measure(bench, subject, min(size, subject.largest), rounds) for subject in SUBJECTS}


def _measure(bench: Bench, subject: Subject, size: int, rounds: int) -> Found:
    # Before the first upload, so that what that one leaves behind is counted too.
    base, found = resident(bench.fresh_process()), Found(size)
    bench.publish(subject, min(size, WARM_BYTES))
    for _ in range(rounds):
        bench.over_limits()
        before, began = bench.sent(), time.perf_counter()
        pids = bench.pids()
        with watched(pids, base, bench.directory) as taken:
            bench.publish(subject, size)
        if bench.pids() != pids:
            raise Unexpected(f"{FUNCTION} had other processes than those that were watched")
        found.request_s.append(time.perf_counter() - began)
        found.read.append(bench.sent() - before)
        found.taken.append(taken)
        if subject.opens:
            opened, seconds = bench.seen(subject, size)
            found.product_s.append(seconds)
            bench.over_limits()
            in_a_process(bench.order(opened, size))
            found.bare_s.append(bench.seen(subject, size)[1])
    return found


def table(found: Mapping[str, Found]) -> Table:
    """Throughput beside the bare copy, and what each publication took of the function."""
    rows = [row for label, figures in found.items() for row in _rows(label, figures)]
    rounds = len(next(iter(found.values())).taken)
    return Table(
        name="S12",
        title="S12: a video by URL, streamed from its source to the platform, against a bare copy",
        heads=["what", "median (min to max)", "bare copy", "ratio", "bar", "kept"],
        rows=rows,
        notes=[
            f"{rounds} publications each, in turns with bare copies, after a small uncounted one. The function is warm.",
            "Throughput is in MiB/s, from the request that opens the upload to the last byte at the platform, for both.",
            "The bare copy is one stream of httpx from the same server, cut into the same parts for the same simulator.",
            "Memory is the peak of a process above what the function had before the small one. Written is what reached the disk, "
            "log and database included.",
            "Facebook fetches a video by URL itself: of the file, the function only reads what the checks need.",
        ],
        data={"subjects": {label: asdict(figures) for label, figures in found.items()}},
    )


def _rows(label: str, found: Found) -> list[list[str]]:
    memory = Spread.of([taken.memory / MIB for taken in found.taken])
    written = Spread.of([taken.written / MIB for taken in found.taken])
    files = max(taken.files for taken in found.taken)
    name = f"{label}, {found.size / MIB:,.0f} MiB"
    rows = []
    if found.bare_s:
        speed, bare = ([found.size / MIB / seconds for seconds in taken] for taken in (found.product_s, found.bare_s))
        against = ratio(speed, bare)
        kept = verdict(against.median, THROUGHPUT_BAR, at_least=True)
        rows.append(
            [f"{name}: MiB/s", Spread.of(speed).show(), Spread.of(bare).show(), against.show(2), f"{THROUGHPUT_BAR}", kept]
        )
    else:
        rows.append([f"{name}: MiB read", Spread.of([read / MIB for read in found.read]).show(1), "", "", "", ""])
    return [
        *rows,
        [f"{name}: more memory (MiB)", memory.show(1), "", "", f"{MEMORY_BAR_MIB}", verdict(memory.high, MEMORY_BAR_MIB)],
        [f"{name}: written (MiB)", written.show(1), "", "", f"{WRITTEN_BAR_MIB}", verdict(written.high, WRITTEN_BAR_MIB)],
        [f"{name}: largest temporary file (MiB)", f"{files / MIB:.1f}", "", "", "0", verdict(files, 0)],
        [f"{name}: whole request (s)", Spread.of(found.request_s).show(1), "", "", "", ""],
    ]
