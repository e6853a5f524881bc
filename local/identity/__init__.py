"""The local issuer: what Auth0 is in a deployment. It must never be reachable from another machine."""

from local.identity.issuer import CLIENT_ID, DEFAULT_SCOPE, DEFAULT_SUBJECT, LIFE_S, Issuer

__all__ = ["CLIENT_ID", "DEFAULT_SCOPE", "DEFAULT_SUBJECT", "LIFE_S", "Issuer"]
