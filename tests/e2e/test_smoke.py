"""The smoke kit: every registration against the simulators, and a report without tokens, texts, names and ids."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from local.demo.tour import Tour
from local.environment import BadOption
from local.options import ROOT, Options
from noillusion.catalog.registrations import REGISTRATIONS, Registration
from tools.smoke import __main__ as kit
from tools.smoke.consent import Returns, listening
from tools.smoke.report import Failed, NotReportable, Report
from tools.smoke.run import Choice, Run
from tools.smoke.simulated import SimulatedPerson, simulated_options

BY_KEY = {found.key: found for found in REGISTRATIONS}
WITHOUT_DELETION = {"instagram.instagram", "tiktok.login"}
STEPS = ["connect", "test", "choose_post", "publish", "read", "measure", "delete", "disconnect"]


@dataclass
class Stage:
    """An instance with every registration, and what the runs on it said."""

    run: dict[str, Any]
    returns: Returns
    told: list[str] = field(default_factory=list)

    @property
    def choice(self) -> Choice:
        return Choice(self.told.append, lambda accounts: accounts[0], self.told.append, leave_behind=True)

    def smoke(self, key: str, **changed: Any) -> Report:
        """A run with one registration, in front of the simulators."""
        return kit.smoke(self.run, BY_KEY[key], self.returns, replace(self.choice, **changed), simulated=True)

    def control(self, method: str, path: str, body: Any = None) -> Any:
        return httpx.request(method, f"{self.run['control']}/{path}", json=body, trust_env=False).raise_for_status().json()


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with listening() as returns:
        options = replace(simulated_options(Options()), return_urls=(returns.url,))
        with kit.instance(options) as run:
            yield Stage(run, returns)


@pytest.fixture
def undisturbed(stage: Stage) -> Iterator[Stage]:
    """The stage; afterwards the simulators answer properly again."""
    yield stage
    stage.control("DELETE", "faults")
    stage.control("POST", "linkedin/consent", {"decision": "grant"})


@pytest.fixture(scope="module")
def reports(stage: Stage) -> dict[str, Report]:
    """One run with each registration."""
    return {key: stage.smoke(key) for key in BY_KEY}


def facts(report: Report, step: str) -> dict[str, Any]:
    (found,) = (one for one in report.steps if one.name == step)
    return {"outcome": found.outcome, **found.facts}


@pytest.mark.parametrize("key", BY_KEY)
def test_every_registration_goes_all_the_way(reports: dict[str, Report], key: str) -> None:
    report = reports[key]
    assert [(step.name, step.facts) for step in report.steps if step.outcome == "failed"] == []
    assert [step.name for step in report.steps] == STEPS and report.ok
    assert facts(report, "publish")["status"] == facts(report, "read")["status"] == "published"
    # TikTok gives a video that only its creator sees no public id.
    assert facts(report, "read")["has_id"] is (key != "tiktok.login")
    assert report.left_behind is (key in WITHOUT_DELETION)
    kept = key in WITHOUT_DELETION
    assert facts(report, "delete")["reason"] == ("platform_cannot_delete" if kept else None)
    assert facts(report, "delete")["deleted"] is not kept
    assert facts(report, "disconnect")["grant"] == ("not_supported" if key == "instagram.instagram" else "revoked")
    assert facts(report, "measure")["reading"]


def test_the_smallest_audience_is_chosen(reports: dict[str, Report], stage: Stage) -> None:
    audiences = {key: facts(report, "choose_post")["audience"] for key, report in reports.items()}
    assert audiences == dict.fromkeys(BY_KEY, "public") | {"linkedin.share": "connections", "tiktok.login": "self_only"}
    videos = stage.control("GET", "state/tiktok")["posts"]
    assert {video["privacy_level"] for video in (videos.values() if isinstance(videos, dict) else videos)} == {"SELF_ONLY"}
    assert facts(reports["linkedin.community"], "connect")["account_kind"] == "organization"


def secrets_of(stage: Stage) -> set[str]:
    """Every token, id, name and text that passed the simulators."""
    requests = stage.control("GET", "requests")["requests"]
    found = {part for entry in requests for part in entry["headers"].get("authorization", "").split()[1:]}
    assert len(found) >= len(BY_KEY)
    states = json.dumps([stage.control("GET", f"state/{name}") for name in ("facebook", "instagram", "linkedin", "tiktok")])
    found |= set(re.findall(r'"(?:id|sub|open_id|urn|name|username|display_name|vanity_name)": "([^"]{6,})"', states))
    found |= set(re.findall(r"demo[0-9a-f]{8}", states + json.dumps(requests)))
    assert any(word.startswith("demo") for word in found)
    return found | {"Smoke test of", "access_token", "Bearer", "https://"}


def test_the_reports_have_no_tokens_texts_names_and_ids(reports: dict[str, Report], stage: Stage, tmp_path: Path) -> None:
    written = "\n".join(report.write(tmp_path).read_text() for report in reports.values())
    leaked = {secret for secret in secrets_of(stage) if secret in written and secret not in ("facebook", "instagram", "linkedin")}
    assert leaked == set()
    assert "Smoke test of" not in "\n".join(stage.told)


@pytest.mark.parametrize(
    "value", ["two words", "https://x.test/y", "101000000000001", 17841400000000001, "urn:li:share:1/2", "é", "a" * 65, ""]
)
def test_a_report_refuses_what_could_be_content_or_an_id(value: Any) -> None:
    report = Report("linkedin", "share", "202609", True, "2026-11-27")
    for given in (value, [value]):
        with report.step("read") as step:
            step.facts["status"] = given
        with pytest.raises(NotReportable, match=r"^read: status$"):
            report.document()
        report.steps.clear()


class Person(SimulatedPerson):
    """Comes back with a URL to paste."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given, tunnel=False)


def test_a_pasted_url_is_as_good_as_a_tunnel(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kit, "SimulatedPerson", Person)
    report = stage.smoke("facebook.login")
    assert report.ok, report.steps


def test_a_pasted_url_of_another_attempt_is_refused(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Person, "consents", lambda self, url: self.returns.put("code=a-code&state=a-state"))
    monkeypatch.setattr(kit, "SimulatedPerson", Person)
    report = stage.smoke("linkedin.share")
    assert [step.name for step in report.steps] == ["connect"] and not report.ok
    assert facts(report, "connect") == {"outcome": "failed", "code": "invalid_state", "http_status": 400}


def test_a_denial_ends_the_run(undisturbed: Stage) -> None:
    undisturbed.control("POST", "linkedin/consent", {"decision": "deny"})
    report = undisturbed.smoke("linkedin.share")
    assert [step.name for step in report.steps] == ["connect"] and not report.left_behind
    assert facts(report, "connect")["code"] == "declined"


def test_a_failure_in_between_leaves_nothing_behind(undisturbed: Stage) -> None:
    fault = {"platform": "linkedin", "method": "POST", "path": "rest/posts$", "preset": "access_denied", "times": -1}
    undisturbed.control("POST", "faults", fault)
    report = undisturbed.smoke("linkedin.share")
    assert [step.outcome for step in report.steps] == ["ok", "ok", "ok", "failed", "ok", "ok"]
    assert facts(report, "publish")["code"] == "not_published" and facts(report, "publish")["error_class"] == "permission"
    assert facts(report, "disconnect")["grant"] == "revoked"
    assert not report.ok


def test_a_post_that_could_not_be_deleted_is_told(undisturbed: Stage) -> None:
    fault = {"platform": "linkedin", "method": "DELETE", "path": "rest/posts", "status": 503, "times": -1}
    undisturbed.control("POST", "faults", fault)
    report = undisturbed.smoke("linkedin.share")
    assert facts(report, "delete")["outcome"] == "failed" and report.left_behind
    assert facts(report, "disconnect")["grant"] == "revoked"


def test_nothing_is_published_that_no_app_can_delete_unless_the_operator_says_so(stage: Stage) -> None:
    report = stage.smoke("instagram.instagram", leave_behind=False)
    assert [step.name for step in report.steps] == ["connect", "test", "choose_post", "disconnect"] and report.ok
    assert facts(report, "choose_post") == {"outcome": "skipped", "code": "cannot_be_deleted"}
    assert not report.left_behind and any("LEAVE=1" in line for line in stage.told)


def test_the_browser_comes_back_to_this_machine() -> None:
    with listening() as returns:
        assert httpx.get(f"{returns.url.removesuffix('/connected')}/favicon.ico").status_code == 404
        assert httpx.get(f"{returns.url}?platform=linkedin&pending=a-handle").status_code == 200
        assert returns.wait(dict, 5) == "a-handle"
        httpx.get(f"{returns.url}?platform=linkedin&error=scope_refused")
        with pytest.raises(Failed, match=r"^scope_refused$"):
            returns.wait(dict, 5)
        returns.read(["", "no url\n", "https://api.test/v1/oauth/linkedin/callback?code=c&state=s\n"])
        assert returns.wait(lambda query: {"pending": f"{query['code']} {query['state']}"}, 5) == "c s"
        with pytest.raises(Failed, match=r"^nobody_came_back$"):
            returns.wait(dict, 0.01)


def test_the_operators_registrations_are_chosen() -> None:
    def keys(platform: str | None, name: str | None, **options: Any) -> list[str]:
        return [found.key for found in kit.chosen(platform, name, Options(**options))]

    community, meta = {"LINKEDIN_COMMUNITY": ("id", "secret")}, {"FACEBOOK": ("id", "secret")}
    assert keys(None, None) == list(BY_KEY)
    assert keys("linkedin", None, credentials=community) == ["linkedin.community"]
    assert keys("facebook", None, credentials=meta) == ["facebook.login"]
    assert keys("facebook", "business", credentials=meta, settings={"FACEBOOK_CONFIG_ID": "7"}) == ["facebook.business"]
    with pytest.raises(BadOption, match="login, business"):
        keys("facebook", "community")
    with pytest.raises(BadOption, match="LINKEDIN_CLIENT_ID"):
        keys("linkedin", "share", credentials=community)


def test_media_of_a_real_account_must_be_named() -> None:
    report = Report("tiktok", "login", "v2", False, "2026-11-27")
    connection = {"platform": "tiktok", "account_kind": "creator", "granted_scopes": []}
    run = Run.__new__(Run)
    run.report, run.connection = report, connection
    run.choice = Choice(print, lambda accounts: accounts[0], print)
    run.tour = Tour({"control": "http://127.0.0.1/_control"})
    with pytest.raises(Failed, match=r"^media_missing$"):
        run._test_post()


def test_the_guide_and_the_target_exist() -> None:
    assert "\nsmoke: $(READY) ##" in (ROOT / "Makefile").read_text()
    assert "\n## Test with real accounts\n" in (ROOT / "docs" / "operating.md").read_text()


def test_every_registration_is_one_that_the_kit_knows() -> None:
    assert {type(found) for found in BY_KEY.values()} == {Registration}
    assert len(BY_KEY) == len(REGISTRATIONS)
