"""Processes that serve generation, on the deployment of their environment: ``python -m tests.trust.generating FD FD …``.

One process imports everything and divides into as many as there are sockets; each then lives by itself. Each line that comes in
is a request (``at``: when to begin, in seconds since 1970), each line that goes out is what came of it.
"""

from __future__ import annotations

import json
import os
import socket
import sys
import time
from typing import Any

import openai

from tests.api.harness import Client, load

assert openai  # the slow part of a first request


def serve(wanted: dict[str, Any]) -> dict[str, Any]:
    """One request, in short."""
    time.sleep(max(0.0, wanted["at"] - time.time()))
    answer = Client(wanted["sub"]).request("generate", "POST", "/v1/generate", body=wanted["body"], headers=wanted["headers"])
    if answer.status != 200:
        return {"status": answer.status, "code": answer.json["code"]}
    attempts = answer.json["transparency"]["attempts"]
    return {
        "status": 200,
        "source": answer.json["source"],
        "attempts": [[a["provider"], a["outcome"], a["skipped"]] for a in attempts],
        "cost": sum(float(a["cost_usd"] or 0) for a in attempts),
    }


def live(line: socket.socket) -> None:
    """Serve until nobody is there any more."""
    with line, line.makefile("rw") as lines:
        lines.write(f"{os.getpid()}\n")
        lines.flush()
        for wanted in lines:
            lines.write(json.dumps(serve(json.loads(wanted))) + "\n")
            lines.flush()


def main(descriptors: list[int]) -> None:
    """Divide, and wait for all parts."""
    load("generate")
    for descriptor in descriptors:
        if os.fork() == 0:
            for other in descriptors:
                if other != descriptor:
                    os.close(other)
            live(socket.socket(fileno=descriptor))
            os._exit(0)
    for descriptor in descriptors:
        os.close(descriptor)
    for _ in descriptors:
        os.wait()


if __name__ == "__main__":
    main([int(text) for text in sys.argv[1:]])
