"""Files of strangers are looked at by ranges: little is read, whatever the server makes of it."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from noillusion.core import loop
from noillusion.media.reading import facts_of
from noillusion.media.remote import Look, look_at
from noillusion.media.window import CHUNK, FIRST, MOST_BYTES
from noillusion.net import client as http
from noillusion.net import guarded
from noillusion.net.guarded import Allowance, Refused, open_url
from noillusion.settings import source as settings
from tests.support.movies import image, movie
from tests.support.sources import File, Files, Ranges, files

MOVIE = movie(moov_first=False, data=5_000_000)
SOCKETS = 4_000_000
"""Bytes that a server can send before anybody reads them: they lie in the buffers of both sockets."""
LARGE = 100_000_000
"""More than any system lets these buffers grow to."""


@pytest.fixture
def served(deployment: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Files]:
    """A server in the place of https://media.example, and a real client."""
    made = httpx.AsyncClient(trust_env=False, timeout=5, transport=http.Transport(http.tls()))
    monkeypatch.setattr(http, "client", lambda: made)
    with files() as found:
        monkeypatch.setenv("ENDPOINTS", json.dumps({"media.example": found.base}))
        settings.settings.forget()
        yield found
    loop.run(made.aclose())


def look(path: str, seconds: float = 10, allowance: Allowance | None = None) -> Look:
    return loop.run(look_at(f"https://media.example{path}", seconds=seconds, allowance=allowance))


def refusal(path: str) -> str:
    with pytest.raises(Refused) as refused:
        look(path)
    return refused.value.code


@pytest.mark.parametrize("ranges", ["yes", "longer"])
def test_the_index_at_the_end_of_a_video_is_read_by_a_second_range(served: Files, ranges: Ranges) -> None:
    served.files["/clip.mp4"] = File(MOVIE, "video/mp4", ranges)
    found = look("/clip.mp4")
    assert found.facts == facts_of(MOVIE)
    (_, first), (_, second) = served.asked
    at = MOVIE.rindex(b"moov") - 4
    assert (first, re.split("[=-]", second)[1]) == (f"bytes=0-{FIRST - 1}", str(at))
    assert found.requests == 2 and found.bytes <= FIRST + CHUNK + (SOCKETS if ranges == "longer" else 0)


def test_an_image_takes_one_request(served: Files) -> None:
    served.files["/photo.jpg"] = File(data := image())
    found = look("/photo.jpg")
    assert (found.facts, found.requests, found.bytes) == (facts_of(data), 1, len(data))
    assert served.asked == [("/photo.jpg", f"bytes=0-{FIRST - 1}")]


@pytest.mark.parametrize("chunked", [True, False])
def test_a_server_that_ignores_ranges_is_read_no_further_than_needed(served: Files, chunked: bool) -> None:
    data = image() + bytes(LARGE)
    served.files["/photo.jpg"] = File(data, ranges="ignored", chunked=chunked)
    found = look("/photo.jpg")
    assert (found.facts.width, found.facts.size) == (1080, None if chunked else len(data))
    assert len(served.asked) == 1 and found.bytes < FIRST + 256 * 1024
    assert served.sent < LARGE / 2


def test_a_server_that_ignores_ranges_keeps_what_lies_far_behind_to_itself(served: Files) -> None:
    served.files["/clip.mp4"] = File(MOVIE, "video/mp4", "ignored")
    found = look("/clip.mp4")
    assert (found.facts.moov_first, found.facts.video_codec, found.facts.size) == (False, None, len(MOVIE))
    assert len(served.asked) == 1 and found.bytes <= MOST_BYTES


def test_a_body_is_read_on_for_what_lies_near(served: Files) -> None:
    served.files["/clip.mp4"] = File(data := movie(moov_first=False, data=100_000), "video/mp4", "ignored")
    assert look("/clip.mp4").facts == facts_of(data) and len(served.asked) == 1


def test_a_short_body_of_unknown_length_has_the_size_that_came(served: Files) -> None:
    served.files["/photo.jpg"] = File(data := image(), ranges="ignored", chunked=True)
    assert look("/photo.jpg").facts.size == len(data)


@pytest.mark.parametrize("ranges", ["yes", "ignored", "refused"])
@pytest.mark.parametrize("chunked", [True, False])
def test_E1_an_empty_file_is_known_to_be_empty(served: Files, ranges: Ranges, chunked: bool) -> None:
    served.files["/empty.jpg"] = File(b"", ranges=ranges, chunked=chunked)
    found = look("/empty.jpg")
    assert (found.facts.size, found.facts.content_type) == (0, None)
    assert found.requests == (2 if ranges == "refused" else 1)


def test_a_server_that_refuses_ranges_is_asked_for_the_whole(served: Files) -> None:
    served.files["/photo.jpg"] = File(data := image(), ranges="refused")
    found = look("/photo.jpg")
    assert (found.facts, found.requests) == (facts_of(data), 2)
    assert [asked for _, asked in served.asked] == [f"bytes=0-{FIRST - 1}", ""]


def test_a_part_of_a_file_of_unknown_size_is_read(served: Files) -> None:
    served.files["/clip.mp4"] = File(MOVIE, "video/mp4", "unknown size")
    facts = look("/clip.mp4").facts
    assert (facts.size, facts.video_codec, facts.duration_s) == (None, "h264", 5.0)


def test_another_part_than_the_one_asked_for_is_not_read(served: Files) -> None:
    served.files["/photo.jpg"] = File(image(), ranges="shifted")
    assert refusal("/photo.jpg") == "wrong_part"


def test_a_file_that_changes_while_it_is_read_is_not_read_on(served: Files) -> None:
    served.files["/clip.mp4"] = File(MOVIE, "video/mp4", "changing")
    facts = look("/clip.mp4").facts
    assert (facts.content_type, facts.moov_first, facts.video_codec) == ("video/mp4", False, None)


def test_E4_a_file_that_comes_only_compressed_is_told_and_not_read(served: Files) -> None:
    served.files["/photo.jpg"] = File(image(), ranges="compressed")
    found = look("/photo.jpg")
    assert (found.compressed, found.facts.content_type, found.facts.size, found.bytes) == (True, None, None, 0)


def test_later_ranges_go_where_a_redirect_led(served: Files) -> None:
    served.files["/"] = File(b"", redirect="/hop")
    served.files["/hop"] = File(b"", redirect="/clip.mp4")
    served.files["/clip.mp4"] = File(MOVIE, "video/mp4")
    found = look("/")
    assert (found.facts, found.redirected, found.requests) == (facts_of(MOVIE), True, 4)
    assert [path for path, _ in served.asked] == ["/", "/hop", "/clip.mp4", "/clip.mp4"]


def test_every_range_is_taken_from_the_allowance(served: Files) -> None:
    served.files["/clip.mp4"] = File(MOVIE, "video/mp4")
    facts = look("/clip.mp4", allowance=Allowance(1, 1)).facts
    assert (facts.content_type, facts.video_codec) == ("video/mp4", None)
    with pytest.raises(Refused, match="not_looked_at"):
        look("/clip.mp4", allowance=Allowance(0, 0))


@pytest.mark.parametrize("ranges", ["yes", "ignored", "longer"])
@pytest.mark.parametrize("span", [(0, 10), (300_000, 400_000), (5_000_000, 500)])
def test_a_part_is_exactly_the_part_whatever_the_server_sends(served: Files, ranges: Ranges, span: tuple[int, int]) -> None:
    served.files["/clip.mp4"] = File(MOVIE, "video/mp4", ranges)

    async def part(first: int, count: int) -> tuple[int | None, bytes]:
        async with open_url("https://media.example/clip.mp4", limit=1 << 40, span=(first, count)) as source:
            return source.length, b"".join([chunk async for chunk in source.take(count)])

    assert loop.run(part(*span)) == (len(MOVIE), MOVIE[span[0] : sum(span)])
    code = "interrupted" if ranges == "ignored" else "http_416"
    with pytest.raises(Refused, match=code):
        loop.run(part(len(MOVIE) + (0 if ranges == "ignored" else 1), 10))


def test_a_missing_file_is_refused_by_its_status(served: Files) -> None:
    assert refusal("/missing.jpg") == "http_404"


def test_a_server_that_says_nothing_is_left_in_time(served: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    silent = socket.create_server(("127.0.0.1", 0))
    monkeypatch.setenv("ENDPOINTS", json.dumps({"media.example": f"http://127.0.0.1:{silent.getsockname()[1]}"}))
    settings.settings.forget()
    with pytest.raises(Refused, match="unreachable"):
        look("/", seconds=0.2)
    silent.close()


def test_what_is_known_when_the_time_is_over_is_kept(served: Files) -> None:
    served.files["/clip.mp4"] = File(MOVIE, "video/mp4")
    served.silent_after = 1
    facts = look("/clip.mp4", seconds=1).facts
    assert (facts.content_type, facts.size, facts.moov_first, facts.video_codec) == ("video/mp4", len(MOVIE), False, None)
    assert len(served.asked) == 2


@pytest.mark.parametrize(
    "content_range",
    ["", "bytes", "bytes 0-10", "bytes 0-10/-5", "bytes a-b/c", "items 0-10/100", "bytes 0-10/" + "9" * 5000, "bytes ²-10/100"],
)
def test_a_malformed_content_range_is_refused(deployment: Path, monkeypatch: pytest.MonkeyPatch, content_range: str) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        headers = [(b"content-range", content_range.encode("latin-1"))] if content_range else []
        return httpx.Response(206, headers=headers, stream=httpx.ByteStream(image()))

    made = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    monkeypatch.setattr(http, "client", lambda: made)

    async def resolve(host: str, port: int) -> list[str]:
        return ["93.184.216.34"]

    monkeypatch.setattr(guarded, "_resolve", resolve)
    assert refusal("/photo.jpg") == "wrong_part"
    loop.run(made.aclose())
