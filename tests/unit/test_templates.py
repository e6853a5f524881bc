"""Templates without a database: substitution, variables, and filling in."""

from __future__ import annotations

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from noillusion.core.errors import Invalid
from noillusion.core.sensitive import Content
from noillusion.profiles.author import Author
from noillusion.templates.filling import MAX_FILLED, fill, fill_completely
from noillusion.templates.models import PreviewRequest, PromptText, ResolvedTemplate, TemplateInput, Variable
from noillusion.templates.render import MissingVariables, builtin_values, listed, render, rendered_length, variables_in
from noillusion.templates.service import BUILT_IN

ADA = Author("Ada", "Writes programs", ("engines", "notes"), "Numbers for all")


def test_variables_are_listed_once_in_order_of_appearance() -> None:
    assert variables_in("{b} {a} {b} {{c}} {} { d } {1} {e-f}") == ["b", "a"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{a}", "1"),
        ("{{a}}", "{a}"),
        ("{{{a}}}", "{1}"),
        ("{a}{a}", "11"),
        ('{"key": {a}}', '{"key": 1}'),
        ("{ a } {} {", "{ a } {} {"),
        ("}} {{", "} {"),
        ("no variables", "no variables"),
        ("", ""),
    ],
)
def test_braces_are_either_variables_or_themselves(text: str, expected: str) -> None:
    assert render(text, {"a": "1"}) == expected


def test_a_value_is_never_read_as_template_text() -> None:
    assert render("{a} {b}", {"a": "{b} {{x}} \\1 \\g<0>", "b": "{a}"}) == "{b} {{x}} \\1 \\g<0> {a}"


def test_all_missing_variables_are_named_at_once() -> None:
    with pytest.raises(MissingVariables) as caught:
        render("{a} {b} {c} {b}", {"b": ""} | {"z": "1"})
    assert caught.value.names == ("a", "c")
    assert "a" not in str(caught.value).split()


def test_both_spellings_mean_the_same() -> None:
    values = builtin_values(ADA, ["linkedin", "tiktok"], "topic", "text")
    pairs = [
        ("name", "user_name"),
        ("bio", "user_bio"),
        ("skills", "user_skills"),
        ("mission_statement", "user_mission"),
    ]
    assert all(values[short] == values[long] for short, long in pairs)
    assert render("{name}, {user_skills}: {platforms} / {platform_name}", values) == (
        "Ada, engines, notes: LinkedIn, TikTok / LinkedIn and TikTok"
    )
    assert values["platform_style"].startswith("LinkedIn: ") and "; TikTok: " in values["platform_style"]


def test_one_platforms_style_stands_without_its_name() -> None:
    assert builtin_values(ADA, ["facebook"], None, None)["platform_style"].startswith("conversational")
    assert builtin_values(ADA, [], None, None)["platform_style"] == ""


def test_what_the_request_does_not_give_has_no_value() -> None:
    assert {"topic", "text"} & builtin_values(ADA, [], None, "").keys() == {"text"}


@pytest.mark.parametrize(("words", "text"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")])
def test_words_are_listed_as_a_person_would(words: list[str], text: str) -> None:
    assert listed(words) == text


@pytest.mark.parametrize(
    ("variable", "value", "text"),
    [
        ({"type": "text"}, "x", "x"),
        ({"type": "number"}, 5, "5"),
        ({"type": "number"}, 2.5, "2.5"),
        ({"type": "number"}, " -2.50 ", "-2.50"),
        ({"type": "boolean"}, True, "yes"),
        ({"type": "boolean"}, "False", "no"),
        ({"type": "choice", "choices": ["a", "b"]}, "b", "b"),
    ],
)
def test_values_that_fit_the_type_are_spelled_out(variable: dict[str, object], value: str | float, text: str) -> None:
    assert Variable.model_validate({"name": "v", **variable}).spell(value) == text


@pytest.mark.parametrize(
    ("variable", "value", "code"),
    [
        ({"type": "text"}, 5, "string_type"),
        ({"type": "text"}, True, "string_type"),
        ({"type": "number"}, "marker", "float_type"),
        ({"type": "number"}, "1e9", "float_type"),
        ({"type": "number"}, "٣", "float_type"),
        ({"type": "number"}, True, "float_type"),
        ({"type": "boolean"}, "marker", "bool_type"),
        ({"type": "boolean"}, 1, "bool_type"),
        ({"type": "choice", "choices": ["a"]}, "marker", "not_a_choice"),
    ],
)
@pytest.mark.parametrize("stored", [True, False])
def test_values_that_do_not_fit_are_refused_without_being_repeated(
    variable: dict[str, object], value: str | int, code: str, stored: bool
) -> None:
    """The name of a stored template's variable is told; that of a template which came with the request is not."""
    text = PromptText.model_validate({"user_text": "{v}", "variables": [{"name": "v", **variable}]})
    with pytest.raises(Invalid) as caught:
        fill(as_stored(text) if stored else text, {}, {"v": value})
    assert [(e.field, e.code) for e in caught.value.errors] == [("variables.v" if stored else "variables.*", code)]
    assert "marker" not in repr(caught.value.errors)


@pytest.mark.parametrize(
    "variable",
    [
        {"name": "bio"},
        {"name": "topic"},
        {"name": "1st"},
        {"name": "a b"},
        {"name": "a" * 41},
        {"name": "v", "type": "choice"},
        {"name": "v", "choices": ["a"]},
        {"name": "v", "type": "choice", "choices": ["a", "a"]},
        {"name": "v", "type": "choice", "choices": ["a"], "default": "b"},
        {"name": "v", "type": "number", "default": "many"},
        {"name": "v", "type": "number", "default": float("inf")},
        {"name": "v", "type": "boolean", "default": "perhaps"},
        {"name": "v", "default": 3},
        {"name": "v", "default": "a\x00"},
        {"name": "v", "size": 1},
    ],
)
def test_declarations_that_contradict_themselves_are_refused(variable: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Variable.model_validate(variable)


def test_a_variable_is_declared_once() -> None:
    with pytest.raises(ValidationError):
        PromptText.model_validate({"user_text": "x", "variables": [{"name": "v"}, {"name": "v"}]})


def as_stored(text: PromptText) -> ResolvedTemplate:
    """The same texts as a generation finds them."""
    shown = text.model_dump()
    return ResolvedTemplate(id="1", origin="own", name="n", content_mode="personal", version=1, **shown)


def text(variables: list[dict[str, object]], user: str = "{v}") -> PromptText:
    return PromptText.model_validate({"user_text": user, "variables": variables})


def test_defaults_fill_what_is_not_given_and_false_is_a_value() -> None:
    template = text([{"name": "v", "default": "d"}, {"name": "w", "type": "boolean", "default": False}], "{v} {w}")
    assert fill(template, {}, {}).user_text == "d no"
    assert fill(template, {}, {"v": Content("g"), "w": True}).user_text == "g yes"


def test_an_optional_variable_is_empty_and_a_required_one_is_missing() -> None:
    template = text([{"name": "v", "required": False}, {"name": "w"}], "[{v}] {w} {undeclared} {topic} {bio}")
    filled = fill(template, {"bio": "b"}, {})
    assert filled.user_text == "[] {w} {undeclared} {topic} b"
    assert filled.missing == ("w", "undeclared", "topic")


def test_a_given_variable_cannot_replace_a_built_in_one() -> None:
    filled = fill(text([], "{bio}"), {"bio": "mine"}, {"bio": "other", "nonsense": "x"})
    assert (filled.user_text, filled.unknown) == ("mine", ("bio", "nonsense"))


def test_filling_completely_names_every_missing_and_unknown_variable() -> None:
    with pytest.raises(Invalid) as caught:
        fill_completely(text([{"name": "v"}], "{v} {topic} {own}"), {}, {"nonsense": "x", "made up": "x"})
    assert [(e.field, e.code) for e in caught.value.errors] == [
        ("variables.v", "missing"),
        ("topic", "missing"),
        ("variables.own", "missing"),
        ("variables.*", "unknown_variable"),
    ]


def test_what_was_filled_in_is_not_printed() -> None:
    filled = fill(text([{"name": "v"}]), {}, {"v": "marker"})
    assert filled.user_text == "marker"
    assert "marker" not in repr(filled) + repr(
        PreviewRequest.model_validate({"template": {"user_text": "{v}"}, "topic": "marker"})
    )


def test_the_built_in_template_needs_nothing_but_the_request() -> None:
    filled = fill_completely(BUILT_IN, builtin_values(ADA, ["linkedin"], "A bridge", ""), {})
    assert "Ada" in filled.system_text and "A bridge" in filled.user_text


@pytest.mark.parametrize("tag", ["a b", "-a", "a%", 'a"b', "", "x" * 31])
def test_tags_are_single_words(tag: str) -> None:
    with pytest.raises(ValidationError):
        TemplateInput.model_validate({"name": "n", "content_mode": "personal", "user_text": "t", "tags": [tag]})


def test_tags_are_compared_in_one_form() -> None:
    fields = {"name": "n", "content_mode": "personal", "user_text": "t"}
    assert TemplateInput.model_validate({**fields, "tags": [" U\u0308ben "]}).tags == ["\u00fcben"]
    with pytest.raises(ValidationError):
        TemplateInput.model_validate({**fields, "tags": ["Go", "go"]})


MANY = "{text}" * 1_300


@pytest.mark.parametrize(
    ("template", "builtins", "values", "field", "actual"),
    [
        (text([], MANY), {"text": "x" * 20_000}, {}, "text", 26_000_000),
        (text([], "{topic}" * 1_000 + "{text}"), {"topic": "y" * 100, "text": "x" * 20_000}, {}, "topic", 120_000),
        (text([{"name": "v"}], "{v}" * 2_000), {}, {"v": "x" * 4_000}, "variables.*", 8_000_000),
        (text([{"name": "v", "default": "d" * 4_000}], "{v}" * 2_000), {}, {}, "template", 8_000_000),
        (text([], "{bio}" * 1_000), {"bio": "b" * 2_000}, {}, "template", 2_000_000),
    ],
    ids=["text", "topic", "variable", "default", "profile"],
)
def test_texts_that_would_be_too_long_are_refused_with_their_figure_before_they_are_built(
    template: PromptText, builtins: dict[str, str], values: dict[str, str], field: str, actual: int
) -> None:
    peaks = []
    # Other threads of the process are counted as well, so the smallest figure is nearest to the truth.
    for _ in range(3):
        tracemalloc.start()
        try:
            with pytest.raises(Invalid) as caught:
                fill(template, builtins, values)
            peaks.append(tracemalloc.get_traced_memory()[1])
        finally:
            tracemalloc.stop()
    assert min(peaks) < 1_000_000
    (error,) = caught.value.errors
    assert (error.field, error.code, error.params["limit"], error.params["actual"]) == (
        field,
        "prompt_too_long",
        MAX_FILLED,
        actual,
    )
    assert str(actual) in error.message and "xxx" not in error.message


@given(
    st.lists(st.sampled_from(["{text}", "{bio}", "{nobody}", "{{", "}}", "{", "}", "plain ", "{{text}}", "é🚲"]), max_size=12),
    st.text(max_size=9),
)
def test_the_length_told_beforehand_is_that_of_the_text(parts: list[str], value: str) -> None:
    used, values = "".join(parts), {"text": value, "bio": "{text}", "nobody": ""}
    assert rendered_length([used, used], values).total() == 2 * len(render(used, values))
