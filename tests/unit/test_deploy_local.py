"""The options of ``make deploy-local``: only parameters of the template are passed to it."""

from __future__ import annotations

import pytest

from tests.api.harness import ROOT
from tools.deploy_local.__main__ import BadOption, Options, options_from, template_parameters


def declared() -> set[str]:
    from local.aws.template import read

    return set(read(ROOT / "template.yaml")["Parameters"])


def test_parameters_are_passed_on() -> None:
    options = options_from({"PARAMETERS": "LogRetentionDays=7  ReturnUrls=http://localhost:3000/?a=b"})
    passed = template_parameters(options)
    assert (passed["LogRetentionDays"], passed["ReturnUrls"]) == ("7", "http://localhost:3000/?a=b")


def test_the_template_has_every_parameter_that_is_passed_without_being_asked_for() -> None:
    assert set(template_parameters(Options())) <= declared()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("RequireScope=true", "RequireScope. Did you mean RequireScopes?"),
        ("requireScopes=true", "requireScopes. Did you mean RequireScopes?"),
        ("LogRetentionDays=7 Release=1 Zzz=2", "Release, Zzz."),
        ("=1", "does not have: ."),
        ("RequireScopes", "must be Name=value pairs"),
    ],
)
def test_a_parameter_that_the_template_does_not_have_is_refused_by_name(text: str, said: str) -> None:
    with pytest.raises(BadOption) as refused:
        options_from({"PARAMETERS": text})
    assert said in str(refused.value)
