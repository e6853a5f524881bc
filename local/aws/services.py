"""AWS services around the functions: queues on moto's server, event-source mappings, schedules.

Messages live in this process's memory only, and nothing here looks into them.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import re
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import httpx

from local.aws.events import failed_messages, queue_event
from local.aws.functions import Closed, Functions
from local.aws.intrinsics import Attributes
from local.aws.runtime_api import InvokeResult
from local.aws.specs import ACCOUNT, REGION, QueueEventSpec, QueueSpec, ScheduleSpec
from local.loopback import guarded_wsgi

RECEIVE_WAIT_S = 5
BATCHES_AT_ONCE = 2
_RATE = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")
_SECONDS = {"minute": 60, "hour": 3_600, "day": 86_400}
_AUTHORIZATION = f"AWS4-HMAC-SHA256 Credential=local/20250101/{REGION}/sqs/aws4_request, SignedHeaders=host, Signature=local"


class AwsServer:
    """moto's server on a free loopback port, in a thread of this process. Importing moto takes about a second."""

    def __init__(self) -> None:
        from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
        from werkzeug.serving import make_server

        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        application = guarded_wsgi(DomainDispatcherApplication(create_backend_app))
        self._server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=MotoRequestHandler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
        self._thread.start()
        self.endpoint = f"http://127.0.0.1:{self._server.server_port}"

    def stop(self) -> None:
        """Stop serving and close the port."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class Sqs:
    """SQS's JSON protocol, as far as a runtime needs it."""

    def __init__(self, endpoint: str, client: httpx.AsyncClient) -> None:
        self._endpoint, self._client = endpoint, client

    async def call(self, action: str, **body: Any) -> dict[str, Any]:
        """One API call. Raises httpx.HTTPError."""
        headers = {
            "content-type": "application/x-amz-json-1.0",
            "x-amz-target": f"AmazonSQS.{action}",
            "authorization": _AUTHORIZATION,
        }
        response = await self._client.post(self._endpoint, content=json.dumps(body), headers=headers, timeout=30)
        reply: dict[str, Any] = response.raise_for_status().json() if response.content else {}
        return reply


def queue_addresses(names: Iterable[str], endpoint: str, stack: str) -> dict[str, Attributes]:
    """URL, ARN and name of each queue by logical id, before the queues exist."""
    return {
        name: {
            "Ref": f"{endpoint}/{ACCOUNT}/{stack}-{name}",
            "Arn": f"arn:aws:sqs:{REGION}:{ACCOUNT}:{stack}-{name}",
            "QueueName": f"{stack}-{name}",
        }
        for name in names
    }


class Queues:
    """The template's queues."""

    def __init__(self, specs: Mapping[str, QueueSpec], addresses: Mapping[str, Attributes], sqs: Sqs) -> None:
        self.specs, self.addresses, self.sqs = specs, addresses, sqs

    async def create(self) -> None:
        """Create them with their attributes, redrive targets first."""
        targets = {spec.dead_letters for spec in self.specs.values()}
        for spec in sorted(self.specs.values(), key=lambda spec: spec.name not in targets):
            name = self.addresses[spec.name]["QueueName"]
            await self.sqs.call("CreateQueue", QueueName=name, Attributes=self._attributes(spec))

    def _attributes(self, spec: QueueSpec) -> dict[str, str]:
        attributes = {
            "VisibilityTimeout": str(spec.visibility_timeout_s),
            "MessageRetentionPeriod": str(spec.retention_s),
            "DelaySeconds": str(spec.delay_s),
            "SqsManagedSseEnabled": "true" if spec.managed_sse else "false",
        }
        if spec.dead_letters:
            redrive = {"deadLetterTargetArn": self.addresses[spec.dead_letters]["Arn"], "maxReceiveCount": spec.max_receives}
            attributes["RedrivePolicy"] = json.dumps(redrive)
        return attributes

    async def send(self, name: str, body: str, delay_s: int = 0) -> str:
        """Put a message into a queue by logical id; its message id."""
        sent = await self.sqs.call("SendMessage", QueueUrl=self.addresses[name]["Ref"], MessageBody=body, DelaySeconds=delay_s)
        return str(sent["MessageId"])

    async def describe(self) -> dict[str, dict[str, Any]]:
        """Per logical id: how many messages are visible, in flight and delayed, and every body the queue holds."""
        return {name: {**await self._counts(name), "messages": self._bodies(name)} for name in self.specs}

    async def _counts(self, name: str) -> dict[str, int]:
        names = {"visible": "", "in_flight": "NotVisible", "delayed": "Delayed"}
        reply = await self.sqs.call("GetQueueAttributes", QueueUrl=self.addresses[name]["Ref"], AttributeNames=["All"])
        return {ours: int(reply["Attributes"][f"ApproximateNumberOfMessages{theirs}"]) for ours, theirs in names.items()}

    def _bodies(self, name: str) -> list[str]:
        """Read from moto's memory: receiving would count as a delivery."""
        from moto.sqs.models import sqs_backends

        queue = sqs_backends[ACCOUNT][REGION].queues[self.addresses[name]["QueueName"]]
        return [message.body for message in queue._messages]

    async def delete(self) -> None:
        """Forget the queues and what is in them."""
        for name in self.specs:
            with contextlib.suppress(httpx.HTTPError):
                await self.sqs.call("DeleteQueue", QueueUrl=self.addresses[name]["Ref"])


class EventSource:
    """One event-source mapping: polls a queue, invokes the function with batches, deletes what succeeded.

    What fails stays and is delivered again after the queue's visibility timeout, until redrive moves it to the dead letters.
    """

    def __init__(self, spec: QueueEventSpec, queues: Queues, functions: Functions) -> None:
        self.spec, self.queues, self.functions = spec, queues, functions
        self._url, self._arn = queues.addresses[spec.queue]["Ref"], queues.addresses[spec.queue]["Arn"]
        self._slots = asyncio.Semaphore(BATCHES_AT_ONCE)

    async def run(self) -> None:
        """Poll until cancelled."""
        async with asyncio.TaskGroup() as batches:
            while True:
                await self._slots.acquire()
                messages: list[dict[str, Any]] = []
                try:
                    messages = await self._receive()
                except httpx.HTTPError:
                    await asyncio.sleep(1)
                finally:
                    if not messages:
                        self._slots.release()
                if messages:
                    batches.create_task(self._process(messages))

    async def _receive(self) -> list[dict[str, Any]]:
        reply = await self.queues.sqs.call(
            "ReceiveMessage",
            QueueUrl=self._url,
            MaxNumberOfMessages=min(self.spec.batch_size, 10),
            WaitTimeSeconds=RECEIVE_WAIT_S,
            MessageSystemAttributeNames=["All"],
            AttributeNames=["All"],
            MessageAttributeNames=["All"],
        )
        return list(reply.get("Messages", ()))

    async def _process(self, messages: list[dict[str, Any]]) -> None:
        try:
            result = await self.functions.invoke(self.spec.function, queue_event(messages, self._arn))
            await self._delete(messages, self._failed(messages, result))
        except (httpx.HTTPError, Closed):
            return
        finally:
            self._slots.release()

    def _failed(self, messages: list[dict[str, Any]], result: InvokeResult) -> set[str]:
        sent = [message["MessageId"] for message in messages]
        if result.function_error:
            return set(sent)
        return failed_messages(result.payload, sent) if self.spec.report_failures else set()

    async def _delete(self, messages: list[dict[str, Any]], failed: set[str]) -> None:
        entries = [
            {"Id": str(number), "ReceiptHandle": message["ReceiptHandle"]}
            for number, message in enumerate(messages)
            if message["MessageId"] not in failed
        ]
        if entries:
            await self.queues.sqs.call("DeleteMessageBatch", QueueUrl=self._url, Entries=entries)


@dataclass(slots=True)
class _Run:
    at: float
    result: InvokeResult | None = None


def interval_s(expression: str) -> int | None:
    """Seconds between two runs of a rate expression; None for cron and one-time expressions, which run only when fired."""
    match = _RATE.fullmatch(expression)
    return int(match[1]) * _SECONDS[match[2]] if match else None


class Scheduler:
    """The template's schedules: EventBridge Scheduler hands the input to Lambda as an asynchronous invocation."""

    def __init__(self, specs: Iterable[ScheduleSpec], functions: Functions) -> None:
        self.specs = {spec.name: spec for spec in specs}
        self.functions = functions
        self._last: dict[str, _Run] = {}

    async def run(self) -> None:
        """Run every enabled rate schedule at its rate, the first time one interval from now, until cancelled."""
        async with asyncio.TaskGroup() as ticking:
            for spec in self.specs.values():
                interval = interval_s(spec.expression)
                if spec.enabled and interval:
                    ticking.create_task(self._tick(spec, interval))

    async def _tick(self, spec: ScheduleSpec, interval: int) -> None:
        while True:
            await asyncio.sleep(interval)
            run = self._last[spec.name] = _Run(time.time())
            task = self.functions.invoke_async(spec.function, spec.input.encode())
            task.add_done_callback(partial(_record, run))

    async def fire(self, name: str) -> InvokeResult:
        """Run one schedule now, once, and wait for it. Raises KeyError."""
        spec = self.specs[name]
        run = self._last[name] = _Run(time.time())
        run.result = await self.functions.invoke(spec.function, spec.input.encode())
        return run.result

    def describe(self) -> list[dict[str, Any]]:
        """Name, function, expression, input and the last run of each schedule."""
        return [
            {
                "name": spec.name,
                "function": spec.function,
                "expression": spec.expression,
                "input": spec.input,
                "last_run": _described(self._last.get(spec.name)),
            }
            for spec in self.specs.values()
        ]


def _record(run: _Run, done: asyncio.Task[InvokeResult]) -> None:
    if not done.cancelled() and done.exception() is None:
        run.result = done.result()


def _described(run: _Run | None) -> dict[str, Any] | None:
    if run is None:
        return None
    return {"at": run.at, "done": run.result is not None, "function_error": run.result.function_error if run.result else None}
