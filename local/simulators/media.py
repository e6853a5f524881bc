"""Sample media that clients can name by URL, and the fetcher with which simulated platforms pull a public URL.

Nothing here leaves the machine for the sample media or for reserved names such as ``cdn.example.com``.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, urljoin, urlsplit

import httpx
from PIL import Image, ImageOps, UnidentifiedImageError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from local.simulators.world import Pulled

if TYPE_CHECKING:
    from local.simulators.world import World

PREFIX: Final = "/_media"
SLOW_S: Final = 3.0
FETCH_TIMEOUT_S: Final = 10.0
MAX_REDIRECTS: Final = 5
LARGEST_SAMPLE: Final = 512 * 1024 * 1024
IMAGE_FORMATS: Final = {
    ".jpg": "JPEG", ".jpeg": "JPEG", ".png": "PNG", ".webp": "WEBP", ".gif": "GIF", ".bmp": "BMP", ".tiff": "TIFF",
}  # fmt: skip
VIDEO_BRANDS: Final = {".mp4": (b"isom", "video/mp4"), ".mov": (b"qt  ", "video/quicktime")}
IMAGE_SIZES: Final = {"wide": (1200, 628), "tall": (1080, 1350)}
STATUSES: Final = {"missing": 404, "forbidden": 403, "broken": 500}
"""File names whose stem makes the sample host answer with an error."""
PDF: Final = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
HTML: Final = b"<!doctype html><html><head><title>Sample page</title></head><body>A page, not a picture.</body></html>"


@dataclass(frozen=True, slots=True)
class Media:
    """A downloaded file. Sizes in bytes and pixels, duration in seconds; ``None`` where a kind has no such thing."""

    content_type: str
    size: int
    width: int | None
    height: int | None
    duration_s: float | None
    data: bytes


class FetchFailed(Exception):
    """A URL could not be pulled.

    ``reason`` is one of ``bad_url``, ``not_https``, ``redirect``, ``timed_out``, ``unreachable``, ``too_large``
    or ``http_{status}``.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class _Sample:
    """The answer of the sample host: either a status, a redirect, or a file of ``size`` bytes."""

    status: int = 200
    content_type: str = "text/html"
    content: bytes = b""
    size: int = 0
    delay_s: float = 0.0
    location: str | None = None

    @property
    def data(self) -> bytes:
        """The file, padded to its size. Made only when it is wanted."""
        return self.content + bytes(self.size - len(self.content))


def routes(world: World) -> list[Route]:
    """The sample host: ``{base}/_media/{name}``.

    Names: ``photo.jpg`` (1080x1080), ``wide.jpg``, ``tall.jpg``, ``picture.png``, ``image.webp``, ``clip.mp4`` (5 s, 1080x1920),
    ``paper.pdf``, ``page.html``; stems ``missing`` (404), ``forbidden`` (403), ``broken`` (500), ``slow`` (3 s),
    ``redirect`` (302 to ``photo`` or ``clip``). Query: ``size=WxH``, ``duration=seconds``, ``bytes=N`` (padded),
    ``delay=seconds``.
    """

    async def serve(request: Request) -> Response:
        sample = _sample(request.path_params["name"], request.url.query)
        await asyncio.sleep(sample.delay_s)
        if sample.location:
            return Response(status_code=302, headers={"location": sample.location})
        if request.method == "HEAD":
            return Response(None, sample.status, {"content-length": str(sample.size), "content-type": sample.content_type})
        return Response(sample.data, sample.status, media_type=sample.content_type)

    return [Route(f"{PREFIX}/{{name:path}}", serve, methods=["GET", "HEAD"])]


async def fetch(world: World, url: str, *, user_agent: str, allow_redirects: bool = False, max_bytes: int) -> Media:
    """Pull ``url`` as a platform does and measure what came.

    The sample host of this process and reserved names (RFC 2606) are answered in process. Plain http is accepted for loopback
    hosts only, so that a laptop can act as the public internet. Raises ``FetchFailed``.
    """
    for _ in range(MAX_REDIRECTS + 1):
        sample = await _pull(world, url, user_agent, max_bytes)
        if sample.location is None:
            break
        if not allow_redirects:
            raise FetchFailed("redirect")
        url = urljoin(url, sample.location)
    else:
        raise FetchFailed("redirect")
    if sample.status != 200:
        raise FetchFailed(f"http_{sample.status}")
    if sample.size > max_bytes:
        raise FetchFailed("too_large")
    return fetched(world, user_agent, url, sample.content_type, sample.data)


def fetched(world: World, user_agent: str, url: str, content_type: str, data: bytes) -> Media:
    """Record a file that a platform fetched, and measure it."""
    world.pulled.append(Pulled(user_agent, url, content_type, len(data), hashlib.sha256(data).hexdigest()))
    return measure(data, content_type)


def measure(data: bytes, content_type: str) -> Media:
    """Return the real type and size of ``data``. The declared ``content_type`` counts only where the bytes say nothing."""
    try:
        with Image.open(io.BytesIO(data)) as image:
            found = Image.MIME.get(image.format or "", content_type)
            return Media(found, len(data), image.width, image.height, None, data)
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError):
        pass
    if data[4:8] == b"ftyp":
        kind = "video/quicktime" if data[8:12] == b"qt  " else "video/mp4"
        width, height, duration = _measure_video(data)
        return Media(kind, len(data), width, height, duration, data)
    return Media(content_type.partition(";")[0].strip(), len(data), None, None, None, data)


def is_reserved(host: str) -> bool:
    """Tell whether ``host`` is a name that can never belong to anybody (RFC 2606)."""
    return any(host == name or host.endswith(f".{name}") for name in ("example.com", "example.org", "example.net", "example"))


def is_loopback(host: str) -> bool:
    """Tell whether ``host`` means this machine."""
    return host in ("localhost", "::1") or host.startswith("127.")


async def _pull(world: World, url: str, user_agent: str, max_bytes: int) -> _Sample:
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        raise FetchFailed("bad_url") from None
    if parts.scheme not in ("http", "https") or not host:
        raise FetchFailed("bad_url")
    if parts.scheme == "http" and not is_loopback(host):
        raise FetchFailed("not_https")
    own = f"{world.base}{PREFIX}/"
    if url.startswith(own) or is_reserved(host):
        path = url[len(own) :].partition("?")[0] if url.startswith(own) else parts.path
        sample = _sample(path, parts.query)
        if sample.delay_s >= FETCH_TIMEOUT_S:
            raise FetchFailed("timed_out")
        await asyncio.sleep(sample.delay_s)
        return sample
    return await _download(url, user_agent, max_bytes)


async def _download(url: str, user_agent: str, max_bytes: int) -> _Sample:
    chunks: list[bytes] = []
    received = 0
    timeout = httpx.Timeout(FETCH_TIMEOUT_S, connect=3.0)
    try:
        async with (
            httpx.AsyncClient(timeout=timeout, trust_env=False, follow_redirects=False) as client,
            client.stream("GET", url, headers={"user-agent": user_agent, "accept": "*/*"}) as answer,
        ):
            if answer.is_redirect:
                return _Sample(answer.status_code, location=answer.headers.get("location", ""))
            async for chunk in answer.aiter_bytes():
                received += len(chunk)
                if received > max_bytes:
                    raise FetchFailed("too_large")
                chunks.append(chunk)
    except httpx.TimeoutException:
        raise FetchFailed("timed_out") from None
    except (httpx.HTTPError, httpx.InvalidURL):
        raise FetchFailed("unreachable") from None
    declared = answer.headers.get("content-type", "application/octet-stream")
    return _Sample(answer.status_code, declared, b"".join(chunks), received)


def _sample(name: str, query: str) -> _Sample:
    path = PurePosixPath("/" + name.lstrip("/"))
    stem, suffix, asked = path.stem, path.suffix.lower(), dict(parse_qsl(query))
    delay = _number(asked.get("delay"), SLOW_S if stem.startswith("slow") else 0.0)
    if stem in STATUSES:
        return _Sample(STATUSES[stem], delay_s=delay)
    if stem == "redirect":
        target = "clip" if suffix in VIDEO_BRANDS else "photo"
        return _Sample(302, delay_s=delay, location=f"{target}{suffix}")
    kind, content = _content(stem, suffix, asked.get("size", ""), _number(asked.get("duration"), 5.0))
    size = min(max(len(content), int(_number(asked.get("bytes"), 0))), LARGEST_SAMPLE)
    return _Sample(200, kind, content, size, delay)


@lru_cache(maxsize=256)
def _content(stem: str, suffix: str, size: str, duration_s: float) -> tuple[str, bytes]:
    if suffix in IMAGE_FORMATS:
        return _image(stem, IMAGE_FORMATS[suffix], _size(size, IMAGE_SIZES.get(stem, (1080, 1080))))
    if suffix in VIDEO_BRANDS:
        brand, kind = VIDEO_BRANDS[suffix]
        return kind, _video(brand, duration_s, _size(size, (1080, 1920)))
    if suffix == ".pdf":
        return "application/pdf", PDF
    if suffix in ("", ".html", ".htm"):
        return "text/html", HTML
    return "application/octet-stream", f"{stem}{suffix}".encode()


def _image(stem: str, format_name: str, size: tuple[int, int]) -> tuple[str, bytes]:
    tint = "#" + hashlib.sha256(stem.encode()).hexdigest()[:6]
    picture = ImageOps.colorize(Image.radial_gradient("L"), tint, "white").resize(size)
    out = io.BytesIO()
    picture.save(out, format_name)
    return Image.MIME[format_name], out.getvalue()


def _video(brand: bytes, duration_s: float, size: tuple[int, int]) -> bytes:
    """A file with the boxes that players and platforms read first (ISO/IEC 14496-12); its frames are empty."""
    millis = round(duration_s * 1000)
    matrix = struct.pack(">9I", 0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000)
    mvhd = (
        struct.pack(">5I", 0, 0, 0, 1000, millis)
        + struct.pack(">IH10x", 0x10000, 0x100)
        + matrix
        + bytes(24)
        + struct.pack(">I", 2)
    )
    tkhd = struct.pack(">6I8x", 7, 0, 0, 1, 0, millis) + bytes(8) + matrix + struct.pack(">2I", size[0] << 16, size[1] << 16)
    moov = _box(b"moov", _box(b"mvhd", mvhd) + _box(b"trak", _box(b"tkhd", tkhd)))
    return _box(b"ftyp", brand + struct.pack(">I", 512) + brand) + moov + _box(b"mdat", bytes(range(256)) * 64)


def _box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", 8 + len(content)) + kind + content


def clip() -> bytes:
    """The video ``clip.mp4`` of the sample host."""
    return _content("clip", ".mp4", "", 5.0)[1]


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, at)
        header = 8
        if length == 1 and at + 16 <= len(data):
            length, header = struct.unpack_from(">Q", data, at + 8)[0], 16
        if length < header:
            return
        yield kind, data[at + header : at + length]
        at += length


def _measure_video(data: bytes) -> tuple[int | None, int | None, float | None]:
    width = height = None
    duration = None
    moov = next((content for kind, content in _boxes(data) if kind == b"moov"), b"")
    for kind, content in _boxes(moov):
        if kind == b"mvhd" and len(content) >= 32:
            layout, at = (">IQ", 20) if content[0] == 1 else (">II", 12)
            scale, units = struct.unpack_from(layout, content, at)
            duration = units / scale if scale else None
        if kind == b"trak":
            tkhd = next((inner for name, inner in _boxes(content) if name == b"tkhd"), b"")
            w, h = struct.unpack(">2I", tkhd[-8:]) if len(tkhd) >= 84 else (0, 0)
            if w and h:
                width, height = w >> 16, h >> 16
    return width, height, duration


def _size(text: str, default: tuple[int, int]) -> tuple[int, int]:
    width, _, height = text.partition("x")
    if not (width.isdigit() and height.isdigit()):
        return default
    return min(max(int(width), 1), 8000), min(max(int(height), 1), 8000)


def _number(text: str | None, default: float) -> float:
    try:
        return float(text) if text else default
    except ValueError:
        return default
