"""Tickets of the hand-over: sealed for one purpose, for an hour, and never longer than a URL may be."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from noillusion.core import clock
from noillusion.core.sensitive import Content, Secret
from noillusion.media import tickets
from noillusion.media.tickets import LIFE, LONGEST_SOURCE, LONGEST_URL, NoTicket, StoredFile, Ticket, TicketTooLong, read, url_of
from noillusion.settings import source as settings
from noillusion.vault.sealer import Place, sealer
from tests.support.deployment import key
from tests.support.logged import logged

SOURCE = Ticket("auth0|alice", "7c0e3a52-7d6b-4c50-9f0e-2f3a1b6f1f2a", url=Content("https://files.example/a.jpg?sig=%2F+x"))
STORED = Ticket("auth0|ünï", "7c0e3a52-7d6b-4c50-9f0e-2f3a1b6f1f2a", stored=StoredFile(3, Secret("a-key")))


@pytest.fixture(autouse=True)
def keys(deployment: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(tickets, "_asked", None)
    yield


def sealed(ticket: Ticket) -> str:
    url = url_of(ticket).reveal()
    assert url.startswith("https://api.test/v1/media/")
    return url.rpartition("/")[2]


@pytest.mark.parametrize("ticket", [SOURCE, STORED], ids=["url", "stored"])
def test_a_ticket_reads_as_it_was_made(ticket: Ticket) -> None:
    assert read(sealed(ticket)) == ticket


@pytest.mark.parametrize("ticket", [SOURCE, STORED], ids=["url", "stored"])
def test_a_ticket_shows_nothing_of_what_it_names(ticket: Ticket) -> None:
    text = sealed(ticket)
    parts = (ticket.user_id, ticket.target_id, "files.example", "a-key")
    assert not any(part in text for part in parts)
    assert not any(part in repr(ticket) for part in ("files.example", "a-key"))
    assert sealed(ticket) != text, "a nonce of its own each time"


def test_a_changed_character_anywhere_is_no_ticket() -> None:
    text = sealed(STORED)
    for at, letter in enumerate(text):
        with pytest.raises(NoTicket):
            read(text[:at] + ("A" if letter != "A" else "B") + text[at + 1 :])


@pytest.mark.parametrize("text", ["", ".", "v2", "v2.k1", "v2.k1..", "v2.k1.AAAA.AAAA", "x" * 3000, "v2.k2.AAAA.AAAA", "{}"])
def test_what_is_none_is_no_ticket(text: str) -> None:
    with pytest.raises(NoTicket):
        read(text)


def test_a_credential_is_no_ticket_and_a_ticket_no_credential() -> None:
    place = Place("platform_connections", "sealed_access_token", "auth0|alice", "row-1", 1)
    token = sealer().seal(Secret(json.dumps({"user": "auth0|alice", "target": "t", "until": 4_000_000_000})), place)
    with pytest.raises(NoTicket):
        read(token)


def test_a_ticket_is_valid_for_an_hour_and_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    text, now = sealed(SOURCE), clock.now()
    assert timedelta(hours=1) >= LIFE
    monkeypatch.setattr(clock, "now", lambda: now + LIFE - timedelta(seconds=2))
    assert read(text) == SOURCE
    monkeypatch.setattr(clock, "now", lambda: now + LIFE + timedelta(seconds=1))
    with pytest.raises(NoTicket):
        read(text)


def test_a_url_that_a_check_lets_through_fits_and_a_longer_one_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLIC_URL", f"https://{'a' * 63}.example.com")
    settings.settings.forget()
    long = "https://files.example/" + "x" * (LONGEST_SOURCE - 22)
    found = url_of(Ticket("a" * 255, STORED.target_id, url=Content(long))).reveal()
    assert len(found) <= LONGEST_URL and read(found.rpartition("/")[2]).url == Content(long)
    with pytest.raises(TicketTooLong):
        url_of(Ticket("a" * 255, STORED.target_id, url=Content("https://files.example/" + "x" * 2000)))


def test_unknown_keys_are_looked_for_once_a_minute_however_many_tickets_come(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(settings.SettingsSource, "reread", lambda self, *, fresh: asked.append(fresh))
    for name in ("k7", "k8", "k9"):
        with pytest.raises(NoTicket):
            read(f"v2.{name}.AAAA.AAAA")
    assert asked == [True]


def test_a_key_that_another_function_has_read_first_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    ring = {"k1": key(1), "k2": key(7)}
    monkeypatch.setenv("SEALING_KEYS", json.dumps({"current": "k2", "keys": ring}))
    settings.settings.forget()
    sealer.cache_clear()
    text = sealed(SOURCE)
    monkeypatch.setenv("SEALING_KEYS", json.dumps({"current": "k1", "keys": {"k1": key(1)}}))
    settings.settings.forget()
    sealer.cache_clear()

    def reread(self: object, *, fresh: bool) -> None:
        monkeypatch.setenv("SEALING_KEYS", json.dumps({"current": "k1", "keys": ring}))
        settings.settings.forget()
        sealer.cache_clear()

    monkeypatch.setattr(settings.SettingsSource, "reread", reread)
    assert read(text) == SOURCE


def test_keys_that_cannot_be_read_again_are_logged_without_the_ticket(monkeypatch: pytest.MonkeyPatch) -> None:
    def reread(self: object, *, fresh: bool) -> None:
        raise OSError("v2.k9.MARKER.AAAA")

    monkeypatch.setattr(settings.SettingsSource, "reread", reread)
    with logged() as lines, pytest.raises(NoTicket):
        read("v2.k9.MARKER.AAAA")
    assert '"keys_not_reread"' in lines.getvalue() and "MARKER" not in lines.getvalue()
