"""Does what the test asks for in its query: ``do`` names the behaviour, anything else answers with the event."""

import base64
import json
import logging
import os
import sys
import time
from typing import Any

from stub_layer import LAYER

CALLS = 0


def handler(event: Any, context: Any) -> Any:
    global CALLS
    CALLS += 1
    query = event.get("queryStringParameters", {})
    do = query.get("do", "echo")
    if do == "raw":
        return json.loads(event["body"])
    if do == "sleep":
        time.sleep(float(query["s"]))
        return {"pid": os.getpid(), "calls": CALLS}
    if do == "exit":
        os._exit(3)
    if do == "raise":
        raise ValueError("a message of the handler")
    if do == "huge":
        return "x" * 6_300_000
    if do == "binary":
        body = base64.b64encode(bytes(range(256))).decode()
        return {"statusCode": 200, "headers": {"Content-Type": "image/png"}, "body": body, "isBase64Encoded": True}
    if do == "log":
        logging.getLogger("stub").info("a log line")
        print("a printed line")
    if do == "environment":
        return {"environment": dict(os.environ), "path": sys.path, "layer": LAYER}
    if do == "context":
        return {
            "function_name": context.function_name,
            "memory": context.memory_limit_in_mb,
            "arn": context.invoked_function_arn,
            "request_id": context.aws_request_id,
            "remaining": context.get_remaining_time_in_millis(),
            "log_group": context.log_group_name,
        }
    return {"statusCode": 200, "headers": {"content-type": "application/json"}, "body": json.dumps(event)}
