"""Marked traffic of posts that Facebook holds until their time: handed over, changed, published, canceled, refused, left."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from tests.privacy.files import film

if TYPE_CHECKING:
    from local.demo.tour import Json
    from tests.privacy.traffic import Traffic


def hold(t: Traffic) -> None:
    """Every kind that Facebook holds; one of each fate, and one that waits there while everything is searched."""
    made = [_made(t, kind) for kind in ("text", "link", "image", "video", "reel")]
    text, link, image, video, reel = (f"/v1/schedules/{each}" for each in made)
    assert t.send("PATCH", text, {"text": t.mark("another text of a held post")}).status_code == 200
    assert t.send("PATCH", text, {"text": t.mark("a long text of a held post") * 5_000}).status_code == 422
    t.fault(platform="facebook", method="POST", path="[0-9]$", status=400, body=_quoting(t.mark("a refused text of a held post")))
    assert t.send("PATCH", link, {"text": t.mark("a text of a held post that is refused")}).status_code == 502
    assert t.send("POST", f"{image}/publish-now", None, t.fresh_key("publish now")).status_code == 202
    assert t.send("DELETE", video).status_code == 204
    t.fault(platform="facebook", method="DELETE", status=400, body=_quoting(t.mark("a refused cancellation")))
    assert t.send("DELETE", reel).status_code == 502
    t.tour.clear_faults()
    t.fault(platform="facebook", method="POST", path="/feed$", status=400, body=_quoting(t.mark("a refused hand-over")))
    assert _state(t, _made(t, "text")) == "failed"
    t.tour.clear_faults()
    t.fault(platform="facebook", method="POST", path="/feed$", when="after", drop=True)
    # Whether Facebook has it is found out later.
    assert _state(t, _made(t, "text")) == "pending"
    t.tour.clear_faults()
    for wrong in (
        {"text": t.mark("too soon")},
        {"text": t.mark("with a comment"), "first_comment": t.mark("a comment of a held post")},
    ):
        seconds = 60 if "first_comment" not in wrong else 90_000
        assert _ask(t, {"content": wrong}, seconds).status_code == 422


def _quoting(mark: str) -> Json:
    return {"error": {"message": f"(#100) bad: {mark}", "type": mark, "code": 100, "error_user_msg": mark}}


def _ask(t: Traffic, target: Json, seconds: float = 90_000) -> Any:
    due_at = (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat()
    body = {"due_at": due_at, "targets": [{"connection_id": t.connection("facebook"), "way": "native", **target}]}
    return t.send("POST", "/v1/schedules", body, t.fresh_key("held"))


def _made(t: Traffic, kind: str) -> str:
    """Schedule a post of a kind with marks in all that it has."""
    where = f"a held {kind}"
    url = f"https://media.example/{{}}?v={t.mark(f'{where} media url')}"
    words = {"alt_text": t.mark(f"{where} alt text")}, {"title": t.mark(f"{where} title")}
    media: dict[str, list[Json]] = {
        "image": [{"url": url.format("photo.jpg"), **words[0]}],
        "video": [{"kind": "video", "data": film(t.mark(f"{where} bytes")), "content_type": "video/mp4", **words[1]}],
        "reel": [{"kind": "video", "url": url.format("clip.mp4")}],
    }
    content: Json = {"text": t.mark(f"{where} text"), "media": media.get(kind, [])}
    if kind == "link":
        content["link"] = {"url": f"https://example.com/{t.mark(f'{where} link url')}"}
    answer = _ask(t, {"content": content, **({"kind": "reel"} if kind == "reel" else {})})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def _state(t: Traffic, schedule: str) -> str:
    return str(t.tour.call("GET", f"/v1/schedules/{schedule}")["targets"][0]["occurrence"]["state"])
