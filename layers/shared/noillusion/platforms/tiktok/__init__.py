"""TikTok accounts."""
