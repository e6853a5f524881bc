"""An unknown field of a body is answered with the fields that its object can have."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from noillusion.core.validation import from_pydantic
from noillusion.publishing.models import PostRequest
from noillusion.scheduling.document import ContentDocument


class Closed(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Cat(Closed):
    kind: Literal["cat"] = "cat"
    lives: int = 9


class Dog(Closed):
    kind: Literal["dog"] = "dog"
    toys: list[Cat] = []


class House(Closed):
    pets: list[Annotated[Cat | Dog, Field(discriminator="kind")]] = []
    rooms: dict[str, Cat] | None = None
    guest: Cat | None = None
    under: Annotated[int, Field(alias="floor")] = 0


def told(annotation: Any, body: Any, *names: str) -> dict[str, Any]:
    """What is allowed, by the place that an error names."""
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(annotation).validate_python(body)
    errors = [{**error, "loc": ("body", *error["loc"])} for error in refused.value.errors()]
    found = from_pydantic(errors, body, names, annotation)
    return {error.field: error.params.get("allowed") for error in found if error.code == "extra_forbidden"}


@pytest.mark.parametrize(
    ("body", "place", "allowed"),
    [
        ({"x": 1}, "*", ["pets", "rooms", "guest", "floor"]),
        ({"guest": {"x": 1}}, "guest.*", ["kind", "lives"]),
        ({"pets": [{"kind": "cat"}, {"kind": "dog", "x": 1}]}, "pets.1.*", ["kind", "toys"]),
        ({"pets": [{"kind": "dog", "toys": [{"x": 1}]}]}, "pets.0.toys.0.*", ["kind", "lives"]),
        ({"rooms": {"attic": {"x": 1}}}, "rooms.*.*", ["kind", "lives"]),
    ],
)
def test_an_unknown_field_is_answered_with_those_of_its_object(body: Any, place: str, allowed: list[str]) -> None:
    assert told(House, body, "pets", "guest", "rooms", "toys") == {place: allowed}


def test_the_bodies_of_the_product_name_their_fields() -> None:
    names = ("content", "targets", "text", "options", "linkedin", "link")
    at_top = told(PostRequest, {"targets": [], "x": 1}, *names)["*"]
    assert at_top[:2] == list(PostRequest.model_fields)[:2] and "content" in at_top
    of_link = told(PostRequest, {"content": {"link": {"x": 1}}, "targets": []}, *names)["content.link.*"]
    assert of_link == ["url", "title", "description", "thumbnail"]
    assert "version" in told(ContentDocument, {"version": 1, "content": {"text": "a"}, "x": 1}, *names)["*"]
