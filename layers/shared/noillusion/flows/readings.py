"""Readings that a platform refuses."""

from __future__ import annotations

from dataclasses import replace

from noillusion.core import logs
from noillusion.flows.faults import ErrorClass, PlatformError, ReadRefused


def blameless(platform: str, refusal: ReadRefused) -> PlatformError:
    """Return a refused reading that the flow did not expect. Nothing was sent that could be wrong, so the request is ours."""
    if refusal.fault.error_class is not ErrorClass.INVALID_CONTENT:
        return refusal
    logs.event("app_refused", platform=platform, code=refusal.fault.code)
    return PlatformError(replace(refusal.fault, error_class=ErrorClass.OPERATOR), refusal.effect)
