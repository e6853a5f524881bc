"""Plans of the product's statements, run as a role with claims. It measures what they touch."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg

from noillusion.db import Statement
from noillusion.db.postgres import _positional


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan with what it took."""

    tree: dict[str, Any]
    buffers: int
    milliseconds: float

    def nodes(self) -> Iterator[dict[str, Any]]:
        """Its nodes."""
        return _nodes(self.tree)

    def scanned(self) -> set[str]:
        """The tables that are read from beginning to end."""
        return {node["Relation Name"] for node in self.nodes() if node["Node Type"] == "Seq Scan"}


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", ()):
        yield from _nodes(child)


def explain(connection: psycopg.Connection[Any], role: str, user: str | None, statement: Statement, *, run: bool = True) -> Plan:
    """Run a statement as a role, with the user's claims if there is one, and undo it. Without ``run`` only plan it."""
    from psycopg.types.json import Jsonb

    from noillusion.db import Json

    values = {name: Jsonb(value.value) if isinstance(value, Json) else value for name, value in statement.params.items()}
    with connection.transaction(force_rollback=True):
        connection.execute(f"SET LOCAL ROLE {role}".encode())
        claims = json.dumps({"sub": user} if user else {})
        connection.execute("SELECT set_config('request.jwt.claims', %s, true)", (claims,))
        text = f"EXPLAIN ({'ANALYZE, BUFFERS, ' if run else ''}FORMAT JSON) {_positional(statement.text)}"
        row = connection.execute(text.encode(), values).fetchone()
    assert row is not None
    found = row[0][0]
    plan = found["Plan"]
    buffers = plan.get("Shared Hit Blocks", 0) + plan.get("Shared Read Blocks", 0)
    return Plan(plan, buffers, found.get("Execution Time", 0.0))
