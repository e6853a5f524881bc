"""Hands a request over to an asynchronous invocation of the function itself, and takes it up there.

The request travels sealed (AES-256-GCM, bound to its user and post) and rests nowhere: Lambda does not repeat the invocation,
drops it after a minute, and has no place for what failed. It is good for one use, because whoever takes the targets up gets their
leases.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from noillusion.core import clock, logs
from noillusion.core.fields import is_id
from noillusion.core.identity import is_subject
from noillusion.core.records import record
from noillusion.core.sensitive import Secret, reveal
from noillusion.net import invocations
from noillusion.publishing import leases, planning
from noillusion.publishing.drafts import PublishPlan
from noillusion.publishing.leases import Lease
from noillusion.publishing.models import PostRequest
from noillusion.vault.sealer import Place, SealBroken, sealer

MEMBER = "background"
"""The member by which the function tells such an event from others."""
MAX_AGE = timedelta(seconds=60)
"""As long as Lambda tries to deliver an event (``MaximumEventAgeInSeconds`` of the template)."""


@record()
class Work:
    """A request that was handed over: the owner that its targets' leases have, and when they began."""

    user_id: str
    post_id: str
    owner: str
    since: datetime
    request: PostRequest


@record()
class Later:
    """The way to respond first: the function to invoke, by its ARN, and whether the client prefers that."""

    function: str
    preferred: bool = False


def handed_to(later: Later | None, plans: Sequence[PublishPlan]) -> str | None:
    """Return the ARN of the function that publishes plans after the response, ``None`` if they are published before it."""
    # Platforms that hold posts take them within the request: it has no time to lose.
    if any(plan.draft.publish_at is not None for plan in plans):
        return None
    return later.function if later is not None and (later.preferred or planning.takes_long(plans)) else None


def lease(owner: str | None = None) -> Lease:
    """Return the lease of targets that are handed over: until the invocation takes them up, or cannot come any more."""
    begun = leases.new(clock.monotonic())
    return Lease(owner or begun.owner, begun.since, begun.until + MAX_AGE)


async def hand_over(function: str, user_id: str, post_id: str, held: Lease, request: PostRequest) -> bool:
    """Hand a request over. False if it is too large, or if Lambda did not take it; then it is still the caller's."""
    content = {
        "owner": held.owner,
        "since": held.since.isoformat(),
        # Options tell which of them were sent.
        "request": reveal(request.model_dump(mode="python", exclude_unset=True)),
    }
    sealed = sealer().seal(Secret(json.dumps(content, ensure_ascii=False)), _place(user_id, post_id))
    payload = invocations.encoded({MEMBER: {"user_id": user_id, "post_id": post_id, "sealed": sealed}})
    if len(payload) > invocations.MAX_BYTES:
        return False
    try:
        await invocations.send(function, payload)
    except Exception as error:  # noqa: BLE001 - whatever the client raises: the request is published here
        logs.failure("hand_over_failed", error)
        return False
    return True


def take(event: Mapping[str, object]) -> Work | None:
    """Return the request in an event, ``None`` if it is none of ours or too old."""
    user_id, post_id, sealed = (event.get(name) for name in ("user_id", "post_id", "sealed"))
    if not (is_subject(user_id) and isinstance(user_id, str) and isinstance(post_id, str) and is_id(post_id)):
        dropped("form")
        return None
    try:
        content = json.loads(sealer().open(str(sealed), _place(user_id, post_id)).reveal())
    except SealBroken:
        dropped("seal")
        return None
    since = datetime.fromisoformat(content["since"])
    if clock.now() - since > MAX_AGE:
        dropped("age")
        return None
    return Work(user_id, post_id, content["owner"], since, PostRequest.model_validate(content["request"]))


def dropped(reason: str) -> None:
    """Log that an event was not acted on. Nothing of it is logged."""
    logs.event("background_refused", reason=reason)


def _place(user_id: str, post_id: str) -> Place:
    # No column has it: the place only binds the seal.
    return Place("posts", "request", user_id, post_id)
