"""Steps: what each platform offers, and posts of every sort of kind in three requests."""

from __future__ import annotations

from local.demo.samples import PATIENCE_S, TIKTOK_OPTIONS, Columns, Shown
from local.demo.tour import Json, Table, Tour, expect, wait_for
from local.simulators.registry import PLATFORMS

HOST = "https://media.example"
CLIP: Json = {"kind": "video", "url": f"{HOST}/clip.mp4"}
LONGER: Json = {**CLIP, "url": f"{HOST}/clip.mp4?bytes=200000", "title": "Repair in five steps"}
PHOTOS: list[Json] = [{"url": f"{HOST}/{name}.jpg", "alt_text": f"A {name} photo"} for name in ("photo", "wide")]
PAPER: Json = {"kind": "document", "url": f"{HOST}/paper.pdf", "title": "Repair guide"}
POLL: Json = {"question": "Which day suits you?", "options": ["Saturday", "Sunday"], "days": 7}
ROUNDS: tuple[dict[str, Json], ...] = (
    {
        "facebook": {"content": {"media": PHOTOS, "first_comment": "See you there"}},
        "instagram": {"content": {"media": [CLIP]}},
        "linkedin": {"content": {"media": [PAPER]}},
        "tiktok": {"content": {"media": [CLIP]}, "options": TIKTOK_OPTIONS},
    },
    {
        "facebook": {"content": {"media": [CLIP]}, "kind": "reel"},
        "instagram": {"content": {"media": [PHOTOS[0], CLIP]}},
        "linkedin": {"content": {"poll": POLL}},
    },
    {
        "facebook": {"content": {"media": [{"url": f"{HOST}/photo.jpg"}]}, "kind": "story"},
        "instagram": {"content": {"media": [CLIP]}, "kind": "story"},
        "linkedin": {"content": {"media": [LONGER]}},
    },
)
"""Platform → what is published there, in three requests. A kind that is not named follows from the content."""
KINDS = (
    {"facebook": "images", "instagram": "reel", "linkedin": "document", "tiktok": "video"},
    {"facebook": "reel", "instagram": "images", "linkedin": "poll"},
    {"facebook": "story", "instagram": "story", "linkedin": "video"},
)


def offers(tour: Tour) -> Shown:
    """What a client builds its form from: kinds and limits of each platform, and what the accounts may do right now."""
    items = tour.call("GET", "/v1/platforms")["items"]
    expect("platforms", [item["platform"] for item in items], list(PLATFORMS))
    columns: Columns = {
        "platform": "title",
        "kinds": lambda item: ", ".join(kind["kind"] for kind in item["kinds"]),
        "longest text": lambda item: max(kind["text_limit"] for kind in item["kinds"]),
        "deletes": "can_delete",
    }
    yield Table.of(items, columns)
    path = "/v1/connections/{}/publishing-options"
    asked = [tour.call("GET", path.format(tour.connections[platform]["id"])) for platform in PLATFORMS]
    expect("accounts that can publish", [options["can_publish"] for options in asked], [True] * len(PLATFORMS))
    live: Columns = {
        "account": "platform",
        "audiences": lambda options: ", ".join(options["privacy_levels"]),
        "longest video (s)": "longest_video_s",
        "posts left": lambda options: options["quota"] and options["quota"]["limit"] - options["quota"]["used"],
        "roles": lambda options: ", ".join(options["roles"]),
    }
    yield Table.of(asked, live)


def every_kind(tour: Tour) -> Shown:
    """Albums, reels, stories, videos, a document and a poll, from URLs on a host that no platform knows."""
    for number, (contents, kinds) in enumerate(zip(ROUNDS, KINDS, strict=True), 1):
        targets = [_target(tour, platform, target) for platform, target in contents.items()]
        answer = tour.send("POST", "/v1/posts", {"targets": targets}, {"idempotency-key": f"{tour.word}-kinds-{number}"})
        refusals = [(error["field"], error["code"]) for error in answer.json().get("errors", ())]
        expect("publishing", (answer.status_code in (201, 202), refusals), (True, []))
        post = _settled(tour, answer.json()["id"])
        expect("kinds", {target["platform"]: target["kind"] for target in post["targets"]}, kinds)
        expect("targets", {target["platform"]: target["status"] for target in post["targets"]}, dict.fromkeys(kinds, "published"))
        columns: Columns = {"platform": "platform", "kind": "kind", "status": "status", "URL": "permalink"}
        yield Table.of(post["targets"], columns)


def _target(tour: Tour, platform: str, target: Json) -> Json:
    text = {} if target.get("kind") == "story" else {"text": f"Every kind #{tour.word}"}
    return {**target, "connection_id": tour.connections[platform]["id"], "content": {**text, **target["content"]}}


def _settled(tour: Tour, post_id: str) -> Json:
    found: Json = {}

    def done() -> bool:
        found.update(tour.call("GET", f"/v1/posts/{post_id}"))
        return bool(found["status"] != "processing")

    wait_for("the post is settled", done, PATIENCE_S, every=1.0)
    return found
