"""The data map as an API response."""

from __future__ import annotations

from noillusion.privacy import data_map
from noillusion.privacy.models import DataMap
from noillusion.settings.source import settings


def describe() -> DataMap:
    """Return what is held, why and how long."""
    receipts = data_map.receipts(settings().backup_days)
    hands_over = bool(settings().handover_bucket)
    waiting = (data_map.HANDED_OVER,) if hands_over else ()
    outlasting = (data_map.DEPARTURES, data_map.OPERATOR_SPENDING, receipts)
    return DataMap(never_stored=data_map.never_stored(hands_over=hands_over), tables=[*data_map.TABLES, *waiting, *outlasting])
