"""A receiver of webhooks beside the simulators. It shows what it got; a path that ends with a status is answered with it."""

from __future__ import annotations

from collections import deque
from dataclasses import asdict, dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

PREFIX: Final = "/_hooks"
MOST_KEPT: Final = 1_000


@dataclass(frozen=True, slots=True)
class Received:
    """One request."""

    path: str
    headers: dict[str, str]
    body: str


def routes() -> list[Route]:
    """The routes of a receiver that has got nothing yet."""
    kept: deque[Received] = deque(maxlen=MOST_KEPT)

    async def take(request: Request) -> Response:
        path = request.path_params["path"]
        kept.append(Received(path, dict(request.headers), (await request.body()).decode("utf-8", "replace")))
        last = path.rpartition("/")[2]
        return Response(status_code=int(last) if last.isdecimal() and 200 <= int(last) < 600 else 204)

    async def show(request: Request) -> Response:
        path = request.path_params["path"]
        return JSONResponse({"received": [asdict(each) for each in kept if each.path == path]})

    address = f"{PREFIX}/{{path:path}}"
    return [Route(address, take, methods=["POST"]), Route(address, show, methods=["GET"])]
