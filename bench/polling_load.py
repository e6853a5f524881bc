"""What the benchmarks of the analytics worker share: accounts with due posts on a PostgreSQL, platforms that take their time, and
consumers of the queue."""

from __future__ import annotations

import asyncio
import json
import os
import random
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import psycopg

from bench import polled
from local.databases.postgres import temporary
from noillusion import epoch
from noillusion.catalog.platforms import NAMES, PlatformName

SERVER = ("shared_buffers=256MB", "max_wal_size=4GB")
BATCH = 5
"""Messages that a consumer gets at once (template.yaml)."""
LATENCY_S = 0.15
CHUNK = 64 * 1024


@dataclass
class Platforms:
    """Platforms over HTTP on loopback that answer after a time, except those that hang."""

    latency_s: float = LATENCY_S
    hanging: set[str] = field(default_factory=set)
    calls: int = 0
    silent: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection until it ends."""
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                lines = head.split("\r\n")
                path = lines[0].split(" ")[1]
                headers = dict(line.lower().split(": ", 1) for line in lines[1:] if ": " in line)
                body = await reader.readexactly(int(headers.get("content-length", 0)))
                self.calls += 1
                if any(path.startswith(f"/{name}") for name in self.hanging):
                    self.silent += 1
                    await reader.read()
                    return
                await asyncio.sleep(self.latency_s)
                data = json.dumps(_answer(path, body)).encode()
                writer.write(
                    b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(data) + data
                )
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


def _answer(path: str, body: bytes) -> Any:
    if path.startswith("/linkedin"):
        return {"elements": []}
    ids = json.loads(body)["filters"]["video_ids"]
    counts = {"view_count": 10, "like_count": 2, "comment_count": 1, "share_count": 1}
    return {"data": {"videos": [{"id": id, **counts} for id in ids]}, "error": {"code": "ok"}}


HOSTS = {"open.tiktokapis.com": "tiktok", "api.linkedin.com": "linkedin"}


@contextmanager
def postgres() -> Iterator[str]:
    """A migrated PostgreSQL."""
    from tools.migrate import ensure

    with temporary(SERVER) as server:
        ensure(server.url())
        yield server.url()


@asynccontextmanager
async def serving(url: str, platforms: Platforms, delay_s: float = 0.0) -> AsyncIterator[None]:
    """Serve the platforms and set up a deployment. ``delay_s``: one way of the line to the database."""
    from noillusion.db import database
    from noillusion.net import client as http
    from noillusion.settings import source
    from noillusion.vault import sealer

    server = await asyncio.start_server(platforms.serve, "127.0.0.1", 0, backlog=2048)
    base = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    before = dict(os.environ)
    os.environ.update(polled.SETTINGS)
    async with _line(url, delay_s) as line:
        queues = json.dumps({name: f"https://queue.bench/{name}" for name in NAMES})
        os.environ.update({"DATABASE_URL": line, "ANALYTICS_QUEUE_URLS": queues})
        os.environ["ENDPOINTS"] = json.dumps({host: f"{base}/{path}" for host, path in HOSTS.items()})
        source.settings.forget()
        sealer.sealer.cache_clear()
        database.cache_clear()
        # Consumers are environments of their own; here they share one client.
        http.client()._transport._pool._max_connections = 10_000  # type: ignore[attr-defined]
        try:
            yield
        finally:
            await http.close()
            http.client.cache_clear()
            await database().close()
            database.cache_clear()
            os.environ.clear()
            os.environ.update(before)
            source.settings.forget()
            server.close()


@asynccontextmanager
async def _line(url: str, delay_s: float) -> AsyncIterator[str]:
    """A URL of the database behind a line that takes its time."""
    if not delay_s:
        yield url
        return
    found = psycopg.conninfo.conninfo_to_dict(url)
    host, port = str(found["host"]), int(str(found.get("port") or 5432))

    async def pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        waiting: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

        async def send() -> None:
            while True:
                at, data = await waiting.get()
                await asyncio.sleep(max(0.0, at - time.monotonic()))
                if not data:
                    break
                writer.write(data)
                await writer.drain()
            writer.close()

        sender = asyncio.create_task(send())
        while data := await reader.read(CHUNK):
            waiting.put_nowait((time.monotonic() + delay_s, data))
        waiting.put_nowait((0.0, b""))
        await sender

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = (
            await asyncio.open_unix_connection(f"{host}/.s.PGSQL.{port}")
            if host.startswith("/")
            else (await asyncio.open_connection(host, port))
        )
        await asyncio.gather(pipe(reader, back), pipe(there, writer), return_exceptions=True)

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    user = f"{found.get('user', 'postgres')}" + (f":{found['password']}" if found.get("password") else "")
    yield f"postgresql://{user}@127.0.0.1:{server.sockets[0].getsockname()[1]}/{found['dbname']}?sslmode=disable"
    server.close()


async def fill(url: str, platform: PlatformName, users: int, posts: int, name: str = "user") -> None:
    """Accounts of ``users`` persons with ``posts`` due posts each."""
    from noillusion.connections import credentials
    from noillusion.core.sensitive import Secret
    from noillusion.flows.protocol import Tokens

    now = datetime.now(UTC)
    kind, scopes = ("creator", ["video.list"]) if platform == "tiktok" else ("organization", ["rw_organization_admin"])
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        for number in range(users):
            user, id = f"auth0|{name}-{platform}-{number}", str(uuid4())
            sealed = credentials.seal_tokens(user, id, 1, Tokens(Secret("token"), None))
            connection.execute(
                """INSERT INTO platform_connections (id, user_id, platform, account_id, account_kind, display_name,
                     granted_scopes, sealed_access_token, sealing_key_id, token_issued_at)
                   VALUES (%s, %s, %s, %s, %s, 'A', %s, %s, %s, %s)""",
                (id, user, platform, id, kind, json.dumps(scopes), sealed.sealed_access_token, sealed.sealing_key_id, now),
            )
            connection.execute(
                """WITH made AS (SELECT n, gen_random_uuid() AS post, gen_random_uuid() AS target
                                 FROM generate_series(1, %(n)s) AS n),
                        p AS (INSERT INTO posts (id, user_id, idempotency_key) SELECT post, %(user)s, post::text FROM made),
                        t AS (INSERT INTO post_targets (id, user_id, post_id, connection_id, platform, account_id, position, kind,
                                status, accepted_id, platform_post_id, published_at, deadline_at)
                              SELECT target, %(user)s, post, %(id)s::uuid, %(platform)s, %(name)s, 0, 'video', 'published',
                                n::text, CASE %(platform)s WHEN 'tiktok' THEN '' ELSE 'urn:li:share:' END || n, %(at)s, %(at)s
                              FROM made)
                   INSERT INTO post_polls (target_id, user_id, connection_id, platform, published_at, due_at)
                   SELECT target, %(user)s, %(id)s::uuid, %(platform)s, %(at)s, %(due)s FROM made""",
                {"n": posts, "user": user, "id": id, "name": id, "platform": platform, "at": now - timedelta(days=3), "due": now},
            )
        connection.execute("RESET session_replication_role")
        connection.execute("ANALYZE")


class Queues:
    """Take what SQS takes, by URL, and keep back what has a delay. ``aside``: in the names of users whose messages nobody waits
    for."""

    def __init__(self, aside: str = "") -> None:
        self.aside = aside
        self.waiting: dict[str, asyncio.Queue[dict[str, Any]]] = {}
        self.left = 0

    def send_message_batch(self, QueueUrl: str, Entries: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """Take messages. It is called from threads."""
        waiting = self.waiting.setdefault(QueueUrl, asyncio.Queue())
        for entry in Entries:
            body = json.loads(entry["MessageBody"])
            self.left += self.counts(body)
            self.loop.call_soon_threadsafe(self.loop.call_later, entry.get("DelaySeconds", 0), waiting.put_nowait, body)
        return {}

    def counts(self, body: Mapping[str, Any]) -> bool:
        """Return whether a message is waited for."""
        return not self.aside or self.aside not in body["user_id"]

    async def dispatch(self) -> None:
        """Queue what is due."""
        from noillusion.analytics import dispatch
        from noillusion.core import clock
        from noillusion.net import queues

        self.loop = asyncio.get_running_loop()
        setattr(queues, "client", lambda: self)  # noqa: B010 - in the place of SQS
        await dispatch.queue_due(clock.monotonic() + 600)
        await asyncio.sleep(0.1)
        # A standard queue of SQS keeps no order.
        for waiting in self.waiting.values():
            ready = [waiting.get_nowait() for _ in range(waiting.qsize())]
            random.Random(len(ready)).shuffle(ready)
            for message in ready:
                waiting.put_nowait(message)


async def consume(queues: Queues, consumers: int) -> dict[str, list[float]]:
    """Work with so many consumers of each queue until nothing is left. Returns when the messages of each group of users were
    done, in seconds from now."""
    began, done = time.monotonic(), dict[str, list[float]]()

    async def one(waiting: asyncio.Queue[dict[str, Any]]) -> None:
        from noillusion.analytics import poll
        from noillusion.core import clock

        async def work(message: dict[str, Any]) -> None:
            await poll.from_message(message, clock.monotonic() + 100)
            owner = message["user_id"].rpartition("-")[0]
            done.setdefault(owner, []).append(time.monotonic() - began)
            queues.left -= queues.counts(message)

        while queues.left > 0:
            batch = []
            try:
                batch.append(await asyncio.wait_for(waiting.get(), 0.5))
            except TimeoutError:
                continue
            while len(batch) < BATCH and not waiting.empty():
                batch.append(waiting.get_nowait())
            with epoch.unit(connections=BATCH):
                await asyncio.gather(*(work(message) for message in batch))

    await asyncio.gather(*(one(waiting) for waiting in queues.waiting.values() for _ in range(consumers)))
    return done
