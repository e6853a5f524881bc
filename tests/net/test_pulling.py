"""Sources of content documents as hosts behave: what is not exactly the scheduled document is a closed code."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from hashlib import sha256

import pytest

from noillusion.core import clock, loop
from noillusion.core.sensitive import Content
from noillusion.net import client as http
from noillusion.scheduling import pulling
from noillusion.scheduling.document import MAX_BYTES, ContentDocument
from noillusion.scheduling.faults import ScheduleFault
from noillusion.settings import source as settings
from tests.support.sources import File, Files, files

HOST = "bucket.example.com"
RAW = b'{"content":{"text":"Autumn"},"version":1}'
HASH = sha256(RAW).hexdigest()
OTHER = RAW.replace(b"Autumn", b"Winter")


@pytest.fixture
def served(deploy: Callable[[str], None], monkeypatch: pytest.MonkeyPatch) -> Iterator[Files]:
    """A host of files that the deployment reaches under a name."""
    deploy("sqlite:///:memory:")
    with files() as host:
        monkeypatch.setenv("ENDPOINTS", json.dumps({HOST: host.base}))
        settings.settings.forget()
        yield host
        loop.run(http.close())
        settings.settings.forget()


def pull(path: str = "/post.json", seconds: float = 60.0, host: str = HOST) -> ContentDocument:
    """What is behind a URL with a signature in its query."""
    url = Content(f"https://{host}{path}?X-Amz-Signature=0a1b&X-Amz-Expires=900")

    async def run() -> ContentDocument:
        return await pulling.pull(url, HASH, clock.monotonic() + seconds)

    return loop.run(run())


def fault(*arguments: object, **named: object) -> tuple[str, str, bool]:
    """The code, the detail, and whether it is tried again."""
    with pytest.raises(ScheduleFault) as raised:
        pull(*arguments, **named)  # type: ignore[arg-type]
    return raised.value.code, raised.value.detail, raised.value.transient


def test_the_scheduled_document_is_read(served: Files) -> None:
    served.files["/post.json"] = File(RAW, "application/json")
    served.files["/pretty.json"] = File(json.dumps(json.loads(RAW), indent=4).encode(), None)
    served.files["/moved.json"] = File(b"", redirect=f"https://{HOST}/post.json?again=1")
    for path in ("/post.json", "/pretty.json", "/moved.json"):
        assert pull(path).content.text.reveal() == "Autumn"


def test_pull_changed(served: Files) -> None:
    served.files["/post.json"] = File(OTHER, "application/json")
    assert fault() == ("source_changed", "", False)
    served.files["/post.json"] = File(b'{"sign":"in"}', "application/json")
    assert fault() == ("source_changed", "", False)
    served.files["/post.json"] = File(b"<html>Sign in</html>", "text/html")
    assert fault() == ("source_invalid", "json_invalid", False)


def test_pull_truncated(served: Files) -> None:
    served.files["/post.json"] = File(RAW[:-9], "application/json")
    assert fault() == ("source_truncated", "", False)
    served.files["/post.json"] = File(RAW, "application/json")
    served.breaks = [20]
    assert fault() == ("source_truncated", "interrupted", True), "a connection that broke may hold the next time"
    served.files["/post.json"] = File(RAW, "application/json", chunked=True)
    served.breaks = [20]
    assert fault()[0] == "source_truncated"


def test_pull_oversized(served: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulling, "FETCH_S", 60.0)
    padded = RAW + b" " * MAX_BYTES
    for chunked in (False, True):
        served.files["/post.json"] = File(padded, "application/json", chunked=chunked)
        assert fault() == ("source_too_large", "too_large", False)
        assert served.sent <= MAX_BYTES * (1 + chunked) + 4_000_000, "the rest is not read"
    served.files["/post.json"] = File(RAW + b" " * (MAX_BYTES - len(RAW)), "application/json")
    assert pull().version == 1


def test_pull_slow(served: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    served.silent_after = 0
    monkeypatch.setattr(pulling, "FETCH_S", 0.2)
    began = time.monotonic()
    assert fault() == ("source_timeout", "", True)
    monkeypatch.setattr(pulling, "FETCH_S", 60.0)
    assert fault(seconds=0.2) == ("source_timeout", "", True), "the deadline of the caller counts too"
    assert time.monotonic() - began < 2


@pytest.mark.parametrize(
    "target", ["https://127.0.0.1/", "https://169.254.169.254/latest", "https://[::1]/", "http://example.com/"]
)
def test_pull_redirected_to_private(served: Files, target: str) -> None:
    served.files["/post.json"] = File(b"", redirect=target)
    code, _, again = fault()
    assert (code, again) == ("source_refused", False)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_pull_expired_link(served: Files, status: int) -> None:
    served.files["/post.json"] = File(RAW, status=status)
    assert fault() == ("source_expired", f"http_{status}", False)


@pytest.mark.parametrize("status", [408, 429, 500, 503])
def test_pull_host_in_trouble(served: Files, status: int) -> None:
    served.files["/post.json"] = File(RAW, status=status)
    assert fault() == ("source_unreachable", f"http_{status}", True)


def test_pull_unreachable(served: Files) -> None:
    assert fault(host="no-such-host.invalid") == ("source_unreachable", "unresolvable", True)


def test_pull_compressed_or_invalid(served: Files) -> None:
    served.files["/post.json"] = File(RAW, ranges="compressed")
    assert fault() == ("source_invalid", "compressed", False)


def test_pull_keeps_nothing_of_the_document_in_its_errors(served: Files) -> None:
    served.files["/post.json"] = File(OTHER, "application/json")
    with pytest.raises(ScheduleFault) as raised:
        pull()
    assert "Winter" not in repr(raised.value) and HOST not in repr(raised.value)
