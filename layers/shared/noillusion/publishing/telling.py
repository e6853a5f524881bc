"""Tells the user of a target that ended late, badly, or without anybody knowing how."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from noillusion.db import Statement
from noillusion.notices import notice

KINDS: Mapping[str, str] = {"failed": "publish_failed", "unknown": "publish_unknown"}


def ended(row: Mapping[str, Any], seen: Mapping[str, str | int], now: datetime) -> Statement:
    """The notice of a target that is finished. ``seen``: codes and counts of what was found of a post that stays unknown."""
    kind, status = KINDS.get(row["status"], "publish_finished"), row["status"]
    data = {"platform": row["platform"], "post_id": row["post_id"], "status": status, "error_class": row["error_class"]}
    if status == "unknown":
        data |= {"platform_code": row["platform_code"], **{f"seen_{name}": value for name, value in seen.items()}}
    return notice(row["user_id"], kind, row["id"], status, now, data)
