"""The operator's apps at the platforms: one for each registration that is configured, and what they are granted."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from noillusion.catalog import registrations
from noillusion.catalog.platforms import NAMES, PlatformName
from noillusion.catalog.registrations import REGISTRATIONS, Access, Registration
from noillusion.core.sensitive import Secret
from noillusion.settings.errors import SettingsError
from noillusion.settings.parsing import credential

if TYPE_CHECKING:
    from noillusion.flows.protocol import App


class Apps:
    """The apps in the settings of a deployment."""

    def __init__(self, values: Mapping[str, str], *, audited: bool, signs: bool = False) -> None:
        """Read the settings of all registrations. Raises :class:`SettingsError` for the first one that is not valid."""
        self._audited, self._signs = audited, signs
        self._clients = {found.prefix: _client(values, found.prefix) for found in REGISTRATIONS}
        named = {found.key: found.configuration for found in REGISTRATIONS if found.configuration}
        given = {key: credential(name, values.get(name, "")) for key, name in named.items()}
        self._configurations = {key: text for key, text in given.items() if text}
        self.left_out = {found.key: _left_out(values, found) for found in REGISTRATIONS}
        """The scopes that the operator's apps do not have, by key of the registration."""

    def get(self, platform: str, registration: str) -> App | None:
        """Return the app of a registration, ``None`` if there is none. Connections live on it also when it is not offered."""
        found = registrations.get(platform, registration)
        client = self._client_of(found)
        if client is None:
            return None
        # Imported here, because every request reads settings, but few need an app.
        from noillusion.flows.protocol import App

        config = self._configurations.get(found.key, "")
        return App(client[0], Secret(client[1]), config, found.name, self._signs, tuple(self.asked(found)))

    def asked(self, registration: Registration) -> dict[str, str]:
        """Return the scopes that a registration asks for, each with the feature that is lost without it."""
        without = self.left_out[registration.key]
        return {scope: feature for scope, feature in registration.features.items() if scope not in without}

    def gives(self, registration: Registration) -> tuple[Access, ...]:
        """Return what a registration gives access to with the scopes that it asks for."""
        without = set(self.left_out[registration.key])
        found = (access for access, scopes in registration.access.items() if without.isdisjoint(scopes))
        return tuple(access for access in found if access != "public_posts" or self._audited)

    def publishes(self, registration: Registration) -> bool:
        """Return whether posts by a registration can be public."""
        return "public_posts" not in registration.access or self._audited

    def sharing(self, registration: Registration) -> tuple[Registration, ...]:
        """Return all registrations with the app of this one. What a person grants to an app is one grant for all of them."""
        client = self._client_of(registration)
        return tuple(found for found in REGISTRATIONS if client and self._client_of(found) == client) or (registration,)

    @cached_property
    def offered(self) -> dict[PlatformName, tuple[Registration, ...]]:
        """Return the registrations by which accounts can be connected, by platform."""
        return {platform: self._offered(platform) for platform in NAMES}

    def _offered(self, platform: PlatformName) -> tuple[Registration, ...]:
        """Return those with an app. One that shares an app replaces the one whose app that is, once it has its configuration."""
        usable = [
            found
            for found in registrations.of(platform)
            if self._client_of(found) and (not found.shares or found.key in self._configurations)
        ]
        replaced = {found.shares for found in usable if not self._clients[found.prefix]}
        return tuple(found for found in usable if found.prefix not in replaced)

    def _client_of(self, registration: Registration) -> tuple[str, str] | None:
        """Return client id and secret of a registration, those of the app that it shares if it has none of its own."""
        return self._clients[registration.prefix] or (self._clients[registration.shares] if registration.shares else None)


def _client(values: Mapping[str, str], prefix: str) -> tuple[str, str] | None:
    """Return client id and secret, or ``None`` if neither is set. Only one of them is an error."""
    names = f"{prefix}_CLIENT_ID", f"{prefix}_CLIENT_SECRET"
    client_id, secret = (credential(name, values.get(name, "")) for name in names)
    if bool(client_id) != bool(secret):
        raise SettingsError(names[bool(client_id)], "is missing")
    return (client_id, secret) if client_id else None


def _left_out(values: Mapping[str, str], registration: Registration) -> tuple[str, ...]:
    name = f"{registration.prefix}_WITHOUT_SCOPES"
    scopes = tuple(filter(None, (part.strip() for part in values.get(name, "").split(","))))
    optional = [scope for scope in registration.features if scope not in registration.needed]
    if not set(scopes) <= set(optional):
        raise SettingsError(name, f"must be a comma-separated list of {', '.join(optional)}")
    return tuple(scope for scope in optional if scope in scopes)
