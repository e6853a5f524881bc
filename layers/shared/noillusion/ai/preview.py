"""Preview: the messages, their price and the order of attempts, without sending anything."""

from __future__ import annotations

from collections.abc import Mapping

from noillusion.ai import prices, prompts
from noillusion.ai.context import context_of, prepare, read, template_name
from noillusion.ai.models import EstimatedTokens, GenerateRequest, Message, PreviewProvider, PreviewResponse
from noillusion.ai.outcomes import Provider, Usage
from noillusion.ai.plan import Candidate
from noillusion.ai.prompts import Prompt
from noillusion.ai.providers import OPTIONS
from noillusion.sensitive import Secret


async def preview(user_id: str, request: GenerateRequest, passed: Mapping[Provider, Secret]) -> PreviewResponse:
    """What :func:`generate` would send for the same input, and to whom. One round trip; nothing is sent or stored."""
    context = context_of(user_id, passed, await read(user_id, request), request)
    prompt, candidates = prepare(request, context)
    tokens = EstimatedTokens(input=prompt.estimated_input_tokens, output=prompts.estimated_output_tokens(request))
    return PreviewResponse(
        template=template_name(context),
        messages=[Message.model_validate(message) for message in prompt.messages],
        parameters=prompt.parameters,
        hash=prompt.hash,
        estimated_tokens=tokens,
        providers=[_preview_provider(candidate, tokens, prompt) for candidate in candidates],
        price_version=prices.version(),
    )


def _preview_provider(candidate: Candidate, tokens: EstimatedTokens, prompt: Prompt) -> PreviewProvider:
    def cost(output: int) -> str | None:
        found = prices.cost_nanousd(candidate.provider, candidate.model, Usage(input=tokens.input, output=output))
        return None if found is None else prices.usd(found)

    estimated = cost(tokens.output)
    return PreviewProvider(
        provider=candidate.provider,
        model=candidate.model,
        key_source=candidate.key.source if candidate.key else None,
        attempt=candidate.skip is None,
        skipped=candidate.skip,
        available_at=candidate.available_at,
        options=dict(OPTIONS[candidate.provider]),
        estimated_cost_usd=estimated,
        highest_cost_usd=cost(prompt.max_output_tokens),
        cost_status="unknown" if estimated is None else "estimated",
    )
