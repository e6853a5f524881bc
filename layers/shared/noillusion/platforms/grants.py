"""What the token endpoints of OAuth say about a grant. Only their own words end one: a status alone may be a proxy's."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace

from noillusion.flows.faults import ErrorClass, PlatformError
from noillusion.flows.protocol import Call, Flow, Reply


def token_answer(call: Call, dead: Container[str]) -> Flow[Reply]:
    """The answer of a token endpoint. A refusal with one of the ``dead`` codes says for certain that the grant is no good."""
    try:
        reply: Reply = yield call
    except PlatformError as error:
        if error.fault.code in dead:
            raise PlatformError(replace(error.fault, certain=True), error.effect) from None
        raise
    return reply


def revoked(call: Call, dead: Container[str]) -> Flow[None]:
    """Withdraw a grant. A token of which the platform itself says that it is dead belongs to a grant withdrawn."""
    try:
        yield from token_answer(call, dead)
    except PlatformError as error:
        if error.fault.error_class is not ErrorClass.REAUTH or not error.fault.certain:
            raise
