"""Foundations: time, errors, logs and types that cannot be printed. Imports no other package of the product."""
