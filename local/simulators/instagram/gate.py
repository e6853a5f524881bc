"""Checks of every Graph call: an object that the token sees, budget and scopes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from local.simulators.instagram.state import LINKED, State
from local.simulators.meta.budget import business_usage
from local.simulators.meta.errors import GraphError
from local.simulators.meta.figures import DAY
from local.simulators.meta.graph import Call
from local.simulators.meta.oauth import Token

GRAPH: Final = "graph.instagram.com"
BASIC: Final = "instagram_business_basic"
PUBLISH: Final = "instagram_business_content_publish"
COMMENTS: Final = "instagram_business_manage_comments"
INSIGHTS: Final = "instagram_business_manage_insights"
CONTENTS: Final = "instagram_manage_contents"
LINKED_SCOPES: Final = {
    BASIC: "instagram_basic", PUBLISH: "instagram_content_publish", COMMENTS: "instagram_manage_comments",
    INSIGHTS: "instagram_manage_insights", CONTENTS: CONTENTS,
}  # fmt: skip
"""Scope of Instagram Login → the one of Facebook Login that does the same (platforms.md 0.4)."""

Handler = Callable[[Call, Token, str], Any]


class Gate:
    """The checks in front of every handler."""

    def __init__(self, state: State) -> None:
        self.state = state

    def kind(self, node: str, token: Token) -> str | None:
        """Return the type of a node, or ``None`` when it is missing or another account's."""
        if node == token.account:
            return "User"
        under = self.state.commented(node)
        held = self.state.containers.get(node) or self.state.media.get(node) or under
        if held is None or held.account != token.account:
            return None
        return "Comment" if under else type(held).__name__

    def charge(self, call: Call, token: Token) -> None:
        """Count the call against the account's budget (platforms.md 0.3) and say so in the documented header."""
        limit = int(4800 * self.state.settings["impressions"])
        percent, wait = self.state.budget.charge(token.account, self.state.now, DAY, limit)
        call.usage |= business_usage(token.account, "instagram", percent, round(wait / 60) if percent > 100 else 0)
        if percent > 100:
            raise GraphError(80002, "(#80002) There have been too many calls to this Instagram account.")

    def need(self, token: Token, scope: str) -> None:
        """Refuse a token that lacks a scope. A Page's token has the scopes of Facebook Login."""
        linked = token.kind == LINKED
        scope = LINKED_SCOPES[scope] if linked else scope
        if scope not in (token.scopes if linked else token.scopes & self.state.accounts[token.account].granted):
            raise GraphError(10, f"(#10) Requires {scope} permission to manage the object")
