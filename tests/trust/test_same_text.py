"""Read-back that cannot be fooled: other posts that look like ours, before, after and at the same second; and two of our own.

Nobody else's post is ever taken for ours, nor deleted in its place; what cannot be told stays ``unknown``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import pytest

from tests.trust import ENGINES, LONG
from tests.trust.kinds import KINDS, Kind
from tests.trust.rig import OPEN, Rig, ids_of, unique
from tests.trust.table import Table

pytestmark = pytest.mark.timeout(3_600 if LONG else 600)

FAR_S = 1_300.0
"""Longer than any platform refuses a repeat of the same text."""

EVIDENCE: Mapping[str, str] = {
    **dict.fromkeys(("facebook text", "facebook link"), "text"),
    **dict.fromkeys(("organization text", "organization link", "organization poll"), "scope"),
    **dict.fromkeys(("linkedin text", "linkedin link", "linkedin image", "tiktok inbox"), "none"),
    **dict.fromkeys((f"linkedin {name}" for name in ("images", "video", "document", "poll")), "none"),
    **dict.fromkeys(("tiktok image", "tiktok images", "tiktok video"), "public text"),
    **dict.fromkeys(("facebook image", "facebook bytes", "facebook images", "instagram image"), "handle"),
    **dict.fromkeys(("instagram images", "instagram reel", "instagram story", "linked image", "linked reel bytes"), "handle"),
    **dict.fromkeys(("organization image", "tiktok upload", "tiktok bytes", "tiktok inbox upload"), "mark"),
    **dict.fromkeys(("organization images", "organization video", "organization document"), "mark"),
    **dict.fromkeys(("facebook video bytes", "facebook reel", "facebook photo story", "facebook video story"), "handle"),
    "facebook video": "public text",
}
"""What a platform shows that tells our post from others (platforms.md 5).

``text``: the list has it, and is complete. ``public text``: the list has public posts only, so absence proves nothing.
``handle``: an object that was prepared names its post, or can be used still. ``mark``: the list names the object that was
prepared, which cannot be used again without the text, or the platform tells the outcome of the object. ``scope``: the list has
it, for apps that were vetted; the product may do without. ``none``: nothing can be read.
"""

_WITHOUT_TEXT: Mapping[str, str] = {"text": "silence", "scope": "silence", "handle": "handle", "mark": "mark"}

OTHERS: Mapping[str, float | None] = {
    "alone": None,
    "an hour before": -3_600.0,
    "own, before": -FAR_S,
    "20 s before": -20.0,
    "same second": 0.0,
    "just after": 5.0,
}
"""When the other post was made, in seconds after ours was sent."""
CLEAR, NEAR, DOUBTFUL = "clear", "near", "doubtful"
TIME: Mapping[str, str] = {
    **dict.fromkeys(("alone", "an hour before", "own, before"), CLEAR),
    "20 s before": NEAR,
    **dict.fromkeys(("same second", "just after"), DOUBTFUL),
}
"""Whether time tells the posts apart. Clocks differ, so it may be too near to be sure of."""

P, U, F = "published", "unknown", "failed"
EXPECTED: Mapping[tuple[str, bool, str], set[str]] = {
    # evidence, whether ours was made, whether time tells the posts apart
    ("text", True, CLEAR): {P},
    ("text", True, NEAR): {P, U},
    ("text", True, DOUBTFUL): {U},
    ("text", False, CLEAR): {F},
    ("text", False, NEAR): {F, U},
    ("text", False, DOUBTFUL): {F, U, P},
    ("silence", True, CLEAR): {U},
    ("silence", True, NEAR): {U},
    ("silence", True, DOUBTFUL): {U},
    ("silence", False, CLEAR): {F, U},
    ("silence", False, NEAR): {F, U},
    ("silence", False, DOUBTFUL): {U},
    ("public text", True, CLEAR): {P},
    ("public text", True, NEAR): {P, U},
    ("public text", True, DOUBTFUL): {U},
    ("public text", False, CLEAR): {U},
    ("public text", False, NEAR): {U},
    ("public text", False, DOUBTFUL): {U, P},
    ("scope", True, CLEAR): {P, U},
    ("scope", True, NEAR): {P, U},
    ("scope", True, DOUBTFUL): {P, U},
    ("scope", False, CLEAR): {F, U},
    ("scope", False, NEAR): {F, U},
    ("scope", False, DOUBTFUL): {F, U, P},
    **{("handle", True, time): {P} for time in (CLEAR, NEAR, DOUBTFUL)},
    ("handle", False, CLEAR): {P, F},
    ("handle", False, NEAR): {P, F, U},
    ("handle", False, DOUBTFUL): {P, F, U},
    **{("mark", True, time): {P} for time in (CLEAR, NEAR, DOUBTFUL)},
    **{("mark", False, time): {F, U} for time in (CLEAR, NEAR, DOUBTFUL)},
    **{("none", made, time): {U} for made in (True, False) for time in (CLEAR, NEAR, DOUBTFUL)},
}
"""How a publication may end whose answer is lost."""
INDISTINCT = {(evidence, False, DOUBTFUL) for evidence in ("text", "public text", "scope")}
"""Ours was never made and another with the same text was, at that very moment: nothing tells that it is not ours."""


SHORT = (
    "facebook text",
    "facebook image",
    "facebook reel",
    "instagram image",
    "instagram story",
    "organization link",
    "organization video",
    "tiktok video",
    "tiktok upload",
)
CHOSEN = [kind for kind in KINDS.values() if "inbox" not in kind.name and (LONG or kind.name in SHORT)]


@dataclass(frozen=True)
class Cell:
    """One publication whose answer is lost, beside one other post."""

    kind: Kind
    says: bool
    made: bool
    other: str

    @property
    def evidence(self) -> str:
        """What tells our post from others here. An empty text is no evidence."""
        return _WITHOUT_TEXT.get(EVIDENCE[self.kind.name], "none") if not self.says else EVIDENCE[self.kind.name]

    @property
    def case(self) -> tuple[str, bool, str]:
        """The row of :data:`EXPECTED`."""
        return self.evidence, self.made, TIME[self.other]

    @property
    def name(self) -> str:
        """The row of the table."""
        return f"{'ours made' if self.made else 'ours not made'}, {'text' if self.says else 'no text'}, {self.other}"


def cells(kind: Kind) -> Iterator[Cell]:
    """Every cell of a kind."""
    for says in (True, False):
        if not kind.may(says):
            continue
        for made in (True, False):
            for other in OTHERS:
                yield Cell(kind, says, made, other)


def play(rig: Rig, path: str, cell: Cell) -> Iterator[str]:
    """What goes wrong in one cell; last of all how ours ended."""
    kind, at = cell.kind, OTHERS[cell.other]
    text = unique(["Same"]) if cell.says else ""
    rig.fresh()
    # Another post in between: platforms refuse the same text twice in a row.
    others: list[str] = []
    if cell.other.startswith("own"):
        answer = rig.publish(kind, text).json
        assert answer["targets"][0]["status"] == P, answer
        others = rig.posts(kind)
        rig.at(FAR_S)
        others.append(rig.seed(kind, unique(["Another"]), 60))
    elif at is not None and at <= 0:
        others = [rig.seed(kind, text, -at), rig.seed(kind, unique(["Another"]), -at / 2)]
    rig.fault(kind, path, when="after" if cell.made else "before", drop=True)
    post = rig.publish(kind, text).json
    ours = set(rig.posts(kind)) - set(others)
    assert bool(ours) == cell.made, "the simulator did not act as it was asked to"
    if at is not None and at > 0:
        rig.at(rig.passed + at)
        others.append(rig.seed(kind, text))
    yield from observed(rig, kind, post["id"], text, others, ours)


def observed(rig: Rig, kind: Kind, post_id: str, text: str, others: list[str], ours: set[str]) -> Iterator[str]:
    """Settle one publication and say what goes wrong; last of all how it ended."""
    target = rig.read(post_id)["targets"][0]
    for moment in rig.settle(post_id):
        target = moment["targets"][0]
        if ours and target["status"] == F:
            yield "FALSE-FAILED!"
        if ours and rig.retry(post_id, kind, text):
            yield "RETRY-OFFERED!"
    now = set(rig.posts(kind)) - set(others)
    if len(now) > 1:
        yield "DUPLICATE!"
    if ids_of(target) & set(others):
        yield "THEFT!"
    elif target["status"] == P and not now:
        yield "FALSE-PUBLISHED!"
    if target["status"] in OPEN or target["next_check_at"]:
        yield "OPEN!"
    if kind.deletes:
        rig.delete(post_id)
        if not set(others) <= set(rig.posts(kind)):
            yield "DELETED-ANOTHER!"
    yield str(target["status"])


@pytest.mark.parametrize("kind", CHOSEN, ids=lambda k: k.name.replace(" ", "_"))
@pytest.mark.parametrize("deployment", ENGINES, indirect=True)
def test_no_other_post_is_taken_for_ours(rig: Rig, kind: Kind, table: Callable[[str], Table]) -> None:
    path, shown, broken = rig.commit_path(kind), table("the same text, or none"), {}
    for cell in cells(kind):
        found = list(dict.fromkeys(play(rig, path, cell)))
        wrong = [mark for mark in found if "!" in mark]
        if cell.case in INDISTINCT:
            # It may be taken for ours, but on such evidence it must not be deleted.
            wrong = [mark for mark in wrong if mark != "THEFT!"]
        if found[-1] not in EXPECTED[cell.case]:
            wrong.append(f"{found[-1].upper()}!")
        shown.add(cell.name, kind.name, "+".join(wrong) or found[-1])
        if wrong:
            broken[cell.name] = wrong
    assert not broken, broken


# -- two of our own ------------------------------------------------------------------------------------------------------------


def gap(kind: Kind) -> float:
    """Seconds between two equal posts: as few as the platform does not take for a repeat."""
    return FAR_S if kind.platform == "linkedin" else 30.0


PAIRS: Mapping[str, tuple[bool | None, bool | None]] = {
    "both lost, both made": (True, True),
    "both lost, the first made": (True, False),
    "both lost, the second made": (False, True),
    "both lost, none made": (False, False),
    "the first lost and made": (True, None),
    "the first lost, not made": (False, None),
    "the second lost and made": (None, True),
    "the second lost, not made": (None, False),
}
"""Whether each of two was made; ``None``: its answer was not lost."""


def pair(rig: Rig, kind: Kind, path: str, says: bool, fates: tuple[bool | None, bool | None]) -> Iterator[str]:
    """What goes wrong with two equal publications on one account; last of all how both ended."""
    text = unique(["Twice"]) if says else ""
    rig.fresh()
    posts, made, between = [], [], []
    for fate in fates:
        before = set(rig.posts(kind))
        if fate is not None:
            rig.fault(kind, path, when="after" if fate else "before", drop=True)
        posts.append(rig.publish(kind, text).json["id"])
        made.append(set(rig.posts(kind)) - before)
        assert bool(made[-1]) == (fate is not False), "the simulator did not act as it was asked to"
        if len(posts) == 1:
            rig.at(gap(kind))
            between = [rig.seed(kind, unique(["Another"]), 10)]
    targets = [rig.read(post_id)["targets"][0] for post_id in posts]
    for _ in rig.settle(posts[1]):
        targets = [rig.read(post_id)["targets"][0] for post_id in posts]
        for post_id, own in zip(posts, made, strict=True):
            if own and rig.retry(post_id, kind, text):
                yield "RETRY-OFFERED!"
    for _ in rig.settle(posts[0]):
        targets = [rig.read(post_id)["targets"][0] for post_id in posts]
    held = [ids_of(target) for target in targets]
    if held[0] & held[1]:
        yield "ONE-ID-TWICE!"
    for target, own, other, ids in zip(targets, made, made[::-1], held, strict=True):
        if ids & (other | set(between)):
            yield "THEFT!"
        if own and target["status"] == F:
            yield "FALSE-FAILED!"
        if target["status"] in OPEN or target["next_check_at"]:
            yield "OPEN!"
    if len(set(rig.posts(kind)) - set(between)) > 2:
        yield "DUPLICATE!"
    if kind.deletes:
        rig.delete(posts[0])
        if not made[1] | set(between) <= set(rig.posts(kind)):
            yield "DELETED-ANOTHER!"
    yield "+".join(str(target["status"]) for target in targets)


@pytest.mark.parametrize("kind", CHOSEN, ids=lambda k: k.name.replace(" ", "_"))
@pytest.mark.parametrize("deployment", ENGINES, indirect=True)
def test_two_equal_posts_of_ours_are_told_apart_or_stay_unknown(rig: Rig, kind: Kind, table: Callable[[str], Table]) -> None:
    path, shown, broken = rig.commit_path(kind), table("two equal posts of ours"), {}
    for says in (True, False):
        if not kind.may(says):
            continue
        for name, fates in PAIRS.items():
            row = f"{name}, {'text' if says else 'no text'}"
            found = list(dict.fromkeys(pair(rig, kind, path, says, fates)))
            wrong = [mark for mark in found if "!" in mark]
            shown.add(row, kind.name, "+".join(wrong) or found[-1])
            if wrong:
                broken[row] = found
    assert not broken, broken
