"""What the build takes out of the artifacts, what it refuses to hand over, and how figures become ratios."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import build, report
from bench.build import Artifacts, BuildFailed, leave_to_layer, verify


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


@pytest.fixture
def artifacts(tmp_path: Path) -> Artifacts:
    """A layer and one function that may be deployed."""
    function, layer = tmp_path / "Function", tmp_path / "Layer" / "python"
    (layer / "noillusion" / "api").mkdir(parents=True)
    (layer / "noillusion" / "api" / "openapi.json").write_text("{}")
    function.mkdir()
    (function / "app.py").write_text("")
    library(layer / "native" / "_core.so", build.ELF_MACHINES["arm64"])
    return Artifacts({"Function": function}, layer, "arm64")


def test_a_function_keeps_only_what_the_layer_has_not_in_that_version(artifacts: Artifacts) -> None:
    function = artifacts.functions["Function"]
    for folder in (function, artifacts.layer):
        distribution(folder, "shared", "1.0")
    distribution(function, "own", "1.0")
    distribution(function, "newer", "2.0")
    distribution(artifacts.layer, "newer", "1.0")
    assert leave_to_layer(function, artifacts.layer) == ["shared-1.0"]
    assert sorted(path.name for path in function.iterdir()) == [
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
