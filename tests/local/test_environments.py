"""Execution environments: reuse, concurrency, time limit, crashes, what a process can see."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Literal

import httpx
import pytest

from local.aws.functions import Code, Functions, PayloadTooLarge, UnknownFunction
from local.aws.pools import Settings
from tests.local.stubs import STUB, specs


def query(do: str, **more: Any) -> dict[str, Any]:
    return {"queryStringParameters": {"do": do, **{name: str(value) for name, value in more.items()}}}


@asynccontextmanager
async def functions(directory: Path, **settings: Any) -> AsyncIterator[Functions]:
    code = Code({name: STUB.parent / spec.code for name, spec in specs().items()}, [STUB.parent / "layer"])
    started = Functions(specs().values(), code, Settings(directory, **{"max_environments": 3, **settings}))
    try:
        yield started
    finally:
        await started.close()


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_warm_environment_is_reused(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with functions(tmp_path) as stub:
            results = [(await stub.invoke("Echo", query("sleep", s=0))).json() for _ in range(3)]
            assert [result["calls"] for result in results] == [1, 2, 3]

    asyncio.run(scenario())


def test_concurrent_events_get_environments_of_their_own_up_to_the_limit(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with functions(tmp_path) as stub:
            results = await asyncio.gather(*(stub.invoke("Echo", query("sleep", s=0.3)) for _ in range(7)))
            assert len({result.json()["pid"] for result in results}) == 3
            assert all(result.function_error is None for result in results)
            assert len(stub.status()["Echo"]["environments"]) == 3

    asyncio.run(scenario())


def test_time_limit_kills_the_environment_and_the_next_event_gets_a_new_one(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with functions(tmp_path) as stub:
            first = (await stub.invoke("Echo", query("sleep", s=0))).json()["pid"]
            started = time.monotonic()
            result = await stub.invoke("Echo", query("sleep", s=60))
            assert 2.9 < time.monotonic() - started < 40
            assert (result.function_error, result.json()["errorType"]) == ("Unhandled", "Sandbox.Timedout")
            assert "Task timed out after 3.00 seconds" in result.json()["errorMessage"]
            assert not alive(first)
            assert (await stub.invoke("Echo", query("sleep", s=0))).json()["pid"] != first

    asyncio.run(scenario())


def test_crash_is_a_function_error_and_the_function_recovers(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with functions(tmp_path) as stub:
            result = await stub.invoke("Echo", query("exit"))
            assert (result.function_error, result.json()["errorType"]) == ("Unhandled", "Runtime.ExitError")
            assert result.json()["errorMessage"].endswith("Runtime exited with error: exit status 3")
            assert (await stub.invoke("Echo", query("sleep", s=0))).function_error is None

    asyncio.run(scenario())


def test_kill_ends_what_is_running(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with functions(tmp_path) as stub:
            running = asyncio.create_task(stub.invoke("Echo", query("sleep", s=2)))
            while not stub.status()["Echo"]["environments"]:
                await asyncio.sleep(0.05)
            await asyncio.sleep(0.5)
            assert await stub.kill("Echo") == 1
            result = await running
            assert result.json()["errorMessage"].endswith("signal: kill")
            assert await stub.kill() == 0

    asyncio.run(scenario())


def test_idle_environment_that_dies_is_replaced(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with functions(tmp_path, max_environments=1) as stub:
            first = (await stub.invoke("Echo", query("sleep", s=0))).json()["pid"]
            os.kill(first, 9)
            with contextlib.suppress(ProcessLookupError):
                while True:  # until the dead process is collected
                    os.kill(first, 0)
                    await asyncio.sleep(0.01)
            assert (await stub.invoke("Echo", query("sleep", s=0))).json()["pid"] != first

    asyncio.run(scenario())


def test_process_sees_nothing_of_the_developers_shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "HTTPS_PROXY", "AWS_PROFILE", "PYTHONSTARTUP", "VIRTUAL_ENV"):
        monkeypatch.setenv(name, "of-the-developer")

    async def scenario() -> dict[str, Any]:
        async with functions(tmp_path, variables={"ADDED": "1"}) as stub:
            seen: dict[str, Any] = (await stub.invoke("Echo", query("environment"))).json()
            return seen

    seen = asyncio.run(scenario())
    environment = seen["environment"]
    assert "of-the-developer" not in environment.values()
    assert environment["GREETING"] == "hello"
    assert environment["OWN"] == "yes"
    assert environment["ADDED"] == "1"
    assert environment["_HANDLER"] == "app.handler"
    assert environment["AWS_LAMBDA_FUNCTION_NAME"] == "Echo"
    assert environment["HOME"].startswith(str(tmp_path))
    assert seen["layer"] == "layer"
    # Neither the repository nor the runtime's own modules are importable from a function.
    assert not {str(STUB.parents[3]), str(STUB.parents[3] / "local"), ""} & set(seen["path"])


def test_context_is_what_lambda_gives(tmp_path: Path) -> None:
    async def scenario() -> dict[str, Any]:
        async with functions(tmp_path) as stub:
            context: dict[str, Any] = (await stub.invoke("Echo", query("context"))).json()
            return context

    context = asyncio.run(scenario())
    assert context["function_name"] == "Echo"
    assert context["memory"] == "256"
    assert context["arn"] == "arn:aws:lambda:eu-central-1:123456789012:function:Echo"
    assert len(context["request_id"]) == 36
    assert 2000 < context["remaining"] <= 3000
    assert context["log_group"] == "/aws/lambda/Echo"


@pytest.mark.parametrize("client", ["bootstrap", "awslambdaric"])
def test_both_runtime_clients_agree(tmp_path: Path, client: Literal["bootstrap", "awslambdaric"]) -> None:
    """The stand-in behaves as AWS's own client: results, errors, logs."""

    async def scenario() -> None:
        async with functions(tmp_path, client=client) as stub:
            assert (await stub.invoke("Echo", {"a": "ü"})).json()["body"] == json.dumps({"a": "ü"})
            await stub.invoke("Echo", query("log"))
            failed = await stub.invoke("Echo", query("raise"))
            assert failed.function_error == "Unhandled"
            error = failed.json()
            assert (error["errorType"], error["errorMessage"]) == ("ValueError", "a message of the handler")
            assert len(error["stackTrace"]) == 1
            broken = await stub.invoke("Broken", {})
            assert broken.function_error == "Unhandled"
            assert "no such thing" in broken.json()["errorMessage"]
            assert broken.json()["errorType"] == "Runtime.ImportModuleError"

    asyncio.run(scenario())
    lines = (tmp_path / "logs" / "Echo.log").read_text().splitlines()
    assert "a printed line" in lines
    logged = [json.loads(line) for line in lines if line.startswith("{")]
    assert [entry["message"] for entry in logged if entry.get("logger") == "stub"] == ["a log line"]
    assert [entry["errorMessage"] for entry in logged if "errorType" in entry] == ["a message of the handler"]
    assert (tmp_path / "logs" / "Echo.log").stat().st_mode & 0o077 == 0


def test_built_artifacts_run_without_the_installed_packages(tmp_path: Path) -> None:
    """What the layer forgot must not be found by luck; what Lambda's image brings must be there."""
    folder = tmp_path / "built"
    folder.mkdir()
    probe = "import importlib.util as u\ndef handler(event, context):\n    return [bool(u.find_spec(name)) for name in event]\n"
    (folder / "app.py").write_text(probe)

    async def scenario(client: Literal["bootstrap", "awslambdaric"]) -> list[bool]:
        code = Code({"Echo": folder}, [], built=True)
        started = Functions([specs()["Echo"]], code, Settings(tmp_path / client, client=client))
        try:
            found: list[bool] = (await started.invoke("Echo", ["boto3", "starlette", "pydantic"])).json()
            return found
        finally:
            await started.close()

    assert asyncio.run(scenario("bootstrap")) == [True, False, False]
    assert asyncio.run(scenario("awslambdaric")) == [True, False, False]


def test_payload_limits(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with functions(tmp_path) as stub:
            with pytest.raises(PayloadTooLarge):
                await stub.invoke("Echo", b'"' + b"x" * 6_291_456 + b'"')
            with pytest.raises(PayloadTooLarge):
                stub.invoke_async("Echo", b'"' + b"x" * 1_048_576 + b'"')
            with pytest.raises(UnknownFunction):
                await stub.invoke("Nobody", {})
            huge = await stub.invoke("Echo", query("huge"))
            assert huge.json()["errorType"] == "Function.ResponseSizeTooLarge"
            assert (await stub.invoke("Echo", query("sleep", s=0))).function_error is None

    asyncio.run(scenario())


@pytest.mark.parametrize(("retries", "attempts"), [(None, 3), (0, 1)])
def test_asynchronous_events_are_tried_again(tmp_path: Path, retries: int | None, attempts: int) -> None:
    async def scenario() -> None:
        async with functions(tmp_path, async_delays_s=(0.05, 0.05)) as stub:
            result = await stub.invoke_async("Worker", {"task": "crash"}, retries)
            assert result.function_error == "Unhandled"
            assert stub.status()["Worker"]["invocations"] == attempts

    asyncio.run(scenario())


def test_close_leaves_no_process(tmp_path: Path) -> None:
    async def scenario() -> list[int]:
        async with functions(tmp_path) as stub:
            await stub.warm()
            tasks = [asyncio.create_task(stub.invoke("Echo", query("sleep", s=2))) for _ in range(3)]
            await asyncio.sleep(1)
            pids = [pid for pool in stub.status().values() for pid in pool["environments"]]
        await asyncio.gather(*tasks, return_exceptions=True)
        return pids

    pids = asyncio.run(scenario())
    assert len(pids) >= 4
    assert not [pid for pid in pids if alive(pid)]


def test_functions_can_invoke_functions_through_lambdas_own_api(control: httpx.Client) -> None:
    base = str(control.base_url).removesuffix("/_control/")
    url = f"{base}/_lambda/2015-03-31/functions/Echo/invocations"
    waited = httpx.post(url, json=query("raise"), trust_env=False)
    assert (waited.status_code, waited.headers["x-amz-function-error"]) == (200, "Unhandled")
    queued = httpx.post(url, json=query("sleep", s=0), headers={"x-amz-invocation-type": "Event"}, trust_env=False)
    assert (queued.status_code, queued.content) == (202, b"")
    missing = httpx.post(url.replace("Echo", "Nobody"), json={}, trust_env=False)
    assert (missing.status_code, missing.headers["x-amzn-errortype"]) == (404, "ResourceNotFoundException")
