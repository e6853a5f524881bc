"""What the build takes out of the artifacts and puts in, what it refuses to hand over, and how figures become ratios."""

from __future__ import annotations

import importlib.util
import marshal
import os
import py_compile
import subprocess
import sys
from pathlib import Path

import pytest

from bench import report
from tools.build import artifacts as build
from tools.build import bytecode
from tools.build.artifacts import Artifacts, BuildFailed, leave_to_layer, run_bytecode, verify
from tools.build.slim import needless, slim

UNCHECKED = b"\x01\x00\x00\x00"


def distribution(folder: Path, name: str, version: str, *, files: tuple[str, ...] = ()) -> None:
    """Unpack a pretended wheel: its files and its RECORD."""
    info = f"{name}-{version}.dist-info"
    names = [*(files or (f"{name}/__init__.py", f"{name}/inner/code.py")), f"{info}/METADATA", f"{info}/RECORD"]
    for file in names:
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text("x")
    (folder / info / "RECORD").write_text("\n".join(f"{file},," for file in names))


def library(path: Path, machine: int) -> None:
    """The beginning of a shared library for a processor."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"\x7fELF" + bytes(14) + machine.to_bytes(2, "little"))


@pytest.fixture(autouse=True)
def own_interpreter(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests need no Python but their own; what is checked holds for the bytecode of any."""
    monkeypatch.setattr(build, "interpreter", lambda: sys.executable)


@pytest.fixture
def artifacts(tmp_path: Path) -> Artifacts:
    """A layer and one function that may be deployed."""
    function, layer = tmp_path / "Function", tmp_path / "Layer" / "python"
    (layer / "noillusion" / "api").mkdir(parents=True)
    (layer / "noillusion" / "api" / "openapi.json").write_text("{}")
    function.mkdir()
    (function / "app.py").write_text("")
    library(layer / "native" / "_core.so", build.ELF_MACHINES["arm64"])
    found = Artifacts({"Function": function}, layer, "arm64")
    for folder, root in found.folders:
        assert run_bytecode(folder, root) == ""
    return found


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A folder with a module that says where it is from, and its bytecode."""
    folder = tmp_path / "package"
    (folder / "inner").mkdir(parents=True)
    (folder / "inner" / "__init__.py").write_text("")
    (folder / "inner" / "code.py").write_text("def here():\n    return here.__code__.co_filename\n")
    assert run_bytecode(folder, "/opt/python") == ""
    return folder


def compiled(source: Path) -> Path:
    """Where the bytecode of a source is."""
    return Path(importlib.util.cache_from_source(str(source)))


def test_a_function_keeps_only_what_the_layer_has_not_in_that_version(artifacts: Artifacts) -> None:
    function = artifacts.functions["Function"]
    for folder in (function, artifacts.layer):
        distribution(folder, "shared", "1.0")
    distribution(function, "own", "1.0")
    distribution(function, "newer", "2.0")
    distribution(artifacts.layer, "newer", "1.0")
    assert leave_to_layer(function, artifacts.layer) == ["shared-1.0"]
    assert sorted(path.name for path in function.iterdir() if path.name != "__pycache__") == [
        "app.py", "newer", "newer-2.0.dist-info", "own", "own-1.0.dist-info",
    ]  # fmt: skip
    assert (artifacts.layer / "shared" / "inner" / "code.py").exists()


def test_nothing_outside_the_function_is_removed_whatever_a_record_says(artifacts: Artifacts) -> None:
    function, outside = artifacts.functions["Function"], artifacts.layer.parent.parent / "outside.py"
    outside.write_text("")
    distribution(artifacts.layer, "shared", "1.0")
    distribution(function, "shared", "1.0", files=("shared/__init__.py", "../outside.py"))
    leave_to_layer(function, artifacts.layer)
    assert outside.exists()


def test_what_may_be_deployed_is_accepted(artifacts: Artifacts) -> None:
    verify(artifacts)


def test_a_library_for_another_processor_is_refused(artifacts: Artifacts) -> None:
    library(artifacts.functions["Function"] / "native" / "_core.so.1", build.ELF_MACHINES["x86_64"])
    with pytest.raises(BuildFailed, match="another processor"):
        verify(artifacts)


@pytest.mark.parametrize("name", ["local", "tests", "bench"])
def test_what_is_never_packaged_is_refused(artifacts: Artifacts, name: str) -> None:
    (artifacts.layer / name).mkdir()
    with pytest.raises(BuildFailed, match="does not belong there"):
        verify(artifacts)


def test_a_missing_handler_or_description_is_refused(artifacts: Artifacts) -> None:
    (artifacts.functions["Function"] / "app.py").unlink()
    (artifacts.layer / "noillusion" / "api" / "openapi.json").unlink()
    with pytest.raises(BuildFailed, match=r"(?s)Function has no app\.py.*openapi\.json"):
        verify(artifacts)


@pytest.mark.parametrize(
    "path",
    [
        "certifi/tests/data.bin", "sniffio/_tests/test_sniffio.py", "ecdsa/test_keys.py", "psycopg/pq/_pq_ctypes.pyi",
        "cffi/_cffi_include.h", "websockets/speedups.c", "openai/api.md", "six-1.0.dist-info/RECORD",
        "six-1.0.dist-info/sboms/six.json", "six-1.0.dist-info/WHEEL", "requirements.txt", "bin/openai",
        "jmespath-1.0.data/scripts/jp.py",
        "six/__pycache__/six.cpython-312.pyc", "noillusion/__pycache__/clock.cpython-314.pyc",
    ],
)  # fmt: skip
def test_what_nothing_reads_at_run_time_goes(path: str) -> None:
    assert needless(Path(path))


@pytest.mark.parametrize(
    "path",
    [
        "app.py", "noillusion/api/openapi.json", "noillusion/test_of_time.py", "noillusion/tests/code.py", "noillusion/prompt.md",
        "certifi/cacert.pem", "tzdata/zoneinfo/Europe/Berlin", "six-1.0.dist-info/METADATA", "six-1.0.dist-info/entry_points.txt",
        "six-1.0.dist-info/licenses/LICENSE.md", "anthropic/_vendor/NOTICE.md", "jose/LICENSE", "openai/py.typed",
        "pydantic/testing.py", "native.libs/libpq.so.5", "aws_lambda_powertools/utilities/testing.py",
    ],
)  # fmt: skip
def test_what_runs_or_is_owed_stays(path: str) -> None:
    assert not needless(Path(path))


def test_slimming_removes_files_and_what_was_only_around_them(artifacts: Artifacts) -> None:
    tests = artifacts.layer / "package" / "tests" / "inner"
    tests.mkdir(parents=True)
    (tests / "test_it.py").write_text("12345")
    assert slim(artifacts.layer) == 5
    assert not (artifacts.layer / "package").exists()
    assert (artifacts.layer / "noillusion" / "api" / "openapi.json").exists()


def test_every_source_has_bytecode_of_itself_that_no_time_makes_stale(package: Path) -> None:
    sources = sorted(package.rglob("*.py"))
    assert len(sources) == 2
    for source in sources:
        header = compiled(source).read_bytes()[: bytecode.HEADER]
        assert header == importlib.util.MAGIC_NUMBER + UNCHECKED + importlib.util.source_hash(source.read_bytes())
    assert run_bytecode(package) == ""


def test_bytecode_is_taken_as_it_is_and_never_written_again(package: Path) -> None:
    source = package / "inner" / "code.py"
    os.utime(source, (1, 1))
    before = compiled(source).read_bytes()
    command = [sys.executable, "-v", "-c", "import inner.code; print(inner.code.here())"]
    done = subprocess.run(command, env={"PYTHONPATH": str(package)}, capture_output=True, text=True, timeout=300, check=True)
    assert f"code object from {str(compiled(source))!r}" in done.stderr
    assert done.stdout.strip() == str(source)
    assert "# wrote" not in done.stderr and compiled(source).read_bytes() == before


def test_bytecode_names_the_place_at_lambda_and_not_the_one_it_was_built_in(package: Path) -> None:
    content = compiled(package / "inner" / "code.py").read_bytes()
    assert marshal.loads(content[bytecode.HEADER :]).co_filename == "/opt/python/inner/code.py"
    assert str(package).encode() not in content


def test_the_same_sources_give_the_same_bytes(package: Path) -> None:
    before = {path: path.read_bytes() for path in package.rglob("*.pyc")}
    assert run_bytecode(package, "/opt/python") == ""
    assert before and {path: path.read_bytes() for path in package.rglob("*.pyc")} == before


def test_missing_bytecode_is_refused(artifacts: Artifacts) -> None:
    compiled(artifacts.functions["Function"] / "app.py").unlink()
    with pytest.raises(BuildFailed, match=r"app\.py has no bytecode"):
        verify(artifacts)


def test_bytecode_of_an_earlier_source_is_refused(artifacts: Artifacts) -> None:
    (artifacts.functions["Function"] / "app.py").write_text("changed = True")
    with pytest.raises(BuildFailed, match="is not the bytecode of its source"):
        verify(artifacts)


@pytest.mark.parametrize(
    "mode", [py_compile.PycInvalidationMode.TIMESTAMP, py_compile.PycInvalidationMode.CHECKED_HASH], ids=lambda mode: mode.name
)
def test_bytecode_that_looks_at_its_source_is_refused(artifacts: Artifacts, mode: py_compile.PycInvalidationMode) -> None:
    py_compile.compile(str(artifacts.functions["Function"] / "app.py"), doraise=True, invalidation_mode=mode)
    with pytest.raises(BuildFailed, match="is not the bytecode of its source"):
        verify(artifacts)


@pytest.mark.parametrize("name", ["app.cpython-39.pyc", "gone.{tag}.pyc", "app.{tag}.opt-1.pyc"])
def test_bytecode_that_nothing_here_takes_is_refused(artifacts: Artifacts, name: str) -> None:
    stray = artifacts.functions["Function"] / "__pycache__" / name.format(tag=sys.implementation.cache_tag)
    stray.write_bytes(b"")
    with pytest.raises(BuildFailed, match="belongs to no source and interpreter here"):
        verify(artifacts)


def test_what_does_not_compile_is_named(tmp_path: Path) -> None:
    (tmp_path / "wrong.py").write_text("def")
    assert "wrong.py" in run_bytecode(tmp_path, "/var/task")


def test_dependencies_are_fetched_for_the_target_with_their_hashes_checked() -> None:
    environment = build.environment("arm64")
    assert all(platform.endswith("_aarch64") for platform in environment["PIP_PLATFORM"].split())
    assert environment["PIP_ONLY_BINARY"] == ":all:"
    assert environment["PIP_REQUIRE_HASHES"] == "1"
    assert environment["SAM_CLI_TELEMETRY"] == "0"


@pytest.mark.parametrize(("copy", "locked"), [("layers/shared", "layer"), ("functions/generate", "generate")])
def test_what_is_packaged_is_what_is_locked(copy: str, locked: str) -> None:
    assert (report.ROOT / copy / "requirements.txt").read_text() == (report.ROOT / f"requirements/{locked}.txt").read_text()


def test_the_layer_and_the_generate_function_agree_on_versions() -> None:
    pins = []
    for name in ("layer", "generate"):
        lines = (report.ROOT / f"requirements/{name}.txt").read_text().splitlines()
        pins.append(dict(line.split(" ")[0].split("==") for line in lines if "==" in line and not line.startswith(" ")))
    layer, generate = pins
    assert layer.keys() & generate.keys()
    assert {name: layer[name] for name in layer.keys() & generate} == {name: generate[name] for name in layer.keys() & generate}


def test_a_ratio_is_of_medians_and_its_range_of_rounds() -> None:
    found = report.ratio([2.0, 3.0, 10.0], [1.0, 2.0, 4.0])
    assert (found.median, found.low, found.high, found.runs) == (1.5, 1.5, 2.5, 3)


def test_a_table_goes_to_its_own_place_in_the_document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "benchmarks.md"
    page.write_text("before\n<!-- S1 -->old<!-- end of S1 -->\nbetween\n<!-- S3 -->kept<!-- end of S3 -->\n")
    monkeypatch.setattr(report, "DOCUMENT", page)
    report.document(report.Table("S1", "Title", ["a", "b"], [["x", r"\1"]]), {"date": "2026-11-22"})
    text = page.read_text()
    assert "old" not in text
    assert r"| x | \1 |" in text
    assert "<!-- S3 -->kept<!-- end of S3 -->" in text
    with pytest.raises(LookupError, match="S9"):
        report.document(report.Table("S9", "Title", ["a"], []), {})
