"""What is opened in a browser: the reference page, and the TypeScript client."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import httpx
import pytest

from local.options import ROOT
from local.testing import Running
from tests.clients.conftest import TOOLS, Frontend, execute, succeeded

METHODS = ("get", "put", "post", "delete", "patch")
PAGE = """<!doctype html>
<script type="importmap">{"imports": {"openapi-fetch": "/fetch.js"}}</script>
<body><script type="module">
import { createClient, ProblemError } from "/client/index.js";
const client = createClient({ baseUrl: "%(api)s", token: async () => "%(token)s" });
const said = [];
try {
  said.push((await client.getProfile()).user_id);
  const template = await client.createTemplate({ body: { name: "Browser", content_mode: "business", user_text: "{topic}" } });
  for await (const each of client.items("listTemplates", { query: { scope: "mine", limit: 1 } })) said.push(each.name);
  await client.getTemplate({ path: { id: template.id.replace(/^.{8}/, "00000000") } });
} catch (error) {
  said.push(error instanceof ProblemError ? `${error.status} ${error.code}` : String(error));
}
document.body.append(said.join(" | "));
document.body.dataset.done = "yes";
</script></body>
"""


def browse(url: str) -> Any:
    return json.loads(succeeded(execute("node", "browser.mjs", url, cwd=TOOLS)))


@pytest.fixture(scope="session")
def page() -> Path:
    succeeded(execute("node", "page.mjs", cwd=TOOLS))
    return ROOT / "docs" / "api.html"


def test_the_page_is_built_to_the_same_bytes_every_time(page: Path, tmp_path: Path) -> None:
    again = tmp_path / "api.html"
    succeeded(execute("node", "page.mjs", cwd=TOOLS, env={"PAGE": str(again)}))
    assert again.read_bytes() == page.read_bytes()


@pytest.mark.parametrize("place", ["/docs of the local runtime", "the file"])
def test_the_page_shows_every_operation_and_loads_nothing_from_elsewhere(
    page: Path, document: Any, instance: Running, place: str
) -> None:
    api = str(instance.description["api"])
    seen = browse(page.as_uri() if place == "the file" else f"{api}/docs")
    operations = [item[method] for item in document["paths"].values() for method in METHODS if method in item]
    shown = [line.strip() for line in seen["text"].splitlines()]
    assert [each["operationId"] for each in operations if each["summary"] not in shown] == []
    assert [path for path in document["paths"] if path not in shown] == []
    assert seen["logged"] == []
    own = ("blob:", "data:", "file:" if place == "the file" else f"{api}/")
    assert [url for url in seen["requested"] if not url.startswith(own)] == []


def test_the_page_names_no_host_to_load_from(page: Path) -> None:
    loaded = re.findall(r"""(?:src|href)=["']https?://[^"']+""", page.read_text().partition("<script>")[0])
    assert loaded == []


def test_the_typescript_client_works_in_a_browser(typescript: Path, instance: Running, frontend: Frontend) -> None:
    token = httpx.get(instance.description["token_url"], params={"sub": "auth0|browser"}, trust_env=False).json()["access_token"]
    (frontend.directory / "index.html").write_text(PAGE % {"api": instance.description["api"], "token": token})
    shutil.copytree(typescript / "dist", frontend.directory / "client")
    shutil.copy(typescript / "node_modules" / "openapi-fetch" / "dist" / "index.mjs", frontend.directory / "fetch.js")
    seen = browse(f"{frontend.origin}/")
    assert seen["text"].strip() == "auth0|browser | Browser | 404 not_found", seen
