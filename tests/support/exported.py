"""Takes an export along as a client would and computes every checksum again. Shares no code with the product."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.api.harness import Client

Row = dict[str, Any]


@dataclass
class Taken:
    """A complete export."""

    manifest: dict[str, Any]
    parts: list[dict[str, Any]] = field(default_factory=list)
    """The last line of each."""
    text: str = ""
    tables: dict[str, list[Row]] = field(default_factory=dict)
    answer_bytes: list[int] = field(default_factory=list)
    """What each part takes as a function's answer."""


def take_along(user_id: str = "auth0|alice", between: Callable[[], None] = lambda: None) -> Taken:
    """Everything held about a user. ``between`` is called before each part."""
    client = Client(user_id)
    begun = client.request("profile", "GET", "/v1/profile/export")
    assert begun.status == 200, begun.text
    taken = Taken(begun.json, tables={table["table"]: [] for table in begun.json["tables"]})
    name, chain = taken.manifest["first_part"], hashlib.sha256(taken.manifest["export_id"].encode()).hexdigest()
    while name is not None:
        between()
        answer = client.request("profile", "GET", f"/v1/profile/export/{name}")
        assert answer.status == 200, answer.text
        assert answer.headers["content-type"] == "application/x-ndjson"
        taken.answer_bytes.append(len(json.dumps(answer.text)))
        taken.text += answer.text
        rows, end = read_part(answer.text)
        chain = hashlib.sha256(f"{chain}{end['sha256']}".encode()).hexdigest()
        assert (end["export_id"], end["chain_sha256"]) == (taken.manifest["export_id"], chain)
        for table, row in rows:
            taken.tables[table].append(row)
        taken.parts.append(end)
        assert end["number"] == len(taken.parts)
        assert {table: count for table, count in end["total_rows"].items() if count} == {
            table: len(found) for table, found in taken.tables.items() if found
        }
        name = end["next_part"]
    return taken


def read_part(text: str) -> tuple[list[tuple[str, Row]], dict[str, Any]]:
    """The rows of a part and its last line, after comparing its checksum and counts."""
    assert text.endswith("\n")
    *lines, last = text.splitlines(keepends=True)
    end = json.loads(last)["part"]
    assert end["sha256"] == hashlib.sha256("".join(lines).encode()).hexdigest()
    rows = list(_rows(lines))
    counted: dict[str, int] = {}
    for table, _ in rows:
        counted[table] = counted.get(table, 0) + 1
    assert end["rows"] == counted
    return rows, end


def _rows(lines: list[str]) -> Iterator[tuple[str, Row]]:
    for line in lines:
        parsed = json.loads(line)
        assert set(parsed) == {"table", "row"}
        yield parsed["table"], parsed["row"]
