"""Cheap frozen dataclasses for the shapes of a function: rows, steps of flows, facts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, eq_default=False, field_specifiers=(field,))
def record(*, repr: bool = True, eq: bool = False, kw_only: bool = False) -> Callable[[type[T]], type[T]]:
    """Make a class a record. For the type checker it is a frozen dataclass.

    At run time it has no guard against changes, and equality only with ``eq=True`` (it is then not hashable): making those takes
    most of a dataclass's time, for each class of a function at every cold start. ``repr=False`` for records with content or
    credentials, which must not be printed.
    """
    return dataclass(slots=True, eq=eq, repr=repr, kw_only=kw_only)
