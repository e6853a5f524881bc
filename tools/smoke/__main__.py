"""``python -m tools.smoke [linkedin] [--registration community]``: test a registration, or all of them against the simulators.

The operator's registrations are those of the environment, as for ``make run``: LINKEDIN_CLIENT_ID, LINKEDIN_CLIENT_SECRET,
PUBLIC_URL and so on. Without them the simulators stand for the platforms.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from local.demo.tour import Tour
from local.environment import BadOption, options_from
from local.options import ROOT, Options, StartFailed
from local.stopping import interrupt_on_signals
from local.testing import running
from noillusion.catalog import lifetimes, registrations
from noillusion.catalog.platforms import NAMES, PLATFORMS
from noillusion.catalog.registrations import Registration
from tools.smoke.consent import Returns, listening
from tools.smoke.report import NotReportable, Report
from tools.smoke.run import Choice, Run
from tools.smoke.simulated import SimulatedPerson, simulated_options

REPORTS = ROOT / ".local" / "smoke"


def chosen(platform: str | None, name: str | None, options: Options) -> list[Registration]:
    """Return the registrations to test: the one that is named, else those of the operator, else all. Raises BadOption."""
    found = [one for one in registrations.REGISTRATIONS if platform in (None, one.platform) and name in (None, one.name)]
    if not found:
        known = ", ".join(one.name for one in registrations.REGISTRATIONS if platform in (None, one.platform))
        raise BadOption(f"REGISTRATION must be one of {known}")
    real = [one for one in found if is_real(one, options)]
    if name is None and real:
        return real
    if options.credentials and not real:
        prefixes = " or ".join(sorted({one.prefix for one in found}))
        raise BadOption(f"set {prefixes}_CLIENT_ID and _CLIENT_SECRET, or no registration at all to use the simulators")
    return found


def is_real(registration: Registration, options: Options) -> bool:
    """Return whether the operator has an app of a registration."""
    shared = bool(registration.shares) and registration.shares in options.credentials
    configured = bool(registration.configuration) and registration.configuration in options.settings
    return registration.prefix in options.credentials or (shared and configured)


def pick(accounts: list[dict[str, Any]]) -> dict[str, Any]:
    """Let the operator choose one of the accounts."""
    if len(accounts) == 1 or not sys.stdin.isatty():
        return accounts[0]
    for number, account in enumerate(accounts, 1):
        print(f"  {number}. {account['kind']} {account['name']}")
    answer = input(f"Which account (1 to {len(accounts)})? ")
    return accounts[int(answer) - 1] if answer.isdecimal() and 0 < int(answer) <= len(accounts) else accounts[0]


def tell(text: str) -> None:
    """Print a line at once."""
    print(text, flush=True)


def invite(url: str) -> None:
    """Print the URL of the dialog, and how to come back from it."""
    tell(f"\nOpen this URL in a browser and give your consent:\n\n  {url}\n")
    tell("If PUBLIC_URL leads to this machine, this goes on by itself. Else paste the URL that the browser ended at, then Enter:")


@contextlib.contextmanager
def instance(options: Options) -> Iterator[dict[str, Any]]:
    """Start an instance in a directory that is deleted at the end, with all that it holds."""
    with (
        tempfile.TemporaryDirectory(prefix="noillusion-smoke-") as name,
        running(replace(options, directory=Path(name), kept=None)) as started,
    ):
        yield started.description


def smoke(run: dict[str, Any], registration: Registration, returns: Returns, choice: Choice, *, simulated: bool) -> Report:
    """Run the steps with one registration."""
    api = PLATFORMS[registration.platform].owner or registration.platform
    today = datetime.now(UTC).date().isoformat()
    report = Report(registration.platform, registration.name, lifetimes.version(api), simulated, today)
    with Tour(run) as tour:
        tour.sign_in()
        tour.call("GET", "/v1/profile")
        if simulated:
            person = SimulatedPerson(tour, registration, returns)
            choice = replace(choice, open_url=person.consents, pick=person.picks)
        Run(tour, report, returns, choice).all()
    return report


def arguments(given: list[str] | None) -> argparse.Namespace:
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("platform", nargs="?", choices=NAMES, help="without it: all of them")
    parser.add_argument("--registration", help="one of the platform's registrations, such as community")
    parser.add_argument("--media", help="the https URL or the file of an image (Instagram) or a video (TikTok)")
    parser.add_argument("--leave", action="store_true", help="publish also where no app can delete the post (Instagram Login)")
    parser.add_argument("--reports", type=Path, default=REPORTS, help=f"where the reports go (default: {REPORTS})")
    return parser.parse_args(given)


def main(given: list[str] | None = None) -> int:
    """Return exit code 0 if every step of every registration succeeded, else 1."""
    interrupt_on_signals()
    asked, failed = arguments(given), 0
    try:
        options = options_from(os.environ)
        wanted = chosen(asked.platform, asked.registration, options)
        simulated = not options.credentials
        with listening() as returns:
            options = replace(options, return_urls=(returns.url,))
            if simulated:
                options = simulated_options(options)
            else:
                returns.read(sys.stdin)
            with instance(options) as run:
                for registration in wanted:
                    tell(f"\n{registration.title} ({registration.key}){', simulated' if simulated else ''}")
                    choice = Choice(invite, pick, tell, asked.media, asked.leave)
                    report = smoke(run, registration, returns, choice, simulated=simulated)
                    for step in report.steps:
                        tell(f"  {step.outcome:8}{step.name} ({step.seconds} s) {step.facts.get('code', '')}".rstrip())
                    tell(f"  Report: {report.write(asked.reports)}")
                    failed += not report.ok
    except (BadOption, StartFailed, NotReportable) as problem:
        print(f"The smoke test cannot run: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped.", file=sys.stderr)
        return 1
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
