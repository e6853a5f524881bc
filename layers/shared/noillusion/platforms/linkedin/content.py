"""The content of each kind of post as LinkedIn takes it, with what it names uploaded (platforms.md 3.3)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from noillusion.core.records import record
from noillusion.flows.draft import Draft, Kind
from noillusion.flows.protocol import Account, Flow
from noillusion.platforms.calls import filled
from noillusion.platforms.linkedin import connect, uploads, videos
from noillusion.platforms.linkedin.facts import POLL_DURATIONS
from noillusion.platforms.linkedin.uploads import Asset


@record(eq=True)
class Prepared:
    """The content of a post, ``None`` for a text, and the files that it names."""

    content: Mapping[str, Any] | None
    assets: tuple[Asset, ...] = ()


def prepared(draft: Draft, account: Account) -> Flow[Prepared]:
    """Return the content of a post, ready to be sent. Something is always asked before: a dead token is seen in time."""
    return (yield from PREPARATIONS[draft.kind](draft, account))


def _text(_: Draft, account: Account) -> Flow[Prepared]:
    yield from connect.probe(account)
    return Prepared(None)


def _article(draft: Draft, account: Account) -> Flow[Prepared]:
    link = draft.link
    assert link is not None, "checked before"
    article = filled({"source": link.url, "title": link.title, "description": link.description})
    if link.thumbnail is None:
        yield from connect.probe(account)
        return Prepared({"article": article})
    (asset,) = assets = yield from uploads.images([link.thumbnail], account)
    return Prepared({"article": {**article, "thumbnail": asset.urn}}, assets)


def _image(draft: Draft, account: Account) -> Flow[Prepared]:
    (asset,) = assets = yield from uploads.images(draft.media, account)
    (item,) = draft.media
    return Prepared({"media": filled({"id": asset.urn, "altText": item.alt_text})}, assets)


def _images(draft: Draft, account: Account) -> Flow[Prepared]:
    assets = yield from uploads.images(draft.media, account)
    images = [filled({"id": asset.urn, "altText": item.alt_text}) for asset, item in zip(assets, draft.media, strict=True)]
    return Prepared({"multiImage": {"images": images}}, assets)


def _video(draft: Draft, account: Account) -> Flow[Prepared]:
    (item,) = draft.media
    asset = yield from videos.video(item, account)
    return Prepared({"media": filled({"id": asset.urn, "title": item.title})}, (asset,))


def _document(draft: Draft, account: Account) -> Flow[Prepared]:
    (item,) = draft.media
    asset = yield from uploads.document(item, account)
    return Prepared({"media": filled({"id": asset.urn, "title": item.title})}, (asset,))


def _poll(draft: Draft, account: Account) -> Flow[Prepared]:
    poll = draft.poll
    assert poll is not None, "checked before"
    yield from connect.probe(account)
    options = [{"text": option} for option in poll.options]
    settings = {"duration": POLL_DURATIONS[poll.days]}
    return Prepared({"poll": {"question": poll.question, "options": options, "settings": settings}})


PREPARATIONS: Final[Mapping[Kind, Callable[[Draft, Account], Flow[Prepared]]]] = {
    "text": _text,
    "link": _article,
    "image": _image,
    "images": _images,
    "video": _video,
    "document": _document,
    "poll": _poll,
}
