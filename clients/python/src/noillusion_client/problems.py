"""Errors that the API answered, as exceptions."""

from __future__ import annotations

import time
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, Literal, cast

import httpx

from .core.models import ProblemCode


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """A field of the request that is not valid."""

    field: str
    code: str
    message: str
    details: dict[str, Any]


class ProblemError(Exception):
    """An error that the API answered. Handle it by ``code``; ``docs/errors.md`` describes them.

    ``gateway`` is not a code of the API: something in front of it answered in a format of its own, and only ``status`` is known.
    ``problem`` is the document as it arrived, ``retry_after`` in seconds.
    """

    def __init__(self, response: httpx.Response, problem: dict[str, Any]) -> None:
        self.response, self.problem = response, problem
        self.status = response.status_code
        missing = "unauthorized" if self.status == 401 else "gateway"
        self.code = cast("ProblemCode | Literal['gateway']", problem.get("code", missing))
        self.errors = tuple(
            FieldProblem(error["field"], error["code"], error["message"], error) for error in problem.get("errors", ())
        )
        self.retry_after: float | None = problem.get("retry_after", retry_after(response))
        super().__init__(self._text())

    def _text(self) -> str:
        if not self.problem:
            return f"HTTP {self.status}"
        fields = "".join(f"; {error.field}: {error.message}" for error in self.errors)
        return f"{self.problem.get('title')} ({self.code}): {self.problem.get('detail', '')}{fields}"

    @property
    def correlation_id(self) -> str | None:
        """Give this when you report an error."""
        found = self.problem.get("correlation_id") or self.response.headers.get("apigw-requestid")
        return str(found) if found else None


def problem_of(response: httpx.Response) -> ProblemError:
    """Make the exception out of a response that has been read."""
    problem: Any = {}
    if response.headers.get("content-type", "").startswith("application/problem+json"):
        try:
            problem = response.json()
        except ValueError:
            problem = {}
    return ProblemError(response, problem if isinstance(problem, dict) else {})


def retry_after(response: httpx.Response) -> float | None:
    """Return the seconds that the Retry-After header names, as a number or as a date."""
    text = response.headers.get("retry-after", "").strip()
    if text.isdecimal():
        return float(text)
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time.time())
    except ValueError:
        return None
