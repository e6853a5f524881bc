"""Codes of refusals are stored and logged, so nothing gets in that a person could have written, be it a single word."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from noillusion.catalog.platforms import NAMES
from noillusion.flows.faults import UNRECOGNIZED, ErrorClass, Fault
from noillusion.flows.protocol import Reply
from noillusion.platforms.catalog import get

WRITTEN = ["bakery", "BAKERY", "a_word", "http_bakery", "two words", "4915112345678", "https://example.com/", "ü", "w" * 200, ""]
SHAPES: dict[str, Callable[[Any], Any]] = {
    "error": lambda word: {"error": {"code": word, "error_subcode": word, "type": word, "message": word}},
    "token endpoint": lambda word: {"error_type": word, "code": word, "error_message": word},
    "flat": lambda word: {"code": word, "serviceErrorCode": word, "message": word},
    "oauth": lambda word: {"error": word, "error_description": word},
    "inputs": lambda word: {"errorDetails": {"inputErrors": [{"code": word, "description": word}]}},
}


@pytest.mark.parametrize("status", [200, 400, 401, 403, 422, 429, 500])
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("platform", NAMES)
def test_no_word_becomes_a_code(platform: str, shape: str, status: int) -> None:
    for word in WRITTEN:
        fault = get(platform).classify(Reply(status, data=SHAPES[shape](word)))
        ours = {UNRECOGNIZED, f"http_{status}", f"oauth/{status}"}
        assert fault is None or fault.code in ours, (word, fault)


@pytest.mark.parametrize("number", [4915112345678, 10_000_000])
@pytest.mark.parametrize("platform", NAMES)
def test_no_long_number_becomes_a_code(platform: str, number: int) -> None:
    for shape in SHAPES.values():
        body: Any = shape(number)
        fault = get(platform).classify(Reply(400, data=body))
        assert fault is None or str(number) not in fault.code


@pytest.mark.parametrize("code", ["190/463", "-1", "DUPLICATE_POST", "http_503", "missing:header:x-id", "oauth/400", "65601"])
def test_what_has_the_form_of_a_code_is_kept(code: str) -> None:
    assert Fault(ErrorClass.UNKNOWN, code).code == code


@pytest.mark.parametrize("code", ["two words", "ü", "", "x" * 65, "line\n", "a\x00b", "-", "{json}", "o'clock"])
def test_a_fault_refuses_what_has_not_the_form_of_a_code(code: str) -> None:
    assert Fault(ErrorClass.UNKNOWN, code).code == UNRECOGNIZED
