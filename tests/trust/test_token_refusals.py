"""A commit is sent once, whatever is said about the token that it was sent with, although another token could be had."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.trust import ENGINES, LONG
from tests.trust.answers import HTML
from tests.trust.kinds import KINDS, Kind
from tests.trust.rig import Rig, unique
from tests.trust.table import Table

pytestmark = pytest.mark.timeout(3_600 if LONG else 600)

OLD_ENOUGH_S = 2 * 86_400
"""An Instagram token can be renewed only after a day (platforms.md 2.2)."""


def _refusals_of(status: int) -> dict[str, dict[str, Any]]:
    return {
        "HTML": {"body": HTML},
        "empty": {"body": ""},
        "null": {"body": "null", "headers": {"content-type": "application/json"}},
        "message": {"body": {"message": "Unauthorized"}},
        "error text": {"body": {"error": "invalid_token", "error_description": "The access token expired"}},
        "error with code": {"body": {"error": {"code": status, "message": "Unauthorized", "status": "UNAUTHENTICATED"}}},
        "code": {"body": {"code": "UNAUTHORIZED", "message": "Token expired"}},
        "problem": {"body": {"type": "about:blank", "title": "Unauthorized", "status": status}},
        "challenge": {"body": "", "headers": {"www-authenticate": 'Bearer error="invalid_token"'}},
    }


FORMS: Mapping[str, dict[str, Any]] = {
    f"{status} {name}": {"status": status, **answer} for status in (401, 403) for name, answer in _refusals_of(status).items()
}
"""Refusals of a token by anything that stands before a platform."""
OWN: Mapping[str, tuple[str, ...]] = {
    "facebook": ("expired_token", "invalid_token", "app_removed", "checkpoint", "password_changed", "no_page_role",
                 "session_key_invalid", "token_required", "permission_denied", "scope_missing"),
    "instagram": ("expired_token", "invalid_token", "app_removed", "checkpoint", "permission_denied", "silent_403"),
    "linkedin": ("expired_token", "invalid_token", "revoked_token", "unauthorized", "access_denied"),
    "tiktok": ("access_token_invalid", "scope_not_authorized", "spam_risk"),
}  # fmt: skip
"""The platforms' own."""


def refusals(kind: Kind, when: str) -> dict[str, dict[str, Any]]:
    """Every refusal that a kind is tried with, by name."""
    everything = {**FORMS, **{f"own {name}": {"preset": name} for name in OWN[kind.host]}}
    siblings = [k.name for k in KINDS.values() if k.platform == kind.platform]
    step, turn = len(siblings) * (1 if when == "after" else 4), siblings.index(kind.name)
    return {name: fault for i, (name, fault) in enumerate(everything.items()) if LONG or i % step == turn}


@pytest.mark.parametrize("when", ["after", "before"])
@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name.replace(" ", "_"))
@pytest.mark.parametrize("deployment", ENGINES, indirect=True)
def test_a_commit_whose_token_is_refused_is_sent_once(rig: Rig, kind: Kind, when: str, table: Callable[[str], Table]) -> None:
    if kind.account == "member":
        # LinkedIn renews tokens for some apps only; here it would.
        rig.world.simulators["linkedin"].actions["settings"]({"share_refresh_tokens": True})
    path = rig.commit_path(kind)
    cells, broken = table(f"token refused: the platform {'had acted' if when == 'after' else 'did nothing'}"), {}
    for name, fault in refusals(kind, when).items():
        rig.fresh()
        # The token can be renewed from here on, so the product could try again with another one.
        rig.at(OLD_ENOUGH_S if kind.platform == "instagram" else 60)
        rig.fault(kind, path, when=when, **fault)
        rig.publish(kind, unique(["Token", name]))
        sent, posts = len(rig.commits(kind)), len(rig.posts(kind))
        wrong = [mark for mark, so in {"SENT-TWICE!": sent > 1, "DUPLICATE!": posts > 1, "NOT-SENT!": sent == 0}.items() if so]
        cells.add(name, kind.name, "+".join(wrong) or f"{sent} sent")
        if wrong:
            broken[name] = wrong
    assert not broken, broken
