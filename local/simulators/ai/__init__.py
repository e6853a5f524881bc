"""Simulators of the AI providers."""
