"""Asynchronous invocations of Lambda functions, for work that goes on after a response.

Lambda keeps an event only until it is delivered. What is in it is sealed by whoever sends it.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

MAX_BYTES = 1_048_576
"""Lambda takes up to 1 MB for an asynchronous invocation."""
_client: Any = None


def client() -> Any:
    """Return the client of Lambda. It comes with the first invocation: few requests make one."""
    global _client
    if _client is None:
        import boto3
        from botocore.config import Config

        # Within the time of a request, and once: an event that is sent twice only finds its leases taken.
        _client = boto3.client("lambda", config=Config(connect_timeout=2, read_timeout=5, retries={"total_max_attempts": 1}))
    return _client


def encoded(event: Mapping[str, object]) -> bytes:
    """Return an event as it travels."""
    return json.dumps(event, separators=(",", ":")).encode()


async def send(function: str, payload: bytes) -> None:
    """Invoke a function, named by its ARN, without waiting for it. Raises what the client raises."""
    await asyncio.to_thread(client().invoke, FunctionName=function, InvocationType="Event", Payload=payload)
