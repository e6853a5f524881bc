"""The marked test post of each platform: the smallest audience, and a kind that can be deleted where there is one."""

from __future__ import annotations

import base64
import mimetypes
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tools.smoke.report import Failed

Json = dict[str, Any]
SAMPLES = {"image": "https://media.example/photo.jpg", "video": "https://media.example/clip.mp4"}
"""Media of the simulators."""
TEXT = "Smoke test of No iLLusion Social {word}. It will be deleted."


@dataclass(frozen=True)
class TestPost:
    """One post to publish, and what the operator should know before it is."""

    kind: str
    audience: str
    """A code for the report."""
    notice: str
    target: Json = field(repr=False)


def post_for(connection: Json, word: str, media: str | None, *, simulated: bool) -> TestPost | None:
    """Return the test post of an account, ``None`` where nothing could take it away again.

    ``media``: the URL or the file of an image or video. The simulators have samples. Raises :class:`Failed` if one is missing.
    """
    platform, kind = connection["platform"], connection["account_kind"]
    text = TEXT.format(word=word)
    match platform:
        case "facebook":
            notice = "A public post on the Page, deleted right away. Facebook has no smaller audience for posts of Pages."
            return TestPost("text", "public", notice, {"content": {"text": text}})
        case "linkedin" if kind == "organization":
            notice = "A public post of the organization, deleted right away: organizations have no smaller audience."
            return TestPost("text", "public", notice, {"content": {"text": text}})
        case "linkedin":
            options = {"linkedin": {"visibility": "CONNECTIONS", "reshare_disabled": True}}
            notice = "A post that only your connections see, deleted right away."
            return TestPost("text", "connections", notice, {"content": {"text": text}, "options": options})
        case "tiktok":
            notice = "A video that only you see. TikTok lets no app delete it: delete it in TikTok's app."
            options = {"tiktok": {"privacy_level": "SELF_ONLY", "consent": True}}
            content = {"text": text, "media": [_item("video", media, simulated=simulated)]}
            return TestPost("video", "self_only", notice, {"content": content, "options": options})
        case "instagram" if "instagram_manage_contents" in connection["granted_scopes"]:
            notice = "A public post with an image, deleted right away."
            content = {"text": text, "media": [_item("image", media, simulated=simulated)]}
            return TestPost("image", "public", notice, {"content": content})
    return None


def story_for(media: str | None, *, simulated: bool) -> TestPost:
    """Return the post of an Instagram account from which nothing can be deleted: one that goes away by itself."""
    notice = "A public story. No app can delete it: delete it in Instagram's app, or it disappears after 24 hours."
    content = {"media": [_item("image", media, simulated=simulated)]}
    return TestPost("story", "public", notice, {"kind": "story", "content": content})


def _item(sort: str, media: str | None, *, simulated: bool) -> Json:
    """Return a media item: a URL as it is, a file as data."""
    if media is None:
        if not simulated:
            raise Failed("media_missing", sort=sort)
        return {"kind": sort, "url": SAMPLES[sort]}
    if media.startswith("https://"):
        return {"kind": sort, "url": media}
    path = Path(media)
    if not path.is_file():
        raise Failed("media_not_found", sort=sort)
    guessed, _ = mimetypes.guess_type(path.name)
    data = base64.b64encode(path.read_bytes()).decode()
    return {"kind": sort, "data": data, "content_type": guessed or f"{sort}/{'jpeg' if sort == 'image' else 'mp4'}"}
