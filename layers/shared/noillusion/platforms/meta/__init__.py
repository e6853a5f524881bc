"""Meta's Graph API, which Facebook and Instagram share."""
