"""The runtime put together: what functions are told, and real services in the place of simulated ones."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from local.aws.specs import TemplateError
from local.options import Options
from local.runtime import LocalRuntime
from tests.local.stubs import stub_options


def told(options: Options) -> tuple[dict[str, Any], dict[str, str]]:
    """run.json's content, and the environment that a function sees."""

    async def scenario() -> tuple[dict[str, Any], dict[str, str]]:
        async with LocalRuntime(options) as runtime:
            result = await runtime.functions.invoke("Echo", {"queryStringParameters": {"do": "environment"}})
            return runtime.description, result.json()["environment"]

    return asyncio.run(scenario())


def test_functions_are_told_where_everything_is(tmp_path: Path) -> None:
    run, environment = told(stub_options(tmp_path, simulate=True))
    base = run["control"].removesuffix("/_control")
    endpoints = json.loads(environment["ENDPOINTS"])
    assert endpoints["graph.facebook.com"] == f"{base}/graph.facebook.com" == run["platforms"]["facebook"]
    assert endpoints["api.openai.com"] == f"{base}/api.openai.com" == run["providers"]["openai"]
    assert set(run["platforms"]) == {"facebook", "instagram", "linkedin", "tiktok"}
    assert set(run["providers"]) == {"openai", "anthropic", "google"}
    assert endpoints["media.example"] == f"{base}/_media" == run["public_media"]
    assert environment["PUBLIC_URL"] == run["api"]
    assert environment["RETURN_URLS"] == f"http://localhost:3000/,https://app.example.com/,{run['api']}/"
    assert environment["RETURN_URLS"].split(",") == list(run["return_urls"])
    assert "SSL_CERT_FILE" not in environment
    assert environment["SECRETS_ARN"] == ""
    assert environment["DATABASE_URL"] == run["database_url"] == f"sqlite:///{tmp_path.resolve()}/noillusion.sqlite3"
    assert environment["AWS_ENDPOINT_URL"] == run["aws_endpoint"]
    assert environment["TIKTOK_CLIENT_ID"] == "tiktok-app"
    keys = json.loads(environment["SEALING_KEYS"])
    assert len(keys["keys"][keys["current"]]) == len(environment["STATE_KEY"]) == len(environment["FINGERPRINT_KEY"]) == 44


def test_real_platforms_and_providers_are_not_redirected(tmp_path: Path) -> None:
    options = stub_options(
        tmp_path, simulate=True, credentials={"FACEBOOK": ("id", "secret")}, real_providers=frozenset({"openai"})
    )
    run, environment = told(options)
    endpoints = json.loads(environment["ENDPOINTS"])
    assert not {"graph.facebook.com", "api.openai.com"} & set(endpoints)
    assert "api.anthropic.com" in endpoints
    assert run["platforms"]["facebook"] == "https://graph.facebook.com"
    assert run["providers"]["openai"] == "https://api.openai.com"
    assert (environment["FACEBOOK_CLIENT_ID"], environment["FACEBOOK_CLIENT_SECRET"]) == ("id", "secret")


def test_real_tenant_takes_the_place_of_the_local_issuer(tmp_path: Path) -> None:
    """The tenant here is an address where nobody listens: tokens cannot be checked, so they are refused."""
    options = stub_options(tmp_path, issuer_url="https://127.0.0.1/", audience="https://api")

    async def scenario() -> tuple[dict[str, Any], httpx.Response, httpx.Response]:
        async with LocalRuntime(options) as runtime, httpx.AsyncClient(trust_env=False) as client:
            from local.identity import Issuer

            token = Issuer("https://127.0.0.1/", "https://api").token()
            refused = await client.get(f"{runtime.description['api']}/private", headers={"authorization": f"Bearer {token}"})
            base = runtime.description["control"].removesuffix("/_control")
            return runtime.description, refused, await client.get(f"{base}/_identity/token")

    run, refused, local_token = asyncio.run(scenario())
    assert (run["issuer"], run["token_url"]) == ("https://127.0.0.1/", None)
    assert run["jwks_url"] is None, "only the discovery document says it, and nobody answered"
    assert refused.status_code == 401
    assert "OIDC discovery endpoint communication error" in refused.headers["www-authenticate"]
    assert local_token.status_code == 404


def test_failed_start_leaves_nothing_running(tmp_path: Path) -> None:
    broken = tmp_path / "template.yaml"
    broken.write_text("Resources: {F: {Type: 'AWS::Serverless::Function', Properties: {CodeUri: ., Handler: !Ref Nobody}}}")

    async def scenario() -> None:
        for _ in range(2):  # the second attempt would find the directory locked if the first had not let go
            with pytest.raises(TemplateError):
                await LocalRuntime(Options(directory=tmp_path, template=broken, simulate=False, migrate=False)).__aenter__()

    asyncio.run(scenario())
    assert not (tmp_path / "run.json").exists()
