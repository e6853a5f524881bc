"""Hooks of Schemathesis: valid data that also fit the rules which JSON Schema cannot say, and a check that names these rules.

It runs in the environment of Schemathesis (.venv-fuzz) and imports nothing of the project.
"""

from __future__ import annotations

import itertools
import json
import os
import re
import urllib.parse
import urllib.request
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import schemathesis
from hypothesis import strategies as st

DOCUMENT: dict[str, Any] = json.loads((Path(__file__).parents[2] / "docs" / "openapi.json").read_text())
RUN: dict[str, Any] = json.loads(Path(os.environ["FUZZ_RUN"]).read_text())
HOOK = "https://hooks.example/fuzz"
PAGE = "https://example.com/repair-cafe"
IMAGE = "https://media.example/photo.jpg"
LANGUAGES = ("de", "es-419", "English", "zh-Hant")
ZONES = ("UTC", "Europe/Berlin", "America/New_York")
_people = itertools.count()

_TAG = '(W/)?"[!#-~]*"'
_TAGS = re.compile(rf"\*|{_TAG}( *, *{_TAG})*")
FIGURES = (
    "getAnalyticsSummary", "getAnalyticsSeries", "getComparisons", "listTopPosts", "listAccountAnalytics", "getBestTimes",
)  # fmt: skip
_PERIOD = {
    "range": "the period ends before it begins, is too long, or has too many intervals",
    "exactly_one": "a period by its name and by its times",
    "missing": "a period by its name without its zone",
    "time_zone": "names of zones",
}
_SIGNED = {"invalid_signature": "signed by the platform", "invalid_signed_request": "signed by the platform"}
_TEXT = {"string_too_short": "a text that is only whitespace", "string_unicode": "half of a surrogate pair"}
_VARIABLES = {
    **dict.fromkeys(("bool_type", "float_type", "not_a_choice", "string_type"), "a default that its variable cannot have"),
    "choices_mismatch": "choices belong to the type choice",
    "duplicates": "names of variables or tags that are the same, in lower case and composed",
    "not_applicable": "a length belongs to the type text",
    "reserved_name": "names of the built-in variables",
    "unknown_variable": "a text that uses what is not declared",
}
_FILLED = {
    "exactly_one": "one of two templates",
    "missing": "a variable of the template that needs a value",
    "prompt_too_long": "the whole prompt",
    "repeated_value_too_long": "a value that the template uses often",
    "filled_template_too_long": "the whole text",
    "unknown_variable": "a variable that the template does not have",
}
_GENERATION = {
    **_TEXT,
    **_FILLED,
    "ai_feature_disabled": "turned off in the profile by an earlier request",
    "duplicates": "one provider or word twice",
    "not_applicable": "a version belongs to a template",
    "contradiction": "one word to keep and to avoid",
    "text_missing": "the task improve needs a text",
    "topic_missing": "the other tasks need a topic",
    "prompt_too_many_tokens": "the whole prompt",
}
_CONTENT = {
    "base64": "base64 in its strict form",
    "content_type_missing": "data need a content type",
    "exactly_one": "one of url and data",
    "file_size": "of the decoded data",
    "form_place": "a file for which the request has no place",
    "missing": "content of the request or of the target",
    "url": "a host that cannot be one",
}
_HOOK = dict.fromkeys(
    ("address_not_public", "https_required", "nul_character", "port_not_allowed", "unresolvable", "url"),
    "a URL that nobody may use",
)
_AMOUNT = dict.fromkeys(("decimal_max_digits", "decimal_max_places"), "a number with more than four decimals")
_SLOT = {
    "exactly_one": "a time or a slot",
    "no_free_slot": "plans of the user",
    "slot_alone": "one target without a recurrence",
}
_RECURRENCE = {
    **dict.fromkeys(("rrule_format", "rrule_frequency", "rrule_part", "rrule_range", "rrule_times"), "the form of a rule"),
    **dict.fromkeys(("rrule_until", "rrule_use", "rrule_never", "too_long"), "the parts of a rule together"),
    "local_time_format": "a day that no month has",
}
_WAYS = {
    "way_mismatch": "what belongs to another way",
    "way_unavailable": "what the account's platform cannot do",
    "https_required": "a port, a user name or a space in a URL",
    "no_key": "a provider whose key the user has stored",
    "source_unreachable": "a host that exists",
    "source_expired": "what the host has",
    "source_refused": "a public host",
    "source_timeout": "a host that answers",
    "source_invalid": "what the host has",
}
_ISSUES = dict.fromkeys(DOCUMENT["components"]["schemas"]["IssueCode"]["enum"], "a rule of the account's platform")
RULES: Mapping[str, Mapping[str, str]] = {
    "authorizePlatform": {
        "no_access": "what no registration of this deployment gives",
        "no_access_together": "what no registration of this deployment gives together",
        "registration": "a registration of another platform",
    },
    "completeAuthorization": {"invalid_state": "signed by the service"},
    "receiveMetaDeauthorization": _SIGNED,
    "receiveMetaDataDeletion": _SIGNED,
    "receiveTikTokWebhook": {**_SIGNED, "stale_signature": "signed by the platform"},
    **{
        f"{name}{form}": _PERIOD
        for name in (
            "getAnalyticsSummary",
            "getAnalyticsSeries",
            "getComparisons",
            "listTopPosts",
            "listAccountAnalytics",
            "getBestTimes",
        )
        for form in ("", "Csv")
    },
    **{name: {**_PERIOD, "duplicates": "one dimension twice"} for name in ("getUsage", "getUsageCsv")},
    "storeAiKey": {"ai_key_rejected": "keys that the provider knows"},
    "listPosts": _PERIOD,
    "listNotices": _PERIOD,
    "createWebhook": {**_HOOK, **_TEXT},
    "updateWebhook": {**_HOOK, **_TEXT},
    "deleteUsage": {"too_late": "of this month and of the last 30 days is kept"},
    "updateProfile": {**_TEXT, **_AMOUNT, "duplicates": "one provider twice"},
    "updateConnection": _TEXT,
    "createTemplate": {**_TEXT, **_VARIABLES},
    "updateTemplate": {**_TEXT, **_VARIABLES},
    "copyTemplate": _TEXT,
    "importTemplate": {**_TEXT, **_VARIABLES},
    "previewTemplate": {**_TEXT, **_VARIABLES, **_FILLED},
    "checkTemplate": {**_TEXT, **_VARIABLES, **_FILLED},
    "pinTemplate": {"not_found": "a version that the author shared"},
    "generatePosts": _GENERATION,
    "previewGeneration": _GENERATION,
    "previewSchedule": {"duplicates": "one local time twice", **_RECURRENCE, "time_zone": "names of zones"},
    "updateSlots": {"duplicates": "one slot twice", "time_zone": "names of zones"},
    "getCalendar": {**_PERIOD, "time_zone": "names of zones"},
    "createSchedule": {
        **_SLOT,
        "duplicates": "one connection or local time twice",
        "in_past": "a time that is past",
        **_RECURRENCE,
        "time_zone": "names of zones",
        **_CONTENT,
        **_ISSUES,
        **_GENERATION,
        **_WAYS,
        "language": "names of languages",
        "not_found": "connections and templates of the user",
    },
    "updateSchedule": {
        **_SLOT,
        "null": "a time that is none",
        "duplicates": "one connection or local time twice",
        "in_past": "a time that is past",
        "missing": "a recurrence that has no rule yet",
        **_RECURRENCE,
        "time_zone": "names of zones",
        **_CONTENT,
        **_ISSUES,
        **_GENERATION,
        **_WAYS,
        "language": "names of languages",
        "not_found": "connections and templates of the user",
    },
    "getScheduleOptions": {"not_found": "connections of the user"},
    "publishByLink": {**_CONTENT, **_ISSUES},
    "checkPost": _CONTENT,
    "publishPost": {**_CONTENT, **_ISSUES},
    "retryPost": {**_CONTENT, **_ISSUES, "not_found": "a target of another post"},
}
"""Operation → codes of refusals of valid data that the document cannot foresee, with the reason."""


def _operation(case: Any) -> str:
    return str(case.operation.definition.raw["operationId"])


def _is_positive(case: Any) -> bool:
    return case.meta is not None and bool(case.meta.generation.mode.is_positive)


def refused_by_a_rule(ctx: Any, response: Any, case: Any) -> None:
    """Fail where valid data are refused for another reason than a rule that the document cannot say."""
    if not _is_positive(case) or response.status_code not in (400, 403, 422):
        return
    problem = response.json()
    codes = {error["code"] for error in problem.get("errors", ())} or {problem.get("code")}
    unknown = codes - RULES.get(_operation(case), {}).keys()
    assert not unknown, f"Valid data were refused: {sorted(map(str, unknown))}"


def _get(url: str, token: str = "", data: Any = None, method: str = "GET") -> Any:
    request = urllib.request.Request(url, method=method, data=None if data is None else json.dumps(data).encode())
    request.add_header("content-type", "application/json")
    if token:
        request.add_header("authorization", f"Bearer {token}")
    with urllib.request.urlopen(request, timeout=40) as answer:
        text = answer.read()
    return json.loads(text) if text else None


class Person:
    """Sends the token of the person whom the run is about."""

    def get(self, case: Any, context: Any) -> str:
        """Return the token."""
        return str(RUN["token"])

    def set(self, case: Any, token: str, context: Any) -> None:
        """Send the token."""
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {token}"}


class Stranger(Person):
    """Sends the token of somebody who has just come and may be deleted, so that nobody else's data are."""

    def get(self, case: Any, context: Any) -> str:
        """Return a new token."""
        query = urllib.parse.urlencode({"sub": f"auth0|fuzz-{next(_people)}"})
        return str(_get(f"{RUN['token_url']}?{query}")["access_token"])


def _fit_conditions(case: Any) -> None:
    """Entity tags: in its coverage phase, Schemathesis writes a header without a look at its pattern."""
    for name, value in (case.headers or {}).items():
        if name.lower() in ("if-match", "if-none-match") and not _TAGS.fullmatch(str(value)):
            case.headers[name] = '"none"'


def _fit_period(case: Any) -> None:
    """A period that begins before it ends, and no cursor, which only the service can make."""
    query = case.query
    query.pop("cursor", None)
    if isinstance(query.get("from"), str) and isinstance(query.get("to"), str):
        query["from"], query["to"] = sorted((query["from"], query["to"]))


def _fit_targets(case: Any) -> None:
    """Targets that are accounts of this person, each once. A form has them in its part with the request."""
    body = case.body.get("request", case.body) if isinstance(case.body, dict) else None
    if not isinstance(body, dict) or not isinstance(body.get("targets"), list):
        return
    body["targets"] = [
        {**target, "connection_id": connection}
        for target, connection in zip(body["targets"], RUN["connections"].values(), strict=False)
        if isinstance(target, dict)
    ]
    body.pop("repost_of", None)


def _fit_generation(case: Any) -> None:
    """The built-in template, which has no variables, and a language that exists."""
    body = case.body
    if isinstance(body, dict):
        body.pop("template_id", None)
        body.pop("variables", None)
        if body.get("language") is not None:
            body["language"] = LANGUAGES[len(str(body["language"])) % len(LANGUAGES)]


def _fit_dialog(case: Any) -> None:
    """A return URL of the list, and an account of this person at this platform, whose registration holds then."""
    body = case.body
    if not isinstance(body, dict):
        return
    if body.get("return_url") is not None:
        body["return_url"] = RUN["return_urls"][0]
    if body.get("connection_id") is not None:
        body["connection_id"] = RUN["connections"].get(case.path_parameters.get("platform"))


def _fit_profile(case: Any) -> None:
    if isinstance(case.body, dict) and isinstance(case.body.get("time_zone"), str):
        case.body["time_zone"] = ZONES[len(case.body["time_zone"]) % len(ZONES)]


def _fit_webhook(case: Any) -> None:
    """The simulated receiver, which is there."""
    if isinstance(case.body, dict) and isinstance(case.body.get("url"), str):
        case.body["url"] = HOOK


FITTING: Mapping[str, Callable[[Any], None]] = {
    "publishPost": _fit_targets,
    "checkPost": _fit_targets,
    "generatePosts": _fit_generation,
    "previewGeneration": _fit_generation,
    "authorizePlatform": _fit_dialog,
    "updateProfile": _fit_profile,
    "createWebhook": _fit_webhook,
    "updateWebhook": _fit_webhook,
}


def _without_strangers(part: Any) -> None:
    """Let every media file be one of the simulated hosts, so that nothing is asked for elsewhere."""
    if isinstance(part, dict):
        for media in part.get("media") or () if isinstance(part.get("media"), list) else ():
            if isinstance(media, dict) and isinstance(media.get("url"), str) and media["url"].lower().startswith("http"):
                media["url"] = IMAGE
        link = part.get("link")
        if isinstance(link, dict) and str(link.get("url")).lower().startswith("http"):
            link["url"] = PAGE
        for value in part.values():
            _without_strangers(value)
    elif isinstance(part, list):
        for value in part:
            _without_strangers(value)


def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:
    """Change a request before it is sent."""
    name = _operation(case)
    if _is_positive(case):
        _fit_conditions(case)
        FITTING.get(name, _fit_period)(case)
    _without_strangers(case.body)


def after_call(context: Any, case: Any, response: Any) -> None:
    """Connect an account again that was disconnected."""
    if _operation(case) == "disconnectAccount" and response.status_code < 300:
        for platform, connection in RUN["connections"].items():
            if connection in response.request.url:
                RUN["connections"][platform] = _connect(platform)


def _connect(platform: str) -> str:
    api, token = RUN["api"], RUN["token"]
    begun = _get(f"{api}/v1/connections/{platform}/authorize", token, {}, "POST")
    handle = _get(_reached(begun["authorization_url"]))["pending_id"]
    pending = _get(f"{api}/v1/connections/pending/{handle}", token)
    accounts = [each for each in pending["accounts"] if each["can_publish"] and each["kind"] != "organization"]
    confirm = f"{api}/v1/connections/pending/{handle}/confirm"
    return str(_get(confirm, token, {"account_ids": [accounts[0]["id"]]}, "POST")["items"][0]["id"])


def _reached(url: str) -> str:
    """Where a simulated platform's page is on this machine."""
    simulators = str(RUN["control"]).removesuffix("/_control")
    parts = urllib.parse.urlsplit(url)
    return url if url.startswith(simulators) else f"{simulators}/{parts.netloc}{parts.path}?{parts.query}"


schemathesis.auth(refresh_interval=None).apply_to(operation_id="deleteAccount")(Stranger)
schemathesis.auth(refresh_interval=None).skip_for(operation_id="deleteAccount")(Person)
schemathesis.hook(before_call)
schemathesis.hook(after_call)
schemathesis.check(refused_by_a_rule)
_DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 1))
_TIMES = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1), timezones=st.just(UTC))  # noqa: DTZ001
schemathesis.openapi.format("date", _DAYS.map(str))
schemathesis.openapi.format("date-time", _TIMES.map(lambda time: time.strftime("%Y-%m-%dT%H:%M:%SZ")))
