"""Every sample of Facebook and Instagram against its parser: what a refusal means, whether it is certain, where lists end."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from noillusion.core.sensitive import Secret, reveal
from noillusion.flows.faults import UNRECOGNIZED, ErrorClass, Fault, PlatformError
from noillusion.flows.protocol import Account, ListedPost, Listing, Lookup, Published, Tokens
from noillusion.platforms.catalog import get
from tests.flows.driver import play, wire
from tests.flows.samples import names, sample

REAUTH, PERMISSION, LIMIT = ErrorClass.REAUTH, ErrorClass.PERMISSION, ErrorClass.RATE_LIMIT
CONTENT, TRANSIENT, UNKNOWN = ErrorClass.INVALID_CONTENT, ErrorClass.TRANSIENT, ErrorClass.UNKNOWN
BLOCKED, MISSING, DUPLICATE = ErrorClass.BLOCKED_BY_POLICY, ErrorClass.NOT_FOUND, ErrorClass.DUPLICATE
HOUR = 3_600.0


@dataclass(frozen=True)
class Means:
    """What a refusal means. ``certain``: the platform's own code says that the call did nothing."""

    error_class: ErrorClass
    code: str
    certain: bool = False
    wait: float | None = None


REFUSALS: dict[str, dict[str, Means]] = {
    "facebook": {
        "error-1-not-transient": Means(UNKNOWN, "1/2857004"),
        "error-1-99": Means(TRANSIENT, "1/99"),
        "error-1-reduce": Means(UNKNOWN, "1/reduce_data"),
        "error-2-transient": Means(TRANSIENT, "2"),
        "error-2-outage": Means(TRANSIENT, "2"),
        "error-100-parameter": Means(CONTENT, "100", certain=True),
        "error-100-missing-object": Means(MISSING, "100/33"),
        "error-100-missing-object-no-subcode": Means(CONTENT, "100"),
        "error-100-no-such-field": Means(CONTENT, "100", certain=True),
        "error-100-page-feature": Means(PERMISSION, "100/page_feature"),
        "error-100-secret-proof": Means(ErrorClass.OPERATOR, "100/appsecret_proof", certain=True),
        "error-190-page-role": Means(PERMISSION, "190/page_role", certain=True),
        "error-190-expired": Means(REAUTH, "190/463", certain=True),
        "error-190-in-200": Means(REAUTH, "190/463"),
        "error-200-permission": Means(PERMISSION, "200", certain=True),
        "error-200-new-pages": Means(PERMISSION, "200/2069030", certain=True),
        "error-32-page-limit": Means(LIMIT, "32", certain=True, wait=HOUR),
        "error-4-application-limit": Means(LIMIT, "4", certain=True, wait=HOUR),
        "error-80001-usage": Means(LIMIT, "80001", certain=True, wait=540.0),
        "error-368-abusive": Means(BLOCKED, "368/1346003", certain=True),
        "error-506-repeat": Means(DUPLICATE, "506/1455006", certain=True),
        "error-1366051-posted": Means(DUPLICATE, "100/1366051", certain=True),
        "error-2500-in-200": Means(UNKNOWN, "2500"),
        "error-of-tomorrow": Means(UNKNOWN, "987654"),
        "error-text-code": Means(UNKNOWN, "http_400"),
        "error-string": Means(UNKNOWN, "http_403"),
        "error-flat": Means(UNKNOWN, "http_401"),
        "error-368-by-a-gateway": Means(BLOCKED, "368"),
        "html-403": Means(UNKNOWN, "http_403"),
        "html-429": Means(LIMIT, "http_429", wait=HOUR),
        "html-502": Means(TRANSIENT, "http_502"),
        "html-200": Means(TRANSIENT, "empty_body"),
        "empty-200": Means(TRANSIENT, "empty_body"),
    },
    "instagram": {
        "error-9007-not-ready": Means(ErrorClass.NOT_READY, "9007/2207027", certain=True),
        "error-9-quota": Means(LIMIT, "9/2207042", certain=True, wait=HOUR),
        "error-4-restricted": Means(BLOCKED, "4/2207051", certain=True),
        "error-4-other-subcode": Means(LIMIT, "4/2108006", certain=True, wait=HOUR),
        "error-80002-usage": Means(LIMIT, "80002", certain=True, wait=1_260.0),
        "error-10-permission": Means(PERMISSION, "10", certain=True),
        "error-24-container-missing": Means(ErrorClass.NOT_READY, "24/2207008", certain=True),
        "error-24-media-missing": Means(MISSING, "24/2207006"),
        "error-25-account-restricted": Means(BLOCKED, "25/2207050", certain=True),
        "error--1-server": Means(TRANSIENT, "-1/2207001"),
        "error--1-create-failed": Means(TRANSIENT, "-1/2207032"),
        "error--2-expired": Means(ErrorClass.MEDIA_PROCESSING, "-2/2207020", certain=True),
        "error--2-download": Means(TRANSIENT, "-2/2207003"),
        "error-9004-fetch": Means(ErrorClass.MEDIA_FETCH, "9004/2207052", certain=True),
        "error-36004-caption": Means(CONTENT, "36004/2207010", certain=True),
        "error-10-few-viewers": Means(ErrorClass.NOT_READY, "10/few_viewers", certain=True),
        "error-100-before-conversion": Means(CONTENT, "100/2108006", certain=True),
        "error-100-unfit-metric": Means(CONTENT, "100", certain=True),
        "error-100-33-outage": Means(MISSING, "100/33"),
        "error-100-parameter": Means(CONTENT, "100", certain=True),
        "error-2500-igapi": Means(UNKNOWN, "2500"),
        "error-190-dead": Means(REAUTH, "190", certain=True),
        "error-1-not-transient": Means(UNKNOWN, "1/2857004"),
        "error-refresh-method-get": Means(MISSING, "100/33"),
        "error-refresh-flat": Means(REAUTH, "oauth/400"),
        "html-502": Means(TRANSIENT, "http_502"),
        "html-401": Means(UNKNOWN, "http_401"),
    },
}
PAGE, PROFESSIONAL = Account("101", "page"), Account("77", "professional")
SINCE = 1_795_004_800.0 - 120
FACEBOOK, INSTAGRAM = get("facebook"), get("instagram")


@pytest.mark.parametrize(("platform", "name"), [(platform, name) for platform in REFUSALS for name in REFUSALS[platform]])
def test_a_refusal_means_what_its_code_says_and_is_certain_only_by_a_documented_one(platform: str, name: str) -> None:
    means, fault = REFUSALS[platform][name], get(platform).classify(sample(platform, name))
    assert fault == Fault(means.error_class, means.code, means.wait, certain=means.certain)
    assert fault.code != UNRECOGNIZED


def listed(platform: str, lookup: Lookup, *replies: str) -> tuple[Listing, list[dict[str, Any]]]:
    """What is read back from these samples, and the queries that were asked."""
    module, account = get(platform), PAGE if platform == "facebook" else PROFESSIONAL
    found, steps = play(module.find(lookup, account), [sample(platform, name) for name in replies], module.classify)
    assert isinstance(found, Listing)
    return found, [wire(step)["query"] for step in steps]


def test_a_list_by_time_goes_on_until_there_is_no_next_page() -> None:
    found, queries = listed("facebook", Lookup({}, SINCE), "posts-by-time", "posts-hollow-with-next", "posts-last-before-only")
    assert found.complete and [post.post_id for post in found.posts] == ["101_9", "101_8", "101_7"]
    first, second, third = queries
    assert second == {**first, "pretty": "0", "until": "1795004800", "__paging_token": "enc_b"}
    assert third == {**first, "after": "QVF4"} and first["since"] == int(SINCE)
    assert "EAAt" not in repr(queries)
    assert listed("facebook", Lookup({}, SINCE), "posts-by-time", "posts-by-time-end")[0].complete


def test_a_listed_photo_is_named_by_its_handle() -> None:
    found, _ = listed("facebook", Lookup({"photo_id": "5"}, SINCE, "image"), "photo-unused", "posts-last-before-only")
    (post,) = found.posts
    assert post.handles == {"5"}
    assert post.kinds == {"image", "images"}


def test_a_used_photo_names_its_post() -> None:
    replies = [sample("facebook", "photo-in-post"), sample("facebook", "posts-by-time-end")]
    found, _ = play(FACEBOOK.find(Lookup({"photo_id": "5"}, SINCE, "image"), PAGE), replies, FACEBOOK.classify)
    assert isinstance(found, Published) and found.post_id == "101_9"


def test_every_page_of_a_person_can_be_chosen() -> None:
    replies = [sample("facebook", name) for name in ("accounts-next-without-cursors", "accounts-last-after-only")]
    found, steps = play(FACEBOOK.accounts(_app(), Tokens(Secret("t"), scopes=("pages_show_list",))), replies, FACEBOOK.classify)
    assert [(one.id, reveal(one.token)) for one in found] == [("111", "EAAp1"), ("222", "EAAp2")]
    assert wire(steps[1])["query"] == {**wire(steps[0])["query"], "after": "QVFC"}


def test_I1_I2_new_pages_and_those_of_a_portfolio_can_be_chosen() -> None:
    names = ("accounts-of-new-pages", "businesses", "owned-pages-without-tasks", "error-100-no-such-field", "posts-by-time-end")
    tokens = Tokens(Secret("t"), scopes=("pages_show_list", "business_management"))
    found, _ = play(FACEBOOK.accounts(_app(), tokens), [sample("facebook", name) for name in names], FACEBOOK.classify)
    assert [(one.id, one.can_publish, one.reason) for one in found] == [
        ("311", True, ""),
        ("322", True, ""),
        ("333", False, "task_missing"),
        ("344", True, ""),
    ]


def _app() -> Any:
    from noillusion.flows.protocol import App

    return App("app-1", Secret("shh"))


def test_a_deletion_answered_with_a_bare_true_is_done() -> None:
    assert play(FACEBOOK.delete("101_9", PAGE), [sample("facebook", "true")], FACEBOOK.classify)[0] is None


def test_instagrams_list_ends_without_a_next_page() -> None:
    lookup = Lookup({"container_id": "9"}, SINCE, "image")
    found, queries = listed_after("container-published", lookup, "media-next", "media-before-only")
    assert found.published == Published("9")
    assert found.posts[1] == ListedPost("M1", "Words", 1_795_004_000.0, "https://www.instagram.com/p/M1/", frozenset({"image"}))
    assert [post.kinds for post in found.posts] == [{"reel"}, {"image"}, {"images"}]
    assert queries[1]["after"] == "QVFb" and "IGt" not in repr(queries)


def test_a_container_state_that_nobody_knows_settles_nothing() -> None:
    found, _ = listed_after("container-queued", Lookup({"container_id": "9"}, SINCE, "image"), "media-before-only")
    assert found.published is None and not found.complete


def listed_after(container: str, lookup: Lookup, *replies: str) -> tuple[Listing, list[dict[str, Any]]]:
    found, queries = listed("instagram", lookup, container, *replies)
    return found, queries[1:]


@pytest.mark.parametrize(
    ("name", "dead"),
    [
        ("error-refresh-method-get", True),
        ("error-refresh-flat", True),
        ("error-190-dead", True),
        ("error-100-33-outage", False),
        ("error-100-parameter", False),
        ("error-1-not-transient", False),
        ("error-80002-usage", False),
        ("html-401", False),
        ("html-502", False),
    ],
)
def test_I6_only_an_explicit_answer_of_the_refresh_endpoint_says_that_a_grant_is_no_good(name: str, dead: bool) -> None:
    with pytest.raises(PlatformError) as refused:
        play(INSTAGRAM.refresh(_app(), Tokens(Secret("t"))), [sample("instagram", name)], INSTAGRAM.classify)
    fault = refused.value.fault
    assert (fault.error_class is REAUTH and fault.certain) == dead


@pytest.mark.parametrize("platform", REFUSALS)
def test_every_sample_is_held_against_something(platform: str) -> None:
    source = Path(__file__).read_text("utf-8")
    assert [name for name in names(platform) if f'"{name}"' not in source] == []
