"""What the client does with answers, against a transport that answers what each test says."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from noillusion_client import AsyncClient, Client, ProblemError, Retries
from noillusion_client.models import ContentInput, PostRequest

JSON = {"content-type": "application/json"}
PROBLEM = {"content-type": "application/problem+json"}
BASE = "https://api.example"
DRAFT = PostRequest(content=ContentInput(text="Hello"), targets=[])
POST: dict[str, Any] = {
    "id": "31c40645-65e4-4d78-8cca-ccaa8b61b54d", "status": "published", "repost_of": None, "targets": [],
    "client_reference": None,
    "generation_id": None,
    "created_at": "2026-11-22T16:41:45.786531Z", "updated_at": "2026-11-22T16:41:45.786531Z",
}  # fmt: skip


def problem(status: int, code: str, headers: dict[str, str] | None = None, **more: Any) -> httpx.Response:
    body = {"type": f"urn:noillusion:problem:{code}", "title": "Title", "status": status, "code": code, "detail": "Detail."}
    return httpx.Response(status, json={**body, "correlation_id": "c1", **more}, headers={**PROBLEM, **(headers or {})})


def nothing() -> httpx.Response:
    return httpx.Response(200, json={"items": [], "next_cursor": None})


class Scripted(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Answers what it is given, one after the other, and keeps what it was sent. An exception is raised."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self.answers, self.received = list(answers), list[httpx.Request]()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.received.append(httpx.Request(request.method, request.url, headers=request.headers, content=request.read()))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return self.handle_request(request)

    def sent(self, header: str) -> list[str | None]:
        return [request.headers.get(header) for request in self.received]


def run_sync(transport: Scripted, name: str, options: dict[str, Any], **arguments: Any) -> Any:
    with Client(BASE, transport=transport, **options) as client:
        return getattr(client, name)(**arguments)


def run_async(transport: Scripted, name: str, options: dict[str, Any], **arguments: Any) -> Any:
    async def work() -> Any:
        async with AsyncClient(BASE, transport=transport, **options) as client:
            return await getattr(client, name)(**arguments)

    return asyncio.run(work())


Run = Callable[..., Any]
both = pytest.mark.parametrize("run", [run_sync, run_async])


@both
def test_a_temporary_answer_is_repeated_after_the_time_it_names_with_the_same_key(run: Run) -> None:
    transport = Scripted(problem(503, "database_unavailable", {"retry-after": "1"}), httpx.Response(201, json=POST))
    started = time.monotonic()
    assert str(run(transport, "publish_post", {}, body=DRAFT).id) == POST["id"]
    assert time.monotonic() - started >= 1
    first, second = transport.sent("idempotency-key")
    assert first == second
    assert first is not None
    assert len(first) == 36
    assert json.loads(transport.received[1].content) == {"content": {"text": "Hello"}, "targets": []}


@both
def test_every_call_has_a_key_of_its_own_and_your_own_key_is_kept(run: Run) -> None:
    transport = Scripted(*(httpx.Response(201, json=POST) for _ in range(3)))
    for key in ({}, {}, {"idempotency_key": "mine"}):
        run(transport, "publish_post", {}, body=DRAFT, **key)
    first, second, third = transport.sent("idempotency-key")
    assert first != second
    assert third == "mine"


@both
def test_a_conflict_is_a_typed_error_and_is_not_repeated(run: Run) -> None:
    transport = Scripted(problem(409, "idempotency_key_reused", {"retry-after": "1"}))
    with pytest.raises(ProblemError) as refused:
        run(transport, "publish_post", {}, body=DRAFT)
    assert (refused.value.status, refused.value.code) == (409, "idempotency_key_reused")
    assert (refused.value.correlation_id, refused.value.retry_after) == ("c1", 1)
    assert len(transport.received) == 1


@both
def test_fields_that_are_not_valid_are_in_the_error_and_in_its_message(run: Run) -> None:
    errors = [{"field": "content.text", "code": "missing", "message": "This field is required."}]
    with pytest.raises(ProblemError, match=r"content\.text: This field is required\.") as refused:
        run(Scripted(problem(422, "validation_failed", errors=errors)), "publish_post", {}, body=DRAFT)
    assert [(error.field, error.code) for error in refused.value.errors] == [("content.text", "missing")]


@both
def test_a_request_that_is_neither_idempotent_nor_has_a_key_is_sent_once(run: Run) -> None:
    transport = Scripted(problem(503, "database_unavailable", {"retry-after": "1"}))
    with pytest.raises(ProblemError):
        run(transport, "check_post", {}, body=DRAFT)
    assert len(transport.received) == 1


@both
def test_an_answer_that_asks_to_wait_longer_than_allowed_is_raised_at_once(run: Run) -> None:
    transport = Scripted(httpx.Response(429, json={"message": "Too Many Requests"}, headers={"retry-after": "3600"}))
    with pytest.raises(ProblemError) as refused:
        run(transport, "list_posts", {})
    assert (refused.value.code, refused.value.retry_after) == ("gateway", 3600)
    assert len(transport.received) == 1


@both
def test_a_broken_connection_is_repeated_and_at_last_raised(run: Run) -> None:
    assert run(Scripted(httpx.ReadError("broken"), nothing()), "list_posts", {}).items == []
    transport = Scripted(*(httpx.ConnectTimeout("late") for _ in range(2)))
    with pytest.raises(httpx.ConnectTimeout):
        run(transport, "list_posts", {"retries": Retries(retries=1)})
    assert len(transport.received) == 2


@both
def test_the_number_of_repeats_is_limited(run: Run) -> None:
    transport = Scripted(*(httpx.Response(503, headers={"retry-after": "0"}) for _ in range(5)))
    with pytest.raises(ProblemError):
        run(transport, "list_posts", {"retries": Retries(retries=2)})
    assert len(transport.received) == 3


@both
def test_the_token_is_asked_before_every_attempt(run: Run) -> None:
    transport = Scripted(httpx.Response(503, headers={"retry-after": "0"}), nothing())
    tokens = iter(["t1", "t2"])
    run(transport, "list_posts", {"token": lambda: next(tokens)})
    assert transport.sent("authorization") == ["Bearer t1", "Bearer t2"]


def test_the_token_can_come_from_a_coroutine() -> None:
    async def token() -> str:
        return "t1"

    transport = Scripted(nothing())
    run_async(transport, "list_posts", {"token": token})
    assert transport.sent("authorization") == ["Bearer t1"]


@both
def test_a_refused_token_has_the_code_of_the_api_although_the_gateway_answers(run: Run) -> None:
    answer = httpx.Response(401, json={"message": "Unauthorized"}, headers={"apigw-requestid": "r1"})
    with pytest.raises(ProblemError) as refused:
        run(Scripted(answer), "get_profile", {"token": "old"})
    assert (refused.value.code, refused.value.correlation_id) == ("unauthorized", "r1")


@both
def test_an_answer_that_nothing_has_changed_is_raised_because_there_is_nothing_to_return(run: Run) -> None:
    with pytest.raises(ProblemError) as unchanged:
        run(Scripted(httpx.Response(304, headers={"etag": '"1"'})), "get_profile", {})
    assert unchanged.value.status == 304


def page(cursor: str | None, count: int) -> httpx.Response:
    return httpx.Response(200, json={"items": [POST] * count, "next_cursor": cursor})


def test_items_are_read_over_all_pages_and_no_page_before_it_is_needed() -> None:
    transport = Scripted(page("next", 2), page(None, 1))
    with Client(BASE, transport=transport) as client:
        posts = client.items(client.list_posts, limit=2)
        next(posts)
        assert len(transport.received) == 1
        assert len(list(posts)) == 2
    assert [request.url.params.get("cursor") for request in transport.received] == [None, "next"]
    assert {request.url.params["limit"] for request in transport.received} == {"2"}


def test_items_are_read_over_all_pages_with_asyncio() -> None:
    transport = Scripted(page("next", 2), page(None, 1))

    async def work() -> int:
        async with AsyncClient(BASE, transport=transport) as client:
            return len([post async for post in client.items(client.list_posts)])

    assert asyncio.run(work()) == 3


def test_a_value_that_a_newer_server_answers_is_passed_on() -> None:
    post: Any = run_sync(Scripted(httpx.Response(201, json={**POST, "status": "a_new_status"})), "publish_post", {}, body=DRAFT)
    assert post.status == "a_new_status"
