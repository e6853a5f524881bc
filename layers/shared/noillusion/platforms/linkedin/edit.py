"""Changing a published post on LinkedIn (platforms.md 3.3)."""

from __future__ import annotations

from noillusion.core.sensitive import Content
from noillusion.flows.effects import Effect
from noillusion.flows.protocol import Call, Flow
from noillusion.platforms.linkedin import calls
from noillusion.platforms.linkedin.facts import API, HEADERS
from noillusion.platforms.linkedin.text import little_text


def edit(post_id: str, text: Content) -> Flow[None]:
    """Replace the commentary, escaped as in a new post."""
    patch = {"patch": {"$set": {"commentary": Content(little_text(text.reveal()))}}}
    headers = {**HEADERS, "X-RestLi-Method": "PARTIAL_UPDATE"}
    yield Call("POST", f"{API}/posts/{calls.encoded(post_id)}", Effect.COMMIT, headers=headers, json=patch, timeout=20.0)
