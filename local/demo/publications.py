"""Steps: check, publish, repeat, and what happens when a platform is slow or down."""

from __future__ import annotations

import time

from local.demo.samples import ARTICLE, PATIENCE_S, PHOTO, SLOW_S, TIKTOK_OPTIONS, Columns, Shown
from local.demo.tour import Json, Table, Tour, expect, wait_for
from local.simulators.registry import PLATFORMS


def _target(tour: Tour, platform: str) -> Json:
    content: Json = {"text": tour.texts[platform]}
    if platform in ("instagram", "tiktok"):
        content["media"] = [{"url": PHOTO, "alt_text": "A bicycle on a repair stand"}]
    options = {"options": TIKTOK_OPTIONS} if platform == "tiktok" else {}
    return {"connection_id": tour.connections[platform]["id"], "content": content, **options}


def check(tour: Tour) -> Shown:
    """Every problem of every target at once, before anything is sent."""
    targets = [_target(tour, platform) for platform in PLATFORMS]
    wrong = {**targets[1], "content": {"text": "Instagram requires an image"}}
    refused = tour.call("POST", "/v1/posts/check", {"targets": [targets[0], wrong]})
    expect("a post without an image, by target", [t["ok"] for t in refused["targets"]], [True, False])
    answer = tour.call("POST", "/v1/posts/check", {"targets": targets})
    expect("targets that can be published", {t["platform"]: t["ok"] for t in answer["targets"]}, dict.fromkeys(PLATFORMS, True))
    columns: Columns = {
        "target": "platform",
        "kind": "kind",
        "length": lambda t: f"{t['length']} of {t['limit']}",
        "ok": "ok",
        "problems": lambda t: ", ".join(f"{problem['field']}: {problem['code']}" for problem in t["problems"]),
    }
    yield Table.of([*answer["targets"], {**refused["targets"][1], "platform": "instagram, no image"}], columns)


def publish(tour: Tour) -> Shown:
    """One request, four accounts. TikTok takes its time, so the answer says that one target is still processing."""
    body = {"targets": [_target(tour, platform) for platform in PLATFORMS]}
    with tour.settings("tiktok", processing_s=SLOW_S):
        answer = tour.send("POST", "/v1/posts", body, {"idempotency-key": f"{tour.word}-1"})
    post = answer.json()
    expect("publishing", (answer.status_code, post.get("status"), post.get("code")), (202, "processing", None))
    expect("targets", _statuses(post), {**dict.fromkeys(PLATFORMS, "published"), "tiktok": "processing"})
    tour.ids["post"] = post["id"]
    tour.answers |= {"publish body": body, "publish answer": answer}
    yield f"answer: {answer.status_code} {post['status']}, post {post['id']}"
    yield _targets(post)


def _statuses(post: Json) -> Json:
    return {target["platform"]: target["status"] for target in post["targets"]}


def _targets(post: Json) -> Table:
    columns: Columns = {name: name for name in ("platform", "status", "attempt")}
    columns["id at the platform"] = "platform_post_id"
    columns["URL, or error"] = lambda t: t["error"]["error_class"] if t["error"] else t["permalink"]
    return Table.of(post["targets"], columns)


def repeat(tour: Tour) -> Shown:
    """The same key and request give the same answer and no second post; another request under the key is refused."""
    body, first = tour.answers["publish body"], tour.answers["publish answer"]
    again = tour.send("POST", "/v1/posts", body, {"idempotency-key": f"{tour.word}-1"})
    expect("the repeated request's answer", (again.status_code, again.json()), (first.status_code, first.json()))
    expect("idempotency-replayed", [answer.headers["idempotency-replayed"] for answer in (first, again)], ["false", "true"])
    other = tour.send("POST", "/v1/posts", {"targets": body["targets"][:1]}, {"idempotency-key": f"{tour.word}-1"})
    expect("another request under the same key", (other.status_code, other.json()["code"]), (409, "idempotency_key_reused"))
    rows = [(again.status_code, "same request", "the stored answer"), (other.status_code, "other request", other.json()["code"])]
    yield Table(("status", "same key with", "answer"), rows)
    yield _held(tour, {"facebook": 1, "instagram": 1, "linkedin": 1})


def _held(tour: Tour, expected: dict[str, int]) -> Table:
    found = {platform: _posts_of_this_run(tour, platform) for platform in expected}
    expect("posts of this run that the platforms hold", found, expected)
    return Table(("at the platform", "posts of this run"), list(found.items()))


def _posts_of_this_run(tour: Tour, platform: str) -> int:
    posts = tour.state(platform)["posts"]
    return sum(tour.word in str(post) for post in (posts.values() if isinstance(posts, dict) else posts))


def finish(tour: Tour) -> Shown:
    """The queue brings the slow target back until TikTok is done; the sweep would find it if a message were lost."""
    seen: list[tuple[object, ...]] = []
    started, swept = time.monotonic(), False

    def done() -> bool:
        nonlocal swept
        post = tour.call("GET", f"/v1/posts/{tour.ids['post']}")
        slow = next(t for t in post["targets"] if t["platform"] == "tiktok")
        if not seen or seen[-1][1:] != (slow["status"], slow["next_check_at"]):
            seen.append((f"{time.monotonic() - started:.0f}", slow["status"], slow["next_check_at"]))
        if not swept and time.monotonic() - started > PATIENCE_S / 2:
            tour.fire("SweepOpenPublications")
            swept = True
        return bool(post["status"] == "published")

    wait_for("the slow target is published", done, PATIENCE_S, every=1.0)
    post = tour.call("GET", f"/v1/posts/{tour.ids['post']}")
    expect("targets", _statuses(post), dict.fromkeys(PLATFORMS, "published"))
    yield Table(("seconds", "tiktok", "next check"), seen)
    yield _targets(post)
    yield _held(tour, dict.fromkeys(PLATFORMS, 1))


def _second_post(tour: Tour) -> Json:
    link = {"url": ARTICLE, "title": "Repair café on Saturday", "description": "Bring it broken, take it home working"}
    shared = {"text": f"Everything about Saturday #{tour.word}", "link": link}
    photo = {"text": f"Saturday! #{tour.word}", "media": [{"url": PHOTO}]}
    targets: list[Json] = [{"connection_id": tour.connections[name]["id"]} for name in ("facebook", "linkedin")]
    return {"content": shared, "targets": [*targets, {"connection_id": tour.connections["instagram"]["id"], "content": photo}]}


def one_platform_down(tour: Tour) -> Shown:
    """Instagram does not answer: the others publish, and the post says so."""
    with tour.faults({"platform": "instagram", "preset": "server_error", "times": -1}):
        post = tour.call("POST", "/v1/posts", _second_post(tour), status=201, key=f"{tour.word}-2")
    expect("the post", post["status"], "partially_published")
    expect("targets", _statuses(post), {"facebook": "published", "linkedin": "published", "instagram": "failed"})
    tour.ids["second"] = post["id"]
    yield f"answer: {post['status']}, post {post['id']}"
    yield _targets(post)


def retry(tour: Tour) -> Shown:
    """A retry publishes what failed and touches nothing else. Content is not kept, so the client sends it again."""
    content = _second_post(tour)["targets"][2]["content"]
    post = tour.call("POST", f"/v1/posts/{tour.ids['second']}/retry", {"content": content})
    expect("targets", _statuses(post), dict.fromkeys(("facebook", "linkedin", "instagram"), "published"))
    expect("attempts", {t["platform"]: t["attempt"] for t in post["targets"]}, {"facebook": 1, "linkedin": 1, "instagram": 2})
    yield _targets(post)
    yield _held(tour, {"facebook": 2, "instagram": 2, "linkedin": 2, "tiktok": 1})
