"""The way ``pull``: only the document that was scheduled is published, and nothing of it stays."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest

from noillusion.core import loop
from noillusion.net import client as http
from noillusion.scheduling import pulling
from noillusion.scheduling.document import MAX_BYTES, canonical
from noillusion.settings import source as settings
from tests.api.conftest import Platforms
from tests.api.harness import Client
from tests.api.test_rotation import Rotate, reseal, rotate, sealed_under
from tests.support.scheduled import Schedules
from tests.support.sources import File, Files, files

__all__ = ["files", "rotate"]

HOST, PATH = "bucket.example.com", "/posts/autumn.json"
QUERY = "?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Expires=604800&X-Amz-Signature=Zinnober0a1b"
URL = f"https://{HOST}{PATH}{QUERY}"
MARK = "Zinnober-Autumn"
DOCUMENT = {"version": 1, "content": {"text": f"{MARK} fair on Saturday"}}


@pytest.fixture
def source(platforms: Platforms, monkeypatch: pytest.MonkeyPatch) -> Iterator[Files]:
    """A host that has the document."""
    with files() as host:
        known = json.loads(os.environ["ENDPOINTS"])
        monkeypatch.setenv("ENDPOINTS", json.dumps({**known, HOST: host.base}))
        settings.settings.forget()
        host.files[PATH] = File(json.dumps(DOCUMENT, indent=1).encode(), "application/json")
        yield host
        loop.run(http.close())


@pytest.fixture
def schedules(platforms: Platforms, source: Files) -> Schedules:
    return Schedules(platforms.database)


@pytest.fixture
def account(platforms: Platforms, source: Files) -> str:
    """A connected account that takes texts."""
    return str(platforms.connect(Client(), "linkedin")[0]["id"])


def digest(document: Any = DOCUMENT) -> str:
    return sha256(canonical(document)).hexdigest()


def target(account: str, **pull: Any) -> dict[str, Any]:
    return {"connection_id": account, "way": "pull", "pull": {"url": URL, "sha256": digest(), **pull}}


def stored(platforms: Platforms) -> str:
    """Everything in the tables of schedules, and the notices."""
    tables = ("schedules", "schedule_targets", "schedule_occurrences", "notifications", "posts", "post_targets")
    return "".join(str(platforms.database.fetch(f"SELECT * FROM {table}")) for table in tables)


def test_what_was_scheduled_is_published_once_and_forgotten(
    platforms: Platforms, source: Files, schedules: Schedules, account: str
) -> None:
    made = schedules.created({**target(account), "way": None}, client_reference="autumn-1")
    (shown,) = made["targets"]
    assert (shown["way"], shown["source_sha256"]) == ("pull", digest()) and "url" not in json.dumps(made)
    assert len(source.asked) == 1, "one rehearsal"
    assert MARK not in stored(platforms) and "Zinnober0a1b" not in stored(platforms) and HOST not in stored(platforms)
    (done,) = schedules.run()
    assert (done["state"], done["code"]) == ("published", None)
    (post,) = platforms.posts("linkedin")
    assert DOCUMENT["content"]["text"] in json.dumps(post, ensure_ascii=False)  # type: ignore[index]
    before = len(source.asked)
    schedules.run()
    assert len(platforms.posts("linkedin")) == 1 and len(source.asked) == before, "nothing is fetched for what is over"
    assert platforms.database.fetch("SELECT sealed_source, sealing_key_id FROM schedule_targets") == [(None, None)]
    assert MARK not in stored(platforms)


def test_kind_and_options_come_with_the_document(platforms: Platforms, source: Files, schedules: Schedules) -> None:
    account = platforms.connect(Client(), "tiktok")[0]["id"]
    document = {
        "version": 1,
        "kind": "video",
        "content": {"text": MARK, "media": [{"kind": "video", "url": platforms.media("clip.mp4")}]},
        "options": {"tiktok": {"privacy_level": "SELF_ONLY", "consent": True}},
    }
    source.files[PATH] = File(json.dumps(document).encode())
    schedules.created(target(account, sha256=digest(document)))
    (done,) = schedules.run()
    assert done["state"] in ("published", "processing"), done


CHANGES: dict[str, tuple[Callable[[Files], None], str]] = {
    "changed": (lambda s: _serve(s, File(json.dumps(DOCUMENT).replace("Saturday", "Sunday").encode())), "source_changed"),
    "truncated": (lambda s: _serve(s, File(json.dumps(DOCUMENT).encode()[:-7])), "source_truncated"),
    "oversized": (lambda s: _serve(s, File(json.dumps(DOCUMENT).encode() + b" " * MAX_BYTES)), "source_too_large"),
    "redirected to private": (lambda s: _serve(s, File(b"", redirect="https://10.0.0.7/post.json")), "source_refused"),
    "expired link": (lambda s: _serve(s, File(b"", status=403)), "source_expired"),
    "removed": (lambda s: s.files.clear(), "source_expired"),
    "a page": (lambda s: _serve(s, File(b"<html>Sign in</html>", "text/html")), "source_invalid"),
}


def _serve(source: Files, file: File) -> None:
    source.files[PATH] = file


@pytest.mark.parametrize("change", CHANGES)
def test_a_source_that_is_not_what_was_scheduled_is_not_published(
    platforms: Platforms, source: Files, schedules: Schedules, account: str, change: str
) -> None:
    schedules.created(target(account))
    alter, code = CHANGES[change]
    alter(source)
    (done,) = schedules.run()
    assert (done["state"], done["code"]) == ("failed", code)
    assert platforms.posts("linkedin") == []
    (told,) = schedules.notices("schedule_failed")
    assert told["code"] == code and told["way"] == "pull"
    assert MARK not in stored(platforms) and HOST not in stored(platforms)


@pytest.mark.parametrize("trouble", ["slow", "down"])
def test_a_host_in_trouble_is_asked_again_within_the_grace(
    platforms: Platforms, source: Files, schedules: Schedules, account: str, trouble: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = {"slow": "source_timeout", "down": "source_unreachable"}[trouble]
    monkeypatch.setattr(pulling, "FETCH_S", 0.5)
    schedules.created(target(account), grace_minutes=10)
    if trouble == "slow":
        source.silent_after = len(source.asked)
    else:
        source.files[PATH] = File(b"", status=503)
    (waiting,) = schedules.run()
    assert waiting["state"] == "pending" and schedules.notices("schedule_failed") == []
    (done,) = schedules.run(seconds_ago=570)
    assert (done["state"], done["code"]) == ("failed", code) and platforms.posts("linkedin") == []
    (told,) = schedules.notices("schedule_failed")
    assert told["code"] == code


def test_a_host_that_recovers_within_the_grace_is_published(
    platforms: Platforms, source: Files, schedules: Schedules, account: str
) -> None:
    schedules.created(target(account))
    good = source.files[PATH]
    source.files[PATH] = File(b"", status=503)
    assert schedules.run()[0]["state"] == "pending"
    source.files[PATH] = good
    assert schedules.run()[0]["state"] == "published" and len(platforms.posts("linkedin")) == 1


def test_the_rehearsal_refuses_what_could_not_be_published(
    platforms: Platforms, source: Files, schedules: Schedules, account: str
) -> None:
    wrong = {"version": 1, "content": {"text": MARK, "media": [{"url": "ftp://x"}]}, "more": 1}
    long = {"version": 1, "content": {"text": MARK * 1000}}
    for document, digested, expected in (
        (DOCUMENT, "0" * 64, {("targets.0.pull.url", "source_changed")}),
        (None, digest(), {("targets.0.pull.url", "source_expired")}),
        (wrong, digest(wrong), {("targets.0.pull.document.content.media.0.url", "url"),
                                ("targets.0.pull.document.*", "extra_forbidden")}),
        (long, digest(long), {("targets.0.pull.document.content.text", "too_long")}),
    ):  # fmt: skip
        source.files.clear()
        if document is not None:
            source.files[PATH] = File(json.dumps(document).encode())
        answer = schedules.create(target(account, sha256=digested))
        assert answer.status == 422, answer.text
        assert {(error["field"], error["code"]) for error in answer.json["errors"]} >= expected
        assert MARK not in answer.text and HOST not in answer.text
    assert platforms.database.fetch("SELECT 1 FROM schedules") == []


@pytest.mark.parametrize(
    ("pull", "field", "code"),
    [
        ({"url": f"http://{HOST}/a"}, "targets.0.pull.url", "https_required"),
        ({"url": f"https://user:pass@{HOST}/a"}, "targets.0.pull.url", "https_required"),
        ({"url": f"https://{HOST}:8443/a"}, "targets.0.pull.url", "https_required"),
        ({"url": f"https://{HOST}/{'a' * 9000}"}, "targets.0.pull.url", "too_long"),
        ({"sha256": digest().upper()}, "targets.0.pull.sha256", "string_pattern_mismatch"),
    ],
)
def test_what_a_pull_says_is_checked(schedules: Schedules, account: str, pull: dict[str, str], field: str, code: str) -> None:
    answer = schedules.create(target(account, **pull))
    assert answer.status == 422 and (field, code) in {(e["field"], e["code"]) for e in answer.json["errors"]}, answer.text


@pytest.mark.parametrize("way", ["notify", "generate", None])
def test_a_source_belongs_to_its_way(schedules: Schedules, account: str, way: str | None) -> None:
    other = {"connection_id": account, "way": way or "pull"} | (target(account) | {"way": way} if way else {})
    answer = schedules.create(other)
    assert answer.status == 422 and "way_mismatch" in answer.text


def test_problems_before_it_is_due_are_told_once_for_each_change(
    platforms: Platforms, source: Files, schedules: Schedules, account: str
) -> None:
    schedules.created(target(account))
    assert schedules.look() == {"task": "preflight", "fine": 1} and schedules.notices("schedule_problem") == []
    good = source.files.pop(PATH)
    for _ in range(2):
        assert schedules.look() == {"task": "preflight", "problems": 1}
    source.files[PATH] = File(json.dumps({**DOCUMENT, "kind": "text"}).encode())
    schedules.look()
    source.files[PATH] = good
    assert schedules.look() == {"task": "preflight", "fine": 1}
    assert [told["code"] for told in schedules.notices("schedule_problem")] == ["source_expired", "source_changed"]
    platforms.database.execute("UPDATE platform_connections SET status = 'reauth_required'")
    schedules.look()
    assert schedules.notices("schedule_problem")[-1]["code"] == "reauth_required"
    assert platforms.posts("linkedin") == [] and MARK not in stored(platforms)


def test_a_problem_that_was_solved_and_comes_back_is_told_again(source: Files, schedules: Schedules, account: str) -> None:
    schedules.created(target(account))
    good, changed = source.files[PATH], File(json.dumps({**DOCUMENT, "kind": "text"}).encode())
    for served in (None, None, good, None, changed, None, None, good, good, None):
        source.files.clear()
        if served is not None:
            source.files[PATH] = served
        schedules.look()
    told = [each["code"] for each in schedules.notices("schedule_problem")]
    assert told == ["source_expired", "source_expired", "source_changed", "source_expired", "source_expired"]


def test_looks_take_place_72_24_and_1_hour_before(schedules: Schedules, account: str) -> None:
    due = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=100)
    schedules.created(target(account), due_at=due.isoformat())
    (first,) = schedules.occurrences()
    assert str(first["check_due_at"]).replace("T", " ").startswith(str(due - timedelta(hours=72))[:19])
    assert first["check_stage"] == 0


def test_a_source_is_fetched_after_the_key_it_was_sealed_with_was_replaced_and_removed(
    platforms: Platforms, schedules: Schedules, account: str, rotate: Rotate
) -> None:
    schedules.created(target(account))
    assert sealed_under("k1")["k1"] > 0
    rotate("k2", "k1", "k2")
    assert reseal()["remaining"] == 0
    assert platforms.database.fetch("SELECT sealing_key_id FROM schedule_targets") == [("k2",)]
    rotate("k2", "k2")
    assert schedules.run()[0]["state"] == "published" and len(platforms.posts("linkedin")) == 1


def test_a_source_whose_key_was_removed_too_early_is_told_and_publishes_nothing(
    platforms: Platforms, schedules: Schedules, account: str, rotate: Rotate
) -> None:
    schedules.created(target(account))
    (row,) = platforms.database.fetch("SELECT sealed_source FROM schedule_targets")
    rotate("k2", "k1", "k2")
    reseal()
    platforms.database.execute(f"UPDATE schedule_targets SET sealed_source = '{row[0]}', sealing_key_id = 'k1'")
    rotate("k2", "k2")
    occurrence = schedules.run()[0]
    assert (occurrence["state"], occurrence["code"]) == ("failed", "source_unreadable")
    assert platforms.posts("linkedin") == []


def test_an_export_withholds_the_sealed_url(schedules: Schedules, account: str) -> None:
    schedules.created(target(account))
    manifest = schedules.client.request("profile", "GET", "/v1/profile/export").json
    part = schedules.client.request("profile", "GET", f"/v1/profile/export/{manifest['first_part']}").text
    assert account in part and HOST not in part and "Zinnober0a1b" not in part and "sealed" not in part
    (table,) = [each for each in manifest["tables"] if each["table"] == "schedule_targets"]
    assert {"sealed_source", "sealing_key_id"} <= set(table["withheld"])
