"""Failures of session fixtures: reported once, not again for every test that needs the fixture."""

from __future__ import annotations

from collections.abc import Generator

import pytest

ATTRIBUTE = "failed_session_fixture"
BLOCKED = "blocked"


class SessionFixtures:
    """Reports the first test that a session fixture fails in full, and counts the others as blocked."""

    def __init__(self) -> None:
        self._reported: dict[str, str] = {}

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[object]) -> Generator[None, object, object]:
        """Mark the error of a session fixture, which pytest keeps and raises again for each test."""
        try:
            return (yield)
        except Exception as error:
            if fixturedef.scope == "session" and not hasattr(error, ATTRIBUTE):
                setattr(error, ATTRIBUTE, f"{fixturedef.argname}: {error}")
            raise

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, call: pytest.CallInfo[None]) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Name the failed fixture in the report, which may travel to another process."""
        report = yield
        if report.failed and call.excinfo is not None:
            setattr(report, ATTRIBUTE, getattr(call.excinfo.value, ATTRIBUTE, None))
        return report

    @pytest.hookimpl(tryfirst=True)
    def pytest_report_teststatus(self, report: pytest.TestReport) -> tuple[str, str, str] | None:
        """Tell the first test that a failure blocks from the others."""
        failure = getattr(report, ATTRIBUTE, None)
        if failure is None or self._reported.setdefault(failure, report.nodeid) == report.nodeid:
            return None
        return BLOCKED, "b", "BLOCKED"
