"""The analytics poller: a schedule queues the ids of due figures, and the consumer of the queue reads them at the platforms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from noillusion import epoch
from noillusion.analytics import dispatch, poll
from noillusion.api.batch import consume
from noillusion.core import clock, logs, loop
from noillusion.settings.source import settings

CONNECTIONS = 5
"""Database connections of a batch, one for each of its messages, which all wait for platforms and then write together."""
RESERVE_S = 20.0
"""Time reserved for queueing the remaining ids."""


class PollFailed(Exception):
    """A run did not finish; the scheduler may run it again. The log contains the cause, by type and location only."""


def handler(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    """Run ``{"task": "poll"}`` of the schedule, or process a batch of the analytics queue."""
    if "Records" in event:
        return consume(event, context, poll.from_message, connections=CONNECTIONS)
    logs.bind(correlation_id=context.aws_request_id)
    settings.refresh()
    if event.get("task") != "poll":
        raise PollFailed("unknown task")
    deadline = clock.monotonic() + max(1.0, context.get_remaining_time_in_millis() / 1000 - RESERVE_S)
    try:
        with epoch.unit():
            return {"task": "poll", "queued": loop.run(dispatch.queue_due(deadline))}
    except Exception as error:  # noqa: BLE001 - its text must not reach the runtime's own log
        logs.failure("poll_failed", error)
        raise PollFailed("poll") from None
