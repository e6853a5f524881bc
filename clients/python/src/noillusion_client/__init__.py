"""Client of the No iLLusion Social API, for threads and for asyncio."""

from . import models
from .client import AsyncClient, Client
from .problems import FieldProblem, ProblemError
from .sending import Retries

__all__ = ["AsyncClient", "Client", "FieldProblem", "ProblemError", "Retries", "models"]
