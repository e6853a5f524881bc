"""Structured logs: an event name with ids, statuses, codes and numbers. Free text and credentials cannot be passed."""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from uuid import UUID

from aws_lambda_powertools import Logger

Loggable = str | int | float | bool | UUID | None
_WORD = re.compile(r"[A-Za-z0-9_.:/@|~#+={}-]{0,160}\Z")
_CHATTY = (
    "aws_lambda_powertools",
    "anthropic",
    "openai",
    "google_genai",
    "google.genai",
    "httpx",
    "httpx2",
    "httpcore",
    "httpcore2",
    "botocore",
)


@lru_cache(maxsize=1)
def _logger() -> Logger:
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    # Lambda sets the level of the root logger, which all loggers without their own level would use.
    logging.getLogger().setLevel(max(logging.getLogger().level, logging.WARNING))
    # Drop a line that cannot be written; otherwise Python prints it together with the exception being handled.
    logging.raiseExceptions = False
    # asyncio logs exceptions that were never retrieved, with their texts.
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    # Lambda reads the level of a line only if its time has the format of RFC 3339 (AWS Lambda guide, "Log-level filtering").
    return Logger(service="noillusion", utc=True, use_rfc3339=True, log_record_order=["level", "message"])


def _clean(value: Loggable) -> Loggable:
    # An id or a code is one word. Anything with spaces may be text written by a person and is dropped.
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, str) and not _WORD.match(value):
        return "<dropped>"
    return value


_held: ContextVar[list[tuple[str, dict[str, Loggable]]] | None] = ContextVar("held", default=None)


@contextmanager
def held() -> Iterator[None]:
    """Delay events until the end of the block, so that not even a log line can fail between two steps."""
    lines: list[tuple[str, dict[str, Loggable]]] = []
    before = _held.set(lines)
    try:
        yield
    finally:
        _held.reset(before)
        for name, fields in lines:
            event(name, **fields)


def event(name: str, **fields: Loggable) -> None:
    """Log one event."""
    if (lines := _held.get()) is not None:
        lines.append((name, fields))
        return
    _logger().info(name, extra={key: _clean(value) for key, value in fields.items()})


def failure(name: str, error: BaseException, **fields: Loggable) -> None:
    """Log an unexpected exception by type and location, without its text, which may contain content."""
    chain: list[dict[str, object]] = []
    seen: BaseException | None = error
    while seen is not None and len(chain) < 5:
        frames = [
            f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}:{frame.name}"
            for frame in traceback.extract_tb(seen.__traceback__)
        ]
        chain.append({"type": f"{type(seen).__module__}.{type(seen).__qualname__}", "frames": frames[-8:]})
        if isinstance(setting := getattr(seen, "setting", None), str):
            # Operators need the name of the setting, which neither type nor location shows.
            _logger().error("setting_unusable", extra={"setting": _clean(setting)})
        seen = seen.__cause__ or seen.__context__
    _logger().error(name, extra={**{key: _clean(value) for key, value in fields.items()}, "exceptions": chain})


def bind(**fields: Loggable) -> None:
    """Add fields to all events of this invocation."""
    _logger().clear_state()
    _logger().append_keys(**{key: _clean(value) for key, value in fields.items()})
