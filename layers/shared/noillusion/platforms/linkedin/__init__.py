"""LinkedIn members and organizations."""
