"""The models of requests and responses, named as the schemas of the OpenAPI document."""

from .core.models import *  # noqa: F403
from .core.models import __all__ as __all__
