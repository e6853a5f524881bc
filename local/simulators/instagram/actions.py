"""Actions of a person or of Instagram behind the API's back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from local.simulators.dialogs import unknown_decision
from local.simulators.instagram.oauth import DIALOG_ERRORS
from local.simulators.instagram.state import CLIENT_SECRET, Account, Container, State
from local.simulators.meta.oauth import Consent, post_signed_request
from local.simulators.world import Json


class Actions:
    """The actions of the control API."""

    def __init__(self, state: State) -> None:
        self.state = state

    def table(self) -> dict[str, Callable[[Json], Any]]:
        """Return the actions by name, as the control API offers them."""
        return {
            "consent": self.consent,
            "user": self.user,
            "settings": self.settings,
            "fail_containers": self.fail_containers,
            "expire_tokens": self.expire_tokens,
            "revoke": self.revoke,
            "deauthorize": self.deauthorize,
            "data_deletion": self.data_deletion,
            "seed": self.seed,
        }

    def consent(self, options: Json) -> Json:
        """Set the answer of the next dialogs."""
        if problem := unknown_decision(options, DIALOG_ERRORS):
            return problem
        self.state.consent = Consent.of(options)
        return {"decision": self.state.consent.decision, "declined_scopes": sorted(self.state.consent.declined_scopes)}

    def user(self, options: Json) -> Json:
        """Create or change an account."""
        id = str(options.get("id") or next(iter(self.state.accounts)))
        account = self.state.accounts.setdefault(id, Account(id, f"2{id[1:]}", f"account.{id[-4:]}", f"Account {id[-4:]}"))
        for name in ("scoped_id", "username", "name", "account_type", "followers_count"):
            setattr(account, name, options.get(name, getattr(account, name)))
        return {**asdict(account), "granted": sorted(account.granted)}

    def settings(self, options: Json) -> Json:
        """Processing times, quota, budget and the shape of the token answer."""
        self.state.settings |= {k: float(v) for k, v in options.items() if k in self.state.settings}
        return dict(self.state.settings)

    def fail_containers(self, options: Json) -> Json:
        """Let the next containers end in ERROR."""
        self.state.failures = [int(options.get("error", 2207082))] * int(options.get("times", 1))
        return {"failures": self.state.failures}

    def expire_tokens(self, options: Json) -> Json:
        """Make access tokens invalid, as expired unless another subcode of 190 is named."""
        return {"tokens": self.state.tokens.kill(int(options.get("subcode", 463)), options.get("user"))}

    def revoke(self, options: Json) -> Json:
        """The person removes the app."""
        account = self.state.account(options.get("user"))
        account.granted.clear()
        return {"tokens": self.state.tokens.kill(458, account.id)}

    async def deauthorize(self, options: Json) -> Json:
        """The person removes the app and the app's deauthorize callback is told."""
        self.revoke(options)
        return await self.data_deletion(options)

    async def data_deletion(self, options: Json) -> Json:
        """The person asks for deletion of their data and the app's callback is told."""
        account = self.state.account(options.get("user"))
        return await post_signed_request(self.state.world, options["url"], account.scoped_id, CLIENT_SECRET)

    def seed(self, options: Json) -> Json:
        """Posts of a kind that the person made in the app. A story has no text."""
        kind = str(options.get("kind", "image"))
        video = kind == "reel"
        account, at = self.state.account(options.get("account")).id, self.state.now - float(options.get("age_s", 0))
        ids = []
        for _ in range(int(options.get("count", 1))):
            id, text = str(next(self.state.ids)), "" if kind == "story" else str(options.get("text", ""))
            container = Container(id, account, kind, False, video, None, text, None, at, at)
            self.state.containers[id] = container
            live = self.state.go_live(container)
            live.live_at = at
            ids.append(live.id)
        return {"ids": ids}
