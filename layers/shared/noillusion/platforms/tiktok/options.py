"""The choices for a post on TikTok."""

from __future__ import annotations

from typing import Annotated, Final, Literal, get_args

from pydantic import Field

from noillusion.core.fields import WHOLE, Flag, Number
from noillusion.core.sensitive import Content
from noillusion.platforms.options import PlatformOptions
from noillusion.platforms.tiktok.facts import PHOTO_LIMIT

Mode = Literal["direct", "inbox"]
PrivacyLevel = Literal["PUBLIC_TO_EVERYONE", "MUTUAL_FOLLOW_FRIENDS", "FOLLOWER_OF_CREATOR", "SELF_ONLY"]
PRIVACY_LEVELS: Final[tuple[PrivacyLevel, ...]] = get_args(PrivacyLevel)


class TikTokOptions(PlatformOptions):
    """Options for TikTok. Choices that TikTok leaves to the user have no default (failure-classes.md D5)."""

    mode: Mode = "direct"
    """``inbox`` sends a draft that the person finishes in TikTok's app, where every other option is decided."""
    privacy_level: PrivacyLevel | None = None
    consent: Flag = False
    """The person agreed to TikTok's music usage confirmation (and to the branded content policy, where that applies)."""
    disable_comment: Flag = True
    disable_duet: Flag = True
    disable_stitch: Flag = True
    brand_content_toggle: Flag = False
    """A paid partnership for somebody else's brand."""
    brand_organic_toggle: Flag = False
    """Promotes the person's own business."""
    is_aigc: Flag = False
    title: Content | None = None
    """Photo posts only; the text is their description."""
    cover_index: Annotated[int, Field(strict=True, ge=0, lt=PHOTO_LIMIT), WHOLE] | None = None
    cover_timestamp_ms: Annotated[int, Field(strict=True, ge=0), WHOLE] | None = None
    auto_add_music: Flag = False
    duration_s: Number | None = Field(default=None, gt=0)
    """Duration of the video as the client measured it. It is compared with the creator's limit and never sent."""


OPTIONS: Final = TikTokOptions
