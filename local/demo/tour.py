"""Shared parts of the demo's steps: the client's state, requests that must be answered as expected, and plain tables."""

from __future__ import annotations

import contextlib
import json
import secrets
import textwrap
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlsplit

import httpx

WIDTH = 97  # of a table; three more columns are the indentation
NARROWEST = 8
REQUEST_S = 40.0  # more than API Gateway waits, so that its own answer is seen
Json = dict[str, Any]


class Unexpected(Exception):
    """A step did not do what it should."""

    def __init__(self, what: str, expected: object, actual: object) -> None:
        super().__init__(what)
        self.what, self.expected, self.actual = what, expected, actual


def expect(what: str, actual: object, expected: object) -> None:
    """Raises Unexpected unless both are equal."""
    if actual != expected:
        raise Unexpected(what, expected, actual)


def require(what: str, holds: object, actual: object = None) -> None:
    """Raises Unexpected unless ``holds`` is true; ``actual`` says what was found instead."""
    if not holds:
        raise Unexpected(what, "true", actual if actual is not None else holds)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under headings, at most ``WIDTH`` columns wide: the widest columns are cut first."""

    heads: Sequence[str]
    rows: Sequence[Sequence[object]]

    @classmethod
    def of(cls, items: Iterable[Json], columns: Mapping[str, str | Callable[[Json], object]]) -> Self:
        """One row per item. ``columns``: the heading, and the field's name or what makes the cell out of the item."""
        getters = [(lambda item, name=c: item[name]) if isinstance(c, str) else c for c in columns.values()]
        return cls(tuple(columns), [tuple(get(item) for get in getters) for item in items])

    def __str__(self) -> str:
        cells = [[str(head) for head in self.heads], *([_cell(value) for value in row] for row in self.rows)]
        widths = [max(len(row[column]) for row in cells) for column in range(len(self.heads))]
        while sum(widths) + 2 * (len(widths) - 1) > WIDTH and max(widths) > NARROWEST:
            widths[widths.index(max(widths))] -= 1
        lines = ["  ".join(_fit(text, width) for text, width in zip(row, widths, strict=True)).rstrip() for row in cells]
        return "\n".join([lines[0], "  ".join("-" * width for width in widths), *lines[1:]])


def _cell(value: object) -> str:
    if value is None or value == "":
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return " ".join(str(value).split())


def _fit(text: str, width: int) -> str:
    return (text if len(text) <= width else text[: width - 1] + "…").ljust(width)


def quote(title: str, text: str, lines: int = 3) -> str:
    """The first lines of a long text, wrapped."""
    wrapped = [part for line in text.splitlines() for part in textwrap.wrap(line, WIDTH - 4) or [""]]
    more = [f"… ({len(text)} characters in all)"] if len(wrapped) > lines else []
    return "\n".join([title, *(f"  | {line}" for line in [*wrapped[:lines], *more])])


class Tour:
    """One person's way through the product: a fresh subject, fresh people at the platforms, texts that nobody else wrote.

    Use it as a context manager: at its end the simulators behave as they did before.
    """

    def __init__(self, run: Mapping[str, Any]) -> None:
        self.run = run
        self.word = f"demo{secrets.token_hex(4)}"
        self.sub = f"auth0|demo-{secrets.token_hex(6)}"
        self.simulators = str(run["control"]).removesuffix("/_control")
        self.connections: dict[str, Json] = {}
        self.ids: dict[str, str] = {}
        self.texts: dict[str, str] = {}
        self.answers: dict[str, Any] = {}
        self.token = ""
        self._stack = contextlib.ExitStack()

    def __enter__(self) -> Self:
        self.http = self._stack.enter_context(httpx.Client(timeout=REQUEST_S, trust_env=False))
        self._stack.callback(self.clear_faults)
        for platform in ("linkedin", "tiktok"):
            before = self.control("POST", f"{platform}/consent", {})
            self._stack.callback(self.control, "POST", f"{platform}/consent", {"user": before["user"]})
        for platform in ("facebook", "instagram"):
            self._stack.callback(self.control, "POST", f"{platform}/consent", {})
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def sign_in(self) -> None:
        """Get an access token for the demo's subject."""
        answer = self.http.get(self.run["token_url"], params={"sub": self.sub}).raise_for_status()
        self.token = str(answer.json()["access_token"])

    def send(self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None) -> httpx.Response:
        """One request to the API, with the token if there is one. Raises httpx.HTTPError."""
        given = {**({"authorization": f"Bearer {self.token}"} if self.token else {}), **(headers or {})}
        content = {} if body is None else {"json": body}
        return self.http.request(method, f"{self.run['api']}{path}", headers=given, **content)

    def call(self, method: str, path: str, body: Any = None, *, status: int = 200, key: str | None = None) -> Any:
        """The JSON of an answer that must have ``status``; ``key`` is the Idempotency-Key. Raises Unexpected with the problem."""
        answer = self.send(method, path, body, {"idempotency-key": key} if key else None)
        if answer.status_code != status:
            raise Unexpected(f"{method} {path}", f"status {status}", f"status {answer.status_code}: {answer.text[:600]}")
        return answer.json() if answer.content else None

    def control(self, method: str, path: str, body: Any = None) -> Any:
        """One request to the instance's control routes. Raises httpx.HTTPError."""
        content = {} if body is None else {"json": body}
        return self.http.request(method, f"{self.run['control']}/{path}", **content).raise_for_status().json()

    def clear_faults(self) -> None:
        """Let every simulator answer properly again."""
        self.control("DELETE", "faults")

    @contextlib.contextmanager
    def faults(self, *given: Json) -> Iterator[None]:
        """Have these faults while the block runs."""
        for fault in given:
            self.control("POST", "faults", fault)
        try:
            yield
        finally:
            self.clear_faults()

    @contextlib.contextmanager
    def settings(self, platform: str, **changed: Any) -> Iterator[None]:
        """Have a simulator behave differently while the block runs."""
        before = self.control("POST", f"{platform}/settings", {})
        self.control("POST", f"{platform}/settings", changed)
        try:
            yield
        finally:
            self.control("POST", f"{platform}/settings", {name: before[name] for name in changed})

    def state(self, platform: str) -> Json:
        """Return the state of a simulated platform."""
        return dict(self.control("GET", f"state/{platform}"))

    def follow(self, url: str) -> httpx.Response:
        """Return the answer that a browser gets at a URL, which on this machine is a simulator's if the host is a platform's."""
        parts = urlsplit(url)
        simulated = not url.startswith((self.simulators, self.run["api"]))
        reached = f"{self.simulators}/{parts.netloc}{parts.path}?{parts.query}" if simulated else url
        return self.http.get(reached, headers={"accept": "text/html"})

    def queues_empty(self, name: str) -> bool:
        """Tell whether the queues whose names end like this are empty and idle."""
        found = [queue for each, queue in self.control("GET", "queues")["queues"].items() if each.endswith(name)]
        assert found, f"no queue's name ends with {name}"
        return not any(queue[part] for queue in found for part in ("visible", "in_flight", "delayed"))

    def fire(self, schedule: str) -> None:
        """Run a schedule now and wait for it. Raises Unexpected if its function failed."""
        expect(f"schedule {schedule}: function error", self.control("POST", f"schedules/{schedule}/fire")["function_error"], None)


def wait_for(what: str, check: Callable[[], bool], seconds: float, every: float = 0.5) -> float:
    """Wait until ``check`` says yes: the seconds it took. Raises Unexpected after ``seconds``."""
    started = time.monotonic()
    while not check():
        if time.monotonic() - started > seconds:
            raise Unexpected(what, f"within {seconds:.0f} s", "not yet")
        time.sleep(every)
    return time.monotonic() - started


def canonical(value: Any) -> bytes:
    """JSON with sorted keys and no whitespace, as the API's ``hash`` is defined over."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
