"""Webhooks: notices sent to endpoints of the user, signed as Standard Webhooks describes (docs/webhooks.md)."""
