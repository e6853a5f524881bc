"""A simulator of Facebook."""
