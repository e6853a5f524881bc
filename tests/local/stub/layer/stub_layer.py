"""Stands for the shared layer."""

LAYER = "layer"
