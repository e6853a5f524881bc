"""A client of the simulated Graph API hosts, and how a person gets a token for it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx

from local.simulators.instagram.oauth import SCOPES as INSTAGRAM
from local.simulators.world import World

REDIRECT = "http://127.0.0.1:9/callback"
PAGE_SCOPES = (
    "pages_show_list,pages_manage_posts,pages_read_engagement,read_insights,pages_read_user_content,pages_manage_engagement"
)
INSTAGRAM_SCOPES = ",".join(sorted(INSTAGRAM))
DAY = 86_400


@dataclass
class Api:
    """One Graph host with a token."""

    http: httpx.Client
    base: str
    world: World
    host: str
    version: str = "v26.0"
    token: str = ""

    def get(self, path: str, **params: Any) -> httpx.Response:
        return self.http.get(f"{self.base}/{self.host}/{self.version}{path}", params=params, headers=self.bearer)

    def post(self, path: str, **form: Any) -> httpx.Response:
        return self.http.post(f"{self.base}/{self.host}/{self.version}{path}", data=form, headers=self.bearer)

    def delete(self, path: str) -> httpx.Response:
        return self.http.delete(f"{self.base}/{self.host}/{self.version}{path}", headers=self.bearer)

    def reached(self, url: str) -> str:
        """Where a URL that the platform gave is reached here."""
        return url.replace("https:/", self.base, 1)

    @property
    def bearer(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token}"} if self.token else {}

    def act(self, action: str, **body: Any) -> Any:
        name = "facebook" if "facebook" in self.host else "instagram"
        return self.http.post(f"{self.base}/_control/{name}/{action}", json=body).json()

    def state(self) -> Any:
        name = "facebook" if "facebook" in self.host else "instagram"
        return self.http.get(f"{self.base}/_control/state/{name}").json()

    def media(self, name: str) -> str:
        return f"{self.base}/_media/{name}"

    def pass_time(self, seconds: float) -> None:
        self.world.clock.offset += seconds


def error_of(answer: httpx.Response) -> tuple[int, int | None]:
    error = answer.json()["error"]
    assert error["type"] and error["message"] and error["fbtrace_id"]
    return error["code"], error.get("error_subcode")


def returned(answer: httpx.Response) -> dict[str, str]:
    assert answer.status_code == 302, answer.text
    return dict(parse_qsl(urlsplit(answer.headers["location"]).query))


def facebook_dialog(api: Api, **overrides: str) -> httpx.Response:
    params = {"client_id": "facebook-app", "redirect_uri": REDIRECT, "state": "st", "scope": PAGE_SCOPES, **overrides}
    return api.http.get(f"{api.base}/www.facebook.com/v26.0/dialog/oauth", params=params)


def user_token(api: Api, *, long: bool = True, **overrides: str) -> str:
    app = {"client_id": "facebook-app", "client_secret": "facebook-app-secret"}
    code = returned(facebook_dialog(api, **overrides))["code"]
    short = api.post("/oauth/access_token", **app, redirect_uri=REDIRECT, code=code).json()["access_token"]
    if not long:
        return str(short)
    answer = api.get("/oauth/access_token", **app, grant_type="fb_exchange_token", fb_exchange_token=short)
    return str(answer.json()["access_token"])


PAGE = "/101000000000001"


def instagram_dialog(api: Api, **overrides: str) -> httpx.Response:
    params = {
        "client_id": "instagram-app", "redirect_uri": REDIRECT, "response_type": "code", "scope": INSTAGRAM_SCOPES,
        "state": "st", **overrides,
    }  # fmt: skip
    return api.http.get(f"{api.base}/www.instagram.com/oauth/authorize", params=params)


def instagram_code_exchange(api: Api, code: str, **overrides: str) -> httpx.Response:
    form = {
        "client_id": "instagram-app", "client_secret": "instagram-app-secret", "grant_type": "authorization_code",
        "redirect_uri": REDIRECT, "code": code, **overrides,
    }  # fmt: skip
    return api.http.post(f"{api.base}/api.instagram.com/oauth/access_token", files={k: (None, v) for k, v in form.items()})


IG = "/17841400000000001"


def opened(signed: str, secret: str) -> Any:
    signature, _, payload = signed.partition(".")
    assert "=" not in signed, "the encoding is unpadded"
    expected = base64.urlsafe_b64encode(hmac.new(secret.encode(), payload.encode(), hashlib.sha256).digest()).rstrip(b"=")
    assert signature == expected.decode()
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
