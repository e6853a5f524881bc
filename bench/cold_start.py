"""S1: cold starts of the built artifacts under AWS's own runtime client, from the process's spawn to its first posted response.

It only ever talks to simulators and to a database of its own.
"""

from __future__ import annotations

import asyncio
import compileall
import json
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.build.artifacts import PYTHON, Artifacts
from bench.instance import READ_ONLY, has_bytecode, options
from bench.report import ROOT, Spread, Table, ratio, verdict
from local.environments import Code, Functions, Settings
from local.events import HttpRequest, http_event
from local.runtime import LocalRuntime
from local.template import FunctionSpec, RouteSpec

ROUNDS = 7
CLAIMS = {"sub": "auth0|bench"}
OPENAI_KEY = "sk-bench-000000000000"
MODEL = "gpt-6-luna"
BODY = {
    "task": "generate", "platforms": ["facebook"], "topic": "A short note on benchmarks", "providers": ["openai"],
    "models": {"openai": MODEL},
}  # fmt: skip


class Unusable(Exception):
    """The benchmark cannot be taken here, or a function did not answer; the message says which."""


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing that is started cold: a function, the request it answers, and what it is held against."""

    label: str
    functions: Functions
    function: str
    event: Mapping[str, Any]
    floor: str = "F"
    bar: float | None = None


def request(method: str, path: str, body: Any = None, headers: Sequence[tuple[str, str]] = ()) -> dict[str, Any]:
    """An API Gateway event of a signed-in person."""
    content = b"" if body is None else json.dumps(body).encode()
    all_headers = [("host", "api.example.com"), ("content-type", "application/json"), *headers]
    route = RouteSpec(method, path, "", authorized=True)
    return http_event(HttpRequest(method, path, "", all_headers, content, "127.0.0.1"), route, {}, CLAIMS, "bench")


def floors(runtime: LocalRuntime, artifacts: Artifacts) -> Functions:
    """The floors, on the same layer, the same database and the same simulator; their SDK is the generate function's."""
    folder = ROOT / "bench"
    sources = {"Floor": folder / "floor", "FloorWithoutDriver": folder / "floor", "FloorOpenAI": folder / "floor_openai"}
    drivers = {"Floor": "psycopg", "FloorWithoutDriver": "sqlite3"}
    specs = [
        FunctionSpec(
            name, "", "app.handler", 29, 512, f"python{PYTHON}", {"BENCH_DRIVER": drivers.get(name, "")},
            log_format="JSON", log_level="INFO",
        )
        for name in sources
    ]  # fmt: skip
    variables = {
        **READ_ONLY,
        "DATABASE_URL": runtime.database_url,
        "OPENAI_API_KEY": OPENAI_KEY,
        "OPENAI_BASE_URL": f"{runtime.description['providers']['openai']}/v1",
    }
    code = Code(sources, [artifacts.layer, artifacts.functions["GenerateFunction"]], built=True)
    return Functions(specs, code, Settings(runtime.directory / "floors", variables, client="awslambdaric"))


def subjects(product: Functions, floor: Functions) -> list[Subject]:
    """What is measured, the floors among them. Every function that serves HTTP is there with a route that calls no provider."""
    generate = request("POST", "/v1/generate", BODY, [("x-ai-key-openai", OPENAI_KEY)])
    reads = {
        "ProfileFunction": "/v1/profile",
        "ConnectCallbackFunction": "/v1/connections",
        "TemplatesFunction": "/v1/templates",
        "PublishFunction": "/v1/posts",
        "AnalyticsFunction": "/v1/analytics/summary",
        "GenerateFunction": "/v1/ai/providers",
    }
    return [
        Subject("F: floor, GET", floor, "Floor", request("GET", "/v1/profile")),
        Subject("E: F without psycopg, GET", floor, "FloorWithoutDriver", request("GET", "/v1/profile")),
        *(Subject(f"{name}, GET {path}", product, name, request("GET", path), "F", 1.25) for name, path in reads.items()),
        Subject("G: floor and OpenAI's SDK, POST", floor, "FloorOpenAI", request("POST", "/v1/generate", BODY)),
        Subject("GenerateFunction, POST /v1/generate", product, "GenerateFunction", generate, "G", 1.15),
    ]


async def start_cold(subject: Subject) -> float:
    """One fresh process: milliseconds from its spawn to its first response. Raises Unusable if that is not a success."""
    started = time.perf_counter()
    result = await subject.functions.invoke(subject.function, subject.event)
    elapsed = (time.perf_counter() - started) * 1000
    await subject.functions.kill(subject.function)
    answer = result.json()
    if result.function_error or answer.get("statusCode") != 200:
        raise Unusable(f"{subject.label} answered {json.dumps(answer)[:600]}")
    if "static" in str(answer.get("body", "")) and subject.floor == "G":
        raise Unusable(f"{subject.label} fell back to static content")
    return elapsed


async def measure(artifacts: Artifacts, directory: Path, rounds: int = ROUNDS) -> Table:
    """Start everything cold, one after the other, ``rounds`` times after one round that is not counted."""
    require_runnable()
    bytecode = has_bytecode(artifacts)
    async with AsyncExitStack() as stack:
        runtime = await stack.enter_async_context(LocalRuntime(options(artifacts, directory, warm=False)))
        floor = floors(runtime, artifacts)
        stack.push_async_callback(floor.close)
        compile_image(runtime.directory / "image")
        measured = subjects(runtime.functions, floor)
        times: dict[str, list[float]] = {subject.label: [] for subject in measured}
        for number in range(rounds + 1):
            for subject in measured[number % len(measured) :] + measured[: number % len(measured)]:
                elapsed = await start_cold(subject)
                if number:
                    times[subject.label].append(elapsed)
    if has_bytecode(artifacts) != bytecode:
        raise Unusable("something wrote bytecode into the artifacts while they were measured")
    return table(measured, times, artifacts, bytecode)


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


def table(measured: Sequence[Subject], times: Mapping[str, Sequence[float]], artifacts: Artifacts, bytecode: bool) -> Table:
    """Times and ratios to the floors."""
    floor_of = {subject.label[0]: times[subject.label] for subject in measured if subject.bar is None}
    rows, data = [], {}
    for subject in measured:
        spread = Spread.of(times[subject.label])
        row = [subject.label, spread.show(), "", "", ""]
        data[subject.label] = {"ms": spread, "runs_ms": times[subject.label]}
        if subject.bar is not None:
            against = ratio(times[subject.label], floor_of[subject.floor])
            kept = verdict(against.median, subject.bar)
            row[2:] = [f"{against.show(2)} × {subject.floor}", f"{subject.bar} × {subject.floor}", kept]
            data[subject.label] |= {"floor": subject.floor, "ratio": against, "bar": subject.bar}
        rows.append(row)
    return Table(
        name="S1",
        title="S1: cold start in ms, from the spawn of the process to the first posted response",
        heads=["what", "median (min to max)", "ratio", "bar", "kept"],
        rows=rows,
        notes=[
            f"{len(next(iter(times.values())))} starts each, interleaved, after one uncounted round. AWS's runtime client "
            "against a loopback Runtime API; every file is in the page cache.",
            f"Bytecode is {'' if bytecode else 'not '}shipped in the artifacts and cannot be written at run time, as at AWS; "
            "the packages that stand for Lambda's own image have theirs.",
            "The database is SQLite everywhere. F and G import psycopg as the bar says; the product imports it only when it "
            "talks to PostgreSQL, where it would pay about F − E more than is shown.",
            f"G is F with OpenAI's SDK imported and called once by hand. Both call a simulator without latency, model {MODEL}.",
        ],
        data={"bytecode_shipped": bytecode, "architecture": artifacts.architecture, "subjects": data},
    )


def run(artifacts: Artifacts, directory: Path) -> Table:
    """Take the benchmark."""
    return asyncio.run(measure(artifacts, directory))
