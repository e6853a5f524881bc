"""Settings: what is missing or malformed is named, and its value is never repeated."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from noillusion import db
from noillusion.catalog import platforms, registrations
from noillusion.catalog.registrations import REGISTRATIONS, Registration
from noillusion.settings.errors import SettingsError
from noillusion.settings.values import Settings
from tests.support.deployment import analytics_queues, key

MARKER = "value-marker"
Read = Callable[[Settings], object]

QUEUES: dict[str, Read] = {
    "PUBLISH_QUEUE_URL": lambda s: s.publish_queue_url,
    "WEBHOOK_QUEUE_URL": lambda s: s.webhook_queue_url,
}
REQUIRED: dict[str, Read] = {
    "PUBLIC_URL": lambda s: s.public_url,
    "DATABASE_URL": lambda s: s.database_url,
    "FINGERPRINT_KEYS": lambda s: s.fingerprint_keys,
    "STATE_KEY": lambda s: s.state_key,
    **QUEUES,
    "ANALYTICS_QUEUE_URLS": lambda s: s.analytics_queue_urls,
}

CREDENTIALS: dict[str, Read] = {
    "TIKTOK_CLIENT_ID": lambda s: s.apps.get("tiktok", "login"),
    "TIKTOK_CLIENT_SECRET": lambda s: s.apps.get("tiktok", "login"),
    "OPERATOR_OPENAI_KEY": lambda s: s.operator_ai_keys,
    "LINKEDIN_COMMUNITY_CLIENT_ID": lambda s: s.apps.get("linkedin", "community"),
    "LINKEDIN_COMMUNITY_CLIENT_SECRET": lambda s: s.apps.get("linkedin", "community"),
    "FACEBOOK_CONFIG_ID": lambda s: s.apps.get("facebook", "business"),
}
KEYS: dict[str, Read] = {"FINGERPRINT_KEY": lambda s: s.fingerprint_keys, "STATE_KEY": lambda s: s.state_key}
RINGS: dict[str, Read] = {"SEALING_KEYS": lambda s: s.sealing_keys, "FINGERPRINT_KEYS": lambda s: s.fingerprint_keys}
BUDGETS: dict[str, Read] = {
    "OPERATOR_AI_BUDGET_USD": lambda s: s.operator_ai_budget_usd,
    "OPERATOR_AI_TOTAL_BUDGET_USD": lambda s: s.operator_ai_total_budget_usd,
}
ADDRESSES: dict[str, Read] = {
    "PUBLIC_URL": lambda s: s.public_url,
    "RETURN_URLS": lambda s: s.return_urls,
    "TIKTOK_VERIFIED_URLS": lambda s: s.verified_urls,
}


def ring(current: Any = "k1", **keys: Any) -> str:
    """The text of SEALING_KEYS."""
    return json.dumps({"current": current, "keys": keys})


def refusal(read: Read, **values: str) -> str:
    """The text with which a setting is refused, chained causes included."""
    with pytest.raises(SettingsError) as refused:
        read(Settings(values))
    assert refused.value.__cause__ is None and refused.value.__suppress_context__ is (refused.value.__context__ is not None)
    return str(refused.value)


@pytest.mark.parametrize("name", REQUIRED)
@pytest.mark.parametrize("values", [{}, {"empty": ""}], ids=["absent", "empty"])
def test_a_missing_setting_is_named(name: str, values: dict[str, str]) -> None:
    assert refusal(REQUIRED[name], **dict.fromkeys(values and [name], "")) == f"the setting {name} is missing"


@pytest.mark.parametrize(
    "text",
    [
        MARKER,
        json.dumps([f"https://{MARKER}"]),
        json.dumps({"tiktok": f"https://{MARKER}/q"}),
        json.dumps(dict.fromkeys([*platforms.NAMES, MARKER], "https://queue.test/q")),
        json.dumps({**dict.fromkeys(platforms.NAMES, "https://queue.test/q"), "tiktok": f"http://{MARKER}/q"}),
        json.dumps({**dict.fromkeys(platforms.NAMES, "https://queue.test/q"), "tiktok": None}),
    ],
)
def test_the_queues_of_analytics_are_one_for_each_platform(text: str) -> None:
    said = refusal(REQUIRED["ANALYTICS_QUEUE_URLS"], ANALYTICS_QUEUE_URLS=text)
    assert said.startswith("the setting ANALYTICS_QUEUE_URLS") and MARKER not in said
    known = Settings({"ANALYTICS_QUEUE_URLS": analytics_queues()}).analytics_queue_urls
    assert known == json.loads(analytics_queues()) and set(known) == set(platforms.NAMES)


def test_a_verified_url_ends_with_a_slash_so_that_no_other_host_begins_like_it() -> None:
    read = ADDRESSES["TIKTOK_VERIFIED_URLS"]
    for url in (f"https://{MARKER}.example", f"https://a.example/,https://{MARKER}.example/x"):
        text = refusal(read, TIKTOK_VERIFIED_URLS=url)
        assert text.startswith("the setting TIKTOK_VERIFIED_URLS") and MARKER not in text
    found = Settings({"TIKTOK_VERIFIED_URLS": "https://a.example/, https://b.example/posts/"}).verified_urls
    assert found == {"tiktok": ("https://a.example/", "https://b.example/posts/")}
    assert Settings({}).verified_urls == {"tiktok": ()}


@pytest.mark.parametrize("name", KEYS)
@pytest.mark.parametrize(
    "text",
    [MARKER, key(1)[:-4], key(1) + "AAAA", "!" + key(1), key(1)[:20] + " " + key(1)[20:], "é" * 43, "0" * 64],
    ids=["word", "short", "long", "sign", "blank", "foreign", "hex"],
)
def test_a_key_that_is_not_32_bytes_is_named_and_not_repeated(name: str, text: str) -> None:
    said = refusal(KEYS[name], **{name: text})
    assert name in said and text not in said


@pytest.mark.parametrize("text", [key(7), key(7).rstrip("="), key(255), key(251)])
def test_a_key_is_read_with_and_without_padding(text: str) -> None:
    assert len(Settings({"STATE_KEY": text}).state_key) == 32


@pytest.mark.parametrize(
    "text",
    [
        MARKER,
        f'"{MARKER}"',
        "[]",
        ring(MARKER, k1=key(1)),
        ring(None, k1=key(1)),
        ring("k1"),
        ring("k1", k1=MARKER),
        ring("k1", k1=None),
        ring("k1", k1=key(1), k2=MARKER),
        json.dumps({"current": "k1", "keys": [MARKER]}),
        json.dumps({"k1": key(1)}),
    ],
)
@pytest.mark.parametrize("setting", RINGS)
def test_a_malformed_key_ring_is_named_and_not_repeated(setting: str, text: str) -> None:
    said = refusal(RINGS[setting], **{setting: text})
    assert setting in said and MARKER not in said and key(1) not in said


@pytest.mark.parametrize("name", ["k.1", "2026.01", "", "k 1", "k" * 33, "ключ"])
@pytest.mark.parametrize("setting", RINGS)
def test_a_key_id_that_would_break_the_form_of_what_names_it_is_refused(setting: str, name: str) -> None:
    assert setting in refusal(RINGS[setting], **{setting: ring(name, **{name: key(1)})})


def test_the_key_ring_names_its_current_key() -> None:
    current, keys = Settings({"SEALING_KEYS": ring("b", a=key(1), b=key(2))}).sealing_keys
    assert (current, keys) == ("b", {"a": bytes([1]) * 32, "b": bytes([2]) * 32})


def test_the_plain_fingerprint_key_is_a_key_of_the_ring_without_an_id() -> None:
    plain, one = {"FINGERPRINT_KEY": key(1)}, {"FINGERPRINT_KEYS": ring("f", f=key(2))}
    assert Settings(plain).fingerprint_keys == ("", {"": bytes([1]) * 32})
    assert Settings(one).fingerprint_keys == ("f", {"f": bytes([2]) * 32})
    assert Settings(plain | one).fingerprint_keys == ("f", {"f": bytes([2]) * 32, "": bytes([1]) * 32})
    added = {"FINGERPRINT_KEYS": ring("", f=key(2))}
    assert Settings(plain | added).fingerprint_keys == ("", {"f": bytes([2]) * 32, "": bytes([1]) * 32})
    assert "FINGERPRINT_KEYS" in refusal(lambda s: s.fingerprint_keys, **added)


@pytest.mark.parametrize(
    "text",
    [
        MARKER,
        f'["{MARKER}"]',
        "{" + MARKER,
        json.dumps({"api.example": MARKER}),
        json.dumps({"api.example": f"http://{MARKER}.example"}),
        json.dumps({"api.example": f"https://user:{MARKER}@proxy.example"}),
        json.dumps({"api.example": f"https://proxy.example/../{MARKER}"}),
        json.dumps({"api.example": f"https://proxy.example/?{MARKER}"}),
        json.dumps({f"{MARKER}/": "https://proxy.example"}),
        json.dumps({"api.example": {"base": MARKER}}),
    ],
)
def test_malformed_endpoints_are_named_and_not_repeated(text: str) -> None:
    said = refusal(lambda s: s.endpoints, ENDPOINTS=text)
    assert "ENDPOINTS" in said and MARKER not in said


@pytest.mark.parametrize("text", [MARKER, "2", "V2", "v3", "v1 "])
def test_a_form_of_sealing_that_is_none_is_named_and_not_repeated(text: str) -> None:
    said = refusal(lambda s: s.sealing_form, SEALING_FORM=text)
    assert "SEALING_FORM" in said and MARKER not in said


@pytest.mark.parametrize("text", [MARKER, "nan", "inf", "-1", "1,5", "1e999"])
@pytest.mark.parametrize("name", BUDGETS)
def test_a_budget_that_is_no_amount_is_named_and_not_repeated(name: str, text: str) -> None:
    said = refusal(BUDGETS[name], **{name: text})
    assert name in said and text not in said


def test_all_users_together_have_the_budgets_of_fifty_on_the_operators_keys_unless_said_otherwise() -> None:
    assert Settings({"OPERATOR_AI_BUDGET_USD": "0.5"}).operator_ai_total_budget_usd == 25.0
    assert Settings({"OPERATOR_AI_TOTAL_BUDGET_USD": "7"}).operator_ai_total_budget_usd == 7.0


def test_a_database_url_of_another_kind_is_named_and_not_repeated() -> None:
    with pytest.raises(SettingsError) as refused:
        db.connect(f"mysql://{MARKER}@host/name")
    assert "DATABASE_URL" in str(refused.value) and MARKER not in str(refused.value)


def test_a_database_url_with_a_line_break_is_named_and_not_repeated() -> None:
    said = refusal(lambda s: s.database_url, DATABASE_URL=f"postgresql://u:{MARKER}@host/name\n")
    assert "DATABASE_URL" in said and MARKER not in said


@pytest.mark.parametrize("name", ["PUBLIC_URL", "DATABASE_URL"])
@pytest.mark.parametrize("text", [MARKER, f"mysql://{MARKER}", f"{MARKER}://host", f" https://{MARKER}"])
def test_an_address_of_another_kind_is_named_and_not_repeated(name: str, text: str) -> None:
    said = refusal(REQUIRED[name], **{name: text})
    assert name in said and MARKER not in said


def test_optional_settings_have_quiet_defaults() -> None:
    empty = Settings({})
    assert (empty.stage, empty.return_urls, empty.endpoints, empty.operator_ai_keys) == ("dev", (), {}, {})
    assert empty.operator_ai_budget_usd == 1.0
    assert [empty.apps.get(found.platform, found.name) for found in REGISTRATIONS] == [None] * len(REGISTRATIONS)
    assert not any(empty.apps.offered.values())
    assert empty.endpoint("graph.facebook.com") == "https://graph.facebook.com"


def test_the_configuration_of_facebooks_login_belongs_to_its_app_alone() -> None:
    values = {f"{name}_CLIENT_{part}": "x" for name in ("FACEBOOK", "INSTAGRAM") for part in ("ID", "SECRET")}
    found = Settings(values | {"FACEBOOK_CONFIG_ID": "123"})
    apps = [found.apps.get(*name) for name in (("facebook", "business"), ("facebook", "login"), ("instagram", "instagram"))]
    assert [app and app.config_id for app in apps] == ["123", "", ""]


@pytest.mark.parametrize("registration", REGISTRATIONS, ids=lambda found: found.key)
def test_a_scope_that_cannot_be_left_out_is_refused_with_those_that_can(registration: Registration) -> None:
    name = f"{registration.prefix}_WITHOUT_SCOPES"
    for text in (MARKER, registration.needed[0], f"{list(registration.features)[-1]},{MARKER}"):
        said = refusal(lambda s: s.apps, **{name: text})
        assert said.startswith(f"the setting {name} must be a comma-separated list of ") and MARKER not in said
        optional = [scope for scope in registration.features if scope not in registration.needed]
        assert said.endswith(", ".join(optional))
    left = Settings({name: " , ".join(reversed(optional))}).apps
    assert left.left_out[registration.key] == tuple(optional)
    assert tuple(left.asked(registration)) == registration.needed


def test_registrations_with_the_same_app_share_its_grants() -> None:
    app = {"CLIENT_ID": "id", "CLIENT_SECRET": "secret"}
    values = {f"{prefix}_{part}": text for prefix in ("FACEBOOK", "INSTAGRAM_FACEBOOK") for part, text in app.items()}
    apps = Settings({**values, "INSTAGRAM_CLIENT_ID": "other", "INSTAGRAM_CLIENT_SECRET": "secret"}).apps
    shared = [found.key for found in apps.sharing(REGISTRATIONS[0])]
    assert shared == ["facebook.login", "facebook.business", "instagram.facebook"]
    assert [found.key for found in apps.sharing(registrations.get("instagram", "instagram"))] == ["instagram.instagram"]
    assert apps.sharing(registrations.get("linkedin", "share")) == (registrations.get("linkedin", "share"),)


@pytest.mark.parametrize("text", [MARKER, "2", "yes"])
def test_whether_tiktok_has_audited_the_app_is_true_or_false(text: str) -> None:
    said = refusal(lambda s: s.tiktok_audited, TIKTOK_AUDITED=text)
    assert "TIKTOK_AUDITED" in said and text not in said
    assert Settings({}).tiktok_audited is False


@pytest.mark.parametrize("missing", ["TIKTOK_CLIENT_ID", "TIKTOK_CLIENT_SECRET"])
def test_half_a_registration_is_named(missing: str) -> None:
    values = {"TIKTOK_CLIENT_ID": MARKER, "TIKTOK_CLIENT_SECRET": MARKER}
    assert refusal(lambda s: s.apps.get("tiktok", "login"), **{**values, missing: ""}) == f"the setting {missing} is missing"


@pytest.mark.parametrize("text", [" ", f"{MARKER}\n", f"{MARKER} {MARKER}", f'["{MARKER}"]', f'{{"{MARKER}": 1}}', f"{MARKER}ü"])
def test_a_credential_that_is_not_one_word_is_named_and_not_repeated(text: str) -> None:
    for name, read in CREDENTIALS.items():
        whole = {"TIKTOK_CLIENT_ID": "id", "TIKTOK_CLIENT_SECRET": "secret", name: text}
        said = refusal(read, **whole)
        assert name in said and MARKER not in said


@pytest.mark.parametrize("name", ["PUBLIC_URL", "RETURN_URLS"])
@pytest.mark.parametrize(
    "text",
    [
        f"javascript:{MARKER}",
        "https://",
        f"https:{MARKER}",
        f"https://[{MARKER}",
        f"https://a.test/{MARKER} b",
        f"http://{MARKER}",
        f"http://127.{MARKER}.test",
    ],
)
def test_an_address_that_no_browser_may_be_sent_to_is_named_and_not_repeated(name: str, text: str) -> None:
    said = refusal(ADDRESSES[name], **{name: text})
    assert name in said and MARKER not in said


@pytest.mark.parametrize("name", [*ADDRESSES, *QUEUES])
@pytest.mark.parametrize(
    "text",
    [
        f"https://user:{MARKER}@host.example/",
        f"https://{MARKER}@host.example/",
        f"https://host.example\\@{MARKER}.example/",
        f"https://host.example/{MARKER} x",
    ],
)
def test_a_url_with_a_password_or_of_two_readings_is_named_and_not_repeated(name: str, text: str) -> None:
    said = refusal({**ADDRESSES, **QUEUES}[name], **{name: text})
    assert name in said and MARKER not in said


@pytest.mark.parametrize("text", ["https://api.test/", "http://127.0.0.1:8000", "http://localhost:3000/", "http://[::1]:8000/"])
def test_an_address_of_this_machine_needs_no_encryption(text: str) -> None:
    assert Settings({"PUBLIC_URL": text}).public_url == text.rstrip("/")
    assert Settings({"RETURN_URLS": f"{text}, https://app.test"}).return_urls == (text, "https://app.test")


def test_a_public_url_is_no_query() -> None:
    for tail in ("/?a=1", "#top"):
        assert "PUBLIC_URL" in refusal(lambda s: s.public_url, PUBLIC_URL=f"https://api.test{tail}")


@pytest.mark.parametrize("tail", ["/?a=1", "#top", "/../x"])
def test_an_allowed_return_url_is_an_origin_with_a_path(tail: str) -> None:
    assert "RETURN_URLS" in refusal(lambda s: s.return_urls, RETURN_URLS=f"https://app.test/, https://app.test{tail}")


def test_settings_do_not_print_their_values() -> None:
    found = Settings({"TIKTOK_CLIENT_ID": "id", "TIKTOK_CLIENT_SECRET": MARKER, "OPERATOR_OPENAI_KEY": MARKER})
    shown = repr((found, found.apps.get("tiktok", "login"), found.operator_ai_keys)) + str(found)
    assert MARKER not in shown
