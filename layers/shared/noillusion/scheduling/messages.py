"""The catalog of messages about occurrences and ways: why one is in its state, and why a way cannot be used."""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

from noillusion.scheduling.faults import SourceCode
from noillusion.scheduling.models import WayReason

CODES: Mapping[str, str] = {
    "overdue": "It was not published in time, and publishing it later was not allowed.",
    "not_sent": "You did not send the content through the link in time.",
    "disconnected": "The account was disconnected.",
    "publish_failed": "The platform refused it or could not be reached; see the post.",
    "outcome_unknown": "We could not determine whether it went out. Check the account before you publish it again.",
    "delivered_to_inbox": "It waits in the inbox of the platform's app, where you finish it.",
    "canceled": "You canceled it.",
    "held_by_platform": "The platform holds it and publishes it when it is due.",
    "schedule_paused": "Its time passed while the schedule was paused.",
    "source_unreachable": "The host of the source did not answer, or answered with an error.",
    "source_changed": "The source has another hash than the one that was scheduled.",
    "source_truncated": "The source ended too early.",
    "source_too_large": "The source is too large.",
    "source_timeout": "The host of the source was too slow.",
    "source_refused": "The URL of the source, or one that it redirects to, is not a public https URL.",
    "source_expired": "The host of the source refuses its URL; the link may have expired.",
    "source_invalid": "The source is not a valid content document.",
    "source_unreadable": "The URL of the source can no longer be read. Schedule it again.",
    "content_refused": "The platform does not accept the content.",
    "generation_failed": "No provider generated a text.",
}
"""By the code of an occurrence."""
WAYS: Mapping[WayReason, str] = {
    "available": "Can be used.",
    "reauth_required": "The account must be connected again.",
    "platform_cannot_hold": "The platform does not hold posts of this account until they are due.",
    "needs_source": "Needs the URL and the hash of a content document.",
    "needs_template": "Needs a template.",
    "needs_media": "The platform has no posts of text alone, and images and videos are not generated.",
}
GENERATION: Mapping[str, str] = {
    "ai_feature_disabled": "This AI feature is turned off in the profile's preferences.",
    "no_key": "There is no key of an AI provider to use.",
    "disabled": "Every AI provider is turned off in the profile's preferences.",
    "not_requested": "None of the providers named can be used.",
    "key_unreadable": "The stored key of the AI provider can no longer be read. Store it again.",
    "price_unknown": "The price of the model is unknown, so no budget can be kept with it.",
    "model_retired": "The model has ended. Choose another one in the profile's preferences.",
    "model_too_small": "The model cannot read or write as much as the template and the output limit need.",
    "request_cost_limit": "One generation could cost more than the profile's preferences allow.",
    "budget_exhausted": "The AI budget of the month is used up.",
    "operator_budget_exhausted": "The operator's AI budget of the month is used up.",
    "fallback_off": "The first provider cannot be used, and fallback is turned off in the profile's preferences.",
}
"""By the reason why nothing can be generated."""
SOURCES: Mapping[str, str] = {code: CODES[code] for code in get_args(SourceCode)}
"""By the code of an error about a source."""
