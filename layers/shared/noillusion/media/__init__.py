"""Media files that users name or send: their facts, read from their bytes."""
