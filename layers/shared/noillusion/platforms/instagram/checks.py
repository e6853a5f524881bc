"""What Instagram would refuse or drop without a word, found before anything is sent (platforms.md 2.3)."""

from __future__ import annotations

import re

from noillusion.flows.protocol import Account, Draft, Issue
from noillusion.platforms.instagram.facts import (
    CAPTION_LIMIT,
    COLLABORATOR_LIMIT,
    HASHTAGS_DOUBTFUL_ABOVE,
    HASHTAGS_REFUSED_ABOVE,
    IMAGE,
    KINDS,
    MENTION_LIMIT,
    NEEDS,
    PUBLISH_SCOPE,
)
from noillusion.platforms.instagram.options import options_of
from noillusion.platforms.meta.checks import length_issues, media_issues, scope_issues, shape_issues


def check(draft: Draft, account: Account) -> list[Issue]:
    """All problems that are visible without sending anything (platforms.md 2.3, "Limits")."""
    text = draft.text.reveal()
    issues = [
        *scope_issues(account, (PUBLISH_SCOPE,)),
        *shape_issues(draft, KINDS, NEEDS, "Instagram"),
        *length_issues(text, CAPTION_LIMIT, "Instagram"),
        *media_issues(draft, IMAGE, "Instagram"),
    ]
    hashtags = len(re.findall(r"(?<!\w)#\w*[^\W\d_]\w*", text))
    if hashtags > HASHTAGS_REFUSED_ABOVE:
        issues.append(Issue("text", "too_many_hashtags", f"Instagram accepts at most {HASHTAGS_REFUSED_ABOVE} hashtags."))
    elif hashtags > HASHTAGS_DOUBTFUL_ABOVE:
        message = f"Instagram advises at most {HASHTAGS_DOUBTFUL_ABOVE} hashtags and may ignore or refuse more."
        issues.append(Issue("text", "many_hashtags", message, "warning"))
    if len(re.findall(r"(?<![\w.])@\w", text)) > MENTION_LIMIT:
        issues.append(Issue("text", "too_many_mentions", f"Instagram accepts at most {MENTION_LIMIT} mentions."))
    if len(options_of(draft).collaborators) > COLLABORATOR_LIMIT:
        message = f"Instagram accepts at most {COLLABORATOR_LIMIT} collaborators."
        issues.append(Issue("options.instagram.collaborators", "wrong_count", message))
    return issues
