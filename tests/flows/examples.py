"""One account and one draft of every kind for each platform, and a platform that answers everything well.

A new platform or kind begins with its rows here: ``test_contract.py`` and ``tests/property`` find the rest by the catalog.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from noillusion.catalog import registrations
from noillusion.catalog.platforms import NAMES
from noillusion.core.sensitive import Content, Secret
from noillusion.flows.draft import Draft, Kind, Link, MediaItem, Poll
from noillusion.flows.effects import Effect
from noillusion.flows.protocol import Account, App, Call, Reply
from noillusion.platforms import catalog
from noillusion.platforms.contract import Platform
from noillusion.platforms.tiktok.options import TikTokOptions

LINKED = "instagram.facebook"
"""Instagram with the accounts of its other registration, whose abilities differ."""
EVERY: tuple[str, ...] = (*NAMES, LINKED)
APP = App("app-id", Secret("app-secret"))
PIXEL = MediaItem("image", data=b"\xff\xd8\xff", content_type="image/jpeg")
IMAGE = MediaItem("image", url=Content("https://cdn.example.com/a.jpg"))
VIDEO = MediaItem("video", url=Content("https://cdn.example.com/a.mp4"))
CLIP = MediaItem("video", data=bytes(16), content_type="video/mp4")
PAPER = MediaItem("document", data=b"%PDF-1.7", content_type="application/pdf", title=Content("Title"))
SUBTITLES = MediaItem("captions", data=b"1\n", content_type="application/x-subrip")
PARTS: Mapping[str, Any] = {
    "link": Link(Content("https://example.com")),
    "media": (IMAGE,),
    "poll": Poll(Content("Which one?"), (Content("This"), Content("That"))),
    "first_comment": Content("First"),
    "title": Content("Title"),
    "description": Content("More"),
    "alt_text": Content("A red door"),
    "thumbnail": PIXEL,
    "captions": SUBTITLES,
}
"""A value of every part that a draft, its link and its media files can have, by name."""
CONSENT = TikTokOptions(privacy_level="PUBLIC_TO_EVERYONE", consent=True)
ACCOUNTS = {
    "facebook": Account("101", "page"),
    "instagram": Account("77", "professional"),
    "linkedin": Account("ada", "member"),
    "tiktok": Account("open-1", "creator", "ada"),
    LINKED: Account("77", "professional", registration="facebook"),
}
DRAFTS: dict[tuple[str, Kind], Draft] = {
    ("facebook", "text"): Draft("text", Content("Hello")),
    ("facebook", "link"): Draft("link", Content("Look"), link=Link(Content("https://example.com"))),
    ("facebook", "image"): Draft("image", Content(""), media=(IMAGE,)),
    ("facebook", "images"): Draft("images", Content("Hello"), media=(IMAGE, IMAGE)),
    ("facebook", "video"): Draft("video", Content("Hello"), media=(VIDEO,)),
    ("facebook", "reel"): Draft("reel", Content("Hello"), media=(VIDEO,)),
    ("facebook", "story"): Draft("story", Content(""), media=(VIDEO,)),
    ("instagram", "image"): Draft("image", Content("Hello"), media=(IMAGE,)),
    ("instagram", "images"): Draft("images", Content("Hello"), media=(IMAGE, VIDEO)),
    ("instagram", "reel"): Draft("reel", Content("Hello"), media=(VIDEO,)),
    ("instagram", "story"): Draft("story", Content(""), media=(VIDEO,)),
    ("linkedin", "text"): Draft("text", Content("Hello")),
    ("linkedin", "link"): Draft("link", Content("Look"), link=Link(Content("https://example.com"), Content("Title"))),
    ("linkedin", "image"): Draft("image", Content("Hello"), media=(PIXEL,)),
    ("linkedin", "images"): Draft("images", Content("Hello"), media=(PIXEL, PIXEL)),
    ("linkedin", "video"): Draft("video", Content("Hello"), media=(CLIP,)),
    ("linkedin", "document"): Draft("document", Content("Hello"), media=(PAPER,)),
    ("linkedin", "poll"): Draft("poll", Content("Hello"), poll=Poll(Content("Which one?"), (Content("This"), Content("That")))),
    ("tiktok", "image"): Draft("image", Content("Hello"), media=(IMAGE,), options=CONSENT),
    ("tiktok", "images"): Draft("images", Content("Hello"), media=(IMAGE, IMAGE), options=CONSENT),
    ("tiktok", "video"): Draft("video", Content("Hello"), media=(CLIP,), options=CONSENT),
    (LINKED, "image"): Draft("image", Content("Hello"), media=(IMAGE,)),
    (LINKED, "images"): Draft("images", Content("Hello"), media=(IMAGE, VIDEO)),
    (LINKED, "reel"): Draft("reel", Content("Hello"), media=(CLIP,)),
    (LINKED, "story"): Draft("story", Content(""), media=(CLIP,)),
}
HANDLES: Mapping[str, Mapping[str, str]] = {
    "facebook": {"accepted_id": "101_9", "photo_id": "5"},
    "instagram": {"accepted_id": "9", "container_id": "5", "child_0": "3", "child_9": "4"},
    "linkedin": {
        "accepted_id": "urn:li:share:7",
        "image_urn": "urn:li:image:1",
        "image_urn_20": "urn:li:image:1",
        "video_urn": "urn:li:video:1",
        "document_urn": "urn:li:document:1",
    },
    "tiktok": {"accepted_id": "v_pub_url~1", "publish_id": "v_pub_file~1", "upload_size": "16"},
}
POSTS = {"facebook": "101_9", "instagram": "9", "linkedin": "urn:li:share:7", "tiktok": "7301234567890123456"}
COMMITS: Mapping[str, tuple[str, ...]] = {
    "facebook": ("/feed", "/videos", "/video_reels", "/photo_stories", "/video_stories"),
    "instagram": ("/media_publish",),
    "linkedin": ("/rest/posts",),
    "tiktok": ("/init/",),
}
"""How the URL of the call ends that publishes."""
ACCEPTED: Mapping[str, Reply] = {
    "facebook": Reply(200, data={"id": "9", "success": True, "post_id": "9"}),
    "instagram": Reply(200, data={"id": "9"}),
    "linkedin": Reply(201, {"x-restli-id": "urn:li:share:7"}),
    "tiktok": Reply(200, data={"data": {"publish_id": "v_pub_url~1"}, "error": {"code": "ok"}}),
}
OTHERS: Mapping[str, Mapping[str, Any]] = {
    "facebook": {
        "": {
            "id": "5", "access_token": "token-1", "permalink_url": "/101/posts/9", "data": [], "success": True, "video_id": "7",
            "status": {
                "video_status": "ready", "uploading_phase": {"status": "complete"},
                "publishing_phase": {"status": "complete", "publish_status": "published"},
            },
        }
    },
    "instagram": {
        "": {
            "id": "9", "user_id": "77", "access_token": "token-1", "status_code": "FINISHED", "data": [],
            "permalink": "https://www.instagram.com/p/9/",
        }
    },
    "linkedin": {
        "": {"sub": "ada", "status": "AVAILABLE", "access_token": "token-1", "elements": [], "paging": {"links": []}},
        "initializeUpload": {
            "value": {
                "uploadUrl": "https://www.linkedin.com/dms-uploads/1", "image": "urn:li:image:1", "video": "urn:li:video:1",
                "document": "urn:li:document:1", "uploadToken": "",
                "uploadInstructions": [
                    {"uploadUrl": "https://www.linkedin.com/dms-uploads/1", "firstByte": 0, "lastByte": 4_194_303},
                    {"uploadUrl": "https://www.linkedin.com/dms-uploads/2", "firstByte": 4_194_304, "lastByte": 9_999_999},
                ],
            },
        },
    },
    "tiktok": {
        "": {
            "access_token": "token-1", "error": {"code": "ok"},
            "data": {
                "privacy_level_options": ["PUBLIC_TO_EVERYONE"], "creator_username": "ada", "status": "PUBLISH_COMPLETE",
                "user": {"open_id": "open-1"}, "videos": [],
            },
        },
        "/oauth/": {"access_token": "token-1", "refresh_token": "token-2", "open_id": "open-1"},
        "/video/init/": {
            "error": {"code": "ok"},
            "data": {"publish_id": "v_pub_file~1", "upload_url": "https://open-upload.tiktokapis.com/video/?upload_id=1"},
        },
    },
}  # fmt: skip
"""A part of a URL → the answer to every other call there; the empty part stands for all the rest."""


BESIDE = {"etag": "tag"}
"""The headers of every such answer."""


def get(name: str) -> Platform:
    """The platform of a name of :data:`EVERY`."""
    platform, _, registration = name.partition(".")
    return catalog.get(platform, registration)


def reader(name: str) -> Account:
    """The platform's account with every scope, also those that few apps are allowed to ask for."""
    platform, _, registration = name.partition(".")
    few = ("r_member_postAnalytics", "r_member_profileAnalytics")
    return replace(ACCOUNTS[name], scopes=(*registrations.get(platform, registration).features, *few))


def other(platform: str, url: str) -> Any:
    """The body that answers whatever is not the call that publishes."""
    bodies = OTHERS[platform.partition(".")[0]]
    return next((body for part, body in bodies.items() if part and part in url), bodies[""])


def answering(platform: str) -> Callable[[Call], Reply]:
    """A platform that answers every call well."""

    def answer(call: Call) -> Reply:
        commits = call.effect is Effect.COMMIT and call.url.endswith(COMMITS[platform.partition(".")[0]])
        status = call.success[0] if call.success else 200
        return ACCEPTED[platform.partition(".")[0]] if commits else Reply(status, BESIDE, data=other(platform, call.url))

    return answer
