"""Every kind of post on LinkedIn over HTTP, by bytes and by URL, for a member and an organization: what LinkedIn has afterwards.

The simulator's post is compared field by field with what was asked, and every file with the bytes that were given.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from PIL import Image

from local.simulators.media import PDF
from noillusion.settings import source as settings
from tests.api.conftest import Platforms
from tests.api.harness import Answer, Client, Context, load
from tests.support.movies import movie
from tests.support.sources import File, Files, files
from tests.trust.kinds import Kind
from tests.trust.rig import ALICE, Rig

Json = dict[str, Any]
HOST = "files.example.com"
AUTHORS = {"member": "urn:li:person:mB7xQ2kPzA", "organization": "urn:li:organization:2414183"}
MIB = 1024 * 1024


def picture(color: str, kind: str = "JPEG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 64), color).save(out, kind)
    return out.getvalue()


CONTENTS: dict[str, tuple[str, bytes]] = {
    "teal.jpg": ("image/jpeg", picture("teal")),
    "red.png": ("image/png", picture("red", "PNG")),
    "blue.gif": ("image/gif", picture("blue", "GIF")),
    "clip.mp4": ("video/mp4", movie(data=100_000)),
    "long.mp4": ("video/mp4", movie(data=9 * MIB)),
    "paper.pdf": ("application/pdf", PDF),
    "words.srt": ("application/x-subrip", b"1\n00:00:01,000 --> 00:00:02,500\nHello\n"),
}
"""Files by name: their type and bytes."""


def by_bytes(name: str) -> Json:
    content_type, data = CONTENTS[name]
    return {"data": base64.b64encode(data).decode(), "content_type": content_type}


def by_url(name: str) -> Json:
    return {"url": f"https://{HOST}/{name}", "content_type": CONTENTS[name][0]}


SOURCES = {"bytes": by_bytes, "url": by_url}
Give = Callable[[str], Json]


@dataclass(frozen=True)
class Case:
    """One kind of post: what is asked for, and what LinkedIn has of it."""

    asked: Callable[[Give], Json]
    stored: Callable[[list[str]], Json]
    """The content of the post, with the URNs of what was uploaded, in order."""
    uploads: tuple[dict[str, str], ...] = ()
    """The files of each upload, by what they are there."""


CASES: dict[str, Case] = {
    "text": Case(lambda _: {}, lambda _: {}),
    "link": Case(
        lambda give: {
            "link": {
                "url": "https://example.com/a?b=(c)",
                "title": "A title",
                "description": "More of it",
                "thumbnail": give("red.png"),
            }
        },
        lambda urns: {
            "article": {
                "source": "https://example.com/a?b=(c)",
                "title": "A title",
                "description": "More of it",
                "thumbnail": urns[0],
            }
        },
        ({"file": "red.png"},),
    ),
    "image": Case(
        lambda give: {"media": [{**give("teal.jpg"), "alt_text": "A teal square"}]},
        lambda urns: {"media": {"id": urns[0], "altText": "A teal square"}},
        ({"file": "teal.jpg"},),
    ),
    "images": Case(
        lambda give: {
            "media": [{**give("teal.jpg"), "alt_text": "Teal"}, give("red.png"), {**give("blue.gif"), "alt_text": "3"}]
        },
        lambda urns: {
            "multiImage": {"images": [{"id": urns[0], "altText": "Teal"}, {"id": urns[1]}, {"id": urns[2], "altText": "3"}]}
        },
        ({"file": "teal.jpg"}, {"file": "red.png"}, {"file": "blue.gif"}),
    ),
    "video": Case(
        lambda give: {
            "media": [
                {
                    "kind": "video",
                    **give("long.mp4" if give is by_url else "clip.mp4"),
                    "title": "A film",
                    "thumbnail": give("teal.jpg"),
                    "captions": give("words.srt"),
                }
            ]
        },
        lambda urns: {"media": {"id": urns[0], "title": "A film"}},
        ({"file": "clip.mp4", "thumbnail": "teal.jpg", "captions": "words.srt"},),
    ),
    "document": Case(
        lambda give: {"media": [{"kind": "document", **give("paper.pdf"), "title": "A paper"}]},
        lambda urns: {"media": {"id": urns[0], "title": "A paper"}},
        ({"file": "paper.pdf"},),
    ),
    "poll": Case(
        lambda _: {"poll": {"question": "Which (one)?", "options": ["This", "That", "Both"], "days": 14}},
        lambda _: {
            "poll": {
                "question": "Which (one)?",
                "options": [{"text": "This"}, {"text": "That"}, {"text": "Both"}],
                "settings": {"duration": "FOURTEEN_DAYS"},
            }
        },
    ),
}
WITH_FILES = [name for name, case in CASES.items() if case.uploads]
EVERY = [(name, "bytes") for name in CASES] + [(name, "url") for name in WITH_FILES]
TEXT = "For all (and #everyone) @home"
OPTIONS: dict[str, Json] = {
    "member": {"visibility": "CONNECTIONS", "reshare_disabled": True},
    "organization": {"reshare_disabled": True},
}


@dataclass
class Stage:
    """A person with accounts, and a server with the files."""

    rig: Rig
    files: Files

    def publish(self, account: str, content: Json, options: Json | None = None, seconds: float = 29.0) -> Answer:
        """Publish as a member or an organization."""
        connection = self.rig.connection(Kind("", "linkedin", account=account))
        body: Json = {"targets": [{"connection_id": connection, "content": content}]}
        if options:
            body["targets"][0]["options"] = {"linkedin": options}
        headers = {"idempotency-key": f"key-{len(self.rig.world.journal)}"}
        return Client(ALICE, seconds).request("publish", "POST", "/v1/posts", body=body, headers=headers)

    def state(self) -> Json:
        """What LinkedIn has."""
        return self.rig.world.simulators["linkedin"].state()

    def set(self, **given: Any) -> None:
        """Change settings of LinkedIn."""
        self.rig.world.simulators["linkedin"].actions["settings"](given)


@pytest.fixture
def stage(platforms: Platforms, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """Accounts at LinkedIn, and files at a host of their own."""
    with files() as served:
        served.files = {f"/{name}": File(data, content_type) for name, (content_type, data) in CONTENTS.items()}
        monkeypatch.setenv("ENDPOINTS", json.dumps({**json.loads(os.environ["ENDPOINTS"]), HOST: served.base}))
        settings.settings.forget()
        yield Stage(Rig(platforms, monkeypatch), served)


accounts = pytest.mark.parametrize(
    ("deployment", "account"), [("sqlite", "member"), ("postgres", "organization")], indirect=["deployment"]
)


@accounts
@pytest.mark.parametrize(("name", "source"), EVERY, ids=lambda part: str(part))
def test_linkedin_has_what_was_asked_for(stage: Stage, name: str, source: str, account: str) -> None:
    case, give = CASES[name], SOURCES[source]
    content = {"text": TEXT, "first_comment": "More (in) #plain text", **case.asked(give)}
    answer = stage.publish(account, content, OPTIONS[account])
    assert answer.status == 201, answer.text
    (target,) = answer.json["targets"]
    (post,) = stage.state()["posts"]
    assert (target["status"], target["kind"], target["platform_post_id"]) == ("published", name, post["id"])
    assert target["permalink"] == f"https://www.linkedin.com/feed/update/{post['id']}/"
    # The member's app is one that may not comment, and the post stands all the same.
    commented = account == "organization"
    assert target["first_comment"] == ("posted" if commented else "failed")
    assets = stage.state()["assets"]
    assert {name: post[name] for name in ("account", "status", "text", "truncated", "visibility", "reshare_disabled")} == {
        "account": AUTHORS[account],
        "status": "PUBLISHED",
        "text": TEXT,
        "truncated": False,
        "visibility": OPTIONS[account].get("visibility", "PUBLIC"),
        "reshare_disabled": True,
    }
    assert post["content"] == case.stored([asset["id"] for asset in assets])
    assert post["comments"] == (["More (in) #plain text"] if commented else [])
    assert [asset["owner"] for asset in assets] == [AUTHORS[account]] * len(case.uploads)
    assert [files_of(asset) for asset in assets] == [
        {part: digest("long.mp4" if (file, source) == ("clip.mp4", "url") else file) for part, file in upload.items()}
        for upload in case.uploads
    ]


def digest(name: str) -> tuple[int, str]:
    data = CONTENTS[name][1]
    return len(data), hashlib.sha256(data).hexdigest()


def files_of(asset: Json) -> dict[str, tuple[int, str]]:
    return {part: (file["size"], file["sha256"]) for part, file in asset["files"].items()}


only_sqlite = pytest.mark.parametrize("deployment", ["sqlite"], indirect=True)
FILM: Json = {"text": TEXT, "media": [{"kind": "video", **by_url("long.mp4")}]}


@only_sqlite
def test_a_video_by_url_is_read_and_sent_part_by_part(stage: Stage) -> None:
    assert stage.publish("member", FILM).status == 201
    size, part = len(CONTENTS["long.mp4"][1]), 4 * MIB
    asked = [wanted for _, wanted in stage.files.asked]
    ranges = [f"bytes={first}-{min(first + part, size) - 1}" for first in range(0, size, part)]
    assert sorted(wanted for wanted in asked if wanted in ranges) == sorted(ranges)
    puts = [entry for entry in stage.rig.world.journal if entry.method == "PUT"]
    assert len(puts) == len(ranges) and all("authorization" not in entry.headers for entry in puts)


@only_sqlite
@pytest.mark.parametrize("name", ["image", "images", "video", "document", "link"])
def test_a_file_that_linkedin_processes_for_a_while_is_waited_for(stage: Stage, name: str) -> None:
    stage.set(processing_s=3)
    answer = stage.publish("organization", {"text": TEXT, **CASES[name].asked(by_bytes)})
    assert answer.json["targets"][0]["status"] == "published", answer.text
    assert len(stage.state()["posts"]) == 1


@only_sqlite
@pytest.mark.parametrize("account", ["member", "organization"])
def test_a_file_that_is_not_ready_by_the_end_of_the_request_is_a_failure_that_can_be_tried_again(
    stage: Stage, account: str
) -> None:
    stage.set(processing_s=3_600)
    answer = stage.publish(account, FILM, seconds=12)
    (target,) = answer.json["targets"]
    assert (answer.status, target["status"], target["error"]["retryable"]) == (201, "failed", True), answer.text
    assert stage.state()["posts"] == []
    stage.set(processing_s=0)
    again = {"content": FILM}
    retried = stage.rig.client.request("publish", "POST", f"/v1/posts/{answer.json['id']}/retry", body=again)
    assert retried.json["targets"][0]["status"] == "published", retried.text
    assert len(stage.state()["posts"]) == 1


@only_sqlite
def test_a_file_that_linkedin_cannot_process_is_never_posted(stage: Stage) -> None:
    broken = {"kind": "video", **by_bytes("clip.mp4"), "captions": {**by_bytes("paper.pdf"), "content_type": "text/srt"}}
    (target,) = stage.publish("member", {"text": TEXT, "media": [broken]}).json["targets"]
    assert (target["status"], target["error"]["platform_code"]) == ("failed", "PROCESSING_FAILED")
    assert stage.state()["posts"] == []


@only_sqlite
@pytest.mark.parametrize("name", list(CASES))
def test_every_kind_can_be_deleted_and_measured(stage: Stage, name: str) -> None:
    post = stage.publish("organization", {"text": TEXT, **CASES[name].asked(by_bytes)}).json
    connection = stage.rig.connection(Kind("", "linkedin", account="organization"))
    message = {"user_id": ALICE, "connection_id": connection, "target_ids": [post["targets"][0]["id"]]}
    record = {"messageId": "m", "body": json.dumps(message)}
    assert load("analytics_poll").handler({"Records": [record]}, Context(60)) == {"batchItemFailures": []}
    figures = stage.rig.client.request("analytics", "GET", f"/v1/analytics/posts/{post['id']}")
    assert figures.status == 200 and figures.json["targets"][0]["unavailable"] is None, figures.text
    assert stage.rig.delete(post["id"]).json["targets"][0]["deleted"] is True
    assert [one["status"] for one in stage.state()["posts"]] == ["DELETED"]


@only_sqlite
def test_a_second_comment_within_a_minute_is_refused_and_both_posts_stand(stage: Stage) -> None:
    answers = [stage.publish("organization", {"text": text, "first_comment": "More"}).json for text in ("One", "Two")]
    assert [answer["targets"][0]["first_comment"] for answer in answers] == ["posted", "failed"]
    assert [answer["targets"][0]["status"] for answer in answers] == ["published", "published"]
    assert [post["comments"] for post in stage.state()["posts"]] == [["More"], []]


@only_sqlite
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_lost_answer_to_the_comment_leaves_its_state_unknown_and_is_not_repeated(stage: Stage, when: str) -> None:
    stage.rig.connection(Kind("", "linkedin", account="organization"))
    stage.rig.platforms.fault(platform="linkedin", path="/comments$", when=when, drop=True)
    (target,) = stage.publish("organization", {"text": TEXT, "first_comment": "More"}).json["targets"]
    assert (target["status"], target["first_comment"]) == ("published", "unknown")
    assert [post["comments"] for post in stage.state()["posts"]] == [["More"] if when == "after" else []]
    assert stage.rig.platforms.requests("linkedin", "/comments") == 1


@only_sqlite
def test_files_that_are_no_documents_are_named_before_anything_is_sent(stage: Stage) -> None:
    stage.files.files["/page"] = File(b"<!doctype html><p>Log in</p>", "application/pdf")
    old = {"data": base64.b64encode(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)).decode()}

    def problems(**file: str) -> list[tuple[str, str, str]]:
        content = {"text": TEXT, "media": [{"kind": "document", "title": "A paper", **file}]}
        body = {"targets": [{"connection_id": stage.rig.connection(Kind("", "linkedin", account="member")), "content": content}]}
        answer = stage.rig.client.request("publish", "POST", "/v1/posts/check", body=body)
        return [(found["field"], found["code"], found["message"]) for found in answer.json["targets"][0]["problems"]]

    words = (
        "LinkedIn accepts documents as PDF, DOCX, PPTX, older Office; the format of this file is HTML (a web page). "
        "Convert it, or use another file."
    )
    assert problems(url=f"https://{HOST}/page") == [("targets.0.content.media.0.url", "wrong_type", words)]
    assert problems(**old, content_type="application/msword") == []
    assert problems(**old, content_type="application/vnd.ms-powerpoint") == []
    assert [code for _, code, _ in problems(**old, content_type="application/pdf")] == ["wrong_type"]
