"""Requests as forms with files: the same answers as to JSON, and refusals that name the part that was sent."""

from __future__ import annotations

import base64
import json
import secrets
import tracemalloc
from typing import Any

import httpx
import pytest

from noillusion.api import multipart
from noillusion.core.errors import BadRequest
from noillusion.publishing.content import MAX_INLINE_BYTES
from tests.api.conftest import Platforms
from tests.api.harness import Answer, Client
from tests.api.test_publishing import Publisher
from tests.support.movies import image

PHOTO = image("JPEG", (1200, 628))
Parts = list[tuple[str, tuple[str | None, bytes | str, str] | tuple[str | None, bytes | str]]]


@pytest.fixture
def publisher(platforms: Platforms) -> Publisher:
    return Publisher(platforms)


def form(parts: Parts) -> tuple[str, bytes]:
    """Content type and body as a real client encodes them."""
    request = httpx.Request("POST", "https://api.test", files=parts)
    return request.headers["content-type"], request.read()


def send(client: Client, path: str, parts: Parts, *, key: str = "k1", encoded: bool = True) -> Answer:
    content_type, body = form(parts)
    raw = base64.b64encode(body).decode() if encoded else body.decode()
    headers = {"content-type": content_type, "idempotency-key": key}
    return client.request("publish", "POST", path, raw=raw, headers=headers, encoded=encoded)


def request(publisher: Publisher, name: str = "facebook", **content: Any) -> str:
    return json.dumps({"content": {"text": "Hello", **content}, "targets": [{"connection_id": publisher.connections[name]}]})


def with_photo(publisher: Publisher, name: str = "facebook", **content: Any) -> Parts:
    return [
        ("request", (None, request(publisher, name, **content), "application/json")),
        ("content.media.0.data", ("photo.jpg", PHOTO, "image/jpeg")),
    ]


@pytest.mark.parametrize("name", ["facebook", "linkedin"])
def test_a_photo_in_a_form_is_published_as_it_is(publisher: Publisher, name: str) -> None:
    answer = send(publisher.client, "/v1/posts", with_photo(publisher, name))
    assert answer.status == 201, answer.text
    assert publisher.statuses(answer) == {name: "published"}
    assert len(publisher.platforms.posts(name)) == 1


def test_bytes_arrive_unchanged_whatever_they_are() -> None:
    for data in (bytes(range(256)) * 9, b"\r\n\r\n--x\n\r\n", b"\n", b"\r", secrets.token_bytes(70_000)):
        content_type, body = form([("request", (None, "{}")), ("content.media.0.data", ("a", data, "image/png"))])
        read = json.loads(multipart.as_json(content_type, base64.b64encode(body).decode(), encoded=True))
        assert read == {"content": {"media": [{"data": base64.b64encode(data).decode(), "content_type": "image/png"}]}}


def test_a_form_and_json_are_the_same_request_under_one_key(publisher: Publisher) -> None:
    first = send(publisher.client, "/v1/posts", with_photo(publisher))
    media = [{"data": base64.b64encode(PHOTO).decode(), "content_type": "image/jpeg"}]
    again = publisher.publish("k1", json.loads(request(publisher, media=media)))
    assert (first.status, again.status) == (201, 201)
    assert again.headers["idempotency-replayed"] == "true"
    assert again.json["id"] == first.json["id"]


def test_files_go_where_their_names_say_and_keep_what_the_json_says(publisher: Publisher) -> None:
    parts = with_photo(publisher, media=[{"alt_text": "A bicycle"}, {"alt_text": "A bell"}])
    parts.append(("content.media.1.data", ("bell.jpg", image("JPEG", (640, 480)), "image/jpeg")))
    answer = send(publisher.client, "/v1/posts", parts)
    assert answer.status == 201, answer.text
    assert [target["kind"] for target in answer.json["targets"]] == ["images"]


def test_an_error_names_the_part(publisher: Publisher) -> None:
    parts = with_photo(publisher)
    parts[1] = ("content.media.0.data", ("photo.png", PHOTO, "image/png"))
    checked = send(publisher.client, "/v1/posts/check", parts)
    assert [(p["field"], p["code"]) for p in checked.json["targets"][0]["problems"]] == [("content.media.0.data", "wrong_type")]
    parts[1] = ("content.media.0.data", ("photo.jpg", bytes(MAX_INLINE_BYTES + 1), "image/jpeg"))
    refused = send(publisher.client, "/v1/posts/check", parts)
    assert (refused.status, [error["field"] for error in refused.json["errors"]]) == (422, ["content.media.0.data"])


REQUEST = ("request", (None, '{"targets": []}', "application/json"))
FILE = ("content.media.0.data", ("a.jpg", PHOTO, "image/jpeg"))
REFUSED: list[tuple[Parts, str, str]] = [
    ([FILE], "request", "missing"),
    ([REQUEST, REQUEST], "request", "missing"),
    ([("request", (None, "{", "application/json"))], "request", "json_invalid"),
    ([("request", (None, "[" * 100_000, "application/json"))], "request", "json_invalid"),
    ([REQUEST, ("photo", ("a.jpg", PHOTO, "image/jpeg"))], "body", "form_name"),
    ([REQUEST, ("content.media.0.url", ("a.jpg", PHOTO, "image/jpeg"))], "body", "form_name"),
    ([REQUEST, FILE, FILE], "content.media.0.data", "form_place"),
    ([REQUEST, ("content.media.1.data", ("a.jpg", PHOTO, "image/jpeg"))], "content.media.1.data", "form_place"),
    ([REQUEST, ("content.media.x.data", ("a.jpg", PHOTO, "image/jpeg"))], "body", "form_name"),
    ([REQUEST, ("content.text.data", ("a.jpg", PHOTO, "image/jpeg"))], "body", "form_name"),
    (
        [REQUEST, ("targets.1.content.media.0.data", ("a.jpg", PHOTO, "image/jpeg"))],
        "targets.1.content.media.0.data",
        "form_place",
    ),
    ([("request", (None, "3", "application/json")), FILE], "content.media.0.data", "form_place"),
    ([REQUEST, *(("content.media.0.data", ("a", b"x")) for _ in range(64))], "body", "form_invalid"),
]


@pytest.mark.parametrize(("parts", "field", "code"), REFUSED, ids=range(len(REFUSED)))
def test_what_is_no_such_form_is_refused_by_name(deployment: Any, parts: Parts, field: str, code: str) -> None:
    answer = send(Client(), "/v1/posts/check", parts)
    assert (answer.status, answer.json["code"]) == (400, "malformed_form"), answer.text
    assert [(error["field"], error["code"]) for error in answer.json["errors"]] == [(field, code)]


def test_garbage_and_other_routes_are_refused(deployment: Any) -> None:
    headers = {"content-type": "multipart/form-data; boundary=x"}
    for raw, encoded in (("garbage", False), ("%%%", True), ("", True), ("LS14DQoNCg==", True)):
        answer = Client().request("publish", "POST", "/v1/posts/check", raw=raw, headers=headers, encoded=encoded)
        assert answer.status in (400, 422), answer.text
    for claimed in ("multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\xe9"):
        answer = Client().request("publish", "POST", "/v1/posts/check", raw="--x--", headers={"content-type": claimed})
        assert (answer.status, answer.json["code"]) == (400, "malformed_form")
    content_type, body = form([REQUEST])
    other = {"content-type": content_type}
    answer = Client().request("templates", "POST", "/v1/templates", raw=body.decode(), headers=other)
    assert answer.status == 415


@pytest.mark.parametrize("inside", ["multipart/mixed; boundary=y", "message/rfc822", "text/plain"])
def test_what_is_nested_in_a_part_stays_its_bytes(inside: str) -> None:
    nested = b"content-type: multipart/mixed; boundary=z\r\n\r\n--z\r\n" * 3_000 + b"--y\r\n\r\n" * 3_000
    content_type, body = form([("request", (None, "{}")), ("content.media.0.data", ("a", nested, inside))])
    read = json.loads(multipart.as_json(content_type, base64.b64encode(body).decode(), encoded=True))
    assert base64.b64decode(read["content"]["media"][0]["data"]) == nested


def test_a_form_of_nothing_but_boundaries_costs_little() -> None:
    raw = base64.b64encode(b"--x\r\n\r\n" * 500_000).decode()
    tracemalloc.start()
    try:
        with pytest.raises(BadRequest):
            multipart.as_json("multipart/form-data; boundary=x", raw, encoded=True)
        assert tracemalloc.get_traced_memory()[1] < 32 << 20
    finally:
        tracemalloc.stop()


def test_names_of_files_in_any_language_are_taken_and_endless_headers_are_not() -> None:
    content_type, body = form([("request", (None, "{}")), ("content.media.0.data", ("Fahrräder 🚲.jpg", PHOTO, "image/jpeg"))])
    read = json.loads(multipart.as_json(content_type, base64.b64encode(body).decode(), encoded=True))
    assert base64.b64decode(read["content"]["media"][0]["data"]) == PHOTO
    content_type, body = form([("request", (None, "{}")), ("content.media.0.data", ("a" * 9_000, PHOTO, "image/jpeg"))])
    with pytest.raises(BadRequest):
        multipart.as_json(content_type, base64.b64encode(body).decode(), encoded=True)
