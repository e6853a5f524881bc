"""The guides hold: what their commands name exists, in the Makefile, the template, AWS's API, the schema and the code."""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore import xform_name

from local.aws import template as sam
from noillusion.connections import callback_errors
from noillusion.settings.holdings import GROUPS

ROOT = Path(__file__).resolve().parents[2]
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
GUIDES = ("README.md", "CONTRIBUTING.md", "docs/deploying.md", "docs/operating.md")
OPERATING, DEPLOYING = "docs/operating.md", "docs/deploying.md"
CLI_ONLY = {"sso", "configure"}
"""Commands of the AWS CLI that are no service."""
CLI_NAMES = {"notification-endpoint": "endpoint"}
"""Parameters that the AWS CLI names otherwise than the API."""
CLI_OPTIONS = {"query", "output", "region", "profile", "cli-binary-format", "cli-read-timeout", "max-items"}
DIRECTORIES = ("bench", "docs", "events", "functions", "layers", "local", "requirements", "supabase", "tests", "tools")
MADE = {"bench/results", "docs/api.html", "docs/errors.md"}
"""Paths that exist only once something has run."""


@cache
def text(guide: str) -> str:
    return (ROOT / guide).read_text("utf-8")


def blocks(guide: str, language: str = "bash") -> list[str]:
    """The code blocks of a language, without the indentation of the list that they are in."""
    found = re.findall(rf"^( *)```{language}\n(.*?)^ *```$", text(guide), re.M | re.S)
    return [re.sub(rf"^{indent}", "", block, flags=re.M) for indent, block in found]


def code(guide: str) -> list[str]:
    """All code: blocks and spans."""
    plain = re.sub(r"^ *```\w*\n.*?^ *```$", "", text(guide), flags=re.M | re.S)
    return [*blocks(guide), *blocks(guide, ""), *re.findall(r"`([^`\n]+)`", plain)]


def commands(guide: str, name: str) -> Iterator[str]:
    """The commands of a program, each on one line, with quoted texts as ``''`` and without what follows in a pipe."""
    for piece in code(guide):
        joined = re.sub(r"\s+#\s.*$", "", piece.replace("\\\n", " "), flags=re.M)
        bare = re.sub(r"'[^']*'|\"(?:\\.|[^\"\\])*\"", "''", joined)
        yield from (match[0].strip() for match in re.finditer(rf"(?<![\w./-]){name} (?:[^|;&)`\n]|\$\([^)]*\))*", bare))


@cache
def template() -> dict[str, Any]:
    return sam.read(ROOT / "template.yaml")


@cache
def source() -> str:
    folders = (ROOT / "layers/shared/noillusion", ROOT / "functions")
    return "".join(path.read_text("utf-8") for folder in folders for path in folder.rglob("*.py"))


@pytest.mark.parametrize("guide", GUIDES)
def test_every_block_is_bash_that_can_be_read(guide: str) -> None:
    for block in blocks(guide):
        done = subprocess.run(["bash", "-n"], input=block, text=True, capture_output=True, check=False)
        assert done.returncode == 0, f"{done.stderr}\n{block}"


@pytest.mark.parametrize("guide", GUIDES)
def test_every_make_target_and_its_variables_exist(guide: str) -> None:
    targets = set(re.findall(r"^([a-z0-9-]+):", MAKEFILE, re.M))
    found = 0
    for command in commands(guide, "make"):
        words = command.split()[1:]
        named = [word for word in words if re.fullmatch(r"[a-z][a-z0-9-]*", word)]
        assert set(named) <= targets, command
        for word in words:
            if "=" in word:
                assert re.search(rf"\b{word.partition('=')[0]}\b", MAKEFILE), command
        found += len(named)
    assert found or guide not in (DEPLOYING, OPERATING)


@pytest.mark.parametrize("guide", GUIDES)
def test_every_file_and_module_exists(guide: str) -> None:
    for piece in code(guide):
        for path in re.findall(rf"(?<![\w/.…-])(?:{'|'.join(DIRECTORIES)})/[\w./-]+", piece):
            # A part in capitals is for the reader to fill in.
            kept = re.split(r"/[A-Z][A-Z._-]{2,}", path)[0].rstrip("/.")
            assert kept in MADE or (ROOT / kept).exists(), path
        for module in re.findall(r"python -m ((?:tools|local|bench)[\w.]*)", piece):
            base = ROOT / module.replace(".", "/")
            assert base.with_suffix(".py").exists() or (base / "__main__.py").exists(), module
        for migration in re.findall(r"\b\d{14}_\w+\.sql", piece):
            assert (ROOT / "supabase" / "migrations" / migration).exists(), migration
        for tool in re.findall(r"\.venv[\w-]*/bin/\w+", piece):
            assert tool in {".venv/bin/python", ".venv-e2e/bin/sam"}, tool


@pytest.mark.parametrize("guide", ["README.md", DEPLOYING, OPERATING])
def test_every_aws_command_has_an_operation_and_parameters_that_aws_knows(guide: str) -> None:
    session, found = botocore.session.get_session(), 0
    for command in commands(guide, "aws"):
        _, service, *rest = command.split()
        if service in CLI_ONLY or service.startswith("-"):
            continue
        model, operation = session.get_service_model(service), rest[0]
        if operation == "wait":
            waiters = session.create_client(service, region_name="eu-central-1").waiter_names
            operation = rest[1]
            assert operation.replace("-", "_") in waiters, command
            continue
        operations = {xform_name(name, "-"): name for name in model.operation_names}
        assert operation in operations, command
        shape = model.operation_model(operations[operation]).input_shape
        known = {xform_name(member, "-") for member in (shape.members if shape else ())}
        for flag in re.findall(r"--([a-z][a-z-]*)", command):
            # A switch is a parameter that is true, or begins with what turns it on or off.
            names = {flag, CLI_NAMES.get(flag, flag), flag.removeprefix("no-")}
            assert names & (known | CLI_OPTIONS), command
        found += 1
    assert found or guide == "README.md"


@pytest.mark.parametrize("guide", ["README.md", DEPLOYING, OPERATING])
def test_every_deployment_names_its_region_and_its_stage(guide: str) -> None:
    """SAM does not read AWS_REGION, and deploys the default stage if none is named."""
    stages = {"dev", "staging", "prod"}
    assert stages <= set(tomllib.loads((ROOT / "samconfig.toml").read_text("utf-8")))
    for block in blocks(guide):
        for line in re.findall(r"^.*\bsam deploy .*$", block.replace("\\\n", " "), re.M):
            assert line.startswith(".venv-e2e/bin/sam deploy --"), line
            assert "--guided" in line or ("--region $AWS_REGION" in line and "--config-env $STAGE" in line), line
            given = re.findall(r"\b(\w+)=", line.partition("--parameter-overrides")[2])
            assert set(given) <= set(template()["Parameters"]), line


@pytest.mark.parametrize("guide", [DEPLOYING, OPERATING])
def test_a_guide_begins_with_both_regions_and_without_telemetry(guide: str) -> None:
    first = blocks(guide)[0].splitlines()[0]
    names = re.findall(r"(\w+)=", first)
    assert names == ["AWS_REGION", "AWS_DEFAULT_REGION", "STAGE", "STACK", "SAM_CLI_TELEMETRY"]
    assert first.endswith("SAM_CLI_TELEMETRY=0")


def test_the_alarms_of_the_guide_are_those_of_the_template() -> None:
    rows = re.findall(r"^\| (`\w+`(?:, `\w+`)*) \|", text(OPERATING).partition("## Alarms")[2].partition("\n### ")[0], re.M)
    assert sorted(name for row in rows for name in re.findall(r"`(\w+)`", row)) == sorted(
        sam.names(template(), "AWS::CloudWatch::Alarm")
    )


def test_the_parameters_of_the_guide_are_those_of_the_template() -> None:
    table = text(DEPLOYING).partition("| Parameter | Default | Meaning |")[2].partition("\n\n")[0]
    rows = re.findall(r"^\| (`\w+`(?:, `\w+`)*) \|", table, re.M)
    assert sorted(name for row in rows for name in re.findall(r"`(\w+)`", row)) == sorted(template()["Parameters"])


def test_outputs_tasks_and_log_lines_exist() -> None:
    whole = "\n".join(code(OPERATING) + code(DEPLOYING))
    outputs = set(re.findall(r"\boutput ([A-Z]\w+)", whole))
    assert outputs and outputs <= set(template()["Outputs"])
    inputs = [json.loads(path.read_text("utf-8")) for path in (ROOT / "events").glob("*.json")]
    tasks = set(re.findall(r"\bchore ([a-z_]+)", whole))
    assert tasks and tasks <= {sample.get("task") for sample in inputs}
    lines = set(re.findall(r'\$\.message = "(\w+)"', whole))
    assert len(lines) > 5 and all(f'"{line}"' in source() for line in lines)


def test_the_secrets_of_the_guide_are_those_of_the_template_with_their_settings() -> None:
    (block,) = (block for block in blocks(DEPLOYING) if block.count("<<END") > 1)
    written = {
        name: set(re.findall(r'"([A-Z][A-Z_]+)":', body))
        for name, body in re.findall(r"put (\S+) <<END\n(.*?)\nEND", block, re.S)
    }
    groups = {
        '""': "api",
        "/worker": "worker",
        "/health": "health",
        "/sealing": "sealing",
        "/platforms": "platforms",
        "/ai": "ai",
    }
    assert set(written) == set(groups) and set(groups.values()) == set(GROUPS)
    for name, settings in written.items():
        assert settings <= set(GROUPS[groups[name]].members), name
    assert written["/platforms"] == set(GROUPS["platforms"].members)
    secrets = sam.names(template(), "AWS::SecretsManager::Secret")
    named = {template()["Resources"][secret]["Properties"]["Name"]["Fn::Sub"] for secret in secrets}
    assert named == {"noillusion/${Stage}" + name.replace('""', "") for name in groups}


def test_statements_read_tables_and_columns_that_exist() -> None:
    schema = (ROOT / "layers/shared/noillusion/db/schema.sqlite.sql").read_text("utf-8")
    whole = "\n".join(code(OPERATING) + code(DEPLOYING))
    tables = set(re.findall(r"\b(?:FROM|ON|TABLE) ([a-z_]{4,})\b", whole)) - {"pg_index"}
    assert {"departures", "deletion_receipts", "platform_connections", "ai_provider_keys"} <= tables
    assert all(re.search(rf"CREATE TABLE (?:IF NOT EXISTS )?{table}\b", schema) for table in tables), tables


@cache
def anchors(path: Path) -> set[str]:
    """The anchors of a document's headings, as GitHub makes them."""
    bare = re.sub(r"^ *```\w*\n.*?^ *```$", "", path.read_text("utf-8"), flags=re.M | re.S)
    headings = re.findall(r"^#+ (.+)$", bare, re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize(
    "guide", [*GUIDES, *(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md") if f"docs/{path.name}" not in GUIDES)]
)
def test_links_between_documents_lead_to_a_heading(guide: str) -> None:
    plain = re.sub(r"^ *```\w*\n.*?^ *```$", "", text(guide), flags=re.M | re.S)
    for target in re.findall(r"\]\((?!https?:)([^)\s]+)\)", plain):
        name, _, anchor = target.partition("#")
        path = (ROOT / guide).parent / name if name else ROOT / guide
        assert path.exists(), target
        assert not anchor or path.suffix != ".md" or anchor in anchors(path), target


def test_the_guide_for_frontends_says_what_to_show_for_each_error_of_connecting() -> None:
    table = text("docs/frontends.md").partition("| `error` | What to show |")[2].partition("\n\n")[0]
    codes = [code for line in table.splitlines() for code in re.findall(r"`(\w+)`", line.partition(" | ")[0])]
    assert sorted(codes) == sorted(callback_errors.CALLBACK_ERRORS)
