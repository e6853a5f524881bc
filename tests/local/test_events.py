"""Events and answers as values: what needs no server to be seen."""

from __future__ import annotations

import json
from typing import Any

import pytest

from local.aws.events import HttpRequest, failed_messages, http_event, queue_event, render_claim
from local.aws.specs import RouteSpec


def test_http_event_matches_the_documented_example() -> None:
    """The example of the API Gateway guide, with this runtime's account, API and addresses."""
    request = HttpRequest(
        method="POST",
        path="/path/to/resource",
        query="parameter1=value1&parameter1=value2&parameter2=value",
        headers=[
            ("Header1", "value1"),
            ("Header2", "value1"),
            ("Header2", "value2"),
            ("Cookie", "cookie1; cookie2"),
            ("Host", "id.execute-api.us-east-1.amazonaws.com"),
            ("User-Agent", "agent"),
            ("Content-Type", "text/plain"),
            ("X-Amzn-Trace-Id", "Root=1"),
        ],
        body=b"Hello from client",
        source_ip="192.0.2.1",
        scheme="https",
    )
    route = RouteSpec("POST", "/path/to/{parameter1}", "F", authorized=True)
    event = http_event(request, route, {"parameter1": "resource"}, {"claim1": "value1"}, "id", now=1583348638.390)
    assert event == {
        "version": "2.0",
        "routeKey": "POST /path/to/{parameter1}",
        "rawPath": "/path/to/resource",
        "rawQueryString": "parameter1=value1&parameter1=value2&parameter2=value",
        "cookies": ["cookie1", "cookie2"],
        "headers": {
            "content-type": "text/plain",
            "header1": "value1",
            "header2": "value1,value2",
            "host": "id.execute-api.us-east-1.amazonaws.com",
            "user-agent": "agent",
            "x-amzn-trace-id": "Root=1",
            "x-forwarded-for": "192.0.2.1",
            "x-forwarded-port": "443",
            "x-forwarded-proto": "https",
        },
        "queryStringParameters": {"parameter1": "value1,value2", "parameter2": "value"},
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "local",
            "authorizer": {"jwt": {"claims": {"claim1": "value1"}, "scopes": None}},
            "domainName": "id.execute-api.us-east-1.amazonaws.com",
            "domainPrefix": "id",
            "http": {
                "method": "POST",
                "path": "/path/to/resource",
                "protocol": "HTTP/1.1",
                "sourceIp": "192.0.2.1",
                "userAgent": "agent",
            },
            "requestId": "id",
            "routeKey": "POST /path/to/{parameter1}",
            "stage": "$default",
            "time": "04/Mar/2020:19:03:58 +0000",
            "timeEpoch": 1583348638390,
        },
        "body": "Hello from client",
        "pathParameters": {"parameter1": "resource"},
        "isBase64Encoded": False,
    }


def test_client_cannot_hide_its_address() -> None:
    request = HttpRequest("GET", "/", "", [("X-Forwarded-For", "203.0.113.9")], b"", "192.0.2.1")
    event = http_event(request, RouteSpec("GET", "/", "F", False), {}, None, "id")
    assert event["headers"]["x-forwarded-for"] == "203.0.113.9, 192.0.2.1"
    assert event["requestContext"]["http"]["sourceIp"] == "192.0.2.1"


@pytest.mark.parametrize(
    ("claim", "text"),
    [("a", "a"), (9999999999, "9999999999"), (True, "true"), (["admin", "user"], "[admin user]"), ({"a": "b"}, '{"a":"b"}')],
)
def test_claims_are_text(claim: Any, text: str) -> None:
    assert render_claim(claim) == text


def test_queue_event_has_the_documented_shape() -> None:
    message = {
        "MessageId": "059f36b4",
        "ReceiptHandle": "AQEB",
        "Body": "Test message.",
        "Attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": "1545082649183"},
        "MessageAttributes": {"kind": {"DataType": "String", "StringValue": "x"}},
        "MD5OfBody": "e4e68fb7",
        "MD5OfMessageAttributes": "abc",
    }
    assert queue_event([message], "arn:aws:sqs:eu-central-1:123456789012:my-queue") == {
        "Records": [
            {
                "messageId": "059f36b4",
                "receiptHandle": "AQEB",
                "body": "Test message.",
                "attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": "1545082649183"},
                "messageAttributes": {
                    "kind": {"stringValue": "x", "stringListValues": [], "binaryListValues": [], "dataType": "String"}
                },
                "md5OfBody": "e4e68fb7",
                "md5OfMessageAttributes": "abc",
                "eventSource": "aws:sqs",
                "eventSourceARN": "arn:aws:sqs:eu-central-1:123456789012:my-queue",
                "awsRegion": "eu-central-1",
            }
        ]
    }


@pytest.mark.parametrize("answer", [None, {}, {"batchItemFailures": []}, {"batchItemFailures": None}])
def test_answers_that_mean_complete_success(answer: Any) -> None:
    assert failed_messages(json.dumps(answer).encode(), ["a", "b"]) == set()


@pytest.mark.parametrize(
    "answer",
    [
        b"not json",
        b'{"batchItemFailures": [{"itemIdentifier": ""}]}',
        b'{"batchItemFailures": [{"itemIdentifier": null}]}',
        b'{"batchItemFailures": [{"wrongKey": "a"}]}',
        b'{"batchItemFailures": [{"itemIdentifier": "c"}]}',
        b'{"batchItemFailures": [{"itemIdentifier": ["a"]}]}',
    ],
)
def test_answers_that_mean_complete_failure(answer: bytes) -> None:
    assert failed_messages(answer, ["a", "b"]) == {"a", "b"}


def test_answer_names_the_failed_messages() -> None:
    assert failed_messages(b'{"batchItemFailures": [{"itemIdentifier": "b"}]}', ["a", "b"]) == {"b"}
