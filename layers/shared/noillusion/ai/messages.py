"""The catalog of messages about generated texts: why there is none, and what a platform would not accept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

GenerationStop = Literal["content_refused", "bad_request", "context_too_long", "ai_unavailable", "nothing_to_lay_out"]
STOPPED: Mapping[GenerationStop, str] = {
    "content_refused": "The provider refused to write this. You can choose to ask another provider.",
    "bad_request": "The provider does not accept this request. Check the model and the output limit.",
    "context_too_long": "The request is too long for the model.",
    "ai_unavailable": "No provider could answer, and fallback is turned off in the profile's preferences.",
    "nothing_to_lay_out": "No provider could answer, and the request has no text that could be used without one.",
}
CHECKS: Mapping[str, str] = {
    "duplicate_idea": "Two of the ideas are identical.",
    "too_long": "The text has {actual} {unit}; the maximum is {limit}.",
    "too_many_hashtags": "The text has {actual} hashtags; the maximum is {limit}.",
    "many_hashtags": "The text has {actual} hashtags; more than {limit} may be refused.",
    "hashtags_left_out": "{actual} of the suggested hashtags cannot be written as hashtags and were left out.",
    "keep_missing": "{actual} of the words to keep are not in the text.",
    "avoid_present": "{actual} of the words to avoid are in the text.",
    "link_not_given": "{actual} of the links in the text were not given.",
    "markdown_left": "The text contains Markdown, which platforms show as it is.",
    "hashtags_not_wanted": "The text contains hashtags.",
}
UNITS: Mapping[str, str] = {"characters": "characters", "utf16": "UTF-16 code units"}
