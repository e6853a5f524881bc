"""The commands of the restore guide, run as they are written there: who left stays away, who came back keeps the new account."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from local.databases.postgres import Server
from noillusion import db
from noillusion.core import loop
from tests.api.harness import Client, Context, load
from tests.api.test_connections import signed_request
from tests.support import databases
from tests.support.databases import PostgresStore
from tests.support.deployment import key

ROOT = Path(__file__).resolve().parents[2]
ALICE, BOB, CAROL, DAVE = (f"auth0|{name}" for name in ("alice", "bob", "carol", "dave"))
CONNECTION = """INSERT INTO platform_connections (user_id, platform, account_id, account_kind, grant_subject, sealed_access_token,
  sealing_key_id, token_issued_at) VALUES ('{user}', 'facebook', '{account}', 'page', '{subject}', 'sealed', 'k1', now())"""


def guide() -> list[str]:
    """The commands that keep the receipts, and those that delete again."""
    section = (ROOT / "docs" / "operating.md").read_text().partition("## Restore")[2].partition("\n## ")[0]
    blocks = [re.sub(r"^   ", "", block, flags=re.M) for block in re.findall(r"```bash\n(.*?)```", section, re.S)]
    return [block for block in blocks if "receipts.csv" in block]


def follow(commands: str, store: PostgresStore, directory: Path, **variables: str) -> str:
    """Run commands of the guide in a checkout."""
    # What the guide leaves to its reader to fill in.
    commands = re.sub(r"^export (\w+)='.*'$", lambda found: "" if found[1] in variables else found[0], commands, flags=re.M)
    environment = {
        "PATH": f"{store.server.binaries}:{os.environ['PATH']}",
        "LC_ALL": "C.UTF-8",
        "ADMIN_URL": store.server.url(store.name),
        **variables,
    }
    for name in ("supabase", "layers", "tools"):
        if not (directory / name).exists():
            (directory / name).symlink_to(ROOT / name)
    (directory / ".venv" / "bin").mkdir(parents=True, exist_ok=True)
    python = directory / ".venv" / "bin" / "python"
    if not python.exists():
        python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
        python.chmod(0o755)
    command = ["bash", "-euo", "pipefail", "-c", commands]
    done = subprocess.run(command, cwd=directory, env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def say(store: PostgresStore, user: str, bio: str) -> None:
    assert Client(user).request("profile", "PATCH", "/v1/profile", body={"bio": bio}).status == 200


def leave(user: str) -> str:
    answer = Client(user).request("profile", "DELETE", "/v1/profile")
    assert answer.status == 200, answer.text
    return str(answer.json["code"])


def bios(store: PostgresStore) -> dict[str, str]:
    return dict(store.fetch("SELECT user_id, bio FROM profiles"))


def test_whoever_left_since_the_restored_point_stays_away_and_whoever_came_back_before_it_stays(
    own: PostgresStore, postgres_server: Server, deploy: Callable[[str], None], tmp_path: Path
) -> None:
    deploy(own.url)
    for user in (ALICE, BOB, CAROL):
        say(own, user, "old")
    # Without a profile, as somebody who only ever connected an account.
    own.execute(CONNECTION.format(user=DAVE, account="1", subject="700"))
    own.execute(CONNECTION.format(user=CAROL, account="2", subject="701"))
    leave(ALICE)
    say(own, ALICE, "came back")
    loop.run(_closed())
    own.close()
    point = datetime.now(UTC)
    with databases.fresh(postgres_server, own.name) as backup:
        deploy(own.url)
        codes = [leave(BOB), leave(DAVE)]
        say(own, BOB, "came back too late for the backup")
        body = signed_request("facebook-app-secret", "701")
        asked = Client(None).request("connect_callback", "POST", "/v1/callbacks/meta/data-deletion", raw=body).json
        loop.run(_closed())
        keep, again = guide()
        follow(keep, own, tmp_path, RESTORED_POINT=point.isoformat())
        assert bios(backup) == {ALICE: "came back", BOB: "old", CAROL: "old"}
        variables = {"FINGERPRINT_KEYS": "", "FINGERPRINT_KEY": key(2)}
        told, *_ = again.split("DATABASE_URL", 2)[1:]
        assert "would delete" in follow("DATABASE_URL" + told, backup, tmp_path, **variables)
        assert bios(backup)[BOB] == "old"
        follow(again, backup, tmp_path, **variables)
        assert bios(backup) == {ALICE: "came back", CAROL: "old"}
        assert backup.fetch(f"SELECT id FROM platform_connections WHERE user_id = '{DAVE}'") == []
        deploy(backup.url)
        for code in codes:
            receipt = Client(None).request("profile", "GET", f"/v1/profile/deletion/{code}")
            assert (receipt.status, receipt.json["state"] in ("completed", "partial")) == (200, True)
        path = f"/v1/callbacks/meta/data-deletion/{asked['confirmation_code']}"
        assert Client(None).request("connect_callback", "GET", path).json["state"] == "deleting"
        load("maintain").handler({"task": "leaving"}, Context(60))
        assert Client(None).request("connect_callback", "GET", path).json["state"] == "completed"
        assert backup.fetch("SELECT id FROM platform_connections") == []
        loop.run(_closed())


def test_a_file_with_too_many_receipts_deletes_nothing_of_whoever_came_back(
    own: PostgresStore, deploy: Callable[[str], None], tmp_path: Path
) -> None:
    deploy(own.url)
    say(own, ALICE, "old")
    leave(ALICE)
    say(own, ALICE, "came back")
    loop.run(_closed())
    keep, again = guide()
    follow(keep, own, tmp_path, RESTORED_POINT="2020-01-01T00:00:00Z")
    follow(again, own, tmp_path, FINGERPRINT_KEYS="", FINGERPRINT_KEY=key(2))
    assert bios(own) == {ALICE: "came back"}


def test_the_guide_has_its_two_steps() -> None:
    assert [len(re.findall("receipts.csv", block)) for block in guide()] == [1, 2]


async def _closed() -> None:
    if db.database.cache_info().currsize:
        await db.database().close()
