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


def control_routes(functions: Functions, queues: Queues, scheduler: Scheduler) -> list[BaseRoute]:
    """The routes under ``/_control``, and ``/_lambda``."""

    async def schedules(_: Request) -> Response:
        return JSONResponse({"schedules": scheduler.describe()})

    async def fire(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in scheduler.specs:
            return JSONResponse({"error": "no such schedule", "schedules": sorted(scheduler.specs)}, 404)
        return _result(await scheduler.fire(name))

    async def list_queues(_: Request) -> Response:
        return JSONResponse({"queues": await queues.describe()})

    async def send(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in queues.specs:
            return JSONResponse({"error": "no such queue", "queues": sorted(queues.specs)}, 404)
        return JSONResponse({"message_id": await queues.send(name, (await request.body()).decode())})

    async def list_functions(_: Request) -> Response:
        return JSONResponse({"functions": functions.status()})

    async def invoke(request: Request) -> Response:
        try:
            return _result(await functions.invoke(request.path_params["name"], await request.body() or b"{}"))
        except UnknownFunction:
            return JSONResponse({"error": "no such function", "functions": sorted(functions.status())}, 404)

    async def kill(request: Request) -> Response:
        raw = await request.body()
        try:
            killed = await functions.kill((json.loads(raw) if raw else {}).get("function"))
        except UnknownFunction:
            return JSONResponse({"error": "no such function", "functions": sorted(functions.status())}, 404)
        return JSONResponse({"killed": killed})

    async def lambda_invoke(request: Request) -> Response:
        return await _lambda_invoke(functions, request)

    return [
        Route("/_control/schedules", schedules),
        Route("/_control/schedules/{name}/fire", fire, methods=["POST"]),
        Route("/_control/queues", list_queues),
        Route("/_control/queues/{name}/send", send, methods=["POST"]),
        Route("/_control/functions", list_functions),
        Route("/_control/functions/{name}/invoke", invoke, methods=["POST"]),
        Route("/_control/environments/kill", kill, methods=["POST"]),
        Route("/_lambda/2015-03-31/functions/{name}/invocations", lambda_invoke, methods=["POST"]),
    ]


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
