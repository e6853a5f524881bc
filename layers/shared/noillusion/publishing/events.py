"""What TikTok's webhooks say about posts (platforms.md 4.6). They hasten what polling would find out anyway."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from noillusion.core import clock, logs
from noillusion.core.errors import AccountDeleted
from noillusion.db import WORKER, Actor, Duplicate, database
from noillusion.platforms import catalog
from noillusion.publishing import ledger_store, metrics, queue

HASTEN = frozenset({"post.publish.complete", "post.publish.failed", "post.publish.inbox_delivered"})


async def tiktok(event: Mapping[str, Any]) -> None:
    """Act on a verified event: open targets are looked at now, and a public id that became known is kept."""
    content = event.get("content")
    publish_id = content.get("publish_id") if isinstance(content, Mapping) else None
    if not isinstance(content, Mapping) or not isinstance(publish_id, str):
        return
    now, post_id = clock.now(), catalog.get("tiktok").forms.post_id(content.get("post_id"))
    accepted = ledger_store.by_accepted_id("tiktok", publish_id)
    for row in (await database().flight(WORKER, accepted))[accepted]:
        if event.get("event") == "post.publish.publicly_available" and post_id:
            try:
                found = ledger_store.set_public_id(row.user_id, row.id, post_id, now)
                await database().flight(Actor(row.user_id), metrics.begin_with_id(row.user_id, row.id, now), found)
            except AccountDeleted:
                continue
            except Duplicate:
                # Another target took this post for its own by its text. Which one is right, the person can see.
                logs.event("post_held_by_another", target_id=row.id, platform="tiktok")
        elif event.get("event") in HASTEN:
            await queue.enqueue([replace(row, next_check_at=now)])
