"""The person's consent: waiting for the browser to come back, by a tunnel to this machine or by the URL that it ended at."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from tools.smoke.report import Failed

PATH = "/connected"
PAGE = b"<!doctype html><title>Smoke test</title><p>You can close this page and go back to the terminal."
Query = dict[str, str]


class Returns:
    """What came back: queries of the page that the browser is sent to in the end, and URLs that a person pasted."""

    def __init__(self) -> None:
        self._found: queue.Queue[Query] = queue.Queue()
        self.url = ""

    def put(self, query: str) -> None:
        """Take the query of a URL."""
        self._found.put({name: values[0] for name, values in parse_qs(query).items()})

    def read(self, lines: Iterable[str]) -> None:
        """Take pasted URLs, one a line, until the lines end. It runs in a thread: a read of the terminal cannot be ended."""
        threading.Thread(target=self._read, args=(lines,), daemon=True).start()

    def _read(self, lines: Iterable[str]) -> None:
        for line in lines:
            if query := urlsplit(line.strip()).query:
                self.put(query)

    def wait(self, call_back: Callable[[Query], Query], seconds: float) -> str:
        """Return the handle of the grant. Raises :class:`Failed` with the error of the dialog, or when the time is over.

        ``call_back`` calls the callback with the query of a pasted URL, and returns the query of where that leads.
        """
        try:
            found = self._found.get(timeout=seconds)
        except queue.Empty:
            raise Failed("nobody_came_back") from None
        if "state" in found:
            found = call_back(found)
        if pending := found.get("pending"):
            return pending
        raise Failed(found.get("error") or "no_grant")


@contextmanager
def listening() -> Iterator[Returns]:
    """Serve the page that the browser is sent to, on a free port of this machine."""
    returns = Returns()

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.path == PATH:
                returns.put(parts.query)
            self.send_response(200 if parts.path == PATH else 404)
            self.send_header("content-type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(PAGE)

        def log_message(self, format: str, *args: object) -> None:
            """Log nothing: the query has the handle of the grant."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    returns.url = f"http://127.0.0.1:{server.server_port}{PATH}"
    try:
        yield returns
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
