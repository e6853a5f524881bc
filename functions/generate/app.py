"""Text generation with the user's own AI keys: preview, generation, provider status, usage."""

from __future__ import annotations

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Header, Query

from noillusion.ai import forgetting, service
from noillusion.ai.models import Day, GenerateRequest, GenerateResponse, PreviewResponse, ProvidersResponse, UsageResponse
from noillusion.api.resolver import Api, IdempotencyKey, optional_key
from noillusion.core.models import RangeDeletion
from noillusion.core.sensitive import Secret

api = Api()
app = api.resolver
handler = api.handler

PassedKey = Annotated[Secret | None, Header(alias="x-ai-key-openai", description="The user's key, for this request only")]
PassedAnthropicKey = Annotated[Secret | None, Header(alias="x-ai-key-anthropic", description="As x-ai-key-openai")]
PassedGoogleKey = Annotated[Secret | None, Header(alias="x-ai-key-google", description="As x-ai-key-openai")]
BeforeDay = Annotated[Day, Query(description="Day (UTC) before which everything is deleted; at the latest this month's first")]
FirstDay = Annotated[Day | None, Query(alias="from", description="First day (UTC); default: the month's first")]
LastDay = Annotated[Day | None, Query(alias="to", description="Last day (UTC), included; default: today")]


@app.post("/v1/generate", summary="Write posts, with everything that was sent and what it cost", tags=["generate"])
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


@app.post("/v1/generate/preview", summary="What would be sent, to whom and at what price", tags=["generate"])
def preview(
    request: GenerateRequest,
    openai: PassedKey = None,
    anthropic: PassedAnthropicKey = None,
    google: PassedGoogleKey = None,
) -> PreviewResponse:
    keys = service.keys_from_headers(openai=openai, anthropic=anthropic, google=google)
    return api.run(service.preview(api.user_id, request, keys))


@app.get("/v1/ai/providers", summary="Which providers can be used now, and why others cannot", tags=["generate"])
def providers(
    openai: PassedKey = None, anthropic: PassedAnthropicKey = None, google: PassedGoogleKey = None
) -> ProvidersResponse:
    keys = service.keys_from_headers(openai=openai, anthropic=anthropic, google=google)
    return api.run(service.status(api.user_id, keys))


@app.delete("/v1/ai/usage", summary="Delete the usage record of months that are over", tags=["generate"])
def delete_usage(before: BeforeDay) -> RangeDeletion:
    return api.run(forgetting.forget_usage(api.user_id, before, api.deadline))


@app.get("/v1/ai/usage", summary="Attempts, tokens and cost by day, provider and model", tags=["generate"])
def usage(first: FirstDay = None, last: LastDay = None) -> UsageResponse:
    return api.run(service.usage(api.user_id, first, last))
