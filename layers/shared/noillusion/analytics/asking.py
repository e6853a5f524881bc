"""Asking a platform for figures: what it answers, or why there is no answer. Only a refused credential touches a connection."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, TypeVar

from noillusion.analytics import circuits
from noillusion.analytics.circuits import Circuit
from noillusion.connections import credentials, pauses
from noillusion.connections.rows import CredentialRow
from noillusion.core import clock, logs
from noillusion.core.errors import AccountDeleted, Unavailable
from noillusion.core.records import record
from noillusion.flows.faults import ErrorClass, Fault, MissingReason, PlatformError
from noillusion.flows.protocol import Account, Flow
from noillusion.flows.runner import ATTEMPTS, Runner, Suspended
from noillusion.platforms import catalog
from noillusion.platforms.contract import Platform
from noillusion.vault.sealer import SealBroken

T = TypeVar("T")

WAIT = timedelta(minutes=15)
SHORTEST_WAIT, LONGEST_WAIT = timedelta(minutes=5), timedelta(days=1)
LEAST_S: Final = 12.0
"""Seconds of a consumer's time without which nothing is begun: one call can take half of them."""
MOST_S: Final = 60.0
"""Seconds that one message can take."""


@record()
class Refusal:
    """Why nothing could be read, and how long the connection is to be left alone."""

    reason: MissingReason
    wait: timedelta | None = None


class Postponed(Exception):
    """Nothing was asked, or not to the end, for a reason that is not the account's. It is due again, and nothing is recorded."""

    def __init__(self, until: datetime) -> None:
        super().__init__("postponed")
        self.until = until


async def ask(
    connection: CredentialRow,
    flow_of: Callable[[Platform, Account], Flow[T]],
    deadline: float,
    circuit: Circuit | None,
    *,
    probe: bool = False,
) -> T | Refusal:
    """Return what the platform answers. Raises :class:`Postponed`, ``Unavailable`` and ``AccountDeleted``, and nothing else.

    ``circuit``: of the platform. While it is open only a ``probe`` is asked.
    """
    if connection.status != "active":
        return Refusal(ErrorClass.REAUTH)
    _hold_back(circuit, deadline, probe)
    try:
        return await _answer(connection, flow_of, min(deadline, clock.monotonic() + MOST_S), circuit)
    except PlatformError as error:
        return _refusal(error.fault)
    except SealBroken:
        return Refusal(ErrorClass.REAUTH)
    except Suspended:
        raise Postponed(clock.now()) from None
    except (Unavailable, AccountDeleted):
        raise
    except Exception as error:  # noqa: BLE001 - told as a reason; a blank chart would be worse (failure-classes.md F10)
        logs.failure("analytics_crashed", error, connection_id=connection.id)
        return Refusal("internal")


def _hold_back(circuit: Circuit | None, deadline: float, probe: bool) -> None:
    """Raise :class:`Postponed` where the platform is not to be asked, or not any more."""
    now = clock.now()
    if circuit is not None and circuit.open_until is not None and not probe:
        raise Postponed(max(circuit.open_until, now))
    if deadline - clock.monotonic() < LEAST_S:
        raise Postponed(now)


async def _answer(
    connection: CredentialRow, flow_of: Callable[[Platform, Account], Flow[T]], deadline: float, circuit: Circuit | None
) -> T:
    platform = catalog.get(connection.platform, connection.registration)
    # It is read again soon enough: a platform that did not answer a moment ago is asked once.
    attempts = 1 if circuit is not None and circuit.failures else ATTEMPTS
    session = await credentials.session(connection, deadline)
    try:
        runner = Runner(platform, session, deadline=deadline, attempts=attempts, comes_again=True)
        answer = await runner.run(flow_of(platform, credentials.account_of(connection)))
    except PlatformError as error:
        if error.fault.error_class is ErrorClass.REAUTH:
            await credentials.refused(connection, session, error.fault)
        works = error.fault.error_class is not ErrorClass.TRANSIENT
        await circuits.tell(connection.platform, connection.id, circuit, works=works)
        raise
    finally:
        await pauses.remember(connection, session, published=False)
    await circuits.tell(connection.platform, connection.id, circuit, works=True)
    return answer


def _refusal(fault: Fault) -> Refusal:
    if fault.error_class is not ErrorClass.RATE_LIMIT:
        return Refusal(fault.error_class)
    hint = timedelta(seconds=fault.retry_after) if fault.retry_after else WAIT
    return Refusal(fault.error_class, min(max(hint, SHORTEST_WAIT), LONGEST_WAIT))
