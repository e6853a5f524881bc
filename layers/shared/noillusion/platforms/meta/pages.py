"""The Pages of a grant by Facebook Login, with what is linked to them (platforms.md 0.4)."""

from __future__ import annotations

from typing import Final, TypeAlias

from noillusion.flows.faults import ErrorClass, PlatformError, UnexpectedShape
from noillusion.flows.protocol import Call, Flow, Reply, Tokens
from noillusion.platforms import cosmetic
from noillusion.platforms.meta.facts import GRAPH
from noillusion.platforms.meta.lists import paged
from noillusion.platforms.reading import Row

PAGES_OF_LIST: Final = 20
"""A bound, with 100 rows each. Where it cuts a list, the person is told."""
BUSINESS_SCOPE: Final = "business_management"
PAGE_FIELDS: Final = "id,name,username,access_token"
DECORATED_FIELDS: Final = f"{PAGE_FIELDS},picture{{url}}"
_Listed: TypeAlias = "tuple[list[Row], bool]"
"""Rows, and whether these are all."""
NOT_A_FIELD: Final = cosmetic.NOT_ABOUT_FIELDS | {ErrorClass.PERMISSION}


def pages_of(tokens: Tokens, fields: str = PAGE_FIELDS, decorated: str = DECORATED_FIELDS) -> Flow[_Listed]:
    """The Pages the person ticked, and with ``business_management`` those of their businesses, each once; and whether all lists
    were read to their end.

    A Page has the ``decorated`` fields, or where these are refused only the ``fields``, and ``tasks`` where it is in the person's
    own list: other lists do not have that field.
    """
    listed, complete = yield from _either("me/accounts", f"{fields},tasks", f"{decorated},tasks")
    if BUSINESS_SCOPE in tokens.scopes:
        complete = (yield from _of_businesses(fields, decorated, listed)) and complete
    pages: dict[str, Row] = {}
    for row in listed:
        if page := str(row.get("id") or ""):
            # What the person's own list says of a Page counts; a business may add what is missing there.
            known = {name: value for name, value in pages.get(page, {}).items() if value not in (None, "")}
            pages[page] = {**row, **known}
    return list(pages.values()), complete


def picture_of(page: Row) -> str | None:
    """Return the URL of a Page's image, ``None`` where Facebook shows none."""
    return cosmetic.image_url(Reply(200, data=page).get("picture.data.url"))


def _of_businesses(fields: str, decorated: str, listed: list[Row]) -> Flow[bool]:
    """Add the Pages of the person's businesses. What cannot be read is left out: the person's own list must not fail for it."""
    businesses: list[Row] = []
    complete = yield from _tolerated(_rows("me/businesses", "id,name"), businesses)
    for business in businesses:
        for edge in ("owned_pages", "client_pages"):
            complete = (yield from _tolerated(_either(f"{business.get('id')}/{edge}", fields, decorated), listed)) and complete
    return complete


def _tolerated(rows: Flow[_Listed], found: list[Row]) -> Flow[bool]:
    """Add the rows of a list, and return whether that was all of it. One that is refused is none."""
    try:
        listed, complete = yield from rows
    except (PlatformError, UnexpectedShape):
        return True
    found += listed
    return complete


def _either(path: str, fields: str, decorated: str) -> Flow[_Listed]:
    return (yield from cosmetic.either(_rows(path, decorated), lambda: _rows(path, fields), NOT_A_FIELD))


def _rows(path: str, fields: str) -> Flow[_Listed]:
    return (yield from paged(Call("GET", f"{GRAPH}/{path}", query={"fields": fields, "limit": 100}), PAGES_OF_LIST))
