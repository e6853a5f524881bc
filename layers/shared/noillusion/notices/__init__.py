"""Notices to a user about what happened without a request of theirs."""
