"""The AI layer, driven against servers that other people wrote for tests of such clients."""
