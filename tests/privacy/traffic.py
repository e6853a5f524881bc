"""Sends marked values through the product: every content and secret field, through success, refusals, failures and crashes.

``EVERYTHING`` lists the journeys. Each returns nothing: what the product kept of it is found out by ``search``.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx

from local.demo.accounts import connect, connect_account
from local.demo.privacy import export_parts
from local.demo.tour import Json, Tour, wait_for
from local.simulators.registry import PLATFORMS
from local.testing import Running
from tests.privacy import days
from tests.privacy.files import film, picture
from tests.privacy.held import hold
from tests.privacy.scheduled import scheduled
from tests.privacy.search import Known, Markers
from tests.support.movies import box, movie
from tests.support.sources import Files

PROVIDERS = ("openai", "anthropic", "google")
CONSENT = {"tiktok": {"privacy_level": "PUBLIC_TO_EVERYONE", "consent": True}}
KEY_FORMS = {"openai": "sk-{}-tail", "anthropic": "sk-ant-{}-tail", "google": "AIza{}-tail"}

# One preset of each class that a platform can answer with; the last column ends the connection.
REFUSALS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "facebook": (
        ("invalid_parameter", "permission_denied", "rate_limited", "policy_block", "duplicate", "link_not_scraped", "not_found",
         "transient", "server_error", "unknown_error", "development_mode", "list_without_data", "bad_url", "image_rejected"),
        ("expired_token", "app_removed"),
    ),
    "instagram": (
        ("quota_used", "spam_block", "account_restricted", "not_ready", "container_missing", "media_fetch", "image_ratio",
         "caption_too_long", "transient", "server_failed", "silent_403", "rate_limited", "not_found", "permission_denied"),
        ("expired_token", "checkpoint"),
    ),
    "linkedin": (
        ("access_denied", "duplicate", "too_long", "invalid_value", "invalid_image", "rate_limited", "transient", "bad_gateway",
         "created_without_id", "nonexistent_version", "conflict", "not_found", "unpermitted_fields", "unavailable"),
        ("expired_token", "revoked_token"),
    ),
    "tiktok": (
        ("scope_not_authorized", "invalid_param", "rate_limit_exceeded", "spam_risk", "reached_active_user_cap", "bad_gateway",
         "unaudited_client_can_only_post_to_private_accounts", "url_ownership_unverified", "privacy_level_option_mismatch",
         "internal_error", "spam_risk_text", "invalid_publish_id", "transient", "unavailable"),
        ("access_token_invalid", "expired_token"),
    ),
}  # fmt: skip

COMMITS = {
    "facebook": r"/(feed|photos)$",
    "instagram": "media_publish",
    "linkedin": "rest/posts$",
    "tiktok": "content/init",
}
"""Where a platform makes a post public."""


def _linkedin_refusal(mark: str) -> Json:
    wrong = {"description": mark, "input": {"inputPath": {"fieldPath": "/commentary"}, "value": mark}}
    return {"message": f"Field commentary: {mark}", "status": 422, "errorDetails": {"inputErrors": [wrong]}, "x": mark}


QUOTING: Mapping[str, tuple[int, Callable[[str], Any]]] = {
    "facebook": (400, lambda m: {"error": {"message": f"(#100) bad: {m}", "type": m, "code": 100, "error_user_msg": m, "x": m}}),
    "instagram": (400, lambda m: {"error": {"message": m, "code": 100, "error_user_title": m, "error_user_msg": m}, "id": m}),
    "linkedin": (422, _linkedin_refusal),
    "tiktok": (400, lambda m: {"error": {"code": "invalid_param", "message": f"title {m}", "log_id": m}, "data": {"x": m}}),
}
"""Refusals that quote what was sent."""


def _linkedin_codes(mark: str) -> Json:
    return {"code": mark, "serviceErrorCode": mark, "status": 400, "errorDetails": {"inputErrors": [{"code": mark}]}}


ECHOING: Mapping[str, Callable[[str], Any]] = {
    **dict.fromkeys(("facebook", "instagram"), lambda m: {"error": {"message": m, "type": m, "code": m, "error_subcode": m}}),
    "linkedin": _linkedin_codes,
    "tiktok": lambda m: {"error": {"code": m, "message": m}},
}
"""Refusals with what was sent where a code belongs."""

TIKTOK_FAILED = {"error": {"code": "ok", "message": ""}}
ANSWERS: Mapping[str, Callable[[str], Json]] = {
    "openai": lambda m: {
        "id": "resp_1", "object": "response", "status": "completed", "model": m, "output": [], "usage": None,
    },
    "anthropic": lambda m: {
        "id": "msg_1", "type": "message", "role": "assistant", "model": m, "content": [], "stop_reason": "end_turn",
        "usage": {"input_tokens": 1, "output_tokens": 1},
    },
    "google": lambda m: {"candidates": [{"finishReason": "STOP"}], "modelVersion": m},
}  # fmt: skip
"""Answers with what was sent where the name of the model that answered belongs."""


class Traffic:
    """One person's marked traffic, and what others made that must not be kept either."""

    def __init__(self, runtime: Running, tour: Tour) -> None:
        self.runtime, self.tour = runtime, tour
        self.content, self.stored = Markers(), Markers()
        self.known = Known(self.content)
        self.answers: list[tuple[str, int, str]] = []
        self.host: Files | None = None
        """The host of content documents."""
        self.exported = ""
        """All parts of an export and the notices, as they were answered."""
        self._texts = 0

    def mark(self, field: str) -> str:
        """A value that may be kept nowhere."""
        return self.content.new(field)

    def send(self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None) -> httpx.Response:
        """One request; the answer is remembered if it is a refusal."""
        answer = self.tour.send(method, path, body, headers)
        if answer.status_code >= 400:
            self.answers.append((f"{method} {path.partition('?')[0]}", answer.status_code, answer.text))
        return answer

    def raw(self, method: str, path: str, content: bytes | str, content_type: str = "application/json") -> httpx.Response:
        """One request with a body as it is."""
        headers = {"authorization": f"Bearer {self.tour.token}", "content-type": content_type}
        answer = self.tour.http.request(method, f"{self.tour.run['api']}{path}", content=content, headers=headers)
        if answer.status_code >= 400:
            self.answers.append((f"{method} {path.partition('?')[0]}", answer.status_code, answer.text))
        return answer

    def side_by_side(self, work: Sequence[Callable[[], Any]]) -> None:
        """Do several things at once; every exception counts."""
        with ThreadPoolExecutor(3) as pool:
            for done in [pool.submit(one) for one in work]:
                done.result()

    def connection(self, platform: str) -> str:
        """The id of the person's connection."""
        return str(self.tour.connections[platform]["id"])

    def everything_written(self, where: str, platform: str) -> Json:
        """Content with a marker in every field that the platform takes, as one target."""
        self._texts += 1
        content: Json = {"text": f"{self.mark(f'{where} {platform} text')} number {self._texts}"}
        if platform in ("instagram", "tiktok"):
            address = f"https://media.example/photo.jpg?v={self.mark(f'{where} {platform} media url')}"
            content["media"] = [{"url": address, "alt_text": self.mark(f"{where} {platform} alt text")}]
        elif self._texts % 2:
            content["link"] = self.link(f"{where} {platform}")
        options = {"options": CONSENT} if platform == "tiktok" else {}
        return {"connection_id": self.connection(platform), "content": content, **options}

    def link(self, where: str) -> Json:
        """A link with a marker in every field."""
        return {
            "url": f"https://example.com/{self.mark(f'{where} link url')}",
            "title": self.mark(f"{where} link title"),
            "description": self.mark(f"{where} link description"),
        }

    def publish(self, targets: list[Json], shared: Json | None = None) -> httpx.Response:
        """Publish under a fresh key."""
        return self.send("POST", "/v1/posts", {"targets": targets, "content": shared}, self.fresh_key("publish"))

    def form(self, parts: list[tuple[str, tuple[Any, ...]]], expected: int) -> httpx.Response:
        """Publish a form with files under a fresh key."""
        headers = {"authorization": f"Bearer {self.tour.token}", **self.fresh_key("form")}
        answer = self.tour.http.post(f"{self.tour.run['api']}/v1/posts", files=parts, headers=headers)
        assert answer.status_code == expected, answer.text
        if answer.status_code >= 400:
            self.answers.append(("POST /v1/posts", answer.status_code, answer.text))
        return answer

    def fresh_key(self, where: str) -> dict[str, str]:
        """The header with an idempotency key that was never used."""
        return {"idempotency-key": f"{self.mark(f'{where} key')}-{secrets.token_hex(4)}"}

    def fault(self, **fields: Any) -> None:
        """Inject a fault."""
        self.tour.control("POST", "faults", fields)


# ---- journeys --------------------------------------------------------------------------------------------------------------


def keep_what_is_kept(t: Traffic) -> None:
    """What is stored on purpose: profile, template texts, labels. The search must find it, and in the database only."""
    fields = {name: t.stored.new(name) for name in ("display_name", "bio", "mission_statement")}
    assert t.send("PATCH", "/v1/profile", {**fields, "skills": [t.stored.new("skill")]}).status_code == 200
    body = {
        "name": t.stored.new("template name"),
        "content_mode": "personal",
        # Long enough for a database to put it aside, in chunks.
        "system_text": f"{t.stored.new('system text')} {'and so on ' * 600}{t.stored.new('end of the system text')}",
        "user_text": f"{t.stored.new('user text')} {{thing}}",
        "description": t.stored.new("template description"),
        "variables": [{"name": "thing", "description": t.stored.new("description of a variable"), "required": False}],
    }
    answer = t.send("POST", "/v1/templates", body, t.fresh_key("template"))
    assert answer.status_code == 201, answer.text
    t.tour.ids["template"] = answer.json()["id"]
    # Words for the search, a copy that lists show, and a document.
    assert t.send("POST", f"/v1/templates/{t.tour.ids['template']}/share").status_code == 200
    imported = {"name": t.stored.new("imported name"), "content_mode": "personal", "user_text": t.stored.new("imported text")}
    document = {"format": "noillusion-template", "format_version": 1, "template": imported}
    assert t.send("POST", "/v1/templates/import", document, t.fresh_key("import")).status_code == 201
    assert t.send("GET", f"/v1/templates/{t.tour.ids['template']}/export").status_code == 200
    assert t.send("GET", f"/v1/templates?q={imported['name']}").json()["items"]


def store_keys(t: Traffic) -> None:
    """AI keys that are stored, and keys that are refused."""
    for provider in PROVIDERS:
        key = KEY_FORMS[provider].format(t.mark(f"stored key of {provider}"))
        assert t.send("PUT", f"/v1/profile/ai-keys/{provider}", {"key": key}).status_code == 200
        for wrong in (t.mark("long key") * 40, 7, [t.mark("key in a list")], {"key": t.mark("key in an object")}):
            assert t.send("PUT", f"/v1/profile/ai-keys/{provider}", {"key": wrong}).status_code == 422
    t.send("PUT", f"/v1/profile/ai-keys/{t.mark('provider in the path')}", {"key": t.mark("key of an unknown provider")})


def connect_accounts(t: Traffic) -> None:
    """The dance, with what the browser carries noted; forged, declined and failing ways back."""
    list(connect(t.tour))
    label = t.send("PATCH", f"/v1/connections/{t.connection('tiktok')}", {"label": t.stored.new("label")})
    assert label.status_code == 200, label.text
    for platform in PLATFORMS:
        _carry(t, platform)
        _broken_ways_back(t, platform)


def _carry(t: Traffic, platform: str) -> None:
    begun = t.send("POST", f"/v1/connections/{platform}/authorize", {}).json()
    t.known.secrets[f"state of {platform}"] = parse_qs(urlsplit(begun["authorization_url"]).query)["state"][0]
    location = t.tour.follow(begun["authorization_url"]).headers["location"]
    t.known.secrets[f"code of {platform}"] = parse_qs(urlsplit(location).query)["code"][0]
    handle = t.tour.follow(location).json()["pending_id"]
    t.known.secrets[f"handle of {platform}"] = handle
    assert t.send("GET", f"/v1/connections/pending/{handle}").status_code == 200
    wrong = {"account_ids": [t.mark("account id")]}
    assert t.send("POST", f"/v1/connections/pending/{handle}/confirm", wrong).status_code == 422
    if platform in ("instagram", "tiktok"):
        assert t.send("DELETE", f"/v1/connections/pending/{handle}").status_code == 200


def _broken_ways_back(t: Traffic, platform: str) -> None:
    def back(**query: str) -> None:
        answer = t.tour.http.get(f"{t.tour.run['api']}/v1/oauth/{platform}/callback", params=query)
        t.answers.append((f"callback of {platform}", answer.status_code, answer.text))

    def state() -> str:
        begun = t.send("POST", f"/v1/connections/{platform}/authorize", {}).json()
        return str(parse_qs(urlsplit(begun["authorization_url"]).query)["state"][0])

    back(state=t.mark(f"{platform} forged state"), code=t.mark(f"{platform} code beside a forged state"))
    back(state=state(), code=t.mark(f"{platform} code that cannot be exchanged"))
    back(state=state(), error="access_denied", error_description=t.mark(f"{platform} error description"))
    back(state=state(), error=t.mark(f"{platform} error"), extra=t.mark(f"{platform} extra"))
    back(state=state(), **{name: t.mark(f"{platform} {name}") for name in ("error_code", "error_reason", "error_message")})
    back(state=state(), error="server_error", error_code="1349126", error_message=t.mark(f"{platform} message of a known error"))
    quoting = {"error": "invalid_request", "error_description": t.mark("refused exchange"), "message": t.mark("refused exchange")}
    echoing = {name: t.mark(f"refused exchange as {name}") for name in ("error", "error_type", "code")}
    for refusal in (quoting, echoing):
        t.fault(platform=platform, path="token", status=400, body=refusal)
        back(state=state(), code=t.mark(f"{platform} code whose exchange is refused"))
        t.tour.clear_faults()
    t.fault(platform=platform, path="token", times=-1, drop=True)
    back(state=state(), code=t.mark(f"{platform} code whose exchange is cut"))
    t.tour.clear_faults()
    address = t.mark("return address")
    t.send("POST", f"/v1/connections/{platform}/authorize", {"return_url": f"https://evil.example/{address}"})


def webhooks(t: Traffic) -> None:
    """Endpoints with a key in their URL, of which one fails; tests, rotations, and requests for URLs that are refused."""
    for number, path in enumerate(("in", "in/500")):
        url = f"https://hooks.example/{path}?key={t.mark(f'key of a webhook {number}')}"
        made = t.tour.call("POST", "/v1/webhooks", {"url": url}, status=201, key=t.mark(f"key of a request for webhook {number}"))
        secrets = [made["secret"], t.tour.call("POST", f"/v1/webhooks/{made['id']}/rotate-secret")["secret"]]
        t.known.secrets |= {
            f"secret {number} of a webhook, {when}": key for key, when in zip(secrets, ("old", "new"), strict=True)
        }
        tested = t.tour.call("POST", f"/v1/webhooks/{made['id']}/test")
        assert tested["state"] == ("delivered" if number == 0 else "failed")
        t.tour.call("POST", f"/v1/webhooks/{made['id']}/deliveries/{tested['id']}/replay", status=202)
    for host in ("127.0.0.1", "nothing.invalid", "hooks.example:8443"):
        assert t.send("POST", "/v1/webhooks", {"url": f"https://{host}/{t.mark('refused webhook')}"}).status_code == 422


def callbacks(t: Traffic) -> None:
    """What platforms call: forged, and signed with marks in fields that mean nothing."""
    api = t.tour.run["api"]
    for path in ("/v1/callbacks/meta/deauthorize", "/v1/callbacks/meta/data-deletion"):
        forged = urlencode({"signed_request": f"{t.mark('signature')}.{t.mark('payload')}", "other": t.mark("form field")})
        answer = t.tour.http.post(f"{api}{path}", content=forged, headers={"content-type": "application/x-www-form-urlencoded"})
        t.answers.append((path, answer.status_code, answer.text))
        claims = {"algorithm": "HMAC-SHA256", "issued_at": int(time.time()), "user_id": t.mark("person of no account")}
        claims["note"] = t.mark("claim")
        payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=")
        signature = base64.urlsafe_b64encode(hmac.new(b"facebook-app-secret", payload, hashlib.sha256).digest()).rstrip(b"=")
        signed = t.tour.http.post(f"{api}{path}", data={"signed_request": f"{signature.decode()}.{payload.decode()}"})
        assert signed.status_code == 200, signed.text
        if "confirmation_code" in signed.json():
            t.known.secrets["confirmation code"] = signed.json()["confirmation_code"]
    for path in ("profile/deletion", "callbacks/meta/data-deletion"):
        assert t.send("GET", f"/v1/{path}/{t.mark('code of no receipt')}").status_code == 404
    body = json.dumps({"event": t.mark("event"), "user_openid": t.mark("open id"), "content": {"reason": t.mark("reason")}})
    stamp = str(int(time.time()))
    for secret in (b"tiktok-app-secret", b"wrong"):
        signature_hex = hmac.new(secret, f"{stamp}.{body}".encode(), hashlib.sha256).hexdigest()
        headers = {"tiktok-signature": f"t={stamp},s={signature_hex}", "content-type": "application/json"}
        t.tour.http.post(f"{api}/v1/callbacks/tiktok", content=body, headers=headers)


def generate(t: Traffic) -> None:
    """Every content field of generation, kept keys and passed keys, every task, and what the model answers."""
    for task in ("generate", "ideas", "improve"):
        for path in ("/v1/generate/preview", "/v1/generate"):
            headers = _passed(t) | (t.fresh_key(task) if path == "/v1/generate" else {})
            assert t.send("POST", path, _brief(t, task), headers).status_code == 200
    template = {
        "template_id": t.tour.ids["template"],
        "variables": {"thing": t.mark("variable"), "other": t.mark("unknown variable")},
    }
    t.send("POST", "/v1/generate", {"task": "generate", "platforms": ["facebook"], **template})
    # The name of a model is kept with the usage. Operators do not see one that the user made up.
    named = {provider: t.stored.new(f"model of {provider}") for provider in PROVIDERS}
    t.send("POST", "/v1/generate", _brief(t, "generate", models=named), _passed(t))
    inline = {"user_text": t.mark("inline template"), "system_text": t.mark("inline system text")}
    filled = {"variables": {"v": t.mark("preview variable")}, "topic": t.mark("preview topic"), "text": t.mark("preview text")}
    assert t.send("POST", "/v1/templates/preview", {"template": inline, **filled}).status_code == 200
    checked = {name: t.mark(f"checked {name}") for name in inline}
    assert t.send("POST", "/v1/templates/lint", {"template": checked}).status_code == 200
    t.send("GET", f"/v1/templates?q={t.mark('search')}&tag={t.mark('tag')}")


def _brief(t: Traffic, task: str, **more: Any) -> Json:
    said: Json = {"topic": f"{t.mark(f'{task} topic')} echo:{t.mark(f'{task} echoed by the model')}"}
    if task == "improve":
        said["text"] = t.mark("text to improve")
    return {"task": task, "platforms": ["facebook", "tiktok"], **_wishes(t, task), **said, **more}


def _wishes(t: Traffic, task: str) -> Json:
    return {
        **{name: t.mark(f"{task} {name}") for name in ("tone", "audience", "call_to_action")},
        "keep": [t.mark(f"{task} word to keep")],
        "avoid": [t.mark(f"{task} word to avoid")],
        "variants": 2,
    }


def _passed(t: Traffic) -> dict[str, str]:
    return {f"x-ai-key-{p}": KEY_FORMS[p].format(t.mark(f"passed key of {p}")) for p in PROVIDERS}


def models_fail(t: Traffic) -> None:
    """Every preset of every provider, and answers of their own making. Each has a model of its own, or it would be cooling."""
    described = t.tour.control("GET", "")["hosts"]
    t.side_by_side([partial(_fail, t, provider, sorted(described[provider]["presets"])) for provider in PROVIDERS])
    for provider in PROVIDERS:
        for reply in ("{}", json.dumps({"facebook": {"text": "{}", "hashtags": ["{}"]}}), "[1, {}"):
            t.tour.control("POST", f"{provider}/settings", {"reply": reply.replace("{}", t.mark(f"reply of {provider}"))})
            t.send("POST", "/v1/generate", _brief(t, "generate", providers=[provider]), _passed(t))
        t.tour.control("POST", f"{provider}/settings", {"reply": None})


def _fail(t: Traffic, provider: str, presets: Sequence[str]) -> None:
    quoted = {"error": {"message": t.mark("provider's message"), "type": t.mark("type"), "code": 400, "status": t.mark("status")}}
    faults: list[Json] = [{"preset": name} for name in presets]
    echoed = {"error": {name: t.mark(f"echoed as {name}") for name in ("code", "type", "status", "message", "error_code")}}
    faults += [{"status": status, "body": body} for body in (quoted, echoed) for status in (400, 401, 404, 429, 500)]
    faults += [{"status": 200, "body": ANSWERS[provider](t.mark("echoed as the model"))}]
    faults += [{"status": 502, "body": f"<html>{t.mark('page')}</html>"}, {"status": 200, "body": t.mark("not json")}]
    faults += [{"drop": True}, {"drop": True, "when": "after"}, {"truncate": True, "when": "after"}]
    for number, fault in enumerate(faults):
        model = f"model-{number}"
        t.fault(platform=provider, **{"times": 1, **fault})
        body = _brief(t, "generate", providers=[provider], models={provider: model})
        answer = t.send("POST", "/v1/generate", body, _passed(t))
        assert answer.status_code == 200, answer.text


def keys_fail(t: Traffic) -> None:
    """Stored keys that a provider refuses, when they are saved and when they are used, in words that quote what was sent."""
    for provider in PROVIDERS:
        told = {name: t.mark(f"{provider} about a key, as {name}") for name in ("message", "type", "code", "status", "reason")}
        refusals: list[Json] = [{"status": status, "body": {"error": told}} for status in (401, 402, 403, 429, 500)]
        for number, refusal in enumerate(refusals):
            key = KEY_FORMS[provider].format(t.mark(f"key of {provider} that is refused when it is saved"))
            t.fault(platform=provider, method="GET", times=1, **refusal)
            assert t.send("PUT", f"/v1/profile/ai-keys/{provider}", {"key": key}).status_code in (200, 422)
            key = KEY_FORMS[provider].format(t.mark(f"key of {provider} that is refused when it is used"))
            assert t.send("PUT", f"/v1/profile/ai-keys/{provider}", {"key": key, "verify": False}).status_code == 200
            t.fault(platform=provider, method="POST", times=1, **refusal)
            # Each has a model of its own, or it would be cooling.
            models = {provider: f"refused-{number}"}
            answer = t.send("POST", "/v1/generate", _brief(t, "generate", providers=[provider], models=models))
            assert answer.status_code == 200, answer.text
            kept = {row["provider"]: row for row in t.send("GET", "/v1/profile").json()["ai_keys"]}
            assert kept[provider]["last_error"], "the refusal is noted"
        t.tour.clear_faults()


def texts_are_repaired(t: Traffic) -> None:
    """Answers that break rules are sent back with what is wrong, and the second answer is as bad, refused or lost."""
    for provider in PROVIDERS:
        for second in (
            {},
            {"status": 400, "body": {"error": {"message": t.mark("refused repair")}}},
            {"drop": True, "when": "after"},
        ):
            text = f"**{t.mark('text to repair')}** https://not.given.example/{t.mark('link to repair')}"
            reply = json.dumps({"facebook": {"text": text, "hashtags": [t.mark("hashtag to repair")]}})
            t.tour.control("POST", f"{provider}/settings", {"reply": reply})
            if second:
                t.fault(platform=provider, method="POST", skip=1, times=1, **second)
            body = {"task": "generate", "platforms": ["facebook"], "topic": t.mark("topic of a repair"), "providers": [provider]}
            answer = t.send("POST", "/v1/generate", body, _passed(t))
            assert answer.json()["transparency"]["repair"] is not None, answer.text
            t.tour.clear_faults()
        t.tour.control("POST", f"{provider}/settings", {"reply": None})


# A valid body of each route that takes one; ids are filled in when it is sent.
def _bodies(t: Traffic) -> Iterator[tuple[str, str, Json]]:
    targets = [t.everything_written("valid", platform) for platform in PLATFORMS]
    variable = {"name": "thing", "type": "choice", "description": "d", "choices": ["a"], "default": "a", "required": True}
    prompt = {"system_text": "s", "user_text": "u {thing}", "variables": [variable]}
    template = {**prompt, "name": "n", "description": "d", "content_mode": "personal", "platforms": ["facebook"], "tags": ["tag"]}
    file = {"url": "https://media.example/a.jpg", "content_type": "image/jpeg"}
    media = [{"kind": "image", **file, "alt_text": "a", "title": "t", "thumbnail": file, "captions": file}]
    link = {"url": "https://example.com/", "title": "t", "description": "d", "thumbnail": file}
    poll = {"question": "q", "options": ["a", "b"]}
    content = {"text": "t", "link": link, "media": media, "poll": poll, "first_comment": "c"}
    yield "POST", "/v1/posts", {"content": content, "targets": targets, "repost_of": None}
    yield "POST", "/v1/posts/check", {"content": content, "targets": targets}
    yield "POST", "/v1/generate", _brief(t, "improve", variables={"v": "x"}, language="German", max_output_tokens=300)
    yield "POST", "/v1/generate/preview", _brief(t, "improve", variables={"v": "x"}, include_hashtags=True)
    yield "POST", "/v1/templates/preview", {"template": prompt, "variables": {"v": 1}, "topic": "t", "text": "x"}
    yield "POST", "/v1/templates", {**template, "is_default": False}
    yield "PUT", f"/v1/templates/{t.tour.ids['template']}", {**template, "version": 1}
    document = {"format": "noillusion-template", "format_version": 1}
    document |= {"template": {"name": "n", "content_mode": "personal", "user_text": "u"}}
    yield "POST", "/v1/templates/import", {**document, "lineage": [{"template_id": t.tour.ids["template"], "version": 1}]}
    yield "POST", "/v1/templates/lint", {"template_id": t.tour.ids["template"]}
    yield "PUT", f"/v1/templates/{t.tour.ids['template']}/report", {"reason": "spam"}
    yield "PUT", f"/v1/templates/{t.tour.ids['template']}/pin", {"version": 1}
    yield "POST", f"/v1/templates/{t.tour.ids['template']}/copy", {"name": "c"}
    yield "PATCH", "/v1/profile", {"display_name": "d", "skills": ["s"], "time_zone": "UTC", "ai_preferences": {"fallback": True}}
    yield "PATCH", f"/v1/connections/{t.connection('facebook')}", {"label": "l"}
    yield "POST", "/v1/connections/tiktok/authorize", {"return_url": "http://localhost:3000/"}
    yield (
        "POST",
        f"/v1/posts/{t.tour.ids['post']}/retry",
        {"content": content, "options": CONSENT, "targets": [{"target_id": "x"}]},
    )
    yield "PATCH", f"/v1/posts/{t.tour.ids['post']}", {"text": "t", "targets": ["x"]}
    yield "PUT", "/v1/profile/ai-keys/openai", {"key": "sk-valid-key"}
    yield "POST", "/v1/webhooks", {"url": "https://hooks.example/in", "events": ["publish_failed"]}
    yield "PATCH", "/v1/notifications", {"unread": False, "until": "2026-11-22T12:00:00Z"}


def the_same_key_at_once(t: Traffic) -> None:
    """Requests that race for one key, so that a unique index refuses some of them and the database's log says which."""
    for round_ in range(5):
        body = {"targets": [t.everything_written("race", "linkedin")]}
        key = t.fresh_key("race")
        t.side_by_side([partial(t.send, "POST", "/v1/posts", body, key) for _ in range(3)])
        brief, key = _brief(t, "generate"), t.fresh_key(f"race {round_}")
        t.side_by_side([partial(t.send, "POST", "/v1/generate", brief, {**_passed(t), **key}) for _ in range(3)])


def wrong_requests(t: Traffic) -> None:
    """Each field of each body wrong in each way, malformed bodies, wrong types, paths, queries and headers."""
    bodies = list(_bodies(t))
    t.side_by_side([partial(_each_field_wrong, t, *one) for one in bodies])
    for method, path, _ in bodies:
        mark = t.mark(f"{method} {path} as a whole")
        for body in (f'{{"text": "{mark}"', f'"{mark}"', f'["{mark}"]', f"\x00{mark}", json.dumps({"x": mark * 30_000})):
            assert 400 <= t.raw(method, path, body).status_code < 500
        assert t.raw(method, path, json.dumps({"text": mark}), "text/plain").status_code == 415
    for path in (
        "/v1/posts/{}",
        "/v1/posts?cursor={}",
        "/v1/posts?limit={}",
        "/v1/notifications?cursor={}",
        "/v1/profile/export/{}",
        "/v1/connections/pending/{}",
        "/{}",
        "/v1/templates/{}",
    ):
        assert t.send("GET", path.format(t.mark(path))).status_code in (404, 422)
    for path in (
        "/v1/posts/{}/record",
        "/v1/posts/00000000-0000-4000-8000-000000000000/record?accept_unknown={}",
        "/v1/notifications?before={}",
        "/v1/ai/usage?before={}",
    ):
        assert t.send("DELETE", path.format(t.mark(path))).status_code in (404, 422)
    for path in ("/v1/ai/usage?from={}", "/v1/analytics/summary?from={}&platform={}", "/v1/callbacks/meta/data-deletion/{}"):
        t.send("GET", path.replace("{}", t.mark(path)))
    for header in ("idempotency-key", "x-ai-key-openai", "authorization", "accept", "x-correlation-id", "traceparent"):
        value = t.mark(f"header {header}")
        t.send("POST", "/v1/generate", _brief(t, "generate"), {header: value * 40})
        t.send(
            "GET", "/v1/templates", headers={header: f"Bearer {value}.{value}.{value}" if header == "authorization" else value}
        )
    t.send("POST", "/v1/posts", {"targets": [t.everything_written("no key", "facebook")]})


def _each_field_wrong(t: Traffic, method: str, path: str, valid: Json) -> None:
    for where in _leaves(valid):
        mark = t.mark(f"{method} {path} {'.'.join(map(str, where))}")
        for wrong in (mark + "x" * 90_000, {mark: mark}, [mark, 1], f"{mark}\x00"):
            # An unknown field beside it makes sure that nothing valid is carried out.
            body = {**_with(valid, where, wrong), "unknown": mark}
            answer = t.send(method, path, body, {"idempotency-key": "never-used"})
            assert answer.status_code in (404, 422), (method, path, where, answer.text)


def _leaves(value: Any, where: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _leaves(item, (*where, name))
    elif isinstance(value, list) and value:
        yield from _leaves(value[0], (*where, 0))
    else:
        yield where


def _with(value: Any, where: tuple[Any, ...], new: Any) -> Any:
    if not where:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[where[0]] = _with(copy[where[0]], where[1:], new)
    return copy


def publish(t: Traffic) -> None:
    """One request with every field on every platform: checked, then published."""
    targets = [t.everything_written("publish", platform) for platform in PLATFORMS]
    t.send("POST", "/v1/posts/check", {"targets": targets})
    answer = t.publish(targets)
    assert answer.status_code in (201, 202), answer.text
    t.tour.ids["post"] = answer.json()["id"]


def publish_later(t: Traffic) -> None:
    """Requests that are answered first and published by an invocation that holds them. One is refused, as its first retry is."""
    targets = [t.everything_written("later", platform) for platform in PLATFORMS]
    _handed_over(t, "/v1/posts", {"targets": targets}, "later")
    refused = t.everything_written("refused later", "facebook")
    _refuse_once(t, "refused later")
    post = _handed_over(t, "/v1/posts", {"targets": [refused]}, "refused later")
    _refuse_once(t, "retried later, refused again")
    for where in ("retried later, refused again", "retried later"):
        again = {"target_id": post["targets"][0]["id"], "content": t.everything_written(where, "facebook")["content"]}
        post = _handed_over(t, f"/v1/posts/{post['id']}/retry", {"targets": [again]}, where)
    assert post["status"] == "published", post
    t.tour.clear_faults()


def _refuse_once(t: Traffic, where: str) -> None:
    status, body = QUOTING["facebook"]
    t.fault(platform="facebook", method="POST", path="/feed$", status=status, body=body(t.mark(where)))


def _handed_over(t: Traffic, path: str, body: Json, where: str) -> Json:
    """Send what is answered before it is published, and return the post when all of it is."""
    answer = t.send("POST", path, body, {**t.fresh_key(where), "prefer": "respond-async"})
    assert (answer.status_code, answer.headers.get("preference-applied")) == (202, "respond-async"), answer.text
    path = f"/v1/posts/{answer.json()['id']}"
    wait_for("the rest is published", partial(_settled, t, path), 60)
    return dict(t.send("GET", path).json())


def _settled(t: Traffic, path: str) -> bool:
    return bool(t.send("GET", path).json()["status"] != "processing")


def edit(t: Traffic) -> None:
    """New texts for a published post: accepted, too long, and refused with a quote. Looked up by its key, and read again."""
    key = t.fresh_key("edited post")
    targets = [t.everything_written("edited", platform) for platform in ("facebook", "linkedin")]
    post = t.send("POST", "/v1/posts", {"targets": targets}, key)
    assert post.status_code == 201, post.text
    path = f"/v1/posts/{post.json()['id']}"
    assert t.send("PATCH", path, {"text": t.mark("new text")}).json()["targets"][0]["edited"]
    assert t.send("PATCH", path, {"text": t.mark("long new text") * 5_000}).status_code == 422
    for platform in ("facebook", "linkedin"):
        status, body = QUOTING[platform]
        t.fault(platform=platform, method="POST", path="[0-9]$", status=status, body=body(t.mark(f"edit refused by {platform}")))
    assert t.send("PATCH", path, {"text": t.mark("refused new text")}).status_code == 200
    t.tour.clear_faults()
    assert t.send("GET", f"/v1/posts?{urlencode({'idempotency_key': key['idempotency-key']})}").json()["items"]
    t.send("GET", f"/v1/posts?client_reference={t.mark('wrong reference')}%20")
    assert t.send("POST", f"{path}/refresh").status_code == 200


def publish_further_kinds(t: Traffic) -> None:
    """Every other kind of content, and media that cannot be fetched."""
    t.side_by_side([partial(t.publish, *one) for one in _further_kinds(t)])


def publish_forms(t: Traffic) -> None:
    """Forms with files, whole and broken: the names of files are content too."""
    content = {"text": t.mark("text in a form"), "media": [{"alt_text": t.mark("alt text in a form")}]}
    sent = json.dumps({"content": content, "targets": [{"connection_id": t.connection("facebook")}]})
    jpeg = base64.b64decode(picture(t.mark("bytes in a form")))
    whole = [("request", (None, sent)), ("content.media.0.data", (f"{t.mark('name of a file')}.jpg", jpeg, "image/jpeg"))]
    misplaced = ("content.media.9.data", (f"{t.mark('name of a misplaced file')}.jpg", jpeg, "image/jpeg"))
    unnamed = (t.mark("name of a part"), ("a.jpg", jpeg, "image/jpeg"))
    t.tour.ids["form"] = str(t.form(whole, 201).json()["id"])
    for broken in (misplaced, unnamed):
        t.form([*whole, broken], 400)
    t.form([("request", (None, sent[:-1])), whole[1]], 400)


def _further_kinds(t: Traffic) -> list[tuple[Any, ...]]:
    """Requests with what the first one did not have: shared and inline content, a film, options with content, bad addresses."""

    def target(platform: str, what: str, media: Json, **options: Any) -> Json:
        chosen = {**CONSENT, **options} if platform == "tiktok" else options
        content = {"text": t.mark(f"text of {what}"), "media": [media]}
        return {"connection_id": t.connection(platform), "content": content, "options": chosen or None}

    def address(name: str, host: str = "media.example") -> Json:
        return {"url": f"https://{host}/{name}?v={t.mark(f'{name} at {host}')}"}

    inline = {"data": picture(t.mark("inline bytes")), "content_type": "image/jpeg", "alt_text": t.mark("inline alt text")}
    titled = {"tiktok": {**CONSENT["tiktok"], "title": t.mark("title")}}
    tagged = {"instagram": {"collaborators": [t.mark("collaborator")], "location_id": t.mark("location")}}
    commented = {"first_comment": t.mark("first comment")}
    album = [{**address(name), "alt_text": t.mark(f"alt text of {name}")} for name in ("wide.jpg", "tall.jpg")]
    thumbnail = {"data": picture(t.mark("thumbnail")), "content_type": "image/jpeg"}
    films = [
        {"kind": "video", **address(name), "title": t.mark(f"title of {name}"), "thumbnail": thumbnail}
        for name in ("clip.mp4", "page.html")
    ]
    reel = {"kind": "video", **address("clip.mp4"), "title": t.mark("title of a reel")}
    labeled = {"facebook": {"is_ai_generated": True}}
    kinds = [
        *(target("facebook", f"a film at {at}", film, **labeled) for at, film in enumerate(films)),
        {**target("facebook", "a reel", reel), "kind": "reel"},
        {"connection_id": t.connection("facebook"), "content": {"media": [address("tall.jpg")]}, "kind": "story"},
        target("facebook", "inline media", inline),
        {"connection_id": t.connection("facebook"), "content": {"text": t.mark("album"), "media": album, **commented}},
        target("linkedin", "inline media", inline),
        target("tiktok", "a film", {"kind": "video", **address("clip.mp4")}),
        target("tiktok", "a film that is pulled", {"kind": "video", **address("clip.mp4", "cdn.example.com")}),
        target("tiktok", "an inline film", {"kind": "video", "data": film(t.mark("film bytes")), "content_type": "video/mp4"}),
        target("tiktok", "a titled photo", address("photo.jpg"), **titled),
        target("instagram", "a tagged photo", address("photo.jpg"), **tagged),
        target("instagram", "handed bytes", inline),
        target("tiktok", "handed bytes", inline),
        target("instagram", "refused bytes", {**inline, "content_type": "image/png"}),
        target("facebook", "an absent photo", address("missing.jpg")),
        target("facebook", "no photo", address("page.html")),
        target("facebook", "a private photo", address("photo.jpg", "127.0.0.1")),
    ]
    kinds += _kinds_of_linkedin(t)
    both = [{"connection_id": t.connection(platform)} for platform in ("facebook", "linkedin")]
    return [*(([kind],) for kind in kinds), (both, {"text": t.mark("shared text"), "link": t.link("shared")})]


def _kinds_of_linkedin(t: Traffic) -> list[Json]:
    """Targets with every part of LinkedIn's kinds, each of which LinkedIn takes once and refuses once."""

    def inline(data: bytes, content_type: str) -> Json:
        return {"data": base64.b64encode(data).decode(), "content_type": content_type}

    def address(name: str) -> Json:
        return {"url": f"https://media.example/{name}?v={t.mark(f'{name} for linkedin')}"}

    def subtitles(mark: str) -> Json:
        return inline(f"1\n00:00:01,000 --> 00:00:02,500\n{mark}\n".encode(), "application/x-subrip")

    def film(said: str) -> Json:
        data = movie(data=100_000) + box(b"free", t.mark("film").encode())
        beside = {"thumbnail": {"data": picture(t.mark("thumbnail")), "content_type": "image/jpeg"}, "captions": subtitles(said)}
        return {"kind": "video", **inline(data, "video/mp4"), "title": t.mark("title of a film"), **beside}

    def question() -> Json:
        return {"question": t.mark("question"), "options": [t.mark("option"), t.mark("other option")]}

    def paper(name: str) -> Json:
        return {"kind": "document", **address(name), "title": t.mark("title of a paper")}

    album = [{**address(name), "alt_text": t.mark(f"alt text of {name}")} for name in ("wide.jpg", "tall.jpg")]
    contents: list[Json] = [
        {"media": album},
        {"media": [film(t.mark("subtitles"))]},
        {
            "media": [
                {"kind": "video", **address("clip.mp4"), "thumbnail": address("photo.jpg"), "captions": address("words.srt")}
            ]
        },
        {"media": [paper("paper.pdf")]},
        {"media": [paper("page.html")]},
        {"poll": question()},
        {"poll": {**question(), "question": t.mark("too long a question") * 10}},
        {"link": {**t.link("with a thumbnail"), "thumbnail": address("photo.jpg")}},
        {"link": {**t.link("with no thumbnail"), "thumbnail": address("missing.jpg")}},
    ]
    said = {"text": t.mark("text of a kind of linkedin"), "first_comment": t.mark("comment on linkedin")}
    return [{"connection_id": t.connection("linkedin"), "content": {**said, **content}} for content in contents]


def publish_instagram_kinds(t: Traffic) -> None:
    """Each kind of post on Instagram with a mark in every field of its own: accepted, and refused."""

    def address(name: str) -> Json:
        return {"url": f"https://media.example/{name}?v={t.mark(f'instagram {name}')}"}

    def file(name: str, **more: Any) -> Json:
        return {"kind": "video" if name.endswith("mp4") else "image", **address(name), **more}

    def publish(accepted: bool, kind: str, *media: Json, says: bool = True, **options: Any) -> None:
        content: Json = {"media": list(media)}
        if says:
            content |= {name: t.mark(f"{name} of instagram {kind}") for name in ("text", "first_comment")}
        target = {"connection_id": t.connection("instagram"), "kind": kind, "content": content}
        answer = t.publish([{**target, "options": {"instagram": options}} if options else target])
        assert answer.status_code in ((201, 202) if accepted else (422,)), answer.text

    def chosen() -> Json:
        return {"audio_name": t.mark("audio name"), "collaborators": [t.mark("collaborator")], "location_id": t.mark("location")}

    def alt_text() -> Json:
        return {"alt_text": t.mark("carousel alt text")}

    uploaded = {"thumbnail": {"data": picture(t.mark("cover bytes")), "content_type": "image/jpeg"}}
    publish(True, "images", file("photo.jpg", **alt_text()), file("clip.mp4"))
    publish(True, "reel", file("clip.mp4", thumbnail=address("cover.jpg")), **chosen())
    publish(True, "story", file("photo.jpg"), says=False)
    # A cover that is handed over.
    publish(True, "reel", file("clip.mp4", **uploaded), **chosen())
    # An alt text of a video, a cover of another type, a story with a text and a comment.
    publish(False, "images", file("photo.jpg"), file("clip.mp4", **alt_text()))
    uploaded["thumbnail"]["content_type"] = "image/png"
    publish(False, "reel", file("clip.mp4", **uploaded), **chosen())
    publish(False, "story", file("photo.jpg", **alt_text()))


def publish_linked(t: Traffic) -> None:
    """An Instagram account that is linked to a Page: bytes that are sent, refused while they are sent, and a deletion."""
    account, person = "17999000000000009", t.tour.control("GET", "state/facebook")["users"][-1]
    t.tour.control("POST", "instagram/user", {"id": account, "username": "linked.repairs"})
    pages = [{"id": page, "instagram": account} for page in person["pages"]]
    t.tour.control("POST", "facebook/user", {"id": person["id"], "pages": pages})
    connection = connect_account(t.tour, "instagram", registration="facebook")[2]

    def publish(kind: str, **words: Any) -> httpx.Response:
        clip = {"kind": "video", "data": film(t.mark(f"bytes of a linked {kind}")), "content_type": "video/mp4"}
        target = {"connection_id": connection["id"], "kind": kind, "content": {**words, "media": [clip]}}
        answer = t.publish([target | ({"options": {"instagram": {"audio_name": t.mark("audio")}}} if words else {})])
        assert answer.status_code in (201, 202), answer.text
        return answer

    def words() -> Json:
        return {name: t.mark(f"{name} of a linked reel") for name in ("text", "first_comment")}

    # The bytes of an image wait in the bucket until they were fetched.
    inline = {
        "data": picture(t.mark("bytes of a linked image")),
        "content_type": "image/jpeg",
        "alt_text": t.mark("linked alt text"),
    }
    image = {"connection_id": connection["id"], "content": {"text": t.mark("text of a linked image"), "media": [inline]}}
    answer = t.publish([image])
    assert answer.status_code in (201, 202), answer.text
    assert any("/v1/media/" in found["url"] for found in t.tour.control("GET", "pulled")["pulled"][-8:])
    published = [answer, publish("reel", **words()), publish("story")]
    refusal = {"error": {"message": t.mark("refused upload"), "code": 352, "error_user_msg": t.mark("refused upload")}}
    t.fault(platform="facebook", path="ig-api-upload", status=400, body=refusal)
    publish("reel", **words())
    t.tour.clear_faults()
    t.fault(platform="facebook", method="DELETE", status=400, body=refusal)
    for answer in published:
        assert t.send("DELETE", f"/v1/posts/{answer.json()['id']}").status_code == 200
    t.tour.clear_faults()
    assert t.send("DELETE", f"/v1/connections/{connection['id']}").status_code == 200


def platforms_refuse(t: Traffic) -> None:
    """One refusal of each class at each platform, refusals that quote what was sent, and lost answers."""
    rounds = max(len(presets) for presets, _ in REFUSALS.values())
    for number in range(rounds):
        for platform, (presets, _) in REFUSALS.items():
            t.fault(platform=platform, preset=presets[number % len(presets)], times=-1)
        _one_round(t, f"refusal {number}")
    for platform, (status, body) in QUOTING.items():
        t.fault(platform=platform, status=status, body=body(t.mark(f"{platform} quotes")), times=-1)
    _one_round(t, "quoting refusal")
    for platform, echo in ECHOING.items():
        t.fault(platform=platform, status=400, body=echo(t.mark(f"{platform} echoes as a code")), times=-1)
    _one_round(t, "echoing refusal")
    failed = {**TIKTOK_FAILED, "data": {"status": "FAILED", "fail_reason": t.mark("tiktok echoes as a reason")}}
    t.fault(platform="tiktok", path="status/fetch", status=200, body=failed, times=-1)
    _one_round(t, "echoing reason")
    for status in (200, 500):
        for platform in PLATFORMS:
            t.fault(platform=platform, status=status, body=f"<html>{t.mark(f'{platform} page {status}')}</html>", times=-1)
        _one_round(t, f"page {status}")
    for how in (
        {"drop": True},
        {"drop": True, "when": "after"},
        {"truncate": True, "when": "after"},
        {"status": 500, "when": "after"},
    ):
        for platform, path in COMMITS.items():
            t.fault(platform=platform, path=path, method="POST", **how)
        _one_round(t, f"lost answer {how}")
    for number in range(2):
        for platform, (_, endings) in REFUSALS.items():
            t.fault(platform=platform, preset=endings[number], times=-1)
        _one_round(t, f"dead grant {number}")
        list(connect(t.tour))


def _one_round(t: Traffic, where: str) -> None:
    targets = [t.everything_written(where, platform) for platform in PLATFORMS]
    answer = t.publish(targets)
    t.tour.clear_faults()
    days.end_pauses(t.runtime)
    assert answer.status_code in (201, 202), (where, answer.text)
    post = answer.json()
    for row, target in zip(post["targets"], targets, strict=True):
        if row["status"] == "failed":
            again = {"target_id": row["id"], "content": target["content"], "options": target.get("options")}
            t.send("POST", f"/v1/posts/{post['id']}/retry", {"targets": [again]}, t.fresh_key(f"{where} retry"))
            break


def slow_ones(t: Traffic) -> None:
    """Targets that only the queue finishes, hastened by a webhook's news, then looked at by every schedule. TikTok does not
    finish before the request has ended, however slow the machine is."""
    with t.tour.settings("tiktok", processing_s=3_600), t.tour.settings("instagram", image_processing_s=14):
        answer = t.publish([t.everything_written("slow", platform) for platform in ("instagram", "tiktok")])
        assert answer.status_code == 202, answer.text
        post_id = answer.json()["id"]
        t.send("POST", f"/v1/posts/{post_id}/cancel")
    wait_for("slow ones", lambda: t.tour.call("GET", f"/v1/posts/{post_id}")["status"] != "processing", 300)


def crashes(t: Traffic) -> None:
    """Environments killed in the middle of publishing, generating and exchanging a code."""
    for platform in PLATFORMS:
        t.fault(platform=platform, delay_ms=6_000, times=-1)
    begun = t.send("POST", "/v1/connections/linkedin/authorize", {}).json()
    state = parse_qs(urlsplit(begun["authorization_url"]).query)["state"][0]
    for provider in PROVIDERS:
        t.fault(platform=provider, delay_ms=6_000, times=-1)
    back = {"state": state, "code": t.mark("code in a crash")}
    callback = f"{t.tour.run['api']}/v1/oauth/linkedin/callback"
    targets = [t.everything_written("crash", platform) for platform in PLATFORMS]
    work: list[Callable[[], Any]] = [
        lambda: t.publish(targets),
        lambda: t.send("POST", "/v1/generate", _brief(t, "generate"), _passed(t)),
        lambda: t.tour.http.get(callback, params=back),
    ]
    threads = [threading.Thread(target=one) for one in work]
    for thread in threads:
        thread.start()
    time.sleep(2)
    t.tour.control("POST", "environments/kill", {})
    for thread in threads:
        thread.join()
    t.tour.clear_faults()


def events_of_no_kind(t: Traffic) -> None:
    """Queue messages and schedules that nobody of ours would send."""
    for body in (t.mark("message"), json.dumps({"user_id": t.mark("user of a message"), "target_id": t.mark("target")}), "[]"):
        for name in ("PublishFunction", "AnalyticsPollFunction", "WebhooksFunction"):
            t.tour.control("POST", f"functions/{name}/invoke", {"Records": [{"messageId": "m", "body": body}]})
    for name in ("MaintainFunction", "AnalyticsPollFunction"):
        t.tour.control("POST", f"functions/{name}/invoke", {"task": t.mark("task")})


def publish_scheduled(t: Traffic) -> None:
    """A post that is due in a moment, whose content comes through its link: refused, published, and once more."""
    target = {"connection_id": t.connection("linkedin"), "way": "notify"}
    body = {"due_at": (datetime.now(UTC) + timedelta(hours=1)).isoformat(), "targets": [target]}
    for wrong in (
        {"due_at": t.mark("due time")},
        {"time_zone": t.mark("zone")},
        {"content": {"text": t.mark("text of a schedule")}},
    ):
        refused = t.send("POST", "/v1/schedules", {**body, **wrong}, {"idempotency-key": t.mark("key of a schedule")})
        assert refused.status_code == 422, refused.text
    # Far enough ahead for a busy machine.
    body["due_at"] = (datetime.now(UTC) + timedelta(seconds=15)).isoformat()
    made = t.send("POST", "/v1/schedules", body, {"idempotency-key": t.mark("key of a schedule that is made")})
    assert made.status_code == 201, made.text

    def link() -> str | None:
        found = t.tour.call("GET", f"/v1/schedules/{made.json()['id']}")["targets"][0]["occurrence"]["link"]
        return None if found is None else str(found)

    wait_for("the scheduled post is due", lambda: link() is not None, 120)
    path = str(link())
    t.known.secrets["token of the link of a scheduled post"] = path.rpartition("/")[2]
    long = {"content": {"text": t.mark("scheduled text that is too long") + "x" * 5_000}}
    assert t.send("POST", path, long).status_code == 422
    sent = t.send("POST", path, {"content": {"text": t.mark("scheduled text")}})
    assert sent.status_code in (201, 202), sent.text
    assert t.send("POST", path, {"content": {"text": t.mark("scheduled text that comes too late")}}).status_code == 409


def schedules(t: Traffic) -> None:
    """Every schedule, after tokens ran out so that they are refreshed; then until the queues are empty."""
    for platform in ("linkedin", "tiktok"):
        t.tour.control("POST", f"{platform}/expire_tokens", {})
    for schedule in t.tour.control("GET", "schedules")["schedules"]:
        t.tour.control("POST", f"schedules/{schedule['name']}/fire")
    wait_for("analytics are read", lambda: t.tour.queues_empty("AnalyticsQueue"), 300)
    t.publish([t.everything_written("after expiry", "tiktok")])
    for path in ("summary", "posts", "accounts", "best-times", f"posts/{t.tour.ids['post']}"):
        t.send("GET", f"/v1/analytics/{path}")


def take_down(t: Traffic) -> None:
    """Delete posts, disconnect, export."""
    for post in t.tour.call("GET", "/v1/posts?limit=10")["items"]:
        t.send("DELETE", f"/v1/posts/{post['id']}")
    assert t.send("DELETE", f"/v1/connections/{t.connection('linkedin')}").status_code == 200
    t.exported = "".join(export_parts(t.tour))
    forgotten = [
        t.send("DELETE", f"/v1/posts/{post['id']}/record") for post in t.tour.call("GET", "/v1/posts?limit=100")["items"]
    ]
    assert 204 in {answer.status_code for answer in forgotten}
    t.exported += t.send("GET", "/v1/notifications?limit=100").text
    assert t.tour.call("DELETE", "/v1/notifications?before=2099-01-01T00:00:00Z")["remaining"] == 0
    assert t.tour.call("DELETE", "/v1/ai/usage?before=2020-01-01") == {"deleted": 0, "remaining": 0}


def leave_waiting(t: Traffic) -> None:
    """A post whose bytes wait in the bucket while everything is searched. TikTok has fetched them and is not done with them."""
    t.tour.control("POST", "tiktok/settings", {"processing_s": 360_000})
    inline = {"data": picture(t.mark("waiting bytes")), "content_type": "image/jpeg", "alt_text": t.mark("waiting alt text")}
    target = t.everything_written("waiting", "tiktok") | {"content": {"text": t.mark("waiting text"), "media": [inline]}}
    answer = t.publish([target])
    assert answer.status_code == 202, answer.text


def note_secrets(t: Traffic) -> None:
    """What the platforms issued, what the deployment and the issuer hold."""
    simulators: dict[str, Any] = dict(t.runtime.runtime.world.simulators)
    for name in PLATFORMS:
        for kind in ("tokens", "refresh_tokens", "codes"):
            held: Any = getattr(simulators[name].memory, kind, {})
            held = [*held.tokens, *held.codes] if hasattr(held, "codes") else list(held)
            t.known.secrets |= {f"{kind} of {name} {number}": value for number, value in enumerate(held)}
    tickets = [
        found["url"].rpartition("/")[2] for found in t.tour.control("GET", "pulled")["pulled"] if "/v1/media/" in found["url"]
    ]
    assert len(tickets) > 5
    t.known.secrets |= {f"ticket {number}": ticket for number, ticket in enumerate([*tickets[:6], *tickets[-6:]])}
    for name in PLATFORMS:
        t.known.client_secrets[f"client secret of {name}"] = f"{name}-app-secret"
    t.known.secrets |= {"access token": t.tour.token, "signature of the access token": t.tour.token.rpartition(".")[2]}
    deployment = json.loads((t.runtime.runtime.directory / "secrets.json").read_text())
    keys = json.loads(deployment["SEALING_KEYS"])["keys"]
    t.known.deployment_keys |= {"state key": deployment["STATE_KEY"], "fingerprint key": deployment["FINGERPRINT_KEY"]}
    t.known.deployment_keys |= {f"sealing key {name}": key for name, key in keys.items()}


EVERYTHING: tuple[tuple[Callable[[Traffic], None], ...], ...] = (
    (keep_what_is_kept,),
    (store_keys,),
    (connect_accounts,),
    (webhooks,),
    (callbacks,),
    (generate,),
    (publish,),
    (edit,),
    (scheduled,),
    (hold,),
    (publish_later,),
    (the_same_key_at_once,),
    (models_fail, slow_ones, publish_further_kinds, publish_forms),
    (texts_are_repaired,),
    (keys_fail,),
    (publish_instagram_kinds,),
    (publish_linked,),
    (wrong_requests, platforms_refuse),
    (crashes,),
    (events_of_no_kind,),
    (publish_scheduled,),
    (schedules,),
    (take_down,),
    (leave_waiting,),
    (note_secrets,),
)
"""One after the other; what stands in one line goes on at the same time."""
