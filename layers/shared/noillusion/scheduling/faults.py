"""Why an occurrence is not published: closed codes, which notices and answers carry."""

from __future__ import annotations

from typing import Literal

SourceCode = Literal[
    "source_unreachable",
    "source_changed",
    "source_truncated",
    "source_too_large",
    "source_timeout",
    "source_refused",
    "source_expired",
    "source_invalid",
    "source_unreadable",
]
"""``source_unreachable``: no answer, or the host's own error; ``source_changed``: its content has another hash;
``source_truncated``: it ended too early; ``source_too_large``; ``source_timeout``; ``source_refused``: the URL, or one that it
redirects to, is not a public https URL; ``source_expired``: the host refuses the URL (401, 403, 404, 410 or another 4xx);
``source_invalid``: it is no content document; ``source_unreadable``: its URL was sealed with a key that was removed."""
FaultCode = Literal[SourceCode, "content_refused", "generation_failed"]
"""``content_refused``: the content breaks a rule of the platform; ``generation_failed``: no AI provider returned a text."""


class ScheduleFault(Exception):
    """What was scheduled cannot be published. ``detail`` is a code as well: that of the first problem, or the class of a failure.

    ``transient``: it may work in a minute, so it is tried again until the grace is over.
    """

    def __init__(self, code: FaultCode, detail: str = "", *, transient: bool = False) -> None:
        super().__init__(code)
        self.code: FaultCode = code
        self.detail = detail
        self.transient = transient
