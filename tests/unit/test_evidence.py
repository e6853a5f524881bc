"""Whose post is it? One is taken only on evidence that cannot be of another, and missing is said only of a whole list."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from noillusion.flows.protocol import ListedPost, Listing
from noillusion.platforms.contract import ReadBack
from noillusion.publishing import evidence
from noillusion.publishing.evidence import Commit, Missing, Ours, Undecided
from noillusion.publishing.rows import CommitRow

T = 1_795_000_000.0
FACTS = ReadBack(created_within_s=180, settles_after_s=300, gives_up_after_s=3600)


def commit(text: str = "Hello", **more: Any) -> Commit:
    """A commit at ``T`` of a text, or of none."""
    known = {"is_text": lambda found: found == text} if text else {"wordless": True}
    return Commit(**{"kind": "image", "since": T, "until": T + 180, **known, **more})


def post(number: int = 1, text: str = "Hello", after: float | None = 1.0, **more: Any) -> ListedPost:
    return ListedPost(str(number), text, None if after is None else T + after, **more)


def judged(*posts: ListedPost, ours: Commit | None = None, complete: bool = True, **more: Any) -> Any:
    return evidence.judge(ours or commit(), Listing(posts, complete), more.get("held", ()), more.get("others", ()))


OTHER = post(9, "Other")
PHOTO = frozenset({"5"})


@pytest.mark.parametrize("after", [-2.0, -1.0, 0.0, 1.0, 179.0, 182.0])
def test_the_one_new_post_with_the_text_is_ours(after: float) -> None:
    assert judged(OTHER, post(after=after)) == Ours(post(after=after), certain=False)


@pytest.mark.parametrize("after", [-3_600.0, -20.0, -10.5])
def test_a_post_that_is_older_than_the_commit_is_never_taken(after: float) -> None:
    assert judged(post(after=after), OTHER) == Missing(final=True)
    assert judged(post(after=after), post(2)) == Ours(post(2), certain=False)


@pytest.mark.parametrize("after", [-9.0, -2.5, 183.0, 86_400.0, None])
def test_a_post_at_a_time_that_does_not_fit_is_not_taken_and_forbids_missing(after: float | None) -> None:
    found = judged(post(after=after), OTHER)
    assert found == Undecided("time_does_not_fit", {"posts": 1, "same_text": 1, "complete": 1})


def test_without_the_platforms_clock_a_whole_minute_before_the_commit_is_in_doubt() -> None:
    assert isinstance(judged(post(after=-59), ours=commit(doubt_s=evidence.DOUBT_WITHOUT_CLOCK_S)), Undecided)


def test_a_post_that_another_target_holds_is_out_of_the_question() -> None:
    assert judged(post(), held={"1"}) == Missing(final=True)
    assert judged(post(), post(2), held={"1"}) == Ours(post(2), certain=False)


def test_of_two_posts_with_the_text_none_is_taken() -> None:
    assert judged(post(), post(2, after=60)) == Undecided("several_posts", {"posts": 2, "same_text": 2, "complete": 1})


def test_a_post_that_another_commit_can_have_made_is_taken_by_neither() -> None:
    assert judged(post(), others=[commit()]) == Undecided(
        "several_commits", {"posts": 1, "same_text": 1, "complete": 1, "commits": 2}
    )


@pytest.mark.parametrize(
    "other",
    [
        commit("Other"),
        commit(since=T + 60, until=T + 240),
        commit("", since=T - 3_600, until=T - 3_400),
        commit(kind="link", is_text=None),
        commit(""),
    ],
    ids=["another text", "later", "long before", "another kind", "no text"],
)
def test_commits_that_cannot_have_made_the_post_do_not_matter(other: Commit) -> None:
    mine = post(kinds=frozenset({"image"}))
    assert judged(mine, others=[other]) == Ours(mine, certain=False)


@pytest.mark.parametrize(
    "other",
    [commit(is_text=None), commit(since=T - 600, until=T - 420), commit(until=float("inf"), since=T - 600, is_text=None)],
    ids=["its text is forgotten", "its post is late", "a draft that the person finishes"],
)
def test_commits_that_may_have_made_it_after_all_do(other: Commit) -> None:
    assert judged(post(), others=[other]).reason == "several_commits"


def test_a_handle_is_proof_whatever_the_text_the_time_and_the_others_are() -> None:
    mine = post(text="", after=None, handles=PHOTO)
    for ours in (commit(handles=PHOTO), commit("", handles=PHOTO), commit("x", handles=PHOTO, kind="text")):
        found = judged(OTHER, mine, post(3, text=""), ours=ours, others=[commit(), commit("")])
        assert found == Ours(mine, certain=True)


def test_no_text_is_no_evidence() -> None:
    wordless = post(text="")
    for text in ("", "  \n", "\u200b\ufeff"):
        found = judged(post(text=text), ours=commit(""))
        assert found == Undecided("nothing_to_compare", {"posts": 1, "same_text": 0, "complete": 1}), text
    assert judged(wordless, ours=commit()).reason == "nothing_to_compare"
    assert judged(wordless, ours=commit(is_text=None)).reason == "nothing_to_compare"
    assert judged(post(), ours=commit("")) == Missing(final=True)


def test_a_post_without_text_is_missing_only_if_no_other_could_be_it() -> None:
    assert judged(post(text="", after=-20), ours=commit("")) == Missing(final=True)
    assert judged(post(text="", after=600), ours=commit("")) == Missing(final=True)
    assert judged(post(text=""), held={"1"}, ours=commit("")) == Missing(final=True)
    assert judged(post(text="", kinds=frozenset({"video"})), ours=commit("")) == Missing(final=True)


def test_our_text_with_other_photos_is_neither_ours_nor_nothing() -> None:
    other = post(handles=frozenset({"6"}))
    assert judged(other, ours=commit(handles=PHOTO)) == Undecided(
        "nothing_to_compare", {"posts": 1, "same_text": 0, "complete": 1}
    )


@pytest.mark.parametrize(("ours", "theirs"), [(PHOTO, frozenset()), (frozenset(), PHOTO)], ids=["the post", "the commit"])
def test_photos_that_only_one_side_tells_are_no_other_photos(ours: frozenset[str], theirs: frozenset[str]) -> None:
    listed = post(handles=theirs)
    assert judged(listed, ours=commit(handles=ours)) == Ours(listed, certain=False)


def test_a_list_that_was_cut_proves_no_absence() -> None:
    assert judged(OTHER, complete=False) == Missing(final=False)
    assert judged(complete=False) == Missing(final=False)
    assert judged() == Missing(final=True)


def row(**more: Any) -> CommitRow:
    known = {"id": "t", "user_id": "u", "kind": "text", "status": "unknown", "handles": {}, "text_fingerprint": "print"}
    return CommitRow(
        **{**known, "committing_at": datetime.fromtimestamp(T, UTC), "platform_ahead_ms": None, "publish_at": None, **more}
    )


@pytest.mark.parametrize(
    ("known", "seen", "since", "doubt"),
    [(None, None, T, 60.0), (None, 90.0, T + 90, 10.0), (-2_500, 90.0, T - 2.5, 10.0), (0, None, T, 10.0)],
)
def test_the_commits_time_is_told_by_the_platforms_clock(
    known: int | None, seen: float | None, since: float, doubt: float
) -> None:
    made = evidence.commit_of(row(platform_ahead_ms=known), FACTS, None, seen)
    assert (made.since, made.until, made.doubt_s) == (since, since + 180, doubt)


def test_a_row_without_a_fingerprint_had_no_text_unless_it_was_erased() -> None:
    assert evidence.commit_of(row(text_fingerprint=None), FACTS, None, 0.0).wordless
    assert not evidence.commit_of(row(text_fingerprint=None), FACTS, None, 0.0, settled=True).wordless
    # Earlier versions kept a fingerprint of the empty text.
    assert evidence.commit_of(row(), FACTS, lambda text: text == "", 0.0).wordless
    kept = evidence.commit_of(row(), FACTS, lambda text: text == "Hello", 0.0)
    assert not kept.wordless and kept.is_text is not None and kept.is_text("Hello")


def test_a_fingerprint_that_nobody_can_compare_any_more_excludes_no_text() -> None:
    lost = evidence.commit_of(row(), FACTS, None, 0.0)
    assert judged(post(text="whatever"), ours=lost).reason == "nothing_to_compare"


def test_a_draft_in_an_inbox_can_become_a_post_at_any_time() -> None:
    assert evidence.commit_of(row(status="delivered_to_inbox"), FACTS, None, 0.0, settled=True).until == float("inf")


@pytest.mark.parametrize(
    ("accepted", "handles", "owned"),
    [
        ("101_9", {"accepted_id": "101_9"}, True),
        ("101_9", {"photo_id": "5"}, False),
        ("101_9", {"accepted_id": "101_8"}, False),
        (None, {}, False),
    ],
)
def test_a_post_is_certainly_owned_only_if_the_platform_said_so(
    accepted: str | None, handles: dict[str, str], owned: bool
) -> None:
    assert evidence.certainly_owned(accepted, handles) is owned


def test_what_was_seen_holds_counts_and_codes_only() -> None:
    found = judged(post(text="marker"), post(2, "marker"), ours=commit("marker"))
    assert "marker" not in repr(found) and all(isinstance(value, int) for value in found.seen.values())
    assert "marker" not in repr(commit("marker")) and "marker" not in repr(post(text="marker"))


LATER = 86_400


def scheduled(*, until: float = LATER, **more: Any) -> ListedPost:
    return replace(post(**more), publish_at=int(T + until))


def held(**more: Any) -> Commit:
    return replace(commit(**more), publish_at=T + LATER)


def test_a_held_post_with_our_text_and_time_is_ours() -> None:
    assert judged(scheduled(), ours=held()) == Ours(scheduled(), certain=False)


def test_a_held_post_with_our_text_and_another_time_is_neither_ours_nor_nothing() -> None:
    found = judged(scheduled(until=2 * LATER), ours=held())
    assert found == Undecided("nothing_to_compare", {"posts": 1, "same_text": 0, "complete": 1})


def test_of_two_held_posts_with_one_text_each_is_its_own() -> None:
    mine, theirs = scheduled(), replace(scheduled(until=2 * LATER), post_id="2")
    assert judged(mine, theirs, ours=held()) == Ours(mine, certain=False)


def test_a_post_that_became_public_at_its_time_is_ours() -> None:
    public = post(after=LATER + 5)
    assert judged(public, ours=held()) == Ours(public, certain=False)
    early = judged(post(after=5), ours=held())
    assert early == Undecided("nothing_to_compare", {"posts": 1, "same_text": 0, "complete": 1})


def test_a_commit_that_publishes_at_once_makes_no_held_post() -> None:
    assert judged(scheduled(), ours=commit()) == Missing(final=True)
    assert judged(scheduled(), ours=held(), others=[commit()]) == Ours(scheduled(), certain=False)


def test_a_held_commit_knows_its_time() -> None:
    at = datetime.fromtimestamp(T + LATER, UTC)
    assert evidence.commit_of(row(publish_at=at), FACTS, None, 0.0).publish_at == T + LATER
