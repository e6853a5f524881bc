"""Where settings come from: the environment, and the secret that it names, read once per execution environment and again after a
while. What was made from settings follows when they change."""

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
        """Return the settings. Raises :class:`SettingsError` at once if one that is needed cannot be used."""
        if self._current is None:
            self._take(self._read())
        assert self._current is not None
        return self._current

    def follow(self, changed: Callable[[Settings, Settings], None]) -> None:
        """Have ``changed(old, new)`` called after a refresh that brought other values."""
        self._followers.append(changed)

    def require(self, usable: Callable[[Settings], object]) -> None:
        """Have ``usable(settings)`` called before settings take effect. It raises :class:`SettingsError` if they cannot."""
        self._requirements.append(usable)

    def refresh(self) -> None:
        """Read the secret again if it is due.

        Every invocation begins with this, so that rotated keys and passwords need no restart and values stay the same while one
        request is worked on. A refresh that fails, or that brings values that cannot be used, leaves the old ones in place.
        """
        # The wall clock: the monotonic one may stand still while an environment is frozen between invocations.
        if self._current is None or self._due is None or clock.now() < self._due:
            return
        try:
            self.reread()
        except Exception as error:  # noqa: BLE001 - whatever it is, the values at hand still work
            logs.failure("settings_not_refreshed", error)
            self._due = clock.now() + RETRY_AFTER

    def reread(self, *, fresh: bool = False) -> None:
        """Read the secret again now, past every cache if ``fresh``. Raises what stands against it and then changes nothing."""
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
        """Read everything again at the next call: for tests, whose environment changes under a running process."""
        self._current = self._due = None

    def _take(self, new: Settings) -> None:
        self._current, self._due = new, clock.now() + REFRESH_AFTER

    def _read(self, *, fresh: bool = False) -> Settings:
        """Return the environment, overlaid with the secret that it names; checked."""
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
