"""Source of settings: the environment and the secrets that it names, read once per execution environment and periodically again.
Objects built from settings can follow changes."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime, timedelta

from noillusion.core import clock, logs
from noillusion.settings.values import Settings

REFRESH_AFTER = timedelta(minutes=15)
RETRY_AFTER = timedelta(minutes=1)


class SettingsSource:
    """The settings in effect. Calling it returns them."""

    def __init__(self) -> None:
        self._current: Settings | None = None
        self._due: datetime | None = None
        self._followers: list[Callable[[Settings, Settings], None]] = []
        self._requirements: list[Callable[[Settings], object]] = []

    def __call__(self) -> Settings:
        """Return the settings. Raises :class:`SettingsError` if one that is required is not valid."""
        if self._current is None:
            self._take(self._read())
        assert self._current is not None
        return self._current

    def follow(self, changed: Callable[[Settings, Settings], None]) -> None:
        """Call ``changed(old, new)`` after every refresh that changes values."""
        self._followers.append(changed)

    def require(self, usable: Callable[[Settings], object]) -> None:
        """Call ``usable(settings)`` before settings take effect. It raises :class:`SettingsError` to refuse them."""
        self._requirements.append(usable)

    def refresh(self) -> None:
        """Read the secret again if it is due.

        Every invocation begins with this, so rotated keys and passwords need no restart, and values do not change during a
        request. If a refresh fails or its values are not valid, the old ones stay in effect.
        """
        # Uses the wall clock, because the monotonic one can stop while an environment is frozen between invocations.
        if self._current is None or self._due is None or clock.now() < self._due:
            return
        try:
            self.reread()
        except Exception as error:  # noqa: BLE001 - whatever it is, the values at hand still work
            logs.failure("settings_not_refreshed", error)
            self._due = clock.now() + RETRY_AFTER

    def reread(self, *, fresh: bool = False) -> None:
        """Read the secret again now, bypassing every cache if ``fresh``. Raises an error and changes nothing if that fails."""
        old = self()
        if not old.values.get("SECRETS_ARN"):
            return
        new = self._read(fresh=fresh)
        self._take(new)
        if new.values != old.values:
            logs.event("settings_refreshed")
            for changed in self._followers:
                changed(old, new)

    def forget(self) -> None:
        """Read everything again at the next call, for tests that change the environment of a running process."""
        self._current = self._due = None

    def _take(self, new: Settings) -> None:
        self._current, self._due = new, clock.now() + REFRESH_AFTER

    def _read(self, *, fresh: bool = False) -> Settings:
        """Return the checked settings of the environment and the secrets that it names."""
        values = dict(os.environ)
        if arn := values.get("SECRETS_ARN"):
            from noillusion.settings import secret

            values |= {**secret.fetch(arn, fresh=fresh), "SECRETS_ARN": arn}
        new = Settings(values)
        new.check()
        for usable in self._requirements:
            usable(new)
        return new


settings = SettingsSource()
