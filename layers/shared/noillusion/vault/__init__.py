"""Sealed secrets: encryption bound to a row and keyed hashes."""
