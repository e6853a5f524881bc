"""A real server of files on a loopback port, which does with ranges what servers do."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal

Ranges = Literal["yes", "ignored", "refused", "unknown size", "shifted", "longer", "compressed", "changing", "shorter"]
SHORTER = 1_000_000
"""The most bytes of a part that a server sends which sends shorter ones than were asked for."""


@dataclass
class File:
    """A file, the type that the server claims, and the way it answers ranges."""

    data: bytes
    content_type: str | None = "image/jpeg"
    ranges: Ranges = "yes"
    redirect: str = ""
    chunked: bool = False
    etag: str = ""
    status: int = 200


@dataclass
class Files:
    """What is served by path, and what was asked for: the range of each request, and the bytes that were sent."""

    base: str
    files: dict[str, File] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    hosts: list[str] = field(default_factory=list)
    sent: int = 0
    dropped: int = 0
    """Responses whose connection the client closed before their end."""
    breaks: list[int] = field(default_factory=list)
    """For each following response with a file, the bytes of it after which the server closes the connection."""
    silent_after: int = 1 << 30
    """Requests after which the server says nothing any more."""
    ended: threading.Event = field(default_factory=threading.Event)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    served: Files

    def do_GET(self) -> None:
        path, asked = self.path.partition("?")[0], self.headers.get("range", "")
        self.served.asked.append((path, asked))
        self.served.hosts.append(self.headers.get("host", ""))
        if len(self.served.asked) > self.served.silent_after:
            self.served.ended.wait()
            self.close_connection = True
            return
        file = self.served.files.get(path)
        if file is None:
            self._answer(404, {}, b"no such file")
        elif file.status != 200:
            self._answer(file.status, {}, b"no")
        elif file.redirect:
            self._answer(302, {"location": file.redirect}, b"")
        else:
            self._file(file, asked)

    def do_PUT(self) -> None:
        data = self.rfile.read(int(self.headers["content-length"]))
        self.served.files[self.path.partition("?")[0]] = File(data, self.headers["content-type"])
        self._answer(200, {}, b"")

    def _file(self, file: File, asked: str) -> None:
        headers = {"content-type": file.content_type} if file.content_type else {}
        headers |= {"etag": file.etag} if file.etag else {}
        match = re.fullmatch(r"bytes=(\d+)-(\d+)", asked)
        total = len(file.data) + (len(self.served.asked) if file.ranges == "changing" else 0)
        if file.ranges == "compressed":
            self._answer(200, {**headers, "content-encoding": "gzip"}, file.data)
        elif match is None or file.ranges == "ignored":
            self._answer(200, headers, file.data, chunked=file.chunked)
        elif int(match[1]) >= len(file.data) or file.ranges == "refused":
            self._answer(416, {"content-range": f"bytes */{total}"} if file.ranges == "yes" else {}, b"")
        else:
            first, last = int(match[1]), min(int(match[2]), len(file.data) - 1)
            if file.ranges == "shifted":
                first = 1
            if file.ranges == "shorter":
                last = min(last, first + SHORTER - 1)
            if file.ranges == "longer":
                last = len(file.data) - 1
            size = "*" if file.ranges == "unknown size" else str(total)
            self._answer(206, {**headers, "content-range": f"bytes {first}-{last}/{size}"}, file.data[first : last + 1])

    def _answer(self, status: int, headers: dict[str, str], body: bytes, *, chunked: bool = False) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header(*(("transfer-encoding", "chunked") if chunked else ("content-length", str(len(body)))))
        self.end_headers()
        if status in (200, 206) and self.served.breaks:
            body, self.close_connection = body[: self.served.breaks.pop(0)], True
        try:
            for at in range(0, len(body), 16_384):
                part = body[at : at + 16_384]
                self.wfile.write(f"{len(part):x}\r\n".encode() + part + b"\r\n" if chunked else part)
                self.served.sent += len(part)
            if chunked:
                self.wfile.write(b"0\r\n\r\n")
        except OSError:
            self.served.dropped += 1
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: tests read what was asked."""


@contextmanager
def files() -> Iterator[Files]:
    """A server for the time of a block."""
    handler = type("Handler", (_Handler,), {})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    handler.served = served = Files(f"http://127.0.0.1:{server.server_port}")  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield served
    finally:
        served.ended.set()
        server.shutdown()
        server.server_close()
        thread.join(5)
