"""T1 and T2: what people write and what opens doors is nowhere once the request is over, whatever happened to it.

On both engines, with the laptop's queues, logs and files.
"""

from __future__ import annotations

import base64
import json
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest

from local.databases import postgres
from local.demo.tour import Tour, wait_for
from local.options import Options
from local.testing import Running, running
from noillusion.catalog.providers import PROVIDERS
from noillusion.idempotency import TABLES
from tests.privacy import days, scheduled, search
from tests.privacy.search import DATABASE, Hit, Known, Markers, Place
from tests.privacy.traffic import EVERYTHING, Traffic
from tests.support import described
from tests.support.databases import ENGINES
from tests.support.hashes import held
from tests.support.sources import Files, files
from tools.migrate import ensure

pytestmark = pytest.mark.timeout(1_800)  # the first test of an engine waits for all of the traffic

READABLE = (
    "fsync=off",
    "wal_compression=off",
    "wal_level=logical",  # else an update leaves out of its record what it has in common with the row before
    "wal_keep_size=4GB",
    "log_parameter_max_length_on_error=-1",  # the worst that an operator could choose
)
"""Settings of a server that hides nothing: whole rows in its write-ahead log, all of that kept, and failures logged in full."""

PLAIN = """DO $$
DECLARE
  found record;
BEGIN
  FOR found IN
    SELECT attrelid::regclass AS of_table, attname FROM pg_attribute JOIN pg_class c ON c.oid = attrelid
    WHERE relkind = 'r' AND attnum > 0 AND NOT attisdropped AND attstorage = 'x' AND relnamespace IN ('public'::regnamespace)
  LOOP
    EXECUTE format('ALTER TABLE %s ALTER %I SET STORAGE EXTERNAL', found.of_table, found.attname);
  END LOOP;
END $$"""
"""Long values would be compressed, and no search could read them in the files."""


@contextmanager
def readable_postgres() -> Iterator[postgres.Server]:
    """A server with a migrated database and the functions' logins, whose files can be searched."""
    with postgres.temporary(READABLE) as server:
        url = server.url()
        ensure(url)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(PLAIN)
        postgres.create_logins(server)
        yield server


@pytest.fixture(scope="module")
def temporary(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder for the temporary files of this process and of what it starts, with nothing of others in it."""
    folder = tmp_path_factory.mktemp("temporary")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("TMPDIR", str(folder))
        patched.setattr(tempfile, "tempdir", str(folder))
        yield folder


@pytest.fixture(scope="module")
def host() -> Iterator[Files]:
    """A host of content documents."""
    with files() as served:
        yield served


@pytest.fixture(scope="module", params=ENGINES)
def runtime(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, temporary: Path, host: Files
) -> Iterator[Running]:
    # One person sends more within a minute than anybody should.
    limits = {"POSTS_PER_MINUTE": "0", "CHECKS_PER_MINUTE": "0"}
    options = Options(
        directory=tmp_path_factory.mktemp("canary"), tick=False, settings=limits, endpoints={scheduled.HOST: host.base}
    )
    if request.param == "sqlite":
        with running(options) as started:
            yield started
        return
    with (
        readable_postgres() as server,
        running(replace(options, database_url=server.url(), variables=postgres.login_urls(server))) as started,
    ):
        yield started


@pytest.fixture(scope="module")
def traffic(runtime: Running, host: Files) -> Iterator[Traffic]:
    """Everything sent, once for all tests of this module."""
    with Tour(runtime.description) as tour:
        described.watch(tour.http, runtime.description["api"])
        tour.sign_in()
        driven = Traffic(runtime, tour)
        driven.host = host
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
    expected = DATABASE[search.engine(runtime)]
    assert {hit.place for hit in hits} == set(expected)
    for place in expected:
        assert {hit.what for hit in hits if hit.place == place} == set(traffic.stored.fields)


@pytest.mark.parametrize("runtime", ["postgres"], indirect=True)
def test_the_search_finds_what_a_failing_statement_leaves_in_the_database_servers_log(runtime: Running, traffic: Traffic) -> None:
    markers = Markers()
    with psycopg.connect(runtime.runtime.options.database, autocommit=True) as connection:
        with pytest.raises(psycopg.DataError):
            connection.execute("SELECT %s::text::int", [markers.new("parameter")])
        with pytest.raises(psycopg.IntegrityError):
            connection.execute("INSERT INTO profiles (user_id, display_name) VALUES ('', %s)", [markers.new("row")])
    (place,) = (place for place in search.places(runtime) if place.name == "database server's log")
    found = [hit for name, content in place.read(runtime) for hit in search.in_text(place, name, content, Known(markers))]
    assert {hit.what for hit in found} == {"parameter", "row"}


def test_no_refusal_repeats_what_it_refuses(traffic: Traffic) -> None:
    assert len(traffic.answers) > 500
    repeating = {where for where, _, text in traffic.answers if traffic.content.beginning in text.lower()}
    assert repeating == set()


def test_the_export_gives_out_no_content_and_no_secret_and_all_that_is_kept_on_purpose(traffic: Traffic) -> None:
    place, exported = Place("export", lambda _: iter(())), traffic.exported.encode()
    assert search.in_text(place, "export", exported, traffic.known) == []
    kept = search.in_text(place, "export", exported, Known(traffic.stored))
    assert {hit.what for hit in kept} == set(traffic.stored.fields)


def test_attempts_at_ai_providers_are_among_what_is_searched(runtime: Running, traffic: Traffic) -> None:
    (place,) = (place for place in search.places(runtime) if place.name == "function logs")
    text = b"".join(content for _, content in place.read(runtime)).decode()
    lines = [json.loads(line) for line in text.splitlines() if '"ai_attempt"' in line]
    assert {line["provider"] for line in lines} == set(PROVIDERS)
    assert {line["outcome"] for line in lines} > {"ok", "auth", "quota", "overloaded", "network", "bad_output", "content_refused"}
    assert {line["model"] for line in lines} <= {"other", *(model for entry in PROVIDERS.values() for model in entry.models)}


def test_every_place_holds_something_to_search(runtime: Running, traffic: Traffic) -> None:
    empty = [place.name for place in search.places(runtime) if not any(content for _, content in place.read(runtime))]
    assert set(empty) <= {"temporary files", "temporary files of everybody"}


def test_a_day_later_no_table_holds_a_hash_of_a_request(runtime: Running, traffic: Traffic) -> None:
    made = days.fingerprints(runtime)
    assert {table for table, found in made.items() if found} == {*TABLES}
    hashes = set().union(*made.values())
    assert held(days.dump(runtime), hashes) == hashes
    days.pass_by(runtime)
    assert held(days.dump(runtime), hashes) == set()


def test_deleting_the_profile_leaves_nothing_that_names_the_person(runtime: Running, traffic: Traffic) -> None:
    left = traffic.tour.send("DELETE", "/v1/profile")
    assert left.status_code in (200, 202), left.text
    traffic.known.secrets["code of the receipt"] = left.json()["code"]
    url = f"{traffic.tour.run['api']}/v1/profile/deletion/{left.json()['code']}"

    def completed() -> bool:
        if traffic.tour.http.get(url).json()["state"] != "deleting":
            return True
        traffic.tour.fire("GoOnWithDepartures")
        return False

    # A busy machine leaves the rest to the schedule, which nothing starts here but this test.
    wait_for("the data is deleted", completed, 900)
    read = traffic.tour.http.get(url)
    assert left.status_code == 202 or read.json()["deleted"] == left.json()["deleted"], read.text
    person = {"the person": traffic.tour.sub, "what the person stored": traffic.stored.beginning}
    known = replace(traffic.known, secrets=traffic.known.secrets | person)
    hits = search.search(runtime, known)
    assert [hit for hit in hits if hit.what not in person or hit.place not in LEFT_FOR_A_WHILE[search.engine(runtime)]] == []


LEFT_FOR_A_WHILE = {"sqlite": ("queues and dead letters",), "postgres": ("queues and dead letters", *DATABASE["postgres"][:2])}
"""Messages of ids name the person until they arrive. PostgreSQL's files keep deleted rows until a vacuum, and its write-ahead log
until that is recycled."""

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
