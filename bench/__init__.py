"""Benchmarks: they report figures as ratios taken in one run, and never assert a time."""
