"""Steps: sign in, store AI keys, connect platforms and disconnect one."""

from __future__ import annotations

import hashlib
from urllib.parse import parse_qs, urlsplit

from local.demo.samples import AI_KEYS, Shown
from local.demo.tour import Json, Table, Tour, expect, require
from local.simulators.registry import PLATFORMS, PROVIDERS

SOON_S = 5 * 86_400
"""How long a token lives that is about to end."""


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
    before = tour.call("PATCH", "/v1/profile", {"ai_preferences": {"monthly_budget_usd": "5"}})["ai_preferences"]
    merged = tour.call("PATCH", "/v1/profile", {"ai_preferences": {"features": {"ideas": True}}})["ai_preferences"]
    expect("the preferences after a patch of one switch", merged, before)
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
        "linkedin": {
            "id": tour.word,
            "given_name": "Robin",
            "family_name": "Sample",
            "vanity_name": tour.word,
            "organizations": [{"id": f"30{number}", "name": "Workshop", "role": "ADMINISTRATOR", "followers": 45}],
        },
        "tiktok": {"open_id": f"-000{tour.word}", "username": f"{tour.word}.fixes", "display_name": "Robin fixes"},
    }
    for platform, person in people.items():
        tour.control("POST", f"{platform}/user", person)
        tour.control("POST", f"{platform}/consent", {"decision": "grant", "user": person.get("id") or person["open_id"]})


def _connect_one(tour: Tour, platform: str) -> tuple[object, ...]:
    begun, accounts, connection = connect_account(tour, platform)
    tour.connections[platform] = connection
    host = begun["authorization_url"].removeprefix(f"{tour.simulators}/").removeprefix("https://").partition("/")[0]
    shown = (connection[name] for name in ("display_name", "account_kind", "status", "id"))
    return platform, host, len(accounts), *shown


def connect_account(tour: Tour, platform: str, kind: str = "", **asked: object) -> tuple[Json, list[Json], Json]:
    """Connect the first account of a kind, or of any but organizations: the answer of authorize, all accounts, the connection."""
    frontend = tour.run["return_urls"][0]
    begun = tour.call("POST", f"/v1/connections/{platform}/authorize", {"return_url": frontend, **asked})
    dialog = tour.follow(begun["authorization_url"])
    expect(f"{platform}'s dialog sends the browser back: status", dialog.status_code, 302)
    returned = tour.follow(dialog.headers["location"])
    expect(f"the callback of {platform} sends the browser on: status", returned.status_code, 303)
    location = urlsplit(returned.headers["location"])
    expect("the browser ends at the frontend", f"{location.scheme}://{location.netloc}{location.path}", frontend)
    handle = parse_qs(location.query)["pending"][0]
    accounts = tour.call("GET", f"/v1/connections/pending/{handle}")["accounts"]
    suitable = [a for a in accounts if a["can_publish"] and (a["kind"] == kind if kind else a["kind"] != "organization")]
    require(f"{platform} offers an account to publish on", suitable, accounts)
    chosen = suitable[0]
    explained = all(each["message"] for each in chosen["missing_capabilities"])
    require(f"{platform}: whatever cannot be done is explained", explained, chosen)
    require(f"{platform}: it can be published to", "publish" in chosen["capabilities"], chosen)
    (connection,) = tour.call("POST", f"/v1/connections/pending/{handle}/confirm", {"account_ids": [chosen["id"]]})["items"]
    expect(f"the connection to {platform}", (connection["account_id"], connection["status"]), (chosen["id"], "active"))
    expect(f"{platform}: the connection works", tour.call("POST", f"/v1/connections/{connection['id']}/test")["ok"], True)
    return begun, accounts, connection


def stay_connected(tour: Tour) -> Shown:
    """A connection that ends soon is warned of, one that died says so, and both are renewed in place: same id, same history."""
    connection = tour.connections["linkedin"]
    path, columns = f"/v1/connections/{connection['id']}", {"state": "state", "reconnect by": "reconnect_by", "id": "id"}
    posts = len(tour.call("GET", f"/v1/posts?connection_id={connection['id']}&limit=100")["items"])
    seen: list[Json] = [tour.call("GET", path)]
    with tour.settings("linkedin", token_life_s=SOON_S):
        connect_account(tour, "linkedin", connection_id=connection["id"])
    tour.fire("RefreshTokens")
    seen.append(tour.call("GET", path))
    # As after the person removed the app, but for this one only: others are connected to the same simulator.
    with tour.faults({"platform": "linkedin", "preset": "revoked_token", "times": 1}):
        tested = tour.call("POST", f"{path}/test")
    expect("a test after the person removed the app", (tested["ok"], tested["error_class"]), (False, "reauth"))
    seen.append(tour.call("GET", path))
    connect_account(tour, "linkedin", connection_id=connection["id"])
    seen.append(tour.call("GET", path))
    expect("states", [each["state"] for each in seen], ["active", "expiring", "needs_reconnect", "active"])
    expect("connections", {each["id"] for each in seen}, {connection["id"]})
    kept = tour.call("GET", f"/v1/posts?connection_id={connection['id']}&limit=100")["items"]
    expect("posts of the connection", len(kept), posts)
    yield Table.of(seen, columns)
    told = tour.call("GET", f"/v1/notifications?subject_id={connection['id']}&limit=100")["items"]
    yield Table.of(sorted(told, key=lambda each: each["created_at"]), {"notice": "kind", "when": "created_at"})


def disconnect(tour: Tour) -> Shown:
    """Disconnecting withdraws the grant at the platform."""
    connection = tour.connections.pop("tiktok")
    answer = tour.call("DELETE", f"/v1/connections/{connection['id']}")
    expect("the grant is withdrawn", answer["revoked"], True)
    left = tour.call("GET", "/v1/connections")["items"]
    expect("connections that are left", sorted(c["platform"] for c in left), sorted(tour.connections))
    row = ("tiktok", answer["id"], answer["revoked"], len(left))
    yield Table(("disconnected", "connection", "grant withdrawn", "left"), [row])
