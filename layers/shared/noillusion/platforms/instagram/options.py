"""What a person can choose for a post on Instagram."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from noillusion.core.sensitive import Content
from noillusion.flows.protocol import Draft


class InstagramOptions(BaseModel):
    """Options for Instagram images (platforms.md 2.3)."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True, frozen=True)

    is_ai_generated: bool = False
    collaborators: tuple[Content, ...] = Field(default=(), description="Usernames of up to 3 accounts to invite as collaborators")
    location_id: Content | None = Field(default=None, description="Id of the Facebook Page of the location")


def options_of(draft: Draft) -> InstagramOptions:
    """The options of a draft, the defaults where it has none."""
    return draft.options if isinstance(draft.options, InstagramOptions) else InstagramOptions()
