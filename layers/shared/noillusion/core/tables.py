"""Rows as CSV (RFC 4180). No cell can become a formula in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

MEDIA_TYPE = "text/csv"
BOM = "\ufeff"
"""Byte order mark, by which Excel recognizes UTF-8."""
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def _cell(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, str) and value.lstrip(" ").startswith(FORMULA_STARTS):
        # Spreadsheets run such text as a formula; an apostrophe makes it text again.
        return "'" + value
    return value


def written(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """Return a heading line and one line for each row."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([_cell(row.get(column)) for column in columns] for row in rows)
    return text.getvalue()
