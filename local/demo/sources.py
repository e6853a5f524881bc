"""Steps: scheduled posts. One stays on an object store of the user's own until it is due, one is written when it is due."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
from botocore.config import Config

from local.aws.specs import REGION
from local.demo.samples import PATIENCE_S, Shown
from local.demo.tour import Json, Table, Tour, canonical, expect, quote, wait_for
from local.variables import OBJECT_HOST

DUE_S = 10
DAY_S = 86_400


def _store(endpoint: str) -> Any:
    """Return a client of an object store of the user's own. Every local store takes these credentials."""
    make: Any = boto3.session.Session("test", "test", region_name=REGION).client
    return make("s3", endpoint_url=endpoint, config=Config(proxies={}, s3={"addressing_style": "path"}, signature_version="s3v4"))


@contextmanager
def hosted(tour: Tour, document: bytes) -> Iterator[str]:
    """Keep a document on an object store for the time of a block, and yield its presigned URL."""
    store, kept = _store(tour.run["aws_endpoint"]), {"Bucket": f"posts-{tour.word}", "Key": "post.json"}
    store.create_bucket(Bucket=kept["Bucket"], CreateBucketConfiguration={"LocationConstraint": REGION})
    store.put_object(**kept, Body=document)
    url: str = store.generate_presigned_url("get_object", kept, ExpiresIn=DAY_S)
    yield url.replace(tour.run["aws_endpoint"], f"https://{OBJECT_HOST}")
    store.delete_object(**kept)
    store.delete_bucket(Bucket=kept["Bucket"])


def pull(tour: Tour) -> Shown:
    """The service keeps the sealed URL and the hash. When it is due, the document is fetched, compared and published."""
    raw = canonical({"version": 1, "content": {"text": f"Scheduled and never stored #{tour.word}"}})
    digest = hashlib.sha256(raw).hexdigest()
    with hosted(tour, raw) as url:
        refused = _schedule(tour, "wrong", 422, pull={"url": url, "sha256": "0" * 64})
        expect("the rehearsal of another hash", [error["code"] for error in refused["errors"]], ["source_changed"])
        made = _schedule(tour, "pull", 201, pull={"url": url, "sha256": digest})
        expect("the way", [target["way"] for target in made["targets"]], ["pull"])
        yield quote("On the object store:", raw.decode())
        yield f"stored here: a sealed URL, and the hash {digest[:16]}…"
        yield _published(tour, made)


def generate_when_due(tour: Tour) -> Shown:
    """Opted into: nobody reads the text before it is public. Where no provider writes it, nothing is published."""
    asked = {"topic": f"Our repair café opens again ({tour.word})", "accept_unattended": True}
    made = _schedule(tour, "generate", 201, way="generate", generate=asked)
    yield "stored here: the sealed topic and choices"
    yield _published(tour, made)


def _schedule(tour: Tour, key: str, status: int, **target: object) -> Json:
    """Ask for a schedule that is due in some seconds."""
    due_at = (datetime.now(UTC) + timedelta(seconds=DUE_S)).isoformat(timespec="seconds")
    targets = [{"connection_id": tour.connections["linkedin"]["id"], **target}]
    body = {"due_at": due_at, "time_zone": "Europe/Berlin", "targets": targets}
    answer: Json = tour.call("POST", "/v1/schedules", body, status=status, key=f"{tour.word}-{key}")
    return answer


def _published(tour: Tour, made: Json) -> Table:
    """Wait until the schedule has published."""

    def occurrence() -> Json:
        found: Json = tour.call("GET", f"/v1/schedules/{made['id']}")["targets"][0]["occurrence"]
        return found

    wait_for("the scheduled post is over", lambda: occurrence()["state"] not in ("pending", "running", "processing"), PATIENCE_S)
    done = occurrence()
    expect("the scheduled post", (done["state"], done["code"]), ("published", None))
    columns = {"due": "due_at", "by the clocks of Berlin": "local_due_at", "state": "state", "post": "post_id"}
    return Table.of([done], columns)
