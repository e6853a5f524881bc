"""Secrets: fetched once, read again after a while, through the extension where it is there; never printed."""

from __future__ import annotations

import io
import json
import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Barrier, Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest
from moto.server import ThreadedMotoServer

from noillusion import db
from noillusion.core import clock, logs, loop
from noillusion.core.errors import Unavailable
from noillusion.core.sensitive import Secret
from noillusion.settings import holdings
from noillusion.settings import secret as secrets
from noillusion.settings import source as settings
from noillusion.settings.errors import SettingsError
from noillusion.settings.values import Settings
from noillusion.vault import sealer as crypto
from noillusion.vault.sealer import Place, SealBroken
from tests.api.harness import Client, Context, load
from tests.support.deployment import forget, key

ARN = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:noillusion/test-AbCdEf"
NAME = "noillusion/test"
MARKER = "value-marker"
PLACE = Place("platform_connections", "sealed_access_token", "auth0|alice", "row")
Logged = Callable[[], list[dict[str, Any]]]
LATER = settings.REFRESH_AFTER + timedelta(seconds=1)


class Extension(ThreadingHTTPServer):
    """Stands for the AWS Parameters and Secrets Lambda Extension."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.requests: list[tuple[str, str | None]] = []
        self.status, self.text = 200, "{}"
        self.others: dict[str, str] = {}
        """What other secrets hold, by their ARNs."""

    def hold(self, values: Any) -> None:
        """What the secret is from now on."""
        self.text = values if isinstance(values, str) else json.dumps(values)


class _Handler(BaseHTTPRequestHandler):
    server: Extension

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        wanted = parse_qs(url.query)["secretId"][0] if url.path == "/secretsmanager/get" else url.path
        self.server.requests.append((wanted, self.headers["X-Aws-Parameters-Secrets-Token"]))
        text = self.server.others.get(wanted, self.server.text)
        body = json.dumps({"ARN": ARN, "SecretString": text}).encode() if self.server.status == 200 else b"not ready"
        self.send_response(self.server.status)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Silence."""


def ring(current: str, *ids: str) -> dict[str, Any]:
    """The value of SEALING_KEYS."""
    return {"current": current, "keys": {key_id: key(ord(key_id[-1])) for key_id in ids}}


@pytest.fixture
def values(deployment: Path) -> dict[str, Any]:
    """What the operator keeps in the secret."""
    return {
        "PUBLIC_URL": "https://api.test",
        "DATABASE_URL": f"sqlite:///{deployment}",
        "SEALING_KEYS": ring("k1", "k1"),
        "FINGERPRINT_KEY": key(2),
        "STATE_KEY": key(3),
        "TIKTOK_CLIENT_ID": "id",
        "TIKTOK_CLIENT_SECRET": MARKER,
    }


@pytest.fixture
def extension(values: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> Iterator[Extension]:
    """The extension, holding the secret; nothing in the environment but what the template puts there."""
    with Extension() as server, as_a_function(monkeypatch, *values):
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        server.hold(values)
        monkeypatch.setenv("SECRETS_ARN", ARN)
        monkeypatch.setenv("AWS_SESSION_TOKEN", "session-token")
        monkeypatch.setenv(secrets.EXTENSION_PORT, str(server.server_address[1]))
        # Nobody answers there: without the extension, the service is out of reach.
        monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
        yield server
        server.shutdown()


@pytest.fixture
def service(values: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Secrets Manager, holding the secret; no extension. Yields its client."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
    monkeypatch.setenv(secrets.EXTENSION_PORT, "")
    with as_a_function(monkeypatch, *values):
        client = boto3.client("secretsmanager")
        monkeypatch.setenv("SECRETS_ARN", client.create_secret(Name=NAME, SecretString=json.dumps(values))["ARN"])
        yield client
        client.delete_secret(SecretId=NAME, ForceDeleteWithoutRecovery=True)
        client.close()
    server.stop()


@contextmanager
def as_a_function(monkeypatch: pytest.MonkeyPatch, *held: str) -> Iterator[None]:
    """A fresh execution environment: a role's credentials, and none of what the secret holds."""
    with monkeypatch.context() as patch:
        for name in held:
            patch.delenv(name)
        for name, value in {"ACCESS_KEY_ID": "id", "SECRET_ACCESS_KEY": "key", "DEFAULT_REGION": "eu-central-1"}.items():
            patch.setenv(f"AWS_{name}", value)
        patch.setattr(boto3, "DEFAULT_SESSION", None)
        forget()
        yield
    if db.database.cache_info().currsize:
        loop.run(db.database().close())
    monkeypatch.setenv("SECRETS_ARN", "")
    forget()


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Moves the clock on."""
    passed, real = timedelta(), clock.now

    def move(by: timedelta) -> None:
        nonlocal passed
        passed += by

    monkeypatch.setattr(clock, "now", lambda: real() + passed)
    return move


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> Logged:
    """The log's entries so far, after making sure that no value is among them."""
    logs.bind()
    stream = io.StringIO()
    (handler,) = logging.getLogger("noillusion").handlers
    monkeypatch.setattr(handler, "stream", stream)

    def read() -> list[dict[str, Any]]:
        assert MARKER not in stream.getvalue()
        return [json.loads(line) for line in stream.getvalue().splitlines()]

    return read


def test_the_secret_comes_from_the_extension_once_and_without_boto3(
    extension: Extension, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "boto3", None)
    assert settings.settings().sealing_keys[0] == "k1"
    assert settings.settings().stage == "test"
    settings.settings.refresh()
    assert extension.requests == [(ARN, "session-token")]


@pytest.mark.parametrize("trouble", ["absent", "not ready", "nonsense", "gone"])
def test_where_the_extension_does_not_help_the_service_is_asked(
    service: Any, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    with Extension() as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        port = "" if trouble == "absent" else str(server.server_address[1])
        server.status = 400 if trouble == "not ready" else 200
        monkeypatch.setenv(secrets.EXTENSION_PORT, port if trouble != "gone" else "9")
        monkeypatch.setattr(_Handler, "do_GET", _nonsense) if trouble == "nonsense" else None
        assert settings.settings().sealing_keys[0] == "k1"
        server.shutdown()


def _nonsense(handler: _Handler) -> None:
    handler.send_response(200)
    handler.send_header("content-length", "2")
    handler.end_headers()
    handler.wfile.write(b"[]")


def test_a_secret_that_cannot_be_read_is_named_by_its_setting(
    service: Any, monkeypatch: pytest.MonkeyPatch, logged: Logged
) -> None:
    monkeypatch.setenv("SECRETS_ARN", ARN)
    with pytest.raises(SettingsError, match="SECRETS_ARN names a secret that could not be read"):
        settings.settings()
    assert [entry["error"] for entry in logged()] == ["ResourceNotFoundException"]


def test_a_secret_without_a_value_is_named_by_its_setting(service: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    empty = service.create_secret(Name="noillusion/empty")
    monkeypatch.setenv("SECRETS_ARN", empty["ARN"])
    with pytest.raises(SettingsError, match="SECRETS_ARN names a secret that could not be read"):
        settings.settings()


def split(values: dict[str, Any], *groups: str) -> dict[str, dict[str, Any]]:
    """The secrets of these groups."""
    return {group: {n: v for n, v in values.items() if n in holdings.GROUPS[group].members} for group in groups}


def test_a_function_reads_the_secrets_that_it_is_given_and_of_several_a_later_one_wins(
    extension: Extension, values: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = split(values, "api", "sealing")
    extension.others["a"] = json.dumps({**parts["api"], "STATE_KEY": key(9)})
    extension.others["b"] = json.dumps({**parts["sealing"], "STATE_KEY": key(3)})
    monkeypatch.setenv("SECRETS_ARN", "a,b")
    monkeypatch.setenv("HOLDS", "api,sealing")
    found = settings.settings()
    assert sorted(wanted for wanted, _ in extension.requests) == ["a", "b"]
    assert (found.state_key, found.sealing_keys[0], found.apps.get("tiktok", "login")) == (bytes([3]) * 32, "k1", None)
    assert found.logins == {"api": ("DATABASE_URL", values["DATABASE_URL"])}


def test_the_secrets_of_a_function_are_read_at_the_same_time(
    extension: Extension, values: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    together = Barrier(3, timeout=60)
    fetch = secrets._from_extension

    def met(arn: str) -> str | None:
        together.wait()
        return fetch(arn)

    monkeypatch.setattr(secrets, "_from_extension", met)
    assert secrets.fetch("a,b,c")["PUBLIC_URL"] == values["PUBLIC_URL"]


@pytest.mark.parametrize(
    ("holds", "setting"),
    [("api,worker", None), ("api,sealing", "SEALING_KEYS"), ("health", "HEALTH_DATABASE_URL"), ("api,everything", "HOLDS")],
)
def test_a_function_needs_the_settings_that_it_holds_and_no_others(
    values: dict[str, Any], holds: str, setting: str | None
) -> None:
    held = {} if holds == "health" else split(values, "api")["api"]
    found = Settings({**held, "HOLDS": holds})
    if setting is None:
        found.check()
        assert found.logins["worker"] == found.logins["api"]
        return
    with pytest.raises(SettingsError) as refused:
        found.check()
    assert refused.value.setting == setting


def test_among_several_secrets_one_that_nobody_filled_has_no_members(
    service: Any, values: dict[str, Any], monkeypatch: pytest.MonkeyPatch, logged: Logged
) -> None:
    """So the one secret of an older deployment goes on holding everything."""
    empty = [service.create_secret(Name=f"noillusion/test/{name}")["ARN"] for name in ("worker", "sealing")]
    monkeypatch.setenv("SECRETS_ARN", ",".join([os.environ["SECRETS_ARN"], *empty]))
    monkeypatch.setenv("HOLDS", "api,worker,sealing,platforms")
    found = settings.settings()
    assert (found.sealing_keys[0], found.logins["worker"][0]) == ("k1", "DATABASE_URL")
    assert [entry["error"] for entry in logged()] == ["ResourceNotFoundException"] * 2
    monkeypatch.setenv("SECRETS_ARN", ",".join(empty))
    forget()
    with pytest.raises(SettingsError) as refused:
        settings.settings()
    assert refused.value.setting == "PUBLIC_URL"


def test_one_of_several_secrets_that_cannot_be_read_is_no_empty_one(service: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    arn = os.environ["SECRETS_ARN"]
    monkeypatch.setattr(secrets._Service, "_made", lambda _: boto3.client("secretsmanager", endpoint_url="http://127.0.0.1:9"))
    monkeypatch.setenv("SECRETS_ARN", f"{arn},{arn}")
    with pytest.raises(SettingsError, match="SECRETS_ARN names a secret that could not be read"):
        settings.settings()


@pytest.mark.parametrize("name", ["PUBLIC_URL", "DATABASE_URL", "SEALING_KEYS", "FINGERPRINT_KEYS", "STATE_KEY"])
@pytest.mark.parametrize("value", ["", MARKER])
def test_a_needed_setting_that_cannot_be_used_fails_at_once(
    extension: Extension, values: dict[str, Any], name: str, value: str
) -> None:
    extension.hold({**values, "FINGERPRINT_KEY": "", "FINGERPRINT_KEYS": ring("f1", "f1"), name: value})
    with pytest.raises(SettingsError) as refused:
        settings.settings()
    assert refused.value.setting == name and MARKER not in str(refused.value)


@pytest.mark.parametrize("tail", ["?sslmode=disable", "?unheard_of=1", ":port/name"])
def test_a_database_url_that_the_engine_refuses_fails_at_once(extension: Extension, values: dict[str, Any], tail: str) -> None:
    extension.hold({**values, "DATABASE_URL": f"postgresql://u:{MARKER}@db.example.com{tail}"})
    with pytest.raises(SettingsError) as refused:
        settings.settings()
    assert refused.value.setting == "DATABASE_URL" and MARKER not in str(refused.value)


def test_a_member_that_is_null_is_absent(extension: Extension, values: dict[str, Any]) -> None:
    absent = dict.fromkeys(["TIKTOK_CLIENT_ID", "TIKTOK_CLIENT_SECRET", "OPERATOR_OPENAI_KEY", "RETURN_URLS"])
    extension.hold({**values, **absent})
    found = settings.settings()
    assert (found.apps.get("tiktok", "login"), found.operator_ai_keys, "RETURN_URLS" in secrets.fetch(ARN)) == (None, {}, False)


def test_a_secret_nested_without_end_is_no_object(extension: Extension) -> None:
    extension.hold("[" * 100_000)
    with pytest.raises(SettingsError, match="SECRETS_ARN must name a secret that is a JSON object"):
        settings.settings()


@pytest.mark.parametrize(
    "name", ["ENDPOINTS", "OPERATOR_AI_BUDGET_USD", "RETURN_URLS", "TIKTOK_CLIENT_ID", "OPERATOR_GOOGLE_KEY"]
)
def test_a_malformed_optional_setting_fails_at_once(extension: Extension, values: dict[str, Any], name: str) -> None:
    extension.hold({**values, name: f" {MARKER}"})
    with pytest.raises(SettingsError) as refused:
        settings.settings()
    assert refused.value.setting == name and MARKER not in str(refused.value)


def test_the_caller_learns_nothing_of_it_and_the_log_learns_the_name(
    extension: Extension, values: dict[str, Any], logged: Logged
) -> None:
    extension.hold({**values, "STATE_KEY": MARKER})
    answer = Client().request("connect_callback", "GET", "/v1/connections")
    assert answer.status == 500
    assert set(answer.json) == {"type", "title", "status", "code", "correlation_id"}
    assert "STATE_KEY" not in answer.text
    found = [entry for entry in logged() if entry["message"] == "setting_unusable"]
    assert [entry["setting"] for entry in found] == ["STATE_KEY"]


def test_chores_and_consumers_log_the_name_too(extension: Extension, values: dict[str, Any], logged: Logged) -> None:
    extension.hold({**values, "DATABASE_URL": f"mysql://{MARKER}"})
    with pytest.raises(load("maintain").ChoreFailed):
        load("maintain").handler({"task": "sweep"}, Context())
    body = json.dumps({"user_id": "auth0|alice", "target_id": "00000000-0000-4000-8000-000000000001"})
    load("publish").handler({"Records": [{"messageId": "m", "body": body}]}, Context())
    names = [entry["setting"] for entry in logged() if entry["message"] == "setting_unusable"]
    assert names == ["DATABASE_URL", "DATABASE_URL"]


def test_a_changed_secret_is_followed_between_invocations(extension: Extension, values: dict[str, Any], later: Any) -> None:
    client = Client()
    assert client.request("profile", "GET", "/v1/profile").status == 200
    old = crypto.sealer().seal(Secret("token"), PLACE)
    extension.hold({**values, "SEALING_KEYS": ring("k2", "k1", "k2")})
    client.request("profile", "GET", "/v1/profile")
    assert crypto.sealer().key_id == "k1" and len(extension.requests) == 1
    later(LATER)
    client.request("profile", "GET", "/v1/profile")
    assert crypto.sealer().key_id == "k2" and len(extension.requests) == 2
    assert crypto.sealer().open(old, PLACE).reveal() == "token"


def test_an_unchanged_secret_keeps_what_was_made_from_it(extension: Extension, later: Any) -> None:
    before = crypto.sealer(), db.database()
    later(LATER)
    settings.settings.refresh()
    assert len(extension.requests) == 2
    assert (crypto.sealer(), db.database()) == before


def test_a_new_database_address_is_followed_and_the_old_connection_closed(
    extension: Extension, values: dict[str, Any], later: Any, tmp_path: Path
) -> None:
    from tools.migrate import ensure

    client = Client()
    assert client.request("profile", "GET", "/v1/profile").status == 200
    old = db.database()
    moved = f"sqlite:///{tmp_path / 'moved.sqlite3'}"
    ensure(moved)
    extension.hold({**values, "DATABASE_URL": moved})
    later(LATER)
    assert client.request("profile", "GET", "/v1/profile").status == 200
    assert db.database() is not old
    assert old._connection is None  # type: ignore[attr-defined]
    count = loop.run(db.database().flight(db.WORKER, db.sql("SELECT COUNT(*) AS n FROM profiles")))
    assert count[0][0]["n"] == 1


@pytest.mark.parametrize(
    ("change", "setting"),
    [
        ({"SEALING_KEYS": MARKER}, "SEALING_KEYS"),
        ({"STATE_KEY": ""}, "STATE_KEY"),
        ({"DATABASE_URL": f"postgresql://u:{MARKER}@db.example.com/app?sslmode=disable"}, "DATABASE_URL"),
        (MARKER, "SECRETS_ARN"),
        (None, "SECRETS_ARN"),
    ],
    ids=["malformed", "missing", "refused by the engine", "no object", "unreachable"],
)
def test_a_refresh_that_fails_keeps_the_old_values_and_is_tried_again_soon(
    extension: Extension, values: dict[str, Any], later: Any, logged: Logged, change: Any, setting: str
) -> None:
    settings.settings()
    if change is None:
        extension.status = 500
    else:
        extension.hold({**values, **change} if isinstance(change, dict) else change)
    later(LATER)
    for _ in range(3):
        assert Client().request("profile", "GET", "/v1/profile").status == 200
    assert len(extension.requests) == 2
    messages = logged()
    assert [entry["setting"] for entry in messages if entry["message"] == "setting_unusable"] == [setting]
    assert crypto.sealer().key_id == "k1"
    extension.status = 200
    extension.hold({**values, "SEALING_KEYS": ring("k2", "k1", "k2")})
    later(settings.RETRY_AFTER)
    settings.settings.refresh()
    assert crypto.sealer().key_id == "k2"


def test_a_key_added_meanwhile_is_found_when_a_ciphertext_asks_for_it(service: Any, values: dict[str, Any]) -> None:
    assert crypto.sealer().key_id == "k1"
    elsewhere = crypto.Sealer("k2", {"k2": bytes([ord("2")]) * 32})
    sealed = elsewhere.seal(Secret("token"), PLACE)
    service.put_secret_value(SecretId=NAME, SecretString=json.dumps({**values, "SEALING_KEYS": ring("k1", "k1", "k2")}))
    assert crypto.sealer().open(sealed, PLACE).reveal() == "token"


def test_a_key_that_is_gone_is_asked_for_once_a_minute(service: Any, monkeypatch: pytest.MonkeyPatch, later: Any) -> None:
    sealed = crypto.Sealer("k0", {"k0": bytes(32)}).seal(Secret("token"), PLACE)
    asked: list[str] = []
    fetch = secrets.fetch

    def counting(arn: str, *, fresh: bool = False) -> dict[str, str]:
        asked.append(arn)
        return fetch(arn, fresh=fresh)

    crypto.sealer()
    monkeypatch.setattr(crypto, "_gone", {})
    monkeypatch.setattr(secrets, "fetch", counting)
    for _ in range(3):
        with pytest.raises(SealBroken):
            crypto.sealer().open(sealed, PLACE)
    assert len(asked) == 1
    later(crypto.ASK_AGAIN)
    with pytest.raises(SealBroken):
        crypto.sealer().open(sealed, PLACE)
    assert len(asked) == 2


def test_a_key_counts_as_gone_only_if_the_secret_says_so(extension: Extension, monkeypatch: pytest.MonkeyPatch) -> None:
    """A deployment that cannot read its keys must not declare connections dead."""
    monkeypatch.setattr(crypto, "_gone", {})
    sealed = crypto.Sealer("k9", {"k9": bytes(32)}).seal(Secret("token"), PLACE)
    with pytest.raises(Unavailable):
        crypto.sealer().open(sealed, PLACE)
