"""The base of each platform's publishing options."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel, ConfigDict

from noillusion.flows.draft import Draft


class PlatformOptions(BaseModel):
    """Options that one platform has. Unknown ones are refused, and values never appear in errors."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True, frozen=True)

    @classmethod
    def of(cls, draft: Draft) -> Self:
        """Return the options of a draft, the defaults where it has none."""
        return draft.options if isinstance(draft.options, cls) else cls()
