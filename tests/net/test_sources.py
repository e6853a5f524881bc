"""Files that are read from their URLs while they are sent: each byte once, and nothing is left open."""

from __future__ import annotations

import asyncio
import json
import threading
import time
import tracemalloc
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TypeVar

import pytest

from noillusion.core import clock, loop
from noillusion.core.sensitive import Content
from noillusion.flows import sources as opened
from noillusion.flows import transport
from noillusion.flows.draft import MediaItem
from noillusion.flows.effects import Effect
from noillusion.flows.faults import ErrorClass, Fault, PlatformError
from noillusion.flows.protocol import Call, Flow, Reply
from noillusion.flows.runner import Runner, Session
from noillusion.flows.sources import RESUMES, Sources
from noillusion.net import client as http
from noillusion.platforms.tiktok.platform import PLATFORM
from noillusion.settings import source as settings
from tests.support.sources import SHORTER, File, Files, Ranges, files

T = TypeVar("T")
DATA = bytes(range(256)) * 12_000
SIZE = len(DATA)
PART = 1_024_000
LARGE = 40_000_000
"""Bytes of a file that the buffers of sockets do not hold."""
MOST_BYTES = 6_000_000
"""What lies ahead on both connections, their pieces in work, and a MB that the server of the test reads at once."""


@dataclass
class Sink:
    """A platform that takes uploads: what came, and how it behaves."""

    base: str = ""
    got: list[bytes] = field(default_factory=list)
    pause_s: float = 0.0
    """Seconds before it reads on, each MB."""
    keeps: bool = True
    """Whether what came is kept."""
    refuses_after: int | None = None
    """Bytes after which it refuses an upload, and reads no further."""
    ended: int = 0
    """Uploads that were broken off."""


class _Upload(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    sink: Sink

    def do_PUT(self) -> None:
        length, came = int(self.headers["content-length"]), bytearray()
        left = length
        while left:
            if self.sink.refuses_after is not None and length - left >= self.sink.refuses_after:
                self.send_error(403)
                self.close_connection = True
                return
            time.sleep(self.sink.pause_s)
            piece = self.rfile.read(min(left, 1_000_000))
            if not piece:
                self.sink.ended += 1
                self.close_connection = True
                return
            came += piece if self.sink.keeps else b""
            left -= len(piece)
        self.sink.got.append(bytes(came))
        self.send_response(206)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@pytest.fixture
def sink() -> Iterator[Sink]:
    sink = Sink()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Upload", (_Upload,), {"sink": sink}))
    sink.base = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield sink
    server.shutdown()
    server.server_close()
    thread.join(5)


@pytest.fixture
def served(deployment: Path, monkeypatch: pytest.MonkeyPatch, sink: Sink) -> Iterator[Files]:
    """A source in the place of https://media.example, and the sink in that of TikTok."""
    monkeypatch.setattr(opened, "PAUSE_S", 0.05)
    with files() as found:
        monkeypatch.setenv("ENDPOINTS", json.dumps({"media.example": found.base, "open-upload.tiktokapis.com": sink.base}))
        settings.settings.forget()
        found.files["/clip.mp4"] = File(DATA, "video/mp4")
        yield found
        loop.run(http.close())


def call(span: tuple[int, int], following: int = 0) -> Call:
    item = MediaItem("video", url=Content("https://media.example/clip.mp4"), content_type="video/mp4")
    url = "https://open-upload.tiktokapis.com/video/"
    return Call("PUT", url, Effect.PREPARE, body=item, span=span, following=following, auth="none", timeout=60)


def send(*calls: Call, seconds: float = 30) -> list[Reply]:
    """Make calls of one run, one after the other."""

    async def sent(sources: Sources) -> list[Reply]:
        return [await transport.send(PLATFORM, None, one, sources=sources, seconds=seconds) for one in calls]

    return run(sent)


def run(work: Callable[[Sources], Awaitable[T]]) -> T:
    async def ran() -> T:
        sources = Sources()
        try:
            return await work(sources)
        finally:
            await sources.close()

    return loop.run(ran())


def parts(size: int = SIZE, length: int = PART) -> list[Call]:
    return [call((at, min(length, size - at)), max(0, size - at - length)) for at in range(0, size, length)]


def spans(served: Files) -> list[str]:
    return [asked.removeprefix("bytes=") for _, asked in served.asked]


def refused(*calls: Call, seconds: float = 30) -> Fault:
    with pytest.raises(PlatformError) as error:
        send(*calls, seconds=seconds)
    return error.value.fault


def until(done: Callable[[], bool]) -> None:
    ends = time.monotonic() + 10
    while not done():
        assert time.monotonic() < ends
        time.sleep(0.01)


def test_S12_parts_in_order_are_read_from_one_response(served: Files, sink: Sink) -> None:
    assert [reply.status for reply in send(*parts())] == [206] * 3
    assert b"".join(sink.got) == DATA and list(map(len, sink.got)) == [PART, PART, PART]
    assert (spans(served), served.sent) == ([f"0-{SIZE - 1}"], SIZE)


def test_S12_a_source_that_ignores_ranges_is_read_once(served: Files, sink: Sink) -> None:
    served.files["/clip.mp4"].ranges = "ignored"
    send(*parts())
    assert b"".join(sink.got) == DATA and (len(served.asked), served.sent) == (1, SIZE)


def test_S12_stretches_of_a_file_are_read_side_by_side(served: Files, sink: Sink) -> None:
    half = SIZE // 2

    async def sent(sources: Sources) -> None:
        for at in (0, half // 2):
            rest = half - half // 2 if at == 0 else 0
            length = half - rest if at == 0 else half - half // 2
            calls = [call((start + at, length), rest) for start in (0, half)]
            await asyncio.gather(*(transport.send(PLATFORM, None, one, sources=sources, seconds=30) for one in calls))

    run(sent)
    assert sorted(spans(served)) == sorted([f"0-{half - 1}", f"{half}-{SIZE - 1}"])
    assert sorted(sink.got) == sorted(DATA[at : at + half // 2] for at in range(0, SIZE, half // 2)) and served.sent == SIZE


def test_S12_a_part_that_is_sent_again_is_read_again(served: Files, sink: Sink) -> None:
    first, second, third = parts()
    send(first, second, second, third)
    assert sink.got == [DATA[:PART], DATA[PART : 2 * PART], DATA[PART : 2 * PART], DATA[2 * PART :]]
    assert spans(served) == [f"0-{SIZE - 1}", f"{PART}-{SIZE - 1}"]


def test_E5_a_source_that_breaks_off_is_read_on_from_its_last_byte(served: Files, sink: Sink) -> None:
    served.breaks = [1_500_000, 0, 300_000]
    send(*parts())
    assert b"".join(sink.got) == DATA and served.sent == SIZE
    assert spans(served) == [f"{at}-{SIZE - 1}" for at in (0, 1_500_000, 1_500_000, 1_800_000)]


@pytest.mark.parametrize("ranges", ["shorter", "ignored"])
def test_E5_a_source_that_sends_less_than_it_was_asked_for_is_asked_again(served: Files, sink: Sink, ranges: Ranges) -> None:
    served.files["/clip.mp4"].ranges = ranges
    served.breaks = [SHORTER] if ranges == "ignored" else []
    send(*parts())
    assert b"".join(sink.got) == DATA
    starts = [0, SHORTER] if ranges == "ignored" else range(0, SIZE, SHORTER)
    assert spans(served) == [f"{at}-{SIZE - 1}" for at in starts]


def test_E5_a_source_that_has_died_is_given_up_and_the_upload_broken_off(served: Files, sink: Sink) -> None:
    served.breaks = [1_500_000, *[0] * (RESUMES + 1)]
    assert refused(*parts()) == Fault(ErrorClass.MEDIA_FETCH, "interrupted")
    assert len(served.asked) == 1 + RESUMES and sink.got == [DATA[:PART]]
    until(lambda: sink.ended == 1)


@pytest.mark.parametrize("changed", ["length", "etag"])
def test_E5_another_version_of_a_file_is_not_sent_on(served: Files, sink: Sink, changed: str) -> None:
    file = served.files["/clip.mp4"]
    if changed == "length":
        file.ranges, served.breaks = "changing", [1_500_000]
        assert refused(*parts()) == Fault(ErrorClass.MEDIA_FETCH, "changed")
    else:
        second = parts()[1]

        async def sent(sources: Sources) -> None:
            file.etag = '"one"'
            await transport.send(PLATFORM, None, call((0, PART)), sources=sources, seconds=30)
            file.etag = '"two"'
            await transport.send(PLATFORM, None, second, sources=sources, seconds=30)

        with pytest.raises(PlatformError) as error:
            run(sent)
        assert error.value.fault == Fault(ErrorClass.MEDIA_FETCH, "changed")
    assert sink.got == [DATA[:PART]]


def test_E5_a_file_whose_weak_tag_changes_is_sent(served: Files, sink: Sink) -> None:
    served.files["/clip.mp4"].etag, served.breaks = 'W/"one"', [1_500_000]
    send(*parts())
    assert b"".join(sink.got) == DATA and len(served.asked) == 2


@pytest.mark.parametrize("pause_s", [0.0, 0.01], ids=["fast", "slow"])
def test_S12_a_slow_platform_lets_the_source_wait(served: Files, sink: Sink, pause_s: float) -> None:
    served.files["/clip.mp4"].data = bytes(LARGE)
    sink.pause_s, sink.keeps = pause_s, False
    http.client()
    peaks = list[int]()
    # Other threads of the process are counted as well, so the smallest figure is nearest to the truth.
    while len(peaks) < 6 and min(peaks, default=LARGE) >= MOST_BYTES:
        served.sent = 0
        tracemalloc.start()
        try:
            before = tracemalloc.get_traced_memory()[0]
            (reply,) = send(call((0, LARGE)))
            peaks.append(tracemalloc.get_traced_memory()[1] - before)
        finally:
            tracemalloc.stop()
        assert (reply.status, served.sent) == (206, LARGE)
    assert min(peaks) < MOST_BYTES


def test_S12_a_platform_that_refuses_early_ends_the_reading(served: Files, sink: Sink) -> None:
    served.files["/clip.mp4"].data = bytes(LARGE)
    sink.refuses_after = 2_000_000

    async def sent(sources: Sources) -> int:
        try:
            reply = await transport.send(PLATFORM, None, call((0, LARGE)), sources=sources, seconds=30)
        except PlatformError as error:
            # The refusal is lost where the connection is reset before it is read.
            return {"network": 403}[error.fault.code]
        finally:
            assert not sources._open
        return reply.status

    assert run(sent) == 403
    until(lambda: served.dropped == 1)
    assert served.sent < LARGE


def test_S12_an_upload_that_takes_too_long_is_closed_at_both_ends(served: Files, sink: Sink) -> None:
    served.files["/clip.mp4"].data = bytes(LARGE)
    sink.pause_s = 0.4
    assert refused(call((0, LARGE)), seconds=1) == Fault(ErrorClass.TRANSIENT, "timeout")
    until(lambda: (served.dropped, sink.ended) == (1, 1))


def test_S12_a_cancelled_run_closes_both_ends(served: Files, sink: Sink) -> None:
    # More than the buffers of both connections take.
    half = 3 * LARGE
    served.files["/clip.mp4"].data = bytes(2 * half)
    sink.pause_s = 0.2

    def flow() -> Flow[None]:
        yield [call((0, half)), call((half, half))]

    async def cancelled() -> None:
        task = asyncio.ensure_future(Runner(PLATFORM, Session(), deadline=clock.monotonic() + 60).run(flow()))
        while len(served.asked) < 2:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.3)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    loop.run(cancelled())
    until(lambda: (served.dropped, sink.ended) == (2, 2))


def test_S12_a_run_that_ends_closes_what_it_would_have_read_on(served: Files, sink: Sink) -> None:
    served.files["/clip.mp4"].data = bytes(LARGE)

    def flow() -> Flow[int]:
        reply = yield call((0, PART), LARGE - PART)
        status: int = reply.status
        return status

    assert loop.run(Runner(PLATFORM, Session(), deadline=clock.monotonic() + 60).run(flow())) == 206
    until(lambda: served.dropped == 1)
    assert served.sent < LARGE
