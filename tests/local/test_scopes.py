"""``REQUIRE_SCOPES`` of the local runtime: functions are told, and the issuer's shortcut grants every scope or fewer."""

from __future__ import annotations

import asyncio
import base64
import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from local.environment import BadOption, options_from
from local.runtime import LocalRuntime
from noillusion.api.scopes import SCOPES
from tests.local.stubs import stub_options


@pytest.mark.parametrize(("text", "expected"), [("1", True), ("true", True), ("0", False), ("", False)])
def test_the_variable_is_read(text: str, expected: bool) -> None:
    assert options_from({"REQUIRE_SCOPES": text}).require_scopes is expected


def test_a_variable_that_could_mean_anything_is_refused() -> None:
    with pytest.raises(BadOption, match="REQUIRE_SCOPES must be 1 or 0"):
        options_from({"REQUIRE_SCOPES": "posts:read"})


async def started(directory: Path, required: bool) -> tuple[str, list[str]]:
    async with LocalRuntime(stub_options(directory, require_scopes=required)) as runtime:
        environment = (await runtime.functions.invoke("Echo", {"queryStringParameters": {"do": "environment"}})).json()[
            "environment"
        ]
        async with httpx.AsyncClient(trust_env=False) as client:
            url = runtime.description["token_url"]
            answers = [await client.get(url, params=params) for params in ({}, {"scope": "posts:read"})]
        return environment["REQUIRE_SCOPES"], [claims(answer.json()["access_token"])["scope"] for answer in answers]


def claims(token: str) -> dict[str, Any]:
    text = token.split(".")[1]
    return dict(json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))))


@pytest.mark.parametrize("required", [True, False])
def test_functions_are_told_and_the_shortcut_grants_every_scope_or_fewer(required: bool, tmp_path: Path) -> None:
    told, (every, asked) = asyncio.run(started(tmp_path, required))
    assert told == str(required).lower()
    assert set(SCOPES) <= set(every.split())
    assert asked == "posts:read"
