"""Marked traffic of scheduled posts: documents that a host of the user's has, and what is generated when it is due."""

from __future__ import annotations

import json
import secrets
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from local.demo.tour import Json, wait_for
from noillusion.scheduling.document import canonical
from tests.support.sources import File, Files

if TYPE_CHECKING:
    from tests.privacy.traffic import Traffic

HOST = "bucket.example.com"
DUE_S = 4
PATIENCE_S = 300


def scheduled(t: Traffic) -> None:
    """Sources that are published, refused in the rehearsal, and not what they were; generations with marked variables."""
    made = [*_pulled(t), *_generated(t)]
    _refused(t)
    t.tour.fire("CheckBeforeDue")
    for schedule in made:
        _wait(t, schedule)
    states = [_occurrence(t, schedule)["state"] for schedule in made]
    assert states.count("published") >= 2 and states.count("failed") >= 2, states


def _host(t: Traffic) -> Files:
    assert t.host is not None
    return t.host


def _document(t: Traffic, where: str) -> Json:
    marked = {"text": t.mark(f"{where} text"), "link": t.link(where), "first_comment": t.mark(f"{where} first comment")}
    return {"version": 1, "content": marked}


def _put(t: Traffic, where: str, document: Any) -> Json:
    """Host a document at a URL with marks, and return what a target says of it."""
    path = f"/{t.mark(f'{where} path')}.json"
    _host(t).files[path] = File(json.dumps(document).encode(), "application/json")
    query = f"X-Amz-Signature={t.mark(f'{where} signature')}&X-Amz-Security-Token={t.mark(f'{where} session token')}"
    return {"url": f"https://{HOST}{path}?{query}", "sha256": sha256(canonical(document)).hexdigest()}


def _ask(t: Traffic, target: Json, seconds: float = DUE_S) -> Any:
    due_at = (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat()
    body = {"due_at": due_at, "targets": [{"connection_id": t.connection("facebook"), **target}]}
    return t.send("POST", "/v1/schedules", body, t.fresh_key("schedule"))


def _made(t: Traffic, target: Json, seconds: float = DUE_S) -> str:
    answer = _ask(t, target, seconds)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def _pulled(t: Traffic) -> list[str]:
    good = _put(t, "a source", _document(t, "a source"))
    changed = _put(t, "a source that changes", _document(t, "a source that changes"))
    long = _put(t, "a source for later", _document(t, "a source for later"))
    made = [_made(t, {"pull": good}), _made(t, {"pull": changed})]
    for path, file in _host(t).files.items():
        if path in changed["url"]:
            file.data = json.dumps(_document(t, "what a source became")).encode()
    # It waits, sealed, while everything is searched.
    _made(t, {"pull": long}, 90_000)
    return made


def _generated(t: Traffic) -> list[str]:
    topic = f"{t.mark('scheduled topic')} echo:{t.mark('scheduled topic, echoed by the model')}"
    asked = {
        "topic": topic,
        **{name: t.mark(f"scheduled {name}") for name in ("tone", "audience", "call_to_action")},
        "keep": [t.mark("scheduled word to keep")],
        "avoid": [t.mark("scheduled word to avoid")],
        "length": "short",
        "accept_unattended": True,
    }
    template = {
        "template_id": t.tour.ids["template"],
        "variables": {"thing": t.mark("scheduled variable")},
        "accept_unattended": True,
    }
    made = [_made(t, {"way": "generate", "generate": each}) for each in (asked, template)]
    _made(t, {"way": "generate", "generate": {**asked, "topic": t.mark("topic for later")}}, 90_000)
    gone = {"name": "Gone", "content_mode": "personal", "user_text": "{topic}"}
    gone_id = t.send("POST", "/v1/templates", gone, t.fresh_key("gone")).json()["id"]
    named = {"template_id": gone_id, "topic": t.mark("topic of a template that goes"), "accept_unattended": True}
    made.append(_made(t, {"way": "generate", "generate": named}))
    assert t.send("DELETE", f"/v1/templates/{named['template_id']}").status_code == 204
    return made


def _refused(t: Traffic) -> None:
    """What the rehearsal and the validation refuse, with marks in every place."""
    wrong = {"version": 1, "content": {"text": [t.mark("wrong text")], t.mark("unknown member"): t.mark("unknown value")}}
    long = {"version": 1, "content": {"text": t.mark("long text") * 6000}}
    for target in (
        {"pull": {**_put(t, "another hash", _document(t, "another hash")), "sha256": secrets.token_hex(32)}},
        {"pull": _put(t, "a wrong document", wrong)},
        {"pull": _put(t, "a long document", long)},
        {"pull": {"url": f"https://{HOST}/{t.mark('path of nothing')}", "sha256": secrets.token_hex(32)}},
        {"pull": {"url": f"https://{t.mark('host')}.invalid/{t.mark('path')}", "sha256": secrets.token_hex(32)}},
        {"pull": {"url": f"ftp://{t.mark('wrong url')}", "sha256": t.mark("wrong hash")}},
        {"way": "generate", "generate": {"topic": t.mark("without consent"), "accept_unattended": False}},
        {
            "way": "generate",
            "generate": {"topic": t.mark("unknown variables"), "variables": {"v": t.mark("variable of nothing")}},
        },
    ):
        answer = _ask(t, target)
        assert answer.status_code == 422, answer.text


def _occurrence(t: Traffic, schedule: str) -> Json:
    found: Json = t.tour.call("GET", f"/v1/schedules/{schedule}")["targets"][0]["occurrence"]
    return found


def _wait(t: Traffic, schedule: str) -> None:
    wait_for("a scheduled post is over", lambda: _occurrence(t, schedule)["state"] not in ("pending", "running"), PATIENCE_S)
