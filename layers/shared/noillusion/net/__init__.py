"""Outbound HTTP: the shared client, and the guarded client for URLs from users."""
