"""The page of a dialog, for a person in a browser: who asks for what, what to tick, and how to end.

A dialog shows it where the control action ``consent`` says ``{"decision": "ask"}``. Otherwise the person decides at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html import escape
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from local.simulators.world import Json

ASK = "ask"


@dataclass(frozen=True, slots=True)
class Page:
    """What a dialog shows. Pressing a button posts its decision with what is ticked to the URL of the dialog."""

    platform: str
    person: str
    scopes: Mapping[str, bool]
    """Scope → whether it can be unticked."""
    buttons: Mapping[str, str]
    """Decision → the text of its button."""
    errors: Iterable[str]
    """Errors of the platform that can be asked for instead."""
    accounts: Mapping[str, str] = field(default_factory=dict)
    """Id → name of the accounts that can be unticked."""

    def response(self) -> Response:
        """Return the page."""
        scopes = "".join(_box("scope", name, name, fixed=not free) for name, free in sorted(self.scopes.items()))
        accounts = "".join(_box("account", number, name) for number, name in self.accounts.items())
        choice = f"<fieldset><legend>Accounts</legend>{accounts}</fieldset>" if self.accounts else ""
        buttons = "".join(_button(decision, text) for decision, text in self.buttons.items())
        errors = "".join(_button(name, name) for name in self.errors)
        title = f"{escape(self.platform)} (simulated)"
        return HTMLResponse(
            f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title><h1>{title}</h1>'
            f'<form method="post"><p>An app wants access to the account of {escape(self.person)}.</p>'
            f"<fieldset><legend>Permissions</legend>{scopes}</fieldset>{choice}<p>{buttons}</p>"
            f"<details><summary>Errors of the platform</summary>{errors}</details></form></html>"
        )


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided on the page."""

    decision: str
    scopes: frozenset[str]
    """Those that were ticked."""
    accounts: frozenset[str]


async def decided(request: Request) -> Decision | None:
    """Return what was posted by the page; ``None`` while it has yet to be shown."""
    if request.method != "POST":
        return None
    posted = parse_qs((await request.body()).decode())
    ticked = (frozenset(posted.get(name, ())) for name in ("scope", "account"))
    return Decision(posted.get("decision", ["deny"])[0], *ticked)


def decisions(errors: Iterable[str]) -> str:
    """Return the decisions that the control action ``consent`` takes."""
    return "|".join(("grant", ASK, *errors))


def unknown_decision(options: Json, errors: Iterable[str]) -> Json | None:
    """Return what the control action ``consent`` answers to a decision that the dialog does not know."""
    known = decisions(errors)
    return None if options.get("decision", "grant") in known.split("|") else {"error": f"no such decision; there are {known}"}


def _box(name: str, value: str, label: str, *, fixed: bool = False) -> str:
    # A disabled box is not sent, so one that is fixed is sent by a hidden field.
    hidden = f'<input type="hidden" name="{name}" value="{escape(value)}">' if fixed else ""
    box = f'<input type="checkbox" name="{name}" value="{escape(value)}" checked{" disabled" if fixed else ""}>'
    return f"<p><label>{box} {escape(label)}</label>{hidden}</p>"


def _button(decision: str, text: str) -> str:
    return f'<button name="decision" value="{escape(decision)}">{escape(text)}</button> '
