"""Checks of every Graph call: proof, budget, an object that the token sees, and permissions."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

from local.simulators.facebook.state import CLIENT_SECRET, State
from local.simulators.meta.budget import business_usage
from local.simulators.meta.errors import SUBCODE_TEXT, GraphError
from local.simulators.meta.figures import DAY, HOUR
from local.simulators.meta.graph import Call
from local.simulators.meta.oauth import Token

Handler = Callable[[Call, Token, str], Any]


def _names_of(task: str) -> frozenset[str]:
    """Return the tasks that include one, by their names on old Pages and on new ones (platforms.md 0.4)."""
    return frozenset({task, f"PROFILE_PLUS_{task}", "MANAGE", "PROFILE_PLUS_MANAGE", "PROFILE_PLUS_FULL_CONTROL"})


class Gate:
    """The checks in front of the handlers."""

    def __init__(self, state: State) -> None:
        self.state = state

    def kind(self, node: str, token: Token) -> str | None:
        """Return the type of a node, or ``None`` when it is missing or this token cannot see it."""
        if node == token.user and token.kind == "USER":
            return "user"
        if any(p.business == node for p in self.state.pages.values()):
            return "business"
        owner = self._owner(node)
        if owner is None or (owner != token.account if token.account else owner not in self.state.users[token.user].pages):
            return None
        if self.state.commented(node):
            return "comment"
        if node in self.state.posts:
            return "story" if self.state.posts[node].kind == "story" else "post"
        return "page" if node in self.state.pages else "photo" if node in self.state.photos else "video"

    def _owner(self, node: str) -> str | None:
        if node in self.state.pages:
            return node
        owned = self.state.posts.get(node) or self.state.photos.get(node) or self.state.videos.get(node)
        owned = owned or self.state.commented(node)
        return owned.page if owned else None

    def check_proof(self, call: Call) -> None:
        """Refuse a wrong ``appsecret_proof``, and with the setting ``require_proof`` a missing one."""
        given = call.params.pop("appsecret_proof", None)
        if given is None:
            if self.state.settings["require_proof"]:
                raise GraphError(
                    100, "API calls from the server require an appsecret_proof argument", kind="GraphMethodException"
                )
            return
        right = hmac.new(CLIENT_SECRET.encode(), (call.token or "").encode(), hashlib.sha256).hexdigest()
        if not hmac.compare_digest(given, right):
            raise GraphError(100, "Invalid appsecret_proof provided in the API argument", kind="GraphMethodException")

    def charge(self, call: Call, token: Token) -> None:
        """Count the call against its budget (platforms.md 0.3) and say so in the documented headers."""
        if token.kind == "PAGE":
            limit = int(4800 * self.state.settings["engaged_users"])
            percent, wait = self.state.budget.charge(token.account, self.state.now, DAY, limit)
            call.usage |= business_usage(token.account, "pages", percent, round(wait / 60) if percent > 100 else 0)
            if percent > 100:
                raise GraphError(80001, "(#80001) There have been too many calls to this Page account.")
            return
        percent, _ = self.state.budget.charge("app", self.state.now, HOUR, int(200 * self.state.settings["app_users"]))
        call.usage["X-App-Usage"] = json.dumps({"call_count": percent, "total_cputime": 1, "total_time": 1})
        if percent > 100:
            raise GraphError(4, "(#4) Application request limit reached")

    def need(self, token: Token, *scopes: str, task: str | None = None, code: int = 200) -> None:
        """Refuse a token that is no Page token, lacks a scope, or whose person lacks the task on the Page."""
        if token.kind != "PAGE":
            raise GraphError(210, "(#210) A page access token is required to request this resource.")
        granted = self.state.scopes(token)
        for scope in scopes:
            if scope not in granted:
                raise GraphError(code, f"(#{code}) Requires {scope} permission to manage the object")
        if token.account not in self.state.users[token.user].pages:
            raise GraphError(190, SUBCODE_TEXT[492], 492)
        if task and _names_of(task).isdisjoint(self.state.pages[token.account].tasks):
            raise GraphError(200, f"(#200) The user must be able to perform the task {task} on the Page")

    def may_publish(self, token: Token) -> None:
        """Refuse a token that cannot publish on its Page."""
        self.need(token, "pages_manage_posts", "pages_read_engagement", task="CREATE_CONTENT")
