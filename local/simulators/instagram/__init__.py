"""A simulator of Instagram."""
