"""LinkedIn's requests and lists, for every flow."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from urllib.parse import quote

from noillusion.flows.protocol import Account, Call, Flow
from noillusion.platforms.linkedin.facts import API, AUTHORS, HEADERS, IDENTITY, LIST_SIZE, PROFILE
from noillusion.platforms.reading import Row, rows


def get(path: str, headers: Mapping[str, str] = HEADERS) -> Call:
    """A read of the API."""
    # The query is part of the URL: an encoder would escape the syntax of List(…) and (k:v) as well (platforms.md 3.1).
    return Call("GET", API + path, headers=headers)


def identity(scopes: Sequence[str]) -> Call:
    """Vetted apps have no OpenID and are told who they are by another endpoint (platforms.md 3.2)."""
    return Call("GET", f"{IDENTITY}/{'me' if 'r_basicprofile' in scopes else 'userinfo'}")


def decorated_identity(scopes: Sequence[str]) -> Call:
    """The same with the image of the member, which only OpenID gives without being asked."""
    plain = identity(scopes)
    return replace(plain, url=f"{plain.url}?projection={PROFILE}") if plain.url.endswith("/me") else plain


def author(account: Account) -> str:
    """The URN that an account posts as."""
    return AUTHORS[account.kind].format(account.id)


def encoded(urn: str) -> str:
    """A URN as it stands in a URL."""
    return quote(urn, safe="")


def paged(
    path: str, headers: Mapping[str, str], at_most: int, enough: Callable[[Row], bool] = lambda _: False
) -> Flow[tuple[list[Row], bool]]:
    """The rows of up to ``at_most`` pages, and whether these are all, or all up to one that is ``enough``.

    A list ends where LinkedIn's paging has no next link, and nowhere else: a page can be shorter than what was asked for and have
    one.
    """
    found: list[Row] = []
    start = 0
    for _ in range(at_most):
        reply = yield get(f"{path}&start={start}&count={LIST_SIZE}", headers)
        page = rows(reply, "elements")
        found += page
        links = reply.get("paging.links")
        following = _next_start(links)
        if any(map(enough, page)) or (following is None and isinstance(links, list)):
            return found, True
        if following is None or following <= start:
            break
        start = following
    return found, False


def _next_start(links: object) -> int | None:
    """Return where the next page begins, ``None`` if there is no next link. One that cannot be read leads nowhere: 0."""
    named = [link for link in links if isinstance(link, Mapping)] if isinstance(links, list) else []
    following = next((str(link.get("href")) for link in named if link.get("rel") == "next"), None)
    if following is None:
        return None
    found = re.search(r"[?&]start=([0-9]{1,9})(?:&|$)", following)
    return int(found[1]) if found else 0
