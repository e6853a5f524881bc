"""Control routes of the runtime beside the simulators' own: schedules, queues, functions, crashes; and Lambda's Invoke operation.

For tests, the demo and curious people. Nothing of it exists in AWS, except ``/_lambda``, which the functions themselves may call.
"""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from local.aws.functions import Functions, PayloadTooLarge, UnknownFunction
from local.aws.runtime_api import InvokeResult
from local.aws.services import Queues, Scheduler


class Control:
    """The routes over the functions, queues and schedules of one instance."""

    def __init__(self, functions: Functions, queues: Queues, scheduler: Scheduler) -> None:
        self.functions, self.queues, self.scheduler = functions, queues, scheduler

    def routes(self) -> list[BaseRoute]:
        """Return the routes below ``/_control`` and the Invoke API of Lambda."""
        return [
            Route("/_control/schedules", self.schedules),
            Route("/_control/schedules/{name}/fire", self.fire, methods=["POST"]),
            Route("/_control/queues", self.list_queues),
            Route("/_control/queues/{name}/send", self.send, methods=["POST"]),
            Route("/_control/functions", self.list_functions),
            Route("/_control/functions/{name}/invoke", self.invoke, methods=["POST"]),
            Route("/_control/environments/kill", self.kill, methods=["POST"]),
            Route("/_lambda/2015-03-31/functions/{name}/invocations", self.lambda_invoke, methods=["POST"]),
        ]

    async def schedules(self, _: Request) -> Response:
        """List the schedules."""
        return JSONResponse({"schedules": self.scheduler.describe()})

    async def fire(self, request: Request) -> Response:
        """Run a schedule now and wait for it."""
        name = request.path_params["name"]
        if name not in self.scheduler.specs:
            return JSONResponse({"error": "no such schedule", "schedules": sorted(self.scheduler.specs)}, 404)
        return _result(await self.scheduler.fire(name))

    async def list_queues(self, _: Request) -> Response:
        """List the queues with their depths."""
        return JSONResponse({"queues": await self.queues.describe()})

    async def send(self, request: Request) -> Response:
        """Send a message to a queue."""
        name = request.path_params["name"]
        if name not in self.queues.specs:
            return JSONResponse({"error": "no such queue", "queues": sorted(self.queues.specs)}, 404)
        return JSONResponse({"message_id": await self.queues.send(name, (await request.body()).decode())})

    async def list_functions(self, _: Request) -> Response:
        """List the functions and their processes."""
        return JSONResponse({"functions": self.functions.status()})

    async def invoke(self, request: Request) -> Response:
        """Invoke a function with the body as its event."""
        try:
            return _result(await self.functions.invoke(request.path_params["name"], await request.body() or b"{}"))
        except UnknownFunction:
            return JSONResponse({"error": "no such function", "functions": sorted(self.functions.status())}, 404)

    async def kill(self, request: Request) -> Response:
        """Kill the environments of one function, or of all."""
        raw = await request.body()
        try:
            killed = await self.functions.kill((json.loads(raw) if raw else {}).get("function"))
        except UnknownFunction:
            return JSONResponse({"error": "no such function", "functions": sorted(self.functions.status())}, 404)
        return JSONResponse({"killed": killed})

    async def lambda_invoke(self, request: Request) -> Response:
        """Answer Lambda's Invoke API."""
        return await _lambda_invoke(self.functions, request)


def _result(result: InvokeResult) -> Response:
    try:
        payload: Any = result.json()
    except ValueError:
        payload = result.payload.decode("utf-8", "replace")
    return JSONResponse({"function_error": result.function_error, "payload": payload})


async def _lambda_invoke(functions: Functions, request: Request) -> Response:
    """Lambda's Invoke (AWS Lambda API reference): RequestResponse waits, Event answers 202 at once and retries."""
    name = request.path_params["name"].rpartition(":")[2]
    payload = await request.body() or b"{}"
    try:
        if request.headers.get("x-amz-invocation-type") == "Event":
            functions.invoke_async(name, payload)
            return Response(status_code=202)
        result = await functions.invoke(name, payload)
    except UnknownFunction:
        return _refused(404, "ResourceNotFoundException", f"Function not found: {name}")
    except PayloadTooLarge:
        return _refused(413, "RequestEntityTooLargeException", "Request must be smaller than the limit")
    headers = {"x-amz-executed-version": "$LATEST"}
    if result.function_error:
        headers["x-amz-function-error"] = result.function_error
    return Response(result.payload, 200, headers, media_type="application/json")


def _refused(status: int, error_type: str, message: str) -> Response:
    return JSONResponse({"Type": "User", "Message": message}, status, {"x-amzn-errortype": error_type})
