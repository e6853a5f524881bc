"""Simulators behind real HTTP on a free loopback port, for the time of one test, and clients of the Graph API."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from local.simulators.facebook import simulator as facebook
from local.simulators.instagram import simulator as instagram
from local.simulators.world import World
from tests.simulators.graph_api import Api, instagram_code_exchange, instagram_dialog, returned, user_token
from tests.support.serving import serving

SimulatorFactory = Callable[..., tuple[str, World]]


@pytest.fixture
def simulator_factory() -> Iterator[SimulatorFactory]:
    """``simulator_factory(facebook, …)`` starts a server with these modules and returns (base URL, world)."""
    with ExitStack() as stack:
        yield lambda *modules: stack.enter_context(serving(*modules))


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    with httpx.Client(trust_env=False, timeout=20) as client:
        yield client


@pytest.fixture
def graph(simulator_factory: Callable[..., tuple[str, World]], http: httpx.Client) -> Api:
    base, world = simulator_factory(facebook)
    return Api(http, base, world, "graph.facebook.com")


@pytest.fixture
def page(graph: Api) -> Api:
    graph.token = user_token(graph)
    first = graph.get("/me/accounts", fields="id,access_token").json()["data"][0]
    graph.token = first["access_token"]
    return graph


@pytest.fixture
def insta(simulator_factory: Callable[..., tuple[str, World]], http: httpx.Client) -> Api:
    base, world = simulator_factory(instagram)
    return Api(http, base, world, "graph.instagram.com")


@pytest.fixture
def account(insta: Api) -> Api:
    short = instagram_code_exchange(insta, returned(instagram_dialog(insta))["code"]).json()["access_token"]
    params = {"grant_type": "ig_exchange_token", "client_secret": "instagram-app-secret", "access_token": short}
    insta.token = insta.http.get(f"{insta.base}/graph.instagram.com/access_token", params=params).json()["access_token"]
    return insta


@pytest.fixture
def callback() -> Iterator[tuple[str, list[str]]]:
    """An address that records the signed requests it is sent."""
    received: list[str] = []

    class Recorder(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            received.append(parse_qs(body)["signed_request"][0])
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"confirmation_code":"c1"}')

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Recorder)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/cb", received
    server.shutdown()
    server.server_close()
