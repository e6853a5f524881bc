"""The choices for a post on Instagram."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import Field

from noillusion.core.fields import WHOLE, Flag
from noillusion.core.sensitive import Content
from noillusion.platforms.options import PlatformOptions

Graduation = Literal["MANUAL", "SS_PERFORMANCE"]


class InstagramOptions(PlatformOptions):
    """Options for Instagram (platforms.md 2.3). A kind of post that an option does not belong to refuses it."""

    is_ai_generated: Flag = Field(default=False, description="Labels the post as made with AI")
    collaborators: tuple[Content, ...] = Field(
        default=(),
        description="Usernames of up to 3 accounts to invite as collaborators. Not for stories",
        examples=[["riverside.bakery"]],
    )
    location_id: Content | None = Field(
        default=None, description="Id of the Facebook Page of the location. Not for stories", examples=["7640348500"]
    )
    share_to_feed: Flag | None = Field(default=None, description="Reels: show the reel in the feed too. Null: Instagram decides")
    thumb_offset_ms: Annotated[int, Field(strict=True, ge=0), WHOLE] | None = Field(
        default=None,
        description="Reels: position of the frame that becomes the cover, in milliseconds from the start of the video. "
        "It cannot be combined with the video's `thumbnail`",
        examples=[1500],
    )
    audio_name: Content | None = Field(default=None, description="Reels: name of the audio", examples=["Bakery"])
    trial: Graduation | None = Field(
        default=None,
        description="Reels: publish a trial reel, which at first is shown only to people who do not follow the account. "
        "`MANUAL`: the person shares it with everyone in the app. `SS_PERFORMANCE`: Instagram does so if it performs well",
    )


OPTIONS: Final = InstagramOptions
