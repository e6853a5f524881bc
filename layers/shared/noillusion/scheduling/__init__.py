"""Publishing at a later time, without keeping what is published."""
