"""Where a browser may go after connecting an account."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from noillusion.connections.return_urls import is_allowed, with_parameters
from noillusion.core.urls import folded

CALLBACK = ("https://app.test/callback",)
PIECES = st.sampled_from(
    [
        "/",
        "//",
        "/callback",
        "/callback-evil",
        "/x",
        "..",
        ".",
        "%2e",
        "%2E",
        "%252e",
        "%2f",
        "%5c",
        "%255c",
        "\\",
        ";",
        "%3b",
        "?",
        "&",
        "#",
        "@",
        ":",
        "a=1",
        "%00",
        "%0d%0a",
        "ü",
        "%C3%BC",
        "%25",
        "[",
        "]",
    ]
)
ORIGINS = st.sampled_from(
    [
        "https://app.test",
        "HTTPS://APP.test:443",
        "https://app.test:8443",
        "http://app.test",
        "https://app.test.",
        "//app.test",
        "https:app.test",
        "https:///app.test",
        "https://user@app.test",
        "https://app.test@evil.test",
        "https://app.test.evil.test",
    ]
)
URLS = st.builds(lambda origin, pieces: origin + "".join(pieces), ORIGINS, st.lists(PIECES, max_size=8))


@pytest.mark.parametrize("tail", ["", "/", "/linkedin", "?tab=1", "/?tab=1", "/a%20b/%C3%BC", "/a.b/..c/c..", "?next=/../x%2f"])
def test_a_return_url_is_the_allowed_one_or_below_it(tail: str) -> None:
    assert is_allowed(f"https://app.test/callback{tail}", CALLBACK)


@pytest.mark.parametrize("tail", ["-evil", "%2fevil", "/../evil", "/%2e%2e/evil", "/%252e%252e/evil", "/..;x/evil", "/..%5cevil"])
def test_a_path_covers_whole_segments_only(tail: str) -> None:
    assert not is_allowed(f"https://app.test/callback{tail}", CALLBACK)


@pytest.mark.parametrize("url", ["HTTPS://app.test/callback", "https://APP.Test/callback", "https://app.test:443/callback"])
def test_scheme_host_and_default_port_have_several_spellings(url: str) -> None:
    assert is_allowed(url, CALLBACK)


@pytest.mark.parametrize(
    "url",
    [
        "https://app.test/Callback",
        "http://app.test/callback",
        "https://app.test:8443/callback",
        "https://app.test:/callback",
        "https://app.test:x/callback",
        "https://app.test./callback",
        "https://user@app.test/callback",
        "https://app.test@evil.test/callback",
        "https://app.test\\@evil.test/callback",
        "https://[app.test/callback",
        "https:app.test/callback",
        "//app.test/callback",
        "/callback",
        "https://app.test/callback\n",
        "https://app.test/callback/\u00fc",
        "https://app.test/callback/a%2Fb",
        "https://app.test/callback/%0d%0a",
        "https://app.test/callback#",
        "https://app.test/callback#top",
        "https://app.test/callback?a=1#top",
    ],
)
def test_any_other_return_url_is_refused(url: str) -> None:
    assert not is_allowed(url, CALLBACK)


@pytest.mark.parametrize("prefix", ["https://app.test", "https://app.test/"])
def test_an_origin_covers_all_its_paths(prefix: str) -> None:
    for tail in ("", "/", "?a=1", "/any/path"):
        assert is_allowed(f"https://app.test{tail}", (prefix,))
    assert not is_allowed("https://app.test.evil.test/", (prefix,))


def test_a_slash_at_the_end_of_an_allowed_url_changes_nothing() -> None:
    for tail in ("", "/", "/x"):
        assert is_allowed(f"https://app.test/callback{tail}", ("https://app.test/callback/",))


@given(URLS, st.sampled_from(["https://app.test/callback", "https://app.test/callback/", "https://app.test/"]))
@example("https://app.test/callback/%2e%2e/evil", "https://app.test/callback")
@example("https://app.test/callback-evil", "https://app.test/callback")
def test_no_spelling_leads_out_of_the_allowed_url(url: str, prefix: str) -> None:
    if not is_allowed(url, (prefix,)):
        return
    assert re.match(r"(?i)https://app\.test(:443)?(?=[/?]|\Z)", url), "a browser would read another origin"
    path = urlsplit(url).path
    folder = urlsplit(prefix).path.rstrip("/")
    for _ in range(4):
        # As a browser and any server behind it may read the path: resolved, decoded again, parameters of segments cut off.
        read = folded("/".join(segment.partition(";")[0] for segment in path.split("/")))
        assert f"{read}/".startswith(f"{folder}/")
        path = unquote(path)


@given(URLS, st.dictionaries(st.sampled_from(["platform", "pending", "error"]), st.text(max_size=5), min_size=1))
def test_parameters_are_added_to_the_query(url: str, added: dict[str, str]) -> None:
    whole, _, fragment = url.partition("#")
    sent, _, sent_fragment = with_parameters(url, added).partition("#")
    assert sent_fragment == fragment
    assert sent.partition("?")[0] == whole.partition("?")[0]
    assert parse_qsl(sent.partition("?")[2], keep_blank_values=True)[-len(added) :] == list(added.items())
