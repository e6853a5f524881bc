"""Records: dataclasses for the shapes of a function (rows, steps of flows, facts) that are built on first use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import RLock
from typing import Any, TypeVar, cast, dataclass_transform

T = TypeVar("T")
_OWN = ("__dict__", "__weakref__", "__init__", "__dataclass_fields__")
"""Members of a class that are not copied."""
_building = RLock()


class _Fields:
    """Stands for the fields of a record until somebody asks for them, such as ``dataclasses.fields`` or a derived record."""

    def __init__(self, build: Callable[[], Any]) -> None:
        self._build = build

    def __get__(self, instance: object, owner: type) -> Any:
        return self._build().__dataclass_fields__


@dataclass_transform(frozen_default=True, eq_default=False, field_specifiers=(field,))
def record(*, repr: bool = True, eq: bool = False, kw_only: bool = False) -> Callable[[type[T]], type[T]]:
    """Make a class a record. For the type checker it is a frozen dataclass.

    At run time it becomes a dataclass when it is first used, because a start uses few of a function's records, and each takes
    some tenths of a millisecond. It has no guard against changes, and equality only with ``eq=True`` (it is then not hashable).
    ``repr=False`` for records with content or credentials, which must not be printed.
    """
    complete = dataclass(eq=eq, repr=repr, kw_only=kw_only)

    def deferred(cls: type[T]) -> type[T]:
        def build() -> type[T]:
            with _building:
                if vars(cls)["__init__"] is first:
                    _complete(cls, complete)
            return cls

        def first(self: T, *values: Any, **named: Any) -> None:
            cast(Any, build()).__init__(self, *values, **named)

        members = cast(Any, cls)
        members.__init__, members.__dataclass_fields__ = first, _Fields(build)
        return cls

    return deferred


def _complete(cls: type[T], complete: Callable[[type[T]], type[T]]) -> None:
    """Give a class what ``complete`` makes of a copy of it.

    ``__init__`` comes last: until then, other threads that use the class wait for it.
    """
    members = {name: value for name, value in vars(cls).items() if name not in _OWN}
    made = vars(complete(cast(Any, type(cls))(cls.__name__, cls.__bases__, dict(members))))
    for name, value in made.items():
        if name not in ("__dict__", "__weakref__", "__init__") and value is not members.get(name, _OWN):
            setattr(cls, name, value)
    for name in members.keys() - made.keys():
        delattr(cls, name)
    cast(Any, cls).__init__ = made["__init__"]
