"""Sealing and fingerprints: a ciphertext opens only where it was made, under a key that is there, unaltered (bars.md T14)."""

from __future__ import annotations

import json
import re
import string
from dataclasses import replace
from pathlib import Path

import pytest

from noillusion.core.sensitive import Secret
from noillusion.settings import source as settings
from noillusion.vault import sealer as crypto
from noillusion.vault.sealer import Place, SealBroken, Sealer, fingerprint, fingerprints, matches
from tests.support.deployment import key

PLACE = Place("platform_connections", "sealed_access_token", "auth0|alice", "row-1")
RING = {"k1": bytes([1]) * 32, "k2": bytes([2]) * 32}
TOKEN = Secret("token-marker")
ALPHABET = string.ascii_letters + string.digits + "-_"


def sealer(current: str = "k1", *ids: str) -> Sealer:
    """A sealer with the named keys of the ring, or all of them."""
    return Sealer(current, {name: RING[name] for name in ids or RING})


def test_a_sealed_value_opens_in_its_own_place() -> None:
    for text in ("token-marker", "ü 漢字 \U0001f511", "x" * 10_000):
        assert sealer().open(sealer().seal(Secret(text), PLACE), PLACE).reveal() == text


@pytest.mark.parametrize(
    "elsewhere",
    [
        replace(PLACE, row_id="row-2"),
        replace(PLACE, user_id="auth0|mallory"),
        replace(PLACE, column="sealed_refresh_token"),
        replace(PLACE, table="ai_provider_keys"),
        replace(PLACE, version=1),
        # The same letters with the borders moved.
        Place("platform_connections", "sealed_access_token", "auth0|alicerow", "-1"),
        Place("platform_connectionssealed", "_access_token", "auth0|alice", "row-1"),
        Place('platform_connections","sealed_access_token', "", "auth0|alice", "row-1"),
    ],
    ids=lambda place: "/".join((place.table, place.column, place.user_id, place.row_id, str(place.version))),
)
def test_T14_a_ciphertext_that_was_moved_does_not_open(elsewhere: Place) -> None:
    sealed = sealer().seal(TOKEN, PLACE)
    with pytest.raises(SealBroken):
        sealer().open(sealed, elsewhere)


@pytest.mark.parametrize("text", ["token-marker", "token-marker1", "token-marker12"], ids=["12", "13", "14"])
def test_T14_a_flipped_bit_at_any_position_is_noticed(text: str) -> None:
    # Three lengths, because base64 leaves unused bits in the last character of two of them.
    sealed = sealer().seal(Secret(text), PLACE)
    altered = [
        sealed[:i] + chr(ord(letter) ^ (1 << bit)) + sealed[i + 1 :] for i, letter in enumerate(sealed) for bit in range(8)
    ]
    assert [text for text in altered if opens(text)] == []


def test_T14_another_character_of_the_alphabet_at_any_position_is_noticed() -> None:
    sealed = sealer().seal(Secret("token-marker1"), PLACE)
    altered = [sealed[:i] + c + sealed[i + 1 :] for i, old in enumerate(sealed) for c in ALPHABET if c != old]
    assert [text for text in altered if opens(text)] == []


def test_T14_a_shortened_or_extended_ciphertext_does_not_open() -> None:
    sealed = sealer().seal(TOKEN, PLACE)
    assert [i for i in range(len(sealed)) if opens(sealed[:i])] == []
    assert [more for more in ("A", "AA", "AAAA", "=", ".", " ", "\n") if opens(sealed + more)] == []


@pytest.mark.parametrize(
    "spelled",
    [
        "v2.k1",
        "",
        ".",
        "...",
        "v2.k1..",
        "v2.k1.AAAA.AAAA",
        "v2.k1.é.é",
        "\x00",
        "v2.k1.{n}.{c}.x",
        "v1.k1.{n}.{c}",
        "v3.k1.{n}.{c}",
        "V2.k1.{n}.{c}",
    ],
)
def test_a_text_of_another_form_does_not_open(spelled: str) -> None:
    _, _, nonce, ciphertext = sealer().seal(TOKEN, PLACE).split(".")
    assert not opens(spelled.format(n=nonce, c=ciphertext))


def test_T14_a_ciphertext_of_another_version_does_not_open() -> None:
    sealed = sealer().seal(TOKEN, replace(PLACE, version=3))
    opened = [version for version in (None, 1, 2, 3, 4, 33) if opens(sealed, replace(PLACE, version=version))]
    assert opened == [3]


def test_a_ciphertext_of_the_first_form_opens_in_its_place_whatever_the_version() -> None:
    old = Sealer("k1", RING, form="v1").seal(TOKEN, PLACE)
    assert old.startswith("v1.k1.")
    assert all(opens(old, replace(PLACE, version=version)) for version in (None, 1, 2))
    assert not any(opens(old, replace(PLACE, row_id=row)) for row in ("row-2", 'row-1","1'))
    assert not opens(old.replace("v1.", "v2.", 1), PLACE)


def test_the_form_in_which_is_sealed_can_be_held_back(deployment: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert crypto.sealer().seal(TOKEN, PLACE).startswith("v2.k1.")
    monkeypatch.setenv("SEALING_FORM", "v1")
    settings.settings.forget()
    crypto.sealer.cache_clear()
    assert crypto.sealer().seal(TOKEN, PLACE).startswith("v1.k1.")


def test_the_key_id_stands_in_the_ciphertext_and_is_sealed_with_it() -> None:
    sealed = sealer("k2").seal(TOKEN, PLACE)
    assert sealed.startswith("v2.k2.")
    # Two ids of one key: only the id tells them apart.
    twins = Sealer("a", {"a": RING["k1"], "b": RING["k1"]})
    with pytest.raises(SealBroken):
        twins.open(twins.seal(TOKEN, PLACE).replace("v2.a.", "v2.b."), PLACE)


def test_T14_a_retired_key_opens_nothing_any_more() -> None:
    sealed = sealer("k1", "k1").seal(TOKEN, PLACE)
    assert sealer("k2", "k1", "k2").open(sealed, PLACE).reveal() == "token-marker"
    with pytest.raises(SealBroken):
        sealer("k2", "k2").open(sealed, PLACE)


def test_T14_the_same_id_with_another_key_opens_nothing() -> None:
    with pytest.raises(SealBroken):
        Sealer("k1", {"k1": RING["k2"]}).open(sealer("k1").seal(TOKEN, PLACE), PLACE)


def test_rotation_seals_anew_while_old_ciphertexts_still_open(deployment: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = crypto.sealer().seal(TOKEN, PLACE)
    monkeypatch.setenv("SEALING_KEYS", json.dumps({"current": "k2", "keys": {"k1": key(1), "k2": key(9)}}))
    settings.settings.forget()
    crypto.sealer.cache_clear()
    assert crypto.sealer().seal(crypto.sealer().open(old, PLACE), PLACE).startswith("v2.k2.")


def test_a_nonce_is_never_used_twice() -> None:
    one = sealer()
    nonces = {one.seal(TOKEN, PLACE).split(".")[2] for _ in range(2_000)}
    assert len(nonces) == 2_000 and {len(nonce) for nonce in nonces} == {16}


def test_C1_an_empty_credential_is_refused() -> None:
    with pytest.raises(ValueError, match="empty credential"):
        sealer().seal(Secret(""), PLACE)


def test_neither_the_ciphertext_nor_a_refusal_shows_the_value() -> None:
    sealed = sealer().seal(TOKEN, PLACE)
    assert "token" not in sealed
    with pytest.raises(SealBroken) as refused:
        sealer().open(sealed[:-1], PLACE)
    assert sealed[:-1] not in repr(refused.value) and refused.value.__cause__ is None


def test_a_fingerprint_depends_on_key_purpose_and_every_part() -> None:
    def of(purpose: str, *parts: str, seed: int = 1) -> str:
        return fingerprints(purpose, *parts, ring=("", {"": bytes([seed]) * 32}))[0]

    assert of("text", "a", "b") == of("text", "a", "b")
    different = [
        of("text", "a", "b"),
        of("text", "a", "b", seed=2),
        of("request", "a", "b"),
        of("text", "b", "a"),
        of("text", "ab"),
        of("text", "a", "b", ""),
        of("text", 'a","b'),
        of("texta", "b"),
    ]
    assert len(set(different)) == len(different)
    assert all(len(print_) == 64 and int(print_, 16) for print_ in different)


def test_a_fingerprint_is_keyed_with_the_deployments_key(deployment: Path) -> None:
    assert fingerprint("text", "a") == fingerprints("text", "a", ring=("", {"": bytes([2]) * 32}))[0]


def test_a_fingerprint_names_its_key_and_is_compared_under_it(deployment: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = fingerprint("text", "a")
    assert re.fullmatch(r"[0-9a-f]{64}", plain)

    def ring(current: str, *ids: str) -> None:
        keys = {key_id: key(ord(key_id[-1])) for key_id in ids}
        monkeypatch.setenv("FINGERPRINT_KEYS", json.dumps({"current": current, "keys": keys}))
        settings.settings.forget()

    ring("f1", "f1")
    first = fingerprint("text", "a")
    assert re.fullmatch(r"f1\.[0-9a-f]{64}", first)
    ring("f2", "f1", "f2")
    second = fingerprint("text", "a")
    assert fingerprints("text", "a") == (second, plain, first)
    assert all(matches(known, "text", "a") for known in (plain, first, second))
    assert not any(matches(known, "text", "b") or matches(known, "request", "a") for known in (plain, first, second))
    # Another id, or none, makes another fingerprint of the same bytes: each is compared under its own key alone.
    assert not matches(first.replace("f1.", "f2."), "text", "a") and not matches(second.partition(".")[2], "text", "a")
    ring("f2", "f2")
    monkeypatch.delenv("FINGERPRINT_KEY")
    settings.settings.forget()
    monkeypatch.setattr(crypto, "_gone", {})
    assert [matches(known, "text", "a") for known in (plain, first, second, "", None, "é", "f2.é")] == [
        False, False, True, False, False, False, False
    ]  # fmt: skip


def opens(sealed: str, place: Place = PLACE) -> bool:
    """Whether the ring opens this text in the sample's place, or another."""
    try:
        sealer().open(sealed, place)
    except SealBroken:
        return False
    return True
