"""Steps: scheduled posts. One stays on an object store of the user's own until it is due, one is written when it is due."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from local.aws.specs import REGION
from local.demo.samples import PATIENCE_S, Shown
from local.demo.tour import Json, Table, Tour, canonical, expect, quote, wait_for
from local.variables import OBJECT_HOST

DUE_S = 6
_BUCKET = f"<CreateBucketConfiguration><LocationConstraint>{REGION}</LocationConstraint></CreateBucketConfiguration>"


def _presigned(path: str) -> str:
    """Return the path of an object with a query as an object store signs it. The store of a local instance checks none."""
    signed = {
        "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
        "X-Amz-Credential": f"local/{datetime.now(UTC):%Y%m%d}/{REGION}/s3/aws4_request",
        "X-Amz-Date": f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}",
        "X-Amz-Expires": "86400",
        "X-Amz-SignedHeaders": "host",
        "X-Amz-Signature": "local",
    }
    return f"{path}?{urlencode(signed)}"


def pull(tour: Tour) -> Shown:
    """The service keeps the sealed URL and the hash. When it is due, the document is fetched, compared and published."""
    store, bucket = tour.run["aws_endpoint"].rstrip("/"), f"posts-{tour.word}"
    raw = canonical({"version": 1, "content": {"text": f"Scheduled and never stored #{tour.word}"}})
    tour.http.put(f"{store}/{_presigned(bucket)}", content=_BUCKET).raise_for_status()
    tour.http.put(f"{store}/{_presigned(f'{bucket}/post.json')}", content=raw).raise_for_status()
    url, digest = f"https://{OBJECT_HOST}/{_presigned(f'{bucket}/post.json')}", hashlib.sha256(raw).hexdigest()
    refused = _schedule(tour, "wrong", 422, pull={"url": url, "sha256": "0" * 64})
    expect("the rehearsal of another hash", [error["code"] for error in refused["errors"]], ["source_changed"])
    made = _schedule(tour, "pull", 201, pull={"url": url, "sha256": digest})
    expect("the way", [target["way"] for target in made["targets"]], ["pull"])
    yield quote("On the object store:", raw.decode())
    yield f"stored here: a sealed URL, and the hash {digest[:16]}…"
    yield _published(tour, made)
    for name in (f"{bucket}/post.json", bucket):
        tour.http.delete(f"{store}/{_presigned(name)}").raise_for_status()


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
