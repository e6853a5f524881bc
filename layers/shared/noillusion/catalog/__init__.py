"""The platforms and AI providers that there are, as light data. Everything else asks this room; it imports no other."""
