"""A queue consumer and a schedule's target. A message is ``{"do": …}``; everything received is appended to a file in HOME."""

import json
import os
import time
from pathlib import Path
from typing import Any

RECEIVED = Path(os.environ["HOME"]) / "received.jsonl"


def handler(event: Any, context: Any) -> Any:
    with RECEIVED.open("a") as file:
        file.write(json.dumps({"at": time.time(), "event": event}) + "\n")
    if event.get("task") == "crash":
        raise RuntimeError("the task failed")
    if "task" in event:
        return {"done": event["task"]}
    messages = {record["messageId"]: json.loads(record["body"]) for record in event["Records"]}
    if any(message["do"] == "raise" for message in messages.values()):
        raise RuntimeError("the whole batch failed")
    failed = [name for name, message in messages.items() if message["do"] == "fail"]
    return {"batchItemFailures": [{"itemIdentifier": name} for name in failed]}
