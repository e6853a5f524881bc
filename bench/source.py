"""Videos of any length on a loopback port, with ranges, in a process of its own: ``python -m bench.source``.

``/clip.mp4?length=N`` is a sample video with zeros after it, so no file is as large. ``/sent`` tells how many bytes have left.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from bench.report import ROOT
from local.simulators.media import clip

BLOCK = memoryview(bytes(1 << 20))


class Handler(BaseHTTPRequestHandler):
    """Serves the videos, and the number of bytes that have left."""

    protocol_version = "HTTP/1.1"
    head = clip()
    sent = 0

    def do_GET(self) -> None:
        """Answer with the range that was asked for, or with everything."""
        if self.path == "/sent":
            self._begin(200, "text/plain", len(text := str(Handler.sent).encode()))
            self.wfile.write(text)
            return
        size = int(self.path.partition("length=")[2])
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("range", ""))
        first = int(asked[1]) if asked else 0
        last = min(int(asked[2]), size - 1) if asked and asked[2] else size - 1
        more = {"content-range": f"bytes {first}-{last}/{size}"} if asked else {}
        self._begin(206 if asked else 200, "video/mp4", last - first + 1, more)
        try:
            self._send(first, last + 1)
        except OSError:
            # Whoever only looks at a file hangs up.
            self.close_connection = True

    def _begin(self, status: int, content_type: str, length: int, more: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"content-type": content_type, "content-length": str(length), **(more or {})}.items():
            self.send_header(name, value)
        self.end_headers()

    def _send(self, at: int, end: int) -> None:
        while at < end:
            part = memoryview(self.head)[at:end] if at < len(self.head) else BLOCK[: end - at]
            self.wfile.write(part)
            at += len(part)
            Handler.sent += len(part)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def source() -> Iterator[str]:
    """Serve videos for the time of a block, and yield the server's base URL."""
    with subprocess.Popen([sys.executable, "-m", "bench.source"], cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout
        try:
            yield process.stdout.readline().decode().strip()
        finally:
            process.kill()


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()
