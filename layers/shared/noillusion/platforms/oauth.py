"""The token endpoints of OAuth. Only their own words end a grant: a status alone may be a proxy's."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from dataclasses import replace
from typing import Any

from noillusion.core.records import record
from noillusion.core.sensitive import Secret
from noillusion.flows.effects import Effect
from noillusion.flows.faults import ErrorClass, PlatformError, UnexpectedShape
from noillusion.flows.protocol import App, Call, Flow, Reply, Tokens
from noillusion.platforms.reading import integer, scopes


@record(eq=True)
class TokenEndpoint:
    """Where a platform gives, renews and withdraws tokens in the way of RFC 6749 and 7009, and the names that differ."""

    url: str
    revocation_url: str
    dead: Container[str]
    """Codes with which it says that a grant is no good."""
    code_refused: Container[str]
    """Further codes with which it says that an authorization code is no good. At a refresh they say nothing of the grant."""
    refresh_life: str
    """The field with the refresh token's life."""
    subject: Callable[[Reply], str]
    """Reads the id of the person who consented, empty where there is none."""
    client_id: str = "client_id"
    """The field with the app's id."""

    def exchange(self, app: App, *, code: str, redirect_uri: str, asked: tuple[str, ...] = ()) -> Flow[Tokens]:
        """Exchange an authorization code. ``asked``: the scopes that count as granted where the reply names none."""
        form = {"grant_type": "authorization_code", "code": Secret(code), "redirect_uri": redirect_uri}
        try:
            reply = yield from self._ask(app, form)
        except PlatformError as error:
            if error.fault.code in self.code_refused:
                raise PlatformError(replace(error.fault, error_class=ErrorClass.REAUTH), error.effect) from None
            raise
        return self._tokens(reply, Tokens(Secret(""), scopes=asked))

    def refresh(self, app: App, tokens: Tokens) -> Flow[Tokens]:
        """Get new tokens for the refresh token."""
        form = {"grant_type": "refresh_token", "refresh_token": tokens.refresh}
        return self._tokens((yield from self._ask(app, form)), tokens)

    def revoke(self, app: App, tokens: Tokens) -> Flow[None]:
        """Withdraw a grant. A grant is withdrawn if the platform itself says of all its tokens that they are dead.

        An access token that has expired is dead as well, so the refresh token decides (RFC 7009 takes either).
        """
        for token in filter(None, (tokens.access, tokens.refresh)):
            form = {**self._credentials(app), "token": token}
            try:
                yield from self._answer(Call("POST", self.revocation_url, Effect.PREPARE, form=form, auth="none"))
            except PlatformError as error:
                if error.fault.error_class is not ErrorClass.REAUTH or not error.fault.certain:
                    raise
            else:
                return

    def _credentials(self, app: App) -> dict[str, Any]:
        return {self.client_id: app.client_id, "client_secret": app.client_secret}

    def _ask(self, app: App, form: Mapping[str, Any]) -> Flow[Reply]:
        full = {**form, **self._credentials(app)}
        return (yield from self._answer(Call("POST", self.url, Effect.PREPARE, form=full, auth="none")))

    def _answer(self, call: Call) -> Flow[Reply]:
        """The answer to a call. A refusal with one of the ``dead`` codes says for certain that the grant is no good."""
        try:
            reply: Reply = yield call
        except PlatformError as error:
            if error.fault.code in self.dead:
                raise PlatformError(replace(error.fault, certain=True), error.effect) from None
            raise
        return reply

    def _tokens(self, reply: Reply, before: Tokens) -> Tokens:
        """The tokens in a reply; what it leaves out or leaves empty stays as it was (failure-classes.md C1)."""
        access, refresh = reply["access_token"], reply.get("refresh_token")
        if not isinstance(access, str) or not isinstance(refresh, str | None):
            # Whatever it is, the stored token is better.
            raise UnexpectedShape("access_token" if not isinstance(access, str) else "refresh_token")
        return Tokens(
            access=Secret(access),
            refresh=Secret(refresh) if refresh else before.refresh,
            access_expires_in=integer(reply.get("expires_in")),
            refresh_expires_in=integer(reply.get(self.refresh_life)),
            scopes=scopes(reply.get("scope")) or before.scopes,
            subject=self.subject(reply) or before.subject,
        )
