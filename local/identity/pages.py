"""The issuer's pages: plain HTML that works without scripts, for keyboards and screen readers too."""

from __future__ import annotations

import json
import secrets
from html import escape
from typing import Any

from starlette.responses import HTMLResponse, Response

_STYLE = """
body{font:1rem/1.5 system-ui,sans-serif;color:#1b1b1f;background:#f4f4f7;margin:0;padding:2rem 1rem}
main{max-width:26rem;margin:0 auto;background:#fff;padding:1.5rem 2rem;border:1px solid #c8c8d0;border-radius:.5rem}
h1{font-size:1.4rem;margin:0 0 1rem}label{display:block;font-weight:600;margin-top:1rem}
input{box-sizing:border-box;width:100%;font:inherit;padding:.5rem;border:1px solid #767680;border-radius:.25rem}
button{font:inherit;padding:.5rem 1.25rem;margin:1.25rem .5rem 0 0}
button{border:1px solid #23408e;border-radius:.25rem;background:#fff;color:#23408e}
button.main{background:#23408e;color:#fff}.note{color:#4a4a55;font-size:.9rem}.error{color:#9b1c1c;font-weight:600}
:focus-visible{outline:3px solid #f2a900;outline-offset:2px}
"""


def page(title: str, body: str, status: int = 200) -> Response:
    """Return a page. No other page may show it in a frame, and nothing is loaded or run by it."""
    nonce = secrets.token_urlsafe(12)
    # No form-action: browsers would apply it to where the answer to a form leads, which is the application.
    policy = f"default-src 'none'; style-src 'nonce-{nonce}'; frame-ancestors 'none'; base-uri 'none'"
    text = (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style nonce="{nonce}">{_STYLE}</style></head>'
        f"<body><main><h1>{escape(title)}</h1>\n{body}\n"
        '<p class="note">Local issuer for development: it asks for no password.</p></main></body></html>'
    )
    return HTMLResponse(text, status, {"content-security-policy": policy, "x-frame-options": "DENY", **_PRIVATE})


_PRIVATE = {"cache-control": "no-store", "referrer-policy": "same-origin", "x-content-type-options": "nosniff"}


def login(transaction: str, application: str, hint: str, error: str = "") -> Response:
    """Return the login page; ``transaction`` is what the form must send back."""
    body = (
        f"<p>Log in to <strong>{escape(application)}</strong> as anybody.</p>"
        f'<form method="post" action="login"><input type="hidden" name="transaction" value="{escape(transaction)}">'
        f"{_who(hint, error)}"
        '<button class="main" name="action" value="login">Log in</button>'
        '<button name="action" value="cancel" formnovalidate>Cancel</button></form>'
    )
    return page("Log in", body, 400 if error else 200)


def activate(transaction: str, user_code: str, hint: str, error: str = "") -> Response:
    """Return the page on which a person approves a device."""
    body = (
        "<p>Compare the code with the one that your device shows. Approve only a login that you have started yourself.</p>"
        f'<form method="post" action="activate"><input type="hidden" name="transaction" value="{escape(transaction)}">'
        '<label for="user_code">Code</label>'
        f'<input id="user_code" name="user_code" value="{escape(user_code)}" required maxlength="20" autocomplete="off">'
        f"{_who(hint, error)}"
        '<button class="main" name="action" value="allow">Approve</button>'
        '<button name="action" value="deny" formnovalidate>Decline</button></form>'
    )
    return page("Log in a device", body, 400 if error else 200)


def _who(hint: str, error: str) -> str:
    shown = f'<p class="error" id="error" role="alert">{escape(error)}</p>' if error else ""
    described = "who-note error" if error else "who-note"
    invalid = ' aria-invalid="true"' if error else ""
    return (
        f'{shown}<label for="who">E-mail or subject</label><input id="who" name="who" value="{escape(hint)}" required autofocus '
        f'maxlength="200" autocomplete="username" aria-describedby="{described}"{invalid}>'
        '<p class="note" id="who-note">For example ada@example.com, or a subject as in the token: auth0|ada.</p>'
    )


def message(title: str, text: str, status: int = 200) -> Response:
    """Return a page that only says something."""
    return page(title, f"<p>{escape(text)}</p>", status)


def web_message(response: dict[str, Any], origin: str) -> Response:
    """Return a page that hands an answer to the application that opened it in a frame or window, and to no other."""
    nonce = secrets.token_urlsafe(12)
    policy = f"default-src 'none'; script-src 'nonce-{nonce}'; frame-ancestors {origin}; base-uri 'none'"
    sent, to = (_script(value) for value in ({"type": "authorization_response", "response": response}, origin))
    text = (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Log in</title></head><body>'
        f'<script nonce="{nonce}">(window.opener||window.parent).postMessage({sent},{to})</script></body></html>'
    )
    return HTMLResponse(text, 200, {"content-security-policy": policy, **_PRIVATE})


def _script(value: Any) -> str:
    """Return JSON that cannot end the script it stands in."""
    return json.dumps(value).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
