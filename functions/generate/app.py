"""Routes of text generation: preview, generation, provider status and usage."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from inspect import Parameter, signature
from typing import Annotated, Any, TypeVar

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Header, Query

from noillusion.ai import forgetting, service
from noillusion.ai.models import GenerateRequest, GenerateResponse, PreviewResponse
from noillusion.ai.usage_models import Day, ProvidersResponse, UsageResponse
from noillusion.api.resolver import Api, IdempotencyKey, json_response, optional_key, replay
from noillusion.catalog.providers import PROVIDERS, Provider
from noillusion.core.models import RangeDeletion
from noillusion.core.sensitive import Secret

T = TypeVar("T")
api = Api()
app = api.resolver
handler = api.handler

BeforeDay = Annotated[Day, Query(description="Day (UTC) before which records are deleted; at the latest the first of this month")]
FirstDay = Annotated[Day | None, Query(alias="from", description="First day (UTC); default: the first of this month")]
LastDay = Annotated[Day | None, Query(alias="to", description="Last day (UTC), inclusive; default: today")]

PassedKeys = Mapping[Provider, Secret]
KEY_HEADERS = [
    Parameter(
        name,
        Parameter.KEYWORD_ONLY,
        default=None,
        annotation=Annotated[
            Secret | None,
            Header(
                alias=service.KEY_HEADER.format(provider=name),
                description=f"Your {provider.title} key, for this request only; it is not stored",
            ),
        ],
    )
    for name, provider in PROVIDERS.items()
]


def with_passed_keys(route: Callable[..., T]) -> Callable[..., T]:
    """Give a route the parameter ``keys``: the keys of the request's headers, of which there is one for each provider."""
    declared = signature(route)

    @wraps(route)
    def accept(**arguments: Any) -> T:
        passed = {name: arguments.pop(name) for name in PROVIDERS}
        return route(**arguments, keys=service.keys_from_headers(**passed))

    own = (parameter for parameter in declared.parameters.values() if parameter.name != "keys")
    accept.__signature__ = declared.replace(parameters=[*own, *KEY_HEADERS])  # type: ignore[attr-defined]
    return accept


@app.post(
    "/v1/generate",
    operation_id="generatePosts",
    summary="Generate posts",
    description=(
        "Returns the texts, the exact messages that were sent, every attempt, tokens and cost. Texts are not stored: a repeat "
        "with the same Idempotency-Key gets 409 `already_generated`, which names the request."
    ),
    tags=["generate"],
)
@with_passed_keys
def generate(
    request: GenerateRequest,
    idempotency_key: IdempotencyKey = None,
    *,
    keys: PassedKeys,
) -> Response[GenerateResponse]:
    generated = api.run(
        service.generate(
            api.user_id,
            request,
            keys,
            idempotency_key=optional_key(idempotency_key),
            deadline=api.deadline,
        )
    )
    return json_response(200, generated, replay(False))


@app.post(
    "/v1/generate/preview",
    operation_id="previewGeneration",
    summary="Preview a generation",
    description="Returns the exact messages, the order of providers and the estimated cost. Nothing is sent.",
    tags=["generate"],
)
@with_passed_keys
def preview(request: GenerateRequest, *, keys: PassedKeys) -> PreviewResponse:
    return api.run(service.preview(api.user_id, request, keys))


@app.get(
    "/v1/ai/providers",
    operation_id="listProviders",
    summary="List AI providers and their availability",
    description="Each with its key, its model, and why it would not be used now: turned off, cooling down, or over a limit.",
    tags=["generate"],
)
@with_passed_keys
def providers(*, keys: PassedKeys) -> ProvidersResponse:
    return api.run(service.status(api.user_id, keys))


@app.delete(
    "/v1/ai/usage",
    operation_id="deleteUsage",
    summary="Delete usage records of past months",
    description=(
        "Deletes as many records as the time allows; repeat the request until `remaining` is 0. Records of this month are"
        " kept, because the budget is computed from them."
    ),
    tags=["generate"],
)
def delete_usage(before: BeforeDay) -> RangeDeletion:
    return api.run(forgetting.forget_usage(api.user_id, before, api.deadline))


@app.get(
    "/v1/ai/usage",
    operation_id="getUsage",
    summary="Get AI usage",
    description="Attempts, tokens and cost by day, provider and model.",
    tags=["generate"],
)
def usage(first: FirstDay = None, last: LastDay = None) -> UsageResponse:
    return api.run(service.usage(api.user_id, first, last))
