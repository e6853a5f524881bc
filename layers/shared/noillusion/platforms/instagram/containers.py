"""The containers that Instagram's posts are prepared in: making them, and reading their states (platforms.md 2.3, 2.7)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from noillusion.core.sensitive import Content
from noillusion.flows.draft import Draft, Kind, MediaItem
from noillusion.flows.effects import Effect
from noillusion.flows.faults import ErrorClass, Fault, PlatformError
from noillusion.flows.protocol import Account, Call, Flow, Reply, Until
from noillusion.platforms.calls import filled
from noillusion.platforms.instagram.errors import FINAL_CLASSES
from noillusion.platforms.instagram.facts import FETCH_TIMEOUT_S, POLL_AT_MOST_S, POLL_EVERY_S, STATES
from noillusion.platforms.instagram.options import InstagramOptions
from noillusion.platforms.instagram.paths import path_of
from noillusion.platforms.reading import unlisted

Fields = Mapping[str, Any]


def single(draft: Draft, account: Account) -> Call:
    """The container of an image, a reel or a story."""
    return _create(SINGLE[draft.kind](draft), account, "container_id")


def awaiting(draft: Draft, account: Account) -> Call:
    """The container of a reel or a story whose video will be sent to it. Until then it is not worth keeping."""
    return replace(_create({**SINGLE[draft.kind](draft), "upload_type": "resumable"}, account, ""), keep={})


def child(item: MediaItem, position: int, account: Account) -> Call:
    """The container of one member of a carousel. Its video has a ``media_type``, its image has none (platforms.md 2.3)."""
    kind = "VIDEO" if item.kind == "video" else None
    fields = {**_source(item), "media_type": kind, "alt_text": item.alt_text, "is_carousel_item": "true"}
    return _create(fields, account, f"child_{position}")


def carousel(draft: Draft, children: Sequence[str], account: Account) -> Call:
    """The container of a carousel, whose members are finished."""
    fields = {"media_type": "CAROUSEL", "children": ",".join(children), **_post(draft)}
    return _create(fields, account, "container_id")


def _create(fields: Fields, account: Account, handle: str) -> Call:
    return Call(
        "POST",
        f"{path_of(account).graph}/{account.id}/media",
        Effect.PREPARE,
        form=filled(fields),
        keep={handle: "id"},
        timeout=FETCH_TIMEOUT_S,
    )


def _image(draft: Draft) -> Fields:
    """An image has no ``media_type`` (platforms.md 2.3)."""
    return {**_source(draft.media[0]), "alt_text": draft.media[0].alt_text, **_post(draft)}


def _reel(draft: Draft) -> Fields:
    item, options = draft.media[0], InstagramOptions.of(draft)
    return {
        "media_type": "REELS",
        **_source(item),
        "cover_url": item.thumbnail.url if item.thumbnail else None,
        "thumb_offset": options.thumb_offset_ms,
        "share_to_feed": _flag(options.share_to_feed),
        "audio_name": options.audio_name,
        "trial_params": json.dumps({"graduation_strategy": options.trial}) if options.trial else None,
        **_post(draft),
    }


def _story(draft: Draft) -> Fields:
    labeled = InstagramOptions.of(draft).is_ai_generated
    return {"media_type": "STORIES", **_source(draft.media[0]), "is_ai_generated": _flag(labeled or None)}


SINGLE: Final[Mapping[Kind, Callable[[Draft], Fields]]] = {"image": _image, "reel": _reel, "story": _story}
"""Kinds that are prepared in one container → its fields (platforms.md 2.3)."""


def _source(item: MediaItem) -> Fields:
    """The URL of a file; nothing of a video that will be sent."""
    return {"video_url" if item.kind == "video" else "image_url": item.url}


def _post(draft: Draft) -> Fields:
    """The fields that images, reels and carousels have in common."""
    options = InstagramOptions.of(draft)
    names = [name.reveal() for name in options.collaborators]
    return {
        "caption": draft.text,
        "collaborators": Content(json.dumps(names)) if names else None,
        "location_id": options.location_id,
        "is_ai_generated": _flag(options.is_ai_generated or None),
    }


def _flag(value: bool | None) -> str | None:
    return None if value is None else str(value).lower()


def _status_call(container: str, account: Account) -> Call:
    return Call("GET", f"{path_of(account).graph}/{container}", query={"fields": "status_code,status"})


def until_finished(container: str, account: Account, *tolerate: ErrorClass, resumable: bool = True) -> Until:
    """Wait until a container can be published."""
    return Until(
        _status_call(container, account),
        done=lambda reply: reply.get("status_code") in ("FINISHED", "PUBLISHED"),
        failed=_container_fault,
        odd=lambda reply: unlisted(reply.get("status_code"), STATES),
        every=POLL_EVERY_S,
        at_most=POLL_AT_MOST_S,
        tolerate=frozenset(tolerate),
        resumable=resumable,
    )


def _container_fault(reply: Reply) -> Fault | None:
    """Why a container can never be published. The number stands only in ``status``, at times without a ``status_code``."""
    state, text = reply.get("status_code"), reply.get("status")
    if state in ("FINISHED", "PUBLISHED"):
        return None
    if found := re.search(r"22\d{5}", text) if isinstance(text, str) else None:
        return Fault(FINAL_CLASSES.get(int(found[0]), ErrorClass.MEDIA_PROCESSING), found[0])
    return Fault(ErrorClass.MEDIA_PROCESSING, f"container_{state.lower()}") if state in ("ERROR", "EXPIRED") else None


def state(container: str, account: Account) -> Flow[str]:
    """The container's ``status_code``, empty when it cannot be seen (platforms.md 2.7)."""
    try:
        reply = yield _status_call(container, account)
    except PlatformError as error:
        if error.fault.error_class not in (ErrorClass.NOT_FOUND, ErrorClass.NOT_READY):
            raise
        return ""
    return str(reply.get("status_code", ""))
