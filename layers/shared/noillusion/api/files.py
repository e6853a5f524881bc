"""Answers that are tables in a file."""

from __future__ import annotations

from typing import Annotated, Any

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from noillusion.core import tables

Bom = Annotated[bool, Query(description="Begin with a byte order mark, by which Excel recognizes UTF-8")]
CSV: dict[int, Any] = {200: {"description": "OK", "content": {tables.MEDIA_TYPE: {"schema": {"type": "string"}}}}}
"""The responses of a route that returns a table."""


def table(name: str, text: str, bom: bool, headers: dict[str, str] | None = None) -> Response[str]:
    """Return a table as a file."""
    return Response(
        status_code=200,
        content_type=f"{tables.MEDIA_TYPE}; charset=utf-8",
        body=f"{tables.BOM if bom else ''}{text}",
        headers={"content-disposition": f'attachment; filename="{name}.csv"', **(headers or {})},
    )
