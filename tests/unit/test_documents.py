"""Content documents: canonical form, hash, strict reading (docs/scheduling.md)."""

from __future__ import annotations

import json
import re
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noillusion.scheduling.document import MAX_VALUES, DocumentCut, DocumentInvalid, canonical, load

DOCS = Path(__file__).resolve().parents[2] / "docs" / "scheduling.md"
PLAIN = {"version": 1, "content": {"text": "Grüße 🎈"}}


def raw(values: object, **style: object) -> bytes:
    """A document as a tool would write it."""
    return json.dumps(values, **style).encode()  # type: ignore[arg-type]


def test_the_canonical_form_is_that_of_RFC_8785() -> None:
    # The example of section 3.2.2, and the order of 3.2.3: by UTF-16 code units.
    numbers = '{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\\u20ac$\\u000F\\u000aA\'\\u0042\\u0022\\u005c\\\\\\"\\/","literals":[null,true,false]}'  # noqa: E501
    assert canonical(json.loads(numbers)) == (
        b'{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        b'"string":"\xe2\x82\xac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )
    names = {"\u20ac": 1, "\r": 2, "\ufb33": 3, "1": 4, "\U0001f600": 5, "\u0080": 6, "\u00f6": 7}
    assert list(json.loads(canonical(names)).values()) == [2, 4, 6, 7, 1, 5, 3]


def test_a_document_has_the_same_hash_however_it_is_formatted() -> None:
    expected = sha256('{"content":{"text":"Grüße 🎈"},"version":1}'.encode()).hexdigest()
    ways = [raw(PLAIN), raw(PLAIN, indent=2), raw(dict(reversed(PLAIN.items())), ensure_ascii=False) + b"\n"]
    assert {load(way).sha256 for way in ways} == {expected}
    assert load(b'{"n":9007199254740993}').sha256 == load(b'{"n":9007199254740992.0}').sha256, "as JavaScript reads it"
    assert load(raw({**PLAIN, "kind": None})).sha256 != expected, "an absent member and null are two documents"


@given(st.recursive(st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(allow_nan=False, allow_infinity=False) | st.text(st.characters(exclude_categories=["Cs"])), lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=5), max_leaves=20))  # fmt: skip  # noqa: E501
def test_the_canonical_form_of_a_canonical_form_is_itself(values: object) -> None:
    once = canonical(values)
    assert load(once).sha256 == sha256(once).hexdigest()


@pytest.mark.parametrize(
    "text",
    [
        b'{"version":1,"version":1,"content":{"text":"a"}}',
        b'{"version":1,"content":{"text":"a","text":"b"}}',
        b'{"version":1,"content":{"text":NaN}}',
        b'{"version":1,"content":{"text":"\xff"}}',
        b'{"version":1,"content":{"text":"\\ud83c"}}',
        b'{"version":1.0e999,"content":{"text":"a"}}',
        b"<!doctype html><title>Sign in</title>",
        b"",
        b"[" * 100_000,
        json.dumps({"version": [0] * (MAX_VALUES + 1)}).encode(),
    ],
    ids=["member twice", "inner member twice", "NaN", "not UTF-8", "half a character", "infinity", "a page",
         "nothing", "too deep", "too many values"],
)  # fmt: skip
def test_what_is_not_strict_json_is_refused(text: bytes) -> None:
    with pytest.raises(DocumentInvalid) as refused:
        load(text)
    assert not isinstance(refused.value, DocumentCut) and refused.value.errors == ()


def test_half_a_document_is_told_from_another_text() -> None:
    whole = raw(PLAIN)
    for end in (1, 5, len(whole) // 2):
        with pytest.raises(DocumentCut):
            load(whole[:-end])


@pytest.mark.parametrize(
    ("change", "errors"),
    [
        ({"version": 2}, {("version", "less_than_equal")}),
        ({"version": True}, {("version", "int_type")}),
        ({"content": None}, {("content", "model_type")}),
        ({"content": {"text": 7}}, {("content.text", "string_type")}),
        ({"content": {"text": "a", "marker-9": 1}}, {("content.*", "extra_forbidden")}),
        ({"content": {"media": [{"url": "ftp://marker-9"}]}}, {("content.media.0.url", "url")}),
        ({"kind": "marker-9"}, {("kind", "literal_error")}),
        ({"options": {"tiktok": {"privacy_level": "marker-9"}}}, {("options.tiktok.privacy_level", "literal_error")}),
        ({"marker-9": 1}, {("*", "extra_forbidden")}),
    ],
)
def test_errors_name_fields_of_the_document_and_repeat_nothing(change: dict[str, object], errors: set[tuple[str, str]]) -> None:
    with pytest.raises(DocumentInvalid) as refused:
        load(raw({**PLAIN, **change})).document()
    assert errors <= {(error.field, error.code) for error in refused.value.errors}
    assert "marker-9" not in repr(refused.value.errors)


def test_a_document_has_what_a_target_of_a_post_has() -> None:
    whole = {**PLAIN, "kind": "text", "options": {"linkedin": {}}}
    document = load(raw(whole)).document()
    assert document.content.text.reveal() == "Grüße 🎈" and document.kind == "text" and document.options is not None
    assert "Grüße" not in f"{document!r}{load(raw(whole))!r}"


def test_the_example_of_the_specification_has_the_hash_that_it_says() -> None:
    text = DOCS.read_text()
    (example,) = re.findall(r"```json\n(.*?)```", text, re.S)
    form, digest = re.findall(r"```text\n(.*?)\n```", text, re.S)
    loaded = load(example.encode())
    assert loaded.sha256 == digest == sha256(form.encode()).hexdigest() and f'"sha256": "{digest}"' in text
    assert canonical(json.loads(example)) == form.encode()
    assert loaded.document().kind == "image"


def test_the_python_line_of_the_specification_makes_the_canonical_form() -> None:
    line = next(line for line in DOCS.read_text().splitlines() if line.startswith("canonical = "))
    for document in (PLAIN, {"version": 1, "content": {"text": '"\\/\b\f\n\r\t\x01\x7f\u2028Ü𝄞'}, "kind": None}):
        names = {"json": json, "document": document}
        exec(line, names)
        assert names["canonical"] == canonical(document)
