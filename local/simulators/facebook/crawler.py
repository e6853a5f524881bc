"""Downloads of media from their URLs, as Facebook makes them."""

from __future__ import annotations

from urllib.parse import urlsplit

from local.simulators import media
from local.simulators.meta.figures import CRAWLER
from local.simulators.world import World


async def fetch_as_crawler(world: World, url: str, max_bytes: int) -> media.Media:
    """Fetch a media file, unless Meta's own servers would have to be asked."""
    host = urlsplit(url).hostname or ""
    if host.endswith(("fbcdn.net", "facebook.com", "cdninstagram.com")):
        raise media.FetchFailed("http_403")
    return await media.fetch(world, url, user_agent=CRAWLER, allow_redirects=True, max_bytes=max_bytes)
