"""Nothing in the environment makes a function print what people send: each case is a real process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from noillusion.catalog.platforms import PLATFORMS
from noillusion.settings.debugging import PRINTING, switched_on
from tests.api.harness import ROOT, event
from tests.support.deployment import key
from tools.migrate import ensure

MARK = "zq-never-print-this"
RUN = """
import importlib.util, json, os, sys
import logging
logging.basicConfig(level=os.environ.get("AWS_LAMBDA_LOG_LEVEL", "INFO"))
asked = json.load(sys.stdin)
answers = []
class Context:
    aws_request_id, function_name, memory_limit_in_mb, invoked_function_arn = "r", "f", 512, "arn"
    def get_remaining_time_in_millis(self):
        return 20000
for function, event in asked:
    spec = importlib.util.spec_from_file_location("app_" + function, "functions/" + function + "/app.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    answers.append(module.handler(event, Context()))
with open(os.environ["ANSWERS"], "w") as file:
    json.dump(answers, file)
"""
VALUES = {"OPENAI_LOG": "debug", "ANTHROPIC_LOG": "debug", "GOOGLE_GENAI_CLIENT_MODE": "record", "HTTPX_LOG_LEVEL": "trace"}
HARMLESS = {"AWS_LAMBDA_LOG_LEVEL": "DEBUG", "POWERTOOLS_LOG_LEVEL": "DEBUG", "PYTHONDEVMODE": "1", "PYTHONASYNCIODEBUG": "1"}


def requests() -> list[tuple[str, dict[str, Any]]]:
    """Requests that carry content and a key: one that is refused before any setting is read, and some that are served."""
    topic = {"task": "generate", "platforms": ["linkedin"], "topic": MARK, "providers": ["openai", "anthropic", "google"]}
    headers = {f"x-ai-key-{name}": f"sk-{MARK}-{name}" for name in ("openai", "anthropic", "google")}
    return [
        ("profile", event("PATCH", "/v1/profile", function="profile", body={"bio": [MARK], MARK: 1})),
        ("profile", event("PATCH", "/v1/profile", function="profile", body={"bio": MARK})),
        ("generate", event("POST", "/v1/generate/preview", function="generate", body=topic, headers=headers)),
        ("generate", event("POST", "/v1/generate", function="generate", body=topic, headers=headers)),
    ]


def run(directory: Path, **variables: str) -> tuple[list[dict[str, Any]], str]:
    """What a fresh process with these variables answers, and all that it printed and wrote."""
    database = directory / "data" / "test.sqlite3"
    database.parent.mkdir()
    ensure(f"sqlite:///{database}")
    answers = directory / "answers.json"
    nowhere = "http://127.0.0.1:9"
    hosts = ("api.openai.com", "api.anthropic.com", "generativelanguage.googleapis.com")
    environment = {
        "PATH": os.defpath, "PYTHONPATH": str(ROOT / "layers" / "shared"), "ANSWERS": str(answers), "HOME": str(directory),
        "STAGE": "test", "PUBLIC_URL": "https://api.test", "DATABASE_URL": f"sqlite:///{database}",
        "SEALING_KEYS": json.dumps({"current": "k1", "keys": {"k1": key(1)}}), "FINGERPRINT_KEY": key(2), "STATE_KEY": key(3),
        "ENDPOINTS": json.dumps(dict.fromkeys(hosts, nowhere)),
        **{f"{name.upper()}_CLIENT_{part}": "x" for name in PLATFORMS for part in ("ID", "SECRET")},
        **variables,
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", RUN], input=json.dumps(requests()), capture_output=True, text=True, cwd=ROOT, env=environment,
        check=False, timeout=500,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    written = "".join(p.read_text("utf-8", "replace") for p in directory.iterdir() if p.is_file() and p != answers)
    return json.loads(answers.read_text("utf-8")), done.stdout + done.stderr + written


@pytest.mark.parametrize("name", PRINTING)
def test_a_variable_that_makes_a_library_print_is_refused_by_name_and_prints_nothing(tmp_path: Path, name: str) -> None:
    value = str(tmp_path / "keys.log") if name == "SSLKEYLOGFILE" else VALUES.get(name, "true")
    answers, printed = run(tmp_path, **{name: value})
    assert MARK not in printed
    assert [answer["statusCode"] for answer in answers] == [500, 500, 500, 500]
    assert f'"setting":"{name}"' in printed.replace('": "', '":"')


def test_levels_of_logs_and_pythons_development_mode_print_nothing_either(tmp_path: Path) -> None:
    answers, printed = run(tmp_path, **HARMLESS)
    assert MARK not in printed
    assert [answer["statusCode"] for answer in answers] == [422, 200, 200, 200]
    assert MARK in answers[2]["body"], "the preview shows the prompt to its author"


@pytest.mark.parametrize("value", ["", "0", "false", "False", "off", "no"])
def test_a_variable_that_is_switched_off_is_no_reason_to_refuse(value: str) -> None:
    assert switched_on(dict.fromkeys(PRINTING, value)) is None
