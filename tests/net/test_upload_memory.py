"""An upload by chunks holds a few pieces of the file in memory, however large the file is."""

from __future__ import annotations

import gc
import json
import socket
import subprocess
import sys
import time
import tracemalloc
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import httpx
import pytest

from local.simulators.world import World
from noillusion.core import clock, loop
from noillusion.core.sensitive import Content, Secret
from noillusion.flows.draft import Draft, MediaItem
from noillusion.flows.protocol import Account, Flow, Published
from noillusion.flows.runner import Runner, Session
from noillusion.flows.service import Service
from noillusion.net import client as http
from noillusion.platforms.linkedin import facts
from noillusion.platforms.linkedin import platform as linkedin
from noillusion.platforms.linkedin.options import LinkedInOptions
from noillusion.platforms.tiktok import platform as tiktok
from noillusion.platforms.tiktok.options import TikTokOptions
from noillusion.settings import source as settings
from tests.simulators import test_linkedin, test_tiktok
from tests.support.films import digest, film

MIB = 1024 * 1024
SIZE = 64 * MIB
MOST_BYTES = 16 * MIB
"""Less than the last chunk has, which is the longest. 2 to 6 MiB are usual, and garbage of a busy process comes on top."""
TIMES = 3
"""Uploads that are measured at most: garbage differs from one to the next, and what an upload needs does not."""


@contextmanager
def simulators() -> Iterator[str]:
    """The simulators in a process of their own, so that their memory is not ours."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-m", "local.simulators.serve", str(port)])
    base = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + 30
        while True:
            try:
                httpx.get(f"{base}/_control/", trust_env=False).raise_for_status()
                break
            except httpx.HTTPError:
                assert process.poll() is None and time.monotonic() < until, "the simulators did not start"
                time.sleep(0.05)
        yield base
    finally:
        process.terminate()
        process.wait(10)


def publish(platform: Service, flow: Flow[Published], token: str) -> Published:
    runner = Runner(platform, Session(Secret(token)), deadline=clock.monotonic() + 120)
    return loop.run(runner.run(flow))


def measured(platform: Service, flow: Flow[Published], token: str) -> tuple[Published, int]:
    """A publication, and the most memory that it took, in bytes."""
    http.client()
    with warnings.catch_warnings():
        # What other tests of this process left open is not this one's.
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()
    tracemalloc.start()
    try:
        result = publish(platform, flow, token)
        return result, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        loop.run(http.close())


def least(upload: Callable[[pytest.MonkeyPatch], int], monkeypatch: pytest.MonkeyPatch) -> int:
    """The least memory that an upload took. One is enough if it took little."""
    peaks: list[int] = []
    while len(peaks) < TIMES and not any(peak < MOST_BYTES for peak in peaks):
        peaks.append(upload(monkeypatch))
    return min(peaks)


@contextmanager
def served(hosts: Iterable[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, list[str]]]:
    """The base URL of the simulators in the place of their hosts, and the ranges that are asked for of the film."""
    with film(SIZE) as (source, asked), simulators() as base:
        monkeypatch.setenv("ENDPOINTS", json.dumps({**{host: f"{base}/{host}" for host in hosts}, "films.example": source}))
        settings.settings.forget()
        yield base, asked


ITEM = MediaItem("video", url=Content("https://films.example/film.mp4"), content_type="video/mp4")
FILE = {"sha256": digest(SIZE), "size": SIZE}


def to_tiktok(monkeypatch: pytest.MonkeyPatch) -> int:
    with served(tiktok.PLATFORM.hosts, monkeypatch) as (base, asked):
        platform = test_tiktok.Platform(base, cast(World, None))
        with platform.http:
            platform.act("settings", processing_s=0)
            options = TikTokOptions(privacy_level="SELF_ONLY", consent=True)
            flow = tiktok.PLATFORM.publish(
                Draft("video", Content("Long"), media=(ITEM,), options=options), Account("1", "creator", "ada")
            )
            result, peak = measured(tiktok.PLATFORM, flow, platform.connect().token)
            (post,) = platform.state()["posts"]
    assert result.state == "published"
    assert post["files"] == [{**FILE, "content_type": "video/mp4"}]
    # The first request asks for the size only. The other one is read on from chunk to chunk.
    assert asked == ["", f"bytes=0-{SIZE - 1}"]
    return peak


def to_linkedin(monkeypatch: pytest.MonkeyPatch) -> int:
    with served(linkedin.PLATFORM.hosts, monkeypatch) as (base, asked):
        platform = test_linkedin.Platform(base, cast(World, None))
        with platform.http:
            platform.act("settings", processing_s=0)
            account = Account(test_linkedin.ME.rpartition(":")[2], "member", scopes=("openid", "w_member_social"))
            flow = linkedin.PLATFORM.publish(Draft("video", Content("Long"), media=(ITEM,), options=LinkedInOptions()), account)
            result, peak = measured(linkedin.PLATFORM, flow, platform.connect(test_linkedin.SHARE).token)
            (asset,) = platform.state()["assets"]
    assert result.state == "published"
    assert asset["files"] == {"file": {**FILE, "content_type": "video/mp4"}}
    # The first request asks for the size only. Each other one is read on from part to part.
    stretch = SIZE // facts.UPLOADS_AT_ONCE
    assert asked[0] == "" and sorted(asked[1:]) == sorted(f"bytes={at}-{at + stretch - 1}" for at in range(0, SIZE, stretch))
    return peak


@pytest.mark.timeout(180)
@pytest.mark.parametrize("upload", [to_tiktok, to_linkedin])
def test_S12_an_upload_needs_no_memory_for_the_file(
    upload: Callable[[pytest.MonkeyPatch], int], deployment: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert least(upload, monkeypatch) < MOST_BYTES
