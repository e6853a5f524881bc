"""What figures can be asked for, and how: names that requests and the database share."""

from __future__ import annotations

from typing import Literal

Metric = Literal["views", "reach", "likes", "comments", "shares", "saves", "clicks", "engagements"]
Sort = Literal["views", "reach", "likes", "comments", "shares", "saves", "clicks", "engagements", "published_at"]
Interval = Literal["hour", "day", "week"]
PeriodName = Literal[
    "today", "yesterday", "last_7_days", "last_30_days", "last_90_days",
    "this_week", "last_week", "this_month", "last_month", "this_year",
]  # fmt: skip
SeriesBasis = Literal["published", "gained"]
Dimension = Literal["platform", "kind", "connection", "text_length", "hour", "weekday", "provider", "template"]
