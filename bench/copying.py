"""A bare copy from a source to a platform, as little as HTTP needs: ``python -m bench.copying``, with the order on its input.

One stream comes from the source and is cut into the parts that the platform wants. Nothing is looked at, stored or tried again.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

import httpx

from bench.report import ROOT

TIMEOUT_S = 300.0


class CopyFailed(Exception):
    """The bare copy could not be made; the message says what was answered."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is copied, and the request that opens an upload, as the product had sent it."""

    source: str
    size: int
    url: str
    headers: Mapping[str, str]
    body: str


@dataclass(frozen=True, slots=True)
class Part:
    """One upload of a part of the file."""

    url: str
    length: int
    headers: Mapping[str, str]


def parts(order: Order, opened: Mapping[str, Any]) -> list[Part]:
    """The parts that a platform wants, from its answer to the request that opened the upload."""
    if "value" in opened:
        told = opened["value"]["uploadInstructions"]
        return [Part(one["uploadUrl"], one["lastByte"] - one["firstByte"] + 1, {}) for one in told]
    about, url = json.loads(order.body)["source_info"], opened["data"]["upload_url"]
    starts = [number * about["chunk_size"] for number in range(about["total_chunk_count"])]
    ends = [*starts[1:], order.size]
    return [
        Part(url, end - start, {"content-type": "video/mp4", "content-range": f"bytes {start}-{end - 1}/{order.size}"})
        for start, end in zip(starts, ends, strict=True)
    ]


class _Stream:
    """The bytes of the source, cut where parts end."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks, self._rest = chunks, b""

    def take(self, length: int) -> Iterator[bytes]:
        """The next bytes, as they come."""
        while length:
            chunk = self._rest or next(self._chunks)
            self._rest = chunk[length:]
            chunk = chunk[:length]
            length -= len(chunk)
            yield chunk


def copy(order: Order) -> None:
    """Open an upload, send the file, and close the upload where that is a call of its own."""
    with httpx.Client(trust_env=False, timeout=TIMEOUT_S) as client:
        opened = client.post(order.url, content=order.body.encode(), headers=dict(order.headers)).raise_for_status().json()
        etags = []
        with client.stream("GET", order.source) as answer:
            stream = _Stream(answer.raise_for_status().iter_raw())
            for part in parts(order, opened):
                headers = {**part.headers, "content-length": str(part.length)}
                sent = client.put(part.url, content=stream.take(part.length), headers=headers).raise_for_status()
                etags.append(sent.headers.get("etag"))
        if "value" in opened:
            video = {"video": opened["value"]["video"], "uploadToken": "", "uploadedPartIds": etags}
            url = order.url.replace("initializeUpload", "finalizeUpload")
            client.post(url, json={"finalizeUploadRequest": video}, headers=dict(order.headers)).raise_for_status()


def in_a_process(order: Order) -> None:
    """Make a copy in a process of its own, as the product has one. Raises CopyFailed."""
    command = [sys.executable, "-m", "bench.copying"]
    done = subprocess.run(command, cwd=ROOT, input=json.dumps(asdict(order)), text=True, capture_output=True, check=False)
    if done.returncode:
        raise CopyFailed(done.stderr[-500:])


if __name__ == "__main__":
    copy(Order(**json.load(sys.stdin)))
