"""Events as they arrive at an endpoint, verified by the libraries of Standard Webhooks, which other people wrote."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from noillusion.core import loop
from noillusion.net import client as http
from noillusion.net.queues import Message
from noillusion.settings import source as settings
from noillusion.webhooks import queue as webhook_queue
from noillusion.webhooks import signing
from tests.api.hooked import ask, deliver, hook, tell
from tests.clients.conftest import TYPESCRIPT, VENV, execute
from tests.support import databases
from tests.support.databases import SQLiteStore
from tests.support.receiver import HOST, Received, receiver

PYTHON = """
import json, sys
from standardwebhooks import Webhook, WebhookVerificationError
given = json.load(sys.stdin)
try:
    print(json.dumps(Webhook(given["secret"]).verify(given["body"], given["headers"])))
except WebhookVerificationError as error:
    print(error)
"""
NODE = """
import { Webhook, WebhookVerificationError } from "standardwebhooks";
import { readFileSync } from "node:fs";
const given = JSON.parse(readFileSync(0, "utf8"));
try {
  console.log(JSON.stringify(new Webhook(given.secret).verify(given.body, given.headers)));
} catch (error) {
  if (!(error instanceof WebhookVerificationError)) throw error;
  console.log(error.message);
}
"""
Verify = Callable[[str, Received], str]


@pytest.fixture(params=["python", "typescript"])
def verify(request: pytest.FixtureRequest) -> Verify:
    """Give a request to a library. Returns the event as JSON, or why it was refused."""

    def by(secret: str, received: Received) -> str:
        given = json.dumps({"secret": secret, "body": received.body.decode(), "headers": dict(received.headers)})
        command = (VENV / "python", "-c", PYTHON) if request.param == "python" else ("node", "--input-type=module", "-e", NODE)
        done = execute(*command, cwd=TYPESCRIPT, given=given)
        assert done.code == 0, done.output
        return done.output.strip()

    return by


@pytest.fixture
def sent(tmp_path: Path, deploy: Callable[[str], None], monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[list[str], Received]]:
    """An event as it arrived a day before its old secret ends, and both secrets."""
    store = SQLiteStore(tmp_path / "test.sqlite3")
    databases.migrate_file(store.path)
    deploy(store.url)
    queue: list[dict[str, Any]] = []

    async def enqueue(messages: Sequence[Message]) -> None:
        queue.extend({"body": dict(message.body), "at": datetime.now(UTC)} for message in messages)

    monkeypatch.setattr(webhook_queue, "enqueue", enqueue)
    with databases.present(store), receiver() as at:
        monkeypatch.setenv("ENDPOINTS", json.dumps({HOST: at.base}))
        settings.settings.forget()
        made = hook()
        secrets = [made["secret"], ask("POST", f"/{made['id']}/rotate-secret").json["secret"]]
        tell("publish_failed", platform="tiktok")
        deliver(queue)
        (received,) = at.requests
        yield secrets, received
        loop.run(http.close())


def test_an_event_is_accepted_with_either_secret(sent: tuple[list[str], Received], verify: Verify) -> None:
    secrets, received = sent
    for secret in secrets:
        assert json.loads(verify(secret, received)) == json.loads(received.body)
    assert json.loads(received.body)["data"]["platform"] == "tiktok"


@pytest.mark.parametrize("part", ["body", "webhook-id", "webhook-timestamp", "secret"])
def test_what_was_changed_on_the_way_is_refused(sent: tuple[list[str], Received], verify: Verify, part: str) -> None:
    secrets, received = sent
    secret, headers, body = secrets[0], dict(received.headers), received.body
    if part == "body":
        body = body.replace(b"publish_failed", b"publish_finished")
    elif part == "secret":
        secret = signing.new_secret().reveal()
    elif part == "webhook-id":
        headers[part] += "0"
    else:
        headers[part] = str(int(headers[part]) + 1)
    assert verify(secret, Received("/in", headers, body)) == "No matching signature found"


@pytest.mark.parametrize(("seconds", "message"), [(-301, "too old"), (600, "too new")])
def test_an_event_of_another_time_is_refused_although_it_is_signed(
    sent: tuple[list[str], Received], verify: Verify, seconds: int, message: str
) -> None:
    from noillusion.core.sensitive import Secret

    secrets, received = sent
    at = datetime.now(UTC) + timedelta(seconds=seconds)
    headers = signing.headers([Secret(secrets[0])], received.headers["webhook-id"], at, received.body)
    assert message in verify(secrets[0], Received("/in", headers, received.body))
