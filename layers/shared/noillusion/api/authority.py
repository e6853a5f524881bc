"""Check of the scope that a route needs, in deployments that require scopes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from noillusion.api.scopes import Scope, needed
from noillusion.core.errors import Forbidden
from noillusion.settings.source import settings


class InsufficientScope(Forbidden):
    """The token is valid and does not have the scope of the route (RFC 6750, 3.1)."""

    def __init__(self, scope: Scope) -> None:
        self.challenge = f'Bearer error="insufficient_scope", scope="{scope}"'
        super().__init__("insufficient_scope", scope=scope)


class RouteWithoutScope(Exception):
    """A route that takes a token is missing from the table of scopes: a mistake of ours, which must not let anybody in."""


def check(route_key: str, claims: Mapping[str, Any]) -> None:
    """Raise :class:`InsufficientScope` if the token does not have the scope of the route that the gateway matched.

    Only requests with claims are checked, and thus only routes that take a token. Each of them has a scope: for one without,
    :class:`RouteWithoutScope` is raised, whatever the token has.
    """
    if not settings().require_scopes:
        return
    scope = needed(route_key)
    if scope is None:
        raise RouteWithoutScope
    if scope not in granted(claims):
        raise InsufficientScope(scope)


def granted(claims: Mapping[str, Any]) -> frozenset[str]:
    """Return the scopes of a token: ``scope`` (RFC 9068), or ``scp`` of issuers that call it so, as API Gateway reads them.

    API Gateway renders a list as ``[a b]``. Auth0's ``permissions`` are what the user may do, and not what the application was
    allowed to do for them, so they grant nothing.
    """
    text = claims.get("scope") or claims.get("scp") or ""
    return frozenset(str(text).strip("[]").split())
