"""Sealing of credentials (AES-256-GCM) and keyed fingerprints. A ciphertext can be opened only for its own row and column.

The first sealer imports the cipher, because many requests need fingerprints but few need credentials.
"""

from __future__ import annotations

import base64
import hmac
import json
import os
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache

from noillusion.core import clock, logs
from noillusion.core.errors import Unavailable
from noillusion.core.records import record
from noillusion.core.sensitive import Secret
from noillusion.settings.source import settings
from noillusion.settings.values import PLAIN, SEALING_FORMS

NONCE_BYTES = 12
ASK_AGAIN = timedelta(seconds=60)
"""How long a key that is not in the secret is considered removed before the secret is read again."""


class SealBroken(Exception):
    """A ciphertext is malformed, was altered or moved, or uses a key that was removed."""


@record(eq=True)
class Place:
    """The location of a ciphertext. It is the associated data, so a ciphertext that is moved cannot be opened.

    Credentials that are replaced in place include their version, so an older ciphertext that is put back cannot be opened either.
    """

    table: str
    column: str
    user_id: str
    row_id: str
    version: int | None = None

    def associated_data(self, form: str) -> bytes:
        """Return the location as unambiguous bytes. The first format of ciphertexts has no versions."""
        parts = [self.table, self.column, self.user_id, self.row_id]
        return json.dumps(parts if form == "v1" else [*parts, self.version], separators=(",", ":")).encode()


def _b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _unb64(text: str) -> bytes:
    raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    if _b64(raw) != text:
        # Decoding ignores bits of the last character, so the text can be altered without changing the bytes.
        raise ValueError("not canonical")
    return raw


class Sealer:
    """Seals with the current key in one format, and opens with any key (32-byte keys by id) in all formats."""

    def __init__(
        self,
        current: str,
        keys: Mapping[str, bytes],
        wanted: Callable[[str], Sealer | None] | None = None,
        form: str = SEALING_FORMS[-1],
    ) -> None:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        self.key_id = current
        self.head = f"{form}.{current}"
        """Prefix of ciphertexts that do not have to be resealed."""
        self._form = form
        self._ciphers = {key_id: AESGCM(key) for key_id, key in keys.items()}
        self._wanted = wanted

    def has(self, key_id: str) -> bool:
        """Return whether this key is known."""
        return key_id in self._ciphers

    def seal(self, value: Secret, place: Place) -> str:
        """Return ``{form}.{key id}.{nonce}.{ciphertext and tag}`` with a new random nonce. Empty values are refused."""
        if not value:
            raise ValueError("an empty credential cannot be sealed")
        nonce = os.urandom(NONCE_BYTES)
        bound = self.head.encode() + place.associated_data(self._form)
        sealed = self._ciphers[self.key_id].encrypt(nonce, value.reveal().encode(), bound)
        return f"{self.head}.{_b64(nonce)}.{_b64(sealed)}"

    def open(self, sealed: str, place: Place) -> Secret:
        """Return the credential. Raises :class:`SealBroken` if it was altered, moved, or sealed with a key that was removed."""
        from cryptography.exceptions import InvalidTag

        try:
            form, key_id, nonce, ciphertext = sealed.split(".")
            if not self.has(key_id) and self._wanted and (newer := self._wanted(key_id)):
                return newer.open(sealed, place)
            cipher = self._ciphers[key_id]
            if form not in SEALING_FORMS:
                raise SealBroken("format")
            bound = f"{form}.{key_id}".encode() + place.associated_data(form)
            plain = cipher.decrypt(_unb64(nonce), _unb64(ciphertext), bound)
        except (ValueError, KeyError, InvalidTag):
            raise SealBroken("unreadable") from None
        return Secret(plain.decode())


@lru_cache(maxsize=1)
def sealer() -> Sealer:
    """Return the sealer with the keys as last read."""
    return Sealer(*settings().sealing_keys, wanted=_newer, form=settings().sealing_form)


settings.follow(lambda _old, _new: sealer.cache_clear())
_gone: dict[str, datetime] = {}


def _newer(key_id: str) -> Sealer | None:
    """Return a sealer that knows a key added since the settings were read, because another environment may have used it."""
    return sealer() if _appeared(f"sealing {key_id}", lambda: sealer().has(key_id)) else None


def _appeared(key: str, known: Callable[[], bool]) -> bool:
    """Return whether a key that this environment does not know is present after reading the secret again.

    Raises ``Unavailable`` if the secret cannot be read: only the secret itself shows that a key was removed.
    """
    asked = _gone.get(key)
    if asked is not None and clock.now() - asked < ASK_AGAIN:
        return False
    try:
        settings.reread(fresh=True)
    except Exception as error:  # noqa: BLE001 - after any error, the key may still be present
        logs.failure("keys_not_reread", error)
        raise Unavailable("keys_unavailable") from None
    if known():
        return True
    _gone[key] = clock.now()
    return False


def fingerprint(purpose: str, *parts: str) -> str:
    """Return the keyed fingerprint (HMAC-SHA256) of ``parts`` for one purpose, with the current key.

    The format is ``{key id}.{hex}``, or only the hex for the plain ``FINGERPRINT_KEY``, which has no id.
    """
    current, keys = settings().fingerprint_keys
    return _print(current, keys[current], _message(purpose, parts))


def fingerprints(purpose: str, *parts: str, ring: tuple[str, Mapping[str, bytes]] | None = None) -> tuple[str, ...]:
    """Return the fingerprint with each key, the current one first, to look for a stored one."""
    current, keys = ring or settings().fingerprint_keys
    message = _message(purpose, parts)
    return tuple(_print(key_id, keys[key_id], message) for key_id in sorted(keys, key=lambda key_id: (key_id != current, key_id)))


def matches(stored: str | None, purpose: str, *parts: str) -> bool:
    """Return whether a stored fingerprint is that of these parts. One whose key was removed matches nothing. Raises
    ``Unavailable`` if that cannot be determined."""
    if not stored:
        return False
    key_id, key = _key_of(stored)
    return key is not None and hmac.compare_digest(_print(key_id, key, _message(purpose, parts)).encode(), stored.encode())


def comparable(stored: str) -> bool:
    """Return whether the key of a stored fingerprint is present, so that :func:`matches` is meaningful."""
    return _key_of(stored)[1] is not None


def _key_of(stored: str) -> tuple[str, bytes | None]:
    key_id = stored.partition(".")[0] if "." in stored else PLAIN
    keys = settings().fingerprint_keys[1]
    if key_id not in keys and _appeared(f"fingerprint {key_id}", lambda: key_id in settings().fingerprint_keys[1]):
        keys = settings().fingerprint_keys[1]
    return key_id, keys.get(key_id)


def _message(purpose: str, parts: Sequence[str]) -> bytes:
    return json.dumps([purpose, *parts], ensure_ascii=False, separators=(",", ":")).encode()


def _print(key_id: str, key: bytes, message: bytes) -> str:
    value = hmac.digest(key, message, "sha256").hex()
    return value if key_id == PLAIN else f"{key_id}.{value}"
