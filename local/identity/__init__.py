"""The local issuer: what Auth0 is in a deployment. It must never be reachable from another machine.

``issuer`` has the key and the tokens, ``tokens`` the endpoints for applications, ``authorize`` and ``pages`` what browsers see,
``state`` what is remembered, ``clients`` who may log people in and where browsers may be sent, ``provider`` puts it together.
"""

from local.identity.issuer import CLIENT_ID, DEFAULT_SCOPE, DEFAULT_SUBJECT, LIFE_S, Issuer

__all__ = ["CLIENT_ID", "DEFAULT_SCOPE", "DEFAULT_SUBJECT", "LIFE_S", "Issuer"]
