"""Creation of the routes of an HTTP API from the OpenAPI body in SAM's processed template, which the emulator does not support.

It never invents a route: missing parts and unknown intrinsic functions are errors.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

INTEGRATION = "x-amazon-apigateway-integration"
AUTHORIZER = "x-amazon-apigateway-authorizer"
CORS = "x-amazon-apigateway-cors"
_VARIABLE = re.compile(r"\$\{(!?)([^}]+)\}")

Names = Mapping[str, str]
"""Values of ``Ref`` by name, and of ``Fn::GetAtt`` as ``Name.Attribute``."""


class BodyError(Exception):
    """The body contains something that is not supported here."""


def resolve(value: Any, names: Names) -> Any:
    """Return ``value`` with intrinsic functions resolved. Raises BodyError for an unknown name or function."""
    if isinstance(value, list):
        return [resolve(item, names) for item in value]
    if not isinstance(value, Mapping):
        return value
    if len(value) == 1:
        (key, argument) = next(iter(value.items()))
        if key == "Ref":
            return _named(str(argument), names)
        if key == "Fn::GetAtt":
            return _named(argument if isinstance(argument, str) else ".".join(argument), names)
        if key == "Fn::Sub" and isinstance(argument, str):
            return _VARIABLE.sub(lambda m: f"${{{m[2]}}}" if m[1] else _named(m[2], names), argument)
        if key.startswith("Fn::"):
            raise BodyError(f"{key}: not supported in the API's body")
    return {key: resolve(item, names) for key, item in value.items()}


def _named(name: str, names: Names) -> str:
    if name not in names:
        raise BodyError(f"{name}: neither a parameter nor a resource of the stack")
    return names[name]


def apply(gateway: Any, api_id: str, body: Mapping[str, Any], names: Names, issuer: str) -> int:
    """Replace the routes of the API by those of ``body``. Return their number.

    ``gateway`` is an ``apigatewayv2`` client; ``issuer`` replaces that of the body, a public tenant. Raises BodyError.
    """
    _clear(gateway, api_id)
    authorizers = _authorizers(gateway, api_id, body, names, issuer)
    integrations: dict[str, str] = {}
    routes = [(method.upper(), path, spec) for path, methods in body["paths"].items() for method, spec in methods.items()]
    for method, path, spec in routes:
        integration = resolve(spec[INTEGRATION], names)
        if integration["type"] != "aws_proxy" or integration["payloadFormatVersion"] != "2.0":
            raise BodyError(f"{method} {path}: not a Lambda proxy integration of payload format 2.0")
        target = integrations.get(integration["uri"])
        if target is None:
            made = gateway.create_integration(
                ApiId=api_id, IntegrationType="AWS_PROXY", IntegrationUri=integration["uri"], PayloadFormatVersion="2.0"
            )
            target = integrations[integration["uri"]] = f"integrations/{made['IntegrationId']}"
        key = "$default" if path == "/$default" else f"{method.replace('X-AMAZON-APIGATEWAY-ANY-METHOD', 'ANY')} {path}"
        gateway.create_route(ApiId=api_id, RouteKey=key, Target=target, **_authorization(spec, authorizers, key))
    if CORS in body:
        gateway.update_api(ApiId=api_id, CorsConfiguration=_cors(resolve(body[CORS], names)))
    return len(routes)


def _clear(gateway: Any, api_id: str) -> None:
    for route in gateway.get_routes(ApiId=api_id)["Items"]:
        gateway.delete_route(ApiId=api_id, RouteId=route["RouteId"])
    for integration in gateway.get_integrations(ApiId=api_id)["Items"]:
        gateway.delete_integration(ApiId=api_id, IntegrationId=integration["IntegrationId"])
    for authorizer in gateway.get_authorizers(ApiId=api_id)["Items"]:
        gateway.delete_authorizer(ApiId=api_id, AuthorizerId=authorizer["AuthorizerId"])


def _authorizers(gateway: Any, api_id: str, body: Mapping[str, Any], names: Names, issuer: str) -> dict[str, str]:
    made = {}
    for name, scheme in body.get("components", {}).get("securitySchemes", {}).items():
        authorizer = resolve(scheme.get(AUTHORIZER, {}), names)
        if authorizer.get("type") != "jwt":
            raise BodyError(f"{name}: not a JWT authorizer")
        made[name] = gateway.create_authorizer(
            ApiId=api_id,
            Name=name,
            AuthorizerType="JWT",
            IdentitySource=[authorizer["identitySource"]],
            JwtConfiguration={"Issuer": issuer, "Audience": authorizer["jwtConfiguration"]["audience"]},
        )["AuthorizerId"]
    return made


def _authorization(spec: Mapping[str, Any], authorizers: Mapping[str, str], key: str) -> dict[str, str]:
    """Return the authorization of a route. An open one needs SAM's explicit ``NONE``, so that none is open by mistake."""
    (required,) = spec.get("security") or [{}]
    (name,) = required or [""]
    if name == "NONE":
        return {"AuthorizationType": "NONE"}
    if name not in authorizers:
        raise BodyError(f"{key}: neither open nor behind an authorizer of the body")
    return {"AuthorizationType": "JWT", "AuthorizerId": authorizers[name]}


def _cors(cors: Mapping[str, Any]) -> dict[str, Any]:
    origins = cors.get("allowOrigins", [])
    # The emulator passes a CommaDelimitedList parameter as text; CloudFormation makes it a list.
    found = {"AllowOrigins": origins.split(",") if isinstance(origins, str) else origins}
    for ours in ("allowMethods", "allowHeaders", "exposeHeaders", "maxAge", "allowCredentials"):
        if ours in cors:
            found[ours[0].upper() + ours[1:]] = cors[ours]
    return found
