"""Revoking at token endpoints: an access token that has expired says nothing of the grant, the refresh token does."""

from __future__ import annotations

import pytest

from noillusion.core.sensitive import Secret
from noillusion.flows.faults import PlatformError
from noillusion.flows.protocol import App, Reply, Tokens
from noillusion.platforms.catalog import get
from tests.flows.driver import calls, play

APP = App("client", Secret("secret"))
BOTH = Tokens(Secret("access"), Secret("refresh"))
DEAD = Reply(400, data={"error": "invalid_grant"})
platforms = pytest.mark.parametrize("name", ["linkedin", "tiktok"])


def sent(name: str, tokens: Tokens, *replies: Reply) -> list[str]:
    _, steps = play(get(name).revoke(APP, tokens), replies, get(name).classify)
    forms = [call.form for call in calls(steps)]
    return [form["token"].reveal() for form in forms if form]


@platforms
def test_one_token_is_enough(name: str) -> None:
    assert sent(name, BOTH, Reply(200, data={})) == ["access"]


@platforms
def test_the_refresh_token_is_revoked_where_the_access_token_has_expired(name: str) -> None:
    assert sent(name, BOTH, DEAD, Reply(200, data={})) == ["access", "refresh"]


@platforms
def test_a_grant_is_withdrawn_if_all_its_tokens_are_dead(name: str) -> None:
    assert sent(name, BOTH, DEAD, DEAD) == ["access", "refresh"]
    assert sent(name, Tokens(Secret("access")), DEAD) == ["access"]


@platforms
def test_a_refusal_that_says_nothing_of_the_token_is_one(name: str) -> None:
    with pytest.raises(PlatformError):
        play(get(name).revoke(APP, BOTH), [DEAD, Reply(503, data=None)], get(name).classify)
