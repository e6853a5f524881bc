"""Markers that can be found again in any spelling, and every place that the product could have put them.

A place that is added to ``PLACES`` is searched by every canary test.
"""

from __future__ import annotations

import base64
import contextlib
import re
import secrets
import sqlite3
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import boto3
import httpx
import psycopg
from psycopg import sql

from local.aws.specs import REGION
from local.testing import Running

Pieces = Iterator[tuple[str, bytes]]
BIGGEST = 256 * 1024 * 1024
WAL_PAGE, WAL_HEADER, WAL_LONG_HEADER = 8192, 24, 40
"""Bytes. The long header begins a segment."""


class Markers:
    """Unique words with one beginning in common, so that one search finds all of them; each remembers where it was put."""

    def __init__(self) -> None:
        self.beginning = f"zq{secrets.token_hex(6)}"
        self.fields: list[str] = []
        self._turn = threading.Lock()

    def new(self, field: str) -> str:
        """A marker for one field."""
        with self._turn:
            self.fields.append(field)
            return f"{self.beginning}x{len(self.fields) - 1:04d}"

    def field_at(self, text: bytes) -> str:
        """Which field the marker at the start of ``text`` was put into; empty if it is not written plainly."""
        number = re.match(rf"{self.beginning}x(\d{{4}})", text.decode("latin-1"))
        return self.fields[int(number[1])] if number else ""


def spellings(word: str) -> dict[str, bytes]:
    """The ways in which a lower-case word could stand in a file that was made lower-case, and its base64 forms as they are."""
    raw = word.encode()
    found = {
        "plain": raw,
        "utf-16": word.encode("utf-16-le"),
        "hex": raw.hex().encode(),
        "percent": "".join(f"%{byte:02x}" for byte in raw).encode(),
        "json": "".join(f"\\u{byte:04x}" for byte in raw).encode(),
    }
    return {**found, **{f"base64+{shift}": _base64(raw, shift) for shift in range(3)}}


def _base64(raw: bytes, shift: int) -> bytes:
    """What is the same in every base64 text that holds ``raw`` ``shift`` bytes after a multiple of three."""
    encoded = base64.b64encode(b"\0" * shift + raw).rstrip(b"=")
    whole = (shift + len(raw)) * 8 // 6
    return encoded[-(-shift * 8 // 6) : whole]


@dataclass(frozen=True, slots=True)
class Hit:
    """A marker or secret in a place."""

    place: str
    name: str
    spelling: str
    what: str


OF_OTHERS = 2_000
"""Files that are looked at in a folder of others."""


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere the product writes. ``read`` gives named pieces of what is there now.

    In a ``shared`` place other programs write as well, so that only what is unique to this run can be searched for. Some places
    only one ``engine`` has.
    """

    name: str
    read: Callable[[Running], Pieces]
    shared: bool = False
    engine: str = ""


def _files(directory: Path, pattern: str, since: float = 0, most: int | None = None) -> Pieces:
    """The files that were touched ``since`` then, be it that an archive gave them an older date; ``most``: of so many only."""
    for path in sorted(islice(directory.rglob(pattern), most)):
        with contextlib.suppress(OSError):
            if path.is_file() and not path.is_symlink():
                found = path.stat()
                if found.st_ctime >= since and found.st_size <= BIGGEST:
                    yield str(path.relative_to(directory)), str(path.name).encode() + b"\n" + path.read_bytes()


def engine(runtime: Running) -> str:
    """What kind of database the instance runs on."""
    return "sqlite" if runtime.runtime.options.database.startswith("sqlite:") else "postgres"


def _sqlite_dump(runtime: Running) -> Pieces:
    """As SQL: in the raw file a long value may be cut into pages."""
    path = runtime.runtime.directory / "noillusion.sqlite3"
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        yield "dump", "\n".join(database.iterdump()).encode()


def _postgres_dump(runtime: Running) -> Pieces:
    """Every table of every schema but the system's, as text: in the raw files a long value may be cut into chunks."""
    tables = """SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p', 'm') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ORDER BY 1, 2"""
    with psycopg.connect(runtime.runtime.options.database, autocommit=True) as connection:
        for names in connection.execute(tables).fetchall():
            copy = sql.SQL("COPY (SELECT * FROM {}) TO STDOUT").format(sql.Identifier(*names))
            with connection.cursor().copy(copy) as rows:
                yield ".".join(names), b"".join(bytes(block) for block in rows)


def _data_directory(runtime: Running) -> Path:
    """Where the server's files are, with everything written out that it held in memory."""
    with psycopg.connect(runtime.runtime.options.database, autocommit=True) as connection:
        connection.execute("CHECKPOINT")
        found = connection.execute("SHOW data_directory").fetchone()
    assert found is not None
    return Path(found[0])


def _postgres_files(runtime: Running) -> Pieces:
    for name, content in _files(_data_directory(runtime), "*"):
        if not name.startswith(("pg_wal/", "server.log")):
            yield name, content


def _write_ahead_log(runtime: Running) -> Pieces:
    """All segments as one stream of records, without the headers of pages, which can stand in the middle of a record."""
    stream = bytearray()
    for path in sorted((_data_directory(runtime) / "pg_wal").glob("[0-9A-F]" * 24)):
        segment = path.read_bytes()
        for at in range(0, len(segment), WAL_PAGE):
            page = segment[at : at + WAL_PAGE]
            if not page.strip(b"\0"):
                break
            stream += page[WAL_LONG_HEADER if at == 0 else WAL_HEADER :]
    yield "pg_wal", bytes(stream)


def _server_log(runtime: Running) -> Pieces:
    return _files(_data_directory(runtime), "server.log")


def _queues(runtime: Running) -> Pieces:
    queues = httpx.get(f"{runtime.description['control']}/queues", trust_env=False).raise_for_status().json()["queues"]
    for name, queue in queues.items():
        yield name, "\n".join(queue["messages"]).encode()


def _buckets(runtime: Running) -> Pieces:
    """Every object as it rests, with its name and what the service holds about it."""
    client = boto3.client(
        "s3", endpoint_url=runtime.description["aws_endpoint"], region_name=REGION,
        aws_access_key_id="local", aws_secret_access_key="local",
    )  # fmt: skip
    for bucket in runtime.description["buckets"].values():
        for page in client.get_paginator("list_object_versions").paginate(Bucket=bucket):
            assert "DeleteMarkers" not in page
            for item in page.get("Versions", ()):
                found = client.get_object(Bucket=bucket, Key=item["Key"])
                about = {name: value for name, value in found.items() if name != "Body"}
                yield item["Key"], f"{item} {about}\n".encode() + found["Body"].read()


def _instance(runtime: Running) -> Pieces:
    for name, content in _files(runtime.runtime.directory, "*"):
        if not name.startswith(("noillusion.sqlite3", "logs/")):
            yield name, content


def _temporary(runtime: Running) -> Pieces:
    """The folder for temporary files of this process, which the test has given it: functions have one of their own."""
    return _left(runtime, Path(tempfile.gettempdir()), None)


def _everybodys(runtime: Running) -> Pieces:
    """What is newer than the instance in the folder of everybody, for whoever does not ask which folder to use.

    Others may be unpacking whole trees there, so only the beginning of each folder is read.
    """
    return _left(runtime, Path("/tmp"), OF_OTHERS)


def _left(runtime: Running, folder: Path, most: int | None) -> Pieces:
    started = (runtime.runtime.directory / "lock").stat().st_mtime
    known = {*runtime.runtime.directory.parents, *Path(tempfile.gettempdir()).parents}
    if engine(runtime) == "postgres":
        known.add(_data_directory(runtime))
    for path in folder.iterdir():
        with contextlib.suppress(OSError):
            if path not in known and not path.is_symlink() and path.stat().st_mtime >= started:
                found = _files(path, "*", started, most) if path.is_dir() else iter([(path.name, path.read_bytes())])
                yield from ((f"{path.name}/{name}", content) for name, content in found)


PLACES: tuple[Place, ...] = (
    Place("database files", lambda runtime: _files(runtime.runtime.directory, "noillusion.sqlite3*"), engine="sqlite"),
    Place("database dump", _sqlite_dump, engine="sqlite"),
    Place("database files", _postgres_files, engine="postgres"),
    Place("write-ahead log", _write_ahead_log, engine="postgres"),
    Place("database dump", _postgres_dump, engine="postgres"),
    Place("database server's log", _server_log, engine="postgres"),
    Place("function logs", lambda runtime: _files(runtime.runtime.directory / "logs", "*")),
    Place("queues and dead letters", _queues),
    Place("hand-over bucket", _buckets),
    Place("files of the instance", _instance),
    Place("temporary files", _temporary),
    Place("temporary files of everybody", _everybodys, shared=True),
)
DATABASE = {
    "sqlite": ("database files", "database dump"),
    "postgres": ("database files", "write-ahead log", "database dump"),
}
"""Where everything is that is stored on purpose."""


def places(runtime: Running) -> list[Place]:
    """Every place that the instance has."""
    return [place for place in PLACES if place.engine in ("", engine(runtime))]


SECRETS_MANAGER = "secrets.json"
"""The laptop's stand-in for AWS Secrets Manager: the deployment's own keys are there and nothing else is."""


@dataclass(slots=True)
class Known:
    """What is searched for: markers, and by name the secrets that others made. Client secrets are the same in every run."""

    markers: Markers
    secrets: dict[str, str] = field(default_factory=dict)
    client_secrets: dict[str, str] = field(default_factory=dict)
    deployment_keys: dict[str, str] = field(default_factory=dict)


def search(runtime: Running, known: Known) -> list[Hit]:
    """Every hit in every place."""
    hits: list[Hit] = []
    for place in places(runtime):
        for name, content in place.read(runtime):
            hits += in_text(place, name, content, known)
    return hits


def in_text(place: Place, name: str, content: bytes, known: Known) -> list[Hit]:
    """Every hit in one piece of a place."""
    named = {**known.secrets, **({} if place.shared else known.client_secrets)}
    if name != SECRETS_MANAGER:
        named |= known.deployment_keys
    hits = [*_marked(content, known.markers), *_secrets(content, named, encoded=not place.shared)]
    return [Hit(place.name, name, spelling, what) for spelling, what in hits]


def _marked(content: bytes, markers: Markers) -> Iterator[tuple[str, str]]:
    lowered = content.lower()
    for spelling, word in spellings(markers.beginning).items():
        where = content if spelling.startswith("base64") else lowered
        found = {markers.field_at(where[match.start() : match.start() + 64]) for match in re.finditer(re.escape(word), where)}
        yield from ((spelling, what or "(encoded)") for what in sorted(found))


def _secrets(content: bytes, named: Mapping[str, str], encoded: bool) -> Iterator[tuple[str, str]]:
    for what, secret in named.items():
        raw = secret.encode()
        forms = {raw: "plain"}
        if encoded:
            forms |= {raw.hex().encode(): "hex", **{_base64(raw, shift): f"base64+{shift}" for shift in range(3)}}
        yield from ((spelling, what) for form, spelling in forms.items() if form in content)
