"""Control routes of a deployment like those of ``local.control``, implemented by AWS calls; and a second issuer for tests.

They are for tests and the demo, and do not exist in AWS.
"""

from __future__ import annotations

import asyncio
import copy
import json
from collections.abc import Callable
from typing import Any

import httpx
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from local.aws.specs import REGION
from local.databases.postgres import Server
from local.identity import Issuer
from tools.deploy_local.stack import Stack

STRANGER = "https://stranger.example/"
_COUNTS = {"visible": "", "in_flight": "NotVisible", "delayed": "Delayed"}


class Remote:
    """Operations of the control routes on a stack. ``stack`` is called each time, because a deployment may have changed it."""

    def __init__(self, stack: Callable[[], Stack]) -> None:
        self._stack = stack

    def queues(self) -> dict[str, dict[str, Any]]:
        """Return the messages of each queue by logical id: how many are visible, in flight and delayed, and their content."""
        stack = self._stack()
        return {name: self._queue(stack, url) for name, url in stack.ids("AWS::SQS::Queue").items()}

    def _queue(self, stack: Stack, url: str) -> dict[str, Any]:
        reply = stack.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
        counts = {ours: int(reply[f"ApproximateNumberOfMessages{theirs}"]) for ours, theirs in _COUNTS.items()}
        peeked = httpx.get(f"{stack.endpoint}/_ministack/sqs/messages", params={"QueueUrl": url}, trust_env=False).json()
        held = [m for regions in peeked["messages"].values() for m in regions.get(REGION, {}).get(url, [])]
        return {**counts, "messages": [m["Body"] for m in held], "receives": [m["ReceiveCount"] for m in held]}

    def send(self, name: str, bodies: list[str]) -> list[str]:
        """Send messages to a queue by logical id in one batch. Return their ids. Raises KeyError."""
        stack = self._stack()
        entries = [{"Id": str(number), "MessageBody": body} for number, body in enumerate(bodies)]
        reply = stack.client("sqs").send_message_batch(QueueUrl=stack.id(name), Entries=entries)
        return [sent["MessageId"] for sent in reply["Successful"]]

    def purge(self, name: str) -> None:
        """Delete all messages of a queue by logical id. Raises KeyError."""
        stack = self._stack()
        stack.client("sqs").purge_queue(QueueUrl=stack.id(name))

    def visibility(self, name: str, seconds: int) -> int:
        """Set the visibility timeout of a queue. Return the previous one. Raises KeyError."""
        stack = self._stack()
        sqs, url = stack.client("sqs"), stack.id(name)
        before = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["VisibilityTimeout"])["Attributes"]["VisibilityTimeout"]
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"VisibilityTimeout": str(seconds)})
        return int(before)

    def schedules(self) -> dict[str, dict[str, Any]]:
        """Return the record of EventBridge Scheduler for each schedule, by the name of its event in the template."""
        stack = self._stack()
        scheduler, functions = stack.client("scheduler"), stack.ids("AWS::Lambda::Function")
        found = {}
        for logical, name in stack.ids("AWS::Scheduler::Schedule").items():
            function = next(f for f in functions if logical.startswith(f))
            record = scheduler.get_schedule(Name=name)
            found[logical.removeprefix(function)] = {
                "expression": record["ScheduleExpression"],
                "state": record["State"],
                "function": function,
                "input": record["Target"]["Input"],
                "target": record["Target"]["Arn"],
            }
        return found

    def fire(self, name: str) -> dict[str, Any]:
        """Invoke the target of a schedule with its input and wait, because AWS has no call to run a schedule. Raises KeyError."""
        schedule = self.schedules()[name]
        return self._invoke(schedule["target"], schedule["input"].encode())

    def invoke(self, name: str, payload: bytes) -> dict[str, Any]:
        """Invoke a function by logical id and wait. Raises KeyError."""
        return self._invoke(self._stack().id(name), payload)

    def _invoke(self, function: str, payload: bytes) -> dict[str, Any]:
        reply = self._stack().client("lambda").invoke(FunctionName=function, Payload=payload)
        text = reply["Payload"].read()
        return {"function_error": reply.get("FunctionError"), "payload": json.loads(text) if text else None}

    def logs(self) -> list[str]:
        """Return all lines of the stack's log groups, oldest first in each."""
        stack = self._stack()
        paginator = stack.client("logs").get_paginator("filter_log_events")
        groups = stack.ids("AWS::Logs::LogGroup").values()
        pages = (page for group in groups for page in paginator.paginate(logGroupName=group))
        return [event["message"] for page in pages for event in page["events"]]

    def describe(self) -> dict[str, Any]:
        """Return the status, parameters and resources of the stack."""
        stack = self._stack()
        resources = {name: {"type": kind, "id": physical} for name, (kind, physical) in stack.resources.items()}
        return {"status": stack.status, "parameters": dict(stack.parameters), "resources": resources}


class Control:
    """The routes below ``/_control`` over one deployment."""

    def __init__(self, remote: Remote, database: Server, issuer: Issuer) -> None:
        self.remote, self.database, self.issuer = remote, database, issuer

    def routes(self) -> list[BaseRoute]:
        """Return the routes, with those of the second issuer."""
        return [
            Route("/_control/stack", self.stack),
            Route("/_control/queues", self.queues),
            Route("/_control/queues/{name}/send", self.send, methods=["POST"]),
            Route("/_control/queues/{name}/purge", self.purge, methods=["POST"]),
            Route("/_control/queues/{name}/visibility", self.visibility, methods=["POST"]),
            Route("/_control/schedules", self.schedules),
            Route("/_control/schedules/{name}/fire", self.fire, methods=["POST"]),
            Route("/_control/functions/{name}/invoke", self.invoke, methods=["POST"]),
            Route("/_control/logs", self.logs),
            Route("/_control/database/{switch}", self.power, methods=["POST"]),
            Mount("/_control/stranger", routes=_stranger(self.issuer).routes()),
        ]

    async def stack(self, _: Request) -> Response:
        """Describe the stack."""
        return await _act(self.remote.describe, "stack")

    async def queues(self, _: Request) -> Response:
        """List the queues."""
        return await _act(lambda: {"queues": self.remote.queues()}, "queue")

    async def send(self, request: Request) -> Response:
        """Send messages to a queue."""
        bodies = json.loads(await request.body())
        return await _act(lambda: {"message_ids": self.remote.send(request.path_params["name"], bodies)}, "queue")

    async def purge(self, request: Request) -> Response:
        """Empty a queue."""
        return await _act(lambda: self.remote.purge(request.path_params["name"]), "queue")

    async def visibility(self, request: Request) -> Response:
        """Set the visibility timeout of a queue."""
        seconds = int(await request.body())
        return await _act(lambda: {"before": self.remote.visibility(request.path_params["name"], seconds)}, "queue")

    async def schedules(self, _: Request) -> Response:
        """List the schedules."""
        return await _act(lambda: {"schedules": self.remote.schedules()}, "schedule")

    async def fire(self, request: Request) -> Response:
        """Run a schedule now."""
        return await _act(lambda: self.remote.fire(request.path_params["name"]), "schedule")

    async def invoke(self, request: Request) -> Response:
        """Invoke a function with the body as its event."""
        payload = await request.body() or b"{}"
        return await _act(lambda: self.remote.invoke(request.path_params["name"], payload), "function")

    async def logs(self, _: Request) -> Response:
        """Return the lines of all logs."""
        return await _act(lambda: {"lines": self.remote.logs()}, "log")

    async def power(self, request: Request) -> Response:
        """Start or stop the database."""
        switch = {"start": self.database.start, "stop": self.database.stop}.get(request.path_params["switch"])
        return await _act(switch, "switch") if switch else JSONResponse({"error": "start or stop"}, 404)


async def _act(work: Callable[[], Any], known: str) -> Response:
    try:
        return JSONResponse(await asyncio.to_thread(work))
    except KeyError:
        return JSONResponse({"error": f"no such {known}"}, 404)


def _stranger(issuer: Issuer) -> Issuer:
    """An issuer with the same key and another name, whose tokens only a check of the issuer can refuse."""
    stranger = copy.copy(issuer)
    stranger.url = STRANGER
    return stranger
