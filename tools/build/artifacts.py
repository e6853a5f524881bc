"""Deployment artifacts from template.yaml: built by SAM with verified hashes, reduced, compiled and checked."""

from __future__ import annotations

import csv
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from local.aws import template as sam
from tools.build.slim import remove_empty, slim
from tools.commands import output, quiet

ROOT = Path(__file__).resolve().parents[2]

TOOLS = ROOT / ".venv-e2e" / "bin"
TEMPLATE = ROOT / "template.yaml"
ARTIFACTS = ROOT / ".aws-sam" / "build"
BYTECODE = Path(__file__).with_name("bytecode.py")
PYTHON = "3.13"
GLIBC_MINORS = range(17, 35)  # Lambda's python3.13 runs on Amazon Linux 2023 with glibc 2.34
MACHINES = {"arm64": "aarch64", "x86_64": "x86_64"}
ELF_MACHINES = {"arm64": 0xB7, "x86_64": 0x3E}  # e_machine in the ELF header (System V ABI)
NEVER_PACKAGED = ("local", "tests", "bench")
FUNCTION_ROOT, LAYER_ROOT = "/var/task", "/opt/python"
"""Paths where Lambda unpacks them (Lambda guide, "Packaging your layer content"), as shown in tracebacks."""


class BuildFailed(Exception):
    """The artifacts could not be built or must not be deployed; the message is for the user."""


@dataclass(frozen=True, slots=True)
class Artifacts:
    """Folders as they are deployed. ``layer`` becomes ``/opt/python``."""

    functions: dict[str, Path]
    layer: Path
    architecture: str

    @property
    def folders(self) -> Iterator[tuple[Path, str]]:
        """Return each folder with its path in Lambda."""
        yield self.layer, LAYER_ROOT
        for folder in self.functions.values():
            yield folder, FUNCTION_ROOT


def default_architecture() -> str:
    """Return the default processor architecture of the template."""
    return str(sam.read(TEMPLATE)["Parameters"]["Architecture"]["Default"])


def build(architecture: str, directory: Path = ARTIFACTS, say: Callable[[str], None] = quiet) -> Artifacts:
    """Build everything into ``directory``, reduce it, add bytecode and verify it. ``say`` gets each step. Raises BuildFailed."""

    def each(line: str) -> None:
        if found := re.search(r"Building .*?(\w+)'?$", line):
            say(f"building {found[1]}")
        elif "ResolveDependencies" in line:
            say("installing dependencies, which takes about a minute")

    run_sam(
        "build", "--no-cached", "--template", str(TEMPLATE), "--build-dir", str(directory),
        "--cache-dir", str(directory.parent / "cache"), "--parameter-overrides", f"Architecture={architecture}",
        architecture=architecture, each=each,
    )  # fmt: skip
    say("reducing, compiling and checking")
    artifacts = built(architecture, directory)
    for folder in artifacts.functions.values():
        leave_to_layer(folder, artifacts.layer)
    for folder, root in artifacts.folders:
        slim(folder)
        if said := run_bytecode(folder, root):
            raise BuildFailed(f"what cannot be compiled must not be deployed:\n{said}")
    verify(artifacts)
    return artifacts


def built(architecture: str, directory: Path = ARTIFACTS) -> Artifacts:
    """Return the artifacts of an earlier build in ``directory``."""
    document = sam.read(TEMPLATE)
    (layer,) = sam.names(document, "AWS::Serverless::LayerVersion")
    functions = {name: directory / name for name in sam.names(document, "AWS::Serverless::Function")}
    return Artifacts(functions, directory / layer / "python", architecture)


def run_sam(*arguments: str, architecture: str, each: Callable[[str], None] = quiet) -> str:
    """Run the SAM CLI and return its output. Raises BuildFailed with the output if it fails."""
    if not (TOOLS / "sam").exists():
        raise BuildFailed("the SAM CLI is not installed: run make build, which sets it up")
    code, written = output([str(TOOLS / "sam"), *arguments], ROOT, environment(architecture), each)
    if code:
        said = written.partition("Traceback:")[0].strip()
        hint = f"\nSAM needs python{PYTHON} on PATH." if "Binary validation failed" in said else ""
        raise BuildFailed(f"sam {arguments[0]} failed:\n{said}{hint}")
    return written


def environment(architecture: str) -> dict[str, str]:
    """Return the environment of SAM: without telemetry, and with pip set to download wheels for the target processor.

    By default, SAM's builder verifies the hashes of wheels for this machine, and then downloads those for another processor by
    name and version only, so a wheel that does not match requirements.txt could get into the artifacts.
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


def interpreter() -> str:
    """Return an interpreter with the same bytecode as that of the functions. Raises BuildFailed."""
    found = shutil.which(f"python{PYTHON}")
    if found is None:
        raise BuildFailed(f"functions are built for Python {PYTHON}, and python{PYTHON} was not found on PATH")
    return found


def run_bytecode(folder: Path, *prefix: str) -> str:
    """Compile a folder that becomes ``prefix`` in Lambda, or check its bytecode if there is none. Return the problems."""
    command = [interpreter(), "-I", str(BYTECODE), str(folder), *prefix]
    done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
    return done.stderr.strip() or ("" if not done.returncode else f"{folder}: exit status {done.returncode}")


def leave_to_layer(function: Path, layer: Path) -> list[str]:
    """Remove distributions from a function that the layer has in the same version. Return their names.

    SAM's builder resolves all dependencies of a function, because pip requires that to verify hashes.
    """
    shared = [info for info in function.glob("*.dist-info") if (layer / info.name).is_dir()]
    for info in shared:
        with (info / "RECORD").open(newline="", encoding="utf-8") as record:
            files = [function / row[0] for row in csv.reader(record) if row]
        for file in files:
            if file.resolve().is_relative_to(function.resolve()):
                file.unlink(missing_ok=True)
    remove_empty(function)
    return sorted(info.name.removesuffix(".dist-info") for info in shared)


def verify(artifacts: Artifacts) -> None:
    """Raise BuildFailed if something is missing, does not belong there, is for another processor, or has no valid bytecode."""
    problems = [f"{name} has no app.py" for name, folder in artifacts.functions.items() if not (folder / "app.py").is_file()]
    if not (artifacts.layer / "noillusion" / "api" / "openapi.json").is_file():
        problems.append("the layer has no noillusion/api/openapi.json")
    for folder, _ in artifacts.folders:
        problems += [f"{folder}: {name}/ does not belong there" for name in NEVER_PACKAGED if (folder / name).exists()]
        problems += [
            f"{path} is for another processor than {artifacts.architecture}"
            for path in folder.rglob("*.so*")
            if elf_machine(path) not in (None, ELF_MACHINES[artifacts.architecture])
        ]
        problems += run_bytecode(folder).splitlines()
    if problems:
        raise BuildFailed("the artifacts are not what may be deployed:\n" + "\n".join(problems))


def elf_machine(path: Path) -> int | None:
    """Return the processor of a shared library, or ``None`` if the file is not a library (ELF header: e_machine at byte 18)."""
    with path.open("rb") as file:
        header = file.read(20)
    return int.from_bytes(header[18:20], "little") if header[:4] == b"\x7fELF" else None
