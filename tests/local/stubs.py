"""The stub template and what starts from it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from local.aws import template as sam
from local.aws.specs import FunctionSpec
from local.options import Options

STUB = Path(__file__).parent / "stub" / "template.yaml"


def stub_options(directory: Path, **changes: Any) -> Options:
    """Stub functions only: no simulators, no database, schedules only when fired."""
    defaults = {
        "simulate": False,
        "migrate": False,
        "tick": False,
        "warm": False,
        "gateway_timeout_s": 2.0,
        "max_environments": 3,
    }
    return Options(directory=directory, template=STUB, **{**defaults, **changes})


def specs() -> dict[str, FunctionSpec]:
    """The stub functions by logical id."""
    parameters = {"Auth0Domain": "localhost", "Auth0Audience": "a"}
    return dict(sam.load(sam.read(STUB), parameters, {}).functions)
