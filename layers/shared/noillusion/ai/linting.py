"""Lint of a template: remarks about its texts, and what a request with the longest values could cost."""

from __future__ import annotations

from noillusion.ai import prices, prompts
from noillusion.ai.models import GenerateRequest
from noillusion.ai.tokens import upper_bound
from noillusion.catalog.platforms import NAMES
from noillusion.catalog.providers import PROVIDERS, Provider
from noillusion.core.sensitive import Content
from noillusion.profiles.author import Author
from noillusion.templates import lint, service
from noillusion.templates.models import PromptText


async def check(user_id: str, request: lint.LintRequest) -> lint.LintResponse:
    """Return what is to be said about a template. Nothing is stored or sent."""
    template, is_default = request.template, False
    if request.template_id is not None:
        stored = await service.get(user_id, request.template_id)
        template = PromptText.model_validate(stored.model_dump(include={"system_text", "user_text", "variables"}))
        is_default = stored.is_default
    assert template is not None
    characters = lint.longest(template)
    tokens = min(_input_tokens(template, characters), prompts.MAX_TOKENS)
    output = prompts.output_limit(_everywhere())
    return lint.LintResponse(
        findings=lint.findings(template, is_default=is_default),
        characters=characters,
        input_tokens=tokens,
        costs=[_cost(provider, tokens, output) for provider in PROVIDERS],
    )


def _everywhere() -> GenerateRequest:
    return GenerateRequest(task="generate", platforms=list(NAMES), topic=Content("x"))


def _input_tokens(template: PromptText, characters: int) -> int:
    own = template.system_text + template.user_text
    rules = prompts.build(_everywhere(), Author()).input_tokens_at_most
    return upper_bound(own) + max(characters - len(own), 0) + rules


def _cost(provider: Provider, input_tokens: int, output_tokens: int) -> lint.LimitCost:
    model = PROVIDERS[provider].models[0]
    cost = prices.highest_nanousd(provider, model, input_tokens, output_tokens)
    return lint.LimitCost(provider=provider, model=model, highest_cost_usd=None if cost is None else prices.usd(cost))
