"""Judges what a platform lists after a commit without an answer: whose post is it? The rules are here and nowhere else.

A listed post is ours if the platform names one of our handles with it. Without a handle it is ours only if all of this holds: it
has our text, which is not empty; it was created after our commit, by the platform's own clock, and no later than the platform
takes; it is the only such post; no other target holds it; and no other commit of ours can have made it. Ours is missing only if a
list that was read to its end has no post that could be it. Everything else stays undecided, with counts of what was seen.

Nothing here does I/O, and nothing here keeps or tells a text.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import field
from enum import StrEnum

from noillusion.core.records import record
from noillusion.flows.draft import Kind, says_something
from noillusion.flows.protocol import ListedPost, Listing
from noillusion.platforms.contract import ReadBack
from noillusion.publishing.rows import CommitRow, LeasedTarget

SLACK_S = 2.0
"""Times come in whole seconds, and the platform's clock is known to about one second."""
DOUBT_S, DOUBT_WITHOUT_CLOCK_S = 10.0, 60.0
"""A post that is older than the commit by less than this is not taken, but it forbids calling ours missing. The second number is
for a platform whose clock was never seen."""
HELD_SLACK_S = 300.0
"""A post that was held is public no later than this after its time."""
LOOKS_BACK_S = 2 * DOUBT_WITHOUT_CLOCK_S
"""How far before the commit a list is read."""


class Match(StrEnum):
    """How a listed post compares with what a commit sent."""

    HANDLE = "handle"
    """The platform names one of the commit's handles with the post."""
    SAME = "same_text"
    POSSIBLE = "possible"
    """There is nothing to compare: a text that is empty, or that is not known any more."""
    NONE = "none"


class When(StrEnum):
    """When a listed post was created, as seen from a commit."""

    BEFORE = "before"
    JUST_BEFORE = "just_before"
    """So shortly before the commit that the clocks could be wrong by as much."""
    WITHIN = "within"
    """After the commit, and no later than the platform takes."""
    AFTER = "after"
    UNTOLD = "untold"
    """The list does not tell."""


@record(eq=True)
class Commit:
    """A commit that may have made a post. Times are seconds since the epoch by the platform's clock."""

    kind: Kind
    since: float
    until: float
    handles: frozenset[str] = frozenset()
    is_text: Callable[[str], bool] | None = field(default=None, repr=False)
    """Whether a text is the one that was sent; ``None`` if no text was sent or it is not known any more."""
    wordless: bool = False
    """Whether it is known that no text was sent."""
    doubt_s: float = DOUBT_S
    publish_at: float | None = None
    """When the post becomes public, if the platform was to hold it until then."""

    def match(self, post: ListedPost) -> Match:
        """Compare with a listed post."""
        if self.handles & post.handles:
            return Match.HANDLE
        if post.kinds and self.kind not in post.kinds:
            return Match.NONE
        if not says_something(post.text):
            return Match.POSSIBLE
        if self.is_text is None:
            return Match.NONE if self.wordless else Match.POSSIBLE
        if not self.is_text(post.text):
            return Match.NONE
        # The same words with other photos than ours: not ours, and too near to it to call ours missing.
        return Match.POSSIBLE if self.handles and post.handles else self._by_time(post)

    def _by_time(self, post: ListedPost) -> Match:
        """Compare the times until which a post with the same text and ours are held: with another one it may be ours, moved."""
        if self.publish_at is None:
            return Match.SAME if post.publish_at is None else Match.NONE
        public_at = post.created_at if post.publish_at is None else post.publish_at
        same = public_at is None or abs(public_at - self.publish_at) <= HELD_SLACK_S
        return Match.SAME if same else Match.POSSIBLE

    def when(self, post: ListedPost) -> When:
        """Return when the post was created, as seen from this commit."""
        if post.created_at is None:
            return When.UNTOLD
        if self.publish_at is not None and abs(post.created_at - self.publish_at) <= HELD_SLACK_S:
            # Once it is public it was created at its time.
            return When.WITHIN
        if post.created_at < self.since - SLACK_S:
            return When.BEFORE if post.created_at < self.since - self.doubt_s else When.JUST_BEFORE
        return When.WITHIN if post.created_at <= self.until + SLACK_S else When.AFTER

    def can_have_made(self, post: ListedPost) -> bool:
        """Return whether the post could be this commit's."""
        match, when = self.match(post), self.when(post)
        if match is Match.HANDLE:
            return True
        late = match is Match.SAME and when is When.AFTER
        return match is not Match.NONE and (late or when in (When.WITHIN, When.UNTOLD))


@record(eq=True)
class Ours:
    """The post is this commit's. ``certain`` if a handle says so; without it only the text does."""

    post: ListedPost
    certain: bool


@record(eq=True)
class Missing:
    """The platform does not have the post. ``final`` if nothing that was listed could be it and the list was complete."""

    final: bool


@record(eq=True)
class Undecided:
    """There is something, and it proves nothing. ``seen`` counts it; it holds no content and no ids."""

    reason: str
    seen: Mapping[str, int]


def of_interest(commit: Commit, listing: Listing) -> list[ListedPost]:
    """Return the listed posts that could be this commit's or cast doubt on it: those about which the ledger has to be asked."""
    return [post for post in listing.posts if _casts_doubt(commit, post)]


def _casts_doubt(commit: Commit, post: ListedPost) -> bool:
    match, when = commit.match(post), commit.when(post)
    near = when is When.JUST_BEFORE and match is not Match.NONE
    return near or (match is Match.SAME and when is not When.BEFORE) or commit.can_have_made(post)


def judge(commit: Commit, listing: Listing, held: Collection[str], others: Sequence[Commit]) -> Ours | Missing | Undecided:
    """Decide about a commit from what was listed.

    ``held``: ids of posts that other targets hold already. ``others``: other commits on the account that have no post yet.
    """
    named = [post for post in listing.posts if commit.match(post) is Match.HANDLE]
    if len(named) == 1:
        return Ours(named[0], certain=True)
    left = [post for post in of_interest(commit, listing) if post.post_id not in held]
    if not left:
        return Missing(final=listing.complete)
    same = [post for post in left if commit.match(post) in (Match.SAME, Match.HANDLE)]
    seen = {"posts": len(left), "same_text": len(same), "complete": int(listing.complete)}
    if len(same) != 1:
        return Undecided("several_posts" if same else "nothing_to_compare", seen)
    (post,) = same
    if commit.when(post) is not When.WITHIN:
        return Undecided("time_does_not_fit", seen)
    rivals = sum(other.can_have_made(post) for other in others)
    if rivals:
        return Undecided("several_commits", {**seen, "commits": rivals + 1})
    return Ours(post, certain=False)


def commit_of(
    row: CommitRow | LeasedTarget,
    facts: ReadBack,
    is_text: Callable[[str], bool] | None,
    ahead: float | None,
    *,
    settled: bool = False,
) -> Commit:
    """Return the commit of a target. ``is_text`` tells whether a text has the row's fingerprint; ``None`` if nobody can tell.

    ``ahead`` is how far the platform's clock is ahead of ours, in seconds, for a row that does not know it. ``settled``: the
    row is another one, whose fingerprint may have been erased.
    """
    since = committed_at(row, ahead)
    known = row.text_fingerprint
    wordless = not settled and (known is None or (is_text is not None and is_text("")))
    # A draft in an inbox is published whenever the person likes.
    until = float("inf") if row.status == "delivered_to_inbox" else since + facts.created_within_s
    return Commit(
        kind=row.kind,
        since=since,
        until=until,
        handles=frozenset(str(value) for value in row.handles.values()),
        is_text=None if known is None or wordless else is_text,
        wordless=wordless,
        publish_at=None if row.publish_at is None else row.publish_at.timestamp(),
        doubt_s=DOUBT_WITHOUT_CLOCK_S if row.platform_ahead_ms is None and ahead is None else DOUBT_S,
    )


def committed_at(row: CommitRow | LeasedTarget, ahead: float | None = None) -> float:
    """Return when the commit left, in seconds by the platform's clock."""
    sent = row.committing_at
    if sent is None:
        raise ValueError("nothing was sent")
    known = row.platform_ahead_ms
    return sent.timestamp() + ((ahead or 0.0) if known is None else known / 1000)


def certainly_owned(accepted_id: str | None, handles: Mapping[str, str]) -> bool:
    """Return whether a target's post is its own beyond doubt: the platform named it in its answer to the commit, or by a handle.

    A post that was found by its text may be one that a person published by hand, so nothing is ever deleted on that evidence.
    """
    return accepted_id is not None and handles.get("accepted_id") == accepted_id
