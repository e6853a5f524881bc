"""Profile, AI keys, export, deletion, data map."""

from __future__ import annotations

from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Path

from noillusion.api.resolver import Api
from noillusion.privacy import departure
from noillusion.privacy import export as exports
from noillusion.privacy import service as privacy
from noillusion.privacy.models import DataMap, DeletionReceipt, Export
from noillusion.profiles import service
from noillusion.profiles.models import AIKeyInput, AIKeyStatus, Profile, ProfilePatch, Provider

api = Api()
app = api.resolver
handler = api.handler

ProviderPath = Annotated[Provider, Path(description="AI provider")]


@app.get("/v1/profile", summary="Read the profile; the first login creates it", tags=["profile"])
def get_profile() -> Profile:
    return api.run(service.get(api.user_id))


@app.patch("/v1/profile", summary="Change fields of the profile", tags=["profile"])
def change_profile(patch: ProfilePatch) -> Profile:
    return api.run(service.change(api.user_id, patch))


@app.put("/v1/profile/ai-keys/<provider>", summary="Store the user's own AI key, sealed", tags=["profile"])
def put_ai_key(provider: ProviderPath, given: AIKeyInput) -> AIKeyStatus:
    return api.run(service.put_key(api.user_id, provider, given))


@app.delete("/v1/profile/ai-keys/<provider>", summary="Forget a stored AI key", tags=["profile"])
def delete_ai_key(provider: ProviderPath) -> Response[None]:
    api.run(service.delete_key(api.user_id, provider))
    return Response(status_code=204)


@app.get("/v1/profile/export", summary="Everything held about the user", tags=["privacy"])
def export() -> Export:
    return api.run(exports.export(api.user_id))


@app.delete("/v1/profile", summary="Delete everything, withdraw all grants, get a receipt", tags=["privacy"])
def delete_everything() -> DeletionReceipt:
    return api.run(departure.delete_everything(api.user_id, api.deadline))


@app.get("/v1/privacy", summary="What is held, why, and for how long", tags=["privacy"])
def data_map() -> DataMap:
    return privacy.describe()
