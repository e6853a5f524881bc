"""Actions of a member or of LinkedIn behind the API's back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from local.simulators.dialogs import unknown_decision
from local.simulators.linkedin.fields import read_little_text
from local.simulators.linkedin.oauth import DIALOG_ERRORS
from local.simulators.linkedin.state import DAY, Post, State
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
            "expire_tokens": self.expire_tokens,
            "revoke": self.revoke,
            "delete_post": self.delete_post,
            "seed": self.seed,
        }

    def consent(self, options: Json) -> Json:
        """Set the answer of the next dialogs: ``decision`` and ``user``."""
        if problem := unknown_decision(options, DIALOG_ERRORS):
            return problem
        if options.get("user", self.state.consent["user"]) not in self.state.users:
            return {"error": "no such user"}
        self.state.consent |= {k: v for k, v in options.items() if k in ("decision", "user")}
        return self.state.consent

    def user(self, options: Json) -> Json:
        """Create or change a member; ``organizations`` replaces the list. A new member needs only an ``id``."""
        user = self.state.users.setdefault(
            str(options.get("id", self.state.consent["user"])),
            {"given_name": "New", "family_name": "Member", "email": "new@example.com", "vanity_name": "new-member"}
            | {"headline": "", "followers": 10, "organizations": []},
        )
        user |= {"id": str(options.get("id", self.state.consent["user"]))} | options
        for organization in user["organizations"]:
            organization |= {"id": str(organization["id"])}
            organization.setdefault("name", f"Organization {organization['id']}")
            organization.setdefault("role", "ADMINISTRATOR")
            organization.setdefault("followers", 500)
        return user

    def settings(self, options: Json) -> Json:
        """Change settings; unknown names are an error."""
        if unknown := set(options) - set(self.state.settings):
            return {"error": f"unknown settings {sorted(unknown)}"}
        self.state.settings |= options
        return self.state.settings

    def expire_tokens(self, options: Json) -> Json:
        """Expire all access tokens; with ``refresh`` true also the refresh tokens."""
        gone = [*self.state.tokens.values(), *(self.state.refresh_tokens.values() if options.get("refresh") else ())]
        for token in gone:
            token.expires = min(token.expires, self.state.now())
        return {"expired": len(gone)}

    def revoke(self, options: Json) -> Json:
        """The member removes the app: all tokens of ``user`` answer 65601."""
        gone = [
            t
            for t in (*self.state.tokens.values(), *self.state.refresh_tokens.values())
            if t.member == options.get("user", t.member)
        ]
        for token in gone:
            token.revoked = True
        return {"revoked": len(gone)}

    def delete_post(self, options: Json) -> Json:
        """Somebody deletes a post on the website."""
        post = self.state.posts.get(options["urn"])
        if post is None:
            return {"error": "no such post"}
        post.deleted = True
        return self.state.post_state(post)

    def seed(self, options: Json) -> Json:
        """Posts of somebody else: ``count``, ``author`` (an organization or person URN), ``text``, ``content``, ``age_s``."""
        at = self.state.now() - float(options.get("age_s", DAY))
        author = options.get("author", f"urn:li:person:{self.state.consent['user']}")
        urns = []
        for _ in range(int(options.get("count", 1))):
            urn = self.state.next_urn("share")
            body = {"author": author, "visibility": "PUBLIC", "lifecycleState": "PUBLISHED"}
            body |= {"content": options["content"]} if "content" in options else {}
            text = str(options.get("text", "Seeded"))
            self.state.posts[urn] = Post(urn, author, body, text, read_little_text(text)[0], False, urn, at, at)
            urns.append(urn)
        return {"ids": urns}
