"""The history of figures in partitions by month, as an operator makes them."""

from __future__ import annotations

import subprocess

from tests.support.databases import PostgresStore
from tools.migrate import SUPABASE

SCRIPT = SUPABASE / "optional" / "history_by_month.sql"


def by_month(store: PostgresStore) -> None:
    """Run the script as its first lines say."""
    psql = str(store.server.binaries / "psql")
    subprocess.run([psql, store.url, "-X", "-q", "-v", "ON_ERROR_STOP=1", "-f", str(SCRIPT)], check=True, capture_output=True)
