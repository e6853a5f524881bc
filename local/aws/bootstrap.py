"""Runs inside an execution environment: fetches invocations from the Runtime API and calls the handler.

It stands in for AWS's own runtime client, so it must import nothing that a function would not have: standard library only.
``python bootstrap.py awslambdaric`` starts AWS's client instead, with the same guard against outliving the parent.
"""

from __future__ import annotations

import http.client
import importlib
import json
import logging
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable
from typing import Any, NoReturn

API = "/2018-06-01/runtime"
_RECORD_FIELDS = frozenset(vars(logging.makeLogRecord({}))) | {"aws_request_id", "message", "asctime"}
_request_id = ""


class Context:
    """The second argument of a Python handler (AWS Lambda guide, "Lambda context object in Python")."""

    def __init__(self, request_id: str, arn: str, deadline_ms: int) -> None:
        self.aws_request_id = request_id
        self.invoked_function_arn = arn
        self.function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = os.environ["AWS_LAMBDA_FUNCTION_VERSION"]
        self.memory_limit_in_mb = os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.log_group_name = os.environ["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = os.environ["AWS_LAMBDA_LOG_STREAM_NAME"]
        self.identity = None
        self.client_context = None
        self._deadline_ms = deadline_ms

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until the function's timeout, never negative."""
        return max(0, self._deadline_ms - int(time.time() * 1000))


class _JsonFormatter(logging.Formatter):
    """One JSON object a line, as Lambda's JSON log format writes it."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, Any] = {
            "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(record.created)),
            "level": record.levelname,
            "message": record.getMessage(),
            "logger": record.name,
            "requestId": _request_id,
        }
        if record.exc_info and record.exc_info[0]:
            entry["errorType"] = record.exc_info[0].__name__
            entry["errorMessage"] = str(record.exc_info[1])
            entry["stackTrace"] = traceback.format_tb(record.exc_info[2])
        entry |= {key: value for key, value in vars(record).items() if key not in _RECORD_FIELDS}
        return json.dumps(entry, ensure_ascii=False, default=str)


class _TextFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        at = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        return f"[{record.levelname}]\t{at}.{int(record.msecs):03d}Z\t{_request_id}\t{super().format(record)}"


def _set_up_logging() -> bool:
    """Give the root logger Lambda's handler; True for the JSON format."""
    as_json = os.environ.get("AWS_LAMBDA_LOG_FORMAT", "").upper() == "JSON"
    level = os.environ.get("AWS_LAMBDA_LOG_LEVEL", "").upper().replace("TRACE", "DEBUG")
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(_JsonFormatter() if as_json else _TextFormatter())
    logging.getLogger().addHandler(handler)
    if level in logging.getLevelNamesMapping():
        logging.getLogger().setLevel(level)
    return as_json


def _load(handler: str) -> Callable[[Any, Context], Any]:
    module, _, function = handler.rpartition(".")
    loaded: Callable[[Any, Context], Any] = getattr(importlib.import_module(module.replace("/", ".")), function)
    return loaded


def _error(raised: BaseException, request_id: str = "") -> dict[str, Any]:
    frames = traceback.extract_tb(raised.__traceback__)
    own = [frame for frame in frames if frame.filename != __file__]
    return {
        "errorMessage": str(raised),
        "errorType": type(raised).__name__,
        "requestId": request_id,
        "stackTrace": traceback.format_list(own),
    }


def _log_error(error: dict[str, Any], as_json: bool) -> None:
    """Lambda's client writes an unhandled exception to the log with its message; so does this, or tests would not see it."""
    if as_json:
        at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        print(json.dumps({"timestamp": at, "level": "ERROR", **error}, ensure_ascii=False))
    else:
        trace = "".join(error["stackTrace"])
        print(f"[ERROR] {error['errorType']}: {error['errorMessage']}\nTraceback (most recent call last):\n{trace}")


class _Client:
    """One kept-alive connection to the Runtime API."""

    def __init__(self) -> None:
        self._connection = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])

    def call(self, method: str, path: str, body: bytes | None = None, error_type: str = "") -> tuple[dict[str, str], bytes]:
        headers = {"Content-Type": "application/json"} if body is not None else {}
        if error_type:
            headers["Lambda-Runtime-Function-Error-Type"] = error_type
        self._connection.request(method, API + path, body, headers)
        response = self._connection.getresponse()
        return {name.lower(): value for name, value in response.getheaders()}, response.read()


def _run() -> NoReturn:
    global _request_id
    as_json = _set_up_logging()
    client = _Client()
    try:
        handler = _load(os.environ["_HANDLER"])
    except Exception as raised:  # noqa: BLE001 - whatever the function's import raises is reported as its init error
        error = _error(raised)
        if isinstance(raised, ImportError):
            error["errorType"] = "Runtime.ImportModuleError"
        _log_error(error, as_json)
        client.call("POST", "/init/error", json.dumps(error).encode(), error["errorType"])
        sys.exit(1)
    while True:
        headers, body = client.call("GET", "/invocation/next")
        _request_id = headers["lambda-runtime-aws-request-id"]
        os.environ["_X_AMZN_TRACE_ID"] = headers.get("lambda-runtime-trace-id", "")
        arn, deadline = headers["lambda-runtime-invoked-function-arn"], int(headers["lambda-runtime-deadline-ms"])
        try:
            result = handler(json.loads(body), Context(_request_id, arn, deadline))
            answer = json.dumps(result, ensure_ascii=False).encode()
        except Exception as raised:  # noqa: BLE001 - the boundary between handler and runtime
            error = _error(raised, _request_id)
            _log_error(error, as_json)
            client.call("POST", f"/invocation/{_request_id}/error", json.dumps(error).encode(), error["errorType"])
        else:
            client.call("POST", f"/invocation/{_request_id}/response", answer)


def _die_with_parent() -> None:
    """Standard input is a pipe whose other end only the parent holds: end of file means that the parent is gone."""
    while os.read(0, 1024):
        pass
    os._exit(1)


def main() -> None:
    """Serve invocations until the environment is killed."""
    threading.Thread(target=_die_with_parent, daemon=True).start()
    if sys.argv[1:] == ["awslambdaric"]:
        client = importlib.import_module("awslambdaric.__main__")
        client.main(["awslambdaric", os.environ["_HANDLER"]])
        return
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    try:
        _run()
    except (ConnectionError, http.client.HTTPException):
        os._exit(1)


if __name__ == "__main__":
    main()
