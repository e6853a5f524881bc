"""Pages of an edge, by cursor, by offset or by time (platforms.md 0.4)."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from typing import Final
from urllib.parse import urlencode

from local.simulators.meta.errors import GraphError
from local.simulators.meta.fields import integer
from local.simulators.meta.graph import Call
from local.simulators.world import Json, World


def paged(
    world: World,
    call: Call,
    rows: Sequence[Json],
    default: int = 25,
    most: int = 100,
    made_at: Callable[[Json], float] | None = None,
) -> Json:
    """One page of an edge. ``limit`` above ``most`` is cut; ``next`` is a complete URL, token included.

    How a page leads on is the world's to say (platforms.md 0.4). ``made_at`` gives a row's time where paging by time is possible.
    """
    limit = min(max(integer(call.params.get("limit"), "limit", default), 1), most)
    behaviour = world.lists_of(call.host)
    if behaviour.most and limit > behaviour.most:
        raise GraphError(1, "Please reduce the amount of data you're asking for, then retry your request", status=500)
    start = 0
    if after := call.params.get("after") or call.params.get("__paging_token"):
        # What stands before every row follows the page without any.
        start = next((n + 1 for n, row in enumerate(rows) if cursor(row) == after), 0 if after == HOLLOW else len(rows))
    elif "offset" in call.params:
        start = max(integer(call.params["offset"], "offset", 0), 0)
    size = behaviour.size(limit)
    page = list(rows[start : start + size])
    hollow = behaviour.hollow and not after
    if not page or hollow:
        return {"data": [], "paging": _leading_on(world, call, limit, {"after": HOLLOW}, more=True)} if hollow else {"data": []}
    last, more = cursor(page[-1]), start + size < len(rows)
    if behaviour.paging == "offset":
        return {"data": page, "paging": _by_offset(call, limit, start + size if more else None)}
    if behaviour.circles and not more and start:
        return {"data": page, "paging": _leading_on(world, call, limit, {"after": cursor(rows[size - 1])}, more=True)}
    if behaviour.paging == "time" and made_at is not None:
        # Only an empty page has no way on: nobody knows whether there is anything older before it was looked for.
        return {"data": page, "paging": _by_time(world, call, limit, made_at(page[0]), made_at(page[-1]), last)}
    return {"data": page, "paging": _leading_on(world, call, limit, {"before": cursor(page[0]), "after": last}, more=more)}


HOLLOW: Final = "QVFIUhollow"
"""The cursor of a page without rows, which leads to the first ones."""


def _leading_on(world: World, call: Call, limit: int, cursors: Json, *, more: bool) -> Json:
    paging: Json = {"cursors": cursors} if world.lists_of(call.host).paging == "cursor" else {}
    if more:
        kept = {k: v for k, v in call.params.items() if k != "__paging_token"}
        paging["next"] = _page_url(call, {**kept, "limit": str(limit), "after": cursors["after"]})
    return paging


def _by_offset(call: Call, limit: int, following: int | None) -> Json:
    kept = {k: v for k, v in call.params.items() if k not in ("offset", "after")}
    return {} if following is None else {"next": _page_url(call, {**kept, "limit": str(limit), "offset": str(following)})}


def _by_time(world: World, call: Call, limit: int, newest: float, oldest: float, last: str) -> Json:
    kept = {k: v for k, v in call.params.items() if k not in ("after", "since", "until", "__paging_token", "__previous")}
    before = {**kept, "limit": str(limit), "since": str(int(newest)), "__previous": "1"}
    # The second of the last row is asked for again, and the token says where in it to go on.
    following = {**kept, "limit": str(limit), "until": str(int(oldest) + 1), "__paging_token": last}
    if "since" in call.params:
        following["since"] = call.params["since"]
    return {"previous": _page_url(call, before), "next": _page_url(call, following)}


def _page_url(call: Call, params: Mapping[str, str]) -> str:
    query = {"access_token": call.token or "", **params}
    # Of the platform's own host, whatever this one is reached at: nothing that is handed out with a token in it is ever called.
    return f"https://{call.host}/" + "/".join((call.version, *call.path)) + "?" + urlencode(query)


def cursor(row: Json) -> str:
    """An opaque cursor for a row of an edge."""
    return base64.urlsafe_b64encode(f"c:{row.get('id') or row.get('post_id')}".encode()).decode().rstrip("=")
