"""A simulator of LinkedIn."""
