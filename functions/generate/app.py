"""Routes of text generation: preview, generation, provider status and usage."""

from __future__ import annotations

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Header, Query

from noillusion.ai import forgetting, service
from noillusion.ai.models import GenerateRequest, GenerateResponse, PreviewResponse
from noillusion.ai.usage_models import Day, ProvidersResponse, UsageResponse
from noillusion.api.resolver import Api, IdempotencyKey, optional_key
from noillusion.core.models import RangeDeletion
from noillusion.core.sensitive import Secret

api = Api()
app = api.resolver
handler = api.handler

PassedKey = Annotated[
    Secret | None, Header(alias="x-ai-key-openai", description="Your OpenAI key, for this request only; it is not stored")
]
PassedAnthropicKey = Annotated[
    Secret | None, Header(alias="x-ai-key-anthropic", description="Your Anthropic key, for this request only")
]
PassedGoogleKey = Annotated[Secret | None, Header(alias="x-ai-key-google", description="Your Google key, for this request only")]
BeforeDay = Annotated[Day, Query(description="Day (UTC) before which records are deleted; at the latest the first of this month")]
FirstDay = Annotated[Day | None, Query(alias="from", description="First day (UTC); default: the first of this month")]
LastDay = Annotated[Day | None, Query(alias="to", description="Last day (UTC), inclusive; default: today")]


@app.post(
    "/v1/generate",
    summary="Generate posts",
    description="Returns the texts, the exact messages that were sent, every attempt, tokens and cost.",
    tags=["generate"],
)
def generate(
    request: GenerateRequest,
    idempotency_key: IdempotencyKey = None,
    openai: PassedKey = None,
    anthropic: PassedAnthropicKey = None,
    google: PassedGoogleKey = None,
) -> GenerateResponse:
    return api.run(
        service.generate(
            api.user_id,
            request,
            service.keys_from_headers(openai=openai, anthropic=anthropic, google=google),
            idempotency_key=optional_key(idempotency_key),
            deadline=api.deadline,
        )
    )


@app.post(
    "/v1/generate/preview",
    summary="Preview a generation",
    description="Returns the exact messages, the order of providers and the estimated cost. Nothing is sent.",
    tags=["generate"],
)
def preview(
    request: GenerateRequest,
    openai: PassedKey = None,
    anthropic: PassedAnthropicKey = None,
    google: PassedGoogleKey = None,
) -> PreviewResponse:
    keys = service.keys_from_headers(openai=openai, anthropic=anthropic, google=google)
    return api.run(service.preview(api.user_id, request, keys))


@app.get("/v1/ai/providers", summary="List AI providers and their availability", tags=["generate"])
def providers(
    openai: PassedKey = None, anthropic: PassedAnthropicKey = None, google: PassedGoogleKey = None
) -> ProvidersResponse:
    keys = service.keys_from_headers(openai=openai, anthropic=anthropic, google=google)
    return api.run(service.status(api.user_id, keys))


@app.delete("/v1/ai/usage", summary="Delete usage records of past months", tags=["generate"])
def delete_usage(before: BeforeDay) -> RangeDeletion:
    return api.run(forgetting.forget_usage(api.user_id, before, api.deadline))


@app.get(
    "/v1/ai/usage", summary="Get AI usage", description="Attempts, tokens and cost by day, provider and model.", tags=["generate"]
)
def usage(first: FirstDay = None, last: LastDay = None) -> UsageResponse:
    return api.run(service.usage(api.user_id, first, last))
