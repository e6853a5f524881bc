"""Reads PostgreSQL URLs as people paste them. Nothing of one that cannot be used is repeated: it may be a piece of a password."""

from __future__ import annotations

import re
from functools import lru_cache

import psycopg
from psycopg import conninfo, pq

from noillusion.core import logs
from noillusion.core.urls import is_loopback
from noillusion.settings.errors import SettingsError

CONNECT_TIMEOUT_S = 5
SAFE_MODES = ("require", "verify-ca", "verify-full")
NOT_FOR_THE_SERVER = frozenset({"pgbouncer"})
"""Parameters that snippets carry for other clients, and that change nothing here: every URL may be a pooler's."""
REFUSED = frozenset({"sslkeylogfile"})
"""It would write the keys of the connection to a file."""
_HOST = re.compile(r"[A-Za-z0-9_.-]+|[0-9A-Fa-f:.]+(%[A-Za-z0-9_.-]+)?")
_DATABASE = re.compile(r"[^\s@#/?:\\]+")
_PARAMETER = re.compile(r"[a-z][a-z_]{1,30}")
_ESCAPE = "write @ # / ? and : in a password as %40 %23 %2F %3F and %3A"


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    """The names of libpq's parameters, and the one that it takes for JDBC's sake."""
    return frozenset(option.keyword.decode() for option in pq.Conninfo.get_defaults()) | {"ssl"}


def connection_string(url: str, setting: str = "DATABASE_URL") -> str:
    """The connection string with encryption required, except on this machine. :class:`SettingsError` names the setting if its
    URL forbids that, or is none."""
    try:
        parts = conninfo.conninfo_to_dict(_understood(url, setting))
    except psycopg.ProgrammingError:
        raise SettingsError(setting, f"is not a valid PostgreSQL connection string: {_ESCAPE}") from None
    hosts = [host for name in ("host", "hostaddr") for host in str(parts.get(name) or "").split(",") if host]
    if not hosts or not parts.get("dbname"):
        raise SettingsError(setting, "must name a host and a database")
    if not all(port.isdecimal() for port in str(parts.get("port", 0)).split(",")):
        raise SettingsError(setting, f"must have a number for its port: {_ESCAPE}")
    if not all(host.startswith("/") or _HOST.fullmatch(host) for host in hosts):
        raise SettingsError(setting, f"must have a host of letters, digits, dots and hyphens: {_ESCAPE}")
    if not _DATABASE.fullmatch(str(parts["dbname"])):
        raise SettingsError(setting, f"must have a plain name for its database: {_ESCAPE}")
    if not all(map(is_local, hosts)):
        mode = parts.setdefault("sslmode", "require")
        if mode not in SAFE_MODES:
            raise SettingsError(setting, f"must have an sslmode of {', '.join(SAFE_MODES)}")
    parts = {"connect_timeout": CONNECT_TIMEOUT_S, **parts, "application_name": "noillusion"}
    try:
        return conninfo.make_conninfo("", **parts)
    except psycopg.ProgrammingError:
        raise SettingsError(setting, "is not a valid PostgreSQL connection string") from None


def _understood(url: str, setting: str) -> str:
    """The URL without parameters that are meant for other clients. :class:`SettingsError` names a parameter that nobody knows."""
    base, mark, query = url.partition("?")
    if not mark:
        return url
    if "@" in query or "?" in query:
        raise SettingsError(setting, f"must have a ? before its parameters only: {_ESCAPE}")
    kept = []
    for pair in filter(None, query.split("&")):
        name = pair.partition("=")[0]
        if name in NOT_FOR_THE_SERVER:
            logs.event("database_url_parameter_dropped", parameter=name)
        elif name in REFUSED:
            raise SettingsError(setting, f"must not have the parameter {name}")
        elif name in _known():
            kept.append(pair)
        else:
            named = f"the parameter {name}, which" if _PARAMETER.fullmatch(name) else "a parameter that"
            raise SettingsError(setting, f"has {named} is not understood")
    return f"{base}?{'&'.join(kept)}" if kept else base


def is_local(host: str) -> bool:
    """Return whether a host is this machine. A path is that of a socket."""
    return host.startswith("/") or is_loopback(host)
