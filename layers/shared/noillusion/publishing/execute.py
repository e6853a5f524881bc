"""Runs one target's flow and writes how it went. Whatever happens, exactly one outcome is recorded (failure-classes.md F3)."""

from __future__ import annotations

from noillusion.connections import credentials, pauses
from noillusion.connections.rows import CredentialRow
from noillusion.core import clock, logs
from noillusion.core.errors import AccountDeleted
from noillusion.flows.draft import Draft
from noillusion.flows.effects import Effect
from noillusion.flows.faults import ErrorClass, Fault, OutcomeUnknown, PlatformError
from noillusion.flows.protocol import Flow, Published
from noillusion.flows.runner import Runner, Session, Suspended
from noillusion.platforms.catalog import get
from noillusion.platforms.contract import ReadBack
from noillusion.publishing import handover
from noillusion.publishing.ledger import INTERNAL, LeaseLost, TargetLedger
from noillusion.publishing.rows import TargetRow
from noillusion.vault.sealer import SealBroken

PATIENCE_S = 12.0
"""How long a request waits for a platform that processes media before it hands over to the queue."""


async def publish(connection: CredentialRow, draft: Draft, ledger: TargetLedger, deadline: float) -> TargetRow | None:
    """Publish a draft. Returns the target as it was left, ``None`` if somebody else has it now."""
    platform = get(connection.platform, connection.registration)
    if rests := pauses.of_posts(connection):
        # Before anything is stored for the platform to fetch.
        return await ledger.failed(rests)
    try:
        handed = await handover.hand_over(platform, draft, ledger.user_id, ledger.target_id)
    except PlatformError as refused:
        return await ledger.failed(refused.fault)
    except Exception as error:  # noqa: BLE001 - whatever the bucket's client raises, nothing was sent yet
        logs.failure("handover_failed", error, target_id=ledger.target_id)
        return await ledger.failed(handover.FAILED)
    return await drive(connection, platform.publish(handed, credentials.account_of(connection)), ledger, deadline)


async def drive(connection: CredentialRow, flow: Flow[Published], ledger: TargetLedger, deadline: float) -> TargetRow | None:
    """Drive a publishing or resuming flow to an outcome and record it."""
    platform, session = get(connection.platform, connection.registration), Session()
    try:
        if not ledger.sent and ledger.accepted_id is None and (rests := pauses.of_posts(connection)):
            raise PlatformError(rests)
        session = await credentials.session(connection, deadline)
        runner = Runner(platform, session, deadline=deadline, checkpoint=ledger, patience=clock.monotonic() + PATIENCE_S)
        return await ledger.published(await runner.run(flow))
    except Suspended as suspended:
        return await ledger.waiting(suspended.after)
    except AccountDeleted:
        # Nothing was sent after they left: every commit is recorded before it leaves.
        raise
    except LeaseLost:
        logs.event("lease_lost", target_id=ledger.target_id)
        return None
    except OutcomeUnknown as unknown:
        return await ledger.unknown(unknown.fault, platform.capabilities.read_back)
    except PlatformError as refused:
        if refused.fault.error_class is ErrorClass.REAUTH:
            await _tell_connection(connection, session, refused.fault)
        return await _refused(refused, ledger, platform.capabilities.read_back)
    except SealBroken:
        return await ledger.failed(Fault(ErrorClass.REAUTH, "seal_broken"))
    except Exception as error:  # noqa: BLE001 - recorded as an outcome; a silent target would be worse
        logs.failure("target_crashed", error, target_id=ledger.target_id)
        again = platform.capabilities.read_back
        return await (ledger.unknown(INTERNAL, again) if ledger.sent else ledger.failed(INTERNAL))
    finally:
        await pauses.remember(connection, session, published=True)


async def _tell_connection(connection: CredentialRow, session: Session, fault: Fault) -> None:
    """Tell a connection of a refused token. A failure must not keep the target from its outcome; the next use tells it again."""
    try:
        await credentials.refused(connection, session, fault)
    except AccountDeleted:
        raise
    except Exception as error:  # noqa: BLE001 - whatever the database raises, the refusal itself is still to be recorded
        logs.failure("refusal_not_recorded", error)


async def _refused(refusal: PlatformError, ledger: TargetLedger, again: ReadBack) -> TargetRow | None:
    """Record a refusal. Once something was sent it is a failure only if the platform refused that very commit for certain."""
    fault = refusal.fault
    final = refusal.effect is Effect.COMMIT and fault.certain
    if ledger.accepted_id is not None and not final:
        # The platform has it; only looking at it failed (failure-classes.md F4).
        return await ledger.waiting(fault.retry_after or 30.0)
    if ledger.sent and not final:
        return await ledger.unknown(fault, again)
    later = fault.error_class is ErrorClass.NOT_READY or fault.code == pauses.CODE
    if later and ledger.handles and ledger.accepted_id is None:
        return await ledger.waiting(fault.retry_after or 5.0, refused=True)
    return await ledger.failed(fault)
