"""Settings for a frontend's developer: its origins, where browsers return to, another issuer, certificate authorities."""

from __future__ import annotations

import asyncio
import ssl
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from local.environment import BadOption, options_from
from local.identity import Issuer
from local.options import StartFailed
from local.runtime import LocalRuntime
from local.servers import listen
from noillusion.ai.providers.transport import Transport
from noillusion.net.client import tls
from tests.local.certificates import Authority
from tests.local.stubs import stub_options

ORIGIN = "http://localhost:5173"
ISSUERS = {
    "https://tenant.eu.auth0.com/": "https://tenant.eu.auth0.com/",
    "https://login.example:8443/realms/dev": "https://login.example:8443/realms/dev",
    "http://localhost:4400": "http://localhost:4400",
    "http://[::1]:4400/": "http://[::1]:4400/",
}
DOMAINS = ("tenant.eu.auth0.com", "Tenant.EU.auth0.com", " login.example ", "https://tenant.eu.auth0.com/", "localhost", "a-b.c0")


def refusal(**environment: str) -> str:
    with pytest.raises(BadOption) as refused:
        options_from(environment)
    return str(refused.value)


@pytest.mark.parametrize("url", ISSUERS)
def test_any_issuer_is_named_by_its_url(url: str) -> None:
    assert options_from({"OIDC_ISSUER": url, "AUTH0_AUDIENCE": "a"}).issuer_url == ISSUERS[url]


@pytest.mark.parametrize(
    "url",
    ["tenant.eu.auth0.com", "http://login.example/", "http://localhost.evil.example/", "https://", "https://a/?b", "https://a/#b",
     "https://user@a/", "https://a/../b", "ftp://localhost/", "http://10.0.0.1/", "https://a:port/", "https://a b/"],
)  # fmt: skip
def test_an_issuer_that_is_no_safe_url_is_refused(url: str) -> None:
    text = refusal(OIDC_ISSUER=url)
    assert "OIDC_ISSUER must be" in text and "http:// on this machine" in text


@pytest.mark.parametrize("domain", DOMAINS)
def test_an_auth0_domain_may_be_written_as_people_write_it(domain: str) -> None:
    found = options_from({"AUTH0_DOMAIN": domain, "AUTH0_AUDIENCE": "a"}).issuer_url
    assert found == f"https://{domain.strip().lower().removeprefix('https://').removesuffix('/')}/"


@pytest.mark.parametrize("domain", ["localhost:4400", "http://localhost", "a.b/realms/dev", "a..b", "-a.b", "a_b.c", "ü.example"])
def test_an_auth0_domain_with_more_than_a_host_leads_to_the_other_variable(domain: str) -> None:
    assert "set OIDC_ISSUER" in refusal(AUTH0_DOMAIN=domain, AUTH0_AUDIENCE="a")


def test_two_issuers_are_refused() -> None:
    text = refusal(AUTH0_DOMAIN="a.b", AUTH0_AUDIENCE="a", OIDC_ISSUER="https://a.b/")
    assert "AUTH0_DOMAIN" in text and "OIDC_ISSUER" in text


def test_origins_and_return_urls_are_lists() -> None:
    options = options_from({"ALLOWED_ORIGINS": f"{ORIGIN}, https://app.example,http://[::1]:1,", "RETURN_URLS": "https://a/b, "})
    assert options.allowed_origins == (ORIGIN, "https://app.example", "http://[::1]:1")
    assert options.return_urls == ("https://a/b",)
    assert options_from({"ALLOWED_ORIGINS": "", "RETURN_URLS": " "}).allowed_origins is None


@pytest.mark.parametrize(
    "origin",
    ["*", "localhost:3000", "http://localhost:3000/", "http://localhost:3000/app", "http://a:80", "https://a:443", "HTTP://a",
     "https://A.example", "https://a@b", "null", "https://a:b", "https://*", "file:///x", "https://a?b"],
)  # fmt: skip
def test_what_a_browser_never_sends_as_an_origin_is_refused(origin: str) -> None:
    assert "ALLOWED_ORIGINS must be" in refusal(ALLOWED_ORIGINS=f"{ORIGIN},{origin}")


@pytest.mark.parametrize("prefix", ["app.example", "http://app.example/", "javascript:alert(1)", "https://u@a/", "//a/"])
def test_a_return_url_that_is_not_safe_is_refused(prefix: str) -> None:
    assert "RETURN_URLS must be" in refusal(RETURN_URLS=f"{ORIGIN}/,{prefix}")


def test_more_applications_are_registered_with_and_without_a_secret(tmp_path: Path) -> None:
    clients = options_from({"LOCAL_CLIENTS": "my-spa, my.server:a:secret!"}).clients
    assert clients == {"my-spa": None, "my.server": "a:secret!"}
    run, _ = asyncio.run(described(stub_options(tmp_path, clients=clients)))
    assert run["clients"] == {"local-client": None, "local-secret-client": "local-secret", **clients}


@pytest.mark.parametrize("clients", ["my spa", "a:", ":secret", "ä", "x" * 65, "a:b c", "a/b"])
def test_an_application_with_an_impossible_name_is_refused(clients: str) -> None:
    assert "LOCAL_CLIENTS must be" in refusal(LOCAL_CLIENTS=f"good,{clients}")


def test_tokens_of_the_run_before_are_still_good(tmp_path: Path) -> None:
    async def scenario() -> int:
        async with LocalRuntime(stub_options(tmp_path)) as runtime:
            before = runtime.issuer
        async with LocalRuntime(stub_options(tmp_path)) as runtime:
            assert before and runtime.issuer
            return await status(runtime, before.sign(runtime.issuer.claims("auth0|a", "")))

    assert asyncio.run(scenario()) == 200
    assert (tmp_path / "issuer.pem").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "content", [None, b"", b"not a certificate", bytes(range(256))], ids=["absent", "empty", "text", "bytes"]
)
def test_a_certificate_file_that_is_none_is_refused(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "ca.pem"
    if content is not None:
        path.write_bytes(content)
    assert "SSL_CERT_FILE must be" in refusal(SSL_CERT_FILE=str(path))


async def described(options: Any) -> tuple[dict[str, Any], dict[str, str]]:
    async with LocalRuntime(options) as runtime:
        result = await runtime.functions.invoke("Echo", {"queryStringParameters": {"do": "environment"}})
        return runtime.description, result.json()["environment"]


def test_the_frontends_origins_reach_cors_return_urls_and_run_json(tmp_path: Path) -> None:
    async def scenario() -> tuple[dict[str, Any], list[str | None]]:
        async with LocalRuntime(stub_options(tmp_path, allowed_origins=(ORIGIN,))) as runtime:
            async with httpx.AsyncClient(trust_env=False) as client:
                asked = {"access-control-request-method": "GET"}
                url = f"{runtime.description['api']}/open"
                answers = [
                    await client.options(url, headers={"origin": origin, **asked}) for origin in (ORIGIN, "http://localhost:3000")
                ]
            return runtime.description, [answer.headers.get("access-control-allow-origin") for answer in answers]

    run, allowed = asyncio.run(scenario())
    assert allowed == [ORIGIN, None]
    assert list(run["allowed_origins"]) == [ORIGIN]
    assert list(run["return_urls"]) == [f"{ORIGIN}/", f"{run['api']}/"], "an origin that may call may be returned to"


def test_return_urls_replace_those_of_the_origins(tmp_path: Path) -> None:
    run, environment = asyncio.run(described(stub_options(tmp_path, allowed_origins=(ORIGIN,), return_urls=("https://a/b",))))
    assert environment["RETURN_URLS"] == f"https://a/b,{run['api']}/"


# ---- another issuer --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@asynccontextmanager
async def serving(authority: Authority, slash: bool, names: str = "") -> Any:
    """An issuer with TLS, a port and a path; it names itself with or without a final slash, or as ``names``."""
    import uvicorn

    listening = listen(0, lambda _: None)
    url = f"https://localhost:{listening.getsockname()[1]}/realms/dev/"
    issuer = Issuer(url, "https://api")
    routes = issuer.routes()
    issuer.url = names or (url if slash else url.removesuffix("/"))
    app = Starlette(routes=[Mount("/realms/dev", routes=routes)])
    config = uvicorn.Config(
        app, lifespan="off", log_level="critical", ssl_certfile=str(authority.certificate), ssl_keyfile=str(authority.key)
    )
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve(sockets=[listening]))
    while not server.started:
        await asyncio.sleep(0.01)
    try:
        yield url, issuer
    finally:
        server.should_exit = True
        await task


async def status(runtime: LocalRuntime, token: str) -> int:
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.get(f"{runtime.description['api']}/private", headers={"authorization": f"Bearer {token}"})
    return answer.status_code


@pytest.mark.parametrize("configured", [True, False], ids=["configured with a slash", "configured without"])
@pytest.mark.parametrize("named", [True, False], ids=["named with a slash", "named without"])
def test_an_issuer_behind_ones_own_authority_is_believed(
    tmp_path: Path, authority: Authority, configured: bool, named: bool
) -> None:
    async def scenario() -> tuple[dict[str, Any], str, list[int]]:
        async with serving(authority, named) as (url, issuer):
            chosen = url if configured else url.removesuffix("/")
            options = stub_options(tmp_path, issuer_url=chosen, audience="https://api", ca_file=authority.file)
            async with LocalRuntime(options) as runtime:
                good = issuer.claims("auth0|a", "openid")
                other = {**good, "iss": url.removesuffix("/") if named else url}
                found = [await status(runtime, issuer.sign(claims)) for claims in (good, other)]
                return runtime.description, issuer.url, found

    run, name, found = asyncio.run(scenario())
    assert found == [200, 401], "tokens carry the name as the discovery document spells it"
    assert (run["issuer"], run["token_url"], run["ca_file"]) == (name, None, str(authority.file))
    assert run["jwks_url"].startswith("https://localhost:")


def test_an_issuer_whose_authority_is_unknown_is_not_believed(tmp_path: Path, authority: Authority) -> None:
    said: list[str] = []

    async def scenario() -> int:
        async with serving(authority, True) as (url, issuer):
            options = stub_options(tmp_path, issuer_url=url, audience="https://api")
            async with LocalRuntime(options, said.append) as runtime:
                return await status(runtime, issuer.token())

    assert asyncio.run(scenario()) == 401
    assert any("tokens are refused until the issuer answers" in line for line in said)


def test_an_issuer_with_another_name_ends_the_start(tmp_path: Path, authority: Authority) -> None:
    async def scenario() -> None:
        async with serving(authority, True, "https://other.example/") as (url, _):
            await described(stub_options(tmp_path, issuer_url=url, audience="https://api", ca_file=authority.file))

    with pytest.raises(
        StartFailed, match=r"OIDC_ISSUER or AUTH0_DOMAIN.* names the issuer https://other.example/: set OIDC_ISSUER"
    ):
        asyncio.run(scenario())


def test_functions_trust_the_given_authorities(tmp_path: Path, authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    _, environment = asyncio.run(described(stub_options(tmp_path, ca_file=authority.file)))
    assert environment["SSL_CERT_FILE"] == str(authority.file)
    monkeypatch.setenv("SSL_CERT_FILE", environment["SSL_CERT_FILE"])
    contexts: list[ssl.SSLContext] = [tls.__wrapped__(), Transport().tls()]
    assert [len(context.get_ca_certs()) for context in contexts] == [1, 1], "of platforms and of AI providers"
