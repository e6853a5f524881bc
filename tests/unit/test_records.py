"""Records: dataclasses that are built on first use, also by several threads at once."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, field, fields, replace
from threading import Barrier
from typing import Any, ClassVar, Generic, TypeVar

import pytest

from noillusion.core.records import record

T = TypeVar("T")


def shapes() -> tuple[type[Any], type[Any]]:
    """Two records that nobody used, the second derived from the first."""

    @record()
    class First:
        """A record."""

        TABLE: ClassVar = "firsts"

        name: str
        secret: str = field(default="none", repr=False)

        @property
        def shown(self) -> str:
            return f"{self.name}!"

    @record(kw_only=True)
    class Second(First):
        """A derived record."""

        counts: list[int] = field(default_factory=list)

    return First, Second


def is_built(shape: type[Any]) -> bool:
    return "__dataclass_params__" in vars(shape)


def test_a_record_is_built_when_it_is_first_used() -> None:
    first, second = shapes()
    assert not is_built(first) and not is_built(second)
    first("a")
    assert is_built(first) and not is_built(second)
    assert [each.name for each in fields(second)] == ["name", "secret", "counts"] and is_built(second)


def test_a_derived_record_builds_what_it_derives_from() -> None:
    first, second = shapes()
    assert second("a", counts=[1]).counts == [1]
    assert is_built(first) and first("b").secret == "none"


def test_a_record_is_as_good_as_a_dataclass() -> None:
    first, second = shapes()
    held = second("a", secret="hidden")
    assert (held.name, held.shown, held.TABLE, held.counts) == ("a", "a!", "firsts", [])
    assert repr(held).endswith("Second(name='a', counts=[])") and held.counts is not second("a").counts
    assert asdict(replace(held, name="b")) == {"name": "b", "secret": "hidden", "counts": []}
    assert isinstance(held, first) and not hasattr(second, "counts") and first.secret == "none"
    match held:
        case first(name=name):
            assert name == "a"
    for wrong in ((), ("a", "b", [1])):
        with pytest.raises(TypeError):
            second(*wrong)


def test_records_are_equal_by_value_only_if_they_say_so() -> None:
    @record(eq=True)
    class ByValue:
        value: int

    first, _ = shapes()
    assert ByValue(1) == ByValue(1) != ByValue(2) and ByValue.__hash__ is None
    assert first("a") != first("a") and len({first("a"), first("a")}) == 2


def test_a_generic_record_and_one_with_an_own_constructor_work() -> None:
    @record(repr=False)
    class Box(Generic[T]):
        value: T

    class Own(Box[int]):
        def __init__(self) -> None:
            super().__init__(7)

    assert Own().value == 7 and Box[str]("hidden").value == "hidden"
    assert "hidden" not in repr(Box("hidden"))


@pytest.fixture
def switching_often() -> Iterator[None]:
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


@pytest.mark.usefixtures("switching_often")
def test_threads_may_use_a_record_for_the_first_time_at_once() -> None:
    with ThreadPoolExecutor(4) as pool:
        for _ in range(50):
            _, second = shapes()
            barrier = Barrier(4)

            def use(shape: type[Any] = second, together: Barrier = barrier) -> int:
                together.wait()
                return len(shape("a", counts=[1, 2]).counts) + len(fields(shape))

            assert [each.result() for each in [pool.submit(use) for _ in range(4)]] == [5] * 4
