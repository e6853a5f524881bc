"""The HTTP side of every function: the resolver, checks of request bodies, and problem responses for exceptions."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any, TypeVar

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.event_handler.middlewares import NextMiddleware
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestUnsupportedContentType, RequestValidationError
from aws_lambda_powertools.event_handler.openapi.params import Header, Path, Query

from noillusion import epoch
from noillusion.api import authority, bodies, openapi, problems
from noillusion.api.negotiation import quality
from noillusion.core import clock, logs, loop, quotas
from noillusion.core.errors import (
    BadRequest,
    FieldError,
    Invalid,
    NotAcceptable,
    NotFound,
    Problem,
    TooLarge,
    Unauthorized,
    UnsupportedMediaType,
    field_error,
)
from noillusion.core.fields import is_id
from noillusion.core.identity import is_subject
from noillusion.core.preconditions import NotModified
from noillusion.settings.source import settings

T = TypeVar("T")
_VARIABLE = re.compile(r"\{[^{}/]*\}")
Event = Mapping[str, Any]

DEFAULT_BODY_LIMIT = 256 * 1024
REPLY_RESERVE_S = 1.5
"""Time reserved for updating the ledger and responding."""

PathId = Annotated[str, Path(description="Id of the resource (UUID)")]
_REPEATS = (
    "Unique value of 1 to 128 characters. For 24 hours, the same request with the same key gets what the first one created, with "
    "`idempotency-replayed: true`. Another request gets 409 `idempotency_key_reused`, and a repeat of one that is still running "
    "409 `idempotency_in_progress`"
)
IdempotencyKey = Annotated[str | None, Header(alias="Idempotency-Key", description=_REPEATS)]
Prefer = Annotated[
    str | None,
    Header(
        alias="Prefer",
        description="`respond-async` (RFC 7240): respond as soon as the work is recorded. If it is honored, the response has "
        "`preference-applied`; bodies over about 700 KB are worked on at once",
    ),
]
IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        description="Entity tags from the `etag` header, or `*`. If none is current, nothing is changed and the response is 412",
    ),
]
IfNoneMatch = Annotated[
    str | None,
    Header(alias="If-None-Match", description="Entity tags. If one of them is current, the response is 304 without a body"),
]
Cursor = Annotated[str | None, Query(description="`next_cursor` of the previous page of the same list with the same filters")]
Limit = Annotated[int, Query(ge=1, le=100, description="Maximum number of items per page")]


class Api:
    """The HTTP API of one function: a Powertools resolver with validation, and the handler that wraps it."""

    def __init__(
        self,
        *,
        body_limits: Mapping[str, int] | None = None,
        raw_bodies: tuple[str, ...] = (),
        forms: tuple[str, ...] = (),
        open_queries: tuple[str, ...] = (),
    ) -> None:
        """``forms``: routes that take forms with files as well. ``open_queries``: prefixes of routes that others call with query
        parameters of their own."""
        # In debug mode, which the environment could turn on, the resolver prints every event.
        self.resolver = APIGatewayHttpResolver(enable_validation=True, debug=False)
        self._limits = dict(body_limits or {})
        self._raw, self._forms, self._open_queries = raw_bodies, forms, open_queries
        self.resolver.use([_remembering(self._check_route)])
        self.resolver.exception_handler(Problem)(self._problem)
        self.resolver.exception_handler(NotModified)(self._not_modified)
        self.resolver.exception_handler(RequestValidationError)(self._invalid)
        self.resolver.exception_handler(RequestUnsupportedContentType)(self._unsupported)
        self.resolver.exception_handler(NotFoundError)(self._no_route)
        self.resolver.exception_handler(Exception)(self._unexpected)

    def handler(self, event: dict[str, Any], context: Any) -> dict[str, Any]:
        """Respond to an API Gateway event. Never raises.

        HEAD is answered with the body of GET: the gateway takes ``content-length`` from it and leaves it out (RFC 9110, 9.3.2).
        """
        correlation_id = str(event.get("requestContext", {}).get("requestId", ""))
        logs.bind(correlation_id=correlation_id, route=str(event.get("routeKey", "")).replace(" ", ":"))
        settings.refresh()
        try:
            with epoch.unit(epoch.arrival(event)), quotas.listening() as told:
                event = bodies.as_json(event, forms=self._forms)
                self._screen(event)
                answer: dict[str, Any] = self.resolver.resolve(event, context)
        except Problem as problem:
            return problems.response(problem, correlation_id)
        except Exception as error:  # noqa: BLE001 - no text of an exception may reach the runtime's log
            logs.failure("request_failed", error)
            return problems.response(Problem("internal_error"), correlation_id)
        own = {**quotas.headers(told), "x-correlation-id": correlation_id}
        answer["headers"] = {"cache-control": "no-store", **answer.get("headers", {}), **own}
        # Always a text: not every gateway takes null for an answer without a body.
        answer["body"] = answer.get("body") or ""
        return answer

    def _screen(self, event: Event) -> None:
        """Refuse tokens without a valid subject or the route's scope, and bodies that are too large or not JSON."""
        if "authorizer" in event["requestContext"]:
            _subject(event["requestContext"])
            authority.check(str(event.get("routeKey", "")), event["requestContext"]["authorizer"]["jwt"]["claims"])
        method, path = str(event["requestContext"]["http"]["method"]), str(event.get("rawPath", ""))
        if method not in ("POST", "PUT", "PATCH") or str(event.get("routeKey", "")).endswith("+}"):
            # Nothing reads a body, or no route was found, and that is the answer.
            return
        text = event.get("body") or ""
        limit = self._limits.get(str(event.get("routeKey", "")), DEFAULT_BODY_LIMIT)
        # The limit is in bytes; the cheap check avoids encoding a body that is far too large.
        if len(text) > limit or len(text.encode("utf-8", "surrogatepass")) > limit:
            raise TooLarge(
                "body_too_large", limit=limit, errors=[field_error("body", "body_too_large", limit=limit, unit="bytes")]
            )
        if not text or path in self._raw:
            return
        bodies.check(event, text)

    def _check_route(self, app: APIGatewayHttpResolver, next_middleware: NextMiddleware) -> Response[Any]:
        """Serve a request only through the route that the gateway matched, because it decided whether a token was required."""
        if self._is_unmatched():
            return self._problem(self._unmatched())
        unknown = self._unknown_parameters()
        return self._problem(Invalid(unknown)) if unknown else next_middleware(app)

    def _unknown_parameters(self) -> list[FieldError]:
        """Return errors for query parameters that the route does not have: ignoring a filter would change what a list means."""
        event = self.resolver.current_event
        sent = event.raw_event.get("queryStringParameters") or {}
        if not sent or (self._open_queries and event.path.startswith(self._open_queries)):
            return []
        allowed = [parameter.alias for parameter in self.resolver.context["_route"].dependant.query_params]
        unknown = dict.fromkeys(problems.field_path(("query", name)) for name in sent if name not in allowed)
        if allowed:
            return [field_error(name, "unknown_parameter", allowed=allowed) for name in unknown]
        return [field_error(name, "no_parameters") for name in unknown]

    def _is_unmatched(self) -> bool:
        """Return whether the gateway matched another route. It matches the path as sent, the resolver the decoded one."""
        matched = str(self.resolver.current_event.get("routeKey", "")).partition(" ")[2]
        return _pattern(self.resolver.request.route) != _pattern(matched)

    def _unmatched(self) -> Problem:
        event = self.resolver.current_event
        return openapi.missing_route(event.http_method, event.path)

    def _problem(self, problem: Problem) -> Response[str]:
        correlation_id = str(self.resolver.current_event["requestContext"].get("requestId", ""))
        return Response(
            status_code=problem.status,
            content_type=problems.CONTENT_TYPE,
            headers=dict(problems.headers(problem)),
            body=json.dumps(problems.body(problem, correlation_id)),
        )

    def _not_modified(self, unchanged: NotModified) -> Response[None]:
        return Response(status_code=304, headers=dict(unchanged.headers))

    def _invalid(self, error: RequestValidationError) -> Response[str]:
        if any(found.get("loc", ())[:1] == ("response",) for found in error.errors()):
            return self._unexpected(error)
        if self._is_unmatched():
            return self._problem(self._unmatched())
        body = [parameter.type_ for parameter in self.resolver.context["_route"].dependant.body_params]
        errors = problems.from_pydantic(error.errors(), self._sent(), body[0] if body else None)
        return self._problem(Invalid([*self._unknown_parameters(), *errors]))

    def _sent(self) -> Any:
        """Return the JSON body of the request, or ``None``."""
        try:
            return json.loads(self.resolver.current_event.body or "null")
        except ValueError:
            return None

    def _unsupported(self, _: RequestUnsupportedContentType) -> Response[str]:
        return self._problem(UnsupportedMediaType("unsupported_media_type"))

    def _no_route(self, _: NotFoundError) -> Response[str]:
        return self._problem(self._unmatched())

    def _unexpected(self, error: Exception) -> Response[str]:
        logs.failure("request_failed", error)
        return self._problem(Problem("internal_error"))

    @property
    def user_id(self) -> str:
        """Return the ``sub`` verified by the authorizer, which is its only source."""
        return _subject(self.resolver.current_event.raw_event["requestContext"])

    @property
    def deadline(self) -> float:
        """Return the time (``clock.monotonic``) by which the work for this request must be finished."""
        remaining = self.resolver.lambda_context.get_remaining_time_in_millis() / 1000
        return clock.monotonic() + max(0.5, remaining - REPLY_RESERVE_S)

    @property
    def function(self) -> str:
        """Return the ARN by which this function was invoked, alias included."""
        return str(self.resolver.lambda_context.invoked_function_arn)

    def require(self, media_type: str) -> None:
        """Refuse a request whose ``Accept`` header excludes what the route returns."""
        if not quality(self.header("accept"), media_type):
            raise NotAcceptable("not_acceptable", media_type=media_type)

    def header(self, name: str) -> str:
        """Return a request header by its lower-case name, or an empty string."""
        return str((self.resolver.current_event.get("headers") or {}).get(name, ""))

    @staticmethod
    def run(work: Awaitable[T]) -> T:
        """Run asynchronous work on the environment's loop and return its result."""

        async def go() -> T:
            return await work

        return loop.run(go())


def _remembering(check: Callable[[APIGatewayHttpResolver, NextMiddleware], Response[Any]]) -> Callable[..., Response[Any]]:
    """Return a method as a function, on which the resolver remembers the signature. It inspects a method at each request."""

    def checked(app: APIGatewayHttpResolver, next_middleware: NextMiddleware) -> Response[Any]:
        return check(app, next_middleware)

    return checked


def _pattern(route: str) -> str:
    """Return a route without variable names, which differ between the template and the code."""
    return _VARIABLE.sub("{}", route)


def _subject(context: Mapping[str, Any]) -> str:
    sub = context.get("authorizer", {}).get("jwt", {}).get("claims", {}).get("sub")
    if not is_subject(sub):
        raise Unauthorized("unauthorized")
    return str(sub)


def uuid_or_404(text: str) -> str:
    """Return a canonical UUID. Raises :class:`NotFound` otherwise, so that malformed and unknown ids look the same."""
    if not is_id(text):
        raise NotFound
    return text.lower()


def require_key(key: str | None) -> str:
    """Return a required idempotency key of 1 to 128 printable ASCII characters."""
    if not key:
        raise BadRequest("idempotency_key_required", errors=[field_error("Idempotency-Key", "header_missing")])
    return optional_key(key) or ""


def optional_key(key: str | None) -> str | None:
    """Return an optional idempotency key after checking its format."""
    if key is not None and not (1 <= len(key) <= 128 and key.isascii() and key.isprintable()):
        raise Invalid([field_error("Idempotency-Key", "idempotency_key")])
    return key


def prefers(header: str | None, preference: str) -> bool:
    """Return whether a ``Prefer`` header (RFC 7240) names a preference that has no value."""
    return preference in {part.partition(";")[0].strip().lower() for part in (header or "").split(",")}


def replay(replayed: bool) -> dict[str, str]:
    """Return the header that tells whether an earlier request with the same key had the effect."""
    return {"idempotency-replayed": "true" if replayed else "false"}


def tagged(model: Any, tag: str, status: int = 200, headers: Mapping[str, str] | None = None) -> Response[Any]:
    """Return a JSON response with an entity tag."""
    return json_response(status, model, {"etag": tag, **(headers or {})})


def json_response(status: int, model: Any, headers: Mapping[str, str] | None = None) -> Response[Any]:
    """Return a JSON response with a status, from a pydantic model or plain JSON values."""
    return Response(status_code=status, content_type="application/json", body=model, headers=dict(headers or {}))
