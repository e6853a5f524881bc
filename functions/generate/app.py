"""Routes of text generation: preview, generation, provider status and usage."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from inspect import Parameter, signature
from typing import Annotated, Any, TypeVar

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Header, Query

from noillusion.ai import forgetting, model_list, service, usage
from noillusion.ai.model_list import ModelsResponse
from noillusion.ai.models import GenerateRequest, GenerateResponse, PreviewResponse
from noillusion.ai.usage_models import DEFAULT_GROUPING, Day, Grouping, ProvidersResponse, UsageResponse
from noillusion.api import files
from noillusion.api.files import CSV, Bom
from noillusion.api.resolver import Api, IdempotencyKey, IfNoneMatch, json_response, optional_key, replay, tagged
from noillusion.catalog.providers import PROVIDERS, Provider
from noillusion.core.models import RangeDeletion
from noillusion.core.preconditions import unless_known
from noillusion.core.sensitive import Secret
from noillusion.core.tables import MEDIA_TYPE

T = TypeVar("T")
api = Api()
app = api.resolver
handler = api.handler

BeforeDay = Annotated[Day, Query(description="Day (UTC) before which records are deleted; at the latest the first of this month")]
FirstDay = Annotated[Day | None, Query(alias="from", description="First day (UTC); default: the first of this month")]
LastDay = Annotated[Day | None, Query(alias="to", description="Last day (UTC), inclusive; default: today")]

GroupBy = Annotated[
    Grouping, Query(description="What to sum up by: `day`, `provider`, `model`, `task`, `template`, separated by commas")
]
ModelsOf = Annotated[Provider | None, Query(description="Return only models of this provider")]
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


@app.get(
    "/v1/ai/models",
    operation_id="listModels",
    summary="List known AI models",
    description=(
        "Context window, output limit, reasoning efforts, price, and the day on which a model ends. Previews and "
        "`GET /v1/ai/providers` say whether the models in use are known."
    ),
    tags=["generate"],
)
def models(provider: ModelsOf = None, known: IfNoneMatch = None) -> Response[ModelsResponse]:
    found = model_list.models(provider)
    unless_known(known, model_list.tag(found))
    return tagged(found, model_list.tag(found))


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
    description="Attempts, tokens and cost by day, provider and model, or by what `group_by` names.",
    tags=["generate"],
)
def get_usage(
    first: FirstDay = None, last: LastDay = None, group_by: GroupBy = DEFAULT_GROUPING, known: IfNoneMatch = None
) -> Response[UsageResponse]:
    api.require("application/json")
    found = api.run(usage.usage(api.user_id, first, last, group_by))
    unless_known(known, usage.tag(found))
    return tagged(found, usage.tag(found))


@app.get(
    "/v1/ai/usage.csv",
    operation_id="getUsageCsv",
    summary="Get AI usage as CSV",
    description="The same rows as the route without `.csv`, as CSV (RFC 4180) with one heading line.",
    tags=["generate"],
    responses=CSV,
)
def get_usage_csv(
    first: FirstDay = None, last: LastDay = None, group_by: GroupBy = DEFAULT_GROUPING, bom: Bom = False
) -> Response[str]:
    api.require(MEDIA_TYPE)
    found = api.run(usage.usage(api.user_id, first, last, group_by))
    return files.table("usage", usage.table(found), bom)
