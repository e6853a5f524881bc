"""The Lambda Runtime API (AWS Lambda guide, "Using the Lambda runtime API") for one execution environment.

Each environment has a loopback port of its own, as each sandbox has its own address at AWS. Payloads stay in memory.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import h11

from local.listening import stop_listening
from local.loopback import is_program

PREFIX = "/2018-06-01/runtime"
MAX_PAYLOAD = 6_291_556  # bytes of a synchronous answer: 6 MB and 100 bytes (Lambda quotas)
_INVOCATION = re.compile(re.escape(PREFIX) + r"/invocation/([^/]+)/(response|error)")


@dataclass(frozen=True, slots=True)
class InvokeResult:
    """The result of an invocation; ``function_error`` is ``Unhandled`` when the payload describes an error."""

    payload: bytes
    function_error: str | None = None

    def json(self) -> Any:
        """The payload as a value."""
        return json.loads(self.payload)


@dataclass(slots=True)
class Invocation:
    """One event on its way to an environment; ``taken`` once the runtime client has fetched it."""

    request_id: str
    payload: bytes
    deadline_ms: int
    arn: str
    trace_id: str
    done: asyncio.Future[InvokeResult]
    taken: bool = False

    def headers(self) -> list[tuple[str, str]]:
        """The headers of the answer to ``next``."""
        return [
            ("Content-Type", "application/json"),
            ("Lambda-Runtime-Aws-Request-Id", self.request_id),
            ("Lambda-Runtime-Deadline-Ms", str(self.deadline_ms)),
            ("Lambda-Runtime-Invoked-Function-Arn", self.arn),
            ("Lambda-Runtime-Trace-Id", self.trace_id),
        ]

    def finish(self, result: InvokeResult) -> None:
        """Settle the invocation; the first outcome wins."""
        if not self.done.done():
            self.done.set_result(result)


def failure(error_type: str, message: str) -> InvokeResult:
    """The result of an invocation that the platform, not the handler, ended."""
    return InvokeResult(json.dumps({"errorType": error_type, "errorMessage": message}).encode(), "Unhandled")


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: list[tuple[str, str]]
    body: bytes


def _json_answer(status: int, value: Mapping[str, str]) -> _Answer:
    return _Answer(status, [("Content-Type", "application/json")], json.dumps(value).encode())


FORBIDDEN = _json_answer(403, {"errorType": "Forbidden", "errorMessage": "only programs of this machine are served here"})


@dataclass(slots=True)
class RuntimeApi:
    """The server; ``ready`` resolves at the first ``next``, ``init_error`` if the runtime reports that it could not start."""

    ready: asyncio.Future[None]
    init_error: asyncio.Future[InvokeResult]
    _queue: asyncio.Queue[Invocation] = field(default_factory=asyncio.Queue)
    _current: Invocation | None = None
    _server: asyncio.Server | None = None
    _connections: set[asyncio.Task[None]] = field(default_factory=set)

    @classmethod
    async def start(cls) -> RuntimeApi:
        """Listen on a free loopback port."""
        loop = asyncio.get_running_loop()
        api = cls(loop.create_future(), loop.create_future())
        api._server = await asyncio.start_server(api._connected, "127.0.0.1", 0)
        return api

    @property
    def address(self) -> str:
        """``host:port`` for AWS_LAMBDA_RUNTIME_API."""
        assert self._server is not None
        host, port = self._server.sockets[0].getsockname()[:2]
        return f"{host}:{port}"

    def put(self, invocation: Invocation) -> None:
        """Hand over an invocation; the environment takes it with its next request."""
        self._queue.put_nowait(invocation)

    async def close(self) -> None:
        """Stop listening and drop the runtime client's connections."""
        assert self._server is not None
        await stop_listening(self._server)
        for task in self._connections:
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._connections.add(task)
        try:
            await self._serve(reader, writer)
        except (ConnectionError, h11.RemoteProtocolError, asyncio.CancelledError):
            pass
        finally:
            self._connections.discard(task)
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = h11.Connection(h11.SERVER)
        while (request := await _receive(connection, reader)) is not None:
            headers, method, path, body = request
            answer = await self._answer(method, path, body) if is_program(headers) else FORBIDDEN
            told = [*answer.headers, ("Content-Length", str(len(answer.body)))]
            out = connection.send(h11.Response(status_code=answer.status, headers=told)) or b""
            out += connection.send(h11.Data(data=answer.body)) or b""
            out += connection.send(h11.EndOfMessage()) or b""
            writer.write(out)
            await writer.drain()
            if connection.our_state is not h11.DONE:
                return
            connection.start_next_cycle()

    async def _answer(self, method: str, path: str, body: bytes) -> _Answer:
        if (method, path) == ("GET", f"{PREFIX}/invocation/next"):
            return await self._next()
        if (method, path) == ("POST", f"{PREFIX}/init/error"):
            if not self.init_error.done():
                self.init_error.set_result(InvokeResult(body, "Unhandled"))
            return _json_answer(202, {"status": "OK"})
        if method == "POST" and (match := _INVOCATION.fullmatch(path)):
            return self._settle(match[1], match[2], body)
        return _json_answer(404, {"errorType": "NotFound", "errorMessage": "no such operation"})

    async def _next(self) -> _Answer:
        if not self.ready.done():
            self.ready.set_result(None)
        invocation = await self._queue.get()
        invocation.taken = True
        self._current = invocation
        return _Answer(200, invocation.headers(), invocation.payload)

    def _settle(self, request_id: str, kind: str, body: bytes) -> _Answer:
        if self._current is None or self._current.request_id != request_id:
            return _json_answer(400, {"errorType": "InvalidRequestID", "errorMessage": "Invalid request ID"})
        if kind == "response" and len(body) > MAX_PAYLOAD:
            message = f"Response payload size exceeded maximum allowed payload size ({MAX_PAYLOAD} bytes)."
            self._current.finish(failure("Function.ResponseSizeTooLarge", message))
            return _json_answer(413, {"errorType": "RequestEntityTooLarge", "errorMessage": message})
        self._current.finish(InvokeResult(body, "Unhandled" if kind == "error" else None))
        return _json_answer(202, {"status": "OK"})


async def _receive(connection: h11.Connection, reader: asyncio.StreamReader) -> tuple[dict[str, str], str, str, bytes] | None:
    """The next request as (headers, method, path, body); None when the client is done."""
    request: h11.Request | None = None
    body = bytearray()
    while True:
        event = connection.next_event()
        if event is h11.NEED_DATA:
            data = b""
            with contextlib.suppress(ConnectionError):
                data = await reader.read(262_144)
            connection.receive_data(data)
        elif isinstance(event, h11.Request):
            request = event
        elif isinstance(event, h11.Data):
            body += event.data
        elif isinstance(event, h11.EndOfMessage) and request is not None:
            headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in request.headers}
            return headers, request.method.decode(), request.target.decode().partition("?")[0], bytes(body)
        else:
            return None
