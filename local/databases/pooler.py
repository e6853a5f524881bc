"""A real pgbouncer in transaction mode in front of a PostgreSQL server on this machine. Loopback only; it ends with its block."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from local.databases.guard import guarded
from local.databases.postgres import Server, free_port, shared_folder

START_TIMEOUT_S = 60
STOP_TIMEOUT_S = 10
SEARCHED = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin"
CONFIGURATION = """
[databases]
* = host=127.0.0.1 port={server_port}

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = trust
auth_file = {directory}/users.txt
pool_mode = transaction
default_pool_size = {pool_size}
max_client_conn = 500
server_login_retry = 1
query_wait_timeout = 3
server_idle_timeout = 60
"""


class PoolerMissing(RuntimeError):
    """There is no pgbouncer on this machine."""


@dataclass
class Pooler:
    """A running pooler."""

    port: int
    directory: Path
    user: str | None
    _process: subprocess.Popen[bytes] | None = None

    def url(self, database: str = "postgres", user: str = "postgres") -> str:
        """Connection string for a database of the server behind it."""
        return f"postgresql://{user}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Start (again) on the same port. ``RuntimeError`` if it does not answer in time."""
        program = _program()
        with (self.directory / "pooler.log").open("ab") as log:
            self._process = subprocess.Popen(
                [program, "-q", str(self.directory / "pgbouncer.ini")], user=self.user, stdout=log, stderr=log, cwd="/"
            )
        (self.directory / "pooler.pid").write_text(str(self._process.pid))
        until = time.monotonic() + START_TIMEOUT_S
        while not _answers(self.port):
            if self._process.poll() is not None or time.monotonic() > until:
                self.stop()
                raise RuntimeError(f"pgbouncer failed: {(self.directory / 'pooler.log').read_text()[-500:]}")
            time.sleep(0.02)

    def stop(self) -> None:
        """Stop; its clients and its connections to the server are cut."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _program() -> str:
    found = shutil.which("pgbouncer", path=SEARCHED)
    if found is None:
        raise PoolerMissing("pgbouncer is not installed: `make pgbouncer` as root, or by your system's package manager")
    return found


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


@contextmanager
def temporary(server: Server, pool_size: int = 20) -> Iterator[Pooler]:
    """A pooler for the time of the block. Each database and user gets at most ``pool_size`` connections to the server."""
    _program()
    directory = Path(tempfile.mkdtemp(prefix="noillusion-pooler-", dir=shared_folder()))
    pooler = Pooler(free_port(), directory, server.user)
    text = CONFIGURATION.format(server_port=server.port, port=pooler.port, directory=directory, pool_size=pool_size)
    (directory / "pgbouncer.ini").write_text(text)
    (directory / "users.txt").write_text('"postgres" ""\n')
    if server.user is not None:
        # pgbouncer refuses to run as root, as PostgreSQL does.
        owner = pwd.getpwnam(server.user).pw_uid
        for path in (directory, *directory.iterdir()):
            os.chown(path, owner, -1)
    with guarded(directory):
        try:
            pooler.start()
            yield pooler
        finally:
            pooler.stop()
            shutil.rmtree(directory, ignore_errors=True)
