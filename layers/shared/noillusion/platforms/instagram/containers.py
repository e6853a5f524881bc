"""The containers that Instagram's posts are prepared in: making one, and reading what state it is in (platforms.md 2.3, 2.7)."""

from __future__ import annotations

import json
import re

from noillusion.core.sensitive import Content
from noillusion.flows.draft import Draft
from noillusion.flows.effects import Effect
from noillusion.flows.faults import ErrorClass, Fault, PlatformError
from noillusion.flows.protocol import Account, Call, Flow, Reply, Until
from noillusion.platforms.calls import filled
from noillusion.platforms.instagram.errors import FINAL_CLASSES
from noillusion.platforms.instagram.facts import FETCH_TIMEOUT_S, GRAPH, POLL_AT_MOST_S, POLL_EVERY_S
from noillusion.platforms.instagram.options import InstagramOptions


def create(draft: Draft, account: Account) -> Call:
    """The container of an image; it has no ``media_type`` (platforms.md 2.3)."""
    image, options = draft.media[0], InstagramOptions.of(draft)
    names = [name.reveal() for name in options.collaborators]
    form = {
        "image_url": image.url,
        "caption": draft.text,
        "alt_text": image.alt_text,
        "collaborators": Content(json.dumps(names)) if names else None,
        "location_id": options.location_id,
        "is_ai_generated": "true" if options.is_ai_generated else None,
    }
    return Call(
        "POST",
        f"{GRAPH}/{account.id}/media",
        Effect.PREPARE,
        form=filled(form),
        keep={"container_id": "id"},
        timeout=FETCH_TIMEOUT_S,
    )


def _status_call(container: str) -> Call:
    return Call("GET", f"{GRAPH}/{container}", query={"fields": "status_code,status"})


def until_finished(container: str, *tolerate: ErrorClass) -> Until:
    return Until(
        _status_call(container),
        done=lambda reply: reply.get("status_code") in ("FINISHED", "PUBLISHED"),
        failed=_container_fault,
        every=POLL_EVERY_S,
        at_most=POLL_AT_MOST_S,
        tolerate=frozenset(tolerate),
    )


def _container_fault(reply: Reply) -> Fault | None:
    """Why a container can never be published. The number stands only in ``status``, at times without a ``status_code``."""
    state, text = reply.get("status_code"), reply.get("status")
    if state in ("FINISHED", "PUBLISHED"):
        return None
    if found := re.search(r"22\d{5}", text) if isinstance(text, str) else None:
        return Fault(FINAL_CLASSES.get(int(found[0]), ErrorClass.MEDIA_PROCESSING), found[0])
    return Fault(ErrorClass.MEDIA_PROCESSING, f"container_{state.lower()}") if state in ("ERROR", "EXPIRED") else None


def state(container: str) -> Flow[str]:
    """The container's ``status_code``, empty when it cannot be seen (platforms.md 2.7)."""
    try:
        reply = yield _status_call(container)
    except PlatformError as error:
        if error.fault.error_class not in (ErrorClass.NOT_FOUND, ErrorClass.NOT_READY):
            raise
        return ""
    return str(reply.get("status_code", ""))
