"""T1 and T2: what people write and what opens doors is nowhere once the request is over, whatever happened to it.

First version: SQLite, and the laptop's queues, logs and files.
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Iterator
from functools import partial
from urllib.parse import quote

import pytest

from local.demo_tour import Tour
from local.runtime import Options
from local.testing import Running, running
from tests.privacy import search
from tests.privacy.search import DATABASE, PLACES, Hit, Known, Markers, Place
from tests.privacy.traffic import EVERYTHING, Traffic

pytestmark = pytest.mark.timeout(300)  # the first test waits for all of the traffic


@pytest.fixture(scope="module")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running(Options(directory=tmp_path_factory.mktemp("canary"), tick=False)) as started:
        yield started


@pytest.fixture(scope="module")
def traffic(runtime: Running) -> Iterator[Traffic]:
    """Everything sent, once for all tests of this module."""
    with Tour(runtime.description) as tour:
        tour.sign_in()
        driven = Traffic(runtime, tour)
        for journeys in EVERYTHING:
            started = time.monotonic()
            driven.side_by_side([partial(journey, driven) for journey in journeys])
            print(f"{', '.join(journey.__name__ for journey in journeys)}: {time.monotonic() - started:.1f} s")
        yield driven


def test_T1_T2_nothing_written_and_no_secret_is_kept_anywhere(runtime: Running, traffic: Traffic) -> None:
    assert len(traffic.content.fields) > 300
    assert len(traffic.known.secrets) > 30
    assert_nothing_found(runtime, traffic)


def assert_nothing_found(runtime: Running, traffic: Traffic) -> None:
    hits = search.search(runtime, traffic.known)
    assert not hits, "\n".join(sorted({f"{hit.place}: {hit.name}: {hit.what} ({hit.spelling})" for hit in hits}))


def test_the_search_finds_what_is_kept_on_purpose_and_only_in_the_database(runtime: Running, traffic: Traffic) -> None:
    hits = search.search(runtime, Known(traffic.stored))
    assert {hit.place for hit in hits} == set(DATABASE)
    for place in DATABASE:
        assert {hit.what for hit in hits if hit.place == place} == set(traffic.stored.fields)


def test_no_refusal_repeats_what_it_refuses(traffic: Traffic) -> None:
    assert len(traffic.answers) > 500
    repeating = {where for where, _, text in traffic.answers if traffic.content.beginning in text.lower()}
    assert repeating == set()


def test_every_place_holds_something_to_search(runtime: Running, traffic: Traffic) -> None:
    empty = [place.name for place in PLACES if not any(content for _, content in place.read(runtime))]
    assert set(empty) <= {"temporary files"}


def test_deleting_the_profile_leaves_nothing_that_names_the_person(runtime: Running, traffic: Traffic) -> None:
    receipt = traffic.tour.call("DELETE", "/v1/profile")
    traffic.known.secrets["code of the receipt"] = receipt["code"]
    assert_nothing_found(runtime, traffic)
    # In the file itself SQLite keeps freed pages until it writes over them.
    dump = dict(next(place for place in PLACES if place.name == "database dump").read(runtime))["dump"].decode()
    assert traffic.stored.beginning not in dump
    assert traffic.tour.sub not in dump


ANYWHERE = Place("anywhere", lambda _: iter(()))
ENCODINGS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "capitals": str.upper,
    "json": lambda word: json.dumps({"text": f"ü {word}"}),
    "percent": lambda word: quote(f"ü {word}"),
    "percent, every byte": lambda word: "".join(f"%{byte:02X}" for byte in word.encode()),
    "hex": lambda word: word.encode().hex(),
    "base64": lambda word: base64.b64encode(f"a{word}b".encode()).decode(),
    "base64, one on": lambda word: base64.b64encode(f"ab{word}b".encode()).decode(),
    "base64, two on": lambda word: base64.b64encode(f"abc{word}".encode()).decode(),
    "base64url": lambda word: base64.urlsafe_b64encode(f"{word}".encode()).decode(),
    "escaped": lambda word: "".join(f"\\u{ord(letter):04x}" for letter in word),
}


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_the_search_knows_this_spelling(encoding: str) -> None:
    markers = Markers()
    text = ENCODINGS[encoding](markers.new("field"))
    assert search.in_text(ANYWHERE, "name", f"before {text} after".encode(), Known(markers))
    assert search.in_text(ANYWHERE, "name", b"before and after", Known(markers)) == []


def test_the_search_knows_secrets_and_where_the_deployments_own_keys_may_be() -> None:
    known = Known(
        Markers(), {"token": "EAAG-token/with+signs="}, {"client secret": "same-always"}, {"key": "the-deployments-key"}
    )
    shared = Place("shared", ANYWHERE.read, shared=True)
    for place in (ANYWHERE, shared):
        assert search.in_text(place, "n", b"x EAAG-token/with+signs= y", known) == [Hit(place.name, "n", "plain", "token")]
        assert search.in_text(place, "logs", b"the-deployments-key", known)
        assert search.in_text(place, "secrets.json", b"the-deployments-key", known) == []
    assert search.in_text(ANYWHERE, "n", base64.b64encode(b"xEAAG-token/with+signs=y"), known)
    assert search.in_text(ANYWHERE, "n", b"same-always", known)
    assert search.in_text(shared, "n", b"same-always", known) == []
