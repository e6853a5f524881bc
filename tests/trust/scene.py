"""A user with something everywhere, and a request of each route and a run of each job that has something to do for them."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import httpx

from noillusion.core import clock
from noillusion.db import sql
from noillusion.notices.notice import notice
from noillusion.scheduling import links
from tests.api.conftest import Platforms
from tests.api.harness import Client, Context, load
from tests.api.test_connections import signed_request
from tests.api.test_publishing import PHOTO, TIKTOK
from tests.support.databases import fly
from tests.support.rows import NOW, insert

NAMES = ("facebook", "instagram", "linkedin", "tiktok")
TEMPLATE = {"name": "n", "content_mode": "personal", "user_text": "{topic}"}
GENERATE = {"task": "generate", "platforms": ["linkedin"], "topic": "a bakery"}
LATER = "2030-01-01T00:00:00Z"
PAST = "'2026-01-01T00:00:00.000000Z'"
_numbers = count(1)


@dataclass
class Scene:
    """A user who has accounts on all platforms, a grant that waits, posts of every kind, templates and an AI key."""

    platforms: Platforms
    user: str = field(default_factory=lambda: f"auth0|somebody-{next(_numbers)}")
    connections: dict[str, str] = field(default_factory=dict)
    ids: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.client, self.other = Client(self.user), Client("auth0|other")
        self.client.request("profile", "PUT", "/v1/profile/ai-keys/openai", body={"key": "sk-somebody-1", "verify": False})
        for name in NAMES:
            self.connections[name] = self.platforms.connect(self.client, name)[0]["id"]
        self.ids["handle"] = self.platforms.consent(self.client, "linkedin").json["pending_id"]
        path = f"/v1/connections/pending/{self.ids['handle']}"
        self.ids["account"] = self.client.request("connect_callback", "GET", path).json["accounts"][0]["id"]
        self.ids["mine"] = self.make_template(self.client, share=True)
        self.ids["theirs"] = self.make_template(self.other, share=True)
        self.ids["post"] = self.publish("linkedin", "first")["id"]
        self.ids["failed"] = self.failed_post()
        self.ids["waiting"] = self.waiting_post()
        self.ids["schedule"], self.ids["told"] = self.schedule(), self.schedule()
        self.ids["notice"] = str(uuid4())
        fly(insert("notifications", self.user, id=self.ids["notice"], kind="publish_failed", dedupe_key="d"))
        body = {"url": "https://hooks.example.com/in"}
        self.ids["webhook"] = self.client.request("webhooks", "POST", "/v1/webhooks", body=body).json["id"]
        tested = self.client.request("webhooks", "POST", f"/v1/webhooks/{self.ids['webhook']}/test")
        self.ids["delivery"] = tested.json["id"]

    def make_template(self, client: Client, *, share: bool) -> str:
        made = str(client.request("templates", "POST", "/v1/templates", body=TEMPLATE).json["id"])
        if share:
            assert client.request("templates", "POST", f"/v1/templates/{made}/share").status == 200
        return made

    def target(self, name: str) -> dict[str, Any]:
        content = {"content": {"text": f"On {name}", "media": [PHOTO]}} if name in ("instagram", "tiktok") else {}
        return {"connection_id": self.connections[name], **content, **({"options": TIKTOK} if name == "tiktok" else {})}

    def body(self, *names: str) -> dict[str, Any]:
        """A request to publish."""
        return {"content": {"text": f"Hello {uuid4()}"}, "targets": [self.target(name) for name in names]}

    def publish(self, name: str, key: str) -> dict[str, Any]:
        answer = self.client.request("publish", "POST", "/v1/posts", body=self.body(name), headers={"idempotency-key": key})
        assert answer.status in (201, 202), answer.text
        return dict(answer.json)

    def failed_post(self) -> str:
        """A post that can be tried again."""
        post = self.publish("linkedin", "failed")["id"]
        columns = "status = 'failed', error_class = 'transient', platform_post_id = NULL, permalink = NULL, accepted_id = NULL"
        self.platforms.database.force(f"UPDATE post_targets SET {columns} WHERE post_id = '{post}'")
        return str(post)

    def waiting_post(self) -> str:
        """A post of which nothing was sent, with a target that waits to be taken up."""
        post, target = str(uuid4()), str(uuid4())
        self.ids["open"] = target
        fly(
            insert("posts", self.user, id=post, idempotency_key=f"waiting {post}"),
            insert(
                "post_targets",
                self.user,
                id=target,
                post_id=post,
                connection_id=self.connections["instagram"],
                platform="instagram",
                account_id=self.account_of("instagram"),
                position=0,
                kind="image",
                status="processing",
                next_check_at=NOW,
                deadline_at=clock.now().replace(year=2030),
            ),
        )
        return post

    @property
    def scheduled(self) -> dict[str, str]:
        """A target of a schedule."""
        return {"connection_id": self.connections["linkedin"], "way": "notify"}

    def schedule(self) -> str:
        """A schedule that waits for its time."""
        body, headers = {"due_at": LATER, "targets": [self.scheduled]}, {"idempotency-key": str(uuid4())}
        answer = self.client.request("schedules", "POST", "/v1/schedules", body=body, headers=headers)
        assert answer.status == 201, answer.text
        return str(answer.json["id"])

    def occurrence(self, schedule: str, **columns: str) -> str:
        """The occurrence of a schedule, with other columns."""
        changes = ", ".join(f"{name} = {value}" for name, value in columns.items())
        self.platforms.database.force(f"UPDATE schedule_occurrences SET {changes} WHERE schedule_id = '{self.ids[schedule]}'")
        rows = fly(sql("SELECT id FROM schedule_occurrences WHERE schedule_id = :id", id=self.ids[schedule]))[0]
        return str(rows[0]["id"])

    def link(self) -> str:
        """The token of the link of an occurrence of which the user was told."""
        return links.path_of(self.occurrence("told", state="'notified'", wake_at=f"'{LATER}'")).rpartition("/")[2]

    def account_of(self, name: str) -> str:
        rows = fly(sql("SELECT account_id FROM platform_connections WHERE id = :id", id=self.connections[name]))[0]
        return str(rows[0]["account_id"])

    def subject_of(self, name: str) -> str:
        rows = fly(sql("SELECT grant_subject FROM platform_connections WHERE id = :id", id=self.connections[name]))[0]
        return str(rows[0]["grant_subject"])

    def came_back(self, name: str) -> dict[str, str]:
        """The query with which the browser comes back from a platform's dialog."""
        begun = self.client.request("connect_callback", "POST", f"/v1/connections/{name}/authorize", body={})
        location = httpx.get(begun.json["authorization_url"]).headers["location"]
        return {key: values[0] for key, values in parse_qs(urlsplit(location).query).items()}

    def tiktok(self, event: str) -> dict[str, Any]:
        """A signed webhook of TikTok's about this user."""
        found = fly(sql("SELECT accepted_id FROM post_targets WHERE user_id = :u AND platform = 'tiktok'", u=self.user))[0]
        content = {"publish_id": found[0]["accepted_id"] if found else "none", "post_id": "7300000000000000001"}
        stamp, at = str(int(time.time())), int(time.time())
        told = {"event": event, "user_openid": self.subject_of("tiktok"), "create_time": at, "content": json.dumps(content)}
        body = json.dumps(told)
        signature = hmac.new(b"tiktok-app-secret", f"{stamp}.{body}".encode(), hashlib.sha256).hexdigest()
        return {"raw": body, "headers": {"tiktok-signature": f"t={stamp},s={signature}"}}


Work = Callable[[], int | None]
"""Does something and returns the status of the answer, if it has one."""


def _ask(function: str, method: str, path: str, build: Callable[[Scene], dict[str, Any]]) -> Callable[[Scene], Work]:
    """A request whose parts are made beforehand; ``sub`` and the ids in the path may be among them."""

    def prepare(scene: Scene) -> Work:
        parts = build(scene)
        client = Client(parts.pop("sub", scene.user))
        filled = path.format(**parts.pop("path", {}))
        return lambda: client.request(function, method, filled, **parts).status

    return prepare


def _plain(_: Scene) -> dict[str, Any]:
    return {}


def _body(**body: Any) -> Callable[[Scene], dict[str, Any]]:
    return lambda _: {"body": body}


def _at(name: str, **parts: Any) -> Callable[[Scene], dict[str, Any]]:
    """With an id of the scene in the path."""
    return lambda scene: {"path": {"id": scene.ids[name]}, **parts}


def _connection(name: str, **parts: Any) -> Callable[[Scene], dict[str, Any]]:
    return lambda scene: {"path": {"id": scene.connections[name]}, **parts}


def _callback(name: str) -> Callable[[Scene], dict[str, Any]]:
    return lambda scene: {"sub": None, "path": {"platform": name}, "query": scene.came_back(name)}


def _publication(name: str) -> Callable[[Scene], dict[str, Any]]:
    return lambda scene: scene.body(name)


def _meta(scene: Scene) -> dict[str, Any]:
    return {"sub": None, "raw": signed_request("facebook-app-secret", scene.subject_of("facebook"))}


def _with_key(body: Callable[[Scene], dict[str, Any]]) -> Callable[[Scene], dict[str, Any]]:
    return lambda scene: {"body": body(scene), "headers": {"idempotency-key": str(uuid4())}}


def _everywhere(scene: Scene) -> dict[str, Any]:
    return scene.body(*NAMES)


SLOTS = {"time_zone": "Europe/Berlin", "slots": [{"weekday": "monday", "time": "09:00"}]}

# Every route that may write or call: what is asked. A route that is not here must be a GET; it is then asked as it stands.
ASKED: dict[str, tuple[Callable[[Scene], dict[str, Any]], ...]] = {
    "PATCH /v1/profile": (_body(bio="b"),),
    "DELETE /v1/profile": (_plain,),
    "PUT /v1/profile/ai-keys/{provider}": (
        lambda _: {"path": {"provider": "anthropic"}, "body": {"key": "sk-ant-other-1", "verify": False}},
    ),
    "DELETE /v1/profile/ai-keys/{provider}": (lambda _: {"path": {"provider": "openai"}},),
    "POST /v1/webhooks": (_body(url="https://hooks.example.com/new"),),
    "PATCH /v1/webhooks/{id}": (_at("webhook", body={"events": ["publish_failed"]}),),
    "DELETE /v1/webhooks/{id}": (_at("webhook"),),
    "POST /v1/webhooks/{id}/test": (_at("webhook"),),
    "POST /v1/webhooks/{id}/rotate-secret": (_at("webhook"),),
    "POST /v1/webhooks/{id}/deliveries/{delivery_id}/replay": (
        lambda scene: {"path": {"id": scene.ids["webhook"], "delivery_id": scene.ids["delivery"]}},
    ),
    "PATCH /v1/notifications": (_body(unread=False, until="2030-01-01T00:00:00Z"),),
    "PATCH /v1/notifications/{id}": (_at("notice", body={"unread": False}),),
    "DELETE /v1/notifications/{id}": (_at("notice"),),
    "HEAD /v1/notifications/unread": (_plain,),
    "DELETE /v1/notifications": (lambda _: {"query": {"before": "2030-01-01T00:00:00Z"}},),
    "DELETE /v1/ai/usage": (lambda _: {"query": {"before": "2026-01-01"}},),
    "POST /v1/connections/{platform}/authorize": (lambda _: {"path": {"platform": "tiktok"}, "body": {}},),
    "GET /v1/oauth/{platform}/callback": tuple(_callback(name) for name in NAMES),
    "GET /v1/connections/pending/{id}": (_at("handle"),),
    "POST /v1/connections/pending/{id}/confirm": (
        lambda scene: {"path": {"id": scene.ids["handle"]}, "body": {"account_ids": [scene.ids["account"]]}},
    ),
    "DELETE /v1/connections/pending/{id}": (_at("handle"),),
    "POST /v1/connections/{id}/test": tuple(_connection(name) for name in NAMES),
    "PATCH /v1/connections/{id}": (_connection("tiktok", body={"label": "l"}),),
    "DELETE /v1/connections/{id}": tuple(_connection(name) for name in NAMES),
    "PUT /v1/connections/{id}/slots": (_connection("tiktok", body=SLOTS),),
    "GET /v1/connections/{id}/slots": (_connection("tiktok"),),
    "POST /v1/schedules/preview": (_body(due_at="2030-01-01T09:00:00Z"),),
    "GET /v1/calendar": (lambda _: {"query": {"from": "2026-01-01T00:00:00Z", "to": "2026-02-01T00:00:00Z"}},),
    "POST /v1/calendar/token": (_plain,),
    "DELETE /v1/calendar/token": (_plain,),
    "POST /v1/callbacks/meta/deauthorize": (_meta,),
    "POST /v1/callbacks/meta/data-deletion": (_meta,),
    "POST /v1/callbacks/tiktok": (
        lambda scene: {"sub": None, **scene.tiktok("authorization.removed")},
        lambda scene: {"sub": None, **scene.tiktok("post.publish.publicly_available")},
    ),
    "POST /v1/templates": (_body(**TEMPLATE),),
    "PUT /v1/templates/{id}": (_at("mine", body=TEMPLATE),),
    "DELETE /v1/templates/{id}": (_at("mine"),),
    "POST /v1/templates/{id}/copy": (_at("theirs"),),
    "POST /v1/templates/{id}/share": (_at("mine"),),
    "DELETE /v1/templates/{id}/share": (_at("mine"),),
    "PUT /v1/templates/{id}/rating": (_at("theirs", body={"stars": 4}),),
    "DELETE /v1/templates/{id}/rating": (_at("theirs"),),
    "POST /v1/templates/{id}/versions/{version}/restore": (lambda scene: {"path": {"id": scene.ids["mine"], "version": "1"}},),
    "PUT /v1/templates/{id}/pin": (_at("theirs", body={"version": None}),),
    "DELETE /v1/templates/{id}/pin": (_at("theirs"),),
    "PUT /v1/templates/{id}/report": (_at("theirs", body={"reason": "spam"}),),
    "DELETE /v1/templates/{id}/report": (_at("theirs"),),
    "POST /v1/templates/import": (_body(format="noillusion-template", format_version=1, template=TEMPLATE),),
    "POST /v1/templates/lint": (lambda scene: {"body": {"template_id": scene.ids["theirs"]}},),
    "POST /v1/templates/preview": (lambda scene: {"body": {"template_id": scene.ids["theirs"]}},),
    "POST /v1/schedules": (_with_key(lambda scene: {"due_at": LATER, "targets": [scene.scheduled]}),),
    "POST /v1/schedules/options": (_body(),),
    "POST /v1/schedules/links/{token}": (
        lambda scene: {"sub": None, "path": {"token": scene.link()}, "body": {"content": {"text": "late"}}},
    ),
    "PATCH /v1/schedules/{id}": (_at("schedule", body={"grace_minutes": 5}), _at("schedule", body={"due_at": LATER})),
    "DELETE /v1/schedules/{id}": (_at("schedule"),),
    "POST /v1/schedules/{id}/publish-now": (_at("schedule"),),
    "POST /v1/schedules/{id}/pause": (_at("schedule"),),
    "POST /v1/schedules/{id}/resume": (_at("schedule"),),
    "POST /v1/generate": (_with_key(lambda _: GENERATE),),
    "POST /v1/generate/preview": (_body(**GENERATE),),
    "POST /v1/posts/check": (lambda scene: {"body": _everywhere(scene)},),
    "POST /v1/posts": tuple(_with_key(_publication(name)) for name in NAMES),
    "PATCH /v1/posts/{id}": (_at("post", body={"text": "edited"}),),
    "DELETE /v1/posts/{id}": (_at("post"),),
    "DELETE /v1/posts/{id}/record": (_at("post"),),
    "POST /v1/posts/{id}/retry": (_at("failed", body={"content": {"text": "again"}}),),
    "POST /v1/posts/{id}/refresh": (_at("post"),),
    "POST /v1/posts/{id}/cancel": (_at("waiting"),),
}


def asks(route: str, function: str) -> tuple[Callable[[Scene], Work], ...]:
    """What is asked of a route. :class:`LookupError` for one that is new and may write."""
    method, _, path = route.partition(" ")
    if route in ASKED:
        return tuple(_ask(function, method, path, build) for build in ASKED[route])
    if method != "GET":
        raise LookupError(f"{route} is new: say in tests/trust/scene.py what is asked of it while its user leaves")
    return (_ask(function, method, path, _read(path)),)


def _read(path: str) -> Callable[[Scene], dict[str, Any]]:
    def build(scene: Scene) -> dict[str, Any]:
        kind = next((kind for part, kind in {"/templates/": "mine", "/webhooks/": "webhook"}.items() if part in path), "post")
        named = scene.ids[kind]
        return {"path": {"id": named, "code": "c" * 24, "part": "p" * 24, "provider": "openai", "platform": "tiktok"}}

    return build


def _chore(function: str, task: str, prepare: Callable[[Scene], None]) -> Callable[[Scene], Work]:
    def prepared(scene: Scene) -> Work:
        prepare(scene)

        def run() -> None:
            load(function).handler({"task": task}, Context(60))

        return run

    return prepared


def _message(function: str, build: Callable[[Scene], dict[str, Any]]) -> Callable[[Scene], Work]:
    def prepared(scene: Scene) -> Work:
        record = {"messageId": "m", "body": json.dumps({"user_id": scene.user, **build(scene)})}

        def run() -> None:
            assert load(function).handler({"Records": [record]}, Context(60)) == {"batchItemFailures": []}

        return run

    return prepared


def _due(scene: Scene) -> None:
    old = f"UPDATE platform_connections SET refresh_due_at = {PAST}, token_issued_at = {PAST} WHERE user_id = '{scene.user}'"
    scene.platforms.database.execute(old)


def _unverified(scene: Scene) -> None:
    scene.platforms.database.execute(f"UPDATE platform_connections SET verify_at = {PAST} WHERE user_id = '{scene.user}'")


def _expired(scene: Scene) -> None:
    scene.platforms.database.execute(f"UPDATE connection_attempts SET expires_at = {PAST} WHERE user_id = '{scene.user}'")


def _overdue(scene: Scene) -> None:
    scene.occurrence("schedule", due_at=PAST, wake_at=PAST)


def _told(scene: Scene) -> None:
    fly(notice(scene.user, "publish_failed", scene.ids["notice"], str(uuid4()), clock.now()))


def _outbox(scene: Scene) -> dict[str, Any]:
    _told(scene)
    return {}


def _measured(scene: Scene) -> dict[str, Any]:
    connection = scene.connections["linkedin"]
    rows = fly(sql("SELECT target_id FROM post_polls WHERE connection_id = :c", c=connection))[0]
    return {"connection_id": connection, "target_ids": [row["target_id"] for row in rows]}


JOBS: dict[str, Callable[[Scene], Work]] = {
    "message of the publish queue": _message("publish", lambda scene: {"target_id": scene.ids["open"]}),
    "message of the analytics queue, posts": _message("analytics_poll", _measured),
    "message of the analytics queue, account": _message(
        "analytics_poll", lambda scene: {"connection_id": scene.connections["tiktok"], "account": True}
    ),
    "message of the schedule queue": _message(
        "schedule_run", lambda scene: {"occurrence_id": scene.occurrence("schedule", due_at=PAST, wake_at=PAST)}
    ),
    "schedules": _chore("maintain", "schedules", _overdue),
    "message of the webhook queue": _message("webhooks", _outbox),
    "webhooks": _chore("maintain", "webhooks", _told),
    "sweep": _chore("maintain", "sweep", lambda _: None),
    "leaving": _chore("maintain", "leaving", _expired),
    "refresh_tokens": _chore("maintain", "refresh_tokens", _due),
    "verify_connections": _chore("maintain", "verify_connections", _unverified),
    "preflight": _chore("maintain", "preflight", lambda _: None),
    "reseal": _chore("maintain", "reseal", lambda _: None),
    "retention": _chore("maintain", "retention", lambda _: None),
}
