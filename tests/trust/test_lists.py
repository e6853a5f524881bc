"""Read-back from lists as platforms really give them: in pages of every form, late, crowded, and by a clock that is not ours."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from tests.trust import ENGINES, LONG
from tests.trust.kinds import KINDS, Kind
from tests.trust.rig import Rig, unique
from tests.trust.table import Table
from tests.trust.test_same_text import observed

pytestmark = pytest.mark.timeout(3_600 if LONG else 600)

LISTS: Mapping[str, dict[str, Any]] = {
    "plain": {},
    "by time": {"paging": "time"},
    "next alone": {"paging": "next"},
    "short pages": {"short_by": 3},
    "empty first page": {"hollow": True},
    "all of it": {"paging": "time", "short_by": 3, "hollow": True},
    "late by 2 min": {"delay_s": 120},
    "late by 4 min": {"delay_s": 240},
}
CLOCKS: Mapping[str, float] = {"10 min slow": -600.0, "90 s slow": -90.0, "90 s fast": 90.0, "10 min fast": 600.0}
"""How wrong the platform's clock is, in seconds."""
CROWD = 35
"""More posts than are on one page."""
READ = [
    KINDS[name]
    for name in ("facebook text", "facebook image", "instagram image", "linked image", "organization text", "tiktok image")
]
SHORT = ("short pages", "all of it", "late by 2 min", "10 min slow", "90 s fast")
SURE = {"facebook text", "facebook image", "instagram image", "linked image"}
"""Kinds whose posts must be found where they are."""


def tried(rig: Rig, kind: Kind, path: str, made: bool, **behaviour: Any) -> Iterator[str]:
    """What goes wrong with one publication whose answer is lost, among many other posts; last of all how it ended."""
    rig.fresh()
    rig.world.clock.skew = behaviour.pop("skew_s", 0.0)
    rig.world.lists[kind.host].change(behaviour)
    others = [rig.seed(kind, unique(["Earlier"]), 90 + n) for n in range(CROWD)]
    text = unique(["Ours"])
    rig.fault(kind, path, when="after" if made else "before", drop=True)
    post = rig.publish(kind, text).json
    ours = set(rig.posts(kind)) - set(others)
    assert bool(ours) == made, "the simulator did not act as it was asked to"
    rig.at(rig.passed + 5)
    others += [rig.seed(kind, unique(["Later"])) for _ in range(CROWD)]
    yield from observed(rig, kind, post["id"], text, others, ours)
    rig.world.clock.skew = 0.0


@pytest.mark.parametrize("made", [True, False], ids=["made", "not_made"])
@pytest.mark.parametrize("kind", READ, ids=lambda kind: kind.name.replace(" ", "_"))
@pytest.mark.parametrize("deployment", ENGINES, indirect=True)
def test_a_post_is_found_wherever_it_stands_in_a_list(rig: Rig, kind: Kind, made: bool, table: Callable[[str], Table]) -> None:
    path, shown, broken = rig.commit_path(kind), table("lists and clocks"), {}
    everything = {**LISTS, **{clock: {"skew_s": skew} for clock, skew in CLOCKS.items()}}
    for name, behaviour in everything.items() if LONG else [(name, everything[name]) for name in SHORT]:
        found = list(dict.fromkeys(tried(rig, kind, path, made, **behaviour)))
        wrong = [mark for mark in found if "!" in mark]
        if made and kind.name in SURE and found[-1] != "published":
            wrong.append(f"{found[-1].upper()}!")
        shown.add(f"{name}, {'ours made' if made else 'ours not made'}", kind.name, "+".join(wrong) or found[-1])
        if wrong:
            broken[name] = found
    assert not broken, broken
