"""The floor F of the cold starts: a handler with validation, psycopg and one query, and no product around it."""

from __future__ import annotations

import os
from typing import Any

import psycopg
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from pydantic import BaseModel

app = APIGatewayHttpResolver(enable_validation=True)


class Answer(BaseModel):
    """One count."""

    profiles: int


@app.get("/v1/profile")
def read() -> Answer:
    """One query on a connection of its own."""
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        (count,) = connection.execute("SELECT count(*) FROM profiles").fetchone() or (0,)
    return Answer(profiles=count)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """The Lambda entry point."""
    return app.resolve(event, context)
