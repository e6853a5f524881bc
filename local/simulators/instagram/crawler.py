"""Downloads of media from their URLs, as Meta's crawler makes them for Instagram (platforms.md 2.3, "URL")."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

import httpx

from local.simulators import media
from local.simulators.media import FetchFailed, Media
from local.simulators.meta.figures import CRAWLER
from local.simulators.world import World

AGENT: Final = CRAWLER.partition("/")[0]
PART: Final = 4 * 1024 * 1024
"""Bytes of a file that are asked for at once, where its host gives parts."""
LARGEST_ROBOTS: Final = 512 * 1024


async def crawl(world: World, url: str, max_bytes: int) -> Media:
    """Ask robots.txt, then for the file's head, then for the file; no redirect is followed.

    What lies on the sample host or a reserved name is answered in process. Raises ``FetchFailed``; of its reasons, ``robots`` and
    ``bad_part`` are this crawler's own.
    """
    host = _host(url)
    if url.startswith(f"{world.base}{media.PREFIX}/") or media.is_reserved(host):
        return await media.fetch(world, url, user_agent=CRAWLER, allow_redirects=False, max_bytes=max_bytes)
    if urlsplit(url).scheme != "https" and not media.is_loopback(host):
        raise FetchFailed("not_https")
    timeout = httpx.Timeout(media.FETCH_TIMEOUT_S, connect=3.0)
    headers = {"user-agent": CRAWLER, "accept": "*/*"}
    try:
        async with httpx.AsyncClient(timeout=timeout, trust_env=False, follow_redirects=False, headers=headers) as client:
            await _ask_robots(client, url)
            data, content_type = await _download(client, url, max_bytes)
    except httpx.TimeoutException:
        raise FetchFailed("timed_out") from None
    except (httpx.HTTPError, httpx.InvalidURL):
        raise FetchFailed("unreachable") from None
    return media.fetched(world, CRAWLER, url, content_type, data)


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        raise FetchFailed("bad_url") from None


async def _ask_robots(client: httpx.AsyncClient, url: str) -> None:
    answer = await client.get(httpx.URL(url).copy_with(path="/robots.txt", query=None))
    if answer.status_code == 200 and len(answer.content) <= LARGEST_ROBOTS:
        rules = RobotFileParser()
        rules.parse(answer.text.splitlines())
        if not rules.can_fetch(AGENT, url):
            raise FetchFailed("robots")


async def _download(client: httpx.AsyncClient, url: str, max_bytes: int) -> tuple[bytes, str]:
    head = await client.head(url)
    # A host that knows no HEAD says so; anything else is said of the file.
    knows_head = head.status_code not in (405, 501)
    if knows_head:
        _good(head)
    size = int(head.headers.get("content-length", 0)) if knows_head else 0
    if size > max_bytes:
        raise FetchFailed("too_large")
    in_parts = knows_head and size > 0 and head.headers.get("accept-ranges") == "bytes"
    data, answer = await (_parts(client, url, size) if in_parts else _whole(client, url, max_bytes))
    return data, answer.headers.get("content-type", "application/octet-stream")


async def _whole(client: httpx.AsyncClient, url: str, max_bytes: int) -> tuple[bytes, httpx.Response]:
    data = bytearray()
    async with client.stream("GET", url) as answer:
        _good(answer)
        async for chunk in answer.aiter_bytes():
            data += chunk
            if len(data) > max_bytes:
                raise FetchFailed("too_large")
    return bytes(data), answer


async def _parts(client: httpx.AsyncClient, url: str, size: int) -> tuple[bytes, httpx.Response]:
    """The file part by part; each must be the one that was asked for."""
    data = bytearray()
    while True:
        last = min(len(data) + PART, size) - 1
        answer = await client.get(url, headers={"range": f"bytes={len(data)}-{last}"})
        if answer.status_code == 200 and not data and len(answer.content) == size:
            return answer.content, answer
        told = re.fullmatch(r"bytes (\d+)-(\d+)/(\d+)", answer.headers.get("content-range", ""))
        if answer.status_code != 206 or not told or tuple(map(int, told.groups())) != (len(data), last, size):
            _good(answer, 206)
            raise FetchFailed("bad_part")
        if len(answer.content) != last - len(data) + 1:
            raise FetchFailed("bad_part")
        data += answer.content
        if len(data) == size:
            return bytes(data), answer


def _good(answer: httpx.Response, expected: int = 200) -> None:
    if answer.is_redirect:
        raise FetchFailed("redirect")
    if answer.status_code != expected:
        raise FetchFailed(f"http_{answer.status_code}")
