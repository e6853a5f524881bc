"""The runner's contract: what is repeated and what never is, what is durable when, and where a token may go."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from email.utils import formatdate
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeVar, cast

import httpx
import pytest

from noillusion.core import clock, logs, loop
from noillusion.core.sensitive import Content, Secret
from noillusion.flows import runner as module
from noillusion.flows import sources, transport
from noillusion.flows.draft import MediaItem
from noillusion.flows.effects import Effect
from noillusion.flows.faults import ErrorClass, Fault, OutcomeUnknown, PlatformError
from noillusion.flows.pauses import of_refusal
from noillusion.flows.protocol import Call, Flow, Reply, SizeOf, Until
from noillusion.flows.runner import ATTEMPTS, LONGEST_WAIT_S, RESERVE_S, Runner, Session, Suspended
from noillusion.flows.shapes import Form, Forms
from noillusion.net import client as http
from noillusion.platforms.contract import Platform
from noillusion.platforms.reading import unlisted
from noillusion.settings import source as settings
from tests.support.logged import logged

T = TypeVar("T")
API = "https://api.example"
Answer = httpx.Response | Exception | Callable[[httpx.Request], Awaitable[httpx.Response]]

CLASSES = {
    401: ErrorClass.REAUTH,
    403: ErrorClass.PERMISSION,
    404: ErrorClass.NOT_FOUND,
    409: ErrorClass.DUPLICATE,
    422: ErrorClass.INVALID_CONTENT,
    425: ErrorClass.NOT_READY,
    426: ErrorClass.OPERATOR,
    429: ErrorClass.RATE_LIMIT,
}


def classify(reply: Reply) -> Fault | None:
    """Tiny's errors are its HTTP statuses. Its own code says that it refused; anybody else can give a status."""
    if reply.status < 400:
        return None
    wait = reply.get("header:retry-after")
    error_class, certain = CLASSES.get(reply.status, ErrorClass.TRANSIENT), reply.get("refused") is True
    return Fault(error_class, f"http_{reply.status}", float(wait) if wait else None, certain=certain)


def refusal(status: int, headers: Mapping[str, str] | None = None) -> httpx.Response:
    """A refusal by Tiny's own code."""
    return httpx.Response(status, json={"refused": True}, headers=headers)


ID = Form("[a-z0-9-]+", 20)
TINY = cast(
    Platform,
    SimpleNamespace(
        name="tiny",
        hosts=("api.example",),
        classify=classify,
        pause=lambda _, fault: of_refusal(fault),
        other_version=lambda call, reply: None,
        versioned=lambda flow: flow,
        upload_hosts=(".upload.example",),
        signed_hosts=("api.example",),
        forms=Forms(ID, ID, ID, ID, ("api.example",)),
    ),
)


class World:
    """What happens around a run: canned answers, a clock that moves by sleeping, and one record of everything in order."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self.requests: list[httpx.Request] = []
        self.record: list[str] = []
        self.time = 1_000.0
        self.pauses: list[float] = []
        self.ahead: float | None = None

    async def answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        self.record.append(f"{request.method} {request.url.path}")
        given = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(given, Exception):
            raise given
        if isinstance(given, httpx.Response):
            # A fresh copy, because a response can be read only once.
            return httpx.Response(given.status_code, headers=given.headers, content=given.content)
        return await given(request)

    async def committing(self, ahead: float | None) -> None:
        self.ahead = ahead
        self.record.append("committing")

    async def not_committed(self) -> None:
        self.record.append("not committed")

    async def keep(self, handles: Mapping[str, str]) -> None:
        self.record.append(f"keep {dict(handles)}")

    def run(self, flow: Flow[T], *, session: Session | None = None, budget: float = 60, patience: float | None = None) -> T:
        """Run a flow against the answers."""

        async def go() -> T:
            until = None if patience is None else self.time + patience
            chosen = session or Session(Secret("token-1"))
            return await Runner(TINY, chosen, deadline=self.time + budget, checkpoint=self, patience=until).run(flow)

        return loop.run(go())

    def refused(self, flow: Flow[Any], **options: Any) -> PlatformError:
        """Run a flow that ends with a refusal."""
        with pytest.raises(PlatformError) as refusal:
            self.run(flow, **options)
        return refusal.value


class Transport(httpx.AsyncBaseTransport):
    """Gives the world's answers. Unlike the library's own stand-in it leaves bodies that are streamed to the answer."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if isinstance(request.stream, httpx.SyncByteStream):
            await request.aread()
        return await self._world.answer(request)


@pytest.fixture
def world(deployment: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    """A world with nothing in it."""
    made = World()
    client = httpx.AsyncClient(transport=Transport(made), timeout=10)

    async def sleep(seconds: float) -> None:
        made.pauses.append(seconds)
        made.time += seconds
        await asyncio.sleep(0)

    monkeypatch.setattr(http, "client", lambda: client)
    # Only the runner's: servers in other threads go on sleeping as they must.
    monkeypatch.setattr(module, "asyncio", SimpleNamespace(**{**vars(asyncio), "sleep": sleep}))
    monkeypatch.setattr(clock, "monotonic", lambda: made.time)
    return made


def ok(**data: Any) -> httpx.Response:
    """A success with a JSON body."""
    return httpx.Response(200, json=data)


def one(effect: Effect = Effect.READ, method: str = "POST", url: str = f"{API}/x", **parts: Any) -> Flow[Reply]:
    """A flow of one call; its result is the reply."""
    reply: Reply = yield Call(method, url, effect, **parts)
    return reply


def publish() -> Flow[str]:
    """Prepare, commit, look."""
    prepared = yield Call("POST", f"{API}/prepare", Effect.PREPARE, keep={"container": "id"})
    committed = yield Call("POST", f"{API}/commit", Effect.COMMIT, json={"id": prepared["id"]}, keep={"accepted_id": "id"})
    yield Call("GET", f"{API}/look")
    return str(committed["id"])


def commit() -> Flow[str]:
    """A commit that has to tell an id."""
    reply = yield Call("POST", f"{API}/commit", Effect.COMMIT, keep={"accepted_id": "id"})
    return str(reply["id"])


RESETS = [
    httpx.ReadError("x"),
    httpx.WriteError("x"),
    httpx.RemoteProtocolError("x"),
    httpx.ReadTimeout("x"),
    httpx.WriteTimeout("x"),
]
NOT_SENT = [httpx.ConnectError("x"), httpx.ConnectTimeout("x"), httpx.PoolTimeout("x")]


def named(answer: object) -> str:
    """A test's name for an answer."""
    return str(answer.status_code) if isinstance(answer, httpx.Response) else type(answer).__name__


@pytest.mark.parametrize("effect", [Effect.READ, Effect.PREPARE])
@pytest.mark.parametrize("trouble", [*RESETS, *NOT_SENT, httpx.Response(500), httpx.Response(503)], ids=named)
def test_what_is_safe_to_repeat_is_repeated_after_a_passing_fault(world: World, effect: Effect, trouble: Answer) -> None:
    world.answers = [trouble, trouble, ok(id="7")]
    assert world.run(one(effect))["id"] == "7"
    assert len(world.requests) == 3 and len(world.pauses) == 2 and world.pauses[0] < world.pauses[1]


@pytest.mark.parametrize("effect", [Effect.READ, Effect.PREPARE])
@pytest.mark.parametrize("trouble", [RESETS[0], NOT_SENT[0], httpx.Response(503)], ids=named)
def test_repeating_ends(world: World, effect: Effect, trouble: Answer) -> None:
    world.answers = [trouble]
    refusal = world.refused(one(effect))
    assert (refusal.fault.error_class, refusal.effect) == (ErrorClass.TRANSIENT, effect)
    assert not isinstance(refusal, OutcomeUnknown) and len(world.requests) == ATTEMPTS


@pytest.mark.parametrize("effect", [Effect.READ, Effect.PREPARE])
@pytest.mark.parametrize("status", [403, 404, 409, 422, 425, 426, 429], ids=str)
def test_a_refusal_that_waiting_does_not_change_is_not_repeated(world: World, effect: Effect, status: int) -> None:
    world.answers = [httpx.Response(status)]
    world.refused(one(effect))
    assert len(world.requests) == 1 and world.pauses == []


@pytest.mark.parametrize("effect", list(Effect))
def test_a_refusal_of_the_operators_app_is_logged_once_and_no_other_is(world: World, effect: Effect) -> None:
    for status, events in ((426, ["platform_call", "app_refused"]), (403, ["platform_call"])):
        world.answers = [refusal(status)]
        with logged() as log:
            world.refused(one(effect))
        lines = [json.loads(line) for line in log.getvalue().splitlines()]
        assert [line["message"] for line in lines] == events
        told = {name: lines[-1][name] for name in ("platform", "status")}
        assert told == {"platform": "tiny", "status": status}


def test_the_platforms_own_wait_hint_is_kept_to(world: World) -> None:
    world.answers = [httpx.Response(429, headers={"retry-after": "2.5"}), ok(id="7")]
    assert world.run(one())["id"] == "7"
    assert world.pauses == [2.5]


@pytest.mark.parametrize(("hint", "budget"), [(LONGEST_WAIT_S + 1, 60), (3, 3.5)], ids=["too long", "over the budget"])
@pytest.mark.parametrize("status", [429, 503])
def test_a_wait_that_does_not_fit_is_told_instead_of_taken(world: World, status: int, hint: float, budget: float) -> None:
    world.answers = [httpx.Response(status, headers={"retry-after": str(hint)})]
    refusal = world.refused(one(), budget=budget)
    assert refusal.fault.retry_after == hint and len(world.requests) == 1 and world.pauses == []


@pytest.mark.parametrize(("hint", "budget"), [(LONGEST_WAIT_S, 60), (3, 4)], ids=["the longest", "all of the budget"])
def test_a_wait_that_just_fits_is_taken(world: World, hint: float, budget: float) -> None:
    world.answers = [httpx.Response(429, headers={"retry-after": str(hint)}), ok(id="7")]
    assert world.run(one(), budget=budget)["id"] == "7"
    assert world.pauses == [hint]


def test_nothing_is_repeated_when_the_budget_is_used_up(world: World) -> None:
    world.answers = [httpx.Response(503)]
    world.refused(one(), budget=1.1)
    assert len(world.requests) == 1


async def silence(_: httpx.Request) -> httpx.Response:
    """Never answers."""
    await asyncio.Event().wait()
    raise AssertionError


async def half(_: httpx.Request) -> httpx.Response:
    """A good answer that breaks off."""

    async def body() -> AsyncIterator[bytes]:
        yield b'{"id": "'
        raise httpx.ReadError("reset")

    return httpx.Response(200, stream=Stream(body()))


class Stream(httpx.AsyncByteStream):
    """A body from an iterator."""

    def __init__(self, chunks: AsyncIterator[bytes]) -> None:
        self._chunks = chunks

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for chunk in self._chunks:
            yield chunk


LOST = {
    **{type(reset).__name__: reset for reset in RESETS},
    **{f"status {status}": httpx.Response(status) for status in (500, 502, 503, 504)},
    "no answer": silence,
    "breaks off": half,
    "no JSON": httpx.Response(200, text="<html>thanks</html>"),
    "half JSON": httpx.Response(200, text='{"id": "1'),
    "deep JSON": httpx.Response(200, text="[" * 200_000),
    "empty": httpx.Response(200),
    "no id": ok(other="1"),
    "null id": ok(id=None),
    "empty id": ok(id=""),
    "a list": httpx.Response(200, json=["1"]),
    "redirect": httpx.Response(302, headers={"location": "https://api.example/elsewhere"}),
}


@pytest.mark.parametrize("answer", LOST.values(), ids=LOST.keys())
def test_A2_a_commit_without_a_trustworthy_answer_is_unknown_and_sent_once(world: World, answer: Answer) -> None:
    world.answers = [answer]
    refusal = world.refused(commit(), budget=0.5)
    assert isinstance(refusal, OutcomeUnknown) and refusal.effect is Effect.COMMIT
    assert world.record == ["committing", "POST /commit"]


@pytest.mark.parametrize("answer", [LOST["no JSON"], LOST["no id"]], ids=["no JSON", "no id"])
def test_a_commit_whose_flow_misses_something_afterwards_is_unknown_too(world: World, answer: Answer) -> None:
    def flow() -> Flow[str]:
        reply = yield Call("POST", f"{API}/commit", Effect.COMMIT)
        return str(reply["id"])

    world.answers = [answer]
    assert isinstance(world.refused(flow()), OutcomeUnknown)
    assert len(world.requests) == 1


def test_what_is_missing_in_a_read_after_a_commit_leaves_its_outcome_unknown(world: World) -> None:
    def flow() -> Flow[str]:
        yield Call("POST", f"{API}/commit", Effect.COMMIT)
        return str((yield Call("GET", f"{API}/look"))["id"])

    world.answers = [ok(id="7"), ok()]
    assert isinstance(world.refused(flow()), OutcomeUnknown)
    assert world.record == ["committing", "POST /commit", "GET /look"]


def test_a_commit_that_fails_without_certainty_is_unknown_wherever_it_failed(world: World) -> None:
    error = world.refused(one(Effect.COMMIT, body=MediaItem("video")))
    assert isinstance(error, OutcomeUnknown) and error.fault == Fault(ErrorClass.MEDIA_FETCH, "no_source")


def test_a_read_that_lacks_what_it_must_have_is_no_unknown_outcome(world: World) -> None:
    def flow() -> Flow[str]:
        return str((yield Call("GET", f"{API}/x"))["data.id"])

    world.answers = [ok(data={})]
    refusal = world.refused(flow())
    assert (refusal.fault, type(refusal)) == (Fault(ErrorClass.UNKNOWN, "shape:data.id"), PlatformError)


@pytest.mark.parametrize("status", [401, 403, 404, 409, 422, 425, 426, 429], ids=str)
def test_a_commit_that_the_platform_refuses_is_a_clean_failure_and_sent_once(world: World, status: int) -> None:
    world.answers = [refusal(status, {"retry-after": "1"})]
    error = world.refused(commit())
    assert not isinstance(error, OutcomeUnknown) and error.fault.error_class is CLASSES[status]
    assert world.record == ["committing", "POST /commit"]


@pytest.mark.parametrize(
    "body", [b"", b"<html>blocked</html>", b"{}", b'{"message": "denied"}'], ids=["empty", "page", "{}", "json"]
)
@pytest.mark.parametrize("status", [301, 401, 403, 404, 409, 422, 425, 429, 451, 503], ids=str)
def test_a_status_that_anybody_could_have_given_settles_no_commit(world: World, status: int, body: bytes) -> None:
    world.answers = [httpx.Response(status, content=body), ok(id="7")]
    assert isinstance(world.refused(commit(), session=refreshing(world, "token-2")), OutcomeUnknown)
    assert world.record == ["committing", "POST /commit"]


@pytest.mark.parametrize("error", NOT_SENT, ids=named)
def test_a_commit_that_never_left_is_a_clean_failure(world: World, error: Exception) -> None:
    world.answers = [error]
    refusal = world.refused(commit())
    assert not isinstance(refusal, OutcomeUnknown) and refusal.fault == Fault(ErrorClass.TRANSIENT, "not_sent", certain=True)
    assert len(world.requests) == 1


def refreshing(world: World, *tokens: str | None) -> Session:
    """A session whose refreshes give these tokens."""
    left = list(tokens)

    async def refresh(_: Fault) -> Secret | None:
        world.record.append("refresh")
        token = left.pop(0)
        return Secret(token) if token else None

    return Session(Secret("token-1"), refresh)


REPEATABLE = [Effect.READ, Effect.PREPARE]


@pytest.mark.parametrize("effect", REPEATABLE)
def test_a_refused_token_is_refreshed_once_and_the_call_repeated_once(world: World, effect: Effect) -> None:
    world.answers = [httpx.Response(401), ok(id="7")]
    assert world.run(one(effect), session=refreshing(world, "token-2"))["id"] == "7"
    assert [request.headers["authorization"] for request in world.requests] == ["Bearer token-1", "Bearer token-2"]
    assert world.record.count("refresh") == 1


@pytest.mark.parametrize("effect", REPEATABLE)
@pytest.mark.parametrize(("tokens", "sent"), [(("token-2",), 2), ((None,), 1)], ids=["refused again", "grant dead"])
def test_a_token_that_stays_refused_is_a_clean_failure(
    world: World, effect: Effect, tokens: tuple[str | None, ...], sent: int
) -> None:
    world.answers = [httpx.Response(401)]
    refusal = world.refused(one(effect), session=refreshing(world, *tokens))
    assert (refusal.fault.error_class, len(world.requests)) == (ErrorClass.REAUTH, sent)
    assert not isinstance(refusal, OutcomeUnknown) and world.record.count("refresh") == 1


def test_a_commit_is_sent_once_even_when_its_token_was_refused_and_there_is_a_new_one(world: World) -> None:
    def flow() -> Flow[str]:
        with contextlib.suppress(PlatformError):
            yield Call("POST", f"{API}/commit", Effect.COMMIT)
        return str((yield Call("GET", f"{API}/look"))["id"])

    world.answers = [refusal(401), ok(id="7")]
    assert world.run(flow(), session=refreshing(world, "token-2")) == "7"
    assert world.record == ["committing", "POST /commit", "refresh", "not committed", "GET /look"]
    assert [request.headers["authorization"] for request in world.requests] == ["Bearer token-1", "Bearer token-2"]


@pytest.mark.parametrize(("token", "error_class"), [("token-2", ErrorClass.TRANSIENT), (None, ErrorClass.REAUTH)])
def test_a_commit_refused_for_its_token_asks_for_a_new_connection_only_if_the_grant_is_dead(
    world: World, token: str | None, error_class: ErrorClass
) -> None:
    world.answers = [refusal(401)]
    error = world.refused(commit(), session=refreshing(world, token))
    assert (type(error), error.fault.error_class, error.fault.certain) == (PlatformError, error_class, True)
    assert len(world.requests) == 1


def test_a_renewal_that_fails_does_not_hide_that_the_commit_was_refused(world: World) -> None:
    async def broken(_: Fault) -> Secret | None:
        raise PlatformError(Fault(ErrorClass.TRANSIENT, "http_503"))

    world.answers = [refusal(401)]
    error = world.refused(commit(), session=Session(Secret("token-1"), broken))
    assert (type(error), error.fault.error_class, error.fault.certain) == (PlatformError, ErrorClass.REAUTH, True)


@pytest.mark.parametrize(
    ("seconds", "headers"), [(-7200, {}), (0, {}), (90, {}), (None, {"age": "60"}), (None, {"date": "soon"})]
)
def test_a_commit_knows_the_platforms_clock_from_the_answer_before_it(
    world: World, seconds: int | None, headers: dict[str, str]
) -> None:
    def flow() -> Flow[None]:
        yield Call("GET", f"{API}/look")
        yield Call("POST", f"{API}/commit", Effect.COMMIT)

    said = formatdate(clock.now().timestamp() + (seconds or 0), usegmt=True)
    world.answers = [httpx.Response(200, json={}, headers={"date": said, **headers}), ok()]
    world.run(flow())
    assert world.ahead == (None if seconds is None else pytest.approx(seconds, abs=1.0))


def test_a_time_in_whole_seconds_was_half_a_second_ago_on_average(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    now = clock.now().replace(microsecond=0)
    monkeypatch.setattr(clock, "now", lambda: now)

    def flow() -> Flow[None]:
        yield Call("GET", f"{API}/look")
        yield Call("POST", f"{API}/commit", Effect.COMMIT)

    said = formatdate(now.timestamp() + 3, usegmt=True)
    world.answers = [httpx.Response(200, json={}, headers={"date": said}), ok()]
    world.run(flow())
    assert world.ahead == 3.5


@pytest.mark.parametrize(
    ("answers", "tokens", "ended"),
    [
        ([ok()], ("token-2",), (False, False)),
        ([httpx.Response(401)], (None,), (True, False)),
        ([httpx.Response(401), ok()], ("token-2",), (True, True)),
    ],
    ids=["not refused", "no new token", "new token"],
)
def test_a_session_is_renewed_only_if_it_has_a_new_token(
    world: World, answers: list[Answer], tokens: tuple[str | None, ...], ended: tuple[bool, bool]
) -> None:
    world.answers, session = answers, refreshing(world, *tokens)
    with contextlib.suppress(PlatformError):
        world.run(one(), session=session)
    assert (session.refreshed, session.renewed) == ended


def test_one_run_refreshes_once_over_all_its_calls(world: World) -> None:
    def flow() -> Flow[None]:
        yield Call("GET", f"{API}/a")
        yield Call("GET", f"{API}/b")

    world.answers = [httpx.Response(401), ok(), httpx.Response(401)]
    world.refused(flow(), session=refreshing(world, "token-2", "token-3"))
    assert world.record == ["GET /a", "refresh", "GET /a", "GET /b"]


def test_a_call_without_the_accounts_token_never_refreshes_it(world: World) -> None:
    world.answers = [httpx.Response(401)]
    world.refused(one(auth="none"), session=refreshing(world, "token-2"))
    assert world.record == ["POST /x"]


def test_A1_A6_every_step_is_durable_before_the_next_begins(world: World) -> None:
    world.answers = [ok(id="c1"), ok(id="m1"), ok()]
    assert world.run(publish()) == "m1"
    assert world.record == [
        "POST /prepare",
        "keep {'container': 'c1'}",
        "committing",
        "POST /commit",
        "keep {'accepted_id': 'm1'}",
        "GET /look",
    ]


class LostError(Exception):
    """What a checkpoint raises that may not go on."""


@pytest.mark.parametrize(
    ("method", "record"),
    [("committing", ["POST /prepare", "keep {'container': 'c1'}"]), ("keep", ["POST /prepare"])],
)
def test_A3_nothing_is_sent_once_progress_cannot_be_recorded(
    world: World, monkeypatch: pytest.MonkeyPatch, method: str, record: list[str]
) -> None:
    async def lost(*_: object) -> None:
        raise LostError

    monkeypatch.setattr(world, method, lost)
    world.answers = [ok(id="c1")]
    with pytest.raises(LostError):
        world.run(publish())
    assert world.record == record


def test_a_handle_is_read_from_headers_and_depths(world: World) -> None:
    world.answers = [httpx.Response(201, headers={"X-Restli-Id": "urn:1"}, json={"data": [{"id": 5}]})]
    world.run(one(Effect.PREPARE, keep={"urn": "header:x-restli-id", "first": "data.0.id"}))
    assert world.record[-1] == "keep {'urn': 'urn:1', 'first': '5'}"


def test_a_handle_that_was_known_before_is_kept_once_the_answer_confirms_it(world: World) -> None:
    parts: dict[str, Any] = {"keep": {"accepted_id": "success"}, "known": {"accepted_id": "m7"}}
    world.answers = [ok(success=True)]
    world.run(one(Effect.COMMIT, **parts))
    assert world.record == ["committing", "POST /x", "keep {'accepted_id': 'm7'}"]
    for answer in (ok(other="1"), ok(success=False), ok(success="")):
        world.answers, world.record = [answer], []
        assert isinstance(world.refused(one(Effect.COMMIT, **parts)), OutcomeUnknown)
        assert world.record == ["committing", "POST /x"]


@pytest.mark.parametrize(("effect", "error"), [(Effect.PREPARE, PlatformError), (Effect.COMMIT, OutcomeUnknown)])
@pytest.mark.parametrize(("status", "taken"), [(201, True), (200, False), (204, False), (302, False)])
def test_only_the_status_of_a_success_is_one_where_there_is_no_body_to_tell(
    world: World, effect: Effect, error: type[PlatformError], status: int, taken: bool
) -> None:
    call = one(effect, keep={"accepted_id": ""}, known={"accepted_id": "m7"}, success=(201,))
    world.answers = [httpx.Response(status)]
    if taken:
        assert world.run(call).status == status
        assert world.record[-1] == "keep {'accepted_id': 'm7'}"
    else:
        refused = world.refused(call)
        assert (type(refused), refused.fault) == (error, Fault(ErrorClass.UNKNOWN, f"http_{status}"))
        assert not any("keep" in entry for entry in world.record)


@pytest.mark.parametrize(("effect", "error"), [(Effect.PREPARE, PlatformError), (Effect.COMMIT, OutcomeUnknown)])
def test_A6_a_handle_that_is_missing_stops_the_flow_even_if_the_flow_would_not_notice(
    world: World, effect: Effect, error: type[PlatformError]
) -> None:
    world.answers = [ok(other="1")]
    refusal = world.refused(one(effect, keep={"accepted_id": "id"}))
    assert (type(refusal), refusal.fault) == (error, Fault(ErrorClass.UNKNOWN, "missing:id"))
    assert len(world.requests) == 1 and not any("keep" in entry for entry in world.record)


def three() -> Flow[list[str]]:
    """Three calls side by side."""
    replies = yield [Call("GET", f"{API}/{name}") for name in "abc"]
    return [reply["path"] for reply in replies]


def test_a_list_of_calls_is_performed_side_by_side_and_answered_in_order(world: World) -> None:
    barrier = asyncio.Barrier(3)

    async def together(request: httpx.Request) -> httpx.Response:
        async with asyncio.timeout(5):
            await barrier.wait()
        for _ in range({"/a": 5, "/b": 3, "/c": 1}[request.url.path]):
            await asyncio.sleep(0)
        return ok(path=request.url.path)

    world.answers = [together]
    assert world.run(three()) == ["/a", "/b", "/c"]


def test_side_by_side_calls_with_a_refused_token_share_one_refresh(world: World) -> None:
    barrier = asyncio.Barrier(3)

    async def by_token(request: httpx.Request) -> httpx.Response:
        if request.headers["authorization"] == "Bearer token-1":
            await barrier.wait()
            return httpx.Response(401)
        return ok(path=request.url.path)

    world.answers = [by_token]
    assert world.run(three(), session=refreshing(world, "token-2")) == ["/a", "/b", "/c"]
    assert world.record.count("refresh") == 1 and len(world.requests) == 6


def test_a_failing_call_of_a_list_is_thrown_into_the_flow(world: World) -> None:
    def flow() -> Flow[str]:
        try:
            yield [Call("GET", f"{API}/a"), Call("GET", f"{API}/b")]
        except PlatformError as error:
            return error.fault.code
        return "nothing"

    world.answers = [ok(), httpx.Response(404)]
    assert world.run(flow()) == "http_404"


def test_a_flow_may_go_on_after_a_refusal(world: World) -> None:
    def flow() -> Flow[str]:
        with contextlib.suppress(PlatformError):
            yield Call("GET", f"{API}/a")
        return str((yield Call("GET", f"{API}/b"))["id"])

    world.answers = [httpx.Response(404), ok(id="b")]
    assert world.run(flow()) == "b"


def state(reply: Reply) -> str:
    """What the awaited thing says of itself."""
    return str(reply.get("state", ""))


def wait(**options: Any) -> Flow[str]:
    """Wait until something is finished."""
    reply = yield Until(
        Call("GET", f"{API}/state"),
        done=lambda r: state(r) == "FINISHED",
        failed=lambda r: Fault(ErrorClass.MEDIA_PROCESSING, "ERROR") if state(r) == "ERROR" else None,
        **options,
    )
    return state(reply)


def test_B4_a_wait_ends_when_it_is_done_and_a_state_nobody_knows_is_not_yet(world: World) -> None:
    world.answers = [ok(state="IN_PROGRESS"), ok(state="NEW_WORD"), ok(), ok(state="FINISHED")]
    assert world.run(wait(every=2)) == "FINISHED"
    assert world.pauses == pytest.approx([2, 2.6, 3.38])


def test_F7_a_state_nobody_knows_is_told_once_in_a_wait_and_never_repeated(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[dict[str, Any]] = []

    def event(name: str, **fields: Any) -> None:
        told.extend([fields] if name == "unrecognized_status" else [])

    monkeypatch.setattr(logs, "event", event)
    known = {"IN_PROGRESS", "FINISHED"}
    odd = {"odd": lambda reply: unlisted(reply.get("state"), known)}
    world.answers = [ok(state="IN_PROGRESS"), ok(), ok(state="FINISHED")]
    assert world.run(wait(**odd)) == "FINISHED" and told == []
    world.answers = [ok(state="IN_PROGRESS"), ok(state="Somebody's words"), ok(state="NEW_WORD"), ok(state="FINISHED")]
    assert world.run(wait(**odd)) == "FINISHED"
    assert told == [{"platform": "tiny", "code": "unrecognized"}]


def test_a_wait_is_over_after_its_number_of_answers_and_a_refusal_is_no_answer(world: World) -> None:
    world.answers = [ok(state="IN_PROGRESS"), refusal(425), ok(state="STILL"), ok(state="never asked for")]
    assert world.run(wait(every=2, asks=2)) == "STILL"
    assert len(world.pauses) == 2 and len(world.answers) == 1


def test_a_wait_for_something_that_failed_ends_with_its_fault(world: World) -> None:
    world.answers = [ok(state="IN_PROGRESS"), ok(state="ERROR")]
    assert world.refused(wait()).fault == Fault(ErrorClass.MEDIA_PROCESSING, "ERROR")


def test_F4_refusals_that_mean_not_yet_do_not_end_a_wait(world: World) -> None:
    world.answers = [httpx.Response(425), httpx.Response(429), *[httpx.Response(503)] * ATTEMPTS, ok(state="FINISHED")]
    assert world.run(wait()) == "FINISHED"
    world.answers = [httpx.Response(404), ok(state="FINISHED")]
    assert world.run(wait(tolerate=frozenset({ErrorClass.NOT_FOUND}))) == "FINISHED"


@pytest.mark.parametrize("status", [403, 404, 422], ids=str)
def test_any_other_refusal_ends_a_wait(world: World, status: int) -> None:
    world.answers = [httpx.Response(status)]
    assert world.refused(wait()).fault.error_class is CLASSES[status]


def reads(*, minds: bool = False, effect: Effect = Effect.READ) -> Flow[str]:
    """Read something; with ``minds`` a refused content is expected."""
    try:
        yield Call("GET", f"{API}/thing", effect)
    except PlatformError as error:
        if minds:
            return error.fault.error_class
        raise
    return "read"


def test_E7_a_reading_that_was_refused_never_blames_the_content(world: World) -> None:
    world.answers = [refusal(422)]
    with logged() as log:
        found = world.refused(reads()).fault
    assert found == Fault(ErrorClass.OPERATOR, "http_422", certain=True)
    assert '"message":"app_refused"' in log.getvalue() and '"code":"http_422"' in log.getvalue()


def test_E7_a_flow_that_expects_the_refusal_sees_what_it_is(world: World) -> None:
    world.answers = [refusal(422)]
    with logged() as log:
        assert world.run(reads(minds=True)) == "invalid_content"
    assert "app_refused" not in log.getvalue()


@pytest.mark.parametrize(("status", "effect"), [(403, Effect.READ), (404, Effect.READ), (422, Effect.PREPARE)], ids=str)
def test_E7_only_refused_content_of_a_reading_is_the_operators_matter(world: World, status: int, effect: Effect) -> None:
    world.answers = [refusal(status)]
    assert world.refused(reads(effect=effect)).fault.error_class is CLASSES[status]


def test_a_wait_longer_than_patience_is_suspended_with_the_gap_to_the_next_look(world: World) -> None:
    world.answers = [ok(state="IN_PROGRESS")]
    with pytest.raises(Suspended) as suspended:
        world.run(wait(every=4), patience=10)
    assert suspended.value.after == pytest.approx(6.76)
    assert world.pauses == pytest.approx([4, 5.2])


def test_a_wait_that_nobody_can_go_on_with_lasts_past_patience_and_leaves_time_for_the_rest(world: World) -> None:
    world.answers = [ok(state="IN_PROGRESS")]
    late = Fault(ErrorClass.MEDIA_PROCESSING, "not_ready_in_time")
    assert world.refused(wait(every=1, resumable=False), patience=2, budget=20).fault == late
    assert 2 < sum(world.pauses) <= 20 - RESERVE_S
    world.answers = [*[ok(state="IN_PROGRESS")] * 4, ok(state="FINISHED")]
    assert world.run(wait(every=1, resumable=False), patience=2, budget=20) == "FINISHED"


def test_a_wait_has_an_end_of_its_own(world: World) -> None:
    world.answers = [ok(state="IN_PROGRESS")]
    with pytest.raises(Suspended):
        world.run(wait(every=1, at_most=5), budget=1_000)
    assert 5 <= sum(world.pauses) < 8


def test_a_wait_that_has_lasted_as_long_as_it_may_is_over(world: World) -> None:
    world.answers = [ok(state="IN_PROGRESS")]
    with pytest.raises(Suspended):
        world.run(wait(every=1, at_most=1), budget=1_000)
    assert world.pauses == [1]


def test_gaps_grow_no_longer_than_ten_seconds(world: World) -> None:
    world.answers = [ok(state="IN_PROGRESS")]
    with pytest.raises(Suspended):
        world.run(wait(every=5, at_most=200), budget=1_000)
    assert max(world.pauses) == 10 and len(world.pauses) > 10


def again_after_a_refusal() -> Flow[int]:
    """A flow that takes a refused commit as an answer, waits and commits once more."""
    try:
        yield Call("POST", f"{API}/commit", Effect.COMMIT)
    except OutcomeUnknown:
        raise
    except PlatformError:
        yield Until(Call("GET", f"{API}/state"), done=lambda r: r.get("state") == "FINISHED", failed=lambda _: None)
    return int((yield Call("POST", f"{API}/commit", Effect.COMMIT)).status)


def test_a_refused_commit_is_recorded_as_not_made_before_its_flow_goes_on(world: World) -> None:
    world.answers = [refusal(425), ok(state="FINISHED"), ok()]
    assert world.run(again_after_a_refusal()) == 200
    assert world.record == [
        "committing", "POST /commit", "not committed", "GET /state", "committing", "POST /commit",
    ]  # fmt: skip


def test_a_commit_without_an_answer_is_never_recorded_as_not_made(world: World) -> None:
    def goes_on_all_the_same() -> Flow[int]:
        try:
            yield Call("POST", f"{API}/commit", Effect.COMMIT)
        except PlatformError:
            return int((yield Call("GET", f"{API}/state")).status)
        return 0

    world.answers = [httpx.Response(503), ok()]
    assert world.run(goes_on_all_the_same()) == 200
    assert "not committed" not in world.record


@pytest.mark.parametrize(
    ("sent", "name"),
    [
        (rb'{"name": "Ad\u0000a"}', "Ad\ufffda"),
        (rb'{"name": "Ada \ud83d"}', "Ada \ufffd"),
        (rb'{"name": "Ada \ud83d\ude00"}', "Ada \U0001f600"),
        (b'{"name": "Ada \xed\xa0\xbd"}', "Ada \ufffd"),
        (rb'{"name": {"\uDFFF": ["\udc00", 7]}}', {"\ufffd": ["\ufffd", 7]}),
    ],
)
def test_a_reply_holds_nothing_that_cannot_be_stored(world: World, sent: bytes, name: Any) -> None:
    def read() -> Flow[Any]:
        return (yield Call("GET", f"{API}/me"))["name"]

    world.answers = [httpx.Response(200, content=sent)]
    assert world.run(read()) == name


@pytest.mark.parametrize("sent", [{"a": 1}, ["1"], True, 1.5], ids=str)
def test_F1_an_id_that_is_no_id_is_no_success(world: World, sent: Any) -> None:
    def commit() -> Flow[Any]:
        return (yield Call("POST", f"{API}/commit", Effect.COMMIT, keep={"accepted_id": "id"}))

    world.answers = [ok(id=sent)]
    unknown = world.refused(commit())
    assert isinstance(unknown, OutcomeUnknown)
    assert unknown.fault == Fault(ErrorClass.UNKNOWN, "missing:id")


@pytest.mark.parametrize("sent", [None, True, 1.5], ids=str)
def test_F1_an_id_is_text_or_a_whole_number_whatever_its_form_allows(
    world: World, monkeypatch: pytest.MonkeyPatch, sent: Any
) -> None:
    anything = Form(r"[\w.]+", 20)
    monkeypatch.setattr(TINY, "forms", Forms(anything, anything, anything, anything, ("api.example",)))
    world.answers = [ok(id=sent)]
    assert isinstance(world.refused(commit()), OutcomeUnknown)


FOREIGN = [
    *("http://api.example/x", "https://evil.example/x", "https://api.example.evil.example/x", "https://evilapi.example/x"),
    *(
        "https://api.example@evil.example/x",
        "https://evil.example#@api.example/x",
        "https://evil@api.example/x",
        "//api.example/x",
    ),
    *(
        "https://api.example:444/x",
        "HTTPS://api.example/x",
        "https://api.example\\.evil.example/x",
        "api.example/x",
        "",
        "file:///x",
    ),
    *(
        "https://upload.example.evil.example/x",
        "https://evilupload.example/x",
        "http://a.upload.example/x",
        "https://127.0.0.1/x",
    ),
]


@pytest.mark.parametrize("effect", list(Effect))
@pytest.mark.parametrize("url", FOREIGN)
def test_nothing_goes_to_a_host_that_is_not_the_platforms(world: World, url: str, effect: Effect) -> None:
    refusal = world.refused(one(effect, url=url))
    assert (refusal.fault.code, world.requests) == ("foreign_url", [])


def test_upload_hosts_are_the_platforms_own_too(world: World) -> None:
    world.answers = [ok()]
    world.run(one(url="https://a1.upload.example/x?sig=1", auth="none"))
    assert str(world.requests[0].url) == "https://a1.upload.example/x?sig=1"


def test_a_host_is_reached_where_the_operator_says(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(
        "ENDPOINTS", json.dumps({"api.example": "http://127.0.0.1:99/api.example", "other.example": "https://o:1"})
    )
    settings.settings.forget()
    world.answers = [ok()]
    world.run(one(url=f"{API}/v1/x?a=b"))
    world.run(one(url="http://127.0.0.1:99/api.example/upload/1"))
    assert [str(request.url) for request in world.requests] == [
        "http://127.0.0.1:99/api.example/v1/x?a=b",
        "http://127.0.0.1:99/api.example/upload/1",
    ]
    world.answers = [ok()]
    world.run(one(url=f"{API}/../../v1/%2e%2e/x"))
    assert str(world.requests[-1].url) == "http://127.0.0.1:99/api.example/x"
    for url in (
        "http://127.0.0.1:99/elsewhere",
        "http://127.0.0.1:99/api.example.evil/x",
        "https://o:1/x",
        "http://127.0.0.1:99/api.example/../elsewhere",
        "http://127.0.0.1:99/api.example/%2e%2e/elsewhere",
        "http://127.0.0.1:99/api.example/..\\elsewhere",
        "http://127.0.0.1:9/x",
    ):
        assert world.refused(one(url=url)).fault.code == "foreign_url"


@pytest.mark.parametrize(
    ("auth", "header"),
    [("bearer", "Bearer token-1"), ("oauth", "OAuth token-1"), ("none", None)],
    ids=["bearer", "oauth", "none"],
)
def test_J7_the_token_is_in_the_header_of_calls_that_ask_for_it_and_never_in_the_address(
    world: World, auth: str, header: str | None
) -> None:
    world.answers = [ok()]
    world.run(one(auth=auth, query={"fields": "id", "secret": Secret("app-secret")}))
    (request,) = world.requests
    assert request.headers.get("authorization") == header
    assert "token-1" not in str(request.url) and request.url.params["secret"] == "app-secret"
    assert "token-1" not in request.content.decode()


def test_a_call_that_needs_a_token_and_has_none_is_not_sent(world: World) -> None:
    refusal = world.refused(one(), session=Session())
    assert (refusal.fault, world.requests) == (Fault(ErrorClass.REAUTH, "no_token", certain=True), [])


@pytest.mark.parametrize("url", [f"{API}/x", "https://evil.example/x"], ids=["no token", "foreign"])
def test_a_commit_that_was_never_built_is_a_clean_failure(world: World, url: str) -> None:
    error = world.refused(one(Effect.COMMIT, url=url), session=Session())
    assert (type(error), error.effect, error.fault.certain, world.requests) == (PlatformError, Effect.COMMIT, True, [])


def test_the_log_of_a_call_tells_no_address_and_no_token(world: World) -> None:
    world.answers = [httpx.ReadTimeout("token-1 marker")]
    with logged() as log:
        world.refused(one(url=f"{API}/marker", query={"q": "marker"}, json={"text": Content("marker")}))
        text = log.getvalue()
    assert text.count('"platform_call"') == ATTEMPTS
    assert not [word for word in ("marker", "token-1", "api.example") if word in text]


@pytest.mark.parametrize(("given", "seconds"), [(10, 10), (20, 20), (60, 25)], ids=["usual", "long", "over the budget"])
def test_a_call_may_take_its_own_time_within_the_budget(world: World, given: float, seconds: float) -> None:
    world.answers = [ok()]
    world.run(one(timeout=given), budget=25)
    assert world.requests[0].extensions["timeout"] == {"connect": 3.0, "read": seconds, "write": seconds, "pool": seconds}


def test_json_travels_as_plain_utf8_with_hidden_values_revealed(world: World) -> None:
    world.answers = [ok()]
    world.run(one(json={"text": Content("schön 漢"), "list": [Secret("s")], "none": None}, headers={"x-version": "1"}))
    (request,) = world.requests
    assert request.content == '{"text": "schön 漢", "list": ["s"], "none": null}'.encode()
    assert (request.headers["content-type"], request.headers["x-version"]) == ("application/json; charset=UTF-8", "1")


def test_a_form_travels_with_hidden_values_revealed(world: World) -> None:
    world.answers = [ok()]
    world.run(one(form={"message": Content("a&b ü"), "published": "true"}))
    (request,) = world.requests
    assert request.content == b"message=a%26b+%C3%BC&published=true"
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"


def test_a_multipart_body_holds_the_medium_as_a_file_and_the_rest_as_fields(world: World) -> None:
    world.answers = [ok()]
    picture = MediaItem("image", data=b"\x89PNG\r\n", content_type="image/png")
    world.run(one(multipart={"source": picture, "caption": Content("schön"), "n": 3}))
    (request,) = world.requests
    parts = request.content.split(b"--" + request.headers["content-type"].split("boundary=")[1].encode())[1:-1]
    heads = [part.split(b"\r\n\r\n", 1) for part in parts]
    assert [b'filename="media"' in head for head, _ in heads] == [True, False, False]
    assert b"Content-Type: image/png" in heads[0][0]
    assert [body.removesuffix(b"\r\n") for _, body in heads] == [b"\x89PNG\r\n", "schön".encode(), b"3"]


def test_bytes_that_came_with_the_request_are_the_body(world: World) -> None:
    world.answers = [ok()]
    world.run(one(method="PUT", body=MediaItem("image", data=b"\x00\x01", content_type="image/png")))
    (request,) = world.requests
    assert (request.content, request.headers["content-type"], request.headers["content-length"]) == (
        b"\x00\x01",
        "image/png",
        "2",
    )


FILM = Content("https://media.example/film.mp4")
CHUNKS = [b"a" * 700_000, b"b" * 700_000, b"c" * 5]


@pytest.fixture
def passing(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """A world whose answers come from a source of films, or from the platform that receives them."""
    monkeypatch.setenv("ENDPOINTS", json.dumps({"media.example": "http://127.0.0.1:99"}))
    settings.settings.forget()
    return world


def source(world: World, *, told: bool, ends: bool = True) -> Answer:
    """A source that tells its length or does not, and ends well or not."""

    async def body() -> AsyncIterator[bytes]:
        for chunk in CHUNKS:
            world.record.append(f"read {chunk[:1].decode()}")
            yield chunk
        if not ends:
            raise httpx.ReadError("reset")

    async def answer(_: httpx.Request) -> httpx.Response:
        length = {"content-length": str(sum(map(len, CHUNKS)) + (0 if ends else 1))} if told else {}
        return httpx.Response(200, headers={"content-type": "video/mp4", **length}, stream=Stream(body()))

    return answer


def receiver(world: World, got: list[bytes]) -> Answer:
    """A platform that takes an upload."""

    async def answer(request: httpx.Request) -> httpx.Response:
        assert isinstance(request.stream, httpx.AsyncByteStream)
        async for chunk in request.stream:
            got.append(chunk)
            world.record.append(f"written {chunk[:1].decode()}")
        return ok()

    return answer


def upload(world: World) -> Flow[Reply]:
    """A flow that passes a film on."""
    film = MediaItem("video", url=FILM, content_type="video/mp4")
    return one(Effect.PREPARE, "PUT", "https://a.upload.example/1", body=film, auth="none")


def test_E5_a_film_is_passed_on_while_it_is_read(passing: World) -> None:
    got: list[bytes] = []
    passing.answers = [source(passing, told=True), receiver(passing, got)]
    passing.run(upload(passing))
    assert b"".join(got) == b"".join(CHUNKS)
    headers = passing.requests[1].headers
    assert (headers["content-length"], headers["content-type"]) == (str(len(b"".join(CHUNKS))), "video/mp4")
    assert "transfer-encoding" not in headers
    # The first bytes are written before the last ones are read.
    assert passing.record.index("written a") < passing.record.index("read c")


def test_a_film_whose_source_tells_no_length_is_sent_with_one(passing: World) -> None:
    got: list[bytes] = []
    passing.answers = [source(passing, told=False), receiver(passing, got)]
    passing.run(upload(passing))
    assert b"".join(got) == b"".join(CHUNKS)
    assert passing.requests[1].headers["content-length"] == str(len(b"".join(CHUNKS)))
    assert "transfer-encoding" not in passing.requests[1].headers


def test_a_film_is_read_anew_for_each_attempt(passing: World) -> None:
    got: list[bytes] = []
    passing.answers = [source(passing, told=True), httpx.Response(503), source(passing, told=True), receiver(passing, got)]
    passing.run(upload(passing))
    assert b"".join(got) == b"".join(CHUNKS) and len(passing.requests) == 4


def sized(item: MediaItem) -> Flow[int]:
    """A flow that asks for the size of a media file."""
    found: int = yield SizeOf(item)
    return found


def test_the_size_of_a_file_is_known_before_it_is_uploaded(passing: World) -> None:
    assert passing.run(sized(MediaItem("video", data=b"12345"))) == 5 and not passing.requests
    passing.answers = [source(passing, told=True)]
    assert passing.run(sized(MediaItem("video", url=FILM))) == len(b"".join(CHUNKS))


@pytest.mark.parametrize(("answer", "code"), [(httpx.Response(404), "http_404"), (None, "no_length")])
def test_a_file_whose_size_cannot_be_known_is_not_uploaded(passing: World, answer: httpx.Response | None, code: str) -> None:
    passing.answers = [answer or source(passing, told=False)]
    assert passing.refused(sized(MediaItem("video", url=FILM))).fault == Fault(ErrorClass.MEDIA_FETCH, code)


def served(content: bytes, status: int = 200, **headers: str) -> Answer:
    """A source of these bytes."""

    async def body() -> AsyncIterator[bytes]:
        yield content

    async def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(status, headers=headers, stream=Stream(body()))

    return answer


@pytest.mark.parametrize("partial", [True, False], ids=["206", "200"])
def test_a_part_of_a_file_is_sent_whether_its_source_serves_parts_or_not(passing: World, partial: bool) -> None:
    whole, got, span = b"".join(CHUNKS), list[bytes](), (699_999, 700_002)
    part = whole[span[0] : span[0] + span[1]]

    told = {"content-range": f"bytes 699999-1400000/{len(whole)}"}
    source = served(part, 206, **told) if partial else served(whole)
    for given in (MediaItem("video", url=FILM), MediaItem("video", data=whole)):
        got.clear()
        passing.answers = [source, receiver(passing, got)] if given.url else [ok()]
        passing.run(one(Effect.PREPARE, "PUT", "https://a.upload.example/1", body=given, span=span, auth="none"))
        assert (b"".join(got) or passing.requests[-1].content) == part
        assert passing.requests[-1].headers["content-length"] == str(span[1])
    assert passing.requests[0].headers["range"] == f"bytes=699999-{699_999 + 700_002 - 1}"


@pytest.mark.parametrize("told", ["bytes 0-4/10", "bytes 5-9", "items 5-9/10", ""])
def test_another_part_than_the_one_asked_for_is_not_sent(passing: World, told: str) -> None:
    passing.answers = [httpx.Response(206, content=b"12345", headers={"content-range": told})]
    film = MediaItem("video", url=FILM)
    call = one(Effect.PREPARE, "PUT", "https://a.upload.example/1", body=film, span=(5, 5), auth="none")
    assert passing.refused(call).fault == Fault(ErrorClass.MEDIA_FETCH, "wrong_part")


def test_a_file_that_ends_before_the_part_is_not_sent_short(passing: World) -> None:
    passing.answers = [served(b"12345"), receiver(passing, [])]
    film = MediaItem("video", url=FILM)
    call = one(Effect.PREPARE, "PUT", "https://a.upload.example/1", body=film, span=(3, 5), auth="none")
    assert passing.refused(call).fault == Fault(ErrorClass.MEDIA_FETCH, "interrupted")


@pytest.mark.parametrize("trouble", [httpx.Response(503), httpx.ReadTimeout("late"), httpx.Response(429)])
def test_a_follow_up_is_sent_once_and_is_no_commit(world: World, trouble: Answer) -> None:
    world.answers = [trouble, ok()]
    world.refused(one(Effect.FOLLOW_UP, "POST", f"{API}/comments"))
    assert len(world.requests) == 1 and world.record == ["POST /comments"]


def test_E3_a_source_that_refuses_is_named_and_nothing_is_uploaded(passing: World) -> None:
    passing.answers = [httpx.Response(404)]
    assert passing.refused(upload(passing)).fault == Fault(ErrorClass.MEDIA_FETCH, "http_404")
    assert [request.url.host for request in passing.requests] == ["127.0.0.1"]


def test_E3_a_source_that_breaks_off_is_named(passing: World) -> None:
    got: list[bytes] = []
    passing.answers = [source(passing, told=True, ends=False), receiver(passing, got)]
    assert passing.refused(upload(passing)).fault == Fault(ErrorClass.MEDIA_FETCH, "interrupted")


def test_a_film_over_the_limit_is_not_uploaded(passing: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "MAX_MEDIA_BYTES", 1_000)
    for told in (True, False):
        passing.answers = [source(passing, told=told)]
        assert passing.refused(upload(passing)).fault == Fault(ErrorClass.MEDIA_FETCH, "too_large")
    assert {request.url.host for request in passing.requests} == {"127.0.0.1"}


def test_a_file_of_untold_length_is_read_into_memory_only_up_to_a_limit(passing: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "MAX_READ_BYTES", 800_000)
    passing.answers = [source(passing, told=False)]
    assert passing.refused(upload(passing)).fault == Fault(ErrorClass.MEDIA_FETCH, "too_large")
    assert "read b" in passing.record and {request.url.host for request in passing.requests} == {"127.0.0.1"}
    got: list[bytes] = []
    passing.answers = [source(passing, told=True), receiver(passing, got)]
    passing.run(upload(passing))
    assert b"".join(got) == b"".join(CHUNKS)


def watched(closed: list[bool], step: Call | Until) -> Flow[Reply]:
    """A flow of one step that tells whether it was closed."""
    try:
        reply: Reply = yield step
        return reply
    finally:
        closed.append(True)


ENDINGS: dict[str, contextlib.AbstractContextManager[object]] = {
    "well": contextlib.nullcontext(),
    "refused": pytest.raises(PlatformError),
    "suspended": pytest.raises(Suspended),
    "lost": pytest.raises(LostError),
    "cancelled": pytest.raises(asyncio.CancelledError),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_flow_is_closed_however_its_run_ends(world: World, monkeypatch: pytest.MonkeyPatch, ending: str) -> None:
    closed: list[bool] = []

    async def fail(*_: object) -> None:
        raise LostError if ending == "lost" else asyncio.CancelledError

    world.answers = [httpx.Response(404) if ending == "refused" else ok()]
    look = Call("GET", f"{API}/x")
    step: Call | Until = Until(look, lambda _: False, lambda _: None) if ending == "suspended" else look
    if ending in ("lost", "cancelled"):
        monkeypatch.setattr(world, "committing", fail)
        step = Call("POST", f"{API}/x", Effect.COMMIT)
    flow = watched(closed, step)
    with ENDINGS[ending]:
        world.run(flow, patience=0.1)
    assert closed == [True]
