"""Weighing of the Accept header."""

from __future__ import annotations

import pytest

from noillusion.api.negotiation import quality


@pytest.mark.parametrize(
    ("accept", "csv", "json"),
    [
        ("", 1, 1),
        ("*/*", 1, 1),
        ("text/csv", 1, 0),
        ("TEXT/CSV ; Q=0.5", 0.5, 0),
        ("*/*, text/csv;q=0.1", 0.1, 1),
        ("text/*;q=0.3, */*;q=0.2", 0.3, 0.2),
        ("text/csv;q=0, */*", 0, 1),
        ("text/html, application/xhtml+xml, */*;q=0.8", 0.8, 0.8),
        ("application/json;charset=utf-8", 0, 1),
        ("text/csv;q=x, application/json;q=2", 0, 0),
        ("image/*", 0, 0),
        (",text/csv,", 1, 0),
    ],
)
def test_the_most_specific_range_decides(accept: str, csv: float, json: float) -> None:
    assert (quality(accept, "text/csv"), quality(accept, "application/json")) == (csv, json)
