"""What accounts need for what they can do, why a grant offers none, and who signs calls."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from noillusion.catalog.accounts import AccountCapability
from noillusion.catalog.registrations import REGISTRATIONS, Registration
from noillusion.core.sensitive import Secret
from noillusion.flows.faults import ErrorClass, Fault, PlatformError
from noillusion.flows.protocol import Account, App, Reply, Tokens
from noillusion.platforms.catalog import get
from noillusion.platforms.needs import Gap, Needs, gap
from tests.flows.driver import play

APP = App("app-1", Secret("app-secret"))
EVERY = pytest.mark.parametrize("registration", REGISTRATIONS, ids=lambda found: found.key)
ALL = ("a", "b")
TASKS = Needs(("a",), "tasks", frozenset({"WRITE"}), frozenset({"WRITE", "READ"}))
ROLES = Needs(("a",), "roles", frozenset({"ADMIN"}))


def ok(**data: Any) -> Reply:
    return Reply(200, data=data)


@pytest.mark.parametrize(
    ("needs", "scopes", "details", "found"),
    [
        (None, ALL, {}, Gap("not_supported")),
        (Needs(), (), {}, None),
        (Needs(("a", "b")), ALL, {}, None),
        (Needs(("a", "b")), ("b",), {}, Gap("scope_missing", ("a",))),
        (Needs(("a", "b")), (), {}, None),
        (Needs(("a", "unknown")), ("b",), {}, Gap("no_access", ("unknown",))),
        (Needs(("unknown",)), ("unknown",), {}, None),
        (Needs(public=True), ALL, {}, Gap("no_access")),
        (Needs(("a",)), ("b",), {"account_type": "personal"}, Gap("personal_account")),
        (TASKS, ALL, {"tasks": ["WRITE", "READ"]}, None),
        (TASKS, ALL, {"tasks": ["READ"]}, Gap("task_missing", ("WRITE",))),
        (TASKS, ALL, {"tasks": []}, Gap("task_missing", ("WRITE",))),
        (TASKS, ALL, {"tasks": ["OF_TOMORROW"]}, None),
        (TASKS, ALL, {}, None),
        (ROLES, ALL, {"roles": ["ANALYST"]}, Gap("role_missing", ("ADMIN",))),
        (ROLES, ALL, {"roles": ["ANALYST", "ADMIN"]}, None),
    ],
)
def test_what_an_account_lacks(needs: Needs | None, scopes: tuple[str, ...], details: dict[str, Any], found: Gap | None) -> None:
    account = Account("1", "page", scopes=scopes, details=details, asked=ALL, public_posts=False)
    assert gap(needs, account) == found


@EVERY
def test_needs_agree_with_what_the_platform_can_do_and_the_app_asks_for(registration: Registration) -> None:
    platform = get(registration.platform, registration.name)
    assert platform.needs
    for needs in platform.needs.values():
        assert needs.keys() <= set(get_args(AccountCapability))
        assert {"publish", "public_posts"} <= needs.keys()
        assert ("delete" in needs, "edit" in needs) == (platform.capabilities.deletes, bool(platform.capabilities.edits))
    asked = {scope for other in REGISTRATIONS if other.platform == registration.platform for scope in other.features}
    assert {scope for needs in platform.needs.values() for each in needs.values() for scope in each.scopes} <= asked


@EVERY
def test_E7_calls_are_signed_where_the_graph_api_of_facebook_is_used(registration: Registration) -> None:
    platform = get(registration.platform, registration.name)
    assert ("graph.facebook.com" in platform.hosts) is ("graph.facebook.com" in platform.signed_hosts)


def told(*ids: str) -> Reply:
    return ok(data={"is_valid": True, "granular_scopes": [{"scope": "pages_show_list", "target_ids": list(ids)}]})


BUSINESS = ("pages_show_list", "business_management")


@pytest.mark.parametrize(
    ("scopes", "replies", "code"),
    [
        (("public_profile",), [], "permission_missing"),
        (BUSINESS, [told()], "none_selected"),
        (BUSINESS[:1], [told("1")], "business_owned"),
        (BUSINESS, [told("1")], "no_accounts"),
        (BUSINESS, [ok(data={"granular_scopes": [{"scope": "pages_show_list"}]})], "no_accounts"),
        (BUSINESS, [ok(data={"granular_scopes": "?"})], "no_accounts"),
        (BUSINESS, [ok()], "no_accounts"),
        (BUSINESS, [PlatformError(Fault(ErrorClass.TRANSIENT, "http_500"))], "no_accounts"),
    ],
)
def test_D3_a_missing_page_is_told_from_a_missing_permission(scopes: tuple[str, ...], replies: list[Any], code: str) -> None:
    assert play(get("facebook").why_none(APP, Tokens(Secret("t"), scopes=scopes)), replies)[0] == code


def test_D3_pages_without_a_professional_account_are_told_from_no_pages() -> None:
    linked, tokens = get("instagram", "facebook"), Tokens(Secret("t"), scopes=("pages_show_list", "instagram_basic"))
    assert play(linked.why_none(APP, tokens), [ok(data=[{"id": "1"}])])[0] == "none_linked"
    assert play(linked.why_none(APP, tokens), [ok(data=[]), told()])[0] == "none_selected"
