"""Opens what the ways ``pull`` and ``generate`` go by, which is sealed for its target."""

from __future__ import annotations

from noillusion.core.sensitive import Secret
from noillusion.scheduling.faults import ScheduleFault
from noillusion.scheduling.rows import TargetRow
from noillusion.vault.sealer import Place, SealBroken, sealer


def opened(user_id: str, target: TargetRow) -> Secret:
    """Return the source of a target. Raises :class:`ScheduleFault` if no key opens it any more."""
    try:
        return sealer().open(target.sealed_source or "", _place(user_id, target.id))
    except SealBroken:
        raise ScheduleFault("source_unreadable") from None


def _place(user_id: str, target_id: str) -> Place:
    return Place("schedule_targets", "sealed_source", user_id, target_id)
