"""The floor F of the cold starts: a handler with validation and one query, and no product around it. BENCH_DRIVER is imported."""

from __future__ import annotations

import importlib
import os
import sqlite3
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from pydantic import BaseModel

driver = importlib.import_module(os.environ["BENCH_DRIVER"])
app = APIGatewayHttpResolver(enable_validation=True)


class Answer(BaseModel):
    """One count, and the name of the driver that was imported."""

    profiles: int
    driver: str


@app.get("/v1/profile")
def read() -> Answer:
    """One query on a connection of its own."""
    connection = sqlite3.connect(os.environ["DATABASE_URL"].removeprefix("sqlite:///"))
    count = connection.execute("SELECT count(*) FROM profiles").fetchone()[0]
    connection.close()
    return Answer(profiles=count, driver=driver.__name__)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """The Lambda entry point."""
    return app.resolve(event, context)
