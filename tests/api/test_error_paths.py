"""The errors of a request name values of the request as it was sent, and carry what a client needs to word them."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from noillusion.api.openapi import document
from noillusion.core import clock
from tests.api.harness import Answer, Client
from tests.support.databases import Store, fly
from tests.support.rows import insert, rows

USER = "auth0|alice"
PLATFORMS = ("facebook", "instagram", "linkedin", "tiktok")
SCHEMAS = document()["components"]["schemas"]
PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n").decode()
LONG = "#word @someone " * 5_000

TEXTS = st.sampled_from([0, 5, 300, 4_080, 69_000]).map(lambda length: LONG[:length])
URLS = st.sampled_from(
    ["https://127.0.0.1/a.jpg", "http://127.0.0.1/a.jpg", "https://u:p@127.0.0.1/a", "https://127.0.0.1:8443/ü"]
)
LINKS = st.fixed_dictionaries({"url": URLS}, optional={"title": st.sampled_from(["", "Title"]), "description": st.just("More")})
MEDIA = st.one_of(
    st.fixed_dictionaries(
        {"url": URLS}, optional={"kind": st.sampled_from(["image", "video"]), "alt_text": TEXTS.filter(lambda t: len(t) < 4_087)}
    ),
    st.fixed_dictionaries(
        {"data": st.just(PNG), "content_type": st.sampled_from(["image/png", "image/jpeg", "image/heic", "video/mp4"])}
    ),
)
CONTENTS = st.fixed_dictionaries({}, optional={"text": TEXTS, "link": LINKS, "media": st.lists(MEDIA, max_size=3)})
OPTIONS = st.fixed_dictionaries(
    {},
    optional={
        "facebook": st.just({}),
        "instagram": st.fixed_dictionaries({}, optional={"collaborators": st.just(list("abcd")), "location_id": st.just("1")}),
        "linkedin": st.fixed_dictionaries({}, optional={"visibility": st.sampled_from(["PUBLIC", "CONNECTIONS"])}),
        "tiktok": st.fixed_dictionaries(
            {},
            optional={
                "mode": st.sampled_from(["direct", "inbox"]),
                "privacy_level": st.sampled_from(["SELF_ONLY", "PUBLIC_TO_EVERYONE"]),
                "consent": st.booleans(),
                "brand_content_toggle": st.booleans(),
                "title": st.just("t" * 100),
                "cover_index": st.sampled_from([0, 9]),
            },
        ),
    },
)
KINDS = st.sampled_from(["text", "link", "image", "images", "video"])
PREVIEW, DEFAULT = "POST /v1/templates/preview", "template.variables.0.default"
FEATURES = {"profile": "profile", "posts": "publish", "templates": "templates", "generate": "generate"}
VIDEO = [{"kind": "video", "url": "https://127.0.0.1/a"}]
PARTS = {"content": CONTENTS, "kind": KINDS, "options": OPTIONS}
SHARED = CONTENTS.map(lambda content: {"content": content})


@pytest.fixture
def accounts(deployment: Store) -> dict[str, str]:
    """A connected account on each platform, and a failed target of a post on each. The ids of the connections."""
    known = rows()
    fly(insert("posts", USER, **known["posts"]))
    kinds = {"facebook": "page", "instagram": "professional", "linkedin": "organization", "tiktok": "creator"}
    found = {}
    for at, platform in enumerate(PLATFORMS):
        account = {"platform": platform, "account_id": str(at), "account_kind": kinds[platform], "id": str(uuid4())}
        status = "reauth_required" if platform == "linkedin" else "active"
        fly(insert("platform_connections", USER, **{**known["platform_connections"], **account, "status": status}))
        target = {**known["post_targets"], "id": str(uuid4()), "platform": platform, "account_id": str(at), "position": at}
        failed = {"status": "failed", "error_class": "invalid_content", "deadline_at": clock.now() + timedelta(days=1)}
        fly(insert("post_targets", USER, **{**target, **failed, "kind": "text", "connection_id": account["id"]}))
        found[platform] = account["id"]
    return found


def sent_at(body: Any, path: str) -> tuple[list[str], list[str]]:
    """The parts of a path that the request has, and those that it lacks."""
    parts = [] if path == "body" else path.split(".")
    for at, part in enumerate(parts):
        if isinstance(body, list):
            assert part.isdigit() and int(part) < len(body), f"{path}: no such item"
            body = body[int(part)]
        else:
            assert isinstance(body, dict), f"{path}: {part} is inside a plain value"
            if part not in body:
                return parts[:at], parts[at:]
            body = body[part]
    return parts, []


ABSENT = ("required", "consent_required", "url_required", "wrong_count", "missing")
"""Codes of values that are missing, or too few."""


def hold(body: dict[str, Any], error: dict[str, Any]) -> None:
    """An error names a value that was sent, or where a missing one belongs, and is as the document says."""
    assert set(error) <= set(SCHEMAS["FieldError"]["properties"]) | {"severity"}
    assert error["code"] in SCHEMAS["FieldErrorCode"]["enum"]
    assert set(error.get("params", ())) <= set(SCHEMAS["ErrorParams"]["properties"])
    _, missing = sent_at(body, error["field"])
    if error["code"] not in ABSENT and not error["field"].endswith(".kind"):
        assert missing == [], error["field"]
    names = set(SCHEMAS["TikTokOptions"]["properties"]) | {"text", "link", "title", "media", "url", "kind", "tiktok", "options"}
    assert set(missing) <= names, error["field"]


PROPERTY = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


@PROPERTY
@given(
    st.lists(
        st.fixed_dictionaries({"at": st.sampled_from(PLATFORMS)}, optional=PARTS),
        min_size=1,
        unique_by=lambda target: str(target["at"]),
    ),
    SHARED,
)
def test_problems_of_a_post_are_at_paths_of_the_request(accounts: dict[str, str], wanted: list[Any], shared: Any) -> None:
    targets = [{"connection_id": accounts[target["at"]], **{n: v for n, v in target.items() if n != "at"}} for target in wanted]
    body = {**shared, "targets": targets}
    checked = Client(USER).request("publish", "POST", "/v1/posts/check", body=body)
    assert checked.status == 200, checked.text
    told = []
    for at, target in enumerate(checked.json["targets"]):
        for problem in target["problems"]:
            hold(body, problem)
            if problem["severity"] == "error":
                told.append((at, problem["field"], problem["code"], target["platform"]))
    if told:
        refused = publish(body)
        assert refused.status == 422
        for error in refused.json["errors"]:
            hold(body, error)
            assert error["connection_id"] == accounts[error["platform"]] == targets[error["target"]]["connection_id"]
        assert [(e["target"], e["field"], e["code"], e["platform"]) for e in refused.json["errors"]] == told[:50]


@PROPERTY
@given(
    st.none()
    | st.lists(
        st.fixed_dictionaries({"at": st.sampled_from(PLATFORMS)}, optional=PARTS),
        min_size=1,
        unique_by=lambda target: str(target["at"]),
    ),
    SHARED,
    st.fixed_dictionaries({}, optional={"options": OPTIONS}),
)
def test_problems_of_a_retry_are_at_paths_of_the_request(
    accounts: dict[str, str], wanted: Any, shared: Any, options: Any
) -> None:
    (post,) = Client(USER).request("publish", "GET", "/v1/posts").json["items"]
    ids = {target["platform"]: target["id"] for target in post["targets"]}
    body = {**shared, **options}
    # One target can never be retried as it is, so that nothing is sent.
    body["content"] = {**body["content"], "text": LONG[:69_000]}
    if wanted is not None:
        body["targets"] = [{"target_id": ids[t["at"]], **{n: v for n, v in t.items() if n != "at"}} for t in wanted]
        body["targets"][0]["content"] = {"text": LONG[:69_000]}
    answer = Client(USER).request("publish", "POST", f"/v1/posts/{post['id']}/retry", body=body)
    assert answer.status == 422, answer.text
    for error in answer.json["errors"]:
        hold(body, error)
        assert error["target_id"] == ids[error["platform"]]
        assert ("target" in error) == (wanted is not None)
        if wanted is not None:
            assert body["targets"][error["target"]]["target_id"] == error["target_id"]


def publish(body: dict[str, Any]) -> Answer:
    return Client(USER).request("publish", "POST", "/v1/posts", body=body, headers={"idempotency-key": str(uuid4())})


OF_FACEBOOK = ["text", "link", "image", "images", "video", "reel", "story"]
POLL = {"question": "Which one?", "options": ["This", "That"]}


@pytest.mark.parametrize(
    ("change", "field", "params"),
    [
        ({"content": {"text": LONG[:69_000]}}, "content.text", {"limit": 63_206, "actual": 69_000, "unit": "characters"}),
        ({"content": {"text": "a"}, "kind": "document"}, "targets.0.kind", {"allowed": OF_FACEBOOK}),
        ({"content": {"poll": POLL}}, "content", {"allowed": OF_FACEBOOK}),
        ({"content": {"link": {"url": "https://u:p@127.0.0.1/"}}}, "content.link.url", {"allowed": ["https", "http"]}),
    ],
)
def test_an_error_carries_the_figures_of_its_message(
    accounts: dict[str, str], change: dict[str, Any], field: str, params: dict[str, Any]
) -> None:
    target = {"connection_id": accounts["facebook"], **{name: value for name, value in change.items() if name == "kind"}}
    error, *_ = publish({"content": change["content"], "targets": [target]}).json["errors"]
    assert (error["field"], error["params"]) == (field, params)
    assert (error["target"], error["connection_id"], error["platform"]) == (0, accounts["facebook"], "facebook")


@pytest.mark.parametrize(
    ("route", "body", "field", "params"),
    [
        ("PATCH /v1/profile", {"bio": "x" * 2_001}, "bio", {"limit": 2_000, "unit": "characters"}),
        ("PATCH /v1/profile", {"content_mode": "x"}, "content_mode", {"allowed": ["business", "influencer", "personal"]}),
        ("PUT /v1/templates/x/rating", {"stars": 6}, "stars", {"limit": 5}),
        ("POST /v1/posts/check", {"targets": []}, "targets", {"limit": 1, "actual": 0, "unit": "items"}),
        (PREVIEW, {"template": {"user_text": "x", "variables": [{"name": "v", "default": {}}]}}, DEFAULT, None),
        (PREVIEW, {"template": {"user_text": "x"}, "variables": {"text": []}}, "variables.text", None),
        (PREVIEW, {"template": {"user_text": "x"}, "variables": {"hidden": []}}, "variables.*", None),
        (PREVIEW, {"template": {"user_text": "x"}, "variables": {"no-name": "x"}}, "variables.*", None),
        (PREVIEW, {}, "body", {"allowed": ["template_id", "template"]}),
        ("POST /v1/generate/preview", {"task": "improve", "platforms": ["tiktok"]}, "body", None),
    ],
)
def test_validation_names_what_was_sent_and_what_is_allowed(
    deployment: Store, route: str, body: dict[str, Any], field: str, params: dict[str, Any] | None
) -> None:
    method, _, path = route.partition(" ")
    answer = Client(USER).request(FEATURES[path.split("/")[2]], method, path, body=body)
    assert answer.status == 422, answer.text
    assert {error["field"] for error in answer.json["errors"]} == {field}
    for error in answer.json["errors"]:
        if "*" not in error["field"]:
            hold(body, error)
    if params is not None:
        assert answer.json["errors"][0]["params"] == params
