"""``make build``: functions and layer by SAM, from dependencies whose hashes were checked. It deploys nothing."""

from __future__ import annotations

import argparse
import csv
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.report import ROOT
from local import template as sam

TOOLS = ROOT / ".venv-e2e" / "bin"
TEMPLATE = ROOT / "template.yaml"
ARTIFACTS = ROOT / ".aws-sam" / "build"
PYTHON = "3.13"
GLIBC_MINORS = range(17, 35)  # Amazon Linux 2023, which Lambda's python3.13 runs on, has glibc 2.34
MACHINES = {"arm64": "aarch64", "x86_64": "x86_64"}
ELF_MACHINES = {"arm64": 0xB7, "x86_64": 0x3E}  # e_machine in the ELF header (System V ABI)
NEVER_PACKAGED = ("local", "tests", "bench")


class BuildFailed(Exception):
    """The artifacts could not be made, or are not what may be deployed; the message is for the person who asked."""


@dataclass(frozen=True, slots=True)
class Artifacts:
    """Folders as they would be deployed. ``layer`` is what becomes ``/opt/python``."""

    functions: dict[str, Path]
    layer: Path
    architecture: str


def default_architecture() -> str:
    """The processor that the template is deployed for unless told otherwise."""
    return str(sam.read(TEMPLATE)["Parameters"]["Architecture"]["Default"])


def build(architecture: str, directory: Path = ARTIFACTS) -> Artifacts:
    """Build everything into ``directory`` and check it. Raises BuildFailed."""
    run_sam(
        "build", "--no-cached", "--template", str(TEMPLATE), "--build-dir", str(directory),
        "--cache-dir", str(directory.parent / "cache"), "--parameter-overrides", f"Architecture={architecture}",
        architecture=architecture,
    )  # fmt: skip
    document = sam.read(TEMPLATE)
    (layer,) = sam.names(document, "AWS::Serverless::LayerVersion")
    functions = {name: directory / name for name in sam.names(document, "AWS::Serverless::Function")}
    artifacts = Artifacts(functions, directory / layer / "python", architecture)
    for folder in functions.values():
        leave_to_layer(folder, artifacts.layer)
    verify(artifacts)
    return artifacts


def run_sam(*arguments: str, architecture: str) -> str:
    """Run the SAM CLI and return what it said. Raises BuildFailed with that if it fails."""
    if not (TOOLS / "sam").exists():
        raise BuildFailed("the SAM CLI is not installed: run make build, which sets it up")
    command = [str(TOOLS / "sam"), *arguments]
    done = subprocess.run(
        command, cwd=ROOT, env=environment(architecture), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if done.returncode:
        said = done.stdout.partition("Traceback:")[0].strip()
        hint = f"\nSAM needs python{PYTHON} on PATH." if "Binary validation failed" in said else ""
        raise BuildFailed(f"sam {arguments[0]} failed:\n{said}{hint}")
    return done.stdout


def environment(architecture: str) -> dict[str, str]:
    """What SAM runs with: no telemetry, and pip told to fetch wheels of the target processor.

    Left alone, SAM's builder fetches wheels of this machine with their hashes checked and then those of another processor by
    name and version only, so a wheel that does not match requirements.txt would get into the artifacts unnoticed.
    """
    machine = MACHINES[architecture]
    platforms = [f"manylinux2014_{machine}", *(f"manylinux_2_{minor}_{machine}" for minor in GLIBC_MINORS)]
    return {
        **os.environ,
        "PATH": os.pathsep.join([str(TOOLS), os.environ.get("PATH", os.defpath)]),
        "SAM_CLI_TELEMETRY": "0",
        "PIP_PLATFORM": " ".join(platforms),
        "PIP_PYTHON_VERSION": PYTHON,
        "PIP_IMPLEMENTATION": "cp",
        "PIP_ONLY_BINARY": ":all:",
        "PIP_REQUIRE_HASHES": "1",
    }


def leave_to_layer(function: Path, layer: Path) -> list[str]:
    """Remove from a function the distributions that the layer holds in the same version; their names.

    The files that SAM's builder resolves for a function are complete in themselves, and pip wants them so to check hashes.
    """
    shared = [info for info in function.glob("*.dist-info") if (layer / info.name).is_dir()]
    for info in shared:
        with (info / "RECORD").open(newline="", encoding="utf-8") as record:
            files = [function / row[0] for row in csv.reader(record) if row]
        for file in files:
            if file.resolve().is_relative_to(function.resolve()):
                file.unlink(missing_ok=True)
    folders = sorted((path for path in function.rglob("*") if path.is_dir()), key=lambda path: len(path.parts), reverse=True)
    for folder in folders:
        if not any(folder.iterdir()):
            folder.rmdir()
    return sorted(info.name.removesuffix(".dist-info") for info in shared)


def verify(artifacts: Artifacts) -> None:
    """Raises BuildFailed if something is missing, does not belong there, or is for another processor."""
    problems = [f"{name} has no app.py" for name, folder in artifacts.functions.items() if not (folder / "app.py").is_file()]
    if not (artifacts.layer / "noillusion" / "api" / "openapi.json").is_file():
        problems.append("the layer has no noillusion/api/openapi.json")
    for folder in (artifacts.layer, *artifacts.functions.values()):
        problems += [f"{folder}: {name}/ does not belong there" for name in NEVER_PACKAGED if (folder / name).exists()]
        problems += [
            f"{path} is for another processor than {artifacts.architecture}"
            for path in folder.rglob("*.so*")
            if elf_machine(path) not in (None, ELF_MACHINES[artifacts.architecture])
        ]
    if problems:
        raise BuildFailed("the artifacts are not what may be deployed:\n" + "\n".join(problems))


def elf_machine(path: Path) -> int | None:
    """The processor that a shared library is for, ``None`` if the file is no library (ELF header: e_machine at byte 18)."""
    with path.open("rb") as file:
        header = file.read(20)
    return int.from_bytes(header[18:20], "little") if header[:4] == b"\x7fELF" else None


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0 if everything was built and the template is valid."""
    from bench import sizes

    parser = argparse.ArgumentParser(prog="python -m bench.build", description="Build every function and the layer with SAM.")
    parser.add_argument("--architecture", choices=sorted(MACHINES), default=default_architecture())
    architecture = parser.parse_args(arguments).architecture
    started = time.monotonic()
    try:
        print(f"Building for {architecture} with {run_sam('--version', architecture=architecture).strip()}…", flush=True)
        artifacts = build(architecture)
        print(f"{len(artifacts.functions)} functions and the layer are in {ARTIFACTS.relative_to(ROOT)}.", flush=True)
        print(run_sam("validate", "--lint", "--template", str(TEMPLATE), architecture=architecture).strip(), flush=True)
    except BuildFailed as failed:
        print(f"Not built: {failed}", file=sys.stderr)
        return 1
    print(f"\n{sizes.measure(artifacts).markdown()}\n\nDone in {time.monotonic() - started:.0f} s.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
