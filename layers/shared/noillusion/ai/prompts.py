"""Builds the messages of a request: a pure function, used by preview and generation alike. It adds nothing that is not shown."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Any

from noillusion.ai.instructions import VARIANT_NAMES, Source, advised, quoted, rules_text, texts_of
from noillusion.ai.models import GenerateRequest
from noillusion.ai.spans import Part, Span, spans_of, split
from noillusion.ai.tokens import FRAMING, upper_bound
from noillusion.core.errors import Invalid, field_error
from noillusion.core.records import record
from noillusion.core.sensitive import Content
from noillusion.profiles.author import Author
from noillusion.templates.render import TAGS, delimited

CHARACTERS_PER_TOKEN = 4
MAX_CHARACTERS = 60_000
MAX_TOKENS = 90_000
"""Of both messages together. Either is several times what a long text to improve takes with a long template, and below the
prompt sizes from which providers charge every token more (ai-providers.md section 7)."""


@record()
class PromptTexts:
    """A template's two texts with all values in place, and what the rules need to know of them."""

    system: Content
    user: Content
    source: Source = field(default_factory=Source)
    parts: tuple[Sequence[Part], Sequence[Part]] = field(default=((), ()), repr=False)
    """Both texts in parts, by where they come from."""


@record()
class Prompt:
    """What is sent, the same to every provider: two messages, the output limit (tokens) and the schema of the answer."""

    system: Content
    user: Content
    max_output_tokens: int
    schema: Mapping[str, Any]
    spans: Sequence[Span] = ()

    @property
    def messages(self) -> list[dict[str, str]]:
        """The messages as they are shown and hashed."""
        return [{"role": "system", "content": self.system.reveal()}, {"role": "user", "content": self.user.reveal()}]

    @property
    def parameters(self) -> dict[str, Any]:
        """The parameters as they are shown and hashed."""
        return {"max_output_tokens": self.max_output_tokens, "response_schema": dict(self.schema)}

    @property
    def hash(self) -> str:
        """SHA-256 of the canonical JSON of messages and parameters, in hexadecimal."""
        canonical = json.dumps(
            {"messages": self.messages, "parameters": self.parameters}, sort_keys=True, separators=(",", ":"), ensure_ascii=False
        )
        return hashlib.sha256(canonical.encode()).hexdigest()

    @property
    def characters(self) -> int:
        """The length of both messages."""
        return len(self.system.reveal()) + len(self.user.reveal())

    @property
    def input_tokens_at_most(self) -> int:
        """An upper bound of the input tokens, the schema and what a provider adds included."""
        text = self.system.reveal() + self.user.reveal() + json.dumps(self.schema)
        return upper_bound(text) + FRAMING


VOICES: Mapping[str, str] = {
    "business": "You write social media posts for a business. Be credible and concrete; show what customers gain.",
    "influencer": "You write social media posts for a creator with an audience of their own. Be personal, lively and direct.",
    "personal": "You write social media posts for a private person. Be natural and sincere, as if talking to friends.",
}
AUTHOR_FACTS = (
    ("Name", "display_name"),
    ("About", "bio"),
    ("Skills", "skills"),
    ("Mission", "mission_statement"),
)


def author_facts(author: Author) -> str:
    """The profile's non-empty fields, one a line."""
    values = [(title, getattr(author, name)) for title, name in AUTHOR_FACTS]
    lines = [f"{title}: {value if isinstance(value, str) else ', '.join(value)}" for title, value in values if value]
    return "\n".join(lines)


def built_in(author: Author) -> PromptTexts:
    """Return what is sent without a template: the content mode's voice and the profile's facts."""
    facts = author_facts(author)
    voice = VOICES.get(author.content_mode, VOICES["personal"])
    system = f"{voice}\n\nWho is posting:\n{facts}" if facts else voice
    parts: list[Part] = [("rules", system[: len(system) - len(facts)]), ("profile", facts)]
    return PromptTexts(Content(system), Content(""), parts=(parts, ()))


def _subject(request: GenerateRequest, said: frozenset[str]) -> str:
    """Return the request's own texts for which the template has no place, between their tags."""
    values = {name: getattr(request, name) for name in TAGS if name not in said}
    return "\n\n".join(delimited(TAGS[name], value.reveal()) for name, value in values.items() if value)


def schema(request: GenerateRequest) -> dict[str, Any]:
    """The JSON schema of the answer: one object per platform, in the subset that all three providers take."""
    text = {"type": "string"}
    post = {"text": text} | ({"hashtags": {"type": "array", "items": text}} if request.include_hashtags else {})
    names = VARIANT_NAMES[: texts_of(request)]
    if request.task == "ideas":
        parts: dict[str, Any] = dict.fromkeys(names, text)
    else:
        parts = post if len(names) == 1 else dict.fromkeys(names, _object(post))
    return _object({platform: _object(parts) for platform in request.platforms})


def _object(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": dict(properties), "required": list(properties), "additionalProperties": False}


def output_limit(request: GenerateRequest) -> int:
    """Output tokens, with room for the thinking that counts against them (ai-providers.md section 3)."""
    if request.max_output_tokens:
        return request.max_output_tokens
    rewritten = len(request.text.reveal()) // 2 if request.text else 0
    return min(2_000 + len(request.platforms) * _versions(request) * (700 + rewritten), 32_000)


def _versions(request: GenerateRequest) -> int:
    """The number of whole posts for each platform; ideas are short, and take together as much as one."""
    return 1 if request.task == "ideas" else texts_of(request)


def estimated_output_tokens(request: GenerateRequest) -> int:
    """A rough count of what the answer takes, thinking not counted."""
    ideas = 80 * texts_of(request) * len(request.platforms)
    posts = sum(advised(name, request.length) // CHARACTERS_PER_TOKEN + 40 for name in request.platforms) * texts_of(request)
    return min(ideas if request.task == "ideas" else posts, output_limit(request))


def build(request: GenerateRequest, author: Author, template: PromptTexts | None = None) -> Prompt:
    """The prompt of a request: the template's texts (or the built-in ones), the rules, and what the template leaves out."""
    texts = template or built_in(author)
    own = [parts or [("template", text.reveal())] for parts, text in zip(texts.parts, (texts.system, texts.user), strict=True)]
    system = [*own[0], *_gap(texts.system), *split(rules_text(request, author, texts.source), quoted(request))]
    subject = _subject(request, texts.source.said)
    user: list[Part] = [*own[1], *(_gap(texts.user) if subject else ()), ("request", subject)]
    return Prompt(
        system=Content("".join(text for _, text in system)),
        user=Content("".join(text for _, text in user)),
        max_output_tokens=output_limit(request),
        schema=schema(request),
        spans=[*spans_of(0, system), *spans_of(1, user)],
    )


def _gap(text: Content) -> list[Part]:
    return [("rules", "\n\n")] if text else []


def check(prompt: Prompt, request: GenerateRequest) -> None:
    """:class:`Invalid` with the figure and the limit if the prompt is larger than what is sent for anybody."""
    at, characters, tokens = _largest(request), prompt.characters, prompt.input_tokens_at_most
    if characters > MAX_CHARACTERS:
        raise Invalid([field_error(at, "prompt_too_long", limit=MAX_CHARACTERS, actual=characters, unit="characters")])
    if tokens > MAX_TOKENS:
        raise Invalid([field_error(at, "prompt_too_many_tokens", limit=MAX_TOKENS, actual=tokens, unit="tokens")])


def _largest(request: GenerateRequest) -> str:
    """The field of the request that brings most of a prompt."""
    lengths = {name: len(value.reveal()) for name in TAGS if (value := getattr(request, name))}
    return max(lengths, key=lambda name: lengths[name]) if lengths else "template_id"
