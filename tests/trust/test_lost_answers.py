"""T4: the answer to a commit is lost, whatever comes in its place. One post, credited to itself, never called failed.

The long form takes every answer for every kind of post, the short one each answer once for each kind of account.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.trust import ENGINES, LONG
from tests.trust.answers import ANSWERS, fault
from tests.trust.kinds import KINDS, Kind
from tests.trust.rig import OPEN, Rig, ids_of, unique
from tests.trust.table import Table

pytestmark = pytest.mark.timeout(3_600 if LONG else 600)


def chosen(kind: Kind, when: str) -> list[str]:
    """The answers that a kind is tried with."""
    siblings = [k.name for k in KINDS.values() if (k.platform, k.account) == (kind.platform, kind.account)]
    step, turn = len(siblings) * (1 if when == "after" else 4), siblings.index(kind.name)
    return [name for i, name in enumerate(ANSWERS) if LONG or i % step == turn]


def lost(rig: Rig, kind: Kind, path: str, name: str, when: str) -> Iterator[str]:
    """What goes wrong with one publication whose answer is lost; last of all how it ended."""
    rig.fresh()
    text = unique(["Lost", name])
    rig.fault(kind, path, **fault(name, kind.platform, when))
    post = rig.publish(kind, text).json
    seen = [post["targets"][0]]
    made = bool(rig.posts(kind))
    assert made or when == "before", "the simulator did not act"
    if made and rig.retry(post["id"], kind, text):
        yield "RETRY-OFFERED!"
    for moment in rig.settle(post["id"]):
        seen.append(moment["targets"][0])
        if made and rig.retry(post["id"], kind, text):
            yield "RETRY-OFFERED!"
    last, posts = seen[-1], rig.posts(kind)
    if len(posts) > 1:
        yield "DUPLICATE!"
    if posts and any(target["status"] == "failed" for target in seen):
        yield "FALSE-FAILED!"
    for target in seen:
        if target["status"] == "published" and not (posts and ids_of(target) <= set(posts)):
            yield "FALSE-PUBLISHED!"
            break
    if last["status"] in OPEN or last["next_check_at"] is not None:
        yield "OPEN!"
    yield str(last["status"])


@pytest.mark.parametrize("when", ["after", "before"])
@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name.replace(" ", "_"))
@pytest.mark.parametrize("deployment", ENGINES, indirect=True)
def test_a_lost_answer_makes_no_second_post_and_no_lie(
    rig: Rig, kind: Kind, when: str, table: Callable[[str], Table], request: pytest.FixtureRequest
) -> None:
    path = rig.commit_path(kind)
    cells = table(f"lost answers: the platform {'had acted' if when == 'after' else 'did nothing'}")
    broken: dict[str, list[str]] = {}
    for name in chosen(kind, when):
        found = list(dict.fromkeys(lost(rig, kind, path, name, when)))
        wrong = [mark for mark in found if "!" in mark]
        cells.add(name, kind.name, "+".join(wrong) or found[-1])
        if wrong:
            broken[name] = found
    assert not broken, broken
