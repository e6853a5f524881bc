"""The error of a setting. Its text contains the name of the setting and what is required, never its value."""

from __future__ import annotations


class SettingsError(Exception):
    """A setting is missing or malformed."""

    def __init__(self, name: str, must: str) -> None:
        super().__init__(f"the setting {name} {must}")
        self.setting = name
        """Return the name of the setting, for the log."""
