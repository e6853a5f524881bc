"""Every sentence of the data map is executed: rows are made by the product's own routes, the clock moves, the chores run as the
template schedules them, and what should be gone is gone within minutes while what should stay stays."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from local.aws import template
from noillusion import idempotency
from noillusion.analytics import store
from noillusion.analytics.history import Reading
from noillusion.core import clock
from noillusion.db import sql
from noillusion.notices.notice import notice
from noillusion.privacy import data_map
from noillusion.privacy.models import DataMapEntry
from noillusion.settings.values import BACKUP_DAYS
from tests.api.conftest import Platforms
from tests.api.harness import ROOT, Client, Context, load
from tests.api.test_idempotency import BRIEF, content, failed
from tests.api.test_publishing import Publisher
from tests.support.databases import fly
from tests.support.rows import insert, rows

ALICE, BOB = "auth0|alice", "auth0|bob"
WITHIN = timedelta(minutes=10)
"""How long after its time something may still be there."""
TEMPLATE = {"name": "n", "content_mode": "personal", "user_text": "{topic}"}
ENTRIES: list[DataMapEntry] = [
    *data_map.TABLES,
    data_map.DEPARTURES,
    data_map.OPERATOR_SPENDING,
    data_map.receipts(BACKUP_DAYS),
]


class Days:
    """The product's clock, which can be moved."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.ahead, real = timedelta(), clock.now
        monkeypatch.setattr(clock, "now", lambda: real() + self.ahead)

    def pass_by(self, time: timedelta) -> None:
        """Let time pass, then run every chore that the template schedules at least every ten minutes."""
        self.ahead += time
        for task in frequent_chores():
            load("maintain").handler({"task": task}, Context(60))


def frequent_chores() -> list[str]:
    """The chores that run every few minutes."""
    found = []
    events = template.read(ROOT / "template.yaml")["Resources"]["MaintainFunction"]["Properties"]["Events"]
    for schedule in (event["Properties"] for event in events.values()):
        every = re.fullmatch(r"rate\((\d+) minutes?\)", schedule["ScheduleExpression"])
        if every and timedelta(minutes=int(every[1])) <= WITHIN:
            found.append(json.loads(schedule["Input"])["task"])
    return found


@dataclass
class Scene:
    """One sentence: how its rows come to be, whether they are there, and what ends them (nothing: time does)."""

    make: Callable[[], object]
    there: Callable[[], bool]
    end: Callable[[], object] | None = None


def count(table: str, condition: str = "1 = 1") -> bool:
    """Whether a table has rows of which a condition is true."""
    return bool(fly(sql(f"SELECT COUNT(*) AS n FROM {table} WHERE {condition}"))[0][0]["n"])


class Scenes:
    """What a person does, for each sentence."""

    def __init__(self, platforms: Platforms) -> None:
        self.platforms, self.client, self.ids = platforms, Client(ALICE), dict[str, str]()

    def send(self, function: str, method: str, path: str, **parts: Any) -> Any:
        answer = self.client.request(function, method, path, **parts)
        assert answer.status < 300, answer.text
        return answer.json

    def post(self) -> None:
        publisher = Publisher(self.platforms)
        self.ids = dict(publisher.connections)
        published = publisher.publish("key", publisher.body("facebook")).json
        self.ids |= {"post": published["id"], "target": published["targets"][0]["id"]}

    def forget(self) -> None:
        self.send("publish", "DELETE", f"/v1/posts/{self.ids['post']}/record")

    def retry_with_a_key(self) -> None:
        publisher, post_id = failed(self.platforms)
        path, headers = f"/v1/posts/{post_id}/retry", {"idempotency-key": "key"}
        publisher.client.request("publish", "POST", path, body=content("Once more"), headers=headers)

    def post_and_forget(self) -> None:
        self.post()
        self.forget()

    def read_figures(self) -> None:
        self.post()
        fly(insert("post_analytics", ALICE, target_id=self.ids["target"], polled_at=clock.now(), views=1))
        fly(insert("post_figures", ALICE, target_id=self.ids["target"], read_at=clock.now(), good_at=clock.now(), views=1))
        fly(insert("account_analytics", ALICE, connection_id=self.ids["facebook"], polled_at=clock.now(), followers=1))

    def read_linkedin_figures(self) -> None:
        publisher, now = Publisher(self.platforms), clock.now()
        target = publisher.publish("key", publisher.body("linkedin")).json["targets"][0]["id"]
        fly(
            *store.put_figures(ALICE, now, now + timedelta(days=365), {target: Reading(None, {"views": 1})}, ()),
            store.add_history("post_analytics", ALICE, now, {target: Reading(None, {"views": 1})}),
            insert("account_analytics", ALICE, connection_id=publisher.connections["linkedin"], polled_at=now, followers=1),
        )

    def disconnect(self) -> None:
        for connection in self.send("connect_callback", "GET", "/v1/connections")["items"]:
            self.send("connect_callback", "DELETE", f"/v1/connections/{connection['id']}")

    def lose_an_answer(self) -> None:
        publisher = Publisher(self.platforms)
        self.platforms.fault(platform="facebook", method="POST", path="/feed$", when="after", drop=True, times=-1)
        target = publisher.publish("lost", publisher.body("facebook")).json["targets"][0]
        assert target["status"] == "unknown", target

    def give_up(self) -> None:
        (row,) = fly(sql("SELECT id, user_id FROM post_targets WHERE status = 'unknown'"))[0]
        body = f'{{"user_id": "{row["user_id"]}", "target_id": "{row["id"]}"}}'
        load("publish").handler({"Records": [{"messageId": "m", "body": body}]}, Context(60))

    def begin_connecting(self) -> None:
        self.send("connect_callback", "POST", "/v1/connections/linkedin/authorize", body={})

    def consent(self) -> None:
        assert self.platforms.consent(self.client, "linkedin").json["pending_id"]

    def connect(self) -> None:
        self.platforms.connect(self.client, "tiktok")

    def part_with_instagram(self) -> None:
        self.platforms.connect(self.client, "instagram")
        self.disconnect()

    def store_key(self) -> None:
        self.send("profile", "PUT", "/v1/profile/ai-keys/openai", body={"key": "sk-anything-goes", "verify": False})
        fly(insert("ai_provider_state", ALICE, provider="openai", model="m", outcome="ok"))

    def forget_key(self) -> None:
        self.client.request("profile", "DELETE", "/v1/profile/ai-keys/openai")

    def use_ai(self) -> None:
        fly(insert("ai_usage_tracking", ALICE, **rows()["ai_usage_tracking"], created_at=clock.now()))

    def use_ai_with_a_key(self) -> None:
        self.send("generate", "POST", "/v1/generate", body=BRIEF, headers={"idempotency-key": "key"})

    def spend(self) -> None:
        month = f"{clock.now():%Y-%m}"
        fly(insert("ai_spending", ALICE, month=month, spent_nanousd=1))
        fly(sql("INSERT INTO ai_operator_spending (user_hash, month, spent_nanousd) VALUES ('h', :month, 1)", month=month))

    def forget_usage(self) -> None:
        self.send("generate", "DELETE", "/v1/ai/usage", query={"before": f"{clock.now():%Y-%m}-01"})

    def schedule(self) -> None:
        connection = self.platforms.connect(self.client, "linkedin")[0]["id"]
        body = {"due_at": "2099-12-24T09:00:00Z", "targets": [{"connection_id": connection}]}
        made = self.send("schedules", "POST", "/v1/schedules", body=body, headers={"idempotency-key": "key"})
        self.ids["schedule"] = made["id"]

    def publish_now(self) -> None:
        self.schedule()
        path = f"/v1/schedules/{self.ids['schedule']}/publish-now"
        self.send("schedules", "POST", path, headers={"idempotency-key": "key"})

    def delete_schedule(self) -> None:
        self.send("schedules", "DELETE", f"/v1/schedules/{self.ids['schedule']}")

    def make_template(self) -> None:
        headers = {"idempotency-key": "key"}
        self.ids["template"] = self.send("templates", "POST", "/v1/templates", body=TEMPLATE, headers=headers)["id"]

    def delete_template(self) -> None:
        self.send("templates", "DELETE", f"/v1/templates/{self.ids['template']}")

    def rate(self) -> None:
        bob = Client(BOB)
        made = bob.request("templates", "POST", "/v1/templates", body=TEMPLATE).json["id"]
        bob.request("templates", "POST", f"/v1/templates/{made}/share")
        self.send("templates", "PUT", f"/v1/templates/{made}/rating", body={"stars": 5})
        bob.request("templates", "DELETE", f"/v1/templates/{made}/share")
        self.ids["rated"] = made

    def withdraw(self) -> None:
        self.send("templates", "DELETE", f"/v1/templates/{self.ids['rated']}/rating")

    def report(self) -> None:
        bob = Client(BOB)
        made = bob.request("templates", "POST", "/v1/templates", body=TEMPLATE).json["id"]
        bob.request("templates", "POST", f"/v1/templates/{made}/share")
        self.send("templates", "PUT", f"/v1/templates/{made}/report", body={"reason": "spam"})
        self.ids["reported"] = made

    def withdraw_report(self) -> None:
        self.send("templates", "DELETE", f"/v1/templates/{self.ids['reported']}/report")

    def plan(self) -> None:
        self.connect()
        (row,) = fly(sql("SELECT id FROM platform_connections"))[0]
        slots = [{"weekday": "monday", "time": "09:00"}]
        self.send("calendar", "PUT", f"/v1/connections/{row['id']}/slots", body={"time_zone": "UTC", "slots": slots})

    def subscribe(self) -> None:
        self.send("calendar", "POST", "/v1/calendar/token")

    def unsubscribe(self) -> None:
        self.send("calendar", "DELETE", "/v1/calendar/token")

    def be_told(self) -> None:
        fly(notice(ALICE, "connection_dead", "00000000-0000-4000-8000-000000000001", "1", clock.now()))

    def forget_notices(self) -> None:
        for told in self.send("profile", "GET", "/v1/notifications")["items"]:
            self.send("profile", "DELETE", f"/v1/notifications/{told['id']}")

    def create_webhook(self) -> None:
        self.ids["webhook"] = self.send(
            "webhooks", "POST", "/v1/webhooks", body={"url": "https://hooks.example.com/in"}, headers={"idempotency-key": "key"}
        )["id"]

    def delete_webhook(self) -> None:
        self.send("webhooks", "DELETE", f"/v1/webhooks/{self.ids['webhook']}")

    def rotate_secret(self) -> None:
        self.create_webhook()
        self.send("webhooks", "POST", f"/v1/webhooks/{self.ids['webhook']}/rotate-secret")

    def test_webhook(self) -> None:
        self.create_webhook()
        self.send("webhooks", "POST", f"/v1/webhooks/{self.ids['webhook']}/test")

    def sign_in(self) -> None:
        self.send("profile", "GET", "/v1/profile")

    def leave(self) -> None:
        self.send("profile", "DELETE", "/v1/profile")


SCENES: dict[tuple[str, str], Callable[[Scenes], Scene]] = {
    ("post_analytics", "the records"): lambda s: Scene(s.read_figures, lambda: count("post_analytics"), s.forget),
    ("post_figures", "the records"): lambda s: Scene(s.read_figures, lambda: count("post_figures"), s.forget),
    ("post_polls", "the records, while the post is read and its account connected"): lambda s: Scene(
        s.post, lambda: count("post_polls"), s.forget
    ),
    ("post_analytics", "those of LinkedIn posts, at most"): lambda s: Scene(
        s.read_linkedin_figures, lambda: count("post_analytics")
    ),
    ("post_figures", "those of LinkedIn posts, at most"): lambda s: Scene(s.read_linkedin_figures, lambda: count("post_figures")),
    ("account_analytics", "those of LinkedIn accounts, at most"): lambda s: Scene(
        s.read_linkedin_figures, lambda: count("account_analytics")
    ),
    ("account_analytics", "the records"): lambda s: Scene(s.read_figures, lambda: count("account_analytics"), s.disconnect),
    ("post_targets", "the records"): lambda s: Scene(s.post, lambda: count("post_targets"), s.forget),
    ("post_targets", "a keyed fingerprint of the text"): lambda s: Scene(
        s.lose_an_answer, lambda: count("post_targets", "text_fingerprint IS NOT NULL"), s.give_up
    ),
    ("post_targets", "a keyed fingerprint of a retry with an Idempotency-Key"): lambda s: Scene(
        s.retry_with_a_key, lambda: count("post_targets", "request_fingerprint IS NOT NULL")
    ),
    ("posts", "the records"): lambda s: Scene(s.post, lambda: count("posts"), s.forget),
    ("posts", "fingerprint and response"): lambda s: Scene(
        s.post, lambda: count("posts", "request_fingerprint IS NOT NULL OR answer IS NOT NULL")
    ),
    ("posts", "if you delete the post within that day, only the keyed hash"): lambda s: Scene(
        s.post_and_forget, lambda: count("posts")
    ),
    ("connection_attempts", "an attempt"): lambda s: Scene(s.begin_connecting, lambda: count("connection_attempts")),
    ("connection_attempts", "a grant that waits for your selection"): lambda s: Scene(
        s.consent, lambda: count("connection_attempts")
    ),
    ("former_accounts", "the records, unless such a request comes first"): lambda s: Scene(
        s.part_with_instagram, lambda: count("former_accounts"), s.leave
    ),
    ("request_counts", "the records"): lambda s: Scene(s.post, lambda: count("request_counts")),
    ("platform_connections", "the records"): lambda s: Scene(s.connect, lambda: count("platform_connections"), s.disconnect),
    ("ai_provider_keys", "the records"): lambda s: Scene(s.store_key, lambda: count("ai_provider_keys"), s.forget_key),
    ("ai_provider_state", "the records"): lambda s: Scene(s.store_key, lambda: count("ai_provider_state"), s.forget_key),
    ("ai_usage_tracking", "the records, those of a month once it is over"): lambda s: Scene(
        s.use_ai, lambda: count("ai_usage_tracking"), s.forget_usage
    ),
    ("ai_usage_tracking", "a keyed fingerprint of a request with an Idempotency-Key"): lambda s: Scene(
        s.use_ai_with_a_key, lambda: count("ai_usage_tracking", "request_fingerprint IS NOT NULL")
    ),
    ("ai_spending", "the records"): lambda s: Scene(s.spend, lambda: count("ai_spending"), s.leave),
    ("ai_operator_spending", "the records"): lambda s: Scene(s.spend, lambda: count("ai_operator_spending"), s.leave),
    ("prompt_template_ratings", "the records"): lambda s: Scene(s.rate, lambda: count("prompt_template_ratings"), s.withdraw),
    ("prompt_template_choices", "the records"): lambda s: Scene(
        s.report, lambda: count("prompt_template_choices"), s.withdraw_report
    ),
    ("prompt_template_versions", "the records"): lambda s: Scene(
        s.make_template, lambda: count("prompt_template_versions", "user_id <> 'system'"), s.delete_template
    ),
    **{
        (table, "the records"): lambda s, table=table: Scene(s.schedule, lambda: count(table), s.delete_schedule)  # type: ignore[misc]
        for table in ("schedules", "schedule_targets", "schedule_occurrences")
    },
    ("schedules", "a keyed fingerprint of a request with an Idempotency-Key"): lambda s: Scene(
        s.schedule, lambda: count("schedules", "request_fingerprint IS NOT NULL")
    ),
    ("schedule_requests", "the records"): lambda s: Scene(s.publish_now, lambda: count("schedule_requests"), s.delete_schedule),
    ("schedule_requests", "a keyed fingerprint of a request with an Idempotency-Key"): lambda s: Scene(
        s.publish_now, lambda: count("schedule_requests", "request_fingerprint IS NOT NULL")
    ),
    ("webhooks", "a keyed fingerprint of a request with an Idempotency-Key"): lambda s: Scene(
        s.create_webhook, lambda: count("webhooks", "request_fingerprint IS NOT NULL")
    ),
    ("prompt_templates", "the records"): lambda s: Scene(
        s.make_template, lambda: count("prompt_templates", "user_id <> 'system'"), s.delete_template
    ),
    ("prompt_templates", "a keyed fingerprint of a request with an Idempotency-Key"): lambda s: Scene(
        s.make_template, lambda: count("prompt_templates", "request_fingerprint IS NOT NULL")
    ),
    ("slot_plans", "the records"): lambda s: Scene(s.plan, lambda: count("slot_plans"), s.disconnect),
    ("calendar_tokens", "the record"): lambda s: Scene(s.subscribe, lambda: count("calendar_tokens"), s.unsubscribe),
    ("webhooks", "the records"): lambda s: Scene(s.create_webhook, lambda: count("webhooks"), s.delete_webhook),
    ("webhooks", "the previous secret, encrypted"): lambda s: Scene(
        s.rotate_secret, lambda: count("webhooks", "sealed_old_secret IS NOT NULL")
    ),
    ("webhook_deliveries", "the records, unless you delete the webhook or the notice before"): lambda s: Scene(
        s.test_webhook, lambda: count("webhook_deliveries")
    ),
    ("notifications", "the records"): lambda s: Scene(s.be_told, lambda: count("notifications"), s.forget_notices),
    ("profiles", "the record"): lambda s: Scene(s.sign_in, lambda: count("profiles"), s.leave),
    ("deletion_receipts", "the keyed hash of your id"): lambda s: Scene(
        s.leave, lambda: count("deletion_receipts", "user_hash IS NOT NULL")
    ),
    ("deletion_receipts", "the rest, which can be found only with the receipt's code"): lambda s: Scene(
        s.leave, lambda: count("deletion_receipts")
    ),
}
RULES = {(entry.table, rule.what): rule for entry in ENTRIES for rule in entry.retention}
ELSEWHERE = {key for key, rule in RULES.items() if rule.until in ("unused", "finished")}
"""Tables that nothing writes (below), and the record of a departure (test_departure)."""


def test_every_sentence_has_a_scene() -> None:
    assert SCENES.keys() | ELSEWHERE == RULES.keys() and not SCENES.keys() & ELSEWHERE


@pytest.fixture
def scene(request: pytest.FixtureRequest, platforms: Platforms) -> Scene:
    """The scene of a sentence, with its rows made."""
    found = SCENES[request.param](Scenes(platforms))
    found.make()
    assert found.there()
    return found


def keys(*untils: str) -> list[Any]:
    """Sentences that end in one of these ways."""
    return [pytest.param(key, id=f"{key[0]}: {key[1]}") for key in SCENES if RULES[key].until in untils]


@pytest.mark.parametrize(("scene", "key"), [(p.values[0], p.values[0]) for p in keys("time")], indirect=["scene"], ids=str)
def test_B4_what_is_kept_for_a_time_is_gone_minutes_later(
    scene: Scene, key: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    days, life = Days(monkeypatch), timedelta(seconds=RULES[key].seconds or 0)
    days.pass_by(life - timedelta(minutes=1))
    assert scene.there(), "kept as long as it says"
    days.pass_by(timedelta(minutes=1) + WITHIN)
    assert not scene.there(), "and no longer"


@pytest.mark.parametrize("scene", keys("deleted", "disconnected", "left"), indirect=True)
def test_B4_what_is_kept_until_you_end_it_stays_and_then_goes(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    days = Days(monkeypatch)
    days.pass_by(timedelta(days=40))
    assert scene.there() and scene.end is not None
    scene.end()
    days.pass_by(WITHIN)
    assert not scene.there()


@pytest.mark.parametrize("scene", keys("month"), indirect=True)
def test_B4_what_is_kept_for_a_month_outlasts_its_user_and_not_the_month(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    days, now = Days(monkeypatch), clock.now()
    assert scene.end is not None
    scene.end()
    assert scene.there()
    over = (now.replace(day=1) + timedelta(days=32)).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    days.pass_by(over - now - timedelta(minutes=5))
    assert scene.there()
    days.pass_by(timedelta(minutes=5) + WITHIN)
    assert not scene.there()


@pytest.mark.parametrize("scene", keys("settled"), indirect=True)
def test_B4_a_fingerprint_goes_when_its_outcome_is_given_up(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    days = Days(monkeypatch)
    days.pass_by(timedelta(days=1) + WITHIN)
    assert scene.end is not None
    scene.end()
    assert not scene.there()


@pytest.mark.parametrize("scene", keys("for_good"), indirect=True)
def test_B4_what_is_kept_for_good_stays(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    Days(monkeypatch).pass_by(timedelta(days=4_000))
    assert scene.there()


def test_B4_what_is_said_to_be_unused_is_written_by_nothing() -> None:
    unused = {key[0] for key in ELSEWHERE if RULES[key].until == "unused"}
    sources = [path.read_text() for folder in ("layers", "functions") for path in (Path(ROOT) / folder).rglob("*.py")]
    written = {table for text in sources for table in re.findall(r"INTO (\w+)\b", text)}
    assert {"posts", "post_targets", "notifications"} <= written
    assert not unused & written


@pytest.mark.usefixtures("deployment")
def test_B4_the_words_are_made_from_the_data() -> None:
    for entry in Client(None).request("profile", "GET", "/v1/privacy").json["tables"]:
        for rule in entry["retention"]:
            assert rule["what"] in entry["kept"] and all(route in entry["kept"] for route in rule["by"])
        assert (entry["table"] in idempotency.TABLES) == ("for 1 day after the request" in entry["kept"])


def test_B4_every_route_that_the_map_names_exists() -> None:
    described = (Path(ROOT) / "docs" / "openapi.json").read_text()
    for rule in RULES.values():
        for route in rule.by:
            method, path = route.split(" ")
            named = re.sub(r"\{\w+\}", "{", path)
            assert method == "DELETE" and any(
                re.sub(r"\{\w+\}", "{", known) == named for known in re.findall(r'"(/v1/[^"]*)": \{', described)
            ), route
