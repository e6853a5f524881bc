"""What a person can choose for a post on Instagram."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from noillusion.core.sensitive import Content
from noillusion.flows.protocol import Draft


class InstagramOptions(BaseModel):
    """Publishing options of Instagram images (platforms.md 2.3, "Optional")."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True, frozen=True)

    is_ai_generated: bool = False
    collaborators: tuple[Content, ...] = Field(default=(), description="User names of at most 3 accounts invited as co-authors")
    location_id: Content | None = Field(default=None, description="Id of a Facebook Page that stands for the place")


def options_of(draft: Draft) -> InstagramOptions:
    """The options of a draft, the defaults where it has none."""
    return draft.options if isinstance(draft.options, InstagramOptions) else InstagramOptions()
