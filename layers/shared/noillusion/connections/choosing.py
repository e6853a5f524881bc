"""The choice of the registration by which an account is connected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from noillusion.catalog.platforms import PlatformName
from noillusion.catalog.registrations import Access, Registration, accesses, no_access
from noillusion.connections.models import AuthorizeRequest
from noillusion.core.errors import Conflict, FieldError, Invalid, field_error
from noillusion.settings.source import settings


def registration(platform: PlatformName, request: AuthorizeRequest) -> Registration:
    """Return the first registration that gives access to all that is wanted.

    :class:`Conflict` if the platform has none, :class:`Invalid` if it has none for this.
    """
    apps = settings().apps
    offered = apps.offered[platform]
    if not offered:
        raise Conflict("platform_not_configured")
    named = [found for found in offered if request.registration in (None, found.name)]
    if not named:
        raise Invalid([field_error("registration", "registration", allowed=[found.name for found in offered])])
    for found in named:
        if set(request.wanted) <= set(apps.gives(found)):
            return found
    raise Invalid(list(_problems(platform, request.wanted, named)))


def _problems(platform: PlatformName, wanted: Sequence[Access], named: Sequence[Registration]) -> list[FieldError]:
    """Return the error of each wanted access that none of the registrations gives, or that of all together."""
    given = [settings().apps.gives(found) for found in named]
    allowed = [access for access in accesses(platform) if any(access in one for one in given)]
    single = [_problem(f"wanted.{at}", access, allowed) for at, access in enumerate(wanted) if access not in allowed]
    together = [" + ".join(one) for one in given]
    return single or [field_error("wanted", "no_access_together", allowed=together)]


def _problem(field: str, access: Access, allowed: Sequence[Access]) -> FieldError:
    error = field_error(field, "no_access", allowed=allowed)
    return replace(error, message=f"{no_access(access)} {error.message}")
