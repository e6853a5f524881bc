"""Preview: the messages, their price and the order of attempts, without sending anything."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from noillusion.ai import prices, prompts, spans
from noillusion.ai.context import context_of, prepare, read, template_name, template_version
from noillusion.ai.models import EstimatedTokens, GenerateRequest, Message, PreviewProvider, PreviewResponse
from noillusion.ai.outcomes import Usage
from noillusion.ai.plan import Candidate
from noillusion.ai.prompts import Prompt
from noillusion.ai.providers import options
from noillusion.ai.wire import model_facts, request_hash
from noillusion.catalog.providers import Provider
from noillusion.core.sensitive import Secret


async def preview(user_id: str, request: GenerateRequest, passed: Mapping[Provider, Secret]) -> PreviewResponse:
    """Return what :func:`generate` would send for the same input, and to whom. One round trip; nothing is sent or stored."""
    context = context_of(user_id, passed, await read(user_id, request), request)
    prompt, candidates = prepare(request, context)
    tokens = EstimatedTokens(input=prompt.input_tokens_at_most, output=prompts.estimated_output_tokens(request))
    return PreviewResponse(
        template=template_name(context),
        template_version=template_version(context),
        messages=[Message.model_validate(message) for message in prompt.messages],
        spans=spans.shown(prompt.spans),
        hidden_characters=spans.hidden([message["content"] for message in prompt.messages], prompt.spans),
        parameters=prompt.parameters,
        hash=prompt.hash,
        estimated_tokens=tokens,
        providers=[_preview_provider(candidate, prompt, tokens, context.now) for candidate in candidates],
        request_cost_limit_usd=prices.usd(context.spending.per_request),
        price_version=prices.version(),
    )


def _preview_provider(candidate: Candidate, prompt: Prompt, tokens: EstimatedTokens, now: datetime) -> PreviewProvider:
    usage = Usage(input=tokens.input, output=tokens.output)
    estimated = prices.cost_nanousd(candidate.provider, candidate.model, usage)
    return PreviewProvider(
        provider=candidate.provider,
        model=candidate.model,
        key_source=candidate.key.source if candidate.key else None,
        attempt=candidate.skip is None,
        skipped=candidate.skip,
        available_at=candidate.available_at,
        options=options(candidate.provider, candidate.effort),
        hash=request_hash(candidate, prompt),
        **model_facts(candidate, now),
        estimated_cost_usd=None if estimated is None else prices.usd(estimated),
        highest_cost_usd=None if candidate.highest_cost is None else prices.usd(candidate.highest_cost),
        cost_status="unknown" if estimated is None else "estimated",
    )
