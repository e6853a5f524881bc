"""Stored AI keys: verified when they are saved, and watched while they are used."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from noillusion.core import clock, logs
from noillusion.core.errors import Invalid, field_error
from noillusion.profiles import keys
from noillusion.profiles import service as profiles
from noillusion.settings.source import settings

if TYPE_CHECKING:
    from noillusion.ai.fallback import AttemptRecord
    from noillusion.catalog.providers import Provider
    from noillusion.core.sensitive import Secret
    from noillusion.db import Statement
    from noillusion.profiles.models import AIKeyInput, AIKeyStatus, KeyState

VERIFY_S = 6.0
LARGEST_REFUSAL = 65_536
ABOUT_THE_MODEL = 404
"""Status of a refusal of the model, which the key cannot help."""


async def store(user_id: str, provider: Provider, body: AIKeyInput) -> AIKeyStatus:
    """Verify the user's own key for a provider, unless they do not want that, and store it.

    :class:`Invalid` for a key that the provider does not know. A provider that cannot be asked keeps no key from being stored.
    """
    key = profiles.key_of(body)
    state, error = await verify(provider, key) if body.verify else ("unverified", None)
    return await profiles.put_key(user_id, provider, key, state, error)


async def verify(provider: Provider, key: Secret) -> tuple[KeyState, str | None]:
    """Ask the provider for its list of models, which costs nothing. Return the state of the key, and how the call failed.

    A key may lack the permission for this list and still write texts, so only the provider's word that there is no such key
    counts against it. Spent money makes it need attention.
    """
    import httpx

    from noillusion.ai.outcomes import ProviderError
    from noillusion.ai.providers import probe, refusal
    from noillusion.net import client as http

    started, status, body = clock.monotonic(), 0, b""
    path, headers = probe(provider, key)
    try:
        async with (
            asyncio.timeout(VERIFY_S),
            http.client().stream("GET", settings().located(path), headers=headers) as response,
        ):
            status, answered = response.status_code, response.headers
            async for part in response.aiter_bytes():
                body += part
                if status == 200 or len(body) > LARGEST_REFUSAL:
                    break
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError):
        status, answered = 0, httpx.Headers()
    logs.event("ai_key_verified", provider=provider, status=status or "none", ms=round((clock.monotonic() - started) * 1000))
    if status == 0:
        return "unverified", "network"
    if status == 200:
        return "working", None
    error: ProviderError | None = refusal(provider, status, answered, body)
    if error is None:
        raise Invalid([field_error("key", "ai_key_rejected")])
    return ("needs_attention" if error.outcome == "quota" else "unverified"), error.outcome


def watched(user_id: str, key_id: str, attempt: AttemptRecord, now: datetime) -> Sequence[Statement]:
    """Return the statements that note what an attempt tells about a stored key, and tell the user once if it needs attention."""
    from noillusion.notices.notice import notice

    good = attempt.outcome == "ok"
    bad = attempt.outcome == "quota" or (attempt.outcome == "auth" and attempt.status != ABOUT_THE_MODEL)
    state: KeyState | None = "working" if good else "needs_attention" if bad else None
    note = keys.used(user_id, key_id, state, None if good else attempt.outcome, now)
    if not bad:
        return (note,)
    data = {"provider": attempt.candidate.provider, "reason": attempt.outcome}
    news = keys.began(user_id, key_id, "needs_attention", now)
    return note, notice(user_id, "ai_key_needs_attention", key_id, now.isoformat(), now, data, provided=news)
