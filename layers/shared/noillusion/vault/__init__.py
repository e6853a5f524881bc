"""Encryption of credentials bound to their row, and keyed hashes."""
