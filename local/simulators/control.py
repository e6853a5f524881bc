"""The control API of the simulators; nothing in it exists on the real platforms."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable
from dataclasses import asdict

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local.simulators.lists import Lists
from local.simulators.world import Fault, Json, World

PREFIX = "/_control"
USES = {
    "GET /faults": "faults that are set",
    "POST /faults": "add one: " + ", ".join(f for f in Fault.__dataclass_fields__ if f not in ("id", "hits")),
    "DELETE /faults": "remove all",
    "GET /requests?platform=&path=&method=": "requests as they arrived, oldest first (memory only)",
    "DELETE /requests": "forget them",
    "GET /pulled": "files that platforms fetched from URLs, oldest first: who, from where, type, size and SHA-256",
    "GET /state/{platform}": "what the platform holds",
    "POST /latency": '{"platform": ms, …}: added to every answer',
    "POST /clock": '{"advance_s": n}: move simulated time; {"skew_s": n}: how wrong the platforms\' clocks are',
    "POST /lists": "{platform: {…}}: " + ", ".join(f for f in Lists.__dataclass_fields__),
    "POST /avatars": '{"file": name}: the sample file that is everybody\'s image; forbidden.jpg answers 403',
    "POST /reset": "forget everything",
    "POST /{platform}/{action}": "what happens behind the API's back",
}


class Control:
    """The endpoints of the control API over one world."""

    def __init__(self, world: World) -> None:
        self.world = world

    def routes(self) -> list[Route]:
        """Return the routes of the control API."""
        return [
            Route(f"{PREFIX}", self.describe),
            Route(f"{PREFIX}/", self.describe),
            Route(f"{PREFIX}/faults", self.faults, methods=["GET", "POST", "DELETE"]),
            Route(f"{PREFIX}/requests", self.requests, methods=["GET", "DELETE"]),
            Route(f"{PREFIX}/pulled", self.pulled),
            Route(f"{PREFIX}/state/{{platform}}", self.state),
            Route(f"{PREFIX}/latency", self.latency, methods=["POST"]),
            Route(f"{PREFIX}/clock", self.clock, methods=["GET", "POST"]),
            Route(f"{PREFIX}/lists", self.lists, methods=["POST"]),
            Route(f"{PREFIX}/avatars", self.avatars, methods=["POST"]),
            Route(f"{PREFIX}/reset", self.reset, methods=["POST"]),
            Route(f"{PREFIX}/{{platform}}/{{action}}", self.act, methods=["POST"]),
        ]

    async def describe(self, _: Request) -> Response:
        """Hosts, presets and actions of every simulator, and how this API is used."""
        hosts = {
            simulator.name: {
                "base": self.world.url(simulator.base_host),
                "hosts": {host: self.world.url(host) for host in simulator.hosts},
                "presets": {name: p.note or p.status for name, p in simulator.presets.items()},
                "actions": sorted(simulator.actions),
                "notes": simulator.notes,
            }
            for simulator in self.world.simulators.values()
        }
        about = "Control of the simulators. Nothing here exists on the real platforms."
        return JSONResponse({"about": about, "hosts": hosts, "control": USES})

    async def faults(self, request: Request) -> Response:
        """List, add or remove faults."""
        if request.method == "DELETE":
            self.world.faults.clear()
        elif request.method == "POST":
            return self._add_fault(await request.json())
        return JSONResponse({"faults": [asdict(f) for f in self.world.faults]})

    def _add_fault(self, given: Json) -> Response:
        try:
            fault = Fault(**given)
        except TypeError as unexpected:
            return JSONResponse({"error": str(unexpected)}, 400)
        simulators = self.world.simulators
        if fault.preset and fault.platform not in simulators:
            return JSONResponse({"error": "a preset needs its platform"}, 400)
        if fault.preset and fault.platform and fault.preset not in simulators[fault.platform].presets:
            return JSONResponse({"error": f"no preset {fault.preset!r}"}, 400)
        fault.id = self.world.next_id()
        self.world.faults.append(fault)
        return JSONResponse(asdict(fault), 201)

    async def requests(self, request: Request) -> Response:
        """List the requests as they arrived, or forget them."""
        if request.method == "DELETE":
            self.world.journal.clear()
            return JSONResponse({})
        want = request.query_params
        rows = [
            asdict(e)
            for e in self.world.journal
            if (not want.get("platform") or e.platform == want["platform"])
            and (not want.get("method") or e.method == want["method"].upper())
            and (not want.get("path") or re.search(want["path"], e.host + e.path))
        ]
        return JSONResponse({"requests": rows})

    async def pulled(self, _: Request) -> Response:
        """List the files that platforms fetched."""
        return JSONResponse({"pulled": [asdict(found) for found in self.world.pulled]})

    async def state(self, request: Request) -> Response:
        """Return what one platform holds."""
        simulator = self.world.simulators.get(request.path_params["platform"])
        if simulator is None:
            return JSONResponse({"error": "no such simulator"}, 404)
        return JSONResponse(simulator.state())

    async def latency(self, request: Request) -> Response:
        """Set the milliseconds that are added to every answer of a platform."""
        self.world.latency_ms.update({str(k): int(v) for k, v in (await request.json()).items()})
        return JSONResponse(self.world.latency_ms)

    async def clock(self, request: Request) -> Response:
        """Read or move simulated time."""
        clock = self.world.clock
        if request.method == "POST":
            given = await request.json()
            clock.offset += float(given.get("advance_s", 0))
            clock.skew = float(given.get("skew_s", clock.skew))
        return JSONResponse({"now": clock.now(), "offset_s": clock.offset, "skew_s": clock.skew})

    async def lists(self, request: Request) -> Response:
        """Change how the lists of platforms behave."""
        given = await request.json()
        if unknown := set(given) - set(self.world.lists):
            return JSONResponse({"error": f"no such simulators: {sorted(unknown)}"}, 400)
        try:
            for platform, behaviour in given.items():
                self.world.lists[platform].change(behaviour)
        except ValueError as wrong:
            return JSONResponse({"error": str(wrong)}, 400)
        return JSONResponse({name: asdict(lists) for name, lists in self.world.lists.items()})

    async def avatars(self, request: Request) -> Response:
        """Change everybody's image."""
        self.world.avatar = str((await request.json())["file"])
        return JSONResponse({"file": self.world.avatar})

    async def reset(self, _: Request) -> Response:
        """Forget everything."""
        self.world.reset()
        return JSONResponse({})

    async def act(self, request: Request) -> Response:
        """Do what a person or the platform does behind the API's back."""
        simulator = self.world.simulators.get(request.path_params["platform"])
        action = simulator.actions.get(request.path_params["action"]) if simulator else None
        if action is None:
            return JSONResponse({"error": "no such action"}, 404)
        raw = await request.body()
        result = action(json.loads(raw) if raw else {})
        if isinstance(result, Awaitable):
            result = await result
        return JSONResponse({} if result is None else result)
