"""Logs and printable forms: prose, content and credentials never reach an output (failure-classes.md K4, J7)."""

from __future__ import annotations

import asyncio
import copy
import json
import logging
import pickle
import re
from collections.abc import Callable, Iterator
from typing import Any, cast
from uuid import UUID

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

from noillusion.core import logs, loop
from noillusion.core.logs import Loggable
from noillusion.core.sensitive import Content, Secret, reveal
from noillusion.flows.draft import Draft, Link, MediaItem
from noillusion.flows.protocol import App, Call, Reply, Tokens
from noillusion.flows.runner import Session
from tests.support.logged import logged

MARKER = "marker-7c1f"
PROSE = f"Dear friends, this is {MARKER}"

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> Iterator[Lines]:
    """What was logged since the last call, parsed; everything printed is searched for the marker on the way."""
    with logged() as stream:

        def read() -> list[dict[str, Any]]:
            printed = capsys.readouterr()
            text = stream.getvalue()
            stream.seek(0)
            stream.truncate()
            assert MARKER not in text + printed.out + printed.err
            return [json.loads(line) for line in text.splitlines()]

        yield read


def test_an_event_is_one_json_line_with_its_fields(lines: Lines) -> None:
    target = UUID(int=7)
    logs.event("target", target_id=target, status="published", ms=12, ratio=0.5, ok=True, code=None)
    (line,) = lines()
    assert line["message"] == "target" and line["target_id"] == str(target)
    assert (line["status"], line["ms"], line["ratio"], line["ok"]) == ("published", 12, 0.5, True)


def test_lines_that_are_held_back_are_written_in_order_when_the_block_ends_however_it_ends(lines: Lines) -> None:
    with pytest.raises(ZeroDivisionError), logs.held():
        logs.event("first", text=PROSE)
        with logs.held():
            logs.event("second")
        assert [line["message"] for line in lines()] == []
        raise ZeroDivisionError
    assert [line["message"] for line in lines()] == ["first", "second"]
    logs.event("third")
    assert [line["message"] for line in lines()] == ["third"]


def test_lambda_can_read_a_lines_level_and_time(lines: Lines) -> None:
    logs.failure("x", ValueError())
    (line,) = lines()
    assert line["level"] == "ERROR"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+(Z|\+00:00)", line["timestamp"])


@pytest.mark.parametrize(
    "value",
    [
        PROSE,
        f"{MARKER}\n",
        f"{MARKER}\tx",
        f"{MARKER}!",
        f'{{"text":"{MARKER}"}}',
        f"{MARKER},x",
        f"{MARKER}?a=b",
        MARKER * 20,
        f"{MARKER}é",
    ],
)
def test_what_is_not_one_plain_word_is_dropped(lines: Lines, value: str) -> None:
    logs.event("anything", field=value)
    logs.failure("anything", RuntimeError("x"), field=value)
    logs.bind(field=value)
    logs.event("later")
    assert [line["field"] for line in lines()] == ["<dropped>"] * 3


@pytest.mark.parametrize("hidden", [Secret(MARKER), Content(MARKER)])
def test_a_hidden_value_that_slips_in_is_not_printed(lines: Lines, hidden: Any) -> None:
    logs.event("anything", field=hidden)
    logs.event("anything", field=cast(Loggable, [hidden]), other=cast(Loggable, {"a": hidden}))
    assert len(lines()) == 2


class Quoting(Exception):
    """A foreign exception that holds what it should not, in every place an exception has."""

    def __init__(self) -> None:
        super().__init__(PROSE, {"body": PROSE})
        self.url = PROSE
        self.add_note(PROSE)

    def __str__(self) -> str:
        return PROSE

    def __repr__(self) -> str:
        return PROSE


def quoting_chain() -> Exception:
    """Cause and context both quote, and so do the local variables of the frames."""
    text = PROSE
    try:
        try:
            raise Quoting
        except Quoting as inner:
            raise ValueError(text) from inner
    except ValueError:
        try:
            raise KeyError(text)
        except KeyError as outer:
            return outer


def test_a_failure_is_told_by_type_and_place_only(lines: Lines) -> None:
    logs.failure("chore_failed", quoting_chain(), task="sweep")
    (line,) = lines()
    assert (line["message"], line["level"], line["task"]) == ("chore_failed", "ERROR", "sweep")
    types = [entry["type"].rsplit(".", 1)[-1] for entry in line["exceptions"]]
    assert types == ["KeyError", "ValueError", "Quoting"]
    assert all("quoting_chain" in entry["frames"][-1] for entry in line["exceptions"])


def test_a_failure_inside_its_handler_does_not_add_the_traceback(lines: Lines) -> None:
    try:
        raise Quoting
    except Quoting as error:
        logs.failure("request_failed", error)
    assert "exception" not in lines()[0]


@pytest.mark.parametrize("error", [ExceptionGroup(PROSE, [Quoting()]), Quoting(), SystemExit(PROSE), KeyboardInterrupt(PROSE)])
def test_any_exception_can_be_told(lines: Lines, error: BaseException) -> None:
    logs.failure("failed", error)
    assert lines()[0]["exceptions"][0]["frames"] == []


def test_a_chain_without_end_is_cut(lines: Lines) -> None:
    first, second = ValueError("a"), ValueError("b")
    first.__cause__, second.__cause__ = second, first
    logs.failure("failed", first)
    assert len(lines()[0]["exceptions"]) == 5


def test_a_validation_error_does_not_repeat_its_input(lines: Lines) -> None:
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(int).validate_python(PROSE)
    logs.failure("failed", refused.value)
    assert lines()[0]["exceptions"][0]["type"].endswith("ValidationError")


def test_fields_of_one_invocation_are_gone_in_the_next(lines: Lines) -> None:
    logs.bind(correlation_id="one", route="GET:/v1/profile")
    logs.event("first")
    logs.bind(correlation_id="two")
    logs.event("second")
    first, second = lines()
    assert (first["correlation_id"], first["route"], second["correlation_id"]) == ("one", "GET:/v1/profile", "two")
    assert "route" not in second


@pytest.mark.parametrize("name", ["httpx", "httpcore", "openai", "anthropic", "google_genai", "google.genai", "botocore"])
def test_libraries_that_log_addresses_and_bodies_are_silenced(lines: Lines, caplog: pytest.LogCaptureFixture, name: str) -> None:
    logs.event("first")
    lines()
    for chatty in (name, f"{name}.child"):
        logging.getLogger(chatty).info("HTTP Request: POST https://host/%s", MARKER)
        logging.getLogger(chatty).debug(MARKER)
    assert MARKER not in caplog.text and lines() == []


def test_an_exception_that_nobody_collected_is_not_printed(lines: Lines, caplog: pytest.LogCaptureFixture) -> None:
    logs.event("first")

    async def report() -> None:
        asyncio.get_running_loop().call_exception_handler({"message": "never retrieved", "exception": Quoting()})

    try:
        loop.run(report())
    finally:
        loop.close()
    assert MARKER not in caplog.text
    lines()


def test_a_line_that_cannot_be_written_is_dropped_and_not_printed(capsys: pytest.CaptureFixture[str]) -> None:
    with logged() as stream:
        stream.close()
        try:
            raise Quoting
        except Quoting as error:
            logs.failure("failed", error)
    assert capsys.readouterr() == ("", "")


class Model(BaseModel):
    """A model with hidden fields at several depths."""

    secret: Secret
    texts: list[Content]
    nested: dict[str, Content]


HIDDEN = [Secret(MARKER), Content(MARKER)]


@pytest.mark.parametrize("hidden", HIDDEN, ids=["secret", "content"])
def test_a_hidden_value_prints_as_a_placeholder_only(hidden: Secret | Content) -> None:
    shown = [str(hidden), repr(hidden), f"{hidden}", f"{hidden!r}", f"{hidden!s}", "%s %r" % (hidden, hidden), repr([hidden])]  # noqa: UP031
    shown += [f"{hidden!a}", "{}".format(hidden), str({"key": hidden}), repr(ValueError(hidden)), str(ValueError(hidden))]  # noqa: UP032
    assert [text for text in shown if MARKER in text] == []
    assert hidden.reveal() == MARKER
    plain = cast(Any, hidden)
    for spoil in (lambda: json.dumps(plain), lambda: f"{plain:>40}", lambda: MARKER + plain, lambda: bytes(plain)):
        with pytest.raises(TypeError) as refused:
            spoil()
        assert MARKER not in str(refused.value)


@pytest.mark.parametrize("hidden", HIDDEN, ids=["secret", "content"])
def test_a_hidden_value_cannot_be_pickled_and_is_copied_as_it_is(hidden: Secret | Content) -> None:
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        with pytest.raises(TypeError, match="cannot be pickled"):
            pickle.dumps({"inside": [hidden]}, protocol)
    assert copy.deepcopy({"inside": [hidden]})["inside"][0] is hidden and copy.copy(hidden) is hidden


def test_models_do_not_dump_what_they_hide() -> None:
    model = Model(secret=Secret(MARKER), texts=[Content(MARKER)], nested={"a": Content(MARKER)})
    shown = [repr(model), str(model), model.model_dump_json(), repr(model.model_dump()), str(model.model_dump(mode="json"))]
    assert [text for text in shown if MARKER in text] == []
    assert Model.model_validate_json(model.model_dump_json()).secret.reveal() == "**********"
    assert Model.model_validate_json(f'{{"secret":"{MARKER}","texts":[],"nested":{{}}}}').secret.reveal() == MARKER


@pytest.mark.parametrize(
    "holder",
    [
        Draft("link", Content(MARKER), Link(Content(MARKER), Content(MARKER), Content(MARKER))),
        MediaItem("image", Content(MARKER), alt_text=Content(MARKER)),
        MediaItem("image", data=MARKER.encode()),
        Tokens(Secret(MARKER), Secret(MARKER)),
        App("id", Secret(MARKER)),
        Session(Secret(MARKER)),
        Reply(200, {"x-token": MARKER}, {"text": MARKER}),
        Call("POST", f"https://host/?code={MARKER}", query={"q": MARKER}, headers={"h": MARKER}, json={"text": MARKER}),
        Call(
            "POST", "https://host/", form={"text": MARKER}, multipart={"f": MARKER}, body=MediaItem("image", data=MARKER.encode())
        ),
    ],
    ids=lambda holder: type(holder).__name__,
)
def test_what_flows_pass_around_does_not_print_what_it_holds(holder: object) -> None:
    assert MARKER not in repr(holder) + str(holder)


def test_reveal_reaches_every_depth_and_changes_nothing_else() -> None:
    hidden = {"a": [Content("x"), (Secret("y"), 1)], "b": {"c": Content("")}, "d": None, "e": b"z"}
    assert reveal(hidden) == {"a": ["x", ["y", 1]], "b": {"c": ""}, "d": None, "e": b"z"}
    assert not Content("") and Secret("x")
