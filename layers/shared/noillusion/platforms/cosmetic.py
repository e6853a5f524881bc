"""Reading what only decorates an account, such as its image, without which everything works (failure-classes.md D1)."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from typing import Final, TypeVar

from noillusion.core import urls
from noillusion.flows.faults import ErrorClass, PlatformError
from noillusion.flows.protocol import Call, Flow, Reply

T = TypeVar("T")
LONGEST_URL: Final = 2048
NOT_ABOUT_FIELDS: Final = frozenset(
    {ErrorClass.REAUTH, ErrorClass.RATE_LIMIT, ErrorClass.BLOCKED_BY_POLICY, ErrorClass.TRANSIENT, ErrorClass.OPERATOR}
)
"""Classes of refusal that asking for less does not change."""


def either(decorated: Flow[T], plain: Callable[[], Flow[T]], final: AbstractSet[ErrorClass] = NOT_ABOUT_FIELDS) -> Flow[T]:
    """Return what the flow with the decoration gives; where that is refused, but not by ``final``, what the one without gives."""
    try:
        return (yield from decorated)
    except PlatformError as error:
        if error.fault.error_class in final:
            raise
    return (yield from plain())


def answer(decorated: Call, plain: Call, final: AbstractSet[ErrorClass] = NOT_ABOUT_FIELDS) -> Flow[Reply]:
    """Return the answer to a call that asks for a decoration; where that is refused, to the one that does not."""
    return (yield from either(_asked(decorated), lambda: _asked(plain), final))


def _asked(call: Call) -> Flow[Reply]:
    reply: Reply = yield call
    return reply


def image_url(value: object) -> str | None:
    """Return the URL of an image if a page can show it as it stands, else ``None``."""
    return value if isinstance(value, str) and len(value) <= LONGEST_URL and urls.is_safe(value) else None
