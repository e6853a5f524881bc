"""Lists of the Graph API and the pages that they come in (platforms.md 1.7)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from noillusion.flows.faults import PlatformError
from noillusion.flows.protocol import Call, Flow
from noillusion.platforms.meta.errors import TOO_MUCH
from noillusion.platforms.reading import Row, rows

PAGE_SIZE: Final = 25
SMALLEST_PAGE: Final = 3
CREDENTIALS: Final = frozenset({"access_token", "appsecret_proof"})
"""Query parameters of a next page's URL that are not taken from it."""


def paged(call: Call, at_most: int, enough: Callable[[list[Row]], bool] = lambda _: False) -> Flow[tuple[list[Row], bool]]:
    """The rows of up to ``at_most`` pages, and whether that was all that is wanted or all that there is.

    A list ends where ``paging.next`` is absent, and nowhere else: a page can be empty or short and have a next one, and pages
    by time have no cursors. Of ``next`` only the query is used, and of that never the access token. A page that is too much for
    Meta is asked for again at half its size, and those that follow too.
    """
    found: list[Row] = []
    first, asked = call, [call.query]
    for _ in range(at_most):
        try:
            reply = yield call
        except PlatformError as error:
            limit = int(call.query.get("limit", PAGE_SIZE)) // 2
            if error.fault.code != TOO_MUCH or limit < SMALLEST_PAGE:
                raise
            call, first = (replace(each, query={**each.query, "limit": limit}) for each in (call, first))
            asked.append(call.query)
            continue
        found += rows(reply, "data")
        following = reply.get("paging.next")
        if enough(found) or following is None:
            return found, True
        # On the first page's query: what led to this page need not lead to the next.
        query = {**first.query, **_next_query(following, call.url)}
        if query in asked:
            # A cursor that came before leads round in a circle.
            break
        asked.append(query)
        call = replace(call, query=query)
    return found, False


def _next_query(following: Any, url: str) -> dict[str, str]:
    """The query of the next page without its access token; empty if that page is not on the host of this one."""
    try:
        parts = urlsplit(str(following))
    except ValueError:
        return {}
    if parts.scheme != "https" or parts.netloc != urlsplit(url).netloc:
        return {}
    return {name: value for name, value in parse_qsl(parts.query) if name not in CREDENTIALS}
