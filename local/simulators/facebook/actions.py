"""Actions of a person or of Facebook behind the API's back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from local.simulators.dialogs import unknown_decision
from local.simulators.facebook.oauth import DIALOG_ERRORS
from local.simulators.facebook.state import CLIENT_SECRET, Page, Post, State, User, Video, use
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
            "expire_tokens": self.expire_tokens,
            "revoke": self.revoke,
            "deauthorize": self.deauthorize,
            "data_deletion": self.data_deletion,
            "seed": self.seed,
            "change_scheduled": self.change_scheduled,
        }

    def consent(self, options: Json) -> Json:
        """Set the answer of the next dialogs."""
        if problem := unknown_decision(options, DIALOG_ERRORS):
            return problem
        self.state.consent = Consent.of(options)
        return {"decision": self.state.consent.decision, "declined_scopes": sorted(self.state.consent.declined_scopes)}

    def user(self, options: Json) -> Json:
        """Create or change a person and the Pages."""
        id = str(options.get("id") or next(iter(self.state.users)))
        user = self.state.users.setdefault(id, User(id, f"Person {id}", []))
        user.name = options.get("name", user.name)
        for row in options.get("pages", ()):
            page = self.state.pages.setdefault(str(row["id"]), Page(str(row["id"]), f"Page {row['id']}"))
            for name, value in row.items():
                setattr(page, name, tuple(value) if name == "tasks" else value)
        if "pages" in options:
            user.pages = [str(row["id"]) for row in options["pages"]]
            user.chosen &= set(user.pages)
        return {"id": id, "pages": user.pages}

    def settings(self, options: Json) -> Json:
        """Processing time and the sizes that budgets follow from."""
        self.state.settings |= {k: float(v) for k, v in options.items() if k in self.state.settings}
        return dict(self.state.settings)

    def expire_tokens(self, options: Json) -> Json:
        """Make access tokens invalid, as expired unless another subcode of 190 is named."""
        return {"tokens": self.state.tokens.kill(int(options.get("subcode", 463)), options.get("user"))}

    def revoke(self, options: Json) -> Json:
        """The person removes the app."""
        return {"tokens": self.state.withdraw(self.state.user(options.get("user")))}

    async def deauthorize(self, options: Json) -> Json:
        """The person removes the app and the app's deauthorize callback is told."""
        user = self.state.user(options.get("user"))
        self.state.withdraw(user)
        return await post_signed_request(self.state.world, options["url"], user.id, CLIENT_SECRET)

    async def data_deletion(self, options: Json) -> Json:
        """The person asks for deletion of their data and the app's callback is told."""
        return await post_signed_request(self.state.world, options["url"], self.state.user(options.get("user")).id, CLIENT_SECRET)

    def seed(self, options: Json) -> Json:
        """Posts that somebody made in Facebook's own apps, where the rule against repeats does not hold."""
        page, at = str(options.get("page") or next(iter(self.state.pages))), self.state.now - float(options.get("age_s", 0))
        ids = []
        kind, text = str(options.get("kind", "post")), str(options.get("text", ""))
        for _ in range(int(options.get("count", 1))):
            post = self.state.new_post(page, text, options.get("link"), [], at, kind=kind)
            post.made_at = post.updated_at = at
            post.own = False
            if options.get("photo"):
                use(self.state.new_photo(page, None, None), post)
            if options.get("video"):
                self._seed_video(post, at)
            ids.append(self.state.public_id(post))
        return {"ids": ids}

    def change_scheduled(self, options: Json) -> Json:
        """Move a scheduled post, make it a draft, or remove it, as a person does in Facebook's planner."""
        post = next(p for p in self.state.posts.values() if options["id"] in (p.id, self.state.public_id(p), *_files(p)))
        if options.get("remove"):
            del self.state.posts[post.id]
            for id in _files(post):
                self.state.videos.pop(id, None)
            return {"removed": True}
        post.live_at = None if options.get("draft") else float(options["at"])
        post.scheduled = post.live_at is not None
        return {"live_at": post.live_at}

    def _seed_video(self, post: Post, at: float) -> None:
        kind: Any = {"post": "video"}.get(post.kind, post.kind)
        video = Video(str(next(self.state.ids)), post.page, kind, at, description=post.message, post=post.id)
        video.uploaded_at = video.processed_at = at
        video.decision = "PUBLISHED"
        self.state.videos[video.id] = video
        post.media.append({"type": "video", "id": video.id, "url": None, "alt_text": None})


def _files(post: Post) -> list[str]:
    return [str(entry["id"]) for entry in post.media]
