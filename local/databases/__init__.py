"""PostgreSQL and pgbouncer as processes on this machine."""
