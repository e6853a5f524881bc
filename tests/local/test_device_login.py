"""The script that logs in from a terminal, against the local issuer of a running instance."""

from __future__ import annotations

import re
import subprocess
import sys
from html import unescape

import httpx
import pytest

from local.options import ROOT
from local.testing import Running
from tools.device_login import LoginFailed, log_in

CODE = re.compile(r"[A-Z]{4}-[A-Z]{4}")


def answer(said: str, action: str) -> None:
    """Open the page that the script named, as a person does, and press a button."""
    url = said.split()[1]
    with httpx.Client(trust_env=False, headers={"sec-fetch-mode": "navigate"}) as browser:
        page = browser.get(url)
        fields = re.findall(r'<input[^>]* name="(\w+)" value="([^"]*)"', page.text)
        form = {name: unescape(value) for name, value in fields} | {"who": "auth0|terminal", "action": action}
        assert form["user_code"] == CODE.findall(said)[0]
        assert browser.post(url.partition("?")[0], data=form).status_code == 200


def test_a_person_approves_and_the_terminal_has_a_token(stub: Running, api: httpx.Client) -> None:
    run = stub.description
    said: list[str] = []
    waits: list[float] = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 3:
            answer(said[0], "allow")
        for device in stub.runtime.provider.state.devices.all() if stub.runtime.provider else []:
            device.polled -= seconds if len(waits) != 2 else 0

    tokens = log_in(run["issuer"], "local-client", run["audience"], "openid offline_access", said.append, wait)
    assert waits == [5, 5, 10], "the second request came early, so the issuer asked for more patience"
    assert api.get("/private", headers={"authorization": f"Bearer {tokens['access_token']}"}).status_code == 200
    assert tokens["refresh_token"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"client_id": "nobody"}, "LOCAL_CLIENTS"),
        ({"audience": "x"}, "audience"),
        ({"issuer": "http://localhost:1/"}, "could not"),
    ],
)
def test_what_went_wrong_is_said(stub: Running, changes: dict[str, str], said: str) -> None:
    run = stub.description
    asked = {"issuer": run["issuer"], "client_id": "local-client", "audience": run["audience"], **changes}
    with pytest.raises(LoginFailed, match=said):
        log_in(**asked, scope="openid", tell=print, wait=lambda _: None)


def test_a_person_who_declines_ends_it(stub: Running) -> None:
    run = stub.description
    said: list[str] = []
    with pytest.raises(LoginFailed, match="declined"):
        log_in(run["issuer"], "local-client", run["audience"], "openid", said.append, lambda _: answer(said[0], "deny"))


def test_the_script_needs_nothing_but_python(stub: Running) -> None:
    run = stub.description
    command = [
        sys.executable,
        "-I",
        "-S",
        str(ROOT / "tools" / "device_login.py"),
        "--issuer",
        run["issuer"],
        "--client-id",
        "nobody",
    ]
    done = subprocess.run([*command, "--audience", "a"], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (1, "") and "Not logged in: Unknown client." in done.stderr
