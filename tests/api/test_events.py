"""Each sample event is what its trigger sends, and its handler does with it what it is for."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from local.aws import template
from noillusion import db
from noillusion.core import clock
from noillusion.net import queues
from noillusion.notices.notice import notice
from noillusion.settings.source import settings
from tests.api.conftest import Platforms
from tests.api.harness import FUNCTIONS, ROOT, Client, Context, load
from tests.support.databases import Store
from tests.support.deployment import analytics_queues

EVENTS = ROOT / "events"
USER = "auth0|64f0c2a7b1d9e8"

SAMPLES = sorted(path.stem for path in EVENTS.glob("*.json"))
FUNCTION_OF = {name: max((f for f in FUNCTIONS if name.startswith(f"{f}_")), key=len) for name in SAMPLES}
"""A sample's name begins with its function's."""


def sample(name: str) -> dict[str, Any]:
    event: dict[str, Any] = json.loads((EVENTS / f"{name}.json").read_text("utf-8"))
    return event


HTTP = [name for name in SAMPLES if "routeKey" in sample(name)]
QUEUES = [name for name in SAMPLES if "Records" in sample(name)]
SCHEDULES = [name for name in SAMPLES if "task" in sample(name)]


def feed(name: str, event: dict[str, Any] | None = None) -> dict[str, Any]:
    """What the handler of a sample's trigger answers."""
    answer: dict[str, Any] = load(FUNCTION_OF[name]).handler(sample(name) if event is None else event, Context(60))
    return answer


def body(answer: dict[str, Any], status: int) -> Any:
    assert answer["statusCode"] == status, answer["body"]
    return json.loads(answer["body"])


def message(name: str, **changed: Any) -> dict[str, Any]:
    """A queue sample whose message carries ids that exist."""
    event = sample(name)
    record = event["Records"][0]
    told = json.loads(record["body"])
    assert set(changed) <= set(told), "the sample has the fields of a real message"
    record["body"] = json.dumps({**told, **changed})
    return event


class Sent(list[dict[str, Any]]):
    """Messages that would have gone into a queue."""

    def __call__(self, _: str, entries: Sequence[dict[str, Any]]) -> int:
        self.extend(json.loads(entry["MessageBody"]) for entry in entries)
        return 0

    def send_message_batch(self, QueueUrl: str, Entries: Sequence[dict[str, Any]]) -> dict[str, Any]:
        self(QueueUrl, Entries)
        return {}


@pytest.fixture
def sent(deployment: Store, monkeypatch: pytest.MonkeyPatch) -> Sent:
    """The queues, as far as sending goes."""
    found = Sent()
    monkeypatch.setenv("PUBLISH_QUEUE_URL", "https://queue.test/publish")
    monkeypatch.setenv("ANALYTICS_QUEUE_URLS", analytics_queues())
    monkeypatch.setenv("SCHEDULE_QUEUE_URL", "https://queue.test/schedules")
    monkeypatch.setenv("WEBHOOK_QUEUE_URL", "https://queue.test/webhooks")
    monkeypatch.setattr(queues, "client", lambda: found)
    settings.forget()
    return found


def publish(platforms: Platforms, platform: str = "linkedin") -> dict[str, Any]:
    """The sample's publication, on a connection that exists; what the handler answers."""
    (connection,) = platforms.connect(Client(USER), platform)
    event = sample("publish_post")
    event["body"] = event["body"].replace("0f0e4d5c-6b7a-4988-9776-655443322110", connection["id"])
    post: dict[str, Any] = body(feed("publish_post", event), 201)
    return post


def test_every_trigger_of_the_template_has_a_sample() -> None:
    resources = template.read(ROOT / "template.yaml")["Resources"]
    functions = {name: r["Properties"] for name, r in resources.items() if r["Type"] == "AWS::Serverless::Function"}
    triggers = [(p["CodeUri"].split("/")[1], e) for p in functions.values() for e in p["Events"].values()]
    assert {function for function, e in triggers if e["Type"] == "HttpApi"} == {FUNCTION_OF[name] for name in HTTP}
    assert {function for function, e in triggers if e["Type"] == "SQS"} == {FUNCTION_OF[name] for name in QUEUES}
    scheduled = {(function, e["Properties"]["Input"]) for function, e in triggers if e["Type"].startswith("Schedule")}
    assert {(FUNCTION_OF[name], json.dumps(sample(name))) for name in SCHEDULES} == scheduled
    assert {*HTTP, *QUEUES, *SCHEDULES} == set(SAMPLES)
    assert [name for name in SAMPLES if not any(test.startswith(f"test_{name}_") for test in globals())] == []


@pytest.mark.parametrize("name", HTTP)
def test_an_http_sample_names_a_route_of_its_function(name: str) -> None:
    event = sample(name)
    routes = template.read(ROOT / "template.yaml")["Resources"]
    declared = {
        f"{e['Properties']['Method']} {e['Properties']['Path']}": e["Properties"].get("Auth", {}).get("Authorizer") != "NONE"
        for r in routes.values()
        if r.get("Properties", {}).get("CodeUri") == f"functions/{FUNCTION_OF[name]}/"
        for e in r["Properties"]["Events"].values()
        if e["Type"] == "HttpApi"
    }
    assert event["routeKey"] == event["requestContext"]["routeKey"]
    assert declared[event["routeKey"]] == ("authorizer" in event["requestContext"])


def test_profile_get_creates_the_profile(deployment: Store) -> None:
    assert body(feed("profile_get"), 200)["user_id"] == USER
    assert deployment.fetch("SELECT user_id FROM profiles") == [(USER,)]


def test_health_unknown_route_is_refused_although_the_path_decodes_to_a_guarded_one(deployment: Store) -> None:
    assert body(feed("health_unknown_route"), 404)["code"] == "unknown_route"


def test_media_robots_lets_the_crawler_in(deployment: Store) -> None:
    answer = feed("media_robots")
    headers = {name.lower(): value for name, value in answer["headers"].items()}
    assert (answer["statusCode"], headers["content-type"]) == (200, "text/plain; charset=utf-8")
    assert answer["body"].startswith("User-agent: facebookexternalhit\n") and "Allow: /v1/media/" in answer["body"]


def test_connect_callback_authorize_begins_connecting(deployment: Store) -> None:
    begun = body(feed("connect_callback_authorize"), 200)
    assert begun["authorization_url"].startswith("https://www.linkedin.com/oauth/v2/authorization?")
    assert deployment.fetch("SELECT state, platform FROM connection_attempts") == [("started", "linkedin")]


def test_connect_callback_oauth_with_a_state_that_is_not_ours_is_refused(deployment: Store) -> None:
    assert body(feed("connect_callback_oauth"), 400)["code"] == "invalid_state"
    assert deployment.fetch("SELECT * FROM connection_attempts") == []


def connected_before_the_samples(platforms: Platforms) -> None:
    """Somebody whose grant is older than the messages in the samples."""
    platforms.connect(Client(USER), "facebook")
    platforms.database.execute("UPDATE platform_connections SET token_issued_at = '2026-11-01T00:00:00.000000+00:00'")


def test_connect_callback_meta_deauthorize_ends_the_persons_connections(platforms: Platforms) -> None:
    connected_before_the_samples(platforms)
    assert body(feed("connect_callback_meta_deauthorize"), 200) == {}
    assert platforms.database.fetch("SELECT DISTINCT status FROM platform_connections") == [("reauth_required",)]


def test_connect_callback_meta_data_deletion_deletes_and_gives_a_code(platforms: Platforms) -> None:
    connected_before_the_samples(platforms)
    answer = body(feed("connect_callback_meta_data_deletion"), 200)
    assert answer["url"].endswith(answer["confirmation_code"])
    assert platforms.database.fetch("SELECT * FROM platform_connections") == []


def test_templates_list_lists_the_products_templates(deployment: Store) -> None:
    assert [t["origin"] for t in body(feed("templates_list"), 200)["items"]] == ["system", "system"]


def test_calendar_list_is_empty_where_nothing_is_planned(deployment: Store) -> None:
    assert body(feed("calendar_list"), 200)["items"] == []


def test_an_answer_without_a_body_has_an_empty_one(deployment: Store) -> None:
    created, deleted = sample("calendar_list"), sample("calendar_list")
    for event, method in ((created, "POST"), (deleted, "DELETE")):
        event.update(routeKey=f"{method} /v1/calendar/token", rawPath="/v1/calendar/token", rawQueryString="")
        event.pop("queryStringParameters", None)
        event["requestContext"]["http"].update(method=method, path="/v1/calendar/token")
        event["requestContext"]["routeKey"] = event["routeKey"]
    body(feed("calendar_list", created), 201)
    answer = feed("calendar_list", deleted)
    assert (answer["statusCode"], answer["body"]) == (204, ""), "an emulator of the gateway fails on null"


def test_schedules_list_lists_the_users_schedules(platforms: Platforms) -> None:
    made = scheduled(platforms)
    assert [found["id"] for found in body(feed("schedules_list"), 200)["items"]] == [made["id"]]


def scheduled(platforms: Platforms) -> dict[str, Any]:
    """A schedule that tells its user in two minutes."""
    (connection,) = platforms.connect(Client(USER), "linkedin")
    due = (clock.now() + timedelta(minutes=2)).isoformat()
    request = {"due_at": due, "targets": [{"connection_id": connection["id"], "way": "notify"}]}
    made = Client(USER).request("schedules", "POST", "/v1/schedules", body=request, headers={"idempotency-key": "k"})
    assert made.status == 201, made.text
    found: dict[str, Any] = made.json
    return found


def test_maintain_schedules_queues_ids_of_what_is_due(sent: Sent, platforms: Platforms, monkeypatch: pytest.MonkeyPatch) -> None:
    scheduled(platforms)
    later = clock.now() + timedelta(minutes=3)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert feed("maintain_schedules")["task"] == "schedules"
    ((occurrence,),) = platforms.database.fetch("SELECT id FROM schedule_occurrences")
    assert sent == [{"user_id": USER, "occurrence_id": str(occurrence)}]
    assert set(sent[0]) == set(json.loads(sample("schedule_run_queue")["Records"][0]["body"])), "the sample is a real message"


def test_schedule_run_queue_tells_what_is_due(sent: Sent, platforms: Platforms, monkeypatch: pytest.MonkeyPatch) -> None:
    scheduled(platforms)
    later = clock.now() + timedelta(minutes=3)
    monkeypatch.setattr(clock, "now", lambda: later)
    feed("maintain_schedules")
    assert feed("schedule_run_queue", message("schedule_run_queue", **sent[0])) == {"batchItemFailures": []}
    assert platforms.database.fetch("SELECT state FROM schedule_occurrences") == [("notified",)]


def test_webhooks_list_lists_the_users_webhooks(platforms: Platforms) -> None:
    (webhook,) = hooked(platforms)
    assert [each["id"] for each in body(feed("webhooks_list"), 200)["items"]] == [webhook]


def test_generate_preview_shows_what_would_be_sent(deployment: Store) -> None:
    shown = body(feed("generate_preview"), 200)
    assert "Repair café on Saturday" in shown["messages"][1]["content"]
    assert [p["skipped"] for p in shown["providers"]] == ["no_key"] * 3


def test_publish_post_publishes(platforms: Platforms) -> None:
    post = publish(platforms)
    assert (post["status"], len(platforms.posts("linkedin"))) == ("published", 1)


def test_analytics_summary_sums_up_a_period(deployment: Store) -> None:
    summary = body(feed("analytics_summary"), 200)
    assert (summary["period"]["end"], summary["totals"]["posts"]) == ("2026-11-21T23:00:00Z", 0)


def test_publish_queue_finishes_an_open_target(platforms: Platforms) -> None:
    platforms.fault(platform="facebook", method="POST", path="/feed$", when="after", drop=True)
    connection = platforms.connect(Client(USER), "facebook")[0]
    event = sample("publish_post")
    event["body"] = event["body"].replace("0f0e4d5c-6b7a-4988-9776-655443322110", connection["id"])
    target = body(feed("publish_post", event), 201)["targets"][0]
    assert target["status"] == "unknown"
    assert feed("publish_queue", message("publish_queue", target_id=target["id"])) == {"batchItemFailures": []}
    assert platforms.database.fetch("SELECT status FROM post_targets") == [("published",)]
    assert len(platforms.posts("facebook")) == 1


def test_analytics_poll_queue_reads_figures(platforms: Platforms) -> None:
    post = publish(platforms)
    target = post["targets"][0]
    claimed = {"connection_id": target["connection_id"], "target_ids": [target["id"]]}
    until = clock.now() + timedelta(minutes=2)
    platforms.database.fly(db.sql("UPDATE post_polls SET claimed_until = :until", until=until))
    ids = {**claimed, "claimed_until": until.isoformat()}
    assert feed("analytics_poll_queue", message("analytics_poll_queue", **ids)) == {"batchItemFailures": []}
    assert platforms.database.fetch("SELECT user_id, target_id FROM post_analytics") == [(USER, target["id"])]


@pytest.mark.parametrize("name", QUEUES)
def test_a_message_whose_ids_are_gone_is_done_with(deployment: Store, name: str) -> None:
    assert feed(name) == {"batchItemFailures": []}


@pytest.mark.parametrize(
    "changed", [{"target_id": "no id"}, {"connection_id": "no id"}, {"target_ids": ["no id"]}, {"target_ids": 7}]
)
def test_a_message_whose_ids_are_none_is_dropped_before_the_database_sees_them(
    deployment: Store, changed: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def asked(*_: Any) -> Any:
        raise AssertionError("the database was asked")

    monkeypatch.setattr(db.database(), "flight", asked)
    names = [name for name in QUEUES if set(changed) <= set(json.loads(sample(name)["Records"][0]["body"]))]
    assert names
    for name in names:
        assert feed(name, message(name, **changed)) == {"batchItemFailures": []}


def test_analytics_poll_schedule_queues_ids_of_what_is_due(sent: Sent, platforms: Platforms) -> None:
    target = publish(platforms)["targets"][0]
    assert feed("analytics_poll_schedule")["task"] == "poll"
    (told,) = [told for told in sent if "target_ids" in told]
    assert (told["user_id"], told["connection_id"], told["target_ids"]) == (USER, target["connection_id"], [target["id"]])
    assert set(told) == set(json.loads(sample("analytics_poll_queue")["Records"][0]["body"])), "the sample is a real message"


def test_maintain_sweep_queues_ids_of_what_nobody_looked_at(sent: Sent, platforms: Platforms) -> None:
    target = publish(platforms)["targets"][0]
    platforms.database.force("UPDATE post_targets SET status = 'processing', next_check_at = created_at")
    assert feed("maintain_sweep")["task"] == "sweep"
    assert sent == [{"user_id": USER, "target_id": target["id"]}]
    assert set(sent[0]) == set(json.loads(sample("publish_queue")["Records"][0]["body"]))


def test_maintain_webhooks_queues_webhooks_that_are_due(sent: Sent, platforms: Platforms) -> None:
    hooked(platforms)
    assert feed("maintain_webhooks") == {"task": "webhooks", "due": 1}
    (told,) = sent
    assert told == {"lane": "unknown"}
    assert set(told) == set(json.loads(sample("webhooks_queue")["Records"][0]["body"])), "the sample is a real message"


def test_webhooks_queue_sends_what_is_due(sent: Sent, platforms: Platforms) -> None:
    hooked(platforms)
    feed("maintain_webhooks")
    assert feed("webhooks_queue", message("webhooks_queue", **sent[0])) == {"batchItemFailures": []}
    assert platforms.database.fetch("SELECT state, status FROM webhook_deliveries") == [("delivered", 204)]


def hooked(platforms: Platforms) -> list[str]:
    """The id of a webhook for which a notice waits."""
    made = Client(USER).request("webhooks", "POST", "/v1/webhooks", body={"url": "https://hooks.example.com/in"})
    platforms.database.fly(notice(USER, "connection_dead", made.json["id"], "1", clock.now()))
    return [made.json["id"]]


def test_maintain_refresh_tokens_refreshes_what_is_due(platforms: Platforms) -> None:
    platforms.connect(Client(USER), "tiktok")
    query = "SELECT credential_version, sealed_access_token FROM platform_connections"
    ((version, token),) = platforms.database.fetch(query)
    platforms.database.execute("UPDATE platform_connections SET refresh_due_at = created_at")
    assert feed("maintain_refresh_tokens")["task"] == "refresh_tokens"
    ((new_version, new_token),) = platforms.database.fetch(query)
    assert new_version == version + 1
    assert new_token != token


def test_maintain_preflight_looks_at_nothing_where_nothing_is_scheduled(deployment: Store) -> None:
    assert feed("maintain_preflight") == {"task": "preflight"}


def test_maintain_verify_connections_looks_at_those_whose_time_has_come(platforms: Platforms) -> None:
    platforms.connect(Client(USER), "tiktok")
    platforms.database.execute("UPDATE platform_connections SET verify_at = created_at")
    assert feed("maintain_verify_connections") == {"task": "verify_connections", "working": 1}
    assert feed("maintain_verify_connections") == {"task": "verify_connections"}
    ((checked,),) = platforms.database.fetch("SELECT checked_at FROM platform_connections")
    assert checked


def test_maintain_retention_erases_what_is_past_its_time(platforms: Platforms) -> None:
    publish(platforms)
    platforms.database.execute("UPDATE posts SET created_at = '2026-01-01T00:00:00.000000Z'")
    assert feed("maintain_retention")["task"] == "retention"
    assert platforms.database.fetch("SELECT request_fingerprint FROM posts") == [(None,)]


def test_maintain_leaving_ends_departures_and_forgets_attempts_past_their_time(platforms: Platforms) -> None:
    platforms.connect(Client(USER), "tiktok")
    platforms.database.execute("UPDATE connection_attempts SET expires_at = '2026-01-01T00:00:00.000000Z'")
    columns = "(user_id, code_hash, left_at)"
    platforms.database.execute(f"INSERT INTO departures {columns} VALUES ('auth0|bob', 'h', '2026-01-01T00:00:00.000000Z')")
    done = feed("maintain_leaving")
    assert (done["task"], done["ended"], done["forgotten"]) == ("leaving", 1, 1)
    assert platforms.database.fetch("SELECT id FROM connection_attempts") == []
    assert platforms.database.fetch("SELECT id FROM departures") == []


def test_maintain_reseal_leaves_what_is_under_the_current_key(platforms: Platforms) -> None:
    platforms.connect(Client(USER), "tiktok")
    before = platforms.database.fetch("SELECT sealed_access_token FROM platform_connections")
    assert feed("maintain_reseal")["task"] == "reseal"
    assert platforms.database.fetch("SELECT sealed_access_token FROM platform_connections") == before
