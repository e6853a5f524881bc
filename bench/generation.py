"""S7 and S8 for the layer: one AI call, and a fallback after a 429, against the providers' SDKs used by hand.

``python -m bench.generation [--calls 400] [--rounds 7] [--document]``. Processor time of this process per call, the two ways in
turns, with another key on every call. The simulated providers are a process of their own.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

import anthropic
import openai

from bench.report import Spread, Table, document, load, machine, ratio, save, verdict
from local.simulators.ai.anthropic import simulator as anthropic_simulator
from local.simulators.ai.openai import simulator as openai_simulator
from local.simulators.serve import create_app, create_server
from local.simulators.world import Fault, World
from noillusion.ai import answers, fallback
from noillusion.ai.models import GenerateRequest, SkipReason
from noillusion.ai.plan import Candidate, Conditions, Key, ProviderChoice, Spending, plan
from noillusion.ai.prompts import Prompt, build
from noillusion.ai.providers import Providers
from noillusion.core import clock
from noillusion.core.sensitive import Secret
from noillusion.profiles.author import Author

BAR = 1.3
WARM_CALLS = 30
REQUEST = GenerateRequest.model_validate({"task": "generate", "platforms": ["facebook", "tiktok"], "topic": "Bicycles"})
MODELS = {"openai": "gpt-6-luna", "anthropic": "claude-haiku-5-5"}
Way = Callable[[int], Awaitable[None]]


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


class Unrecorded:
    """Admits every attempt and keeps none."""

    async def admit(
        self,
        number: int,  # noqa: ARG002 - a part of the protocol, as the others are
        candidate: Candidate,  # noqa: ARG002
        input_tokens: int | None = None,  # noqa: ARG002
    ) -> SkipReason | None:
        """See :class:`noillusion.ai.fallback.Recorder`."""
        return None

    def ended(self, attempt: fallback.AttemptRecord) -> None:
        """See :class:`noillusion.ai.fallback.Recorder`."""


def key_of(provider: str, number: int) -> str:
    """The key of another user on every call."""
    return f"sk-{'ant-' if provider == 'anthropic' else ''}bench-{number}"


def by_layer(base: str, prompt: Prompt, names: list[Any]) -> tuple[Way, Callable[[], Awaitable[None]]]:
    """The product's attempt loop with its adapters."""
    adapters = Providers(lambda host: f"{base}/{host}")

    async def call(number: int) -> None:
        keys = {name: Key(Secret(key_of(name, number)), "header", "mark") for name in names}
        choices = [ProviderChoice(name, MODELS[name]) for name in names]
        highest = dict.fromkeys(names, 1)
        candidates = plan(choices, Conditions(keys, {}, Spending(), clock.now(), highest))
        run = await fallback.run(
            candidates,
            prompt,
            adapters,
            deadline=clock.monotonic() + 20,
            most=10**9,
            read=lambda text: answers.read(text, REQUEST),
            recorder=Unrecorded(),
        )
        assert run.results

    return call, adapters.aclose


def by_hand(base: str, prompt: Prompt) -> tuple[Way, Callable[[], Awaitable[None]]]:
    """The SDKs with shared clients, a key for each call, and an ``except`` where there is a second provider."""
    first = openai.AsyncOpenAI(api_key="none", base_url=f"{base}/api.openai.com/v1", max_retries=0)
    second = anthropic.AsyncAnthropic(api_key="none", base_url=f"{base}/api.anthropic.com", max_retries=0)
    system, user = (message["content"] for message in prompt.messages)
    form: Any = {"type": "json_schema", "schema": dict(prompt.schema)}

    async def call(number: int) -> None:
        try:
            client = first.with_options(api_key=key_of("openai", number))
            reply = await client.responses.create(
                model=MODELS["openai"],
                instructions=system,
                input=user,
                max_output_tokens=prompt.max_output_tokens,
                store=False,
                text={"format": form | {"name": "posts", "strict": True}},
            )
            assert json.loads(reply.output_text)
        except openai.RateLimitError:
            other = second.with_options(api_key=key_of("anthropic", number))
            message = await other.messages.create(
                model=MODELS["anthropic"],
                max_tokens=prompt.max_output_tokens,
                system=system,
                messages=[{"role": "user", "content": user}],
                output_config={"format": form},
            )
            assert json.loads("".join(block.text for block in message.content if block.type == "text"))

    async def close() -> None:
        await first.close()
        await second.close()

    return call, close


async def measure(base: str, names: list[Any], calls: int, rounds: int) -> tuple[list[float], list[float]]:
    """Milliseconds of processor time per call, by round: of the layer, and by hand."""
    prompt = build(REQUEST, Author(display_name="Robin"))
    ways = [by_layer(base, prompt, names), by_hand(base, prompt)]
    taken: list[list[float]] = [[], []]
    for round_number in range(rounds + 1):
        for which, (way, _) in enumerate(ways):
            number = WARM_CALLS if round_number == 0 else calls
            began = time.process_time()
            for each in range(number):
                await way(each)
            if round_number:
                taken[which].append((time.process_time() - began) * 1000 / number)
    for _, close in ways:
        await close()
    return taken[0], taken[1]


def take(calls: int, rounds: int) -> Table:
    """Measure both benchmarks."""
    rows, data = [], {}
    for name, title, names, broken in (
        ("S7", "one call", ["openai"], False),
        ("S8", "fallback after a 429", ["openai", "anthropic"], True),
    ):
        with providers_at_work(broken=broken) as base:
            layer, hand = asyncio.run(measure(base, names, calls, rounds))
        found = ratio(layer, hand)
        rows.append(
            [f"{name}: {title}", Spread.of(layer).show(2), Spread.of(hand).show(2), found.show(2), verdict(found.median, BAR)]
        )
        data[name] = {"layer_ms": layer, "by_hand_ms": hand}
    heads = ("", "layer, ms", "SDKs by hand, ms", "ratio", f"at most {BAR}")
    notes = (f"Processor time per call, medians of {rounds} rounds of {calls} calls in turns, with another key on every call.",)
    return Table("S7", "An AI call through the layer", heads, rows, notes, data)


def main() -> int:
    """Measure, print, and write bench/results/S7.json."""
    parser = argparse.ArgumentParser(prog="python -m bench.generation", description=__doc__)
    parser.add_argument("--calls", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=7)
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
