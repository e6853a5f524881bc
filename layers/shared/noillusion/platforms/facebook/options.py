"""What a person can choose for a post on Facebook."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class FacebookOptions(BaseModel):
    """Options for Facebook Pages. There are none for the supported kinds."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True, frozen=True)
