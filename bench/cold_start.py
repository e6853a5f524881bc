"""S1 and S2: cold starts of the built artifacts under AWS's own runtime client, from spawn to first posted response.

They only ever talk to simulators and to a PostgreSQL of their own.
"""

from __future__ import annotations

import asyncio
import compileall
import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bench.instance import READ_ONLY, options, with_bytecode, without_bytecode
from bench.report import ROOT, Spread, Table, ratio, verdict
from local.aws.events import HttpRequest, http_event
from local.aws.functions import Code, Functions
from local.aws.pools import Settings
from local.aws.specs import FunctionSpec, RouteSpec
from local.databases import postgres
from local.runtime import LocalRuntime
from tools import migrate
from tools.build.artifacts import PYTHON, Artifacts, BuildFailed, verify

ROUNDS = 7
CLAIMS = {"sub": "auth0|bench"}
OPENAI_KEY = "sk-bench-000000000000"
MODEL = "gpt-6-luna"
BODY = {
    "task": "generate", "platforms": ["facebook"], "topic": "A short note on benchmarks", "providers": ["openai"],
    "models": {"openai": MODEL},
}  # fmt: skip
READS = {
    "ProfileFunction": "/v1/profile",
    "HealthFunction": "/v1/health",
    "MediaFunction": "/robots.txt",
    "ConnectCallbackFunction": "/v1/connections",
    "TemplatesFunction": "/v1/templates",
    "CalendarFunction": "/v1/calendar?from=2026-11-01T00:00:00Z&to=2026-12-01T00:00:00Z",
    "PublishFunction": "/v1/posts",
    "AnalyticsFunction": "/v1/analytics/summary",
    "GenerateFunction": "/v1/ai/providers",
}
"""Every function that serves HTTP, with a route that calls no provider."""
CHORES = {"MaintainFunction": {"task": "sweep"}, "AnalyticsPollFunction": {"task": "poll"}}
"""The functions that only events start, with nothing to do."""


class Unusable(Exception):
    """The benchmark cannot be taken here, or a function did not answer; the message says which."""


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """One thing that is started cold: a function, the event it gets, the label of what it is held against, and the bar."""

    label: str
    functions: Functions
    function: str
    event: Mapping[str, Any]
    against: str = ""
    bar: float | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """What subjects are made of: the product in a runtime, and room for floors beside it."""

    runtime: LocalRuntime
    artifacts: Artifacts
    database_url: str
    stack: AsyncExitStack

    def beside(self, folder: Path, layers: Sequence[Path]) -> Functions:
        """A benchmark's own function on the same database and simulators; it reads as the owner of the tables."""
        spec = FunctionSpec(folder.name, "", "app.handler", 29, 512, f"python{PYTHON}", {}, log_format="JSON", log_level="INFO")
        variables = {
            **READ_ONLY,
            "DATABASE_URL": self.database_url,
            "OPENAI_API_KEY": OPENAI_KEY,
            "OPENAI_BASE_URL": f"{self.runtime.description['providers']['openai']}/v1",
        }
        settings = Settings(self.runtime.directory / f"beside-{folder.name}", variables, client="awslambdaric")
        functions = Functions([spec], Code({folder.name: folder}, layers, built=True), settings)
        self.stack.push_async_callback(functions.close)
        return functions

    def floor(self, name: str) -> Functions:
        """A floor on the product's own dependencies, its bytecode shipped as theirs is."""
        folder = with_bytecode(ROOT / "bench" / name, self.runtime.directory / name)
        return self.beside(folder, [self.artifacts.layer, self.artifacts.functions["GenerateFunction"]])

    def eager(self) -> Functions:
        """What imports everything, on the same dependencies without bytecode."""
        shipped = {"layer": self.artifacts.layer, "generate": self.artifacts.functions["GenerateFunction"]}
        bare = [without_bytecode(folder, self.runtime.directory / "bare" / name) for name, folder in shipped.items()]
        return self.beside(without_bytecode(ROOT / "bench" / "eager", self.runtime.directory / "eager"), bare)


def request(method: str, path: str, body: Any = None, headers: Sequence[tuple[str, str]] = ()) -> dict[str, Any]:
    """An API Gateway event of a signed-in person."""
    content = b"" if body is None else json.dumps(body).encode()
    all_headers = [("host", "api.example.com"), ("content-type", "application/json"), *headers]
    place, _, query = path.partition("?")
    route = RouteSpec(method, place, "", authorized=True)
    return http_event(HttpRequest(method, place, query, all_headers, content, "127.0.0.1"), route, {}, CLAIMS, "bench")


def product(stage: Stage, against: str, bar: float, provider_against: str, provider_bar: float) -> list[Subject]:
    """Every function that serves HTTP, and generating with a provider."""
    functions = stage.runtime.functions
    generate = request("POST", "/v1/generate", BODY, [("x-ai-key-openai", OPENAI_KEY)])
    return [
        *(Subject(f"{name}, GET {path}", functions, name, request("GET", path), against, bar) for name, path in READS.items()),
        Subject("GenerateFunction, POST /v1/generate", functions, "GenerateFunction", generate, provider_against, provider_bar),
    ]


def against_floors(stage: Stage) -> list[Subject]:
    """The subjects of S1."""
    provider = stage.floor("floor_openai")
    return [
        Subject("F: floor, GET", stage.floor("floor"), "floor", request("GET", "/v1/profile")),
        Subject("G: floor and OpenAI's SDK, POST", provider, "floor_openai", request("POST", "/v1/generate", BODY)),
        *product(stage, "F", 1.2, "G", 1.15),
    ]


def against_eager(stage: Stage) -> list[Subject]:
    """The subjects of S2."""
    eager, functions = stage.eager(), stage.runtime.functions
    return [
        Subject("U: everything at the top, GET", eager, "eager", request("GET", "/v1/profile")),
        Subject("V: everything at the top, POST", eager, "eager", request("POST", "/v1/generate", BODY)),
        *product(stage, "U", 12, "V", 4),
        *(Subject(f"{name}, {event['task']}", functions, name, event, "U", 12) for name, event in CHORES.items()),
    ]


async def start_cold(subject: Subject) -> float:
    """One fresh process: milliseconds from its spawn to its first response. Raises Unusable if that is not a success."""
    started = time.perf_counter()
    result = await subject.functions.invoke(subject.function, subject.event)
    elapsed = (time.perf_counter() - started) * 1000
    await subject.functions.kill(subject.function)
    answer = result.json()
    if result.function_error or answer.get("statusCode", 200) != 200:
        raise Unusable(f"{subject.label} answered {json.dumps(answer)[:600]}")
    if "POST" in subject.label and "static" in str(answer.get("body", "")):
        raise Unusable(f"{subject.label} fell back to static content")
    return elapsed


async def measure(
    artifacts: Artifacts, directory: Path, plan: Callable[[Stage], list[Subject]], rounds: int = ROUNDS
) -> dict[Subject, list[float]]:
    """Start everything cold, one after the other, ``rounds`` times after one round that is not counted."""
    require_runnable()
    async with AsyncExitStack() as stack:
        server = stack.enter_context(postgres.temporary())
        migrate.ensure(server.url())
        postgres.create_logins(server)
        product = options(artifacts, directory, warm=False, database_url=server.url(user=postgres.API_LOGIN))
        product = replace(product, variables={**product.variables, **postgres.login_urls(server)})
        runtime = await stack.enter_async_context(LocalRuntime(product))
        subjects = plan(Stage(runtime, artifacts, server.url(), stack))
        compile_image(runtime.directory / "image")
        times: dict[Subject, list[float]] = {subject: [] for subject in subjects}
        for number in range(rounds + 1):
            for subject in subjects[number % len(subjects) :] + subjects[: number % len(subjects)]:
                elapsed = await start_cold(subject)
                if number:
                    times[subject].append(elapsed)
    try:
        verify(artifacts)
    except BuildFailed as changed:
        raise Unusable(f"something wrote into the artifacts while they were measured: {changed}") from None
    return times


def require_runnable() -> None:
    """Raises Unusable where the artifacts cannot run."""
    if sys.platform != "linux" or sys.version_info[:2] != tuple(map(int, PYTHON.split("."))):
        here = f"{sys.platform} and Python {sys.version.split()[0]}"
        raise Unusable(f"the artifacts are for Linux and Python {PYTHON}, this is {here}")


def compile_image(image: Path) -> None:
    """Lambda's image ships its own packages with bytecode, so the packages that stand for it have theirs."""
    for package in image.iterdir():
        target = package.resolve()
        if target.is_dir():
            compileall.compile_dir(str(target), quiet=2)


def table(
    name: str, title: str, times: Mapping[Subject, Sequence[float]], notes: Sequence[str], *, faster: bool = False
) -> Table:
    """Times, and how often each takes what it is held against; with ``faster``, how often that takes it."""
    peers = {subject.label[0]: taken for subject, taken in times.items() if subject.bar is None}
    rows, data = [], {}
    for subject, taken in times.items():
        row = [subject.label, Spread.of(taken).show(), "", "", ""]
        data[subject.label] = {"ms": Spread.of(taken), "runs_ms": taken}
        if subject.bar is not None:
            peer = peers[subject.against]
            found = ratio(peer, taken) if faster else ratio(taken, peer)
            unit = f"faster than {subject.against}" if faster else f"× {subject.against}"
            row[2:] = [f"{found.show(2)} {unit}", f"{subject.bar} {unit}", verdict(found.median, subject.bar, at_least=faster)]
            data[subject.label] |= {"against": subject.against, "ratio": found, "bar": subject.bar}
        rows.append(row)
    return Table(name, title, ["what", "median (min to max)", "ratio", "bar", "kept"], rows, notes, {"subjects": data})


def notes(times: Mapping[Subject, Sequence[float]]) -> list[str]:
    """What holds for both tables."""
    return [
        f"{len(next(iter(times.values())))} starts each, interleaved, after one uncounted round. AWS's runtime client "
        "against a loopback Runtime API; every file is in the page cache.",
        "The database is a PostgreSQL on this machine, without TLS; each start opens a new connection.",
    ]


def run_against_floors(artifacts: Artifacts, directory: Path) -> Table:
    """Take S1."""
    times = asyncio.run(measure(artifacts, directory, against_floors))
    own = [
        "Product, floors and the packages that stand for Lambda's own image all have their bytecode, and nothing can write more.",
        f"G is F with OpenAI's SDK imported and called once by hand. Both call a simulator without latency, model {MODEL}.",
    ]
    return table(
        "S1", "S1: cold start in ms, from spawn to first posted response, against the least there is", times, notes(times) + own
    )


def run_against_eager(artifacts: Artifacts, directory: Path) -> Table:
    """Take S2."""
    times = asyncio.run(measure(artifacts, directory, against_eager))
    own = [
        "U and V are one function that imports the three AI SDKs, boto3 and psycopg at its top, from the same dependencies "
        "without bytecode, as `sam build` alone leaves them; U makes one query, V also calls OpenAI's SDK.",
    ]
    title = "S2: cold start in ms, from spawn to first posted response, against everything at the top and no bytecode"
    return table("S2", title, times, notes(times) + own, faster=True)
