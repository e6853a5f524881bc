"""Log in from a terminal with the device flow (RFC 8628), at the local issuer or at Auth0: ``python3 tools/device_login.py``.

Prints the access token and nothing else to standard output. Needs nothing but Python.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

GRANT = "urn:ietf:params:oauth:grant-type:device_code"
Json = dict[str, Any]


class LoginFailed(Exception):
    """The login did not succeed; the message says why."""


def call(url: str, form: dict[str, str] | None = None) -> tuple[int, Json]:
    """Send a form, or nothing. Return status and JSON of the answer. Raises LoginFailed."""
    body = urllib.parse.urlencode(form).encode() if form else None
    request = urllib.request.Request(url, body, {"accept": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refused:
        try:
            return refused.code, json.load(refused)
        except ValueError:
            raise LoginFailed(f"{url} answered {refused.code}") from None
    except (OSError, ValueError) as problem:
        raise LoginFailed(f"{url} could not be read: {problem}") from None


def discover(issuer: str) -> Json:
    """Return the issuer's discovery document. Raises LoginFailed."""
    status, document = call(f"{issuer.removesuffix('/')}/.well-known/openid-configuration")
    if status != 200 or "device_authorization_endpoint" not in document:
        raise LoginFailed(f"{issuer} does not offer the device flow")
    return document


def log_in(
    issuer: str,
    client_id: str,
    audience: str,
    scope: str,
    tell: Callable[[str], None],
    wait: Callable[[float], None] = time.sleep,
) -> Json:
    """Return the answer of the token endpoint once a person has approved. Raises LoginFailed."""
    endpoints = discover(issuer)
    asked = {"client_id": client_id, "scope": scope, "audience": audience}
    status, device = call(endpoints["device_authorization_endpoint"], asked)
    if status != 200:
        raise LoginFailed(device.get("error_description") or str(device.get("error")))
    page = device.get("verification_uri_complete") or device["verification_uri"]
    tell(f"Open {page} and compare the code: {device['user_code']}")
    interval = float(device.get("interval", 5))
    form = {"grant_type": GRANT, "device_code": device["device_code"], "client_id": client_id}
    while True:
        wait(interval)
        status, answer = call(endpoints["token_endpoint"], form)
        if status == 200:
            return answer
        if answer.get("error") == "slow_down":
            interval += 5
        elif answer.get("error") != "authorization_pending":
            raise LoginFailed(answer.get("error_description") or str(answer.get("error")))


def _running(directory: Path) -> Json:
    try:
        return dict(json.loads((directory / "run.json").read_text("utf-8")))
    except (OSError, ValueError):
        return {}


def main() -> int:
    """Return exit code 0 if somebody logged in, else 1."""
    run = _running(Path(__file__).resolve().parent.parent / ".local")
    parser = argparse.ArgumentParser(description="Log in with the device flow and print the access token.")
    parser.add_argument("--issuer", default=run.get("issuer"), help="default: that of the running make run")
    parser.add_argument("--client-id", default="local-client", help="a client with the device grant (default: local-client)")
    parser.add_argument("--audience", default=run.get("audience"), help="identifier of the API")
    parser.add_argument("--scope", default="openid profile offline_access")
    parser.add_argument("--json", action="store_true", help="print the whole answer, with the refresh token")
    chosen = parser.parse_args()
    if not chosen.issuer or not chosen.audience:
        parser.error("name --issuer and --audience, or start make run first")
    try:
        answer = log_in(
            chosen.issuer, chosen.client_id, chosen.audience, chosen.scope, lambda text: print(text, file=sys.stderr, flush=True)
        )
    except LoginFailed as problem:
        print(f"Not logged in: {problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    print(json.dumps(answer) if chosen.json else answer["access_token"])
    return 0


if __name__ == "__main__":
    sys.exit(main())
