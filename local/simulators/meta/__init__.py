"""Shared parts of the simulators of Facebook and Instagram."""
