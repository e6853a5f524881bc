"""Steps: export everything and delete the profile."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator

from local.demo.samples import AI_KEYS, ARTICLE, PHOTO, Shown
from local.demo.tour import Table, Tour, expect, require


def export(tour: Tour) -> Shown:
    """Everything that is held about the person, and nothing of what they wrote or published."""
    manifest, parts = tour.call("GET", "/v1/profile/export"), list(export_parts(tour))
    keys = [key.format(tour.word) for key in AI_KEYS.values()]
    hidden = [*tour.texts.values(), *keys, PHOTO, ARTICLE, "Everything about Saturday"]
    expect("published or secret things in the export", [text for text in hidden if text in "".join(parts)], [])
    require("no sealed column is given out", "sealed_" not in "".join(parts))
    tables = Counter(json.loads(line)["table"] for part in parts for line in part.splitlines()[:-1])
    expect("rows of the ledger", (tables["posts"], tables["post_targets"]), (11, 24))
    expect("rows that the manifest promised", {t["table"]: t["rows"] for t in manifest["tables"] if t["rows"]}, dict(tables))
    data_map = {entry["table"]: entry["holds"] for entry in tour.call("GET", "/v1/privacy")["tables"]}
    yield (
        f"{len(parts)} part of {sum(map(len, parts)):,} bytes; its checksum is right"
        if len(parts) == 1
        else f"{len(parts)} parts"
    )
    yield Table(("table", "rows", "holds"), [(name, count, data_map[name]) for name, count in tables.items()])


def export_parts(tour: Tour) -> Iterator[str]:
    """The parts of an export, each compared with its checksums, as any client can."""
    manifest = tour.call("GET", "/v1/profile/export")
    name, chain = manifest["first_part"], hashlib.sha256(manifest["export_id"].encode()).hexdigest()
    while name is not None:
        answer = tour.send("GET", f"/v1/profile/export/{name}")
        expect("a part of the export: status", answer.status_code, 200)
        lines, _, last = answer.text.rstrip("\n").rpartition("\n")
        end = json.loads(last)["part"]
        digest = hashlib.sha256(f"{lines}\n".encode() if lines else b"").hexdigest()
        chain = hashlib.sha256(f"{chain}{digest}".encode()).hexdigest()
        expect("the checksums of the part", (end["sha256"], end["chain_sha256"]), (digest, chain))
        yield answer.text
        name = end["next_part"]


def delete(tour: Tour) -> Shown:
    """Everything goes; a receipt stays."""
    receipt = tour.call("DELETE", "/v1/profile")
    expect("grants in the receipt", sorted(r["platform"] for r in receipt["revocations"]), sorted(tour.connections))
    unexplained = [r["platform"] for r in receipt["revocations"] if not (r["revoked"] or r["advice"])]
    expect("grants that are neither withdrawn nor explained", unexplained, [])
    expect("deleted posts and profiles", (receipt["deleted"]["posts"], receipt["deleted"]["profiles"]), (11, 1))
    held = [(r["removed_posts"], r["held_posts"]) for r in receipt["revocations"] if r["platform"] == "facebook"]
    left = [post for post in tour.state("facebook")["posts"] if post["text"] == tour.texts["left"]]
    expect("what Facebook held for later is removed there", (held, left), ([(1, 0)], []))
    expect("posts afterwards", tour.call("GET", "/v1/posts")["items"], [])
    expect("connections afterwards", tour.call("GET", "/v1/connections")["items"], [])
    yield f"receipt {receipt['receipt_id']}, code {receipt['code']}"
    yield Table(("table", "rows deleted"), [(table, count) for table, count in receipt["deleted"].items() if count])
    yield Table.of(
        receipt["revocations"],
        {"grant at": "platform", "withdrawn": "revoked", "held posts removed": "removed_posts", "otherwise": "advice"},
    )
