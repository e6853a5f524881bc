"""What an attempt at a provider can end in. Never carries a provider's message: it may quote the prompt."""

from __future__ import annotations

from dataclasses import field
from datetime import datetime
from typing import Literal

from noillusion.catalog.providers import Outcome as Outcome
from noillusion.core.records import record
from noillusion.core.sensitive import Content

LastOutcome = Literal["ok", Outcome]


MAYBE_CHARGED: frozenset[Outcome] = frozenset({"timeout", "network", "bad_output", "internal_error"})
"""Outcomes after which a provider may have done its work although no answer of it was understood."""
NOT_CONNECTED = "not_connected"
"""The code of a network failure before anything was sent."""


@record()
class Usage:
    """Tokens as the provider counted them. ``input`` includes ``cached`` and ``cache_write``; ``output`` includes ``reasoning``.

    The four providers' spellings are brought to this one (ai-providers.md section 6).
    """

    input: int
    output: int
    cached: int = 0
    cache_write: int = 0
    reasoning: int = 0


@record()
class Limits:
    """What the provider says is left of its rate limit. ``None`` where it says nothing."""

    remaining_requests: int | None = None
    remaining_tokens: int | None = None
    limit_requests: int | None = None
    limit_tokens: int | None = None
    resets_at: datetime | None = None
    """When the requests limit is whole again, or the tokens limit where only that is told."""
    tokens_reset_at: datetime | None = None
    """When the tokens limit is whole again."""


@record()
class Completion:
    """A usable answer. ``finish``: ``complete``, or ``truncated`` when the output limit cut it off."""

    text: Content
    served_model: str | None
    usage: Usage | None
    limits: Limits = field(default_factory=Limits)
    finish: Literal["complete", "truncated"] = "complete"


class ProviderError(Exception):
    """An attempt that gave no usable answer.

    ``code``: a machine-readable detail from a closed list of ours or a provider's error code; never free text.
    ``retry_after``: seconds to stay away, where the provider said so. ``usage``: refusals and truncated answers are charged too.
    ``answered``: the provider did its work and said so with status 200, so it may charge for it. ``status``: the HTTP status of
    any other answer.
    """

    def __init__(
        self,
        outcome: Outcome,
        *,
        code: str = "",
        retry_after: float | None = None,
        limits: Limits | None = None,
        usage: Usage | None = None,
        served_model: str | None = None,
        answered: bool = False,
        status: int | None = None,
    ) -> None:
        super().__init__(outcome, code)
        self.outcome: Outcome = outcome
        self.code = code
        self.retry_after = retry_after
        self.limits = limits or Limits()
        self.usage = usage
        self.served_model = served_model
        self.answered = answered
        self.status = 200 if answered else status

    @property
    def maybe_charged(self) -> bool:
        """Return whether the provider may charge for the attempt. A refusal by status and a call never sent are free."""
        return self.answered or (self.outcome in MAYBE_CHARGED and self.code != NOT_CONNECTED)
