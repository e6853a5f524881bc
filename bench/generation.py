"""S7 and S8: one AI call, and a fallback after a 429, through the product, by the SDKs by hand, and through LiteLLM's Router.

``python -m bench.generation [--calls 200] [--rounds 9] [--document]``. Processor time of a process per call, the ways in
turns, with another key on every call. The simulated providers, the PostgreSQL and each way are processes of their own.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

from bench.polled import SETTINGS
from bench.report import ROOT, Spread, Table, document, load, machine, ratio, save, verdict
from bench.rounds import interleaved, way
from local.databases.postgres import temporary
from local.simulators.ai.anthropic import simulator as anthropic_simulator
from local.simulators.ai.openai import simulator as openai_simulator
from local.simulators.serve import create_app, create_server
from local.simulators.world import Fault, World
from noillusion.ai.models import GenerateRequest
from noillusion.ai.prompts import build
from noillusion.profiles.author import Author

ROUTER_PYTHON = ROOT / ".venv-litellm" / "bin" / "python"
REQUEST = {"task": "generate", "platforms": ["facebook", "tiktok"], "topic": "Bicycles"}
MODELS = {"openai": "gpt-6-luna", "anthropic": "claude-haiku-5-5"}
PATHS = {"openai": "api.openai.com/v1", "anthropic": "api.anthropic.com"}
BARS = {
    ("S7", "layer"): (1.3, 0.35),
    ("S7", "handler"): (2.0, 0.5),
    ("S8", "layer"): (1.3, 0.25),
    ("S8", "handler"): (1.8, 0.35),
}
"""At most as many times what the SDKs take by hand, and what the Router takes."""
CASES = (("S7", "one call", False), ("S8", "fallback after a 429", True))


def _serve(line: Connection, broken: bool) -> None:
    world = World("http://127.0.0.1")
    for module in (openai_simulator, anthropic_simulator):
        world.add(module.create(world))
    if broken:
        world.faults.append(Fault(id=1, platform="openai", preset="rate_limited", times=-1))
    server = create_server(create_app(world), 0)
    listener = server.config.bind_socket()
    line.send(listener.getsockname()[1])
    server.run(sockets=[listener])


@contextmanager
def providers_at_work(*, broken: bool) -> Iterator[str]:
    """The base URL of simulated providers. ``broken``: OpenAI answers every call with a 429."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, broken), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{ours.recv()}"
    finally:
        process.terminate()
        process.join()


@contextmanager
def database() -> Iterator[str]:
    """The URL of a migrated PostgreSQL."""
    from tools.migrate import ensure

    with temporary() as server:
        url = server.url()
        ensure(url)
        yield url


def work(base: str, *, fallback: bool) -> str:
    """What every way has to do."""
    prompt = build(GenerateRequest.model_validate(REQUEST), Author())
    return json.dumps(
        {
            "base": base,
            "bases": {name: f"{base}/{path}" for name, path in PATHS.items()},
            "models": MODELS,
            "request": REQUEST,
            "messages": list(prompt.messages),
            "schema": prompt.schema,
            "max_output_tokens": prompt.max_output_tokens,
            "fallback": fallback,
        },
        default=dict,
    )


def measure(base: str, database_url: str, calls: int, rounds: int, *, fallback: bool) -> dict[str, list[float]]:
    """Milliseconds of processor time per call, by way and round."""
    what = work(base, fallback=fallback)
    endpoints = {path.split("/")[0]: f"{base}/{path.split('/')[0]}" for path in PATHS.values()}
    deployed = SETTINGS | {"DATABASE_URL": database_url, "ENDPOINTS": json.dumps(endpoints)}
    own = [sys.executable, "-m", "bench.ways"]
    with ExitStack() as stack:
        ways = [stack.enter_context(way(name, [*own, name, what], deployed)) for name in ("layer", "handler", "sdks")]
        other = [str(ROUTER_PYTHON), "-m", "bench.router", what]
        ways.append(stack.enter_context(way("router", other, {"PYTHONPATH": str(ROOT)})))
        return interleaved(ways, calls, rounds)


def rows_of(name: str, title: str, taken: dict[str, list[float]]) -> list[list[str]]:
    """One row for each way."""
    rows = []
    for each, label in (("layer", "layer"), ("handler", "handler on PostgreSQL"), ("sdks", "SDKs by hand"), ("router", "Router")):
        row = [f"{name}: {title}, {label}", Spread.of(taken[each]).show(2)]
        for floor, bar in zip(("sdks", "router"), BARS.get((name, each), (None, None)), strict=True):
            found = ratio(taken[each], taken[floor])
            row += [found.show(2), f"{bar:.2f}", verdict(found.median, bar)] if bar else ["", "", ""]
        rows.append(row)
    return rows


def take(calls: int, rounds: int) -> Table:
    """Measure both benchmarks."""
    rows: list[list[str]] = []
    data: dict[str, Any] = {}
    with database() as url:
        for name, title, fallback in CASES:
            with providers_at_work(broken=fallback) as base:
                data[name] = measure(base, url, calls, rounds, fallback=fallback)
            rows += rows_of(name, title, data[name])
    heads = ("", "ms", "× by hand", "at most", "kept", "× Router", "at most", "kept")
    notes = (
        f"Processor time per call of the process that calls, medians of {rounds} rounds of {calls} calls in turns.",
        "What the database and the providers take in their own processes is not counted.",
        "The Router's fallback is asked without a schema: the form in which it sends one to Anthropic is refused.",
    )
    return Table("S7", "An AI call and a fallback", heads, rows, notes, data)


def main() -> int:
    """Measure, print, and write bench/results/S7.json."""
    parser = argparse.ArgumentParser(prog="python -m bench.generation", description=__doc__)
    parser.add_argument("--calls", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--document", action="store_true", help="put the table into docs/benchmarks.md")
    chosen = parser.parse_args()
    before = load()
    table = take(chosen.calls, chosen.rounds)
    taken_on = {**machine(), "load": f"{before:.2f} before, {load():.2f} after"}
    print(f"\n{table.markdown()}\n\nload: {taken_on['load']}\nwrote {save(table, taken_on)}")
    if chosen.document:
        document(table, taken_on)
    return 0


if __name__ == "__main__":
    sys.exit(main())
