"""Every setting of the product can be given to ``make run``, or the README says that it cannot."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from local.environment import PASSED_ON, BadOption, options_from
from local.options import ROOT
from local.simulators.world import World
from local.variables import Variables
from noillusion.catalog.registrations import REGISTRATIONS
from noillusion.settings import values
from noillusion.settings.holdings import GROUPS

README = (ROOT / "README.md").read_text()
CONFIGURATION = README.partition("## Configuration")[2].partition("In a deployment, functions read")[0]
TABLE = "\n".join(line.split("|")[1] for line in CONFIGURATION.splitlines() if line.startswith("|"))
ITSELF = CONFIGURATION.partition("sets everything else itself")[2].partition("A bad value")[0]
GIVEN = {
    "DATABASE_URL": "sqlite:////tmp/other.sqlite3",
    "PUBLIC_URL": "https://tunnel.example",
    "RETURN_URLS": "https://app.example/done",
    "REQUIRE_SCOPES": "true",
    "OPERATOR_AI_BUDGET_USD": "3",
    "OPERATOR_AI_TOTAL_BUDGET_USD": "40",
    "BACKUP_DAYS": "7",
    "POSTS_PER_MINUTE": "5",
    "CHECKS_PER_MINUTE": "0",
    "TIKTOK_VERIFIED_URLS": "https://media.example.org/posts/",
    "TIKTOK_AUDITED": "false",
    "META_APPSECRET_PROOF": "true",
    **{f"{found.prefix}_WITHOUT_SCOPES": list(found.features)[-1] for found in REGISTRATIONS},
    "MEDIA_VERIFICATION": "proof.txt=words",
}
"""Values that are valid where any text is not."""


def read_by_the_product() -> set[str]:
    """The names in the source of the settings, and those of the groups, some of which are put together."""
    source = Path(values.__file__).read_text()
    found = set(re.findall(r"self\._\w+\(\"([A-Z_]+)\"", source)) | set(values.LOGIN_SETTINGS.values())
    return found | {name for group in GROUPS.values() for name in group.members}


def named(text: str) -> set[str]:
    """The settings in a text; ``FACEBOOK_CLIENT_ID`` stands for those of all platforms."""
    names = set(re.findall(r"`([A-Z][A-Z0-9_]+)`", text))
    for prefix in re.findall(r"`([A-Z_]+_)`", text):
        names |= {f"{prefix}{part}" for part in ("CLIENT_ID", "CLIENT_SECRET", "WITHOUT_SCOPES")}
    return names


def variables(directory: Path, environment: dict[str, str]) -> dict[str, str]:
    """What functions get in an instance that is started with this environment."""
    options = options_from({"LOCAL_DIR": str(directory), **environment})
    directory.mkdir(exist_ok=True)
    found = Variables(options, directory, World("http://127.0.0.1:1"))
    return found.all("http://127.0.0.1:2", "http://127.0.0.1:3", options.return_urls or ())


def test_every_setting_is_in_the_readme_as_one_that_can_be_given_or_as_one_that_cannot() -> None:
    assert len(read_by_the_product()) > 25
    assert read_by_the_product() - named(TABLE) - named(ITSELF) == set()
    assert named(TABLE) & named(ITSELF) == set()


@pytest.mark.parametrize("name", sorted(read_by_the_product() & named(TABLE)))
def test_a_setting_that_can_be_given_reaches_the_functions(name: str, tmp_path: Path) -> None:
    environment = {name: GIVEN.get(name, f"given-{name.lower()}")}
    if "_CLIENT_" in name:
        prefix = name.partition("_CLIENT_")[0]
        environment = {f"{prefix}_CLIENT_{part}": f"given-{part}" for part in ("ID", "SECRET")}
    assert variables(tmp_path / "local", environment)[name] == environment[name]
    assert variables(tmp_path / "other", {}).get(name) != environment[name]


@pytest.mark.parametrize("name", sorted(read_by_the_product() - named(TABLE)))
def test_a_setting_that_cannot_be_given_does_not_come_from_the_shell(name: str, tmp_path: Path) -> None:
    assert variables(tmp_path / "local", {name: "of the developer"}).get(name) != "of the developer"


@pytest.mark.parametrize(
    ("name", "text"), [("OPERATOR_AI_BUDGET_USD", "much"), ("BACKUP_DAYS", "-1"), ("OPERATOR_OPENAI_KEY", "a key")]
)
def test_a_bad_value_is_named_and_not_repeated(name: str, text: str) -> None:
    assert name in PASSED_ON
    with pytest.raises(BadOption) as refused:
        options_from({name: text})
    assert name in str(refused.value) and text not in str(refused.value)
