"""What the platforms behind Facebook Login share (platforms.md 0.4): the consent, the tokens, and where their calls go."""

from __future__ import annotations

from noillusion.core.sensitive import Secret
from noillusion.flows.inspection import TokenState
from noillusion.flows.protocol import Account, App, Flow, Tokens
from noillusion.platforms.contract import Platform
from noillusion.platforms.meta import inspection, login


class BehindFacebookLogin(Platform):
    """Accounts that a person gives access to in Facebook's dialog. Their tokens are those of Pages."""

    hosts = ("graph.facebook.com", "www.facebook.com", "rupload.facebook.com")
    signed_hosts = ("graph.facebook.com",)

    def authorize_url(self, app: App, *, redirect_uri: str, state: str) -> str:
        return login.authorize_url(app, redirect_uri=redirect_uri, state=state)

    def exchange(self, app: App, *, code: str, redirect_uri: str) -> Flow[Tokens]:
        return login.exchange(app, code=code, redirect_uri=redirect_uri)

    def revoke(self, app: App, tokens: Tokens) -> Flow[None]:
        return login.revoke(tokens)

    def token_state(self, app: App, token: Secret, account: Account) -> Flow[TokenState]:
        return inspection.token_state(app, token)
