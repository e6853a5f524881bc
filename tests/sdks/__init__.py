"""The simulators of the platforms, driven by clients that other people wrote."""
