"""The proof that a call with a token comes from the app that the token was given to (platforms.md 0.4)."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Container
from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

from noillusion.core.sensitive import Secret
from noillusion.flows.protocol import App, Call

PARAMETER: Final = "appsecret_proof"


def signed(call: Call, token: Secret | None, app: App | None, hosts: Container[str]) -> Call:
    """Return the call with a proof, if the app signs its calls and the host is one of those that know proofs."""
    used = token if call.auth != "none" else _own_token(call)
    if app is None or not app.signs or used is None or urlsplit(call.url).netloc not in hosts:
        return call
    proof = hmac.new(app.client_secret.reveal().encode(), used.reveal().encode(), hashlib.sha256).hexdigest()

    def proven(one: Call) -> Call:
        return replace(one, query={**one.query, PARAMETER: Secret(proof)})

    # Each call of a batch is checked like one that is sent alone.
    return replace(proven(call), batch=tuple(proven(each) for each in call.batch))


def _own_token(call: Call) -> Secret | None:
    """Return the token that a call brings along, ``None`` if it has none."""
    header = call.headers.get("authorization")
    _, _, token = header.reveal().partition(" ") if isinstance(header, Secret) else ("", "", "")
    return Secret(token) if token else None
