"""Dialogs that end without a code, and codes that are refused (found on 2026-11-26: E8): each error means one thing, as data."""

from __future__ import annotations

import json
from typing import Any, get_args

import pytest

from noillusion.catalog.platforms import NAMES
from noillusion.connections import callback_errors
from noillusion.core.sensitive import Secret
from noillusion.flows.faults import UNRECOGNIZED, ErrorClass, PlatformError
from noillusion.flows.protocol import App, Reply, Tokens
from noillusion.platforms.catalog import get
from noillusion.platforms.dialogs import BY_CLASS, ConnectError
from tests.flows.driver import play

META = ("facebook", "instagram")
DENIED = {"error": "access_denied", "error_reason": "user_denied", "error_code": "200", "error_description": "Permissions error"}
UNAVAILABLE = {"error_code": "1349126", "error_message": "App not active: This app is not currently accessible."}
BY_CODE = {
    "1": "platform_unavailable",
    "2": "platform_unavailable",
    "4": "rate_limited",
    "17": "rate_limited",
    "101": "app_refused",
    "191": "app_refused",
    "200": "permission_missing",
    "368": "account_restricted",
    "1349126": "app_unavailable",
}
OAUTH = {
    "consent_required": "sign_in_required",
    "interaction_required": "sign_in_required",
    "invalid_client": "app_refused",
    "invalid_request": "app_refused",
    "invalid_scope": "scope_refused",
    "login_required": "sign_in_required",
    "server_error": "platform_unavailable",
    "temporarily_unavailable": "platform_unavailable",
    "unauthorized_client": "app_refused",
    "unauthorized_scope_error": "scope_refused",
    "unsupported_response_type": "app_refused",
}
CASES: list[tuple[str, dict[str, str], str | None]] = [
    *((name, DENIED, "declined") for name in META),
    *((name, UNAVAILABLE, "app_unavailable") for name in META),
    *((name, {"error_code": code}, error) for name in META for code, error in BY_CODE.items()),
    *((name, {"error": "server_error", "error_code": "999"}, "platform_unavailable") for name in META),
    *((name, {"error": "access_denied", "error_reason": "not_permitted"}, "unrecognized") for name in META),
    *((name, {"error_message": "Sorry"}, None) for name in META),
    *((name, {"error": code, "error_description": "Words"}, error) for name in NAMES for code, error in OAUTH.items()),
    ("linkedin", {"error": "user_cancelled_login"}, "declined"),
    ("linkedin", {"error": "user_cancelled_authorize"}, "declined"),
    ("linkedin", {"error": "access_denied"}, "unrecognized"),
    ("tiktok", {"error": "access_denied"}, "declined"),
    *((name, {"error": "a_new_one"}, "unrecognized") for name in NAMES),
    *((name, {}, None) for name in NAMES),
    *((name, {"code": "c", "error": ""}, None) for name in NAMES),
]


@pytest.mark.parametrize(("platform", "query", "error"), CASES, ids=lambda value: str(value))
def test_E8_each_error_of_a_dialog_has_its_reason(platform: str, query: dict[str, str], error: str | None) -> None:
    refusal = get(platform).dialog.refusal(query)
    assert (refusal and refusal.error) == error


def test_E8_declined_is_only_what_the_person_said() -> None:
    declined = [
        (name, field, value)
        for name in NAMES
        for field, errors in get(name).dialog.fields.items()
        for value, error in errors.items()
        if error == "declined"
    ]
    assert declined == [
        ("facebook", "error_reason", "user_denied"),
        ("instagram", "error_reason", "user_denied"),
        ("linkedin", "error", "user_cancelled_authorize"),
        ("linkedin", "error", "user_cancelled_login"),
        ("tiktok", "error", "access_denied"),
    ]
    assert "declined" not in BY_CLASS.values()


@pytest.mark.parametrize("platform", NAMES)
def test_no_word_of_a_redirect_becomes_a_code(platform: str) -> None:
    for word in ("two words", "bakery", "4915112345678", "<script>", "ü", "x" * 5000):
        for field in ("error", "error_code", "error_reason"):
            refusal = get(platform).dialog.refusal({field: word, "error": word, "error_description": word})
            assert refusal and (refusal.error, refusal.code) == ("unrecognized", UNRECOGNIZED)


def test_every_reason_says_whose_matter_it_is_and_what_to_do() -> None:
    assert set(callback_errors.CATALOG) == set(callback_errors.CALLBACK_ERRORS) > set(get_args(ConnectError))
    operators = {error for error, entry in callback_errors.CATALOG.items() if entry.matter_of == "operator"}
    assert operators == {"app_refused", "scope_refused", "app_unavailable"}
    assert not [error for error in operators if callback_errors.CATALOG[error].retryable]
    assert all(entry.advice.endswith(".") for entry in callback_errors.CATALOG.values())
    assert set(BY_CLASS) == set(ErrorClass)


def graph(code: int, message: str, subcode: int | None = None) -> dict[str, Any]:
    """An error of the Graph API."""
    error = {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "A1"}
    return {"error": {**error, **({"error_subcode": subcode} if subcode else {})}}


def basic(message: str, code: int = 400) -> dict[str, Any]:
    """An error of api.instagram.com."""
    return {"error_type": "OAuthException", "code": code, "error_message": message}


def oauth(error: str) -> dict[str, Any]:
    """An error of RFC 6749."""
    return {"error": error, "error_description": "Words", "log_id": "1"}


ENDPOINTS: list[tuple[str, int, Any, str]] = [
    ("facebook", 400, graph(1, "Error validating client secret."), "app_refused"),
    ("facebook", 400, graph(101, "Error validating application."), "app_refused"),
    ("facebook", 400, graph(191, "Can't load URL"), "app_refused"),
    ("facebook", 400, graph(100, "Error validating verification code", 36008), "app_refused"),
    ("facebook", 400, graph(100, "This authorization code has expired.", 36007), "code_refused"),
    ("facebook", 400, graph(100, "This authorization code has been used.", 36009), "code_refused"),
    ("facebook", 400, graph(100, "Invalid verification code format."), "code_refused"),
    ("facebook", 400, graph(190, "Invalid OAuth access token"), "code_refused"),
    ("facebook", 500, graph(1, "An unknown error has occurred."), "platform_unavailable"),
    ("facebook", 400, graph(1, "An unknown error has occurred."), "platform_unavailable"),
    ("facebook", 500, graph(1, "Error validating client secret."), "platform_unavailable"),
    ("facebook", 400, graph(4, "Application request limit reached"), "rate_limited"),
    ("facebook", 400, graph(368, "Blocked"), "account_restricted"),
    ("facebook", 403, graph(10, "Application does not have permission"), "permission_missing"),
    ("facebook", 503, None, "platform_unavailable"),
    ("instagram", 400, basic("Invalid platform app"), "app_refused"),
    ("instagram", 400, basic("Error validating client secret"), "app_refused"),
    ("instagram", 400, basic("This authorization code has been used"), "code_refused"),
    ("instagram", 400, basic("Matching code was not found or was already used."), "code_refused"),
    ("instagram", 403, basic("Words", 403), "permission_missing"),
    ("instagram", 429, basic("Words", 429), "rate_limited"),
    ("instagram", 500, basic("Words", 500), "platform_unavailable"),
    ("instagram", 400, graph(100, "Error validating client secret"), "app_refused"),
    ("linkedin", 401, oauth("invalid_client"), "app_refused"),
    ("linkedin", 400, oauth("invalid_redirect_uri"), "app_refused"),
    ("linkedin", 400, oauth("unauthorized_client"), "app_refused"),
    ("linkedin", 400, oauth("unauthorized_scope_error"), "scope_refused"),
    ("linkedin", 400, oauth("invalid_grant"), "code_refused"),
    ("linkedin", 400, oauth("invalid_request"), "code_refused"),
    ("linkedin", 429, oauth("TOO_MANY_REQUESTS"), "rate_limited"),
    ("linkedin", 503, None, "platform_unavailable"),
    ("linkedin", 403, oauth("access_denied"), "permission_missing"),
    *(
        ("tiktok", status, oauth(code), error)
        for status in (200, 400)
        for code, error in {
            "access_denied": "permission_missing",
            "invalid_client": "app_refused",
            "invalid_grant": "code_refused",
            "invalid_request": "code_refused",
            "invalid_scope": "scope_refused",
            "server_error": "platform_unavailable",
            "temporarily_unavailable": "platform_unavailable",
            "unauthorized_client": "app_refused",
            "unsupported_grant_type": "unrecognized",
        }.items()
    ),
    ("tiktok", 429, oauth("rate_limit_exceeded"), "rate_limited"),
    ("tiktok", 502, None, "platform_unavailable"),
]


@pytest.mark.parametrize(
    ("platform", "status", "body", "error"), ENDPOINTS, ids=lambda value: json.dumps(value) if isinstance(value, dict) else None
)
def test_E8_each_error_of_a_token_endpoint_has_its_reason(platform: str, status: int, body: Any, error: str) -> None:
    service, app = get(platform), App("client-1", Secret("secret-1"))
    flow = service.exchange(app, code="code-1", redirect_uri="https://api.test/cb")
    with pytest.raises(PlatformError) as refused:
        play(flow, [Reply(status, data=body)], service.classify)
    assert callback_errors.of_fault(refused.value.fault) == error


@pytest.mark.parametrize("subcode", [36007, 36009])
def test_a_code_that_is_expired_or_used_is_no_invalid_content(subcode: int) -> None:
    fault = get("facebook").classify(Reply(400, data=graph(100, "Words", subcode)))
    assert fault and (fault.error_class, fault.code) == (ErrorClass.REAUTH, f"100/{subcode}")


@pytest.mark.parametrize("platform", ["linkedin", "tiktok"])
def test_a_refresh_that_is_called_invalid_says_nothing_of_the_grant(platform: str) -> None:
    service, tokens = get(platform), Tokens(Secret("access"), Secret("refresh"))
    with pytest.raises(PlatformError) as refused:
        play(
            service.refresh(App("client-1", Secret("secret-1")), tokens),
            [Reply(400, data=oauth("invalid_request"))],
            service.classify,
        )
    assert refused.value.fault.error_class is ErrorClass.UNKNOWN
