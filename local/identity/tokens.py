"""Token, revocation and userinfo endpoints: codes, refresh tokens that rotate, client credentials, devices."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from local.identity.clients import Client, Clients, OAuthError
from local.identity.issuer import ID_LIFE_S, LIFE_S, Issuer
from local.identity.requests import answer, form, refused
from local.identity.state import Asked, Family, Login, State, digest
from noillusion.api.scopes import SCOPES

CODE, REFRESH, MACHINE = "authorization_code", "refresh_token", "client_credentials"
DEVICE = "urn:ietf:params:oauth:grant-type:device_code"
_UNKNOWN_REFRESH = "Unknown or invalid refresh token."


class Tokens:
    """The endpoints that applications call without a person."""

    def __init__(self, issuer: Issuer, clients: Clients, state: State) -> None:
        self.issuer, self.clients, self.state = issuer, clients, state
        self._grants = {CODE: self._code, REFRESH: self._refresh, MACHINE: self._machine, DEVICE: self._device}

    def routes(self) -> list[BaseRoute]:
        """Return the routes below the issuer's URL."""
        return [
            Route("/oauth/token", self.token, methods=["POST"]),
            Route("/oauth/revoke", self.revoke, methods=["POST"]),
            Route("/oauth/device/code", self.device, methods=["POST"]),
            Route("/userinfo", self.userinfo, methods=["GET", "POST"]),
        ]

    async def token(self, request: Request) -> Response:
        """Answer a token request (RFC 6749, 4 and 6; RFC 8628, 3.4)."""
        try:
            sent = await form(request)
            grant = self._grants.get(sent.get("grant_type", ""))
            if grant is None:
                raise OAuthError("unsupported_grant_type", f"grant_type must be one of {', '.join(self._grants)}.")
            return answer(grant(self.clients.authenticate(request.headers.get("authorization", ""), sent), sent))
        except OAuthError as problem:
            return refused(problem)

    async def revoke(self, request: Request) -> Response:
        """Revoke a refresh token and all that follow from the same login (RFC 7009)."""
        try:
            sent = await form(request)
            client = self.clients.authenticate(request.headers.get("authorization", ""), sent)
        except OAuthError as problem:
            return refused(problem)
        name = sent.get("token", "").partition(".")[0]
        family = self.state.families.get(name)
        if family and family.asked.client_id == client.id:
            self.state.revoke(name)
        return Response(status_code=200)

    async def device(self, request: Request) -> Response:
        """Begin the login of a device (RFC 8628, 3.1)."""
        try:
            sent = await form(request)
            client = self.clients.authenticate(request.headers.get("authorization", ""), sent)
            asked = Asked(client.id, scopes(sent.get("scope", "")), self.audience(sent))
        except OAuthError as problem:
            return refused(problem)
        code, device = self.state.add_device(asked)
        page = f"{self.issuer.base}activate"
        return answer(
            {
                "device_code": code,
                "user_code": device.user_code,
                "verification_uri": page,
                "verification_uri_complete": f"{page}?user_code={device.user_code}",
                "expires_in": int(device.until - self.state.clock()),
                "interval": device.interval,
            }
        )

    async def userinfo(self, request: Request) -> Response:
        """Return the claims about the person of an access token (OpenID Connect Core 1.0, 5.3)."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        claims = self.issuer.read(token, f"{self.issuer.url}userinfo") if scheme.lower() == "bearer" else None
        if claims is None:
            body = {"error": "invalid_token", "error_description": "The access token is missing, invalid or expired."}
            return JSONResponse(body, 401, {"www-authenticate": 'Bearer error="invalid_token"'})
        subject = str(claims.get("sub"))
        return answer({"sub": subject, **self.state.person(subject).profile(str(claims.get("scope", "")))})

    def audience(self, sent: Mapping[str, str]) -> str:
        """Return the API that a token is asked for; without a name it is this one, like Auth0's default audience."""
        audience = sent.get("audience") or self.issuer.audience
        if audience not in (self.issuer.audience, f"{self.issuer.url}userinfo"):
            raise OAuthError("access_denied", f"Service not found. The audience of this API is {self.issuer.audience}.")
        return audience

    # ---- grants ------------------------------------------------------------------------------------------------------------

    def _code(self, client: Client, sent: Mapping[str, str]) -> dict[str, Any]:
        code = self.state.codes.get(sent.get("code", ""))
        if code is None or code.asked.client_id != client.id:
            raise OAuthError("invalid_grant", "Invalid authorization code.")
        if code.used:
            # Somebody else may have used it (RFC 6749, 4.1.2).
            self.state.revoke(code.family)
            raise OAuthError("invalid_grant", "The authorization code was already used.")
        code.used = True
        if sent.get("redirect_uri") != code.asked.redirect_uri:
            raise OAuthError("invalid_grant", "redirect_uri differs from that of the authorization request.")
        _check_verifier(code.asked.challenge, sent.get("code_verifier", ""))
        granted = self._granted(code.asked, code.login)
        code.family = granted.get("refresh_token", "").partition(".")[0]
        return granted

    def _refresh(self, client: Client, sent: Mapping[str, str]) -> dict[str, Any]:
        token = sent.get("refresh_token", "")
        name = token.partition(".")[0]
        family = self.state.families.get(name)
        if family is None or family.asked.client_id != client.id or family.revoked:
            raise OAuthError("invalid_grant", _UNKNOWN_REFRESH)
        if not hmac.compare_digest(digest(token), family.newest):
            # An older token of the family: either its owner or a thief has it twice.
            self.state.revoke(name)
            raise OAuthError("invalid_grant", _UNKNOWN_REFRESH)
        wanted = scopes(sent.get("scope") or family.asked.scope)
        if not set(wanted.split()) <= set(family.asked.scope.split()):
            raise OAuthError("invalid_scope", "The scope exceeds what the person agreed to.")
        self.audience(sent)
        granted = self._signed(family.asked, family.login, wanted, nonce="")
        return {**granted, "refresh_token": self.state.renew(name, family)}

    def _machine(self, client: Client, sent: Mapping[str, str]) -> dict[str, Any]:
        if client.is_public:
            raise OAuthError("unauthorized_client", "A public client cannot prove who it is; use local-secret-client.")
        # Without a wish, all that the machine may have, as at Auth0.
        scope = scopes(sent.get("scope", "")) or " ".join(SCOPES)
        claims = self.issuer.claims(f"{client.id}@clients", scope, self.audience(sent))
        claims |= {"azp": client.id, "gty": "client-credentials", "aud": claims["aud"][0]}
        return {"access_token": self.issuer.sign(claims), "scope": scope, "expires_in": LIFE_S, "token_type": "Bearer"}

    def _device(self, client: Client, sent: Mapping[str, str]) -> dict[str, Any]:
        name = sent.get("device_code", "")
        device, now = self.state.devices.get(name), self.state.clock()
        if device is None or device.asked.client_id != client.id:
            raise OAuthError("invalid_grant", "Invalid device code.")
        if device.denied:
            raise OAuthError("access_denied", "The person declined.")
        if device.login is None and now > device.until:
            raise OAuthError("expired_token", "The device code has expired. Start again.")
        early = now - device.polled < device.interval
        device.polled = now
        if early:
            device.interval += 5
            raise OAuthError("slow_down", f"Ask every {device.interval} seconds.")
        if device.login is None:
            raise OAuthError("authorization_pending", "Nobody has entered the code yet.")
        self.state.devices.pop(name)
        return self._granted(device.asked, device.login)

    def _granted(self, asked: Asked, login: Login) -> dict[str, Any]:
        granted = self._signed(asked, login, asked.scope, asked.nonce)
        if "offline_access" not in asked.scope.split():
            return granted
        family = Family(asked, login)
        return {**granted, "refresh_token": self.state.renew(self.state.families.add(family), family)}

    def _signed(self, asked: Asked, login: Login, scope: str, nonce: str) -> dict[str, Any]:
        """Access token and, for the scope ``openid``, ID token (OpenID Connect Core 1.0, 2)."""
        person, now = login.person, int(time.time())
        access = {**self.issuer.claims(person.subject, scope, asked.audience), "azp": asked.client_id}
        granted = {"access_token": self.issuer.sign(access), "scope": scope, "expires_in": LIFE_S, "token_type": "Bearer"}
        if "openid" not in scope.split():
            return granted
        identity = {
            **person.profile(scope),
            "iss": self.issuer.url,
            "sub": person.subject,
            "aud": asked.client_id,
            "iat": now,
            "exp": now + ID_LIFE_S,
            "auth_time": login.at,
            "sid": login.sid,
            **({"nonce": nonce} if nonce else {}),
        }
        return {**granted, "id_token": self.issuer.sign(identity)}


def scopes(text: str) -> str:
    """Return scopes without repetition. Raises OAuthError for characters that a scope cannot have (RFC 6749, 3.3)."""
    if not all("\x21" <= letter <= "\x7e" and letter not in '"\\' for letter in text if letter != " "):
        raise OAuthError("invalid_scope", "A scope consists of printable ASCII characters.")
    return " ".join(dict.fromkeys(text.split(" ") if text else [])).strip()


def _check_verifier(challenge: str, verifier: str) -> None:
    """Raise OAuthError unless the verifier belongs to the challenge (RFC 7636, 4.6; S256 only)."""
    if bool(challenge) != bool(verifier):
        raise OAuthError("invalid_grant", "code_verifier is missing." if challenge else "There was no code_challenge.")
    expected = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    if challenge and not hmac.compare_digest(expected, challenge):
        raise OAuthError("invalid_grant", "code_verifier does not belong to code_challenge.")
