"""An upload by chunks holds a few pieces of the file in memory, however large the file is."""

from __future__ import annotations

import gc
import json
import socket
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import httpx
import pytest

from local.simulators.world import World
from noillusion.core import clock, loop
from noillusion.core.sensitive import Content, Secret
from noillusion.flows.draft import Draft, MediaItem
from noillusion.flows.protocol import Account, Published
from noillusion.flows.runner import Runner, Session
from noillusion.net import client as http
from noillusion.platforms.tiktok.options import TikTokOptions
from noillusion.platforms.tiktok.platform import PLATFORM
from noillusion.settings import source as settings
from tests.simulators.test_tiktok import Platform
from tests.support.films import digest, film

MIB = 1024 * 1024
SIZE = 64 * MIB
MOST_BYTES = 16 * MIB
"""Less than the last chunk has, which is the longest. Two of them are usual, and garbage of a busy process comes on top."""


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


def publish(token: str) -> Published:
    item = MediaItem("video", url=Content("https://films.example/film.mp4"), content_type="video/mp4")
    draft = Draft("video", Content("Long"), media=(item,), options=TikTokOptions(privacy_level="SELF_ONLY", consent=True))
    runner = Runner(PLATFORM, Session(Secret(token)), deadline=clock.monotonic() + 120)
    return loop.run(runner.run(PLATFORM.publish(draft, Account("1", "creator", "ada"))))


def measured(token: str) -> tuple[Published, int]:
    """A publication, and the most memory that it took, in bytes."""
    http.client()
    gc.collect()
    tracemalloc.start()
    try:
        result = publish(token)
        return result, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        loop.run(http.close())


@pytest.mark.timeout(180)
def test_S12_an_upload_of_a_large_file_needs_no_memory_for_it(deployment: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with film(SIZE) as (source, asked), simulators() as base:
        hosts = {host: f"{base}/{host}" for host in PLATFORM.hosts}
        monkeypatch.setenv("ENDPOINTS", json.dumps({**hosts, "films.example": source}))
        settings.settings.forget()
        platform = Platform(base, cast(World, None))
        with platform.http:
            platform.act("settings", processing_s=0)
            token = platform.connect().token
            result, peak = measured(token)
            (post,) = platform.state()["posts"]
    assert result.state == "published" and peak < MOST_BYTES
    assert post["files"] == [{"sha256": digest(SIZE), "size": SIZE, "content_type": "video/mp4"}]
    # The first request asks for the size only, and each other one for a chunk.
    assert asked == [
        "",
        *(f"bytes={at * 10_000_000}-{at * 10_000_000 + 9_999_999}" for at in range(5)),
        f"bytes=50000000-{SIZE - 1}",
    ]
