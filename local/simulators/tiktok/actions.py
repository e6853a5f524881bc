"""Actions of a person or of TikTok behind the API's back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from local.simulators.dialogs import unknown_decision
from local.simulators.tiktok.oauth import DIALOG_ERRORS, OAuth
from local.simulators.tiktok.state import CLIENT_SECRET, DAY, FIRST_ID, Publication, State, Video, new_user
from local.simulators.tiktok.webhooks import Webhooks
from local.simulators.world import Json


class Actions:
    """The actions of the control API."""

    def __init__(self, state: State, webhooks: Webhooks, oauth: OAuth) -> None:
        self.state, self.webhooks, self.oauth = state, webhooks, oauth

    def table(self) -> dict[str, Callable[[Json], Any]]:
        """Return the actions by name, as the control API offers them."""
        return {
            "consent": self.consent,
            "user": self.user,
            "settings": self.settings,
            "expire_tokens": self.expire_tokens,
            "revoke": self.revoke,
            "take_back": self.take_back,
            "draft": self.draft,
            "remove_post": self.remove_post,
            "seed": self.seed,
            "webhook": self.webhook,
            "webhook_url": self.webhook_url,
        }

    def consent(self, options: Json) -> Json:
        """Set the answer of the next dialogs: ``decision``, ``declined_scopes`` and ``user``."""
        if problem := unknown_decision(options, DIALOG_ERRORS):
            return problem
        if options.get("user", self.state.consent["user"]) not in self.state.users:
            return {"error": "no such user"}
        self.state.consent |= {k: v for k, v in options.items() if k in self.state.consent}
        return self.state.consent

    def user(self, options: Json) -> Json:
        """Create or change a creator: ``open_id`` (or ``id``) and any of the fields, e.g. ``private``, ``banned``."""
        open_id = str(options.get("open_id") or options.get("id") or self.state.consent["user"])
        user = self.state.users.setdefault(open_id, new_user(open_id))
        user |= {k: v for k, v in options.items() if k not in ("id", "open_id")}
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
        """A person removes the app in TikTok's settings."""
        return {"revoked": self.oauth.remove_grant(str(options.get("user", self.state.consent["user"])), reason=1)}

    def take_back(self, options: Json) -> Json:
        """Tokens lose ``scopes``."""
        gone = frozenset(options.get("scopes", ()))
        for token in (*self.state.tokens.values(), *self.state.refresh_tokens.values()):
            token.scopes -= gone
        return {"taken_back": sorted(gone)}

    async def draft(self, options: Json) -> Json:
        """The person posts the draft ``publish_id`` in the app, or with ``decision`` ``discard`` throws it away."""
        publication = self.state.publications.get(str(options.get("publish_id")))
        if publication is None or self.state.status(publication) != "SEND_TO_USER_INBOX":
            return {"error": "no such draft in the inbox"}
        if options.get("decision") == "discard":
            publication.fail_reason = "publish_cancelled"
        else:
            publication.finished_by_user = self.state.now()
            publication.info |= {
                "title": options.get("title", ""),
                "privacy_level": options.get("privacy_level", "PUBLIC_TO_EVERYONE"),
            }
        self.state.settle(publication)
        self.webhooks.watch(publication)
        return {"status": self.state.status(publication)}

    async def remove_post(self, options: Json) -> Json:
        """A post is deleted, or taken down: its ``id``."""
        video = self.state.videos.get(str(options.get("id")))
        if video is None:
            return {"error": "no such post"}
        video.removed = True
        if self.state.settings["webhook_url"]:
            content = {"publish_id": video.publication.id, "post_id": video.id}
            self.webhooks.spawn(self.webhooks.send("post.publish.no_longer_publicaly_available", video.publication.user, content))
        return self.state.post_state(video)

    def seed(self, options: Json) -> Json:
        """Public posts that were there before: ``count``, ``user``, ``age_s``, ``text``, ``kind``."""
        at, kind = self.state.now() - float(options.get("age_s", DAY)), str(options.get("kind", "video"))
        text = "description" if kind == "photo" else "title"
        info = {text: str(options.get("text", "Seeded")), "privacy_level": "PUBLIC_TO_EVERYONE"}
        ids = []
        for n in range(int(options.get("count", 1))):
            post_id = str(FIRST_ID - 1_000_003 * (len(self.state.videos) + 1))
            earlier = Publication("", str(options.get("user", self.state.consent["user"])), kind, True, info, at, post_id=post_id)
            self.state.videos[post_id] = Video(post_id, earlier, at + n / 1000)
            ids.append(post_id)
        return {"ids": ids}

    async def webhook_url(self, options: Json) -> Json:
        """The app's callback URL; empty: none."""
        self.state.settings["webhook_url"] = options.get("url", "")
        return {"url": self.state.settings["webhook_url"]}

    async def webhook(self, options: Json) -> Json:
        """Send one signed event now: ``event``, and ``url``, ``publish_id``, ``user``, ``content``, ``age_s``, ``secret``."""
        publication = self.state.publications.get(str(options.get("publish_id")))
        content = self.webhooks.event_content(str(options["event"]), publication) | {
            k: options[k] for k in ("publish_id", "reason", "post_id") if k in options
        }
        user = options.get("user") or (publication.user if publication else self.state.consent["user"])
        return await self.webhooks.post_event(
            options.get("url") or self.state.settings["webhook_url"],
            options["event"],
            user,
            options.get("content", content),
            age_s=float(options.get("age_s", 0)),
            secret=options.get("secret", CLIENT_SECRET),
        )
