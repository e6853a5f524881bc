"""What a person can choose for a post on LinkedIn."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict

from noillusion.flows.protocol import Draft


class LinkedInOptions(BaseModel):
    """Options for LinkedIn."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True, frozen=True)

    visibility: Literal["PUBLIC", "CONNECTIONS"] = "PUBLIC"


def options_of(draft: Draft) -> LinkedInOptions:
    """The options of a draft, the defaults where it has none."""
    return draft.options if isinstance(draft.options, LinkedInOptions) else LinkedInOptions()
