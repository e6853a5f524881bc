"""The server that tests and local deployments start: for root as for any user, without changing what is not its own."""

from __future__ import annotations

import os
import pwd
import tempfile
from pathlib import Path

import psycopg
import pytest

from local.databases import postgres


def answers(server: postgres.Server) -> bool:
    with psycopg.connect(server.url()) as connection:
        return connection.execute("SELECT 1").fetchone() == (1,)


def test_a_server_starts_and_leaves_the_permissions_of_all_folders_as_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    folders = [closed, *closed.parents]
    before = [folder.stat().st_mode for folder in folders]
    monkeypatch.setattr(tempfile, "tempdir", str(closed))
    with postgres.temporary() as server:
        assert answers(server)
        assert [folder.stat().st_mode for folder in folders] == before
    assert not server.directory.exists()


def test_root_needs_no_particular_user_and_creates_none(monkeypatch: pytest.MonkeyPatch) -> None:
    users = Path("/etc/passwd").read_text()

    real = pwd.getpwnam

    def missing(name: str) -> pwd.struct_passwd:
        if name == postgres.SYSTEM_USER:
            raise KeyError(name)
        return real(name)

    monkeypatch.setattr(pwd, "getpwnam", missing)
    with postgres.temporary() as server:
        assert answers(server)
        # An ordinary user runs it as himself.
        assert (server.user is None) == (os.geteuid() != 0)
    assert Path("/etc/passwd").read_text() == users


def test_a_folder_that_is_closed_to_the_server_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tmp_path.chmod(0o700)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    with pytest.raises(RuntimeError, match="closed to other users"):
        postgres.create(tmp_path / "server")
    assert tmp_path.stat().st_mode & 0o777 == 0o700
