"""The media function behind HTTP in a process of its own, with the gateway's routes, events and translation of answers.

Platforms fetch from it while a request of ours waits for them, which one process with one event loop cannot do.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import urlsplit

from local.aws.events import HttpRequest, Reply, http_event, translate
from local.aws.gateway import Router
from local.options import ROOT
from tests.api.harness import Context, load, template


class Handler(BaseHTTPRequestHandler):
    """One request to the routes of the media function; any other route has nothing."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        headers = list(self.headers.items())
        request = HttpRequest(self.command, parts.path, parts.query, headers, b"", "127.0.0.1")
        found = Router(template().routes).match(request.method, request.path)
        reply = Reply(404)
        if found is not None and found[0].function == "MediaFunction":
            event = http_event(request, found[0], found[1], None, "request")
            reply = translate(json.dumps(load("media").handler(event, Context())).encode())
        self.send_response(reply.status)
        for name, value in [*reply.headers, ("content-length", str(len(reply.body)))]:
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(reply.body)

    do_HEAD = do_GET

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def media_server(environment: Mapping[str, str]) -> Iterator[tuple[str, list[str]]]:
    """Yields the base URL of a server with this environment, and the list of its log's lines, complete once it has ended."""
    lines: list[str] = []
    paths = os.pathsep.join([str(ROOT), str(ROOT / "layers" / "shared")])
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.support.media_server"],
        cwd=ROOT, env={**environment, "PYTHONPATH": paths}, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    assert process.stdout
    try:
        first = process.stdout.readline().strip()
        assert first.startswith("http://"), first + process.stdout.read()
        yield first, lines
    finally:
        process.terminate()
        lines += process.communicate()[0].splitlines()


if __name__ == "__main__":
    server = HTTPServer(("127.0.0.1", 0), Handler)
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()
