"""Every kind of post that the product supports, by platform and account: how it is asked for, and where it becomes public."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from PIL import Image

from tests.support.movies import movie

Json = dict[str, Any]
PHOTO, CLIP = "https://cdn.example.com/photo.jpg", "https://cdn.example.com/clip.mp4"
OTHER_CLIP = "https://media.example.org/clip.mp4"
"""On a host that TikTok does not fetch from."""
DIRECT = {"privacy_level": "PUBLIC_TO_EVERYONE", "consent": True}


@dataclass(frozen=True)
class Kind:
    """One kind of post on one kind of account."""

    name: str
    platform: str
    content: Json = field(default_factory=dict)
    """What goes with the text."""
    options: Json = field(default_factory=dict)
    account: str = ""
    """The kind of account where a platform has several."""
    commits: tuple[str, ...] = ()
    """Where it becomes public. Where the product may take more than one way, the first that it takes is the one."""
    method: str = "POST"
    """How it becomes public there."""
    seed: Json = field(default_factory=dict)
    """How the simulator is told to make a post that looks the same past the product."""
    says: bool = True
    """Whether it can have a text at all."""
    needs_text: bool = False
    deletes: bool = True

    def may(self, says: bool) -> bool:
        """Whether it can be published with a text, or without one."""
        return self.says if says else not self.needs_text

    def body(self, connection_id: str, text: str) -> Json:
        """The request that publishes it."""
        target: Json = {"connection_id": connection_id}
        if self.options:
            target["options"] = self.options
        return {"content": self.again(text), "targets": [target]}

    def again(self, text: str) -> Json:
        """The content, as it is sent once more with a retry."""
        return {"text": text if self.says else "", **self.content}


@lru_cache
def _inline() -> str:
    buffer = io.BytesIO()
    Image.new("RGB", (640, 640), "teal").save(buffer, "JPEG")
    return base64.b64encode(buffer.getvalue()).decode()


@lru_cache
def _inline_clip() -> str:
    return base64.b64encode(movie()).decode()


def _image() -> Json:
    return {"media": [{"url": PHOTO}]}


def _link(**more: str) -> Json:
    return {"link": {"url": "https://example.com/article", **more}}


_FACEBOOK = (r"graph\.facebook\.com/v[0-9.]+/\d+/feed$", r"graph\.facebook\.com/v[0-9.]+/\d+/photos$")
_LINKEDIN = (r"/rest/posts$",)
_TIKTOK_UPLOAD = (r"open-upload\.tiktokapis\.com/video/$",)
_TITLE = {"title": "An article"}
_ORGANIZATION = {"author": "urn:li:organization:2414183"}
_ARTICLE = {"article": {"source": "https://example.com/article", **_TITLE}}
_MEDIA = {"media": {"id": "urn:li:image:C4E10AQanother"}}
_PHOTO_SEED = {"kind": "photo"}

KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("facebook text", "facebook", commits=_FACEBOOK, needs_text=True),
        Kind("facebook link", "facebook", _link(), commits=_FACEBOOK, seed={"link": "https://example.com/article"}),
        Kind("facebook image", "facebook", _image(), commits=_FACEBOOK, seed={"photo": True}),
        Kind(
            "facebook bytes",
            "facebook",
            {"media": [{"data": _inline(), "content_type": "image/jpeg"}]},
            commits=_FACEBOOK,
            seed={"photo": True},
        ),
        Kind(
            "facebook images",
            "facebook",
            {"media": [{"url": PHOTO}, {"url": f"{PHOTO}?size=800x800"}]},
            commits=_FACEBOOK,
            seed={"photo": True},
        ),
        Kind("instagram image", "instagram", _image(), commits=(r"/media_publish$",), deletes=False),
        Kind("linkedin text", "linkedin", account="member", commits=_LINKEDIN, needs_text=True),
        Kind("linkedin link", "linkedin", _link(**_TITLE), account="member", commits=_LINKEDIN),
        Kind("linkedin image", "linkedin", _image(), account="member", commits=_LINKEDIN),
        Kind("organization text", "linkedin", account="organization", commits=_LINKEDIN, seed=_ORGANIZATION, needs_text=True),
        Kind(
            "organization link",
            "linkedin",
            _link(**_TITLE),
            account="organization",
            commits=_LINKEDIN,
            seed={**_ORGANIZATION, "content": _ARTICLE},
        ),
        Kind(
            "organization image",
            "linkedin",
            _image(),
            account="organization",
            commits=_LINKEDIN,
            seed={**_ORGANIZATION, "content": _MEDIA},
        ),
        Kind(
            "tiktok image", "tiktok", _image(), {"tiktok": DIRECT}, commits=(r"/content/init/$",), seed=_PHOTO_SEED, deletes=False
        ),
        Kind(
            "tiktok images",
            "tiktok",
            {"media": [{"url": PHOTO}, {"url": f"{PHOTO}?size=800x800"}]},
            {"tiktok": DIRECT},
            commits=(r"/content/init/$",),
            seed=_PHOTO_SEED,
            deletes=False,
        ),
        Kind(
            "tiktok video",
            "tiktok",
            {"media": [{"kind": "video", "url": CLIP}]},
            {"tiktok": DIRECT},
            commits=(r"/publish/video/init/$",),
            deletes=False,
        ),
        Kind(
            "tiktok upload",
            "tiktok",
            {"media": [{"kind": "video", "url": OTHER_CLIP}]},
            {"tiktok": DIRECT},
            commits=_TIKTOK_UPLOAD,
            method="PUT",
            deletes=False,
        ),
        Kind(
            "tiktok bytes",
            "tiktok",
            {"media": [{"kind": "video", "data": _inline_clip(), "content_type": "video/mp4"}]},
            {"tiktok": DIRECT},
            commits=_TIKTOK_UPLOAD,
            method="PUT",
            deletes=False,
        ),
        Kind(
            "tiktok inbox upload",
            "tiktok",
            {"media": [{"kind": "video", "url": OTHER_CLIP}]},
            {"tiktok": {"mode": "inbox"}},
            commits=_TIKTOK_UPLOAD,
            method="PUT",
            says=False,
            deletes=False,
        ),
        Kind(
            "tiktok inbox",
            "tiktok",
            {"media": [{"kind": "video", "url": CLIP}]},
            {"tiktok": {"mode": "inbox"}},
            commits=(r"/inbox/video/init/$",),
            says=False,
            deletes=False,
        ),
    )
}
