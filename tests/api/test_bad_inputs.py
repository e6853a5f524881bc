"""Bad inputs and the answers to them: docs/bad-inputs.md shows what ``POST /v1/posts/check`` says, and nothing is sent for it.

``make bad-inputs`` writes the answers into the page instead of comparing them.
"""

from __future__ import annotations

import base64
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from noillusion.settings import source as settings
from tests.api.conftest import Platforms
from tests.api.harness import Answer
from tests.api.test_publishing import Publisher
from tests.support.movies import image, movie
from tests.support.sources import File, files

Json = dict[str, Any]
PAGE = Path(__file__).resolve().parents[2] / "docs" / "bad-inputs.md"
BEGIN, END = "<!-- begin answers -->\n", "<!-- end answers -->\n"
HOST = "files.example"
CONSENT = {"privacy_level": "PUBLIC_TO_EVERYONE", "consent": True}


@dataclass(frozen=True)
class Bad:
    """One bad input: how it is told, and the request."""

    what: str
    platform: str
    content: Json
    options: Json = field(default_factory=dict)
    kind: str | None = None
    live: bool = False
    """What the account may do at the moment is asked of the platform."""


def at(name: str, **told: Any) -> Json:
    return {"url": f"https://{HOST}/{name}", **told}


def inline(data: bytes, content_type: str = "image/jpeg") -> Json:
    return {"data": base64.b64encode(data).decode(), "content_type": content_type}


def video(name: str) -> list[Json]:
    return [at(name, kind="video")]


PHOTO = [at("photo.jpg")]
SERVED: Mapping[str, File] = {
    "photo.jpg": File(image()),
    "photo.png": File(image("PNG"), "image/png"),
    "ratio.jpg": File(image(size=(800, 1100))),
    "cmyk.jpg": File(image(mode="CMYK")),
    "empty.jpg": File(b""),
    "page.jpg": File(b"<!doctype html><title>Log in</title>"),
    "moved.jpg": File(b"", redirect="/photo.jpg"),
    "clip.mp4": File(movie(), "video/mp4"),
    "prores.mov": File(movie(codec=b"apch", brand=b"qt  "), "video/quicktime"),
    "61s.mp4": File(movie(seconds=61), "video/mp4"),
    "91s.mp4": File(movie(seconds=91), "video/mp4"),
    "moov-last.mp4": File(movie(moov_first=False), "video/mp4"),
}
INPUTS: Sequence[Bad] = (
    Bad("3,001 characters", "linkedin", {"text": "x" * 3001}),
    Bad("31 hashtags", "instagram", {"text": " ".join(f"#bread{n}" for n in range(31)), "media": PHOTO}),
    Bad("a post without media", "instagram", {"text": "Fresh from the oven"}),
    Bad("a first comment", "tiktok", {"media": video("clip.mp4"), "first_comment": "Open until six"}, CONSENT),
    Bad("alt text of 1,001 characters", "instagram", {"media": [at("photo.jpg", alt_text="x" * 1001)]}),
    Bad("a carousel of 11 images", "instagram", {"media": PHOTO * 11}),
    Bad("a carousel of one image", "instagram", {"media": PHOTO}, kind="images"),
    Bad("a PNG file", "instagram", {"media": [at("photo.png")]}),
    Bad("an image of 4:5.5", "instagram", {"media": [at("ratio.jpg")]}),
    Bad("a JPEG file in CMYK", "instagram", {"media": [at("cmyk.jpg")]}),
    Bad("a file of 0 bytes", "facebook", {"media": [at("empty.jpg")]}),
    Bad("a web page in place of an image", "facebook", {"media": [at("page.jpg")]}),
    Bad("a video in Apple ProRes", "tiktok", {"media": video("prores.mov")}, CONSENT),
    Bad("a story of 61 seconds", "instagram", {"media": video("61s.mp4")}, kind="story"),
    Bad("a reel of 91 seconds", "facebook", {"media": video("91s.mp4")}, kind="reel"),
    Bad("a video with its index (`moov`) at the end", "instagram", {"media": video("moov-last.mp4")}),
    Bad("a URL in a private network", "linkedin", {"media": [{"url": "https://192.168.1.20/photo.jpg"}]}),
    Bad("an `http` URL", "instagram", {"media": [{"url": f"http://{HOST}/photo.jpg"}]}),
    Bad("a URL that redirects", "instagram", {"media": [at("moved.jpg")]}),
    Bad("a URL with nothing behind it (404)", "linkedin", {"media": [at("nothing.jpg")]}),
    Bad(
        "an audience that the account does not offer",
        "tiktok",
        {"media": video("clip.mp4")},
        {**CONSENT, "privacy_level": "FOLLOWER_OF_CREATOR"},
        live=True,
    ),
    Bad("no consent", "tiktok", {"media": video("clip.mp4")}, {"privacy_level": "PUBLIC_TO_EVERYONE"}),
    Bad(
        "branded content for oneself only",
        "tiktok",
        {"media": video("clip.mp4")},
        {**CONSENT, "privacy_level": "SELF_ONLY", "brand_content_toggle": True},
    ),
    Bad("a poll with one option", "linkedin", {"poll": {"question": "Which one?", "options": ["This"]}}),
    Bad("a poll with a question of 141 characters", "linkedin", {"poll": {"question": "x" * 141, "options": ["This", "That"]}}),
    Bad("a document without a title", "linkedin", {"media": [{"kind": "document", **inline(b"%PDF-1.7\n", "application/pdf")}]}),
    Bad("a file of more than 4 MiB in the request", "facebook", {"media": [inline(image() + bytes(4 * 1024 * 1024))]}),
    Bad("data that is not base64", "facebook", {"media": [{"data": "not base64!", "content_type": "image/jpeg"}]}),
    Bad("PNG data with `content_type` `image/jpeg`", "linkedin", {"media": [inline(image("PNG"))]}),
)


class Desk:
    """A user with four accounts who sends bad inputs."""

    def __init__(self, platforms: Platforms) -> None:
        self.publisher, self.world = Publisher(platforms), platforms.world
        self.before = len(self.world.journal)

    def body(self, bad: Bad) -> Json:
        target: Json = {"connection_id": self.publisher.connections[bad.platform]}
        if bad.options:
            target["options"] = {bad.platform: bad.options}
        if bad.kind:
            target["kind"] = bad.kind
        return {"content": bad.content, "targets": [target]}

    def check(self, bad: Bad) -> Answer:
        body = {**self.body(bad), "live": True} if bad.live else self.body(bad)
        return self.publisher.client.request("publish", "POST", "/v1/posts/check", body=body)

    def sent(self) -> list[tuple[str, str]]:
        """What has reached the platforms since the accounts were connected."""
        return [(entry.platform, entry.path) for entry in list(self.world.journal)[self.before :]]


@pytest.fixture
def desk(platforms: Platforms, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    with files() as served:
        served.files = {f"/{name}": file for name, file in SERVED.items()}
        monkeypatch.setenv("ENDPOINTS", json.dumps({**settings.settings().endpoints, HOST: served.base}))
        settings.settings.forget()
        yield Desk(platforms)


def problems(answer: Answer) -> list[Json]:
    """The problems of one target, or the errors of a request that cannot be read."""
    if answer.status == 422:
        return [{"severity": "error", **error} for error in answer.json["errors"]]
    assert answer.status == 200, answer.text
    return list(answer.json["targets"][0]["problems"])


def row(number: int, bad: Bad, answer: Answer) -> list[str]:
    """The lines of one input: a row for each problem."""
    lines = []
    for at, found in enumerate(problems(answer)):
        params = " ".join(
            f"`{name}={json.dumps(value)}`" for name, value in found.get("params", {}).items() if value not in (None, [])
        )
        code = f"`{found['code']}`" + (" (warning)" if found["severity"] == "warning" else "")
        head = [str(number), bad.what, bad.platform] if at == 0 else ["", "", ""]
        cells = [*head, str(answer.status) if at == 0 else "", f"`{found['field']}`", code, params, found["message"]]
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return lines


HEADS = "| # | input | platform | status | field | code | params | message |\n|---:|---|---|---:|---|---|---|---|\n"


@pytest.mark.parametrize("deployment", ["sqlite"], indirect=True)
def test_the_page_of_bad_inputs_has_the_answers_that_are_given(desk: Desk) -> None:
    rows = [line for number, bad in enumerate(INPUTS, 1) for line in row(number, bad, desk.check(bad))]
    table = HEADS + "\n".join(rows) + "\n"
    if os.environ.get("RECORD"):
        page = PAGE.read_text("utf-8")
        PAGE.write_text(re.sub(f"{BEGIN}.*{END}", lambda _: f"{BEGIN}{table}{END}", page, flags=re.DOTALL), "utf-8")
    assert PAGE.read_text("utf-8").partition(BEGIN)[2].partition(END)[0] == table, "run `make bad-inputs`"


@pytest.mark.parametrize("deployment", ["sqlite"], indirect=True)
def test_nothing_is_sent_to_a_platform_for_a_bad_input_whether_checked_or_published(desk: Desk) -> None:
    for bad in INPUTS:
        checked = desk.check(bad)
        # Only what an account may do at the moment is asked of a platform, by a call that changes nothing.
        assert desk.sent() == ([("tiktok", "/v2/post/publish/creator_info/query/")] if bad.live else []), bad.what
        desk.before = len(desk.world.journal)
        errors = [(found["field"], found["code"]) for found in problems(checked) if found["severity"] == "error"]
        if bad.live or not errors:
            continue
        refused = desk.publisher.publish(bad.what[:40].replace(" ", "-"), desk.body(bad))
        assert refused.status == 422, (bad.what, refused.text)
        assert [(found["field"], found["code"]) for found in refused.json["errors"]] == errors, bad.what
        assert desk.sent() == [], bad.what
    assert all(desk.publisher.platforms.posts(name) == [] for name in desk.publisher.connections)


@pytest.mark.parametrize("deployment", ["sqlite"], indirect=True)
def test_an_audience_that_is_not_offered_is_refused_before_anything_is_uploaded(desk: Desk) -> None:
    (bad,) = (bad for bad in INPUTS if bad.live)
    answer = desk.publisher.publish("k", desk.body(bad))
    assert [target["status"] for target in answer.json["targets"]] == ["failed"], answer.text
    assert {path for _, path in desk.sent()} == {"/v2/post/publish/creator_info/query/"}
