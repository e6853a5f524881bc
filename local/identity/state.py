"""What the issuer remembers, in memory only: logins, codes, refresh tokens, devices. A restart asks people to log in again."""

from __future__ import annotations

import hashlib
import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

CODE_S, LOGIN_PAGE_S, SESSION_S, DEVICE_S, REFRESH_S = 120, 3_600, 7 * 86_400, 900, 30 * 86_400
INTERVAL_S = 5
MOST = 2_000
SUBJECT = re.compile(r"[^\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]{1,200}\Z")
USER_CODE_LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
"""No vowels, so that no words appear (RFC 8628, 6.1)."""

Kept = TypeVar("Kept")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who logged in; nothing of it but the subject reaches the API."""

    subject: str
    name: str
    email: str

    @classmethod
    def typed(cls, text: str) -> Person | None:
        """Return the person that a text names: an e-mail address, a subject such as ``auth0|ada``, or a name."""
        text = text.strip()
        if not SUBJECT.match(text):
            return None
        nick = text.rpartition("|")[2].partition("@")[0] or "somebody"
        if "|" in text:
            return cls(text, nick, f"{re.sub(r'[^a-z0-9]+', '.', nick.lower()).strip('.') or 'somebody'}@example.com")
        if "@" in text:
            # As at Auth0, the subject does not contain the address.
            return cls(f"auth0|{hashlib.sha256(text.lower().encode()).hexdigest()[:24]}", nick, text)
        return replace(cls.typed(f"auth0|{text}") or cls("", "", ""), name=text)

    def profile(self, scope: str) -> dict[str, Any]:
        """Return the claims about the person that a scope grants (OpenID Connect Core 1.0, 5.4)."""
        scopes = scope.split()
        profile = {"name": self.name, "nickname": self.name} if "profile" in scopes else {}
        return {**profile, **({"email": self.email, "email_verified": True} if "email" in scopes else {})}


@dataclass(frozen=True, slots=True)
class Login:
    """Somebody logged in at a browser, or approved a device. ``at`` in seconds since 1970."""

    person: Person
    at: int
    sid: str = field(default_factory=lambda: secrets.token_urlsafe(12))


@dataclass(frozen=True, slots=True)
class Asked:
    """What an application asked for."""

    client_id: str
    scope: str
    audience: str
    redirect_uri: str = ""
    state: str = ""
    response_mode: str = "query"
    nonce: str = ""
    challenge: str = ""


@dataclass(slots=True)
class Code:
    """An authorization code's meaning; ``family`` is set once it was used."""

    asked: Asked
    login: Login
    family: str = ""
    used: bool = False


@dataclass(slots=True)
class Family:
    """The refresh tokens that follow from one login, of which only the newest is valid."""

    asked: Asked
    login: Login
    newest: str = ""
    revoked: bool = False


@dataclass(slots=True)
class Device:
    """A device that waits for a person's approval (RFC 8628). ``until`` and ``polled`` in seconds since 1970."""

    asked: Asked
    user_code: str
    until: float
    interval: int = INTERVAL_S
    polled: float = 0.0
    login: Login | None = None
    denied: bool = False


class Expiring(Generic[Kept]):
    """Things by an unguessable name, for a time; the oldest go when there are too many."""

    def __init__(self, seconds: float, clock: Callable[[], float]) -> None:
        self._seconds, self._clock = seconds, clock
        self._kept: dict[str, tuple[float, Kept]] = {}

    def add(self, thing: Kept, name: str = "") -> str:
        """Keep a thing and return its name."""
        name = name or secrets.token_urlsafe(24)
        self._kept.pop(name, None)
        self._kept[name] = (self._clock() + self._seconds, thing)
        while len(self._kept) > MOST:
            del self._kept[next(iter(self._kept))]
        return name

    def get(self, name: str) -> Kept | None:
        """Return the thing of a name."""
        until, thing = self._kept.get(name, (0.0, None))
        return thing if until > self._clock() else None

    def pop(self, name: str) -> Kept | None:
        """Return the thing of a name and forget it."""
        thing = self.get(name)
        self._kept.pop(name, None)
        return thing

    def all(self) -> list[Kept]:
        """Return everything that has not expired."""
        return [thing for until, thing in self._kept.values() if until > self._clock()]


class State:
    """Everything that one issuer remembers."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.clock = clock
        self.pages: Expiring[tuple[str, Asked | None]] = Expiring(LOGIN_PAGE_S, clock)
        """Login pages that are open: the browser that each was shown in, and what was asked for."""
        self.sessions: Expiring[Login] = Expiring(SESSION_S, clock)
        self.codes: Expiring[Code] = Expiring(CODE_S, clock)
        self.families: Expiring[Family] = Expiring(REFRESH_S, clock)
        # Longer than they are valid, so that a late device is told "expired" and not "unknown".
        self.devices: Expiring[Device] = Expiring(4 * DEVICE_S, clock)
        self.people: dict[str, Person] = {}

    def login(self, person: Person) -> Login:
        """Return a new login of a person."""
        self.people[person.subject] = person
        return Login(person, int(self.clock()))

    def person(self, subject: str) -> Person:
        """Return the person of a subject, as they last logged in."""
        return self.people.get(subject) or Person.typed(subject) or Person(subject, "somebody", "somebody@example.com")

    def add_device(self, asked: Asked) -> tuple[str, Device]:
        """Return a new device with its code."""
        letters = "".join(secrets.choice(USER_CODE_LETTERS) for _ in range(8))
        device = Device(asked, f"{letters[:4]}-{letters[4:]}", self.clock() + DEVICE_S)
        return self.devices.add(device), device

    def waiting_device(self, user_code: str) -> Device | None:
        """Return the device that shows a code and has no answer yet."""
        plain = re.sub(r"[\s-]", "", user_code).upper()
        found = (device for device in self.devices.all() if device.user_code.replace("-", "") == plain)
        return next((d for d in found if d.until > self.clock() and not d.login and not d.denied), None)

    def renew(self, name: str, family: Family) -> str:
        """Return the next refresh token of a family; the one before is no longer valid."""
        token = f"{name}.{secrets.token_urlsafe(32)}"
        family.newest = digest(token)
        return token

    def revoke(self, name: str) -> None:
        """End a family of refresh tokens."""
        if family := self.families.get(name):
            family.revoked = True


def digest(token: str) -> str:
    """Return what is kept of a refresh token."""
    return hashlib.sha256(token.encode()).hexdigest()
