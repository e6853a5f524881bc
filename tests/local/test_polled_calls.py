"""S9: how many calls it takes to read the figures of a thousand posts, at platforms that enforce their limits."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bench import calls, polled
from noillusion.flows import transport


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A call that a busy machine holds up is not repeated, for the repetition would count."""
    send = transport.send

    async def waiting(*given: Any, **named: Any) -> Any:
        return await send(*given, **{**named, "seconds": 60.0})

    monkeypatch.setattr(transport, "send", waiting)


@pytest.mark.parametrize("name", polled.BARS)
def test_S9_calls_for_a_thousand_posts_stay_within_the_bar(name: str) -> None:
    """Ten accounts with a hundred posts each are the newest hundred of this one, ten times."""

    async def count() -> tuple[int, int]:
        async with polled.served() as world:
            return await calls.full(world, dict(polled.places(world))[name])

    ten_accounts, one_account = asyncio.run(count())
    assert ten_accounts <= polled.BARS[name]
    assert one_account <= polled.BARS[name]
