"""The data map as an API response."""

from __future__ import annotations

from noillusion.privacy import data_map
from noillusion.privacy.models import DataMap
from noillusion.settings.source import settings


def describe() -> DataMap:
    """Return what is held, why and how long."""
    receipts = data_map.receipts(settings().backup_days)
    outlasting = (data_map.DEPARTURES, data_map.OPERATOR_SPENDING, receipts)
    return DataMap(never_stored=data_map.NEVER_STORED, tables=[*data_map.TABLES, *outlasting])
