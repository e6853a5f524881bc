"""Query parameters of the routes of analytics."""

from __future__ import annotations

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query

from noillusion.catalog.figures import Dimension, Interval, Metric, PeriodName, SeriesBasis, Sort
from noillusion.catalog.platforms import PlatformName
from noillusion.core.fields import Id, TimeZone
from noillusion.core.instants import Instant

From = Annotated[Instant | None, Query(alias="from", description="Start, with a UTC offset; default: 30 days before the end")]
To = Annotated[
    Instant | None, Query(description="End (exclusive), with a UTC offset; default: now; at most 366 days after `from`")
]
Platform = Annotated[PlatformName | None, Query(description="Return only this platform")]
Named = Annotated[
    PeriodName | None, Query(description="A period by its name instead of `from` and `to`, by the days of `time_zone`")
]
Zone = Annotated[TimeZone | None, Query(description="IANA time zone; default: that of your profile")]
PeriodZone = Annotated[TimeZone | None, Query(description="IANA time zone of the days of `period`")]
Figure = Annotated[Metric, Query(description="Figure to return")]
Width = Annotated[Interval, Query(description="Length of an interval. Weeks begin on Monday")]
Basis = Annotated[
    SeriesBasis,
    Query(
        description="`published`: the newest figures of posts, by when they were published; their sum is the total of the "
        "summary. `gained`: how much figures grew from one reading to the next, by when the later one was made, also those of "
        "posts that were published before the period"
    ),
]
By = Annotated[Dimension, Query(description="What the posts of a group have in common")]
ConnectionId = Annotated[Id | None, Query(description="Return only posts through this connection")]
PostId = Annotated[Id | None, Query(description="Return only this post")]
SortBy = Annotated[Sort, Query(description="Figure to sort by, highest first")]
