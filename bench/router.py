"""LiteLLM's Router as a way to do an AI call, in an environment of its own (.venv-litellm): ``python -m bench.router {…}``.

The key is that of another user on every call, and of another one for the provider to fall back on.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from importlib import import_module
from typing import Any

from bench.rounds import take_turns


def main() -> None:
    """Make the Router, and do calls in turns."""
    # Otherwise it asks its vendor for prices at every start.
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    # By name, because the environment of the type checker does not have it.
    litellm: Any = import_module("litellm")
    work: dict[str, Any] = json.loads(sys.argv[1])
    models = {name: {"model": f"{name}/{model}", "api_base": work["bases"][name]} for name, model in work["models"].items()}
    router = litellm.Router(
        model_list=[{"model_name": name, "litellm_params": params | {"api_key": "none"}} for name, params in models.items()],
        num_retries=0,
        disable_cooldowns=True,
    )
    form = {"type": "json_schema", "json_schema": {"name": "posts", "schema": work["schema"], "strict": True}}

    async def call(number: int) -> None:
        # It sends a schema to Anthropic in a form that is not taken any more, so the fallback is asked without one.
        fallbacks = [{"model": "anthropic", "api_key": f"sk-ant-bench-{number}"}]
        more: dict[str, Any] = {"fallbacks": fallbacks} if work["fallback"] else {"response_format": form}
        answer = await router.acompletion(
            model="openai",
            messages=work["messages"],
            api_key=f"sk-bench-{number}",
            max_completion_tokens=work["max_output_tokens"],
            **more,
        )
        said = answer.choices[0].message.content
        assert said if work["fallback"] else json.loads(said)

    async def call_all(numbers: range) -> None:
        for number in numbers:
            await call(number)

    with asyncio.Runner() as runner:
        take_turns(lambda numbers: runner.run(call_all(numbers)))


if __name__ == "__main__":
    main()
