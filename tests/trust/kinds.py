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
LINKED_ACCOUNT = "17841400000000002"
"""The Instagram account that is linked to a Page. It is another one than that of Instagram Login."""
PAPER = "https://cdn.example.com/paper.pdf"
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
    kind: str = ""
    """The kind that the request names, where it does not follow from the content."""
    contains: str = ""
    """What tells the call that publishes from others on the same path."""
    deletes: bool = True
    reached_at: str = ""
    """The platform on whose hosts it is published, if that is another one."""

    @property
    def host(self) -> str:
        """The platform that answers its requests."""
        return self.reached_at or self.platform

    def may(self, says: bool) -> bool:
        """Whether it can be published with a text, or without one."""
        return self.says if says else not self.needs_text

    def body(self, connection_id: str, text: str) -> Json:
        """The request that publishes it."""
        target: Json = {"connection_id": connection_id} | ({"kind": self.kind} if self.kind else {})
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


def _images() -> Json:
    return {"media": [{"url": PHOTO, "alt_text": "One"}, {"url": f"{PHOTO}?size=800x800"}]}


def _video() -> Json:
    return {"media": [{"kind": "video", "url": f"{CLIP}?bytes=5000000", "title": "A film"}]}


def _document() -> Json:
    return {"media": [{"kind": "document", "url": PAPER, "title": "A paper"}]}


def _poll() -> Json:
    return {"poll": {"question": "Which one?", "options": ["This", "That"], "days": 1}}


def _clip(**source: str) -> Json:
    return {"media": [{"kind": "video", **source}]}


@lru_cache
def _movie() -> str:
    return base64.b64encode(movie()).decode()


def _link(**more: str) -> Json:
    return {"link": {"url": "https://example.com/article", **more}}


_FACEBOOK = (r"graph\.facebook\.com/v[0-9.]+/\d+/feed$", r"graph\.facebook\.com/v[0-9.]+/\d+/photos$")
_INSTAGRAM = (r"/media_publish$",)
_VIDEOS = (r"graph\.facebook\.com/v[0-9.]+/\d+/videos$",)
_LINKEDIN = (r"/rest/posts$",)
_TIKTOK_UPLOAD = (r"open-upload\.tiktokapis\.com/video/$",)
_TITLE = {"title": "An article"}
_ORGANIZATION = {"author": "urn:li:organization:2414183"}
_ARTICLE = {"article": {"source": "https://example.com/article", **_TITLE}}
_MEDIA = {"media": {"id": "urn:li:image:C4E10AQanother"}}
_ALBUM = {"multiImage": {"images": [{"id": "urn:li:image:C4E10AQanother"}, {"id": "urn:li:image:C4E10AQthird"}]}}
_FILM = {"media": {"id": "urn:li:video:D4D05AQanother", "title": "A film"}}
_PAPER = {"media": {"id": "urn:li:document:D4D10AQanother", "title": "A paper"}}
_QUESTION = {
    "poll": {"question": "Which one?", "options": [{"text": "This"}, {"text": "That"}], "settings": {"duration": "ONE_DAY"}}
}
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
        Kind("facebook video", "facebook", _clip(url=CLIP), commits=_VIDEOS, seed={"video": True}),
        Kind(
            "facebook video bytes",
            "facebook",
            _clip(data=_movie(), content_type="video/mp4"),
            commits=_VIDEOS,
            contains="finish",
            seed={"video": True},
        ),
        Kind(
            "facebook reel",
            "facebook",
            _clip(url=CLIP),
            kind="reel",
            commits=(r"/video_reels$",),
            contains="upload_phase=finish",
            seed={"video": True, "kind": "reel"},
        ),
        Kind(
            "facebook photo story",
            "facebook",
            _image(),
            kind="story",
            commits=(r"/photo_stories$",),
            seed={"photo": True, "kind": "story"},
            says=False,
        ),
        Kind(
            "facebook video story",
            "facebook",
            _clip(url=CLIP),
            kind="story",
            commits=(r"/video_stories$",),
            contains="upload_phase=finish",
            seed={"video": True, "kind": "story"},
            says=False,
        ),
        Kind("instagram image", "instagram", _image(), commits=_INSTAGRAM, deletes=False),
        Kind(
            "instagram images",
            "instagram",
            {"media": [{"url": PHOTO}, {"kind": "video", "url": CLIP}]},
            commits=_INSTAGRAM,
            seed={"kind": "carousel"},
            deletes=False,
        ),
        Kind(
            "instagram reel",
            "instagram",
            {"media": [{"kind": "video", "url": CLIP}]},
            commits=_INSTAGRAM,
            seed={"kind": "reel"},
            deletes=False,
        ),
        Kind(
            "instagram story",
            "instagram",
            _image(),
            kind="story",
            commits=_INSTAGRAM,
            seed={"kind": "story"},
            says=False,
            deletes=False,
        ),
        *(
            Kind(
                f"linked {name}",
                "instagram",
                content,
                account="linked",
                commits=_INSTAGRAM,
                seed={"account": LINKED_ACCOUNT, "kind": kind},
                reached_at="facebook",
            )
            for name, content, kind in (
                ("image", _image(), "image"),
                ("reel bytes", _clip(data=_movie(), content_type="video/mp4"), "reel"),
            )
        ),
        Kind("linkedin text", "linkedin", account="member", commits=_LINKEDIN, needs_text=True),
        Kind("linkedin link", "linkedin", _link(**_TITLE), account="member", commits=_LINKEDIN),
        Kind("linkedin image", "linkedin", _image(), account="member", commits=_LINKEDIN),
        Kind("linkedin images", "linkedin", _images(), account="member", commits=_LINKEDIN),
        Kind("linkedin video", "linkedin", _video(), account="member", commits=_LINKEDIN),
        Kind("linkedin document", "linkedin", _document(), account="member", commits=_LINKEDIN),
        Kind("linkedin poll", "linkedin", _poll(), account="member", commits=_LINKEDIN),
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
        *(
            Kind(
                f"organization {name}",
                "linkedin",
                content,
                account="organization",
                commits=_LINKEDIN,
                seed={**_ORGANIZATION, "content": similar},
            )
            for name, content, similar in (
                ("images", _images(), _ALBUM),
                ("video", _video(), _FILM),
                ("document", _document(), _PAPER),
                ("poll", _poll(), _QUESTION),
            )
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
