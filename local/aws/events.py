"""Events as AWS services build them, and what those services make of a function's answer. Pure: no I/O, no state.

Sources: API Gateway guide, "Create AWS Lambda proxy integrations for HTTP APIs" (payload format 2.0) and "Control access to
HTTP APIs with JWT authorizers"; Lambda guide, "Using Lambda with Amazon SQS". Details the guides leave open (which content
types are text, how claims are rendered, decoded paths) follow measurements of the real service that others have published.
"""

from __future__ import annotations

import base64
import binascii
import json
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote

from local.aws.specs import ACCOUNT, REGION, RouteSpec

Headers = Sequence[tuple[str, str]]

TEXT_TYPES = frozenset({"application/json", "application/javascript", "application/xml"})
NOT_FORWARDED = frozenset(
    {"connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade", "expect", "cookie"}
)
NOT_RETURNED = frozenset({"connection", "keep-alive", "transfer-encoding", "upgrade", "content-length", "date"})


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request as it came in: ``path`` and ``query`` still percent-encoded, header names in any case and order."""

    method: str
    path: str
    query: str
    headers: Headers
    body: bytes
    source_ip: str
    protocol: str = "HTTP/1.1"
    scheme: str = "http"

    def header(self, name: str) -> str:
        """All values of a header joined as API Gateway joins them; empty when absent."""
        return ",".join(value for key, value in self.headers if key.lower() == name)


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to the client."""

    status: int
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""


class InvalidAnswer(Exception):
    """The function's answer is not a response: the client gets a 500."""


def http_event(
    request: HttpRequest,
    route: RouteSpec,
    path_parameters: Mapping[str, str],
    claims: Mapping[str, Any] | None,
    request_id: str,
    now: float | None = None,
) -> dict[str, Any]:
    """The payload format 2.0 event; ``claims`` are the token's when an authorizer has let it pass."""
    at = time.time() if now is None else now
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": route.key,
        "rawPath": unquote(request.path),
        "rawQueryString": request.query,
        "headers": _forwarded(request, at),
        "requestContext": _context(request, route, request_id, at),
        "isBase64Encoded": False,
    }
    if claims is not None:
        rendered = {name: render_claim(value) for name, value in claims.items() if value is not None}
        event["requestContext"]["authorizer"] = {"jwt": {"claims": rendered, "scopes": None}}
    optional = {
        "cookies": _cookies(request.headers),
        "queryStringParameters": _joined(parse_qsl(request.query, keep_blank_values=True)),
        "pathParameters": {name: unquote(value) for name, value in path_parameters.items()},
    }
    event |= {name: value for name, value in optional.items() if value}
    if request.body:
        event["body"], event["isBase64Encoded"] = _body(request)
    return event


def _context(request: HttpRequest, route: RouteSpec, request_id: str, at: float) -> dict[str, Any]:
    host = request.header("host")
    return {
        "accountId": ACCOUNT,
        "apiId": "local",
        "domainName": host,
        "domainPrefix": host.partition(".")[0],
        "http": {
            "method": request.method,
            "path": unquote(request.path),
            "protocol": request.protocol,
            "sourceIp": request.source_ip,
            "userAgent": request.header("user-agent"),
        },
        "requestId": request_id,
        "routeKey": route.key,
        "stage": "$default",
        "time": time.strftime("%d/%b/%Y:%H:%M:%S +0000", time.gmtime(at)),
        "timeEpoch": int(at * 1000),
    }


def render_claim(value: Any) -> str:
    """A claim as it appears in ``authorizer.jwt.claims``: always text; a list as ``[a b]``, an object as JSON."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return f"[{' '.join(render_claim(item) for item in value)}]"
    if isinstance(value, dict):
        return json.dumps(value, separators=(",", ":"))
    return str(value)


def _forwarded(request: HttpRequest, at: float) -> dict[str, str]:
    """Header names in lower case, repeated ones joined by commas, and what API Gateway adds."""
    headers = _joined([(k.lower(), v) for k, v in request.headers if k.lower() not in NOT_FORWARDED])
    _, _, port = request.header("host").partition(":")
    headers["x-forwarded-for"] = ", ".join(filter(None, (headers.get("x-forwarded-for"), request.source_ip)))
    headers["x-forwarded-port"] = port or ("443" if request.scheme == "https" else "80")
    headers["x-forwarded-proto"] = request.scheme
    headers.setdefault("x-amzn-trace-id", f"Root=1-{int(at):08x}-{int(at * 1e9):024x}")
    return dict(sorted(headers.items()))


def _cookies(headers: Headers) -> list[str]:
    values = [value for name, value in headers if name.lower() == "cookie"]
    return [cookie.strip() for value in values for cookie in value.split(";") if cookie.strip()]


def _joined(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    joined: dict[str, str] = {}
    for name, value in pairs:
        joined[name] = f"{joined[name]},{value}" if name in joined else value
    return joined


def _body(request: HttpRequest) -> tuple[str, bool]:
    """The body and whether it is base64. Forms and bodies without a content type are base64, unlike JSON, XML and text."""
    kind = request.header("content-type").partition(";")[0].strip().lower()
    if (kind.startswith("text/") or kind in TEXT_TYPES) and not request.header("content-encoding"):
        try:
            return request.body.decode("utf-8"), False
        except UnicodeDecodeError:
            pass
    return base64.b64encode(request.body).decode(), True


def translate(payload: bytes) -> Reply:
    """The response that a function's answer stands for, in format 2.0 with its inferred form. Raises InvalidAnswer."""
    try:
        answer = json.loads(payload)
    except ValueError:
        raise InvalidAnswer from None
    if not isinstance(answer, dict) or "statusCode" not in answer:
        body = answer.encode() if isinstance(answer, str) else payload
        return Reply(200, [("content-type", "application/json")], body)
    try:
        status = int(answer["statusCode"])
    except (TypeError, ValueError):
        raise InvalidAnswer from None
    body = _response_body(answer)
    if not 100 <= status <= 599:
        raise InvalidAnswer
    headers = [(str(k).lower(), _header_value(v)) for k, v in _mapping(answer.get("headers")).items()]
    headers = [(name, value) for name, value in headers if name not in NOT_RETURNED]
    if body and not any(name == "content-type" for name, _ in headers):
        headers.append(("content-type", "text/plain;charset=UTF-8"))
    headers += [("set-cookie", str(cookie)) for cookie in answer.get("cookies") or ()]
    return Reply(status, headers, body)


def _mapping(value: Any) -> Mapping[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise InvalidAnswer
    return value


def _header_value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    raise InvalidAnswer


def _response_body(answer: Mapping[str, Any]) -> bytes:
    body = answer.get("body")
    if body is None:
        return b""
    if not isinstance(body, str):
        raise InvalidAnswer
    if not answer.get("isBase64Encoded"):
        return body.encode()
    try:
        return base64.b64decode(body, validate=True)
    except binascii.Error:
        raise InvalidAnswer from None


def queue_event(messages: Sequence[Mapping[str, Any]], queue_arn: str) -> dict[str, Any]:
    """The event for messages as SQS's JSON protocol gives them."""
    return {"Records": [_record(message, queue_arn) for message in messages]}


def _record(message: Mapping[str, Any], queue_arn: str) -> dict[str, Any]:
    record = {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": dict(message.get("Attributes", {})),
        "messageAttributes": {name: _attribute(value) for name, value in message.get("MessageAttributes", {}).items()},
        "md5OfBody": message["MD5OfBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": queue_arn,
        "awsRegion": REGION,
    }
    if "MD5OfMessageAttributes" in message:
        record["md5OfMessageAttributes"] = message["MD5OfMessageAttributes"]
    return record


def _attribute(value: Mapping[str, Any]) -> dict[str, Any]:
    kept = {key[0].lower() + key[1:]: item for key, item in value.items() if key in ("StringValue", "BinaryValue")}
    return {**kept, "stringListValues": [], "binaryListValues": [], "dataType": value["DataType"]}


def failed_messages(payload: bytes, sent: Sequence[str]) -> set[str]:
    """Which of the sent message ids a ``ReportBatchItemFailures`` answer names; all of them if the answer is malformed.

    Source: Lambda guide, "Handling errors for an SQS event source in Lambda", success and failure conditions.
    """
    everything = set(sent)
    try:
        answer = json.loads(payload) if payload.strip() else None
    except ValueError:
        return everything
    if not answer:
        return set()
    failures = answer.get("batchItemFailures") if isinstance(answer, dict) else ()
    if failures is None:
        return set()
    if not isinstance(failures, list):
        return everything
    named = [item.get("itemIdentifier") if isinstance(item, dict) else None for item in failures]
    return set(sent).intersection(named) if all(name in sent for name in named) else everything
