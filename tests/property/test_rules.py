"""Rules that hold for any input: escaping, sealing, cursors, cadence, a post's status, templates, public addresses."""

from __future__ import annotations

import base64
import ipaddress
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from noillusion.analytics import cadence
from noillusion.api.paging import Listing
from noillusion.core.errors import Invalid
from noillusion.core.sensitive import Secret
from noillusion.net.guarded import is_public
from noillusion.platforms.linkedin.text import little_text, plain_text
from noillusion.publishing import status
from noillusion.publishing.models import PostStatus, TargetStatus
from noillusion.templates.render import MissingVariables, render, rendered_length, variables_in
from noillusion.vault.sealer import Place, SealBroken, Sealer

RESERVED = st.text(st.sampled_from("\\|{}@[]()<>#*_~ab1 é\n"), max_size=40)
SECRETS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=80)
NAMES = st.sampled_from(["topic", "name", "x1", "a_b"])
VALUES = st.lists(st.sampled_from(["{topic}", "{name}", "{{", "}}", "{", "ü", "\n"]), max_size=4).map("".join)
INSTANTS = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - the zone is given
PLACES = st.builds(
    Place,
    table=st.sampled_from(["ai_provider_keys", "platform_connections"]),
    column=st.sampled_from(["sealed_key", "sealed_access_token"]),
    user_id=st.sampled_from(["auth0|a", "auth0|b"]),
    row_id=st.sampled_from(["1", "2"]),
    version=st.none() | st.integers(1, 3),
)
SEALER = Sealer("k2", {"k1": b"1" * 32, "k2": b"2" * 32})


@given(st.one_of(RESERVED, st.text(max_size=60)))
def test_a_reader_of_linkedin_sees_the_text_that_was_written(text: str) -> None:
    assert plain_text(little_text(text)) == text


@given(RESERVED)
def test_nothing_that_linkedin_reserves_is_left_raw_but_the_sign_of_a_hashtag(text: str) -> None:
    left = little_text(text)
    raw = [sign for before, sign in zip([" ", *left], left, strict=False) if sign in "|{}@[]()<>*_~" and before != "\\"]
    assert raw == []


@given(SECRETS, PLACES)
def test_what_is_sealed_opens_in_its_place(value: str, place: Place) -> None:
    assert SEALER.open(SEALER.seal(Secret(value), place), place).reveal() == value


@given(SECRETS, PLACES, PLACES)
def test_nothing_opens_in_another_place(value: str, place: Place, other: Place) -> None:
    assume(place != other)
    with pytest.raises(SealBroken):
        SEALER.open(SEALER.seal(Secret(value), place), other)


@given(SECRETS, PLACES, st.data())
def test_a_ciphertext_with_one_changed_character_does_not_open(value: str, place: Place, data: st.DataObject) -> None:
    sealed = SEALER.seal(Secret(value), place)
    at = data.draw(st.integers(0, len(sealed) - 1))
    other = data.draw(st.sampled_from("abcdXYZ019-_.").filter(lambda character: character != sealed[at]))
    with pytest.raises(SealBroken):
        SEALER.open(sealed[:at] + other + sealed[at + 1 :], place)


LISTS = st.builds(
    Listing,
    st.sampled_from(["posts", "notifications"]),
    st.sampled_from(["auth0|a", "auth0|b"]),
    st.dictionaries(st.sampled_from(["platform", "status"]), st.sampled_from(["tiktok", "failed", None]), max_size=2),
)
POSITIONS = st.lists(st.one_of(st.text(max_size=20), st.integers(), INSTANTS), min_size=1, max_size=3)


FORGED = st.text(min_size=1, max_size=80) | st.binary(min_size=1).map(base64.urlsafe_b64encode).map(bytes.decode)


def wanted(listing: Listing) -> tuple[str, str, dict[str, object]]:
    """What tells a list from others."""
    return listing.name, listing.user_id, {name: value for name, value in listing.filters.items() if value is not None}


@pytest.mark.usefixtures("deployment")
class TestCursors:
    """Cursors need the deployment's key."""

    @given(listing=LISTS, position=POSITIONS)
    def test_a_cursor_gives_back_its_position(self, listing: Listing, position: list[str | int | datetime]) -> None:
        plain = [str(part.isoformat() if isinstance(part, datetime) else part) for part in position]
        assert listing.position(listing.cursor(*position), len(position)) == plain

    @given(listing=LISTS, other=LISTS, position=POSITIONS)
    def test_it_works_in_no_other_list(self, listing: Listing, other: Listing, position: list[str | int | datetime]) -> None:
        assume(wanted(listing) != wanted(other))
        with pytest.raises(Invalid):
            other.position(listing.cursor(*position), len(position))

    @given(
        listing=LISTS,
        text=st.one_of(st.text(min_size=1, max_size=80), st.binary(min_size=1).map(base64.urlsafe_b64encode).map(bytes.decode)),
    )
    def test_nothing_made_up_is_one(self, listing: Listing, text: str) -> None:
        with pytest.raises(Invalid):
            listing.position(text, 2)


@given(INSTANTS, st.timedeltas(timedelta(0), timedelta(days=120)), st.uuids().map(str))
def test_a_young_post_is_read_again_within_its_interval_and_an_old_one_never(
    now: datetime, age: timedelta, connection: str
) -> None:
    due, every = cadence.next_reading(now, now - age, connection), cadence.interval(age)
    if every is None:
        assert due is None and age >= cadence.CADENCE[-1][0]
    else:
        assert due is not None and now + every / 4 <= due <= now + every * 5 / 4


@given(INSTANTS, st.timedeltas(timedelta(0), timedelta(days=90)), st.uuids().map(str))
def test_a_reading_at_its_time_is_followed_by_the_next_slot(now: datetime, age: timedelta, connection: str) -> None:
    every = cadence.interval(age)
    assume(every is not None)
    assert every is not None
    first = cadence.slot(now, every, connection)
    assert cadence.slot(first, every, connection) - first == every


STATUSES = st.lists(st.sampled_from(get_args(TargetStatus)), min_size=1, max_size=6)


@given(STATUSES, st.randoms())
def test_the_status_of_a_post_depends_on_which_targets_it_has_only(statuses: list[str], random: object) -> None:
    shuffled = sorted(statuses * 2, key=lambda _: random.random())  # type: ignore[attr-defined]
    derived = status.derive(statuses)
    assert derived == status.derive(shuffled) and derived in get_args(PostStatus)
    assert (derived == "processing") == bool(status.OPEN & set(statuses))
    assert (derived == "published") == (set(statuses) <= status.SUCCESS)


@given(st.text(st.sampled_from("{}ab \n"), max_size=30))
def test_doubled_braces_are_braces(text: str) -> None:
    assert render(text.replace("{", "{{").replace("}", "}}"), {}) == text


@given(
    st.lists(st.one_of(NAMES.map("{{{}}}".format), st.text(st.sampled_from("ab {}"), max_size=6)), max_size=6),
    st.dictionaries(NAMES, VALUES),
)
def test_values_are_never_read_as_template_text(parts: list[str], values: dict[str, str]) -> None:
    text = "".join(parts)
    missing = [name for name in variables_in(text) if name not in values]
    if missing:
        with pytest.raises(MissingVariables) as refused:
            render(text, values)
        assert list(refused.value.names) == missing
    else:
        marks = {name: f"<{number}>" for number, name in enumerate(values)}
        expected = render(text, marks)
        for name, mark in marks.items():
            expected = expected.replace(mark, values[name]) if mark not in "".join(values.values()) else expected
        assert render(text, values) == expected
    assert sum(rendered_length([text], values | dict.fromkeys(missing, "")).values()) == len(
        render(text, values | dict.fromkeys(missing, ""))
    )


PRIVATE = ("10.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "100.64.0.0/10", "fc00::/7")
IPV4_IN_IPV6 = [ipaddress.ip_network(network) for network in ("::ffff:0:0/96", "64:ff9b::/96", "2002::/16", "2001::/32")]
ADDRESSES = st.one_of(st.ip_addresses(), *(st.ip_addresses(network=network) for network in PRIVATE))


@given(ADDRESSES)
@settings(max_examples=300)
def test_an_address_that_is_not_global_is_never_reached(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    if any(address in network for network in IPV4_IN_IPV6):
        return
    assert not is_public(str(address)) or (address.is_global and not address.is_multicast)


@given(st.ip_addresses(v=4) | st.ip_addresses(network="10.0.0.0/8"))
def test_an_address_inside_another_is_judged_as_itself(address: ipaddress.IPv4Address) -> None:
    inside = [f"::ffff:{address}", f"64:ff9b::{address}", str(ipaddress.IPv6Address((0x2002 << 112) | (int(address) << 80)))]
    assert {is_public(form) for form in inside} == {is_public(str(address))}
