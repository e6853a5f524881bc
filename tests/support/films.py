"""A server of one long video, which is made while it is sent, so that it takes no room."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.support.movies import movie

HEAD = movie(data=0)
BLOCK = bytes(64 * 1024)


class _Film(BaseHTTPRequestHandler):
    """A file of zeros behind a movie's head, with ranges."""

    protocol_version = "HTTP/1.1"
    asked: list[str]
    size: int

    def do_GET(self) -> None:
        asked = self.headers.get("range", "")
        self.asked.append(asked)
        match = re.fullmatch(r"bytes=(\d+)-(\d+)", asked)
        first, last = (int(match[1]), min(int(match[2]), self.size - 1)) if match else (0, self.size - 1)
        self.send_response(206 if match else 200)
        self.send_header("content-type", "video/mp4")
        self.send_header("content-length", str(last - first + 1))
        if match:
            self.send_header("content-range", f"bytes {first}-{last}/{self.size}")
        self.end_headers()
        try:
            while first <= last:
                part = HEAD[first:] if first < len(HEAD) else BLOCK
                first += self.wfile.write(part[: last - first + 1])
        except OSError:
            # Whoever only wanted to know the size has gone.
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Nothing."""


@contextmanager
def film(size: int) -> Iterator[tuple[str, list[str]]]:
    """A server of a file of ``size`` bytes, and the ranges that were asked for."""
    asked: list[str] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Film", (_Film,), {"asked": asked, "size": size}))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def digest(size: int) -> str:
    """The SHA-256 of the file."""
    found = hashlib.sha256(HEAD)
    left = size - len(HEAD)
    while left > 0:
        found.update(BLOCK[:left])
        left -= len(BLOCK)
    return found.hexdigest()
