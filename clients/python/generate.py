"""Generate ``src/noillusion_client/core`` from the OpenAPI document: ``python generate.py [DOCUMENT]``.

openapi-python-client writes models and one module for each operation. On top of them this writes ``operations.py``: one class
with a method for each operation, and one for asyncio, so that a client can be used without knowing the modules.
"""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
DOCUMENT = HERE.parents[1] / "docs" / "openapi.json"
CORE = HERE / "src" / "noillusion_client" / "core"
METHODS = ("get", "put", "post", "delete", "patch")
HEADER = '"""Every operation of the API as a method. Generated from the OpenAPI document by ``generate.py``."""\n\n'


def reduced(document: dict[str, Any]) -> dict[str, Any]:
    """Return the document as the generator needs it.

    Error responses are left out, because they are raised. Titles are left out, so that classes are named as schemas. An
    idempotency key is never required, because the client makes one. A body has one media type, the first one.
    """
    lists = [item[method].get("parameters", []) for item in document["paths"].values() for method in METHODS if method in item]
    for parameter in [*document["components"].get("parameters", {}).values(), *(each for found in lists for each in found)]:
        if parameter.get("name", "").lower() == "idempotency-key":
            parameter["required"] = False
    for item in document["paths"].values():
        for method in METHODS:
            if method in item:
                responses = item[method]["responses"]
                item[method]["responses"] = {status: responses[status] for status in responses if status.startswith("2")}
                if body := item[method].get("requestBody"):
                    body["content"] = dict([*body["content"].items()][:1])
    without_titles(document["paths"])
    without_titles(document["components"])
    return document


def without_titles(value: Any, *, names: bool = False) -> None:
    """Remove titles of schemas in place, but no property that is named title (``names``: the keys are names of properties)."""
    if isinstance(value, dict):
        if not names and isinstance(value.get("title"), str):
            del value["title"]
        for key, part in value.items():
            without_titles(part, names=key == "properties" and not names)
    elif isinstance(value, list):
        for part in value:
            without_titles(part)


KEY = 'headers["idempotency-key"]'
"""What stands in the module of an operation that sends a key."""


def generate(document: Path) -> None:
    """Write the core. A part of the document that the generator does not understand is an error."""
    with tempfile.TemporaryDirectory() as scratch:
        source, made = Path(scratch) / "openapi.json", Path(scratch) / "core"
        source.write_text(json.dumps(reduced(json.loads(document.read_text()))))
        command = [sys.executable, "-m", "openapi_python_client", "generate", "--path", str(source), "--output-path", str(made)]
        options = ["--meta", "none", "--config", "generator.yaml", "--custom-template-path", "templates", "--fail-on-warning"]
        done = subprocess.run([*command, *options], cwd=HERE, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(f"openapi-python-client does not understand the document:\n{done.stdout}{done.stderr}")
        (made / "operations.py").write_text(operations(made))
        shutil.rmtree(CORE, ignore_errors=True)
        shutil.copytree(made, CORE)


def operations(core: Path) -> str:
    """Return the source of ``operations.py`` from the modules below ``api``."""
    modules = sorted(path for path in (core / "api").glob("*/*.py") if path.name != "__init__.py")
    imports = {"from .client import AuthenticatedClient", "from ..answers import expected, key_or_new"}
    classes: dict[str, list[str]] = {"Operations": [], "AsyncOperations": []}
    for path in modules:
        text = path.read_text()
        module, keyed = ast.parse(text), KEY in text
        imports |= {moved(node) for node in module.body if isinstance(node, ast.Import | ast.ImportFrom)}
        imports.add(f"from .api.{path.parent.name} import {path.stem} as _{path.stem}")
        for node in module.body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name in ("sync_detailed", "asyncio_detailed"):
                called = "Operations" if isinstance(node, ast.FunctionDef) else "AsyncOperations"
                classes[called].append(
                    textwrap.indent(ast.unparse(ast.fix_missing_locations(method(node, path.stem, keyed))), "    ")
                )
    field = "    core: AuthenticatedClient"
    body = "\n\n\n".join("\n\n".join([f"class {name}:", field, *methods]) for name, methods in classes.items())
    head = "\n".join(["from __future__ import annotations", *sorted(filter(None, imports))])
    return f"{HEADER}{head}\n\n\n{body}\n"


def moved(node: ast.Import | ast.ImportFrom) -> str:
    """Return an import of a module of ``api`` as it is written two folders above."""
    if isinstance(node, ast.Import) or not node.level:
        return ast.unparse(node)
    names = ", ".join(alias.name for alias in node.names)
    return "" if node.module in ("client", None) else f"from .{node.module} import {names}"


def method(function: ast.FunctionDef | ast.AsyncFunctionDef, name: str, keyed: bool) -> ast.stmt:
    """Return the method that calls ``function`` with this client and returns what it parsed. ``keyed``: it sends a key."""
    function.name = name
    function.body = [ast.Expr(ast.Constant(documentation(function)))]
    arguments = function.args
    arguments.args.insert(0, ast.arg("self"))
    kept = [pair for pair in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if pair[0].arg != "client"]
    arguments.kwonlyargs, arguments.kw_defaults = [pair[0] for pair in kept], [pair[1] for pair in kept]
    passed = [f"{each.arg}={value(each.arg, keyed)}" for each in [*arguments.args[1:], *arguments.kwonlyargs]]
    called = f"_{name}.{'asyncio' if isinstance(function, ast.AsyncFunctionDef) else 'sync'}_detailed"
    asked = f"{called}({', '.join(['client=self.core', *passed])})"
    awaited = f"await {asked}" if isinstance(function, ast.AsyncFunctionDef) else asked
    answer = function.returns
    assert isinstance(answer, ast.Subscript)
    nothing = ast.unparse(answer.slice) == "Any"
    function.returns = ast.Constant(None) if nothing else answer.slice
    function.body += ast.parse(awaited if nothing else f"return expected({awaited})").body
    return function


def value(argument: str, keyed: bool) -> str:
    """Return what is passed for an argument: the key is made if there is none. A list takes a key as a filter."""
    return "key_or_new(idempotency_key)" if argument == "idempotency_key" and keyed else argument


def documentation(function: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    """Return the docstring without the parts about the generator's own errors and types."""
    text = (ast.get_docstring(function) or function.name).partition("\nRaises:")[0].strip()
    return textwrap.indent(f"{text}\n\nRaises ProblemError.\n", "    ").strip() + "\n    "


if __name__ == "__main__":
    generate(Path(sys.argv[1]) if len(sys.argv) > 1 else DOCUMENT)
