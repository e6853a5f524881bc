"""What can come instead of a platform's answer: from the platform, or from anything that stands before it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]
PROSE = "Thank you! Your post is on its way."
HTML = "<!doctype html><html><head><title>Please wait</title></head><body><h1>Please wait</h1></body></html>"


def _page(status: int, **headers: str) -> Json:
    return {"status": status, "body": HTML, "headers": headers}


def _json(status: int, body: Any, **headers: str) -> Json:
    return {"status": status, "body": body, "headers": {name.replace("_", "-"): value for name, value in headers.items()}}


ANSWERS: Mapping[str, Json] = {
    # No answer, or a part of one.
    "reset": {"reset": True},
    "drop": {"drop": True},
    "time-out": {"delay_ms": 1_500, "drop": True},
    "truncated": {"truncate": True},
    "200 half a body": _json(200, '{"id": "1220', content_type="application/json"),
    # A success that names no post.
    "200 empty": _json(200, ""),
    "200 HTML": _page(200),
    "200 without id": _json(200, {"result": "ok"}),
    "200 list": _json(200, []),
    "200 null": _json(200, "null", content_type="application/json"),
    "200 prose as id": {"prose": True},
    "201 other shape": _json(201, {"created": True, "status": "accepted"}),
    "202 queued": _json(202, {"message": "The request was queued."}),
    "204": _json(204, ""),
    "301": _json(301, "", location="https://status.example/maintenance"),
    "302": _json(302, "", location="https://login.example/"),
    # What proxies, firewalls and gateways say.
    "400 HTML": _page(400),
    "400 JSON of a proxy": _json(400, {"error": "bad_request", "message": "Bad Request"}),
    "400 invalid_request": _json(400, {"error": "invalid_request", "error_description": "The request is malformed."}),
    "401 HTML": _page(401),
    "401 empty": _json(401, ""),
    "401 JSON of a gateway": _json(401, {"message": "Unauthorized"}),
    "401 invalid_token": _json(401, {"error": "invalid_token"}, www_authenticate='Bearer error="invalid_token"'),
    "403 HTML": _page(403),
    "403 JSON of a gateway": _json(403, {"message": "Forbidden"}),
    "403 access_denied": _json(403, {"error": "access_denied", "error_description": "Blocked by policy."}),
    "403 code ACCESS_DENIED": _json(403, {"code": "ACCESS_DENIED", "message": "Request blocked by the firewall."}),
    "403 error with code": _json(403, {"error": {"code": 403, "message": "Forbidden", "status": "PERMISSION_DENIED"}}),
    "404 HTML": _page(404),
    "404 JSON": _json(404, {"message": "no Route matched with those values"}),
    "407": _page(407),
    "408": _page(408),
    "409": _json(409, {"message": "Conflict"}),
    "413": _page(413),
    "415": _json(415, {"message": "Unsupported Media Type"}),
    "421": _json(421, {"message": "Misdirected Request"}),
    "422 JSON of a gateway": _json(422, {"detail": [{"msg": "field required"}]}),
    "429": _json(429, {"message": "API rate limit exceeded"}),
    "429 with retry-after": _json(429, "", retry_after="30"),
    "451": _page(451),
    "500": _json(500, {"message": "Internal Server Error"}),
    "502": _page(502),
    "503 HTML": _page(503, **{"retry-after": "1"}),
    "503 server_error": _json(503, {"error": "temporarily_unavailable"}),
    "504": _json(504, {"message": "Endpoint request timed out"}),
    "504 error with code": _json(504, {"error": {"code": 4, "message": "deadline exceeded", "status": "DEADLINE_EXCEEDED"}}),
    "520": _page(520),
    # The platform itself, which does not know either.
    "own transient": {"preset": "transient"},
}
"""Name → the fields of a fault. At least these are what the platform's clients have reported, or what common gateways send."""

_PROSE: Mapping[str, Json] = {
    "facebook": _json(200, {"id": PROSE, "post_id": PROSE}),
    "instagram": _json(200, {"id": PROSE}),
    "linkedin": _json(201, "", x_restli_id=PROSE),
    "tiktok": _json(200, {"data": {"publish_id": PROSE}, "error": {"code": "ok", "message": ""}}),
}


def fault(name: str, platform: str, when: str) -> Json:
    """The fault that gives this answer ``before`` or ``after`` the platform has acted."""
    fields = {**(_PROSE[platform] if ANSWERS[name].get("prose") else ANSWERS[name])}
    if fields.get("truncate") and when == "before":
        # Without an act there is no answer to cut in two.
        fields |= _json(200, {"id": "122100000000000017", "post_id": "101000000000001_122100000000000017"})
    return {**fields, "when": when}
