"""Meta's SDK with a token, and what its classes say of the fields of nodes."""

from __future__ import annotations

import inspect
import re
from typing import Any

from facebook_business.api import FacebookAdsApi
from facebook_business.session import FacebookSession

from tests.sdks.conftest import REDIRECT, Platforms

APP = ("facebook-app", "facebook-app-secret")
SCOPES = "pages_show_list,pages_manage_posts,pages_read_engagement,read_insights,pages_read_user_content,pages_manage_engagement"


def graph(token: str | None = None, version: str = "v26.0") -> FacebookAdsApi:
    """Return the SDK for a token, whose calls it signs, or for none."""
    session = FacebookSession(APP[0], APP[1], token) if token else FacebookSession()
    return FacebookAdsApi(session, version)


def user_token(platforms: Platforms, **asked: str) -> str:
    """Return a person's long-lived token for an application that the person lets in."""
    dialog = {"client_id": APP[0], "redirect_uri": REDIRECT, "response_type": "code", "state": "s"}
    back = platforms.consent("https://www.facebook.com/v26.0/dialog/oauth", **dialog, **(asked or {"scope": SCOPES}))
    app = {"client_id": APP[0], "client_secret": APP[1]}
    endpoint = ("oauth", "access_token")
    short = graph().call("GET", endpoint, params={**app, "redirect_uri": REDIRECT, "code": back["code"]}).json()["access_token"]
    longer = {**app, "grant_type": "fb_exchange_token", "fb_exchange_token": short}
    return str(graph().call("GET", endpoint, params=longer).json()["access_token"])


def fields_of(node: Any, last: str | None = None) -> list[str]:
    """Return the fields of a node that the SDK names. Parameters of its creation follow after a gap, or after ``last``."""
    source = inspect.getsource(node.Field).split("\n\n")[0]
    names = re.findall(r"= '(\w+)'", source)
    return names[: names.index(last) + 1] if last else names
