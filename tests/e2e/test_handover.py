"""Files are handed over through the gateway of a whole instance: platforms fetch what was sent, and then nothing is left."""

from __future__ import annotations

import base64
from hashlib import sha256

import httpx

from local.demo.samples import TIKTOK_OPTIONS
from local.demo.tour import Tour, wait_for
from local.testing import Running
from tests.support.movies import image


def test_bytes_get_to_platforms_that_only_fetch_and_are_gone_afterwards(publisher: Tour, runtime: Running) -> None:
    data = image("JPEG", (900, 900))
    content = {
        "text": f"{publisher.word} photo",
        "media": [{"data": base64.b64encode(data).decode(), "content_type": "image/jpeg"}],
    }
    instagram, tiktok = ({"connection_id": publisher.connections[name]["id"]} for name in ("instagram", "tiktok"))
    body = {"content": content, "targets": [instagram, {**tiktok, "options": TIKTOK_OPTIONS}]}
    before = len(publisher.control("GET", "pulled")["pulled"])
    with publisher.settings("tiktok", processing_s=3):
        post = publisher.send("POST", "/v1/posts", body, {"idempotency-key": "handed-over"}).json()
        wait_for("it is published", lambda: publisher.call("GET", f"/v1/posts/{post['id']}")["status"] == "published", 60)
    pulled = publisher.control("GET", "pulled")["pulled"][before:]
    assert {found["user_agent"].partition("/")[0] for found in pulled} == {"facebookexternalhit", "TikTok"}
    assert {(found["content_type"], found["size"], found["sha256"]) for found in pulled} == {
        ("image/jpeg", len(data), sha256(data).hexdigest())
    }
    assert all(found["url"].startswith(f"{runtime.description['api']}/v1/media/") for found in pulled)
    assert {httpx.get(found["url"]).status_code for found in pulled} == {404}
    (bucket,) = runtime.description["buckets"].values()
    assert "<Key>" not in httpx.get(f"{runtime.description['aws_endpoint']}/{bucket}", headers=SIGNED).text


SIGNED = {
    "authorization": "AWS4-HMAC-SHA256 Credential=local/20250101/eu-central-1/s3/aws4_request, SignedHeaders=host, Signature=x"
}
