"""The trust store of HTTP clients, loaded once in a process.

Each ``httpx.get`` makes a client, and each client loads all certificate authorities: 20 ms of processor time, which tests would
spend thousands of times on simulators that speak no TLS.
"""

from __future__ import annotations

import ssl
from functools import cache
from typing import Any

_create = ssl.create_default_context


@cache
def _of_file(path: str) -> ssl.SSLContext:
    return _create(cafile=path)


def _created(*arguments: Any, **named: Any) -> ssl.SSLContext:
    """Return the context of a file of authorities that was loaded before. Everything else that can be asked for is made again."""
    if not arguments and named.keys() == {"cafile"} and isinstance(named["cafile"], str):
        return _of_file(named["cafile"])
    return _create(*arguments, **named)


def load_once() -> None:
    """Share trust stores from now on."""
    ssl.create_default_context = _created
