"""The way ``generate``: a text is generated with the user's own keys when it is due, checked for the platform and published.

Nobody reads it before, so it is opted into. Where no provider writes it nothing is published, never a text of ours.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from pydantic import ValidationError

from noillusion.ai import service as ai
from noillusion.ai.models import Attempt, GenerateRequest, GenerateResponse, PreviewProvider
from noillusion.connections.rows import ConnectionRow
from noillusion.core.errors import FieldError, Forbidden, Invalid, NotFound, Problem, field_error
from noillusion.core.sensitive import Content, Secret, reveal
from noillusion.platforms import catalog
from noillusion.publishing.content import ContentInput
from noillusion.publishing.models import PostRequest, TargetInput
from noillusion.scheduling import checking, messages, sources
from noillusion.scheduling.faults import ScheduleFault
from noillusion.scheduling.models import ScheduleTargetInput, WayReason
from noillusion.scheduling.rows import OccurrenceRow, TargetRow
from noillusion.scheduling.way_models import GenerateInput
from noillusion.scheduling.ways import Source
from noillusion.templates import service as templates

NEEDS_NOTHING = False
PASSING = frozenset(
    {
        "rate_limited", "overloaded", "network", "cooling_down", "rate_limit_buffer", "calls_per_minute", "deadline",
        "not_recorded",
    }
)  # fmt: skip
"""Outcomes and reasons that may be over in a minute, and for which no provider charges."""
NEVER_TRIED = ("not_requested", "disabled", "no_key")
"""Reasons that say least: they apply to providers that the user does not use."""
LASTING = frozenset({*NEVER_TRIED, "key_unreadable", "price_unknown", "request_cost_limit"})
"""Reasons that stay until the user changes something."""
PUBLISH_S = 8.0
"""Time that is left for publishing what was generated."""
SAMPLE = ContentInput(text=Content("A text."))


def reason(connection: ConnectionRow) -> WayReason:
    """Return whether an account can be used: one that works, on a platform with posts of text alone."""
    kinds = catalog.get(connection.platform, connection.registration).capabilities.kinds
    return checking.reason(connection) if "text" in kinds else "needs_media"


def fits(_: ScheduleTargetInput) -> bool:
    """Return that a target never uses it without naming it: nobody reads the text before it is public."""
    return False


def source(given: ScheduleTargetInput) -> Source:
    """Return what is sealed: variables and choices as JSON. The id of a named template stands beside it."""
    asked = given.generate
    if asked is None:
        return Source()
    values = reveal(asked.model_dump(mode="python", exclude_unset=True))
    secret = Secret(json.dumps(values, ensure_ascii=False, separators=(",", ":")))
    return Source(secret=secret, template_id=asked.template_id)


async def verify(user_id: str, target: TargetRow, deadline: float, *, live: bool = False) -> list[FieldError]:
    """Check that a text could be generated now, and that the account takes texts. Nothing is generated.

    Before it is due (``live``) a budget that is used up counts as well: when it is scheduled, another month may come first.
    """
    given = _opened(user_id, target)
    try:
        preview = await ai.preview(user_id, await _request(user_id, given, target), {})
    except Invalid as invalid:
        return [FieldError(f"generate.{error.field}", error.code, error.message, error.params) for error in invalid.errors]
    except NotFound:
        return [field_error("generate.template_id", "template")]
    except Forbidden as refused:
        return [FieldError("generate", refused.code, messages.GENERATION[refused.code])]
    code = _why_not(preview.providers)
    if code is not None and (live or code in LASTING) and code not in PASSING:
        return [FieldError("generate.providers", code, messages.GENERATION[code])]
    return await checking.errors(user_id, _post(SAMPLE, given, target), deadline, path="generate", live=live)


async def content(occurrence: OccurrenceRow, target: TargetRow, deadline: float) -> PostRequest:
    """Return a text that a provider wrote now. Raises :class:`ScheduleFault` with the class of the failure."""
    given = _opened(occurrence.user_id, target)
    try:
        request = await _request(occurrence.user_id, given, target)
        generated = await ai.generate(occurrence.user_id, request, {}, idempotency_key=None, deadline=deadline - PUBLISH_S)
    except Problem as problem:
        detail = problem.errors[0].code if problem.errors else problem.code
        raise ScheduleFault("generation_failed", detail, transient=problem.status >= 500) from None
    if generated.source != "ai":
        raise _fault(generated)
    (written,) = generated.results
    try:
        text = ContentInput(text=Content(written.text))
    except ValidationError:
        # Longer than any post. Another attempt would be paid for again.
        raise ScheduleFault("content_refused", "too_long") from None
    return _post(text, given, target, generated.transparency.request_id)


def _opened(user_id: str, target: TargetRow) -> GenerateInput:
    return GenerateInput.model_validate(json.loads(sources.opened(user_id, target).reveal()))


async def _version(user_id: str, given: GenerateInput, target: TargetRow) -> int | None:
    """Return the version to use. Somebody else's template has that of when it was scheduled: nobody reads the text before it is
    public. Raises :class:`NotFound` if the user cannot see the template any more."""
    if given.template_version is not None or given.template_id is None:
        return given.template_version
    template = await templates.resolve(user_id, given.template_id, None)
    return None if template.origin == "own" else target.template_version


async def _request(user_id: str, given: GenerateInput, target: TargetRow) -> GenerateRequest:
    """Return the generation of one text for the platform of a target."""
    options = given.model_dump(mode="python", exclude_unset=True, exclude={"accept_unattended", "options"})
    version = await _version(user_id, given, target)
    return GenerateRequest(task="generate", platforms=[target.platform], **{**options, "template_version": version})


def _post(content: ContentInput, given: GenerateInput, target: TargetRow, generation_id: str | None = None) -> PostRequest:
    published = TargetInput(connection_id=target.connection_id or "", kind=target.kind, options=given.options)
    return PostRequest(content=content, targets=[published], generation_id=generation_id)


def _why_not(providers: Sequence[PreviewProvider]) -> str | None:
    """Return why no provider would be tried, by the one that would be asked first; ``None`` if one would be."""
    if any(provider.attempt for provider in providers):
        return None
    return _foremost([provider.skipped or "no_key" for provider in providers])


def _fault(generated: GenerateResponse) -> ScheduleFault:
    """Return the reason for a missing text: a refusal, the last outcome of a provider, or why no provider was tried."""
    if generated.stopped is not None and generated.stopped.code not in ("ai_unavailable", "nothing_to_lay_out"):
        return ScheduleFault("generation_failed", generated.stopped.code)
    attempts = generated.transparency.attempts
    tried = [attempt.outcome for attempt in attempts if attempt.skipped is None and attempt.outcome not in ("ok", "skipped")]
    detail = tried[-1] if tried else _foremost([attempt.skipped or "no_key" for attempt in attempts])
    return ScheduleFault("generation_failed", detail, transient=_passes(attempts))


def _passes(attempts: Sequence[Attempt]) -> bool:
    """Return whether a provider may answer in a minute that did not now."""
    return any((attempt.skipped or attempt.outcome) in PASSING for attempt in attempts)


def _foremost(reasons: Sequence[str]) -> str:
    """Return the first reason that says most."""
    return min(reasons, key=_rank, default="no_key")


def _rank(reason: str) -> int:
    return len(NEVER_TRIED) - NEVER_TRIED.index(reason) if reason in NEVER_TRIED else 0
