"""The content of a post: what LinkedIn refuses in articles, media, image lists and polls."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from local.simulators.linkedin.errors import invalid, schema_error
from local.simulators.linkedin.fields import as_record, check_alt_text, check_urn, only, required_text
from local.simulators.linkedin.media import MAX_BYTES
from local.simulators.linkedin.state import State
from local.simulators.world import Json

POLL_DURATIONS = ("ONE_DAY", "THREE_DAYS", "SEVEN_DAYS", "FOURTEEN_DAYS")


class Contents:
    """The checks of ``content`` in a new post."""

    def __init__(self, state: State) -> None:
        self.state = state

    def check(self, author: str, content: Any) -> str:
        """Refuse what the content rows of 3.3 do not allow; else the type of the URN to create."""
        if content is None:
            return "share"
        content = as_record(content, "/content")
        only(content, ("article", "media", "multiImage", "poll"), "/content")
        if len(content) != 1:
            raise schema_error("/content", "union type must have exactly one member")
        (kind, given), *_ = content.items()
        given = as_record(given, f"/content/{kind}")
        checks = {
            "article": self._check_article,
            "media": self._check_media,
            "multiImage": self._check_images,
            "poll": self._check_poll,
        }
        return checks[kind](author, given)

    def _check_article(self, author: str, article: Json) -> str:
        only(article, ("source", "title", "description", "thumbnail", "thumbnailAltText"), "/content/article")
        for name in ("source", "title"):
            required_text(article, name, "/content/article")
        if urlsplit(article["source"]).scheme not in ("http", "https") or not urlsplit(article["source"]).netloc:
            raise invalid("INVALID_VALUE_FOR_FIELD", "/content/article/source", "must be an absolute http(s) URL")
        if "thumbnail" in article:
            self.usable(author, required_text(article, "thumbnail", "/content/article"), "/content/article/thumbnail", ("image",))
        return "share"

    def _check_media(self, author: str, media: Json) -> str:
        only(media, ("id", "altText", "title"), "/content/media")
        kind = self.usable(author, required_text(media, "id", "/content/media"), "/content/media/id", tuple(MAX_BYTES))
        if kind == "document":
            required_text(media, "title", "/content/media")
        check_alt_text(media, "/content/media")
        return "share" if kind == "image" else "ugcPost"

    def _check_images(self, author: str, multi: Json) -> str:
        only(multi, ("images", "altText"), "/content/multiImage")
        images = multi.get("images")
        if not isinstance(images, list) or not 2 <= len(images) <= 20:
            raise invalid("INVALID_VALUE_FOR_FIELD", "/content/multiImage/images", "between 2 and 20 images are expected")
        for n, item in enumerate(images):
            path = f"/content/multiImage/images/{n}"
            image = as_record(item, path)
            only(image, ("id", "altText"), path)
            self.usable(author, required_text(image, "id", path), f"{path}/id", ("image",))
            check_alt_text(image, path)
        return "ugcPost"

    def _check_poll(self, author: str, poll: Json) -> str:
        only(poll, ("question", "options", "settings"), "/content/poll")
        if len(required_text(poll, "question", "/content/poll")) > 140:
            raise invalid("FIELD_LENGTH_TOO_LONG", "/content/poll/question", "longer than 140 characters")
        options = poll.get("options")
        if not isinstance(options, list) or not 2 <= len(options) <= 4:
            raise invalid("INVALID_VALUE_FOR_FIELD", "/content/poll/options", "between 2 and 4 options are expected")
        for n, option in enumerate(options):
            path = f"/content/poll/options/{n}"
            if len(required_text(as_record(option, path), "text", path)) > 30:
                raise invalid("FIELD_LENGTH_TOO_LONG", path, "longer than 30 characters")
        if as_record(poll.get("settings"), "/content/poll/settings").get("duration") not in POLL_DURATIONS:
            raise invalid("INVALID_VALUE_FOR_FIELD", "/content/poll/settings/duration", f"must be one of {list(POLL_DURATIONS)}")
        return "ugcPost"

    def usable(self, author: str, urn: str, path: str, kinds: tuple[str, ...]) -> str:
        """Refuse an asset that a post of this author cannot use; else return its kind."""
        kind, _ = check_urn(urn, path, kinds)
        asset = self.state.assets.get(urn)
        if asset is None:
            raise invalid(f"INVALID_{kind.upper()}_ID", path, f"{urn} does not exist")
        if asset.owner != author:
            raise invalid("INVALID_VALUE_FOR_FIELD", path, "the owner of the asset must be the author of the post")
        status = self.state.asset_status(asset)
        if status == "PROCESSING_FAILED":
            raise invalid("MEDIA_ASSET_PROCESSING_FAILED", path, f"{urn} could not be processed")
        if status != "AVAILABLE":
            raise invalid("MEDIA_ASSET_WAITING_UPLOAD", path, f"{urn} is not available yet")
        return kind
