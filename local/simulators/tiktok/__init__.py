"""A simulator of TikTok."""
