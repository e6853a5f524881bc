"""What happens in a person's browser: authorization requests, the login page, logout, approval of a device.

It must never send a browser to an address that is not allowed, and never log anybody in who did not press a button.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from local.identity import pages
from local.identity.clients import Clients, OAuthError, origin_of
from local.identity.issuer import Issuer
from local.identity.requests import form, query
from local.identity.state import SESSION_S, Asked, Code, Login, Person, State
from local.identity.tokens import Tokens, scopes

MODES = ("query", "fragment", "web_message")
PROMPTS = ("none", "login", "consent", "select_account")
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}\Z")
_WHO = "Enter an e-mail address or a subject of at most 200 characters."
_STALE = "This page is no longer valid, or it was opened in another browser. Go back to the application and log in again."


class Browser:
    """The routes that browsers visit."""

    def __init__(self, issuer: Issuer, clients: Clients, state: State, tokens: Tokens) -> None:
        self.issuer, self.clients, self.state, self.tokens = issuer, clients, state, tokens
        parts = urlsplit(issuer.base)
        # Cookies do not know ports, so the name does.
        self._cookie, self._path = f"local_issuer_{parts.port}", parts.path.rstrip("/") or "/"

    def routes(self) -> list[BaseRoute]:
        """Return the routes below the issuer's URL."""
        return [
            Route("/authorize", self.authorize, methods=["GET"]),
            Route("/login", self.login, methods=["POST"]),
            Route("/activate", self.show_activation, methods=["GET"]),
            Route("/activate", self.activate, methods=["POST"]),
            Route("/v2/logout", self.logout, methods=["GET"]),
            Route("/oidc/logout", self.logout, methods=["GET"]),
        ]

    async def authorize(self, request: Request) -> Response:
        """Answer an authorization request (RFC 6749, 4.1.1; OpenID Connect Core 1.0, 3.1.2)."""
        try:
            sent = query(request)
            client_id, redirect_uri = sent.get("client_id", ""), sent.get("redirect_uri", "")
            if self.clients.get(client_id) is None:
                raise OAuthError("invalid_client", f"The client_id is unknown. {self.clients.known()}")
            if not self.clients.may_return(redirect_uri):
                raise OAuthError("invalid_request", "The redirect_uri is not allowed: " + WHERE)
        except OAuthError as problem:
            # Nobody is sent to an address that may be somebody else's.
            return pages.message("This login cannot start", problem.description, 400)
        mode = sent.get("response_mode", "query")
        asked = Asked(client_id, "", "", redirect_uri, sent.get("state", ""), mode if mode in MODES else "query")
        try:
            asked = self._checked(sent, asked)
            login = self._login_for(request, sent)
        except OAuthError as problem:
            return _back(asked, {"error": problem.error, "error_description": problem.description})
        if login:
            return self._send_code(asked, login)
        browser = request.cookies.get(self._cookie) or secrets.token_urlsafe(24)
        page = pages.login(self.state.pages.add((browser, asked)), client_id, sent.get("login_hint", "")[:200])
        return self._remember(page, browser)

    async def login(self, request: Request) -> Response:
        """Log in the person whose name was entered, and send the browser back to the application."""
        try:
            sent = await form(request)
        except OAuthError as problem:
            return pages.message("This login cannot continue", problem.description, 400)
        browser, asked = self.state.pages.get(sent.get("transaction", "")) or ("", None)
        if asked is None or not self._is_browser(request, browser):
            return pages.message("This login cannot continue", _STALE, 400)
        if sent.get("action") == "cancel":
            self.state.pages.pop(sent["transaction"])
            return _back(asked, {"error": "access_denied", "error_description": "The person cancelled."})
        person = Person.typed(sent.get("who", ""))
        if person is None:
            return pages.login(sent["transaction"], asked.client_id, sent.get("who", "")[:200], _WHO)
        self.state.pages.pop(sent["transaction"])
        login = self.state.login(person)
        self.state.sessions.add(login, browser)
        return self._remember(self._send_code(asked, login), browser)

    async def show_activation(self, request: Request) -> Response:
        """Show the page on which a person enters a device's code (RFC 8628, 3.3)."""
        browser = request.cookies.get(self._cookie) or secrets.token_urlsafe(24)
        login = self.state.sessions.get(browser)
        hint = login.person.subject if login else ""
        transaction = self.state.pages.add((browser, None))
        return self._remember(pages.activate(transaction, request.query_params.get("user_code", "")[:20], hint), browser)

    async def activate(self, request: Request) -> Response:
        """Approve or decline a device."""
        try:
            sent = await form(request)
        except OAuthError as problem:
            return pages.message("This login cannot continue", problem.description, 400)
        transaction, code, who = (sent.get(name, "") for name in ("transaction", "user_code", "who"))
        browser, _ = self.state.pages.get(transaction) or ("", None)
        if not self._is_browser(request, browser):
            return pages.message("This login cannot continue", _STALE, 400)
        device = self.state.waiting_device(code)
        if device is None:
            return pages.activate(transaction, code[:20], who[:200], "No device waits with this code. It may have expired.")
        if sent.get("action") == "deny":
            device.denied = True
            return pages.message("Declined", "The device was not logged in. You can close this page.")
        person = Person.typed(who)
        if sent.get("action") != "allow" or person is None:
            return pages.activate(transaction, code[:20], who[:200], _WHO)
        self.state.pages.pop(transaction)
        device.login = self.state.login(person)
        return pages.message("Approved", "The device is logged in. You can close this page.")

    async def logout(self, request: Request) -> Response:
        """End the login at this browser, as Auth0's ``/v2/logout`` and OpenID Connect RP-Initiated Logout 1.0 have it."""
        sent = request.query_params
        target = sent.get("post_logout_redirect_uri") or sent.get("returnTo") or ""
        if target and not self.clients.may_return(target):
            return pages.message("Not logged out", "The address to return to is not allowed: " + WHERE, 400)
        self.state.sessions.pop(request.cookies.get(self._cookie, ""))
        if not target:
            return pages.message("Logged out", "You can close this page.")
        state = sent.get("state")
        return RedirectResponse(_with(target, {"state": state}) if state else target, 302, {"cache-control": "no-store"})

    # ---- parts -------------------------------------------------------------------------------------------------------------

    def _checked(self, sent: Mapping[str, str], asked: Asked) -> Asked:
        """Return the request with everything that it asks for. Raises OAuthError."""
        if sent.get("response_type") != "code":
            raise OAuthError("unsupported_response_type", "response_type must be code.")
        if sent.get("response_mode", "query") not in MODES:
            raise OAuthError("invalid_request", f"response_mode must be one of {', '.join(MODES)}.")
        for name in ("request", "request_uri"):
            if name in sent:
                raise OAuthError(f"{name}_not_supported", f"{name} is not supported.")
        challenge, method = sent.get("code_challenge", ""), sent.get("code_challenge_method", "plain")
        if challenge and (method != "S256" or not _CHALLENGE.match(challenge)):
            raise OAuthError("invalid_request", "code_challenge_method must be S256, with a challenge of 43 characters.")
        client = self.clients.get(asked.client_id)
        if not challenge and client and client.is_public:
            raise OAuthError("invalid_request", "A public client needs PKCE: code_challenge is missing.")
        scope, audience = scopes(sent.get("scope", "")), self.tokens.audience(sent)
        return Asked(
            asked.client_id,
            scope,
            audience,
            asked.redirect_uri,
            asked.state,
            asked.response_mode,
            sent.get("nonce", ""),
            challenge,
        )

    def _login_for(self, request: Request, sent: Mapping[str, str]) -> Login | None:
        """Return the login that answers the request, ``None`` if the person has to be asked. Raises OAuthError."""
        prompts = sent.get("prompt", "").split()
        if not set(prompts) <= set(PROMPTS) or ("none" in prompts and len(prompts) > 1):
            raise OAuthError("invalid_request", f"prompt must be one of {', '.join(PROMPTS)}.")
        max_age = sent.get("max_age", "")
        if max_age and not max_age.isdecimal():
            raise OAuthError("invalid_request", "max_age must be a number of seconds.")
        login = self.state.sessions.get(request.cookies.get(self._cookie, ""))
        if login and max_age and self.state.clock() - login.at >= int(max_age):
            login = None
        if prompts == ["none"] and login is None:
            raise OAuthError("login_required", "Nobody is logged in at this browser.")
        return None if {"login", "select_account"} & set(prompts) else login

    def _send_code(self, asked: Asked, login: Login) -> Response:
        return _back(asked, {"code": self.state.codes.add(Code(asked, login))})

    def _is_browser(self, request: Request, browser: str) -> bool:
        """Tell whether a form comes from the browser that its page was shown in."""
        return bool(browser) and secrets.compare_digest(request.cookies.get(self._cookie, "").encode(), browser.encode())

    def _remember(self, response: Response, browser: str) -> Response:
        response.set_cookie(self._cookie, browser, max_age=SESSION_S, path=self._path, httponly=True, samesite="lax")
        return response


WHERE = (
    "it must be on this machine (http://localhost:…), at an origin of ALLOWED_ORIGINS or below a prefix of RETURN_URLS, "
    "and have no fragment."
)


def _back(asked: Asked, result: Mapping[str, str]) -> Response:
    """Send the browser back to the application with a result (OAuth 2.0 Multiple Response Type Encoding Practices, 2.1)."""
    full = {**result, **({"state": asked.state} if asked.state else {})}
    if asked.response_mode == "web_message":
        return pages.web_message(full, origin_of(asked.redirect_uri))
    url = f"{asked.redirect_uri}#{urlencode(full)}" if asked.response_mode == "fragment" else _with(asked.redirect_uri, full)
    return RedirectResponse(url, 303, {"cache-control": "no-store", "referrer-policy": "no-referrer"})


def _with(url: str, added: Mapping[str, str]) -> str:
    return f"{url}{'&' if '?' in url else '?'}{urlencode(added)}"
