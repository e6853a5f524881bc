"""The demo's steps in order. Each shows what happened; the first thing that is not as it should be ends it (``Unexpected``)."""

from __future__ import annotations

import hashlib
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from urllib.parse import parse_qs, urlsplit

from local.demo.tour import Json, Table, Tour, canonical, expect, quote, require, wait_for
from local.simulators.registry import PLATFORMS, PROVIDERS

Shown = Iterator[Table | str]
Columns = dict[str, str | Callable[[Json], object]]
FRONTEND = "http://localhost:3000/connected"
PHOTO = "https://media.example/photo.jpg"
ARTICLE = "https://example.com/repair-cafe"
AI_KEYS = {"openai": "sk-demo-{}", "anthropic": "sk-ant-demo-{}", "google": "AIza-demo-{}"}
SLOW_S = 18  # longer than a request waits for a platform, so the queue has to finish it
PATIENCE_S = 90.0
TIKTOK_OPTIONS = {"tiktok": {"privacy_level": "PUBLIC_TO_EVERYONE", "consent": True}}


def sign_in(tour: Tour) -> Shown:
    """First login creates the profile; then the person fills it in."""
    expect("GET /v1/profile without a token: status", tour.send("GET", "/v1/profile").status_code, 401)
    tour.sign_in()
    created = tour.call("GET", "/v1/profile")
    expect("the new profile's user", created["user_id"], tour.sub)
    expect("the new profile's AI keys", [key["stored"] for key in created["ai_keys"]], [False] * 3)
    patch = {
        "display_name": "Robin Sample",
        "bio": "I repair bicycles and teach others how to do it.",
        "skills": ["bicycle repair", "teaching", "woodwork"],
        "mission_statement": "Nothing that can be repaired should be thrown away.",
        "content_mode": "business",
        "time_zone": "Europe/Berlin",
    }
    changed = tour.call("PATCH", "/v1/profile", patch)
    expect("the changed profile", {name: changed[name] for name in patch}, patch)
    expect("the profile as read again", tour.call("GET", "/v1/profile"), changed)
    rows: list[tuple[str, object]] = [("without a token", "401 Unauthorized"), ("subject", tour.sub)]
    rows += [(name, ", ".join(value) if isinstance(value, list) else value) for name, value in patch.items()]
    yield Table(("profile", "value"), rows)


def store_ai_keys(tour: Tour) -> Shown:
    """Keys are stored sealed and never come back."""
    rows = []
    for provider in PROVIDERS:
        key = AI_KEYS[provider].format(tour.word)
        answer = tour.send("PUT", f"/v1/profile/ai-keys/{provider}", {"key": key})
        expect(f"storing the key of {provider}: status", answer.status_code, 200)
        require(f"the answer does not hold the key of {provider}", key not in answer.text)
        rows.append((provider, answer.json()["stored"], f"…{answer.json()['hint']}"))
    providers = tour.call("GET", "/v1/ai/providers")["items"]
    expect("providers that can be used", [p["provider"] for p in providers if p["available"]], list(PROVIDERS))
    models = {p["provider"]: p["model"] for p in providers}
    yield Table(("provider", "stored", "shown of the key", "model"), [(*row, models[row[0]]) for row in rows])


def connect(tour: Tour) -> Shown:
    """The redirect dance: authorize, the platform's dialog, back through the callback, choose, confirm."""
    _create_people(tour)
    rows = [_connect_one(tour, platform) for platform in PLATFORMS]
    listed = tour.call("GET", "/v1/connections")["items"]
    expect("connections", sorted(c["platform"] for c in listed), sorted(PLATFORMS))
    yield Table(("platform", "dialog at", "offered", "chosen", "kind", "status", "connection"), rows)


def _create_people(tour: Tour) -> None:
    """People and accounts of this run's own, so that platform quotas of earlier runs do not matter."""
    number = str(int(hashlib.sha256(tour.word.encode()).hexdigest(), 16))[:12]
    names = {f"10{number}1": "Workshop", f"10{number}2": "Café"}
    pages = [{"id": page, "name": name, "username": f"{tour.word}.{name.lower()}"} for page, name in names.items()]
    people: dict[str, Json] = {
        "facebook": {"id": f"7{number}", "name": "Robin Sample", "pages": pages},
        "instagram": {"id": f"17{number}", "username": f"{tour.word}.repairs", "name": "Robin repairs"},
        "linkedin": {"id": tour.word, "given_name": "Robin", "family_name": "Sample", "vanity_name": tour.word},
        "tiktok": {"open_id": f"-000{tour.word}", "username": f"{tour.word}.fixes", "display_name": "Robin fixes"},
    }
    for platform, person in people.items():
        tour.control("POST", f"{platform}/user", person)
        tour.control("POST", f"{platform}/consent", {"decision": "grant", "user": person.get("id") or person["open_id"]})


def _connect_one(tour: Tour, platform: str) -> tuple[object, ...]:
    begun = tour.call("POST", f"/v1/connections/{platform}/authorize", {"return_url": FRONTEND})
    dialog = tour.follow(begun["authorization_url"])
    expect(f"{platform}'s dialog sends the browser back: status", dialog.status_code, 302)
    returned = tour.follow(dialog.headers["location"])
    expect(f"the callback of {platform} sends the browser on: status", returned.status_code, 303)
    location = urlsplit(returned.headers["location"])
    expect("the browser ends at the frontend", f"{location.scheme}://{location.netloc}{location.path}", FRONTEND)
    handle = parse_qs(location.query)["pending"][0]
    accounts = tour.call("GET", f"/v1/connections/pending/{handle}")["accounts"]
    suitable = [a for a in accounts if a["can_publish"] and a["kind"] != "organization"]
    require(f"{platform} offers an account to publish on", suitable, accounts)
    chosen = suitable[0]
    (connection,) = tour.call("POST", f"/v1/connections/pending/{handle}/confirm", {"account_ids": [chosen["id"]]})["items"]
    expect(f"the connection to {platform}", (connection["account_id"], connection["status"]), (chosen["id"], "active"))
    expect(f"{platform}: the connection works", tour.call("POST", f"/v1/connections/{connection['id']}/test")["ok"], True)
    tour.connections[platform] = connection
    host = begun["authorization_url"].removeprefix(f"{tour.simulators}/").removeprefix("https://").partition("/")[0]
    return platform, host, len(accounts), chosen["name"], connection["account_kind"], connection["status"], connection["id"]


def use_templates(tour: Tour) -> Shown:
    """The product's templates, and one of one's own."""
    system = tour.call("GET", "/v1/templates?scope=system")["items"]
    require("the product brings templates", len(system) >= 3, len(system))
    own = tour.call(
        "POST",
        "/v1/templates",
        {
            "name": "Invitation",
            "content_mode": "business",
            "system_text": "You write for {name}. Bio: {bio} Mission: {mission_statement}",
            "user_text": "Invite people to {event} on {platforms}. Topic: {topic}",
            "variables": [{"name": "event", "description": "What people are invited to"}],
        },
        status=201,
    )
    tour.ids["template"] = own["id"]
    filled = {"template_id": own["id"], "variables": {"event": "an open evening"}, "topic": "repair", "platforms": ["facebook"]}
    preview = tour.call("POST", "/v1/templates/preview", filled)
    expect("the filled-in template", preview["user_text"], "Invite people to an open evening on Facebook. Topic: repair")
    columns = {"template": "name", "origin": "origin", "mode": "content_mode", "version": "version"}
    yield Table.of([*system, own], columns)
    yield quote("Filled in:", f"{preview['system_text']}\n{preview['user_text']}", 6)


def preview_generation(tour: Tour) -> Shown:
    """Everything that would be sent, to whom and at what price, before anything is."""
    preview = tour.call("POST", "/v1/generate/preview", _brief(tour))
    sent = {"messages": preview["messages"], "parameters": preview["parameters"]}
    expect("the preview's hash", preview["hash"], hashlib.sha256(canonical(sent)).hexdigest())
    expect("the order of attempts", [(p["provider"], p["attempt"]) for p in preview["providers"]], [(p, True) for p in PROVIDERS])
    tour.answers["preview"] = preview
    for message in preview["messages"]:
        yield quote(f"{message['role']}:", message["content"])
    yield f"hash of messages and parameters: {preview['hash']}"
    costs = {"estimated cost": "estimated_cost_usd", "at most": "highest_cost_usd"}
    columns = {"in this order": "provider", "model": "model", "key": "key_source"}
    yield Table.of(preview["providers"], {**columns, **{head: _usd(name) for head, name in costs.items()}})


def _brief(tour: Tour) -> Json:
    return {
        "task": "generate",
        "platforms": list(PLATFORMS),
        "template_id": tour.ids["template"],
        "variables": {"event": "our repair café on Saturday"},
        "topic": f"Bring your broken bicycle, leave with a working one ({tour.word})",
        "tone": "warm",
    }


def _usd(name: str) -> Callable[[Json], str]:
    return lambda item: "unknown" if item[name] is None else f"{float(item[name]):.6f} USD"


def generate(tour: Tour) -> Shown:
    """The first provider is rate-limited, so the second one answers; what it was sent is what the preview showed."""
    with tour.faults({"platform": "openai", "preset": "rate_limited", "times": -1}):
        answer = tour.call("POST", "/v1/generate", _brief(tour))
    shown, preview = answer["transparency"], tour.answers["preview"]
    outcomes = [(a["provider"], a["outcome"]) for a in shown["attempts"]]
    expect("attempts", outcomes, [("openai", "rate_limited"), ("anthropic", "ok"), ("google", "skipped")])
    expect("the source of the texts", (answer["source"], shown["provider"]), ("ai", "anthropic"))
    expect("the hash of what was sent, against the preview's", shown["hash"], preview["hash"])
    expect("the messages as sent, against the preview's", canonical(shown["messages"]), canonical(preview["messages"]))
    expect("platforms with a text", [r["platform"] for r in answer["results"] if r["text"]], list(PLATFORMS))
    # A word of this run's own tells its posts from everybody else's at the simulated platforms.
    tour.texts = {result["platform"]: f"{result['text']} #{tour.word}" for result in answer["results"]}
    yield _attempts(shown["attempts"])
    yield f"sent: hash {shown['hash']}\n      byte for byte what the preview showed"
    yield Table.of(answer["results"], {name: name for name in ("platform", "length", "limit", "text")})


def _attempts(attempts: list[Json]) -> Table:
    return Table.of(
        attempts,
        {
            "provider": "provider",
            "model": "model",
            "outcome": "outcome",
            "detail": lambda a: a["skipped"] or a["code"],
            "tokens in + out": lambda a: a["tokens"] and f"{a['tokens']['input']} + {a['tokens']['output']}",
            "cost": lambda a: _usd("cost_usd")(a) if a["cost_status"] == "known" else a["cost_status"],
        },
    )


def _target(tour: Tour, platform: str) -> Json:
    content: Json = {"text": tour.texts[platform]}
    if platform in ("instagram", "tiktok"):
        content["media"] = [{"url": PHOTO, "alt_text": "A bicycle on a repair stand"}]
    options = {"options": TIKTOK_OPTIONS} if platform == "tiktok" else {}
    return {"connection_id": tour.connections[platform]["id"], "content": content, **options}


def check(tour: Tour) -> Shown:
    """Every problem of every target at once, before anything is sent."""
    targets = [_target(tour, platform) for platform in PLATFORMS]
    wrong = {**targets[1], "content": {"text": "Instagram wants a picture"}}
    refused = tour.call("POST", "/v1/posts/check", {"targets": [targets[0], wrong]})
    expect("a post without a picture, by target", [t["ok"] for t in refused["targets"]], [True, False])
    answer = tour.call("POST", "/v1/posts/check", {"targets": targets})
    expect("targets that can be published", {t["platform"]: t["ok"] for t in answer["targets"]}, dict.fromkeys(PLATFORMS, True))
    columns: Columns = {
        "target": "platform",
        "kind": "kind",
        "length": lambda t: f"{t['length']} of {t['limit']}",
        "ok": "ok",
        "problems": lambda t: ", ".join(f"{problem['field']}: {problem['code']}" for problem in t["problems"]),
    }
    yield Table.of([*answer["targets"], {**refused["targets"][1], "platform": "instagram, no picture"}], columns)


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
    columns["address, or what went wrong"] = lambda t: t["error"]["error_class"] if t["error"] else t["permalink"]
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
    yield Table(("seconds", "tiktok", "looked at again"), seen)
    yield _targets(post)
    yield _held(tour, dict.fromkeys(PLATFORMS, 1))


def poll(tour: Tour) -> Shown:
    """The schedule splits what is due into queue messages of ids; the worker reads the platforms."""
    tour.fire("PollDueAnalytics")
    seconds = wait_for("the analytics queue is empty", partial(tour.queues_empty, "AnalyticsQueue"), PATIENCE_S)
    queues = tour.control("GET", "queues")["queues"]
    expect("queues with dead letters", [name for name in queues if name.endswith("DeadLetters") and queues[name]["messages"]], [])
    post = tour.call("GET", f"/v1/analytics/posts/{tour.ids['post']}")
    expect("platforms that were read", [t["platform"] for t in post["targets"] if t["latest"]], list(PLATFORMS))
    yield f"queue empty after {seconds:.1f} s, dead letters: none"
    columns: Columns = {
        "platform": "platform",
        "reading": lambda t: t["latest"]["status"],
        "figures, or why there are none": lambda t: t["latest"]["reason"] or _figures(t["latest"]["figures"]),
        "next reading": "next_reading_at",
    }
    yield Table.of(post["targets"], columns)


def _figures(figures: Json) -> str:
    return ", ".join(f"{name} {count}" for name, count in figures.items() if isinstance(count, int))


def read_analytics(tour: Tour) -> Shown:
    """Totals that say how many posts they rest on; a figure that nobody knows is empty, never zero."""
    summary = tour.call("GET", "/v1/analytics/summary")
    expect("posts in the summary", summary["totals"]["posts"], len(PLATFORMS))
    expect("platforms in the summary", sorted(p["platform"] for p in summary["platforms"]), sorted(PLATFORMS))
    names = ("posts", "measured", "views", "reach", "likes", "comments", "shares", "engagement_rate")
    parts = [*((p["platform"], p["totals"]) for p in summary["platforms"]), ("all", summary["totals"])]
    yield Table(("platform", *names), [(name, *(totals[n] for n in names)) for name, totals in parts])
    if summary["unavailable"]:
        columns = {"no figures from": "platform", "posts": "posts", "reason": "reason", "in words": "message"}
        yield Table.of(summary["unavailable"], columns)
    csv = tour.send("GET", "/v1/analytics/summary", headers={"accept": "text/csv"})
    expect("the summary as CSV", csv.headers["content-type"].partition(";")[0], "text/csv")
    accounts = tour.call("GET", "/v1/analytics/accounts")["items"]
    expect("accounts", sorted(a["platform"] for a in accounts), sorted(PLATFORMS))
    followers = {a["platform"]: a["last_good"]["figures"]["followers"] for a in accounts if a["last_good"]}
    yield Table.of(accounts, {"account": "platform", "name": "display_name", "followers": lambda a: followers.get(a["platform"])})


def _second_post(tour: Tour) -> Json:
    link = {"url": ARTICLE, "title": "Repair café on Saturday", "description": "Bring it broken, take it home working"}
    shared = {"text": f"Everything about Saturday #{tour.word}", "link": link}
    picture = {"text": f"Saturday! #{tour.word}", "media": [{"url": PHOTO}]}
    targets: list[Json] = [{"connection_id": tour.connections[name]["id"]} for name in ("facebook", "linkedin")]
    return {"content": shared, "targets": [*targets, {"connection_id": tour.connections["instagram"]["id"], "content": picture}]}


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


def no_ai(tour: Tour) -> Shown:
    """No provider answers: static content stands in, is marked, and the trail says what was tried."""
    with tour.faults(*({"platform": provider, "preset": "overloaded", "times": -1} for provider in PROVIDERS)):
        answer = tour.call("POST", "/v1/generate", _brief(tour))
    attempts = answer["transparency"]["attempts"]
    expect("the source of the texts", (answer["source"], answer["transparency"]["provider"]), ("static", None))
    expect("providers in the trail", [a["provider"] for a in attempts], list(PROVIDERS))
    require("none of them answered", all(a["outcome"] != "ok" for a in attempts), attempts)
    expect("platforms with a text", [r["platform"] for r in answer["results"] if r["text"]], list(PLATFORMS))
    yield f"source: {answer['source']}"
    yield _attempts(attempts)
    yield quote("Instead:", answer["results"][0]["text"])
    usage = tour.call("GET", "/v1/ai/usage")
    columns: Columns = {"used today": "provider"}
    columns |= {name: name for name in ("model", "attempts", "succeeded")}
    columns["tokens in + out"] = lambda u: f"{u['input_tokens']} + {u['output_tokens']}"
    columns["cost"] = _usd("cost_usd")
    yield Table.of(usage["items"], columns)


def export(tour: Tour) -> Shown:
    """Everything that is held about the person, and nothing of what they wrote or published."""
    manifest, parts = tour.call("GET", "/v1/profile/export"), list(export_parts(tour))
    keys = [key.format(tour.word) for key in AI_KEYS.values()]
    hidden = [*tour.texts.values(), *keys, PHOTO, ARTICLE, "Everything about Saturday"]
    expect("published or secret things in the export", [text for text in hidden if text in "".join(parts)], [])
    require("no sealed column is given out", "sealed_" not in "".join(parts))
    tables = Counter(json.loads(line)["table"] for part in parts for line in part.splitlines()[:-1])
    expect("rows of the ledger", (tables["posts"], tables["post_targets"]), (2, 8))
    expect("rows that the manifest promised", {t["table"]: t["rows"] for t in manifest["tables"] if t["rows"]}, dict(tables))
    data_map = {entry["table"]: entry["holds"] for entry in tour.call("GET", "/v1/privacy")["tables"]}
    yield (
        f"{len(parts)} part of {sum(map(len, parts)):,} bytes; its checksum is right"
        if len(parts) == 1
        else f"{len(parts)} parts"
    )
    yield Table(("table", "rows", "holds"), [(name, count, data_map[name]) for name, count in tables.items()])


def export_parts(tour: Tour) -> Iterator[str]:
    """The parts of an export, each compared with its checksums, as any client can."""
    manifest = tour.call("GET", "/v1/profile/export")
    name, chain = manifest["first_part"], hashlib.sha256(manifest["export_id"].encode()).hexdigest()
    while name is not None:
        answer = tour.send("GET", f"/v1/profile/export/{name}")
        expect("a part of the export: status", answer.status_code, 200)
        lines, _, last = answer.text.rstrip("\n").rpartition("\n")
        end = json.loads(last)["part"]
        digest = hashlib.sha256(f"{lines}\n".encode() if lines else b"").hexdigest()
        chain = hashlib.sha256(f"{chain}{digest}".encode()).hexdigest()
        expect("the checksums of the part", (end["sha256"], end["chain_sha256"]), (digest, chain))
        yield answer.text
        name = end["next_part"]


def disconnect(tour: Tour) -> Shown:
    """Disconnecting withdraws the grant at the platform."""
    connection = tour.connections.pop("tiktok")
    answer = tour.call("DELETE", f"/v1/connections/{connection['id']}")
    expect("the grant is withdrawn", answer["revoked"], True)
    left = tour.call("GET", "/v1/connections")["items"]
    expect("connections that are left", sorted(c["platform"] for c in left), sorted(tour.connections))
    row = ("tiktok", answer["id"], answer["revoked"], len(left))
    yield Table(("disconnected", "connection", "grant withdrawn", "left"), [row])


def delete(tour: Tour) -> Shown:
    """Everything goes; a receipt stays."""
    receipt = tour.call("DELETE", "/v1/profile")
    expect("grants in the receipt", sorted(r["platform"] for r in receipt["revocations"]), sorted(tour.connections))
    unexplained = [r["platform"] for r in receipt["revocations"] if not (r["revoked"] or r["advice"])]
    expect("grants that are neither withdrawn nor explained", unexplained, [])
    expect("deleted posts and profiles", (receipt["deleted"]["posts"], receipt["deleted"]["profiles"]), (2, 1))
    expect("posts afterwards", tour.call("GET", "/v1/posts")["items"], [])
    expect("connections afterwards", tour.call("GET", "/v1/connections")["items"], [])
    yield f"receipt {receipt['receipt_id']}, code {receipt['code']}"
    yield Table(("table", "rows deleted"), [(table, count) for table, count in receipt["deleted"].items() if count])
    yield Table.of(receipt["revocations"], {"grant at": "platform", "withdrawn": "revoked", "otherwise": "advice"})


STEPS: tuple[tuple[str, Callable[[Tour], Shown]], ...] = (
    ("Sign in: the first login creates the profile", sign_in),
    ("Store the AI keys of three providers", store_ai_keys),
    ("Connect four platforms through their own dialogs", connect),
    ("Templates: the product's and one of one's own", use_templates),
    ("Preview what would be sent to an AI provider", preview_generation),
    ("Generate for four platforms while the first provider is rate-limited", generate),
    ("Check before publishing", check),
    ("Publish on four platforms, one of them slow", publish),
    ("Send the same request again", repeat),
    ("The slow one finishes by itself", finish),
    ("The poller reads figures", poll),
    ("Read the analytics", read_analytics),
    ("Publish while one platform is down", one_platform_down),
    ("Retry publishes only what failed", retry),
    ("Generate while every AI provider is down", no_ai),
    ("Export everything", export),
    ("Disconnect one account", disconnect),
    ("Delete the profile and get a receipt", delete),
)
