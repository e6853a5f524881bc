"""URLs in settings, and the folder that stands for a mapped host."""

from __future__ import annotations

import httpx
import pytest

from noillusion.core.urls import folded, is_base, is_host, is_safe, relocated

BASE = "http://127.0.0.1:8001/_media"
ESCAPES = (
    "/../_control/",
    "/..",
    "/x/../../_control/",
    "/./../_control/",
    "/%2e%2e/_control/",
    "/%2E./_control/",
    "/.%2e/%2e%2E/_control/",
    "/..\\_control\\",
    "\\..\\_control",
    "/\\..\\..\\_control",
    "//../..//../_control",
    "/a/b/../../../../_control",
)


@pytest.mark.parametrize("path", ESCAPES)
def test_no_path_leads_out_of_the_folder_that_stands_for_its_host(path: str) -> None:
    url = relocated(BASE, f"https://media.example{path}") if path.startswith("/") else BASE + folded(path)
    # What is sent is what the client makes of it, which removes dot segments itself.
    assert httpx.URL(url).raw_path.startswith(b"/_media/")


@pytest.mark.parametrize(
    ("path", "same"),
    [
        ("/a/./b", "/a/b"),
        ("/a/../b", "/b"),
        ("/a/b/..", "/a/"),
        ("/.", "/"),
        ("/..a/b..", "/..a/b.."),
        ("/a%2Fb/%2e%2e%2fc", "/a%2Fb/%2e%2e%2fc"),
        ("//a//b", "//a//b"),
        ("/a\\b", "/a/b"),
    ],
)
def test_a_path_keeps_its_meaning(path: str, same: str) -> None:
    assert folded(path) == same
    assert relocated(BASE, f"https://media.example{path}?q=/../x") == f"{BASE}{same}?q=/../x"


def test_a_host_alone_is_the_base_itself() -> None:
    assert relocated(BASE, "https://media.example") == BASE
    assert relocated(BASE, "https://media.example?a=1") == f"{BASE}?a=1"


@pytest.mark.parametrize(
    "url",
    [
        "http://api.example/",
        "http://127.0.0.1.example/",
        "https://user@api.example/",
        "https://user:password@api.example/",
        "https://api.example\\@evil.example/",
        "https://api.example:port/",
        "https://api.example/a b",
        "https://",
        "//api.example",
        "ftp://api.example/",
        "https://[::1/",
    ],
)
def test_a_url_with_another_meaning_is_not_safe(url: str) -> None:
    assert not is_safe(url)


@pytest.mark.parametrize(
    "url", ["https://api.example/?a", "https://api.example/#a", "https://api.example/a/../b", "https://a.b/%2e%2e"]
)
def test_a_base_takes_paths(url: str) -> None:
    assert is_safe(url) and not is_base(url)
    assert is_base("https://api.example") and is_base("http://127.0.0.1:8001/graph.facebook.com")


def test_a_host_is_a_name() -> None:
    assert is_host("graph.facebook.com") and is_host("localhost")
    assert not any(map(is_host, ["", "a b", "a/b", "a:1", "https://a", "A.example", "a\n", "*.example"]))
