"""Steps: templates and generated texts."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from local.demo.samples import Columns, Shown
from local.demo.tour import Json, Table, Tour, canonical, expect, quote, require
from local.simulators.registry import PLATFORMS, PROVIDERS


def use_templates(tour: Tour) -> Shown:
    """The product's templates, and one of one's own."""
    system = tour.call("GET", "/v1/templates?scope=system")["items"]
    require("there are built-in templates", len(system) >= 3, len(system))
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
    expect(
        "the filled-in template",
        preview["user_text"],
        "Invite people to an open evening on Facebook. Topic: <brief>repair</brief>",
    )
    columns = {"template": "name", "origin": "origin", "mode": "content_mode", "version": "version"}
    yield Table.of([*system, own], columns)
    yield quote("Filled in:", f"{preview['system_text']}\n{preview['user_text']}", 6)


def keep_templates(tour: Tour) -> Shown:
    """Versions of an own template, a check, a file of it; and a template of somebody else that is changed and reported."""
    path = f"/v1/templates/{tour.ids['template']}"
    own = tour.call("GET", path)
    changed = {field: own[field] for field in ("name", "content_mode", "system_text", "variables")}
    tour.call("PUT", path, {**changed, "user_text": "Write about {topic} for {event}, {guests} }}"})
    checked = tour.call("POST", "/v1/templates/lint", {"template_id": own["id"]})["findings"]
    expect("the remarks", {each["code"] for each in checked}, {"undeclared_variable", "braces_vanish"})
    restored = tour.call("POST", f"{path}/versions/1/restore")
    versions = tour.call("GET", f"{path}/versions")["items"]
    expect("the versions", ([each["version"] for each in versions], restored["user_text"]), ([3, 2, 1], own["user_text"]))
    document = tour.call("GET", f"{path}/export")
    taken = tour.call("POST", "/v1/templates/import", document, status=201)["template"]
    expect("where the imported template comes from", taken["lineage"], [{"template_id": own["id"], "version": 3}])
    author = Tour(tour.run)
    author.http = tour.http
    author.sign_in()
    name = f"Évènement {author.word}"
    shared = author.call("POST", "/v1/templates", {**changed, "name": name, "user_text": "First"}, status=201)
    theirs = f"/v1/templates/{shared['id']}"
    author.call("POST", f"{theirs}/share")
    found = tour.call("GET", f"/v1/templates?scope=community&sort=rating&q=EVENEMENT {author.word}")["items"]
    expect("the templates found", [each["id"] for each in found], [shared["id"]])
    author.call("PUT", theirs, {**changed, "name": name, "user_text": "Second"})
    pinned = tour.call("PUT", f"{theirs}/pin", {"version": 1})["pin"]
    tour.call("PUT", f"{theirs}/report", {"reason": "spam"}, status=204)
    expect("a reported template", tour.send("GET", theirs).status_code, 404)
    author.call("DELETE", "/v1/profile")
    yield Table.of(checked, {"remark": "code", "part": "place", "what": "found"})
    yield Table.of(versions, {"version": "version", "current": "is_current", "created": "created_at"})
    yield f"imported: version {document['lineage'][0]['version']}; of somebody else's: version {pinned['version']}"


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


def no_ai(tour: Tour) -> Shown:
    """No provider answers: static content stands in, is marked, and the trail says what was tried."""
    with tour.faults(*({"platform": provider, "preset": "overloaded", "times": -1} for provider in PROVIDERS)):
        answer = tour.call("POST", "/v1/generate", _brief(tour))
    attempts = answer["transparency"]["attempts"]
    expect("the source of the texts", (answer["source"], answer["transparency"]["provider"]), ("static", "static"))
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
