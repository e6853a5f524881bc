"""Conditional requests through the gateway, as a browser sends them."""

from __future__ import annotations

from local.demo.tour import Tour

FRONTEND = "http://localhost:3000"


def test_what_is_unchanged_comes_back_without_a_body_and_a_stale_change_is_refused(person: Tour) -> None:
    first = person.send("GET", "/v1/profile", headers={"origin": FRONTEND})
    tag = first.headers["etag"]
    assert "etag" in first.headers["access-control-expose-headers"].split(",")
    unchanged = person.send("GET", "/v1/profile", headers={"if-none-match": tag})
    assert (unchanged.status_code, unchanged.content, unchanged.headers["etag"]) == (304, b"", tag)
    merge_patch = {"content-type": "application/merge-patch+json"}
    changed = person.send("PATCH", "/v1/profile", {"ai_preferences": {"fallback": False}}, {"if-match": tag, **merge_patch})
    assert (changed.status_code, changed.json()["ai_preferences"]["fallback"]) == (200, False)
    stale = person.send("PATCH", "/v1/profile", {"bio": "x"}, {"if-match": tag})
    assert (stale.status_code, stale.json()["code"]) == (412, "precondition_failed")
    assert person.send("GET", "/v1/profile", headers={"if-none-match": tag}).json()["bio"] == ""


def test_a_browser_may_send_conditions(person: Tour) -> None:
    asked = {
        "origin": FRONTEND,
        "access-control-request-method": "PATCH",
        "access-control-request-headers": "if-match,if-none-match",
    }
    allowed = person.http.request("OPTIONS", f"{person.run['api']}/v1/profile", headers=asked)
    assert {"if-match", "if-none-match"} <= set(allowed.headers["access-control-allow-headers"].split(","))


def test_head_has_the_headers_and_the_length_of_get_and_no_body(person: Tour) -> None:
    """RFC 9110, 8.6: a length in the answer to HEAD is that of the answer to GET."""
    url = f"{person.run['api']}/v1/openapi.json"
    got, headed = (person.http.request(method, url, headers={"accept-encoding": "identity"}) for method in ("GET", "HEAD"))
    assert (headed.status_code, headed.content) == (200, b"") and got.content
    assert headed.headers["content-length"] == str(len(got.content))
    for name in ("content-length", "content-type", "etag", "cache-control"):
        assert headed.headers[name] == got.headers[name]
