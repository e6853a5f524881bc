"""Ways of this project's environment to do an AI call: ``python -m bench.ways layer|sdks|handler {…}``."""

from __future__ import annotations

import asyncio
import importlib.util
import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import anthropic
import openai

from bench.rounds import take_turns
from noillusion.ai import answers, fallback, service
from noillusion.ai.models import GenerateRequest, SkipReason
from noillusion.ai.plan import Candidate, Conditions, Key, ProviderChoice, Spending, plan
from noillusion.ai.prompts import build
from noillusion.ai.providers import Providers
from noillusion.catalog.providers import Provider
from noillusion.core import clock
from noillusion.core.sensitive import Secret
from noillusion.profiles.author import Author

ROOT = Path(__file__).resolve().parent.parent
USERS = 50
DEADLINE_S = 600.0
"""What is measured is processor time, so a busy machine must not end a call."""
Work = Mapping[str, Any]
CallAll = Callable[[range], None]


def key_of(provider: str, number: int) -> str:
    """The key of another user on every call."""
    return f"sk-{'ant-' if provider == 'anthropic' else ''}bench-{number}"


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


def layer(work: Work) -> CallAll:
    """The product's attempt loop with its adapters."""
    request = GenerateRequest.model_validate(work["request"])
    prompt = build(request, Author())
    adapters = Providers(lambda host: f"{work['base']}/{host}")
    names: list[Provider] = ["openai", "anthropic"] if work["fallback"] else ["openai"]

    async def call(number: int) -> None:
        keys = {name: Key(Secret(key_of(name, number)), "header", "mark") for name in names}
        choices = [ProviderChoice(name, work["models"][name]) for name in names]
        run = await fallback.run(
            plan(choices, Conditions(keys, {}, Spending(), clock.now(), dict.fromkeys(names, 1))),
            prompt,
            adapters,
            deadline=clock.monotonic() + DEADLINE_S,
            most=10**9,
            read=lambda text: answers.read(text, request),
            recorder=Unrecorded(),
        )
        assert run.results

    return _on_a_loop(call)


def sdks(work: Work) -> CallAll:
    """The SDKs with shared clients, a key for each call, and an ``except`` where there is a second provider."""
    first = openai.AsyncOpenAI(api_key="none", base_url=work["bases"]["openai"], max_retries=0)
    second = anthropic.AsyncAnthropic(api_key="none", base_url=work["bases"]["anthropic"], max_retries=0)
    system, user = (message["content"] for message in work["messages"])
    form: Any = {"type": "json_schema", "schema": work["schema"]}

    async def call(number: int) -> None:
        try:
            client = first.with_options(api_key=key_of("openai", number))
            reply = await client.responses.create(
                model=work["models"]["openai"],
                instructions=system,
                input=user,
                max_output_tokens=work["max_output_tokens"],
                store=False,
                text={"format": form | {"name": "posts", "strict": True}},
            )
            assert json.loads(reply.output_text)
        except openai.RateLimitError:
            other = second.with_options(api_key=key_of("anthropic", number))
            message = await other.messages.create(
                model=work["models"]["anthropic"],
                max_tokens=work["max_output_tokens"],
                system=system,
                messages=[{"role": "user", "content": user}],
                output_config={"format": form},
            )
            assert json.loads("".join(block.text for block in message.content if block.type == "text"))

    return _on_a_loop(call)


def _on_a_loop(call: Callable[[int], Any]) -> CallAll:
    runner = asyncio.Runner()

    async def call_all(numbers: range) -> None:
        for number in numbers:
            await call(number)

    return lambda numbers: runner.run(call_all(numbers))


def handler(work: Work) -> CallAll:
    """The handler of the function, with the claims that the gateway passes on. The environment names database and providers."""
    spec = importlib.util.spec_from_file_location("generate_app", ROOT / "functions" / "generate" / "app.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    service.DEADLINE_S = DEADLINE_S
    names = ["openai", "anthropic"] if work["fallback"] else ["openai"]
    body = json.dumps({**work["request"], "providers": names})

    def call_all(numbers: range) -> None:
        for number in numbers:
            answer = module.handler(_event(number, body, names), _Context())
            assert answer["statusCode"] == 200 and '"source":"ai"' in answer["body"].replace(": ", ":"), answer["body"]

    return call_all


class _Context:
    function_name = "bench"
    function_version = "$LATEST"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:eu-central-1:000000000000:function:bench"
    aws_request_id = "00000000-0000-4000-8000-000000000000"

    def get_remaining_time_in_millis(self) -> int:
        return int(DEADLINE_S * 1000)


def _event(number: int, body: str, names: list[str]) -> dict[str, Any]:
    claims = {"sub": f"auth0|bench-{number % USERS}", "iss": "https://bench/"}
    http = {"method": "POST", "path": "/v1/generate", "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1", "userAgent": "bench"}
    return {
        "version": "2.0",
        "routeKey": "POST /v1/generate",
        "rawPath": "/v1/generate",
        "rawQueryString": "",
        "headers": {
            "host": "api.test",
            "content-type": "application/json",
            **{f"x-ai-key-{name}": key_of(name, number) for name in names},
        },
        "requestContext": {
            "authorizer": {"jwt": {"claims": claims, "scopes": None}},
            "http": http,
            "requestId": f"bench-{number}",
            "routeKey": "POST /v1/generate",
            "stage": "$default",
        },
        "isBase64Encoded": False,
        "body": body,
    }


if __name__ == "__main__":
    take_turns({"layer": layer, "sdks": sdks, "handler": handler}[sys.argv[1]](json.loads(sys.argv[2])))
