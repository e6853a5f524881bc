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

    mode: Mode = Field(
        default="direct",
        description="`direct` publishes. `inbox` sends a draft that the person finishes in TikTok's app, where every other "
        "option is decided",
        examples=["direct"],
    )
    privacy_level: PrivacyLevel | None = Field(
        default=None,
        description="Who sees the post, as the person chose; required for `direct`. Branded content cannot be `SELF_ONLY`",
        examples=["PUBLIC_TO_EVERYONE"],
    )
    consent: Flag = Field(
        default=False,
        description="The person agreed to TikTok's music usage confirmation, and to the branded content policy where that "
        "applies; required for `direct`",
        examples=[True],
    )
    disable_comment: Flag = Field(default=True, description="Nobody can comment", examples=[False])
    disable_duet: Flag = Field(default=True, description="Nobody can make a duet with the video", examples=[True])
    disable_stitch: Flag = Field(default=True, description="Nobody can use parts of the video", examples=[True])
    brand_content_toggle: Flag = Field(
        default=False, description="Discloses a paid partnership for somebody else's brand", examples=[False]
    )
    brand_organic_toggle: Flag = Field(
        default=False, description="Discloses that the post promotes the person's own business", examples=[True]
    )
    is_aigc: Flag = Field(default=False, description="Labels the video as made with AI", examples=[False])
    title: Content | None = Field(
        default=None,
        description="Title of a photo post, at most 90 UTF-16 units; the text is its description",
        examples=["Three doors"],
    )
    cover_index: Annotated[int, Field(strict=True, ge=0, lt=PHOTO_LIMIT), WHOLE] | None = Field(
        default=None, description="The image that is the cover of a photo post, counted from 0", examples=[0]
    )
    cover_timestamp_ms: Annotated[int, Field(strict=True, ge=0), WHOLE] | None = Field(
        default=None, description="Milliseconds into the video at which its cover is taken", examples=[1500]
    )
    auto_add_music: Flag = Field(default=False, description="TikTok adds music to a photo post", examples=[False])
    duration_s: Number | None = Field(
        default=None,
        gt=0,
        description="Seconds of the video, where they cannot be read from the file. They are compared with the longest video "
        "that the creator may post, and never sent",
        examples=[12.5],
    )


OPTIONS: Final = TikTokOptions
